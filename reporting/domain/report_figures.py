"""The figures of a report: asked of the indicators once each, and written down so that they can be frozen.

What is drawn is what may leave the house: a hidden cell (1 to 4 people, or one that would give another away) has neither
value nor ``n``, also in what is sealed, so no copy of a report tells of a few people. A figure that cannot be had says why.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from django.utils import translation
from django.utils.translation import gettext as _

from ecosystem import dates
from reporting.domain.figures import NOT_KNOWN, Asked, Figure, Row, Unit
from reporting.domain.indicators.grouping import ASPECT
from reporting.domain.report_sections import Section, Under
from reporting.enums import Band

LANGUAGES = ("lv", "en")
# The bands of age that make up IEK-08.
SENIORS = (Band.FROM_55, Band.FROM_65)
# The same words in both languages of a report.
Names = dict[str, str]


@dataclass(frozen=True)
class Known:
    """What is known of an indicator: its names, its definition, and what it can be broken down by."""

    code: str
    names: Names
    definition: Names
    unit: Unit
    by: frozenset[str]


class NotGiven(Exception):
    """An indicator that the portal's data cannot give; says why in both languages."""

    def __init__(self, reason: Names) -> None:
        super().__init__(reason["en"])
        self.reason = reason


class Source(Protocol):
    """Where figures come from: the indicators of the portal, or a table written by hand."""

    def known(self, code: str) -> Known | None:
        """What an indicator is; None for a code that there is not."""

    def figure(self, code: str, asked: Asked) -> Figure:
        """Its answer, hidden cells marked; raises ``NotGiven``."""

    def codes(self) -> Mapping[str, Known]:
        """All indicators, in their order."""

    def names(self, dimension: str) -> Mapping[str, Names]:
        """The codes of a dimension and what they are called, in their order; a code that is not there tells itself."""

    def state(self, *, on: date) -> dict[str, Any]:
        """What the figures were counted from: since when the data stands, which rules and populations held that day."""


def both(make: Callable[[], str]) -> Names:
    """The words in each language of a report."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = make()
    return said


def draw(
    sections: Sequence[Section], *, asked: Asked, counted: Asked, source: Source, project: str = ""
) -> dict[str, list[dict[str, Any]]]:
    """The figures of each section by its code. Each is asked once, wherever it stands.

    Of a ``project`` alone where an indicator tells projects apart, in all of the period: what is planned in it stands
    beside what is done. The rest is told of everything, as far as it is ``counted``.
    """
    wanted = dict.fromkeys((under.code, under.by) for section in sections for under in section.figures)
    had = {
        (code, by): _asked(code, by, asked=asked, counted=counted, source=source, project=project)
        for code, by in wanted
    }
    had = _hide_what_gives_away(had)
    names = _names([found for found in had.values() if isinstance(found, Figure)], source=source)
    return {
        section.code: [_told(under, had[under.code, under.by], names=names, source=source) for under in section.figures]
        for section in sections
    }


def _hide_what_gives_away(
    had: Mapping[tuple[str, tuple[str, ...]], Figure | Names],
) -> dict[tuple[str, tuple[str, ...]], Figure | Names]:
    """Where one part alone is hidden and nothing stands beside it, the whole would tell it: it is hidden too.

    So are the seniors where one of the bands that they are made of is hidden.
    """
    told = {
        code
        for (code, by), figure in had.items()
        if by and isinstance(figure, Figure) and [row.suppressed for row in figure.rows] == [True]
    }
    bands = had.get(("IEK-04", ("age",)))
    if isinstance(bands, Figure) and any(row.suppressed and row.keys["age"] in SENIORS for row in bands.rows):
        told.add("IEK-08")
    hidden: dict[tuple[str, tuple[str, ...]], Figure | Names] = {}
    for (code, by), figure in had.items():
        if by in ((), (ASPECT,)) and code in told and isinstance(figure, Figure):
            figure = replace(figure, rows=tuple(replace(row, suppressed=True) for row in figure.rows))
        hidden[code, by] = figure
    return hidden


def _asked(
    code: str, by: tuple[str, ...], *, asked: Asked, counted: Asked, source: Source, project: str
) -> Figure | Names:
    """The figure, or why there is none."""
    known = source.known(code)
    if known is None:
        return both(lambda: _("There is no such indicator."))
    # Of what is not given nothing is known by parts either: why not, the source says.
    if known.by and not known.by.issuperset(by):
        return both(lambda: _("The data is not kept by these parts."))
    try:
        return source.figure(code, of_project(known, asked=asked, counted=counted, project=project).split(*by))
    except NotGiven as refused:
        return refused.reason


def of_project(known: Known, *, asked: Asked, counted: Asked, project: str) -> Asked:
    """What is asked of an indicator: of one that tells projects apart this project, in all of the period."""
    if "project" not in known.by:
        return counted
    return asked.within(project=(project,)) if project and "project" not in asked.filters else asked


def _names(figures: Iterable[Figure], *, source: Source) -> dict[tuple[str, str], Names]:
    return named({dimension for figure in figures for row in figure.rows for dimension in row.keys}, source=source)


def named(dimensions: Iterable[str], *, source: Source) -> dict[tuple[str, str], Names]:
    """What the codes of these dimensions are called."""
    return {
        (dimension, code): dict(called)
        for dimension in sorted(dimensions)
        for code, called in source.names(dimension).items()
    }


def _told(
    under: Under, had: Figure | Names, *, names: Mapping[tuple[str, str], Names], source: Source
) -> dict[str, Any]:
    known = source.known(under.code)
    told: dict[str, Any] = {
        "code": under.code,
        "by": list(under.by),
        "chart": under.chart,
        "names": dict(known.names) if known else dict.fromkeys(LANGUAGES, under.code),
        "definition": dict(known.definition) if known else dict.fromkeys(LANGUAGES, ""),
        "unit": known.unit.value if known else Unit.COUNT.value,
        "rows": [],
        "note": dict.fromkeys(LANGUAGES, ""),
        "missing": None,
    }
    if not isinstance(had, Figure):
        return told | {"missing": had}
    note = note_of(had, source=source)
    order = {pair: place for place, pair in enumerate(names)}
    rows = [_row(row, names=names) for row in sorted(had.rows, key=lambda row: _place(row, order))]
    if not any(row["value"] is not None or row["hidden"] for row in rows):
        nothing = both(lambda: _("Nothing was counted in this period."))
        return told | {"unit": had.unit.value, "missing": note if note["lv"] else nothing}
    return told | {"unit": had.unit.value, "rows": rows, "note": note}


def note_of(figure: Figure, *, source: Source) -> Names:
    """Its note in both languages: the words are made as the figure is, so where there are any it is asked once more."""
    if not figure.note:
        return dict.fromkeys(LANGUAGES, "")
    return both(lambda: str(source.figure(figure.code, figure.asked).note))


def _place(row: Row, order: Mapping[tuple[str, str], int]) -> list[tuple[bool, int, str]]:
    """Parts in the order of the vocabulary, what is not known last."""
    return [(key == NOT_KNOWN, order.get((dimension, key), len(order)), key) for dimension, key in row.keys.items()]


def _row(row: Row, *, names: Mapping[tuple[str, str], Names]) -> dict[str, Any]:
    return {
        "keys": dict(row.keys),
        "names": row_names(row.keys, names=names),
        "value": None if row.suppressed else number(row.value),
        "n": None if row.suppressed else row.n,
        "not_known": None if row.suppressed else row.not_known,
        "hidden": row.suppressed,
    }


def row_names(keys: Mapping[str, str], *, names: Mapping[tuple[str, str], Names]) -> Names:
    """What a row is called: the names of its keys; empty for the whole."""
    not_known = both(lambda: _("not known"))
    parts = [
        not_known if key == NOT_KNOWN else names.get((dimension, key)) or _untold(dimension, key)
        for dimension, key in keys.items()
    ]
    return {language: " · ".join(part[language] for part in parts) for language in LANGUAGES}


def _untold(dimension: str, key: str) -> Names:
    """A month by its name; anything else by its code."""
    try:
        day = date.fromisoformat(f"{key}-01") if dimension == "month" else None
    except ValueError:
        day = None
    if day is None:
        return dict.fromkeys(LANGUAGES, key)
    return both(lambda: f"{dates.capital(dates.word('month', day.month - 1))} {day.year}")


def number(value: float | None) -> float | int | None:
    """A value as it is written down: whole numbers as such, others to six decimals, so that it reads the same again."""
    if value is None:
        return None
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded
