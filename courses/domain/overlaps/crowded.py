"""Crowding: where in a month an audience of a parish is offered more than its share while another gets nothing.

A finding over the whole programme of all departments (``ecosystem.overlap.crowding``), which everyone with a post sees; drafts
and what was called off are left out. The rules in force on the day say what crowded is. It is worked out once a minute,
since the whole programme is read for it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import OuterRef
from django.db.models.functions import TruncMonth

from courses.domain.overlaps import profiles, world
from courses.domain.overlaps.board import MEANT, midnight
from courses.domain.overlaps.matrix import COUNTED
from courses.models import Activity, Session
from ecosystem.models import Audience, Parish
from ecosystem.overlap import crowding
from ecosystem.overlap.crowding import Crowding
from ecosystem.overlap.profile import Group, Profile

# So many are told, and of each so many activities named.
MOST, NAMED = 8, 12
HELD = timedelta(minutes=1)


@dataclass(frozen=True)
class Crowded:
    """A finding with the activities that make it."""

    finding: Crowding
    activities: list[Activity]


@dataclass(frozen=True)
class Some:
    """The first few, and how many there are."""

    found: list[Crowded]
    total: int


def find(
    *,
    first_day: date,
    last_day: date,
    today: date,
    parishes: Collection[str] = (),
    audiences: Collection[str] = (),
) -> Some:
    """Where it is crowded in the months of these days; only of these parishes and audiences, where some are named."""
    since, until = months(first_day, last_day)
    found: Any = cache.get_or_set(
        f"crowded-{since}-{until}-{today}", partial(_find, since=since, until=until, today=today), HELD.total_seconds()
    )
    if parishes:
        found = [one for one in found if one.parish in parishes]
    if audiences:
        found = [one for one in found if one.audience in audiences or any(code in audiences for code in one.neglected)]
    told = found[:MOST]
    keys = {profiles.number(ref) for one in told for ref in one.refs[:NAMED]}
    rows = Activity.objects.filter(pk__in=keys).select_related("lead").order_by("starts_at", "pk")
    named = {profiles.ref(activity): activity for activity in rows}
    return Some(
        [Crowded(one, [named[ref] for ref in one.refs[:NAMED] if ref in named]) for one in told],
        len(found),
    )


def _find(*, since: date, until: date, today: date) -> list[Crowding]:
    """All of it, the nearest month and the most at first; four queries."""
    groups = world.groups()
    # What is asked of nobody any more is not neglected.
    current = Audience.objects.current().order_by("pk").values_list("pk", flat=True)
    found = crowding.find(
        lean(groups=groups, since=since, until=until),
        groups=[groups[code] for code in current],
        parishes={
            parish.pk: crowding.Parish(parish.pk, parish.name, parish.population)
            for parish in Parish.objects.order_by("pk")
            if parish.population
        },
        rules=world.in_force(on=today),
    )
    return sorted(found, key=lambda one: (one.month, -len(one.refs), one.parish, one.audience))


def months(first_day: date, last_day: date) -> tuple[date, date]:
    """The whole months that the days lie in: the first day of them, and the first after them."""
    return first_day.replace(day=1), (last_day.replace(day=1) + timedelta(days=32)).replace(day=1)


def lean(*, groups: dict[str, Group], since: date, until: date) -> Iterable[Profile]:
    """What crowding looks at of each activity: its parish, audiences, the months in which it meets. One query."""
    start, end = midnight(since), midnight(until)
    found = Activity.objects.filter(status__in=COUNTED, starts_at__lt=end, ends_at__gte=start)
    meets = Session.objects.live().filter(activity=OuterRef("pk"), starts_at__gte=start, starts_at__lt=end).order_by()
    meant = MEANT.objects.filter(activity=OuterRef("pk")).order_by()
    rows = found.order_by().values_list(
        "pk",
        "parish",
        "format",
        ArraySubquery(meant.values("audience")),
        ArraySubquery(meets.annotate(month=TruncMonth("starts_at")).values("month").distinct()),
    )
    for pk, parish, held, codes, when in rows.iterator(chunk_size=5000):
        yield Profile(
            ref=profiles.ref(pk),
            department="",
            titles={},
            topic="",
            groups=tuple(groups[code] for code in codes if code in groups),
            sessions=tuple(_day(moment) for moment in when),
            parish=parish,
            format=held,
        )


def _day(moment: datetime) -> tuple[datetime, datetime]:
    """A month as a meeting in it."""
    first = moment.replace(tzinfo=None)
    return first, first
