"""The signatures drawn: icons, the woven tile, the row of places, the card. Loaded with ``components``."""

from functools import lru_cache
from html import escape
from typing import Protocol

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ICONS = frozenset(
    (
        *("calendar", "clock", "pin", "people", "user", "euro", "phone", "search", "filter", "menu", "close", "check"),
        *("alert", "info", "mail", "print", "download", "language", "globe", "online", "map", "list", "table", "home"),
        *("arrow-left", "arrow-right", "chevron", "plus", "wheelchair", "lift", "toilet", "parking", "ear", "bus"),
    )
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
    queue_text: str
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
    return mark_safe(f'<span class="weave {family_class(family)}" aria-hidden="true"></span>')


def family_class(family: str) -> str:
    """The class that gives a topic family its tint, ink and weave."""
    return f"family-{family}" if family in FAMILIES else "family-skills"


@lru_cache(maxsize=2048)
def _tile(family: str, top: str, bottom: str, time: bool) -> str:
    first, second = ("start", "end") if time else ("day", "month")
    dash = "–" if time and bottom else ""
    return (
        f'<p class="tile {family_class(family)}"><span class="tile-{first}">{escape(top)}</span>'
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
    if card.queue_text or card.alternative_text:
        instead = escape(card.alternative_text)
        if card.alternative_url:
            instead = f'<a href="{escape(card.alternative_url)}">{instead}</a>'
        instead = " ".join(part for part in (escape(card.queue_text), instead) if part)
        lines.append(f'<p class="card-instead">{instead}</p>')
    lines.append("</div></article>")
    return mark_safe("".join(lines))
