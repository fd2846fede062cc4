"""Sets of positions as long integers: a bit for each, so that what many have in common is found by AND."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
# A set of fewer positions is kept as a list: a long integer for each rare word would fill the memory.
FEW = 32


def bits(positions: Sequence[int]) -> int:
    """Positions in order as a long integer."""
    if not positions:
        return 0
    found = bytearray((positions[-1] >> 3) + 1)
    for at in positions:
        found[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(found, "little")


def each(some: int) -> Iterator[int]:
    """The positions of a set that is not negative, in order."""
    while some:
        lowest = some & -some
        yield lowest.bit_length() - 1
        some ^= lowest


def later(some: int, at: int) -> int:
    """Those of a set that come after a position."""
    return some >> (at + 1) << (at + 1)


class Sets(Generic[Key]):
    """Positions by what they have in common. Positions are put in order."""

    def __init__(self) -> None:
        self._lists: dict[Key, list[int]] = {}
        self._bits: dict[Key, int] = {}

    def put(self, key: Key, at: int) -> None:
        """One position."""
        known = self._lists.get(key)
        if known is None:
            self._lists[key] = [at]
        else:
            known.append(at)

    def put_all(self, keys: Iterable[Key], at: int) -> None:
        """One position under several keys."""
        lists = self._lists
        for key in keys:
            if key in lists:
                lists[key].append(at)
            else:
                lists[key] = [at]

    def of(self, key: Key) -> int:
        """Those that have this in common."""
        found = self._bits.get(key)
        if found is None:
            known = self._lists.get(key, ())
            found = bits(known)
            if len(known) > FEW:
                self._bits[key] = found
        return found

    def any(self, keys: Iterable[Key]) -> int:
        """Those that have any of these in common."""
        found = 0
        for key in keys:
            if key in self._lists:
                found |= self.of(key)
        return found


class Days:
    """Positions by a day, asked up to a day or from a day on."""

    def __init__(self, days: Iterable[int]) -> None:
        by_day: dict[int, list[int]] = {}
        for at, day in enumerate(days):
            by_day.setdefault(day, []).append(at)
        self._days = sorted(by_day)
        # Up to the first so many days.
        self._until = [0]
        for day in self._days:
            self._until.append(self._until[-1] | bits(by_day[day]))

    def until(self, day: int) -> int:
        """Those of this day and before."""
        return self._until[bisect_right(self._days, day)]

    def since(self, day: int) -> int:
        """Those of this day and after."""
        return self._until[-1] & ~self._until[bisect_left(self._days, day)]
