"""Numbers under which an activity's words are looked up: two that share none are about nothing alike.

More than needed may share one, never fewer: whatever ``thing`` finds alike has a number in common. So a database finds by an
ordinary index of numbers what may be the same thing, and a sweep leaves the rest unread. It follows from what makes two
notions one (``thing._same``, ``stems.alike``); a property test holds the two together.
"""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from ecosystem import text
from ecosystem.overlap.prepared import Content
from ecosystem.overlap.stems import COMPOUND, SLIPS, TWICE

_DOING = "san"


def of(content: Content) -> frozenset[int]:
    """The numbers of what an activity is about; each fits four bytes."""
    return frozenset(crc32(key.encode()) - 2**31 for key in _written(content))


def _written(content: Content) -> Iterator[str]:
    for title in content.titles:
        yield f"={title}"
    for reading in content.readings:
        for notion in reading.notions:
            if notion.is_known:
                yield f"k{notion.key}"
                if notion.within:
                    # The wider thing and its kind; two kinds share it too, and are then told apart by the rules.
                    yield f"k{notion.within}"
            elif reading.is_frame:
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
