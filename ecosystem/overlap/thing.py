"""The same thing? The topic, then what the titles name in any language both have, then what the summaries add.

Likeness is the part of what both titles name that they name alike (Dice's coefficient over weighed notions); the wider thing
and a kind of it are nearly alike. Titles whose known things are the same are alike whatever else they say. Where what one title
names is all in the other, or in one of its segments, and that names no other known thing, it is the same thing said with fewer
words; where a title names nothing known, what its short summary tells. A different level is a different thing. So are two kinds of
one thing, where each title says its own: what it is about after the thing (*Fotostunda: ainava*), or what is done to it
(*krāšņu tīrīšana*, *krāšņu pārbūvēšana*).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ecosystem.overlap import keys, level
from ecosystem.overlap.lexicon import _deed_of, concepts
from ecosystem.overlap.prepared import Content, Prepared
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.stems import alike, root_of
from ecosystem.overlap.words import FRAME, Notion, Reading, read
from ecosystem.text import fold

# A shorter title wholly in a longer one: the same thing said with fewer words; less sure where it is in a part of one that names
# other things too, or where no list knows the words.
CONTAINED, CONTAINED_IN_PART, CONTAINED_UNKNOWN = 0.85, 0.8, 0.7
# The same known things, whatever words are around them; less sure where each has a word of its own that no list knows
# (*papīra lidmašīnas*, *papīra laternas*).
SAME_THINGS, SAME_BUT_FOR_WORDS = 0.85, 0.8
# One of them names a thing more: the same within a topic, not across two.
ALL_BUT_A_THING = 0.9
# Painting and watercolours.
KIND_OF = 0.8
# A notion met in the other's summary alone counts for a part.
IN_SUMMARY = 0.4
# Two of one series, or two kinds of one thing, are no more alike than this; nor are two that have a word in common in two topics and
# tell different things.
IN_A_SERIES, OTHER_SENSE = 0.5, 0.75
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
# What one title names is told by the summary of another that names nothing.
BY_SUMMARY = 0.65
# A summary that tells more things says of none that it is what it is about.
MOST_TOLD = 3
# Titles that say only how and for whom are never quite the same thing.
FRAME_ONLY = 0.8


@dataclass(frozen=True, slots=True)
class Thing:
    """How alike two activities are in what they are about, 0 to 1, and what they have in common."""

    same_topic: bool
    likeness: float
    common: tuple[str, ...]
    levels_differ: bool


def compare(first: Prepared, second: Prepared) -> Thing:
    """How alike they are; symmetric."""
    same_topic = bool(first.topic) and first.topic == second.topic
    one, other = first.content, second.content
    if one.keys.all.isdisjoint(other.keys.all):
        # Nothing that they name can be alike.
        return Thing(same_topic, 0.0, (), level.differ(one.levels, other.levels))
    # One way of asking, so that each pair of contents is compared once.
    found = _compared(one, other) if one.key <= other.key else _compared(other, one)
    return Thing(same_topic, *found)


def holds(thing: Thing, *, rules: RuleSet, own: bool) -> bool:
    """Whether it is the same thing under these rules; within one department more must be alike."""
    if thing.levels_differ:
        return False
    wanted = rules.words_percent if thing.same_topic else rules.words_percent_other_topic
    if own:
        wanted = min(100, wanted + rules.own_words_percent_more)
    return round(thing.likeness * 100) >= wanted


@lru_cache(maxsize=8192)
def _compared(one: Content, other: Content) -> tuple[float, tuple[str, ...], bool]:
    """Likeness, what is common, whether the levels differ."""
    if one.titles & other.titles and not (one.told and other.told and not one.told & other.told):
        best, common = 1.0, tuple(notion.key for reading in one.readings[:1] for notion in reading.notions)
    else:
        best, common = 0.0, ()
        # Names that say nothing are compared by what the summaries tell, where both tell.
        told = bool(one.told and other.told)
        for mine in one.readings:
            for theirs in other.readings:
                if told and not mine.is_plain and not theirs.is_plain:
                    continue
                found, shared = _likeness(mine, theirs, one, other)
                if found > best:
                    best, common = found, shared
    if best > IN_A_SERIES and (
        _tails_differ(one, other) or _parts_differ(one, other) or _deeds_differ(one, other, common)
    ):
        best = IN_A_SERIES
    if best > OTHER_SENSE and _tell_other_things(one, other, common):
        best = OTHER_SENSE
    if best < BY_SUMMARY and (named := _by_summary(one, other) or _by_summary(other, one)):
        best, common = BY_SUMMARY, named
    if best < IN_A_SERIES and (named := _told_instead(one, other) or _told_instead(other, one)):
        best, common = BY_SUMMARY, named
    if best < BY_SUMMARY and (words := _in_words(one, other) or _in_words(other, one)):
        best, common = BY_SUMMARY, words
    return best, common, level.differ(one.levels, other.levels)


def _tails_differ(one: Content, other: Content) -> bool:
    """Whether both are of one series (*Drošības diena: …*), each about something of its own."""
    found = False
    for name, mine in _series(one):
        for other_name, theirs in _series(other):
            if name == other_name:
                if _likeness(mine, theirs, one, other)[0] > IN_A_SERIES:
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
    if any(_meets(notion, their_own) for notion in own):
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
    if alike(root_of(mine[1]), root_of(theirs[1])) or _is_one_deed(root_of(mine[1]), root_of(theirs[1])):
        return False
    if any(_meets(notion, read(theirs[1], their_topic).notions) for notion in read(mine[1], topic).notions):
        return False
    return {n.key for n in read(mine[2], topic).notions} != {n.key for n in read(theirs[2], their_topic).notions}


def _is_one_deed(one: str, other: str) -> bool:
    number = _deed_of().get(one)
    return number is not None and number == _deed_of().get(other)


def _tell_other_things(one: Content, other: Content, common: Sequence[str]) -> bool:
    """Whether a word that two titles of different topics have in common has two senses: each summary tells its own things.

    A side speaks in another sense where it tells a thing of its own topic and none of the topic in which the word is known.
    """
    topics = one.key[2], other.key[2]
    if not all(topics) or topics[0] == topics[1] or not one.told or not other.told or one.told & other.told:
        return False
    known = {thing.topic for thing in map(concepts().get, common) if thing is not None and thing.is_specific}
    away = [
        topic in told and known.isdisjoint(told)
        for topic, told in ((side.key[2], {concepts()[key].topic for key in side.told}) for side in (one, other))
        if topic not in known
    ]
    return bool(away) and all(away)


def _by_summary(one: Content, other: Content) -> tuple[str, ...]:
    """The known things that one title names, where the other names none and its summary tells all of them and little more."""
    if not other.is_silent or len(other.told) > MOST_TOLD or not one.readings:
        return ()
    named = tuple(notion.key for notion in one.readings[0].notions if notion.is_specific)
    return named if not one.is_silent and other.told.issuperset(named) else ()


def _told_instead(one: Content, other: Content) -> tuple[str, ...]:
    """What one title is about, where the other names something else, but its summary tells of this alone: a figure of speech
    (*Pirmais iespaids*: *izspēlējam darba intervijas*)."""
    if not one.readings or one.key[2] != other.key[2]:
        return ()
    about = {notion.key for notion in one.readings[0].things}
    named = [notion for reading in other.readings for notion in reading.notions if notion.is_specific]
    known = about | one.told
    if not about or about != other.told or any(n.key in known or n.within in known for n in named):
        return ()
    return tuple(sorted(about))


def _in_words(one: Content, other: Content) -> tuple[str, ...]:
    """The words that no list knows and that are all that one title names, where the other names nothing and its summary says
    them all; one word alone only where that tells of nothing known, and none where each summary tells things of its own."""
    if not other.said or (one.told and other.told and not one.told & other.told):
        return ()
    least = 2 if other.told else 1
    found = (some for some in map(keys.forms, one.readings) if len(some) >= least and some <= other.said)
    return next((tuple(sorted(some)) for some in found), ())


def _likeness(mine: Reading, theirs: Reading, one: Content, other: Content) -> tuple[float, tuple[str, ...]]:
    if not mine.notions or not theirs.notions or mine.is_frame != theirs.is_frame:
        return 0.0, ()
    common = tuple(n.key for n in mine.notions if _meets(n, theirs.notions))
    if not common:
        # What only the summaries have in common is not yet a likeness.
        return 0.0, ()
    left, right = _weight(mine.notions), _weight(theirs.notions)
    matched_left, matched_right = _matched(mine.notions, theirs.notions), _matched(theirs.notions, mine.notions)
    dice = (matched_left + matched_right) / (left + right)
    if mine.is_frame:
        return dice * FRAME_ONLY, common
    added = _told(mine.notions, theirs.notions, other) + _told(theirs.notions, mine.notions, one)
    found = max(
        dice + added / (left + right),
        _same_things(mine, theirs),
        _contained(mine.notions, left, theirs),
        _contained(theirs.notions, right, mine),
    )
    return min(1.0, found), common


def _same_things(mine: Reading, theirs: Reading) -> float:
    if not mine.things or not theirs.things:
        return 0.0
    left, right = _matched(mine.things, theirs.things), _matched(theirs.things, mine.things)
    least = min(left / len(mine.things), right / len(theirs.things))
    if least < KIND_OF:
        return ALL_BUT_A_THING * (left + right) / (len(mine.things) + len(theirs.things))
    apart = mine.unknown and theirs.unknown and not any(_meets(notion, theirs.unknown) for notion in mine.unknown)
    return (SAME_BUT_FOR_WORDS if apart else SAME_THINGS) * least


def _contained(small: Sequence[Notion], weight: float, longer: Reading) -> float:
    """How far a title is in another, or in a segment of it, that names no known thing besides."""
    # Only what tells something can be contained: "handicraft" is in every title of its topic.
    if weight < 1:
        return 0.0
    known = any(notion.is_specific and _meets(notion, longer.notions) for notion in small)
    if known and _names_no_more(longer.notions, small):
        return CONTAINED * _matched(small, longer.notions) / weight
    parts = (*longer.segments, longer.notions)
    best = max((_matched(small, part) for part in parts if _names_no_more(part, small)), default=0.0)
    return (CONTAINED_IN_PART if known else CONTAINED_UNKNOWN) * best / weight


def _names_no_more(some: Sequence[Notion], small: Sequence[Notion]) -> bool:
    return all(_meets(notion, small) for notion in some if notion.is_specific)


def _told(some: Sequence[Notion], others: Sequence[Notion], other: Content) -> float:
    """What only this title says, and the other's summary too."""
    return sum(
        IN_SUMMARY * notion.weight
        for notion in some
        if notion.is_specific and notion.key in other.told and not _meets(notion, others)
    )


def _weight(some: Sequence[Notion]) -> float:
    return sum(notion.weight for notion in some)


def _matched(some: Sequence[Notion], others: Sequence[Notion]) -> float:
    return sum(notion.weight * max((_same(notion, other) for other in others), default=0.0) for notion in some)


def _meets(notion: Notion, others: Sequence[Notion]) -> bool:
    return any(_same(notion, other) for other in others)


def _same(one: Notion, other: Notion) -> float:
    if one.key == other.key and one.is_known == other.is_known:
        return 1.0
    if one.is_known and other.is_known:
        return KIND_OF if one.within == other.key or other.within == one.key else 0.0
    if one.is_known or other.is_known or FRAME in (one.weight, other.weight):
        return 0.0
    return float(alike(one.key, other.key))
