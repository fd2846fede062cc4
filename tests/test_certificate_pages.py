"""Certificates at the desk, in the holder's hands, and before a stranger with a number."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from courses.domain import certificate_book, certificates, links
from courses.models import Activity, Certificate, Registration
from ecosystem.models import Message
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def over(**facts) -> Activity:
    """A course of two sessions, the last a week ago."""
    return ActivityFactory(weeks=2, first=timezone.now() - timedelta(days=14), status="completed", **facts)


def person(activity: Activity, family: str = "Bērziņa", *, was_at: int = 2, given: str = "Līga") -> Registration:
    party = PartyFactory(activity=activity, email=f"p{Registration.objects.count()}@example.lv")
    row = RegistrationFactory(party=party, resident=ResidentFactory(given_name=given, family_name=family))
    for session in activity.sessions.order_by("starts_at")[:was_at]:
        AttendanceFactory(registration=row, session=session)
    return row


def issued(**person_) -> Certificate:
    activity = over()
    person(activity, **person_)
    [one] = certificates.issue(activity=activity, kind="certificate", by=UserFactory(), now=timezone.now())
    return one


def text_of(made: bytes) -> str:
    """What is read on the pages, whatever stands between the words."""
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split())


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(PostFactory().holder)
    return client


# The desk.


def test_desk_issues_to_everybody_and_says_how_many(desk: Client) -> None:
    activity = over()
    for family, was_at in (("Bērziņa", 2), ("Kalniņa", 2), ("Ozola", 1)):
        person(activity, family, was_at=was_at)
    path = f"/darbs/aktivitates/{activity.pk}/apliecibas/"
    page = desk.get(path).content.decode()
    assert "Notikušas 2 nodarbības. Apliecībai jāapmeklē 2, apliecinājumam viena." in page
    assert "Apmeklējums: 1 no 2 nodarbībām, apliecībai vajag 2." in page
    assert "Izsniegt 2 apliecības" in page
    assert "Izsniegt 1 apliecinājumu" in page
    page = desk.post(path, {"do": "issue", "kind": "certificate"}, follow=True).content.decode()
    assert "Izsniegtas 2 apliecības." in page
    page = desk.post(path, {"do": "issue", "kind": "certificate"}, follow=True).content.decode()
    assert "Nekas nav mainījies: visiem, kam tas pienākas, tas jau ir." in page
    page = desk.post(path, {"do": "send"}, follow=True).content.decode()
    assert ("Nosūtītas 2 saites." in page, Message.objects.filter(kind="certificate").count()) == (True, 2)


def test_desk_page_asks_as_often_for_one_as_for_three(desk: Client, same_queries) -> None:
    activity = over()

    def add(number: int) -> None:
        person(activity, f"Bērziņa {'ABC'[number]}")
        certificates.issue(activity=activity, kind="certificate", by=UserFactory(), now=timezone.now())

    same_queries(12, add=add, visit=lambda: desk.get(f"/darbs/aktivitates/{activity.pk}/apliecibas/"))


def test_desk_puts_a_name_right_and_takes_back_with_a_reason(desk: Client) -> None:
    one = issued()
    path = f"/darbs/aktivitates/{one.activity_id}/apliecibas/"
    refused = desk.post(path, {"do": "reissue", "certificate": one.pk, "registration": one.registration_id})
    assert (refused.status_code, "Dokumentā nekas nemainītos" in refused.content.decode()) == (422, True)
    one.registration.resident.family_name = "Liepa"
    one.registration.resident.save()
    desk.post(path, {"do": "reissue", "certificate": one.pk})
    fresh = Certificate.objects.valid().get()
    assert fresh.name == "Līga Liepa"
    refused = desk.post(path, {"do": "revoke", "certificate": fresh.pk, "reason": ""})
    assert (refused.status_code, Certificate.objects.valid().count()) == (422, 1)
    desk.post(path, {"do": "revoke", "certificate": fresh.pk, "reason": "Kļūda sarakstā"})
    assert Certificate.objects.valid().count() == 0
    assert "Kļūda sarakstā" in desk.get(path).content.decode()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"do": "dejot"}, 422),
        ({"do": "issue"}, 422),
        ({"do": "issue", "kind": "diploms"}, 422),
        ({"do": "issue", "kind": "certificate", "registration": "9" * 40}, 404),
        ({"do": "issue", "kind": "certificate", "registration": "١"}, 404),
        ({"do": "revoke", "certificate": "-1", "reason": "Tā"}, 404),
        ({"do": "reissue", "certificate": ""}, 404),
    ],
)
def test_desk_answers_a_bad_form_in_words(desk: Client, form, status) -> None:
    activity = over()
    person(activity)
    assert desk.post(f"/darbs/aktivitates/{activity.pk}/apliecibas/", form).status_code == status
    assert Certificate.objects.count() == 0


def test_desk_touches_no_other_activity_s_papers(desk: Client) -> None:
    other, mine = issued(), over()
    path = f"/darbs/aktivitates/{mine.pk}/apliecibas"
    assert desk.post(f"{path}/", {"do": "revoke", "certificate": other.pk, "reason": "Tā"}).status_code == 404
    form = {"do": "issue", "kind": "confirmation", "registration": other.registration_id}
    assert desk.post(f"{path}/", form).status_code == 404
    assert desk.get(f"{path}.pdf?numurs={other.number}").status_code == 404
    assert (Certificate.objects.count(), Certificate.objects.valid().count()) == (1, 1)


def test_desk_prints_all_in_one_file_or_one(desk: Client) -> None:
    activity = over()
    for family in ("Bērziņa", "Kalniņa"):
        person(activity, family)
    person(activity, "Ozola", was_at=1)
    for kind in ("certificate", "confirmation"):
        certificates.issue(activity=activity, kind=kind, by=UserFactory(), now=timezone.now())
    whole = desk.get(f"/darbs/aktivitates/{activity.pk}/apliecibas.pdf")
    assert (whole["Content-Type"], len(PdfReader(BytesIO(whole.content)).pages)) == ("application/pdf", 3)
    assert "no-store" in whole["Cache-Control"]
    one = Certificate.objects.get(name="Līga Kalniņa")
    single = desk.get(f"/darbs/aktivitates/{activity.pk}/apliecibas.pdf?numurs={one.number}")
    said = text_of(single.content)
    assert ("Līga Kalniņa" in said, "Bērziņa" in said, one.number in said) == (True, False, True)


# Whether it is genuine.


def test_a_stranger_with_the_number_reads_what_it_is_for_and_no_name(client: Client) -> None:
    one = issued()
    response = client.get(f"/apliecibas/{one.number}/")
    page = response.content.decode()
    assert 'data-outcome="genuine"' in page
    assert "Adīšanas un tamborēšanas vakari" in page
    assert "L. B." in page
    for secret in ("Līga", "Bērziņa", "p0@example.lv", "1960"):
        assert secret not in page
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Līga Bērziņa", "right"),
        ("berzina  LIGA", "right"),
        ("Līga Kalniņa", "wrong"),
        ("Līga", "wrong"),
        ("<b>Līga</b>", "wrong"),
        ("\x00 ", "wrong"),
        ("  ", "empty"),
    ],
)
def test_the_name_is_confirmed_only_to_who_types_it(client: Client, typed, answer) -> None:
    one = issued()
    response = client.post(f"/apliecibas/{one.number}/", {"name": typed})
    page = response.content.decode()
    assert response.status_code == (422 if answer == "empty" else 200)
    if answer == "empty":
        assert "Ierakstiet vārdu un uzvārdu." in page
    else:
        assert f'data-answer="{answer}"' in page
        assert "Bērziņa" not in page or "Bērziņa" in typed
    assert "<b>Līga" not in page


def test_names_cannot_be_guessed_without_end(client: Client, monkeypatch) -> None:
    one = issued()
    monkeypatch.setattr("courses.views.certificate_checks.NAMES_BY_NUMBER", 2)
    answers = [client.post(f"/apliecibas/{one.number}/", {"name": "Anna Koka"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    # Looking at it is still free.
    assert client.get(f"/apliecibas/{one.number}/").status_code == 200


def test_numbers_cannot_be_tried_without_end(client: Client, settings) -> None:
    settings.LIMIT_BY_ADDRESS = 2
    statuses = [client.get("/apliecibas/TM-2027-0001-AAAAAA/").status_code for _ in range(3)]
    assert statuses == [404, 404, 429]


def test_a_paper_taken_back_says_so_and_nothing_else(client: Client) -> None:
    one = issued()
    certificates.revoke(certificate=one, reason="Slepens iemesls", by=UserFactory(), now=timezone.now())
    page = client.get(f"/apliecibas/{one.number}/").content.decode()
    assert 'data-outcome="revoked"' in page
    for secret in ("Slepens", "L. B.", "tamborēšanas", 'name="name"'):
        assert secret not in page


def test_a_replaced_paper_says_that_there_is_a_new_one_and_not_which(client: Client) -> None:
    one = issued()
    one.registration.resident.family_name = "Liepa"
    one.registration.resident.save()
    fresh = certificates.reissue(certificate=one, by=UserFactory(), now=timezone.now())
    page = client.get(f"/apliecibas/{one.number}/").content.decode()
    assert ("aizstāts ar jaunu" in page, fresh.number in page) == (True, False)


def test_an_altered_number_is_unknown_and_a_differently_typed_one_is_found(client: Client) -> None:
    one = issued()
    altered = one.number[:-1] + ("2" if one.number[-1] != "2" else "3")
    for number in (altered, one.number.replace("-0001-", "-0002-"), "TM-1", "%00", "x" * 300):
        response = client.get(f"/apliecibas/{number}/")
        assert (response.status_code, 'data-outcome="unknown"' in response.content.decode()) == (404, True)
    response = client.get(f"/apliecibas/{one.number.lower()}/")
    assert (response.status_code, response["Location"]) == (302, f"/apliecibas/{one.number}/")
    typed = client.get("/apliecibas/parbaudit/", {"numurs": f" {one.number.lower().replace('-', ' ')} "})
    assert typed["Location"] == f"/apliecibas/{one.number}/"


@pytest.mark.parametrize("typed", ["", "abc", "\x00", "TM-7K3M9Q", "9" * 500])
def test_the_form_says_how_a_number_looks(client: Client, typed) -> None:
    response = client.get("/apliecibas/parbaudit/", {"numurs": typed})
    page = response.content.decode()
    assert (response.status_code, "Ierakstiet visu numuru" in page) == (422, True)
    assert "<title>Kļūda: " in page


def test_a_forgotten_holder_has_no_initials_and_the_name_is_still_confirmed(client: Client) -> None:
    one = issued()
    Registration.objects.update(resident=None)
    certificate_book.forget(now=timezone.now())
    page = client.get(f"/apliecibas/{one.number}/").content.decode()
    assert ("L. B." in page, "vārds vairs netiek glabāts" in page) == (False, True)
    right = client.post(f"/apliecibas/{one.number}/", {"name": "Līga Bērziņa"}).content.decode()
    assert 'data-answer="right"' in right


# The holder's link.


def test_the_holder_opens_and_prints_their_own_and_nobody_else_s(client: Client) -> None:
    one, other = issued(), issued(family="Kalniņa")
    certificates.send(activity=one.activity, now=timezone.now())
    certificates.send(activity=other.activity, now=timezone.now())
    token = links.certificates_token(one.registration.party)
    page = client.get(f"/apliecibas/sanemt/{token}/").content.decode()
    assert (one.number in page, other.number in page, "Līga Bērziņa" in page) == (True, False, True)
    made = client.get(f"/apliecibas/sanemt/{token}/{one.number}.pdf")
    assert "Līga Bērziņa" in text_of(made.content)
    assert "no-store" in made["Cache-Control"]
    assert client.get(f"/apliecibas/sanemt/{token}/{other.number}.pdf").status_code == 404
    altered = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    assert client.get(f"/apliecibas/sanemt/{altered}/").status_code == 404
    certificates.revoke(certificate=one, reason="Kļūda", by=UserFactory(), now=timezone.now())
    assert client.get(f"/apliecibas/sanemt/{token}/{one.number}.pdf").status_code == 410


def test_holder_and_desk_have_the_same_paper_in_english(client: Client) -> None:
    activity = over(title_en="Knitting evenings")
    person(activity)
    [one] = certificates.issue(activity=activity, kind="certificate", by=UserFactory(), now=timezone.now())
    certificates.send(activity=activity, now=timezone.now())
    address = f"/apliecibas/sanemt/{links.certificates_token(one.registration.party)}/"
    page = client.get(address).content.decode()
    assert f'href="{address}{one.number}.pdf?valoda=en"' in page
    said = {
        language: text_of(client.get(f"{address}{one.number}.pdf?valoda={language}").content)
        for language in ("en", "lv", "de")
    }
    assert said["de"] == said["lv"]
    english = ("Certificate", "completed the learning activity", "Knitting evenings", "English edition", one.number)
    assert [words in said["en"] for words in english] == [True] * 5
    assert [words in said["lv"] for words in english] == [False, False, False, False, True]
    checked = client.get(f"/en/apliecibas/{one.number}/").content.decode()
    assert "Knitting evenings · Adīšanas un tamborēšanas vakari" in checked
    client.force_login(PostFactory().holder)
    desk = f"/darbs/aktivitates/{activity.pk}/apliecibas"
    assert f"{desk}.pdf?numurs={one.number}&amp;valoda=en" in client.get(f"{desk}/").content.decode()
    made = client.get(f"{desk}.pdf", {"numurs": one.number, "valoda": "en"})
    assert text_of(made.content) == said["en"]


def test_a_link_that_was_never_sent_opens_nothing(client: Client) -> None:
    one = issued()
    token = links.certificates_token(one.registration.party)
    assert client.get(f"/apliecibas/sanemt/{token}/").status_code == 410
