"""Crowding, counted by hand.

The parish has 910 people, ten of each age from 0 to 90: 360 seniors (55 to 90), 180 young (13 to 30), 60 children (7 to 12).
"""

from ecosystem.overlap.crowding import Crowding, Parish, find
from ecosystem.overlap.profile import Group, Profile
from ecosystem.overlap.rules import DEFAULTS, RuleSet
from tests.overlap.labelled import groups
from tests.overlap.test_questions import activity

PARISHES = {"0540248": Parish("0540248", "Elejas pagasts", 910)}
THREE = [groups()[code] for code in ("seniors", "youth", "children")]


def offered(code: str, number: int, **said: str) -> list[Profile]:
    """So many activities for an audience in Eleja in February."""
    return [activity(f"{code}-{n}", groups=code, **said) for n in range(number)]


def crowded(profiles: list[Profile], known: list[Group] = THREE, rules: RuleSet = DEFAULTS) -> list[Crowding]:
    return find(profiles, groups=known, parishes=PARISHES, rules=rules)


def test_an_audience_with_twice_its_share_beside_one_with_nothing_is_crowding() -> None:
    # Six activities for 600 people; of them 60 children are due 0.6, and get all six. 180 young are due 1.8.
    found = crowded(offered("children", 6))
    assert [(one.parish, one.audience, one.month, one.neglected) for one in found] == [
        ("0540248", "children", "2027-02", ("seniors", "youth"))
    ]
    assert found[0].refs == tuple(f"children-{n}" for n in range(6))
    # 6 for 60 children are 100 for a thousand.
    assert found[0].lv == (
        "Elejas pagasts, 2027. gada februārī: bērniem – 6 aktivitātes (100,0 uz 1000 cilvēkiem), "
        "bet senioriem un jauniešiem nekā nav."
    )
    assert found[0].en == (
        "Elejas pagasts, February 2027: 6 activities for children (100.0 per 1\u00a0000 people), "
        "but nothing for seniors or young people."
    )


def test_a_large_audience_may_be_offered_much() -> None:
    # 360 of 600 are seniors: five of five are less than twice their share of three.
    assert crowded(offered("seniors", 5)) == []
    assert [one.audience for one in crowded(offered("seniors", 5), rules=RuleSet(crowding_times=1))] == ["seniors"]


def test_where_everybody_has_something_it_is_not_crowded() -> None:
    some = offered("children", 6) + offered("youth", 1)
    assert [one.neglected for one in crowded(some)] == [("seniors",)]
    assert crowded(some + offered("seniors", 1)) == []


def test_what_is_for_everyone_is_for_each() -> None:
    known = [*THREE, groups()["everyone"]]
    assert crowded(offered("children", 6) + offered("everyone", 1), known) == []


def test_few_are_no_crowd() -> None:
    assert crowded(offered("children", 3)) == []
    assert [one.audience for one in crowded(offered("children", 4))] == ["children"]


def test_an_audience_too_small_to_be_due_anything_is_not_passed_over() -> None:
    # Of 780 people (600 and 18 Ukrainians …) four activities give 18 a tenth of one.
    known = [groups()["children"], groups()["ukrainians"], groups()["seniors"]]
    assert [one.neglected for one in crowded(offered("children", 4), known)] == [("seniors",)]


def test_months_are_counted_by_themselves_and_online_is_nowhere() -> None:
    both = offered("children", 4, when="2027-02-22 10:00-12:00 x2")
    assert [one.month for one in crowded(both)] == ["2027-02", "2027-03"]
    assert crowded(offered("children", 6, format="online")) == []


def test_a_parish_without_people_and_an_unknown_one_say_nothing() -> None:
    empty = {"0540248": Parish("0540248", "Elejas pagasts", 0)}
    assert find(offered("children", 6), groups=THREE, parishes=empty, rules=DEFAULTS) == []
    assert find(offered("children", 6), groups=THREE, parishes={}, rules=DEFAULTS) == []


def test_one_activity_of_two_departments_counts_once() -> None:
    joint = [*offered("children", 3), activity("children-2", groups="children", by="LAB", partners="MUZ")]
    assert crowded(joint) == []
