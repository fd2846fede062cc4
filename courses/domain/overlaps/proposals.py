"""Where one of two that overlap could go instead: other weeks, another parish, another audience.

Proposed are times at which the same people have nothing near: the same weekdays and hours, whole weeks on or back, and of
a clash other days of the same week. What would overlap with anything is not proposed at all; where the soonest of the rest is
sooner than all of these, it is proposed beside them. Parishes and audiences are those that have nothing in these months.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from coordinators.domain.access import Reach
from courses.domain import board, programme
from courses.domain.board import Wanted
from courses.domain.overlaps import candidates, judging, profiles, world
from courses.domain.overlaps.world import Ground
from courses.domain.programme import shifting
from courses.domain.programme.leading import Clash
from courses.models import Activity, Overlap, Session
from ecosystem.models import Audience, Parish
from ecosystem.overlap import crowding, people, place, prepared
from ecosystem.overlap.judge import judge
from ecosystem.overlap.profile import Profile, missing

# How far is looked, how many are shown, and how many of the best are looked at for rooms and people.
WEEKS_ON, WEEKS_BACK, SHOWN, LOOKED_AT = 26, 8, 3, 5
# A clash may be undone by another day of the same week.
NEARBY_DAYS = (1, -1, 2, -2, 3, -3)


@dataclass(frozen=True)
class Dates:
    """All the sessions so many days on."""

    days: int
    shift: programme.Shift
    # What else these people have near in these weeks.
    beside: int
    # Who has a room by then that it has now; who leads it and is elsewhere: it cannot be done without another.
    rooms: tuple[Session, ...] = ()
    clashes: tuple[Clash, ...] = ()


def dates(*, activity: Activity, overlap: Overlap, reach: Reach, now: datetime) -> list[Dates]:
    """When it could be held instead, the best first; nothing where it has begun or cannot be judged."""
    ground = world.ground(on=timezone.localdate(now))
    profile = _profile(activity, ground)
    if missing(profile):
        return []
    near = _same_people_near(profile, ground, _drafts(activity, reach))
    found, sessions = [], shifting.sessions_of(activity)
    for days in _days(overlap):
        try:
            shift = programme.plan_shift(activity=activity, days=days, now=now, sessions=sessions)
        except programme.Refused:
            continue
        moved = replace(profile, sessions=tuple((_local(start), _local(end)) for start, end in shift.times))
        if not any(judge(moved, other, world=ground.world) for other in near):
            found.append(Dates(days, shift, beside=sum(_meets(moved, other) for other in near)))
    found.sort(key=lambda each: (len(each.shift.left_out), abs(each.days), -each.days))
    alone = _with_rooms(activity, [each for each in found if not each.beside][:LOOKED_AT], now)
    beside = _with_rooms(activity, [each for each in found if each.beside][:LOOKED_AT], now)
    soonest = min((abs(each.days) for each in alone[:SHOWN]), default=None)
    sooner = [each for each in beside if soonest is None or abs(each.days) < soonest]
    shown = [*sooner[: SHOWN if not alone else 1], *alone][:SHOWN]
    return sorted(shown, key=lambda each: (bool(each.clashes), abs(each.days), -each.days))


def _with_rooms(activity: Activity, found: Iterable[Dates], now: datetime) -> list[Dates]:
    """The same with rooms and people looked at; those at which everybody can be there first."""
    made = []
    for each in found:
        rooms = shifting.without_room(activity=activity, shift=each.shift).values()
        clashes = shifting.clashes(activity=activity, shift=each.shift, now=now)
        made.append(replace(each, rooms=tuple(rooms), clashes=tuple(clashes)))
    return sorted(made, key=lambda each: (bool(each.clashes), bool(each.rooms)))


def _days(overlap: Overlap) -> list[int]:
    weeks = [7 * week for week in (*range(1, WEEKS_ON + 1), *range(-1, -WEEKS_BACK - 1, -1))]
    return [*NEARBY_DAYS, *weeks] if overlap.kind == Overlap.Kind.CLASH else weeks


def _same_people_near(profile: Profile, ground: Ground, departments: set[str] | None) -> list[Profile]:
    """What is planned for the same people near it, from the earliest proposal to the latest."""
    first, last = min(profile.sessions), max(profile.sessions)
    wide = replace(
        profile,
        sessions=(
            (first[0] - timedelta(weeks=WEEKS_BACK), first[1] - timedelta(weeks=WEEKS_BACK)),
            (last[0] + timedelta(weeks=WEEKS_ON), last[1] + timedelta(weeks=WEEKS_ON)),
        ),
    )
    rules, neighbours = ground.world.rules, ground.world.neighbours
    mine = prepared.of(profile)
    found = []
    for other in candidates.around(wide, ground=ground, departments=departments):
        theirs = prepared.of(other)
        if theirs.missing or not place.compare(mine, theirs, rules=rules, neighbours=neighbours).holds:
            continue
        if round(people.share(mine, theirs) * 100) >= rules.people_percent:
            found.append(other)
    return found


def _meets(profile: Profile, other: Profile) -> bool:
    """Whether both have a session in one week."""
    mine, theirs = prepared.of(profile), prepared.of(other)
    return bool(mine.weeks & theirs.weeks)


def parishes(*, activity: Activity, reach: Reach, now: datetime) -> list[Parish]:
    """Where the reader plans for this department too, it overlaps with nothing, and its people have nothing in the months."""
    months = _months(activity)
    everywhere = reach.is_administrator or activity.lead_id in reach.headed
    codes = {parish for department, parish in reach.parishes if department == activity.lead_id}
    mine = [one for one in Parish.objects.current() if one.pk != activity.parish_id and (everywhere or one.pk in codes)]
    if months is None or not mine:
        return []
    ground = world.ground(on=timezone.localdate(now))
    profile = _profile(activity, ground)
    served = _served(reach, [one.pk for one in mine], months)
    wanted = [audience.pk for audience in activity.audiences.all()]
    found = []
    for one in mine:
        there = replace(profile, parish=one.pk, parish_name=one.name, point=one.point)
        if any(_is_served(code, served.get(one.pk, set()), ground) for code in wanted):
            continue
        if not judging.find(profile=there, ground=ground, departments=_drafts(activity, reach)):
            found.append(one)
    return found


def audiences(*, activity: Activity, reach: Reach, now: datetime) -> list[Audience]:
    """Those for whom nothing is meant there in these months, the largest first, and with whom it overlaps with nothing."""
    months = _months(activity)
    if months is None:
        return []
    ground = world.ground(on=timezone.localdate(now))
    profile = _profile(activity, ground)
    served = _served(reach, [activity.parish_id], months).get(activity.parish_id, set())
    # Whatever it may overlap with, for whomever it is.
    everyone = replace(profile, groups=tuple(ground.groups.values()), age_min=None, age_max=None)
    near = candidates.near(everyone, ground=ground, departments=_drafts(activity, reach))
    found = []
    for audience in Audience.objects.current():
        group = ground.groups[audience.pk]
        meant = replace(profile, groups=(group,), age_min=None, age_max=None)
        if not _is_served(audience.pk, served, ground) and not any(
            judge(meant, other, world=ground.world) for other in near
        ):
            found.append(audience)
    return sorted(found, key=lambda one: (-crowding.size(ground.groups[one.pk]), one.pk))


def _drafts(activity: Activity, reach: Reach) -> set[str] | None:
    """Of which departments the reader sees drafts; None is of all."""
    return None if reach.sees_drafts else {activity.lead_id, *reach.departments}


def _is_served(audience: str, served: set[str], ground: Ground) -> bool:
    """Whether something is meant for it or for a part of it: what is for everyone is meant for nobody in particular."""
    return audience in served or any(audience in ground.groups[code].part_of for code in served)


def _profile(activity: Activity, ground: Ground) -> Profile:
    (whole,) = profiles.with_all(Activity.objects.filter(pk=activity.pk))
    return profiles.of_activity(whole, groups=ground.groups)


def _months(activity: Activity) -> tuple[date, date] | None:
    """From the first of its first month to the last of its last."""
    if activity.starts_at is None or activity.ends_at is None:
        return None
    first, last = timezone.localdate(activity.starts_at), timezone.localdate(activity.ends_at)
    following = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first.replace(day=1), following - timedelta(days=1)


def _served(reach: Reach, parishes: Sequence[str], months: tuple[date, date]) -> dict[str, set[str]]:
    """By parish, the audiences for whom something is meant in these months."""
    wanted = Wanted(parishes=frozenset(parishes), first_day=months[0], last_day=months[1])
    found: dict[str, set[str]] = {}
    for parish, audience in board.served(reach=reach, wanted=wanted).audiences:
        found.setdefault(parish, set()).add(audience)
    return found


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)
