"""Sessions one by one: moved to another time or room, added, led by somebody else.

What people have done by then is respected. Of a published activity call this through ``moving``, which tells the people.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from centres.models import Room
from coordinators.models import Educator
from courses.domain.programme import leading, rooms
from courses.domain.programme.spec import Refused, SessionSpec, check, refuse, spec_of, when
from courses.domain.programme.words import in_words
from courses.domain.programme.writing import locked, refresh_facts, update_activity
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from ecosystem import history


@history.one_change()
def move_session(
    *, session: Session, starts_at: datetime, ends_at: datetime, room: Room | None, now: datetime
) -> Session:
    """Another time or another room for one session; its own row stays, and what points to it. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = locked(session.activity_id)
        session = Session.objects.get(pk=session.pk)
        _refuse_what_is_over(activity, session, now=now)
        if (session.starts_at, session.ends_at, session.room_id) == (starts_at, ends_at, room.pk if room else None):
            return session
        refuse_past(starts_at, now=now)
        if starts_at != session.starts_at:
            if session.attendances.exists():
                raise Refused(
                    {"sessions": _("Presence is already written down for this session, so it cannot be moved.")}
                )
            _refuse_second(activity, [starts_at], but=session)
        if room is not None:
            there = rooms.who_has(room=room, starts_at=starts_at, ends_at=ends_at, but=session)
            if there is not None:
                raise Refused({"room": rooms.taken(there, starts_at=starts_at, ends_at=ends_at, but=session)})
        before = spec_of(activity)
        others = [meeting for meeting in before.sessions if meeting.starts_at != session.starts_at]
        refuse(check(replace(before, sessions=[*others, _spec(starts_at, ends_at, room)])))
        session.starts_at, session.ends_at, session.room = starts_at, ends_at, room
        session.moved += 1
        with in_words(activity=activity):
            session.save(update_fields=["starts_at", "ends_at", "room", "moved"])
            refresh_facts(activity=activity, now=now)
        leading.refuse_two_places(activity=activity, now=now, starts=[starts_at])
    return session


def set_leader(*, session: Session, educator: Educator | None, now: datetime) -> Session:
    """Somebody stands in for this session, or None: the activity's educators lead it again. Raises :class:`Refused`.

    Of what is over it may still be said who led it.
    """
    with transaction.atomic():
        activity = locked(session.activity_id)
        session = Session.objects.get(pk=session.pk)
        if session.led_by_id == (educator.pk if educator else None):
            return session
        if activity.status == ActivityStatus.CANCELLED or session.cancelled_at is not None:
            raise Refused({"led_by": _("The session is called off, so nobody leads it.")})
        if educator is not None:
            leading.refuse_retired(leading.lock([educator.pk]).values(), field="led_by")
        session.led_by = educator
        with in_words(activity=activity):
            session.save(update_fields=["led_by"])
        leading.refuse_two_places(activity=activity, now=now, starts=[session.starts_at], field="led_by")
    return session


@history.one_change()
def add_sessions(*, activity: Activity, meetings: Sequence[SessionSpec], now: datetime) -> Activity:
    """More sessions for an activity. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status not in (ActivityStatus.DRAFT, ActivityStatus.PLANNED, ActivityStatus.PUBLISHED):
            raise Refused(_("The activity is over or called off, so no session can be added."))
        for meeting in meetings:
            refuse_past(meeting.starts_at, now=now)
        _refuse_second(activity, [meeting.starts_at for meeting in meetings])
        spec = spec_of(activity)
        return update_activity(activity=activity, spec=replace(spec, sessions=[*spec.sessions, *meetings]), now=now)


def _spec(starts_at: datetime, ends_at: datetime, room: Room | None) -> SessionSpec:
    return SessionSpec(starts_at=starts_at, ends_at=ends_at, room=room)


def _refuse_what_is_over(activity: Activity, session: Session, *, now: datetime) -> None:
    if activity.status == ActivityStatus.CANCELLED or session.cancelled_at is not None:
        raise Refused(_("The session is called off, so it cannot be moved. Add a new one."))
    if session.ends_at <= now:
        raise Refused(_("The session is over, so it cannot be moved."))


def refuse_past(starts_at: datetime, *, now: datetime) -> None:
    """No session is planned for what has passed. Raises :class:`Refused`."""
    if starts_at <= now:
        message = _("%(when)s has passed already. Choose a time to come.")
        raise Refused({"sessions": ValidationError(message, params={"when": when(starts_at)})})


def _refuse_second(activity: Activity, starts: Sequence[datetime], *, but: Session | None = None) -> None:
    """An activity's sessions start once, those called off too: whoever had it in a calendar knows it as off."""
    there = activity.sessions.filter(starts_at__in=starts)
    if but is not None:
        there = there.exclude(pk=but.pk)
    found = there.order_by("starts_at").first()
    if found is None:
        return
    if found.cancelled_at is None:
        message = _("There is a session on %(when)s already.")
    else:
        message = _("The session of %(when)s was called off. Choose another time, at least a few minutes apart.")
    raise Refused({"sessions": ValidationError(message, params={"when": when(found.starts_at)})})
