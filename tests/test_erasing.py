"""Forgetting somebody who asks: at once and for good; the figures outlive them, the next in the queue gets the place."""

from datetime import timedelta

import pytest

from courses.domain import attendance, erasing, merging, registrations
from courses.domain.refusals import Refusal
from courses.domain.registrations import Contact, Person
from courses.models import Attendance, Decision, Merge, Party, Registration
from ecosystem.models import Journal, Message
from residents.domain import doubles
from residents.models import Alias, Household, PossibleDouble, Resident
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def take_part(activity, *names: str, email: str = "liga@example.lv", now=NOW, year: int = 1960) -> Party:
    village = f.VillageFactory()
    return registrations.register(
        activity=activity,
        people=[Person(name, "Bērziņa", year, village=village) for name in names],
        contact=Contact(email=email),
        now=now,
    )


def erase(given_name: str, **more) -> int:
    resident = Resident.objects.select_related("household").get(given_name=given_name)
    return erasing.erase(resident=resident, **{"by": None, "now": LATER, **more})


def test_who_asks_is_forgotten_and_the_next_gets_the_place():
    activity = f.ActivityFactory(capacity=1)
    party = take_part(activity, "Līga")
    number = party.number
    waits = take_part(activity, "Anna", email="anna@example.lv")
    by = f.UserFactory()
    pk = Resident.objects.get(given_name="Līga").pk
    assert erase("Līga", by=by) == 1
    assert list(Resident.objects.values_list("given_name", flat=True)) == ["Anna"]
    assert list(Household.objects.values_list("email", flat=True)) == ["anna@example.lv"]
    registration = party.registrations.get()
    assert (registration.state, registration.resident, registration.ended_at) == ("cancelled", None, LATER)
    assert waits.registrations.get().state == "offered"
    activity.refresh_from_db()
    assert (activity.taken, activity.waiting) == (1, 0)
    party.refresh_from_db()
    assert (party.email, party.number == number, party.form_key) == ("", False, None)
    # Nothing that was written to them, or about them, is left; nothing more is written.
    assert list(Message.objects.order_by("kind").values_list("kind", "to")) == [
        ("offer", "anna@example.lv"),
        ("queued", "anna@example.lv"),
    ]
    entry = Journal.objects.get(kind="resident.erased")
    assert entry.payload == {
        "resident": str(pk),
        "registrations": [registration.pk],
        "by": by.pk,
        "at": LATER.isoformat(),
    }


def test_what_has_been_stays_as_a_number():
    activity = f.ActivityFactory(capacity=5, first=at("2027-01-14 10:00"), weeks=1)
    party = take_part(activity, "Līga")
    session = activity.sessions.get()
    registration = party.registrations.get()
    now = at("2027-01-14 13:00")
    attendance.mark(session=session, marks={registration.pk: "present"}, by=f.UserFactory(), now=now)
    assert erase("Līga", now=now) == 0
    registration.refresh_from_db()
    activity.refresh_from_db()
    assert (registration.state, registration.resident, activity.taken) == ("confirmed", None, 1)
    assert list(Attendance.objects.values_list("presence", flat=True)) == ["present"]
    people = Journal.objects.exclude(kind=Journal.ACTIVITY_CHANGED)
    assert list(people.order_by("kind").values_list("kind", flat=True)) == [
        "attendance.marked",
        "resident.erased",
    ]


def test_those_of_the_household_who_stay_keep_their_contact_and_messages():
    activity = f.ActivityFactory()
    party = take_part(activity, "Līga", "Zane")
    take_part(f.ActivityFactory(), "Zane")
    assert Message.objects.filter(text__contains="Līga Bērziņa").count() == 1
    assert [str(one) for one in erasing.outlook(resident=Resident.objects.get(given_name="Līga"), now=NOW).staying] == [
        "Zane Bērziņa"
    ]
    erase("Līga")
    party.refresh_from_db()
    assert (party.email, Household.objects.get().email) == ("liga@example.lv", "liga@example.lv")
    assert Message.objects.filter(text__contains="Līga Bērziņa").count() == 0
    assert list(Message.objects.values_list("kind", flat=True)) == ["confirmed"]
    assert sorted(Registration.objects.values_list("state", "resident__given_name")) == [
        *[("cancelled", None)],
        *[("confirmed", "Zane")] * 2,
    ]


def test_decisions_about_them_keep_no_reason():
    activity = f.ActivityFactory(needs_approval=True)
    registration = take_part(activity, "Līga").registrations.get()
    Decision.objects.create(activity=activity, registration=registration, what="place", reason="Ļoti lūdza", at=NOW)
    erase("Līga")
    assert list(Decision.objects.values_list("what", "reason")) == [("place", "")]


def test_whom_they_were_joined_from_and_compared_with_is_forgotten_too():
    def person(minutes: int, **changes) -> Resident:
        since = NOW + timedelta(minutes=minutes)
        return f.ResidentFactory(household=f.HouseholdFactory(created_at=since), created_at=since, **changes)

    first, second, third, fourth = (person(number) for number in range(4))
    merging.merge(kept=second, gone=third, by=None, now=NOW)
    merging.merge(kept=first, gone=Resident.objects.get(pk=second.pk), by=None, now=NOW)
    doubles.look(residents=[first.pk, fourth.pk], now=NOW)
    assert (Merge.objects.count(), PossibleDouble.objects.count(), Alias.objects.exists()) == (2, 1, True)
    erasing.erase(resident=Resident.objects.get(pk=first.pk), by=None, now=LATER)
    assert (Merge.objects.count(), PossibleDouble.objects.count(), Alias.objects.exists()) == (0, 0, False)
    assert list(Resident.objects.values_list("pk", flat=True)) == [fourth.pk]


def test_an_account_is_its_holder_s_the_household_is_not():
    account = f.UserFactory()
    resident = f.ResidentFactory(household=f.HouseholdFactory(account=account))
    assert erasing.outlook(resident=resident, now=NOW).has_account
    erasing.erase(resident=resident, by=None, now=LATER)
    account.refresh_from_db()
    assert (Household.objects.count(), account.is_active) == (0, True)


def test_twice_is_told():
    take_part(f.ActivityFactory(), "Līga")
    resident = Resident.objects.get()
    erasing.erase(resident=resident, by=None, now=LATER)
    with pytest.raises(Refusal) as refused:
        erasing.erase(resident=resident, by=None, now=LATER)
    assert refused.value.code == "gone"
    assert Journal.objects.filter(kind="resident.erased").count() == 1
