"""The labelled set, and what the rules must reach on the pairs that they were not tuned on."""

from collections import Counter

import pytest

from ecosystem.overlap.finding import CLASH, DUPLICATE
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.profile import missing
from tests.overlap.labelled import Pair, neighbours, pairs

WORLD = World(neighbours=neighbours())
KINDS = (DUPLICATE, CLASH, "none")


def judged(pair: Pair) -> str:
    """What the rules call it."""
    found = judge(pair.first, pair.second, world=WORLD)
    return found.kind if found else "none"


def rates(part: str, kind: str) -> tuple[float, float]:
    """Precision and recall of a kind in a part of the set."""
    counted = Counter((pair.kind, judged(pair)) for pair in pairs() if pair.part == part)
    right = counted[kind, kind]
    said = sum(number for (_is, called), number in counted.items() if called == kind)
    are = sum(number for (labelled, _called), number in counted.items() if labelled == kind)
    return right / said, right / are


def test_labelled_set_is_large_named_once_and_known_in_kind() -> None:
    names = [pair.name for pair in pairs()]
    assert len(names) >= 300
    assert len(set(names)) == len(names)
    assert {pair.kind for pair in pairs()} == set(KINDS)
    assert all(pair.trap for pair in pairs())


def test_every_labelled_activity_can_be_judged() -> None:
    assert [side.ref for pair in pairs() for side in (pair.first, pair.second) if missing(side)] == []


def test_the_parts_are_split_by_the_hash_of_the_name() -> None:
    part = {pair.name: pair.part for pair in pairs()}
    assert part["smartphone-eleja-sesava"] == "tuning"
    assert part["knitting"] == "held out"
    counted = Counter(part.values())
    assert counted["held out"] > 90
    assert counted["unseen"] > 50


@pytest.mark.parametrize(
    ("part", "least_right", "least_found"),
    [("tuning", 0.95, 0.90), ("held out", 0.95, 0.90), ("unseen", 0.95, 0.88), ("catchy", 0.90, 0.68)],
)
def test_duplicates_are_found_and_little_else_is_called_one(part: str, least_right: float, least_found: float) -> None:
    precision, recall = rates(part, DUPLICATE)
    assert precision >= least_right
    assert recall >= least_found


@pytest.mark.parametrize("part", ["tuning", "held out"])
def test_clashes_are_found(part: str) -> None:
    precision, recall = rates(part, CLASH)
    assert precision >= 0.8
    assert recall >= 0.9
