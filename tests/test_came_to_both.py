"""How many people really came to both of a pair: a world that one can count on paper."""

from datetime import timedelta
from typing import Any

import pytest

from courses.models import Activity, Overlap
from reporting import schedule
from reporting.domain import came_to_both
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def course(department: str = "MUZ", **said: Any) -> Activity:
    """A course that began two weeks ago."""
    lead = f.DepartmentFactory(code=department, name=department)
    return f.ActivityFactory(lead=lead, first=NOW - timedelta(weeks=2), capacity=None, **said)


def came(person: Any, activity: Activity, *, presence: str = "present", session: int = 0) -> None:
    registration = activity.registrations.filter(resident=person).first() or f.RegistrationFactory(
        party=f.PartyFactory(activity=activity), resident=person
    )
    held = activity.sessions.order_by("starts_at")[session]
    f.AttendanceFactory(session=held, registration=registration, presence=presence)


def test_three_came_to_one_and_two_of_them_to_the_other() -> None:
    one, other = course(), course("JAU")
    pair = f.OverlapFactory(one=one, other=other)
    anna, liga, zane, juris = (f.ResidentFactory(given_name=name) for name in ("Anna", "Līga", "Zane", "Juris"))
    for person in (anna, liga, zane):
        came(person, one)
    came(anna, other)
    # Twice is once; who was not there was not there.
    came(liga, other)
    came(liga, other, session=1)
    came(zane, other, presence="absent")
    came(juris, other)
    assert came_to_both.count(now=NOW) == 1
    pair.refresh_from_db()
    assert pair.came_to_both == 2
    assert came_to_both.count(now=NOW) == 0


def test_nobody_is_a_number_and_what_has_not_begun_is_none() -> None:
    pair = f.OverlapFactory(one=course(), other=course("JAU"))
    ahead = f.OverlapFactory(one=course(), other=f.ActivityFactory(lead=f.DepartmentFactory(code="JAU")))
    schedule.count_who_came_to_both()
    came_to_both.count(now=NOW)
    assert dict(Overlap.objects.values_list("pk", "came_to_both")) == {pair.pk: 0, ahead.pk: None}


def test_number_stays_when_people_are_forgotten_and_sensitive_ones_are_not_followed() -> None:
    long_ago = NOW - timedelta(days=200)
    one, other = (course(code, sessions=[(long_ago, long_ago + timedelta(hours=2))]) for code in ("MUZ", "JAU"))
    kept = f.OverlapFactory(one=one, other=other, came_to_both=7)
    hidden = f.AudienceFactory(code="disability", name="Personas ar invaliditāti", is_sensitive=True)
    closed = f.OverlapFactory(one=course(audiences=[hidden]), other=course("JAU"))
    assert came_to_both.count(now=NOW) == 0
    assert dict(Overlap.objects.values_list("pk", "came_to_both")) == {kept.pk: 7, closed.pk: None}


def test_counting_asks_the_same_for_one_pair_and_for_three(query_count: Any) -> None:
    for pairs in (1, 3):
        while Overlap.objects.count() < pairs:
            f.OverlapFactory(one=course(), other=course("JAU"))
        Overlap.objects.update(came_to_both=None)
        with query_count(5):
            assert came_to_both.count(now=NOW) == pairs
