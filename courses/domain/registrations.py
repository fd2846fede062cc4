"""Registering: who gets a place, who waits, and what a stranger may learn (nothing).

One form registers one person or several of a household. Places are given under the lock of the activity's row: while
nobody waits, newcomers take what is free; a party of all or none that does not fit whole waits whole; of another party
the first get places and the rest wait. Nobody new overtakes a queue. A double click or a resent form is one
registration: the form's key is held before anything is read, and the second finds what the first has written.

**Awaiting approval holds no place**: places are for those who were promised one; who is approved gets a place or
a turn.

**A stranger learns nothing** (rule 11). Whoever is already registered changes nothing by registering again, and the
page says what a newcomer would have read: ``outcome``, ``outcome_place`` and ``outcome_confirmed`` of the party are
worked out as if all were new. The truth goes to the contact the person is recognised by. What remains to a stranger
who watches closely: the public count of free places does not drop when somebody already registered is typed in, and
recognising costs a query or two, a millisecond.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy, ngettext

from courses.domain import admission, clashes, letters, notices, places, queue, recent, subscriptions
from courses.domain.admission import Contact, Person
from courses.domain.letters import Facts
from courses.domain.parties import cancel, cancel_all, change_contact, resend_links
from courses.domain.refusals import Refusal, Refusals
from courses.enums import Channel, RegistrationState
from courses.models import Activity, Party, Registration
from ecosystem.models import User
from ecosystem.models.writing import insert
from residents.domain import households
from residents.domain.households import Recognition
from residents.models import Resident

__all__ = [
    "Contact",
    "Person",
    "Preview",
    "Refusal",
    "Refusals",
    "approve",
    "cancel",
    "cancel_all",
    "change_contact",
    "preview",
    "register",
    "resend_links",
]

# Read aloud on the telephone: no letter that sounds or looks like another or like a digit.
NUMBER_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Preview:
    """What sending the form would do as things stand; for the check page."""

    outcome: str
    place: int | None = None
    confirmed: int = 0
    notes: list[str] = field(default_factory=list)


def preview(
    *, activity: Activity, people: Sequence[Person], contact: Contact, all_or_none: bool, now: datetime
) -> Preview:
    """What a newcomer would get, known or not; writes nothing. Raises ``Refusals``."""
    people, contact = admission.cleaned(people, contact)
    admission.check(activity=activity, people=people, contact=contact, channel=Channel.WEB, now=now)
    notes = admission.notes(activity=activity, people=people, now=now)
    if activity.needs_approval:
        notes.insert(0, gettext("The coordinator approves each registration; we will write to you."))
    if fee := letters.fee(activity.fee_eur):
        notes.append(fee)
    if activity.needs_approval:
        return Preview(outcome=RegistrationState.AWAITING_APPROVAL, notes=notes)
    deal = places.deal(activity, people=len(people), all_or_none=all_or_none)
    if deal.queued:
        offers = queue.deadline(activity=activity, now=now) is not None
        notes.insert(0, notices.when_it_is_free(offers=offers))
        if deal.confirmed:
            notes.insert(
                0,
                ngettext(
                    "There is a place for %(count)s of you; the others would be in the queue.",
                    "There are places for %(count)s of you; the others would be in the queue.",
                    deal.confirmed,
                )
                % {"count": deal.confirmed},
            )
        else:
            notes.insert(
                0, gettext("All places are taken. You would be number %(place)s in the queue.") % {"place": deal.place}
            )
    return Preview(outcome=deal.outcome, place=deal.place, confirmed=deal.confirmed, notes=notes)


def register(
    *,
    activity: Activity,
    people: Sequence[Person],
    contact: Contact,
    all_or_none: bool = False,
    channel: str = Channel.WEB,
    now: datetime,
    form_key: UUID | None = None,
    by: User | None = None,
    residents: Sequence[UUID | None] = (),
    waived: frozenset[str] = frozenset(),
    facts: Facts | None = None,
    news: str = "",
) -> Party:
    """Register these people; raises ``Refusals``. The same ``form_key`` again returns the party it made.

    ``by`` is the account somebody has signed in with: only then may newcomers join a household proven by it.
    ``news`` is the version of the sentence they ticked, to be sent news: the contact is asked whether it was they.
    ``facts`` is what was read of the activity a moment ago (:mod:`recent`); what has changed since counts.
    For the desk alone: ``residents`` says whom of the people a coordinator has found (None: somebody new), and
    ``waived`` which rules are let go by with a reason that the caller writes down.
    """
    people, contact = admission.cleaned(people, contact)
    for last in (False, False, True):
        try:
            with transaction.atomic():
                return _register(
                    activity, people, contact, all_or_none, channel, now, form_key, by, residents, waived, facts, news
                )
        except IntegrityError as error:
            # One number in 700 million is drawn twice; any other broken rule is a fault.
            if last or "courses_party_number" not in str(error):
                raise
    raise AssertionError  # pragma: no cover (the last attempt returns or raises)


def _register(
    activity: Activity,
    people: list[Person],
    contact: Contact,
    all_or_none: bool,
    channel: str,
    now: datetime,
    form_key: UUID | None,
    by: User | None,
    residents_found: Sequence[UUID | None],
    waived: frozenset[str],
    facts: Facts | None,
    news: str,
) -> Party:
    keys = [("email", contact.email), ("phone", contact.phone), ("form", form_key)]
    # Who was found at the desk may be joined with another entry, or forgotten, at this very moment.
    keys += [("resident", found) for found in residents_found]
    households.hold(f"{kind}:{value}" for kind, value in keys if value)
    if form_key is not None and (first := _made_by(form_key)):
        return Party.objects.select_related("activity").get(pk=first)
    facts = facts or Facts.of(activity, now=now)
    admission.check(activity=facts.activity, people=people, contact=contact, channel=channel, now=now, waived=waived)
    seen = households.recognise(people=people, email=contact.email, phone=contact.phone, by=by)
    if residents_found:
        _refuse_gone(residents_found)
        seen = households.chosen(seen, residents_found)
    residents = _residents(people, contact, seen, now)
    met: list[tuple[int, str]] = []
    if seen.all_known:
        with translation.override(contact.language):
            met = clashes.find(names=[person.name for person in people], known=seen.known, facts=facts, now=now)

    known_at = facts.activity.changed_at
    locked = places.lock_onto(facts.activity)
    if (shut := admission.shut(locked, now=now)) and shut.code not in waived:
        raise Refusals([shut])
    if locked.changed_at != known_at:
        recent.forget(locked.pk)
        facts = Facts.of(locked.pk, now=now)
        locked = facts.activity
        admission.check(activity=locked, people=people, contact=contact, channel=channel, now=now, waived=waived)
    inside = _inside(locked, seen)
    newcomers = [place for place in range(len(people)) if place not in inside]
    shown = places.deal(locked, people=len(people), all_or_none=all_or_none)
    deal = places.deal(locked, people=len(newcomers), all_or_none=all_or_none)
    outcome = RegistrationState.AWAITING_APPROVAL.value if locked.needs_approval else shown.outcome
    party = Party(
        number=new_number(),
        activity=locked,
        form_key=form_key,
        all_or_none=all_or_none and len(people) > 1,
        channel=channel,
        language=contact.language,
        email=contact.email,
        # Beside a known person a telephone that the household may not share gets no link: the page it opens would
        # show who was known.
        phone="" if inside and contact.email else contact.phone,
        outcome=outcome,
        outcome_place=None if locked.needs_approval else shown.place,
        outcome_confirmed=0 if locked.needs_approval else shown.confirmed,
        created_at=now,
    )
    insert([party])
    if news:
        subscriptions.ask_by_form(people=people, contact=contact, version=news, now=now)
    states = states_of(locked, deal, len(newcomers))
    queued_at = end_of_queue(locked, now) if RegistrationState.QUEUED in states else None
    made = insert(
        [
            Registration(
                party=party,
                activity=locked,
                resident_id=residents[place],
                state=state,
                registered_at=now,
                queued_at=queued_at if state == RegistrationState.QUEUED else None,
            )
            for place, state in zip(newcomers, states, strict=True)
        ]
    )
    taken, waiting = (states.count(s) for s in (RegistrationState.CONFIRMED, RegistrationState.QUEUED))
    places.change(locked, now=now, taken=taken, waiting=waiting)
    # Free places beside a queue are those that no party ahead can use: they go to the next who fits.
    offered = {r.pk for r in queue.fill_locked(locked, now=now)} if waiting and places.free(locked) != 0 else set()

    names = [people[place].name for place in newcomers]
    by_state = {
        state: [names[i] for i, r in enumerate(made) if states[i] == state and r.pk not in offered]
        for state in (RegistrationState.CONFIRMED, RegistrationState.QUEUED, RegistrationState.AWAITING_APPROVAL)
    }
    waits = by_state[RegistrationState.QUEUED]
    if not any(by_state.values()) and not inside:
        return party
    with translation.override(contact.language):
        notice = notices.answer(
            party,
            facts,
            confirmed=by_state[RegistrationState.CONFIRMED],
            queued=[(name, (deal.place or 1) + n) for n, name in enumerate(waits)],
            awaiting=by_state[RegistrationState.AWAITING_APPROVAL],
            already=[(people[place].name, live) for place, live in inside.items()],
            clashes=[line for place, line in met if place in newcomers],
            offers=queue.deadline(activity=locked, now=now) is not None,
        )
    letters.tell([(party, facts, notice)], now=now)
    return party


def approve(*, party: Party, now: datetime) -> list[Registration]:
    """Let those of a party who await approval in: to a place, or to the end of the queue. Twice is once."""
    with transaction.atomic():
        locked = places.lock_or_fail(party.activity_id)
        awaiting = list(
            party.registrations.filter(state=RegistrationState.AWAITING_APPROVAL)
            .select_related("resident")
            .order_by("pk")
        )
        if not awaiting:
            return []
        deal = places.deal(locked, people=len(awaiting), all_or_none=party.all_or_none)
        queued_at = end_of_queue(locked, now)
        for place, registration in enumerate(awaiting):
            has_place = place < deal.confirmed
            registration.state = RegistrationState.CONFIRMED if has_place else RegistrationState.QUEUED
            registration.queued_at = None if has_place else queued_at
        Registration.objects.bulk_update(awaiting, ["state", "queued_at"])
        places.change(locked, now=now, taken=deal.confirmed, waiting=deal.queued)
        facts = Facts.of(locked, now=now)
        names = [str(registration.resident) for registration in awaiting]
        with translation.override(party.language):
            notice = notices.answer(
                party,
                facts,
                confirmed=names[: deal.confirmed],
                queued=[(name, (deal.place or 1) + n) for n, name in enumerate(names[deal.confirmed :])],
                awaiting=[],
                already=[],
                clashes=[],
                offers=queue.deadline(activity=locked, now=now) is not None,
            )
        letters.tell([(party, facts, notice)], now=now)
        queue.fill_locked(locked, now=now)
    return awaiting


def _residents(people: Sequence[Person], contact: Contact, seen: Recognition, now: datetime) -> list[UUID]:
    """The resident of each person: recognised, or made new."""
    today = timezone.localtime(now).date()
    new = [place for place, known in enumerate(seen.known) if not known]

    def guardian(person: Person) -> str:
        age = person.age(on=today, youngest=True)
        return contact.guardian_name if age is not None and age < settings.GUARDIAN_UNDER else ""

    made = households.welcome(
        people=[people[place] for place in new],
        household=seen.household,
        email=contact.email,
        phone=contact.phone,
        language=contact.language,
        guardians=[guardian(people[place]) for place in new],
        now=now,
    )
    ids = {place: known[0] for place, known in enumerate(seen.known) if known}
    ids |= {place: resident.pk for place, resident in zip(new, made, strict=True)}
    return [ids[place] for place in range(len(people))]


def _made_by(form_key: UUID) -> UUID | None:
    """The party that this form has made already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM courses_party WHERE form_key = %s", [form_key])
        row = cursor.fetchone()
    return row[0] if row else None


def _refuse_gone(residents: Sequence[UUID | None]) -> None:
    """Whoever was found a moment ago must still be there."""
    found = [pk for pk in residents if pk is not None]
    if Resident.objects.filter(pk__in=found).count() != len(set(found)):
        raise Refusals(
            [Refusal("gone", gettext_lazy("Meanwhile this entry was joined with another or erased. Search once more."))]
        )


def _inside(activity: Activity, seen: Recognition) -> dict[int, Registration]:
    """The live registration here of each person (by place) who has one already."""
    if not seen.all_known:
        return {}
    live = activity.registrations.live().filter(resident__in=seen.all_known).select_related("party")
    by_resident = {registration.resident_id: registration for registration in live.order_by("pk")}
    return {place: by_resident[pk] for place, known in enumerate(seen.known) for pk in known if pk in by_resident}


def states_of(activity: Activity, deal: places.Deal, count: int) -> list[str]:
    if activity.needs_approval:
        return [RegistrationState.AWAITING_APPROVAL.value] * count
    return [RegistrationState.CONFIRMED.value] * deal.confirmed + [RegistrationState.QUEUED.value] * deal.queued


def end_of_queue(activity: Activity, now: datetime) -> datetime:
    """The moment that puts newcomers last: two web servers' clocks, or a wait for the lock, never swap two people."""
    if not activity.waiting:
        return now
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(queued_at) FROM courses_registration WHERE activity_id = %s AND state = 'queued'",
            [activity.pk],
        )
        (last,) = cursor.fetchone()
    return max(last, now) if last else now


def new_number() -> str:
    return "TM-" + "".join(secrets.choice(NUMBER_SIGNS) for _ in range(6))
