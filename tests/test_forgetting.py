"""Forgetting: what is past its term is gone, what is not stays, and the counts stay true."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses import schedule
from courses.domain import forgetting, registrations
from courses.domain.registrations import Contact, Person
from courses.models import Activity, Party, Registration
from ecosystem.models import Message
from residents.models import Household, Resident
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
ENDED = at("2027-02-25 12:00")


def take_part(activity: Activity, name: str = "Anna", email: str = "anna@example.lv") -> Party:
    return registrations.register(
        activity=activity,
        people=[Person(name, "Ozola", 1990, village=f.VillageFactory())],
        contact=Contact(email=email),
        now=NOW,
    )


def test_messages_are_deleted_after_ninety_days():
    old = f.MessageFactory(created_at=NOW - timedelta(days=90, seconds=1))
    young = f.MessageFactory(created_at=NOW - timedelta(days=90))
    assert forgetting.forget_messages(now=NOW) == 1
    assert list(Message.objects.values_list("pk", flat=True)) == [young.pk]
    assert old.pk != young.pk


@pytest.mark.parametrize(("days", "forgotten"), [(30, 0), (31, 1)])
def test_a_sensitive_activity_forgets_who_came_thirty_days_after_it(days, forgotten):
    sensitive = f.AudienceFactory(code="neet", name="NEET", is_sensitive=True)
    party = take_part(f.ActivityFactory(audiences=[sensitive]))
    number = party.number
    attendance = f.AttendanceFactory(registration=party.registrations.get())
    take_part(f.ActivityFactory(title="Cita"), "Berta", "berta@example.lv")
    assert forgetting.forget_sensitive(now=ENDED + timedelta(days=days)) == forgotten
    assert Resident.objects.filter(given_name="Anna").count() == 1 - forgotten
    assert Household.objects.filter(email="anna@example.lv").count() == 1 - forgotten
    party.refresh_from_db()
    assert (party.email == "", party.number != number, party.forgotten_at is not None) == (bool(forgotten),) * 3
    attendance.refresh_from_db()
    assert (attendance.presence, attendance.registration.state) == ("present", "confirmed")
    assert Resident.objects.filter(given_name="Berta").count() == 1
    assert sorted(Message.objects.values_list("to", flat=True)) == (
        ["berta@example.lv"] if forgotten else ["anna@example.lv", "berta@example.lv"]
    )
    assert forgetting.forget_sensitive(now=ENDED + timedelta(days=days)) == 0


def test_who_also_comes_elsewhere_is_only_forgotten_here():
    sensitive = f.AudienceFactory(code="neet", name="NEET", is_sensitive=True)
    here, elsewhere = take_part(f.ActivityFactory(audiences=[sensitive])), take_part(f.ActivityFactory())
    forgetting.forget_sensitive(now=ENDED + timedelta(days=31))
    assert here.registrations.get().resident is None
    assert str(elsewhere.registrations.get().resident) == "Anna Ozola"


def test_people_are_forgotten_after_three_years_without_taking_part():
    activity = f.ActivityFactory()
    party = take_part(activity)
    assert forgetting.forget(now=at("2030-02-25 12:00"))["residents"] == 0
    found = forgetting.forget(now=at("2030-02-25 12:01"))
    assert (found["residents"], found["parties"]) == (1, 1)
    assert (Resident.objects.count(), Household.objects.count()) == (0, 0)
    party.refresh_from_db()
    assert (party.email, party.form_key) == ("", None)
    activity.refresh_from_db()
    assert (activity.taken, Registration.objects.count()) == (1, 1)


def test_who_came_again_is_kept():
    take_part(f.ActivityFactory())
    take_part(f.ActivityFactory(first=at("2029-02-01 10:00")))
    forgetting.forget(now=at("2030-03-01 12:00"))
    assert (Resident.objects.count(), Party.objects.exclude(email="").count()) == (1, 2)


def test_an_account_keeps_its_household():
    household = f.HouseholdFactory(account=f.UserFactory())
    f.ResidentFactory(household=household)
    forgetting.forget(now=at("2030-03-01 12:00"))
    assert (Resident.objects.count(), Household.objects.count()) == (0, 1)


def test_a_form_that_registered_nobody_new_is_emptied_after_ninety_days():
    activity = f.ActivityFactory()
    take_part(activity)
    again = take_part(activity)
    assert forgetting.forget_parties(now=NOW + timedelta(days=90)) == 0
    assert forgetting.forget_parties(now=NOW + timedelta(days=90, seconds=1)) == 1
    again.refresh_from_db()
    assert (again.email, Party.objects.exclude(email="").count()) == ("", 1)


def test_the_clock_forgets(monkeypatch):
    take_part(f.ActivityFactory())
    monkeypatch.setattr(timezone, "now", lambda: at("2030-03-01 12:00"))
    schedule.forget()
    assert Resident.objects.count() == 0
