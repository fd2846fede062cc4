"""How alike two readings are: Dice's coefficient over weighed notions, and what says the same thing with other or fewer words."""

from collections.abc import Sequence

from ecosystem.overlap.prepared import Content
from ecosystem.overlap.stems import alike
from ecosystem.overlap.words import FRAME, Notion, Reading

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
# Titles that say only how and for whom are never quite the same thing.
FRAME_ONLY = 0.8


def of(mine: Reading, theirs: Reading, one: Content, other: Content) -> tuple[float, tuple[str, ...]]:
    """How alike two readings of two activities are, 0 to 1, and what they have in common."""
    if not mine.notions or not theirs.notions or mine.is_frame != theirs.is_frame:
        return 0.0, ()
    common = tuple(n.key for n in mine.notions if meets(n, theirs.notions))
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
    apart = mine.unknown and theirs.unknown and not any(meets(notion, theirs.unknown) for notion in mine.unknown)
    return (SAME_BUT_FOR_WORDS if apart else SAME_THINGS) * least


def _contained(small: Sequence[Notion], weight: float, longer: Reading) -> float:
    """How far a title is in another, or in a segment of it, that names no known thing besides."""
    # Only what tells something can be contained: "handicraft" is in every title of its topic.
    if weight < 1:
        return 0.0
    known = any(notion.is_specific and meets(notion, longer.notions) for notion in small)
    if known and _names_no_more(longer.notions, small):
        return CONTAINED * _matched(small, longer.notions) / weight
    parts = (*longer.segments, longer.notions)
    best = max((_matched(small, part) for part in parts if _names_no_more(part, small)), default=0.0)
    return (CONTAINED_IN_PART if known else CONTAINED_UNKNOWN) * best / weight


def _names_no_more(some: Sequence[Notion], small: Sequence[Notion]) -> bool:
    return all(meets(notion, small) for notion in some if notion.is_specific)


def _told(some: Sequence[Notion], others: Sequence[Notion], other: Content) -> float:
    """What only this title says, and the other's summary too."""
    return sum(
        IN_SUMMARY * notion.weight
        for notion in some
        if notion.is_specific and notion.key in other.told and not meets(notion, others)
    )


def _weight(some: Sequence[Notion]) -> float:
    return sum(notion.weight for notion in some)


def _matched(some: Sequence[Notion], others: Sequence[Notion]) -> float:
    return sum(notion.weight * max((_same(notion, other) for other in others), default=0.0) for notion in some)


def meets(notion: Notion, others: Sequence[Notion]) -> bool:
    """Whether one of others is the same thing, a wider one or a kind of it, or the same word."""
    return any(_same(notion, other) for other in others)


def _same(one: Notion, other: Notion) -> float:
    if one.key == other.key and one.is_known == other.is_known:
        return 1.0
    if one.is_known and other.is_known:
        return KIND_OF if one.within == other.key or other.within == one.key else 0.0
    if one.is_known or other.is_known or FRAME in (one.weight, other.weight):
        return 0.0
    return float(alike(one.key, other.key))
