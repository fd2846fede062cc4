"""Which other activities one may overlap with: few enough to be judged one by one, none left out that overlaps.

By ordinary indexes. Near it (the squares of the territory around it, its parish, the next parishes for what has no point): what
may be the same thing, by the numbers of its words, within the days that count as the same weeks; and what another department
holds at the same hours of the week in the same days. From anywhere: what can be joined from elsewhere, or everything
for what can itself be joined so, where it may be the same thing. The verdict is the rules' own (``ecosystem.overlap.judge``).
"""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import GreaterThan

from courses.domain.overlaps.world import Ground
from courses.models import Footprint
from ecosystem.geo import Point
from ecosystem.overlap import cells, keys, marks, sweep
from ecosystem.overlap.packed import unpack
from ecosystem.overlap.prepared import Prepared, of
from ecosystem.overlap.profile import Profile, missing


def near(profile: Profile, *, ground: Ground, departments: Collection[str] | None) -> list[Profile]:
    """The profiles that may overlap with one, itself left out; drafts only of these departments, None is of all.

    Whatever overlaps is among them. Of one that cannot be judged there are none.
    """
    if missing(profile):
        return []
    known = of(profile)
    here, alike = _around(known.parish, known.point, ground), _alike(known, ground)
    if profile.format == "online":
        # At a screen people are wherever they are; only what is at a screen too is in the way.
        where = alike | (Q(cell=cells.ONLINE) & _meeting(known))
    elif profile.is_online:
        where = alike | (here & _meeting(known))
    else:
        where = (here & (alike | _meeting(known))) | (Q(is_online=True) & alike)
    where &= _in_days(known.first_day, known.last_day, ground)
    if profile.is_online:
        # From everywhere many come near it: their short lines are looked at first.
        where = Q(pk__in=_sifted(profile, where, ground))
    return _profiles(profile, where, ground, departments)


def _sifted(profile: Profile, where: Q, ground: Ground) -> list[int]:
    """Of many those that may overlap, by all that a sweep asks."""
    looking = sweep.Looking(ground.world, ground.groups)
    mine = sweep.Row(None, marks.cell(profile), profile.parish, profile.department, False, marks.of_profile(profile))
    asked = ("pk", "cell", "parish", "lead", "is_draft", "marks")
    rows = sweep.rows(Footprint.objects.filter(where).order_by().values_list(*asked))
    return list(sweep.of_one(sweep.Block(looking, [mine]), sweep.Block(looking, rows)))


def around(profile: Profile, *, ground: Ground, departments: Collection[str] | None) -> list[Profile]:
    """Everything within reach of one in its days, whatever its hours and words: all that people there could come to."""
    if missing(profile):
        return []
    known = of(profile)
    where = Q() if profile.is_online else _around(known.parish, known.point, ground) | Q(is_online=True)
    return _profiles(profile, where & _in_days(known.first_day, known.last_day, ground), ground, departments)


def around_many(some: Sequence[Profile], *, ground: Ground) -> tuple[list[Profile], set[str]]:
    """What is within reach of any of many in the days of them all, and which of it are drafts (by reference)."""
    where = Q(is_online=True)
    for parish, point in {(one.parish, one.point) for one in some}:
        where |= _around(parish, point, ground)
    for one in some:
        if one.is_online:
            where |= _alike(of(one), ground)
    known = [of(one) for one in some]
    days = _in_days(min(one.first_day for one in known), max(one.last_day for one in known), ground)
    found, drafts = [], set()
    for packed, is_draft in Footprint.objects.filter(where & days).order_by().values_list("profile", "is_draft"):
        profile = unpack(packed, ground.groups)
        found.append(profile)
        if is_draft:
            drafts.add(profile.ref)
    return found, drafts


def _profiles(profile: Profile, where: Q, ground: Ground, departments: Collection[str] | None) -> list[Profile]:
    found: QuerySet[Footprint] = Footprint.objects.filter(where)
    if departments is not None:
        found = found.filter(Q(is_draft=False) | Q(lead__in=departments))
    if profile.ref.isdecimal():
        found = found.exclude(pk=int(profile.ref))
    return [unpack(packed, ground.groups) for packed in found.order_by().values_list("profile", flat=True)]


def _in_days(first_day: int, last_day: int, ground: Ground) -> Q:
    """Within the days that count as the same weeks."""
    days = sweep.days(ground.world.rules)
    return Q(first_on__lte=date.fromordinal(last_day + days), last_on__gte=date.fromordinal(first_day - days))


def _around(parish: str, point: Point | None, ground: Ground) -> Q:
    """What lies near a place."""
    neighbours = ground.world.neighbours
    beside = set(neighbours.get(parish, ()))
    beside |= {code for code, others in neighbours.items() if parish in others}
    if point is None:
        return Q(parish__in={parish, *beside})
    squares = cells.around(point, sweep.reach(ground.world.rules))
    return Q(cell__in=squares) | Q(parish=parish) | Q(cell=cells.NOWHERE, parish__in=beside)


def _alike(known: Prepared, ground: Ground) -> Q:
    """What may be the same thing."""
    words = known.content.keys
    if not keys.tell(ground.world.rules):
        return Q(keys__overlap=sorted(words.all))
    return Q(keys__overlap=sorted(words.strong)) | Q(strong__overlap=sorted(words.all))


def _meeting(known: Prepared) -> Q:
    """What another department holds at the same hours of the week, in the same days."""
    hours = marks.bits(marks.hours(known.minutes))
    days = Q(first_on__lte=date.fromordinal(known.last_day + 1), last_on__gte=date.fromordinal(known.first_day - 1))
    return ~Q(lead__in=known.departments) & days & Q(GreaterThan(F("hours").bitand(hours), 0))
