"""Overlaps in time: the pairs that overlap now and are held between two days, with their sessions week by week.

A pair stands in the lane of the parish of its first activity. Two sessions are *at the same hours* when they collide.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from coordinators.domain.access import Reach
from courses.domain.overlaps import board
from courses.domain.overlaps.board import Wanted
from courses.models import Overlap, Session

# So many pairs stand on one page; more are counted.
MOST = 40


@dataclass(frozen=True)
class Pair:
    """An overlap with what its two activities hold between the days, by the Monday of the week."""

    overlap: Overlap
    first: dict[date, list[Session]]
    second: dict[date, list[Session]]

    def both(self, monday: date) -> bool:
        """Whether both are held in that week."""
        return monday in self.first and monday in self.second

    def colliding(self, monday: date) -> frozenset[int]:
        """The sessions of that week at the same hours as one of the other's."""
        return frozenset(
            session.pk
            for mine in self.first.get(monday, ())
            for theirs in self.second.get(monday, ())
            if mine.starts_at < theirs.ends_at and theirs.starts_at < mine.ends_at
            for session in (mine, theirs)
        )


@dataclass(frozen=True)
class Page:
    """The pairs shown, by parish and then the soonest first; how many there are."""

    pairs: list[Pair]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.pairs)


def between(*, reach: Reach, wanted: Wanted, first_day: date, last_day: date) -> Page:
    """The pairs of these days; five queries, whatever the size."""
    found = board.chosen(reach=reach, wanted=replace(wanted, first_day=first_day, last_day=last_day)).standing()
    soonest = Least("first__starts_at", "second__starts_at")
    ordered = found.order_by("first__parish__position", "first__parish", soonest.asc(nulls_last=True), "pk")
    total = ordered.count()
    overlaps = board.rows(ordered[:MOST])
    keys = {pk for overlap in overlaps for pk in (overlap.first_id, overlap.second_id)}
    held: dict[int, dict[date, list[Session]]] = defaultdict(lambda: defaultdict(list))
    for session in _sessions(keys, first_day, last_day):
        held[session.activity_id][_monday(session)].append(session)
    return Page(
        [Pair(overlap, dict(held[overlap.first_id]), dict(held[overlap.second_id])) for overlap in overlaps], total
    )


def _sessions(keys: Iterable[int], first_day: date, last_day: date) -> Iterable[Session]:
    since, until = board.midnight(first_day), board.midnight(last_day + timedelta(days=1))
    live = Session.objects.live().filter(activity__in=list(keys), starts_at__gte=since, starts_at__lt=until)
    return live.order_by(F("starts_at"), "pk")


def _monday(session: Session) -> date:
    day = timezone.localdate(session.starts_at)
    return day - timedelta(days=day.weekday())
