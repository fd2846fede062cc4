"""What a coordinator types about an educator, and what the list of educators is filtered by."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordinators.domain.educators import Details
from coordinators.models import Educator
from courses.domain import series
from courses.enums import ActivityLanguage
from courses.forms.fields import EmailField, LineField, NameField, PhoneField
from courses.forms.parts import Refusable, date_field, time_field
from ecosystem.models import Department, Topic

_TOO_LONG = _("The text is too long. Write at most %(count)s letters.")


class EducatorForm(Refusable):
    """An educator as their department knows them."""

    name = NameField(
        label=_("Name"),
        missing=_("Type the given name and the family name."),
        longest=120,
        help_text=_("As residents will read it."),
    )
    is_another = forms.BooleanField(label=_("This is another person of the same name"), required=False)
    department = forms.ChoiceField(label=_("Department"), error_messages={"required": _("Choose a department.")})
    kind = forms.ChoiceField(label=_("On what terms"), choices=Educator.Kind.choices)
    topics = forms.MultipleChoiceField(label=_("What they teach"), required=False, widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=_("Languages they teach in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=ActivityLanguage.choices,
    )
    email = EmailField(label=_("E-mail address"), required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    contract_number = LineField(
        label=_("Number of the permit or contract"), longest=60, too_long=_TOO_LONG, required=False
    )
    note = LineField(
        label=_("Note"),
        longest=300,
        too_long=_TOO_LONG,
        required=False,
        help_text=_("About the work, for colleagues: «only on weekday evenings». Nothing about health or family."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        departments: Iterable[Department],
        topics: Iterable[Topic],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.departments = {each.pk: each for each in departments}
        self.topic_rows = list(topics)
        choices = [(pk, each.name) for pk, each in self.departments.items()]
        if len(choices) > 1:
            choices = [("", gettext("Choose a department")), *choices]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]
        self.fields["topics"].choices = [(each.pk, each.name) for each in self.topic_rows]  # type: ignore[attr-defined]

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody of this name is here already, so that one is asked whether this is another."""
        errors = self.errors.as_data().get("name", []) if self.is_bound else []
        return bool(self["is_another"].value()) or any(error.code == "same_name" for error in errors)

    def details(self) -> Details:
        """What was typed, as the domain takes it."""
        cleaned = self.cleaned_data
        plain = ("name", "kind", "languages", "email", "phone", "contract_number", "note")
        return Details(
            department=self.departments[cleaned["department"]],
            topics=[each for each in self.topic_rows if each.pk in cleaned["topics"]],
            **{name: cleaned[name] for name in plain},
        )


def educator_initial(details: Details) -> dict[str, Any]:
    """What the form shows of an educator."""
    plain = ("name", "kind", "languages", "email", "phone", "contract_number", "note")
    return {
        **{name: getattr(details, name) for name in plain},
        "department": details.department.pk,
        "topics": [topic.pk for topic in details.topics],
    }


class FilterForm(forms.Form):
    """Whom to show: by name, department, topic, language, terms; who is free from one hour to another."""

    q = LineField(label=_("Name"), longest=120, too_long=_TOO_LONG, required=False)
    nodala = forms.ChoiceField(label=_("Department"), required=False)
    tema = forms.ChoiceField(label=_("What they teach"), required=False)
    valoda = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any language")), *ActivityLanguage.choices]
    )
    veids = forms.ChoiceField(
        label=_("On what terms"), required=False, choices=[("", _("Any terms")), *Educator.Kind.choices]
    )
    diena = date_field(label=_("Free on"), required=False)
    no = time_field(label=_("From"), required=False)
    lidz = time_field(label=_("Till"), required=False)
    arhivs = forms.BooleanField(label=_("Those who no longer teach"), required=False)

    ALL = "visas"

    def __init__(self, data: Any, *, departments: Iterable[Department], topics: Iterable[Topic], mine: str) -> None:
        super().__init__(data)
        self.free: tuple[datetime, datetime] | None = None
        self.fields["nodala"].choices = [  # type: ignore[attr-defined]
            ("", mine),
            (self.ALL, gettext("All departments")),
            *((each.pk, each.name) for each in departments),
        ]
        self.fields["tema"].choices = [("", gettext("Any topic")), *((each.pk, each.name) for each in topics)]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = gettext("There is no such choice; it was left out.")

    def clean(self) -> dict[str, Any]:
        """A day alone is the whole day; hours need their day."""
        cleaned = super().clean() or self.cleaned_data
        day: date | None = cleaned.get("diena")
        starts, ends = cleaned.get("no"), cleaned.get("lidz")
        if day is None:
            if (starts or ends) and "diena" not in self.errors:
                self.add_error("diena", gettext("Choose the day."))
            return cleaned
        try:
            self.free = (
                series.on_the_wall(day, starts or time(0)),
                series.on_the_wall(day, ends or time(23, 59)),
            )
        except ValidationError as error:
            self.add_error("no", error.messages[0])
            return cleaned
        if self.free[1] <= self.free[0]:
            self.free = None
            self.add_error("lidz", gettext("The end is before the beginning."))
        return cleaned

    @property
    def is_filtered(self) -> bool:
        """Whether anything was asked for."""
        return any(str(self.data.get(name, "")).strip() for name in self.fields)
