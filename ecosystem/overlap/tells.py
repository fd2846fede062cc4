"""What is told of without being named: *bandinieki, zirgi un laidņi* tell of chess.

``data/tells.csv`` lists for each known thing the words that tell of it, and the fewer things a word is listed with, the more
it tells. A thing is taken where different words tell of it and of no other nearly as much; things of the activity's topic
come before others. A wider thing and its kind are no rivals, and of two kinds of one thing that are told of alike the wider
one is taken.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ecosystem.overlap.lexicon import DATA, Concept, Phrases, agree, concepts, gathered, phrases
from ecosystem.overlap.stems import BASE, base, deed
from ecosystem.overlap.words import Notion, Word, spoken

# How much a word tells that is listed with one thing only; with n it tells the n-th part of the power below.
POWER = 0.5
# A known thing that a text names tells of itself, and of its kinds.
NAMED, NAMED_WIDER = 1.0, 0.5
# What a word tells of a thing of another topic, and of one where none of the texts has a topic.
OTHER_TOPIC = 0.5
# How much must tell of a thing, by how many words, and how far before the next.
LEAST, WORDS, AHEAD = 1.1, 2, 1.25
SURE = 1.8
# Two words that begin with as many letters alike are one.
BEGINNING = 5


@cache
def listed() -> Phrases:
    """The tell-tale words and phrases by the root of their first word."""
    return gathered(_rows())


def _rows() -> Iterator[tuple[Concept, list[str]]]:
    known = concepts()
    with (DATA / "tells.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield known[row["concept"]], row["words"].split(";")


@cache
def _derived() -> dict[str, tuple[Concept, ...]]:
    """The things that single words tell of, by the form that is left of them without what derives them."""
    found: dict[str, dict[Concept, None]] = {}
    for first, some in listed().items():
        for roots, named in some:
            if len(roots) == 1:
                for form in {base(first), deed(first)}:
                    if len(form) >= BASE:
                        found.setdefault(form, {}).update((concept, None) for concept, _ in named)
    return {form: tuple(named) for form, named in found.items()}


def guess(texts: Iterable[str], named: Sequence[Notion], topic: str, *, sure: bool = False) -> Concept | None:
    """The thing that texts tell of, those that they name themselves included; none where two are told of alike.

    Where a title names something else, it must be sure: of the activity's own topic, and told by more.
    """
    best = _best(_scores(texts, named, topic), SURE if sure else LEAST)
    return None if sure and best is not None and best.topic != topic else best


def _scores(texts: Iterable[str], named: Sequence[Notion], topic: str) -> dict[str, dict[str, float]]:
    """How much each word tells, by the thing of which it does."""
    scores: dict[str, dict[str, float]] = {}
    for text in texts:
        some = spoken(text)
        at = 0
        while at < len(some):
            if more := _named(some, at):
                # *Galda spēles* tell of what they name, not of what else there is on tables.
                at += more
                continue
            word, things = _told(some, at)
            at += 1
            if not things:
                continue
            root = some[at - 1].root
            for concept in things:
                weight = _weight(root, len(things), topic if concept.topic == topic else "")
                told = scores.setdefault(concept.key, {})
                told[word] = max(told.get(word, 0.0), weight)
    known = concepts()
    for notion in named:
        concept = known[notion.key]
        weight = NAMED * (1 if concept.topic == topic else OTHER_TOPIC)
        scores.setdefault(notion.key, {})[f"={notion.key}"] = weight
    for key, told in scores.items():
        wider = known[key].within
        if f"={wider}" in scores.get(wider, ()):
            told[f"={wider}"] = NAMED_WIDER
    return scores


def _named(some: Sequence[Word], at: int) -> int:
    """How many words from here on are a phrase that names a known thing; none where it is one word."""
    for roots, _named in phrases().get(some[at].root, ()):
        if len(roots) > 1 and tuple(word.root for word in some[at : at + len(roots)]) == roots:
            return len(roots)
    return 0


def _weight(root: str, least: int, topic: str) -> float:
    """How much a word tells of a thing of this topic, or of another than the activity's."""
    number = max(_used().get((base(root), topic), 0), 1 if topic else least)
    return (1.0 if topic else OTHER_TOPIC) * number**-POWER


@cache
def _used() -> dict[tuple[str, str], int]:
    """In the words of how many things of a topic, or of all, a word stands, those that name them included."""
    found: dict[tuple[str, str], set[str]] = {}
    for table in (listed(), phrases()):
        for some in table.values():
            for roots, named in some:
                for form in map(base, roots):
                    for concept, _lengths in named:
                        found.setdefault((form, concept.topic), set()).add(concept.key)
                        found.setdefault((form, ""), set()).add(concept.key)
    return {key: len(some) for key, some in found.items()}


def _told(some: Sequence[Word], at: int) -> tuple[str, dict[Concept, None]]:
    """What the words from here on tell of, and under what they are counted."""
    root, lengths = some[at]
    things: dict[Concept, None] = {}
    for roots, named in listed().get(root, ()):
        if len(roots) > 1 and tuple(word.root for word in some[at : at + len(roots)]) != roots:
            continue
        written = " ".join(word.lengths for word in some[at : at + len(roots)]) if lengths else ""
        things.update((concept, None) for concept, vowels in named if not written or agree(vowels, written))
    if not things:
        for form in (base(root), deed(root)):
            if len(form) >= BASE:
                things.update((concept, None) for concept in _derived().get(form, ()))
    return base(root)[:BEGINNING], things


def _best(scores: dict[str, dict[str, float]], least: float) -> Concept | None:
    known = concepts()
    sums = {key: sum(told.values()) for key, told in scores.items() if known[key].is_specific}
    ranked = sorted(sums, key=lambda key: (-sums[key], key))
    if not ranked:
        return None
    best = known[ranked[0]]
    if sums[best.key] < least or len(scores[best.key]) < WORDS:
        return None
    for key in ranked[1:]:
        if sums[best.key] >= AHEAD * sums[key]:
            break
        rival = known[key]
        if rival.key == best.within or rival.within == best.key:
            continue
        if best.within and rival.within == best.within:
            # Two kinds of one thing: what they have in common is sure.
            best = known[best.within]
            continue
        if rival.within and rival.within == best.key:
            continue
        return None
    return best
