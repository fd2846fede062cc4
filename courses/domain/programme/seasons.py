"""A whole season again: the activities of one's own that began between two days, copied to new dates as drafts.

All of them move by the same number of whole weeks, so what followed on Thursday after Tuesday still does. Each copy is
looked at first (holidays left out, rooms taken by then, one like it already there), ticked or not, and made for itself:
what cannot be made holds up nobody else. The same press again makes nothing twice.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from courses.domain import rights, series
from courses.domain.programme.cloning import (
    Copy,
    Taken,
    Timetable,
    copy_by_weeks,
    engaged_by_then,
    load,
    meetings_of,
    weeks_until,
    whoever_has_the_room,
    write,
)
from courses.domain.programme.spec import Refused
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from ecosystem.models import User

MOST_COPIES = 400
LONGEST = timedelta(days=366)
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Season:
    """Which activities: those whose first session falls between two days; what is empty leaves nothing out."""

    first_day: date
    last_day: date
    departments: Collection[str] = ()
    parishes: Collection[str] = ()
    centres: Collection[int] = ()
    topics: Collection[str] = ()


@dataclass
class Rehearsed:
    """One activity of the season and its copy; or why there is none."""

    activity: Activity
    copy: Copy | None = None
    refusals: list[str] = field(default_factory=list)
    # One like it is there already: perhaps the season was copied before.
    twin: Activity | None = None

    @property
    def is_ticked(self) -> bool:
        """Whether it is copied unless somebody says otherwise."""
        return self.copy is not None and self.twin is None and self.activity.status != ActivityStatus.CANCELLED


@dataclass(frozen=True)
class Made:
    """What became of one activity: its copy, or why there is none."""

    activity: Activity
    copy: Activity | None = None
    refusals: tuple[str, ...] = ()


def check(*, season: Season, first_on: date, now: datetime) -> None:
    """A season has its days in order, and its copy is still to come. Raises :class:`Refused`."""
    problems: dict[str, str | Promise] = {}
    today = timezone.localdate(now)
    if not 2000 <= season.first_day.year <= 2100:
        problems["first_day"] = _("That year cannot be meant.")
    elif season.last_day < season.first_day:
        problems["last_day"] = _("The last day is before the first.")
    elif season.last_day - season.first_day > LONGEST:
        problems["last_day"] = _("A season is at most a year long.")
    if first_on <= today:
        problems["first_on"] = _("Choose a day to come.")
    elif first_on - today > FARTHEST:
        problems["first_on"] = _("Choose a day within the next three years.")
    if problems:
        raise Refused(problems)


def activities_of(*, reach: Reach, season: Season) -> QuerySet[Activity]:
    """The season's activities that this person may change, first to last."""
    found = rights.managed_by(reach).filter(
        starts_at__gte=_midnight(season.first_day), starts_at__lt=_midnight(season.last_day + timedelta(days=1))
    )
    for name in ("departments", "parishes", "centres", "topics"):
        if chosen := getattr(season, name):
            column = {"departments": "lead", "parishes": "parish", "centres": "centre", "topics": "topic"}[name]
            found = found.filter(**{f"{column}__in": chosen})
    return found.select_related("lead", "parish", "centre", "topic", "contact").order_by("starts_at", "pk")


def weeks_between(*, activities: Iterable[Activity], first_on: date) -> int:
    """How many weeks later all of them meet, so that the first of them begins on that day or in the week after."""
    days = [timezone.localdate(activity.starts_at) for activity in activities if activity.starts_at]
    return weeks_until(first_on, since=min(days)) if days else 0


def rehearse(
    *,
    reach: Reach,
    season: Season,
    first_on: date,
    now: datetime,
    is_holiday: series.Holidays = series.latvian_holidays,
) -> tuple[int, list[Rehearsed]]:
    """How many weeks later, and what each copy would be; nothing is written. Raises :class:`Refused`."""
    check(season=season, first_on=first_on, now=now)
    activities = list(activities_of(reach=reach, season=season)[: MOST_COPIES + 1])
    if len(activities) > MOST_COPIES:
        raise Refused(_("These are more than %(most)s activities. Choose a parish, a centre or a topic.") % _MOST)
    weeks = weeks_between(activities=activities, first_on=first_on)
    load(activities)
    timetable = _timetable(activities, weeks)
    twins = _twins(activities, weeks)
    engaged = engaged_by_then(activities, weeks=weeks)
    rows = []
    for activity in activities:
        row = Rehearsed(activity)
        try:
            row.copy = copy_by_weeks(
                activity=activity, weeks=weeks, taken=timetable, now=now, is_holiday=is_holiday, engaged=engaged
            )
        except Refused as refused:
            row.refusals = list(refused.messages)
        else:
            row.twin = twins.get(_likeness(activity, min(m.starts_at for m in row.copy.spec.sessions)))
            _take_rooms(timetable, row.copy, activity)
        rows.append(row)
    return weeks, rows


def copy_season(
    *,
    reach: Reach,
    season: Season,
    weeks: int,
    chosen: Collection[int],
    key: UUID,
    now: datetime,
    is_holiday: series.Holidays = series.latvian_holidays,
) -> list[Made]:
    """Make the ticked copies, each in a transaction of its own, first to last; those made before are given again."""
    activities = list(activities_of(reach=reach, season=season).filter(pk__in=list(chosen)[:MOST_COPIES]))
    load(activities)
    keys = {activity.pk: uuid5(key, str(activity.pk)) for activity in activities}
    there = {made.form_key: made for made in Activity.objects.filter(form_key__in=keys.values())}
    timetable = _timetable(activities, weeks)
    results = []
    for activity in activities:
        form_key = keys[activity.pk]
        made = there.get(form_key)
        if made is None:
            try:
                made = _make(activity, weeks, form_key, timetable, by=reach.user, now=now, is_holiday=is_holiday)
            except Refused as refused:
                results.append(Made(activity, refusals=tuple(refused.messages)))
                continue
        results.append(Made(activity, copy=made))
    return results


def _make(
    activity: Activity,
    weeks: int,
    form_key: UUID,
    timetable: Timetable,
    *,
    by: User | None,
    now: datetime,
    is_holiday: series.Holidays,
) -> Activity:
    """One copy. Where somebody was quicker with a room, that session stays without; where a twin press was, its copy."""
    taken: Taken = timetable
    for is_last in (False, True):
        copy = copy_by_weeks(activity=activity, weeks=weeks, taken=taken, now=now, is_holiday=is_holiday)
        if any(meeting.starts_at <= now for meeting in copy.spec.sessions):
            raise Refused({"first_on": _("Choose a day to come.")})
        try:
            made = write(copy, now=now, by=by, form_key=form_key)
        except Refused:
            if twin := Activity.objects.filter(form_key=form_key).first():
                return twin
            if is_last:
                raise
            taken = whoever_has_the_room
        else:
            _take_rooms(timetable, copy, activity)
            return made
    raise AssertionError("the last turn returns or raises")


_MOST = {"most": MOST_COPIES}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())


def _timetable(activities: list[Activity], weeks: int) -> Timetable:
    """Who has the season's rooms in the weeks of its copy: one query."""
    meetings = [meeting for activity in activities for meeting in meetings_of(activity) if meeting.room is not None]
    if not meetings:
        return Timetable(())
    # A day wider: the clocks may change between.
    shift, day = timedelta(weeks=weeks), timedelta(days=1)
    return Timetable(
        Session.objects.live()
        .filter(
            room__in={meeting.room.pk for meeting in meetings if meeting.room},
            starts_at__lt=max(meeting.ends_at for meeting in meetings) + shift + day,
            ends_at__gt=min(meeting.starts_at for meeting in meetings) + shift - day,
        )
        .select_related("activity", "room")
        .order_by("starts_at", "pk")
    )


def _take_rooms(timetable: Timetable, copy: Copy, activity: Activity) -> None:
    for meeting in copy.spec.sessions:
        timetable.add(
            Session(activity=activity, room=meeting.room, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
        )


def _likeness(activity: Activity, starts_at: datetime) -> tuple[str, str, int | None, str, date]:
    return (
        activity.lead_id,
        activity.parish_id,
        activity.centre_id,
        activity.title_lv,  # type: ignore[attr-defined]
        timezone.localdate(starts_at),
    )


def _twins(activities: list[Activity], weeks: int) -> dict[tuple[str, str, int | None, str, date], Activity]:
    """What already begins then under the same name, of the same department, in the same place: one query."""
    days = [activity.starts_at for activity in activities if activity.starts_at]
    if not days:
        return {}
    shift, day = timedelta(weeks=weeks), timedelta(days=1)
    titles = {activity.title_lv for activity in activities}  # type: ignore[attr-defined]
    found = (
        Activity.objects.filter(title_lv__in=titles, lead__in={activity.lead_id for activity in activities})
        .filter(~Q(status=ActivityStatus.CANCELLED))
        # A month later still: the first sessions may have fallen on holidays.
        .filter(starts_at__gte=min(days) + shift - day, starts_at__lt=max(days) + shift + timedelta(days=31))
        .order_by("-pk")
    )
    return {_likeness(each, each.starts_at): each for each in found if each.starts_at}
