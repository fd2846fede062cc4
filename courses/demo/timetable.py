"""When things happen: around today, on their weekdays, in their season, never on a public holiday."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

import holidays
from django.utils import timezone

from courses.demo.files import Theme

# How the programme lies around today, dealt out in turn: most is over or coming, some runs, some starts this week.
PATTERN = (
    *("coming", "past", "soon", "running", "past", "coming", "later", "running"),
    *("soon", "past", "coming", "running", "past", "coming", "soon", "later"),
)
FURTHEST = 330


@dataclass(frozen=True)
class Meeting:
    """One session."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Meeting") -> bool:
        """Whether the two overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@cache
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("LV")


def is_holiday(day: date) -> bool:
    """A public holiday, or a working day moved to make a long weekend."""
    return day in _holidays()


def lay(theme: Theme, place: str, *, today: date, chance: Random) -> list[Meeting]:
    """The sessions of a theme, near the place in time that is asked for ("past", "running", "soon" …)."""
    length = timedelta(days=7 * ((theme.meetings - 1) // len(theme.schedule.days)))
    if place == "running" and theme.meetings == 1:
        place = "soon"
    # Before Christmas, Easter and Midsummer one sees what belongs to them.
    if theme.season.is_short and any(theme.season.holds(today + timedelta(days=ahead)) for ahead in range(1, 22)):
        place = "soon"
    wanted = {
        "past": lambda: today - length - timedelta(days=chance.randint(4, 200)),
        "running": lambda: today - timedelta(days=int(length.days * chance.uniform(0.15, 0.7)) + 1),
        "tomorrow": lambda: today + timedelta(days=1),
        "soon": lambda: today + timedelta(days=chance.randint(0, 6)),
        "coming": lambda: today + timedelta(days=chance.randint(7, 33)),
        "later": lambda: today + timedelta(days=chance.randint(34, 110)),
    }[place]()
    best: list[Meeting] = []
    for start in _around(wanted, today=today):
        meetings = meetings_from(theme, start)
        days = [meeting.starts_at.date() for meeting in (meetings[0], meetings[-1])]
        if all(theme.season.holds(day) for day in days) and (days[1] - days[0]).days < 330:
            return meetings
        best = best or meetings
    return best


def _around(wanted: date, *, today: date) -> Iterator[date]:
    """Days ever further from the one wanted, within the year around today."""
    yield wanted
    for step in range(7, 2 * FURTHEST, 7):
        for day in (wanted + timedelta(days=step), wanted - timedelta(days=step)):
            if abs((day - today).days) <= FURTHEST:
                yield day


def meetings_from(theme: Theme, start: date) -> list[Meeting]:
    """So many sessions from a day on; what would fall on a holiday is held a week later."""
    schedule, day = theme.schedule, start
    # A weekend begins on its Saturday, a week of mornings on its Monday.
    while len(schedule.days) > 1 and day.weekday() != schedule.days[0]:
        day += timedelta(days=1)
    found: list[Meeting] = []
    while len(found) < theme.meetings:
        last = day + timedelta(days=schedule.nights)
        if day.weekday() in schedule.days and not is_holiday(day) and not is_holiday(last):
            zone = timezone.get_default_timezone()
            found.append(
                Meeting(
                    datetime.combine(day, schedule.starts, tzinfo=zone),
                    datetime.combine(last, schedule.ends, tzinfo=zone),
                )
            )
        day += timedelta(days=1)
    return found


def cell(meetings: list[Meeting]) -> str:
    """Sessions as the programme file writes them."""
    parts = []
    for meeting in meetings:
        same_day = meeting.starts_at.date() == meeting.ends_at.date()
        end = f"{meeting.ends_at:%H:%M}" if same_day else f"{meeting.ends_at:%Y-%m-%dT%H:%M}"
        parts.append(f"{meeting.starts_at:%Y-%m-%dT%H:%M}/{end}")
    return ";".join(parts)
