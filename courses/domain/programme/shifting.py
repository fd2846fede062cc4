"""All the sessions of an activity to come at once, so many days later or earlier: the same hours on the wall.

A session that would fall on a public holiday, or on a day on which another was called off, comes after the last instead, so
there are as many as before. A room that somebody has by then is left open. What people have done by then is respected: of
what has begun, sessions are moved one by one. Of a published activity call this through ``moving``, which tells the people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.domain import series
from courses.domain.programme import leading
from courses.domain.programme.leading import Clash
from courses.domain.programme.rescheduling import refuse_past
from courses.domain.programme.spec import WRITABLE, Refused, check, refuse, spec_of
from courses.domain.programme.travel import Slot
from courses.domain.programme.words import in_words
from courses.domain.programme.writing import locked, refresh_facts
from courses.models import Activity, Session
from ecosystem import history

WEEK = timedelta(days=7)
# Where sessions stand while they are moved past each other: no two of one activity begin at one moment.
_ASIDE = timedelta(days=365 * 200)


@dataclass(frozen=True)
class Shift:
    """Where each session would be."""

    moved: tuple[tuple[Session, datetime, datetime], ...]
    # Public holidays that are passed over.
    left_out: tuple[series.LeftOut, ...]

    @property
    def first_on(self) -> date:
        """The day of the first."""
        return timezone.localdate(min(starts_at for _session, starts_at, _ends_at in self.moved))

    @property
    def last_on(self) -> date:
        """The day of the last."""
        return timezone.localdate(max(starts_at for _session, starts_at, _ends_at in self.moved))

    @property
    def times(self) -> list[tuple[datetime, datetime]]:
        """First to last."""
        return sorted((starts_at, ends_at) for _session, starts_at, ends_at in self.moved)


def sessions_of(activity: Activity) -> list[Session]:
    """What a shift is worked out from; read once where several are tried."""
    return list(activity.sessions.select_related("room", "led_by").order_by("starts_at", "pk"))


def plan_shift(
    *,
    activity: Activity,
    days: int,
    now: datetime,
    is_holiday: series.Holidays = series.latvian_holidays,
    sessions: Sequence[Session] | None = None,
) -> Shift:
    """What would be; changes nothing. Raises :class:`Refused`. Whose the rooms are by then says :func:`without_room`."""
    sessions = sessions_of(activity) if sessions is None else sessions
    live = [session for session in sessions if session.cancelled_at is None]
    if activity.status not in WRITABLE:
        raise Refused(_("The activity is over or called off, so its sessions are not moved."))
    if not live:
        raise Refused({"sessions": _("There are no sessions to move yet.")})
    if live[0].starts_at <= now:
        raise Refused({"sessions": _("It has begun already. Move the sessions to come one by one.")})
    off = {session.starts_at for session in sessions if session.cancelled_at is not None}
    moved, left_out, later = [], [], []
    for session in live:
        times = _on((session.starts_at, session.ends_at), timedelta(days=days))
        if name := is_holiday(timezone.localdate(times[0])):
            left_out.append(series.LeftOut(timezone.localdate(times[0]), name))
        if name or times[0] in off:
            later.append((session, times))
        else:
            moved.append((session, *times))
    taken = off | {starts_at for _session, starts_at, _ends_at in moved}
    for session, times in later:
        # Whole weeks on, so that the weekday and the hours stay.
        last = max((starts_at for _session, starts_at, _ends_at in moved), default=times[0])
        while times[0] <= last or times[0] in taken or is_holiday(timezone.localdate(times[0])):
            times = _on(times, WEEK)
        moved.append((session, *times))
        taken.add(times[0])
    refuse_past(min(starts_at for _session, starts_at, _ends_at in moved), now=now)
    return Shift(tuple(moved), tuple(left_out))


def without_room(*, activity: Activity, shift: Shift) -> dict[int, Session]:
    """Who has the room by then, by the session that would be without; one query."""
    with_room = [each for each in shift.moved if each[0].room_id is not None]
    if not with_room:
        return {}
    others = (
        Session.objects.live()
        .filter(
            room__in={session.room_id for session, *_times in with_room},
            starts_at__lt=max(ends_at for _session, _starts_at, ends_at in with_room),
            ends_at__gt=min(starts_at for _session, starts_at, _ends_at in with_room),
        )
        .exclude(activity=activity)
        .select_related("activity", "room")
        .order_by("starts_at", "pk")
    )
    there: dict[int, Session] = {}
    for other in others:
        for session, starts_at, ends_at in with_room:
            if other.room_id == session.room_id and other.starts_at < ends_at and other.ends_at > starts_at:
                there.setdefault(session.pk, other)
    return there


def clashes(*, activity: Activity, shift: Shift, now: datetime) -> list[Clash]:
    """Where who leads it would be in two places then: such a shift is refused."""
    leads: dict[int, list[Slot]] = {}
    people = {educator.pk: educator for educator in activity.educators.order_by("pk")}
    regular = list(people)
    instead = [session.led_by for session, *_times in shift.moved if session.led_by is not None]
    people |= {educator.pk: educator for educator in instead}
    for session, starts_at, ends_at in shift.moved:
        (slot,) = leading.slots_at(activity, [(starts_at, ends_at)])
        for educator in [session.led_by_id] if session.led_by_id else regular:
            leads.setdefault(educator, []).append(slot)
    found = leading.clashes(leads=leads, people=people, now=now)
    own = {session.pk for session, *_times in shift.moved}
    return [clash for clash in found if clash.theirs.session is None or clash.theirs.session.pk not in own]


@history.one_change()
def shift(
    *, activity: Activity, days: int, now: datetime, is_holiday: series.Holidays = series.latvian_holidays
) -> Activity:
    """Move them all; the last day of registering moves along. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = locked(activity.pk)
        planned = plan_shift(activity=activity, days=days, now=now, is_holiday=is_holiday)
        if not days:
            return activity
        if any(session.attendances.exists() for session, *_times in planned.moved):
            raise Refused({"sessions": _("Presence is already written down, so the sessions are moved one by one.")})
        with in_words(activity=activity):
            _write(activity, planned, now=now)
            if activity.registration_closes_at is not None:
                closes = activity.registration_closes_at
                activity.registration_closes_at = _on((closes, closes), timedelta(days=days))[0]
                activity.save(update_fields=["registration_closes_at"])
        refuse(check(spec_of(activity)))
        leading.refuse_two_places(activity=activity, now=now)
    return activity


def _write(activity: Activity, planned: Shift, *, now: datetime) -> None:
    there = without_room(activity=activity, shift=planned)
    keys = [session.pk for session, *_times in planned.moved]
    rows = Session.objects.filter(pk__in=keys)
    rows.update(starts_at=F("starts_at") + _ASIDE, ends_at=F("ends_at") + _ASIDE, moved=F("moved") + 1)
    sessions = []
    for session, starts_at, ends_at in planned.moved:
        session.starts_at, session.ends_at = starts_at, ends_at
        if session.pk in there:
            session.room = None
        sessions.append(session)
    Session.objects.bulk_update(sessions, ["starts_at", "ends_at", "room"])
    refresh_facts(activity=activity, now=now)


def _on(times: Sequence[datetime], by: timedelta) -> tuple[datetime, datetime]:
    """The same time on the wall so many days on."""
    starts_at, ends_at = (timezone.localtime(moment) for moment in times)
    try:
        return (
            series.on_the_wall((starts_at + by).date(), starts_at.time()),
            series.on_the_wall((ends_at + by).date(), ends_at.time()),
        )
    except ValidationError as error:
        raise Refused({"sessions": error.messages}) from error
