"""Cells and tables of figures: what a reader may see of each number is decided here, once.

``Eyes`` says whose they are. Staff see the numbers of one to four people, marked; in what leaves the desk, and for everyone
else, they are hidden, and with them those that would give them away (``reporting.domain.hiding`` marks both).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from ecosystem.numbers import finite, said
from ecosystem.templatetags.chart_bars import Bar
from ecosystem.templatetags.charts import Cell, Table
from reporting.domain import definitions, indicators
from reporting.domain.dashboard import Answer
from reporting.domain.figures import NOT_KNOWN, Figure, Row, Unit
from reporting.filters import Chosen, Vocabulary
from reporting.views import words

# What counts: nobody is a number of people, of nothing there is no share.
COUNTS = (Unit.PEOPLE, Unit.COUNT, Unit.HOURS)
# Fewer answers than these are told to nobody.
FEWEST_ANSWERS = 5


@dataclass(frozen=True)
class Eyes:
    """Whose page it is: which cells are shown, and which words things are called by."""

    vocabulary: Vocabulary
    chosen: Chosen
    # One to four people are shown, marked; otherwise hidden.
    sees_few: bool = False
    # Of the desk: definitions and lists are linked, files follow the filters.
    is_staff: bool = True
    # Names asked for once a page.
    known: dict[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    def is_hidden(self, figure: Figure, row: Row) -> bool:
        """Whether this reader gets no number. What fewer than five people answered is told to nobody."""
        of_answers = figure.unit is Unit.SCORE and row.n < FEWEST_ANSWERS
        return row.suppressed and (not self.sees_few or of_answers)

    def is_few(self, figure: Figure, row: Row) -> bool:
        """Whether it is hidden from others: it tells of one to four people, or would give such a number away."""
        return row.suppressed

    def cell(self, figure: Figure, row: Row | None) -> Cell:
        """One cell of a table."""
        if row is None:
            return amount(0.0 if figure.unit in COUNTS else None, words.DECIMALS[figure.unit])
        hidden = self.is_hidden(figure, row)
        cell = amount(None if hidden else row.value, words.DECIMALS[figure.unit])
        return replace(cell, is_few=not hidden and self.is_few(figure, row), is_hidden=hidden)

    def n(self, figure: Figure, row: Row) -> Cell:
        """What it rests on."""
        hidden = self.is_hidden(figure, row)
        return replace(amount(None if hidden else float(row.n), 0), is_hidden=hidden)

    def names(self, dimension: str) -> Mapping[str, str]:
        """What the codes of a breakdown are called."""
        if dimension not in self.known:
            self.known[dimension] = words.keys(dimension, self.vocabulary)
        return self.known[dimension]

    def bar(self, figure: Figure, row: Row, label: str, *, is_unknown: bool = False) -> Bar:
        """One bar; a number that is not for others bears the star that the page explains."""
        star = "*" if self.is_few(figure, row) else ""
        return Bar(
            label,
            finite(row.value),
            text=f"{words.number(figure.unit, row.value)}{star}",
            is_hidden=self.is_hidden(figure, row),
            is_unknown=is_unknown,
        )


def amount(value: float | None, decimals: int | None, *, signed: bool = False) -> Cell:
    """A number as a cell: in words for the page, as a number for files."""
    number = finite(value)
    kept = None if number is None else number if decimals is None else round(number, decimals)
    return Cell(said(number, decimals=decimals, signed=signed), number=kept)


def ordered(figure: Figure, dimension: str, names: Mapping[str, str]) -> list[Row]:
    """Rows in the order of their vocabulary; what is not known last."""
    places = {code: place for place, code in enumerate(names)}
    return sorted(
        figure.rows,
        key=lambda row: (
            row.keys[dimension] == NOT_KNOWN,
            places.get(row.keys[dimension], len(places)),
            row.keys[dimension],
        ),
    )


def definition(code: str, eyes: Eyes) -> str:
    """Where an indicator is defined, with the filters kept; nowhere on the public page, which says it in place."""
    if not eyes.is_staff:
        return ""
    return reverse("reporting:desk_figure", args=[code]) + eyes.chosen.address(pec="")


def table_by_one(figure: Figure, dimension: str, eyes: Eyes) -> Table:
    """A breakdown as a table: the value, what it rests on where that is another number, what is not known."""
    names = eyes.names(dimension)
    has_n = figure.unit not in (Unit.PEOPLE, Unit.COUNT)
    rows = []
    for row in ordered(figure, dimension, names):
        cells = [eyes.cell(figure, row)]
        if has_n:
            cells.append(eyes.n(figure, row))
        rows.append((words.key_name(dimension, row.keys[dimension], names), cells))
    head = [words.dimension(dimension), words.measured_in(figure.unit), *(["n"] if has_n else [])]
    return Table(caption(figure, eyes), head, rows)


def table_by_two(figure: Figure, eyes: Eyes) -> Table:
    """A breakdown by two dimensions, the second across."""
    down, across = figure.asked.by
    names, others = eyes.names(down), eyes.names(across)
    found = {(row.keys[down], row.keys[across]): row for row in figure.rows}
    downs = list(dict.fromkeys(row.keys[down] for row in ordered(figure, down, names)))
    acrosses = list(dict.fromkeys(row.keys[across] for row in ordered(figure, across, others)))
    return Table(
        caption(figure, eyes),
        [words.dimension(down), *(words.key_name(across, code, others) for code in acrosses)],
        [
            (
                words.key_name(down, code, names),
                [eyes.cell(figure, found.get((code, other))) for other in acrosses],
            )
            for code in downs
        ],
    )


def compared(answer: Answer, eyes: Eyes) -> Table:
    """This period beside the one before and the same of the year before, by one dimension."""
    figure = answer.now
    assert figure is not None  # noqa: S101 - asked by the caller
    dimension = figure.asked.by[0]
    names = eyes.names(dimension)
    others = [
        (other, label)
        for other, label in (
            (answer.before, _("the period before")),
            (answer.a_year_before, _("the year before")),
        )
        if other is not None
    ]
    found = [(other, other.by_key(dimension)) for other, _label in others]
    codes = {row.keys[dimension]: None for one in (figure, *(other for other, _label in others)) for row in one.rows}
    mine = figure.by_key(dimension)
    rows = []
    for row in ordered(
        replace(figure, rows=tuple(Row({dimension: code}, None, 0) for code in codes)), dimension, names
    ):
        code = row.keys[dimension]
        now = mine.get(code)
        cells = [eyes.cell(figure, now)]
        for other, keyed in found:
            then = keyed.get(code)
            if not other.rows:
                cells += [amount(None, None), amount(None, None)]
                continue
            cells.append(eyes.cell(other, then))
            pair = [one for one in (now, then) if one is not None]
            is_hidden = any(eyes.is_hidden(figure, one) for one in pair)
            is_few = any(eyes.is_few(figure, one) for one in pair)
            nothing = Row({}, 0.0, 0) if figure.unit in COUNTS else None
            change = words.difference(now or nothing, then or nothing, sees_few=eyes.sees_few)
            told = amount(None if is_hidden else change, words.DECIMALS[figure.unit], signed=True)
            cells.append(replace(told, is_hidden=is_hidden, is_few=is_few))
        rows.append((words.key_name(dimension, code, names), cells))
    head = [words.dimension(dimension), words.counted(eyes.chosen)]
    for _other, label in others:
        head += [label, _("change")]
    return Table(caption(figure, eyes), head, rows)


def as_rows(table: Table) -> list[list[str | float]]:
    """A table for a file: numbers hidden from everyone who is not of the desk are hidden here too."""
    return [list(table.head), *([name, *map(_for_file, row)] for name, row in table.rows)]


def _for_file(cell: Cell) -> str | float:
    if cell.is_hidden or cell.is_few:
        return _("hidden")
    return cell.text if cell.number is None else cell.number


def table_of_one(figure: Figure, eyes: Eyes) -> Table:
    """A figure that is not broken down: its value, what it rests on, what is not known."""
    row = words.whole(figure) or Row({}, None, 0)
    unknown = replace(amount(float(row.not_known), 0), is_hidden=eyes.is_hidden(figure, row))
    return Table(
        caption(figure, eyes),
        [_("Figure"), words.measured_in(figure.unit), "n", _("not known")],
        [(indicators.get(figure.code).described.name, [eyes.cell(figure, row), eyes.n(figure, row), unknown])],
    )


def handling(code: str, eyes: Eyes) -> list[str]:
    """How a table is to be handled: what is hidden and why, what it counts, whose it is."""
    return [
        _("Numbers of 1 to 4 people, and those from which they could be worked out, are hidden: leave them so."),
        _("Do not put this table together with others to find out about single people."),
        f"{_('Definition')}: {definitions.of(code)}",
        f"{_('Days')}: {words.days(eyes.chosen.period)}",
    ]


# Words around a chart


def subtitle(figure: Figure, dimension: str, eyes: Eyes) -> str:
    """Measure, area, period."""
    name = indicators.get(figure.code).described.name
    unit = words.measured_in(figure.unit)
    measure = name if unit in (_("people"), _("count")) else f"{name}, {unit}"
    return " · ".join([measure, place(eyes), words.counted(eyes.chosen)])


def place(eyes: Eyes) -> str:
    """Of which area and which people, as chosen; the whole municipality where nothing is."""
    said_ = []
    for name in ("parish", "department", "audience", "topic", "age", "sex"):
        codes = eyes.chosen.filters.get(name, ())
        names = eyes.names(name)
        told = [words.key_name(name, code, names) for code in codes]
        said_.append(", ".join(told[:3]) + (f" (+{len(told) - 3})" if len(told) > 3 else ""))
    return ", ".join(part for part in said_ if part) or _("the whole municipality")


def caption(figure: Figure, eyes: Eyes) -> str:
    """What a table is, alone on a page."""
    return f"{figure.code} {indicators.get(figure.code).described.name} · {place(eyes)} · {words.counted(eyes.chosen)}"


def note(figure: Figure, dimension: str, eyes: Eyes) -> str:
    """What the parts add up to, and of whom the figure does not know."""
    parts = []
    indicator = indicators.get(figure.code)
    if indicator.counts_people and dimension in ("audience", "department", "topic", "competence", "month", "parish"):
        parts.append(_("One person may be in several rows; the whole counts each person once."))
    elif dimension in ("audience", "department", "competence") and not indicator.adds_up:
        parts.append(_("One activity may be in several rows."))
    if figure.note:
        parts.append(figure.note)
    unknown = sum(row.not_known for row in figure.rows if not row.suppressed)
    if unknown and indicator.counts_people:
        parts.append(_("Attendances of which nobody knows whose they are: %(n)s.") % {"n": said(float(unknown))})
    elif unknown:
        parts.append(_("Not known: %(n)s.") % {"n": said(float(unknown))})
    return " ".join(parts)


def files(key: str, eyes: Eyes, kinds: Iterable[str] = ("csv", "xlsx")) -> list[tuple[str, str]]:
    """The addresses of a panel's table as files."""
    return [(kind.upper(), eyes.chosen.address(tabula=key, format=kind)) for kind in kinds]
