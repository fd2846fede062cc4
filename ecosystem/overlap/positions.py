"""Sets of positions as long integers: a bit for each, so that what many have in common is found by AND."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
# A set of fewer positions is kept as a list: a long integer for each rare word would fill the memory.
FEW = 32


def bits(positions: Collection[int]) -> int:
    """Positions as a long integer."""
    if not positions:
        return 0
    found = bytearray((max(positions) >> 3) + 1)
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
    """Positions by what they have in common."""

    def __init__(self, keys: Iterable[Collection[Key]]) -> None:
        """``keys`` are those of each position, in order."""
        lists: defaultdict[Key, list[int]] = defaultdict(list)
        for at, some in enumerate(keys):
            for key in some:
                lists[key].append(at)
        self._lists: dict[Key, list[int]] = dict(lists)
        self._bits: dict[Key, int] = {}

    def of(self, key: Key) -> int:
        """Those that have this in common."""
        return self.any((key,))

    def any(self, keys: Iterable[Key]) -> int:
        """Those that have any of these in common."""
        found, few = 0, []
        for key in keys:
            some = self._bits.get(key)
            if some is None:
                known = self._lists.get(key)
                if known is None:
                    continue
                if len(known) <= FEW:
                    few += known
                    continue
                some = self._bits[key] = bits(known)
            found |= some
        return found | bits(few) if few else found

    def __iter__(self) -> Iterator[Key]:
        return iter(self._lists)


class Days:
    """Positions by a day, asked up to a day or from a day on."""

    def __init__(self, days: Iterable[int]) -> None:
        by_day: defaultdict[int, list[int]] = defaultdict(list)
        for at, day in enumerate(days):
            by_day[day].append(at)
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
        return self._until[-1] ^ self._until[bisect_left(self._days, day)]
