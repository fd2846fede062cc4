"""Erasing: a person asks to be forgotten, and is, at once and for good.

What is still to come is cancelled first, and the places go to the next. What has been stays as a number without a name,
so that how many came stays true: figures outlive people. Gone with the person are the contact (of each registration
and of the household, where nobody else is left in it), the messages that were sent about them, what they were compared
and joined with, why somebody decided something about them, that somebody looked at them, and the consent to news with
all of it that was sent or waits. A certificate keeps a proof in place of the name (docs/adr/0010). Nothing is written to
them any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coordinators.domain import looks
from courses.domain import certificate_book, forgetting, merging, parties, queue, subscriptions
from courses.domain.refusals import Refusal
from courses.enums import LIVE_STATES
from courses.models import Activity, Decision, Party, Registration
from ecosystem.models import Journal, Message, User
from residents.models import Household, Resident


@dataclass(frozen=True)
class Outlook:
    """What erasing somebody would do as things stand."""

    resident: Resident
    # Cancelled before they are forgotten.
    ending: list[Registration] = field(default_factory=list)
    # Kept as numbers.
    been: list[Registration] = field(default_factory=list)
    # Who stays in the household, with its contact.
    staying: list[Resident] = field(default_factory=list)
    # Whether somebody signs in with the household's address: that account is its holder's to close.
    has_account: bool = False


def outlook(*, resident: Resident, now: datetime) -> Outlook:
    """What would be done; changes nothing."""
    rows = list(
        Registration.objects.filter(resident=resident)
        .select_related("activity__parish", "activity__centre", "party")
        .order_by("activity__starts_at", "pk")
    )
    ending = [row for row in rows if _is_to_end(row, now)]
    return Outlook(
        resident=resident,
        ending=ending,
        been=[row for row in rows if row not in ending],
        staying=list(
            Resident.objects.filter(household=resident.household_id)
            .exclude(pk=resident.pk)
            .order_by("birth_year", "pk")
        ),
        has_account=resident.household.account_id is not None,
    )


def erase(*, resident: Resident, by: User | None, now: datetime) -> int:
    """Forget this person; how many registrations were cancelled. Raises ``Refusal``. Twice is once."""
    with transaction.atomic():
        merging.hold([resident.pk])
        activities = merging.lock_activities(Q(registrations__resident=resident.pk))
        merging.lock_rows(Registration.objects.filter(resident=resident.pk))
        person = merging.lock_people([resident.pk]).get(resident.pk)
        if person is None:
            raise Refusal("gone", _("This entry was joined with another or erased already."))
        seen = outlook(resident=person, now=now)
        _cancel(seen.ending, activities, now=now)
        rows = [*seen.ending, *seen.been]
        _forget_registrations(rows, person, now=now)
        forgetting.forget_merges_of(person.pk)
        home = person.household
        contacts = _contacts_of(person)
        Resident.objects.filter(pk=person.pk).delete()
        looks.forget([person.pk])
        if not seen.staying:
            _forget_messages_to(home)
            Household.objects.filter(pk=home.pk).delete()
        subscriptions.forget(contacts=[one for one in contacts if not _is_anybody_s(*one)])
        Journal.objects.create(
            kind="resident.erased",
            payload={
                "resident": str(person.pk),
                "registrations": sorted(row.pk for row in rows),
                "by": by.pk if by else None,
                "at": now.isoformat(),
            },
            created_at=now,
        )
    return len(seen.ending)


def _is_to_end(row: Registration, now: datetime) -> bool:
    ends_at = row.activity.ends_at
    return row.state in LIVE_STATES and not (ends_at and ends_at <= now)


def _cancel(rows: Iterable[Registration], activities: dict[int, Activity], *, now: datetime) -> None:
    for row in rows:
        locked = activities[row.activity_id]
        parties.end(locked, [row], now=now)
        queue.fill_locked(locked, now=now)


def _forget_registrations(rows: list[Registration], person: Resident, *, now: datetime) -> None:
    """Registrations without a name; forms that name nobody else without a contact; messages that told of them."""
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(resident=None)
    certificate_book.forget_names(registrations=[row.pk for row in rows])
    Decision.objects.filter(registration__in=[row.pk for row in rows]).update(reason="")
    theirs: set[UUID] = {row.party_id for row in rows}
    shared = set(
        Registration.objects.filter(party__in=theirs, resident__isnull=False).order_by().values_list("party", flat=True)
    )
    alone = theirs - shared
    Message.objects.filter(reference__in=[f"party:{pk}" for pk in alone]).delete()
    told = Message.objects.filter(reference__in=[f"party:{pk}" for pk in shared])
    told.filter(Q(text__contains=str(person)) | Q(subject__contains=str(person))).delete()
    forgetting.empty(list(Party.objects.filter(pk__in=alone, forgotten_at=None).values_list("pk", flat=True)), now=now)


def _contacts_of(person: Resident) -> list[tuple[str, str]]:
    """By what they are reached or were before, and what they said aloud that news goes to."""
    kinds = {Message.Channel.EMAIL: "email", Message.Channel.SMS: "phone"}
    found = {
        (kind, str(getattr(row, kind) or ""))
        for row in (person.household, *person.aliases.all())
        for kind in kinds.values()
    }
    found |= {(kinds[Message.Channel(one.channel)], one.contact) for one in person.consents.all()}
    return sorted(one for one in found if one[1])


def _is_anybody_s(kind: str, address: str) -> bool:
    """Whether somebody else is reached by this."""
    theirs = {kind: address}
    return Household.objects.filter(**theirs).exists() or Party.objects.filter(**theirs).exists()


def _forget_messages_to(home: Household) -> None:
    """What was sent to a contact that nobody else answers for: links sent once more, and the like."""
    for kind in ("email", "phone"):
        address = str(getattr(home, kind) or "")
        if not address:
            continue
        others = Household.objects.filter(**{kind: address}).exclude(pk=home.pk)
        if not others.exists() and not Party.objects.filter(**{kind: address}).exists():
            Message.objects.filter(to=address).delete()
