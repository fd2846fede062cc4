"""A sweep finds what judging every pair would find, each pair once, however it is cut."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem.geo import Point
from ecosystem.overlap import cells, marks, packed, sweep
from ecosystem.overlap.cells import NOWHERE, ONLINE
from ecosystem.overlap.finding import Finding
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.place import KM_A_DEGREE
from ecosystem.overlap.positions import Days, Sets, bits, each, later
from ecosystem.overlap.prepared import of
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.sweep import Block, Looking, Row, Window
from ecosystem.overlap.timing import collisions, minutes_together
from tests.overlap.labelled import groups, neighbours, villages
from tests.overlap.test_properties import SEVERAL, SIDES, WORLD

PLACES = sorted(villages().values(), key=lambda row: row["code"])
WHOM = ("seniors", "adults", "youth", "everyone")
# Rules under which more, or other, pairs overlap: every number of a word counts, places are far apart.
WIDE = World(
    RuleSet(words_percent=35, words_percent_other_topic=45, people_percent=30, near_km=40, near_km_neighbours=60)
)

# What one title is about is a word in passing of the other.
UNEVEN = [
    replace(SIDES[0], titles={"lv": title}, topic="play", summaries={})
    for title in ("Spilvenu nakts", "Gleznošana: spilveni")
]


def crowd(chance: random.Random, many: int, *, villages: int = 12) -> list[Profile]:
    """Activities that have much in common: few places, weeks, audiences and things."""
    places = chance.sample(PLACES, villages)
    sides = [*chance.sample(SIDES, 23), *UNEVEN]
    made = []
    for number in range(many):
        village, length = chance.choice(places), timedelta(minutes=chance.choice((45, 90, 180)))
        point = Point(float(village["lat"]) + chance.uniform(-0.05, 0.05), float(village["lon"]))
        start = datetime.fromisoformat("2027-02-01") + timedelta(
            days=chance.randrange(40), hours=chance.randrange(9, 25)
        )
        step = timedelta(days=chance.choice((1, 7, 7, 14)))
        made.append(
            replace(
                chance.choice(sides),
                ref=f"{number:04d}",
                department=chance.choice(("MUZ", "JAU", "LAB")),
                partners=frozenset(chance.choice(((),) * 6 + (("MUZ",), ("JAU", "LAB")))),
                groups=tuple(groups()[code] for code in chance.sample(WHOM, chance.choice((1, 1, 2)))),
                sessions=tuple(
                    (start + step * one, start + step * one + length) for one in range(chance.choice((1, 3, 5)))
                ),
                parish=village["parish_code"],
                point=chance.choice((point, point, point, None)),
                age_min=chance.choice((None, None, 60)),
                age_max=None,
                format=chance.choice(("in_person",) * 5 + ("online", "hybrid", "hybrid")),
                language=chance.choice(("lv", "lv", "lv", "ru")),
                drop_in=number % 6 == 0,
            )
        )
    return made


def by_brute_force(some: Sequence[Profile], world: World) -> list[Finding]:
    return [found for one, other in combinations(some, 2) if (found := judge(one, other, world=world)) is not None]


def told(some: Sequence[Finding]) -> list[tuple[str, str, str, float, str]]:
    """Findings as they can be put side by side; each of them, were one there twice."""
    return sorted((f.first.ref, f.second.ref, f.kind, f.strength, f.reasons[2].lv) for f in some)


@pytest.mark.parametrize("world", [WORLD, WIDE], ids=["the rules", "wide rules"])
@pytest.mark.parametrize("seed", range(4))
def test_a_sweep_finds_what_brute_force_finds(seed: int, world: World) -> None:
    some = crowd(random.Random(seed), 160)
    there = by_brute_force(some, world)
    assert told(list(sweep.findings(some, world=world))) == told(there)
    kinds = Counter(finding.kind for finding in there)
    assert min(kinds["duplicate"], kinds["clash"]) > 10, kinds


@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(1, 12))
@settings(SEVERAL, max_examples=150)
def test_a_small_sweep_finds_what_brute_force_finds(seed: int, many: int, places: int) -> None:
    some = crowd(random.Random(seed), many, villages=places)
    assert told(list(sweep.findings(some, world=WORLD))) == told(by_brute_force(some, WORLD))


@pytest.mark.parametrize("days_apart", [0, 1, 60])
def test_rules_about_days_are_kept(days_apart: int) -> None:
    world = World(RuleSet(days_apart=days_apart, own_days_apart=min(7, days_apart)), neighbours())
    some = crowd(random.Random(days_apart), 120)
    assert told(list(sweep.findings(some, world=world))) == told(by_brute_force(some, world))


def rows(some: Sequence[Profile], drafts: Sequence[str] = ()) -> list[Row]:
    return [
        Row(one.ref, marks.cell(one), one.parish, one.department, one.ref in drafts, marks.of_profile(one))
        for one in some
    ]


@pytest.mark.parametrize("seed", range(3))
def test_however_it_is_cut_each_pair_is_looked_at_once(seed: int) -> None:
    """By squares, each alone or several together, and by days."""
    chance = random.Random(seed)
    some = crowd(chance, 160)
    made = rows(some)
    looking = Looking(WORLD, groups())

    def blocks(until: int | None = None) -> tuple[Block, Block]:
        """Those in halls, and those that can be joined from elsewhere, that begin before a day."""
        there = [
            (row, one) for row, one in zip(made, some, strict=True) if until is None or row.marks.first_day < until
        ]
        land = Block(looking, [row for row, _one in there if row.cell != ONLINE])
        return land, Block(looking, [row for row, one in there if one.is_online])

    land, screens = blocks()
    whole = Counter(map(frozenset, chain(sweep.around(land), sweep.afar(land, screens), sweep.at_screens(screens))))
    assert set(whole.values()) == {1}
    squares = sorted({row.cell for row in land.rows})
    chance.shuffle(squares)
    begin = [row.marks.first_day for row in made]
    days = sorted(chance.sample(range(min(begin) + 1, max(begin)), 2))
    cut: Counter[frozenset[str]] = Counter()
    for since, until in zip((None, *days), (*days, None), strict=True):
        window = Window(since, until)
        land, screens = blocks(until)
        for place in range(0, len(squares), 5):
            own = frozenset(squares[place : place + 5])
            cut.update(map(frozenset, sweep.around(land, own, window)))
            cut.update(map(frozenset, sweep.afar(land, screens, own, window)))
        cut.update(map(frozenset, sweep.at_screens(screens, window)))
    assert cut == whole


def test_a_number_that_tells_for_one_alone_is_enough() -> None:
    one, other = (replace(side, ref=ref) for side, ref in zip(UNEVEN, "ab", strict=True))
    words = of(one).content.keys, of(other).content.keys
    assert not words[0].strong & words[1].strong and words[0].strong & words[1].all
    for some in ([one, other], [other, one]):
        assert [found.kind for found in sweep.findings(some, world=World(RuleSet(own_words_percent_more=0)))] == [
            "duplicate"
        ]


def test_two_drafts_of_two_departments_do_not_meet() -> None:
    some = [replace(one, format="in_person") for one in crowd(random.Random(5), 120, villages=3)]
    drafts = {one.ref for one in some[::2]}
    there = [
        found
        for found in by_brute_force(some, WORLD)
        if not {found.first.ref, found.second.ref} <= drafts or found.first.department == found.second.department
    ]
    assert told(list(sweep.findings(some, world=WORLD, drafts=drafts))) == told(there)
    assert len(there) < len(by_brute_force(some, WORLD))


def test_only_pairs_with_some_are_told() -> None:
    some = crowd(random.Random(6), 120, villages=3)
    only = {one.ref for one in some[:10]}
    there = [found for found in by_brute_force(some, WORLD) if only & {found.first.ref, found.second.ref}]
    assert told(list(sweep.findings(some, world=WORLD, only=only))) == told(there)


def test_what_cannot_be_judged_is_left_out() -> None:
    one = SIDES[0]
    assert list(sweep.findings([one, replace(one, ref="x", groups=())], world=WORLD)) == []


@given(st.floats(-70, 70), st.floats(-170, 170), st.floats(0, 60), st.floats(0, 360), st.floats(0, 1))
@settings(SEVERAL, max_examples=300)
def test_squares_beside_a_square_hold_all_that_is_near(
    lat: float, lon: float, km: float, way: float, part: float
) -> None:
    from math import cos, radians, sin

    here = Point(lat, lon)
    far = km * part / KM_A_DEGREE
    there = Point(lat + far * cos(radians(way)), lon + far * sin(radians(way)) / cos(radians(abs(lat) + far)) * 0.99)
    assert cells.cell(there) in cells.beside(cells.cell(here), km)
    assert set(cells.around(here, km)) <= set(cells.beside(cells.cell(here), km))


def test_what_has_no_point_lies_nowhere() -> None:
    assert cells.cell(None) == NOWHERE
    assert [marks.cell(replace(SIDES[0], format=how, point=None)) for how in ("in_person", "hybrid", "online")] == [
        NOWHERE,
        NOWHERE,
        ONLINE,
    ]


@given(st.integers(0, 10**6))
@settings(SEVERAL, max_examples=60)
def test_sessions_that_collide_touch_an_hour_in_common(seed: int) -> None:
    one, other = crowd(random.Random(seed), 2)
    mine, theirs = of(one).minutes, of(other).minutes
    assert minutes_together(mine, theirs) == collisions(of(one), of(other))[1] == minutes_together(theirs, mine)
    if minutes_together(mine, theirs):
        hours = marks.hours(mine), marks.hours(theirs)
        assert hours[0] & hours[1]
        assert marks.bits(hours[0]) & marks.bits(hours[1])
    assert 0 <= marks.bits(marks.hours(mine)) < 2**63


def test_a_session_of_a_week_touches_every_hour() -> None:
    assert marks.hours([(0, 7 * 1440)]) == set(range(168))
    assert marks.bits(range(168)) == 2**63 - 1
    assert marks.hours([(23 * 60, 25 * 60)]) == {23, 24}
    assert marks.hours([(60, 60)]) == {1}


def test_a_line_of_marks_is_read_again() -> None:
    some = [marks.of_profile(one) for one in crowd(random.Random(7), 20)]
    again = [marks.Marks(*read) for read in marks.read(map(marks.line, some))]
    assert [marks.line(one) for one in again] == [marks.line(one) for one in some]
    assert [list(packed.unrolled(one.runs)) for one in again] == [list(packed.unrolled(one.runs)) for one in some]


@given(st.sets(st.integers(0, 300)), st.integers(-1, 300))
@SEVERAL
def test_positions_are_a_set(some: set[int], at: int) -> None:
    assert list(each(bits(sorted(some)))) == sorted(some)
    assert list(each(later(bits(sorted(some)), at))) == sorted(one for one in some if one > at)


def test_sets_answer_to_any_of_several_keys() -> None:
    sets = Sets(["even"] * (at % 2 == 0) + ["rare"] * (at in (7, 90)) for at in range(100))
    assert list(sets) == ["even", "rare"]
    assert list(each(sets.of("rare"))) == [7, 90]
    assert list(each(sets.any(["rare", "none"]))) == [7, 90]
    assert sets.any(["none"]) == 0
    assert list(each(sets.any(["even", "rare"]))) == sorted({*range(0, 100, 2), 7})


def test_days_are_asked_up_to_one_and_from_one_on() -> None:
    days = Days([5, 3, 9, 5])
    assert [list(each(days.until(day))) for day in (2, 3, 5, 10)] == [[], [1], [0, 1, 3], [0, 1, 2, 3]]
    assert [list(each(days.since(day))) for day in (2, 5, 6, 10)] == [[0, 1, 2, 3], [0, 2, 3], [2], []]
