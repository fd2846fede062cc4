"""The municipality's own polygons."""

import json

import pytest
from django.core.management import CommandError, call_command

from ecosystem.models import Parish
from tests.factories import ActivityFactory, ParishFactory

pytestmark = pytest.mark.django_db
SQUARE = [[[23.6, 56.4], [23.7, 56.4], [23.7, 56.5], [23.6, 56.4]]]


def collection(geometry=None, **properties):
    geometry = geometry or {"type": "Polygon", "coordinates": SQUARE}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": geometry}],
    }


@pytest.mark.parametrize(
    "properties", [{"code": "540248"}, {"atvk": "0540248"}, {"name": "Elejas pagasts"}, {"name": "ELEJAS"}]
)
def test_a_polygon_finds_its_parish_and_stands_on_the_map(client, tmp_path, properties):
    ParishFactory()
    ActivityFactory()
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps(collection(**properties)))
    call_command("import_boundaries", file)
    assert Parish.objects.get().boundary == {"type": "Polygon", "coordinates": SQUARE}
    assert 'class="map-area"' in client.get("/aktivitates/?skats=karte").content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"features": 5}',
        '{"features": []}',
        json.dumps(collection(name="Atlantīda")),
        json.dumps(collection({"type": "Point", "coordinates": [1, 2]}, name="Elejas pagasts")),
        json.dumps(collection({"type": "Polygon", "coordinates": [[["x", 1]] * 4]}, name="Elejas pagasts")),
        json.dumps(collection({"type": "Polygon", "coordinates": [[[500000, 6200000]] * 4]}, name="Elejas pagasts")),
        json.dumps(collection({"type": "Polygon", "coordinates": []}, name="Elejas pagasts")),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_and_changes_nothing(tmp_path, text):
    ParishFactory()
    file = tmp_path / "a.geojson"
    file.write_text(text)
    with pytest.raises(CommandError):
        call_command("import_boundaries", file)
    assert Parish.objects.get().boundary is None


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_boundaries", tmp_path / "nav.geojson")
