"""The programme: an activity is written with its sessions, published, called off, completed.

An activity says for whom, where, what about and when, and the row carries the facts of its sessions (first start, last
end, how many), so that the catalogue reads one table. Whoever changes an activity changes ``changed_at`` with it, which
the catalogue's index follows. What the database would refuse is refused here in words: the constraints are the last to
speak, and :func:`_in_words` translates them, so no door meets a bare ``IntegrityError``.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Max, Min, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from centres.models import Centre, Room
from coordinators.models import Educator, Post
from courses.enums import ActivityFormat, ActivityKind, ActivityStatus
from courses.models import Activity, Session
from ecosystem.models import Audience, Competence, Department, Parish, Topic

LANGUAGES: tuple[str, ...] = tuple(settings.MODELTRANSLATION_LANGUAGES)
TITLE_LENGTH = 160
SUMMARY_LENGTH = 4000
MOST_PLACES = 100_000
OLDEST = 120
MOST_SESSIONS = 400
# What may be chosen when an activity is written; completed and cancelled are ends that have their own functions.
WRITABLE = (ActivityStatus.DRAFT, ActivityStatus.PLANNED, ActivityStatus.PUBLISHED)


class Refused(ValidationError):
    """The programme cannot take this; the messages say why, by field, and are fit to show."""


@dataclass(frozen=True, kw_only=True)
class SessionSpec:
    """One meeting as it should be."""

    starts_at: datetime
    ends_at: datetime
    room: Room | None = None


@dataclass(frozen=True, kw_only=True)
class ActivitySpec:
    """An activity as it should be; titles and summaries by language, Latvian always."""

    lead: Department
    parish: Parish
    titles: Mapping[str, str]
    topic: Topic
    audiences: Sequence[Audience]
    sessions: Sequence[SessionSpec]
    summaries: Mapping[str, str] = field(default_factory=dict)
    ref: str = ""
    partners: Sequence[Department] = ()
    centre: Centre | None = None
    kind: str = ActivityKind.EDUCATIONAL
    format: str = ActivityFormat.IN_PERSON
    competences: Sequence[Competence] = ()
    age_min: int | None = None
    age_max: int | None = None
    level: str = ""
    language: str = "lv"
    capacity: int | None = None
    min_participants: int | None = None
    fee_eur: Decimal = Decimal(0)
    is_drop_in: bool = False
    needs_approval: bool = False
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    contact: Post | None = None
    status: str = ActivityStatus.PLANNED


_TEXTS = ("titles", "summaries")
_SETS = ("partners", "audiences", "competences")
_PLAIN = tuple(f.name for f in fields(ActivitySpec) if f.name not in (*_TEXTS, *_SETS, "sessions"))
# Which field a constraint's message belongs to.
_FIELD_OF = {
    "a_ref_is_its_own_in_the_department": "ref",
    "an_activity_s_ages_are_in_order": "age_min",
    "an_activity_has_at_least_one_place": "capacity",
    "taken_places_never_exceed_places": "capacity",
    "the_minimum_fits_the_places": "min_participants",
    "a_fee_is_not_negative": "fee_eur",
    "registration_closes_after_it_opens": "registration_closes_at",
    "a_published_activity_has_sessions": "sessions",
    "a_session_ends_after_it_starts": "sessions",
    "an_activity_s_session_starts_once": "sessions",
    "one_session_at_a_time_in_a_room": "room",
    "nobody_registers_where_one_just_comes": "is_drop_in",
}
Problems = dict[str, list[ValidationError]]


def spec_of(activity: Activity) -> ActivitySpec:
    """What an activity says now, as a spec: to change a part of it with ``dataclasses.replace``."""
    return ActivitySpec(
        titles=_texts(activity, "title"),
        summaries=_texts(activity, "summary"),
        partners=list(activity.partners.all()),
        audiences=list(activity.audiences.all()),
        competences=list(activity.competences.all()),
        sessions=[
            SessionSpec(starts_at=meeting.starts_at, ends_at=meeting.ends_at, room=meeting.room)
            for meeting in activity.sessions.all()
            if meeting.cancelled_at is None
        ],
        **{name: getattr(activity, name) for name in _PLAIN},
    )


def check(spec: ActivitySpec) -> Problems:
    """What is wrong with a spec in itself, by field; empty when nothing is. Asks the database nothing."""
    problems: Problems = {}

    def wrong(name: str, message: Any, **params: object) -> None:
        problems.setdefault(name, []).append(ValidationError(message, params=params or None))

    if not spec.titles.get("lv"):
        wrong("title_lv", _("An activity needs a title in Latvian."))
    for name, texts, most in (("title", spec.titles, TITLE_LENGTH), ("summary", spec.summaries, SUMMARY_LENGTH)):
        for language, text in texts.items():
            if len(text) > most:
                wrong(
                    f"{name}_{language}",
                    _("The text has %(length)s characters; at most %(most)s fit."),
                    length=len(text),
                    most=most,
                )
    for name, text, most in (("level", spec.level, 60), ("ref", spec.ref, 60)):
        if len(text) > most:
            wrong(
                name,
                _("The text has %(length)s characters; at most %(most)s fit."),
                length=len(text),
                most=most,
            )
    if not spec.audiences:
        wrong("audiences", _("Say whom the activity is for."))
    if spec.lead in spec.partners:
        wrong("partners", _("The department that leads is not its own partner."))
    if spec.centre is not None and spec.centre.parish_id != spec.parish.pk:
        wrong("centre", _("The centre stands in another parish."))
    _check_numbers(spec, wrong)
    _check_sessions(spec, wrong)
    _check_registration(spec, wrong)
    return problems


def _check_numbers(spec: ActivitySpec, wrong: Any) -> None:
    for name in ("age_min", "age_max"):
        age = getattr(spec, name)
        if age is not None and not 0 <= age <= OLDEST:
            wrong(name, _("An age is between 0 and %(oldest)s."), oldest=OLDEST)
    if spec.age_min is not None and spec.age_max is not None and spec.age_min > spec.age_max:
        wrong("age_min", _("The lowest age is above the highest."))
    if spec.capacity is not None and spec.capacity < 1:
        wrong("capacity", _("An activity has at least one place."))
    if spec.capacity is not None and spec.capacity > MOST_PLACES:
        wrong("capacity", _("At most %(most)s places. Leave it empty for no limit."), most=MOST_PLACES)
    if spec.min_participants is not None:
        if not 1 <= spec.min_participants <= MOST_PLACES:
            wrong("min_participants", _("The least number of participants is at least one."))
        elif spec.capacity is not None and spec.min_participants > spec.capacity:
            wrong("min_participants", _("The least number of participants is above the number of places."))
    if not spec.fee_eur.is_finite() or spec.fee_eur < 0:
        wrong("fee_eur", _("A fee cannot be below zero."))
    elif spec.fee_eur >= 100_000:
        wrong("fee_eur", _("The fee is too high to be meant."))
    elif spec.fee_eur != round(spec.fee_eur, 2):
        wrong("fee_eur", _("A fee has at most two decimals."))


def _check_sessions(spec: ActivitySpec, wrong: Any) -> None:
    if not spec.sessions and spec.status == ActivityStatus.PUBLISHED:
        wrong("sessions", _("A published activity needs a session."))
    if len(spec.sessions) > MOST_SESSIONS:
        wrong("sessions", _("At most %(most)s sessions."), most=MOST_SESSIONS)
    starts: set[datetime] = set()
    for meeting in spec.sessions:
        if meeting.ends_at <= meeting.starts_at:
            wrong("sessions", _("The session of %(when)s would end before it starts."), when=_when(meeting.starts_at))
        elif meeting.ends_at - meeting.starts_at > Session.MAX_LENGTH:
            wrong(
                "sessions",
                _("The session of %(when)s would last longer than three days."),
                when=_when(meeting.starts_at),
            )
        if meeting.starts_at in starts:
            wrong("sessions", _("Two sessions start on %(when)s."), when=_when(meeting.starts_at))
        starts.add(meeting.starts_at)
        if meeting.room is not None and (spec.centre is None or meeting.room.centre_id != spec.centre.pk):
            wrong("room", _("The room is not in the activity's centre."))


def _check_registration(spec: ActivitySpec, wrong: Any) -> None:
    opens, closes = spec.registration_opens_at, spec.registration_closes_at
    if opens is not None and closes is not None and closes <= opens:
        wrong("registration_closes_at", _("Registration would close before it opens."))
    if not spec.sessions:
        return
    last = max(meeting.ends_at for meeting in spec.sessions)
    if closes is not None and closes > last:
        wrong("registration_closes_at", _("Registration would close after the last session."))
    if opens is not None and opens >= last:
        wrong("registration_opens_at", _("Registration would open after the last session."))


def create_activity(*, spec: ActivitySpec, now: datetime) -> Activity:
    """Write a new activity with its sessions; raises :class:`Refused`."""
    _refuse(check(spec))
    if spec.status not in WRITABLE:
        raise Refused({"status": _("A new activity is a draft, planned or published.")})
    activity = Activity(created_at=now, changed_at=now, **{name: getattr(spec, name) for name in _PLAIN})
    _put_texts(activity, spec)
    if spec.status == ActivityStatus.PUBLISHED:
        activity.published_at = now
    if spec.sessions:
        activity.starts_at = min(meeting.starts_at for meeting in spec.sessions)
        activity.ends_at = max(meeting.ends_at for meeting in spec.sessions)
        activity.session_count = len(spec.sessions)
    with _in_words(spec=spec, activity=activity):
        activity.save(force_insert=True)
        for name in _SETS:
            _add(activity, name, getattr(spec, name))
        Session.objects.bulk_create(_session(activity, meeting) for meeting in spec.sessions)
    return activity


def update_activity(*, activity: Activity, spec: ActivitySpec, now: datetime) -> Activity:
    """Make an activity say what the spec says; raises :class:`Refused`.

    Registrations stay. Sessions are the same when they start at the same time: those are moved to the new end and
    room, new ones are added, missing ones go, unless somebody's presence is written down for them. What was called
    off stays called off. Nothing is written, and ``changed_at`` stays, when nothing differs.
    """
    _refuse(check(spec))
    with transaction.atomic():
        activity = _locked(activity.pk, with_sets=True)
        _refuse(_against_what_happened(activity, spec))
        changed = _apply(activity, spec, now=now)
        with _in_words(spec=spec, activity=activity):
            for name in _SETS:
                members = getattr(spec, name)
                if set(getattr(activity, f"{name}_there")) != {member.pk for member in members}:
                    getattr(activity, name).set(members)
                    changed = True
            changed |= _replace_sessions(activity, spec.sessions)
            if changed:
                _count_sessions(activity)
                activity.changed_at = now
                activity.save()
    return activity


def _locked(pk: int, *, with_sets: bool = False) -> Activity:
    """An activity's row, locked until the transaction ends; with the keys of its sets in the same query.

    ``no_key``, as everywhere: a row that only names the activity need not wait for us.
    """
    rows = Activity.objects.select_for_update(of=("self",), no_key=True)
    if with_sets:
        for name in _SETS:
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
        message = _("%(taken)s places are already taken; there cannot be only %(capacity)s.")
        problems["capacity"] = [ValidationError(message, params={"taken": activity.taken, "capacity": spec.capacity})]
    if spec.is_drop_in and (activity.taken or activity.waiting):
        problems["is_drop_in"] = [ValidationError(_("People have registered, so it cannot become “just come”."))]
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
    for name in _PLAIN:
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


def publish(*, activity: Activity, now: datetime) -> Activity:
    """Show an activity to the public; publishing again changes nothing. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = _locked(activity.pk)
        if activity.status == ActivityStatus.PUBLISHED:
            return activity
        if activity.status not in WRITABLE:
            raise Refused(_("The activity is over or called off, so it cannot be published."))
        if activity.starts_at is None:
            raise Refused({"sessions": _("A published activity needs a session.")})
        activity.status = ActivityStatus.PUBLISHED
        activity.published_at = activity.published_at or now
        activity.changed_at = now
        with _in_words(activity=activity):
            activity.save(update_fields=["status", "published_at", "changed_at"])
    return activity


def call_off(*, activity: Activity, reason: str, now: datetime) -> Activity:
    """The programme's part of cancelling an activity; those who registered are told by ``participation``.

    The caller holds the activity's lock, or lets this take it.
    """
    with transaction.atomic():
        activity = _locked(activity.pk)
        if activity.status == ActivityStatus.CANCELLED:
            raise Refused(_("The activity is already called off."))
        if activity.status == ActivityStatus.COMPLETED or (activity.ends_at and activity.ends_at <= now):
            raise Refused(_("The activity is over, so it cannot be called off."))
        activity.status = ActivityStatus.CANCELLED
        activity.cancelled_at = now
        activity.cancellation_reason = reason[:200]
        activity.changed_at = now
        activity.save(update_fields=["status", "cancelled_at", "cancellation_reason", "changed_at"])
    return activity


def call_off_session(*, session: Session, reason: str, now: datetime) -> Session:
    """The programme's part of calling off one session; its room is free again. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = _locked(session.activity_id)
        session = Session.objects.get(pk=session.pk)
        if session.cancelled_at is not None:
            raise Refused(_("The session is already called off."))
        if session.ends_at <= now:
            raise Refused(_("The session is over, so it cannot be called off."))
        if not activity.sessions.live().exclude(pk=session.pk).exists():
            raise Refused(_("This is the only session left: call off the activity instead."))
        session.cancelled_at = now
        session.cancellation_reason = reason[:200]
        session.save(update_fields=["cancelled_at", "cancellation_reason"])
        refresh_facts(activity=activity, now=now)
    return session


def complete_past(*, now: datetime) -> int:
    """Published activities whose last session has ended are over; tells how many became so."""
    over = Activity.objects.filter(status=ActivityStatus.PUBLISHED, ends_at__lte=now)
    return over.update(status=ActivityStatus.COMPLETED, changed_at=now)


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


def _texts(activity: Activity, name: str) -> dict[str, str]:
    return {language: getattr(activity, f"{name}_{language}") or "" for language in LANGUAGES}


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


def _replace_sessions(activity: Activity, wanted: Sequence[SessionSpec]) -> bool:
    """Match sessions by their start: change, add, and let go of those not wanted."""
    there = {session.starts_at: session for session in activity.sessions.all()}
    live = {start: session for start, session in there.items() if session.cancelled_at is None}
    wanted_by_start = {meeting.starts_at: meeting for meeting in wanted}
    gone = [session for start, session in live.items() if start not in wanted_by_start]
    for session in gone:
        if session.attendances.exists():
            message = _("Presence on %(when)s is already written down, so that session cannot be left out.")
            raise Refused({"sessions": ValidationError(message, params={"when": _when(session.starts_at)})})
    if gone:
        Session.objects.filter(pk__in=[session.pk for session in gone]).delete()
    # By new length and room: mostly all sessions move alike, so one statement does for them.
    moved: dict[tuple[timedelta, int | None], list[int]] = {}
    for start, session in live.items():
        meeting = wanted_by_start.get(start)
        room_id = meeting.room.pk if meeting and meeting.room else None
        if meeting and (session.ends_at, session.room_id) != (meeting.ends_at, room_id):
            moved.setdefault((meeting.ends_at - start, room_id), []).append(session.pk)
    for (length, room_id), keys in moved.items():
        Session.objects.filter(pk__in=keys).update(ends_at=F("starts_at") + length, room=room_id)
    new = [_session(activity, meeting) for start, meeting in wanted_by_start.items() if start not in there]
    Session.objects.bulk_create(new)
    return bool(gone or moved or new)


def _refuse(problems: Problems) -> None:
    if problems:
        raise Refused(problems)


@contextmanager
def _in_words(*, activity: Activity, spec: ActivitySpec | None = None) -> Iterator[None]:
    """A savepoint around writing; what a constraint refuses becomes :class:`Refused` with the constraint's message.

    Latvian is active meanwhile: modeltranslation writes the active language's text into the untranslated column.
    """
    try:
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        known = {
            constraint.name: constraint for constraint in (*Activity._meta.constraints, *Session._meta.constraints)
        }
        if name not in known:
            raise
        if name == "one_session_at_a_time_in_a_room" and spec is not None:
            raise Refused({"room": _who_has_the_room(activity, spec)}) from error
        if name == "a_ref_is_its_own_in_the_department":
            raise Refused({"ref": _("The department already has an activity with this reference.")}) from error
        message = getattr(known[name], "violation_error_message", str(error))
        raise Refused({_FIELD_OF.get(name, NON_FIELD_ERRORS): message}) from error


def _who_has_the_room(activity: Activity, spec: ActivitySpec) -> ValidationError:
    """Why not and what instead: the session that has the room, or that two of one's own meet in it."""
    others = Session.objects.live().select_related("activity", "room")
    for meeting in spec.sessions:
        taken_by = (
            others.filter(room=meeting.room, starts_at__lt=meeting.ends_at, ends_at__gt=meeting.starts_at)
            .exclude(activity_id=activity.pk)
            .first()
            if meeting.room
            else None
        )
        if taken_by is not None:
            message = _("On %(when)s the room “%(room)s” is taken by “%(title)s”, until %(until)s.")
            params = {
                "when": _when(meeting.starts_at),
                "room": taken_by.room.name if taken_by.room else "",
                "title": taken_by.activity.title,
                "until": _when(taken_by.ends_at),
            }
            return ValidationError(message, params=params)
    return ValidationError(_("Two of the activity's own sessions would be in the room at once."))


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"


def set_educators(*, activity: Activity, educators: Sequence[Educator], now: datetime) -> None:
    """Who leads the sessions."""
    with transaction.atomic():
        activity = _locked(activity.pk)
        activity.educators.set(educators)
        activity.changed_at = now
        activity.save(update_fields=["changed_at"])
