"""Which level an activity is of: A1 to C2, beginners to advanced, part 1, 2 … Two that say different ones are different things."""

import re
from functools import lru_cache

from ecosystem.text import fold

_CEFR = re.compile(r"\b([abc])\s?([12])\b")
_PART = re.compile(
    r"\b(\d{1,2})\s?\.?\s?(?:dala|daļa|limenis|modulis|kurss|gads|pakape|part|level)\b"
    r"|\b(?:part|level|dala|limenis|modulis)\s(\d{1,2})\b|\b(i{1,3}|iv|v)\s?\.?\s?(?:dala|limenis|pakape|part)\b"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_RUNGS = (
    (
        0,
        (
            "iesacej",
            "bez prieksz",
            "no nulles",
            "pamati",
            "pamatkurs",
            "ievads",
            "ievadkurs",
            "beginner",
            "basics",
            "начинающ",
            "основы",
        ),
    ),
    (1, ("turpina", "ar prieksz", "videj", "continu", "intermediate", "improver", "продолжающ")),
    (2, ("padzil", "pieredz", "profesional", "advanced", "lietprat", "продвинут")),
)


@lru_cache(maxsize=65536)
def said(text: str) -> frozenset[tuple[str, int]]:
    """The levels that a text names, each on its own ladder: ``cefr``, ``rung`` (beginners 0, going on 1, advanced 2), ``part``."""
    folded = fold(text)
    found = {("cefr", "abc".index(letter) * 2 + int(digit)) for letter, digit in _CEFR.findall(folded)}
    for first, second, roman in _PART.findall(folded):
        found.add(("part", _ROMAN[roman] if roman else int(first or second)))
    found |= {("rung", rung) for rung, marks in _RUNGS for mark in marks if mark in folded}
    return frozenset(found)


def differ(first: frozenset[tuple[str, int]], second: frozenset[tuple[str, int]]) -> bool:
    """Whether two activities name different levels on a ladder that both use; A1 is for beginners, B2 is not."""
    one, other = _with_rungs(first), _with_rungs(second)
    for ladder in ("cefr", "rung", "part"):
        mine = {step for name, step in one if name == ladder}
        theirs = {step for name, step in other if name == ladder}
        if mine and theirs and not mine & theirs:
            return True
    return False


def _with_rungs(levels: frozenset[tuple[str, int]]) -> set[tuple[str, int]]:
    """A CEFR level says a rung too, where no rung is said: A1 beginners, A2 and B1 going on, from B2 advanced."""
    if any(name == "rung" for name, _step in levels):
        return set(levels)
    return set(levels) | {
        ("rung", 0 if step == 1 else 1 if step <= 3 else 2) for name, step in levels if name == "cefr"
    }
