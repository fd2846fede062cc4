"""All that overlaps among many activities, without judging every pair.

An activity is a position; what many have in common (a square, a day, an hour of the week, a number of their words, a
department) is a set of positions, held as a long integer (``positions``). Those near one activity, in the same weeks, and either
alike in a word or at the same hours in another department, are a few ANDs; for whom they are and how far apart they lie is then
asked of each pair that is left. What is passed over cannot overlap; what is left is judged by the rules themselves.

A pair is looked at in one place only, so that many workers may share a sweep:

- two in halls (or hybrid) that lie near each other: where the first of their squares is; what has no point comes last;
- one in a hall and one that can be joined from elsewhere, farther apart: where the one in the hall is;
- two that can be joined from elsewhere, farther apart: among those.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from ecosystem.geo import Point
from ecosystem.overlap import cells, keys, marks, people, place
from ecosystem.overlap.cells import NOWHERE, ONLINE
from ecosystem.overlap.finding import Finding
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.packed import unrolled
from ecosystem.overlap.positions import Days, Sets, each, later
from ecosystem.overlap.prepared import Prepared, of
from ecosystem.overlap.profile import Group, Profile, missing
from ecosystem.overlap.rules import RuleSet
from ecosystem.overlap.timing import minutes_together

HYBRID = "hybrid"
FORMATS_FROM_ELSEWHERE = frozenset(("online", HYBRID))


class Row(NamedTuple):
    """One activity of a sweep."""

    # What the caller knows it by.
    ref: Any
    cell: int
    parish: str
    # Whose it is, and whether it is a draft.
    lead: str
    is_draft: bool
    marks: marks.Marks


def rows(kept: Iterable[tuple[Any, int, str, str, bool, str]]) -> list[Row]:
    """Rows as they are kept: by what they are known, square, parish, department, whether a draft, and the line of marks."""
    there = list(kept)
    said = marks.read([row[5] for row in there])
    return [
        Row(ref, cell, parish, lead, is_draft, marks.Marks(*marked))
        for (ref, cell, parish, lead, is_draft, _line), marked in zip(there, said, strict=True)
    ]


class Window(NamedTuple):
    """The days in which the later of two begins, the last left out; None is open."""

    since: int | None = None
    until: int | None = None

    def holds(self, day: int) -> bool:
        """Whether a day is among them."""
        return (self.since is None or day >= self.since) and (self.until is None or day < self.until)


class Located(Protocol):
    """What lies in a square and a parish."""

    @property
    def cell(self) -> int:
        """The square."""

    @property
    def parish(self) -> str:
        """The code of the parish."""


ALWAYS = Window()
Pair = tuple[Any, Any]


def findings(
    profiles: Sequence[Profile], *, world: World, drafts: Collection[str] = (), only: Collection[str] | None = None
) -> Iterator[Finding]:
    """All that overlaps among these, each pair once; those that cannot be judged are left out.

    Of ``drafts``, by reference, two of two departments do not meet; with ``only`` the pairs that have one of these.
    """
    known = [profile for profile in profiles if not missing(profile)]
    looking = Looking(world, {group.code: group for profile in known for group in profile.groups})
    rows = [
        Row(
            profile,
            marks.cell(profile),
            profile.parish,
            profile.department,
            profile.ref in drafts,
            marks.of_profile(profile),
        )
        for profile in known
    ]
    land = Block(looking, [row for row in rows if row.cell != ONLINE])
    screens = Block(looking, [row for row in rows if row.ref.is_online])
    for some in (around(land), afar(land, screens), at_screens(screens)):
        for one, other in some:
            if only is not None and one.ref not in only and other.ref not in only:
                continue
            found = judge(one, other, world=world)
            if found is not None:
                yield found


def reach(rules: RuleSet) -> int:
    """The kilometres beyond which nothing in a hall is near."""
    return max(rules.near_km, rules.near_km_travels_less, rules.near_km_neighbours)


def days(rules: RuleSet) -> int:
    """The days between two periods up to which they may be the same weeks; one may collide with the next day past midnight."""
    return max(rules.days_apart, rules.own_days_apart, 1)


def order(cell: int) -> tuple[bool, int]:
    """In which order squares are looked at: what has no point comes last."""
    return cell < 0, cell


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Rows in that order."""
    found = sorted(rows, key=attrgetter("cell"))
    first = bisect_left(found, 0, key=attrgetter("cell"))
    return found[first:] + found[:first]


class Spot(NamedTuple):
    """Where an activity is, as ``place`` asks."""

    parish: str
    point: Point | None
    format: str
    travels_less: bool


class Looking:
    """The rules of a sweep, and what was asked once and need not be asked again."""

    def __init__(self, world: World, groups: Mapping[str, Group]) -> None:
        self.world = world
        self.groups = groups
        rules = world.rules
        self.km = reach(rules)
        self.days = days(rules)
        self.own_days = rules.own_days_apart
        self.numbers_tell = keys.tell(rules)
        self.neighbours: dict[str, set[str]] = {}
        for parish, others in world.neighbours.items():
            for other in others:
                self.neighbours.setdefault(parish, set()).add(other)
                self.neighbours.setdefault(other, set()).add(parish)
        self._people: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self._reached: list[Prepared] = []
        self._spots: list[Spot] = []
        self._share: dict[tuple[int, int], bool] = {}
        self._lie: dict[tuple[int, int], int] = {}

    def people(self, said: str) -> int:
        """The number of those whom marks tell of."""
        number = self._people.get(said)
        if number is None:
            groups, youngest, oldest, language, topic = said.split(marks.SEPARATOR)
            profile = Profile(
                ref="",
                department="",
                titles={},
                topic=topic,
                groups=tuple(self.groups.get(code) or Group(code) for code in groups.split()),
                sessions=(),
                parish="",
                age_min=int(youngest) if youngest else None,
                age_max=int(oldest) if oldest else None,
                language=language,
            )
            number = self._people[said] = len(self._reached)
            self._reached.append(of(profile))
        return number

    def place(self, said: str) -> int:
        """The number of the place that marks tell of."""
        number = self._places.get(said)
        if number is None:
            parish, lat, lon, how, less = said.split(marks.SEPARATOR)
            number = self._places[said] = len(self._spots)
            self._spots.append(Spot(parish, Point(float(lat), float(lon)) if lat else None, how, bool(less)))
        return number

    def is_from_elsewhere(self, number: int) -> bool:
        """Whether what is at a place can be joined from elsewhere too."""
        return self._spots[number].format in FORMATS_FROM_ELSEWHERE

    def are_the_same_people(self, one: int, other: int) -> bool:
        """Whether two reach the same people."""
        found = self._share.get((one, other))
        if found is None:
            reached = people.share(self._reached[one], self._reached[other])
            found = round(reached * 100) >= self.world.rules.people_percent
            self._share[one, other] = found
        return found

    def lie(self, one: int, other: int) -> int:
        """How two places lie to each other: 0 apart, 1 near, 2 near enough to be in the way."""
        found = self._lie.get((one, other))
        if found is None:
            where = place.compare(
                self._spots[one], self._spots[other], rules=self.world.rules, neighbours=self.world.neighbours
            )
            found = self._lie[one, other] = where.holds + (where.holds and where.meets)
        return found

    def are_near(self, one: Located, other: Located) -> bool:
        """Whether two that are not only online are looked at as neighbours, as :func:`around` does."""
        if one.parish and one.parish == other.parish:
            return True
        if min(one.cell, other.cell) <= NOWHERE:
            return one.parish in self.neighbours.get(other.parish, ())
        return max(one.cell, other.cell) in cells.beside(min(one.cell, other.cell), self.km)


class Block:
    """Activities as positions, in the order of their squares, those without a point last."""

    def __init__(self, looking: Looking, rows: Iterable[Row]) -> None:
        self.looking = looking
        self.rows = in_order(rows)
        marked = [row.marks for row in self.rows]
        self.people = [looking.people(one.people) for one in marked]
        self.places = [looking.place(one.place) for one in marked]
        self.minutes: list[list[tuple[int, int]] | None] = [None] * len(self.rows)
        self.by_people = Sets((one,) for one in self.people)
        self.cells = Sets((row.cell,) for row in self.rows)
        self.parishes = Sets((row.parish,) if row.parish else () for row in self.rows)
        self.nowhere = Sets((row.parish,) if row.parish and row.cell == NOWHERE else () for row in self.rows)
        self.hours = Sets(one.hours for one in marked)
        self.strong, self.weak = Sets(one.strong for one in marked), Sets(one.weak for one in marked)
        self.departments = Sets((one.departments,) for one in marked)
        # Whose the drafts are.
        self.drafts = Sets((row.lead,) if row.is_draft else () for row in self.rows)
        self.begun = Days(row.marks.first_day for row in self.rows)
        self.ended = Days(row.marks.last_day for row in self.rows)
        # What was asked once: rows are many, and much of what they ask is the same.
        self._own: dict[str, int] = {}
        self._reached: dict[int, int] = {}
        self._others_then: dict[tuple[Any, ...], int] = {}
        self._alike: dict[tuple[Any, ...], int] = {}

    def near(self, cell: int, parish: str) -> int:
        """Those near a place: in its parish, in the squares beside its own; where a point is wanting, in the next parishes."""
        looking = self.looking
        found = self.parishes.of(parish)
        beside = looking.neighbours.get(parish, ())
        if cell == NOWHERE:
            return found | self.parishes.any(beside)
        return found | self.nowhere.any(beside) | self.cells.any(cells.beside(cell, looking.km))

    def alike(self, marked: marks.Marks) -> int:
        """Those that may be the same thing: a number that tells for one is the other's too."""
        asked = *marked.strong, None, *marked.weak
        found = self._alike.get(asked)
        if found is None:
            found = self.strong.any((*marked.strong, *marked.weak)) | self.weak.any(marked.strong)
            if not self.looking.numbers_tell:
                found |= self.weak.any(marked.weak)
            self._alike[asked] = found
        return found

    def others_then(self, marked: marks.Marks) -> int:
        """Those of other departments that touch the same hours of the week."""
        asked = marked.departments, *marked.hours
        found = self._others_then.get(asked)
        if found is None:
            found = self._others_then[asked] = self.hours.any(marked.hours) & ~self.own(marked.departments)
        return found

    def own(self, departments: str) -> int:
        """Those that share a department with these."""
        found = self._own.get(departments)
        if found is None:
            mine = set(departments.split(marks.SEPARATOR))
            found = self._own[departments] = self.departments.any(
                theirs for theirs in self.departments if mine.intersection(theirs.split(marks.SEPARATOR))
            )
        return found

    def reached_with(self, whom: int) -> int:
        """Those for the same people."""
        found = self._reached.get(whom)
        if found is None:
            same = self.looking.are_the_same_people
            found = self._reached[whom] = self.by_people.any(other for other in self.by_people if same(whom, other))
        return found

    def sessions(self, at: int) -> list[tuple[int, int]]:
        """The sessions of one, from minute to minute."""
        found = self.minutes[at]
        if found is None:
            found = self.minutes[at] = list(unrolled(self.rows[at].marks.runs))
        return found


def around(block: Block, own: Collection[int] | None = None, window: Window = ALWAYS) -> Iterator[Pair]:
    """The pairs that lie near each other, the first in one of these squares."""
    near: dict[tuple[int, str], int] = {}
    for at, row in enumerate(block.rows):
        if own is not None and row.cell not in own:
            continue
        spot = row.cell, row.parish
        if spot not in near:
            near[spot] = block.near(*spot)
        for other in _may_overlap(block, at, block, later(near[spot], at), window):
            yield row.ref, block.rows[other].ref


def afar(block: Block, screens: Block, own: Collection[int] | None = None, window: Window = ALWAYS) -> Iterator[Pair]:
    """The pairs of what is in a hall, in one of these squares, and what can be joined from farther away."""
    looking = block.looking
    for at, row in enumerate(block.rows):
        # These are never in each other's way: only what may be the same thing is asked.
        if not (alike := screens.alike(row.marks)) or looking.is_from_elsewhere(block.places[at]):
            continue
        if own is None or row.cell in own:
            for other in _may_overlap(block, at, screens, alike, window):
                theirs = screens.rows[other]
                if theirs.cell == ONLINE or not looking.are_near(row, theirs):
                    yield row.ref, theirs.ref


def of_one(mine: Block, others: Block) -> Iterator[Any]:
    """Those that the only one of a block may overlap with."""
    for other in _may_overlap(mine, 0, others, -1, ALWAYS):
        yield others.rows[other].ref


def at_screens(screens: Block, window: Window = ALWAYS) -> Iterator[Pair]:
    """The pairs of what can be joined from elsewhere, those left out that are in halls near each other."""
    for at, row in enumerate(screens.rows):
        for other in _may_overlap(screens, at, screens, later(-1, at), window):
            theirs = screens.rows[other]
            if ONLINE in (row.cell, theirs.cell) or not screens.looking.are_near(row, theirs):
                yield row.ref, theirs.ref


def _may_overlap(mine: Block, at: int, theirs: Block, among: int, window: Window) -> Iterator[int]:
    """Those among some that one may overlap with: sure clashes, and what may be the same thing."""
    row = mine.rows[at]
    marked = row.marks
    looking = mine.looking
    among &= theirs.begun.until(marked.last_day + looking.days) & theirs.ended.since(marked.first_day - looking.days)
    if window.since is not None and marked.first_day < window.since:
        among &= theirs.begun.since(window.since)
    if row.is_draft:
        # Two drafts of two departments are nobody's business yet.
        among &= ~theirs.drafts.any(lead for lead in theirs.drafts if lead != row.lead)
    if not among:
        return
    among &= theirs.reached_with(mine.people[at])
    if not among:
        return
    meeting, alike = among & theirs.others_then(marked), among & theirs.alike(marked)
    if not meeting and not alike:
        return
    where = mine.places[at]
    sure = 0
    for other in each(meeting):
        if (
            looking.lie(where, theirs.places[other]) == 2
            and minutes_together(mine.sessions(at), theirs.sessions(other)) >= looking.world.rules.colliding_minutes
        ):
            sure |= 1 << other
            yield other
    alike &= ~sure
    if alike:
        # One department's own are compared when they lie closer.
        days = looking.own_days
        soon = theirs.begun.until(marked.last_day + days) & theirs.ended.since(marked.first_day - days)
        alike &= ~theirs.own(marked.departments) | soon
    for other in each(alike):
        if looking.lie(where, theirs.places[other]):
            yield other
