"""Numbers under which an activity's words are looked up: two that share none are about nothing alike.

More than needed may share one, never fewer: whatever ``thing`` finds alike has a number in common. So a database finds by an
ordinary index of numbers what may be the same thing, and a sweep leaves the rest unread. It follows from what makes two
notions one (``likeness``, ``stems.alike``).

Most numbers tell little: half of a parish has its name in the title. Those that tell are **strong**: with the others alone no
title comes to the likeness that the rules ask. Two that are the same thing under the rules share a number that is strong for one
of them. Property tests hold all of this together.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from ecosystem import text
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.stems import COMPOUND, SLIPS, TWICE, base
from ecosystem.overlap.words import Notion, Reading

# What no lower likeness than this needs, per cent. Under rules that ask for less every number is strong.
STRONG_FROM = 60
# So many numbers are kept of one activity, since an index holds them. Titles that have more are nobody's; one is kept for them that
# is asked for with every other's.
MOST = 250
ANYTHING = 2**31 - 1
_DOING = "san"


class Keys(NamedTuple):
    """All numbers of an activity's words, and those that tell; each fits four bytes."""

    all: frozenset[int]
    strong: frozenset[int]


def of(titles: Iterable[str], readings: Iterable[Reading], told: Iterable[str], said: Iterable[str]) -> Keys:
    """The numbers of folded titles, of what they are read to be about, of the known things that the summaries tell, and of
    the words that they say."""
    strong = {_number(f"={title}") for title in titles}
    every = strong | {_number(f"k{key}") for key in told} | {_number(f"w{word}") for word in said}
    for reading in readings:
        telling = _telling(reading)
        if words := forms(reading):
            # All of them stand in a summary or it is not asked: one is enough, and a long one is seldom in others.
            strong.add(_number(f"w{max(words, key=lambda word: (len(word), word))}"))
        for notion in reading.notions:
            numbers = [_number(form) for form in _written(notion, reading.is_frame)]
            every.update(numbers)
            if notion in telling:
                strong.update(numbers)
    return Keys(frozenset(every | strong), frozenset(strong))


def forms(reading: Reading) -> frozenset[str]:
    """Of a title that names no known thing the words that no list knows, each as it is looked for in summaries."""
    if reading.is_plain or reading.is_frame:
        return frozenset()
    return frozenset(form(notion.key) for notion in reading.notions if not notion.is_known)


def form(word: str) -> str:
    """The form by which a word of a title is found in a summary: one, so that a long summary has few numbers."""
    return base(word)


def kept(strong: list[int], weak: list[int]) -> tuple[list[int], list[int]]:
    """All numbers of an activity and those that tell, as a database keeps them."""
    if len(strong) + len(weak) > MOST:
        return [ANYTHING], [ANYTHING]
    return [*strong, *weak], [*strong]


def tell(rules: RuleSet) -> bool:
    """Whether under these rules two that are the same thing share a number that is strong for one of them."""
    return min(rules.words_percent, rules.words_percent_other_topic) >= STRONG_FROM


def _number(written: str) -> int:
    return crc32(written.encode()) - 2**31


def _telling(reading: Reading) -> set[Notion]:
    """The notions without which nothing is like this reading.

    The known things: they may be all that two titles have in common, or be told by the other's summary. Of the rest as many as
    are needed: where only the others meet, likeness is at most their part of all that is named on the side where that is more.
    """
    things = {notion for notion in reading.notions if notion.is_specific}
    # Rounded per cent, as the rules compare; a hair for the sums of parts.
    spare = (STRONG_FROM - 0.5) / 100 * sum(notion.weight for notion in reading.notions) - 1e-6
    # The last words of a title are often where it is: they tell least of those that weigh the same.
    rest = sorted((n for n in reversed(reading.notions) if n not in things), key=lambda n: n.weight)
    for place, notion in enumerate(rest):
        spare -= notion.weight
        if spare <= 0:
            return things | set(rest[place:])
    return things


def _written(notion: Notion, is_frame: bool) -> Iterator[str]:
    if notion.is_known:
        yield f"k{notion.key}"
        if notion.within:
            # The wider thing and its kind; two kinds share it too, and are then told apart by the rules.
            yield f"k{notion.within}"
    elif is_frame:
        yield f"f{notion.key}"
    else:
        yield from _forms(notion.key)


def _forms(word: str) -> Iterator[str]:
    """Of a word that no list knows: what it shares with every word that is ``alike``.

    Those derived of one base or deed begin alike; so do those mistyped, unless the slip is in the third letter: then they begin
    with the same two and end alike.
    """
    yield f"b{word[:3]}"
    once = TWICE.sub(r"\1", word)
    if once != word:
        yield f"b{once[:3]}"
    if len(word) >= COMPOUND:
        # One may stand at the end of the other.
        yield f"e{word[-COMPOUND:]}"
    (one_slip, _), (two_slips, _) = SLIPS
    for form in (word, word.removesuffix(_DOING)) if word.endswith(_DOING) else (word,):
        if len(form) == one_slip:
            # Letters that changed places in the middle leave one at the end.
            yield f"m{form[:2]}{''.join(sorted(form[2:4]))}{form[4:]}"
        if len(form) >= one_slip:
            yield f"s{form[:2]}{form[-2:]}"
    if len(word) >= two_slips:
        yield f"t{word[:2]}"


@cache
def stamp() -> str:
    """What the numbers and the rest that is kept of a profile follow from: the rules' own code and lists, as eight letters.

    What was kept under another stamp is worked out anew.
    """
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), *sorted((here / "data").iterdir()), Path(text.__file__)]
    found = sha256()
    for path in files:
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()[:8]
