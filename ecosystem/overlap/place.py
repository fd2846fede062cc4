"""The same place? How far it is between the two, whether the parishes are one or neighbours; online reaches everyone."""

from collections.abc import Mapping
from dataclasses import dataclass

from ecosystem.geo import distance_km
from ecosystem.overlap.people import travels_less
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import RuleSet

Neighbours = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """How two activities lie to each other. ``km`` is None where distance says nothing."""

    holds: bool
    km: float | None
    relation: str


def compare(first: Profile, second: Profile, *, rules: RuleSet, neighbours: Neighbours) -> Place:
    """Whether it is the same place for those who would come."""
    if first.is_online or second.is_online:
        return Place(True, None, "online")
    relation = _relation(first, second, neighbours)
    if first.point is None or second.point is None:
        return Place(relation != "apart", None, relation)
    km = distance_km(first.point, second.point)
    limit = rules.near_km_neighbours if relation == "neighbours" else rules.near_km
    if travels_less(first, second):
        limit = min(limit, rules.near_km_travels_less)
    return Place(relation == "same" or km <= limit, km, relation)


def _relation(first: Profile, second: Profile, neighbours: Neighbours) -> str:
    if first.parish and first.parish == second.parish:
        return "same"
    near = second.parish in neighbours.get(first.parish, ()) or first.parish in neighbours.get(second.parish, ())
    return "neighbours" if near else "apart"
