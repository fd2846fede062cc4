"""What joining two entries of one person would do, worked out before anybody does it; changes nothing.

Part by part the fuller value is proposed (a whole birth date before a year, an address that somebody has proved before
another) and people choose. Where both entries had registered for one activity the better registration stands: a place
before an offer, an offer before the queue, the earlier in it first. Of two marks at one session the better holds:
whoever was seen was there. The household that is left stays where others are in it; otherwise it ends, and the one
that stays learns the contact it lacks.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from courses.enums import LIVE_STATES, PLACE_STATES, Presence, RegistrationState
from courses.models import Activity, Attendance, Registration
from residents.models import Household, Resident

# What is chosen as one, and its columns.
PARTS: dict[str, tuple[str, ...]] = {
    "name": ("given_name", "family_name"),
    "birth": ("birth_year", "birth_month", "birth_day"),
    "home": ("village_id", "lives_elsewhere"),
    "sex": ("sex",),
    "guardian": ("guardian_name",),
    "household": ("household_id",),
}
_RANK = {
    state: rank
    for rank, state in enumerate(
        (
            *(RegistrationState.CONFIRMED, RegistrationState.OFFERED),
            *(RegistrationState.QUEUED, RegistrationState.AWAITING_APPROVAL),
        )
    )
}
_BETTER = {Presence.PRESENT.value: 0, Presence.EXCUSED.value: 1, Presence.ABSENT.value: 2}


@dataclass(frozen=True)
class Fold:
    """One activity for which both had registered: which registration stands, which is folded into it."""

    stands: Registration
    ends: Registration

    @property
    def activity(self) -> Activity:
        """The activity."""
        return self.stands.activity

    @property
    def frees(self) -> bool:
        """Whether a place becomes free."""
        return self.ends.state in PLACE_STATES


@dataclass(frozen=True)
class Marks:
    """The marks of one session that become one: the row that stays, how it reads then, the rows that go."""

    stays: Attendance
    best: Attendance
    stands: Registration
    go: tuple[Attendance, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether they said different things."""
        return any(mark.presence != self.best.presence for mark in (self.stays, *self.go))


@dataclass(frozen=True)
class Plan:
    """Exactly what a merge would do as things stand."""

    kept: Resident
    gone: Resident
    values: dict[str, Any]
    # All of ``gone``'s, those folded among them.
    moved: list[Registration] = field(default_factory=list)
    folds: list[Fold] = field(default_factory=list)
    marks: list[Marks] = field(default_factory=list)
    # The household that is left, and who stays in it.
    left: Household | None = None
    left_behind: list[Resident] = field(default_factory=list)
    # What the household that stays learns of the one that ends.
    contact: dict[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing has changed: what was previewed is what is done."""
        said = (
            *(self.kept.pk, self.gone.pk, sorted(self.values.items(), key=str), sorted(self.contact.items())),
            [(row.pk, row.state) for row in self.moved],
            [(fold.stands.pk, fold.stands.state, fold.ends.pk, fold.ends.state) for fold in self.folds],
            [(mark.stays.pk, mark.best.pk, [one.pk for one in mark.go], mark.best.presence) for mark in self.marks],
            [one.pk for one in self.left_behind],
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def in_order(one: Resident, other: Resident) -> tuple[Resident, Resident]:
    """Who is kept and who goes: the older entry keeps its key."""
    kept, gone = sorted((one, other), key=lambda person: (person.created_at, person.pk))
    return kept, gone


def fuller(part: str, kept: Resident, gone: Resident) -> str:
    """Which entry's value is proposed, "kept" or "gone": the one that says more."""

    def weight(person: Resident) -> tuple[Any, ...]:
        if part == "name":
            name = str(person)
            return len(name.split()), sum(not letter.isascii() for letter in name)
        if part == "birth":
            return (sum(value is not None for value in _values(person, part).values()),)
        if part == "home":
            return (person.village_id is not None, person.lives_elsewhere)
        if part == "household":
            home = person.household
            return home.account_id is not None, bool(home.email) + bool(home.phone), bool(home.email)
        return (bool(getattr(person, PARTS[part][0])),)

    return "gone" if weight(gone) > weight(kept) else "kept"


def plan(*, kept: Resident, gone: Resident, chosen: Mapping[str, str] | None = None) -> Plan:
    """What would be done; ``chosen`` says part by part whose value stays, "kept" or "gone". Changes nothing."""
    picks = {part: (chosen or {}).get(part) or fuller(part, kept, gone) for part in PARTS}
    if unknown := sorted(set(picks.values()) - {"kept", "gone"}):
        raise ValueError(unknown)
    values: dict[str, Any] = {}
    for part, pick in picks.items():
        values |= _values(kept if pick == "kept" else gone, part)
    rows = list(
        Registration.objects.filter(resident__in=[kept.pk, gone.pk])
        .select_related("activity__parish", "activity__centre", "party")
        .order_by("pk")
    )
    shared = {r.activity_id for r in rows if r.resident_id == kept.pk} & {
        r.activity_id for r in rows if r.resident_id == gone.pk
    }
    marks = list(
        Attendance.objects.filter(registration__in=[r.pk for r in rows if r.activity_id in shared])
        .select_related("session__activity", "marked_by")
        .order_by("pk")
    )
    folds, folded_marks = [], []
    for activity in sorted(shared):
        theirs = [row for row in rows if row.activity_id == activity]
        stands = min(theirs, key=lambda row: _rank(row, marks))
        folds += [Fold(stands, row) for row in theirs if row != stands and row.state in LIVE_STATES]
        folded_marks += _folded(marks, theirs, stands)
    left, left_behind, contact = _household(kept, gone, picks["household"])
    return Plan(
        kept=kept,
        gone=gone,
        values=values,
        moved=[row for row in rows if row.resident_id == gone.pk],
        folds=folds,
        marks=folded_marks,
        left=left,
        left_behind=left_behind,
        contact=contact,
    )


def _values(person: Resident, part: str) -> dict[str, Any]:
    return {column: getattr(person, column) for column in PARTS[part]}


def _rank(row: Registration, marks: Sequence[Attendance]) -> tuple[Any, ...]:
    """The better first: a place, an offer, the earlier in the queue; of those ended the one that was attended."""
    since = row.queued_at if row.state == RegistrationState.QUEUED and row.queued_at else row.registered_at
    attended = sum(mark.registration_id == row.pk for mark in marks)
    return (
        _RANK.get(RegistrationState(row.state), len(_RANK)),
        0 if row.state in LIVE_STATES else -attended,
        since,
        row.pk,
    )


def _folded(marks: Sequence[Attendance], theirs: Sequence[Registration], stands: Registration) -> list[Marks]:
    """The marks of one activity by session, where any leaves its registration."""
    pks = {row.pk for row in theirs}
    by_session: dict[int, list[Attendance]] = {}
    for mark in marks:
        if mark.registration_id in pks:
            by_session.setdefault(mark.session_id, []).append(mark)
    found = []
    for rows in by_session.values():
        if all(mark.registration_id == stands.pk for mark in rows):
            continue
        best = min(rows, key=lambda mark: (_BETTER[mark.presence], mark.registration_id != stands.pk, mark.pk))
        stays = next((mark for mark in rows if mark.registration_id == stands.pk), best)
        found.append(Marks(stays, best, stands, tuple(mark for mark in rows if mark != stays)))
    return found


def _household(kept: Resident, gone: Resident, pick: str) -> tuple[Household | None, list[Resident], dict[str, str]]:
    """The household that is left, who stays in it, and what the other learns where nobody does."""
    if kept.household_id == gone.household_id:
        return None, [], {}
    stays, left = (kept, gone) if pick == "kept" else (gone, kept)
    behind = list(
        Resident.objects.filter(household=left.household_id)
        .exclude(pk__in=[kept.pk, gone.pk])
        .order_by("birth_year", "given_name", "pk")
    )
    if behind or left.household.account_id is not None:
        return left.household, behind, {}
    blanks = {
        name: str(getattr(left.household, name))
        for name in ("email", "phone")
        if getattr(left.household, name) and not getattr(stays.household, name)
    }
    return left.household, behind, blanks
