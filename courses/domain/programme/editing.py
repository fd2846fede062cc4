"""Two people edit the same: the later is told what the earlier changed, and nothing of either is lost.

The page carries a fingerprint of what it showed. When the row says something else by the time it is saved, the change
is refused as :class:`ChangedMeanwhile`; whoever has seen both may save over it.

A draft is also saved as one goes. What others count on, planned or published, is changed by a press alone.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction

from courses.domain.programme.rescheduling import add_sessions, refuse_past
from courses.domain.programme.spec import PLAIN, SETS, ActivitySpec, Refused, SessionSpec, spec_of
from courses.domain.programme.writing import create_activity, locked, update_activity
from courses.enums import ActivityStatus
from courses.models import Activity
from ecosystem import history
from ecosystem.models import Department, User


class ChangedMeanwhile(Exception):
    """Somebody else saved the activity after the page was opened; ``current`` is what it says now."""

    def __init__(self, current: ActivitySpec) -> None:
        super().__init__("changed meanwhile")
        self.current = current


class AlreadyMade(Exception):
    """The form has made an activity before, which says something else; ``current`` is what it says now."""

    def __init__(self, activity: Activity, current: ActivitySpec) -> None:
        super().__init__("already made")
        self.activity = activity
        self.current = current


class NoDraft(Exception):
    """It is a draft no more, so it is changed by a press alone."""


def fingerprint(spec: ActivitySpec) -> str:
    """A short mark of all that the editor shows: without sessions and standing, which have pages of their own."""
    said: list[Any] = [(name, _plain(getattr(spec, name))) for name in PLAIN if name != "status"]
    said += [(name, sorted(_plain(each) for each in getattr(spec, name) or ())) for name in SETS]
    said += [(name, _filled(getattr(spec, name).items())) for name in ("titles", "summaries")]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def create_draft(
    *,
    details: ActivitySpec,
    meetings: Sequence[SessionSpec],
    now: datetime,
    form_key: UUID | None = None,
    by: User | None = None,
    partner_note: str = "",
) -> Activity:
    """A new draft with the sessions said so far, none of them in the past.

    The same form again, a moment later or at the same moment, gives the draft it made. Raises :class:`Refused`, and
    :class:`AlreadyMade` where the form says something else by now.
    """
    if made := _made_by(form_key):
        return _the_same(made, details, meetings)
    for meeting in meetings:
        refuse_past(meeting.starts_at, now=now)
    spec = replace(details, sessions=list(meetings), status=ActivityStatus.DRAFT)
    try:
        return create_activity(spec=spec, now=now, form_key=form_key, by=by, partner_note=partner_note)
    except Refused:
        # Perhaps its twin was quicker: then this is no refusal.
        if made := _made_by(form_key):
            return _the_same(made, details, meetings)
        raise


@history.one_change()
def save_details(
    *,
    activity: Activity,
    details: ActivitySpec,
    seen: str,
    now: datetime,
    meetings: Sequence[SessionSpec] = (),
    by: User | None = None,
    partner_note: str = "",
) -> Activity:
    """Write what the editor shows, and sessions said there; those there are and the standing stay as they are.

    ``seen`` is the fingerprint of what the page showed. Whoever writes what stands there already is in nobody's way.
    In another centre the old rooms are let go. Raises :class:`Refused` and :class:`ChangedMeanwhile`.
    """
    with transaction.atomic():
        activity = locked(activity.pk)
        current = spec_of(activity)
        if fingerprint(current) not in (seen, fingerprint(details)):
            raise ChangedMeanwhile(current)
        sessions = current.sessions
        if details.centre != current.centre:
            sessions = [replace(meeting, room=None) for meeting in sessions]
        spec = replace(details, sessions=sessions, status=current.status)
        activity = update_activity(activity=activity, spec=spec, now=now, by=by, partner_note=partner_note)
        return add_sessions(activity=activity, meetings=meetings, now=now) if meetings else activity


@history.one_change()
def keep_draft(
    *, activity: Activity, details: ActivitySpec, seen: str, now: datetime, by: User | None = None
) -> Activity:
    """The same while one still writes, unasked: so only of a draft, which nobody else counts on yet.

    Raises :class:`NoDraft`, :class:`Refused` and :class:`ChangedMeanwhile`.
    """
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status != ActivityStatus.DRAFT:
            raise NoDraft
        details = unasked(details, partners=spec_of(activity).partners)
        return save_details(activity=activity, details=details, seen=seen, now=now, by=by)


def unasked(details: ActivitySpec, *, partners: Sequence[Department] = ()) -> ActivitySpec:
    """What may be kept while one still writes: another department is asked, or told it is left out, by a press alone."""
    return replace(details, partners=list(partners))


def _made_by(form_key: UUID | None) -> Activity | None:
    return Activity.objects.filter(form_key=form_key).first() if form_key is not None else None


def _the_same(made: Activity, details: ActivitySpec, meetings: Sequence[SessionSpec]) -> Activity:
    current = spec_of(made)
    said = sorted((meeting.starts_at, meeting.ends_at) for meeting in meetings)
    there = sorted((meeting.starts_at, meeting.ends_at) for meeting in current.sessions)
    if fingerprint(current) != fingerprint(details) or (said and said != there):
        raise AlreadyMade(made, current)
    return made


def _plain(value: Any) -> str:
    match value:
        case Decimal():
            return f"{value:.2f}"
        case models.Model():
            return str(value.pk)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case None:
            return ""
    return str(value)


def _filled(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((language, text) for language, text in texts if text)
