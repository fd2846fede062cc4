"""The same words that do not mean the same thing: names of a series, a word with two senses, levels told in other ways."""

import pytest

from ecosystem.overlap import level, thing
from ecosystem.overlap.prepared import of
from tests.overlap.test_questions import activity


def likeness(one: dict[str, str], other: dict[str, str]) -> int:
    """How alike two are, per cent; the same either way round."""
    mine, theirs = of(activity("a", **one)), of(activity("b", **other))
    found = thing.compare(mine, theirs)
    assert found == thing.compare(theirs, mine)
    return round(found.likeness * 100)


def titles(one: str, other: str, topic: str = "health") -> int:
    return likeness({"lv": one, "topic": topic}, {"lv": other, "topic": topic})


@pytest.mark.parametrize("between", [": ", " – ", " - "])
def test_two_of_one_series_are_compared_by_what_is_their_own(between: str) -> None:
    assert titles(f"Drošības diena{between}pirmā palīdzība", f"Drošības diena{between}ugunsdzēsēji") == 50
    assert titles(f"Meistardarbnīca{between}keramika", f"MEISTARDARBNĪCA{between}māla podi", "crafts") >= 80
    # A level or a group alone is nothing of its own.
    assert titles(f"Angļu valoda{between}A1", f"Angļu valoda{between}A1", "languages") == 100
    assert titles(f"Keramika{between}otrdienās", f"Keramika{between}ceturtdienās", "crafts") >= 80
    # Another series, or one that says no more than its name, is compared as a whole.
    assert titles(f"Keramika{between}krūzes", "Keramika", "crafts") >= 60


def test_a_word_of_two_topics_is_of_two_senses_where_each_summary_tells_its_own() -> None:
    speech = {"lv": "Tava balss", "topic": "media", "about": "Podkāstu ierakstīšana."}
    vote = {"lv": "Mana balss", "topic": "citizenship", "about": "Saruna par vēlēšanām."}
    assert likeness(speech, vote) == 75
    # In one topic, or where one tells nothing, a title is what it says.
    assert likeness(speech, {**vote, "topic": "media"}) == 100
    assert likeness(speech, {"lv": "Mana balss", "topic": "citizenship"}) == 100
    # What both tell beside other things is one sense.
    walks = {"lv": "Nūjošana", "topic": "sport", "about": "Nūjošana un pārgājieni gar upi."}
    assert likeness(walks, {"lv": "Nūjošanas grupa", "topic": "health", "about": "Vingrošana, nūjošana."}) >= 80


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Pašaizsardzība: 2. līmenis", "Pašaizsardzība iesācējiem", True),
        ("Pašaizsardzība: 2. līmenis", "Pašaizsardzība turpinātājiem", False),
        ("Pašaizsardzība: 2. līmenis", "Pašaizsardzība pieredzējušiem", False),
        ("Pašaizsardzība: 1. līmenis", "Pašaizsardzība iesācējiem", False),
        ("Badmintons turnīru spēlētājiem", "Badmintons iesācējiem", True),
        ("Keramika tiem, kas pabeiguši pamatkursu", "Keramika iesācējiem", True),
        ("Autovadītāju teorija: B kategorija", "Autovadītāju teorija: C kategorija", True),
        ("Autovadītāju teorija: B kategorija", "B1 kategorijas teorija", False),
    ],
)
def test_levels_said_in_other_ways(one: str, other: str, differ: bool) -> None:
    assert level.differ(level.said(one), level.said(other)) is differ
    assert level.differ(level.said(other), level.said(one)) is differ
