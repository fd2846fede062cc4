"""What a finding rests on, in no language: as long as it is the same, what people decided about the pair stands.

The facts behind the reasons (``say``) without their words, so that neither a sentence said better nor an audience or a
parish under another name undoes a decision.
"""

from ecosystem.overlap import say
from ecosystem.overlap.finding import Finding

Fact = tuple[object, ...]


def of(finding: Finding) -> tuple[Fact, ...]:
    """For whom, how far, when, about what; the same values whenever the same would be said."""
    return (finding.kind,), _people(finding), _place(finding), _time(finding), _thing(finding)


def _people(finding: Finding) -> Fact:
    first, second = finding.first, finding.second
    common = say.groups_of_both(first, second)
    if common:
        return (*sorted(group.code for group in common), say.ages_of_both(common, first, second))
    return tuple(tuple(sorted({group.code for group in one.groups})) for one in (first, second))


def _place(finding: Finding) -> Fact:
    where = finding.place
    if where.relation == "online":
        return (where.relation,)
    return where.relation, finding.first.parish, finding.second.parish, None if where.km is None else round(where.km)


def _time(finding: Finding) -> Fact:
    when = finding.timing
    # A week earlier in the same months is the same time; what meets in no week is told by the days between.
    if when.weeks:
        return len(when.weeks), when.months, when.collisions
    return when.days_apart, when.collisions


def _thing(finding: Finding) -> Fact:
    return finding.thing.same_topic, finding.first.title, finding.second.title
