"""Charts and large figures as a page asks for them. Loaded with ``components``; drawn by ``chart_bars`` and ``chart_months``.

A chart is one thing: its finding, what is measured where and when, the drawing with its sentence for who does not see it,
and the same numbers as a table and as files. A page makes a :class:`Chart` and writes ``{% chart one %}``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ecosystem.numbers import finite, said
from ecosystem.templatetags import figures
from ecosystem.templatetags.chart_bars import hidden_word

register = template.Library()

UP, DOWN, NEITHER = "up", "down", ""


@dataclass(frozen=True)
class Cell:
    """A number in a table. ``is_few``: hidden outside the desk, for it tells of few people."""

    text: str
    # The same for programs that read a file; None where it is no number.
    number: float | None = None
    is_few: bool = False
    is_hidden: bool = False

    @property
    def html(self) -> SafeString:
        """As the page shows it."""
        if self.is_hidden:
            return format_html('<td class="number soft">{}</td>', hidden_word())
        if self.is_few:
            return format_html(
                '<td class="number"><span class="few">{}<abbr title="{}">*</abbr></span></td>',
                self.text,
                _("hidden outside the desk: 1 to 4 people, or what would give them away"),
            )
        return format_html('<td class="number">{}</td>', self.text)


@dataclass(frozen=True)
class Table:
    """The numbers behind a chart: the names of the columns, then rows of a name and cells."""

    caption: str
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]

    @property
    def html(self) -> SafeString:
        """A real table, with its rows' and columns' heads."""
        head = format_html_join(
            "",
            '<th scope="col"{}>{}</th>',
            ((mark_safe(' class="number"') if place else "", name) for place, name in enumerate(self.head)),
        )
        rows = format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            ((name, mark_safe("".join(cell.html for cell in cells))) for name, cells in self.rows),
        )
        has_few = any(cell.is_few and not cell.is_hidden for _name, cells in self.rows for cell in cells)
        note = (
            format_html(
                '<p class="soft">* {}</p>', _("hidden outside the desk: 1 to 4 people, or what would give them away")
            )
            if has_few
            else ""
        )
        return format_html(
            '<table class="table table-staff"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>{}',
            self.caption,
            head,
            rows,
            note,
        )


@dataclass(frozen=True)
class Chart:
    """A chart with all that belongs to it."""

    # The finding, tested against the data by who makes it.
    title: str
    # Measure, area, period.
    subtitle: str
    drawing: SafeString
    table: Table
    # Kinds of file and their addresses: ("CSV", "…").
    files: Sequence[tuple[str, str]] = ()
    # What a reader must know to read it right: what the parts add up to, who is not in it.
    note: str = ""
    # The page of the indicator, where its definition and its list stand.
    href: str = ""


@register.simple_tag
def chart(one: Chart, *, level: int = 3) -> SafeString:
    """A chart in its frame."""
    note = format_html('<p class="figure-note">{}</p>', one.note) if one.note else ""
    links = chart_links(one.table, files=one.files, href=one.href)
    return figures.figure(mark_safe(one.drawing + note + links), title=one.title, subtitle=one.subtitle, level=level)


@register.simple_tag
def chart_links(table: Table, *, files: Sequence[tuple[str, str]] = (), href: str = "") -> SafeString:
    """Beneath a chart, in one row: the table, folded; its files; where it is defined."""
    links = format_html_join("", '<a href="{}">{}</a>', ((url, name) for name, url in files))
    more = format_html('<a href="{}">{}</a>', href, _("Definition and list")) if href else ""
    return mark_safe(figures.figure_table(table.html).removesuffix("</div>") + links + more + "</div>")


# Large figures


@dataclass(frozen=True)
class Change:
    """How much more or less than before: the difference, in what it is told, beside what, and which way is good."""

    difference: float | None
    # "2025. gadu": what it stands beside.
    beside: str
    # " procentpunkti": what follows the number.
    unit: str = ""
    good: str = NEITHER
    decimals: int | None = None


def change_html(one: Change) -> SafeString:
    """ "▲ 182 pret 2025. gadu"; without a number to stand beside, the words that say so."""
    number = finite(one.difference)
    if number is None:
        return format_html(
            '<p class="change soft">{}</p>', _("cannot be compared with %(beside)s") % {"beside": one.beside}
        )
    words = said(abs(number), decimals=one.decimals)
    if not any(sign in "123456789" for sign in words):
        return format_html(
            '<p class="change"><b>{}</b> {}</p>', _("no change"), _("against %(beside)s") % {"beside": one.beside}
        )
    way = UP if number > 0 else DOWN
    tone = "" if not one.good else " leaf" if one.good == way else " brick"
    path = "M1 10L6 1L11 10z" if way == UP else "M1 2L6 11L11 2z"
    return format_html(
        '<p class="change"><span class="change-number{}"><svg class="change-mark" viewBox="0 0 12 12" role="img" '
        'aria-label="{}"><path d="{}"/></svg> <b>{}</b></span>{} {}</p>',
        tone,
        _("more by") if way == UP else _("less by"),
        path,
        words,
        one.unit,
        _("against %(beside)s") % {"beside": one.beside},
    )


@register.simple_tag
def change(one: Change) -> SafeString:
    """How much more or less, with an arrow that has a name."""
    return change_html(one)


@dataclass(frozen=True)
class BigNumber:
    """One of the large figures: what, how many, what it rests on, how it changed, where it is defined."""

    label: str
    number: str
    unit: str = ""
    # What it rests on: "n = 4 126 apmeklējumi"; or what is counted.
    about: str = ""
    changes: Sequence[Change] = ()
    href: str = ""
    is_few: bool = False
    is_hidden: bool = False


@register.simple_tag
def big_number(one: BigNumber) -> SafeString:
    """A large figure; several stand in ``<dl class="stats">``."""
    unit = format_html(" <small>{}</small>", one.unit) if one.unit and not one.is_hidden else ""
    number = hidden_word() if one.is_hidden else one.number
    few = (
        format_html(
            '<abbr class="few" title="{}">*</abbr>',
            _("hidden outside the desk: 1 to 4 people, or what would give them away"),
        )
        if one.is_few and not one.is_hidden
        else ""
    )
    changes = mark_safe("".join(change_html(change) for change in one.changes))
    label = format_html('<a href="{}">{}</a>', one.href, one.label) if one.href else one.label
    return format_html(
        '<div class="stat"><dt>{}</dt><dd class="stat-number{}">{}{}{}</dd><dd>{}</dd>{}</div>',
        label,
        " is-hidden" if one.is_hidden else "",
        number,
        few,
        unit,
        changes,
        format_html('<dd class="soft">{}</dd>', one.about) if one.about else "",
    )


# A table with its numbers in steps of one hue


@dataclass(frozen=True)
class Heat:
    """One cell of a table in steps: a number, and where a click on it leads (then ``about`` says what for)."""

    number: float | None
    text: str = ""
    href: str = ""
    about: str = ""
    is_hidden: bool = False


@register.simple_tag
def heat_table(
    rows: Sequence[tuple[str, Sequence[Heat]]], *, head: Sequence[str], caption: str, most: float = 0
) -> SafeString:
    """Rows by columns; the more, the darker, always with its number. None is a dash in a dashed frame.

    ``most`` is what the darkest stands for; left out, the highest there is.
    """
    highest = most or max(
        (cell.number or 0 for _name, cells in rows for cell in cells if not cell.is_hidden), default=0
    )
    columns = format_html_join("", '<th scope="col">{}</th>', ((name,) for name in head[1:]))
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        ((name, mark_safe("".join(_heat(cell, highest) for cell in cells))) for name, cells in rows),
    )
    return format_html(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="{}"><table class="heat"><caption '
        'class="visually-hidden">{}</caption><thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        caption,
        caption,
        head[0] if head else "",
        columns,
        body,
    )


def step(number: float | None, highest: float) -> int:
    """Which of five steps a number stands on; 0 for none."""
    value = finite(number)
    if value is None or value <= 0 or not highest > 0:
        return 0
    return min(5, int(value / highest * 4.999) + 1)


@register.simple_tag
def step_legend(labels: Sequence[str]) -> SafeString:
    """What the steps of a map mean: each its dot and its words."""
    return format_html(
        '<ul class="step-legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg class="share-mark" aria-hidden="true"><circle class="map-dot is-step-{}" cx="8" cy="8" r="7"/></svg>{}</li>',
            enumerate(labels, start=1),
        ),
    )


def _heat(cell: Heat, highest: float) -> str:
    if cell.is_hidden:
        return f'<td class="is-hidden"><span>{escape(hidden_word())}</span></td>'
    number = step(cell.number, highest)
    if not number:
        inner = '<span aria-hidden="true">–</span><span class="visually-hidden">0</span>'
    else:
        inner = escape(cell.text or said(cell.number))
    if cell.href:
        about = f'<span class="visually-hidden">{escape(cell.about)}: </span>' if cell.about else ""
        inner = f'<a href="{escape(cell.href)}">{about}{inner}</a>'
    return f'<td class="step-{number}">{inner if cell.href else f"<span>{inner}</span>"}</td>'
