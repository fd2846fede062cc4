"""The programme on the board: what is planned in one's parishes, the other departments' beside one's own.

Everyone with a post sees the plans of all departments, and drafts of their own. By default the board shows the
parishes of one's posts; a head's and an administrator's are all.

A gap is a week in which a parish has nothing, and an audience for which a parish has nothing in the whole period. An
audience is served by what is meant for it or for a narrower one beneath it: what is for everyone is meant for nobody in
particular.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate, TruncWeek
from django.utils import timezone

from coordinators.domain.access import Reach
from coordinators.models import Post
from courses.domain import rights
from courses.enums import ActivityStatus
from courses.models import Activity, Session

# How many sessions of a parish and day, and of a day of the month, stand in one cell.
IN_A_CELL = 4
_SOONEST = (F("starts_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Wanted:
    """What the board is asked for; empty sets are no limit."""

    parishes: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    first_day: date | None = None
    last_day: date | None = None


def parishes_of(posts: Iterable[Post]) -> frozenset[str]:
    """The parishes of posts, a manager's by the centre; empty where a post reaches all of them."""
    codes: set[str] = set()
    for post in posts:
        if post.kind in (Post.Kind.HEAD, Post.Kind.ADMINISTRATOR):
            return frozenset()
        codes |= {parish.pk for parish in post.parishes.all()}
        if post.centre is not None:
            codes.add(post.centre.parish_id)
    return frozenset(codes)


def plans(*, reach: Reach, wanted: Wanted) -> QuerySet[Activity]:
    """The activities that touch the days asked for, soonest first; those without sessions last."""
    found = _chosen(reach, wanted)
    if wanted.first_day is not None:
        # A draft has no day yet: it is always to come.
        found = found.filter(Q(ends_at__gte=_midnight(wanted.first_day)) | Q(ends_at=None))
    if wanted.last_day is not None:
        found = found.filter(starts_at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return found.order_by(*_SOONEST)


def rows(page: QuerySet[Activity]) -> list[Activity]:
    """The rows of a page of :func:`plans` with what a line says of them: sorted are keys, read is what is shown."""
    shown = Activity.objects.filter(pk__in=page.values("pk"))
    return list(shown.select_related("lead", "parish", "centre").order_by(*_SOONEST))


def meetings(*, reach: Reach, wanted: Wanted, by_parish: bool) -> list[Any]:
    """The first few sessions of each day (and parish) between two days, each with ``day`` and ``in_cell``: how many
    the cell has in all. Two queries, bounded whatever the size."""
    since, until, activities = _meeting_between(reach, wanted)
    day = TruncDate("sessions__starts_at")
    cell: list[Any] = [day, F("parish")] if by_parish else [day]
    # Counted and chosen by keys alone; rows are read of what is shown.
    chosen = (
        _with_sessions(activities, since, until)
        .annotate(
            session=F("sessions__pk"),
            day=day,
            in_cell=Window(Count("*"), partition_by=cell),
            place=Window(RowNumber(), partition_by=cell, order_by=["sessions__starts_at", "sessions__pk"]),
        )
        .filter(place__lte=IN_A_CELL)
        .values_list("session", "day", "in_cell")
    )
    cells = {session: (day_of, number) for session, day_of, number in chosen}
    found = list(
        Session.objects.filter(pk__in=list(cells))
        .select_related("activity__lead", "activity__parish", "activity__centre", "activity__topic")
        .order_by("starts_at", "pk")
    )
    for session in found:
        session.day, session.in_cell = cells[session.pk]  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Served:
    """What of a period has something: the weeks (by their Monday) and the audiences of each parish."""

    weeks: frozenset[tuple[str, date]]
    audiences: frozenset[tuple[str, str]]


def served(*, reach: Reach, wanted: Wanted) -> Served:
    """Which weeks and audiences have something between two days; two queries, whatever the size."""
    since, until, activities = _meeting_between(reach, wanted)
    weeks = _with_sessions(activities, since, until).values_list("parish", TruncWeek("sessions__starts_at")).distinct()
    # Of whom something is asked, what is meant for a narrower audience counts too.
    _since, _until, for_anybody = _meeting_between(reach, replace(wanted, audiences=frozenset()))
    meets = Session.objects.live().filter(activity=OuterRef("pk"), starts_at__gte=since, starts_at__lt=until)
    meant = for_anybody.filter(Exists(meets), audiences__isnull=False).order_by()
    return Served(
        weeks=frozenset((parish, timezone.localtime(monday).date()) for parish, monday in weeks),
        audiences=frozenset(meant.values_list("parish", "audiences").distinct()),
    )


def _with_sessions(activities: QuerySet[Activity], since: datetime, until: datetime) -> QuerySet[Activity]:
    """Joined with those of their sessions that are held between two moments: a row for each."""
    return activities.filter(
        sessions__cancelled_at=None, sessions__starts_at__gte=since, sessions__starts_at__lt=until
    ).order_by()


def _meeting_between(reach: Reach, wanted: Wanted) -> tuple[datetime, datetime, QuerySet[Activity]]:
    """The days asked for as moments, and what may meet between them; called off only when asked for."""
    if wanted.first_day is None or wanted.last_day is None:
        raise ValueError("A board of days needs its days.")
    since, until = _midnight(wanted.first_day), _midnight(wanted.last_day + timedelta(days=1))
    activities = _chosen(reach, wanted).filter(starts_at__lt=until, ends_at__gte=since)
    if not wanted.statuses:
        activities = activities.exclude(status=ActivityStatus.CANCELLED)
    return since, until, activities


def _chosen(reach: Reach, wanted: Wanted) -> QuerySet[Activity]:
    """What one sees, of these parishes, departments (partners too), statuses, audiences and topics."""
    found = rights.seen_by(reach)
    if wanted.parishes:
        found = found.filter(parish__in=wanted.parishes)
    if wanted.departments:
        joint = Activity.objects.filter(partners__in=wanted.departments).order_by().values("pk")
        found = found.filter(Q(lead__in=wanted.departments) | Q(pk__in=joint))
    if wanted.statuses:
        found = found.filter(status__in=wanted.statuses)
    if wanted.audiences:
        meant = Activity.objects.filter(audiences__in=wanted.audiences).order_by().values("pk")
        found = found.filter(pk__in=meant)
    if wanted.topics:
        found = found.filter(topic__in=wanted.topics)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())
