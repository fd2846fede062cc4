"""The words of the programme: which activities carry them, in the title or elsewhere.

A word of a query matches a word that begins with it (folded), or one with the same stem. A stem's own prefix matches
nothing: *kur* is not *kurs*.
"""

from bisect import bisect_left

from rapidfuzz import fuzz, process

from courses.domain.catalogue.bits import Builder
from ecosystem.text import STOP_WORDS, fold, stem, words

LEAST_LIKENESS = 72


class WordIndex:
    """Words to sets of positions; closed once, then only read."""

    def __init__(self, size: int = 0) -> None:
        self._title = Builder(size)
        self._body = Builder(size)
        self.title: dict[object, int] = {}
        self.body: dict[object, int] = {}
        self.sorted: list[str] = []
        self.by_stem: dict[str, list[str]] = {}
        self.spelt: dict[str, str] = {}

    def add_title(self, position: int, *texts: str | None) -> None:
        """The words of a title in every language it has."""
        self._add(self._title, position, texts)

    def add_body(self, position: int, *texts: str | None) -> None:
        """The words said of an activity elsewhere."""
        self._add(self._body, position, texts)

    def _add(self, builder: Builder, position: int, texts: tuple[str | None, ...]) -> None:
        for text in texts:
            if text:
                for word in words(text):
                    builder.add(word, position)
                    if word not in self.spelt:
                        self._remember_spelling(word, text)

    def _remember_spelling(self, word: str, text: str) -> None:
        """How the word is properly spelt, for offering it to who mistyped it."""
        for piece in text.replace("«", " ").replace("»", " ").split():
            bare = piece.strip(".,:;!?()\"'–-/")
            if fold(bare) == word:
                self.spelt[word] = bare.lower()
                return
        self.spelt[word] = word

    def close(self) -> None:
        """Nothing more comes: make the sets."""
        self.title, self.body = self._title.sets(), self._body.sets()
        self._title = self._body = Builder(0)
        self.sorted = sorted({str(word) for word in (*self.title, *self.body)})
        for word in self.sorted:
            self.by_stem.setdefault(stem(word), []).append(word)

    def find(self, text: str, everything: int) -> tuple[int, int]:
        """The set that carries every word of the text, and the part of it that has them all in the title."""
        found = in_title = everything
        for word in [w for w in words(text) if w not in STOP_WORDS][:12]:
            either = title = 0
            for known in self._matching(word):
                of_title = self.title.get(known, 0)
                title |= of_title
                either |= of_title | self.body.get(known, 0)
            found &= either
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
