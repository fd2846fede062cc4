"""Every indicator once: its code, names and source from ``reporting/data/indicators.csv``, its formula a function.

A function is registered by :func:`indicator`; what cannot be given is listed by :func:`withheld` with the reason.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise

from reporting.domain.figures import Row, Unit
from reporting.domain.indicators.asking import Ask

CATALOGUE = Path(__file__).parents[2] / "data" / "indicators.csv"
Formula = Callable[[Ask], Iterable[Row]]


@dataclass(frozen=True)
class Indicator:
    """What a figure is called, what it counts, and how."""

    code: str
    unit: Unit
    # By what it can be broken down, and filtered.
    by: tuple[str, ...]
    formula: Formula
    # By what it can be filtered alone: it has no parts by these.
    of: tuple[str, ...] = ()
    # Whether it tells of people at all: small numbers of them are hidden in what is public or exported.
    about_people: bool = True
    # Whether it counts different people, who do not add up over parts.
    counts_people: bool = False
    # Whether parts add up to the whole where each belongs to one (not by department, audience, competence).
    adds_up: bool = False

    @property
    def filters(self) -> tuple[str, ...]:
        """By what it can be filtered."""
        return (*self.by, *self.of)

    @property
    def described(self) -> "Description":
        """Names, definition and source."""
        return catalogue()[self.code]

    @property
    def doc(self) -> str:
        """The formula in words, as its function says it."""
        return (self.formula.__doc__ or "").strip()


@dataclass(frozen=True)
class Description:
    """A line of the catalogue."""

    code: str
    name_lv: str
    name_en: str
    definition: str
    disaggregation: str
    source: str

    @property
    def name(self) -> str:
        """In the reader's language."""
        from django.utils.translation import get_language

        return self.name_lv if (get_language() or "lv").startswith("lv") else self.name_en


@cache
def catalogue() -> dict[str, Description]:
    """All indicators that a municipality could ask for, by code, in their order."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {line["code"]: Description(**line) for line in csv.DictReader(file)}


INDICATORS: dict[str, Indicator] = {}
WITHHELD: dict[str, Promise] = {}


def indicator(
    code: str,
    unit: Unit,
    *,
    by: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    about_people: bool = True,
    counts_people: bool = False,
    adds_up: bool = False,
) -> Callable[[Formula], Formula]:
    """Register the formula of an indicator of the catalogue."""

    def register(formula: Formula) -> Formula:
        if code not in catalogue() or code in INDICATORS:
            raise ValueError(code)
        INDICATORS[code] = Indicator(code, unit, by, formula, of, about_people, counts_people, adds_up)
        return formula

    return register


def withheld(code: str, reason: Promise) -> None:
    """Say why the portal does not give an indicator of the catalogue."""
    if code not in catalogue() or code in INDICATORS:
        raise ValueError(code)
    WITHHELD[code] = reason
