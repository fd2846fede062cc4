"""What is told of without being named: *bandinieki, zirgi un laidņi* tell of chess.

``data/tells.csv`` lists for each known thing the words that tell of it; the fewer things a word is listed with or named by, the
more it tells. A thing is taken where two different words tell of it, and with it the few of which nearly as much is told; things of
the activity's topic come before others. Of a wider thing and its kind the one is taken of which more is told.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from ecosystem.overlap.lexicon import DATA, SHORT, Concept, Phrases, agree, concepts, gathered, phrases
from ecosystem.overlap.stems import BASE, base, deed
from ecosystem.overlap.words import Notion, Word, spoken

# A word that stands with n things tells of each so much: n to the power of minus this.
POWER = 0.35
# What a word tells of a thing of another topic than the activity's, of what it tells of one of the same.
OTHER_TOPIC = 0.5
# A known thing that a summary names, for itself and for its kinds: two tell-tale words weigh more, as it may be there by the way.
NAMED, NAMED_WIDER = 0.85, 0.5
# How much must tell of a thing, by how many words; of others so many times less, or, of too many, nearly as much; at the most of so many.
LEAST, WORDS, AHEAD, ALIKE, MOST = 0.95, 2, 1.4, 1.05, 4
# How much must tell of a thing where titles name another: of another topic, of the same; and so many times more than of that other.
LIKELY, SURE, ASIDE_OTHER, ASIDE = 1.3, 1.6, 2, 3
# Two words that begin with as many letters alike are one.
BEGINNING = 5

# How much each word tells, by the thing of which it does.
Scores = dict[str, dict[str, float]]


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


def guess(
    titles: Iterable[str],
    about: Sequence[str],
    named: Sequence[Notion],
    topic: str,
    against: Collection[str] = (),
    *,
    literal: bool = False,
) -> list[Concept]:
    """The thing that titles and summaries tell of, with what the summaries name themselves; a few where they are told of alike.

    Against what titles name (*Nauda iet, maks paliek*, crafts) it must be of the activity's own topic, and surely told of;
    more where what is named is of that topic too, and where that is all that the titles say (``literal``).
    """
    meant = [concepts()[key] for key in against]
    if literal and any(one.topic == topic for one in meant):
        return []
    both = scores((*titles, *about), named, topic)
    best = _best(both)
    if not meant:
        return best
    best = [one for one in best if one.topic == topic and not any(is_kin(one, other) for other in meant)]
    if not best:
        return []
    told = scores(about, named, topic)
    named_too = max(_sum(told, other.key) for other in meant)
    if all(other.topic != topic for other in meant):
        least = max(SURE if literal else LIKELY, ASIDE_OTHER * named_too)
        return [one for one in best if _sum(both, one.key) >= least]
    # What is of the activity's own topic may well be meant: the title's words do not tell against it.
    least = max(SURE, ASIDE * named_too)
    return [one for one in best if len(told.get(one.key, ())) >= WORDS and _sum(told, one.key) >= least]


def _sum(told: Scores, key: str) -> float:
    return sum(told.get(key, {}).values())


def is_wider(one: Concept, other: Concept) -> bool:
    """Whether they are one thing, or one is a kind of the other."""
    return one.key in (other.key, other.within) or other.key == one.within


def is_kin(one: Concept, other: Concept) -> bool:
    """Whether they are one thing, one is a kind of the other, or both are kinds of one."""
    return is_wider(one, other) or bool(one.within == other.within != "")


def scores(texts: Iterable[str], named: Sequence[Notion], topic: str) -> Scores:
    """How much each word tells, by the thing of which it does."""
    found: Scores = {}
    for text in texts:
        some = spoken(text)
        at = 0
        while at < len(some):
            if more := _named(some, at):
                # *Galda spēles* tell of what they name, not of what else there is on tables.
                at += more
                continue
            for root, things in _told(some, at):
                for concept in things:
                    weight = _weight(root, len(things), topic if concept.topic == topic else "")
                    told, word = found.setdefault(concept.key, {}), base(root)[:BEGINNING]
                    told[word] = max(told.get(word, 0.0), weight)
            at += 1
    known = concepts()
    for notion in named:
        found.setdefault(notion.key, {})[f"={notion.key}"] = NAMED
    for key, told in found.items():
        wider = known[key].within
        if f"={wider}" in found.get(wider, ()):
            told[f"={wider}"] = NAMED_WIDER
    return found


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


def _told(some: Sequence[Word], at: int) -> Iterator[tuple[str, Collection[Concept]]]:
    """What the words from here on tell of, by root; a phrase is as many words as it has."""
    root, lengths = some[at]
    is_listed = False
    for roots, named in listed().get(root, ()):
        words = some[at : at + len(roots)]
        if tuple(word.root for word in words) != roots:
            continue
        things = [concept for concept, _vowels in named]
        if lengths and min(map(len, roots)) <= SHORT:
            # Only in short words the length of a vowel tells one from another.
            written = " ".join(word.lengths for word in words)
            things = [concept for concept, vowels in named if agree(vowels, written)]
        is_listed = is_listed or bool(things)
        yield from ((one, things) for one in roots)
    if not is_listed:
        for form in {base(root), deed(root)}:
            if len(form) >= BASE and form in _derived():
                yield root, _derived()[form]


def _best(told: Scores) -> list[Concept]:
    """The specific things that most is told of, of kin one; where too many are told of nearly alike, those told of alike."""
    ranked = sorted((key for key in told if concepts()[key].is_specific), key=lambda key: (-_sum(told, key), key))
    for ahead in (AHEAD, ALIKE):
        found: list[Concept] = []
        for key in ranked:
            if _sum(told, key) < max(LEAST, _sum(told, ranked[0]) / ahead):
                break
            one = concepts()[key]
            if len(told[key]) >= WORDS and not any(is_wider(one, other) for other in found):
                found.append(one)
        if len(found) <= MOST:
            return found
    return []
