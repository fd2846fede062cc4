"""Before the departments agree: what other rules would change over the plans there are, and nothing is written."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordinators.domain.access import reach
from courses.domain.overlaps import rehearsing
from courses.domain.overlaps.rehearsing import Count, Rehearsal
from courses.models import Activity, Footprint, Overlap, Unjudged
from ecosystem.models import Journal, Message
from ecosystem.overlap import rules
from ecosystem.overlap.crowding import Parish
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import DEFAULTS, THRESHOLDS, RuleSet
from tests.factories import NOW, TODAY, PostFactory
from tests.overlap import labelled
from tests.test_overlaps import smartphones

SECOND = replace(DEFAULTS, version=2)
PHONES = {
    "by": "MUZ",
    "at": "Eleja",
    "lv": "Viedtālrunis ikdienā",
    "topic": "digital",
    "for": "seniors",
    "when": "2027-02-04 10:00-12:00 x5",
}


def phones(ref: str, **said: Any) -> Profile:
    """A smartphone course for seniors in Eleja."""
    return labelled.side(ref, {**PHONES, **said})


def tried(*profiles: Profile, before: RuleSet = DEFAULTS, drafts: Any = (), **after: int) -> Rehearsal:
    return rehearsing.compare(
        before=before,
        after=replace(SECOND, **after),
        profiles=profiles,
        neighbours=labelled.neighbours(),
        drafts=drafts,
        groups=labelled.groups().values(),
        parishes={code: Parish(code, name, 2000) for code, name in labelled.parishes().items()},
    )


# Come, go, stay.


def test_a_shorter_way_lets_findings_go_and_a_longer_one_lets_them_come() -> None:
    here, there, away = phones("a"), phones("b", by="JAU", at="Sesava"), phones("c", by="LAB", at="Zaļenieki")
    shorter = tried(here, there, away, near_km_travels_less=8)
    assert [(one.first.ref, one.second.ref, one.kind) for one in shorter.go] == [("a", "b", "duplicate")]
    assert (shorter.come, shorter.other, shorter.same, shorter.judged, shorter.unjudged) == ([], [], 0, 3, 0)
    assert shorter.counts == [Count("duplicate", ("JAU", "MUZ"), now=1, come=0, go=1)]
    assert shorter.counts[0].then == 0
    longer = tried(here, there, away, near_km=30, near_km_neighbours=30, near_km_travels_less=30)
    assert {(one.first.ref, one.second.ref) for one in longer.come} == {("a", "c"), ("b", "c")}
    assert (longer.go, longer.same, {one.version for one in longer.come}) == ([], 1, {2})
    assert longer.counts == [
        Count("duplicate", ("JAU", "LAB"), now=0, come=1, go=0),
        Count("duplicate", ("JAU", "MUZ"), now=1, come=0, go=0),
        Count("duplicate", ("LAB", "MUZ"), now=0, come=1, go=0),
    ]


def test_the_same_rules_change_nothing() -> None:
    found = tried(phones("a"), phones("b", by="JAU"))
    assert (found.is_empty, found.same) == (True, 1)


def test_what_would_be_of_another_kind_is_told_as_it_is_and_as_it_would_be() -> None:
    one, other = phones("a"), phones("b", by="JAU", lv="Viedtālrunis un internetbanka")
    found = tried(one, other, words_percent=100, words_percent_other_topic=100)
    [(now, then)] = found.other
    assert (now.kind, then.kind, now.version, then.version) == ("duplicate", "clash", 1, 2)
    assert (found.come, found.go, found.same, found.is_empty) == ([], [], 0, False)
    assert found.counts == [
        Count("duplicate", ("JAU", "MUZ"), now=1, come=0, go=1),
        Count("clash", ("JAU", "MUZ"), now=0, come=1, go=0),
    ]


def test_what_cannot_be_judged_is_counted_and_two_drafts_of_two_departments_are_left_alone() -> None:
    nameless = replace(phones("c"), titles={}, summaries={})
    found = tried(phones("a"), phones("b", by="JAU"), nameless, drafts={"a", "b"}, days_apart=30)
    assert (found.judged, found.unjudged, found.same, found.is_empty) == (2, 1, 0, True)
    assert tried(phones("a"), phones("b", by="JAU"), drafts={"a"}).same == 1


def test_where_it_would_be_crowded_or_no_more_is_told() -> None:
    six = [phones(f"r{number}", lv=f"Kurss {number}") for number in range(6)]
    fewer = tried(*six, crowding_least=10)
    # Five Thursdays from 4 February: two months.
    assert [(one.audience, one.month) for one in fewer.no_more_crowded] == [
        ("seniors", "2027-02"),
        ("seniors", "2027-03"),
    ]
    assert fewer.crowded == []
    more = tried(*six, before=replace(DEFAULTS, crowding_least=10))
    assert [one.month for one in more.crowded] == ["2027-02", "2027-03"]
    assert tried(*six, drafts={one.ref for one in six}, crowding_least=10).no_more_crowded == []


# As judging every pair by both would tell.


def rule_set(draw: Any, version: int) -> RuleSet:
    """Any rule set that does not contradict itself."""
    values = {name: draw(st.integers(bounds.least, bounds.most)) for name, bounds in THRESHOLDS.items()}
    for lower, upper in rules.ORDER:
        values[upper] = max(values[upper], values[lower])
    return RuleSet(version=version, **values)


@st.composite
def two_rule_sets(draw: Any) -> tuple[RuleSet, RuleSet]:
    return rule_set(draw, 1), rule_set(draw, 2)


def test_the_looser_of_two_rule_sets_knows_every_threshold() -> None:
    about_pairs = {f.name for f in fields(DEFAULTS)} - {"version", "in_force_from", "crowding_times", "crowding_least"}
    assert {*rehearsing._LEAST, *rehearsing._MOST} == about_pairs


@settings(max_examples=60, deadline=None)
@given(two_rule_sets(), st.sampled_from(labelled.pairs()))
def test_whatever_either_finds_the_looser_finds(some: tuple[RuleSet, RuleSet], pair: labelled.Pair) -> None:
    looser = World(rehearsing.looser(*some), labelled.neighbours())
    for one in some:
        if judge(pair.first, pair.second, world=World(one, labelled.neighbours())) is not None:
            assert judge(pair.first, pair.second, world=looser) is not None


@pytest.mark.parametrize("seed", range(6))
def test_it_tells_what_judging_every_pair_tells(seed: int) -> None:
    chance = Random(seed)
    sides = [side for pair in chance.sample(labelled.pairs(), 60) for side in (pair.first, pair.second)]
    days = [timedelta(days=chance.randrange(-60, 60)) for _side in sides]
    profiles = [
        replace(side, ref=f"{number:03d}", sessions=tuple((start + day, end + day) for start, end in side.sessions))
        for number, (side, day) in enumerate(zip(sides, days, strict=True))
    ]
    changed = {name: chance.randint(bounds.least, bounds.most) for name, bounds in THRESHOLDS.items()}
    after = replace(SECOND, **{name: changed[name] for name in chance.sample(sorted(changed), 4)})
    found = rehearsing.compare(before=DEFAULTS, after=after, profiles=profiles, neighbours=labelled.neighbours())
    come, go, other, same = set(), set(), set(), 0
    for one, two in combinations(profiles, 2):
        now, then = (judge(one, two, world=World(each, labelled.neighbours())) for each in (DEFAULTS, after))
        pair = (one.ref, two.ref)
        if now is None and then is None:
            continue
        if now is None or then is None:
            (come if now is None else go).add(pair)
        elif now.kind != then.kind:
            other.add(pair)
        else:
            same += 1
    assert {(one.first.ref, one.second.ref) for one in found.come} == come
    assert {(one.first.ref, one.second.ref) for one in found.go} == go
    assert {(one.first.ref, one.second.ref) for one, _then in found.other} == other
    assert found.same == same


# Over the plans there are.


@pytest.fixture
def coordinator(db: None) -> Any:
    """Of Eleja, lifelong learning."""
    return reach(PostFactory().holder, on=TODAY)


def over_plans(coordinator: Any, **after: int) -> rehearsing.Tried:
    return rehearsing.over_plans(before=DEFAULTS, after=replace(SECOND, **after), reach=coordinator, now=NOW)


def pairs(found: rehearsing.Tried, name: str) -> set[frozenset[Activity]]:
    some = getattr(found.rehearsal, name)
    return {frozenset({found.activities[one.first.ref], found.activities[one.second.ref]}) for one in some}


def test_the_plans_of_all_departments_and_one_s_own_drafts_are_judged(coordinator: Any) -> None:
    published, planned = smartphones("MUZ"), smartphones("JAU", status="planned")
    mine = smartphones("MUZ", status="draft", title="Viedtālruņa pamati")
    smartphones("LAB", status="draft")
    smartphones("LAB", status="cancelled")
    smartphones("LAB", status="completed", sessions=[("2026-12-01 10:00", "2026-12-01 12:00")])
    smartphones("LAB", sessions=[("2028-01-12 10:00", "2028-01-12 12:00")])
    shapeless = smartphones("LAB", status="planned", sessions=[])
    # Nothing is in the same weeks any more: one's own two are left alone, those of two departments clash.
    found = over_plans(coordinator, days_apart=0, own_days_apart=0)
    assert set(found.activities.values()) == {published, planned, mine, shapeless}
    assert (found.rehearsal.judged, found.rehearsal.unjudged, found.left_out) == (3, 1, 0)
    assert pairs(found, "go") == {frozenset({published, mine})}
    assert {(now.kind, then.kind) for now, then in found.rehearsal.other} == {("duplicate", "clash")}
    assert len(found.rehearsal.other) == 2


def test_nothing_is_written(coordinator: Any) -> None:
    smartphones("MUZ"), smartphones("JAU")
    written = (Overlap, Footprint, Unjudged, Journal, Message)
    before = [list(model.objects.order_by("pk").values()) for model in written]
    assert over_plans(coordinator, people_percent=90).rehearsal.same == 1
    assert [list(model.objects.order_by("pk").values()) for model in written] == before


def test_of_too_many_the_soonest_are_judged_and_how_many_were_left_out_is_said(
    coordinator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "MOST", 2)
    days = ["2027-05-04", "2027-03-04", "2027-04-04"]
    made = [smartphones("JAU", sessions=[(f"{day} 10:00", f"{day} 12:00")]) for day in days]
    smartphones("LAB", status="planned", sessions=[])
    found = over_plans(coordinator)
    assert list(found.activities.values()) == [made[1], made[2]]
    assert found.left_out == 2


def test_it_asks_the_same_for_one_and_for_three(coordinator: Any, same_queries: Any) -> None:
    same_queries(
        7,
        add=lambda number: smartphones("JAU", title=f"Viedtālrunis {number}"),
        visit=lambda: over_plans(coordinator, people_percent=90),
    )


def test_sessions_are_judged_by_the_clock_on_the_wall(coordinator: Any) -> None:
    for department, title in (("MUZ", "Māla trauki"), ("JAU", "Vingrošana")):
        smartphones(department, title=title, sessions=[("2027-03-28 10:00", "2027-03-28 12:00")])
    found = over_plans(coordinator, colliding_minutes=121)
    assert [one.kind for one in found.rehearsal.go] == ["clash"]
