"""The same thing? The topic, then what the titles name in any language both have, then what the summaries add.

Likeness is the part of what both titles name that they name alike (Dice's coefficient over weighed notions); the wider thing
and a kind of it are nearly alike. Titles whose known things are the same are alike whatever else they say. Where what one title
names is all in the other, or in one of its segments, and that names no other known thing, it is the same thing said with fewer
words; where a title names nothing known, what its short summary tells. A different level is a different thing. So are two kinds of
one thing, where each title says its own: what it is about after the thing (*Fotostunda: ainava*), or what is done to it
(*krāšņu tīrīšana*, *krāšņu pārbūvēšana*).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ecosystem.overlap import keys, kinds, level, likeness
from ecosystem.overlap.lexicon import concepts
from ecosystem.overlap.prepared import Content, Prepared
from ecosystem.overlap.rules import RuleSet

# Two that have a word in common in two topics and tell different things are no more alike than this.
OTHER_SENSE = 0.75
# What one title names is told by the summary of another that names nothing.
BY_SUMMARY = 0.65
# A summary that tells more things says of none that it is what it is about.
MOST_TOLD = 3


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
                found, shared = likeness.of(mine, theirs, one, other)
                if found > best:
                    best, common = found, shared
    if best > kinds.APART and kinds.differ(one, other, common):
        best = kinds.APART
    if best > OTHER_SENSE and _tell_other_things(one, other, common):
        best = OTHER_SENSE
    if best < BY_SUMMARY and (named := _by_summary(one, other) or _by_summary(other, one)):
        best, common = BY_SUMMARY, named
    if best < kinds.APART and (named := _told_instead(one, other) or _told_instead(other, one)):
        best, common = BY_SUMMARY, named
    if best < BY_SUMMARY and (words := _in_words(one, other) or _in_words(other, one)):
        best, common = BY_SUMMARY, words
    return best, common, level.differ(one.levels, other.levels)


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
