"""The same people? The share of the smaller audience that both activities reach.

People are counted by year of age, a year as good as another. An audience defined by age alone is everyone of that age;
another (parents, job seekers) is a part of them, how large stands in ``data/people.csv``: nearly every child lives in a
family with children, two in five of the grown-up do. Two such parts that are not in one another are taken as independent: as
many job seekers are carers as there are carers among the others.
"""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.overlap.profile import Group, Profile

if TYPE_CHECKING:
    from ecosystem.overlap.prepared import Prepared

OLDEST = 90
GROWN_UP = 18
DATA = Path(__file__).parent / "data"
# Whoever does not follow the language of the sessions is not reached by both.
OTHER_LANGUAGE = 0.3
# Whoever is older than this travels less, whatever the audience is called.
OLD = 65


@dataclass(frozen=True, slots=True)
class Part:
    """How large an audience is among people of its ages (and of those under 18), which ages where the vocabulary names none,
    whether it travels less, and another audience that it lies in beside those of the vocabulary."""

    share: float
    share_under_18: float
    age_from: int
    age_to: int
    travels_less: bool
    within: str = ""

    def at(self, year: int) -> float:
        """Its part of the people of an age."""
        return self.share if year >= GROWN_UP else self.share_under_18


@cache
def parts() -> dict[str, Part]:
    """The audiences known by code."""
    with (DATA / "people.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: Part(
                float(row["share"]),
                float(row["share_under_18"]),
                int(row["age_from"]),
                int(row["age_to"]),
                row["travels_less"] == "yes",
                row["within"],
            )
            for row in csv.DictReader(file)
        }


_UNKNOWN = Part(0.3, 0.3, 0, OLDEST, False)
_EVERYONE = Part(1.0, 1.0, 0, OLDEST, False)


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


# An audience at one age: its code, its part of the people of that age, the wider audiences around it.
Cell = tuple[str, float, tuple[str, ...]]


class Reach:
    """Whom an activity reaches, by year of age. One for all that reach the same, equal by identity."""

    __slots__ = ("by_year", "size")

    def __init__(self, taken: tuple[tuple[Group, int, int], ...]) -> None:
        self.by_year: tuple[tuple[Cell, ...], ...] = tuple(
            tuple(_cell(group, year) for group, low, high in taken if low <= year <= high) for year in range(OLDEST + 1)
        )
        # Audiences that overlap are counted as the largest of them: the smaller are mostly among it.
        self.size = sum(max((cell[1] for cell in cells), default=0.0) for cells in self.by_year)


def _cell(group: Group, year: int) -> Cell:
    part = part_of(group)
    return group.code, part.at(year), (*group.part_of, part.within) if part.within else group.part_of


@lru_cache(maxsize=16384)
def _reach(taken: tuple[tuple[Group, int, int], ...]) -> Reach:
    return Reach(taken)


def reach(profile: Profile) -> Reach:
    """Whom it reaches: each of its audiences within its ages."""
    taken = {(group, *ages(group, profile)) for group in profile.groups}
    return _reach(tuple(sorted((one for one in taken if one[1] <= one[2]), key=lambda one: (one[0].code, one[1:]))))


def share(first: "Prepared", second: "Prepared") -> float:
    """The part of the smaller audience, 0 to 1, that both reach."""
    found = _shared(first.reach, second.reach)
    # In a language course the language is what is learnt, and divides nobody.
    if first.languages & second.languages or first.topic == second.topic == "languages":
        return found
    return found * OTHER_LANGUAGE


@lru_cache(maxsize=65536)
def _shared(one: Reach, other: Reach) -> float:
    smaller = min(one.size, other.size)
    if not smaller:
        return 0.0
    both = sum(
        max(_together(a, b) for a in mine for b in theirs)
        for mine, theirs in zip(one.by_year, other.by_year, strict=True)
        if mine and theirs
    )
    return min(1.0, both / smaller)


def travel_less(profile: Profile) -> bool:
    """Whether all whom an activity is for are people who travel less: children, seniors, people with disabilities."""
    if not profile.groups:
        return False
    if all(part_of(group).travels_less for group in profile.groups):
        return True
    return profile.age_min is not None and profile.age_min >= OLD


def _together(a: Cell, b: Cell) -> float:
    """How many people of one age two audiences share."""
    if a[0] == b[0]:
        return a[1]
    if a[0] in b[2] or b[0] in a[2]:
        return min(a[1], b[1])
    return a[1] * b[1]
