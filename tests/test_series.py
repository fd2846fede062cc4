"""A series by rule: real days, local hours across the clock change, holidays left out and named."""

from datetime import UTC, date, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from courses.domain.series import LeftOut, Rule, expand


def rule(**changes: Any) -> Rule:
    """Tuesdays and Thursdays at six from 2 March 2027, four times."""
    return Rule(
        **{
            "first": date(2027, 3, 2),
            "starts": time(18, 0),
            "ends": time(19, 30),
            "weekdays": (1, 3),
            "count": 4,
            **changes,
        }
    )


def days(**changes: Any) -> list[str]:
    """The days of the sessions, in short."""
    return [f"{start:%d.%m.}" for start, _end in expand(rule(**changes)).meetings]


def test_weekdays_times_and_weeks_apart_make_real_days() -> None:
    assert days() == ["02.03.", "04.03.", "09.03.", "11.03."]
    assert days(every=2) == ["02.03.", "04.03.", "16.03.", "18.03."]
    assert days(count=None, until=date(2027, 3, 9)) == ["02.03.", "04.03.", "09.03."]
    assert days(weekdays=(), count=2) == ["02.03.", "09.03."]
    # The first date is a Wednesday: the series begins on the next of its days.
    assert days(first=date(2027, 3, 3), count=2) == ["04.03.", "09.03."]


def test_the_hour_on_the_wall_stays_when_the_clocks_change() -> None:
    made = expand(rule(first=date(2027, 3, 23), weekdays=(1,), count=2)).meetings
    assert [f"{start:%d.%m. %H:%M}–{end:%H:%M}" for start, end in made] == ["23.03. 18:00–19:30", "30.03. 18:00–19:30"]
    assert [start.astimezone(UTC).hour for start, _end in made] == [16, 15]


def test_holidays_are_left_out_and_named_and_do_not_count() -> None:
    made = expand(rule(first=date(2027, 4, 27), weekdays=(1,), count=3))
    assert [f"{start:%d.%m.}" for start, _end in made.meetings] == ["27.04.", "11.05.", "18.05."]
    assert made.left_out == (LeftOut(date(2027, 5, 4), "Latvijas Republikas Neatkarības atjaunošanas diena"),)
    with translation.override("en"):
        left_out = expand(rule(first=date(2027, 4, 27), weekdays=(1,), count=3)).left_out
    assert left_out[0].name == "Restoration of Independence Day"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ends": time(18, 0)}, "ends"),
        ({"count": None}, "count"),
        ({"until": date(2027, 5, 1)}, "count"),
        ({"count": 0}, "count"),
        ({"count": 201}, "count"),
        ({"count": None, "until": date(2027, 3, 1)}, "until"),
        ({"count": None, "until": date(2029, 3, 1)}, "until"),
        ({"count": None, "until": date(9999, 12, 31)}, "until"),
        ({"first": date(2027, 5, 4), "weekdays": (1,), "count": None, "until": date(2027, 5, 5)}, "until"),
        ({"every": 12, "weekdays": (1,), "count": None, "until": date(2030, 3, 1)}, "until"),
        ({"every": 12, "weekdays": (1,), "count": 20}, "count"),
        ({"every": 0}, "every"),
        # The clocks go forward at three in the morning.
        ({"first": date(2028, 3, 19), "weekdays": (6,), "starts": time(3, 30), "ends": time(5, 0)}, "starts"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(changes: dict[str, Any], name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        expand(rule(**changes))
    assert list(refused.value.message_dict) == [name]
