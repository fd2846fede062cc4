"""Who came: presence per person and session, and how many came without registering.

Marks are taken on the session's day and after it, as often as they are tapped: the last tap on a person holds, and the
tap counts from when it was made, since a telephone in a cellar sends it later. What was tapped before another's newer
mark changes nothing and is reported back. Nobody's mark is refused for another's sake. Every change writes a journal
entry in the same transaction, with all that the figures need.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from coordinators.models import Educator
from courses.domain.places import lock_or_fail
from courses.domain.refusals import Refusal, words
from courses.enums import Presence, RegistrationState
from courses.models import Activity, Attendance, Registration, Session
from ecosystem import dates, history
from ecosystem.domain import dated_limits
from ecosystem.models import Journal, User
from ecosystem.models.functions import SortKey

MOST_HEADS = 5000
# A registration, its presence before and now (None: no mark), and when that was seen.
Change = tuple[int, str | None, str | None, datetime]
# Whoever had a place and gave it up may have come all the same; who waits in the queue is given a place first.
_MAY_COME = (RegistrationState.CONFIRMED, RegistrationState.CANCELLED)

# Whoever marks: somebody at the desk, or whoever leads the session, by their own link.
Hand = User | Educator


@dataclass(frozen=True)
class Marked:
    """What became of marks: which changed, which a newer mark overtook, which name nobody on the list."""

    changed: tuple[int, ...] = ()
    overtaken: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


def people(*, session: Session) -> list[Registration]:
    """Those on the list, in Latvian order by family name, each with ``mark`` (an Attendance or None); two queries.

    They are the confirmed, and whoever was marked here whatever became of the registration since. Unnamed places of
    groups come last.
    """
    marks = {mark.registration_id: mark for mark in _marks(session).select_related("marked_by", "marked_by_educator")}
    listed = list(
        Registration.objects.filter(activity=session.activity_id)
        .filter(Q(state=RegistrationState.CONFIRMED) | Q(pk__in=list(marks)))
        .select_related("resident", "party")
        .order_by(SortKey("resident__family_name").asc(nulls_last=True), SortKey("resident__given_name"), "pk")
    )
    for registration in listed:
        registration.mark = marks.get(registration.pk)  # type: ignore[attr-defined]
    return listed


def closed_because(session: Session, activity: Activity, *, now: datetime) -> Refusal | None:
    """Why nothing can be marked, or None."""
    if activity.is_cancelled:
        return Refusal("activity_cancelled", words(lambda: _("The activity was called off, so nobody is marked.")))
    if session.cancelled_at is not None:
        return Refusal("session_cancelled", words(lambda: _("This session was called off, so nobody is marked.")))
    if now < _opens_at(session):
        return Refusal(
            "too_early",
            words(
                lambda: (
                    _("Marking opens on the day of the session: %(day)s. Until then the list can be printed.")
                    % {"day": dates.uncapital(dates.on_day(dates.local_day(session.starts_at)))}
                )
            ),
        )
    return None


def is_late(session: Session, *, at: datetime) -> bool:
    """Whether something written down at that moment was entered late: memory had begun to guess."""
    return at > session.ends_at + timedelta(days=late_days(session))


def late_days(session: Session) -> int:
    """After how many days it is late: what the departments had set on the day of the session."""
    return dated_limits.limit("late_entry_days", on=dates.local_day(session.ends_at)).number


def is_held(*, session: Session, now: datetime) -> bool:
    """Whether it took place: ended, not called off, and somebody wrote down who came or how many.

    What had ended before its activity was called off took place all the same.
    """
    if session.ends_at > now or session.cancelled_at is not None:
        return False
    called_off_at = session.activity.cancelled_at
    if called_off_at is not None and session.ends_at > called_off_at:
        return False
    return session.head_count is not None or session.attendances.exists()


def mark(
    *,
    session: Session,
    marks: Mapping[int, str | None],
    by: Hand,
    now: datetime,
    tapped: Mapping[int, datetime] | None = None,
) -> Marked:
    """Write presence by registration; None takes a mark away. ``tapped`` says when, where that was before now."""
    if any(value is not None and value not in Presence.values for value in marks.values()):
        raise Refusal("presence", words(lambda: _("A mark is present, absent or excused.")))
    with transaction.atomic():
        session, activity = _locked(session, now=now)
        return _write(session, activity, marks, by=by, now=now, tapped=tapped or {})


def mark_all_present(*, session: Session, by: Hand, now: datetime) -> Marked:
    """Mark as present everyone on the list who has no mark yet. All carry the moment ``now``: undone by it."""
    with transaction.atomic():
        session, activity = _locked(session, now=now)
        marked = _marks(session).values("registration")
        rest = Registration.objects.filter(activity=activity, state=RegistrationState.CONFIRMED)
        unmarked = rest.exclude(pk__in=marked).order_by("pk").values_list("pk", flat=True)
        return _write(session, activity, dict.fromkeys(unmarked, Presence.PRESENT), by=by, now=now, tapped={})


def undo_all_present(*, session: Session, at: datetime, by: Hand, now: datetime) -> Marked:
    """Take back what this person marked with everyone at that moment, unless it was changed since."""
    with transaction.atomic():
        session, activity = _locked(session, now=now)
        theirs = marked_together(session, at=at, by=by).order_by("pk").values_list("registration", flat=True)
        return _write(session, activity, dict.fromkeys(theirs), by=by, now=now, tapped={})


def marked_together(session: Session, *, at: datetime, by: Hand) -> QuerySet[Attendance]:
    """What this person marked present at once with everyone, and nobody has changed since."""
    return _marks(session).filter(marked_at=at, presence=Presence.PRESENT, **_hand(by))


@history.one_change()
def set_head_count(*, session: Session, heads: int | None, by: Hand, now: datetime) -> None:
    """Say how many came without registering; None is "not counted"."""
    if heads is not None and not 0 <= heads <= MOST_HEADS:
        raise Refusal("head_count", words(lambda: _("Write a whole number from 0 to %(most)s.") % {"most": MOST_HEADS}))
    with transaction.atomic():
        session, activity = _locked(session, now=now)
        if session.head_count == heads:
            return
        before, session.head_count = session.head_count, heads
        session.save(update_fields=["head_count"])
        payload = {**_facts(session, activity, by=by, at=now), "heads": heads, "before": before}
        Journal.objects.create(kind="attendance.heads", payload=payload, created_at=now)


def tell_changes(*, session: Session, changes: Iterable[Change], by: User | None, now: datetime) -> None:
    """Journal entries of marks that change with their registrations, where two of one person become one."""
    told = list(changes)
    rows = Registration.objects.select_related("resident__village", "party").in_bulk([pk for pk, *_rest in told])
    entries = [(rows[pk], before, presence, at) for pk, before, presence, at in told]
    Journal.objects.bulk_create(_entries(session, session.activity, entries, by=by, now=now))


def _opens_at(session: Session) -> datetime:
    """The beginning of the session's local day."""
    return timezone.localtime(session.starts_at).replace(hour=0, minute=0, second=0, microsecond=0)


def _marks(session: Session) -> QuerySet[Attendance]:
    return Attendance.objects.filter(session=session).order_by("pk")


def _locked(session: Session, *, now: datetime) -> tuple[Session, Activity]:
    """The session as it is once the activity's row is ours; raises why it takes no marks."""
    activity = lock_or_fail(session.activity_id)
    session = Session.objects.get(pk=session.pk)
    if refusal := closed_because(session, activity, now=now):
        raise refusal
    return session, activity


def _write(
    session: Session,
    activity: Activity,
    marks: Mapping[int, str | None],
    *,
    by: Hand,
    now: datetime,
    tapped: Mapping[int, datetime],
) -> Marked:
    there = {mark.registration_id: mark for mark in _marks(session).filter(registration__in=marks)}
    known = {
        registration.pk: registration
        for registration in Registration.objects.filter(activity=activity, pk__in=marks)
        .filter(Q(state__in=_MAY_COME) | Q(pk__in=there))
        .select_related("resident__village", "party")
        .order_by("pk")
    }
    new: list[Attendance] = []
    moved: list[Attendance] = []
    gone: list[int] = []
    overtaken: list[int] = []
    changes: list[tuple[Registration, str | None, str | None, datetime]] = []
    for pk, registration in known.items():
        value, old = marks[pk], there.get(pk)
        before = old.presence if old else None
        at = max(_opens_at(session), min(now, tapped.get(pk, now)))
        if value == before:
            continue
        if old and old.marked_at > at:
            overtaken.append(pk)
            continue
        if value is None:
            gone.append(pk)
        elif old is None:
            new.append(
                Attendance(session=session, registration=registration, presence=value, marked_at=at, **_hand(by))
            )
        else:
            old.presence, old.marked_at = value, at
            for name, hand in _hand(by).items():
                setattr(old, name, hand)
            moved.append(old)
        changes.append((registration, before, value, at))
    _marks(session).filter(registration__in=gone).delete()
    Attendance.objects.bulk_create(new)
    Attendance.objects.bulk_update(moved, ["presence", "marked_at", "marked_by", "marked_by_educator"])
    if changes:
        Journal.objects.bulk_create(_entries(session, activity, changes, by=by, now=now))
    return Marked(
        changed=tuple(change[0].pk for change in changes),
        overtaken=tuple(overtaken),
        unknown=tuple(sorted(set(marks) - set(known))),
    )


def _entries(
    session: Session,
    activity: Activity,
    changes: list[tuple[Registration, str | None, str | None, datetime]],
    *,
    by: Hand | None,
    now: datetime,
) -> Iterator[Journal]:
    """One entry a person: what the figures need of them, no names."""
    facts = _facts(session, activity, by=by, at=now)
    day = dates.local_day(session.starts_at)
    for registration, before, presence, at in changes:
        resident = registration.resident
        person: dict[str, Any] = {"resident": None}
        if resident is not None:
            person = {
                "resident": str(resident.pk),
                # With a year alone there are two readings: the figures choose.
                "age": resident.age(on=day),
                "age_youngest": resident.age(on=day, youngest=True),
                "sex": resident.sex,
                "home_parish": resident.village.parish_id if resident.village else None,
                "lives_elsewhere": resident.lives_elsewhere,
            }
        yield Journal(
            kind="attendance.marked",
            payload={
                **facts,
                **person,
                "registration": registration.pk,
                "channel": registration.party.channel,
                "presence": presence,
                "before": before,
                "marked_at": at.isoformat(),
                "is_late": is_late(session, at=at),
            },
            created_at=now,
        )


def _facts(session: Session, activity: Activity, *, by: Hand | None, at: datetime) -> dict[str, Any]:
    """The session, as every entry tells it."""
    return {
        "session": session.pk,
        "activity": activity.pk,
        "lead": activity.lead_id,
        "partners": sorted(activity.partners.order_by("pk").values_list("pk", flat=True)),
        "parish": activity.parish_id,
        "centre": activity.centre_id,
        "topic": activity.topic_id,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        **({"by": None, "by_educator": by.pk} if isinstance(by, Educator) else {"by": by.pk if by else None}),
        "at": at.isoformat(),
    }


def _hand(by: Hand) -> dict[str, Any]:
    """Who marks, as the columns say it."""
    is_user = isinstance(by, User)
    return {"marked_by": by if is_user else None, "marked_by_educator": None if is_user else by}
