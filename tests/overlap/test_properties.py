"""What holds of every pair, whatever is written in it. Activities are made of the labelled ones: their words, other people,
places and times."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ecosystem.geo import Point
from ecosystem.overlap import level, say, tells
from ecosystem.overlap.finding import DUPLICATE
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.stems import alike
from ecosystem.overlap.words import read
from tests.overlap.labelled import groups, neighbours, pairs, villages

WORLD = World(neighbours=neighbours())
SIDES = [side for pair in pairs() for side in (pair.first, pair.second)]
PAIRS = [(pair.first, pair.second) for pair in pairs()]
UNLIKE = [(pair.first, pair.second) for pair in pairs() if pair.kind != DUPLICATE]
DUPLICATES = [(pair.first, pair.second) for pair in pairs() if pair.kind == DUPLICATE]
WORDS = sorted(
    {word.strip("«»“”:,.!?–()") for side in SIDES for title in side.titles.values() for word in title.split()}
)
SEVERAL = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

days = st.integers(0, 60)


@st.composite
def activities(draw: st.DrawFn, ref: str = "x") -> Profile:
    """A labelled activity with other people, place and time."""
    side = draw(st.sampled_from(SIDES))
    village = draw(st.sampled_from(sorted(villages().values(), key=lambda row: row["code"])))
    start = datetime.fromisoformat("2027-02-01") + timedelta(days=draw(days), minutes=15 * draw(st.integers(32, 78)))
    length = timedelta(minutes=draw(st.integers(30, 240)))
    step = timedelta(days=draw(st.sampled_from((1, 7, 14))))
    count = draw(st.integers(1, 6))
    ages = draw(st.sampled_from(((None, None), (None, None), (60, None), (13, 18), (18, 30), (7, 9))))
    return replace(
        side,
        ref=ref,
        department=draw(st.sampled_from(("MUZ", "JAU", "LAB"))),
        groups=tuple(draw(st.lists(st.sampled_from(sorted(groups().values(), key=lambda g: g.code)), max_size=3))),
        sessions=tuple((start + step * n, start + step * n + length) for n in range(count)),
        parish=village["parish_code"],
        point=draw(st.sampled_from((Point(float(village["lat"]), float(village["lon"])), None))),
        age_min=ages[0],
        age_max=ages[1],
        format=draw(st.sampled_from(("in_person", "in_person", "online", "hybrid"))),
        language=draw(st.sampled_from(("lv", "lv", "ru"))),
        drop_in=draw(st.sampled_from((False, False, True))),
    )


@given(activities("a"), activities("b"))
@SEVERAL
def test_a_pair_is_judged_alike_whichever_comes_first(one: Profile, other: Profile) -> None:
    assert judge(one, other, world=WORLD) == judge(other, one, world=WORLD)


def test_labelled_pairs_are_judged_alike_whichever_comes_first_and_whatever_they_are_called() -> None:
    for first, second in PAIRS:
        found = judge(first, second, world=WORLD)
        turned = judge(replace(first, ref="z"), replace(second, ref="y"), world=WORLD)
        assert (found and (found.kind, round(found.strength, 9))) == (
            turned and (turned.kind, round(turned.strength, 9))
        )


@given(st.sampled_from(PAIRS), st.randoms(use_true_random=False))
@SEVERAL
def test_the_order_of_what_is_given_does_not_matter(pair: tuple[Profile, Profile], chance: random.Random) -> None:
    first, second = pair

    def shuffled(profile: Profile) -> Profile:
        some = list(profile.groups), list(profile.sessions), list(profile.titles.items())
        for one in some:
            chance.shuffle(one)
        return replace(profile, groups=tuple(some[0]), sessions=tuple(some[1]), titles=dict(some[2]))

    found, again = judge(first, second, world=WORLD), judge(shuffled(first), shuffled(second), world=WORLD)
    assert (found and (found.kind, found.strength)) == (again and (again.kind, again.strength))


def test_the_language_of_the_interface_does_not_matter() -> None:
    for first, second in PAIRS:
        with translation.override("lv"):
            in_latvian = judge(first, second, world=WORLD)
        with translation.override("en"):
            assert judge(replace(first), replace(second), world=WORLD) == in_latvian


@given(activities("a"), activities("b"), st.integers(0, 40), st.integers(1, 40))
@SEVERAL
def test_a_longer_gap_never_makes_a_duplicate_stronger(one: Profile, other: Profile, gap: int, more: int) -> None:
    nearer = _after(one, other, gap)
    farther = _after(one, other, gap + more)
    found, then = judge(one, nearer, world=WORLD), judge(one, farther, world=WORLD)
    if then is not None:
        assert found is not None and found.kind == then.kind == DUPLICATE
        assert then.strength <= found.strength


@given(st.sampled_from(DUPLICATES), st.integers(0, 40), st.integers(1, 40))
@SEVERAL
def test_a_longer_gap_never_strengthens_a_known_duplicate(pair: tuple[Profile, Profile], gap: int, more: int) -> None:
    found = judge(pair[0], _after(*pair, gap), world=WORLD)
    then = judge(pair[0], _after(*pair, gap + more), world=WORLD)
    assert then is None or (found is not None and then.strength <= found.strength)


@given(activities("a"), activities("b"), st.integers(1, 200))
@SEVERAL
def test_fewer_colliding_minutes_are_never_a_clash_where_more_were_none(one: Profile, other: Profile, cut: int) -> None:
    # The same days, each session shorter by its end.
    shorter = replace(
        other,
        sessions=tuple((start, max(start, end - timedelta(minutes=cut))) for start, end in other.sessions),
    )
    if judge(one, other, world=WORLD) is None:
        assert judge(one, shorter, world=WORLD) is None


@given(activities("a"), activities("b"), st.floats(1.0, 20.0))
@SEVERAL
def test_more_kilometres_never_find_what_fewer_did_not(one: Profile, other: Profile, times: float) -> None:
    assume(one.point is not None and other.point is not None)
    _farther_finds_nothing_new(one, other, times)


@given(st.sampled_from(PAIRS), st.floats(1.0, 20.0))
@SEVERAL
def test_more_kilometres_never_strengthen_a_known_pair(pair: tuple[Profile, Profile], times: float) -> None:
    _farther_finds_nothing_new(*pair, times)


def _farther_finds_nothing_new(one: Profile, other: Profile, times: float) -> None:
    assert one.point is not None and other.point is not None
    point = Point(
        one.point.lat + (other.point.lat - one.point.lat) * times,
        one.point.lon + (other.point.lon - one.point.lon) * times,
    )
    # The parishes stay what they are to each other.
    found, then = judge(one, other, world=WORLD), judge(one, replace(other, point=point), world=WORLD)
    if then is not None:
        assert found is not None and found.kind == then.kind
        assert then.strength <= found.strength + 1e-9


@given(
    st.one_of(
        st.sampled_from(PAIRS), st.sampled_from(UNLIKE), st.tuples(st.sampled_from(SIDES), st.sampled_from(SIDES))
    ),
    st.sampled_from(WORDS),
    st.booleans(),
)
@settings(SEVERAL, max_examples=200)
def test_adding_a_word_does_not_make_unlike_things_alike(
    pair: tuple[Profile, Profile], word: str, at_the_end: bool
) -> None:
    """A word that the other does not have: neither it nor what it names stands in the other's titles or summary, it tells of
    nothing, says no level, beside its neighbours it makes no phrase, and it makes no other name of a series."""
    one, other = _together(pair[0], "a"), _together(pair[1], "b")
    title = f"{one.title} {word}" if at_the_end else f"{word} {one.title}"
    added, before = read(word, one.topic), read(one.title, one.topic)
    keys = {notion.key for notion in (*added.notions, *before.notions)}
    assume({notion.key for notion in read(title, one.topic).notions} <= keys)
    assume(level.said(title) == level.said(one.title) and not level.said(word))
    assume(not tells.scores((word,), (), one.topic))
    assume(at_the_end or not set(":–—").intersection(one.title))
    theirs = [
        n for text in (*other.titles.values(), *other.summaries.values()) for n in read(text, other.topic).notions
    ]
    assume(
        not any(
            alike(a.key, b.key) or b.key in (a.within, a.key) or a.key == b.within
            for a in added.notions
            for b in theirs
        )
    )
    found = judge(one, other, world=WORLD)
    if found is None or found.kind != DUPLICATE:
        then = judge(replace(one, titles={"lv": title}), other, world=WORLD)
        assert then is None or then.kind != DUPLICATE


@given(activities("a"), activities("b"))
@SEVERAL
def test_ages_that_do_not_meet_are_other_people(one: Profile, other: Profile) -> None:
    young, old = replace(one, age_min=7, age_max=12), replace(other, age_min=13, age_max=None)
    assert judge(young, old, world=WORLD) is None


@given(st.sampled_from(PAIRS), st.integers(0, 25), st.integers(0, 5), st.integers(0, 14), st.integers(0, 20))
@SEVERAL
def test_stricter_rules_find_no_new_duplicate(
    pair: tuple[Profile, Profile], people: int, km: int, days: int, words: int
) -> None:
    strict = RuleSet(
        people_percent=75 + people,
        near_km=15 - km,
        near_km_travels_less=12 - km,
        near_km_neighbours=18 - km,
        days_apart=21 - days,
        own_days_apart=min(7, 21 - days),
        words_percent=60 + words,
        words_percent_other_topic=80 + words,
    )
    found = judge(*pair, world=WORLD)
    then = judge(*pair, world=World(rules=strict, neighbours=neighbours()))
    if then is not None and then.kind == DUPLICATE:
        assert found is not None and found.kind == DUPLICATE


@given(activities("a"), activities("b"))
@SEVERAL
def test_what_is_found_is_told_in_both_languages(one: Profile, other: Profile) -> None:
    found = judge(one, other, world=WORLD)
    if found is not None:
        assert [reason.rule for reason in found.reasons] == ["people", "place", "time", "topic"]
        said = [text for reason in found.reasons for text in (reason.lv, reason.en)]
        for text in (*said, say.summary(found, "lv"), say.summary(found, "en")):
            assert text.endswith(".") and not text[0].islower() and "None" not in text and "  " not in text


def _after(one: Profile, other: Profile, gap: int) -> Profile:
    """The other, so many whole days after the last of the first."""
    shift = timedelta(days=(one.last_day - other.first_day).days + 1 + gap)
    return replace(other, sessions=tuple((start + shift, end + shift) for start, end in other.sessions))


def _together(profile: Profile, ref: str) -> Profile:
    """For everyone, in one place, at one time: only what it is about is left."""
    start = datetime.fromisoformat("2027-02-01T10:00")
    return replace(
        profile,
        ref=ref,
        department=ref,
        partners=frozenset(),
        groups=(groups()["everyone"],),
        age_min=None,
        age_max=None,
        sessions=((start, start + timedelta(hours=1)),),
        parish="0540248",
        point=None,
        format="in_person",
        language="lv",
    )
