"""A baseline as it is typed: its days and source; a number of an indicator, whole or of one part. Rules are the domain's."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.forms.fields import Typed
from courses.forms.parts import Refusable, TextField, date_field
from reporting.domain import baselines, report_words
from reporting.domain.baseline_file import DIMENSIONS, LONGEST_NOTE
from reporting.domain.report_figures import Source


class BaselineForm(Refusable):
    """Of which days, and where the numbers come from."""

    name = TextField(
        label=_("Its name"),
        most=120,
        error_messages={"required": _("Type a name.")},
        help_text=_("For example: the year before the project."),
    )
    first_on = date_field(label=_("First day"))
    last_on = date_field(label=_("Last day"))
    source = TextField(
        label=_("Where the numbers come from"),
        several_lines=True,
        most=300,
        error_messages={"required": _("Say where the numbers come from: whoever reads the report may ask.")},
        help_text=_("For example: sign-in sheets and the annual report of 2022."),
    )


class AmountField(Typed):
    """A number as people type it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "20", "autocomplete": "off"})

    def clean(self, value: Any) -> Decimal:
        """The number; letters are told apart from it."""
        text = str(value or "").strip()
        if not text:
            raise ValidationError(self.error_messages["required"], code="required")
        return baselines.number(text)


class ValueForm(Refusable):
    """One number."""

    code = forms.ChoiceField(
        label=_("Indicator"),
        error_messages={"required": _("Choose the indicator."), "invalid_choice": _("Choose the indicator.")},
    )
    part = forms.ChoiceField(
        label=_("Of which part"), required=False, error_messages={"invalid_choice": _("Choose a part of the list.")}
    )
    value = AmountField(label=_("Value"), error_messages={"required": _("Write the number.")})
    note = TextField(label=_("Note"), most=LONGEST_NOTE, required=False)
    renamed: Mapping[str, str] = dict.fromkeys(DIMENSIONS, "part")

    def __init__(self, data: Any = None, *, source: Source) -> None:
        super().__init__(data)
        codes = [(code, f"{code} {known.names[report_words.language()]}") for code, known in source.codes().items()]
        self._choose("code", [("", gettext("Choose one")), *codes])
        groups: list[Any] = [("", gettext("The whole"))]
        for dimension in DIMENSIONS:
            names = source.names(dimension)
            options = [(f"{dimension}:{code}", said[report_words.language()]) for code, said in names.items()]
            if options:
                groups.append((report_words.dimension_words(dimension), options))
        self._choose("part", groups)

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def keys(self) -> dict[str, str]:
        """The part as a figure's row has it."""
        dimension, _colon, code = self.cleaned_data["part"].partition(":")
        return {dimension: code} if code else {}
