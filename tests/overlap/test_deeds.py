"""A deed said with another word for it, or with a verb, is the same deed."""

import pytest

from ecosystem.overlap.words import read


def named(title: str, topic: str) -> list[str]:
    return [notion.key for notion in read(title, topic).notions if notion.is_specific]


@pytest.mark.parametrize(
    ("title", "topic", "thing"),
    [
        ("Velosipēdu labošana", "trades", "bicycle repair"),
        ("Remontē savu velosipēdu", "trades", "bicycle repair"),
        ("Salabo savu riteni!", "trades", "bicycle repair"),
        ("Meklējam darbu kopā", "work", "finding work"),
        ("Kā atrast darbu pēc pārtraukuma", "work", "finding work"),
        ("Uzraksti savu CV", "work", "writing a CV"),
        ("Nopinam grozu", "crafts", "basket weaving"),
        ("Izrotājam olas", "crafts", "Easter eggs"),
    ],
)
def test_a_deed_in_other_words_names_the_thing(title: str, topic: str, thing: str) -> None:
    assert named(title, topic) == [thing]


def test_what_a_deed_is_done_to_must_be_listed_with_it() -> None:
    # *Kopā* is cut like *kopt*.
    assert named("Meklējam kopā", "work") == []
    assert named("Vainagu darināšana no dabas materiāliem", "crafts") == ["wreaths"]
    assert named("Vainagu izveide", "garden") == ["pruning"]
