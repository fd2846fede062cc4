"""What the rules know of an activity: for whom, where, when, about what. Plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ecosystem.geo import Point


@dataclass(frozen=True, slots=True)
class Group:
    """An audience: an age interval (None is open), and the wider audiences it is part of, nearest first."""

    code: str
    name: str = ""
    age_min: int | None = None
    age_max: int | None = None
    part_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """An activity as the rules see it. Sessions are local times, in their order; titles and summaries by language."""

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
        return self.sessions[0][0].date()

    @property
    def last_day(self) -> date:
        """The day on which the last session begins."""
        return self.sessions[-1][0].date()


def missing(profile: Profile) -> list[str]:
    """What cannot be judged: ``audiences``, ``sessions``, ``place``, ``words``; empty when all can."""
    wanting = []
    if not profile.groups:
        wanting.append("audiences")
    if not profile.sessions:
        wanting.append("sessions")
    if profile.point is None and not profile.parish and not profile.is_online:
        wanting.append("place")
    if not any(text.strip() for text in profile.titles.values()):
        wanting.append("words")
    return wanting
