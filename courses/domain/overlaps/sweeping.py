"""One part of a sweep: every pair in it that may overlap is judged, and the rows say so.

A pair is looked at in one part only (``ecosystem.overlap.sweep`` says where), so parts may be made in any order and at once. What
changed meanwhile is left to the news of the change. A part that fails is made up for by the next sweep; one made twice, or
two sweeps at once, change nothing.
"""

import gc
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from courses.domain.overlaps import basis, judging, parts, world
from courses.domain.overlaps.parts import Part
from courses.domain.overlaps.world import Ground
from courses.models import Footprint, Overlap
from ecosystem.overlap import cells, packed, sweep
from ecosystem.overlap.cells import ONLINE
from ecosystem.overlap.finding import Finding
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.profile import Profile
from ecosystem.overlap.rules import RuleSet

# So many pairs are written in one transaction: short enough for others to have their turn.
AT_ONCE = 500


@dataclass(slots=True)
class Done:
    """What a part came to."""

    # Pairs that were judged, overlaps found, rows written, seconds that writing took.
    judged: int = 0
    found: int = 0
    written: int = 0
    writing: float = 0.0

    def add(self, other: "Done") -> None:
        """Together with another part's."""
        self.judged += other.judged
        self.found += other.found
        self.written += other.written
        self.writing += other.writing


def sweep_all(*, now: datetime, many: int = parts.MANY) -> Done:
    """The whole sweep, one part after another, in this process."""
    parts.renew(now=now)
    whole = Done()
    for part in parts.plan(many=many):
        whole.add(sweep_part(part=part, now=now))
    return whole


def sweep_part(*, part: Part, now: datetime) -> Done:
    """Find what overlaps in a part, and make its rows say so."""
    # What a part makes lives until its end: looking for garbage in between would take half of the time.
    watched = gc.isenabled()
    gc.disable()
    try:
        return _sweep_part(part, now)
    finally:
        if watched:
            gc.enable()


def _sweep_part(part: Part, now: datetime) -> Done:
    done = Done()
    scene = _read(part, now)
    pairs = list(scene.pairs())
    kept = _kept({number for pair in pairs for number in pair}, scene.ground)
    standing = _standing(scene)
    differing: list[Finding] = []
    done.judged = len(pairs)
    for finding in _judged(pairs, scene.ground, kept):
        done.found += 1
        if standing.pop(judging.pair(finding), None) != _said(finding):
            differing.append(finding)
            if len(differing) == AT_ONCE:
                done.add(_write(differing, kept, now))
                differing = []
    if differing:
        done.add(_write(differing, kept, now))
    gone = sorted(standing)
    for start in range(0, len(gone), AT_ONCE):
        done.add(_look_again(gone[start : start + AT_ONCE], now))
    return done


# What is read.


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a part looks at."""

    part: Part
    own: frozenset[int]
    ground: Ground
    looking: sweep.Looking
    land: sweep.Block
    screens: sweep.Block

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The pairs of the part that may overlap."""
        window = self.part.window
        if self.part.where == parts.SCREENS:
            return sweep.at_screens(self.screens, window)
        near = sweep.around(self.land, self.own, window)
        return chain(near, sweep.afar(self.land, self.screens, self.own, window))

    def holds(self, one: "Footing", other: "Footing") -> bool:
        """Whether a pair is looked at in this part, as :meth:`pairs` does."""
        if not self.part.window.holds(max(one.first_day, other.first_day)):
            return False
        near = ONLINE not in (one.cell, other.cell) and self.looking.are_near(one, other)
        if not near and one.is_online and other.is_online:
            return self.part.where == parts.SCREENS
        if not near and one.is_online != other.is_online:
            at = other.cell if one.is_online else one.cell
        else:
            at = min(one.cell, other.cell, key=sweep.order)
        return self.part.where != parts.SCREENS and at in self.own


def _read(part: Part, now: datetime) -> Scene:
    """The rows of a part and of what lies around it."""
    rules = world.in_force(on=timezone.localdate(now))
    own = frozenset(part.cells)
    screens = _rows(Q(is_online=True), part, rules)
    land: list[sweep.Row] = []
    if part.where == parts.SCREENS:
        parishes = {row.parish for row in screens}
    else:
        beside = own if part.where == parts.NOWHERE else _first_of(own, sweep.reach(rules))
        land = _rows(Q(cell__in=own.union(part.beyond, beside)), part, rules)
        parishes = {row.parish for row in land if row.cell in own}
    ground = Ground(World(rules, world.neighbours(of=parishes)), world.groups())
    if part.where == parts.LAND:
        near = parishes.union(*(ground.world.neighbours.get(parish, ()) for parish in parishes))
        land += _rows(Q(cell=cells.NOWHERE, parish__in=near), part, rules)
    looking = sweep.Looking(ground.world, ground.groups)
    return Scene(part, own, ground, looking, sweep.Block(looking, land), sweep.Block(looking, screens))


def _first_of(own: Collection[int], km: float) -> set[int]:
    """The squares beside some, of which theirs are the first: of two the first looks at both."""
    return {other for one in own for other in cells.beside(one, km) if other > one}


def _rows(where: Q, part: Part, rules: RuleSet) -> list[sweep.Row]:
    """Marks of footprints, of the part's days."""
    if part.until is not None:
        where &= Q(first_on__lt=date.fromordinal(part.until))
    if part.since is not None:
        where &= Q(last_on__gte=date.fromordinal(part.since - sweep.days(rules)))
    asked = ("pk", "cell", "parish", "lead", "is_draft", "marks")
    return sweep.rows(Footprint.objects.filter(where).order_by().values_list(*asked))


_FOOTING = ("cell", "parish", "is_online", "first_on")


class Footing(NamedTuple):
    """Where and when one of a kept pair is."""

    cell: int
    parish: str
    is_online: bool
    first_day: int

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Footing":
        """Of a footprint's columns."""
        cell, parish, is_online, first_on = row
        return cls(cell, parish, is_online, first_on.toordinal())


def _standing(scene: Scene) -> dict[tuple[int, int], tuple[Any, ...]]:
    """The overlaps that stand, of pairs that are looked at in this part: what their rows say."""
    if scene.part.where == parts.SCREENS:
        sides = [Q(first__footprint__is_online=True, second__footprint__is_online=True)]
    else:
        # Two questions: an "or" over two joins makes the database read everything.
        sides = [Q(first__footprint__cell__in=scene.own), Q(second__footprint__cell__in=scene.own)]
    said = ("kind", "is_own", "strength", "basis", "version")
    places = [f"{side}__footprint__{name}" for side in ("first", "second") for name in _FOOTING]
    found = {}
    for side in sides:
        kept = Overlap.objects.standing().filter(side, first__footprint__isnull=False, second__footprint__isnull=False)
        for first, second, *row in kept.order_by().values_list("first", "second", *said, *places):
            one, other = Footing.of(row[5:9]), Footing.of(row[9:])
            if scene.holds(one, other):
                found[first, second] = tuple(row[:5])
    return found


# What is judged.


# Which writing of a row this is: another one has another number.
_WRITING = RawSQL("courses_footprint.xmin::text", [])


class Kept(NamedTuple):
    """A footprint as it is now: its profile, whose draft it is, and which writing of the row this is."""

    profile: Profile
    draft_of: str
    writing: str


def _kept(numbers: Collection[int], ground: Ground) -> dict[int, Kept]:
    """The whole profiles of some, by number."""
    rows = Footprint.objects.filter(pk__in=numbers).annotate(writing=_WRITING)
    return {
        pk: Kept(packed.unpack(profile, ground.groups, sessions=False), lead if is_draft else "", writing)
        for pk, profile, lead, is_draft, writing in rows.order_by().values_list(
            "pk", "profile", "lead", "is_draft", "writing"
        )
    }


def _judged(pairs: Sequence[tuple[int, int]], ground: Ground, kept: dict[int, Kept]) -> Iterator[Finding]:
    """The verdict on each."""
    for pair in pairs:
        one, other = (kept.get(number) for number in pair)
        if one is None or other is None:
            continue
        if one.draft_of and other.draft_of and one.draft_of != other.draft_of:
            continue
        if (finding := judge(one.profile, other.profile, world=ground.world)) is not None:
            yield finding


def _said(finding: Finding) -> tuple[Any, ...]:
    return finding.kind, finding.own, finding.strength, basis.mark(finding), finding.version


# What is written.


def _write(found: list[Finding], kept: dict[int, Kept], now: datetime) -> Done:
    """Write what is new or changed, of pairs that nobody has changed meanwhile."""
    began = time.perf_counter()
    with transaction.atomic():
        judging.take_turns()
        numbers = {number for finding in found for number in judging.pair(finding)}
        rows = Footprint.objects.filter(pk__in=numbers).annotate(writing=_WRITING).order_by()
        same = {pk for pk, writing in rows.values_list("pk", "writing") if kept[pk].writing == writing}
        good = [finding for finding in found if same.issuperset(judging.pair(finding))]
        judging.write(found=good, there=_rows_of([judging.pair(finding) for finding in good]), now=now)
    return Done(written=len(good), writing=time.perf_counter() - began)


def _look_again(pairs: Sequence[tuple[int, int]], now: datetime) -> Done:
    """End those of kept overlaps that are there no more. Both are looked at again, since one may have changed meanwhile."""
    began = time.perf_counter()
    with transaction.atomic():
        judging.take_turns()
        ground = world.ground(on=timezone.localdate(now))
        kept = _kept({number for pair in pairs for number in pair}, ground)
        there = [pair for pair in pairs if kept.keys() >= set(pair)]
        judging.write(found=list(_judged(there, ground, kept)), there=_rows_of(there), now=now)
    return Done(written=len(there), writing=time.perf_counter() - began)


def _rows_of(pairs: Sequence[tuple[int, int]]) -> list[Overlap]:
    """The rows of these pairs, with their decisions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM courses_overlap JOIN unnest(%s::bigint[], %s::bigint[]) AS pair (first, second)"
            " ON first_id = pair.first AND second_id = pair.second",
            [[first for first, _second in pairs], [second for _first, second in pairs]],
        )
        keys = [pk for (pk,) in cursor]
    return list(Overlap.objects.filter(pk__in=keys).select_related("decision").order_by("pk"))
