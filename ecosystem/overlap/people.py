"""The same people? The share of the smaller audience that both activities reach.

People are counted by year of age, a year as good as another. An audience defined by age alone is everyone of that age;
another (parents, job seekers) is a part of them, how large stands in ``data/people.csv``. Two such parts that are not in one
another are taken as independent: as many job seekers are parents as there are parents among the others.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ecosystem.overlap.profile import Group, Profile

OLDEST = 90
DATA = Path(__file__).parent / "data"
# Whoever does not follow the language of the sessions is not reached by both.
OTHER_LANGUAGE = 0.3


@dataclass(frozen=True, slots=True)
class Part:
    """How large an audience is among people of its ages, which ages where the vocabulary names none, and whether it travels less."""

    share: float
    age_from: int
    age_to: int
    travels_less: bool


@cache
def parts() -> dict[str, Part]:
    """The audiences known by code."""
    with (DATA / "people.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: Part(
                float(row["share"]), int(row["age_from"]), int(row["age_to"]), row["travels_less"] == "yes"
            )
            for row in csv.DictReader(file)
        }


_UNKNOWN = Part(0.3, 0, OLDEST, False)
_EVERYONE = Part(1.0, 0, OLDEST, False)


def part_of(group: Group) -> Part:
    """What is known of an audience. One that only its ages define is everyone of that age."""
    known = parts().get(group.code)
    if known is not None:
        return known
    return _EVERYONE if group.age_min is not None or group.age_max is not None else _UNKNOWN


def ages(group: Group, profile: Profile) -> tuple[int, int]:
    """The ages that an activity takes of a group, both included; the first above the second where there are none."""
    part = part_of(group)
    low = group.age_min if group.age_min is not None else part.age_from
    high = group.age_max if group.age_max is not None else part.age_to
    if profile.age_min is not None:
        # An activity's own limit says more than the general ages of its audience: 2 to 7 for families.
        low = max(low, profile.age_min)
    if profile.age_max is not None:
        high = min(high, profile.age_max)
    return low, min(high, OLDEST)


@lru_cache(maxsize=65536)
def _reached(groups: tuple[tuple[Group, int, int], ...]) -> dict[str, tuple[float, int, int, tuple[str, ...]]]:
    return {group.code: (part_of(group).share, low, high, group.part_of) for group, low, high in groups if low <= high}


def reach(profile: Profile) -> dict[str, tuple[float, int, int, tuple[str, ...]]]:
    """For each audience of an activity: its share of the people, its ages, the wider audiences around it."""
    return _reached(tuple((group, *ages(group, profile)) for group in profile.groups))


def share(first: Profile, second: Profile) -> float:
    """The part of the smaller audience, 0 to 1, that both reach."""
    one, other = reach(first), reach(second)
    smaller = min(_size(one), _size(other))
    if not smaller:
        return 0.0
    both = 0.0
    for year in range(OLDEST + 1):
        mine, theirs = _at(one, year), _at(other, year)
        if mine and theirs:
            both += max(_together(a, b) for a in mine for b in theirs)
    found = min(1.0, both / smaller)
    return found * OTHER_LANGUAGE if first.language != second.language else found


def travels_less(first: Profile, second: Profile) -> bool:
    """Whether those whom both reach are people who travel less: then only what is nearer is the same place."""
    return any(_all_travel_less(profile.groups) for profile in (first, second))


def _all_travel_less(groups: Iterable[Group]) -> bool:
    known = [part_of(group).travels_less for group in groups]
    return bool(known) and all(known)


Cell = tuple[str, float, tuple[str, ...]]


def _at(reached: dict[str, tuple[float, int, int, tuple[str, ...]]], year: int) -> list[Cell]:
    return [(code, part, wider) for code, (part, low, high, wider) in reached.items() if low <= year <= high]


def _size(reached: dict[str, tuple[float, int, int, tuple[str, ...]]]) -> float:
    return sum(max((cell[1] for cell in _at(reached, year)), default=0.0) for year in range(OLDEST + 1))


def _together(a: Cell, b: Cell) -> float:
    """How many people of one age two audiences share."""
    if a[0] == b[0]:
        return a[1]
    if a[0] in b[2] or a[1] >= 1:
        return b[1]
    if b[0] in a[2] or b[1] >= 1:
        return a[1]
    return a[1] * b[1]
