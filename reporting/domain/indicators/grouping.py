"""Figures of the network's growth: few rows, which no table of the copy tells. Read as they stand and grouped here.

Beside the dimensions that a row has, an indicator may have ``aspect``: the several numbers of one definition (days in
all, days on average), which never add up. Asked by nothing, it gives the first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TypeVar

from reporting.domain.figures import Row
from reporting.domain.indicators.asking import Ask

T = TypeVar("T")
# The value, what it rests on, how much of that is not known.
Counted = tuple[float | None, int, int]
ASPECT = "aspect"


def grouped(
    ask: Ask,
    found: Iterable[T],
    *,
    keys: Mapping[str, Callable[[T], Collection[str]]],
    aspects: Mapping[str, Callable[[Sequence[T]], Counted]],
) -> list[Row]:
    """Rows of what was found, by their keys; one that has several keys of a dimension is in each of them."""
    names = [name for name in ask.asked.by if name != ASPECT]
    filters = {name: codes for name, codes in ask.asked.filters.items() if codes and name != ASPECT}
    cells: dict[tuple[str, ...], list[T]] = {} if names else {(): []}
    for item in found:
        told = {name: keys[name](item) for name in {*names, *filters}}
        if any(set(codes).isdisjoint(told[name]) for name, codes in filters.items()):
            continue
        fitting = ([key for key in told[name] if key in filters.get(name, (key,))] for name in names)
        for key in product(*fitting):
            cells.setdefault(key, []).append(item)
    rows = []
    for key, items in sorted(cells.items()):
        for aspect in chosen(ask, aspects):
            value, n, not_known = aspects[aspect](items)
            said = dict(zip(names, key, strict=True)) | ({ASPECT: aspect} if ASPECT in ask.asked.by else {})
            rows.append(Row({name: said[name] for name in ask.asked.by}, value, n, not_known))
    return rows


def chosen(ask: Ask, aspects: Iterable[str]) -> list[str]:
    """The aspects asked for: those filtered by, all when broken down by them, else the first."""
    there = list(aspects)
    wanted = [each for each in there if each in ask.asked.filters.get(ASPECT, there)]
    return wanted if ASPECT in ask.asked.by else wanted[:1]


def told_apart(ask: Ask, formulas: Mapping[str, Callable[[Ask], Iterable[Row]]]) -> list[Row]:
    """Rows of those of several formulas that are asked for, each under its aspect."""
    plain = ask.without(ASPECT).split(*(name for name in ask.asked.by if name != ASPECT))
    rows = []
    for aspect in chosen(ask, formulas):
        for row in formulas[aspect](plain):
            said = {**row.keys, ASPECT: aspect}
            rows.append(replace(row, keys={name: said[name] for name in ask.asked.by}))
    return rows


def percent(part: int, whole: int) -> float | None:
    """The part in a hundred of the whole; nothing where the whole is nothing."""
    return 100.0 * part / whole if whole else None
