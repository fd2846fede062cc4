"""Writing an activity with its sessions, anew or over what is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, Min, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coordinators.models import Educator
from courses.domain.programme import leading, partnering
from courses.domain.programme.spec import (
    LANGUAGES,
    OWN_SETS,
    PLAIN,
    WRITABLE,
    ActivitySpec,
    Problems,
    Refused,
    SessionSpec,
    check,
    refuse,
    when,
)
from courses.domain.programme.words import in_words
from courses.enums import ActivityStatus
from courses.models import Activity, PartnerRequest, Session
from ecosystem import history
from ecosystem.models import User


@history.one_change()
def create_activity(
    *,
    spec: ActivitySpec,
    now: datetime,
    by: User | None = None,
    partner_note: str = "",
    form_key: UUID | None = None,
) -> Activity:
    """Write a new activity with its sessions, and ask its partners.

    Raises :class:`Refused`, also where ``form_key`` has made one before.
    """
    refuse(check(spec))
    if spec.status not in WRITABLE:
        raise Refused({"status": _("A new activity is a draft, planned or published.")})
    activity = Activity(
        created_at=now, changed_at=now, form_key=form_key, **{name: getattr(spec, name) for name in PLAIN}
    )
    _put_texts(activity, spec)
    if spec.status == ActivityStatus.PUBLISHED:
        activity.published_at = now
    if spec.sessions:
        activity.starts_at = min(meeting.starts_at for meeting in spec.sessions)
        activity.ends_at = max(meeting.ends_at for meeting in spec.sessions)
        activity.session_count = len(spec.sessions)
    with transaction.atomic():
        with in_words(spec=spec, activity=activity):
            activity.save(force_insert=True)
            for name in OWN_SETS:
                _add(activity, name, getattr(spec, name) or ())
            Session.objects.bulk_create(_session(activity, meeting) for meeting in spec.sessions)
        # Nobody is asked about what was not written. The row is nobody else's yet.
        partnering.settle(activity, wanted=spec.partners, partners=(), asked=(), note=partner_note, by=by, now=now)
        if spec.educators:
            leading.refuse_two_places(activity=activity, now=now)
    return activity


@history.one_change()
def update_activity(
    *, activity: Activity, spec: ActivitySpec, now: datetime, by: User | None = None, partner_note: str = ""
) -> Activity:
    """Make an activity say what the spec says; raises :class:`Refused`.

    Partners named anew are asked, those left out are told (:mod:`partnering`).
    Registrations stay. Sessions are the same when they start at the same time: those are moved to the new end and
    room, new ones are added, missing ones go, unless somebody's presence is written down for them. What was called
    off stays called off. Nothing is written, and ``changed_at`` stays, when nothing differs. Who leads is never sent to
    two places at once (:mod:`leading`).
    """
    refuse(check(spec))
    with transaction.atomic():
        activity = locked(activity.pk, with_sets=True)
        refuse(_against_what_happened(activity, spec))
        place = _place(activity)
        changed = _apply(activity, spec, now=now)
        with in_words(spec=spec, activity=activity):
            for name in OWN_SETS:
                members = getattr(spec, name)
                if members is not None and set(getattr(activity, f"{name}_there")) != {member.pk for member in members}:
                    getattr(activity, name).set(members)
                    changed = True
            sessions = _replace_sessions(activity, spec.sessions)
            if place != _place(activity):
                activity.sessions.live().update(moved=F("moved") + 1)
            changed |= partnering.settle(
                activity,
                wanted=spec.partners,
                partners=activity.partners_there,  # type: ignore[attr-defined]
                asked=activity.asked_there,  # type: ignore[attr-defined]
                note=partner_note,
                by=by,
                now=now,
            )
            if changed or sessions.changed:
                _count_sessions(activity)
                activity.changed_at = now
                activity.save()
        before = set(activity.educators_there)  # type: ignore[attr-defined]
        after = before if spec.educators is None else {each.pk for each in spec.educators}
        everywhere = after != before or place != _place(activity)
        if (after or sessions.stand_ins) and (everywhere or sessions.touched):
            leading.refuse_two_places(activity=activity, now=now, starts=None if everywhere else sessions.touched)
    return activity


def locked(pk: int, *, with_sets: bool = False) -> Activity:
    """An activity's row, locked until the transaction ends; with the keys of its sets in the same query.

    ``no_key``, as everywhere: a row that only names the activity need not wait for us.
    """
    rows = Activity.objects.select_for_update(of=("self",), no_key=True)
    if with_sets:
        asked = PartnerRequest.objects.open().filter(activity=OuterRef("pk")).order_by()
        rows = rows.annotate(asked_there=ArraySubquery(asked.values("department")))
        for name in ("partners", *OWN_SETS):
            members = getattr(Activity, name).through.objects.filter(activity=OuterRef("pk"))
            theirs = Activity._meta.get_field(name).m2m_reverse_field_name()  # type: ignore[union-attr]
            rows = rows.annotate(**{f"{name}_there": ArraySubquery(members.values(f"{theirs}_id"))})
    return rows.get(pk=pk)


def _against_what_happened(activity: Activity, spec: ActivitySpec) -> Problems:
    """What people have done meanwhile and a change must respect."""
    problems: Problems = {}
    if activity.status == ActivityStatus.CANCELLED:
        problems["status"] = [ValidationError(_("The activity was called off and is not changed any more."))]
        return problems
    if spec.capacity is not None and spec.capacity < activity.taken:
        message = _("Places already taken: %(taken)s. There cannot be only %(capacity)s.")
        problems["capacity"] = [ValidationError(message, params={"taken": activity.taken, "capacity": spec.capacity})]
    if spec.is_drop_in and (activity.taken or activity.waiting):
        problems["is_drop_in"] = [ValidationError(_("People have registered, so it cannot become «just come»."))]
    if (
        activity.status == ActivityStatus.PUBLISHED
        and spec.status in (ActivityStatus.DRAFT, ActivityStatus.PLANNED)
        and (activity.taken or activity.waiting)
    ):
        problems["status"] = [
            ValidationError(_("People have registered: the activity can be called off, but not taken back."))
        ]
    return problems


def _apply(activity: Activity, spec: ActivitySpec, *, now: datetime) -> bool:
    """Put the plain fields and the texts on the row; tell whether anything differs."""
    changed = _put_texts(activity, spec)
    for name in PLAIN:
        value = getattr(spec, name)
        # What is over stays over, whatever a file of last year says.
        if name == "status" and activity.status == ActivityStatus.COMPLETED:
            continue
        column = Activity._meta.get_field(name).attname  # type: ignore[union-attr]
        if getattr(activity, column) != (value.pk if isinstance(value, models.Model) else value):
            setattr(activity, name, value)
            changed = True
    if activity.status == ActivityStatus.PUBLISHED and activity.published_at is None:
        activity.published_at = now
    return changed


def refresh_facts(*, activity: Activity, now: datetime) -> None:
    """Write the facts of its sessions on an activity's row. The caller holds the row's lock."""
    _count_sessions(activity)
    activity.changed_at = now
    activity.save(update_fields=["starts_at", "ends_at", "session_count", "changed_at"])


def _count_sessions(activity: Activity) -> None:
    facts = Session.objects.filter(activity=activity).aggregate(
        first=Min("starts_at", filter=Q(cancelled_at=None)),
        last=Max("ends_at", filter=Q(cancelled_at=None)),
        count=Count("pk", filter=Q(cancelled_at=None)),
    )
    activity.starts_at, activity.ends_at = facts["first"], facts["last"]
    activity.session_count = facts["count"]


def _put_texts(activity: Activity, spec: ActivitySpec) -> bool:
    """Titles and summaries on the row; a language left empty is NULL, so that readers fall back on Latvian."""
    changed = False
    for name, texts in (("title", spec.titles), ("summary", spec.summaries)):
        for language in LANGUAGES:
            text = texts.get(language, "")
            value = text if text or language == "lv" else None
            if getattr(activity, f"{name}_{language}") != value:
                setattr(activity, f"{name}_{language}", value)
                changed = True
    return changed


def _add(activity: Activity, name: str, members: Sequence[models.Model]) -> None:
    """Members of a new activity's set, in one statement and without asking what is there."""
    if not members:
        return
    relation = Activity._meta.get_field(name)
    through = getattr(Activity, name).through
    theirs = relation.m2m_reverse_field_name()  # type: ignore[union-attr]
    through.objects.bulk_create(through(activity=activity, **{theirs: member}) for member in members)


def _session(activity: Activity, meeting: SessionSpec) -> Session:
    return Session(activity=activity, starts_at=meeting.starts_at, ends_at=meeting.ends_at, room=meeting.room)


@dataclass(frozen=True)
class _Replaced:
    """What became of the sessions: whether anything, the starts of those new or longer, whether one has a stand-in."""

    changed: bool
    touched: frozenset[datetime]
    stand_ins: bool


def _place(activity: Activity) -> tuple[object, ...]:
    """What the way to the activity depends on."""
    return activity.centre_id, activity.parish_id, activity.format


def _replace_sessions(activity: Activity, wanted: Sequence[SessionSpec]) -> _Replaced:
    """Match sessions by their start: change, add, and let go of those not wanted."""
    there = {session.starts_at: session for session in activity.sessions.all()}
    live = {start: session for start, session in there.items() if session.cancelled_at is None}
    wanted_by_start = {meeting.starts_at: meeting for meeting in wanted}
    gone = [session for start, session in live.items() if start not in wanted_by_start]
    for session in gone:
        if session.attendances.exists():
            message = _("Presence on %(when)s is already written down, so that session cannot be left out.")
            raise Refused({"sessions": ValidationError(message, params={"when": when(session.starts_at)})})
    if gone:
        Session.objects.filter(pk__in=[session.pk for session in gone]).delete()
    # By new length and room: mostly all sessions move alike, so one statement does for them.
    moved: dict[tuple[timedelta, int | None], list[int]] = {}
    touched = {start for start in wanted_by_start if start not in there}
    for start, session in live.items():
        meeting = wanted_by_start.get(start)
        room_id = meeting.room.pk if meeting and meeting.room else None
        if meeting and (session.ends_at, session.room_id) != (meeting.ends_at, room_id):
            moved.setdefault((meeting.ends_at - start, room_id), []).append(session.pk)
            touched.add(start)
    for (length, room_id), keys in moved.items():
        Session.objects.filter(pk__in=keys).update(ends_at=F("starts_at") + length, room=room_id, moved=F("moved") + 1)
    new = [_session(activity, meeting) for start, meeting in wanted_by_start.items() if start not in there]
    Session.objects.bulk_create(new)
    return _Replaced(
        changed=bool(gone or moved or new),
        touched=frozenset(touched),
        stand_ins=any(session.led_by_id for session in live.values()),
    )


@history.one_change()
def set_educators(*, activity: Activity, educators: Sequence[Educator], now: datetime) -> None:
    """Who leads the sessions; raises :class:`Refused` when somebody would be in two places at once."""
    with transaction.atomic():
        activity = locked(activity.pk)
        activity.educators.set(educators)
        activity.changed_at = now
        activity.save(update_fields=["changed_at"])
        leading.refuse_two_places(activity=activity, now=now)
