"""The same weeks, the same hours? Periods that overlap or lie close, sessions that meet at one hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecosystem.overlap.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Timing:
    """How two activities lie in time: days between their periods (0 when they overlap), weeks in which both meet and the
    months (0 to 11) in which they meet then, sessions at the same hours and their minutes."""

    days_apart: int
    weeks: tuple[date, ...]
    months: tuple[int, ...]
    collisions: int
    minutes: int


def compare(first: "Prepared", second: "Prepared") -> Timing:
    """How two that have sessions lie in time."""
    return Timing(days_apart(first, second), weeks(first, second), _months(first, second), *collisions(first, second))


def days_apart(first: "Prepared", second: "Prepared") -> int:
    """Whole days between the two periods; 0 when they overlap or follow each other."""
    return max(0, second.first_day - first.last_day - 1, first.first_day - second.last_day - 1)


def weeks(first: "Prepared", second: "Prepared") -> tuple[date, ...]:
    """The Mondays of the weeks in which both meet."""
    return tuple(date.fromordinal(week * 7 + 1) for week in sorted(first.weeks & second.weeks))


def _months(first: "Prepared", second: "Prepared") -> tuple[int, ...]:
    """The months of the sessions in the weeks in which both meet, as they follow each other."""
    together = first.weeks & second.weeks
    days = sorted({start // 1440 for start, _end in (*first.minutes, *second.minutes)})
    met = [date.fromordinal(day).month - 1 for day in days if (day - 1) // 7 in together]
    return tuple(dict.fromkeys(met))


def collisions(first: "Prepared", second: "Prepared") -> tuple[int, int]:
    """How many sessions of the one that has fewer such meet the other at the same time, and for how many minutes in all."""
    met_mine, met_theirs, minutes = _met(first, second)
    return min(len(met_mine), len(met_theirs)), minutes


def are_taken(first: "Prepared", second: "Prepared", *, percent: int) -> bool:
    """Whether so many per cent of the times that an open door has in the weeks in which both meet collide with the other.

    Where fewer do, one comes on another day. True where neither is an open door.
    """
    met = _met(first, second)[:2]
    for one, taken in zip((first, second), met, strict=True):
        if one.drop_in:
            together = first.weeks & second.weeks
            times = sum((start // 1440 - 1) // 7 in together for start, _end in one.minutes)
            if len(taken) * 100 < percent * times:
                return False
    return True


def _met(first: "Prepared", second: "Prepared") -> tuple[set[int], set[int], int]:
    """Which sessions of each meet the other at the same time, by their places, and for how many minutes in all."""
    mine, theirs = first.minutes, second.minutes
    if not mine or not theirs or mine[0][0] // 1440 > second.last_day + 1 or theirs[0][0] // 1440 > first.last_day + 1:
        return set(), set(), 0
    met_mine: set[int] = set()
    met_theirs: set[int] = set()
    minutes = at = 0
    for number, (start, end) in enumerate(mine):
        while at < len(theirs) and theirs[at][1] <= start:
            at += 1
        for place in range(at, len(theirs)):
            other_start, other_end = theirs[place]
            if other_start >= end:
                break
            common = min(end, other_end) - max(start, other_start)
            if common > 0:
                minutes += common
                met_mine.add(number)
                met_theirs.add(place)
    return met_mine, met_theirs, minutes


def minutes_together(mine: Sequence[tuple[int, int]], theirs: Sequence[tuple[int, int]]) -> int:
    """For how many minutes in all sessions, in order, are held at the same time."""
    minutes = at = 0
    count = len(theirs)
    for start, end in mine:
        while at < count and theirs[at][1] <= start:
            at += 1
        for place in range(at, count):
            other_start, other_end = theirs[place]
            if other_start >= end:
                break
            common = min(end, other_end) - max(start, other_start)
            if common > 0:
                minutes += common
    return minutes
