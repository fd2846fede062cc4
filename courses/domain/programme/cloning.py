"""The same again: an activity copied to new dates, as a draft.

Whole weeks are added, so Tuesdays stay Tuesdays and six o'clock stays six o'clock. Public holidays are left out. A room
that somebody has by then is left open, and said.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.domain import series
from courses.domain.programme import rooms
from courses.domain.programme.spec import ActivitySpec, Refused, SessionSpec, spec_of
from courses.domain.programme.writing import create_activity, set_educators
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from ecosystem import history


@dataclass(frozen=True)
class Copy:
    """What a copy would be: its sessions, the holidays left out, the sessions whose room somebody else has."""

    spec: ActivitySpec
    left_out: tuple[series.LeftOut, ...]
    without_room: tuple[Session, ...]


def plan_copy(
    *, activity: Activity, first_on: date, now: datetime, is_holiday: series.Holidays = series.latvian_holidays
) -> Copy:
    """A copy that begins on this day, or on the next with the weekday of the original. Raises :class:`Refused`."""
    before = spec_of(activity)
    # Of an activity called off as a whole, what was planned is what one wants again.
    rows = activity.sessions.order_by("starts_at")
    if activity.status != ActivityStatus.CANCELLED:
        rows = rows.filter(cancelled_at=None)
    meetings = [
        SessionSpec(starts_at=row.starts_at, ends_at=row.ends_at, room=row.room) for row in rows.select_related("room")
    ]
    if not meetings:
        raise Refused({"first_on": _("There are no sessions to copy yet.")})
    if first_on <= timezone.localdate(now):
        raise Refused({"first_on": _("Choose a day to come.")})
    start = timezone.localdate(meetings[0].starts_at)
    weeks = -((start - first_on).days // 7)
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
        if moved.room is not None:
            there = rooms.who_has(room=moved.room, starts_at=moved.starts_at, ends_at=moved.ends_at)
            if there is not None:
                without_room.append(there)
                moved = replace(moved, room=None)
        copied.append(moved)
    if not copied:
        raise Refused({"first_on": _("All the sessions would fall on public holidays.")})
    spec = replace(
        before,
        ref="",
        status=ActivityStatus.DRAFT,
        sessions=copied,
        registration_opens_at=_shifted(before.registration_opens_at, shift) if before.registration_opens_at else None,
        registration_closes_at=(
            _shifted(before.registration_closes_at, shift) if before.registration_closes_at else None
        ),
    )
    return Copy(spec=spec, left_out=tuple(left_out), without_room=tuple(without_room))


@history.one_change()
def clone(
    *, activity: Activity, first_on: date, now: datetime, is_holiday: series.Holidays = series.latvian_holidays
) -> Activity:
    """Write the copy as a draft, with the same educators. Raises :class:`Refused`."""
    with transaction.atomic():
        copy = plan_copy(activity=activity, first_on=first_on, now=now, is_holiday=is_holiday)
        made = create_activity(spec=copy.spec, now=now)
        educators = list(activity.educators.order_by("pk"))
        if educators:
            set_educators(activity=made, educators=educators, now=now)
    return made


def _shifted(moment: datetime, shift: timedelta) -> datetime:
    """The same time on the wall so many days later."""
    local = timezone.localtime(moment)
    return series.on_the_wall((local + shift).date(), local.time().replace(tzinfo=None))
