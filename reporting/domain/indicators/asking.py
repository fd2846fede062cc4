"""From what is asked to SQL and back: one SELECT over one of the tables, its filters, its breakdown.

A measure says from which table, by which day, and how the value and what it rests on are computed; that is all a
definition has to say. The same SQL goes to PostgreSQL and to the copy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from reporting.domain.data.sources import Source
from reporting.domain.figures import Asked, Period, Row

# Dimensions that a table tells by a column of its own; the others are told of the activity by a table of theirs.
COLUMNS: Mapping[str, str] = {
    "parish": "parish",
    "residence": "home",
    "topic": "topic",
    "field": "field",
    "kind": "kind",
    "month": "month",
    "age": "band",
    "sex": "sex",
    "channel": "channel",
    "part": "part",
    "language": "language",
    "state": "state",
    "reason": "reason",
    "price": "price",
    "way": "way",
    # What is told in anonymous totals: of each table one kind is asked at a time.
    "barrier": "code",
    "labour": "code",
    "education": "code",
    "support": "code",
}
BRIDGES: Mapping[str, tuple[str, str]] = {
    "department": ("departments", "department"),
    "audience": ("audiences", "audience"),
    "competence": ("competences", "competence"),
}
DIMENSIONS = (*BRIDGES, *COLUMNS)
_OF_ACTIVITY = frozenset({"parish", "topic", "field", "kind", "month"})
# What each table tells by a column.
TOLD: Mapping[str, frozenset[str]] = {
    "held": _OF_ACTIVITY | {"part", "language"},
    "came": _OF_ACTIVITY | {"residence", "age", "sex", "channel"},
    "finished": _OF_ACTIVITY | {"residence", "age", "sex"},
    "offered": _OF_ACTIVITY | {"language", "reason", "price"},
    "registered": _OF_ACTIVITY | {"channel", "state"},
    "doubled": _OF_ACTIVITY | {"way"},
    "coming": _OF_ACTIVITY - {"month"},
    "waited": _OF_ACTIVITY,
    "said": _OF_ACTIVITY,
    "asked": _OF_ACTIVITY,
    "issued": _OF_ACTIVITY,
    "totals": _OF_ACTIVITY | {"barrier", "labour", "education", "support"},
    "untold": _OF_ACTIVITY,
}


class Unfit(ValueError):
    """An indicator is asked by a dimension that its definition does not have, or has as a filter alone; ``dimension`` names it."""

    def __init__(self, dimension: str) -> None:
        super().__init__(dimension)
        self.dimension = dimension


@dataclass(frozen=True)
class Measure:
    """How something is counted: over the rows of ``table`` whose day ``on`` lies in the period, and ``where`` holds."""

    table: str
    on: str
    value: str
    # What the value rests on; the value itself where it is a count.
    n: str = ""
    not_known: str = "0"
    where: str = ""
    # Values of ``where``, by place.
    values: tuple[Any, ...] = ()
    # First by each of these, with these columns beside; value, n and what is not known are then of those rows.
    per: str = ""
    inner: str = ""
    # A table of the activity's to join for that.
    join: str = ""


@dataclass(frozen=True)
class Ask:
    """What is asked, and of which source."""

    asked: Asked
    source: Source
    # What a definition says beside its rows, for the figure to tell.
    notes: list[str] = field(default_factory=list, compare=False)

    @property
    def until(self) -> date:
        """The period's last day; of one that goes on, today."""
        return min(self.asked.period.last, timezone.localdate(self.source.at))

    def during(self, period: Period) -> "Ask":
        """The same of another period."""
        return replace(self, asked=self.asked.during(period))

    def split(self, *by: str) -> "Ask":
        """The same, broken down by these."""
        return replace(self, asked=self.asked.split(*by))

    def without(self, *dimensions: str) -> "Ask":
        """The same without the filters of these."""
        kept = {name: codes for name, codes in self.asked.filters.items() if name not in dimensions}
        return replace(self, asked=replace(self.asked, filters=kept))

    def within(self, **filters: tuple[str, ...]) -> "Ask":
        """The same, of these alone."""
        return replace(self, asked=self.asked.within(**filters))

    def rows(self, measure: Measure) -> tuple[Row, ...]:
        """The answer, in the order of its keys."""
        sql, values, tables = select(measure, self.asked)
        keys = self.asked.by
        found = []
        for line in self.source.rows(sql, values, tables=tables):
            value, n, not_known = line[len(keys) :]
            found.append(
                Row(
                    keys={name: line[place] or "" for place, name in enumerate(keys)},
                    # Sums in another order differ in the last digits.
                    value=None if value is None else round(float(value), 9),
                    n=int(n or 0),
                    not_known=int(not_known or 0),
                )
            )
        return tuple(sorted(found, key=lambda row: tuple(row.keys.values())))


def select(measure: Measure, asked: Asked) -> tuple[str, list[Any], list[str]]:
    """The SELECT, its values by place, and the tables that it asks."""
    tables = [measure.table]
    keys, joins, wheres = [], [], [f"t.{measure.on} BETWEEN %s AND %s"]
    values: list[Any] = [asked.period.first, asked.period.last]
    joined: list[Any] = []
    for name in asked.by:
        if name in BRIDGES:
            table, column = BRIDGES[name]
            tables.append(table)
            condition = f"{table}.activity = t.activity"
            if codes := asked.filters.get(name):
                condition += f" AND {table}.{column} IN ({_places(codes)})"
                joined += codes
            joins.append(f"JOIN {table} ON {condition}")
            keys.append(f"{table}.{column}")
        else:
            keys.append(f"t.{_column(measure, name)}")
    for name, codes in asked.filters.items():
        if not codes or (name in BRIDGES and name in asked.by):
            continue
        if name in BRIDGES:
            table, column = BRIDGES[name]
            tables.append(table)
            wheres.append(f"t.activity IN (SELECT activity FROM {table} WHERE {column} IN ({_places(codes)}))")
        else:
            wheres.append(f"t.{_column(measure, name)} IN ({_places(codes)})")
        values += codes
    if measure.where:
        wheres.append(f"({measure.where})")
        values += measure.values
    answer = [measure.value, measure.n or measure.value, measure.not_known]
    if measure.join:
        tables.append(measure.join)
        joins.append(f"JOIN {measure.join} AS j ON j.activity = t.activity")
    rows = f"{measure.table} AS t {' '.join(joins)} WHERE {' AND '.join(wheres)}"
    if measure.per:
        named = [f"{key} AS k{place}" for place, key in enumerate(keys)]
        parts = ", ".join([*keys, f"t.{measure.per}"])
        rows = f"(SELECT {', '.join([*named, measure.inner])} FROM {rows} GROUP BY {parts}) AS p"
        keys = [f"k{place}" for place in range(len(keys))]
    group = f" GROUP BY {', '.join(keys)}" if keys else ""
    return f"SELECT {', '.join([*keys, *answer])} FROM {rows}{group}", [*joined, *values], tables


def share(part: str, whole: str) -> str:
    """The part in a hundred of the whole; nothing where the whole is nothing."""
    return f"100.0 * ({part}) / nullif({whole}, 0)"


def _places(codes: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(codes))


def _column(measure: Measure, dimension: str) -> str:
    if dimension not in COLUMNS or dimension not in TOLD[measure.table]:
        raise Unfit(dimension)
    return COLUMNS[dimension]


def merged(rows: Iterable[Row], key: str) -> dict[str, Row]:
    """Rows by one of their keys."""
    return {row.keys[key]: row for row in rows}
