"""What somebody looks for in the catalogue, once understood."""

from dataclasses import dataclass, field
from datetime import date

from ecosystem.geo import Point


@dataclass(frozen=True)
class Home:
    """The village or parish that distances are counted from."""

    slug: str
    name: str
    accusative: str
    locative: str
    genitive: str
    point: Point
    parish: str
    is_parish: bool


@dataclass(frozen=True)
class Query:
    """A question to the catalogue. Empty fields ask nothing; several values of one field mean "or"."""

    text: str = ""
    home: Home | None = None
    # Kilometres around home; None with ``home`` means the whole municipality, sorted and measured from home.
    km: int | None = None
    in_parish_only: bool = False
    audiences: frozenset[str] = frozenset()
    age: int | None = None
    topics: frozenset[str] = frozenset()
    first_day: date | None = None
    last_day: date | None = None
    weekdays: frozenset[int] = frozenset()
    slots: frozenset[str] = frozenset()
    is_free: bool = False
    languages: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    has_places: bool = False
    step_free: bool = False
    departments: frozenset[str] = frozenset()
    parishes: frozenset[str] = frozenset()
    centres: frozenset[int] = frozenset()
    nearest_first: bool = False
    start: int = 0
    count: int = 20


@dataclass(frozen=True)
class Answer:
    """What was found: the page's ids in order, how many in all, and the counts beside the filters."""

    ids: list[int]
    total: int
    counts: dict[str, dict[object, int]] = field(default_factory=dict)
    suggestions: list[str] = field(default_factory=list)
