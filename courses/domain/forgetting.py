"""Forgetting: nothing about a person is kept longer than was said when it was asked.

- A message is deleted 90 days after it was written.
- An activity for a sensitive audience forgets who took part 30 days after it ends, and what they were told.
- A person who has taken part in nothing for three years (a setting) is deleted, with the contact.
- Why something was decided about an activity, about whom, and what departments wrote about holding it together, is
  emptied by the same terms, counted from the activity's end.
- Who decided, answered, marked, issued or joined is named while they hold a post; a post that has ended names nobody.
- An educator who stopped working loses address, telephone and note 30 days later, and is deleted three years after the
  last session they led.
- A journal entry is deleted 30 days after its reader has counted it.
- What people said of whether they will come is taken away 30 days after the activity ends, their words about it after a
  year, where its audience is sensitive after 60 days; links to answer die 60 days after they were sent.
- The trail (who changed what, who looked at whom) is deleted three years after it was written; a person who is
  forgotten before that is taken out of the looks at once.
- Of a certificate the name goes with the person, leaving a proof; after ten years (a setting) nothing of it is left.
- A consent to news that nobody confirmed goes after a week, one that was withdrawn a year later; which contact was told
  of what by news goes with the messages.
- What it takes to undo a merge is deleted when its term (a setting) is over; the merge itself with the person.

Who is forgotten leaves the registration behind as a number without a name, a contact or a link, so that how many came
stays true. Done in small batches, each its own transaction: one that fails is found again the next day.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from coordinators.domain import looks
from coordinators.models import Educator, Post
from courses.domain import certificate_book, digests, feedback
from courses.models import (
    Attendance,
    Certificate,
    Decision,
    Invitation,
    JointOffer,
    Merge,
    OverlapNote,
    PartnerRequest,
    Party,
    Registration,
    Session,
)
from ecosystem import history
from ecosystem.models import Audience, Journal, Limit, Message, RuleSet, RuleSetAnswer
from residents.domain import consents
from residents.models import Consent, Household, PossibleDouble, Resident

SENSITIVE_AFTER = timedelta(days=30)
# So long a slip of the hand can be undone.
RETIRED_AFTER = timedelta(days=30)
ANSWERS_AFTER = timedelta(days=30)
BATCH = 500
# Names that are kept while the person does this work (``Term.DUTY``), beside that of the post itself.
DUTIES: tuple[tuple[type[Model], str], ...] = (
    (Decision, "by"),
    (Attendance, "marked_by"),
    (PartnerRequest, "asked_by"),
    (PartnerRequest, "answered_by"),
    (PartnerRequest, "ended_by"),
    (Certificate, "issued_by"),
    (Certificate, "revoked_by"),
    (Merge, "by"),
    (Merge, "undone_by"),
    (PossibleDouble, "decided_by"),
    (Consent, "taken_by"),
    (Consent, "withdrawn_by"),
    (Invitation, "put_up_by"),
    (OverlapNote, "by"),
    (JointOffer, "by"),
    (JointOffer, "answered_by"),
    (RuleSet, "proposer"),
    (RuleSetAnswer, "by"),
    (Limit, "entered_by"),
    (Limit, "withdrawn_by"),
)


def forget(*, now: datetime) -> dict[str, int]:
    """Forget all that is past its term; how many of each."""
    return {
        "messages": forget_messages(now=now),
        "sensitive": forget_sensitive(now=now),
        "residents": forget_residents(now=now),
        "parties": forget_parties(now=now),
        "decisions": forget_decisions(now=now),
        "duties": forget_duties(now=now),
        "posts": forget_posts(now=now),
        "educators": forget_educators(now=now),
        # After the people: whom a registration no longer names, a certificate names no more.
        "certificates": certificate_book.forget(now=now),
        "merges": forget_merges(now=now),
        "journal": Journal.objects.past_term(now=now).delete()[0],
        "answers": forget_answers(now=now),
        "links": feedback.close(now=now),
        "words": feedback.forget_words(now=now),
        "consents": consents.forget(now=now),
        "digests": digests.forget(now=now),
        "changes": history.forget_before(now - relativedelta(years=settings.RETENTION_YEARS)),
        "looks": looks.forget_before(now - relativedelta(years=settings.RETENTION_YEARS)),
    }


def forget_messages(*, now: datetime) -> int:
    """Delete messages kept long enough."""
    past = Message.objects.past_term(now=now).order_by("created_at")
    total = 0
    while batch := list(past.values_list("pk", flat=True)[:BATCH]):
        total += Message.objects.filter(pk__in=batch).delete()[0]
    return total


def forget_answers(*, now: datetime) -> int:
    """Take away who was asked whether they will come and who said yes, 30 days after the end; how many."""
    past = Registration.objects.filter(attendance_asked_at__isnull=False, activity__ends_at__lt=now - ANSWERS_AFTER)
    return past.update(attendance_asked_at=None, attendance_confirmed_at=None)


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
            # A letter says who and what, even after its party is emptied.
            Message.objects.filter(reference__in=[f"party:{pk}" for pk in batch]).delete()
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


def forget_decisions(*, now: datetime) -> int:
    """Empty why it was decided and about whom, and what departments wrote, once the activity is past its term."""
    decided = Decision.objects.filter(_past_term("at", now=now)).exclude(reason="", registration=None)
    written = PartnerRequest.objects.filter(_past_term("asked_at", now=now)).exclude(
        note="", answer_note="", end_note=""
    )
    limit = now - relativedelta(years=settings.RETENTION_YEARS)
    # What was decided about an overlap is kept for ever; what was said on the way there is not.
    said, offered = OverlapNote.objects.filter(at__lt=limit), JointOffer.objects.filter(at__lt=limit)
    return (
        decided.update(reason="", registration=None)
        + written.update(note="", answer_note="", end_note="")
        + said.delete()[0]
        + offered.exclude(note="", answer_note="").update(note="", answer_note="")
    )


def _past_term(written_at: str, *, now: datetime) -> Q:
    """What belongs to an activity past its term; where it has no end, what was written that long ago."""
    limit = now - relativedelta(years=settings.RETENTION_YEARS)
    sensitive = Audience.objects.filter(is_sensitive=True, activities=OuterRef("activity"))
    return (
        Q(activity__ends_at__lt=limit)
        | Q(**{f"{written_at}__lt": limit}, activity__ends_at=None)
        | Q(Exists(sensitive), activity__ends_at__lt=now - SENSITIVE_AFTER)
    )


def forget_duties(*, now: datetime, duties: Iterable[tuple[type[Model], str]] = DUTIES) -> int:
    """Take the name of who decided, answered or marked where that person holds no post any more; rooms above have their own."""
    today = timezone.localdate(now)
    total = 0
    for model, name in duties:
        posts = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), holder=OuterRef(name))
        gone = model._default_manager.filter(~Exists(posts), **{f"{name}__isnull": False})
        total += gone.update(**{name: None})
    return total


@history.one_change(history.CLOCK)
def forget_posts(*, now: datetime) -> int:
    """Of a post that has ended, take who held it and the contact; the trail knows for its own term who it was."""
    over = Post.objects.filter(ends_on__lt=timezone.localdate(now))
    return over.exclude(holder=None, phone="", email="").update(holder=None, phone="", email="")


def forget_educators(*, now: datetime) -> int:
    """Empty the contact of who stopped working, and delete who has led nothing within the term; how many people."""
    stopped = Educator.objects.filter(retired_at__lt=now - RETIRED_AFTER)
    emptied = stopped.exclude(email="", phone="", note="").update(email="", phone="", note="")
    limit = now - relativedelta(years=settings.RETENTION_YEARS)
    instead = Session.objects.filter(led_by=OuterRef("pk"), ends_at__gte=limit)
    regular = Session.objects.filter(led_by=None, activity__educators=OuterRef("pk"), ends_at__gte=limit)
    past = stopped.filter(~Exists(instead), ~Exists(regular), retired_at__lt=limit)
    return emptied + past.delete()[1].get("coordinators.Educator", 0)


def forget_merges(*, now: datetime) -> int:
    """Forget what two entries were, once nobody can part them again, and merges of people who are forgotten."""
    limit = now - timedelta(days=settings.MERGE_UNDO_DAYS)
    total = Merge.objects.filter(at__lt=limit).exclude(snapshot={}).update(snapshot={})
    person = Resident.objects.filter(pk=OuterRef("kept"))
    onward = Merge.objects.filter(gone=OuterRef("kept"), undone_at=None)
    # Who was joined with a third is there as that one; of a chain the last goes first.
    while past := list(Merge.objects.filter(~Exists(person), ~Exists(onward)).order_by("pk")[:BATCH]):
        total += _delete_merges(past)
    return total


def forget_merges_of(resident: UUID) -> None:
    """Forget every entry that this person was joined from."""
    merged = [resident]
    while merged:
        theirs = list(Merge.objects.filter(kept__in=merged).order_by("pk"))
        merged = [merge.gone for merge in theirs if merge.undone_at is None]
        _delete_merges(theirs)


def _delete_merges(merges: Sequence[Merge]) -> int:
    """Delete these, and whom they joined from the looks: the entry is gone, its key is theirs still."""
    with transaction.atomic():
        looks.forget(merge.gone for merge in merges if merge.undone_at is None)
        return Merge.objects.filter(pk__in=[merge.pk for merge in merges]).delete()[0]


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
        party.number, party.language = "-" + get_random_string(11), settings.LANGUAGE_CODE
    Party.objects.bulk_update(emptied, ["email", "phone", "form_key", "forgotten_at", "number", "language"])
    # Why somebody got a place out of order is about that person.
    Decision.objects.filter(registration__party__in=parties).update(reason="")


def _delete_unneeded(residents: QuerySet[Resident]) -> None:
    """Delete these residents, and their households where nobody is left and nobody signs in."""
    people = dict(residents.order_by("pk").values_list("pk", "household"))
    homes = list(people.values())
    residents.delete()
    looks.forget(people)
    Household.objects.filter(pk__in=homes, residents=None, account=None).delete()
