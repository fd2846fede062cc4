"""The same thing? The topic, then the words of the titles in any language both have, then what the summaries add.

Likeness is the part of what both titles say that they say alike (Dice's coefficient over weighted notions). Where the
shorter title is wholly in the longer one it counts as nearly as much. A different level is a different thing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ecosystem.overlap import level
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.words import GENERAL, Notion, alike, notions

# A shorter title wholly in a longer one is the same thing said with fewer words.
CONTAINED = 0.85
# A notion met in the other's summary alone counts for a part.
IN_SUMMARY = 0.5


@dataclass(frozen=True, slots=True)
class Thing:
    """How alike two activities are in what they are about, 0 to 1, and what the words have in common."""

    same_topic: bool
    likeness: float
    common: tuple[str, ...]
    levels_differ: bool


def compare(first: Profile, second: Profile) -> Thing:
    """How alike they are; symmetric."""
    best, common = 0.0, ()
    for mine in _texts(first):
        for theirs in _texts(second):
            found, words = _likeness(notions(mine), notions(theirs), first, second)
            if found > best:
                best, common = found, words
    return Thing(first.topic == second.topic, best, common, level.differ(_levels(first), _levels(second)))


def holds(thing: Thing, *, rules: RuleSet, own: bool) -> bool:
    """Whether it is the same thing under these rules; within one department more must be alike."""
    if thing.levels_differ:
        return False
    wanted = rules.words_percent if thing.same_topic else rules.words_percent_other_topic
    if own:
        wanted = min(100, wanted + rules.own_words_percent_more)
    return round(thing.likeness * 100) >= wanted


def _texts(profile: Profile) -> list[str]:
    return [text for text in profile.titles.values() if text and text.strip()]


@lru_cache(maxsize=65536)
def _summary_keys(text: str) -> frozenset[str]:
    return frozenset(notion.key for notion in notions(text) if notion.weight > GENERAL)


def _levels(profile: Profile) -> frozenset[tuple[str, int]]:
    return level.said(" ; ".join([profile.level, *_texts(profile)]))


def _likeness(
    mine: Sequence[Notion], theirs: Sequence[Notion], first: Profile, second: Profile
) -> tuple[float, tuple[str, ...]]:
    left, right = _weights(mine), _weights(theirs)
    if not left or not right:
        return 0.0, ()
    matched_left, common = _matched(mine, theirs)
    matched_right, _ = _matched(theirs, mine)
    total_left, total_right = left, right
    dice = (matched_left + matched_right) / (total_left + total_right)
    # Only what tells something can be contained: "handicraft" is in every title of its topic.
    smaller = min((total_left, matched_left), (total_right, matched_right))
    contained = CONTAINED * smaller[1] / smaller[0] if smaller[0] >= 1 else 0.0
    found = max(dice, contained)
    if found < 1:
        found = max(found, _with_summaries(mine, theirs, first, second, dice))
    return found, common


def _with_summaries(
    mine: Sequence[Notion], theirs: Sequence[Notion], first: Profile, second: Profile, dice: float
) -> float:
    """What only one title says may stand in the other's summary."""
    told_by_second = _told(second)
    told_by_first = _told(first)
    added = sum(
        IN_SUMMARY * n.weight for n in mine if n.weight > GENERAL and n.key in told_by_second and not _meets(n, theirs)
    )
    added += sum(
        IN_SUMMARY * n.weight for n in theirs if n.weight > GENERAL and n.key in told_by_first and not _meets(n, mine)
    )
    total = _weights(mine) + _weights(theirs)
    return min(1.0, dice + added / total)


def _told(profile: Profile) -> frozenset[str]:
    return frozenset().union(*(_summary_keys(text) for text in profile.summaries.values() if text))


def _weights(some: Iterable[Notion]) -> float:
    return sum(notion.weight for notion in some)


def _matched(some: Sequence[Notion], others: Sequence[Notion]) -> tuple[float, tuple[str, ...]]:
    total, common = 0.0, []
    for notion in some:
        if _meets(notion, others):
            total += notion.weight
            common.append(notion.key)
    return total, tuple(common)


def _meets(notion: Notion, others: Sequence[Notion]) -> bool:
    return any(_same(notion, other) for other in others)


def _same(one: Notion, other: Notion) -> bool:
    if one.key == other.key:
        return True
    if one.is_known or other.is_known:
        return False
    return alike(one.key, other.key)
