"""Undoing a merge: the entry that was given up comes back as it was, with all that was its own.

What has happened since stays: a registration made by the one person remains theirs, a value corrected since keeps its
correction. A place that a fold had freed and that has gone on is not taken away again: who held it comes first in the
queue, and is told so before the undo is pressed. Where two activities were made one meanwhile and the one person had a
place in both, each of the two has a registration in the one that is held: what was folded there for the sake of the
merge comes back too. Undoing is refused when its term is over, or the person was joined with a third (undo that first),
or erased.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain import attendance, merging, places
from courses.domain.folding import PARTS
from courses.domain.frozen import freeze, thaw, values
from courses.domain.refusals import Refusal
from courses.enums import LIVE_STATES, PLACE_STATES, ActivityStatus, RegistrationState
from courses.models import Activity, Attendance, Decision, Merge, Party, Registration, Session
from ecosystem.models import Journal, User
from residents.domain import households
from residents.models import Alias, Consent, Household, PossibleDouble, Resident

S = RegistrationState


@dataclass(frozen=True)
class Return:
    """A folded registration on its way back: what it was, and what it will be.

    Its ``activity`` is where it will be: what its own was made one with since.
    """

    registration: Registration
    before: Mapping[str, Any]
    state: str
    # Whether it stood on the list of another, and goes over with those it was made with.
    goes_over: bool = False

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
        held_instead = Q(joined_from__registrations__in=moving)
        activities = merging.lock_activities(Q(registrations__in=moving) | held_instead)
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
    rows = Registration.objects.filter(folded_into__isnull=False, resident=merged.kept)
    rows = rows.filter(Q(pk__in=folds) | Q(ended_at__gte=merged.at)).select_related(
        *("activity__parish", "activity__centre", "party", "folded_into"),
        *("activity__joined_into__parish", "activity__joined_into__centre"),
    )
    found: list[Return] = []
    for row in rows.order_by("pk"):
        before = folds.get(row.pk) or _before_made_one(row, merged)
        if before is None:
            continue
        instead = row.activity.joined_into
        if instead is not None:
            row.activity = instead
        state = _state(row, before, merged, found, now=now)
        found.append(Return(row, before, state, goes_over=instead is not None and state in LIVE_STATES))
    return found


def _is_gone_s(row: Registration, merged: Merge) -> bool:
    """Whose a registration will be again."""
    return row.pk in merged.snapshot["registrations"]


def _before_made_one(row: Registration, merged: Merge) -> Mapping[str, Any] | None:
    """What a registration was that ended when two activities were made one, where the one it stands behind will be the
    other's: as far as its row still says. None of any other, and where the one person has given up both."""
    stands = row.folded_into
    if stands is None or _is_gone_s(row, merged) == _is_gone_s(stands, merged) or stands.state not in LIVE_STATES:
        return None
    state = S.CONFIRMED
    if row.activity.needs_approval:
        state = S.AWAITING_APPROVAL
    elif stands.state in (S.OFFERED, S.QUEUED) or (row.queued_at and not row.offered_at):
        state = S.QUEUED
    queued_at = row.queued_at or (row.registered_at if state == S.QUEUED else None)
    return {
        **freeze(row),
        "state": state.value,
        "queued_at": queued_at.isoformat() if queued_at else None,
        "offered_until": None,
        "ended_at": None,
    }


def _state(
    row: Registration, before: Mapping[str, Any], merged: Merge, others: Sequence[Return], *, now: datetime
) -> str:
    """``others`` are those that come back before it."""
    activity, was = row.activity, str(before["state"])
    mine = _is_gone_s(row, merged)
    # It may have been replaced since: by a registration made anew, or of what the activity was made one with.
    live = Registration.objects.live().filter(activity=activity, resident=merged.kept)
    theirs = Q(pk__in=merged.snapshot["registrations"])
    beside = [one for one in others if one.registration.activity == activity and one.state in LIVE_STATES]
    if live.filter(theirs if mine else ~theirs).exists() or any(
        _is_gone_s(one.registration, merged) == mine for one in beside
    ):
        return S.CANCELLED
    if activity.status == ActivityStatus.CANCELLED:
        return S.CANCELLED
    if was not in PLACE_STATES:
        return was
    until = values(Registration, {"offered_until": before["offered_until"]})["offered_until"]
    if until is not None and until <= now:
        return S.EXPIRED
    room = places.free(activity)
    if room is None or room > sum(one.state in PLACE_STATES for one in beside):
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
        if back.goes_over:
            _go_over(row.party, locked)
        Registration.objects.filter(pk=row.pk).update(state=back.state, folded_into=None, **columns)
        _take_answer_back(row, snapshot)
        places.change(locked, now=now, taken=int(back.state in PLACE_STATES), waiting=int(back.state == S.QUEUED))


def _go_over(party: Party, activity: Activity) -> None:
    """Those who registered together, onto the list of what is held instead, as all others went when they were made one."""
    Party.objects.filter(pk=party.pk).update(activity=activity)
    rows = Registration.objects.filter(party=party)
    rows.update(activity=activity, attendance_asked_at=None, attendance_confirmed_at=None)
    Decision.objects.filter(registration__in=rows.order_by().values("pk")).update(activity=activity)


def _take_answer_back(row: Registration, snapshot: Mapping[str, Any]) -> None:
    """What the folded registration had answered is its own again, unless it was answered anew since."""
    folds: dict[int, Mapping[str, Any]] = {fold["before"]["id"]: fold for fold in snapshot["folds"]}
    fold = folds.get(row.pk, {})
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
