"""A profile kept as JSON is the same profile."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from ecosystem.overlap import keys
from ecosystem.overlap.packed import pack, runs, unpack, unrolled
from ecosystem.overlap.prepared import Content, of
from ecosystem.overlap.profile import Group, Profile
from tests.overlap.labelled import groups
from tests.overlap.test_properties import SEVERAL, SIDES, activities


def _again(profile: Profile) -> Profile:
    return unpack(json.loads(json.dumps(pack(profile))), groups())


@given(activities())
@SEVERAL
def test_what_is_packed_is_unpacked(profile: Profile) -> None:
    assert _again(profile) == replace(profile, sessions=tuple(sorted(profile.sessions)))


def test_every_labelled_activity_is_packed_and_unpacked() -> None:
    assert [_again(side) for side in SIDES] == SIDES


def test_what_words_were_read_to_be_is_kept() -> None:
    for side in SIDES:
        kept, read = of(_again(side)), of(replace(side))
        for name in Content.__slots__:
            assert getattr(kept.content, name) == getattr(read.content, name), name
        assert (kept.minutes, kept.reach, kept.missing) == (read.minutes, read.reach, read.missing)


def test_what_other_lists_read_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(SIDES[0])
    packed["read"][0] = ["something else"]
    assert of(unpack(packed, groups())).content.titles == {"something else"}
    monkeypatch.setattr(keys, "stamp", lambda: "other")
    assert of(unpack(packed, groups())).content.titles == of(SIDES[0]).content.titles


def test_sessions_may_be_left_out_and_are_known_in_minutes() -> None:
    short = unpack(pack(SIDES[0]), groups(), sessions=False)
    assert (short.sessions, of(short)) == ((), of(SIDES[0]))


def test_an_audience_that_is_not_known_any_more_is_known_by_its_code() -> None:
    packed = pack(replace(SIDES[0], groups=(Group("gone", "Zudušie"),)))
    assert unpack(packed, groups()).groups == (Group("gone"),)


def test_sessions_at_equal_distances_are_one_run() -> None:
    weekly = [(day * 1440 + 600, day * 1440 + 690) for day in range(0, 70, 7)]
    assert runs(weekly) == [[600, 90, 10080, 10]]
    uneven = [*weekly, (80 * 1440, 80 * 1440 + 90), (80 * 1440, 80 * 1440 + 100)]
    assert list(unrolled(runs(uneven))) == uneven
