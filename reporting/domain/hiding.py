"""Small numbers of people are hidden in what is public or exported: 1 to 4, and others they could be worked out from.

In each line of a table (all dimensions but one held fast) a single hidden number would be the total less the rest, so a
second is hidden with it: the smallest of the others. The total itself is hidden where nothing else stands beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from reporting.domain import limits
from reporting.domain.figures import Figure, Row, Unit
from reporting.domain.indicators.grouping import ASPECT
from reporting.domain.indicators.registry import INDICATORS


def is_small(row: Row, unit: Unit, most: int) -> bool:
    """Whether a row tells of 1 to ``most`` people: it counts them, it is a share of so few, or so few are the share."""
    if 1 <= row.n <= most:
        return True
    if unit is Unit.PERCENT and row.value is not None:
        part = round(row.value * row.n / 100)
        return 1 <= part <= most or 1 <= row.n - part <= most
    return unit in (Unit.PEOPLE, Unit.COUNT) and row.value is not None and 1 <= row.value <= most


def hide(figure: Figure, *, most: int | None = None) -> Figure:
    """The same with hidden rows empty and marked; unchanged where an indicator does not tell of people."""
    marked = mark(figure, most=most)
    return replace(
        marked,
        rows=tuple(replace(row, value=None, n=0, not_known=0) if row.suppressed else row for row in marked.rows),
    )


def mark(figure: Figure, *, most: int | None = None) -> Figure:
    """The same with the rows marked that would be hidden: how staff see them, numbers and all.

    ``most`` is the largest number that is hidden; unless given, the limit of the period's last day.
    """
    if not INDICATORS[figure.code].about_people:
        return figure
    most = limits.small_cell(on=figure.asked.period.last) if most is None else most
    hidden = {place for place, row in enumerate(figure.rows) if row.suppressed or is_small(row, figure.unit, most)}
    lines = _lines(figure.rows, figure.asked.by)
    while more := _second(figure.rows, lines, hidden):
        hidden |= more
    rows = tuple(replace(row, suppressed=place in hidden) for place, row in enumerate(figure.rows))
    return replace(figure, rows=rows)


def hides_whole(parts: Figure, *, most: int | None = None) -> bool:
    """Whether the whole, published beside its parts, would give one of them away: one part, and it is hidden."""
    marked = mark(parts, most=most)
    return sum(row.suppressed for row in marked.rows) == 1 == len(marked.rows)


def hidden_cells(figures: Iterable[Figure]) -> int:
    """How many numbers are hidden in these."""
    return sum(row.suppressed for figure in figures for row in mark(figure).rows)


def _lines(rows: Sequence[Row], by: Sequence[str]) -> list[list[int]]:
    """Which rows add up to something that may be known: those alike in all dimensions but some."""
    lines: list[list[int]] = []
    # The several numbers of one definition add up to nothing.
    apart = [name for name in by if name == ASPECT]
    parts = [name for name in by if name != ASPECT]
    for many in range(len(parts)):
        for fast in combinations(parts, many):
            found: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for place, row in enumerate(rows):
                found[tuple(row.keys[name] for name in (*fast, *apart))].append(place)
            lines += found.values()
    return lines


def _second(rows: Sequence[Row], lines: Sequence[list[int]], hidden: set[int]) -> set[int]:
    """One more to hide where a line has a single hidden number; none when all is well.

    The one that helps most lines at once, of those the smallest, so that as little as can be is hidden.
    """
    helps: dict[int, int] = defaultdict(int)
    for line in lines:
        if sum(place in hidden for place in line) == 1:
            for place in line:
                if place not in hidden and rows[place].n > 0:
                    helps[place] += 1
    if not helps:
        return set()
    return {min(helps, key=lambda place: (-helps[place], rows[place].n, tuple(rows[place].keys.values())))}
