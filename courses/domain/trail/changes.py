"""What was changed, newest first, as far as the reader may know."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from coordinators.domain.access import Reach
from coordinators.models import Educator, Post
from courses.domain.trail import rows as told
from courses.domain.trail.asked import Wanted, called, period
from courses.domain.trail.rows import ACTIVITY, EPOCH, POST, SOURCES, THINGS, Change, Moment
from courses.models import Activity, Session
from ecosystem import history

# What a department has of its own.
_OF_DEPARTMENTS = (Activity, Session, Educator, Post)


@dataclass(frozen=True)
class Page:
    """Some changes, and where the next begin; empty when these are the last."""

    changes: list[Change] = field(default_factory=list)
    following: str = ""


def changes(*, reach: Reach, wanted: Wanted, after: str = "", limit: int) -> Page:
    """What was changed in what the reader heads, newest first."""
    if not reach.reads_trail:
        return Page()
    return _page(wanted, after=after, limit=limit, scope=None if reach.is_administrator else reach.headed)


def of_activity(*, activity: Activity, after: str = "", limit: int) -> Page:
    """The changes of one activity and its sessions, for who works on it."""
    wanted = Wanted(thing=ACTIVITY, activity=activity.pk)
    return _page(wanted, after=after, limit=limit, scope=None)


def of_post(*, post: Post, limit: int = 20) -> list[Change]:
    """The latest changes of one post, for who looks after it."""
    moments = _moments(history.rows_of(Post).filter(id=post.pk), POST, "id")
    return told.changes(list(moments[:limit]))


def _page(wanted: Wanted, *, after: str, limit: int, scope: frozenset[str] | None) -> Page:
    start = _start(after)
    branches = []
    for thing, model, way in SOURCES:
        if wanted.thing and wanted.thing != thing:
            continue
        if (wanted.activity is not None or wanted.words) and thing != ACTIVITY:
            continue
        rows = _scoped(history.rows_of(model), model, scope).filter(**period(wanted, "history_date"))
        if wanted.by is not None:
            rows = rows.filter(history_user=wanted.by)
        if wanted.activity is not None:
            rows = rows.filter(**{way: wanted.activity})
        elif wanted.words:
            rows = rows.filter(**{f"{way}__in": called(wanted.words).values("pk")})
        moments = _moments(rows, thing, way)
        if start is not None:
            moments = moments.filter(_later(start, thing))
        branches.append(moments[: limit + 1])
    if not branches:
        return Page()
    first, *others = branches
    both = first
    if others:
        both = first.union(*others, all=True).order_by("-history_date", "thing", "subject")[: 2 * limit + 2]
    # An activity and its sessions changed together are met twice.
    found = list(dict.fromkeys(both))
    made = told.changes(found[:limit])
    return Page(changes=made, following=made[-1].mark if len(found) > limit and made else "")


def _scoped(rows: QuerySet[Any], model: type[models.Model], scope: frozenset[str] | None) -> QuerySet[Any]:
    """Of the departments headed; public texts and projects are everybody's."""
    if scope is None or model not in _OF_DEPARTMENTS:
        return rows
    if model is Activity:
        return rows.filter(lead__in=scope)
    if model is Session:
        return rows.filter(activity_id__in=Activity.objects.filter(lead__in=scope).values("pk"))
    return rows.filter(department__in=scope)


def _moments(rows: QuerySet[Any], thing: str, way: str) -> QuerySet[Any]:
    """The moments at which a thing was changed."""
    return (
        rows.exclude(history_change_reason__in=(history.BEGINNING, history.DEMO))
        .annotate(thing=Value(thing, CharField()), subject=Cast(F(way), CharField()))
        .order_by("-history_date", "thing", "subject")
        .values_list("history_date", "thing", "subject")
        .distinct()
    )


def _start(after: str) -> Moment | None:
    """Where a page begins, as ``Change.mark`` says it; nothing for what is none."""
    stamp, _dash, rest = after.partition("-")
    thing, _dash, key = rest.partition("-")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 18 and thing in THINGS and key) or "\x00" in key:
        return None
    return EPOCH + timedelta(microseconds=int(stamp)), thing, key[:60]


def _later(start: Moment, thing: str) -> Q:
    at, its, key = start
    if thing == its:
        return Q(history_date__lt=at) | Q(history_date=at, subject__gt=key)
    return Q(history_date__lte=at) if thing > its else Q(history_date__lt=at)
