"""Two activities in, a finding or nothing out.

A **duplicate** reaches the same people, near the same place, in the same weeks, with the same thing. A **clash** reaches the
same people near the same place at the same hours with different things. Each question is answered by itself and says why.
"""

from dataclasses import dataclass, field

from ecosystem.overlap import people, place, say, thing, timing
from ecosystem.overlap.finding import CLASH, DUPLICATE, Finding
from ecosystem.overlap.place import Neighbours
from ecosystem.overlap.profile import Profile, missing
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
    if one.ref == other.ref or missing(one) or missing(other):
        return None
    first, second = sorted((one, other), key=lambda profile: profile.ref)
    rules = world.rules
    own = bool(first.departments & second.departments)
    # The cheapest question first: most pairs lie apart in time or place.
    when = timing.compare(first, second)
    near_in_time = when.days_apart < (rules.own_days_apart if own else rules.days_apart)
    collide = when.minutes >= rules.colliding_minutes
    if not near_in_time and not collide:
        return None
    where = place.compare(first, second, rules=rules, neighbours=world.neighbours)
    if not where.holds:
        return None
    reached = people.share(first, second)
    if round(reached * 100) < rules.people_percent:
        return None
    what = thing.compare(first, second)
    if near_in_time and thing.holds(what, rules=rules, own=own):
        kind = DUPLICATE
    elif collide and not own and not _is_online_pair(first, second):
        # One department may well hold two things at one hour in two halls; another's clash with it divides the same people.
        kind = CLASH
    else:
        return None
    reasons = (
        say.people(first, second),
        say.place(first, second, where),
        say.time(first, second, when),
        say.topic(first, second, what, kind),
    )
    return Finding(kind, first, second, reasons, _strength(reached, where, when, what, rules, kind), rules.version, own)


def _is_online_pair(first: Profile, second: Profile) -> bool:
    """What is watched at home clashes with nothing in the hall: an online session is for those who cannot come."""
    return first.is_online or second.is_online


def _strength(
    reached: float, where: place.Place, when: timing.Timing, what: thing.Thing, rules: RuleSet, kind: str
) -> float:
    """The product of the four answers, each falling as the two draw apart."""
    near = 1.0 if where.km is None else 1 / (1 + where.km / max(1, rules.near_km))
    close = 1 / (1 + when.days_apart / max(1, rules.days_apart))
    alike = what.likeness if kind == DUPLICATE else min(1.0, when.minutes / (10 * rules.colliding_minutes))
    return reached * near * close * alike
