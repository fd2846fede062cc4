"""Totals and limits on real connections at one moment: no tick is lost, nobody writes over another, one value a day."""

from datetime import date
from typing import Any

import pytest

from courses.models import Activity
from ecosystem.domain import dated_limits
from ecosystem.models import Limit
from reporting.domain import totals
from reporting.models import ActivityTotal, TotalCode
from tests.factories import NOW, ActivityFactory, UserFactory, at
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HELD = at("2027-02-05 09:00")


@pytest.fixture
def activity(transactional_db: Any) -> Activity:
    return ActivityFactory()


def test_of_ten_ticks_at_once_none_is_lost(activity: Activity) -> None:
    by = UserFactory()
    results = at_once(*[lambda: totals.tick(activity=activity, code="UKR", by=by, now=HELD) for _ in range(10)])
    assert sorted(results) == list(range(1, 11))
    assert ActivityTotal.objects.get().count == 10


def test_of_three_who_save_other_numbers_at_once_one_is_taken_and_the_others_told(activity: Activity) -> None:
    seen: dict[str, int | None] = dict.fromkeys(TotalCode.values)
    people = [UserFactory(email=f"k{number}@example.lv") for number in range(3)]
    results = at_once(
        *[
            lambda number=number, by=by: totals.enter(
                activity=activity, counts={"NEET": number + 1, "EMP": 7}, seen=seen, by=by, now=HELD
            )
            for number, by in enumerate(people)
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["Entered", "Overtaken", "Overtaken"]
    assert ActivityTotal.objects.count() == 2


def test_of_three_who_set_a_limit_from_one_day_at_once_one_has_set_it(transactional_db: Any) -> None:
    def enter(number: int) -> Any:
        return dated_limits.enter(
            code="small_cell", lower=number, in_force_from=date(2027, 3, 1), why="Lēmums", by=None, now=NOW
        )

    # The first of them also writes what the portal comes with.
    dated_limits.write_missing(now=NOW)
    results = at_once(lambda: enter(5), lambda: enter(6), lambda: enter(7))
    assert sorted(type(result).__name__ for result in results) == ["Limit", "Refused", "Refused"]
    assert Limit.objects.filter(code="small_cell", in_force_from=date(2027, 3, 1)).count() == 1
