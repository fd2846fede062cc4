"""Undoing a merge: the entry that was given up comes back as it was, with all that was its own.

What has happened since stays: a registration made by the one person remains theirs, a value corrected since keeps its
correction. A place that a fold had freed and that has gone on is not taken away again: who held it comes first in the
queue, and is told so before the undo is pressed. Undoing is refused when its term is over, or the person was joined
with a third (undo that first), or erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain import attendance, merging, places
from courses.domain.folding import PARTS
from courses.domain.frozen import thaw, values
from courses.domain.refusals import Refusal
from courses.enums import LIVE_STATES, PLACE_STATES, ActivityStatus, RegistrationState
from courses.models import Activity, Attendance, Merge, Registration, Session
from ecosystem.models import Journal, User
from residents.domain import households
from residents.models import Alias, Consent, Household, PossibleDouble, Resident

S = RegistrationState


@dataclass(frozen=True)
class Return:
    """A folded registration on its way back: what it was, and what it will be."""

    registration: Registration
    before: Mapping[str, Any]
    state: str

    @property
    def is_whole(self) -> bool:
        """Whether it will be what it was."""
        return self.state == self.before["state"]


@dataclass(frozen=True)
class Outlook:
    """What undoing would do as things stand."""

    merged: Merge
    kept: Resident
    gone: Resident
    moved: list[Registration] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    # Parts of ``kept`` that were corrected since and stay so.
    corrected: list[str] = field(default_factory=list)


def outlook(*, merged: Merge, now: datetime) -> Outlook:
    """What undoing would do; raises ``Refusal``. Changes nothing."""
    kept = _refuse(merged, now=now)
    snapshot = merged.snapshot
    gone = thaw(Resident, snapshot["gone"])
    moved = (
        Registration.objects.filter(pk__in=snapshot["registrations"], resident=kept.pk)
        .select_related("activity__parish", "activity__centre", "party")
        .order_by("pk")
    )
    return Outlook(
        merged=merged,
        kept=kept,
        gone=gone,
        moved=list(moved),
        returns=_returns(merged, now=now),
        corrected=[part for part in PARTS if _restored(part, kept, snapshot) is None],
    )


def unmerge(*, merged: Merge, by: User | None, now: datetime) -> Resident:
    """Make them two again; raises ``Refusal``. The entry that came back."""
    with transaction.atomic():
        _hold(merged)
        current = Merge.objects.select_for_update(of=("self",)).filter(pk=merged.pk).first() or merged
        snapshot = current.snapshot
        folded = [fold["before"]["id"] for fold in snapshot.get("folds", ())]
        moving = [*snapshot.get("registrations", ()), *folded]
        activities = merging.lock_activities(Q(registrations__in=moving))
        merging.lock_rows(Registration.objects.filter(pk__in=moving))
        merging.lock_people([current.kept])
        seen = outlook(merged=current, now=now)
        told = merging.payload(current, by=by, now=now)
        _bring_back(seen, snapshot)
        _return_registrations(seen, snapshot, activities, now=now)
        _return_marks(snapshot, by=by, now=now)
        _return_pairs(snapshot)
        current.undone_at, current.undone_by, current.snapshot = now, by, {}
        current.save(update_fields=["undone_at", "undone_by", "snapshot"])
        Journal.objects.create(kind="resident.unmerged", payload=told, created_at=now)
    return Resident.objects.get(pk=seen.gone.pk)


def _refuse(merged: Merge, *, now: datetime) -> Resident:
    """The person as kept; raises why there is nothing to undo."""
    if merged.undone_at is not None:
        raise Refusal("undone", _("This has been undone already."))
    if not merged.snapshot or now > merging.undoable_until(merged):
        raise Refusal("late", _("The time to undo this is over: what the two entries were is no longer kept."))
    kept = Resident.objects.select_related("household").filter(pk=merged.kept).first()
    if kept is None:
        raise Refusal("gone", _no_longer(merged))
    return kept


def _no_longer(merged: Merge) -> Promise:
    if Merge.objects.filter(gone=merged.kept, undone_at=None).exists():
        return _("The person was since joined with a third entry. Undo that first, then this.")
    return _("The person has been erased since, so there is nothing to part.")


def _hold(merged: Merge) -> None:
    """The same keys as merging takes, those of the entry that is to come back among them."""
    contacts = {
        f"{kind}:{home[kind]}"
        for home in merged.snapshot.get("households", ())
        for kind in ("email", "phone")
        if home[kind]
    }
    homes = Household.objects.filter(residents=merged.kept).values_list("email", "phone").order_by("pk")
    aliases = Alias.objects.filter(resident=merged.kept).values_list("email", "phone").order_by("pk")
    for email, phone in (*homes, *aliases):
        contacts |= {f"{kind}:{value}" for kind, value in (("email", email), ("phone", phone)) if value}
    households.hold({*contacts, f"resident:{merged.kept}", f"resident:{merged.gone}"})


def _restored(part: str, kept: Resident, snapshot: Mapping[str, Any]) -> dict[str, Any] | None:
    """The part as it was before; None where it was corrected since."""
    now = {column: merging.freeze_value(getattr(kept, column)) for column in PARTS[part]}
    if now != {column: snapshot["values"][column] for column in PARTS[part]}:
        return None
    return values(Resident, {column: snapshot["kept"][column] for column in PARTS[part]})


def _bring_back(seen: Outlook, snapshot: Mapping[str, Any]) -> None:
    """Both households, both entries, their aliases."""
    homes = {home["id"]: home for home in snapshot["households"]}
    there = {str(pk) for pk in Household.objects.filter(pk__in=homes).order_by("pk").values_list("pk", flat=True)}
    Household.objects.bulk_create(thaw(Household, homes[pk]) for pk in sorted(set(homes) - there))
    stays = snapshot["values"]["household_id"]
    for name, learnt in snapshot["contact"].items():
        Household.objects.filter(pk=stays, **{name: learnt}).update(**{name: homes[stays][name]})
    restored: dict[str, Any] = {"doubles_checked_at": None}
    for part in PARTS:
        restored |= _restored(part, seen.kept, snapshot) or {}
    Resident.objects.filter(pk=seen.kept.pk).update(**restored)
    Resident.objects.bulk_create([seen.gone])
    Alias.objects.filter(pk__in=snapshot["aliases_made"]).delete()
    Alias.objects.filter(pk__in=snapshot["aliases_moved"], resident=seen.kept.pk).update(resident=seen.gone.pk)
    # A merge of before there was news moved none.
    said = Consent.objects.filter(pk__in=snapshot.get("consents_moved", ()), said_by=seen.kept.pk)
    said.update(said_by=seen.gone.pk)


def _returns(merged: Merge, *, now: datetime) -> list[Return]:
    """What each folded registration will be: what it was, where that is still possible."""
    folds = {fold["before"]["id"]: fold["before"] for fold in merged.snapshot["folds"]}
    rows = Registration.objects.filter(pk__in=folds, folded_into__isnull=False, resident=merged.kept)
    found = []
    for row in rows.select_related("activity__parish", "activity__centre", "party").order_by("pk"):
        before = folds[row.pk]
        found.append(Return(row, before, _state(row, before, merged, now=now)))
    return found


def _state(row: Registration, before: Mapping[str, Any], merged: Merge, *, now: datetime) -> str:
    activity, was = row.activity, str(before["state"])
    mine = row.pk in merged.snapshot["registrations"]
    # What was kept's own may have been replaced since by a registration made anew.
    others = Registration.objects.live().filter(activity=activity, resident=merged.kept)
    if not mine and others.exclude(pk__in=merged.snapshot["registrations"]).exists():
        return S.CANCELLED
    if activity.status == ActivityStatus.CANCELLED:
        return S.CANCELLED
    if was not in PLACE_STATES:
        return was
    until = values(Registration, {"offered_until": before["offered_until"]})["offered_until"]
    if until is not None and until <= now:
        return S.EXPIRED
    if places.free(activity) != 0:
        return was
    return S.CANCELLED if activity.ends_at and activity.ends_at <= now else S.QUEUED


def _return_registrations(
    seen: Outlook, snapshot: Mapping[str, Any], activities: Mapping[int, Activity], *, now: datetime
) -> None:
    """To whom they belonged; the folded ones to what they will be, under the lock of their activity."""
    moved = [row.pk for row in seen.moved]
    Registration.objects.filter(pk__in=moved).update(resident=seen.gone.pk)
    for back in seen.returns:
        row, locked = back.registration, activities[back.registration.activity_id]
        columns = values(Registration, {name: back.before[name] for name in _TIMES})
        if not back.is_whole:
            columns |= {"offered_until": None, "ended_at": None if back.state in LIVE_STATES else now}
            if back.state == S.QUEUED:
                # Who asked long ago comes first.
                columns["queued_at"] = columns["queued_at"] or row.registered_at
        Registration.objects.filter(pk=row.pk).update(state=back.state, folded_into=None, **columns)
        _take_answer_back(row, snapshot)
        places.change(locked, now=now, taken=int(back.state in PLACE_STATES), waiting=int(back.state == S.QUEUED))


def _take_answer_back(row: Registration, snapshot: Mapping[str, Any]) -> None:
    """What the folded registration had answered is its own again, unless it was answered anew since."""
    fold = next(fold for fold in snapshot["folds"] if fold["before"]["id"] == row.pk)
    # A merge from before answers were carried has none.
    if row.attendance_confirmed_at is not None and (answer := fold.get("answer")) is not None:
        Registration.objects.filter(pk=fold["into"], attendance_confirmed_at=row.attendance_confirmed_at).update(
            **values(Registration, answer)
        )


_TIMES = ("queued_at", "offered_at", "offered_until", "ended_at")


def _return_marks(snapshot: Mapping[str, Any], *, by: User | None, now: datetime) -> None:
    """Each mark to its registration, unless it was changed or taken away since."""
    for one in snapshot["marks"]:
        before = thaw(Attendance, one["stays"])
        session = Session.objects.select_related("activity").filter(pk=before.session_id).first()
        if session is None:
            continue
        changes: list[attendance.Change] = []
        current = Attendance.objects.filter(pk=before.pk).first()
        if current is not None:
            went = current.registration_id != before.registration_id
            untouched = current.presence == one["presence"]
            presence = before.presence if untouched else current.presence
            if went:
                changes.append((current.registration_id, current.presence, None, now))
            if went or presence != current.presence:
                changes.append((before.registration_id, None if went else current.presence, presence, before.marked_at))
            columns = one["stays"] if untouched else {"registration_id": one["stays"]["registration_id"]}
            Attendance.objects.filter(pk=current.pk).update(**values(Attendance, columns))
        for columns in one["go"]:
            gone = thaw(Attendance, columns)
            if not Attendance.objects.filter(session=session, registration=gone.registration_id).exists():
                gone.save(force_insert=True)
                changes.append((gone.registration_id, None, gone.presence, gone.marked_at))
        attendance.tell_changes(session=session, changes=changes, by=by, now=now)


def _return_pairs(snapshot: Mapping[str, Any]) -> None:
    """Whom each was compared with, and what was decided, as it was."""
    PossibleDouble.objects.filter(pk__in=snapshot["pairs_made"]).delete()
    for columns in snapshot["pairs_changed"]:
        before = values(PossibleDouble, columns)
        PossibleDouble.objects.filter(pk=before.pop("id")).update(**before)
    rows = [thaw(PossibleDouble, columns) for columns in snapshot["pairs"]]
    people = {pk for row in rows for pk in (row.first_id, row.second_id)}
    there = set(Resident.objects.filter(pk__in=people).order_by("pk").values_list("pk", flat=True))
    PossibleDouble.objects.bulk_create(
        (row for row in rows if {row.first_id, row.second_id} <= there), ignore_conflicts=True
    )
