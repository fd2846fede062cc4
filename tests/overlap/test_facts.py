"""What a decision rests on: the facts, not the words in which they are said."""

from dataclasses import replace

import pytest

from ecosystem.overlap import facts
from ecosystem.overlap.judge import judge
from tests.overlap.test_judge import ELEJA, SESAVA, WORLD, found
from tests.overlap.test_questions import activity

FACTS = facts.of(found(SESAVA, ELEJA))


def test_what_the_facts_of_a_pair_are() -> None:
    assert FACTS == (
        ("duplicate",),
        ("seniors", " 60+"),
        ("neighbours", "0540274", "0540248", 8),
        (4, (1,), 0),
        (True, "Viedtālruņa lietošana senioriem", "Iepazīsti savu telefonu!"),
    )


def test_other_names_of_the_audience_and_the_parish_are_the_same_facts() -> None:
    one, other = activity("a", **SESAVA), activity("b", **ELEJA)
    renamed = [
        replace(
            each,
            parish_name="Cits nosaukums",
            groups=tuple(replace(group, name="Vecākā paaudze", for_lv="Vecākajai paaudzei") for group in each.groups),
        )
        for each in (one, other)
    ]
    before, after = judge(one, other, world=WORLD), judge(*renamed, world=WORLD)
    assert before and after
    assert (facts.of(after), facts.of(before)) == (FACTS, FACTS)
    assert [reason.lv for reason in after.reasons][:2] == [
        "Abas paredzētas vecākajai paaudzei 60+.",
        "Kaimiņu pagastos: Cits nosaukums un Cits nosaukums, attālums 8\u00a0km.",
    ]


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        (0, {"lv": "Dārza svētki", "topic": "gardening", "when": SESAVA["when"]}),
        (1, {"ages": "65-"}),
        (2, {"at": "Sesava"}),
        (3, {"when": "2027-02-01 14:00-16:00 x3"}),
        (3, {"when": SESAVA["when"]}),
        (4, {"lv": "Mans telefons"}),
    ],
)
def test_each_answer_is_a_fact_of_its_own(place: int, changed: dict[str, str]) -> None:
    assert facts.of(found(SESAVA, {**ELEJA, **changed}))[place] != FACTS[place]
