"""Two activities become one: what becomes of those who registered, worked out before anybody does it, then done.

- Who has a place in the one that stays keeps it, and so does who is offered one.
- The others come in one line with its queue, by when they asked, over both lists. Those who had a place in the other have
  one here as long as there are places, then a turn in the queue; those who waited are offered one, as any who wait. What
  wants all or none keeps its turn while places that do not suffice go to the next who fit.
- Awaiting approval stays awaiting.
- A person who is in both is there once, by the registration of the one that stays: with the earlier of the two moments
  and the better of the two states.

Those who registered together go along as they are, with their number, their link and what was decided about them; so do
those of them who will not come. That they would come was said of another time: it is asked anew. Nothing of an activity
that has begun is carried, so there is no attendance, and nothing that rests on it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from courses.domain import places, queue
from courses.enums import LIVE_STATES, PLACE_STATES, ActivityStatus, RegistrationState
from courses.models import Activity, Decision, Party, Registration

S = RegistrationState
_COLUMNS = (
    *("state", "registered_at", "queued_at", "offered_at", "offered_until"),
    *("attendance_asked_at", "attendance_confirmed_at"),
)
_RANK = {state: rank for rank, state in enumerate((S.CONFIRMED, S.OFFERED, S.QUEUED, S.AWAITING_APPROVAL))}


@dataclass
class Line:
    """One who comes along, or who stands in the one that stays: when they asked, how they stood, what they get."""

    registration: Registration
    arrival: datetime
    # Where they stood before, and the better of both where they are in both.
    stood: str
    had: str
    is_carried: bool = False
    becomes: str = ""
    # The number in the queue, where that is what they get.
    place: int | None = None

    @classmethod
    def of(cls, row: Registration, *, is_carried: bool = False) -> "Line":
        """A registration as it stands. Who waits has asked when their turn was given: a coordinator may have moved it."""
        arrival = row.queued_at if row.state == S.QUEUED and row.queued_at else row.registered_at
        return cls(row, arrival, stood=row.state, had=row.state, is_carried=is_carried)

    @property
    def gets_offer(self) -> bool:
        """Whether a place is offered them anew."""
        return self.becomes == S.OFFERED and (self.is_carried or self.stood != S.OFFERED)


@dataclass(frozen=True)
class Fold:
    """A person who is in both: which registration stands, which is folded into it."""

    stands: Registration
    ends: Registration


@dataclass(frozen=True)
class Plan:
    """Exactly what would become of whom as things stand."""

    kept: Activity
    gone: Activity
    # Of the other: those who come along, in the order in which they asked.
    carried: list[Line] = field(default_factory=list)
    # Of the one that stays: all, whether anything happens to them or not.
    own: list[Line] = field(default_factory=list)
    folds: list[Fold] = field(default_factory=list)
    # Until when what is offered would be.
    until: datetime | None = None

    def count(self, *states: str) -> int:
        """How many of those who come along get one of these."""
        return sum(line.becomes in states for line in self.carried)

    @property
    def waits_longer(self) -> int:
        """How many who had a place in the other would wait for one, those who wait here already among them."""
        lines = (*self.carried, *self.own)
        return sum(line.becomes == S.QUEUED and line.had in PLACE_STATES for line in lines)

    @property
    def goes_on_waiting(self) -> int:
        """How many who waited in the other would wait here."""
        return sum(line.becomes == S.QUEUED and line.had not in PLACE_STATES for line in self.carried)

    @property
    def without_contact(self) -> int:
        """How many of those who come along left neither address nor telephone: they are to be rung."""
        rows = [line.registration for line in self.carried]
        return sum(not row.party.email and not row.party.phone for row in rows)

    @property
    def mark(self) -> str:
        """The same as long as the page would say the same: what was seen is what is done."""
        said = [self.kept.pk, len(self.folds), self.waits_longer, *(self.count(state) for state in LIVE_STATES)]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]

    @property
    def residents(self) -> set[UUID]:
        """Everybody it concerns."""
        rows = [*(line.registration for line in (*self.carried, *self.own)), *(fold.ends for fold in self.folds)]
        return {row.resident_id for row in rows if row.resident_id is not None}


def plan(*, kept: Activity, gone: Activity, now: datetime) -> Plan:
    """What would be done; changes nothing. Certain only under the locks of both rows."""
    here, there = _live(kept), _live(gone)
    mine = {row.resident_id: row for row in here if row.resident_id is not None}
    folds, carried = [], []
    lines = {row.pk: Line.of(row) for row in here}
    for row in there:
        other = Line.of(row, is_carried=True)
        stands = mine.get(row.resident_id) if row.resident_id is not None else None
        if stands is None:
            carried.append(other)
            continue
        folds.append(Fold(stands, row))
        line = lines[stands.pk]
        line.arrival = min(line.arrival, other.arrival)
        line.had = min(line.had, other.had, key=lambda state: _RANK[S(state)])
    waits = [line for line in lines.values() if line.stood not in PLACE_STATES]
    until = queue.deadline(activity=kept, now=now) if kept.status == ActivityStatus.PUBLISHED else None
    for line in lines.values():
        # A place that they hold stays theirs; who is offered one here and has said yes there has said it.
        line.becomes = line.had if line.stood in PLACE_STATES else ""
    _deal([*carried, *waits], room=places.free(kept), until=until)
    return Plan(
        kept=kept,
        gone=gone,
        carried=sorted(carried, key=lambda line: (line.arrival, line.registration.pk)),
        own=list(lines.values()),
        folds=folds,
        until=until,
    )


def _live(activity: Activity) -> list[Registration]:
    rows = Registration.objects.live().filter(activity=activity).select_related("party", "resident")
    return list(rows.order_by("registered_at", "pk"))


def _deal(lines: Sequence[Line], *, room: int | None, until: datetime | None) -> None:
    """What each gets, in the order in which they asked, while there is room; None is no limit."""
    waiting = []
    for turn in _turns([line for line in lines if line.had != S.AWAITING_APPROVAL]):
        had_places = all(line.had == S.CONFIRMED for line in turn)
        fits = room is None or len(turn) <= room
        if fits and (had_places or until is not None):
            becomes = S.CONFIRMED if had_places else S.OFFERED
            room = None if room is None else room - len(turn)
        else:
            becomes = S.QUEUED
            waiting += turn
        for line in turn:
            line.becomes = becomes
    for line in lines:
        if line.had == S.AWAITING_APPROVAL:
            line.becomes = S.AWAITING_APPROVAL
    for number, line in enumerate(sorted(waiting, key=lambda line: (line.arrival, line.registration.pk)), 1):
        line.place = number


def _turns(lines: Iterable[Line]) -> list[list[Line]]:
    """The line as turns, in order: a party of all or none is one, at the place of its first; others are one each."""
    turns: dict[object, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (line.arrival, line.registration.pk)):
        row = line.registration
        turns.setdefault(row.party_id if row.party.all_or_none else row.pk, []).append(line)
    return list(turns.values())


def carry(done: Plan, *, now: datetime) -> None:
    """Do it; the caller holds the locks of both rows, under which the plan was made, and tells the people."""
    kept, gone = done.kept, done.gone
    for fold in done.folds:
        Registration.objects.filter(pk=fold.ends.pk).update(
            state=S.CANCELLED, offered_until=None, ended_at=now, folded_into=fold.stands.pk
        )
    parties = {line.registration.party_id for line in done.carried} | {fold.ends.party_id for fold in done.folds}
    Party.objects.filter(pk__in=parties).update(activity=kept)
    moved = Registration.objects.filter(party__in=parties)
    moved.update(activity=kept, attendance_asked_at=None, attendance_confirmed_at=None)
    # What was decided about them is read on the list they stand on.
    Decision.objects.filter(registration__in=moved.order_by().values("pk")).update(activity=kept)
    _write(done, now=now)
    after = [line.becomes for line in (*done.carried, *done.own)]
    before = [line.stood for line in done.own]
    left = [*(line.stood for line in done.carried), *(fold.ends.state for fold in done.folds)]
    places.change(kept, now=now, taken=_held(after) - _held(before), waiting=_waiting(after) - _waiting(before))
    places.change(gone, now=now, taken=-_held(left), waiting=-_waiting(left))


def _held(states: Iterable[str]) -> int:
    return sum(state in PLACE_STATES for state in states)


def _waiting(states: Iterable[str]) -> int:
    return sum(state == S.QUEUED for state in states)


def _write(done: Plan, *, now: datetime) -> None:
    """The rows as the plan says; those carried have been moved."""
    first = {fold.stands.pk: fold.ends.registered_at for fold in done.folds}
    changed = [
        *done.carried,
        *(line for line in done.own if line.becomes != line.stood or line.registration.pk in first),
    ]
    for line in changed:
        row = line.registration
        row.registered_at = min(row.registered_at, first.get(row.pk, row.registered_at))
        if line.gets_offer:
            row.offered_at, row.offered_until = now, done.until
        elif line.becomes != S.OFFERED:
            row.offered_until = None
        if line.becomes == S.QUEUED:
            row.queued_at = line.arrival
        row.state = line.becomes
        if line.is_carried:
            row.attendance_asked_at = row.attendance_confirmed_at = None
            row.activity = row.party.activity = done.kept
    Registration.objects.bulk_update([line.registration for line in changed], _COLUMNS)
