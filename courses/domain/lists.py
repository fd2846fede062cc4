"""The list of an activity: who has a place, is offered one, waits, awaits approval, will not come; and what was decided.

Only who manages the activity sees it. Awaiting approval is never called a queue: nobody there has a number.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from courses.domain import queue
from courses.enums import RegistrationState
from courses.models import Activity, Decision, Registration

S = RegistrationState
ENDED = (S.CANCELLED, S.DECLINED, S.EXPIRED)
MOST_DECISIONS = 100


@dataclass(frozen=True)
class Entry:
    """One person of the list, or an unnamed place of a group."""

    registration: Registration
    age: int | None
    # The number in the queue, counted as people count: from 1.
    place: int | None = None
    # What a group is called, for its unnamed places.
    group: str = ""


@dataclass
class Roll:
    """The list by where people stand, in the order that counts in each."""

    activity: Activity
    confirmed: list[Entry] = field(default_factory=list)
    offered: list[Entry] = field(default_factory=list)
    queued: list[Entry] = field(default_factory=list)
    awaiting: list[Entry] = field(default_factory=list)
    ended: list[Entry] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    # Whether those who get a free place still have time to answer.
    makes_offers: bool = True

    @property
    def parties(self) -> set[UUID]:
        """Those who registered together, whatever became of it."""
        groups = (self.confirmed, self.offered, self.queued, self.awaiting, self.ended)
        return {entry.registration.party_id for group in groups for entry in group}

    @property
    def silent(self) -> list[Entry]:
        """Those who were asked whether they will come and have not said."""
        return [entry for entry in self.confirmed if entry.registration.is_unanswered]

    @property
    def coming(self) -> int:
        """How many have said that they will come."""
        return sum(entry.registration.attendance_confirmed_at is not None for entry in self.confirmed)

    @cached_property
    def people(self) -> int:
        """How many stand on it, those who will not come as well."""
        return sum(map(len, (self.confirmed, self.offered, self.queued, self.awaiting, self.ended)))

    @cached_property
    def lacking(self) -> int:
        """How many more would have to come for it to take place."""
        return max(0, (self.activity.min_participants or 0) - len(self.confirmed) - len(self.offered))


def of(*, activity: Activity, now: datetime) -> Roll:
    """The list as it stands; two queries, however long it is."""
    rows = (
        Registration.objects.filter(activity=activity)
        .select_related("party", "resident__village", "resident__household")
        .order_by("registered_at", "id")
    )
    decisions = list(_decisions(activity)[:MOST_DECISIONS])
    groups = {
        decision.registration.party_id: decision.reason
        for decision in decisions
        if decision.what == Decision.What.GROUP and decision.registration is not None
    }
    roll = Roll(
        activity=activity, decisions=decisions, makes_offers=queue.deadline(activity=activity, now=now) is not None
    )
    day = activity.first_day()
    by_state: dict[str, list[Registration]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row)
    roll.confirmed = _entries(by_state.get(S.CONFIRMED, []), day, groups)
    roll.offered = _entries(by_state.get(S.OFFERED, []), day, groups)
    roll.awaiting = _entries(by_state.get(S.AWAITING_APPROVAL, []), day, groups)
    waiting = sorted(by_state.get(S.QUEUED, []), key=lambda row: (row.queued_at or row.registered_at, row.pk))
    roll.queued = _entries(waiting, day, groups, numbered=True)
    ended = [row for state in ENDED for row in by_state.get(state, [])]
    roll.ended = _entries(sorted(ended, key=lambda row: (row.ended_at or now, row.pk), reverse=True), day, groups)
    return roll


def _decisions(activity: Activity) -> QuerySet[Decision]:
    return (
        Decision.objects.filter(activity=activity).select_related("by", "registration__resident").order_by("-at", "-id")
    )


def _entries(
    rows: Iterable[Registration], day: date | None, groups: dict[UUID, str], *, numbered: bool = False
) -> list[Entry]:
    return [
        Entry(
            registration=row,
            age=row.resident.age(on=day) if row.resident and day else None,
            place=place if numbered else None,
            group=groups.get(row.party_id, "") if row.resident is None else "",
        )
        for place, row in enumerate(rows, 1)
    ]
