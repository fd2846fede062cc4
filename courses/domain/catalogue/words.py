"""The words of the programme: which activities carry them, in the title or elsewhere.

A word of a query matches a word that begins with it (folded), or one with the same stem. A stem's own prefix matches
nothing: *kur* is not *kurs*.

Most words are rare: their activities are kept as short lists of positions, those of frequent words as whole sets.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from rapidfuzz import fuzz, process

from courses.domain.catalogue import bits
from ecosystem.text import STOP_WORDS, fold, stem, words

LEAST_LIKENESS = 72
# A list takes 32 bits a position, a set one bit an activity; a list costs more time, so it gives way earlier.
RARE = 64
_PIECE = re.compile(r"[^\W_]+", re.UNICODE)


class Postings:
    """Words to the positions of what carries them, while they are collected and after."""

    def __init__(self) -> None:
        self.lists: dict[str, array[int]] = {}
        self.sets: dict[str, int] = {}
        # A word as it is written -> the list of its folded word: folding once a spelling, not once a text.
        self._written: dict[str, array[int]] = {}

    def add(self, position: int, text: str, spelt: dict[str, str]) -> None:
        """The words of a text."""
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
        written = self._written
        for piece in _PIECE.findall(text):
            found = written.get(piece)
            if found is None:
                found = self._new(piece, spelt)
            found.append(position)

    def _new(self, piece: str, spelt: dict[str, str]) -> "array[int]":
        word = fold(piece)
        found = self.lists.get(word)
        if found is None:
            found = self.lists[word] = array("I")
            spelt.setdefault(word, piece.lower())
        self._written[piece] = found
        return found

    def close(self, size: int, named: dict[str, int], rest: Callable[[], None]) -> None:
        """Make sets of the frequent words, and add ``named``: words whose sets are known from elsewhere."""
        self._written = {}
        for word, listed in list(self.lists.items()):
            if len(listed) * RARE > size or word in named:
                self.sets[word] = bits.from_positions(listed, size)
                del self.lists[word]
                rest()
        for word, members in named.items():
            self.sets[word] = self.sets.get(word, 0) | members

    def carrying(self, known: Iterable[str], size: int) -> int:
        """What carries any of these words."""
        listed = [self.lists[word] for word in known if word in self.lists]
        return bits.union(self.sets[word] for word in known if word in self.sets) | (
            bits.from_few(listed, size) if listed else 0
        )

    def __iter__(self) -> Iterator[str]:
        yield from self.lists
        yield from self.sets


class WordIndex:
    """Words to sets of positions; closed once, then only read."""

    def __init__(self, size: int = 0) -> None:
        self.size = size
        self.title = Postings()
        self.body = Postings()
        self.sorted: list[str] = []
        self.by_stem: dict[str, list[str]] = {}
        # Folded word -> how it is properly spelt, for offering it to who mistyped it.
        self.spelt: dict[str, str] = {}

    def add_title(self, position: int, text: str) -> None:
        """The words of a title, in every language it has."""
        self.title.add(position, text, self.spelt)

    def add_body(self, position: int, text: str) -> None:
        """The words said of an activity elsewhere."""
        self.body.add(position, text, self.spelt)

    def close(self, size: int, named: Iterable[tuple[str, int]] = (), rest: Callable[[], None] = lambda: None) -> None:
        """Nothing more comes: make the sets. ``named`` are texts that whole sets of activities carry."""
        self.size = size
        of_words: dict[str, int] = {}
        for text, members in named:
            for piece in _PIECE.findall(unicodedata.normalize("NFC", text)):
                word = fold(piece)
                of_words[word] = of_words.get(word, 0) | members
                self.spelt.setdefault(word, piece.lower())
        self.title.close(size, {}, rest)
        self.body.close(size, {word: members for word, members in of_words.items() if members}, rest)
        self.sorted = sorted({*self.title, *self.body})
        rest()
        for word in self.sorted:
            self.by_stem.setdefault(stem(word), []).append(word)

    def find(self, text: str, everything: int) -> tuple[int, int]:
        """The set that carries every word of the text, and the part of it that has them all in the title."""
        found = in_title = everything
        for word in [w for w in words(text) if w not in STOP_WORDS][:12]:
            known = self._matching(word)
            title = self.title.carrying(known, self.size)
            found &= title | self.body.carrying(known, self.size)
            in_title &= title
        return found, in_title

    def _matching(self, word: str) -> set[str]:
        """The known words that a word of a query stands for."""
        known = set(self.by_stem.get(stem(word), ()))
        at = bisect_left(self.sorted, word)
        while at < len(self.sorted) and self.sorted[at].startswith(word):
            known.add(self.sorted[at])
            at += 1
        return known

    def suggest(self, text: str, limit: int = 3) -> list[str]:
        """For words that nothing carries, the nearest that something does, properly spelt."""
        offered: list[str] = []
        for word in words(text)[:6]:
            if len(word) < 3 or self._matching(word):
                continue
            # A beginning mistyped ("nujosna") is compared with words of about its length.
            near = process.extract(word, self.sorted, scorer=fuzz.ratio, limit=limit, score_cutoff=LEAST_LIKENESS)
            offered += [self.spelt.get(match, match) for match, _score, _at in near]
        return list(dict.fromkeys(offered))[:limit]
