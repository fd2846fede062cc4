"""The parts of a sweep: the whole programme compared anew, cut into pieces that many workers share.

News of changes are judged as they come (:mod:`reading`); the sweep finds what they missed, what new rules find, and what
time alone changes. Each part is a piece of the territory and of time, taken by any worker in any order (:mod:`sweeping`).
"""

import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from courses.domain.overlaps import footprints, judging, world
from courses.models import Footprint
from ecosystem.overlap import cells, keys, sweep

# How many activities a part has of its own: enough that what lies around them is a small part, few enough for the memory.
MANY = 16000


# So many footprints are renewed in one transaction: short enough for others to have their turn.
AT_ONCE = 500
# Squares of the territory; what has no point in it; what can be joined from elsewhere.
LAND, NOWHERE, SCREENS = "land", "nowhere", "screens"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sweep: squares of its own (or what has no point, or what is joined from elsewhere), and days.

    Of two the later begins from ``since`` on and before ``until``; None is open.
    """

    where: str
    cells: tuple[int, ...] = ()
    # Squares farther away in which the same parishes have something.
    beyond: tuple[int, ...] = ()
    since: int | None = None
    until: int | None = None

    def as_message(self) -> dict[str, Any]:
        """As a message to a worker carries it."""
        return asdict(self)

    @classmethod
    def of_message(cls, said: dict[str, Any]) -> "Part":
        """The same again."""
        return cls(**{**said, "cells": tuple(said["cells"]), "beyond": tuple(said["beyond"])})

    @property
    def first(self) -> int:
        """The first of its squares."""
        return min(self.cells)

    @property
    def window(self) -> sweep.Window:
        """Its days."""
        return sweep.Window(self.since, self.until)


def renew(*, now: datetime) -> int:
    """Make anew the footprints that are wanting, older than their activity, or read by other rules and lists, as after a new
    version of the portal; take away those of what is over. How many were made."""
    footprints.lapse(today=timezone.localdate(now))
    stamp = keys.stamp()
    known = Footprint.objects.order_by()
    wanting = footprints.judged(now=now).filter(footprint=None, unjudged=None).order_by()
    # Two questions instead of "not": an index answers each.
    other = [known.filter(stamp__lt=stamp), known.filter(stamp__gt=stamp)]
    found = set(wanting.values_list("pk", flat=True))
    for old in (*other, known.filter(activity__changed_at__gt=F("made_at"))):
        found.update(old.values_list("pk", flat=True))
    ground = world.ground(on=timezone.localdate(now), parishes=())
    numbers = sorted(found)
    for start in range(0, len(numbers), AT_ONCE):
        with transaction.atomic():
            judging.take_turns()
            footprints.keep(activities=numbers[start : start + AT_ONCE], ground=ground, now=now)
    return len(numbers)


def plan(*, many: int = MANY) -> Iterator[Part]:
    """The parts of a sweep, each with about so many activities, as the footprints are now.

    Given one by one, so that workers begin with the first while the others are being cut.
    """
    by_parish: dict[str, set[int]] = {}
    counts: dict[int, int] = {}
    rows = Footprint.objects.order_by().values_list("parish", "cell").annotate(count=Count("pk"))
    parishes_of: dict[int, set[str]] = {}
    for parish, cell, count in rows:
        if cell >= 0:
            by_parish.setdefault(parish, set()).add(cell)
            parishes_of.setdefault(cell, set()).add(parish)
        if cell != cells.ONLINE:
            counts[cell] = counts.get(cell, 0) + count
    nowhere = counts.pop(cells.NOWHERE, 0)
    for some in _pieces(sorted(counts), counts, many):
        own = frozenset(some)
        same = set().union(*(by_parish[parish] for cell in some for parish in parishes_of[cell])) - own
        total = sum(counts[cell] for cell in some)
        yield from _by_time(Part(LAND, tuple(some), tuple(sorted(same))), total, many)
    if nowhere:
        yield from _by_time(Part(NOWHERE, (cells.NOWHERE,)), nowhere, many)
    screens = Footprint.objects.filter(is_online=True).count()
    if screens:
        yield from _by_time(Part(SCREENS), screens, many)


def _pieces(squares: list[int], counts: dict[int, int], many: int) -> Iterator[list[int]]:
    """Squares in pieces of about so many activities, each as square as can be: halved along its longer side."""
    total = sum(counts[square] for square in squares)
    if total <= many or len(squares) == 1:
        if squares:
            yield squares
        return
    rows = [square // cells.COLUMNS for square in squares]
    columns = [square % cells.COLUMNS for square in squares]
    if (max(rows) - min(rows)) * cells.HIGH < (max(columns) - min(columns)) * cells.WIDE / 2:
        squares = sorted(squares, key=lambda square: (square % cells.COLUMNS, square))
    half = 0
    for place, square in enumerate(squares[:-1], start=1):
        half += counts[square]
        if half * 2 >= total or place == len(squares) - 1:
            break
    yield from _pieces(sorted(squares[:place]), counts, many)
    yield from _pieces(sorted(squares[place:]), counts, many)


def _by_time(part: Part, count: int, many: int) -> list[Part]:
    """A part in which there is much, cut by days."""
    if count <= 2 * many:
        return [part]
    rows = (
        Footprint.objects.filter(is_online=True)
        if part.where == SCREENS
        else Footprint.objects.filter(cell__in=part.cells)
    )
    edges: list[int | None] = [None]
    there = 0
    for day, number in rows.order_by("first_on").values_list("first_on").annotate(count=Count("pk")):
        if there and there + number > many:
            edges.append(day.toordinal())
            there = 0
        there += number
    edges.append(None)
    return [Part(part.where, part.cells, part.beyond, since, until) for since, until in itertools.pairwise(edges)]
