"""Who comes: one person of the form."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.domain.admission import Person
from courses.forms.fields import NameField, NumberField, Typed
from ecosystem.models import Parish, Village
from ecosystem.text import clean, sort_key
from residents.models import Resident

ELSEWHERE = "elsewhere"
OLDEST = 120
HELD_SECONDS = 60


@dataclass(frozen=True)
class Homes:
    """The villages a resident may name, by slug, in the order and groups in which a list shows them."""

    villages: Mapping[str, Village]
    groups: list[tuple[str, list[tuple[str, str]]]]
    # A parish remembered as home stands for its central village.
    centres: Mapping[str, str]

    @classmethod
    def known(cls) -> "Homes":
        """As the territory stands, or stood a minute ago: villages change once in years, forms come by the hundred."""
        global _held
        if _held is None or time.monotonic() - _held[0] > HELD_SECONDS:
            _held = (time.monotonic(), cls.read())
        return _held[1]

    @classmethod
    def read(cls) -> Self:
        """As the territory stands."""
        villages = sorted(
            Village.objects.filter(retired_at=None).select_related("parish"), key=lambda v: sort_key(v.name)
        )
        parishes: dict[str, tuple[Parish, list[tuple[str, str]]]] = {}
        for village in villages:
            parishes.setdefault(village.parish_id, (village.parish, []))[1].append((village.slug, village.name))
        ordered = sorted(parishes.values(), key=lambda group: sort_key(group[0].name))
        return cls(
            villages={village.slug: village for village in villages},
            groups=[(parish.name, names) for parish, names in ordered],
            centres={village.parish.slug: village.slug for village in villages if village.is_centre},
        )

    def remembered(self, slug: str) -> str:
        """The village that a remembered place means, or nothing."""
        return slug if slug in self.villages else self.centres.get(slug, "")

    def choices(self) -> Iterable[tuple[str, Any]]:
        """For a select: a word to begin with, from elsewhere, then villages by parish."""
        yield "", gettext("Choose a village")
        yield ELSEWHERE, gettext("Jelgava or another place")
        yield from self.groups


_held: tuple[float, Homes] | None = None


def forget() -> None:
    """Read the territory anew (between tests)."""
    global _held
    _held = None


class PersonForm(forms.Form):
    """One person: a name, a birth date or year, a village; the sex if they like."""

    given_name = NameField(
        label=_("Given name"),
        missing=_("Type the given name."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = NameField(
        label=_("Family name"),
        missing=_("Type the family name."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    birth_day = NumberField(label=_("Day"), digits=2, wrong=_("Type the day in numbers, for example 5."))
    birth_month = NumberField(label=_("Month"), digits=2, wrong=_("Type the month in numbers, for example 11."))
    birth_year = NumberField(label=_("Year"), digits=4, wrong=_("Type the year with 4 digits, for example 1952."))
    village = Typed(label=_("Village of residence"), required=False, widget=forms.Select())
    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
        choices=[("", _("I would rather not say")), *Resident.Sex.choices],
        widget=forms.RadioSelect,
    )

    birth_fields = ("birth_day", "birth_month", "birth_year")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any],
        homes: Homes,
        today: date,
        number: int,
    ) -> None:
        super().__init__(data, prefix=f"people-{number}", initial=initial)
        self.homes = homes
        self.today = today
        self.number = number
        # A browser fills in its owner; the second and third person are others.
        if number == 0:
            for name in self.birth_fields:
                self.fields[name].widget.attrs["autocomplete"] = name.replace("birth_", "bday-")
        else:
            for field in self.fields.values():
                field.widget.attrs["autocomplete"] = "off"
        self.fields["village"].widget = forms.Select(
            choices=list(homes.choices()), attrs=self.fields["village"].widget.attrs
        )

    def clean_village(self) -> str:
        """A slug from the list, or ``elsewhere``."""
        slug = clean(str(self.cleaned_data["village"]))
        if not slug:
            raise ValidationError(gettext("Choose where this person lives."), code="required")
        if slug != ELSEWHERE and slug not in self.homes.villages:
            raise ValidationError(
                gettext("«%(place)s» is not in our list. Choose the nearest village, or «Jelgava or another place».")
                % {"place": slug[:40]},
                code="unknown",
            )
        return slug

    def clean(self) -> dict[str, Any]:
        """The birth as a whole: a date that exists and has been, or a year alone."""
        cleaned = super().clean() or self.cleaned_data
        if any(name in self.errors for name in self.birth_fields):
            return cleaned
        day, month, year = (cleaned.get(name) for name in self.birth_fields)
        if year is None:
            self.add_error("birth_year", gettext("Type the year of birth."))
        elif year < 100:
            self.add_error("birth_year", gettext("Type the year with 4 digits, for example 1952."))
        elif (day is None) != (month is None):
            missing = "birth_day" if day is None else "birth_month"
            self.add_error(missing, gettext("Type both the day and the month, or leave both empty."))
        elif not self._exists(day, month, year):
            wrong = "birth_day" if 1 <= (month or 0) <= 12 else "birth_month"
            self.add_error(wrong, gettext("There is no such date. Check the day and the month."))
        elif self._is_future(day, month, year):
            self.add_error("birth_year", gettext("The birth date is in the future. Check the year."))
        elif year < self.today.year - OLDEST:
            self.add_error(
                "birth_year",
                gettext("Check the year: it should be between %(first)s and %(last)s.")
                % {"first": self.today.year - OLDEST, "last": self.today.year},
            )
        return cleaned

    @staticmethod
    def _exists(day: int | None, month: int | None, year: int) -> bool:
        """Whether the calendar has this day."""
        if day is None or month is None:
            return True
        try:
            date(year, month, day)
        except ValueError:
            return False
        return True

    def _is_future(self, day: int | None, month: int | None, year: int) -> bool:
        """Whether that day is still to come."""
        return date(year, month or 1, day or 1) > self.today

    @property
    def heading(self) -> str:
        """What the group of fields is called: the name, once typed."""
        return gettext("Person %(number)s") % {"number": self.number + 1}

    @property
    def birth_errors(self) -> list[str]:
        """The messages under the three boxes, once each."""
        found = [str(text) for name in self.birth_fields for text in self.errors.get(name, [])]
        return list(dict.fromkeys(found))

    @property
    def name(self) -> str:
        """The whole name as it will be kept."""
        return f"{self.cleaned_data['given_name']} {self.cleaned_data['family_name']}"

    @property
    def birth(self) -> str:
        """The birth as the reader reads it: "5. novembris 1952" or a year alone."""
        day, month, year = (self.cleaned_data[name] for name in self.birth_fields)
        if day is None:
            return str(year)
        return date_format(date(year, month, day), "DATE_FORMAT")

    @property
    def sex_words(self) -> str:
        """The sex in words, if they said."""
        return str(Resident.Sex(self.cleaned_data["sex"]).label) if self.cleaned_data["sex"] else ""

    @property
    def home(self) -> str:
        """The place in words, for the check page."""
        slug = self.cleaned_data["village"]
        if slug == ELSEWHERE:
            return gettext("Jelgava or another place")
        village = self.homes.villages[slug]
        return f"{village.name}, {village.parish.name}"

    def person(self) -> Person:
        """As the domain takes it."""
        typed = self.cleaned_data
        return Person(
            given_name=typed["given_name"],
            family_name=typed["family_name"],
            birth_year=typed["birth_year"],
            birth_month=typed["birth_month"],
            birth_day=typed["birth_day"],
            village=self.homes.villages.get(typed["village"]),
            lives_elsewhere=typed["village"] == ELSEWHERE,
            sex=typed["sex"],
        )
