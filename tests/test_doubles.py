"""Possible doubles: found for those who are new, kept as people decided, gone when they no longer look alike."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses import schedule
from courses.domain import registrations
from courses.domain.registrations import Contact, Person
from residents.domain import doubles, households
from residents.models import Alias, PossibleDouble, Resident
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def person(email: str = "", phone: str = "", **changes) -> Resident:
    """Līga Bērziņa of Eleja, in a household of her own."""
    return f.ResidentFactory(household=f.HouseholdFactory(email=email, phone=phone), **changes)


def pairs() -> list[tuple[set[str], int, list[str], str]]:
    rows = PossibleDouble.objects.select_related("first", "second").order_by("pk")
    return [({str(row.first), str(row.second)}, row.strength, row.reasons, row.state) for row in rows]


def look() -> int:
    return doubles.look_at_new(now=LATER)


def test_who_registers_a_second_time_under_another_contact_is_found_by_the_sweep():
    activity, village = f.ActivityFactory(), f.VillageFactory()
    for given, email, year in (("Līga", "liga@example.lv", 1960), ("Liga", "l.berzina@example.lv", 1960)):
        registrations.register(
            activity=activity,
            people=[Person(given, "Bērziņa", year, 5, 3, village=village)],
            contact=Contact(email=email),
            now=NOW,
        )
    assert PossibleDouble.objects.count() == 0, "registering is not slower for it"
    schedule.look_for_doubles()
    assert pairs() == [({"Līga Bērziņa", "Liga Bērziņa"}, 2, ["same_name", "birth_date", "village"], "open")]
    assert Resident.objects.filter(doubles_checked_at=None).count() == 0
    assert look() == 0


def test_a_household_is_no_pair():
    home = f.HouseholdFactory(phone="+37126123456")
    for given, year in (("Līga", 1960), ("Jānis", 1958), ("Anna", 1988), ("Pēteris", 1990)):
        f.ResidentFactory(household=home, given_name=given, birth_year=year)
    look()
    assert pairs() == []


def test_the_names_exchanged_and_a_slip_on_a_birthday_are_found_without_a_contact():
    person(email="a@example.lv")
    person(email="b@example.lv", given_name="Bērziņa", family_name="Līga")
    person(email="c@example.lv", family_name="Bēziņa")
    look()
    assert sorted((strength, reasons[0]) for _names, strength, reasons, _state in pairs()) == [
        *((1, "like_name"),),
        *((2, "swapped_name"),),
    ]


def test_an_office_s_address_is_no_evidence():
    """A school's e-mail under which a class registers; two of one name there stay two."""
    for number in range(doubles.MOST_OF_A_CONTACT):
        person("skola@example.lv", given_name=chr(97 + number) * 5, family_name="Ozols", village=None)
    twice = {"birth_year": 2015, "birth_month": None, "birth_day": None, "village": None}
    person("skola@example.lv", given_name="Anna", **twice)
    person("skola@example.lv", given_name="Anna", **twice)
    look()
    assert pairs() == []
    Resident.objects.filter(family_name="Ozols", given_name__gt="ff").delete()
    doubles.look_at_all(now=LATER)
    assert [(strength, reasons) for _names, strength, reasons, _state in pairs()] == [
        (3, ["email", "same_name", "birth_year"])
    ]


def test_not_the_same_is_kept_and_never_asked_again():
    person("liga@example.lv")
    person("liga@example.lv")
    look()
    pair = PossibleDouble.objects.get()
    by = f.UserFactory()
    for _twice in range(2):
        doubles.not_same(pair=pair, by=by, now=NOW + timedelta(hours=1))
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by, pair.decided_at) == ("not_same", by, NOW + timedelta(hours=1))
    assert doubles.look_at_all(now=NOW + timedelta(days=1)) == 0
    assert [state for *_rest, state in pairs()] == ["not_same"]


def test_a_pair_follows_what_is_corrected():
    person("liga@example.lv")
    other = person("liga@example.lv", birth_month=None, birth_day=None)
    look()
    assert pairs()[0][1:3] == (3, ["email", "same_name", "birth_year", "village"])
    Resident.objects.filter(pk=other.pk).update(birth_month=5, birth_day=3)
    doubles.look_again(residents=[other.pk])
    look()
    assert pairs()[0][1:3] == (3, ["email", "same_name", "birth_date", "village"])
    Resident.objects.filter(pk=other.pk).update(birth_year=1985)
    doubles.look_again(residents=[other.pk])
    look()
    assert pairs() == []


def test_the_night_finds_what_the_sweep_was_never_told_of():
    person("liga@example.lv", doubles_checked_at=NOW)
    person("liga@example.lv", doubles_checked_at=NOW)
    assert look() == 0
    schedule.look_for_doubles_among_all()
    assert len(pairs()) == 1


def test_batches_find_what_one_look_finds(monkeypatch):
    for number in range(6):
        person(f"{number // 2}@example.lv", birth_year=(1931, 1952, 1974)[number // 2])
    monkeypatch.setattr(doubles, "BATCH_AT_NIGHT", 2)
    assert doubles.look_at_all(now=LATER) == 3


def test_a_look_asks_as_often_for_many_as_for_one(query_count):
    people = [person(f"{number // 2}@example.lv", birth_year=(1931, 1952, 1974)[number // 2]).pk for number in range(6)]
    with query_count(10):
        doubles.look(residents=people[:1], now=LATER)
    with query_count(10):
        doubles.look(residents=people[2:], now=LATER)


def test_hundreds_of_namesakes_are_not_compared_with_each_other(monkeypatch):
    """Where a block is too big only the finer one is compared."""
    monkeypatch.setattr(doubles, "MOST_COMPARED", 3)
    for number in range(6):
        person(birth_year=1931 + 9 * number, birth_month=None, birth_day=None)
    same = person(birth_year=1940, birth_month=None, birth_day=None)
    person(birth_year=None, birth_month=None, birth_day=None)
    assert doubles.look_at_all(now=LATER) == 1
    assert PossibleDouble.objects.get().reasons == ["same_name", "birth_year", "village"]
    assert same.pk in PossibleDouble.objects.values_list("first", "second").get()


@pytest.mark.parametrize(
    ("contact", "name", "birth"),
    [
        ("liga@example.lv", "Liga Berzina", (1960, 5, 3)),
        ("vecais@example.lv", "Liga Berzina", (1960, 5, 3)),
        ("vecais@example.lv", "Līga Kalniņa", (1960, None, None)),
        ("liga@example.lv", "Līga Kalniņa", (1960, None, None)),
        ("liga@example.lv", "Līga Kalniņa", (1960, 5, 3)),
    ],
)
def test_somebody_joined_from_two_is_recognised_by_the_evidence_of_either(contact, name, birth, query_count):
    kept = person("liga@example.lv")
    for each in (
        {"family_name": "Bērziņa", "birth_year": 1960, "birth_month": 5, "birth_day": 3, "email": "liga@example.lv"},
        {"family_name": "Kalniņa", "birth_year": 1960, "email": "vecais@example.lv"},
    ):
        Alias.objects.create(resident=kept, given_name="Līga", **each)
    given, family = name.split()
    typed = Person(given, family, *birth)
    whole_pair = (family == "Kalniņa") == (birth[1] is None)
    seen = households.recognise(people=[Person("Zane", "Ozola", 1990), typed], email=contact, phone="")
    # A name of the one with a birth of the other is nobody's evidence.
    assert seen.known == [[], [kept.pk] if whole_pair else []]
    assert households.recognise(people=[typed], email="cits@example.lv", phone="").known == [[]]


def test_a_pair_is_one_row_in_order():
    first, second = sorted([person().pk, person().pk])
    columns = {"strength": 1, "found_at": NOW}
    PossibleDouble.objects.create(first_id=first, second_id=second, **columns)
    for one, other in ((first, second), (second, first), (first, first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PossibleDouble.objects.create(first_id=one, second_id=other, **columns)
