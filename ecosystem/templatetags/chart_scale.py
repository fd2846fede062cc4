"""Lengths of a chart. Bars begin at 0, equal values are equally long, and nothing that comes in breaks the drawing.

Drawings are SVG whose lengths across are percents of whatever room there is, and whose heights and letters are pixels:
so letters stay as large on a telephone as on a desk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from ecosystem.numbers import finite


@dataclass(frozen=True)
class Scale:
    """From a value to percents of the room, zero always among them."""

    low: float = 0.0
    high: float = 1.0

    @classmethod
    def of(cls, values: Iterable[float | None]) -> "Scale":
        """Wide enough for all of these and for zero."""
        known = [number for number in map(finite, values) if number is not None]
        low, high = min([0.0, *known]), max([0.0, *known])
        return cls(low, high) if high - low > 0 else cls(0.0, 1.0)

    @property
    def zero(self) -> float:
        """Where 0 stands."""
        return self.at(0.0)

    def at(self, value: float) -> float:
        """Where a value stands, 0 to 100."""
        # Divided first: the difference of two huge numbers of unlike sign may be more than a number holds.
        spread = self.high / 2 - self.low / 2
        share = (value / 2 - self.low / 2) / spread if spread > 0 else 0.0
        return round(100 * min(1.0, max(0.0, share)), 3)

    def bar(self, value: float) -> tuple[float, float]:
        """Where a bar begins, and how long it is."""
        a, b = sorted((self.zero, self.at(value)))
        return a, round(b - a, 3)


def ticks(values: Iterable[float | None], *, most: int = 4) -> list[float]:
    """Round numbers from 0 (or beneath the lowest) to above the highest, at most so many steps and two more.

    Of whole numbers whole ones: there is no half person.
    """
    known = [number for number in map(finite, values) if number is not None]
    scale = Scale.of(known)
    rough = scale.high / most - scale.low / most
    power = 10.0 ** floor(log10(rough)) if rough > 0 else 1.0
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    if all(number == int(number) for number in known):
        step = max(1.0, step)
    first, last = floor(scale.low / step), ceil(scale.high / step)
    return [round(number * step, 12) for number in range(first, last + 1)]


def decimals(marks: Sequence[float]) -> int:
    """How many digits after the point tell all of them apart."""
    return next((places for places in range(4) if all(round(mark, places) == mark for mark in marks)), 4)


def percent(number: float) -> str:
    """A length as an attribute says it."""
    return f"{number:g}%"
