"""The limits that definitions name, by the day they hold on: an old period keeps its rule."""

from datetime import date

# When the law of 19.02.2026 widened youth from 13–25 to 13–30; the day is the municipality's to confirm.
_YOUTH_WIDER_ON = date(2026, 3, 1)


def youth(*, on: date) -> tuple[int, int]:
    """The youngest and the oldest who are young people by law on that day."""
    return (13, 30) if on >= _YOUTH_WIDER_ON else (13, 25)


def youth_changes() -> list[date]:
    """The days from which another age holds, the earliest first."""
    return [_YOUTH_WIDER_ON]


def seniors(*, on: date) -> tuple[int, int]:
    """From which age one is a senior: as ESF+ counts, and as the municipality does."""
    return 55, 65


def completion_percent(*, on: date) -> int:
    """Of the sessions held, how many in a hundred one has to be at to have completed a course."""
    return 80


def late_days(*, on: date) -> int:
    """Attendance entered more than so many days after the session was entered late."""
    return 7


def newcomer_months(*, on: date) -> int:
    """Who has not come for so many months comes for the first time."""
    return 24


def active_days(*, on: date) -> int:
    """Where nobody planned for so many days, no coordinator is active."""
    return 60


def blank_days(*, on: date) -> int:
    """Where nothing is planned for so many days to come, there is a blank spot."""
    return 60


def small_cell(*, on: date) -> int:
    """What is public or exported hides numbers of people from 1 to this."""
    return 4
