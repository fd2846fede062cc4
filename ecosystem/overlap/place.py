"""The same place? How far it is between the two, whether the parishes are one or neighbours; online reaches everyone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ecosystem.geo import Point, distance_km
from ecosystem.overlap.rules import RuleSet

Neighbours = Mapping[str, frozenset[str]]
# A degree of latitude is never less: enough to leave out what is far without trigonometry.
KM_A_DEGREE = 110.5


@dataclass(frozen=True, slots=True)
class Place:
    """How two activities lie to each other. ``holds``: the same people can come to both; ``meets``: both are in one hall or
    near it, or both at a screen. ``km`` is None where distance says nothing."""

    holds: bool
    meets: bool
    km: float | None
    relation: str


class Placed(Protocol):
    """What has a place."""

    @property
    def parish(self) -> str:
        """The code of its parish."""

    @property
    def point(self) -> Point | None:
        """Where it is on the map."""

    @property
    def format(self) -> str:
        """In person, online or both."""

    @property
    def travels_less(self) -> bool:
        """Whether it is for people who travel less."""


def compare(first: Placed, second: Placed, *, rules: RuleSet, neighbours: Neighbours) -> Place:
    """Whether it is the same place for those who would come. *Hybrid* is in its hall, and online too."""
    if "online" in (first.format, second.format):
        return Place(True, first.format == second.format, None, "online")
    near = _near(first, second, rules, neighbours)
    if not near.holds and "hybrid" in (first.format, second.format):
        return Place(True, False, None, "online")
    return near


def _near(first: Placed, second: Placed, rules: RuleSet, neighbours: Neighbours) -> Place:
    relation = _relation(first.parish, second.parish, neighbours)
    if first.point is None or second.point is None:
        return Place(relation != "apart", relation != "apart", None, relation)
    limit = rules.near_km_neighbours if relation == "neighbours" else rules.near_km
    if first.travels_less or second.travels_less:
        limit = min(limit, rules.near_km_travels_less)
    if relation != "same" and abs(first.point[0] - second.point[0]) * KM_A_DEGREE > limit:
        return Place(False, False, None, relation)
    km = distance_km(first.point, second.point)
    holds = relation == "same" or km <= limit
    return Place(holds, holds, km, relation)


def _relation(one: str, other: str, neighbours: Neighbours) -> str:
    if one and one == other:
        return "same"
    near = other in neighbours.get(one, ()) or one in neighbours.get(other, ())
    return "neighbours" if near else "apart"
