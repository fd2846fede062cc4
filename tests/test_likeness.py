"""When two entries look like one person: labelled cases, most of them look-alikes that are two."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from residents.domain.likeness import LIKELY, POSSIBLE, STRONG, Entry, Reason, best, judge
from tests.factories import NOW

ONE, OTHER = UUID(int=1), UUID(int=2)
HOME = UUID(int=9)
LIGA: dict[str, Any] = {
    "given_name": "Līga",
    "family_name": "Bērziņa",
    "birth": (1960, 5, 3),
    "email": "liga@example.lv",
    "phone": "+37126123456",
    "village": "eleja",
}
YEAR, UNKNOWN = (1960, None, None), (None, None, None)
ELSEWHERE: dict[str, Any] = {"email": "cita@example.lv", "phone": "+37126000000", "village": "vilce"}


def entry(pk: UUID, **changes: Any) -> Entry:
    return Entry(pk, **{**LIGA, **changes})


def strength(one: dict[str, Any], other: dict[str, Any], borne: frozenset[str] = frozenset()) -> int | None:
    here, there = entry(ONE, **one), entry(OTHER, **other)
    found, back = judge(here, there, borne=borne), judge(there, here, borne=borne)
    assert (found and found.strength) == (back and back.strength), "the order of the two says nothing"
    return found.strength if found else None


NO_EMAIL = {"email": ""}
FAR_PHONE = {"email": "", "phone": "+37126000000"}
FAR = {"email": "", "phone": ""}
# What the first is, what the second is (both Līga Bērziņa but for this), how much it is.
ONE_PERSON: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "the same e-mail, no long vowels": ({}, {"given_name": "Liga", "family_name": "Berzina"}, STRONG),
    "the same e-mail, the year alone": ({}, {"birth": YEAR}, STRONG),
    "the same e-mail, no birth": ({}, {"birth": UNKNOWN}, STRONG),
    "the same e-mail, the names exchanged": ({}, {"given_name": "Bērziņa", "family_name": "Līga"}, STRONG),
    "the same e-mail, a letter mistyped": ({}, {"family_name": "Bērxiņa"}, STRONG),
    "the same e-mail, a letter doubled": ({}, {"family_name": "Bērziņņa"}, STRONG),
    "the same e-mail, two letters exchanged": ({}, {"family_name": "Bēzriņa"}, STRONG),
    "the same e-mail, a slip, no birth": ({}, {"family_name": "Bēriņa", "birth": UNKNOWN}, LIKELY),
    "the same e-mail, married": ({}, {"family_name": "Kalniņa"}, STRONG),
    "the same e-mail, married, the year alone": ({}, {"family_name": "Kalniņa", "birth": YEAR}, POSSIBLE),
    "the same e-mail, a double name": ({}, {"family_name": "Bērziņa-Kalniņa"}, LIKELY),
    "the same e-mail, a second given name": ({}, {"given_name": "Līga Marija"}, LIKELY),
    "the same e-mail, the family name unsaid": ({}, {"family_name": "", "birth": UNKNOWN}, LIKELY),
    "the same e-mail, day and month exchanged": ({}, {"birth": (1960, 3, 5)}, LIKELY),
    "the same e-mail, a digit of the day": ({}, {"birth": (1960, 5, 13)}, LIKELY),
    "the same e-mail, a digit of the year": ({}, {"birth": (1961, 5, 3)}, LIKELY),
    "the same e-mail, a given name nobody bears": ({}, {"given_name": "Līgga"}, STRONG),
    "the same telephone": (NO_EMAIL, {"birth": YEAR}, LIKELY),
    "the same telephone, no birth": (NO_EMAIL, {"birth": UNKNOWN}, LIKELY),
    "the same telephone, a letter mistyped": (NO_EMAIL, {"family_name": "Bērxiņa"}, LIKELY),
    "the same telephone, a letter left out": (NO_EMAIL, {"family_name": "Bēziņa", "birth": UNKNOWN}, POSSIBLE),
    "the same telephone, married": (NO_EMAIL, {"family_name": "Kalniņa"}, LIKELY),
    "the same name and birth date": ({}, ELSEWHERE, LIKELY),
    "the same name and birth date, no contact": (FAR, ELSEWHERE, LIKELY),
    "the names exchanged, the birth date": ({}, {**ELSEWHERE, "given_name": "Bērziņa", "family_name": "Līga"}, LIKELY),
    "a slip, the birth date": ({}, {**ELSEWHERE, "family_name": "Bēziņa"}, POSSIBLE),
    "the same name and village, the year alone": ({}, {**FAR_PHONE, "birth": YEAR}, POSSIBLE),
    "the same name and village, no birth": ({}, {**FAR_PHONE, "birth": UNKNOWN}, POSSIBLE),
    "married, the birth date, the village": ({}, {**FAR_PHONE, "family_name": "Kalniņa"}, POSSIBLE),
}
PLAIN = {"given_name": "Jānis", "family_name": "Bērziņš"}
# The same, for two people.
TWO_PEOPLE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "mother and daughter": ({}, {"given_name": "Anna", "birth": (1988, 2, 1)}),
    "husband and wife": ({}, {**PLAIN, "birth": (1958, 9, 9)}),
    "father and son of one name": ({**PLAIN, "birth": (1950, 1, 1)}, {**PLAIN, "birth": (1978, 4, 4)}),
    "father and son, years alone": ({**PLAIN, "birth": (1950, None, None)}, {**PLAIN, "birth": (1978, None, None)}),
    "father and son, a day and a year": ({**PLAIN, "birth": (1950, 1, 1)}, {**PLAIN, "birth": (1978, None, None)}),
    "father and son born on one day": ({**PLAIN, "birth": (1950, 1, 1)}, {**PLAIN, "birth": (1980, 1, 1)}),
    "twins": ({"given_name": "Līga"}, {"given_name": "Laura"}),
    "twins, no birth said": ({"given_name": "Līga", "birth": UNKNOWN}, {"given_name": "Laura", "birth": UNKNOWN}),
    "sisters whose names are near": ({"given_name": "Elīna"}, {"given_name": "Evelīna"}),
    "the same contact and birth alone": ({}, {"given_name": "Zane", "family_name": "Kalniņa"}),
    "a friend's e-mail": ({}, {"given_name": "Līga", "family_name": "Ozola", "birth": UNKNOWN}),
    "a friend's e-mail, born another year": ({}, {"family_name": "Ozola", "birth": (1962, 1, 1)}),
    "two of one name, far apart, the year alone": ({}, {**ELSEWHERE, "birth": YEAR}),
    "two of one name, far apart, no birth": ({}, {**ELSEWHERE, "birth": UNKNOWN}),
    "two of one name in one village, another birth": ({}, {**FAR_PHONE, "birth": (1985, 7, 7)}),
    "grandmother and granddaughter, years alone": ({"birth": YEAR}, {"birth": (2012, None, None)}),
    "a birthday and a given name shared": ({}, {**ELSEWHERE, "family_name": "Ozola"}),
    "a birthday shared": ({}, {**ELSEWHERE, "given_name": "Zane", "family_name": "Ozola"}),
    "the village and the family name": ({}, {**FAR_PHONE, "given_name": "Zane", "birth": UNKNOWN}),
    "a slip in the name and in the birth": ({}, {"family_name": "Bēziņa", "birth": (1960, 5, 4)}),
    "a slip in the name, far apart, the year": ({}, {**ELSEWHERE, "family_name": "Bēziņa", "birth": YEAR}),
    "short names a letter apart": ({"given_name": "Ina"}, {"given_name": "Ita"}),
}


@pytest.mark.parametrize("name", ONE_PERSON)
def test_one_person_is_found(name):
    one, other, expected = ONE_PERSON[name]
    assert strength(one, other) == expected


@pytest.mark.parametrize("name", TWO_PEOPLE)
def test_two_people_are_left_alone(name):
    one, other = TWO_PEOPLE[name]
    assert strength(one, other) is None


def test_given_names_that_people_bear_are_two_people_s():
    twins = ({"given_name": "Raivis"}, {"given_name": "Raitis"})
    assert strength(*twins, frozenset({"raivis", "raitis"})) is None
    assert strength(*twins, frozenset({"raivis"})) == STRONG


def test_two_written_down_in_one_form_are_two_people():
    together = {"household": HOME, "written_at": NOW}
    assert strength(together, together) is None
    later = {"household": HOME, "written_at": NOW + timedelta(minutes=5)}
    assert strength(together, later) == STRONG


def test_the_reasons_are_told_the_weightiest_first():
    found = judge(entry(ONE), entry(OTHER, phone="", birth=YEAR, given_name="Liga"))
    assert found is not None
    assert found.reasons == (Reason.EMAIL, Reason.SAME_NAME, Reason.BIRTH_YEAR, Reason.VILLAGE)


def test_of_all_the_ways_somebody_was_written_down_the_strongest_counts():
    once = entry(ONE, given_name="Līga", family_name="Kalniņa", **ELSEWHERE)
    now = entry(OTHER, **ELSEWHERE)
    assert best([entry(ONE)], [entry(OTHER, **ELSEWHERE)]).strength == LIKELY
    assert best([entry(ONE), once], [now]).strength == STRONG
    assert best([entry(ONE)], [entry(OTHER, **ELSEWHERE, given_name="Zane")]) is None
