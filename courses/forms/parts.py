"""What the forms of planning are made of: texts, days, amounts, and a form that shows what the domain refused."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from courses.domain import cells
from courses.forms.fields import NumberField, Typed


class TextField(Typed):
    """A text as it may also stand in a programme file: no control characters, no formula; tidied."""

    def __init__(self, *, several_lines: bool = False, most: int = 0, **options: Any) -> None:
        self.several_lines = several_lines
        self.most = most
        options.setdefault("widget", forms.Textarea(attrs={"rows": 4}) if several_lines else forms.TextInput())
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The browser stops typing at the limit."""
        return {**super().widget_attrs(widget), **({"maxlength": str(self.most)} if self.most else {})}

    def clean(self, value: Any) -> str:
        """The tidied text."""
        text = str(value or "")
        cells.refuse_what_is_no_text(text, breaks=self.several_lines)
        tidy = cells.paragraphs(text) if self.several_lines else cells.line(text)
        if self.required and not tidy:
            raise ValidationError(self.error_messages["required"], code="required")
        return tidy


class EuroField(Typed):
    """An amount in euros; nothing is free of charge."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "12"})

    def clean(self, value: Any) -> Any:
        """The amount."""
        return cells.euros(str(value)) if str(value or "").strip() else cells.FREE


def refuse_unmeant_year(day: date) -> None:
    """A year outside this century is a slip of the hand, and near the ends of the calendar nothing can be counted."""
    if not 2000 <= day.year <= 2100:
        raise ValidationError(_("The year %(year)s cannot be meant."), params={"year": day.year})


def date_field(**options: Any) -> forms.DateField:
    """A day, by the browser's own calendar."""
    wrong = {"invalid": _("There is no such date. Check the day and the month.")}
    needed = {"required": _("Choose the day.")}
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=wrong | needed,
        validators=[refuse_unmeant_year],
        **options,
    )


def time_field(**options: Any) -> forms.TimeField:
    """A time of day."""
    words = {"invalid": _("Type the time like this: 17:30."), "required": _("Type the time, for example 17:30.")}
    return forms.TimeField(
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), error_messages=words, **options
    )


def moment_field(**options: Any) -> forms.DateTimeField:
    """A day with a time; may be left empty."""
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("There is no such day or time. Check both.")},
        validators=[refuse_unmeant_year],
        required=False,
        **options,
    )


def number_field(**options: Any) -> NumberField:
    """A whole number; may be left empty."""
    return NumberField(wrong=_("Type a whole number, for example 12."), **options)


class Refusable(forms.Form):
    """A form that shows what the domain refused beside the field it concerns."""

    # Where the domain's names differ from the form's.
    renamed: Mapping[str, str] = {}

    def refuse(self, error: ValidationError) -> None:
        """Put each refusal beside its field, or on top of the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            here = self.renamed.get(name, name)
            for each in errors:
                self.add_error(here if here in self.fields and name != NON_FIELD_ERRORS else None, each)
