"""The shared rules are the departments' own: proposed by one, agreed by all, in force from a day, remembered."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from courses.domain.overlaps import rule_sets
from ecosystem.models import RuleSet
from ecosystem.overlap.rules import DEFAULTS, THRESHOLDS
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def version(number: int, since: date, **said: Any) -> RuleSet:
    """A version that was agreed; with other thresholds than the first where ``said``."""
    fields = {name: said.pop(name) for name in list(said) if name not in THRESHOLDS}
    thresholds = {name: getattr(DEFAULTS, name) for name in THRESHOLDS} | said
    agreed = {"proposed_at": NOW, "agreed_at": NOW} | fields
    return RuleSet.objects.create(version=number, thresholds=thresholds, in_force_from=since, **agreed)


# In force.


def test_without_any_row_the_rules_the_portal_came_with_hold() -> None:
    assert rule_sets.in_force(on=date(2027, 1, 11)) == DEFAULTS


def test_the_latest_that_was_agreed_and_has_begun_holds(query_count: Any) -> None:
    version(1, date(2026, 1, 1))
    version(2, date(2027, 3, 1), near_km=14)
    version(3, date(2027, 3, 1), near_km=13)
    version(4, date(2027, 9, 1), near_km=12)
    version(5, date(2027, 1, 1), near_km=11, agreed_at=None)
    found = {day: rule_sets.in_force(on=day) for day in (date(2027, 2, 28), date(2027, 3, 1), date(2027, 9, 1))}
    assert [(one.version, one.near_km) for one in found.values()] == [(1, 15), (3, 13), (4, 12)]
    with query_count(1):
        rule_sets.in_force(on=date(2027, 3, 1))


def test_a_threshold_that_came_later_is_as_the_portal_came_with_it() -> None:
    row = version(2, date(2027, 1, 1))
    row.thresholds = {"near_km": 14, "formerly": 3}
    assert rule_sets.as_rules(row) == replace(DEFAULTS, version=2, in_force_from=date(2027, 1, 1), near_km=14)
