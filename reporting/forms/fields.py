"""Fields of the forms upstairs: amounts and numbers that may be left empty, yes or no or not known."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.domain import cells
from courses.forms.fields import Typed
from ecosystem import dates

_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,2})?")
KNOWN = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


def a_number(text: str) -> Decimal:
    """A number with a point or a comma; refused with letters in it."""
    bare = re.sub(r"\s", "", text)
    if not _NUMBER.fullmatch(bare):
        raise ValidationError(_("Write a number, for example 12 or 12.5."), code="wrong")
    return Decimal(bare.replace(",", "."))


class DecimalField(Typed):
    """A number; None where nothing is written."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "14"})

    def prepare_value(self, value: Any) -> Any:
        """What is shown: a row's number as it is written here, or what was typed."""
        if not isinstance(value, Decimal):
            return value
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace(".", ",") if dates.is_latvian() else text

    def clean(self, value: Any) -> Decimal | None:
        """The number."""
        text = str(value or "").strip()
        if text:
            return a_number(text)
        if self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return None


class AmountField(DecimalField):
    """Euros; None where nothing is written."""

    def clean(self, value: Any) -> Decimal | None:
        """The amount to the cent."""
        text = str(value or "").strip()
        if not text:
            return super().clean(text)
        amount = cells.euros(text).quantize(Decimal("0.01"))
        if abs(amount) >= Decimal("100000000"):
            raise ValidationError(_("The amount is too large. Write it in euros."), code="wrong")
        return amount


class KnownField(forms.TypedChoiceField):
    """Yes, no, or not known (None)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=KNOWN,
            coerce=lambda said: said == "yes",
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": _("Choose one of the answers.")},
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """What is shown: the row's truth value, or what was chosen."""
        return {True: "yes", False: "no", None: ""}.get(value, value)


def chosen(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    """One of several; something else was not offered."""
    words = {"required": _("Choose one of them."), "invalid_choice": _("Choose one of them.")}
    return forms.ChoiceField(label=label, choices=choices, error_messages=words, **options)
