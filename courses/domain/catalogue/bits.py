"""Sets of positions as whole numbers: bit *n* set means the activity at position *n* is in the set.

Python's long integers AND 100 000 positions in a few microseconds and count them in as few, which is why the counts
beside every filter are exact and cost no query.
"""

from collections.abc import Iterable, Iterator

WINDOW = 8192
_WINDOW_MASK = (1 << WINDOW) - 1


def from_positions(positions: Iterable[int], size: int) -> int:
    """The set of these positions, each below ``size``; fit for many of them."""
    digits = bytearray(b"0") * (size or 1)
    for at in positions:
        digits[at] = 49  # "1"
    digits.reverse()
    return int(digits, 2)


def from_few(lists: Iterable[Iterable[int]], size: int) -> int:
    """The set of the positions in several short lists."""
    array = bytearray(size // 8 + 1)
    for positions in lists:
        for at in positions:
            array[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(array, "little")


def union(sets: Iterable[int]) -> int:
    """Everything that is in any of the sets."""
    whole = 0
    for members in sets:
        whole |= members
    return whole


def positions(members: int, start: int, count: int) -> list[int]:
    """The positions of a set from the ``start``-th on, lowest first, at most ``count``."""
    return list(_walk(members, start, count))


def _walk(members: int, start: int, count: int) -> Iterator[int]:
    """Window by window, so that the first page of a long list costs no more than that of a short one."""
    base = passed = 0
    end = start + count
    while members and passed < end:
        window = members & _WINDOW_MASK
        inside = window.bit_count()
        if passed + inside <= start:
            passed += inside
        elif inside:
            digits = bin(window)[:1:-1]  # lowest position first
            at = digits.find("1")
            while at != -1 and passed < end:
                if passed >= start:
                    yield base + at
                passed += 1
                at = digits.find("1", at + 1)
        members >>= WINDOW
        base += WINDOW
