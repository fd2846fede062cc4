"""The shared rules on real connections at one moment: one proposal is open, the last two agree once."""

from typing import Any

import pytest

from courses.domain.overlaps import rule_sets
from courses.domain.overlaps.rule_sets import Refused
from ecosystem.models import Message, RuleSet
from tests.test_concurrency import at_once
from tests.test_rule_sets import LATER, People, of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: Any) -> People:
    return People()


def test_of_three_who_propose_at_once_one_has_proposed_and_the_others_are_told(people: People) -> None:
    results = at_once(
        lambda: people.propose(by=people.ilze, department=people.muz),
        lambda: people.propose(by=people.martins, department=people.jau),
        lambda: people.propose(by=people.daina, department=people.lab),
    )
    assert sorted(type(result).__name__ for result in results) == ["Refused", "Refused", "RuleSet"]
    row = RuleSet.objects.get()
    refusals = [result.messages for result in results if isinstance(result, Refused)]
    assert all(row.proposed_by is not None and row.proposed_by.name in said for [said] in refusals)
    assert Message.objects.filter(kind="rules_proposed").count() == 2


def test_the_last_two_agree_at_once_and_it_is_agreed_once(people: People) -> None:
    row = people.propose()
    results = at_once(lambda: people.answer(row, people.martins), lambda: people.answer(row, people.daina))
    assert [type(result) for result in results] == [RuleSet, RuleSet]
    row.refresh_from_db()
    assert (row.agreed_at, row.answers.count()) == (LATER, 3)
    # Told once, by whoever came last: all but them.
    assert Message.objects.filter(kind="rules_agreed").count() == 2


def test_one_department_pressing_ten_times_at_once_answers_once(people: People) -> None:
    row = people.propose()
    results = at_once(*[lambda: people.answer(row, people.martins) for _ in range(10)])
    assert [type(result) for result in results] == [RuleSet] * 10
    assert row.answers.count() == 2


def test_agreeing_and_withdrawing_at_once_end_one_way(people: People) -> None:
    row = people.propose()
    people.answer(row, people.martins)
    agreed, withdrawn = at_once(
        lambda: people.answer(row, people.daina),
        lambda: rule_sets.withdraw(version=row.version, reach=of(people.ilze), now=LATER),
    )
    row.refresh_from_db()
    refused = [isinstance(result, Refused) for result in (agreed, withdrawn)]
    assert refused == [row.agreed_at is None, row.ended_at is None] and sum(refused) == 1
