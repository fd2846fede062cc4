"""Registering for somebody who rang: who is found by whom, and that the same rules hold as on the public form."""

import threading
from uuid import UUID

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils.translation import gettext

from coordinators.domain.access import reach
from courses.domain import assisted
from courses.domain.admission import Contact, Person
from courses.domain.refusals import Refusals
from courses.models import Activity, Decision, Party, Registration
from ecosystem.models import Message
from residents.domain import search
from residents.models import Resident
from tests import factories as f
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
KEY = UUID("33333333-3333-4333-8333-333333333333")


@pytest.fixture
def desk(client, monkeypatch):
    """The coordinator of Eleja at her desk; it is ``NOW``."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(f.PostFactory().holder)
    return client


def svete() -> object:
    """A village of a parish that is not hers."""
    parish = f.ParishFactory(code="0540282", name="Svētes pagasts", locative="Svētes pagastā")
    return f.VillageFactory(code="svete", name="Svēte", slug="svete", parish=parish)


def names(post, text: str, *, also=None) -> list[str]:
    """The names found by who holds the post."""
    reached = reach(post.holder, on=TODAY)
    found = search.find(reach=reached, question=search.read(text), also=also)
    return sorted(str(one) for family in found.families for one in family.members if one.pk in family.found)


def found_by(desk, activity, q: str) -> str:
    return desk.post(reverse("courses:desk_search", args=[activity.pk]), {"q": q}).content.decode()


def test_people_are_found_by_what_they_say():
    post = f.PostFactory()
    f.ResidentFactory(household=f.HouseholdFactory(phone="+37126123456"))
    f.ResidentFactory(given_name="Ģirts", family_name="Āboliņš-Kļava", birth_year=1990, household__email="")
    expected = {
        "berzina": ["Līga Bērziņa"],
        "LĪGA BĒRZ": ["Līga Bērziņa"],
        "klava": ["Ģirts Āboliņš-Kļava"],
        "girts abolins": ["Ģirts Āboliņš-Kļava"],
        "2612 3456": ["Līga Bērziņa"],
        "+371 26123456": ["Līga Bērziņa"],
        "3456": ["Līga Bērziņa"],
        "liga.berzina@EXAMPLE.lv": ["Līga Bērziņa"],
        "1990": ["Ģirts Āboliņš-Kļava"],
        "liga 1990": [],
        "3.5.1960": ["Līga Bērziņa"],
        "4.5.1960": [],
        "31.2.1960": [],
        "%": [],
        "a": [],
        "": [],
    }
    assert {text: names(post, text) for text in expected} == expected


def test_by_name_one_finds_one_s_own_parishes_and_by_a_whole_contact_anybody():
    village = svete()
    f.ResidentFactory(village=village, household=f.HouseholdFactory(email="liga@svete.lv", phone="+37126123456"))
    post = f.PostFactory()
    head = f.PostFactory(kind="head", holder=f.UserFactory(email="vadiba@example.lv"), parishes=[])
    nobody = f.PostFactory(holder=f.UserFactory(email="agrak@example.lv"), ends_on="2026-12-31")
    for text, hers in (("berzina", []), ("3456", []), ("1960", []), ("26123456", 1), ("liga@svete.lv", 1)):
        assert names(post, text) == (["Līga Bērziņa"] if hers else []), text
        assert names(head, text) == ["Līga Bērziņa"], text
        assert names(nobody, text) == [], text


def test_who_takes_part_in_what_one_manages_is_found_wherever_they_live(desk):
    activity = f.ActivityFactory()
    far = f.ResidentFactory(village=svete())
    assert "Līga Bērziņa" not in found_by(desk, activity, "berzina")
    f.RegistrationFactory(party__activity=activity, resident=far)
    text = found_by(desk, activity, "berzina")
    assert "Līga Bērziņa" in text
    assert gettext("Already on this list:") in text


def test_a_found_person_without_a_birth_is_registered_not_made_twice(desk):
    activity = f.ActivityFactory()
    person = f.ResidentFactory(birth_year=None, birth_month=None, birth_day=None)
    page = desk.post(reverse("courses:desk_register", args=[activity.pk]), {"resident": str(person.pk), "q": "liga"})
    assert (page.status_code, Registration.objects.count()) == (200, 0)
    sent = {
        "resident": str(person.pk),
        "q": "liga",
        "form_key": str(KEY),
        "contact_email": "liga.berzina@example.lv",
        "channel": "phone",
        "register": "1",
    }
    for _twice in range(2):
        assert desk.post(reverse("courses:desk_register", args=[activity.pk]), sent).status_code == 302
    assert list(Registration.objects.values_list("resident", "state", "party__channel")) == [
        (person.pk, "confirmed", "phone")
    ]
    assert Resident.objects.count() == 1
    assert list(Decision.objects.values_list("what", "people")) == [("registered", 1)]
    # Registered once more by a form of its own: nothing is made, and she is told so.
    again = desk.post(reverse("courses:desk_register", args=[activity.pk]), {**sent, "form_key": str(UUID(int=4))})
    assert (again.status_code, Party.objects.count()) == (422, 1)


def test_people_out_of_reach_cannot_be_slipped_in(desk):
    activity = f.ActivityFactory()
    far = f.ResidentFactory(village=svete())
    page = desk.post(reverse("courses:desk_register", args=[activity.pk]), {"resident": str(far.pk), "q": "berzina"})
    assert "Līga Bērziņa" not in page.content.decode()


def test_a_name_and_a_village_suffice(desk):
    activity = f.ActivityFactory()
    village = f.VillageFactory()
    sent = {
        "new": "1",
        "form_key": str(KEY),
        "channel": "phone",
        "register": "1",
        "people-0-given_name": "Velta",
        "people-0-village": village.slug,
    }
    assert desk.post(reverse("courses:desk_register", args=[activity.pk]), sent).status_code == 302
    row = Registration.objects.select_related("resident", "party").get()
    assert (str(row.resident), row.resident.village, row.state) == ("Velta", village, "confirmed")
    assert Message.objects.count() == 0


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk):
    activity = f.ActivityFactory()
    sent = {"new": "1", "form_key": str(KEY), "channel": "phone", "register": "1", "people-0-family_name": "Zariņa"}
    page = desk.post(reverse("courses:desk_register", args=[activity.pk]), sent)
    assert (page.status_code, 'value="Zariņa"' in page.content.decode()) == (422, True)
    assert Registration.objects.count() == 0


def test_age_limits_hold_and_are_let_go_by_only_with_a_reason(desk):
    activity = f.ActivityFactory(age_min=60)
    person = f.ResidentFactory(birth_year=1990)
    by = f.UserFactory()
    with pytest.raises(Refusals) as refused:
        assisted.register(
            activity=activity, people=[], residents=[person], contact=Contact(), by=by, now=NOW, waived_because="  "
        )
    assert [refusal.code for refusal in refused.value.refusals] == ["age"]
    sent = {"resident": str(person.pk), "form_key": str(KEY), "channel": "phone", "register": "1"}
    assert desk.post(reverse("courses:desk_register", args=[activity.pk]), sent).status_code == 422
    sent["waived_because"] = "Ved vecāmāti"
    assert desk.post(reverse("courses:desk_register", args=[activity.pk]), sent).status_code == 302
    assert list(Decision.objects.values_list("what", "reason")) == [("registered", "Ved vecāmāti")]


def test_no_reason_goes_over_the_places():
    activity = f.ActivityFactory(capacity=1, taken=1)
    f.RegistrationFactory(party__activity=activity)
    result = assisted.register(
        activity=activity,
        people=[Person("Velta", "")],
        contact=Contact(),
        by=f.UserFactory(),
        now=NOW,
        waived_because="Ļoti lūdz",
    )
    assert [(row.state, result.numbers[row.pk]) for row in result.registrations] == [("queued", 1)]


@pytest.mark.parametrize("status", ["cancelled", "planned", "completed"])
def test_no_reason_opens_what_is_not_held(status):
    activity = f.ActivityFactory(status=status)
    with pytest.raises(Refusals):
        assisted.register(
            activity=activity, people=[Person("Velta", "")], contact=Contact(), by=None, now=NOW, waived_because="Lūdz"
        )


def test_a_group_has_places_without_names_and_the_rest_wait(desk):
    activity = f.ActivityFactory(capacity=5)
    sent = {
        "reserve": "1",
        "group-name": "Elejas skolas 5. klase",
        "group-count": "7",
        "group-contact_email": "klase@example.lv",
        "group-form_key": str(KEY),
    }
    for _twice in range(2):
        assert desk.post(reverse("courses:desk_register", args=[activity.pk]), sent).status_code == 302
    states = Registration.objects.order_by("pk").values_list("state", "resident")
    assert list(states) == [("confirmed", None)] * 5 + [("queued", None)] * 2
    activity.refresh_from_db()
    assert (activity.taken, activity.waiting) == (5, 2)
    message = Message.objects.get()
    assert message.text.count("Elejas skolas 5. klase") == 3
    page = desk.get(reverse("courses:desk_activity", args=[activity.pk])).content.decode()
    # Beside each of the seven places, and once in the history.
    assert page.count("Elejas skolas 5. klase") == 8


@pytest.mark.parametrize(
    ("name", "count"), [("", "3"), ("Klase", "0"), ("Klase", "101"), ("Klase", "daudz"), ("Klase", "")]
)
def test_a_group_without_a_name_or_a_number_is_refused(desk, name, count):
    activity = f.ActivityFactory()
    sent = {"reserve": "1", "group-name": name, "group-count": count, "group-form_key": str(KEY)}
    assert desk.post(reverse("courses:desk_register", args=[activity.pk]), sent).status_code == 422
    assert Party.objects.count() == 0


def test_the_search_asks_a_fixed_number_of_times(desk, same_queries):
    activity = f.ActivityFactory()

    def add(number: int) -> None:
        home = f.HouseholdFactory(email=f"b{number}@example.lv")
        f.ResidentFactory(household=home)
        f.ResidentFactory(household=home, given_name="Jānis", family_name="Bērziņš")

    same_queries(10, add=add, visit=lambda: found_by(desk, activity, "liga"))


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_register_for_the_last_place_at_once(client, monkeypatch):
    monkeypatch.setattr("ecosystem.tasks.send.apply_async", lambda *args, **options: None)
    activity = f.ActivityFactory(capacity=1)
    by = f.UserFactory()
    gate = threading.Barrier(2)
    results: list[object] = [None, None]

    def register(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            results[number] = assisted.register(
                activity=Activity.objects.get(pk=activity.pk),
                people=[Person(f"Persona{number}", "Ozola")],
                contact=Contact(),
                by=by,
                now=NOW,
                key=UUID(int=number + 1),
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=register, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    assert sorted(result.registrations[0].state for result in results) == ["confirmed", "queued"]
    activity.refresh_from_db()
    assert (activity.taken, activity.waiting) == (1, 1)


def test_who_was_slower_is_told(desk):
    activity = f.ActivityFactory(capacity=1, taken=1)
    f.RegistrationFactory(party__activity=activity)
    sent = {
        "new": "1",
        "form_key": str(KEY),
        "channel": "phone",
        "register": "1",
        "people-0-given_name": "Velta",
        # The page was opened while one place was free.
        "seen_left": "1",
    }
    page = desk.post(reverse("courses:desk_register", args=[activity.pk]), sent, follow=True).content.decode()
    assert gettext("The last place was given to somebody else while you were writing.") in page
    assert "Velta (1.)" in page
