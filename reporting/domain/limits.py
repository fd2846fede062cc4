"""The limits that definitions name, by the day they hold on: an old period keeps its rule.

The departments set them (``ecosystem.domain.dated_limits``).
"""

from datetime import date

from ecosystem.domain import dated_limits

_OLDEST = 150


def youth(*, on: date) -> tuple[int, int]:
    """The youngest and the oldest who are young people by law on that day."""
    value = dated_limits.limit("youth", on=on)
    return value.lower, value.upper if value.upper is not None else _OLDEST


def youth_changes() -> list[date]:
    """The days from which another age holds, the earliest first."""
    return [value.in_force_from for value in dated_limits.values("youth")[1:]]


def seniors(*, on: date) -> tuple[int, int]:
    """From which age one is a senior: as ESF+ counts, and as the municipality does."""
    return dated_limits.limit("seniors_esf", on=on).number, dated_limits.limit("seniors_local", on=on).number


def completion_percent(*, on: date) -> int:
    """Of the sessions held, how many in a hundred one has to be at to have completed a course."""
    return dated_limits.limit("completion_percent", on=on).number


def late_days() -> list[tuple[date, int]]:
    """Attendance entered more than so many days after the session was entered late; each from a day on, in order."""
    return [(value.in_force_from, value.number) for value in dated_limits.values("late_entry_days")]


def newcomer_months(*, on: date) -> int:
    """Who has not come for so many months comes for the first time."""
    return dated_limits.limit("first_timer_months", on=on).number


def active_days(*, on: date) -> int:
    """Where nobody planned for so many days, no coordinator is active."""
    return dated_limits.limit("coordinator_active_days", on=on).number


def blank_days(*, on: date) -> int:
    """Where nothing is planned for so many days to come, there is a blank spot."""
    return dated_limits.limit("blank_spot_days", on=on).number


def small_cell(*, on: date) -> int:
    """What is public or exported hides numbers of people from 1 to this."""
    return dated_limits.limit("small_cell", on=on).number
