"""The signatures of the look: what a page may ask for, and the markup it gets.

Arguments are keyword-only wherever there is more than one, so that a misspelt name fails when the template is
compiled. Text is escaped here; only what a block tag wraps is markup already. See ``docs/components.md``.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any, Protocol

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ecosystem.templatetags import parish_map as drawing

register = template.Library()

ICONS = frozenset(
    ["calendar", "clock", "pin", "people", "user", "euro", "phone", "search", "filter", "menu", "close", "check", "alert", "info", "mail", "print", "download", "language", "globe", "online", "map", "list", "table", "home", "arrow-left", "arrow-right", "chevron", "plus", "wheelchair", "lift", "toilet", "parking", "ear", "bus"]
)
FAMILIES = frozenset(("skills", "hands", "land", "body", "together", "work"))
PIPS_SHOWN = 20  # more would be a texture, not a number


class CardLike(Protocol):
    """What a card must know; ``courses.views.cards.Card`` is one."""

    id: int
    url: str
    title: str
    family: str
    tile_day: str
    tile_month: str
    tile_start: str
    tile_end: str
    when_text: str
    place_text: str
    distance_text: str
    whom_text: str
    price_text: str
    places_left: int | None
    capacity: int | None
    places_text: str
    places_tone: str
    alternative_text: str
    alternative_url: str
    badges: list[str]


# Pictures


@lru_cache(maxsize=256)
def icon_html(name: str, small: bool = False) -> SafeString:
    """The line icon of this name from the sprite; decoration, so hidden from readers of the screen."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"There is no icon called {name!r}")
    sprite = escape(static("img/icons.svg"))
    look = "icon icon-small" if small else "icon"
    return mark_safe(f'<svg class="{look}" aria-hidden="true"><use href="{sprite}#{name}"/></svg>')


@register.simple_tag
def icon(name: str, *, small: bool = False) -> SafeString:
    """A line icon: ``{% icon "calendar" %}``."""
    return icon_html(name, small)


@register.simple_tag
def weave(family: str) -> SafeString:
    """A short band woven in the pattern of a topic family."""
    return mark_safe(f'<span class="weave {_family(family)}" aria-hidden="true"></span>')


def _family(family: str) -> str:
    return f"family-{family}" if family in FAMILIES else "family-skills"


@lru_cache(maxsize=2048)
def _tile(family: str, top: str, bottom: str, time: bool) -> str:
    first, second = ("start", "end") if time else ("day", "month")
    dash = "–" if time and bottom else ""
    return (
        f'<p class="tile {_family(family)}"><span class="tile-{first}">{escape(top)}</span>'
        f'<span class="tile-{second}">{dash}{escape(bottom)}</span></p>'
    )


@register.simple_tag
def date_tile(day: str, month: str, family: str) -> SafeString:
    """The tile with a day: ``{% date_tile "12." "janv." "hands" %}``."""
    return mark_safe(_tile(family, day, month, False))


@register.simple_tag
def time_tile(start: str, end: str, family: str) -> SafeString:
    """The tile with hours, for lists grouped by day."""
    return mark_safe(_tile(family, start, end, True))


# Places


@lru_cache(maxsize=1024)
def pips_html(left: int | None, capacity: int | None) -> str:
    """The row of places: taken filled, free outlined; nothing without a limit or above twenty."""
    if left is None or not capacity or capacity > PIPS_SHOWN:
        return ""
    taken = max(0, min(capacity, capacity - left))
    filled = "".join(
        f"M{x + 2} 0h5a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2z" for x in _steps(0, taken)
    )
    hollow = "".join(
        f"M{x + 2.875} .875h3.25a2 2 0 0 1 2 2v7.25a2 2 0 0 1-2 2h-3.25a2 2 0 0 1-2-2v-7.25a2 2 0 0 1 2-2z"
        for x in _steps(taken, capacity)
    )
    width = capacity * 12 - 3
    return (
        f'<svg class="places-pips" width="{width}" height="13" viewBox="0 0 {width} 13" preserveAspectRatio="xMinYMid" aria-hidden="true">'
        + (f'<path class="pip-taken" d="{filled}"/>' if filled else "")
        + (f'<path class="pip-free" d="{hollow}"/>' if hollow else "")
        + "</svg>"
    )


def _steps(first: int, end: int) -> list[int]:
    return [number * 12 for number in range(first, end)]


_TONES = {
    tone: f'<div class="places places-{tone}">' for tone in ("leaf", "gold", "brick", "plain")
}  # leaf: room, gold: few left, brick: none, plain: no register


@register.simple_tag
def places(
    *, text: str, tone: str, left: int | None = None, capacity: int | None = None, large: bool = False
) -> SafeString:
    """The row of places: words that say it all, pips beside them as decoration."""
    opening = _TONES.get(tone, _TONES["plain"])
    if large:
        opening = opening.replace('"places ', '"places places-large ')
    return mark_safe(f'{opening}{pips_html(left, capacity)}<span class="places-text">{escape(text)}</span></div>')


# The card


@register.simple_tag
def activity_card(card: CardLike, *, level: int = 3) -> SafeString:
    """An activity in one glance. Built from strings: twenty of them stand on every page of the catalogue."""
    if card.tile_start:
        tile = _tile(card.family, card.tile_start, card.tile_end, True)
    else:
        tile = _tile(card.family, card.tile_day, card.tile_month, False)
    left = "" if card.places_left is None else card.places_left
    where = escape(card.place_text)
    if card.distance_text:
        where = f"{where} · <strong>{escape(card.distance_text)}</strong>"
    whom = " · ".join(escape(part) for part in (card.whom_text, card.price_text) if part)
    lines = [
        f'<article class="card" data-activity="{card.id}" data-places-left="{left}">{tile}<div class="card-body">'
        f'<h{level} class="card-title"><a href="{escape(card.url)}">{escape(card.title)}</a></h{level}>'
    ]
    if card.when_text:
        lines.append(f'<p class="card-line">{icon_html("calendar")}<span>{escape(card.when_text)}</span></p>')
    if where:
        lines.append(f'<p class="card-line">{icon_html("pin")}<span>{where}</span></p>')
    if whom:
        lines.append(f'<p class="card-line">{icon_html("people")}<span>{whom}</span></p>')
    if card.badges:
        badges = "".join(f'<span class="badge">{escape(badge)}</span>' for badge in card.badges)
        lines.append(f'<p class="card-badges">{badges}</p>')
    if card.places_text:
        opening = _TONES.get(card.places_tone, _TONES["plain"])
        pips = pips_html(card.places_left, card.capacity)
        lines.append(f'{opening}{pips}<span class="places-text">{escape(card.places_text)}</span></div>')
    if card.alternative_text:
        instead = escape(card.alternative_text)
        if card.alternative_url:
            instead = f'<a href="{escape(card.alternative_url)}">{instead}</a>'
        lines.append(f'<p class="card-instead">{instead}</p>')
    lines.append("</div></article>")
    return mark_safe("".join(lines))


# Links and buttons


@register.simple_block_tag
def button(
    content: SafeString,
    *,
    href: str = "",
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    small: bool = False,
    block: bool = False,
) -> SafeString:
    """A link that looks like a button, or without an address a button that sends the form."""
    look = f"btn btn-{kind}" + (" btn-small" if small else "") + (" btn-block" if block else "")
    picture = icon_html(icon) if icon else ""
    if href:
        return format_html('<a class="{}" href="{}">{}{}</a>', look, href, picture, content.strip())
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html('<button class="{}" type="submit"{}>{}{}</button>', look, named, picture, content.strip())


@register.simple_tag
def chip(label: str, href: str) -> SafeString:
    """A quick link."""
    return format_html('<a class="chip" href="{}">{}</a>', href, label)


@register.simple_tag
def chip_remove(label: str, href: str) -> SafeString:
    """A value chosen in a filter; the link leads to the list without it."""
    return format_html(
        '<a class="chip is-chosen" href="{}"><span class="visually-hidden">{} </span>{}{}</a>',
        href,
        _("Remove:"),
        label,
        icon_html("close"),
    )


@register.simple_tag
def back_link(label: str, href: str) -> SafeString:
    """The way back, above the heading."""
    return format_html('<a class="back-link" href="{}">{}{}</a>', href, icon_html("arrow-left"), label)


@register.simple_tag
def breadcrumbs(links: Iterable[Mapping[str, str]], *, current: str) -> SafeString:
    """Where the page stands: links of ``label`` and ``url``, then the page itself."""
    steps = format_html_join("", '<li><a href="{}">{}</a></li>', ((link["url"], link["label"]) for link in links))
    return format_html(
        '<nav class="breadcrumbs" aria-label="{}"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        _("Where you are"),
        steps,
        current,
    )


def telephone_words(number: Any) -> str:
    """Eight digits in two groups, as people read them aloud; other numbers as they are."""
    text = str(getattr(number, "as_e164", number))
    digits = "".join(sign for sign in text if sign.isdigit())
    local = digits[3:] if digits.startswith("371") and len(digits) == 11 else digits
    return f"{local[:4]}\u00a0{local[4:]}" if len(local) == 8 else text


@register.simple_tag
def telephone(number: Any, *, small: bool = False, plain: bool = False) -> SafeString:
    """A number that can be touched to ring it; ``plain`` within a sentence."""
    text = str(getattr(number, "as_e164", number))
    digits = "".join(sign for sign in text if sign.isdigit() or sign == "+")
    dialled = digits if digits.startswith("+") else f"+371{digits}" if len(digits) == 8 else digits
    words = telephone_words(number)
    if plain:
        return format_html('<a class="nowrap" href="tel:{}">{}</a>', dialled, words)
    look = "tel tel-small" if small else "tel"
    return format_html('<a class="{}" href="tel:{}">{}{}</a>', look, dialled, icon_html("phone"), words)


@register.simple_tag
def phone_box(*, number: Any, text: str = "", hours: str = "", title: str = "", level: int = 2) -> SafeString:
    """ "Easier by telephone?": who answers, the number large, when."""
    return format_html(
        '<section class="aside-box is-gold"><h{0} class="h2">{1}</h{0}>{2}{3}{4}</section>',
        level,
        title or _("Easier by telephone?"),
        format_html("<p>{}</p>", text) if text else "",
        telephone(number),
        format_html('<p class="soft small">{}</p>', hours) if hours else "",
    )


# Blocks of text


@register.simple_block_tag
def notice(content: SafeString, *, tone: str = "info", title: str = "", icon: str = "") -> SafeString:
    """A message in the page: info, gold (mind), brick (care), leaf (done)."""
    pictures = {"info": "info", "gold": "alert", "brick": "alert", "leaf": "check"}
    return format_html(
        '<div class="notice notice-{}">{}<div class="notice-body">{}{}</div></div>',
        tone,
        icon_html(icon or pictures[tone]),
        format_html('<p class="notice-title">{}</p>', title) if title else "",
        content,
    )


@register.simple_block_tag
def empty_state(content: SafeString, *, title: str, level: int = 2) -> SafeString:
    """Nothing to list: what was looked for, the nearest thing that exists, a way on."""
    return format_html('<div class="empty"><h{0}>{1}</h{0}>{2}</div>', level, title, content)


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    """The list of when, where, for whom, how much; each a ``fact``."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: SafeString, *, icon: str, label: str) -> SafeString:
    """One fact, its icon and its question."""
    return format_html('<div class="fact"><dt>{}{}</dt><dd>{}</dd></div>', icon_html(icon), label, content)


@register.simple_block_tag
def bottom_bar(content: SafeString) -> SafeString:
    """The bar in a thumb's reach on telephones; what it holds stands in the page too."""
    return format_html('<div class="bottom-bar no-print">{}</div>', content)


@register.simple_tag
def day_heading(text: str, *, level: int = 3) -> SafeString:
    """The heading of one day in a list grouped by day."""
    return format_html('<h{0} class="day-heading">{1}</h{0}>', level, text)


@register.simple_tag
def steps(labels: Sequence[str], *, current: int) -> SafeString:
    """Where in a form of several pages one is; counted from 1."""
    items = []
    for number, label in enumerate(labels, start=1):
        state = ' aria-current="step"' if number == current else ' class="is-done"' if number < current else ""
        items.append(f"<li{state}>{escape(str(label))}</li>")
    return mark_safe(f'<ol class="steps">{"".join(items)}</ol>')


@register.simple_tag
def outcome_mark(name: str, *, tone: str = "leaf") -> SafeString:
    """The round sign above an outcome: leaf done, gold waiting, brick ended, mist received."""
    return format_html('<div class="outcome-mark is-{}" aria-hidden="true">{}</div>', tone, icon_html(name))


@register.simple_tag
def pager(
    *,
    next_url: str = "",
    next_label: str = "",
    pages: Iterable[Mapping[str, Any]] = (),
) -> SafeString:
    """*Show more* and the pages: each ``number``, ``url`` and ``current``; a ``number`` of None is a gap."""
    items = []
    for page in pages:
        if page["number"] is None:
            items.append("<li><span>…</span></li>")
        elif page["current"]:
            items.append(f'<li><span aria-current="page">{escape(str(page["number"]))}</span></li>')
        else:
            words = escape(_("Page %(number)s") % {"number": page["number"]})
            items.append(
                f'<li><a href="{escape(page["url"])}" aria-label="{words}">{escape(str(page["number"]))}</a></li>'
            )
    more = (
        format_html('<a class="btn btn-outline" href="{}" data-more>{}</a>', next_url, next_label) if next_url else ""
    )
    if not items and not more:
        return mark_safe("")
    listed = mark_safe(f"<ol>{''.join(items)}</ol>" if len(items) > 1 else "")
    return format_html('<nav class="pager" aria-label="{}">{}{}</nav>', _("Pages"), more, listed)


@register.simple_tag
def segmented_links(links: Iterable[Mapping[str, Any]], *, label: str) -> SafeString:
    """One of a few views: links of ``label``, ``url``, ``current``."""
    items = [
        '<a href="{}"{}>{}</a>'.format(
            escape(link["url"]), ' aria-current="true"' if link["current"] else "", escape(str(link["label"]))
        )
        for link in links
    ]
    return format_html('<nav class="segmented" aria-label="{}">{}</nav>', label, mark_safe("".join(items)))


# Forms


@register.simple_tag
def check_option(
    *,
    name: str,
    value: Any,
    label: str,
    checked: bool = False,
    count: Any = None,
    kind: str = "checkbox",
    hint: str = "",
) -> SafeString:
    """A box to tick (or a ``kind="radio"``), with how many it would show."""
    number = "" if count is None else f'<span class="check-count">{escape(str(count))}</span>'
    more = f'<span class="check-hint">{escape(hint)}</span>' if hint else ""
    look = "check is-none" if count == 0 and not checked else "check"
    return mark_safe(
        f'<label class="{look}"><input type="{escape(kind)}" name="{escape(name)}" value="{escape(str(value))}"'
        f'{" checked" if checked else ""}><span class="check-label">{escape(str(label))}</span>{number}{more}</label>'
    )


@register.simple_tag
def segmented_radios(options: Iterable[tuple[Any, Any]], *, name: str, legend: str, value: Any = "") -> SafeString:
    """A few values of which one holds; a form's field, so it needs no script."""
    items = "".join(
        '<label><input type="radio" name="{}" value="{}"{}><span>{}</span></label>'.format(
            escape(name),
            escape(str(one)),
            " checked" if str(one) == str(value) else "",
            escape(str(label)),
        )
        for one, label in options
    )
    return format_html(
        '<fieldset><legend class="visually-hidden">{}</legend><div class="segmented">{}</div></fieldset>',
        legend,
        mark_safe(items),
    )


@register.simple_tag
def field(
    bound: BoundField, *, label: str = "", hint: str = "", size: str = "", optional: bool | None = None
) -> SafeString:
    """A form's field: label, hint, error, input. What may stay empty says so; what must not goes unmarked.

    ``size`` is ``short`` or ``shorter``. ``optional=False`` silences the words for a field that rules ask for.
    """
    if bound.is_hidden:
        return bound.as_widget()
    identity = bound.id_for_label or bound.auto_id
    words = label or str(bound.label)
    advice = hint or str(bound.help_text)
    errors = [str(error) for error in bound.errors]
    boxed = bound.field.widget.input_type == "checkbox" if hasattr(bound.field.widget, "input_type") else False
    boxed = boxed and not bound.use_fieldset
    described = [f"{bound.auto_id}_{part}" for part, there in (("hint", advice), ("error", errors)) if there]
    attributes = {"aria-describedby": " ".join(described)} if described and not bound.use_fieldset else {}
    widget = bound.as_widget(attrs=attributes)
    shown = (not bound.field.required and not boxed) if optional is None else optional
    note = format_html(' <span class="field-optional">{}</span>', _("(may be left empty)")) if shown else ""
    hint_html = format_html('<p class="field-hint" id="{}_hint">{}</p>', bound.auto_id, advice) if advice else ""
    error_html = _errors_html(bound.auto_id, errors)
    look = " ".join(part for part in ("field", f"field-{size}" if size else "", "has-error" if errors else "") if part)
    if boxed:
        return format_html(
            '<div class="{}">{}<label class="check" for="{}">{}<span class="check-label">{}</span></label>{}</div>',
            look,
            error_html,
            identity,
            widget,
            words,
            hint_html,
        )
    if bound.use_fieldset:
        link = format_html(' aria-describedby="{}"', " ".join(described)) if described else ""
        return format_html(
            '<fieldset class="{}" id="{}_group"{}><legend class="field-label">{}{}</legend>{}{}{}</fieldset>',
            look,
            bound.auto_id,
            link,
            words,
            note,
            hint_html,
            error_html,
            widget,
        )
    return format_html(
        '<div class="{}"><label class="field-label" for="{}">{}{}</label>{}{}{}</div>',
        look,
        identity,
        words,
        note,
        hint_html,
        error_html,
        widget,
    )


def _errors_html(identity: str, errors: Sequence[str]) -> str:
    """The errors of one field, in the same words as in the summary."""
    if not errors:
        return ""
    lines = format_html_join(mark_safe("<br>"), "{}", ((error,) for error in errors))
    return format_html('<p class="field-error" id="{}_error">{}</p>', identity, lines)


@register.simple_block_tag
def field_wrap(
    content: SafeString,
    *,
    label: str,
    for_id: str = "",
    hint: str = "",
    error: str = "",
    optional: bool = False,
    size: str = "",
    group: bool = False,
) -> SafeString:
    """Label, hint and error around inputs written by hand; ``group`` for several inputs under one question.

    The input itself names ``<for_id>_hint`` and ``<for_id>_error`` in its ``aria-describedby``.
    """
    note = format_html(' <span class="field-optional">{}</span>', _("(may be left empty)")) if optional else ""
    hint_html = format_html('<p class="field-hint" id="{}_hint">{}</p>', for_id, hint) if hint else ""
    error_html = _errors_html(for_id, [error] if error else [])
    look = " ".join(part for part in ("field", f"field-{size}" if size else "", "has-error" if error else "") if part)
    if group:
        described = " ".join(f"{for_id}_{part}" for part, there in (("hint", hint), ("error", error)) if there)
        link = format_html(' aria-describedby="{}"', described) if described else ""
        return format_html(
            '<fieldset class="{}"{}><legend class="field-label">{}{}</legend>{}{}{}</fieldset>',
            look,
            link,
            label,
            note,
            hint_html,
            error_html,
            content,
        )
    return format_html(
        '<div class="{}"><label class="field-label" for="{}">{}{}</label>{}{}{}</div>',
        look,
        for_id,
        label,
        note,
        hint_html,
        error_html,
        content,
    )


@register.simple_tag
def error_summary(errors: Iterable[tuple[str, str]], *, title: str = "") -> SafeString:
    """What must be mended, as links to the fields: pairs of an id and the words; an empty id gives no link."""
    items = [
        format_html('<li><a href="#{}">{}</a></li>', identity, words) if identity else format_html("<li>{}</li>", words)
        for identity, words in errors
    ]
    if not items:
        return mark_safe("")
    return format_html(
        '<div class="error-summary" id="error-summary" role="alert" tabindex="-1" data-focus><h2>{}</h2><ul>{}</ul></div>',
        title or _("Please check what you wrote"),
        format_html_join("", "{}", ((item,) for item in items)),
    )


@register.simple_tag
def form_errors(*forms: BaseForm, title: str = "") -> SafeString:
    """The same from forms: ``{% form_errors form %}`` or several forms."""
    pairs: list[tuple[str, str]] = []
    for form in forms:
        if not form.is_bound:
            continue
        pairs += [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            identity = f"{bound.auto_id}_group" if bound.use_fieldset else (bound.id_for_label or bound.auto_id)
            pairs += [(identity, str(error)) for error in bound.errors]
    return error_summary(pairs, title=title)


# Month, figures, map


@register.simple_tag
def month_calendar(
    weeks: Sequence[Sequence[Mapping[str, Any]]], *, weekdays: Sequence[str], caption: str
) -> SafeString:
    """A month: a table on a desk, an agenda of the days with something on a telephone.

    A day: ``number``, ``label`` (the whole date), ``outside``, ``today``, ``entries`` (each ``url``, ``time``, ``title``,
    ``family``), ``more_url`` and ``more_label`` (empty where nothing is left out).
    """
    head = "".join(f'<th scope="col">{escape(str(day))}</th>' for day in weekdays)
    rows = "".join(f"<tr>{''.join(_day(day) for day in week)}</tr>" for week in weeks)
    return mark_safe(
        f'<table class="calendar"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
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
        f'<li class="{_family(entry["family"])}"><a href="{escape(entry["url"])}">'
        f'<span class="time">{escape(entry["time"])}</span> {escape(entry["title"])}</a></li>'
        for entry in day["entries"]
    )
    more = (
        f'<a class="calendar-more" href="{escape(day["more_url"])}">{escape(day["more_label"])}</a>'
        if day["more_url"]
        else ""
    )
    look = f' class="{" ".join(states)}"' if states else ""
    return (
        f'<td{look}><span class="calendar-number">{day["number"]}</span>'
        f'<span class="calendar-date">{escape(day["label"])}</span>{f"<ul>{entries}</ul>" if entries else ""}{more}</td>'
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
