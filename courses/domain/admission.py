"""Who may register, and when: the rules every door shares, the public form, the desk, the telephone, the import.

- Registration is open from its opening until its close (until the last session ends, where no close is set), for a
  published activity with places to register for. Where one just comes, nobody registers.
- Age limits hold on the day of the first session. With a year of birth alone the older reading decides about limits.
- Under 13 on the day of registering, a guardian answers: a child consents alone from 13. With a year alone the younger
  reading decides.
- By the public form, each person has a name, a year of birth and a home; by telephone, a name is enough.

Each refusal says why, and what one can do instead. Nothing here depends on whether somebody is known (rule 11).
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import phonenumbers
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.domain.refusals import Refusal, Refusals, words
from courses.enums import ActivityStatus, Channel
from courses.models import Activity
from ecosystem import dates, places
from ecosystem.geo import distance_km
from ecosystem.models import Village
from ecosystem.phones import spaced
from ecosystem.text import clean, fold
from residents.models import Resident

OLDEST = 120
MOST_PEOPLE = 30


@dataclass(frozen=True)
class Person:
    """One of those who would come, as typed."""

    given_name: str
    family_name: str
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    village: Village | None = None
    lives_elsewhere: bool = False
    sex: str = ""

    @property
    def name(self) -> str:
        """As one calls them."""
        return f"{self.given_name} {self.family_name}".strip()

    def age(self, *, on: date, youngest: bool = False) -> int | None:
        """Full years on a day; the readings are those of ``Resident.age``."""
        return Resident(birth_year=self.birth_year, birth_month=self.birth_month, birth_day=self.birth_day).age(
            on=on, youngest=youngest
        )


@dataclass(frozen=True)
class Contact:
    """Where the answer goes: an e-mail address or a telephone (E.164), the language, and who answers for children."""

    email: str = ""
    phone: str = ""
    language: str = "lv"
    guardian_name: str = ""


def cleaned(people: Sequence[Person], contact: Contact) -> tuple[list[Person], Contact]:
    """The same without control characters and needless spaces, the contact in its one spelling."""
    return [
        replace(
            person,
            given_name=clean(person.given_name),
            family_name=clean(person.family_name),
            village=None if person.lives_elsewhere else person.village,
            sex=person.sex if person.sex in Resident.Sex.values else "",
        )
        for person in people
    ], Contact(
        email=clean(contact.email).lower(),
        phone=_one_spelling(contact.phone),
        language=contact.language if contact.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        guardian_name=clean(contact.guardian_name),
    )


def _one_spelling(phone: str) -> str:
    """The number as E.164 where it is one; otherwise as typed, for the check to refuse."""
    typed = clean(str(phone or ""))
    try:
        number = phonenumbers.parse(typed, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return typed
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check(
    *,
    activity: Activity,
    people: Sequence[Person],
    contact: Contact,
    channel: str,
    now: datetime,
    waived: frozenset[str] = frozenset(),
) -> None:
    """Raise all the reasons why these cleaned people cannot register now; return when there are none.

    ``waived`` are codes of rules that a coordinator lets go by, with a reason that is written down.
    """
    if (refusal := shut(activity, now=now)) and refusal.code not in waived:
        raise Refusals([refusal])
    refusals = contact_refusals(contact, channel=channel)
    if not people:
        refusals.append(Refusal("nobody", _("Write who will come.")))
    if len(people) > MOST_PEOPLE:
        refusals.append(
            Refusal(
                "too_many",
                words(
                    lambda: (
                        gettext(
                            "At most %(count)s people can register together. "
                            "Send one form for some of them and another for the rest."
                        )
                        % {"count": MOST_PEOPLE}
                    )
                ),
            )
        )
    seen: set[tuple[object, ...]] = set()
    for place, person in enumerate(people[:MOST_PEOPLE]):
        found = _person_refusals(activity, person, place, contact=contact, channel=channel, now=now)
        key = (fold(person.name), person.birth_year, person.birth_month, person.birth_day)
        if key in seen:
            found.append(
                Refusal("twice", _("This person is already in the form above. Take one of them out."), person=place)
            )
        seen.add(key)
        refusals += found
    if refusals := [refusal for refusal in refusals if refusal.code not in waived]:
        raise Refusals(_first_of_each(refusals))


def shut(activity: Activity, *, now: datetime) -> Refusal | None:
    """Why nobody can register for the activity now, and what instead; None when registration is open."""
    if activity.status == ActivityStatus.CANCELLED:
        return Refusal("cancelled", _("This activity has been called off. Look what else is on nearby."))
    if activity.status == ActivityStatus.COMPLETED or (activity.ends_at and activity.ends_at <= now):
        return Refusal("over", _("This activity is over. Look what else is on nearby."))
    if activity.status != ActivityStatus.PUBLISHED:
        return Refusal("unpublished", _("This activity is still being planned; nobody can register yet."))
    if activity.is_drop_in:
        return Refusal("drop_in", _("Nobody needs to register here: just come."))
    opens, closes = activity.registration_opens_at, activity.closes_at()
    if opens and opens > now:
        opening = opens
        return Refusal(
            "not_open",
            words(
                lambda: (
                    gettext("Registration opens on %(day)s at %(time)s. Come back then.")
                    % {"day": dates.day_month(dates.local_day(opening), at=True), "time": dates.clock(opening)}
                )
            ),
        )
    if closes and closes <= now:
        closing = closes
        return Refusal(
            "closed",
            words(
                lambda: (
                    gettext("Registration closed on %(day)s. Ring the coordinator: %(phone)s.")
                    % {"day": dates.day_month(dates.local_day(closing), at=True), "phone": telephone(activity)}
                )
            ),
        )
    return None


def telephone(activity: Activity) -> str:
    """Whom to ring about an activity: its post, the one that stands in, or the municipality."""
    answering = activity.contact.answering if activity.contact else None
    return spaced(answering.phone if answering and answering.phone else settings.CONTACT_PHONE)


def notes(*, activity: Activity, people: Sequence[Person], now: datetime) -> list[str]:
    """What the check page adds before one sends the form."""
    said: list[str] = []
    day = activity.first_day()
    today = timezone.localtime(now).date()
    unsure = False
    for person in people:
        if person.birth_year is None or person.birth_month is not None:
            continue
        is_near_guardian = person.age(on=today) != person.age(on=today, youngest=True) and (
            person.age(on=today) == settings.GUARDIAN_UNDER
        )
        limits = {activity.age_min, (activity.age_max or -2) + 1}
        unsure |= is_near_guardian or (day is not None and person.age(on=day) in limits)
    if unsure:
        said.append(
            gettext(
                "With a year of birth alone, the younger age decides whether a guardian is needed, "
                "and the older one about age limits."
            )
        )
    return said


def contact_refusals(contact: Contact, *, channel: str) -> list[Refusal]:
    """What is wrong with a cleaned contact."""
    found = []
    if channel == Channel.WEB and not contact.email and not contact.phone:
        found.append(Refusal("contact", _("Write an e-mail address or a telephone number: one is enough.")))
    if len(contact.email) > 254:
        found.append(Refusal("contact", _("This e-mail address is too long. Check it.")))
    if contact.phone and not _is_number(contact.phone):
        found.append(Refusal("contact", _("Write a telephone number of 8 digits, for example 2612 3456.")))
    if len(contact.guardian_name) > 120:
        found.append(Refusal("guardian", _("This name is too long. Write at most 120 letters.")))
    return found


def _is_number(phone: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return False


def _person_refusals(
    activity: Activity, person: Person, place: int, *, contact: Contact, channel: str, now: datetime
) -> list[Refusal]:
    today = timezone.localtime(now).date()

    def no(code: str, message: Promise) -> Refusal:
        return Refusal(code, message, person=place)

    by_form = channel == Channel.WEB
    needs_birth = by_form or activity.age_min is not None
    found = about_person(person, today=today, place=place, whole=by_form, needs_birth=needs_birth)
    if any(refusal.code in _BIRTH for refusal in found):
        return found
    if needs_guardian(person, contact, today=today):
        found.append(no("guardian", guardian_words()))
    if too := _age_refusal(activity, person, now=now):
        found.append(no("age", too))
    return found


def needs_guardian(person: Person, contact: Contact, *, today: date) -> bool:
    """Whether a child comes alone: with a year of birth alone the younger reading decides."""
    younger = person.age(on=today, youngest=True)
    return younger is not None and younger < settings.GUARDIAN_UNDER and not contact.guardian_name


def guardian_words() -> Promise:
    """What is said then."""
    return words(
        lambda: (
            gettext("A child under %(age)s is registered by a guardian: write the guardian's name.")
            % {"age": settings.GUARDIAN_UNDER}
        )
    )


_BIRTH = ("age_unknown", "age_date", "age_future")


def about_person(
    person: Person, *, today: date, place: int | None = None, whole: bool = False, needs_birth: bool = False
) -> list[Refusal]:
    """What is wrong with a cleaned person, whatever they would come to; ``whole`` as the public form asks."""

    def no(code: str, message: Promise) -> Refusal:
        return Refusal(code, message, person=place)

    found = []
    if not person.given_name:
        found.append(no("given_name", _("Write the given name.")))
    if whole and not person.family_name:
        found.append(no("family_name", _("Write the family name.")))
    if len(person.given_name) > 60 or len(person.family_name) > 60:
        found.append(no("name_length", _("This name is too long. Write at most 60 letters.")))
    if whole and person.village is None and not person.lives_elsewhere:
        found.append(no("village", _("Choose the nearest village, or that this person lives elsewhere.")))
    if wrong := _birth_refusal(person, today=today, needed=needs_birth):
        found.append(no(*wrong))
    return found


def _birth_refusal(person: Person, *, today: date, needed: bool) -> tuple[str, Promise] | None:
    year, month, day = person.birth_year, person.birth_month, person.birth_day
    if year is None:
        if needed or month is not None or day is not None:
            return "age_unknown", _("Write the year of birth, or the whole date.")
        return None
    if (month is None) != (day is None):
        return "age_date", _("Write the whole date of birth, or the year alone.")
    if not today.year - OLDEST <= year <= 9999:
        return "age_date", _("There is no such year of birth. Check it.")
    if month is not None and day is not None:
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
            return "age_date", _("There is no such date. Check the day and the month.")
        if date(year, month, day) > today:
            return "age_future", _("This date of birth is in the future. Check it.")
    elif year > today.year:
        return "age_future", _("This year of birth is in the future. Check it.")
    return None


def _similar(activity: Activity, *, age: int, now: datetime) -> Activity | None:
    """The nearest activity of the same topic that is open to this age and has places."""
    open_to_age = (
        Activity.objects.published()
        .to_come(now=now)
        .filter(
            Q(age_min=None) | Q(age_min__lte=age),
            Q(age_max=None) | Q(age_max__gte=age),
            Q(capacity=None) | Q(taken__lt=F("capacity"), waiting=0),
            topic=activity.topic_id,
        )
        .exclude(audiences__age_min__gt=age)
        .exclude(audiences__age_max__lt=age)
        .exclude(audiences__is_sensitive=True)
        .exclude(pk=activity.pk)
        .select_related("centre", "parish")
        .order_by("starts_at", "pk")[:50]
    )
    here = activity.point
    return min(open_to_age, key=lambda other: distance_km(here, other.point), default=None)


def _similar_words(other: Activity) -> str:
    said = gettext("%(place)s there is something similar: «%(title)s».") % {
        "place": dates.capital(places.located(other.parish)),
        "title": other.title,
    }
    left = other.places_left
    if left is None:
        return said
    return f"{said} {ngettext('%(count)s place is free.', '%(count)s places are free.', left) % {'count': left}}"


def _age_refusal(activity: Activity, person: Person, *, now: datetime) -> Promise | None:
    """The limits on the first session's day; where only the whole date could help, it is asked for."""
    day = activity.first_day()
    age = person.age(on=day) if day else None
    if age is None:
        return None
    low, high = activity.age_min, activity.age_max
    if (low is None or age >= low) and (high is None or age <= high):
        return None
    found = _similar(activity, age=age, now=now)
    only_whole_date = high is not None and age == high + 1 and person.birth_month is None

    def say() -> str:
        similar = _similar_words(found) if found else ""
        if high is None:
            said = gettext("This activity is for people aged %(low)s and over.") % {"low": low}
        elif low is None:
            said = ngettext(
                "This activity is for people up to %(high)s year of age.",
                "This activity is for people up to %(high)s years of age.",
                high,
            ) % {"high": high}
        else:
            said = gettext("This activity is for people aged %(low)s to %(high)s.") % {"low": low, "high": high}
        if only_whole_date:
            instead = gettext("Write the whole date of birth: the year alone does not tell the age on the first day.")
        else:
            instead = similar or gettext("Look for something similar for this age nearby, or ring: %(phone)s.") % {
                "phone": telephone(activity)
            }
        return f"{said} {instead}"

    return words(say)


def _first_of_each(refusals: list[Refusal]) -> list[Refusal]:
    """A missing guardian concerns several children, but is one field: it is said once."""
    kept: list[Refusal] = []
    for refusal in refusals:
        if refusal.code == "guardian" and any(other.code == "guardian" for other in kept):
            continue
        kept.append(refusal)
    return kept
