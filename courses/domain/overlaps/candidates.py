"""Which other activities one may overlap with: few enough to be judged one by one, none left out that overlaps.

By ordinary indexes: the squares of the territory around it, its parish and the neighbouring ones, and what can be joined from
anywhere, each within the days that count as the same weeks. The verdict is the rules' own (``ecosystem.overlap.judge``).
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db.models import Q

from courses.domain.overlaps.world import Ground
from courses.models import Footprint
from ecosystem.overlap import cells
from ecosystem.overlap.judge import World
from ecosystem.overlap.packed import unpack
from ecosystem.overlap.profile import Profile, missing
from ecosystem.overlap.rules import RuleSet


def near(profile: Profile, *, ground: Ground, departments: Collection[str] | None) -> list[Profile]:
    """The profiles that may overlap with one, itself left out; drafts only of these departments, None is of all.

    Whatever overlaps is among them. Of one that cannot be judged there are none.
    """
    if missing(profile):
        return []
    world = ground.world
    days = days_apart(ground)
    found = Footprint.objects.filter(
        _where(profile, world), first_on__lte=profile.last_day + days, last_on__gte=profile.first_day - days
    )
    if departments is not None:
        found = found.filter(Q(is_draft=False) | Q(lead__in=departments))
    if profile.ref.isdecimal():
        found = found.exclude(pk=int(profile.ref))
    return [unpack(packed, ground.groups) for packed in found.order_by().values_list("profile", flat=True)]


def in_days_of(some: Sequence[Profile], *, ground: Ground) -> tuple[list[Profile], set[str]]:
    """Everything in the days of many profiles, themselves with it, and which of it are drafts (by reference)."""
    days = days_apart(ground)
    rows = Footprint.objects.filter(
        last_on__gte=min(one.first_day for one in some) - days, first_on__lte=max(one.last_day for one in some) + days
    )
    found, drafts = [], set()
    for packed, is_draft in rows.order_by().values_list("profile", "is_draft"):
        profile = unpack(packed, ground.groups)
        found.append(profile)
        if is_draft:
            drafts.add(profile.ref)
    return found, drafts


def days_apart(ground: Ground) -> timedelta:
    """How far from each other two periods may lie and still be looked at."""
    rules = ground.world.rules
    return timedelta(days=max(rules.days_apart, rules.own_days_apart, 1))


def _where(profile: Profile, world: World) -> Q:
    if profile.is_online:
        return Q()
    parishes = {profile.parish, *world.neighbours.get(profile.parish, ())}
    parishes |= {parish for parish, others in world.neighbours.items() if profile.parish in others}
    where = Q(is_online=True) | Q(parish__in=parishes - {""})
    if profile.point is not None:
        where |= Q(cell__in=cells.around(profile.point, reach(world.rules)))
    return where


def reach(rules: RuleSet) -> int:
    """The kilometres beyond which nothing in a hall is near."""
    return max(rules.near_km, rules.near_km_travels_less, rules.near_km_neighbours)
