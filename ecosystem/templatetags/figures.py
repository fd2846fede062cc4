"""The month, the frame of a chart, the map. Loaded with ``components``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ecosystem.templatetags import parish_map as drawing
from ecosystem.templatetags.pictures import family_class, icon_html

register = template.Library()

# Where a long Latvian word may be broken: after a vowel before a syllable, or between two consonants. Browsers
# have no Latvian hyphenation, and a day of the month is narrower than *Viedtālrunis*.
_VOWEL, _CONSONANT = "aeiouāēīōū", "bcčdfgģhjkķlļmnņprsštvzž"
_BREAK = re.compile(
    rf"(?<=\w\w[{_VOWEL}])(?=[{_CONSONANT}][{_VOWEL}]\w)|(?<=\w[{_VOWEL}][{_CONSONANT}])(?=[{_CONSONANT}][{_VOWEL}]\w)",
    re.IGNORECASE,
)
_LONG = re.compile(r"\w{10,}")


def breakable(text: str) -> str:
    """The text with soft hyphens in its long words: *Vied\u00adtāl\u00adru\u00adnis*."""
    return _LONG.sub(lambda word: _BREAK.sub("\u00ad", word[0]), text)


@register.simple_tag
def month_calendar(
    weeks: Sequence[Sequence[Mapping[str, Any]]], *, weekdays: Sequence[str], caption: str
) -> SafeString:
    """A month: a table on a desk, an agenda of the days with something on a telephone.

    A day: ``number``, ``label`` (the whole date), ``outside``, ``today``, ``entries`` (each ``url``, ``time``,
    ``title``, ``family``), ``more_url`` and ``more_label`` (empty where nothing is left out).
    """
    head = "".join(f'<th scope="col">{escape(str(day))}</th>' for day in weekdays)
    rows = "".join(f"<tr>{''.join(_day(day) for day in week)}</tr>" for week in weeks)
    return mark_safe(
        f'<table class="calendar"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _day(day: Mapping[str, Any]) -> str:
    states = [
        state
        for state, there in (
            ("is-outside", day["outside"]),
            ("is-today", day["today"]),
            ("has-entries", day["entries"]),
        )
        if there
    ]
    entries = "".join(
        f'<li class="{family_class(entry["family"])}"><a href="{escape(entry["url"])}">'
        f'<span class="time">{escape(entry["time"])}</span> {escape(breakable(entry["title"]))}</a></li>'
        for entry in day["entries"]
    )
    more = (
        f'<a class="calendar-more" href="{escape(day["more_url"])}">{escape(day["more_label"])}</a>'
        if day["more_url"]
        else ""
    )
    look = f' class="{" ".join(states)}"' if states else ""
    listed = f"<ul>{entries}</ul>" if entries else ""
    return (
        f'<td{look}><span class="calendar-number">{day["number"]}</span>'
        f'<span class="calendar-date">{escape(day["label"])}</span>{listed}{more}</td>'
    )


@register.simple_block_tag
def figure(content: SafeString, *, title: str, subtitle: str = "", level: int = 3) -> SafeString:
    """A chart's frame: the finding as its title; measure, area and period beneath; then the SVG and its table."""
    return format_html(
        '<figure class="figure"><figcaption><h{0} class="figure-title">{1}</h{0}>{2}</figcaption>{3}</figure>',
        level,
        title,
        format_html('<p class="figure-subtitle">{}</p>', subtitle) if subtitle else "",
        content,
    )


@register.simple_block_tag
def figure_table(content: SafeString, *, csv_url: str = "") -> SafeString:
    """The figures behind a chart as a table, folded away, and as a file."""
    return format_html(
        '<div class="figure-links"><details class="more"><summary>{}{}</summary>'
        '<div class="table-scroll figure-table" tabindex="0">{}</div></details>{}</div>',
        icon_html("table", True),
        _("Table"),
        content,
        format_html('<a href="{}">CSV</a>', csv_url) if csv_url else "",
    )


@register.simple_tag
def parish_map(
    points: Sequence[Mapping[str, Any]],
    *,
    label: str,
    edges: Iterable[tuple[str, str]] = (),
    rings: Iterable[float] = (),
    areas: Iterable[str] = (),
    hollow: Mapping[str, Any] | None = None,
    caption: str = "",
    counts: bool = False,
) -> SafeString:
    """The municipality as points: see ``ecosystem.templatetags.parish_map`` for what a point carries."""
    return drawing.draw(
        points, label=label, edges=edges, rings=rings, areas=areas, hollow=hollow, caption=caption, counts=counts
    )
