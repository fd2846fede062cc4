"""Two kinds of one thing: each title says a part of its own, or another deed that is done to it."""

import pytest

from tests.overlap.test_senses import likeness, titles

LANDSCAPE, CLOUDS = "Fotostunda: ainava", "Fotogrāfija: mākoņi"


@pytest.mark.parametrize(
    ("one", "other", "topic"),
    [
        (LANDSCAPE, CLOUDS, "media"),
        ("Keramika – krūzes", "Māla darbnīca – putnu dzirdinātavas", "crafts"),
        # Both parts are listed as the thing itself, or only one of them.
        ("Vecāku skola: robežas", "Vecāku klubs: bērna miegs", "family"),
        ("Adīšana: zeķes", "Adīšana: šalle", "crafts"),
    ],
)
def test_each_says_a_part_of_its_own_after_one_thing(one: str, other: str, topic: str) -> None:
    assert titles(one, other, topic) == 50


@pytest.mark.parametrize(
    ("one", "other", "topic", "alike"),
    [
        # A wide title meets its part.
        (LANDSCAPE, "Fotogrāfija", "media", 87),
        ("Keramika – krūzes", "Māla krūze", "crafts", 87),
        ("Keramika – krūzes", "Māla darbnīca – krūzes", "crafts", 100),
        # For whom, what is left out, a question, what we do: no parts.
        (LANDSCAPE, "Fotogrāfija: kaimiņiem", "media", 80),
        (LANDSCAPE, "Fotogrāfija: bez blica", "media", 87),
        ("Vecāku skola: robežas", "Vecāku klubs: kad bērns neklausa", "family", 100),
        (LANDSCAPE, "Fotogrāfija: iepozēsim", "media", 80),
    ],
)
def test_what_is_no_part_of_its_own_makes_no_other_kind(one: str, other: str, topic: str, alike: int) -> None:
    assert titles(one, other, topic) == alike


def test_a_part_that_the_other_tells_in_its_summary_is_not_its_own() -> None:
    one = {"lv": LANDSCAPE, "topic": "media"}
    other = {"lv": CLOUDS, "topic": "media"}
    assert likeness(one, {**other, "about": "Fotoaparāts un gaisma."}) == 50
    assert likeness(one, {**other, "about": "Lauku ainavas un debesis."}) == 80


def test_titles_in_two_languages_that_say_one_part_once_are_one() -> None:
    one = {"lv": LANDSCAPE, "en": "Photography: landscape", "topic": "media"}
    assert likeness(one, {"lv": CLOUDS, "en": "Photography: clouds", "topic": "media"}) == 50
    assert likeness(one, {"lv": "Fotogrāfija: ainavas", "en": "Photography: landscapes", "topic": "media"}) >= 80


def test_what_it_is_done_with_or_on_is_a_part_said_by_the_same_word() -> None:
    assert titles("Zīmēšana ar ogli", "Zīmēšana ar krītiņiem", "arts") == 50
    assert titles("Zīmēšana ar ogli", "Zīmēšana ar oglēm pa jaunam", "arts") >= 80
    # A tool and where it is done are no two kinds.
    assert titles("Zīmēšana ar ogli", "Zīmēšana uz krītpapīra", "arts") == 61
    # A technique in the locative is what it is done with, a place is not.
    assert titles("Izšūšana krustdūrienā", "Izšūšana ar dzīpariem", "crafts") == 50
    assert titles("Izšūšana Bauskā", "Izšūšana ar dzīpariem", "crafts") == 80


@pytest.mark.parametrize(
    ("one", "other", "topic"),
    [
        ("Krāšņu tīrīšana", "Krāšņu pārbūvēšana", "trades"),
        ("Sēņu lasīšana", "Sēņu kaltēšana", "nature"),
        ("Rudens medus izsviešana", "Kā sākt: medus kausēšana", "garden"),
    ],
)
def test_two_deeds_done_to_one_thing_are_two(one: str, other: str, topic: str) -> None:
    assert titles(one, other, topic) == 50


@pytest.mark.parametrize(
    ("one", "other", "topic", "alike"),
    [
        # One deed in other words, alike or listed; both listed with the thing.
        ("Rožu griešana", "Rožu apgriešana", "garden", 100),
        ("Krāšņu atjaunošana", "Krāšņu restaurēšana", "trades", 85),
        ("Dzīvžogu cirpšana", "Dzīvžogu griešana", "garden", 85),
        ("Olu marmorēšana", "Olu vaskošana", "crafts", 100),
        # One of several, what is done to anything, no deed.
        ("Rožu potēšana un rožu piesegšana", "Rožu piesegšana", "garden", 80),
        ("Rožu potēšana", "Rožu audzēšana", "garden", 67),
        ("Krāšņu tīrīšana", "Krāšņu ierīkošana", "trades", 85),
        ("Krāšņu tīrīšana", "Krāsnis", "trades", 87),
    ],
)
def test_one_deed_in_other_words_is_one(one: str, other: str, topic: str, alike: int) -> None:
    assert titles(one, other, topic) == alike


def test_two_of_one_series_that_have_half_in_common_are_two() -> None:
    assert titles("Fotogrāfija: kino un dzeja", "Fotogrāfija: teātris un dzeja", "arts") == 50
