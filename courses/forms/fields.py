"""Fields of the public forms. Each says in plain words what to type, and keeps what was typed."""

import re
import unicodedata
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.text import clean

# Spaces of any sort are made one; everything else that cannot be seen is refused, and taken out when shown again.
_SPACES = "\t\n\r\x0b\x0c\x85\xa0"
# What a page shows again of an endless text: more would only slow the reader's browser.
SHOWN_AGAIN = 20_000


def has_control_characters(text: str) -> bool:
    """Whether a text holds characters that nobody types: NUL, escape, bell."""
    return any(unicodedata.category(letter) == "Cc" and letter not in _SPACES for letter in text)


def shown_again(value: Any) -> str:
    """What was typed, as a page may show it again: without what cannot be written, and not endless."""
    text = str(value or "")[:SHOWN_AGAIN]
    return clean(text) if has_control_characters(text) else text


class Typed(forms.CharField):
    """A text as it was typed: the checks of Django that would speak first, in other words, are left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.validators = []

    def bound_data(self, data: Any, initial: Any) -> str:
        """What the page shows again."""
        return shown_again(data)


class LineField(Typed):
    """One line of text: spaces tidied, control characters refused, length told in words."""

    def __init__(self, *, longest: int, too_long: Any, **options: Any) -> None:
        self.longest = longest
        self.too_long = too_long
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The browser stops typing at the limit."""
        return {**super().widget_attrs(widget), "maxlength": str(self.longest)}

    def to_python(self, value: Any) -> str:
        """The tidied line; refused with control characters or above the limit."""
        text = str(value or "")
        if has_control_characters(text):
            raise ValidationError(
                gettext("There was a character here that cannot be written. We took it out: please check."),
                code="control",
            )
        line = clean(text)
        if len(line) > self.longest:
            raise ValidationError(self.too_long, code="too_long", params={"count": self.longest})
        return line


class NameField(LineField):
    """A person's given or family name."""

    def __init__(self, *, missing: Any, longest: int = 60, **options: Any) -> None:
        self.missing = missing
        super().__init__(
            longest=longest,
            too_long=_("This is too long for a name. Write it shorter, at most %(count)s letters."),
            error_messages={"required": missing},
            **options,
        )

    def clean(self, value: Any) -> str:
        """A name has a letter in it."""
        name = super().clean(value)
        if name and not any(letter.isalpha() for letter in name):
            raise ValidationError(self.missing, code="required")
        return str(name)


class NumberField(Typed):
    """A small whole number typed into a box: a day, a month, a year. "5." and "05" are five."""

    widget = forms.TextInput

    def __init__(self, *, digits: int, wrong: Any, **options: Any) -> None:
        self.digits = digits
        self.wrong = wrong
        super().__init__(required=False, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A number pad on telephones; a little room for a full stop."""
        return {**super().widget_attrs(widget), "inputmode": "numeric", "maxlength": str(self.digits + 1)}

    def clean(self, value: Any) -> int | None:
        """The number, or None when the box is empty."""
        typed = clean(str(value or "")).rstrip(".")
        if not typed:
            return None
        if not re.fullmatch(rf"[0-9]{{1,{self.digits}}}", typed):
            raise ValidationError(self.wrong, code="wrong")
        return int(typed)


class PhoneField(Typed):
    """A telephone: eight Latvian digits, or any country's number with its plus. Gives E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        """``+37126123456``, or an empty text."""
        typed = clean(str(value or ""))
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return ""
        foreign = re.match(r"^\s*(\+|00)(?!\s*371)", typed) is not None
        wrong = ValidationError(
            gettext("This does not look like a telephone number. After + write the country's code and the number.")
            if foreign
            else gettext("Type a telephone number with 8 digits, for example 2612 3456."),
            code="phone",
        )
        if len(typed) > 40 or re.search(r"[^0-9+()\s./–-]", typed):
            raise wrong
        try:
            number = phonenumbers.parse(typed, "LV")
        except phonenumbers.NumberParseException:
            raise wrong
        if not phonenumbers.is_valid_number(number):
            raise wrong
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class EmailField(forms.EmailField):
    """An e-mail address, in lower case."""

    widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=None,
            error_messages={
                "required": _("Type an e-mail address."),
                "invalid": _("Type an e-mail address, for example anna@example.lv."),
            },
            **options,
        )

    def bound_data(self, data: Any, initial: Any) -> str:
        """What the page shows again."""
        return shown_again(data)

    def clean(self, value: Any) -> str:
        """The address in lower case, without the spaces that telephones add."""
        typed = str(value or "")
        if has_control_characters(typed) or len(clean(typed)) > 254:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return str(super().clean(clean(typed))).lower()
