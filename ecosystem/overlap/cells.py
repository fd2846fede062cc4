"""Squares of the territory, so that a database finds what may be near by an ordinary index.

A square is about 17 by 15 kilometres where Latvia lies. Whatever lies within some kilometres of a point lies in one of the
squares :func:`around` gives; they are more than needed, never fewer.
"""

from math import cos, floor, radians

from ecosystem.geo import Point
from ecosystem.overlap.place import KM_A_DEGREE

# Degrees of latitude and longitude.
HIGH, WIDE = 0.15, 0.25
# More columns than there are around the earth, so that row and column make one number.
COLUMNS = 2000
# What has no point lies in no square that a point can be near.
NOWHERE = -1


def cell(point: Point | None) -> int:
    """The square in which a point lies."""
    if point is None:
        return NOWHERE
    return _number(floor((point[0] + 90) / HIGH), floor((point[1] + 180) / WIDE))


def around(point: Point, km: float) -> list[int]:
    """The squares that hold everything within so many kilometres of a point, and perhaps a little more."""
    up = km / KM_A_DEGREE
    # Meridians draw together towards the pole: the edge nearest to it decides.
    aside = km / (KM_A_DEGREE * max(0.01, cos(radians(min(89.0, abs(point[0]) + up)))))
    rows = range(floor((point[0] - up + 90) / HIGH), floor((point[0] + up + 90) / HIGH) + 1)
    columns = range(floor((point[1] - aside + 180) / WIDE), floor((point[1] + aside + 180) / WIDE) + 1)
    return [_number(row, column) for row in rows for column in columns]


def _number(row: int, column: int) -> int:
    return row * COLUMNS + column
