"""The shared rules as the departments' common property: which version holds on a day."""

from datetime import date

from ecosystem.models import RuleSet
from ecosystem.overlap import rules
from ecosystem.overlap.rules import DEFAULTS, THRESHOLDS


def in_force(*, on: date) -> rules.RuleSet:
    """The rules that hold on that day; those that the portal came with where none have been agreed. One query."""
    row = RuleSet.objects.in_force(on=on).first()
    return DEFAULTS if row is None else as_rules(row)


def as_rules(row: RuleSet) -> rules.RuleSet:
    """A version as the judging reads it. A threshold that came after it was agreed is as the portal came with it."""
    known = {name: value for name, value in row.thresholds.items() if name in THRESHOLDS}
    return rules.RuleSet(version=row.version, in_force_from=row.in_force_from, **known)
