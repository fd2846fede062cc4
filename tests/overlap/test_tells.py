"""What is told of without being named."""

import csv
from typing import Any

import pytest

from ecosystem.overlap import keys, lexicon, tells, thing
from ecosystem.overlap.prepared import of
from ecosystem.overlap.stems import root_of
from tests.overlap.test_questions import activity
from tests.overlap.test_words import likeness


def told(*about: str, topic: str, title: str = "", **more: Any) -> list[str]:
    """The things that summaries tell of."""
    return [one.key for one in tells.guess((title,), about, (), topic, **more)]


def test_the_list_is_whole() -> None:
    known = lexicon.concepts()
    with (lexicon.DATA / "tells.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["concept"] for row in rows if row["concept"] not in known] == []
    assert [row["concept"] for row in rows if known[row["concept"]].topic != row["topic"]] == []
    assert len({row["concept"] for row in rows}) == len(rows)
    assert [row["concept"] for row in rows if not known[row["concept"]].is_specific] == []
    # A word of the frame fits any activity.
    assert [word for row in rows for word in row["words"].split(";") if root_of(word.lower()) in lexicon.frame()] == []


@pytest.mark.parametrize(
    ("title", "about", "topic", "expected"),
    [
        ("", "Klaipi uz kļavlapām un abra kaktā", "cooking", ["bread"]),
        # The title tells too.
        ("Pilna abra", "Kā klaipam rodas garoza", "cooking", ["bread"]),
        # Forms of a word are one word, and one word is too few.
        ("", "Abra, abras, abrai", "cooking", []),
        ("", "Klaips bez garozas", "cooking", []),
        # What is told of alike; of badminton nearly as much is told, and that would be too many. Of tennis a kind is here.
        ("", "Rūgšana un ķimenes", "cooking", ["bread", "fermenting"]),
        (
            "",
            "Rakete, bumbiņa un dubultspēle",
            "sport",
            ["beach tennis", "padel and squash", "pickleball", "table tennis"],
        ),
        ("", "Lotoss, kobra un šavasana", "health", ["yoga"]),
        ("", "Nekas no tā", "health", []),
    ],
)
def test_different_words_tell_of_a_thing(title: str, about: str, topic: str, expected: list[str]) -> None:
    assert told(about, topic=topic, title=title) == expected


def test_against_what_a_title_names_more_is_needed() -> None:
    little, much = "Kobra un lokanība", "Kobra, lokanība un šavasana uz paklājiņa"
    assert told(little, topic="health") == ["yoga"]
    assert told(little, topic="health", against=["soups"]) == ["yoga"]
    assert told(little, topic="health", against=["soups"], literal=True) == []
    # What is named is of the activity's own topic.
    assert told(little, topic="health", against=["massage"]) == []
    assert told(much, topic="health", against=["massage"]) == ["yoga"]
    assert told(much, topic="health", against=["massage"], literal=True) == []
    # In an activity of another topic it is no figure of speech; nor where what is named is told of too.
    assert told(much, topic="sport") == ["yoga"]
    assert told(much, topic="sport", against=["soups"]) == []
    assert told(much, topic="health", against=["pilates"]) == []


def test_a_phrase_that_names_a_thing_tells_of_no_other() -> None:
    words = tells.spoken("Labākās galda spēles")
    assert [tells._named(words, at) for at in range(len(words))] == [0, 2, 0]
    assert tells.scores(("Labākās galda spēles",), (), "play") == {}


def test_a_catchy_title_is_read_by_what_its_summary_tells_of() -> None:
    about = "Klaipi uz kļavlapām un pilna abra."
    assert likeness("Maizes cepšana", "Smaržīgs rīts", "cooking", about=about) == 100
    assert likeness("Maizes cepšana", "Smaržīgs rīts", "cooking") == 0
    assert likeness("Dārzeņu raudzēšana", "Smaržīgs rīts", "cooking", about=about) == 0
    assert of(activity(lv="Smaržīgs rīts", topic="cooking", about=about)).content.told == {"bread"}


def test_a_title_that_names_a_thing_of_another_topic_is_a_figure_of_speech() -> None:
    figure, about = "Zelta monētas no krāsns", "Klaipi uz kļavlapām, garoza un pilna abra."
    assert likeness("Maizes cepšana", figure, "cooking", about=about) == 85
    # As it is, and where it names a thing of its own topic.
    assert likeness("Maizes cepšana", figure, "cooking") == 0
    assert likeness("Maizes cepšana", "Zivju zupa", "cooking", about=about) == 0


def test_words_that_no_list_knows_are_looked_for_in_the_summary_of_a_title_that_names_nothing() -> None:
    name, about = "Zgrubla un brunkšķi", "Tik zgrublas, cik brunkšķu, un vēl mazliet."
    assert likeness(name, "Jauna pieredze", about=about) == 65
    assert likeness(name, "Jauna pieredze", about="Tikai zgrublas.") == 0
    assert likeness(name, "Zivju zupa", about=about) == 0
    # One word alone tells only where nothing known is told.
    assert likeness("Zgrublas", "Jauna pieredze", about=about) == 65
    assert likeness("Zgrublas", "Jauna pieredze", about=f"{about} Kaligrāfija.") == 0


def test_a_long_summary_has_few_numbers() -> None:
    words = [
        f"{first}{middle}{last}" for first in "bdgklmnprst" for middle in "aeiou" for last in ("bors", "mtiks", "zguls")
    ]
    numbers = of(activity(lv="Jauna pieredze", about=" ".join(words))).content.keys.all
    assert len(words) > 150
    assert len(numbers) < keys.MOST / 3


@pytest.mark.parametrize(
    ("about", "topic", "alike"),
    [
        # The title names another thing, of which the summary tells nothing.
        ("Izspēlējam darba intervijas.", "work", 0.65),
        ("Izspēlējam darba intervijas un rakstām CV.", "work", 0.0),
        ("Pirmais iespaids un darba intervijas.", "work", 0.0),
        # Filed elsewhere, it may be what it says.
        ("Izspēlējam darba intervijas.", "wellbeing", 0.0),
        ("", "work", 0.0),
    ],
)
def test_a_figure_of_speech_is_what_its_summary_tells_of_alone(about: str, topic: str, alike: float) -> None:
    official = activity(lv="Gatavošanās darba pārrunām", topic="work")
    catchy = activity("b", lv="Pirmais iespaids", topic=topic, about=about)
    assert thing.compare(of(official), of(catchy)).likeness == alike
    assert thing.compare(of(catchy), of(official)).likeness == alike
