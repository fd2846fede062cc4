"""Forgetting: what is past its term is gone, what is not stays, and the counts stay true."""

from datetime import date, timedelta

import pytest
from django.db.models import F, Model
from django.utils import timezone

from coordinators.models import Educator, Post
from courses import schedule
from courses.demo import load
from courses.domain import forgetting, queue, registrations
from courses.domain.registrations import Contact, Person
from courses.models import Activity, Decision, PartnerRequest, Party, Registration
from ecosystem.models import Journal, Message
from ecosystem.privacy import Term
from residents.models import Consent, Household, Resident
from tests import factories as f
from tests.factories import NOW, at
from tests.test_privacy import our_models

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


def decide(activity: Activity, what: str = "raised", **said) -> Decision:
    return Decision.objects.create(activity=activity, what=what, reason="Annas brālim", at=NOW, **said)


@pytest.mark.parametrize(("when", "kept"), [("2030-02-25 12:00", True), ("2030-02-25 12:01", False)])
def test_why_it_was_decided_is_forgotten_with_the_activity(when, kept):
    activity = f.ActivityFactory()
    party = take_part(activity)
    about_all = decide(activity)
    about_one = decide(activity, "place", registration=party.registrations.get())
    letter = decide(f.ActivityFactory(sessions=[], status="draft"), "message")
    written = PartnerRequest.objects.create(
        activity=activity, department=f.DepartmentFactory(code="JAU"), note="Anna nāks", asked_at=NOW
    )
    young = decide(f.ActivityFactory(first=at("2028-02-01 10:00")))
    forgetting.forget_decisions(now=at(when))
    for row in (about_all, about_one, written, young):
        row.refresh_from_db()
    assert [bool(row.reason) for row in (about_all, about_one, young)] == [kept, kept, True]
    assert (about_one.registration is not None, bool(written.note)) == (kept, kept)
    letter.refresh_from_db()
    assert letter.reason == "", "without an end, it counts from when it was written"


@pytest.mark.parametrize(("days", "kept"), [(30, True), (31, False)])
def test_why_is_forgotten_sooner_where_the_audience_is_sensitive(days, kept):
    sensitive = f.AudienceFactory(code="neet", name="NEET", is_sensitive=True)
    row = decide(f.ActivityFactory(audiences=[sensitive]))
    plain = decide(f.ActivityFactory())
    forgetting.forget_decisions(now=ENDED + timedelta(days=days))
    for each in (row, plain):
        each.refresh_from_db()
    assert (bool(row.reason), plain.reason) == (kept, "Annas brālim")


def test_who_decided_is_named_while_they_hold_a_post():
    stays, leaves = (f.UserFactory(email=f"{name}@example.lv") for name in ("paliek", "iet"))
    f.PostFactory(holder=stays)
    f.PostFactory(holder=leaves, ends_on=NOW.date())
    activity = f.ActivityFactory()
    rows = [decide(activity, by=stays), decide(activity, by=leaves)]
    presence = f.AttendanceFactory(marked_by=leaves)
    asked = PartnerRequest.objects.create(
        activity=activity,
        department=f.DepartmentFactory(code="JAU"),
        asked_by=leaves,
        asked_at=NOW,
        answer="accepted",
        answered_by=stays,
        answered_at=NOW,
    )
    assert forgetting.forget_duties(now=NOW) == 0
    assert forgetting.forget_duties(now=NOW + timedelta(days=1)) == 3
    for row in (*rows, presence, asked):
        row.refresh_from_db()
    assert ([row.by for row in rows], presence.marked_by) == ([stays, None], None)
    assert (asked.asked_by, asked.answered_by) == (None, stays)


# What outlives people is a number: somebody, nobody knows who, had a place and was there. It leads to no person, since
# whoever it could lead to is asserted to be gone.
NUMBERS = {
    ("courses.Registration", "party"),
    ("courses.Registration", "state"),
    ("courses.Registration", "folded_into"),
    ("courses.Attendance", "registration"),
    ("courses.Attendance", "presence"),
}
# Accounts are closed by their holders; what a certificate is checked by is kept for ten years.
KEPT_LONGER = {Term.ACCOUNT, Term.CHECKED, Term.RECORD}


def left(model: type[Model], name: str) -> set[object]:
    """What this field still says, in any row."""
    found = set(map(str, model._default_manager.order_by().values_list(name, flat=True).distinct()))
    if model is Party and name == "number":
        found = {number for number in found if not number.startswith("-")}
    return found - {"None", "", "[]", "{}", "False", *({"lv"} if model is Party and name == "language" else ())}


def test_four_years_on_nothing_personal_is_left_of_the_whole_demonstration():
    """Every entry that the privacy page shows, whoever added it: when its term has passed, there is nothing in it."""
    load.load(seed=1, today=date(2026, 11, 24), residents=80)
    begins = at("2026-11-24 12:00")
    told = {
        (model._meta.label, name)
        for model in our_models()
        for name in model.personal
        if left(model, name) and not hasattr(model, "instance_type")
    }
    assert len(told) > 50, "the demonstration has something to forget"
    # Everybody stops working, and the figures have read the journal.
    Post.objects.update(ends_on=date(2027, 1, 31))
    Educator.objects.update(retired_at=begins)
    # And nobody wants the news any more: a consent holds until it is withdrawn.
    Consent.objects.live().update(withdrawn_at=begins, withdrawn_how="link")
    Journal.objects.update(done_at=F("created_at"))
    # The clock goes on meanwhile: offers lapse, and the first night after the posts have ended takes their names.
    queue.expire_offers(now=at("2027-02-01 03:00"))
    forgetting.forget(now=at("2027-02-01 03:00"))
    forgetting.forget(now=at("2030-12-01 03:00"))
    remains = {
        (model._meta.label, name): sorted(map(str, said))[:3]
        for model in our_models()
        for name, entry in model.personal.items()
        if entry.term not in KEPT_LONGER and (model._meta.label, name) not in NUMBERS and (said := left(model, name))
    }
    assert remains == {}
    assert (Resident.objects.count(), Household.objects.count(), Educator.objects.count()) == (0, 0, 0)
    assert Registration.objects.exclude(resident=None).count() + Party.objects.filter(forgotten_at=None).count() == 0
    assert Registration.objects.count() > 100, "how many came stays true"
