"""Forgetting: nothing about a person is kept longer than was said when it was asked.

- A message is deleted 90 days after it was written.
- An activity for a sensitive audience forgets who took part 30 days after it ends.
- A person who has taken part in nothing for three years (a setting) is deleted, with the contact.
- A journal entry is deleted 30 days after its reader has counted it.
- What it takes to undo a merge is deleted when its term (a setting) is over; the merge itself with the person.

Who is forgotten leaves the registration behind as a number without a name, a contact or a link, so that how many came
stays true. Done in small batches, each its own transaction: one that fails is found again the next day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import get_random_string

from courses.models import Decision, Merge, Party, Registration
from ecosystem.models import Audience, Journal, Message
from residents.models import Household, Resident

SENSITIVE_AFTER = timedelta(days=30)
BATCH = 500


def forget(*, now: datetime) -> dict[str, int]:
    """Forget all that is past its term; how many of each."""
    return {
        "messages": forget_messages(now=now),
        "sensitive": forget_sensitive(now=now),
        "residents": forget_residents(now=now),
        "parties": forget_parties(now=now),
        "merges": forget_merges(now=now),
        "journal": Journal.objects.past_term(now=now).delete()[0],
    }


def forget_messages(*, now: datetime) -> int:
    """Delete messages kept long enough."""
    past = Message.objects.past_term(now=now).order_by("created_at")
    total = 0
    while batch := list(past.values_list("pk", flat=True)[:BATCH]):
        total += Message.objects.filter(pk__in=batch).delete()[0]
    return total


def forget_sensitive(*, now: datetime) -> int:
    """Forget who took part in sensitive activities that ended 30 days ago; how many forms."""
    sensitive = Audience.objects.filter(is_sensitive=True, activities=OuterRef("activity"))
    past = Party.objects.filter(
        Exists(sensitive), forgotten_at=None, activity__ends_at__lt=now - SENSITIVE_AFTER
    ).order_by("pk")
    total = 0
    while batch := list(past.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            people = set(
                Registration.objects.filter(party__in=batch, resident__isnull=False).values_list("resident", flat=True)
            )
            Registration.objects.filter(party__in=batch).update(resident=None)
            _forget_in_snapshots(set(Registration.objects.filter(party__in=batch).values_list("pk", flat=True)))
            empty(batch, now=now)
            # Whoever came to nothing else was kept for this alone.
            _delete_unneeded(Resident.objects.filter(pk__in=people, registrations=None))
        total += len(batch)
    return total


def forget_residents(*, now: datetime) -> int:
    """Delete people who took part in nothing within the term, and households that nobody is left in."""
    limit = now - relativedelta(years=settings.RETENTION_YEARS)
    recent = Registration.objects.filter(resident=OuterRef("pk")).filter(
        Q(activity__ends_at__gte=limit) | Q(activity__ends_at=None) | Q(registered_at__gte=limit)
    )
    past = Resident.objects.filter(~Exists(recent), created_at__lt=limit).order_by("pk")
    total = 0
    while batch := list(past.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Registration.objects.filter(resident__in=batch).update(resident=None)
            _delete_unneeded(Resident.objects.filter(pk__in=batch))
        total += len(batch)
    # Who signs in keeps the account, and with it the empty household.
    Household.objects.filter(residents=None, account=None, created_at__lt=limit).delete()
    return total


def forget_parties(*, now: datetime) -> int:
    """Empty the forms that name nobody any more: after the term, or 90 days after one that registered nobody."""
    limit = now - relativedelta(years=settings.RETENTION_YEARS)
    named = Registration.objects.filter(party=OuterRef("pk"), resident__isnull=False)
    some = Registration.objects.filter(party=OuterRef("pk"))
    past = Party.objects.filter(~Exists(named), forgotten_at=None).filter(
        Q(created_at__lt=limit) | (~Exists(some) & Q(created_at__lt=now - Message.KEPT))
    )
    total = 0
    while batch := list(past.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            empty(batch, now=now)
        total += len(batch)
    return total


def forget_merges(*, now: datetime) -> int:
    """Forget what two entries were, once nobody can part them again, and merges of people who are forgotten."""
    limit = now - timedelta(days=settings.MERGE_UNDO_DAYS)
    total = Merge.objects.filter(at__lt=limit).exclude(snapshot={}).update(snapshot={})
    person = Resident.objects.filter(pk=OuterRef("kept"))
    onward = Merge.objects.filter(gone=OuterRef("kept"), undone_at=None)
    # Who was joined with a third is there as that one; of a chain the last goes first.
    while gone := Merge.objects.filter(~Exists(person), ~Exists(onward)).delete()[0]:
        total += gone
    return total


def forget_merges_of(resident: UUID) -> None:
    """Forget every entry that this person was joined from."""
    merged = [resident]
    while merged:
        theirs = Merge.objects.filter(kept__in=merged)
        merged = list(theirs.order_by("pk").values_list("gone", flat=True))
        theirs.delete()


def _forget_in_snapshots(registrations: set[int]) -> None:
    """What an undo would give back must not tell who came to what is forgotten."""
    for merge in Merge.objects.exclude(snapshot={}).select_for_update(of=("self",)).order_by("pk"):
        snapshot = merge.snapshot
        folds = [fold for fold in snapshot["folds"] if not {fold["before"]["id"], fold["into"]} & registrations]
        marks = [
            mark
            for mark in snapshot["marks"]
            if not {one["registration_id"] for one in (mark["stays"], *mark["go"])} & registrations
        ]
        rest = [pk for pk in snapshot["registrations"] if pk not in registrations]
        if (rest, folds, marks) != (snapshot["registrations"], snapshot["folds"], snapshot["marks"]):
            merge.snapshot = {**snapshot, "registrations": rest, "folds": folds, "marks": marks}
            merge.save(update_fields=["snapshot"])


def empty(parties: Sequence[UUID], *, now: datetime) -> None:
    """Take the contact, the number that somebody may have written down, and the form's key."""
    emptied = list(Party.objects.filter(pk__in=parties).select_for_update(no_key=True).order_by("pk"))
    for party in emptied:
        party.email, party.phone, party.form_key, party.forgotten_at = "", "", None, now
        party.number = "-" + get_random_string(11)
    Party.objects.bulk_update(emptied, ["email", "phone", "form_key", "forgotten_at", "number"])
    # Why somebody got a place out of order is about that person.
    Decision.objects.filter(registration__party__in=parties).update(reason="")


def _delete_unneeded(residents: QuerySet[Resident]) -> None:
    """Delete these residents, and their households where nobody is left and nobody signs in."""
    homes = list(residents.order_by("pk").values_list("household", flat=True))
    residents.delete()
    Household.objects.filter(pk__in=homes, residents=None, account=None).delete()
