"""What the parish map shows: points with a count each, lines between neighbours, rings around home."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain.catalogue import Home
from courses.domain.catalogue.index import Snapshot
from courses.filters import Reading
from ecosystem.models import Parish
from ecosystem.templatetags.parish_map import project

RINGS_KM = (5, 10)


@dataclass
class ParishMap:
    """Arguments of the ``parish_map`` component, and the same as a list beside it."""

    points: list[dict[str, Any]]
    edges: list[tuple[str, str]]
    rings: list[float]
    areas: list[str]
    hollow: Mapping[str, Any] | None
    caption: str
    listed: list[tuple[str, str, str]]


def parish_map(
    snapshot: Snapshot, *, counts: dict[str, int], home: Home | None, reading: Reading | None = None
) -> ParishMap | None:
    """The map with a count per parish, each a link to its activities; None where there are no parishes."""
    parishes = [parish for parish in snapshot.vocabulary.parishes if not parish.retired_at]
    if not parishes:
        return None
    catalogue = reverse("courses:catalogue")
    names = {parish.pk: parish.centre_name for parish in parishes}
    points, listed = [], []
    for parish in sorted(parishes, key=lambda parish: -parish.lat):
        number = counts.get(parish.pk, 0)
        words = ngettext("%(n)s activity", "%(n)s activities", number) % {"n": number}
        query = reading.address(vieta=parish.slug, km="", skats="", menesis="") if reading else f"?vieta={parish.slug}"
        at_home = home is not None and home.parish == parish.pk and (home.is_parish or home.name == parish.centre_name)
        points.append(_point(parish.centre_name, parish, catalogue + query, number, words, at_home))
        listed.append((parish.name, catalogue + query, words))
    if home and not any(point["chosen"] for point in points):
        query = reading.address(vieta=home.slug, km="10", skats="") if reading else f"?vieta={home.slug}&km=10"
        points.append(_point(home.name, home.point, catalogue + query, None, "", True))
    name, lat, lon = settings.MAP_HOLLOW or ("", 0.0, 0.0)
    x, y = project(lat, lon)
    return ParishMap(
        points=points,
        edges=[
            (names[code], names[other])
            for code, others in snapshot.vocabulary.neighbours.items()
            for other in others
            if code < other and code in names and other in names
        ],
        rings=list(RINGS_KM) if home else [],
        areas=[path for parish in parishes if (path := _path(parish))],
        hollow={"name": name, "x": x, "y": y} if name else None,
        caption=_("The rings show 5 and 10 km in a straight line.") if home else "",
        listed=listed,
    )


def _point(name: str, at: Any, href: str, count: int | None, words: str, chosen: bool) -> dict[str, Any]:
    x, y = project(at.lat, at.lon)
    point: dict[str, Any] = {"name": name, "x": x, "y": y, "href": href, "chosen": chosen}
    return point if count is None else point | {"count": count, "count_text": words}


def _path(parish: Parish) -> str:
    """The municipality's own polygon as an SVG path, where it has imported one."""
    geometry = parish.boundary or {}
    polygons = geometry.get("coordinates", [])
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    parts = []
    for polygon in polygons:
        for ring in polygon:
            spots = [project(lat, lon) for lon, lat, *_rest in ring]
            parts.append("M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in spots) + "Z")
    return "".join(parts)
