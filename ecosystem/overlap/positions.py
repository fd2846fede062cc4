"""Sets of positions as long integers: a bit for each, so that what many have in common is found by AND."""

from bisect import bisect_left, bisect_right
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
        return self.any((key,))

    def any(self, keys: Iterable[Key], after: int = -1) -> int:
        """Those that have any of these in common; of what few have only those that come after a position."""
        found, few = 0, []
        for key in keys:
            some = self._bits.get(key)
            if some is None:
                known = self._lists.get(key)
                if known is None:
                    continue
                if len(known) <= FEW:
                    if known[-1] > after:
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
        by_day: dict[int, list[int]] = {}
        for at, day in enumerate(days):
            by_day.setdefault(day, []).append(at)
        self._days = sorted(by_day)
        # Up to the first so many days, and from so many on.
        self._until, self._since = [0], [0]
        for day in self._days:
            self._until.append(self._until[-1] | bits(by_day[day]))
        for day in reversed(self._days):
            self._since.append(self._since[-1] | bits(by_day[day]))
        self._since.reverse()

    def until(self, day: int) -> int:
        """Those of this day and before."""
        return self._until[bisect_right(self._days, day)]

    def since(self, day: int) -> int:
        """Those of this day and after."""
        return self._since[bisect_left(self._days, day)]
