"""Two activities in, a finding or nothing out.

A **duplicate** reaches the same people, near the same place, in the same weeks, with the same thing. A **clash** reaches the
same people near the same place at the same hours with different things. Each question is answered by itself and says why.
"""

from dataclasses import dataclass, field

from ecosystem.overlap import people, place, prepared, say, thing, timing
from ecosystem.overlap.finding import CLASH, DUPLICATE, Finding
from ecosystem.overlap.place import Neighbours
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import DEFAULTS, RuleSet


@dataclass(frozen=True, slots=True)
class World:
    """What the rules need beside the two: the rule set in force, and which parishes are neighbours."""

    rules: RuleSet = DEFAULTS
    neighbours: Neighbours = field(default_factory=dict)


def judge(one: Profile, other: Profile, *, world: World) -> Finding | None:
    """The finding of a pair, whichever comes first; None when they do not overlap or cannot be judged.

    What cannot be judged is told by :func:`ecosystem.overlap.profile.missing`; ask it first.
    """
    if one.ref == other.ref:
        return None
    first, second = (one, other) if one.ref < other.ref else (other, one)
    mine, theirs = prepared.of(first), prepared.of(second)
    if mine.missing or theirs.missing:
        return None
    rules = world.rules
    own = not mine.departments.isdisjoint(theirs.departments)
    # The cheapest questions first: most pairs lie apart in time or place.
    apart = timing.days_apart(mine, theirs)
    near_in_time = apart < (rules.own_days_apart if own else rules.days_apart)
    # One department may well hold two things at one hour in two halls; another's clash with it divides the same people.
    may_clash = not own and not apart
    if not near_in_time and not may_clash:
        return None
    where = place.compare(mine, theirs, rules=rules, neighbours=world.neighbours)
    if not where.holds:
        return None
    reached = people.share(mine, theirs)
    if round(reached * 100) < rules.people_percent:
        return None
    what = thing.compare(mine, theirs)
    if near_in_time and thing.holds(what, rules=rules, own=own):
        kind = DUPLICATE
    elif may_clash and where.meets and _collide(mine, theirs, rules):
        # What is watched at home clashes with nothing in the hall: it is for those who cannot come.
        kind = CLASH
    else:
        return None
    when = timing.compare(mine, theirs)
    remote = mine.format != "in_person" or theirs.format != "in_person"
    strength = reached * _nearness(where, rules, remote=remote) * _alikeness(when, what, rules, kind)
    reasons = say.reasons(first, second, where, when, what, kind)
    return Finding(kind, first, second, reasons, strength, rules.version, own, where, when, what)


def _collide(mine: prepared.Prepared, theirs: prepared.Prepared, rules: RuleSet) -> bool:
    if timing.collisions(mine, theirs)[1] < rules.colliding_minutes:
        return False
    # An open door on many days is in nobody's way: one comes on another.
    return not (mine.drop_in or theirs.drop_in) or timing.are_taken(mine, theirs, percent=rules.drop_in_percent)


def _nearness(where: place.Place, rules: RuleSet, *, remote: bool) -> float:
    """Falling with the kilometres; what can be joined online is never farther than the edge of what is near."""
    if where.km is None:
        return 0.5 if remote else 1.0
    near = 1 / (1 + where.km / rules.near_km)
    return max(0.5, near) if remote else near


def _alikeness(when: timing.Timing, what: thing.Thing, rules: RuleSet, kind: str) -> float:
    """Falling with the days between the periods and with the likeness of a duplicate, or the colliding minutes of a clash."""
    if kind == DUPLICATE:
        return what.likeness / (1 + when.days_apart / max(1, rules.days_apart))
    return min(1.0, when.minutes / (10 * rules.colliding_minutes))
