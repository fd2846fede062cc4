"""Joining people with real connections: whatever else is done at that moment, exactly one of each, and nothing lost."""

from datetime import timedelta

import pytest
from django.db.models import F

from courses.domain import attendance, erasing, merging, registrations, unmerging
from courses.domain.refusals import Refusal, Refusals
from courses.domain.registrations import Contact, Person
from courses.models import Activity, Merge, Party, Registration
from ecosystem import tasks
from residents.domain import doubles
from residents.models import Household, PossibleDouble, Resident
from tests import factories as f
from tests.factories import NOW
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """The messages stay rows: what is looked at here are people and places."""
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)


def person(number: int) -> Resident:
    """Līga once more, under another e-mail."""
    home = f.HouseholdFactory(email=f"liga{number}@example.lv")
    return f.ResidentFactory(household=home, created_at=NOW + timedelta(minutes=number))


def place(activity: Activity, resident: Resident) -> Registration:
    made = f.RegistrationFactory(party=f.PartyFactory(activity=activity), resident=resident)
    Activity.objects.filter(pk=activity.pk).update(taken=F("taken") + 1)
    return made


def join(kept: Resident, gone: Resident):
    return lambda: merging.merge(kept=kept, gone=gone, by=None, now=LATER)


def kinds(results: list[object]) -> list[str]:
    return sorted(result.code if isinstance(result, Refusal) else type(result).__name__ for result in results)


def taken_is_true(activity: Activity) -> bool:
    activity.refresh_from_db()
    return activity.taken == activity.registrations.holding_places().count()


def test_the_same_two_joined_by_many_at_once_are_joined_once():
    one, other = person(1), person(2)
    activity = f.ActivityFactory(capacity=2)
    place(activity, one), place(activity, other)
    results = at_once(join(one, other), join(other, one), join(one, other), join(other, one))
    assert kinds(results) == ["Merge", "gone", "gone", "gone"]
    assert (Resident.objects.count(), Merge.objects.count(), Household.objects.count()) == (1, 1, 1)
    assert Registration.objects.live().count() == 1
    assert taken_is_true(activity)


def test_a_ring_of_merges_leaves_somebody():
    people = [person(number) for number in range(4)]
    activity = f.ActivityFactory(capacity=4)
    for one in people:
        place(activity, one)
    doubles.look(residents=[one.pk for one in people], now=NOW)
    pairs = [(people[n], people[(n + 1) % 4]) for n in range(4)]
    results = at_once(*(join(*pair) for pair in pairs), lambda: doubles.look_at_all(now=LATER))
    assert [each for each in results if isinstance(each, Exception) and not isinstance(each, Refusal)] == []
    merged = sum(isinstance(each, Merge) for each in results)
    assert Resident.objects.count() == 4 - merged
    assert merged >= 2, "two that have nobody in common do not wait for each other in vain"
    assert Registration.objects.live().count() == 4 - merged
    assert taken_is_true(activity)
    there = set(Resident.objects.values_list("pk", flat=True))
    assert {pk for pair in PossibleDouble.objects.values_list("first", "second") for pk in pair} <= there


def test_who_registers_while_being_joined_is_one_person_with_one_place():
    """The form and the desk, by either's evidence, at the moment of joining: no fault, nobody left to nobody."""
    for _round in range(3):
        one, other = person(1), person(2)
        activity = f.ActivityFactory(capacity=5)
        f.VillageFactory()
        village = one.village
        typed = Person("Līga", "Bērziņa", 1960, 5, 3, village=village)

        def by_form(number: int, typed=typed, activity=activity):
            contact = Contact(email=f"liga{number}@example.lv")
            return lambda: registrations.register(activity=activity, people=[typed], contact=contact, now=LATER)

        def at_the_desk(found: Resident, typed=typed, activity=activity):
            return lambda: registrations.register(
                activity=activity,
                people=[typed],
                contact=Contact(),
                channel="desk",
                now=LATER,
                residents=[found.pk],
            )

        results = at_once(join(one, other), by_form(1), by_form(2), at_the_desk(other), at_the_desk(one))
        faults = [each for each in results if isinstance(each, Exception) and not isinstance(each, Refusals)]
        assert faults == []
        assert [each for each in results if not isinstance(each, Merge | Party | Refusals)] == []
        assert Resident.objects.count() == 1
        assert Registration.objects.live().filter(activity=activity).count() == 1
        assert taken_is_true(activity)
        Registration.objects.all().delete()
        Party.objects.all().delete()
        Resident.objects.all().delete()
        Household.objects.all().delete()
        Merge.objects.all().delete()


def test_undoing_erasing_and_marking_at_once():
    one, other = person(1), person(2)
    activity = f.ActivityFactory(capacity=2, first=NOW - timedelta(hours=3))
    session = activity.sessions.order_by("starts_at").first()
    stands, _ends = place(activity, one), place(activity, other)
    merged = merging.merge(kept=one, gone=other, by=None, now=LATER)
    by = f.UserFactory()
    results = at_once(
        lambda: unmerging.unmerge(merged=merged, by=None, now=LATER),
        lambda: unmerging.unmerge(merged=merged, by=None, now=LATER),
        lambda: erasing.erase(resident=one, by=None, now=LATER),
        lambda: erasing.erase(resident=one, by=None, now=LATER),
        lambda: attendance.mark(session=session, marks={stands.pk: "present"}, by=by, now=LATER),
    )
    assert [each for each in results if isinstance(each, Exception) and not isinstance(each, Refusal)] == []
    assert Resident.objects.filter(pk=one.pk).count() == 0
    # Whoever was quicker: parted first, the other entry is somebody else's and stays.
    parted = sum(isinstance(each, Resident) for each in results)
    assert Resident.objects.count() == parted
    assert taken_is_true(activity)
