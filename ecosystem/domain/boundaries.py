"""The municipality's own parish polygons, for the map. They are its own to publish; none could be shipped."""

import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.models import Parish
from ecosystem.text import fold

KINDS = ("Polygon", "MultiPolygon")
CODE_KEYS = ("code", "atvk", "ATVK", "kods", "CODE")
NAME_KEYS = ("name", "nosaukums", "NOSAUKUMS", "Name", "NAME")


class BoundariesRefused(Exception):
    """The file cannot be taken; the message says why and what to do."""


def import_boundaries(*, text: str) -> list[str]:
    """Give parishes the polygons of a GeoJSON FeatureCollection (WGS 84); returns the names of those that got one.

    A feature names its parish by code (``code``, ``atvk`` …, leading zero lost or not) or by name. Raises
    ``BoundariesRefused``, and then nothing is changed.
    """
    parishes = list(Parish.objects.all())
    by_code = {parish.code.lstrip("0"): parish for parish in parishes}
    by_name = {fold(parish.name): parish for parish in parishes}
    found: dict[str, Parish] = {}
    for number, feature in enumerate(_features(text), start=1):
        properties = feature.get("properties") or {}
        code = next((str(properties[key]).lstrip("0") for key in CODE_KEYS if properties.get(key)), "")
        name = next((fold(str(properties[key])) for key in NAME_KEYS if properties.get(key)), "")
        parish = by_code.get(code) or by_name.get(name) or by_name.get(f"{name} pagasts")
        if parish is None:
            raise BoundariesRefused(
                _("Feature %(n)s names no parish that is known: give its code or its name.") % {"n": number}
            )
        parish.boundary = _geometry(feature.get("geometry"), number)
        found[parish.pk] = parish
    if not found:
        raise BoundariesRefused(_("There is no feature in the file."))
    with transaction.atomic():
        Parish.objects.bulk_update(found.values(), ["boundary"])
    return sorted(parish.name for parish in found.values())


def _features(text: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise BoundariesRefused(_("This is not GeoJSON."))
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise BoundariesRefused(_("This is not a GeoJSON FeatureCollection."))
    return features


def _geometry(geometry: Any, number: int) -> dict[str, Any]:
    """The polygon, checked: only what can be drawn, in degrees."""
    wrong = BoundariesRefused(
        _("Feature %(n)s is not a polygon in degrees (WGS 84, longitude before latitude).") % {"n": number}
    )
    if not isinstance(geometry, dict) or geometry.get("type") not in KINDS:
        raise wrong
    polygons = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    try:
        for polygon in polygons or []:
            for ring in polygon:
                if len(ring) < 4:
                    raise wrong
                for position in ring:
                    lon, lat = float(position[0]), float(position[1])
                    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                        raise wrong
    except (TypeError, ValueError, IndexError):
        raise wrong
    if not polygons or not all(polygons):
        raise wrong
    return {"type": geometry["type"], "coordinates": geometry["coordinates"]}
