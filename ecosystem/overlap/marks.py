"""What a sweep asks of an activity, on one short line: for whom, where, which days and hours, the numbers of its words.

A sweep reads the lines of the whole programme, and whole profiles only of what may overlap. A line is JSON without names; its
first three parts are said in one text each, since few are different and each is understood once.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ecosystem.overlap import cells
from ecosystem.overlap.lexicon import LANGUAGES
from ecosystem.overlap.packed import Run, runs
from ecosystem.overlap.prepared import of
from ecosystem.overlap.profile import Profile

_DAY, _WEEK = 1440, 10080
# Between what a text says: no code has one in it.
SEPARATOR = "\t"
# The hours of a week as 63 bits: each day in nine parts, which begin at these hours.
PARTS_OF_DAY = (0, 9, 11, 13, 15, 17, 18, 19, 21)
_PART = tuple(sum(hour >= begins for begins in PARTS_OF_DAY) - 1 for hour in range(24))


class Marks(NamedTuple):
    """One line, understood."""

    departments: str
    people: str
    place: str
    first_day: int
    last_day: int
    # Hours of the week that its sessions touch, 0 to 167.
    hours: Sequence[int]
    runs: Sequence[Run]
    # The numbers of its words, those that tell and the others (``keys``).
    strong: Sequence[int]
    weak: Sequence[int]


def of_profile(profile: Profile) -> Marks:
    """The marks of a profile that can be judged."""
    known = of(profile)
    words = known.content.keys
    groups = " ".join(sorted({group.code for group in profile.groups}))
    whom = (groups, _said(profile.age_min), _said(profile.age_max), " ".join(sorted(known.languages)))
    point = known.point or ("", "")
    where = (known.parish, *map(str, point), known.format, "less" if known.travels_less else "")
    return Marks(
        SEPARATOR.join(sorted(known.departments)),
        SEPARATOR.join((*whom, known.topic if known.topic == LANGUAGES else "")),
        SEPARATOR.join(where),
        known.first_day,
        known.last_day,
        sorted(hours(known.minutes)),
        runs(known.minutes),
        sorted(words.strong),
        sorted(words.all - words.strong),
    )


def _said(age: int | None) -> str:
    return "" if age is None else str(age)


def line(marks: Marks) -> str:
    """The marks as text."""
    return json.dumps(marks, ensure_ascii=False, separators=(",", ":"))


def read(lines: Iterable[str]) -> list[Any]:
    """Many lines at once, each as a list in the order of :class:`Marks`."""
    return list(json.loads(f"[{','.join(lines)}]"))


def hours(sessions: Iterable[tuple[int, int]]) -> set[int]:
    """The hours of the week that sessions touch: two that collide touch one in common."""
    found: set[int] = set()
    for start, end in sessions:
        if end - start >= _WEEK:
            return set(range(168))
        found.update(hour % 168 for hour in range(start // 60, max(start, end - 1) // 60 + 1))
    return found


def bits(some: Iterable[int]) -> int:
    """The same as 63 bits, for a database: parts of days."""
    found = 0
    for hour in some:
        found |= 1 << (hour // 24 * len(PARTS_OF_DAY) + _PART[hour % 24])
    return found


def cell(profile: Profile) -> int:
    """The square it lies in; what is only online lies nowhere."""
    return cells.ONLINE if profile.format == "online" else cells.cell(profile.point)
