"""What is told of without being named."""

import csv

import pytest

from ecosystem.overlap import keys, lexicon, tells
from ecosystem.overlap.prepared import of
from ecosystem.overlap.stems import root_of
from tests.overlap.test_questions import activity
from tests.overlap.test_words import likeness


def told(*texts: str, topic: str, sure: bool = False) -> str:
    """The thing that texts tell of."""
    found = tells.guess(texts, (), topic, sure=sure)
    return found.key if found else ""


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
    ("texts", "topic", "expected"),
    [
        (["Klaipi uz kļavlapām un abra kaktā"], "cooking", "bread"),
        # The title tells too, and forms of a word are one word.
        (["Pilna abra", "Kā klaipam rodas garoza"], "cooking", "bread"),
        (["Abra, abras, abriņa"], "cooking", ""),
        (["Klaips"], "cooking", ""),
        # What tells of two things as much tells of neither; what is not there tells nothing.
        (["Rūgšana un ķimenes"], "cooking", ""),
        (["Klaips bez garozas"], "cooking", ""),
        (["Lotoss, kobra un šavasana"], "health", "yoga"),
        (["Nekas no tā"], "health", ""),
    ],
)
def test_different_words_tell_of_a_thing(texts: list[str], topic: str, expected: str) -> None:
    assert told(*texts, topic=topic) == expected


def test_things_of_the_own_topic_come_first() -> None:
    assert told("Lotoss, kobra un šavasana", topic="cooking", sure=True) == ""
    assert told("Lotoss, kobra un šavasana", topic="health", sure=True) == "yoga"


def test_a_phrase_that_names_a_thing_tells_of_no_other() -> None:
    words = tells.spoken("Labākās galda spēles")
    assert [tells._named(words, at) for at in range(len(words))] == [0, 2, 0]


def test_a_catchy_title_is_read_by_what_its_summary_tells_of() -> None:
    about = "Klaipi uz kļavlapām un pilna abra."
    assert likeness("Maizes cepšana", "Smaržīgs rīts", "cooking", about=about) == 100
    assert likeness("Maizes cepšana", "Smaržīgs rīts", "cooking") == 0
    assert likeness("Dārzeņu raudzēšana", "Smaržīgs rīts", "cooking", about=about) == 0


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
