"""Figures made charts, tables and large numbers: what a reader may see of each cell is decided here, once.

``Eyes`` says whose they are. Staff see the numbers of one to four people, marked; in what leaves the desk, and for everyone
else, they are hidden, as is whatever the figure itself hides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from ecosystem.numbers import finite, said
from ecosystem.templatetags.chart_bars import Bar, Pair, draw_bars, draw_pyramid, draw_shares, ranked
from ecosystem.templatetags.chart_months import Series, draw_columns, draw_lines
from ecosystem.templatetags.charts import BigNumber, Cell, Change, Chart, Table
from reporting.domain import indicators
from reporting.domain.dashboard import Answer
from reporting.domain.figures import NOT_KNOWN, Figure, Row, Unit
from reporting.filters import Chosen, Vocabulary
from reporting.views import definitions, findings, words

# Of more rows a chart shows the longest; the table has them all.
MOST_BARS = 20
STROKES = {"MUZ": "lifelong", "LAB": "welfare", "JAU": "youth"}


@dataclass(frozen=True)
class Eyes:
    """Whose page it is: which cells are shown, and which words things are called by."""

    vocabulary: Vocabulary
    chosen: Chosen
    # One to four people are shown, marked; otherwise hidden.
    sees_few: bool = False
    # Of the desk: definitions and lists are linked, files follow the filters.
    is_staff: bool = True

    def is_hidden(self, figure: Figure, row: Row) -> bool:
        """Whether this reader gets no number."""
        return row.suppressed or (not self.sees_few and self.is_few(figure, row))

    def is_few(self, figure: Figure, row: Row) -> bool:
        """Whether it tells of one to four people."""
        return words.is_few(figure.unit, row, counts_people=indicators.get(figure.code).counts_people)

    def cell(self, figure: Figure, row: Row | None) -> Cell:
        """One cell of a table."""
        if row is None:
            # Nobody is a number of people; of nothing there is no share.
            return amount(0.0 if figure.unit in (Unit.PEOPLE, Unit.COUNT) else None, words.DECIMALS[figure.unit])
        hidden = self.is_hidden(figure, row)
        cell = amount(None if hidden else row.value, words.DECIMALS[figure.unit])
        return replace(cell, is_few=not hidden and self.is_few(figure, row), is_hidden=hidden)

    def n(self, figure: Figure, row: Row) -> Cell:
        """What it rests on."""
        hidden = self.is_hidden(figure, row)
        return replace(amount(None if hidden else float(row.n), 0), is_hidden=hidden)

    def names(self, dimension: str) -> Mapping[str, str]:
        """What the codes of a breakdown are called."""
        return words.keys(dimension, self.vocabulary)

    def bar(self, figure: Figure, row: Row, label: str, *, is_unknown: bool = False) -> Bar:
        """One bar."""
        return Bar(
            label,
            finite(row.value),
            text=words.number(figure.unit, row.value),
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


def big_number(answer: Answer, eyes: Eyes) -> BigNumber:
    """A large figure with its changes, what it rests on, and what is not known of it."""
    panel = answer.panel
    name = findings.short_name(panel.code)
    href = definition(panel.code, eyes)
    figure = answer.now
    if figure is None:
        what = ", ".join(words.dimension(one).lower() for one in answer.unfit)
        return BigNumber(name, "–", about=_("Not counted by: %(what)s") % {"what": what}, href=href)
    row = words.whole(figure)
    about = "; ".join(
        part for part in (words.rests_on(figure), words.not_known(figure), findings.explained(panel.code)) if part
    )
    if row is None:
        return BigNumber(name, "–", about=figure.note or about, href=href)
    hidden = eyes.is_hidden(figure, row)
    changes = []
    for other, of_year, period in (
        (answer.a_year_before, True, eyes.chosen.a_year_before),
        (answer.before, False, eyes.chosen.before),
    ):
        if other is None or hidden:
            continue
        then = words.whole(other)
        if then is not None and eyes.is_hidden(other, then):
            continue
        changes.append(
            Change(
                words.difference(row, then),
                words.beside(period, of_year=of_year),
                unit=words.difference_unit(figure.unit),
                good=panel.good,
                decimals=words.DECIMALS[figure.unit],
            )
        )
    return BigNumber(
        name,
        words.number(figure.unit, row.value),
        unit=words.unit_mark(figure.unit) if finite(row.value) is not None else "",
        about="" if hidden else about,
        changes=changes,
        href=href,
        is_few=eyes.is_few(figure, row),
        is_hidden=hidden,
    )


def definition(code: str, eyes: Eyes) -> str:
    """Where an indicator is defined, with the filters kept; nowhere on the public page, which says it in place."""
    if not eyes.is_staff:
        return ""
    return reverse("reporting:desk_figure", args=[code]) + eyes.chosen.address(pec="")


# Charts


def bars(
    figure: Figure, dimension: str, eyes: Eyes, *, files: Sequence[tuple[str, str]] = (), with_median: bool = False
) -> Chart:
    """A breakdown by one dimension, ranked; what is not known last."""
    names = eyes.names(dimension)
    rows = ordered(figure, dimension, names)
    drawn = ranked(
        [
            eyes.bar(
                figure,
                row,
                words.key_name(dimension, row.keys[dimension], names),
                is_unknown=row.keys[dimension] == NOT_KNOWN,
            )
            for row in rows
        ]
    )
    left = [bar for bar in drawn if bar.is_unknown]
    shown = [bar for bar in drawn if not bar.is_unknown][: MOST_BARS - len(left)] + left
    mark = words.unit_mark(figure.unit)
    unit = f"\u00a0{mark}" if mark else ""
    told = findings.of_bars(figure, drawn)
    return Chart(
        told.title,
        subtitle(figure, dimension, eyes),
        draw_bars(shown, label=told.sentence, with_median=with_median, unit=unit),
        table_by_one(figure, dimension, eyes),
        files,
        note=note(figure, dimension, eyes),
        href=definition(figure.code, eyes),
    )


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
            is_hidden = any(one is not None and eyes.is_hidden(figure, one) for one in (now, then))
            nothing = Row({}, 0.0, 0) if figure.unit in (Unit.PEOPLE, Unit.COUNT) else None
            change = words.difference(now or nothing, then or nothing)
            told = amount(None if is_hidden else change, words.DECIMALS[figure.unit], signed=True)
            cells.append(replace(told, is_hidden=is_hidden))
        rows.append((words.key_name(dimension, code, names), cells))
    head = [words.dimension(dimension), words.counted(eyes.chosen)]
    for _other, label in others:
        head += [label, _("change")]
    return Table(caption(figure, eyes), head, rows)


def growth(answer: Answer, eyes: Eyes, *, files: Sequence[tuple[str, str]] = ()) -> Chart:
    """A breakdown ranked, its table with the changes."""
    figure = answer.now
    assert figure is not None  # noqa: S101
    made = bars(figure, figure.asked.by[0], eyes, files=files)
    told = findings.of_growth(answer, eyes.names(figure.asked.by[0]), lambda one, row: eyes.is_hidden(one, row))
    return replace(made, title=told or made.title, table=compared(answer, eyes))


def lines(figure: Figure, eyes: Eyes, *, files: Sequence[tuple[str, str]] = ()) -> Chart:
    """Over months, a line a department; of one department columns. A month in which nothing was held is 0."""
    by_month, across = figure.asked.by
    names = eyes.names(across)
    months = _months(eyes)
    found = {(row.keys[by_month], row.keys[across]): row for row in figure.rows}
    codes = [code for code in names if any((month, code) in found for month in months)]
    series = []
    for code in codes[:3]:
        rows = [found.get((month, code)) for month in months]
        hidden = frozenset(place for place, row in enumerate(rows) if row is not None and eyes.is_hidden(figure, row))
        numbers = [0.0 if row is None else row.value for row in rows]
        series.append(Series(findings.short_department(names[code]), numbers, STROKES.get(code, ""), hidden))
    shown = [words.month(month, short=True) for month in months]
    told = findings.of_months(series, months)
    drawing = (
        draw_columns(series[0], months=shown, label=told.sentence)
        if len(series) == 1
        else draw_lines(series, months=shown, label=told.sentence)
    )
    table = table_by_two(replace(figure, asked=figure.asked.split(across, by_month), rows=figure.rows), eyes)
    return Chart(
        told.title,
        subtitle(figure, across, eyes),
        drawing,
        table,
        files,
        note=_("Who came to two departments is in each of their lines; in the whole they are one.")
        if len(series) > 1
        else "",
        href=definition(figure.code, eyes),
    )


def columns(figure: Figure, eyes: Eyes, *, files: Sequence[tuple[str, str]] = ()) -> Chart:
    """Over months alone; a month without a row is one in which nothing was held."""
    found = figure.by_key("month")
    months = _months(eyes)
    rows = [found.get(month) for month in months]
    is_count = figure.unit in (Unit.PEOPLE, Unit.COUNT, Unit.HOURS)
    one = Series(
        indicators.get(figure.code).described.name,
        [(0.0 if is_count else None) if row is None else row.value for row in rows],
        hidden=frozenset(at for at, row in enumerate(rows) if row is not None and eyes.is_hidden(figure, row)),
    )
    told = findings.of_months([one], months)
    shown = [words.month(month, short=True) for month in months]
    return Chart(
        told.title,
        subtitle(figure, "month", eyes),
        draw_columns(one, months=shown, label=told.sentence),
        table_by_one(figure, "month", eyes),
        files,
        note=note(figure, "month", eyes),
    )


def _months(eyes: Eyes) -> list[str]:
    """Every month of the period, at most the last three years of it."""
    first, last = eyes.chosen.period.first, eyes.chosen.period.last
    number = last.year * 12 + last.month - 1
    count = min(36, number - (first.year * 12 + first.month - 1) + 1)
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in range(number - count + 1, number + 1)]


def pyramid(figure: Figure, eyes: Eyes, *, files: Sequence[tuple[str, str]] = ()) -> Chart:
    """Age by sex. Who did not say their sex is in the table and in a sentence beneath."""
    bands = eyes.names("age")
    found = {(row.keys["age"], row.keys["sex"]): row for row in figure.rows}
    pairs = []
    for code in [*bands, *([NOT_KNOWN] if any(age == NOT_KNOWN for age, _sex in found) else [])]:
        sides = [
            Bar("", 0.0) if row is None else eyes.bar(figure, row, "")
            for row in (found.get((code, sex)) for sex in ("female", "male"))
        ]
        pairs.append(Pair(words.key_name("age", code, bands), sides[0], sides[1], is_unknown=code == NOT_KNOWN))
    unsaid = [row for (_age, sex), row in found.items() if sex == NOT_KNOWN]
    told = findings.of_pyramid(pairs)
    left_out = ""
    if unsaid:
        hidden = any(eyes.is_hidden(figure, row) for row in unsaid)
        count = _("hidden") if hidden else said(sum(row.value or 0 for row in unsaid))
        left_out = _("Sex not known: %(n)s; they are in the table.") % {"n": count}
    return Chart(
        told.title,
        subtitle(figure, "age", eyes),
        draw_pyramid(pairs, left=_("Women"), right=_("Men"), label=told.sentence),
        table_by_two(figure, eyes),
        files,
        note=left_out,
        href=definition(figure.code, eyes),
    )


def nearness(answer: Answer, eyes: Eyes, *, files: Sequence[tuple[str, str]] = ()) -> Chart | None:
    """Own parish, a neighbouring one, farther: parts of the attendances of which it is known."""
    near, own = words.whole(answer.now), words.whole(answer.own)
    if answer.now is None or near is None or own is None or near.value is None or own.value is None or not near.n:
        return None
    parts = [
        (_("In one's own parish"), own.value),
        (_("In a neighbouring parish"), near.value - own.value),
        (_("Farther"), 100 - near.value),
    ]
    counts = [round(share * near.n / 100) for _name, share in parts]
    drawn = [Bar(name, share, text=said(float(count))) for (name, share), count in zip(parts, counts, strict=True)]
    rows: list[tuple[str, list[Cell]]] = [
        (name, [amount(float(count), 0), amount(share, 1)]) for (name, share), count in zip(parts, counts, strict=True)
    ]
    rows.append((_("Not known"), [amount(float(near.not_known), 0), Cell("–")]))
    told = findings.of_nearness(own.value, near.value)
    return Chart(
        told.title,
        " · ".join([_("Attendances by where they were"), place(eyes), words.counted(eyes.chosen)]),
        draw_shares(drawn, label=told.sentence),
        Table(caption(answer.now, eyes), [_("Where"), _("attendances"), "%"], rows),
        files,
        note=_("Not known where they live: %(n)s attendances, which are in no part.")
        % {"n": said(float(near.not_known))}
        if near.not_known
        else "",
        href=definition(answer.now.code, eyes),
    )


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
    if unknown:
        parts.append(_("Not known: %(n)s.") % {"n": said(float(unknown))})
    return " ".join(parts)


def files(key: str, eyes: Eyes, kinds: Iterable[str] = ("csv", "xlsx")) -> list[tuple[str, str]]:
    """The addresses of a panel's table as files."""
    return [(kind.upper(), eyes.chosen.address(tabula=key, format=kind)) for kind in kinds]


def as_rows(table: Table) -> list[list[str | float]]:
    """A table for a file: numbers hidden from everyone who is not of the desk are hidden here too."""
    return [list(table.head)] + [[name, *map(_for_file, row)] for name, row in table.rows]


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
