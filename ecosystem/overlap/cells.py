"""Squares of the territory, so that a database finds what may be near by an ordinary index.

A square is about 5.5 by 6 kilometres where Latvia lies. Whatever lies within some kilometres of a point lies in one of the
squares :func:`around` gives, whatever lies within them of anything in a square in one of those :func:`beside` gives; they are
more than needed, never fewer.
"""

from functools import lru_cache
from math import cos, floor, radians

from ecosystem.geo import Point
from ecosystem.overlap.place import KM_A_DEGREE

# Degrees of latitude and longitude.
HIGH, WIDE = 0.05, 0.1
# More columns than there are around the earth, so that row and column make one number.
COLUMNS = 4000
# What has no point lies in no square that a point can be near; what is only online lies nowhere.
NOWHERE, ONLINE = -1, -2


def cell(point: Point | None) -> int:
    """The square in which a point lies."""
    if point is None:
        return NOWHERE
    return _number(floor((point[0] + 90) / HIGH), floor((point[1] + 180) / WIDE))


def around(point: Point, km: float) -> list[int]:
    """The squares that hold everything within so many kilometres of a point, and perhaps a little more."""
    up, aside = _degrees(abs(point[0]), km)
    return _squares(point[0] - up, point[0] + up, point[1] - aside, point[1] + aside)


@lru_cache(maxsize=65536)
def beside(square: int, km: float) -> tuple[int, ...]:
    """The squares that hold everything within so many kilometres of anything in a square, itself among them."""
    row, column = divmod(square, COLUMNS)
    south, west = row * HIGH - 90, column * WIDE - 180
    up, aside = _degrees(max(abs(south), abs(south + HIGH)), km)
    # A hair more: a square's own edge is no sharper than its number.
    up, aside = up + HIGH / 1000, aside + WIDE / 1000
    return tuple(_squares(south - up, south + HIGH + up, west - aside, west + WIDE + aside))


def _degrees(latitude: float, km: float) -> tuple[float, float]:
    """Degrees of latitude and longitude that so many kilometres are at most, no farther from the equator than this."""
    up = km / KM_A_DEGREE
    # Meridians draw together towards the pole: the edge nearest to it decides.
    return up, km / (KM_A_DEGREE * max(0.01, cos(radians(min(89.0, latitude + up)))))


def _squares(south: float, north: float, west: float, east: float) -> list[int]:
    rows = range(floor((south + 90) / HIGH), floor((north + 90) / HIGH) + 1)
    columns = range(floor((west + 180) / WIDE), floor((east + 180) / WIDE) + 1)
    return [_number(row, column) for row in rows for column in columns]


def _number(row: int, column: int) -> int:
    return row * COLUMNS + column
