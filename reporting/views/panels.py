"""Figures drawn: large numbers, and charts with their findings, tables and files."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ecosystem.numbers import finite, said
from ecosystem.templatetags.chart_bars import Bar, Pair, draw_bars, draw_pyramid, draw_shares, ranked
from ecosystem.templatetags.chart_months import Series, draw_columns, draw_lines
from ecosystem.templatetags.charts import BigNumber, Cell, Change, Chart, Table
from reporting.domain import indicators
from reporting.domain.dashboard import Answer
from reporting.domain.figures import NOT_KNOWN, Figure
from reporting.views import findings, words
from reporting.views.cells import (
    COUNTS,
    Eyes,
    amount,
    caption,
    compared,
    definition,
    note,
    ordered,
    place,
    subtitle,
    table_by_one,
    table_by_two,
)

# Of more rows a chart shows the longest; the table has them all.
MOST_BARS = 20
STROKES = {"MUZ": "lifelong", "LAB": "welfare", "JAU": "youth"}


def big_number(answer: Answer, eyes: Eyes) -> BigNumber:
    """A large figure with its changes, what it rests on, and what is not known of it."""
    panel = answer.panel
    name = findings.short_name(panel)
    href = definition(panel.code, eyes)
    figure = answer.now
    if figure is None:
        what = ", ".join(words.dimension(one).lower() for one in answer.unfit)
        return BigNumber(name, "–", about=_("Not counted by: %(what)s") % {"what": what}, href=href)
    row = words.whole(figure)
    about = "; ".join(
        part for part in (words.rests_on(figure), words.not_known(figure), findings.explained(panel)) if part
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
                words.difference(row, then, sees_few=eyes.sees_few),
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


# Charts


def drawn_or_not(told: findings.Finding, drawing: SafeString) -> SafeString:
    """Where there is nothing, its title says so; an empty drawing would say less."""
    return SafeString("") if told.is_empty else drawing


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
        drawn_or_not(told, draw_bars(shown, label=told.sentence, with_median=with_median, unit=unit)),
        table_by_one(figure, dimension, eyes),
        files,
        note=note(figure, dimension, eyes),
        href=definition(figure.code, eyes),
    )


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
        drawn_or_not(told, drawing),
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
    one = Series(
        indicators.get(figure.code).described.name,
        [(0.0 if figure.unit in COUNTS else None) if row is None else row.value for row in rows],
        hidden=frozenset(at for at, row in enumerate(rows) if row is not None and eyes.is_hidden(figure, row)),
    )
    told = findings.of_months([one], months)
    shown = [words.month(month, short=True) for month in months]
    return Chart(
        told.title,
        subtitle(figure, "month", eyes),
        drawn_or_not(told, draw_columns(one, months=shown, label=told.sentence)),
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
        drawn_or_not(told, draw_pyramid(pairs, left=_("Women"), right=_("Men"), label=told.sentence)),
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
    if any(eyes.is_hidden(answer.now, one) for one in (near, own)):
        return None
    parts = [
        (_("In one's own parish"), own.value),
        (_("In a neighbouring parish"), near.value - own.value),
        (_("Farther"), 100 - near.value),
    ]
    counts = [round(share * near.n / 100) for _name, share in parts]
    # One small part and the whole would give it away: then all of them stay at the desk.
    is_few = near.suppressed or own.suppressed or any(1 <= count <= 4 for count in counts)
    if is_few and not eyes.sees_few:
        return None
    drawn = [Bar(name, share, text=said(float(count))) for (name, share), count in zip(parts, counts, strict=True)]
    rows: list[tuple[str, list[Cell]]] = [
        (name, [replace(one, is_few=is_few) for one in (amount(float(count), 0), amount(share, 1))])
        for (name, share), count in zip(parts, counts, strict=True)
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
