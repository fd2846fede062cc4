"""Which other activities one may overlap with: few enough to be judged one by one, none left out that overlaps.

By ordinary indexes: the squares of the territory around it, its parish and the neighbouring ones, and what can be joined from
anywhere, each within the days that count as the same weeks. The verdict is the rules' own (``ecosystem.overlap.judge``).
"""

from collections.abc import Collection
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
    days = timedelta(days=max(world.rules.days_apart, world.rules.own_days_apart, 1))
    found = Footprint.objects.filter(
        _where(profile, world), first_on__lte=profile.last_day + days, last_on__gte=profile.first_day - days
    )
    if departments is not None:
        found = found.filter(Q(is_draft=False) | Q(lead__in=departments))
    if profile.ref.isdecimal():
        found = found.exclude(pk=int(profile.ref))
    return [unpack(packed, ground.groups) for packed in found.order_by().values_list("profile", flat=True)]


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
