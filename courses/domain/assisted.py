"""Registering for somebody who rang or came by: search first, then the same rules as the public form.

A name and a village suffice. A coordinator who has found a person registers that person, even without a birth date
that would recognise them. A rule is let go by only with a reason, which is written down; places are never among those
rules: to go over them is to raise them. A group may take places without names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coordinators.domain.access import Reach
from courses.domain import admission, decisions, letters, notices, places, queue, registrations
from courses.domain import people as known_people
from courses.domain.admission import Contact, Person
from courses.domain.letters import Facts
from courses.domain.refusals import Refusal, Refusals, words
from courses.enums import Channel, RegistrationState
from courses.models import Activity, Decision, Party, Registration
from ecosystem.models import User
from residents.domain import households, search
from residents.domain.search import Found
from residents.models import Resident

# What a coordinator may let go by with a reason. Places are not here, nor what keeps children safe.
WAIVABLE = frozenset({"age", "closed", "not_open"})
MOST_UNNAMED = 100


@dataclass(frozen=True)
class Result:
    """What became of it: the registrations of the party as they stand, and their numbers in the queue."""

    party: Party
    registrations: list[Registration]
    numbers: dict[int, int]

    def in_state(self, state: str) -> list[Registration]:
        """Those of them in one state."""
        return [one for one in self.registrations if one.state == state]


def find(*, reach: Reach, text: str) -> Found:
    """Those whom the coordinator may find by what was typed."""
    return search.find(reach=reach, question=search.read(text), also=known_people.taking_part(reach))


def kinds(text: str) -> str:
    """What kinds of words were looked for, without the words: "name, year"."""
    return ", ".join(search.read(text).kinds)


def chosen(*, reach: Reach, pks: Sequence[UUID], text: str = "") -> list[Resident]:
    """The people chosen from a search, as far as who is asking may find them."""
    return search.reachable(reach=reach, pks=pks, also=known_people.taking_part(reach), told=search.read(text))


def inside(*, activity: Activity, residents: Sequence[Resident]) -> dict[UUID, Registration]:
    """Who of them is on the list already, and as what."""
    live = Registration.objects.live().filter(activity=activity, resident__in=[person.pk for person in residents])
    return {row.resident_id: row for row in live.order_by("pk") if row.resident_id is not None}


def register(
    *,
    activity: Activity,
    people: Sequence[Person],
    contact: Contact,
    by: User | None,
    now: datetime,
    key: UUID | None = None,
    residents: Sequence[Resident] = (),
    channel: str = Channel.PHONE,
    all_or_none: bool = False,
    waived_because: str = "",
) -> Result:
    """Register people found (``residents``, first) and new ones; raises ``Refusals``.

    With ``waived_because`` the rules of ``WAIVABLE`` do not hold. The same ``key`` again gives what it made.
    """
    is_new = key is None or not Party.objects.filter(form_key=key).exists()
    if is_new and residents and not people:
        there = inside(activity=activity, residents=residents)
        if len(there) == len(residents):
            raise Refusals([_already(there[person.pk], str(person)) for person in residents])
    found = [_as_person(person) for person in residents]
    waived = WAIVABLE if waived_because.strip() else frozenset()
    with transaction.atomic():
        party = registrations.register(
            activity=activity,
            people=[*found, *people],
            contact=contact,
            all_or_none=all_or_none,
            channel=channel,
            now=now,
            form_key=key,
            residents=[*(person.pk for person in residents), *(None for _person in people)] if residents else (),
            waived=waived,
        )
        result = outcome(party=party)
        noted = Decision.objects.filter(registration__party=party, what=Decision.What.REGISTERED)
        if result.registrations and not noted.exists():
            decisions.note(
                activity=activity,
                what=Decision.What.REGISTERED,
                registration=result.registrations[0],
                reason=waived_because,
                people=len(result.registrations),
                by=by,
                now=now,
            )
    return result


def reserve(
    *, activity: Activity, count: int | None, name: str, contact: Contact, by: User | None, now: datetime, key: UUID
) -> Result:
    """Keep places without names for a group that is called ``name``; raises ``Refusals``. The same ``key`` is once."""
    _people, contact = admission.cleaned([], contact)
    name = " ".join(name.split())[: decisions.LONGEST_REASON]
    refusals = [shut] if (shut := admission.shut(activity, now=now)) else []
    refusals += admission.contact_refusals(contact, channel=Channel.PHONE)
    if not name:
        refusals.append(
            Refusal("name", _("Write what the group is called, so that others know whose places these are."))
        )
    if count is None or not 1 <= count <= MOST_UNNAMED:
        refusals.append(Refusal("count", _("Write how many places, from 1 to 100.")))
    if refusals or count is None:
        raise Refusals(refusals)
    with transaction.atomic():
        households.hold([f"form:{key}"])
        if made := Party.objects.filter(form_key=key).first():
            return outcome(party=made)
        locked = places.lock_or_fail(activity)
        if shut := admission.shut(locked, now=now):
            raise Refusals([shut])
        deal = places.deal(locked, people=count, all_or_none=False)
        states = registrations.states_of(locked, deal, count)
        party = Party.objects.create(
            number=registrations.new_number(),
            activity=locked,
            form_key=key,
            channel=Channel.PHONE,
            language=contact.language,
            email=contact.email,
            phone=contact.phone,
            outcome=RegistrationState.AWAITING_APPROVAL if locked.needs_approval else deal.outcome,
            outcome_place=None if locked.needs_approval else deal.place,
            outcome_confirmed=0 if locked.needs_approval else deal.confirmed,
            created_at=now,
        )
        queued_at = registrations.end_of_queue(locked, now)
        made_rows = Registration.objects.bulk_create(
            Registration(
                party=party,
                activity=locked,
                state=state,
                registered_at=now,
                queued_at=queued_at if state == RegistrationState.QUEUED else None,
            )
            for state in states
        )
        confirmed, queued = (states.count(s) for s in (RegistrationState.CONFIRMED, RegistrationState.QUEUED))
        places.change(locked, now=now, taken=confirmed, waiting=queued)
        decisions.note(
            activity=locked,
            what=Decision.What.GROUP,
            registration=made_rows[0],
            reason=name,
            people=count,
            by=by,
            now=now,
        )
        facts = Facts.of(locked, now=now)
        with translation.override(party.language):
            notice = notices.answer(
                party,
                facts,
                confirmed=[name] * confirmed,
                queued=[(name, (deal.place or 1) + number) for number in range(queued)],
                awaiting=[name] * states.count(RegistrationState.AWAITING_APPROVAL),
                already=[],
                clashes=[],
                offers=queue.deadline(activity=locked, now=now) is not None,
            )
            # Named once, not once a place.
            notice.lines = [line.replace(", ".join([name] * confirmed), name) for line in notice.lines]
        letters.tell([(party, facts, notice)], now=now)
    return outcome(party=party)


def outcome(*, party: Party) -> Result:
    """What a party has now: the truth, which at the desk may be told."""
    rows = list(party.registrations.select_related("resident", "party").order_by("pk"))
    numbers: dict[int, int] = {}
    if any(row.state == RegistrationState.QUEUED for row in rows):
        order = Registration.objects.queue().filter(activity=party.activity_id).values_list("pk", flat=True)
        numbers = {pk: place for place, pk in enumerate(order, 1)}
    return Result(party=party, registrations=rows, numbers=numbers)


def _as_person(resident: Resident) -> Person:
    return Person(
        given_name=resident.given_name,
        family_name=resident.family_name,
        birth_year=resident.birth_year,
        birth_month=resident.birth_month,
        birth_day=resident.birth_day,
        village=resident.village,
        lives_elsewhere=resident.lives_elsewhere,
        sex=resident.sex,
    )


def _already(registration: Registration, name: str) -> Refusal:
    state = registration.state
    return Refusal(
        "already",
        words(
            lambda: (
                str(_("%(name)s is on the list already: %(state)s."))
                % {"name": name, "state": str(RegistrationState(state).label).lower()}
            )
        ),
    )


def left_words(activity: Activity) -> str:
    """How many places a newcomer may take, as the page says before one registers."""
    left = activity.places_left
    if left is None:
        return str(_("There is no limit of places."))
    if left == 0:
        return str(_("No free places: who is registered now joins the queue."))
    return ngettext("%(count)s place is free.", "%(count)s places are free.", left) % {"count": left}
