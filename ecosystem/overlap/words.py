"""What a title is about, read once: the things it names and how much each tells.

A known thing tells most. The same known thing tells less where it is only the place or the tool (*drošība internetā*, *ar
viedtālruni*). An unknown word stands for itself: fully where no known thing is named, a little beside one. General words tell
little. Words of the frame (*kurss*, *senioriem*) tell nothing, unless a title has nothing else. A title with a colon, a dash, a
list or a full stop has *segments*: what one of them says by itself may be all that another title says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ecosystem.overlap.lexicon import (
    LANGUAGES,
    SHORT,
    Concept,
    Named,
    Phrases,
    chosen,
    concepts,
    deeds,
    done,
    frame,
    meant,
    near,
    phrases,
    vowels,
)
from ecosystem.overlap.stems import TWICE, base, root_of
from ecosystem.text import STOP_WORDS, fold

SPECIFIC, ASIDE, GENERAL, FRAME = 1.0, 0.4, 0.35, 0.2
# An unknown word: alone, a deed after its object (*lampu gatavošana*), beside a known thing, in quotes (a club's own name).
UNKNOWN, UNKNOWN_DEED, UNKNOWN_BESIDE, UNKNOWN_NAME = 1.0, 0.5, 0.3, 0.15

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_", re.UNICODE)
_BREAKS = frozenset(":;,.!?–—/&+()|•")
_JOINERS = frozenset(("un", "and", "и", "jeb", "vai", "or", "i"))
_OPEN, _CLOSE = frozenset("«“„"), frozenset("»”“")
# Where, and for whom: the locative, the dative plural.
_LOCATIVE = re.compile(r"(?:ā|ē|ī|ū|ās|ēs|īs|os)$")
_DATIVE = re.compile(r"(?:iem|ām|ēm|īm)$")
# A genitive plural may soften its last consonant (*torte*, *toršu*); a prefix may be written apart (*foto orientēšanās*).
_SOFT = {"šu": "tu", "žu": "du"}
PREFIX = 5
_WITH = frozenset(("ar", "with", "on", "at", "с", "на"))
_WITHOUT = frozenset(("bez", "without", "без"))
_ABOUT = frozenset(("par", "about", "о", "об"))
# *Vēl* is cut like *velt*, which says felting.
_MORE = "vēl"


@dataclass(frozen=True, slots=True)
class Notion:
    """One thing named in a text: its key, how much it tells, whether the lexicon knows it, the wider thing around it."""

    key: str
    weight: float
    is_known: bool
    within: str = ""

    @property
    def is_specific(self) -> bool:
        """Whether it is a known thing that tells much."""
        return self.is_known and self.weight > GENERAL


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read: what it names, each thing once, and the same by segment. ``is_frame`` where it names nothing."""

    notions: tuple[Notion, ...] = ()
    segments: tuple[tuple[Notion, ...], ...] = ()
    is_frame: bool = False

    @property
    def things(self) -> tuple[Notion, ...]:
        """The known things that it is about, those aside left out."""
        return tuple(notion for notion in self.notions if notion.is_known and notion.weight >= SPECIFIC)

    @property
    def unknown(self) -> tuple[Notion, ...]:
        """The words that no list knows and that may tell it from another of its kind; deeds and names left out."""
        return tuple(
            notion
            for notion in self.notions
            if not notion.is_known and notion.weight >= UNKNOWN_BESIDE and not notion.key.endswith("san")
        )

    @property
    def is_plain(self) -> bool:
        """Whether it names a known thing; otherwise the summary is asked too."""
        return any(notion.is_specific for notion in self.notions)


@dataclass(slots=True)
class _Word:
    """A word on its way to a notion."""

    text: str
    root: str
    segment: int
    quoted: bool
    # It stands beside what is spoken of: where it is, for whom, with what.
    beside: bool
    after_without: bool
    # Which of its vowels are long, where the writer writes them.
    lengths: str


@dataclass(slots=True)
class _Named:
    """What a word or a phrase names: a concept, or itself."""

    word: _Word
    concept: Concept | None
    # Named by several words.
    by_phrase: bool = False

    @property
    def key(self) -> str:
        return self.concept.key if self.concept else self.word.root


@lru_cache(maxsize=65536)
def read(text: str, topic: str) -> Reading:
    """What a text is about, in the sense that its words have under a topic."""
    named, framed = _name(_words(text), topic)
    if not named:
        notions = tuple(dict.fromkeys(Notion(word, FRAME, False) for word in framed))
        return Reading(notions, (notions,) if notions else (), is_frame=True)
    weighed = _weigh(named)
    best: dict[str, Notion] = {}
    segments: dict[int, dict[str, Notion]] = {}
    wider = {notion.within for _segment, notion in weighed if notion.within}
    for segment, notion in weighed:
        if notion.key in wider:
            continue  # "Hip-hop dances" names one thing, not a second wider one.
        for names in (best, segments.setdefault(segment, {})):
            if notion.key not in names or names[notion.key].weight < notion.weight:
                names[notion.key] = notion
    return Reading(tuple(best.values()), tuple(tuple(names.values()) for names in segments.values()))


class Word(NamedTuple):
    """A word of a text by its root, and which of its vowels are long, where the writer writes them."""

    root: str
    lengths: str


def spoken(text: str) -> list[Word]:
    """The words of a text in their order, without those that it says are not there (*bez cukura*)."""
    return [Word(word.root, word.lengths) for word in _words(text) if not word.after_without]


# A summary is read, asked what it tells of, and asked for its words.
@lru_cache(maxsize=256)
def _words(text: str) -> tuple[_Word, ...]:
    """The words in their order, with what stands around them."""
    found: list[_Word] = []
    segment, quoted, joined, without, told = 0, False, 0, 0, 0
    text = text.lower()
    careful = not text.isascii()
    for piece in _TOKEN.findall(text):
        if not piece[0].isalnum():
            if piece in _OPEN and not quoted:
                quoted = True
            elif piece in _CLOSE or (piece == '"' and quoted):
                quoted = False
            elif piece == '"':
                quoted = True
            segment += piece in _BREAKS
            continue
        if piece == _MORE:
            continue
        joined, without, told = max(0, joined - 1), max(0, without - 1), max(0, told - 1)
        if piece in _JOINERS:
            segment += 1
        elif piece in _WITH:
            joined = 3
        elif piece in _WITHOUT:
            without = 2
        elif piece in _ABOUT:
            told = 4
        at = _listed_root(piece)
        beside = joined > 0 or bool(_LOCATIVE.search(piece)) or (not told and bool(_DATIVE.search(piece)))
        found.append(_Word(fold(piece), at, segment, quoted, beside, without > 0, vowels(piece, at) if careful else ""))
    return tuple(found)


def _listed_root(piece: str) -> str:
    """The root of a word; of a softened genitive, or of one with a letter doubled, the one that is listed."""
    at = root_of(piece)
    if at in phrases() or at in frame():
        return at
    others = [TWICE.sub(r"\1", piece)]
    if piece[-2:] in _SOFT:
        others.append(piece[:-2] + _SOFT[piece[-2:]])
    return next((other for other in map(root_of, others) if other in phrases()), at)


def _name(some: Sequence[_Word], topic: str) -> tuple[list[_Named], list[str]]:
    """What the words name, the longest phrase first; and the words of the frame."""
    known, turned, empty = phrases(), deeds(), frame()
    named: list[_Named] = []
    framed: list[str] = []
    at = 0
    while at < len(some):
        word = some[at]
        if at + 1 < len(some) and (things := _written_apart(word.text, some[at + 1].root)):
            named.append(_Named(some[at + 1], chosen(things, topic)))
            at += 2
            continue
        deed = turned.get(frozenset((base(word.root), base(some[at + 1].root)))) if at + 1 < len(some) else None
        if deed is not None and not _is_listed(some[at : at + 2], known):
            thing = chosen(deed, topic)
            named.append(_Named(word, thing, True))
            at += 2
            continue
        if (found := _done(some, at, topic)) and not _stands_listed(some[at:], known):
            thing, last = found
            named.append(_Named(some[last], thing, True))
            at = last + 1
            continue
        for roots, things in known.get(word.root, ()) or _phrases_meant(word.root):
            if len(roots) > 1 and not _stand(some[at : at + len(roots)], roots):
                continue
            if len(roots) == 1 and word.text in STOP_WORDS:
                continue  # *Ir* is not *īre*, typed without its long vowel.
            written = [one.lengths for one in some[at : at + len(roots)]]
            thing = chosen(things, topic, " ".join(written) if word.lengths else "")
            if thing is not None:
                # The last word of a phrase is its head, and carries the case.
                named.append(_Named(some[at + len(roots) - 1], thing, len(roots) > 1))
                at += len(roots)
                break
        else:
            at += 1
            if word.root in empty or len(word.root) < 3 or word.root.isdecimal() or word.after_without:
                framed.append(word.root)
            else:
                things = near(word.root)
                named.append(_Named(word, chosen(things, topic) if things else None))
    return _without_nations(named, topic), framed


def _done(some: Sequence[_Word], at: int, topic: str) -> tuple[Concept, int] | None:
    """The thing that a deed and what it is done to name from here on, and the place of the last of the two words.

    A word of the frame may stand between (*salabo savu riteni*).
    """
    for other in range(at + 1, min(at + 3, len(some))):
        if (things := done(some[at].root, some[other].root)) and (thing := chosen(things, topic)):
            return thing, other
        if some[other].root not in frame():
            break
    return None


def _stands_listed(some: Sequence[_Word], known: Phrases) -> bool:
    """Whether a listed phrase of several words stands at the beginning."""
    listed = known.get(some[0].root, ())
    return any(len(roots) > 1 and _stand(some[: len(roots)], roots) for roots, _things in listed)


def _phrases_meant(word: str) -> Sequence[tuple[tuple[str, ...], Named]]:
    """The phrases of several words that begin with a mistyped one."""
    return [pair for pair in phrases().get(meant(word), ()) if len(pair[0]) > 1]


def _stand(some: Sequence[_Word], roots: tuple[str, ...]) -> bool:
    """Whether words are a phrase, slips of the finger allowed."""
    if len(some) != len(roots):
        return False
    # Asked for each word of each text: a loop is half of what a generator costs.
    for one, wanted in zip(some, roots, strict=True):  # noqa: SIM110
        if one.root != wanted and meant(one.root) != wanted:
            return False
    return True


def _written_apart(prefix: str, word: str) -> Named:
    """What two words name when they are one (*foto orientēšanās*, *e-paraksts*), a slip of the finger allowed after a letter."""
    if len(prefix) > PREFIX or len(word) <= SHORT or (len(prefix) > 1 and prefix in frame()):
        return ()
    for roots, things in phrases().get(prefix + word, ()):
        if len(roots) == 1:
            return things
    return near(prefix + word) if prefix == "e" else ()


def _is_listed(some: Sequence[_Word], known: Phrases) -> bool:
    """Whether a longer phrase, or the words as they stand, are listed."""
    return any(len(roots) > 1 and roots[1] == some[1].root for roots, _things in known.get(some[0].root, ()))


def _without_nations(named: list[_Named], topic: str) -> list[_Named]:
    """*Latviešu* is a language where languages are spoken of (*latviešu valoda*); elsewhere it tells of songs or dishes
    whose they are, and a conversation is about something."""
    if topic == LANGUAGES or any(one.concept and one.concept.key == LANGUAGES for one in named):
        return named
    found = []
    for one in named:
        if one.concept is None or one.concept.topic != LANGUAGES or one.by_phrase:
            found.append(one)
        elif one.concept.is_specific:
            found.append(_Named(one.word, None))
    return found


def _weigh(named: list[_Named]) -> list[tuple[int, Notion]]:
    """How much each tells, beside the others."""
    outside = any(not one.word.quoted for one in named)
    aside = [
        bool(place)
        and one.concept is not None
        and one.concept.is_specific
        and (one.word.beside or one.word.after_without)
        for place, one in enumerate(named)
    ]
    has_thing = any(
        one.concept is not None and one.concept.is_specific and not aside[place] for place, one in enumerate(named)
    )
    has_any = any(one.concept is not None and one.concept.is_specific for one in named)
    found = []
    for place, one in enumerate(named):
        if one.concept is None:
            weight = _unknown(one, first=not place, beside=has_any, named_apart=outside and one.word.quoted)
            found.append((one.word.segment, Notion(one.key, weight, False)))
        else:
            weight = GENERAL
            if one.concept.is_specific:
                weight = ASIDE if aside[place] and has_thing else SPECIFIC
            found.append((one.word.segment, Notion(one.key, weight, True, one.concept.within)))
    return found


def _unknown(one: _Named, *, first: bool, beside: bool, named_apart: bool) -> float:
    if beside:
        return UNKNOWN_NAME if named_apart else UNKNOWN_BESIDE
    if named_apart:
        return UNKNOWN_BESIDE
    return UNKNOWN_DEED if one.word.root.endswith("san") and not first else UNKNOWN


def about(keys: tuple[str, ...]) -> tuple[str, str] | None:
    """What the most telling known thing of some is called, in Latvian (after *par*) and English; None where none is known."""
    known = [concept for concept in map(concepts().get, keys) if concept is not None and concept.about]
    best = next((concept for concept in known if concept.is_specific), known[0] if known else None)
    return (best.about, best.key) if best else None
