"""A template in the editor's words: what of a form is kept in it, and how a form begins from it."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.domain import programme, series
from courses.forms.parts import Refusable, TextField
from courses.forms.planning import DetailsForm, initial_of
from courses.models import Template

# Of one season alone: the next has its own days and its own number.
NOT_KEPT = ("registration_opens_at", "registration_closes_at", "ref")


class TemplateForm(Refusable):
    """The name of a template."""

    name = TextField(
        label=_("Name of the template"),
        most=80,
        error_messages={"required": _("Type a name.")},
        help_text=_("As colleagues will look for it: «Knitting, ten evenings»."),
    )
    replacing = forms.BooleanField(label=_("Replace the template that has this name"), required=False)


def content_of(spec: programme.ActivitySpec, *, offer: programme.Offer) -> dict[str, Any]:
    """All that the editor shows of an activity but its days, and how each choice reads; ready for JSON."""
    form = DetailsForm(offer=offer)
    kept = {name: value for name, value in initial_of(spec).items() if name not in NOT_KEPT and value not in ("", None)}
    shown = {
        name: {str(each): form.shown(name, each) for each in (value if isinstance(value, list) else [value])}
        for name, value in kept.items()
        if isinstance(form.fields.get(name), forms.ChoiceField)
    }
    habit = series.habit([(meeting.starts_at, meeting.ends_at) for meeting in spec.sessions])
    when = {}
    if habit is not None:
        when = {
            "starts": f"{habit.starts:%H:%M}",
            "ends": f"{habit.ends:%H:%M}",
            "weekdays": list(habit.weekdays),
            "every": habit.every,
            "count": habit.count,
        }
    return {"fields": kept, "shown": shown, "when": when}


def beginning_from(
    template: Template, *, offer: programme.Offer, beginning: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What the editor shows of a template, over what it would show anyway; and what of it is no longer on offer.

    A word retired meanwhile, somebody else's place, a post that is gone: left out and named, never chosen silently.
    """
    form = DetailsForm(offer=offer)
    shown: Mapping[str, Mapping[str, str]] = template.content.get("shown", {})
    initial, left_out = dict(beginning), []
    for name, value in template.fields.items():
        field = form.fields.get(name)
        if field is None or name in NOT_KEPT:
            continue
        if not isinstance(field, forms.ChoiceField):
            initial[name] = value
            continue
        wanted = value if isinstance(value, list) else [value]
        known = [each for each in wanted if field.valid_value(each)]
        for each in wanted:
            if each not in known:
                words = shown.get(name, {}).get(str(each)) or str(each)
                left_out.append(f"{field.label}: «{words}»")
        if known:
            initial[name] = known if isinstance(value, list) else known[0]
        elif isinstance(value, list):
            initial[name] = []
        elif name != "lead":
            # Nobody's choice but the planner's; the one department of one's own is no choice.
            initial[name] = ""
    return initial, left_out


def usual_hours(template: Template) -> dict[str, Any]:
    """What the form of a series begins with."""
    when = template.when
    try:
        return {
            "starts": time.fromisoformat(when["starts"]),
            "ends": time.fromisoformat(when["ends"]),
            "weekdays": [str(day) for day in when["weekdays"]],
            "every": str(when["every"]),
            "count": when["count"],
        }
    except KeyError:
        return {}
