"""An activity as it should be, and what is wrong with that in itself: ages, places, fees, sessions, registration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
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
# A file may also bring what was held before: see ``past``.
FILED = (*WRITABLE, ActivityStatus.COMPLETED)

SAY_WHOM = _("Say whom the activity is for.")


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
    # Those with whom it is joint, and those who were asked and have not answered: see ``partnering``.
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
    asks_confirmation: bool = False
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    contact: Post | None = None
    # Who leads all of its sessions, but those that somebody stands in for. None leaves them as they are.
    educators: Sequence[Educator] | None = None
    status: str = ActivityStatus.PLANNED


# Sets that whoever writes decides alone; a partner has to agree.
OWN_SETS = ("audiences", "competences", "educators")
SETS = ("partners", *OWN_SETS)
PLAIN = tuple(f.name for f in fields(ActivitySpec) if f.name not in ("titles", "summaries", "sessions", *SETS))
Problems = dict[str, list[ValidationError]]


def spec_of(activity: Activity) -> ActivitySpec:
    """What an activity says now, as a spec: to change a part of it with ``dataclasses.replace``."""
    return ActivitySpec(
        titles=_texts(activity, "title"),
        summaries=_texts(activity, "summary"),
        partners=[
            *activity.partners.all(),
            *(one.department for one in activity.partner_requests.all() if one.is_open),
        ],
        audiences=list(activity.audiences.all()),
        competences=list(activity.competences.all()),
        educators=list(activity.educators.all()),
        sessions=[
            SessionSpec(starts_at=meeting.starts_at, ends_at=meeting.ends_at, room=meeting.room)
            for meeting in activity.sessions.all()
            if meeting.cancelled_at is None
        ],
        **{name: getattr(activity, name) for name in PLAIN},
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
    # A draft may still be looking for its people.
    if not spec.audiences and spec.status != ActivityStatus.DRAFT:
        wrong("audiences", SAY_WHOM)
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
            wrong("sessions", _("The session of %(when)s would end before it starts."), when=when(meeting.starts_at))
        elif meeting.ends_at - meeting.starts_at > Session.MAX_LENGTH:
            wrong(
                "sessions",
                _("The session of %(when)s would last longer than three days."),
                when=when(meeting.starts_at),
            )
        if meeting.starts_at in starts:
            wrong("sessions", _("Two sessions start on %(when)s."), when=when(meeting.starts_at))
        starts.add(meeting.starts_at)
        if meeting.room is not None and (spec.centre is None or meeting.room.centre_id != spec.centre.pk):
            wrong("room", _("The room is not in the activity's centre."))


def _check_registration(spec: ActivitySpec, wrong: Any) -> None:
    opens, closes = spec.registration_opens_at, spec.registration_closes_at
    for name, moment in (("registration_opens_at", opens), ("registration_closes_at", closes)):
        if moment is not None and not 2000 <= moment.year <= 2100:
            wrong(name, _("That year cannot be meant."))
    if opens is not None and closes is not None and closes <= opens:
        wrong("registration_closes_at", _("Registration would close before it opens."))
    if not spec.sessions:
        return
    last = max(meeting.ends_at for meeting in spec.sessions)
    if closes is not None and closes > last:
        wrong("registration_closes_at", _("Registration would close after the last session."))
    if opens is not None and opens >= last:
        wrong("registration_opens_at", _("Registration would open after the last session."))


def _texts(activity: Activity, name: str) -> dict[str, str]:
    return {language: getattr(activity, f"{name}_{language}") or "" for language in LANGUAGES}


def refuse(problems: Problems) -> None:
    """Raise what is wrong, if anything is."""
    if problems:
        raise Refused(problems)


def when(moment: datetime) -> str:
    """A moment as refusals name it."""
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"
