"""Writing an activity with its sessions, anew or over what is there."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, Min, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coordinators.models import Educator
from courses.domain.programme import leading, partnering, past
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
from courses.domain.programme.words import in_latvian, refused_in_words
from courses.enums import ActivityStatus
from courses.models import Activity, Attendance, PartnerRequest, Session
from ecosystem import history
from ecosystem.models import User

# A way to something else is compared by its key, which asks nothing.
_COLUMNS = tuple((name, Activity._meta.get_field(name).attname) for name in PLAIN)  # type: ignore[union-attr]


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
    was_held = spec.status == ActivityStatus.COMPLETED and past.is_over(spec, now=now)
    if spec.status not in WRITABLE and not was_held:
        raise Refused({"status": _("A new activity is a draft, planned or published.")})
    activity = Activity(
        created_at=now, changed_at=now, form_key=form_key, **{name: getattr(spec, name) for name in PLAIN}
    )
    _put_texts(activity, spec)
    if spec.status == ActivityStatus.PUBLISHED or was_held:
        activity.published_at = now
    if spec.sessions:
        activity.starts_at = min(meeting.starts_at for meeting in spec.sessions)
        activity.ends_at = max(meeting.ends_at for meeting in spec.sessions)
        activity.session_count = len(spec.sessions)
    with refused_in_words(spec=spec, activity=activity):
        with in_latvian():
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
        return _update(activity, spec, now=now, by=by, partner_note=partner_note)


@history.one_change()
def update_held(*, activity: Activity, spec: ActivitySpec, now: datetime, by: User | None = None) -> Activity:
    """The same for one of the activities that :func:`hold` gave: what is there is read already."""
    refuse(check(spec))
    return _update(activity, spec, now=now, by=by)


def _update(
    activity: Activity, spec: ActivitySpec, *, now: datetime, by: User | None, partner_note: str = ""
) -> Activity:
    refuse(_against_what_happened(activity, spec))
    if says_already(activity, spec):
        return activity
    with refused_in_words(spec=spec, activity=activity):
        place = _place(activity)
        with in_latvian():
            changed = _apply(activity, spec, now=now)
            for name in OWN_SETS:
                members = getattr(spec, name)
                if members is not None and _there(activity, name) != {member.pk for member in members}:
                    getattr(activity, name).set(members)
                    changed = True
            sessions = _replace_sessions(activity, spec.sessions)
            if place != _place(activity):
                activity.sessions.live().update(moved=F("moved") + 1)
            changed |= partnering.settle(
                activity,
                wanted=spec.partners,
                partners=_there(activity, "partners"),
                asked=_there(activity, "asked"),
                note=partner_note,
                by=by,
                now=now,
            )
            if changed or sessions.changed:
                activity.starts_at, activity.ends_at, activity.session_count = sessions.facts
                activity.changed_at = now
                activity.save()
        before = _there(activity, "educators")
        after = before if spec.educators is None else {each.pk for each in spec.educators}
        everywhere = after != before or place != _place(activity)
        if (after or sessions.stand_ins) and (everywhere or sessions.touched):
            leading.refuse_two_places(
                activity=activity,
                now=now,
                starts=None if everywhere else sessions.touched,
                regular=after,
                held=getattr(activity, "people_held", None),
            )
    return activity


def says_already(activity: Activity, spec: ActivitySpec) -> bool:
    """Whether an activity that is locked, its sets read, says already what the spec says: then nothing is written."""
    if activity.status == ActivityStatus.PUBLISHED and activity.published_at is None:
        return False
    live = {meeting.starts_at: meeting for meeting in activity.sessions.all() if meeting.cancelled_at is None}
    return (
        not _differing(activity, spec)
        and all(getattr(activity, name) == value for name, value in _texts(spec))
        and {department.pk for department in spec.partners} == _there(activity, "partners") | _there(activity, "asked")
        and all(
            members is None or _there(activity, name) == {member.pk for member in members}
            for name, members in ((name, getattr(spec, name)) for name in OWN_SETS)
        )
        and len(live) == len(spec.sessions)
        and all(
            meeting.starts_at in live
            and (live[meeting.starts_at].ends_at, live[meeting.starts_at].room_id)
            == (meeting.ends_at, meeting.room.pk if meeting.room else None)
            for meeting in spec.sessions
        )
    )


def hold(keys: Collection[int]) -> list[Activity]:
    """These activities with all that a spec is made of, locked in their order until the transaction ends; and who leads.

    A file holds all of its rows before the first is written: activities first, then people, as everybody does for one.
    Row by row, a file and a colleague at the desk could each wait for what the other holds.
    """
    rows = Activity.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    found = Activity.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).order_by("pk")
    found = found.select_related("lead", "parish", "centre", "topic", "contact__holder")
    held = list(
        found.prefetch_related(
            "partners", "partner_requests__department", "audiences", "competences", "educators", "sessions__room"
        )
    )
    people: set[int] = set()
    for activity in held:
        for name in ("partners", *OWN_SETS):
            setattr(activity, f"{name}_there", [member.pk for member in getattr(activity, name).all()])
        requests = activity.partner_requests.all()
        activity.asked_there = [one.department_id for one in requests if one.is_open]  # type: ignore[attr-defined]
        people.update(activity.educators_there)  # type: ignore[attr-defined]
        people.update(session.led_by_id for session in activity.sessions.all() if session.led_by_id)
    theirs = leading.lock(people) if people else {}
    for activity in held:
        activity.people_held = theirs  # type: ignore[attr-defined]
    return held


def _there(activity: Activity, name: str) -> set[Any]:
    """The keys of a set as they were when the row was locked."""
    return set(getattr(activity, f"{name}_there"))


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
    for name in _differing(activity, spec):
        setattr(activity, name, getattr(spec, name))
        changed = True
    if activity.status == ActivityStatus.PUBLISHED and activity.published_at is None:
        activity.published_at = now
    return changed


def _differing(activity: Activity, spec: ActivitySpec) -> list[str]:
    """The plain fields in which a row says something else. What is over stays over, whatever a file of last year says."""
    return [
        name
        for name, column in _COLUMNS
        if getattr(activity, column) != _key_or_value(getattr(spec, name))
        and not (name == "status" and activity.status == ActivityStatus.COMPLETED)
    ]


def _key_or_value(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


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
    """Titles and summaries on the row; tell whether any differs."""
    changed = False
    for name, value in _texts(spec):
        if getattr(activity, name) != value:
            setattr(activity, name, value)
            changed = True
    return changed


def _texts(spec: ActivitySpec) -> Iterator[tuple[str, str | None]]:
    """Titles and summaries by column; a language left empty is NULL, so that readers fall back on Latvian."""
    for name, texts in (("title", spec.titles), ("summary", spec.summaries)):
        for language in LANGUAGES:
            text = texts.get(language, "")
            yield f"{name}_{language}", text if text or language == "lv" else None


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


Facts = tuple[datetime | None, datetime | None, int]


@dataclass(frozen=True)
class _Replaced:
    """What became of the sessions: whether anything, the starts of those new or longer, whether one has a stand-in.

    ``facts`` are the first start, the last end and the number of those that take place now.
    """

    changed: bool
    touched: frozenset[datetime]
    stand_ins: bool
    facts: Facts


def _place(activity: Activity) -> tuple[object, ...]:
    """What the way to the activity depends on."""
    return activity.centre_id, activity.parish_id, activity.format


def _replace_sessions(activity: Activity, wanted: Sequence[SessionSpec]) -> _Replaced:
    """Match sessions by their start: change, add, and let go of those not wanted."""
    there = {session.starts_at: session for session in activity.sessions.all()}
    live = {start: session for start, session in there.items() if session.cancelled_at is None}
    wanted_by_start = {meeting.starts_at: meeting for meeting in wanted}
    gone = {session.pk: session for start, session in live.items() if start not in wanted_by_start}
    if gone:
        marked = Attendance.objects.filter(session__in=list(gone)).order_by("session__starts_at")
        for pk in marked.values_list("session", flat=True)[:1]:
            message = _("Presence on %(when)s is already written down, so that session cannot be left out.")
            raise Refused({"sessions": ValidationError(message, params={"when": when(gone[pk].starts_at)})})
        # Nothing names them: whoever writes presence down waits for the activity's row.
        Session.objects.all().take_away(list(gone))
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
    # What was called off stays off, and is no part of it.
    stands = [meeting for start, meeting in wanted_by_start.items() if start in live or start not in there]
    return _Replaced(
        changed=bool(gone or moved or new),
        touched=frozenset(touched),
        stand_ins=any(session.led_by_id for session in live.values()),
        facts=(
            min((meeting.starts_at for meeting in stands), default=None),
            max((meeting.ends_at for meeting in stands), default=None),
            len(stands),
        ),
    )


@history.one_change()
def set_educators(*, activity: Activity, educators: Sequence[Educator], now: datetime) -> None:
    """Who leads the sessions; raises :class:`Refused` when somebody would be in two places at once."""
    with transaction.atomic():
        activity = locked(activity.pk)
        activity.educators.set(educators)
        activity.changed_at = now
        activity.save(update_fields=["changed_at"])
        leading.refuse_two_places(activity=activity, now=now, regular={educator.pk for educator in educators})
