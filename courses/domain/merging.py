"""Merging: two entries of one person are made one, by people, after a preview; for a time it can be undone.

What becomes of it is what would be, had the person been recognised from the beginning: their registrations are one
person's, and where both entries had registered for one activity the better of the two stands (a place before an offer,
an offer before the queue, the earlier in it first) and the other is folded into it. Its place goes to the next in the
queue. What exactly will be done is worked out by ``folding``, shown, and then done as shown or not at all.

The entry that is given up is deleted, not hidden: nothing that looks for people can ever meet it. The merge keeps what
it takes to bring it back (``unmerging``), until its term is over. A relation that nobody has taught us refuses: what
belongs to a person must not be left behind. Contacts and entries are held before anything is read, then the
activities, registrations and people are locked in their order, so that nobody registers the one who is going.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.domain import attendance, places, queue
from courses.domain.folding import Fold, Marks, Plan, plan
from courses.domain.frozen import freeze
from courses.domain.refusals import Refusal
from courses.enums import RegistrationState
from courses.models import Activity, Attendance, Merge, Registration
from ecosystem.models import Journal, User
from residents.domain import doubles, households
from residents.models import Alias, Consent, Household, PossibleDouble, Resident

# Every way that leads to a person or a household, and is carried over below. Another refuses until somebody has
# thought about it.
KNOWN_RELATIONS = frozenset(
    {
        "courses.Registration.resident",
        "residents.Consent.said_by",
        "residents.Alias.resident",
        "residents.PossibleDouble.first",
        "residents.PossibleDouble.second",
        "residents.Resident.household",
    }
)


def unknown_relations() -> list[str]:
    """The ways to a person or a household that nobody has taught this module, hidden ones too."""
    found = set()
    for model in (Resident, Household):
        relations: list[Any] = list(model._meta.get_fields(include_hidden=True))
        for relation in relations:
            if relation.auto_created and relation.is_relation and not relation.concrete:
                found.add(f"{relation.related_model._meta.label}.{relation.remote_field.name}")
    return sorted(found - KNOWN_RELATIONS)


def merge(
    *,
    kept: Resident,
    gone: Resident,
    chosen: Mapping[str, str] | None = None,
    seen: str | None = None,
    by: User | None,
    now: datetime,
) -> Merge:
    """Make them one; raises ``Refusal``. With ``seen`` (a plan's fingerprint) only exactly what was previewed."""
    if kept.pk == gone.pk:
        raise Refusal("same", _("This is one entry; there is nothing to join."))
    if unknown_relations():
        raise Refusal(
            "unknown_relation",
            _("The portal has learnt to keep something new about people that joining does not know yet. Tell support."),
        )
    with transaction.atomic():
        hold([kept.pk, gone.pk])
        activities = lock_activities(Q(registrations__resident__in=[kept.pk, gone.pk]))
        lock_rows(Registration.objects.filter(resident__in=[kept.pk, gone.pk]))
        people = lock_people([kept.pk, gone.pk])
        if len(people) != 2:
            raise Refusal("gone", _("Meanwhile one of the two was joined with another entry or erased."))
        done = plan(kept=people[kept.pk], gone=people[gone.pk], chosen=chosen)
        if seen is not None and done.fingerprint != seen:
            raise Refusal("changed", _("Meanwhile something about them has changed. Look once more before joining."))
        made = Merge.objects.create(kept=kept.pk, gone=gone.pk, by=by, at=now)
        made.snapshot = _apply(done, activities, by=by, now=now)
        made.save(update_fields=["snapshot"])
        Journal.objects.create(kind="resident.merged", payload=payload(made, by=by, now=now), created_at=now)
    return made


def payload(merged: Merge, *, by: User | None, now: datetime) -> dict[str, Any]:
    """What the figures need: from now on (or, undone, no longer) these two are counted as one."""
    return {
        "merge": merged.pk,
        "kept": str(merged.kept),
        "gone": str(merged.gone),
        "registrations": merged.snapshot["registrations"],
        "folded": [{"registration": fold["before"]["id"], "into": fold["into"]} for fold in merged.snapshot["folds"]],
        "by": by.pk if by else None,
        "at": now.isoformat(),
    }


def hold(people: Iterable[UUID], *, also: Iterable[str] = ()) -> None:
    """Let nobody register, join or erase these meanwhile: their keys and the contacts they are recognised by.

    All at once and before any row is locked; ``also`` are contacts that are to be theirs.
    """
    wanted = list(people)
    homes = Household.objects.filter(residents__in=wanted).order_by("pk").values_list("email", "phone")
    aliases = Alias.objects.filter(resident__in=wanted).order_by("pk").values_list("email", "phone")
    contacts = {
        f"{kind}:{value}"
        for pair in (*homes, *aliases)
        for kind, value in zip(("email", "phone"), pair, strict=True)
        if value
    }
    households.hold({*contacts, *also, *(f"resident:{pk}" for pk in wanted)})


def lock_activities(which: Q) -> dict[int, Activity]:
    """The activities' rows, locked in their order."""
    wanted = list(Activity.objects.filter(which).order_by("pk").values_list("pk", flat=True).distinct())
    rows = Activity.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in rows}


def lock_people(people: Iterable[UUID]) -> dict[UUID, Resident]:
    """These residents and their households, locked, as they are now.

    Whom they are compared with is locked along with them, all in one order: a pair that is written anew asks for both.
    """
    wanted = set(people)
    pairs = PossibleDouble.objects.filter(Q(first__in=wanted) | Q(second__in=wanted)).order_by("pk")
    others = {pk for pair in pairs.values_list("first", "second") for pk in pair}
    rows = Resident.objects.select_for_update(of=("self",)).filter(pk__in=wanted | others).order_by("pk")
    found = {row.pk: row for row in rows if row.pk in wanted}
    homes = Household.objects.select_for_update(of=("self",)).filter(
        pk__in={person.household_id for person in found.values()}
    )
    by_pk = {home.pk: home for home in homes.order_by("pk")}
    for person in found.values():
        person.household = by_pk[person.household_id]
    return found


def undoable_until(merged: Merge) -> datetime:
    """Until when it can be undone."""
    return merged.at + timedelta(days=settings.MERGE_UNDO_DAYS)


def lock_rows(rows: models.QuerySet[Any]) -> None:
    """Lock these rows in their order."""
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _apply(done: Plan, activities: Mapping[int, Activity], *, by: User | None, now: datetime) -> dict[str, Any]:
    """Do it; what an undo needs."""
    kept, gone = done.kept, done.gone
    snapshot: dict[str, Any] = {
        "kept": freeze(kept),
        "gone": freeze(gone),
        "households": [freeze(home) for home in {p.household_id: p.household for p in (kept, gone)}.values()],
        "values": {name: freeze_value(value) for name, value in done.values.items()},
        "contact": done.contact,
        "registrations": [row.pk for row in done.moved],
        "folds": [
            {"before": freeze(fold.ends), "into": fold.stands.pk, "answer": _answer_of(freeze(fold.stands))}
            for fold in done.folds
        ],
        "marks": [_mark_snapshot(mark) for mark in done.marks],
        "consents_moved": [str(pk) for pk in gone.consents.order_by("pk").values_list("pk", flat=True)],
        "aliases_moved": list(gone.aliases.order_by("pk").values_list("pk", flat=True)),
    }
    _fold_marks(done.marks, by=by, now=now)
    for fold in done.folds:
        Registration.objects.filter(pk=fold.ends.pk).update(
            state=RegistrationState.CANCELLED, offered_until=None, ended_at=now, folded_into=fold.stands.pk
        )
        _carry_answer(fold)
    Registration.objects.filter(resident=gone).update(resident=kept)
    Alias.objects.filter(resident=gone).update(resident=kept)
    Consent.objects.filter(said_by=gone).update(said_by=kept)
    snapshot["aliases_made"] = _aliases(kept, gone)
    snapshot |= _move_pairs(kept, gone)
    Resident.objects.filter(pk=kept.pk).update(**done.values, doubles_checked_at=None)
    Resident.objects.filter(pk=gone.pk).delete()
    if done.left is not None:
        Household.objects.filter(pk=done.values["household_id"]).update(**done.contact)
        Household.objects.filter(pk=done.left.pk, residents=None, account=None).delete()
    for fold in done.folds:
        locked = activities[fold.activity.pk]
        places.change(
            locked, now=now, taken=-int(fold.frees), waiting=-int(fold.ends.state == RegistrationState.QUEUED)
        )
        if fold.frees:
            queue.fill_locked(locked, now=now)
    return snapshot


def _answer_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Whether they were asked if they will come, and said so."""
    return {name: row[name] for name in ("attendance_asked_at", "attendance_confirmed_at")}


def _carry_answer(fold: Fold) -> None:
    """Who said by one registration that they will come need not be rung because of the other."""
    if fold.ends.attendance_confirmed_at is None or fold.stands.attendance_confirmed_at is not None:
        return
    Registration.objects.filter(pk=fold.stands.pk, state=RegistrationState.CONFIRMED).update(
        attendance_asked_at=fold.stands.attendance_asked_at or fold.ends.attendance_asked_at,
        attendance_confirmed_at=fold.ends.attendance_confirmed_at,
    )


def freeze_value(value: Any) -> Any:
    """One chosen value, as the snapshot keeps it."""
    return str(value) if isinstance(value, UUID) else value


def _mark_snapshot(mark: Marks) -> dict[str, Any]:
    return {"stays": freeze(mark.stays), "go": [freeze(one) for one in mark.go], "presence": mark.best.presence}


def _fold_marks(marks: Sequence[Marks], *, by: User | None, now: datetime) -> None:
    """Make them one a session, with a journal entry for each that changes, as if it had been tapped."""
    for mark in marks:
        changes: list[attendance.Change] = [(one.registration_id, one.presence, None, now) for one in mark.go]
        before = mark.stays.presence if mark.stays.registration_id == mark.stands.pk else None
        if before is None:
            changes.append((mark.stays.registration_id, mark.stays.presence, None, now))
        if before != mark.best.presence:
            changes.append((mark.stands.pk, before, mark.best.presence, mark.best.marked_at))
        attendance.tell_changes(session=mark.stays.session, changes=changes, by=by, now=now)
        Attendance.objects.filter(pk__in=[one.pk for one in mark.go]).delete()
        Attendance.objects.filter(pk=mark.stays.pk).update(
            registration=mark.stands,
            presence=mark.best.presence,
            marked_at=mark.best.marked_at,
            marked_by=mark.best.marked_by,
            marked_by_educator=mark.best.marked_by_educator_id,
        )


def _aliases(kept: Resident, gone: Resident) -> list[int]:
    """What either was known by, so that whoever comes by it is recognised."""
    names = ("given_name", "family_name", "birth_year", "birth_month", "birth_day")
    known = {
        (*(getattr(person, name) for name in names), person.household.email, str(person.household.phone or "")): None
        for person in (kept, gone)
    }
    made = Alias.objects.bulk_create(
        Alias(resident=kept, email=email, phone=phone, **dict(zip(names, values, strict=True)))
        for *values, email, phone in known
    )
    return [alias.pk for alias in made]


def _move_pairs(kept: Resident, gone: Resident) -> dict[str, Any]:
    """Whom ``gone`` was compared with, ``kept`` is now; a decision that they are two people holds for both."""
    rows = list(PossibleDouble.objects.filter(Q(first=gone) | Q(second=gone)).order_by("pk"))
    made, changed = [], []
    for row in rows:
        other = row.second_id if row.first_id == gone.pk else row.first_id
        if other == kept.pk:
            continue
        first, second = doubles.ordered(kept.pk, other)
        there = PossibleDouble.objects.filter(first=first, second=second).first()
        if there is None:
            copy = PossibleDouble(**{**_pair_columns(row), "first_id": first, "second_id": second})
            copy.save()
            made.append(copy.pk)
        elif row.state == PossibleDouble.State.NOT_SAME != there.state:
            changed.append(freeze(there))
            there.state, there.decided_at, there.decided_by_id = row.state, row.decided_at, row.decided_by_id
            there.save(update_fields=["state", "decided_at", "decided_by"])
    return {"pairs": [freeze(row) for row in rows], "pairs_made": made, "pairs_changed": changed}


def _pair_columns(row: PossibleDouble) -> dict[str, Any]:
    return {
        name: getattr(row, name) for name in ("reasons", "strength", "state", "found_at", "decided_at", "decided_by_id")
    }
