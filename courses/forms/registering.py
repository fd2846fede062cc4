"""The registration form as a whole: who comes, how to reach them, whether all or none."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext

from courses.domain.admission import Person
from courses.domain.refusals import Refusal
from courses.forms.contact import ContactForm
from courses.forms.fields import SHOWN_AGAIN
from courses.forms.news import TickForm
from courses.forms.person import Homes, PersonForm
from courses.models import Activity

MOST_PEOPLE = 10
# More than these are neither read nor shown again: no family has so many, and a page should not grow without end.
MOST_SHOWN = 25
PERSON_FIELDS = tuple(PersonForm.base_fields)
_PERSON_KEY = re.compile(r"people-([0-9]{1,6})-(" + "|".join(PERSON_FIELDS) + r")\Z", re.ASCII)
# A field that people do not see and programs fill in.
HONEYPOT = "homepage"
# Where a refusal of the domain belongs in the form; one about nobody and no field stands above it.
_CONTACT_FIELDS = {"guardian": "guardian_name", "contact": "contact_email", "all_or_none": "all_or_none"}
_PERSON_FIELDS = {"family_name": "family_name", "village": "village", "age": "birth_year"}
# What somebody could come to instead is shown where the activity itself is what does not fit.
_INSTEAD = frozenset(("age", "cancelled", "over", "closed", "not_open", "unpublished", "full"))


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: what is wrong, and the field it leads to."""

    field_id: str
    text: str


class Stamp:
    """When a form was handed out, signed; it carries nothing about anybody."""

    _signer = signing.TimestampSigner(salt="courses.forms.registering")

    @classmethod
    def fresh(cls, activity: Activity) -> str:
        """A stamp of this moment."""
        return cls._signer.sign(str(activity.pk))

    @classmethod
    def is_altered(cls, stamp: str, activity: Activity) -> bool:
        """Whether it is not ours, or of another form. None at all is no lie: a program may know only our names."""
        if not stamp:
            return False
        try:
            return cls._signer.unsign(stamp) != str(activity.pk)
        except signing.BadSignature:
            return True

    @classmethod
    def is_too_quick(cls, stamp: str) -> bool:
        """Whether the form came back sooner than anybody types. However old it is, it still counts."""
        if not stamp or not settings.FORM_MIN_SECONDS:
            return False
        try:
            cls._signer.unsign(stamp, max_age=settings.FORM_MIN_SECONDS)
        except signing.BadSignature:
            return False
        return True


class RegistrationForm:
    """All that is asked. Made empty for a fresh page, or from what was sent; nothing typed is ever lost."""

    def __init__(
        self,
        *,
        activity: Activity,
        now: datetime,
        data: QueryDict | None = None,
        home: str = "",
        unchecked: bool = False,
    ) -> None:
        self.activity = activity
        self.now = now
        # Somebody who adds a person or goes back to change a line is shown no errors of a form half filled.
        self.is_bound = data is not None and not unchecked
        self.homes = Homes.known()
        self.data = _shown_again(data) if data is not None else {}
        today = timezone.localdate(now)
        self._home = self.homes.remembered(home)
        self.people = [
            PersonForm(
                self._person_data(sent, prefix=f"people-{number}-") if self.is_bound else None,
                initial={"village": self._home, "sex": "", **self._person_data(sent, prefix="")},
                homes=self.homes,
                today=today,
                number=number,
            )
            for number, sent in enumerate(self._numbers())
        ]
        self.contact = ContactForm(
            self.data if self.is_bound else None,
            initial={**self.data, "all_or_none": "all_or_none" in self.data},
        )
        self.news = TickForm(
            self.data if self.is_bound else None,
            initial={"news": TickForm.was_ticked(self.data)},
        )
        self.form_key = self._form_key()
        self.stamp = self.data.get("stamp", "") if data is not None else Stamp.fresh(activity)
        self.notices: list[str] = []
        self.refusals: list[str] = []
        self.wants_instead = False

    def _numbers(self) -> list[int]:
        """The numbers of the people sent, in order; they may have gaps where somebody was taken out."""
        found = {int(match[1]) for key in self.data if (match := _PERSON_KEY.match(key))}
        return sorted(found)[:MOST_SHOWN] or [0]

    def _person_data(self, sent: int, *, prefix: str) -> dict[str, str]:
        """One person's fields, under the names they now have."""
        return {
            f"{prefix}{name}": self.data[f"people-{sent}-{name}"]
            for name in PERSON_FIELDS
            if f"people-{sent}-{name}" in self.data
        }

    def _form_key(self) -> uuid.UUID:
        """The key that makes a repeat harmless: as sent, or a new one."""
        try:
            return uuid.UUID(self.data.get("form_key", ""))
        except ValueError:
            return uuid.uuid4()

    @property
    def is_from_a_program(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.honeypot.strip())

    # Changing who is on the page, without a script.

    def add_person(self) -> None:
        """One more empty person, living where the last one does."""
        if not self.may_add:
            return
        number = len(self.people)
        home = str(self.people[-1]["village"].value() or "")
        self.people.append(
            PersonForm(
                initial={"village": home or self._home, "sex": ""},
                homes=self.homes,
                today=timezone.localdate(self.now),
                number=number,
            )
        )

    def remove_person(self, number: int) -> None:
        """Take one out; the others close up. The last one stays."""
        if len(self.people) > 1 and 0 <= number < len(self.people):
            del self.people[number]
        for place, person in enumerate(self.people):
            person.number, person.prefix = place, f"people-{place}"

    @property
    def may_add(self) -> bool:
        """Whether there is room for one more."""
        return len(self.people) < MOST_PEOPLE

    @property
    def several(self) -> bool:
        """Whether more than one person is on the page."""
        return len(self.people) > 1

    @property
    def asks_guardian(self) -> bool:
        """Whether children may come; an answer is kept and shown in any case."""
        lowest = self.activity.age_min
        if lowest is None:
            lowest = min((audience.age_min or 0 for audience in self.activity.audiences.all()), default=0)
        return lowest < settings.GUARDIAN_UNDER or bool(self.data.get("guardian_name")) or self.contact.is_refused

    @property
    def honeypot(self) -> str:
        """What a program wrote where people write nothing."""
        return str(self.data.get(HONEYPOT, ""))[:200]

    @property
    def most_people(self) -> int:
        """How many may register with one form."""
        return MOST_PEOPLE

    # Checking.

    @cached_property
    def _is_valid(self) -> bool:
        return all(
            [*(person.is_valid() for person in self.people), self.contact.is_valid(), self.news.is_valid()]
        ) and (not self._too_many)

    @property
    def _too_many(self) -> bool:
        return self.is_bound and len(self.people) > MOST_PEOPLE

    def is_valid(self) -> bool:
        """Whether every field has the shape it should."""
        return self.is_bound and self._is_valid

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Put the domain's refusals where they belong: at a person, at a field, or above the form."""
        for refusal in refusals:
            self.wants_instead |= refusal.code in _INSTEAD
            field = _CONTACT_FIELDS.get(refusal.code)
            if refusal.code == "wording":
                self.news.reword(str(refusal.message))
            elif field:
                self.contact.add_error(field, str(refusal.message))
            elif refusal.person is not None and refusal.person < len(self.people):
                at = _PERSON_FIELDS.get(refusal.code.split("_")[0]) or _PERSON_FIELDS.get(refusal.code, "given_name")
                self.people[refusal.person].add_error(at, str(refusal.message))
            else:
                self.refusals.append(str(refusal.message))

    @property
    def problems(self) -> list[Problem]:
        """The error summary, in the order of the page."""
        if not self.is_bound:
            return []
        found: list[Problem] = []
        if self._too_many:
            found.append(
                Problem(
                    "people",
                    gettext("At most %(count)s people can register together. Take some out, and register them apart.")
                    % {"count": MOST_PEOPLE},
                )
            )
        for form in [*self.people, self.contact, self.news]:
            if not form.is_bound:
                continue
            for name, errors in form.errors.items():
                whose = f"{form.heading}: " if isinstance(form, PersonForm) and self.several else ""
                target = (form[name].id_for_label or form[name].auto_id) if name in form.fields else "people"
                found += [Problem(target, f"{whose}{text}") for text in errors]
        return found

    # As the domain takes it.

    def persons(self) -> list[Person]:
        """Who comes."""
        return [person.person() for person in self.people]

    @property
    def all_or_none(self) -> bool:
        """Whether the group comes whole or not at all; alone, one is whole."""
        return bool(self.contact.cleaned_data["all_or_none"]) and len(self.people) > 1

    @property
    def news_version(self) -> str:
        """Which sentence they agreed to, to be sent news; empty where they did not tick it."""
        return self.news.wording.version if self.news.is_ticked else ""

    # As the check page carries it: nothing about people is kept in a session or an address.

    def hidden(self) -> list[tuple[str, str]]:
        """Every answer as the name and the value of a hidden field."""
        fields = [
            (form.add_prefix(name), str(form[name].value() or "")) for form in self.people for name in PERSON_FIELDS
        ]
        fields += [
            (name, str(self.contact[name].value() or ""))
            for name in ("contact_email", "contact_phone", "guardian_name")
        ]
        if self.contact["all_or_none"].value():
            fields.append(("all_or_none", "on"))
        if self.news_version:
            fields += [("news", "on"), ("news_wording", self.news_version)]
        return [
            *fields,
            ("form_key", str(self.form_key)),
            ("stamp", self.stamp or Stamp.fresh(self.activity)),
            (HONEYPOT, self.honeypot),
        ]


def _shown_again(data: QueryDict) -> dict[str, Any]:
    """What was sent, each value bounded so that it can be shown again."""
    return {key: value[:SHOWN_AGAIN] if isinstance(value, str) else "" for key, value in data.items()}
