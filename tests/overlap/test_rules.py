"""Rule sets: what they may be, and how they read."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest

from ecosystem.overlap import rules


def test_the_first_rule_set_is_whole_and_in_order() -> None:
    assert rules.check({}) == []
    assert rules.check(asdict(rules.DEFAULTS)) == []


@pytest.mark.parametrize(
    ("values", "name", "lv", "en"),
    [
        (
            {"near_miles": 5},
            "near_miles",
            "Tāda sliekšņa nav: «near_miles».",
            "There is no such threshold: “near_miles”.",
        ),
        ({"near_km": None}, "near_km", "Ierakstiet skaitli.", "Write a number."),
        ({"near_km": ""}, "near_km", "Ierakstiet skaitli.", "Write a number."),
        (
            {"near_km": "15"},
            "near_km",
            "Ierakstiet veselu skaitli, tikai ciparus.",
            "Write a whole number, digits only.",
        ),
        (
            {"near_km": 15.5},
            "near_km",
            "Ierakstiet veselu skaitli, tikai ciparus.",
            "Write a whole number, digits only.",
        ),
        (
            {"near_km": float("nan")},
            "near_km",
            "Ierakstiet veselu skaitli, tikai ciparus.",
            "Write a whole number, digits only.",
        ),
        (
            {"near_km": True},
            "near_km",
            "Ierakstiet veselu skaitli, tikai ciparus.",
            "Write a whole number, digits only.",
        ),
        ({"near_km": 0}, "near_km", "Skaitlim jābūt no 1 līdz 60.", "The number must be from 1 to 60."),
        (
            {"people_percent": 10**30},
            "people_percent",
            "Skaitlim jābūt no 20 līdz 100.",
            "The number must be from 20 to 100.",
        ),
        ({"version": 0}, "version", "Versija ir vesels skaitlis no 1.", "The version is a whole number from 1."),
        (
            {"in_force_from": "2027-01-01"},
            "in_force_from",
            "Norādiet dienu, no kuras noteikumi ir spēkā.",
            "Say from which day it holds.",
        ),
        (
            {"words_percent": 90},
            "words_percent",
            "Divi noteikumi ir pretrunā: «Saturs ir tas pats, ja tēma ir viena un nosaukumu vārdi ir līdzīgi vismaz par "
            "90\u00a0%» un «Dažādās tēmās vārdiem jābūt līdzīgiem vismaz par 80\u00a0%». Pirmais skaitlis nevar būt lielāks par otro.",
            "Two rules contradict each other: “The thing is the same when the topic is one and the words are alike by at least "
            "90\u00a0%” and “Across topics the words must be alike by at least 80\u00a0%”. The first number cannot exceed the second.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(values: dict[str, Any], name: str, lv: str, en: str) -> None:
    assert [(wrong.name, wrong.lv, wrong.en) for wrong in rules.check(values)] == [(name, lv, en)]


def test_everything_wrong_is_said_at_once_each_by_its_name() -> None:
    values = {"b": 1, "a": 1, "near_km": "x", "days_apart": -1}
    assert [wrong.name for wrong in rules.check(values)] == ["a", "b", "near_km", "days_apart"]


@pytest.mark.parametrize("lower,upper", rules.ORDER)
def test_every_pair_in_order_is_watched(lower: str, upper: str) -> None:
    least, most = rules.THRESHOLDS[upper].least, rules.THRESHOLDS[lower].most
    wrong = rules.check({upper: least, lower: most})
    assert lower in {one.name for one in wrong}


@pytest.mark.parametrize(
    ("name", "value", "lv", "en"),
    [
        ("days_apart", 21, "mazāk nekā 21\u00a0diena.", "fewer than 21\u00a0days lie between the two periods."),
        ("days_apart", 11, "mazāk nekā 11\u00a0dienas.", "fewer than 11\u00a0days lie between the two periods."),
        ("colliding_minutes", 45, "vismaz 45\u00a0minūtes.", "at least 45\u00a0minutes in all."),
        ("near_km", 15, "ne vairāk kā 15\u00a0km.", "within 15\u00a0km."),
    ],
)
def test_a_threshold_says_itself(name: str, value: int, lv: str, en: str) -> None:
    assert rules.say(name, value, "lv").endswith(lv)
    assert rules.say(name, value, "en").endswith(en)


def test_the_rules_in_words_leave_nothing_out() -> None:
    for language in ("lv", "en"):
        said = rules.in_words(rules.DEFAULTS, language)
        assert len(said) == len(rules.THRESHOLDS)
        assert all(sentence.endswith(".") and "%(" not in sentence for sentence in said)


def test_a_rule_set_is_in_force_from_a_day() -> None:
    assert rules.RuleSet(in_force_from=date(2027, 1, 1)).version == 1
