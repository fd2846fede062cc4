"""The benchmarks run: the invented world fits the models, and a small run finds its pages. Nothing is timed here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from benchmarks import addresses, overlaps_world, world
from courses.domain.overlaps import sweeping
from courses.models import Activity, Footprint, Overlap, Session

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db
def test_the_world_is_a_published_programme_to_come(client):
    world.fill(50)
    assert Activity.objects.published().count() == 50
    assert Session.objects.count() >= 50
    for activity in Activity.objects.prefetch_related("audiences"):
        activity.full_clean(exclude=["contact"])
        assert activity.audiences.all()
    page = client.get("/aktivitates/").content.decode()
    assert 'data-count="50"' in page
    assert client.get(Activity.objects.order_by("pk")[0].get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_in_the_territory_what_is_planted_overlaps_and_nothing_else():
    made = overlaps_world.fill(1500)
    assert (made["activities"], Activity.objects.count(), Footprint.objects.count()) == (1500, 1500, 1500)
    with connection.cursor() as cursor:
        cursor.execute("SELECT first, second, kind FROM bench_planted")
        planted = set(cursor.fetchall())
    assert {kind for _first, _second, kind in planted} == {"duplicate", "clash"} and len(planted) > 60
    done = sweeping.sweep_all(now=timezone.now())
    found = set(Overlap.objects.values_list("first", "second", "kind"))
    assert len(planted & found) >= 0.9 * len(planted) and len(planted & found) >= 0.9 * len(found)
    assert done.judged < 10 * done.found


def test_addresses_are_all_different_and_the_same_every_time():
    words = {"villages": ["eleja", "zalenieki"], "topics": ["crafts"], "audiences": ["seniors"]}
    from datetime import date

    made = [addresses.catalogue(300, **words, today=date(2027, 1, 11)) for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) == 300


@pytest.mark.django_db
def test_a_small_run_measures_and_leaves_nothing_behind():
    settings = connection.settings_dict
    host = settings["HOST"] or ""
    url = (
        f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/postgres?host={host}&port={settings['PORT'] or 5432}"
    )
    # Where the tests' own database is a copy of one that is migrated, this is another.
    migrated = settings["TEST"].get("TEMPLATE")
    copied = ["--migrated", migrated] if migrated else []
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "catalogue", "--sizes", "50", "--count", "20", "--no-write", *copied],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    # 1 is a target missed, which on a busy machine says nothing.
    assert done.returncode in (0, 1), done.stderr
    assert "catalogue, cold" in done.stdout, done.stderr
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'tuvak_bench_%%_50'")
        assert cursor.fetchone() == (0,)
