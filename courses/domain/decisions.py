"""What a coordinator decides about one activity's list, each written down with who and when.

The order is the rule: whoever asked first has the place. Whatever leaves the order (a place given out of turn, somebody
moved to the end, places added) has a reason, and the next who reads the list sees it. To go over the places is to raise
them: a place is never given that does not exist.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.domain import letters, notices, parties, places, queue, registrations
from courses.domain.letters import Facts
from courses.domain.refusals import Refusal, words
from courses.enums import ActivityStatus, RegistrationState
from courses.models import Activity, Decision, Registration
from ecosystem import history
from ecosystem.models import User
from ecosystem.text import clean

What = Decision.What
LONGEST_REASON = 200


def note(
    *,
    activity: Activity,
    what: str,
    by: User | None,
    now: datetime,
    registration: Registration | None = None,
    reason: str = "",
    people: int = 0,
    key: UUID | None = None,
) -> Decision:
    """Write down what was decided; in the transaction that does it."""
    return Decision.objects.create(
        activity=activity,
        registration=registration,
        what=what,
        reason=clean(reason)[:LONGEST_REASON],
        people=people,
        key=key,
        by=by,
        at=now,
    )


def reasoned(reason: str) -> str:
    """The reason in one line; refused when there is none."""
    if not (said := clean(reason)):
        raise Refusal("reason", _("Write why: whoever reads the list next will ask."))
    if len(said) > LONGEST_REASON:
        raise Refusal("reason", _("The reason is too long. Write at most 200 letters."))
    return said


def approve(*, registration: Registration, by: User | None, now: datetime) -> list[Registration]:
    """Let those who asked together in: to a place, or to the end of the queue. Twice is once."""
    with transaction.atomic():
        places.lock_or_fail(registration.activity_id)
        let_in = registrations.approve(party=registration.party, now=now)
        if let_in:
            note(
                activity=registration.activity,
                what=What.APPROVED,
                registration=registration,
                people=len(let_in),
                by=by,
                now=now,
            )
    return let_in


def accept(*, registration: Registration, by: User | None, now: datetime) -> Registration:
    """They said by telephone that they take the offered place. Twice is once; raises ``Refusal``."""
    # Outside a transaction of ours: what the queue decides about a lapsed offer stays decided when it refuses.
    accepted = queue.accept(registration=registration, now=now)
    if registration.state == RegistrationState.OFFERED:
        note(activity=registration.activity, what=What.ACCEPTED, registration=registration, people=1, by=by, now=now)
    return accepted


@history.one_change()
def give_place(
    *, registration: Registration, reason: str, by: User | None, now: datetime, add_places: bool = False
) -> list[Registration]:
    """Give somebody in the queue a place before their turn, and tell them; a party of all or none whole.

    Without a free place it is refused; with ``add_places`` the places are raised by as many as it takes.
    """
    reason = reasoned(reason)
    with transaction.atomic():
        locked = places.lock_or_fail(registration.activity_id)
        together = _waiting(registration)
        if locked.status != ActivityStatus.PUBLISHED:
            raise Refusal("closed", _("The activity is not open any more, so no places are given."))
        free = places.free(locked)
        lacking = 0 if free is None else max(0, len(together) - free)
        if lacking and not add_places:
            raise Refusal("no_place", _no_place(free or 0, len(together)))
        if lacking:
            assert locked.capacity is not None  # noqa: S101 (places lack only under a limit)
            locked.capacity += lacking
            locked.capacity_reason, locked.changed_at = reason, now
            locked.save(update_fields=["capacity", "capacity_reason", "changed_at"])
        Registration.objects.filter(pk__in=[one.pk for one in together]).update(state=RegistrationState.CONFIRMED)
        places.change(locked, now=now, taken=len(together), waiting=-len(together))
        note(
            activity=locked,
            what=What.PLACE,
            registration=registration,
            reason=reason,
            people=len(together),
            by=by,
            now=now,
        )
        party, facts = together[0].party, Facts.of(locked, now=now)
        with translation.override(party.language):
            notice = notices.place_confirmed(party, facts, together)
        letters.tell([(party, facts, notice)], now=now)
    return together


def move_to_end(*, registration: Registration, reason: str, by: User | None, now: datetime) -> list[Registration]:
    """Let somebody wait behind all others, with a reason, and tell them their new number."""
    reason = reasoned(reason)
    with transaction.atomic():
        locked = places.lock_or_fail(registration.activity_id)
        together = _waiting(registration)
        if len(together) == locked.waiting:
            raise Refusal("alone", _("Nobody else is in the queue, so there is no end to move to."))
        last = registrations.end_of_queue(locked, now) + timedelta(microseconds=1)
        Registration.objects.filter(pk__in=[one.pk for one in together]).update(queued_at=last)
        note(
            activity=locked,
            what=What.MOVED,
            registration=registration,
            reason=reason,
            people=len(together),
            by=by,
            now=now,
        )
        party, facts = together[0].party, Facts.of(locked, now=now)
        with translation.override(party.language):
            notice = notices.queue_moved(
                party,
                facts,
                place=locked.waiting - len(together) + 1,
                offers=queue.deadline(activity=locked, now=now) is not None,
            )
        letters.tell([(party, facts, notice)], now=now)
        queue.fill_locked(locked, now=now)
    return together


def cancel(
    *, registration: Registration, by: User | None, now: datetime, reason: str = "", whole_party: bool = False
) -> list[Registration]:
    """They rang that they cannot come: one of a party or all of it. They are told; their places go to the next."""
    with transaction.atomic():
        places.lock_or_fail(registration.activity_id)
        ended = parties.cancel(party=registration.party, registrations=None if whole_party else [registration], now=now)
        if ended:
            note(
                activity=registration.activity,
                what=What.CANCELLED,
                registration=registration,
                reason=reason,
                people=len(ended),
                by=by,
                now=now,
            )
    return ended


@history.one_change()
def raise_places(*, activity: Activity, capacity: int | None, reason: str, by: User | None, now: datetime) -> int:
    """More places, with the reason; those who wait are asked in their order. How many were offered a place."""
    reason = reasoned(reason)
    if capacity is None:
        raise Refusal("capacity", _("Write how many places there are now, in numbers."))
    with transaction.atomic():
        before = places.lock_or_fail(activity)
        if before.capacity is not None and capacity <= before.capacity:
            raise Refusal("capacity", _more_than(before.capacity))
        if capacity > 10_000:
            raise Refusal("capacity", _("That is more places than any hall here has. Check the number."))
        waiting = before.waiting
        after = queue.raise_places(activity=activity, capacity=capacity, reason=reason, now=now)
        offered = waiting - after.waiting
        note(activity=after, what=What.RAISED, reason=reason, people=offered, by=by, now=now)
    return offered


def _waiting(registration: Registration) -> list[Registration]:
    """Those who wait as one with this registration, as they stand under the lock; refused when they do not wait."""
    current = Registration.objects.select_related("party", "resident").get(pk=registration.pk)
    if current.state != RegistrationState.QUEUED:
        raise Refusal("not_waiting", _waits_no_more(current))
    if not current.party.all_or_none:
        return [current]
    theirs = current.party.registrations.queue().select_related("party", "resident")
    return list(theirs)


def _waits_no_more(registration: Registration) -> Promise:
    return words(
        lambda: (
            str(_("Meanwhile this has changed: %(name)s is no longer in the queue (%(state)s)."))
            % {
                "name": registration.resident or _("Unnamed place"),
                "state": str(registration.get_state_display()).lower(),
            }
        )
    )


def _no_place(free: int, wanted: int) -> Promise:
    def say() -> str:
        if not free:
            return str(_("All places are taken. To give one more, raise the places."))
        return ngettext(
            "Only %(free)s place is free, and they are %(wanted)s together. Raise the places first.",
            "Only %(free)s places are free, and they are %(wanted)s together. Raise the places first.",
            free,
        ) % {"free": free, "wanted": wanted}

    return words(say)


def _more_than(capacity: int) -> Promise:
    return words(lambda: str(_("Write a number above %(places)s: there are that many already.")) % {"places": capacity})
