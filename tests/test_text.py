"""When two Latvian spellings are the same words, and how far it is from here to there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.geo import Point, distance_km
from ecosystem.text import clean, fold, sort_key, stem, words

ELEJA = Point(56.4159, 23.6833)
OZOLNIEKI = Point(56.6897, 23.7761)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Mūžizglītība", "muzizglitiba"),
        ("NŪJOŠANA", "nujosana"),
        ("Ķekavā, Ļoti ŅIPRI", "kekava, loti nipri"),
        ("muzizglitiba", "muzizglitiba"),
        ("Straße, Łódź", "strasse, lodz"),
        ("ūdens", "udens"),  # the long vowel as two characters
        ("", ""),
    ],
)
def test_fold_takes_case_and_diacritics_away(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "forms",
    [
        ("kursi", "kursiem", "kursus", "kursos", "kurss"),
        ("nūjošana", "nūjošanas", "nūjošanai", "nūjošanu"),
        ("mūžizglītība", "mūžizglītības", "mūžizglītībā"),
        ("jaunietis", "jaunieši", "jauniešiem", "jauniešu"),
        ("māte", "mātes", "māšu"),
        ("seniors", "senioriem", "senioru"),
        ("bērns", "bērniem", "bērnu"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(fold(form)) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("kur", "kurss"), ("viesis", "vieta"), ("māte", "māja"), ("jauns", "jaunietis")]
)
def test_different_words_have_different_stems(one: str, other: str) -> None:
    assert stem(fold(one)) != stem(fold(other))


def test_words_are_folded_and_in_order() -> None:
    assert words("Adīšana un tamborēšana: 3. grupa, 50+") == ["adisana", "un", "tamboresana", "3", "grupa", "50"]
    assert words("jauniešu_centrs, «Svēte»!") == ["jauniesu", "centrs", "svete"]


@given(st.text())
def test_fold_is_done_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text())
def test_words_hold_no_space_nor_capitals(text: str) -> None:
    assert all(word and not any(c.isspace() for c in word) and word == fold(word) for word in words(text))


def test_sort_key_follows_the_latvian_alphabet() -> None:
    names = ["Zaļenieki", "Šķibe", "Svēte", "Sesava", "Ānes", "Ane", "Līvbērze", "Lielplatone", "Ķīši", "Kalnciems"]
    assert sorted(names, key=sort_key) == [
        *("Ane", "Ānes", "Kalnciems", "Ķīši", "Lielplatone", "Līvbērze", "Sesava", "Svēte", "Šķibe", "Zaļenieki")
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna\t\n Marija ", "Anna Marija"),
        ("An\u0000na", "An na"),
        ("An\u200bna\u202e", "Anna"),
        ("Anna\u00a0Marija", "Anna Marija"),
        ("Žaklīna D'Arka-Ozola", "Žaklīna D'Arka-Ozola"),
    ],
)
def test_clean_leaves_one_visible_line(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text())
def test_clean_is_one_line_and_done_once(text: str) -> None:
    kept = clean(text)
    assert kept == clean(kept) == kept.strip()
    assert "\n" not in kept
    assert "\x00" not in kept


# Computed apart, by the spherical law of cosines on the same radius.
def test_distance_is_the_great_circle() -> None:
    assert distance_km(ELEJA, OZOLNIEKI) == pytest.approx(30.97, abs=0.01)
    assert distance_km(Point(0, 0), Point(0, 180)) == pytest.approx(20015.1, abs=0.1)
    assert distance_km(Point(56, 23), Point(57, 23)) == pytest.approx(111.195, abs=0.001)


degrees = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@given(degrees, degrees)
def test_distance_is_the_same_both_ways(a: Point, b: Point) -> None:
    assert distance_km(a, b) == pytest.approx(distance_km(b, a), abs=1e-6)
    assert 0 <= distance_km(a, b) <= 20016


@given(degrees)
def test_distance_to_itself_is_none(a: Point) -> None:
    assert distance_km(a, a) == 0
