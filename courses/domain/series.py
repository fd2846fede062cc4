"""A series by rule: weekly on Tuesdays and Thursdays, ten times; every second week until a date.

The hour is the one on the wall: days are counted first, then each gets its local time in Europe/Riga, so a lesson at
six stays at six when the clocks change. Public holidays are left out and named; "ten times" means ten real sessions.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
from dateutil import rrule
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ZONE = ZoneInfo("Europe/Riga")
MOST_SESSIONS = 200
MOST_WEEKS_APART = 12
# A series ends within so many days, whatever the rule says.
LONGEST = timedelta(days=2 * 366)
# Names a day that is a public holiday; nothing for others.
Holidays = Callable[[date], str]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When an activity meets. Weekdays count from Monday, 0; none means the weekday of the first date."""

    first: date
    starts: time
    ends: time
    weekdays: Collection[int] = ()
    every: int = 1
    count: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class LeftOut:
    """A day on which there is no session, and why."""

    day: date
    name: str


@dataclass(frozen=True)
class Series:
    """Real sessions, first to last, and the holidays between them."""

    meetings: tuple[tuple[datetime, datetime], ...]
    left_out: tuple[LeftOut, ...]


def latvian_holidays(day: date) -> str:
    """The public holiday of Latvia on this day in the reader's language, or nothing."""
    language = "lv" if (get_language() or "lv").startswith("lv") else "en_US"
    return _holidays(day.year, language).get(day, "")


@lru_cache(maxsize=32)
def _holidays(year: int, language: str) -> dict[date, str]:
    """A year's holidays; a season asks for the same few years thousands of times."""
    return dict(holidays.country_holidays("LV", years=year, language=language).items())


def expand(rule: Rule, *, is_holiday: Holidays = latvian_holidays, now: datetime | None = None) -> Series:
    """The real sessions of a rule; raises ``ValidationError`` by the rule's fields for what makes no sense.

    With ``now``, a series that begins in the past makes none.
    """
    _refuse_nonsense(rule)
    days = rrule.rrule(
        rrule.WEEKLY,
        dtstart=datetime.combine(rule.first, time()),
        interval=rule.every,
        byweekday=sorted(set(rule.weekdays)) or [rule.first.weekday()],
        wkst=rrule.MO,
        until=datetime.combine(min(rule.until or date.max, rule.first + LONGEST), time()),
    )
    most = MOST_SESSIONS if rule.count is None else rule.count
    meetings: list[tuple[datetime, datetime]] = []
    left_out: list[LeftOut] = []
    for moment in days:
        day = moment.date()
        if len(meetings) == most:
            if rule.count is None:
                raise ValidationError({"until": ValidationError(_TOO_MANY, params={"most": MOST_SESSIONS})})
            break
        if name := is_holiday(day):
            left_out.append(LeftOut(day, name))
        else:
            meetings.append((on_the_wall(day, rule.starts), on_the_wall(day, rule.ends)))
    if rule.count is not None and meetings and len(meetings) < rule.count:
        raise ValidationError({"count": _TOO_LONG})
    if not meetings:
        raise ValidationError({"until": _("No session falls between these dates.")})
    if now is not None and meetings[0][0] <= now:
        params = {"when": f"{rule.first:%d.%m.%Y} {rule.starts:%H:%M}"}
        raise ValidationError({"first": ValidationError(_PASSED, params=params)})
    return Series(tuple(meetings), tuple(left_out))


@dataclass(frozen=True)
class Habit:
    """How an activity usually meets: what a series may begin from when its first day is not known yet."""

    starts: time
    ends: time
    weekdays: tuple[int, ...]
    every: int
    count: int


def habit(meetings: Sequence[tuple[datetime, datetime]]) -> Habit | None:
    """The hours most of the sessions have, their weekdays, how many weeks apart, how many; None without sessions."""
    if not meetings:
        return None
    local = [(start.astimezone(ZONE), end.astimezone(ZONE)) for start, end in sorted(meetings)]
    (starts, ends), _often = Counter((start.time(), end.time()) for start, end in local).most_common(1)[0]
    mondays = sorted({start.date() - timedelta(days=start.weekday()) for start, _end in local})
    gaps = Counter((later - earlier).days // 7 for earlier, later in pairwise(mondays))
    weeks = gaps.most_common(1)[0][0] if gaps else 1
    return Habit(
        starts=starts,
        ends=ends,
        weekdays=tuple(sorted({start.weekday() for start, _end in local})),
        every=weeks if weeks <= 4 else 1,
        count=min(len(local), MOST_SESSIONS),
    )


def on_the_wall(day: date, clock: time) -> datetime:
    """The moment when the clocks here show this time; refused for the hour that spring leaves out."""
    moment = datetime.combine(day, clock, tzinfo=ZONE)
    if moment.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValidationError(
            {"starts": ValidationError(_NO_SUCH_HOUR, params={"text": f"{day:%d.%m.%Y} {clock:%H:%M}"})}
        )
    return moment


_PASSED = _("%(when)s has passed already. Choose a time to come.")
_TOO_MANY = _("That would be more than %(most)s sessions. Choose an earlier last day.")
_TOO_LONG = _("The series would go on for more than two years. Make it shorter.")
_NO_SUCH_HOUR = _("%(text)s: that hour does not exist, the clocks go forward then.")


def _refuse_nonsense(rule: Rule) -> None:
    if not 2000 <= rule.first.year <= 2100:
        raise ValidationError({"first": ValidationError(_("The year %(year)s cannot be meant."), params=_year(rule))})
    if rule.ends <= rule.starts:
        raise ValidationError({"ends": _("The session would end before it starts.")})
    if (rule.count is None) == (rule.until is None):
        raise ValidationError({"count": _("Say how many times, or until which day: one of the two.")})
    if rule.count is not None and not 1 <= rule.count <= MOST_SESSIONS:
        raise ValidationError(
            {"count": ValidationError(_("Between 1 and %(most)s times."), params={"most": MOST_SESSIONS})}
        )
    if rule.until is not None and rule.until < rule.first:
        raise ValidationError({"until": _("The last day is before the first.")})
    if rule.until is not None and rule.until > rule.first + LONGEST:
        raise ValidationError({"until": _TOO_LONG})
    if not 1 <= rule.every <= MOST_WEEKS_APART:
        raise ValidationError(
            {
                "every": ValidationError(
                    _("Every week, or at most every %(most)s weeks."), params={"most": MOST_WEEKS_APART}
                )
            }
        )
    if any(not 0 <= weekday <= 6 for weekday in rule.weekdays):
        raise ValidationError({"weekdays": _("There are seven days in a week.")})


def _year(rule: Rule) -> dict[str, int]:
    return {"year": rule.first.year}
