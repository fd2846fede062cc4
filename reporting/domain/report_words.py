"""A report's numbers in words of the language in force: never broken by a line, hidden cells as a word and never as 0."""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem import dates
from ecosystem.dates import NBSP
from reporting.domain.figures import Unit

MINUS = "\u2212"
DASH = "–"
DECIMALS = {
    Unit.PERCENT: 1,
    Unit.KM: 1,
    Unit.HOURS: 1,
    Unit.DAYS: 1,
    Unit.SCORE: 2,
    Unit.RATIO: 2,
    Unit.PER_1000: 1,
    Unit.EUR: 2,
}


def language() -> str:
    """The language in force as a report has it."""
    return "lv" if dates.is_latvian() else "en"


def amount(value: float | None, unit: str) -> str:
    """ "1 284", "37,5 %", "26 310,00 €"; a dash for what could not be counted."""
    if value is None or not isfinite(value):
        return DASH
    kind = Unit(unit)
    places = 0 if float(value).is_integer() and kind is not Unit.EUR else DECIMALS.get(kind, 0)
    text = f"{abs(value):,.{places}f}"
    if dates.is_latvian():
        text = text.replace(",", NBSP).replace(".", ",")
    sign = MINUS if value < 0 and any(digit in "123456789" for digit in text) else ""
    after = {Unit.PERCENT: f"{NBSP}%", Unit.KM: f"{NBSP}km", Unit.EUR: f"{NBSP}€"}.get(kind, "")
    return f"{sign}{text}{after}"


def cell(row: Mapping[str, Any], unit: str, *, name: str = "value") -> str:
    """A value as a table shows it."""
    return _("hidden") if row["hidden"] else amount(row[name], unit)


def basis(row: Mapping[str, Any], unit: str) -> str:
    """What a percentage or a mean rests on: "n = 42"; nothing where the value is itself the count."""
    if row["hidden"] or row["n"] is None or Unit(unit) in (Unit.PEOPLE, Unit.COUNT, Unit.EUR):
        return ""
    return f"n{NBSP}={NBSP}{amount(row['n'], Unit.COUNT.value)}"


def unit_words(unit: str) -> str:
    """What a column counts in."""
    return {
        Unit.PEOPLE: _("people"),
        Unit.COUNT: _("number"),
        Unit.HOURS: _("academic hours"),
        Unit.PERCENT: "%",
        Unit.KM: "km",
        Unit.DAYS: _("days"),
        Unit.EUR: "EUR",
        Unit.SCORE: _("marks from 1 to 5"),
        Unit.RATIO: _("ratio"),
        Unit.PER_1000: _("per 1,000 people"),
    }[Unit(unit)]


def dimension_words(dimension: str) -> str:
    """What a breakdown is by."""
    return {
        "department": _("Department"),
        "parish": _("Parish of the venue"),
        "residence": _("Parish of residence"),
        "audience": _("Audience"),
        "topic": _("Topic"),
        "age": _("Age"),
        "sex": _("Sex"),
        "kind": _("Kind"),
        "month": _("Month"),
        "channel": _("Channel"),
        "competence": _("Key competence"),
        "field": _("Field of education"),
        "level": _("Level"),
        "type": _("Kind of mobility"),
        "who": _("Staff or learners"),
        "role": _("Post"),
        "stage": _("Planned and done"),
        "country": _("Country"),
        "medium": _("Where published"),
        "visible": _("Visibility of the EU"),
        "aspect": _("What"),
        "support": _("Support"),
        "project": _("Project"),
        "objective": _("Objective"),
        "barrier": _("Barrier"),
        "labour": _("Labour status"),
        "education": _("Education"),
    }.get(dimension, dimension)


def by_words(dimension: str) -> str:
    """What a figure is broken down by, after its name: "Apmeklējumi pa mēnešiem"."""
    return {
        "department": _("by department"),
        "parish": _("by parish of the venue"),
        "residence": _("by parish of residence"),
        "audience": _("by audience"),
        "topic": _("by topic"),
        "age": _("by age"),
        "sex": _("by sex"),
        "kind": _("by kind"),
        "month": _("by month"),
        "channel": _("by the way of registering"),
        "competence": _("by key competence"),
        "field": _("by field of education"),
        "level": _("by level"),
        "type": _("by kind of mobility"),
        "stage": _("as planned and as done"),
        "role": _("by post"),
        "medium": _("by where published"),
        "visible": _("by visibility of the EU"),
        "barrier": _("by barrier"),
        "labour": _("by labour status"),
        "education": _("by education"),
        "support": _("by support"),
        "aspect": _("in its parts"),
    }.get(dimension, dimension)


def period(days: list[str]) -> str:
    """ "2027. gada 1. janvāris – 31. decembris"."""
    return dates.period(date.fromisoformat(days[0]), date.fromisoformat(days[1]))


def figures_words(number: int) -> str:
    """ "12 rādītāji"."""
    return ngettext("%(n)s figure", "%(n)s figures", number) % {"n": number}
