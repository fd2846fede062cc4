"""A rule set: the thresholds in plain words, a version, the day from which it is in force.

The three departments own it together. It is data: nothing in it is code, and what contradicts itself is refused in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold: its bounds, and what it says to people. ``%(value)s`` stands for the value; ``%(unit)s`` for its unit
    in Latvian, after a number that ends in 1 (not 11) and after any other."""

    least: int
    most: int
    lv: str
    en: str
    units: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Version 1 holds until the departments agree on another."""

    version: int = 1
    in_force_from: date = date(2026, 1, 1)
    # Per cent of the smaller audience that both must reach.
    people_percent: int = 75
    # Kilometres within which two places are one; for an audience that travels less; for neighbouring parishes.
    near_km: int = 15
    near_km_travels_less: int = 12
    near_km_neighbours: int = 18
    # Days between the periods, below which they are the same weeks.
    days_apart: int = 21
    # Minutes of sessions at the same hours from which they collide.
    colliding_minutes: int = 45
    # Per cent of an open door's times in the weeks in common that must collide: otherwise one comes on another day.
    drop_in_percent: int = 50
    # Likeness of the words, per cent: within one topic, and across topics.
    words_percent: int = 60
    words_percent_other_topic: int = 80
    # What is added to both for two activities of one department, and how far apart in days those may be.
    own_words_percent_more: int = 15
    own_days_apart: int = 7
    # How many times its share per 1 000 people an audience is offered in a month before it is crowded.
    crowding_times: int = 2
    crowding_least: int = 4


# What each threshold may be, and how it reads.
THRESHOLDS: dict[str, Threshold] = {
    "people_percent": Threshold(
        20,
        100,
        "Cilvēki ir tie paši, ja abas aktivitātes sasniedz vismaz %(value)s % no mazākās mērķgrupas.",
        "The people are the same when both reach at least %(value)s % of the smaller audience.",
    ),
    "near_km": Threshold(
        1,
        60,
        "Vieta ir tā pati, ja starp vietām ir ne vairāk kā %(value)s km.",
        "The place is the same within %(value)s km.",
    ),
    "near_km_travels_less": Threshold(
        1,
        60,
        "Bērniem, senioriem un cilvēkiem ar invaliditāti: ne vairāk kā %(value)s km.",
        "For children, seniors and people with disabilities: within %(value)s km.",
    ),
    "near_km_neighbours": Threshold(
        1,
        60,
        "Kaimiņu pagastos: ne vairāk kā %(value)s km.",
        "In neighbouring parishes: within %(value)s km.",
    ),
    "days_apart": Threshold(
        1,
        120,
        "Laiks ir tas pats, ja starp abu norises posmiem ir mazāk nekā %(value)s %(unit)s.",
        "The weeks are the same when fewer than %(value)s days lie between the two periods.",
        ("diena", "dienas"),
    ),
    "colliding_minutes": Threshold(
        5,
        600,
        "Nodarbības sakrīt, ja tās kopā pārklājas vismaz %(value)s %(unit)s.",
        "Sessions collide when they overlap by at least %(value)s minutes in all.",
        ("minūti", "minūtes"),
    ),
    "drop_in_percent": Threshold(
        1,
        100,
        "Kur nāk bez pieteikšanās, nodarbības sakrīt tikai tad, ja otra aizņem vismaz %(value)s % no reizēm tajās pašās "
        "nedēļās: citādi var atnākt citā dienā.",
        "Where people just come, sessions collide only when the other takes at least %(value)s % of the times in the same "
        "weeks: otherwise one comes on another day.",
    ),
    "words_percent": Threshold(
        30,
        100,
        "Saturs ir tas pats, ja tēma ir viena un nosaukumu vārdi ir līdzīgi vismaz par %(value)s %.",
        "The thing is the same when the topic is one and the words are alike by at least %(value)s %.",
    ),
    "words_percent_other_topic": Threshold(
        30,
        100,
        "Dažādās tēmās vārdiem jābūt līdzīgiem vismaz par %(value)s %.",
        "Across topics the words must be alike by at least %(value)s %.",
    ),
    "own_words_percent_more": Threshold(
        0,
        50,
        "Vienas nodaļas divām aktivitātēm vajadzīga par %(value)s %(unit)s lielāka līdzība.",
        "Two activities of one department must be alike by %(value)s points more.",
        ("procentpunktu", "procentpunktiem"),
    ),
    "own_days_apart": Threshold(
        0,
        120,
        "Vienas nodaļas divas aktivitātes salīdzina, ja starp to norises posmiem ir mazāk nekā %(value)s %(unit)s.",
        "Two activities of one department are compared when fewer than %(value)s days lie between their periods.",
        ("diena", "dienas"),
    ),
    "crowding_times": Threshold(
        1,
        10,
        "Mērķgrupai pagastā ir par daudz, ja mēnesī tai piedāvā vismaz %(value)s %(unit)s tik, cik pienākas pēc iedzīvotāju "
        "skaita, bet citai mērķgrupai nekā nav.",
        "An audience is crowded in a parish when in a month it is offered at least %(value)s times its share for the "
        "population, while another gets nothing.",
        ("reizi", "reizes"),
    ),
    "crowding_least": Threshold(
        2,
        50,
        "Par pārpilnību runā, sākot no %(value)s %(unit)s mēnesī.",
        "Crowding is spoken of from %(value)s activities a month.",
        ("aktivitātes", "aktivitātēm"),
    ),
}
# What must not exceed what.
ORDER = (
    ("near_km_travels_less", "near_km"),
    ("near_km", "near_km_neighbours"),
    ("words_percent", "words_percent_other_topic"),
    ("own_days_apart", "days_apart"),
)

# What a rule set says besides its thresholds.
ABOUT = frozenset(("version", "in_force_from"))


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a rule set cannot be: the threshold, and the sentence in both languages."""

    name: str
    lv: str
    en: str


def check(values: Mapping[str, Any]) -> list[Wrong]:
    """What is wrong with these thresholds: unknown, missing, not a whole number, out of range, or contradicting each other.

    A threshold that is not named stays as it is; one that is named and left empty is missing.
    """
    wrong = [_unknown(name) for name in sorted(map(str, values.keys() - THRESHOLDS.keys() - ABOUT))]
    known = {name: getattr(DEFAULTS, name) for name in THRESHOLDS}
    for name, bounds in THRESHOLDS.items():
        value = values.get(name, known[name])
        if value is None or value == "":
            wrong.append(Wrong(name, "Ierakstiet skaitli.", "Write a number."))
        elif isinstance(value, bool) or not isinstance(value, int):
            wrong.append(Wrong(name, "Ierakstiet veselu skaitli, tikai ciparus.", "Write a whole number, digits only."))
        elif not bounds.least <= value <= bounds.most:
            lv = f"Skaitlim jābūt no {bounds.least} līdz {bounds.most}."
            wrong.append(Wrong(name, lv, f"The number must be from {bounds.least} to {bounds.most}."))
        else:
            known[name] = value
    version = values.get("version", 1)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        wrong.append(Wrong("version", "Versija ir vesels skaitlis no 1.", "The version is a whole number from 1."))
    if type(values.get("in_force_from", DEFAULTS.in_force_from)) is not date:
        wrong.append(
            Wrong("in_force_from", "Norādiet dienu, no kuras noteikumi ir spēkā.", "Say from which day it holds.")
        )
    return wrong or _contradictions(known)


def _unknown(name: str) -> Wrong:
    said = name if len(name) <= 40 else f"{name[:40]}…"
    return Wrong(name, f"Tāda sliekšņa nav: «{said}».", f"There is no such threshold: “{said}”.")


def _contradictions(known: Mapping[str, int]) -> list[Wrong]:
    found = []
    for lower, upper in ORDER:
        if known[lower] > known[upper]:
            mine, theirs = (say(name, known[name], "lv").rstrip(".") for name in (lower, upper))
            lv = f"Divi noteikumi ir pretrunā: «{mine}» un «{theirs}». Pirmais skaitlis nevar būt lielāks par otro."
            mine, theirs = (say(name, known[name], "en").rstrip(".") for name in (lower, upper))
            en = f"Two rules contradict each other: “{mine}” and “{theirs}”. The first number cannot exceed the second."
            found.append(Wrong(lower, lv, en))
    return found


def say(name: str, value: int, language: str) -> str:
    """A threshold in plain words."""
    threshold = THRESHOLDS[name]
    unit = threshold.units[0 if value % 10 == 1 and value % 100 != 11 else 1]
    said = threshold.lv if language == "lv" else threshold.en
    if language != "lv" and value == 1:
        said = said.replace(" days lie", " day lies").replace(" minutes ", " minute ").replace(" points ", " point ")
    said = said.replace("%(value)s", str(value)).replace("%(unit)s", unit)
    return said.replace(f"{value} ", f"{value}\u00a0")


def in_words(rules: RuleSet, language: str) -> list[str]:
    """The whole rule set in plain words, in its order."""
    return [say(f.name, getattr(rules, f.name), language) for f in fields(rules) if f.name in THRESHOLDS]


def numbers(rules: RuleSet) -> dict[str, int]:
    """The thresholds by their names, in their order."""
    return {f.name: getattr(rules, f.name) for f in fields(rules) if f.name in THRESHOLDS}


def changed(before: RuleSet, after: RuleSet) -> list[str]:
    """The names of the thresholds that differ."""
    return [name for name, value in numbers(before).items() if getattr(after, name) != value]


DEFAULTS = RuleSet()
