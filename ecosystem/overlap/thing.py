"""The same thing? The topic, then what the titles name in any language both have, then what the summaries add.

Likeness is the part of what both titles name that they name alike (Dice's coefficient over weighed notions); the wider thing
and a kind of it are nearly alike. Titles whose known things are the same are alike whatever else they say. Where what one title
names is all in the other, or in one of its segments, and that names no other known thing, it is the same thing said with fewer
words; where a title names nothing known, what its short summary tells. A different level is a different thing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ecosystem.overlap import keys, level
from ecosystem.overlap.lexicon import concepts
from ecosystem.overlap.prepared import Content, Prepared
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.stems import alike
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
# Two of one series are no more alike than this; nor are two that have a word in common in two topics and tell different things.
IN_A_SERIES, OTHER_SENSE = 0.5, 0.75
_HEAD = re.compile(r"\s*(.+?)\s*(?::|\s[–—-]\s)\s*(.+?)\s*")
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


@lru_cache(maxsize=32768)
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
    if best >= IN_A_SERIES and _tails_differ(one, other):
        best = IN_A_SERIES
    if best > OTHER_SENSE and _tell_other_things(one, other, common):
        best = OTHER_SENSE
    if best < BY_SUMMARY and (named := _by_summary(one, other) or _by_summary(other, one)):
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
                if _likeness(mine, theirs, one, other)[0] >= IN_A_SERIES:
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
