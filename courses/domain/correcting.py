"""Correcting what is held about a person: what they are called, when they were born, where they live, how to reach them.

The same is asked as when they are registered by telephone. A contact belongs to the household: corrected for one, it is
corrected for all of it, and for the registrations still to come that were answered by the old one; their links are sent
to the new contact. So does news that one of them agreed to aloud; what was confirmed by a link stays with that contact. Two who correct at once are told: the later sees what the sooner has written.
"""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordinators.domain import looks
from courses.domain import admission, merging, parties, subscriptions
from courses.domain.admission import Contact, Person
from courses.domain.refusals import Refusal, Refusals
from courses.enums import Channel
from courses.models import Party, Registration
from ecosystem.models import User
from residents.domain import consents, doubles
from residents.models import Household, Resident

_NAMES = ("given_name", "family_name", "birth_year", "birth_month", "birth_day", "village_id", "lives_elsewhere", "sex")


def fingerprint(resident: Resident) -> str:
    """The same as long as nobody has changed anything about them."""
    said = list(_values(resident).values())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def correct(
    *, resident: Resident, person: Person, contact: Contact, by: User | None, seen: str = "", now: datetime
) -> Resident:
    """Write it as it is; raises ``Refusals``. With ``seen`` only over what was shown.

    Which fields were corrected and by whom is written down, what they said before is not (docs/adr/0008).
    """
    (person,), contact = admission.cleaned([person], contact)
    today = timezone.localtime(now).date()
    refusals = admission.about_person(person, today=today) + admission.contact_refusals(contact, channel=Channel.DESK)
    if not refusals and admission.needs_guardian(person, contact, today=today):
        refusals.append(Refusal("guardian", admission.guardian_words()))
    if refusals:
        raise Refusals(refusals)
    with transaction.atomic():
        merging.hold([resident.pk], also=_keys(contact))
        current = merging.lock_people([resident.pk]).get(resident.pk)
        if current is None:
            raise Refusals([Refusal("gone", _("Meanwhile this entry was joined with another or erased."))])
        if seen and fingerprint(current) != seen:
            raise Refusals([Refusal("changed", _("Meanwhile somebody else has corrected this entry. Look once more."))])
        before = _values(current)
        current.given_name, current.family_name = person.given_name, person.family_name
        current.birth_year, current.birth_month, current.birth_day = (
            *(person.birth_year, person.birth_month, person.birth_day),
        )
        current.village, current.lives_elsewhere, current.sex = person.village, person.lives_elsewhere, person.sex
        current.guardian_name = contact.guardian_name
        current.save(
            update_fields=[*(name.removesuffix("_id") for name in _NAMES), "guardian_name"],
        )
        _move_contact(current.household, contact, now=now)
        doubles.look_again(residents=[current.pk])
        after = _values(current)
        if fields := [name for name, value in after.items() if before[name] != value]:
            looks.corrected(person=current, fields=fields, by=by, now=now)
    return current


def _values(resident: Resident) -> dict[str, object]:
    """What can be corrected, by field."""
    home = resident.household
    return {
        **{name: getattr(resident, name) for name in (*_NAMES, "guardian_name")},
        "email": home.email,
        "phone": str(home.phone or ""),
    }


def _keys(contact: Contact) -> list[str]:
    pairs = (("email", contact.email), ("phone", contact.phone))
    return [f"{kind}:{value}" for kind, value in pairs if value]


def _move_contact(home: Household, contact: Contact, *, now: datetime) -> None:
    """The household is reached by this from now on, and so are its registrations still to come."""
    old = (home.email, str(home.phone or ""))
    if old == (contact.email, contact.phone):
        return
    residents = list(home.residents.order_by("pk").values_list("pk", flat=True))
    for ended in consents.follow(people=residents, old=old, new=(contact.email, contact.phone), now=now):
        subscriptions.withhold(contact=ended)
    home.email, home.phone = contact.email, contact.phone
    home.save(update_fields=["email", "phone"])
    doubles.look_again(residents=residents)
    if not contact.email and not contact.phone:
        return
    theirs = Party.objects.filter(
        Q(email="") | Q(email=old[0]),
        Q(phone="") | Q(phone=old[1]),
        activity__ends_at__gt=now,
        pk__in=Registration.objects.live().filter(resident__household=home).order_by().values("party"),
    ).exclude(email="", phone="")
    if theirs.update(email=contact.email, phone=contact.phone):
        parties.resend_links(contact=contact, now=now)
