"""What the rules know of an activity: for whom, where, when, about what. Plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ecosystem.geo import Point


@dataclass(frozen=True, slots=True)
class Group:
    """An audience: an age interval (None is open), and the wider audiences it is part of, nearest first.

    ``for_lv`` and ``for_en`` are how one says whom it is for (*Senioriem*, *For seniors*); without them its name is said.
    """

    code: str
    name: str = ""
    age_min: int | None = None
    age_max: int | None = None
    part_of: tuple[str, ...] = ()
    for_lv: str = ""
    for_en: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """An activity as the rules see it. Sessions are local times; titles and summaries by language."""

    ref: str
    department: str
    titles: Mapping[str, str]
    topic: str
    groups: tuple[Group, ...]
    sessions: tuple[tuple[datetime, datetime], ...]
    parish: str
    parish_name: str = ""
    point: Point | None = None
    summaries: Mapping[str, str] = field(default_factory=dict)
    partners: frozenset[str] = frozenset()
    age_min: int | None = None
    age_max: int | None = None
    level: str = ""
    language: str = "lv"
    format: str = "in_person"
    # One comes and goes without registering, on whichever of its days one likes.
    drop_in: bool = False
    # What follows from the rest (``prepared.of``), once it has been asked.
    known: Any = field(default=None, init=False, repr=False, compare=False)

    @property
    def title(self) -> str:
        """The title people know it by."""
        return self.titles.get("lv") or next((text for text in self.titles.values() if text), "")

    @property
    def departments(self) -> frozenset[str]:
        """Everyone who offers it."""
        return self.partners | {self.department}

    @property
    def is_online(self) -> bool:
        """Whether one can take part from anywhere."""
        return self.format in ("online", "hybrid")

    @property
    def first_day(self) -> date:
        """The day of the first session."""
        return min(start for start, _end in self.sessions).date()

    @property
    def last_day(self) -> date:
        """The day on which the last session begins."""
        return max(start for start, _end in self.sessions).date()


def missing(profile: Profile) -> list[str]:
    """What cannot be judged: ``audiences``, ``sessions``, ``place``, ``words``; empty when all can."""
    from ecosystem.overlap.prepared import of

    return list(of(profile).missing)
