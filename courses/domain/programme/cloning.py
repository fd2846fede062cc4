"""The same again: an activity copied to new dates, as a draft.

Whole weeks are added, so Tuesdays stay Tuesdays and six o'clock stays six o'clock. Public holidays are left out. A room
that somebody has by then is left open, and said; and so is who led, when they are elsewhere by then.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.domain import series
from courses.domain.programme import leading, rooms
from courses.domain.programme.leading import Clash
from courses.domain.programme.spec import ActivitySpec, Refused, SessionSpec, spec_of
from courses.domain.programme.writing import create_activity
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from ecosystem import history
from ecosystem.models import User


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
    elsewhere = _elsewhere(activity, copied, now=now)
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


@history.one_change()
def clone(
    *,
    activity: Activity,
    first_on: date,
    now: datetime,
    by: User | None = None,
    is_holiday: series.Holidays = series.latvian_holidays,
) -> Activity:
    """Write the copy as a draft, with the same educators where they are free; its partners are asked anew.

    Raises :class:`Refused`.
    """
    with transaction.atomic():
        # Nobody gives them something else between the look and the writing.
        leading.lock(activity.educators.values_list("pk", flat=True))
        copy = plan_copy(activity=activity, first_on=first_on, now=now, is_holiday=is_holiday)
        return create_activity(spec=copy.spec, now=now, by=by)


def _elsewhere(activity: Activity, copied: list[SessionSpec], *, now: datetime) -> tuple[Clash, ...]:
    """The first clash of each educator who could not lead the copy."""
    people = {educator.pk: educator for educator in activity.educators.filter(retired_at=None).order_by("name", "pk")}
    slots = leading.slots_at(activity, [(meeting.starts_at, meeting.ends_at) for meeting in copied])
    found = leading.clashes(leads=dict.fromkeys(people, slots), people=people, now=now)
    return tuple({clash.educator.pk: clash for clash in reversed(found)}.values())


def _shifted(moment: datetime, shift: timedelta) -> datetime:
    """The same time on the wall so many days later."""
    local = timezone.localtime(moment)
    return series.on_the_wall((local + shift).date(), local.time().replace(tzinfo=None))
