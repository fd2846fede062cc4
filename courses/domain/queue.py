"""The queue: a freed or added place goes to the first who fits, with a time to accept.

- An offer holds its place. It lasts 48 hours (a setting) but never past the day before the start. In the last two days
  before the start it lasts six hours, or until two hours before the start, whichever is sooner. After that no offers
  are made: places go to whoever comes.
- Who lets an offer run out is told so kindly and may join the queue again, at its end; the next is asked.
- A party that wants all or none keeps its turn while places that do not suffice for it go to the next who fits. When
  enough are free it is offered them as a whole, and answers as a whole.
- An offer is accepted on the page, by a press; following its link never accepts.

Everything happens under the lock of the activity's row, which is taken before any registration is touched.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from courses.domain import letters, notices, places
from courses.domain.letters import Facts
from courses.domain.refusals import Refusal, words
from courses.enums import ActivityStatus, RegistrationState
from courses.models import Activity, Party, Registration
from ecosystem import history
from ecosystem.text import clean

LAST_DAYS = timedelta(days=2)
BEFORE_START = timedelta(hours=2)
# How many activities one sweep looks at; the next sweep comes in a minute.
SWEEP = 500


def deadline(*, activity: Activity, now: datetime) -> datetime | None:
    """Until when an offer made now would last; None when it is too late for offers."""
    if activity.starts_at is None:
        return None
    # In UTC: 48 hours are 48 hours on the night the clocks change, too.
    start, moment = activity.starts_at.astimezone(UTC), now.astimezone(UTC)
    if start - moment > LAST_DAYS:
        first_day = timezone.localtime(activity.starts_at).date()
        end_of_day_before = datetime.combine(
            first_day - timedelta(days=1), time(23, 59), tzinfo=timezone.get_default_timezone()
        ).astimezone(UTC)
        until = min(moment + timedelta(hours=settings.OFFER_HOURS), end_of_day_before)
    else:
        until = min(moment + timedelta(hours=settings.OFFER_HOURS_LAST_DAYS), start - BEFORE_START)
    # What is told is what holds: whole minutes.
    until = until.replace(second=0, microsecond=0)
    return until if until > moment else None


def fill(*, activity: Activity, now: datetime) -> list[Registration]:
    """Offer what is free to the first who fit; the offers made."""
    with transaction.atomic():
        return fill_locked(places.lock_or_fail(activity), now=now)


def fill_locked(activity: Activity, *, now: datetime) -> list[Registration]:
    """The same for a row that this transaction has locked."""
    room = places.free(activity)
    if not activity.waiting or room == 0 or activity.status != ActivityStatus.PUBLISHED:
        return []
    until = deadline(activity=activity, now=now)
    if until is None:
        return []
    queue = activity.registrations.queue().select_related("party", "resident")
    offered: list[list[Registration]] = []
    for together in _turns(queue):
        if room is not None and len(together) > room:
            continue
        offered.append(together)
        if room is not None:
            room -= len(together)
            if not room:
                break
    made = [registration for together in offered for registration in together]
    if not made:
        return []
    for registration in made:
        registration.state = RegistrationState.OFFERED
        registration.offered_at, registration.offered_until = now, until
    Registration.objects.bulk_update(made, ["state", "offered_at", "offered_until"])
    places.change(activity, now=now, taken=len(made), waiting=-len(made))
    facts = Facts.of(activity, now=now)
    told = []
    for together in offered:
        party = together[0].party
        with translation.override(party.language):
            told.append((party, facts, notices.offer(party, facts, together)))
    letters.tell(told, now=now)
    return made


def accept(*, registration: Registration, now: datetime) -> Registration:
    """Take the offered place, a party of all or none the places of all. Twice is once."""
    refusal: Refusal | None = None
    with transaction.atomic():
        activity = places.lock_or_fail(registration.activity_id)
        current = _current(registration)
        if current.state == RegistrationState.CONFIRMED:
            return current
        refusal = _not_open(current, activity)
        if refusal is None and current.offered_until is not None and current.offered_until <= now:
            # The sweep has not come by yet; the place goes on at once.
            _expire(activity, now=now)
            refusal = _lapsed()
        elif refusal is None:
            together = _together(current)
            _end(together, RegistrationState.CONFIRMED, now=None)
            current.state, current.offered_until = RegistrationState.CONFIRMED, None
            party, facts = current.party, Facts.of(activity, now=now)
            with translation.override(party.language):
                notice = notices.place_confirmed(party, facts, together)
            letters.tell([(party, facts, notice)], now=now)
    if refusal is not None:
        raise refusal
    return current


def decline(*, registration: Registration, now: datetime) -> Registration:
    """Give the offered place on, a party of all or none the places of all. Twice is once."""
    refusal: Refusal | None = None
    with transaction.atomic():
        activity = places.lock_or_fail(registration.activity_id)
        current = _current(registration)
        if current.state in (RegistrationState.DECLINED, RegistrationState.CANCELLED):
            return current
        if current.state == RegistrationState.CONFIRMED:
            raise Refusal("accepted", _("You have already confirmed this place. If you cannot come, cancel it."))
        refusal = _not_open(current, activity)
        if refusal is None and current.offered_until is not None and current.offered_until <= now:
            _expire(activity, now=now)
            refusal = _lapsed()
        elif refusal is None:
            together = _together(current)
            _end(together, RegistrationState.DECLINED, now=now)
            current.state, current.offered_until, current.ended_at = RegistrationState.DECLINED, None, now
            places.change(activity, now=now, taken=-len(together))
            fill_locked(activity, now=now)
    if refusal is not None:
        raise refusal
    return current


def expire_offers(*, now: datetime) -> int:
    """Let offers lapse whose time is over, and ask the next; how many lapsed. For the clock.

    An activity that somebody holds just now is left for the next minute.
    """
    lapsed = 0
    ids = (
        Registration.objects.offers_lapsed(now=now)
        .order_by("activity_id")
        .values_list("activity_id", flat=True)
        .distinct()[:SWEEP]
    )
    for pk in list(ids):
        with transaction.atomic():
            activity = places.lock(pk, skip=True)
            if activity is not None:
                lapsed += _expire(activity, now=now)
    return lapsed


def fill_waiting(*, now: datetime) -> int:
    """Offer places that are free while people wait, wherever a change has left some; how many offers. For the clock."""
    made = 0
    waiting = Activity.objects.filter(
        Q(capacity=None) | Q(taken__lt=F("capacity")),
        status=ActivityStatus.PUBLISHED,
        waiting__gt=0,
        starts_at__gt=now + BEFORE_START,
    )
    for pk in list(waiting.order_by("starts_at", "pk").values_list("pk", flat=True)[:SWEEP]):
        with transaction.atomic():
            activity = places.lock(pk, skip=True)
            if activity is not None:
                made += len(fill_locked(activity, now=now))
    return made


@history.one_change()
def raise_places(*, activity: Activity, capacity: int | None, now: datetime, reason: str) -> Activity:
    """More places than before (None: no limit), with the reason; those who wait are asked in their order."""
    with transaction.atomic():
        locked = places.lock_or_fail(activity)
        if locked.capacity is None or (capacity is not None and capacity < locked.capacity):
            raise Refusal("fewer", _("Places can only be added here. To take some away, cancel registrations first."))
        if not clean(reason):
            raise Refusal("reason", _("Write why there are more places: the next who plans will ask."))
        if capacity == locked.capacity:
            return locked
        reason = clean(reason)[:200]
        locked.capacity_reason = reason
        locked.capacity, locked.changed_at = capacity, now
        Activity.objects.filter(pk=locked.pk).update(capacity=capacity, capacity_reason=reason, changed_at=now)
        fill_locked(locked, now=now)
        return locked


def _turns(queue: Iterable[Registration]) -> list[list[Registration]]:
    """The queue as turns: a party of all or none is one, at the place of its first; others are one each."""
    turns: dict[object, list[Registration]] = {}
    for registration in queue:
        key = registration.party_id if registration.party.all_or_none else registration.pk
        turns.setdefault(key, []).append(registration)
    return list(turns.values())


def _current(registration: Registration) -> Registration:
    return Registration.objects.select_related("party", "resident").get(pk=registration.pk)


def _together(registration: Registration) -> list[Registration]:
    """Those who answer an offer as one."""
    if not registration.party.all_or_none:
        return [registration]
    return list(
        registration.party.registrations.filter(state=RegistrationState.OFFERED)
        .select_related("party", "resident")
        .order_by("pk")
    )


def _end(registrations: Sequence[Registration], state: RegistrationState, *, now: datetime | None) -> None:
    """Leave the offer for this state; ``now`` ends the registration."""
    Registration.objects.filter(pk__in=[registration.pk for registration in registrations]).update(
        state=state, offered_until=None, ended_at=now
    )


def _expire(activity: Activity, *, now: datetime) -> int:
    """Let the lapsed offers of a locked activity go, tell those who had them, ask the next."""
    lapsed = list(activity.registrations.offers_lapsed(now=now).select_related("party", "resident").order_by("pk"))
    if not lapsed:
        return 0
    _end(lapsed, RegistrationState.EXPIRED, now=now)
    places.change(activity, now=now, taken=-len(lapsed))
    facts = Facts.of(activity, now=now)
    told = []
    for party in _parties(lapsed):
        with translation.override(party.language):
            told.append((party, facts, notices.offer_lapsed(party, facts)))
    letters.tell(told, now=now)
    fill_locked(activity, now=now)
    return len(lapsed)


def _parties(registrations: Sequence[Registration]) -> list[Party]:
    return list({registration.party_id: registration.party for registration in registrations}.values())


def _not_open(registration: Registration, activity: Activity) -> Refusal | None:
    """Why there is no offer to answer; None when there is one."""
    if registration.state == RegistrationState.OFFERED:
        return None
    if registration.state == RegistrationState.EXPIRED:
        return _lapsed()
    if activity.status == ActivityStatus.CANCELLED:
        return Refusal("cancelled", _("This activity has been called off. Look what else is on nearby."))
    if registration.state == RegistrationState.DECLINED:
        return Refusal("declined", _("You have already declined this place. You can join the queue again."))
    if registration.state == RegistrationState.CANCELLED:
        return Refusal("ended", _("This registration is cancelled. You can register again."))
    return Refusal("no_offer", _("No place is offered to you at the moment. We will write to you when there is one."))


def _lapsed() -> Refusal:
    return Refusal("lapsed", words(notices.lapsed))
