"""The same weeks, the same hours? Periods that overlap or lie close, sessions that meet at one hour."""

from dataclasses import dataclass
from datetime import date, timedelta

from ecosystem.overlap.profile import Profile


@dataclass(frozen=True, slots=True)
class Timing:
    """How two activities lie in time: days between their periods (0 when they overlap), weeks in which both meet, sessions
    at the same hours and their minutes."""

    days_apart: int
    weeks: tuple[date, ...]
    collisions: int
    minutes: int


def compare(first: Profile, second: Profile) -> Timing:
    """Both have sessions."""
    gap = max(
        0,
        (second.first_day - first.last_day).days - 1,
        (first.first_day - second.last_day).days - 1,
    )
    weeks = sorted(_weeks(first) & _weeks(second))
    collisions, minutes = _collisions(first, second)
    return Timing(gap, tuple(weeks), collisions, minutes)


def _weeks(profile: Profile) -> set[date]:
    """The Mondays of the weeks in which it meets."""
    return {start.date() - timedelta(days=start.weekday()) for start, _end in profile.sessions}


def _collisions(first: Profile, second: Profile) -> tuple[int, int]:
    """How many of the sessions meet another at the same time, and for how many minutes in all."""
    collisions = minutes = at = 0
    others = second.sessions
    for start, end in first.sessions:
        while at < len(others) and others[at][1] <= start and at + 1 < len(others) and others[at + 1][1] <= start:
            at += 1
        met = 0
        for other_start, other_end in others[at:]:
            if other_start >= end:
                break
            common = (min(end, other_end) - max(start, other_start)).total_seconds()
            met += max(0, int(common // 60))
        collisions += met > 0
        minutes += met
    return collisions, minutes
