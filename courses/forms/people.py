"""What a coordinator types about somebody who is known: corrections, and which value stays when two entries are joined."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from courses.domain.folding import PARTS
from courses.domain.refusals import Refusal
from courses.forms.contact import ContactForm
from courses.forms.filling import HeardPersonForm
from courses.forms.person import ELSEWHERE, Homes
from residents.models import Resident

_PERSON_FIELDS = {"name_length": "given_name", "age_date": "birth_year", "age_future": "birth_year"}


class KnownPersonForm(HeardPersonForm):
    """Somebody who is known: as when they rang, filled with what is held."""

    def __init__(self, data: Mapping[str, Any] | None, *, resident: Resident, homes: Homes, today: date) -> None:
        village = resident.village
        if village is not None and village.slug not in homes.villages:
            # A village that is no longer offered stays theirs until somebody chooses another.
            homes = replace(
                homes,
                villages={**homes.villages, village.slug: village},
                groups=[*homes.groups, (village.parish.name, [(village.slug, village.name)])],
            )
        super().__init__(data, homes=homes, today=today, number=0)
        self.initial = {
            "given_name": resident.given_name,
            "family_name": resident.family_name,
            "birth_day": resident.birth_day,
            "birth_month": resident.birth_month,
            "birth_year": resident.birth_year,
            "village": village.slug if village else ELSEWHERE if resident.lives_elsewhere else "",
            "sex": resident.sex,
        }


class KnownContactForm(ContactForm):
    """How they are reached, and who answers for a child."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, resident: Resident, seen: str) -> None:
        home = resident.household
        super().__init__(
            data,
            initial={
                "contact_email": home.email,
                "contact_phone": str(home.phone or ""),
                "guardian_name": resident.guardian_name,
                "seen": seen,
            },
        )
        for name in ("contact_email", "contact_phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """A contact is not needed: they are rung, or come by."""
        return self.cleaned_data


def refuse(person: KnownPersonForm, contact: KnownContactForm, refusals: list[Refusal]) -> list[str]:
    """Put what the domain refused beside what it concerns; what concerns no field is given back."""
    above = []
    for refusal in refusals:
        if refusal.code == "guardian":
            contact.add_error("guardian_name", str(refusal))
        elif refusal.code == "contact":
            contact.add_error("contact_email", str(refusal))
        elif (field := _PERSON_FIELDS.get(refusal.code, refusal.code)) in person.fields:
            person.add_error(field, str(refusal))
        else:
            above.append(str(refusal))
    return above


def choices(posted: Mapping[str, str]) -> dict[str, str]:
    """Whose value stays, part by part, as far as it was chosen."""
    return {part: posted[part] for part in PARTS if posted.get(part) in ("kept", "gone")}
