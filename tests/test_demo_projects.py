"""The demonstration's project: the same for the same seed and day, with something of every kind done and planned."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import connection

from coordinators.domain import projects as domain
from coordinators.enums import MobilityKind
from coordinators.models import DisseminationEvent, Mobility, Objective, Practice, Project, Publication
from courses.demo import load, places
from ecosystem.domain import vocabulary
from reporting.demo import projects
from reporting.models import PracticeUse
from tests import factories as f

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 29)
TABLES = [model._meta.db_table for model in (Project, Objective, Mobility, Practice, DisseminationEvent, Publication)]


def rows() -> dict[str, Any]:
    with connection.cursor() as cursor:
        found = {}
        for table in [*TABLES, PracticeUse._meta.db_table]:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY id")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def test_the_project_is_the_same_again_and_shows_every_kind() -> None:
    load.load(seed=3, today=DAY, residents=20)
    projects.load(seed=3, today=DAY)
    first = rows()
    projects.load(seed=3, today=DAY)
    assert rows() == first
    assert [len(found) for found in first.values()] == [1, 3, 15, 3, 5, 6, 7]
    project = Project.objects.get()
    assert domain.remarks(project) == []
    assert {mobility.kind for mobility in project.mobilities.all()} == set(MobilityKind.values)
    assert {mobility.state for mobility in project.mobilities.all()} == {"done", "planned", "cancelled"}
    assert all(mobility.ends_on < DAY for mobility in project.mobilities.filter(state="done"))
    # Another's project stays.
    f.ProjectFactory(code="2026-1-LV01-KA122-ADU-000000002")
    projects.load(seed=4, today=DAY)
    assert Project.objects.count() == 2


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2028, 2, 29), date(2027, 7, 31)])
def test_it_can_be_made_around_any_day(day: date) -> None:
    vocabulary.load(now=datetime.combine(day, time(0), tzinfo=f.RIGA))
    places.centres()
    places.posts(today=day)
    projects.load(seed=1, today=day)
    assert domain.remarks(Project.objects.get()) == []
