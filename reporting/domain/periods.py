"""Periods that have a name: years, quarters, school seasons, projects; what each stands beside.

A period that is not over is counted to today, and what it stands beside is cut to as many days, so that ten months are
never told against twelve.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from coordinators.models import Project
from reporting.domain.figures import Period

# A school year begins on 1 September and holds the summer after it, so that no day is between two.
SEASON_MONTH = 9
YEARS, QUARTERS, SEASONS = 4, 6, 3
OWN = "cits"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Named:
    """A period by the code it has in an address, whole, and what it stands beside."""

    code: str
    whole: Period
    # How long until the one before it: a year, a quarter; None for what does not come round.
    step: relativedelta | None = None
    # What a project is called.
    name: str = ""

    def counted(self, *, today: date) -> Period:
        """To today, where it is not over; whole, where it has not begun."""
        return Period(self.whole.first, max(self.whole.first, min(self.whole.last, today)))

    def before(self, *, today: date) -> Period:
        """The one before it, to the same day; of whole months so many months before, of others so many days."""
        counted = self.counted(today=today)
        if self.step is None:
            return counted.before()
        if counted == self.whole:
            return Period(self.whole.first - self.step, self.whole.first - DAY)
        first = self.whole.first - self.step
        return Period(first, min(first + (counted.last - counted.first), self.whole.first - DAY))

    def a_year_before(self, *, today: date) -> Period:
        """The same days of the year before."""
        return self.counted(today=today).a_year_before()


def year(number: int) -> Named:
    """A calendar year: ``2026``."""
    return Named(f"{number}", Period(date(number, 1, 1), date(number, 12, 31)), relativedelta(years=1))


def quarter(number: int, which: int) -> Named:
    """A quarter: ``2026-c4``."""
    first = date(number, which * 3 - 2, 1)
    step = relativedelta(months=3)
    return Named(f"{number}-c{which}", Period(first, first + step - DAY), step)


def season(number: int) -> Named:
    """The school season that begins in this year: ``2026-2027``."""
    first = date(number, SEASON_MONTH, 1)
    step = relativedelta(years=1)
    return Named(f"{number}-{number + 1}", Period(first, first + step - DAY), step)


def projects() -> list[Named]:
    """Every project's own days; one query."""
    return [
        Named(f"projekts-{one.pk}", Period(one.starts_on, one.ends_on), name=one.name)
        for one in Project.objects.order_by("-starts_on", "-pk")
    ]


def offered(*, today: date, projects: Iterable[Named] = ()) -> list[tuple[str, list[Named]]]:
    """What one may choose from, in groups, the nearest first."""
    quarters = []
    number, which = today.year, (today.month - 1) // 3 + 1
    for _turn in range(QUARTERS):
        quarters.append(quarter(number, which))
        number, which = (number, which - 1) if which > 1 else (number - 1, 4)
    begun = today.year if today.month >= SEASON_MONTH else today.year - 1
    return [
        ("year", [year(today.year - back) for back in range(YEARS)]),
        ("quarter", quarters),
        ("season", [season(begun - back) for back in range(SEASONS)]),
        ("project", list(projects)),
    ]


def named(code: str, *, today: date, projects: Iterable[Named] = ()) -> Named | None:
    """The period of this code, though it is not among those offered; None where there is none, or ten years off."""
    for project in projects:
        if project.code == code:
            return project
    head, _dash, tail = code.partition("-")
    if not (head.isascii() and head.isdigit() and len(head) == 4 and abs(int(head) - today.year) <= 10):
        return None
    number = int(head)
    if not tail and code == head:
        return year(number)
    if tail in ("c1", "c2", "c3", "c4"):
        return quarter(number, int(tail[1]))
    return season(number) if tail == f"{number + 1}" else None
