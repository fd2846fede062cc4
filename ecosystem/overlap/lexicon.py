"""What the rules know of words: which name one thing, which are general, which never say what it is about.

``data/concepts.csv``: one thing a row, with its words in Latvian, English and Russian (phrases too), the topic in which it
stands, whether it is *specific* or *general* (*rokdarbi*, *gatavošana*: it tells little), the wider thing it is a kind of, and
how one says what it is about (*par* …). The key of a row is how English says it. A word may stand in two rows of different
topics (*potēšana* of trees, *potēšana* against the flu): the topic of the activity decides. A word with an @ names the thing in
an activity of its topic only (*sirds* in health).
``data/frame_words.txt``: words that say how, for whom and when.
``data/deeds.txt``: verbs and their nouns that say one deed, a line each: of a thing that is listed with one of them
(*velosipēdu remonts*) the others say it too (*salabo savu velosipēdu*).
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from ecosystem.overlap.stems import COMPOUND, TWICE, base, deed, is_before, mistyped, root, root_of
from ecosystem.text import STOP_WORDS

DATA = Path(__file__).parent / "data"
LANGUAGES = "languages"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that activities are about."""

    key: str
    topic: str
    is_specific: bool
    within: str
    about: str


_WORD = re.compile(r"[^\W_]+")

# Known phrases by their first root: the roots, and the concepts that they may name, each with the vowel lengths it is
# written with ("" where they do not matter).
Named = tuple[tuple[Concept, str], ...]
ONLY = "@"
Phrases = dict[str, tuple[tuple[tuple[str, ...], Named], ...]]
# In a word so short, only the length of a vowel tells one from another (*kāzas*, *kazas*; *sēras*, *sers*).
SHORT = 4
_LONG_VOWELS = frozenset("āēīūō")


@cache
def concepts() -> dict[str, Concept]:
    """All of them by key."""
    return {concept.key: concept for concept, _words in _rows()}


def _rows() -> Iterator[tuple[Concept, list[str]]]:
    with (DATA / "concepts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            concept = Concept(row["concept"], row["topic"], row["kind"] == "specific", row["within"], row["about"])
            yield concept, row["words"].split(";")


@cache
def phrases() -> Phrases:
    """Known phrases by the root of their first word, the longest first, each with the concepts it may name."""
    return gathered(_rows())


def gathered(rows: Iterable[tuple[Concept, Sequence[str]]]) -> Phrases:
    """The words and phrases of things by the root of their first word, the longest first."""
    found: dict[tuple[str, ...], dict[tuple[Concept, str], None]] = {}
    for concept, known in rows:
        for phrase in known:
            written = _WORD.findall(phrase.lower())
            roots = tuple(map(root_of, written))
            if roots:
                lengths = ONLY * phrase.startswith(ONLY) + " ".join(map(vowels, written, roots))
                found.setdefault(roots, {})[concept, lengths] = None
    by_first: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
    for roots, named in found.items():
        by_first.setdefault(roots[0], []).append((roots, tuple(named)))
    return {first: tuple(sorted(some, key=lambda pair: -len(pair[0]))) for first, some in by_first.items()}


def vowels(word: str, of: str) -> str:
    """Which vowels of a word's root are long."""
    return "".join("-" if letter in _LONG_VOWELS else "." for letter in word[: len(of)].lower())


def agree(listed: str, written: str) -> bool:
    """Whether no short word is written with other long vowels than the list has."""
    return not listed or all(
        one == other
        for one, other in zip(listed.removeprefix(ONLY).split(), written.split(), strict=False)
        if len(one) <= SHORT or len(other) <= SHORT
    )


@cache
def deeds() -> dict[frozenset[str], Named]:
    """Known phrases of a deed and its object (*olu krāsošana*), by their bases: said with a verb they stand the other way
    round (*krāsojam olas*)."""
    found: dict[frozenset[str], Named] = {}
    for some in phrases().values():
        for roots, named in some:
            if len(roots) == 2 and any(one.endswith("san") for one in roots):
                found.setdefault(frozenset(map(base, roots)), named)
    return found


@cache
def _deed_of() -> dict[str, int]:
    """The number of its deed by the root of each word that says one."""
    lines = (DATA / "deeds.txt").read_text(encoding="utf-8").splitlines()
    said = {root_of(word): number for number, line in enumerate(lines) for word in line.split()}
    # *Kopā* is cut like *kopt*.
    return {word: number for word, number in said.items() if len(word) >= SHORT or word not in frame()}


def is_one_deed(one: str, other: str) -> bool:
    """Whether two roots are words for one deed."""
    number = _deed_of().get(one)
    return number is not None and number == _deed_of().get(other)


@lru_cache(maxsize=65536)
def done(one: str, other: str) -> Named:
    """The things that two roots name, a deed and what it is done to, where they are listed with another word for the deed."""
    objects = _objects()
    for said, to in ((one, other), (other, one)):
        number = _deed_of().get(said)
        if number is not None and (named := objects.get((number, base(to)))):
            return named
    return ()


@cache
def _objects() -> dict[tuple[int, str], Named]:
    """Known phrases of a deed and what it is done to, by the number of the deed and the base of the other word."""
    found: dict[tuple[int, str], dict[tuple[Concept, str], None]] = {}
    for some in phrases().values():
        for roots, named in some:
            if len(roots) != 2:
                continue
            for said, to in (roots, roots[::-1]):
                number = _deed_of().get(said)
                if number is not None and to not in _deed_of():
                    # Vowels are not asked of: the words are others.
                    loose = {(concept, ONLY * lengths.startswith(ONLY)): None for concept, lengths in named}
                    found.setdefault((number, base(to)), {}).update(loose)
    return {key: tuple(named) for key, named in found.items()}


@cache
def frame() -> frozenset[str]:
    """The roots of the words that never say what it is about."""
    text = (DATA / "frame_words.txt").read_text(encoding="utf-8")
    return frozenset(root_of(word) for word in text.split()) | STOP_WORDS


def chosen(named: Named, topic: str, lengths: str = "") -> Concept | None:
    """Of the things that words may name, the one of the activity's topic, else the first.

    ``lengths`` are the long vowels as written, where the writer writes them: they choose among homonyms, and a short word
    written otherwise names none.
    """
    named = tuple(pair for pair in named if not pair[1].startswith(ONLY) or pair[0].topic == topic)
    if lengths:
        named = tuple(pair for pair in named if agree(pair[1], lengths))
        named = tuple(pair for pair in named if pair[1].removeprefix(ONLY) in ("", lengths)) or named
    of_topic = (concept for concept, _lengths in named if concept.topic == topic)
    return next(of_topic, named[0][0] if named else None)


@cache
def vocabulary() -> dict[str, tuple[str, ...]]:
    """The longer roots of all phrases, by their first letters."""
    found: dict[str, set[str]] = {}
    for some in phrases().values():
        for roots, _named in some:
            for one in roots:
                if len(one) > SHORT:
                    found.setdefault(one[:2], set()).add(one)
    return {start: tuple(sorted(roots)) for start, roots in found.items()}


@lru_cache(maxsize=65536)
def meant(word: str) -> str:
    """The root of a phrase that an unlisted one is, with a slip of the finger in it; itself where none is."""
    if len(word) <= SHORT + 1 or word in frame() or word in vocabulary().get(word[:2], ()):
        return word
    return next((one for one in vocabulary().get(word[:2], ()) if mistyped(word, one)), word)


@lru_cache(maxsize=65536)
def near(word: str) -> Named:
    """The things that an unlisted root may name: a form of a listed verb, derived, mistyped, or a compound with one."""
    tables = _tables()
    once = TWICE.sub(r"\1", word)
    if len(word) > SHORT and once != word and once in tables.single:
        return tables.single[once]
    if done := tables.by_deed.get(deed(word)):
        return done
    if len(word) <= SHORT:
        return ()
    for end in range(1, len(word) - COMPOUND + 1):
        if word[end:] in tables.single and is_before(word[:end]):
            return tables.single[word[end:]]
    for end in range(SHORT, len(word) - SHORT + 1):
        # *Datorskola*, *fotodiena*: what stands before a word of the frame is what it is about.
        if word[end:] in frame() and (before := tables.single.get(root(word[:end]))):
            return before
    if derived := tables.by_base.get(base(word)):
        return derived
    for listed in tables.by_start.get(word[:2], ()):
        if mistyped(word, listed):
            return tables.single[listed]
    return ()


class _Tables(NamedTuple):
    """Things named by one word: by its root; by its deed and its base, where only one thing has it; roots by first letters."""

    single: dict[str, Named]
    by_deed: dict[str, Named]
    by_base: dict[str, Named]
    by_start: dict[str, tuple[str, ...]]


@cache
def _tables() -> _Tables:
    every = {roots[0]: named for some in phrases().values() for roots, named in some if len(roots) == 1}
    # A general word is not looked for in what may be another.
    single = {word: named for word, named in every.items() if any(concept.is_specific for concept, _lengths in named)}
    by_start: dict[str, list[str]] = {}
    for word in sorted(single):
        if len(word) >= 3:
            by_start.setdefault(word[:2], []).append(word)
    return _Tables(
        single,
        _by(every, lambda word: deed(word) if word.endswith("san") else "", least=3),
        _by(every, base, least=4),
        {key: tuple(some) for key, some in by_start.items()},
    )


def _by(every: dict[str, Named], key: Callable[[str], str], *, least: int) -> dict[str, Named]:
    """What is named by a looser form, where only one thing is."""
    found: dict[str, set[Named]] = {}
    for word, named in every.items():
        loose = tuple(dict.fromkeys((concept, ONLY * lengths.startswith(ONLY)) for concept, lengths in named))
        found.setdefault(key(word), set()).add(loose)
    return {form: next(iter(named)) for form, named in found.items() if len(named) == 1 and len(form) >= least}
