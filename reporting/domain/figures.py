"""A figure: what was asked, and the rows that answer. Every page, report, export and command shows these and no others.

``n`` is what the value rests on (of a percentage the number below the line, of a mean the answers, of a count the count).
What is not known is a row of its own (its key is ``NOT_KNOWN``) and is never dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

# The key of what is not known: who did not say, where nobody looked.
NOT_KNOWN = ""


class Unit(Enum):
    """What a value counts in."""

    PEOPLE = "people"
    COUNT = "count"
    HOURS = "hours"  # Academic hours of 45 minutes.
    PERCENT = "percent"
    KM = "km"
    DAYS = "days"
    EUR = "eur"
    SCORE = "score"  # 1 to 5, or a difference of two.
    RATIO = "ratio"
    PER_1000 = "per_1000"


@dataclass(frozen=True, order=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("A period ends before it begins.")

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period as long as this that ends the day before it; of whole months so many months, of a year a year."""
        from dateutil.relativedelta import relativedelta

        after = self.last + timedelta(days=1)
        if self.first.day == 1 and after.day == 1:
            months = (after.year - self.first.year) * 12 + after.month - self.first.month
            return Period(self.first - relativedelta(months=months), self.first - timedelta(days=1))
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def a_year_before(self) -> "Period":
        """The same days of the year before."""
        from dateutil.relativedelta import relativedelta

        after = self.last + timedelta(days=1)
        return Period(self.first - relativedelta(years=1), after - relativedelta(years=1) - timedelta(days=1))


@dataclass(frozen=True)
class Asked:
    """What is asked of an indicator: a period, filters (by dimension the codes, any of them), and what to break it down by."""

    period: Period
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: tuple[str, ...] = ()

    def split(self, *by: str) -> "Asked":
        """The same, broken down by these."""
        return replace(self, by=by)

    def within(self, **filters: tuple[str, ...]) -> "Asked":
        """The same, of these alone."""
        return replace(self, filters={**self.filters, **filters})

    def during(self, period: Period) -> "Asked":
        """The same of another period."""
        return replace(self, period=period)


@dataclass(frozen=True)
class Row:
    """One value: its keys by dimension, what it rests on; hidden where it would tell of a few people."""

    keys: Mapping[str, str]
    value: float | None
    n: int
    # Of what the value is made, so many are not known (and are in ``n`` where the definition counts them).
    not_known: int = 0
    # Hidden: 1 to 4 people, or another that would be worked out from it. ``value`` and ``n`` are then empty to readers.
    suppressed: bool = False


@dataclass(frozen=True)
class Figure:
    """An indicator's answer."""

    code: str
    unit: Unit
    asked: Asked
    rows: tuple[Row, ...]
    # What is to be told beside it, in the reader's language: why there is no value (no population, folded period …), of
    # which day the population is; or "".
    note: str = ""

    @property
    def value(self) -> float | None:
        """The one value of a figure that is not broken down; None when nothing could be counted."""
        return self.rows[0].value if self.rows and not self.asked.by else None

    @property
    def n(self) -> int:
        """What that value rests on."""
        return self.rows[0].n if self.rows and not self.asked.by else 0

    def by_key(self, dimension: str) -> dict[str, Row]:
        """Rows by their code in this dimension (of a figure broken down by it alone)."""
        return {row.keys[dimension]: row for row in self.rows}
