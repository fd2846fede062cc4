"""What a title is about, as concepts: synonyms made one, the frame of words around the thing ("course", "for seniors") away.

Words are folded and, where they are Latvian, stemmed. ``data/concepts.csv`` says which words name one thing, in Latvian,
English and Russian, and which are general within a topic (*rokdarbi*, *cooking*). ``data/frame_words.txt`` are the words
that say how, for whom and when, never what. A word that no list knows stands for itself.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from ecosystem.overlap.people import DATA
from ecosystem.text import STOP_WORDS, fold, stem, words

GENERAL, UNKNOWN, SPECIFIC, FRAME = 0.35, 1.0, 1.0, 0.2
_CYRILLIC = re.compile("[а-яёіїєґ]")
_NUMBER = re.compile(r"^\d+$")
# Endings of English plurals and Russian cases are cut plainly: enough to meet the lists.
_RUSSIAN_STEM = 6
# Letters that may differ in a word of so many: a slip of the finger, not another word.
SLIPS = ((5, 1), (9, 2))
COMPOUND = 6


@dataclass(frozen=True, slots=True)
class Notion:
    """One thing named in a text: its key, how much it tells (1 specific, less when general)."""

    key: str
    weight: float
    is_known: bool


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """The form under which a folded word is looked up."""
    if _CYRILLIC.search(word):
        return word[:_RUSSIAN_STEM]
    return stem(word)


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], Notion]]]:
    """Known phrases by the root of their first word, the longest first."""
    found: dict[str, dict[tuple[str, ...], Notion]] = {}
    with (DATA / "concepts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            weight = GENERAL if row["kind"] == "general" else SPECIFIC
            notion = Notion(row["concept"], weight, True)
            for phrase in row["words"].split(";"):
                roots = tuple(root(word) for word in words(phrase))
                if roots:
                    found.setdefault(roots[0], {}).setdefault(roots, notion)
    return {first: sorted(known.items(), key=lambda pair: -len(pair[0])) for first, known in found.items()}


@cache
def _frame() -> frozenset[str]:
    text = (DATA / "frame_words.txt").read_text(encoding="utf-8")
    # Both as written and as a root: a root alone would take *darbnīca* and *darbs* for one, but also hide others.
    return frozenset(root(fold(word)) for word in text.split())


@lru_cache(maxsize=65536)
def notions(text: str) -> tuple[Notion, ...]:
    """What a text is about, each thing once, in its order; with nothing but frame words, those, weighing little."""
    found: dict[str, Notion] = {}
    frame: dict[str, Notion] = {}
    for notion in _read([root(word) for word in words(text)]):
        (found if notion.weight > FRAME else frame).setdefault(notion.key, notion)
    return tuple((found or frame).values())


def _read(roots: list[str]) -> Iterator[Notion]:
    at = 0
    phrases, frame = _phrases(), _frame()
    while at < len(roots):
        for phrase, notion in phrases.get(roots[at], ()):
            if tuple(roots[at : at + len(phrase)]) == phrase:
                yield notion
                at += len(phrase)
                break
        else:
            word = roots[at]
            if word in frame or word in STOP_WORDS or len(word) < 3 or _NUMBER.match(word):
                yield Notion(word, FRAME, False)
            else:
                yield _mistyped(word) or Notion(word, UNKNOWN, False)
            at += 1


@lru_cache(maxsize=65536)
def _mistyped(word: str) -> Notion | None:
    """The thing that a word names with a slip of the finger in it, or with something before it; None for an unknown word."""
    for phrase, notion in _single().items():
        if alike(word, phrase):
            return notion
    return None


@cache
def _single() -> dict[str, Notion]:
    """What one word names by itself."""
    return {phrase[0]: notion for known in _phrases().values() for phrase, notion in known if len(phrase) == 1}


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> bool:
    """Whether two words are one, mistyped, or one is the other with something before it (*viedtālrunis*, *tālrunis*)."""
    short, long = sorted((one, other), key=len)
    if len(short) >= COMPOUND and long.endswith(short):
        return True
    most = max((slips for letters, slips in SLIPS if len(short) >= letters), default=0)
    # The first letters are seldom mistyped, and often all that tells two words apart.
    return bool(most) and one[:2] == other[:2] and OSA.distance(one, other, score_cutoff=most) <= most
