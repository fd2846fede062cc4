"""Figures written by hand, so that what a report makes of them can be counted on paper."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reporting.domain.figures import Asked, Figure, Row, Unit
from reporting.domain.report_figures import Known, Names, NotGiven

KNOWN: dict[str, tuple[str, str, Unit, tuple[str, ...]]] = {
    "DAL-01": ("Unikālie dalībnieki", "Unique participants", Unit.PEOPLE, ("department", "parish", "audience", "age")),
    "DAL-03": ("Apmeklējumi", "Attendances", Unit.COUNT, ("department", "month")),
    "DAL-05": ("Pabeigšanas rādītājs", "Completion rate", Unit.PERCENT, ("department",)),
    "IEK-04": ("Vecuma grupas", "Age bands", Unit.PEOPLE, ("age",)),
    "IEK-08": ("Seniori", "Seniors", Unit.PEOPLE, ("aspect",)),
    "TUV-04": ("Mediānais attālums līdz nodarbībai", "Median distance to activity", Unit.KM, ()),
    "MOB-01": ("Mobilitātes dalībnieki", "Mobility participants", Unit.COUNT, ("project", "type", "stage")),
    "REZ-02": ("Pašnovērtētais prasmju pieaugums", "Self-assessed skill gain", Unit.SCORE, ("competence",)),
}
NAMES: dict[str, dict[str, Names]] = {
    "audience": {
        "seniors": {"lv": "Seniori", "en": "Seniors"},
        "youth": {"lv": "Jaunieši", "en": "Young people"},
        "families": {"lv": "Ģimenes", "en": "Families"},
    },
    "parish": {
        "0540248": {"lv": "Elejas pagasts", "en": "Eleja parish"},
        "0540290": {"lv": "Vilces pagasts", "en": "Vilce parish"},
    },
}
Value = float | int | tuple[float | int, int] | None


class Hand:
    """A source of figures: ``Hand({("DAL-01",): 40, ("DAL-01", "audience"): {"seniors": 25, "": 3}})``.

    A value is a number, or a number and what it rests on, or "hidden"; what is not there is not given.
    """

    def __init__(self, table: Mapping[tuple[str, ...], Any] | None = None, **state: Any) -> None:
        self.table = dict(table or {})
        self.said = state or {"as_of": "2027-01-11T08:55:00+02:00"}
        self.asked: list[tuple[str, Asked]] = []

    def codes(self) -> dict[str, Known]:
        return {
            code: Known(
                code,
                {"lv": lv, "en": en},
                {"lv": f"Kā skaita {code}.", "en": f"How {code} is counted."},
                unit,
                frozenset(by),
            )
            for code, (lv, en, unit, by) in KNOWN.items()
        }

    def known(self, code: str) -> Known | None:
        return self.codes().get(code)

    def names(self, dimension: str) -> Mapping[str, Names]:
        return NAMES.get(dimension, {})

    def state(self, *, on: date) -> dict[str, Any]:
        return dict(self.said)

    def figure(self, code: str, asked: Asked) -> Figure:
        self.asked.append((code, asked))
        unit = KNOWN[code][2]
        found = self.table.get((code, *asked.by))
        if found is None:
            raise NotGiven({"lv": "Nav iedzīvotāju skaita.", "en": "There is no population."})
        if not asked.by:
            return Figure(code, unit, asked, (row({}, found),))
        return Figure(code, unit, asked, tuple(self._rows(found, asked.by[0])))

    def _rows(self, found: Mapping[str, Any], dimension: str) -> Iterable[Row]:
        for key, value in found.items():
            yield row({dimension: key}, value)


def row(keys: dict[str, str], value: Any) -> Row:
    """A row of a figure."""
    if value == "hidden":
        return Row(keys, 3, 3, suppressed=True)
    number, n = value if isinstance(value, tuple) else (value, int(value or 0))
    return Row(keys, number, n)
