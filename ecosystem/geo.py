"""Distance over the municipality: great-circle kilometres, called approximate wherever they are shown."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_KM = 6371.0088  # mean radius, IUGG


class Point(NamedTuple):
    """A place on the map, degrees WGS 84."""

    lat: float
    lon: float


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres, by the haversine formula (R. W. Sinnott, 1984)."""
    dlat, dlon = radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2
    h = sin(dlat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, h)))
