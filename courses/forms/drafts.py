"""What can be kept of an activity while it is still being written.

The rule: what is right is saved, what is wrong keeps the value saved last and says so beside its field. Fields that are
judged together (the lowest and the highest age) stay back together where one alone does not mend it.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext

from courses.domain import programme
from courses.forms.planning import DetailsForm

TOGETHER = (
    {"age_min", "age_max"},
    {"capacity", "min_participants"},
    {"registration_opens_at", "registration_closes_at"},
    {"lead", "place", "partners"},
)


class Draft:
    """A form as it was typed, and what of it can be saved over what was saved last."""

    def __init__(self, data: QueryDict, *, offer: programme.Offer, saved: Mapping[str, Any]) -> None:
        self.data = data
        self.offer = offer
        self.saved = saved
        # The form as typed: it says beside its fields what is wrong.
        self.form = DetailsForm(data, offer=offer)
        self.back: set[str] = set()
        self._told: set[str] = set()

    def details(self) -> programme.ActivitySpec | None:
        """The typed values, the wrong ones as they were saved; None when even so nothing can be kept."""
        while True:
            judged = DetailsForm(self._data(), offer=self.offer)
            if judged.is_valid():
                spec = judged.spec()
                problems = programme.check(spec)
                if not problems:
                    return spec
                judged.refuse(programme.Refused(problems))
            if not self._put_back(judged):
                return None

    def refuse(self, error: ValidationError) -> bool:
        """What writing itself refused; tells whether there is something left to try."""
        judged = DetailsForm(self._data(), offer=self.offer)
        judged.full_clean()
        judged.refuse(error)
        return self._put_back(judged)

    def errors(self) -> dict[str, str]:
        """What is wrong, by the id of the field; of what stayed back, also what stands saved meanwhile."""
        told: dict[str, str] = {}
        for bound in self.form:
            words = " ".join(str(error) for error in bound.errors)
            if words:
                told[str(bound.auto_id)] = f"{words} {self._meanwhile(bound.name)}".strip()
        return told

    def _meanwhile(self, name: str) -> str:
        if not self.saved or name not in self.back:
            return ""
        value = self.form.shown(name, self.saved.get(name))
        if not value or len(value) > 60:
            return gettext("Not saved until then.")
        return gettext("Until then «%(value)s» stays saved.") % {"value": value}

    def _put_back(self, judged: DetailsForm) -> bool:
        """Take back what is wrong, and say so in the form as typed; tells whether that changes anything."""
        before = len(self.back)
        for name, errors in judged.errors.as_data().items():
            if name in self.form.fields and name not in self._told:
                self._told.add(name)
                # A word about a value that was put back already would be about what nobody typed.
                if name not in self.back and name not in self.form.errors:
                    self.form.add_error(name, ValidationError(errors))
            if name not in self.form.fields:
                self.back |= set(self.form.fields)
            elif name in self.back:
                self.back |= next((group for group in TOGETHER if name in group), {name})
            else:
                self.back.add(name)
        return len(self.back) > before

    def _data(self) -> QueryDict:
        data = self.data.copy()
        for name in self.back:
            field = self.form.fields[name]
            value = self.saved.get(name)
            if isinstance(field, forms.BooleanField):
                data.pop(name, None)
                if value:
                    data[name] = "on"
            elif isinstance(field, forms.MultipleChoiceField):
                data.setlist(name, [str(each) for each in value or ()])
            elif isinstance(field, forms.ChoiceField):
                data[name] = str(value or "")
            else:
                data[name] = str(field.widget.format_value(field.prepare_value(value)) or "")
        return data
