"""What the rules find: a duplicate or a clash of two activities, its reasons in words, what made it."""

from dataclasses import dataclass

from ecosystem.overlap.place import Place
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.thing import Thing
from ecosystem.overlap.timing import Timing

DUPLICATE, CLASH = "duplicate", "clash"


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer: which question, and the sentence in both languages."""

    rule: str
    lv: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A pair in the order of its references, so that two ways of asking give one finding."""

    kind: str
    first: Profile
    second: Profile
    reasons: tuple[Reason, ...]
    # 0 to 1: how much overlaps; for putting the nearest first, never shown as a score.
    strength: float
    version: int
    own: bool
    # The answers that the reasons tell.
    place: Place
    timing: Timing
    thing: Thing
