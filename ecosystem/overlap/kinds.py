"""Two kinds of one thing, or two of one series, are not the same thing: each title says something of its own.

After a colon or a dash (*Fotostunda: ainava*), after a preposition (*zīmēšana ar ogli*), or by what is done to it (*krāšņu tīrīšana*,
*krāšņu pārbūvēšana*). A wide title beside one that says a part is still the same thing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ecosystem.overlap import likeness
from ecosystem.overlap.lexicon import is_one_deed
from ecosystem.overlap.prepared import Content
from ecosystem.overlap.stems import alike, root_of
from ecosystem.overlap.words import Reading, read
from ecosystem.text import fold

# No more alike than this are two that differ so.
APART = 0.5
_HEAD = re.compile(r"\s*(.+?)\s*(?::|\s[–—-]\s)\s*(.+?)\s*")
# The last word of a thing and what it is done with, on, against or about (*zīmēšana ar ogli*, *gleznošana uz stikla*); a technique in
# the locative is what it is done with.
_AFTER = re.compile(r"([^\W_]+)\s+(ar|uz|pret|par|with|on|against|about|с|на|против|о)\s+(.+)")
_HOW = re.compile(r"([^\W_]+)\s+([^\W_]+(?:ā|ē|ī|ū|ās|ēs|īs|os))\b")
# A question or a sentence names no part of a thing, nor does what is left out.
_ASKS = re.compile(
    r"(?:^|[,;])\s*(?:kā|ko|kas|kur|kad|kāpēc|kam|cik|vai|ja|lai|how|what|why|when|where|если|как|что|где|когда)\b|[?!]"
)
_LEFT_OUT = re.compile(r"\b(?:bez|without|без)\s+\w+")
_WORD = re.compile(r"[^\W_]+")
# For whom it is, or a verb: what we do.
_WHOM_OR_WE = re.compile(r"[aāeēiī]m$")
# A deed and what it is done to. What is done to anything tells no two apart.
_DONE_TO = re.compile(r"(?=\b([^\W_]+)\s+([^\W_]+[sš]an(?:a|u|as|ai|ā|ās|os))\b)")
_ANY_DEED = frozenset(("making", "using", "caring for", "planning", "growing", "painting on")) | frozenset(
    root_of(f"{deed}šana")
    for deed in (
        *("sagatavo", "vadī", "pārvaldī", "ierīko", "iekārto", "nodrošinā", "uzlabo", "veicinā", "stiprinā", "attīstī"),
        *("pilnveido", "trenē", "pētī", "izzinā", "mācī", "pasnieg"),
    )
)


def differ(one: Content, other: Content, common: Sequence[str]) -> bool:
    """Whether two that are alike, with this in common, are two of one series or two kinds of one thing."""
    return _tails_differ(one, other) or _parts_differ(one, other) or _deeds_differ(one, other, common)


def _tails_differ(one: Content, other: Content) -> bool:
    """Whether both are of one series (*Drošības diena: …*), each about something of its own."""
    found = False
    for name, mine in _series(one):
        for other_name, theirs in _series(other):
            if name == other_name:
                if likeness.of(mine, theirs, one, other)[0] > APART:
                    return False
                found = True
    return found


def _series(content: Content) -> list[tuple[str, Reading]]:
    """The names of series that titles have before a colon or a dash, each with what is said after it.

    A level or a group (*Angļu valoda: A1*) is nothing of its own.
    """
    parts = [part for title in content.key[0] if (part := _HEAD.fullmatch(title))]
    said = [(fold(part[1]), read(part[2], content.key[2])) for part in parts]
    return [(name, reading) for name, reading in said if reading.notions and not reading.is_frame]


@dataclass(frozen=True, slots=True)
class _Part:
    """A title in two: the thing, and after a colon, a dash or a preposition (``by``) which part of it or how."""

    thing: str
    by: str
    part: str


def _parts_differ(one: Content, other: Content) -> bool:
    """Whether both name one thing and each says a part of its own (*Fotostunda: ainava*, *Fotogrāfija: mākoņi*)."""
    return any(
        _is_one_thing(mine, theirs, one.key[2], other.key[2]) and _are_parts(mine, theirs, one, other)
        for mine in _parts(one.key[0], one.key[2])
        for theirs in _parts(other.key[0], other.key[2])
    )


@lru_cache(maxsize=32768)
def _parts(titles: tuple[str, ...], topic: str) -> tuple[_Part, ...]:
    found = []
    for title in titles:
        if part := _HEAD.fullmatch(title):
            found.append(_Part(part[1], ":", part[2]))
        elif part := _AFTER.search(title):
            found.append(_Part(part[1], part[2], part[3]))
        else:
            # A place is no technique: that is known as the thing itself (*izšūšana krustdūrienā*).
            how = [part for part in _HOW.finditer(title) if _things(part[1], topic)]
            found += [
                _Part(part[1], "ar", part[2]) for part in how if _things(part[1], topic) == _things(part[2], topic)
            ]
    return tuple(found)


def _is_one_thing(mine: _Part, theirs: _Part, topic: str, their_topic: str) -> bool:
    """Whether two say a part of one thing in the same way; by a preposition, of the same word."""
    if mine.by != theirs.by:
        return False
    if mine.by != ":":
        return root_of(mine.thing.lower()) == root_of(theirs.thing.lower())
    named = _things(mine.thing, topic)
    return bool(named) and named == _things(theirs.thing, their_topic)


def _things(text: str, topic: str) -> frozenset[str]:
    return frozenset(notion.key for notion in read(text, topic).things)


def _are_parts(mine: _Part, theirs: _Part, one: Content, other: Content) -> bool:
    """Whether each part is another's: nothing in one is in the other, and a word of each is nowhere in the other activity."""
    own, their_own = (
        [notion for notion in read(side.part, topic).notions if notion.key not in _things(side.thing, topic)]
        for side, topic in ((mine, one.key[2]), (theirs, other.key[2]))
    )
    if any(likeness.meets(notion, their_own) for notion in own):
        return False
    return _is_own(mine, one, other) and _is_own(theirs, other, one)


def _is_own(part: _Part, one: Content, other: Content) -> bool:
    """Whether a part has a word for itself that the other activity does not have in its titles, and none of its summary."""
    topic, their_topic = one.key[2], other.key[2]
    said = part.part.lower()
    if _ASKS.search(said):
        return False
    words = [w for w in _telling(_LEFT_OUT.sub(" ", said), topic, is_tool=part.by == "ar") if not w.endswith("san")]
    if _some_met(words, _telling(" ".join(other.key[1]).lower(), their_topic)):
        return False
    theirs = _telling(" ".join(other.key[0]).lower(), their_topic)
    return any(not _some_met([word], theirs) for word in words)


def _some_met(some: Iterable[str], others: Sequence[str]) -> bool:
    return any(word == other or alike(word, other) for word in some for other in others)


@lru_cache(maxsize=65536)
def _telling(text: str, topic: str, *, is_tool: bool = False) -> tuple[str, ...]:
    """The roots of the words of a text in lower case that say what it is about: none of the frame, no general one, none for whom.

    What one does it with stands in the case of those for whom it is.
    """
    found = []
    for word in _WORD.findall(text):
        reading = read(word, topic)
        if reading.is_frame or (not is_tool and _WHOM_OR_WE.search(word)):
            continue
        found += [root_of(word) for notion in reading.notions if notion.is_specific or not notion.is_known]
    return tuple(found)


def _deeds_differ(one: Content, other: Content, common: Sequence[str]) -> bool:
    """Whether each title says another deed that is done to one thing (*krāšņu tīrīšana*, *krāšņu pārbūvēšana*)."""
    return any(
        (mine[0] == theirs[0] or alike(mine[0], theirs[0])) and _are_deeds(mine, theirs, one.key[2], other.key[2])
        for mine in _deeds(one, common)
        for theirs in _deeds(other, common)
    )


def _deeds(content: Content, common: Sequence[str]) -> list[tuple[str, str, str]]:
    """What titles say is done to what: the root of the thing, the deed, and both as written; no deed that both say."""
    found = []
    for title in content.key[0]:
        for thing, deed in _DONE_TO.findall(title.lower()):
            reading = read(deed, content.key[2])
            keys = {notion.key for notion in reading.notions}
            if not reading.is_frame and keys.isdisjoint(_ANY_DEED.union(common)):
                found.append((root_of(thing), deed, f"{thing} {deed}"))
    return found


def _are_deeds(mine: tuple[str, str, str], theirs: tuple[str, str, str], topic: str, their_topic: str) -> bool:
    """Whether two deeds are not one in other words: neither alike, nor listed as one, nor both listed with the thing."""
    if alike(root_of(mine[1]), root_of(theirs[1])) or is_one_deed(root_of(mine[1]), root_of(theirs[1])):
        return False
    if any(likeness.meets(notion, read(theirs[1], their_topic).notions) for notion in read(mine[1], topic).notions):
        return False
    return {n.key for n in read(mine[2], topic).notions} != {n.key for n in read(theirs[2], their_topic).notions}
