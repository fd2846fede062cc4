"""The same again: an activity copied to new dates, as a draft.

Whole weeks are added, so Tuesdays stay Tuesdays and six o'clock stays six o'clock. Public holidays are left out. A room
that somebody has by then is left open, and said; and so is who led, when they are elsewhere by then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.domain import series
from courses.domain.programme import leading, rooms
from courses.domain.programme.leading import Clash
from courses.domain.programme.spec import ActivitySpec, Refused, SessionSpec, spec_of
from courses.domain.programme.travel import Slot
from courses.domain.programme.writing import create_activity
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from ecosystem import history
from ecosystem.models import User

# Who has a session's room by then, or nobody.
Taken = Callable[[SessionSpec], Session | None]
# What people lead, by person.
Engaged = Mapping[int, Sequence[Slot]]


@dataclass(frozen=True)
class Copy:
    """What a copy would be: its sessions, the holidays left out, whose room somebody else has, who leads elsewhere."""

    spec: ActivitySpec
    left_out: tuple[series.LeftOut, ...]
    without_room: tuple[Session, ...]
    # The first clash of each who led the original and cannot lead the copy.
    without_educator: tuple[Clash, ...] = ()


def plan_copy(
    *, activity: Activity, first_on: date, now: datetime, is_holiday: series.Holidays = series.latvian_holidays
) -> Copy:
    """A copy that begins on this day, or on the next with the weekday of the original. Raises :class:`Refused`."""
    load([activity])
    meetings = meetings_of(activity)
    if first_on <= timezone.localdate(now):
        raise Refused({"first_on": _("Choose a day to come.")})
    return copy_by_weeks(
        activity=activity,
        weeks=weeks_until(first_on, since=timezone.localdate(meetings[0].starts_at)) if meetings else 0,
        taken=whoever_has_the_room,
        now=now,
        is_holiday=is_holiday,
    )


@history.one_change()
def clone(
    *,
    activity: Activity,
    first_on: date,
    now: datetime,
    by: User | None = None,
    is_holiday: series.Holidays = series.latvian_holidays,
) -> Activity:
    """Write the copy as a draft. Raises :class:`Refused`."""
    with transaction.atomic():
        # Nobody gives them something else between the look and the writing.
        leading.lock(activity.educators.values_list("pk", flat=True))
        copy = plan_copy(activity=activity, first_on=first_on, now=now, is_holiday=is_holiday)
        return write(copy, now=now, by=by)


def load(activities: Sequence[Activity]) -> None:
    """Read all that a copy needs of these activities: a few queries, however many they are."""
    sessions = Session.objects.select_related("room").order_by("starts_at", "pk")
    prefetch_related_objects(
        activities,
        Prefetch("sessions", queryset=sessions),
        *("partners", "partner_requests__department", "audiences", "competences", "educators"),
    )


def meetings_of(activity: Activity) -> list[SessionSpec]:
    """The sessions that are copied. Of an activity called off as a whole, what was planned is what one wants again."""
    return [
        SessionSpec(starts_at=row.starts_at, ends_at=row.ends_at, room=row.room)
        for row in sorted(activity.sessions.all(), key=lambda row: row.starts_at)
        if row.cancelled_at is None or activity.status == ActivityStatus.CANCELLED
    ]


def weeks_until(first_on: date, *, since: date) -> int:
    """How many whole weeks bring ``since`` to that day, or to the next with its weekday."""
    return -((since - first_on).days // 7)


def copy_by_weeks(
    *,
    activity: Activity,
    weeks: int,
    taken: Taken,
    now: datetime,
    is_holiday: series.Holidays = series.latvian_holidays,
    engaged: Engaged | None = None,
) -> Copy:
    """A copy so many weeks later; ``load`` has been here. Raises :class:`Refused`.

    ``engaged`` is what its educators lead by then, where that was read for a whole season (:func:`engaged_by_then`).
    """
    meetings = meetings_of(activity)
    if not meetings:
        raise Refused({"first_on": _("There are no sessions to copy yet.")})
    shift = timedelta(weeks=weeks)
    copied: list[SessionSpec] = []
    left_out: list[series.LeftOut] = []
    without_room: list[Session] = []
    for meeting in meetings:
        moved = SessionSpec(
            starts_at=_shifted(meeting.starts_at, shift), ends_at=_shifted(meeting.ends_at, shift), room=meeting.room
        )
        day = timezone.localdate(moved.starts_at)
        if name := is_holiday(day):
            left_out.append(series.LeftOut(day, name))
            continue
        if moved.room is not None and (there := taken(moved)) is not None:
            without_room.append(there)
            moved = replace(moved, room=None)
        copied.append(moved)
    if not copied:
        raise Refused({"first_on": _("All the sessions would fall on public holidays.")})
    before = spec_of(activity)
    elsewhere = _elsewhere(activity, copied, now=now, engaged=engaged)
    busy = {clash.educator.pk for clash in elsewhere}
    spec = replace(
        before,
        ref="",
        # Who has retired is not asked again.
        educators=[each for each in before.educators or () if each.retired_at is None and each.pk not in busy],
        status=ActivityStatus.DRAFT,
        sessions=copied,
        registration_opens_at=_shifted(before.registration_opens_at, shift) if before.registration_opens_at else None,
        registration_closes_at=(
            _shifted(before.registration_closes_at, shift) if before.registration_closes_at else None
        ),
    )
    return Copy(spec, left_out=tuple(left_out), without_room=tuple(without_room), without_educator=elsewhere)


def write(copy: Copy, *, now: datetime, by: User | None = None, form_key: UUID | None = None) -> Activity:
    """The copy as a draft, with the same educators where they are free; its partners are asked anew.

    Raises :class:`Refused`.
    """
    return create_activity(spec=copy.spec, now=now, by=by, form_key=form_key)


def engaged_by_then(activities: Iterable[Activity], *, weeks: int) -> Engaged:
    """What the educators of a season lead so many weeks later, near to the copies' sessions."""
    shift, hour = timedelta(weeks=weeks), timedelta(hours=1)
    wanted: dict[int, list[leading.Times]] = {}
    for activity in activities:
        # An hour wider: the clocks may change between.
        times = [(row.starts_at + shift - hour, row.ends_at + shift + hour) for row in meetings_of(activity)]
        for educator in activity.educators.all():
            if times and educator.retired_at is None:
                wanted.setdefault(educator.pk, []).extend(times)
    return leading.near(wanted=wanted)


def _elsewhere(
    activity: Activity, copied: list[SessionSpec], *, now: datetime, engaged: Engaged | None
) -> tuple[Clash, ...]:
    """The first clash of each educator who could not lead the copy."""
    teaching = [educator for educator in activity.educators.all() if educator.retired_at is None]
    if not teaching:
        return ()
    people = {educator.pk: educator for educator in sorted(teaching, key=lambda one: (one.name, one.pk))}
    slots = leading.slots_at(activity, [(meeting.starts_at, meeting.ends_at) for meeting in copied])
    found = leading.clashes(leads=dict.fromkeys(people, slots), people=people, now=now, others=engaged)
    return tuple({clash.educator.pk: clash for clash in reversed(found)}.values())


def whoever_has_the_room(meeting: SessionSpec) -> Session | None:
    """Asks the database of one session."""
    assert meeting.room is not None  # noqa: S101  (asked only of sessions with a room)
    return rooms.who_has(room=meeting.room, starts_at=meeting.starts_at, ends_at=meeting.ends_at)


class Timetable:
    """Who has which room when, of a whole season at once; what is copied takes its rooms here too."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._by_room: dict[int, list[Session]] = {}
        for session in sessions:
            self.add(session)

    def add(self, session: Session) -> None:
        """One more session that has a room."""
        if session.room_id is not None:
            self._by_room.setdefault(session.room_id, []).append(session)

    def __call__(self, meeting: SessionSpec) -> Session | None:
        """The session that has the room then."""
        assert meeting.room is not None  # noqa: S101  (asked only of sessions with a room)
        for session in self._by_room.get(meeting.room.pk, ()):
            if session.starts_at < meeting.ends_at and session.ends_at > meeting.starts_at:
                return session
        return None


def _shifted(moment: datetime, shift: timedelta) -> datetime:
    """The same time on the wall so many days later."""
    local = timezone.localtime(moment)
    try:
        return series.on_the_wall((local + shift).date(), local.time().replace(tzinfo=None))
    except ValidationError as error:
        raise Refused({"first_on": error.messages}) from error
