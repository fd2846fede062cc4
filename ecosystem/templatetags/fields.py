"""Fields, boxes to tick, what must be mended. Loaded with ``components``."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


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
    attributes: dict[str, str | bool] = (
        {"aria-describedby": " ".join(described)} if described and not bound.use_fieldset else {}
    )
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
        '<div class="error-summary" id="error-summary" role="alert" tabindex="-1" data-focus>'
        "<h2>{}</h2><ul>{}</ul></div>",
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
