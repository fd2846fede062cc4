"""The signatures of the look: what a page may ask for, and the markup it gets.

Arguments are keyword-only wherever there is more than one, so that a misspelt name fails when the template is
compiled. Text is escaped here; only what a block tag wraps is markup already. See ``docs/components.md``.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ecosystem.templatetags import charts, fields, figures, pictures
from ecosystem.templatetags.pictures import icon_html

register = template.Library()
# One name to load: the parts stand in modules of their own only to be readable.
for part in (pictures, fields, figures, charts):
    register.tags.update(part.register.tags)

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
