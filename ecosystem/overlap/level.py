"""Which level an activity is of: A1 to C2, beginners to advanced, part 1, 2 … Two that say different ones are different things."""

import re
from functools import lru_cache

from ecosystem.text import fold

_CEFR = re.compile(r"\b([abc])\s?([12])(?:[.,]\d|\+)?\b")
_STEPS = "dala|limen\\w*|modul\\w*|kurss|gads|pakape|nodarbiba|lekcija|seminars|posms|part|level|module|lesson|часть|уровень|модуль"
# Of those that count how far one has come, the second and later are no longer for beginners.
_FURTHER = re.compile(r"\b([2-9])\s?\.?\s?(?:limen|pakap|kurs[su]\b)|\b(?:level|уровень)\s?([2-9])\b")
# What one has done before is no level of what comes (*tiem, kas pabeiguši pamatkursu*).
_DONE = re.compile(r"(?<=\bpabeigu)\w+ \w+")
# A driver's licence.
_CATEGORY = re.compile(r"\b([a-e])1?\s?[.,]?\s?kategor")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_ORDINAL = {
    "pirm": 1,
    "otr": 2,
    "tres": 3,
    "ceturt": 4,
    "first": 1,
    "second": 2,
    "third": 3,
    "one": 1,
    "two": 2,
    "three": 3,
    "перв": 1,
    "втор": 2,
    "трет": 3,
}
_NUMBER = rf"(?:(?P<digit>\d{{1,2}})|(?P<roman>i{{1,3}}|iv|v)|(?P<word>{'|'.join(_ORDINAL)})\w*)"
_BEFORE = re.compile(rf"\b{_NUMBER}\s?[.\-)]?\s?(?:{_STEPS})\b")
_AFTER = re.compile(rf"\b(?:{_STEPS})\s?[.:\-]?\s?{_NUMBER}\b")
# "Keramika II": a Roman number wherever it stands. "Excel 2", "Keramika I": alone at the end or before a break; no year.
_ROMAN_ALONE = re.compile(r"\b(?P<roman>ii|iii|iv)\b")
_LAST = re.compile(r"\w[ \-](?:(?P<digit>[1-9])|(?P<roman>i|v))\s*(?=[;:,(–—]|$)")
# The first marks that are found decide; those of one rung are parts of folded words.
_RUNGS = (
    (
        0,
        (
            r"iesacej",
            r"bez\s(?:ieprieks\w+\s)?(?:zinas|prieksz)",
            r"no nulles",
            r"pamat(?:i|u|os|iem|kurs|limen)\b",
            r"pamat(?:kurs|limen)",
            r"\bievad",
            r"\babece",
            r"pirm\w+ sol",
            r"beginner",
            r"\bbasic",
            r"from scratch",
            r"\bintro",
            r"starter",
            r"elementary",
            r"начинающ",
            r"основы",
            r"с нуля",
            r"новичк",
        ),
    ),
    (
        1,
        (
            r"\bturpin",
            r"pabeigu",
            r"(?<!bez )(?<!bez ieprieksejam )prieksz",
            r"videj\w* limen|^videj|limen\w* videj",
            r"vidusl",
            r"\bcontinu",
            r"intermediate",
            r"improver",
            r"продолжа",
            r"средн\w+ уров",
        ),
    ),
    (
        2,
        (
            r"padzil",
            r"pieredzej",
            r"\bprofesional(?:iem|is|u lim)",
            r"\baugst\w+ limen|augstak\w+ limen",
            r"advanced",
            r"proficien",
            r"lietprat",
            r"turniru? spel|sacensib\w* grup",
            r"zinataj",
            r"продвинут",
            r"опытн",
        ),
    ),
)
_MARKS = tuple((rung, re.compile("|".join(marks))) for rung, marks in _RUNGS)

Levels = frozenset[tuple[str, int]]


@lru_cache(maxsize=65536)
def said(text: str) -> Levels:
    """The levels that a text names, each on its own ladder: ``cefr``, ``rung`` (beginners 0, going on 1, advanced 2), ``part``,
    ``category`` (of a driver's licence)."""
    folded = _DONE.sub("", fold(text))
    found = {("cefr", "abc".index(letter) * 2 + int(digit)) for letter, digit in _CEFR.findall(folded)}
    for pattern in (_BEFORE, _AFTER, _ROMAN_ALONE, _LAST):
        found |= {("part", _number(match)) for match in pattern.finditer(folded)}
    found |= {("rung", rung) for rung, marks in _MARKS if marks.search(folded)}
    found |= {("category", "abcde".index(letter)) for letter in _CATEGORY.findall(folded)}
    if _FURTHER.search(folded):
        found |= {("rung", 1), ("rung", 2)}
    return frozenset(found)


def _number(match: re.Match[str]) -> int:
    parts = match.groupdict()
    if parts.get("digit"):
        return int(parts["digit"])
    return _ROMAN[parts["roman"]] if parts.get("roman") else _ORDINAL[parts["word"]]


@lru_cache(maxsize=65536)
def differ(first: Levels, second: Levels) -> bool:
    """Whether two activities name different levels on a ladder that both use; A1 is for beginners, B2 is not. Symmetric."""
    if not first or not second:
        return False
    one, other = _with_rungs(first), _with_rungs(second)
    for ladder in ("cefr", "rung", "part", "category"):
        mine = {step for name, step in one if name == ladder}
        theirs = {step for name, step in other if name == ladder}
        if mine and theirs:
            if not mine & theirs:
                return True
            if ladder == "cefr":
                return False  # Where both name a level of the common ladder, it alone decides.
    return False


def _with_rungs(levels: Levels) -> set[tuple[str, int]]:
    """A CEFR level says a rung too, where no rung is said: A1 beginners, A2 and B1 going on, from B2 advanced."""
    if any(name == "rung" for name, _step in levels):
        return set(levels)
    return set(levels) | {
        ("rung", 0 if step == 1 else 1 if step <= 3 else 2) for name, step in levels if name == "cefr"
    }
