"""The demonstration's files in ``courses/data``, read into rows."""

import csv
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from pathlib import Path
from random import Random

from dateutil.easter import easter

DATA = Path(__file__).resolve().parent.parent / "data"
WEEKDAYS = {"P": 0, "O": 1, "T": 2, "C": 3, "Pk": 4, "S": 5, "Sv": 6}


@cache
def read(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@dataclass(frozen=True)
class Schedule:
    """On which weekdays, from when till when; with ``nights`` it ends on a later day."""

    days: tuple[int, ...]
    starts: time
    ends: time
    nights: int = 0

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read ``P,T 17:30-19:45``, or ``S-Sv 10:00-15:00`` for one long meeting."""
        names, hours = text.split(" ")
        starts, ends = (time.fromisoformat(clock.zfill(5)) for clock in hours.split("-"))
        if "-" in names:
            first, last = (WEEKDAYS[name] for name in names.split("-"))
            return cls(days=(first,), starts=starts, ends=ends, nights=last - first)
        return cls(days=tuple(WEEKDAYS[name] for name in names.split(",")), starts=starts, ends=ends)


@dataclass(frozen=True)
class Season:
    """From one day of the year to another, over New Year where the second comes first; always, when not given."""

    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)
    # The three weeks before Easter, which moves.
    is_easter: bool = False

    @classmethod
    def parse(cls, text: str) -> "Season":
        """Read ``09.01-05.20``: month and day, twice; or ``easter``."""
        if text in ("", "easter"):
            return cls(is_easter=text == "easter")
        first, last = (tuple(int(part) for part in end.split(".")) for end in text.split("-"))
        return cls(first=(first[0], first[1]), last=(last[0], last[1]))

    @property
    def is_short(self) -> bool:
        """Whether it belongs to a feast: less than two months."""
        return self.is_easter or (self.last[0] - self.first[0]) % 12 < 2

    def holds(self, day: date) -> bool:
        """Whether a day is within it."""
        if self.is_easter:
            return 0 < (easter(day.year) - day).days <= 21
        when = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= when <= self.last
        return when >= self.first or when <= self.last


@dataclass(frozen=True)
class Theme:
    """One line of the programme's file: what is offered, in how many parishes, on which days, in what season."""

    cells: dict[str, str]
    parishes: tuple[str, ...]
    schedule: Schedule
    season: Season
    meetings: int
    flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_online(self) -> bool:
        """Held over the network: in no parish, announced by one."""
        return self.cells["format"] == "online"


def themes() -> list[Theme]:
    """The programme's file."""
    return [theme(row) for row in read("demo_programme.csv")]


def theme(row: dict[str, str]) -> Theme:
    """One line of a file that has the programme's columns."""
    return Theme(
        cells=row,
        parishes=tuple(row["parishes"].split(";")) if row["parishes"] else ("Ozolnieku pagasts",),
        schedule=Schedule.parse(row["schedule"]),
        season=Season.parse(row["season"]),
        meetings=int(row["meetings"]),
        flags=frozenset(filter(None, row["flags"].split(";"))),
    )


def generator(seed: int, today: date, purpose: str) -> Random:
    """A source of chance for one purpose: more of one thing does not shuffle the others."""
    return Random(f"{seed}/{today.isoformat()}/{purpose}")  # noqa: S311 (chance, not secrecy)
