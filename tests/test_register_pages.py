"""Registering by the pages: form, check page, outcome; what is typed wrongly, and that nothing typed is lost.

Addresses are English ones where texts are compared: English stands in the code itself.
"""

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from courses.models import Activity, Party, Registration
from ecosystem.models import Message
from residents.models import Consent, Resident
from tests.factories import ActivityFactory, AudienceFactory, ParishFactory, VillageFactory

pytestmark = pytest.mark.django_db

ANNA = {
    "people-0-given_name": "Anna",
    "people-0-family_name": "Liepiņa",
    "people-0-birth_day": "5",
    "people-0-birth_month": "11",
    "people-0-birth_year": "1952",
    "people-0-village": "eleja",
    "contact_email": "Anna@Example.lv",
}
EMILS = {
    "people-1-given_name": "Emīls",
    "people-1-family_name": "Liepiņš",
    "people-1-birth_year": "2018",
    "people-1-village": "elsewhere",
}


@pytest.fixture(autouse=True)
def eleja() -> None:
    """A village to live in."""
    VillageFactory()


def soon(**kwargs: Any) -> Activity:
    """An activity that begins in three days."""
    first = (timezone.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    return ActivityFactory(first=first, changed_at=timezone.now(), **kwargs)


def address(activity: Activity, *, language: str = "") -> str:
    """The form's address."""
    return f"{language}/aktivitates/{activity.pk}-{activity.slug}/pieteikties/"


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them back."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


def outcome(page: str) -> str:
    """What the outcome page says."""
    (found,) = re.findall(r'data-outcome="([a-z_]+)"', page)
    return str(found)


def send(client: Client, activity: Activity, data: dict[str, str], *, language: str = "/en") -> HttpResponse:
    """Open the form, fill it in, send it."""
    path = address(activity, language=language)
    return client.post(path, {**hidden(client.get(path).content.decode()), **data})


def post(client: Client, data: dict[str, str]) -> HttpResponse:
    """Send the form without opening it first, as a program that knows only its published names."""
    return client.post(address(soon(), language="/en"), data)


def confirm(client: Client, activity: Activity, page: HttpResponse, *, language: str = "/en") -> HttpResponse:
    """Send what the check page carries."""
    return client.post(f"{address(activity, language=language)}parbaudit/", hidden(page.content.decode()))


def register(client: Client, activity: Activity, data: dict[str, str]) -> str:
    """The whole way; the outcome page."""
    checked = send(client, activity, data)
    assert checked.status_code == 200
    sent = confirm(client, activity, checked)
    assert sent.status_code == 303
    return client.get(sent["Location"]).content.decode()


def test_the_way_from_the_form_to_a_place(client: Client) -> None:
    activity = soon(capacity=12)
    page = register(client, activity, ANNA)
    assert outcome(page) == "confirmed"
    party = Party.objects.get()
    assert party.number in page
    assert (party.email, party.channel, party.language) == ("anna@example.lv", "web", "en")
    resident = Resident.objects.get()
    assert (resident.given_name, resident.birth_day, resident.village_id) == ("Anna", 5, "eleja")
    assert [message.to for message in Message.objects.all()] == ["anna@example.lv"]


def test_the_box_about_news_is_empty_kept_and_asked_about(client: Client) -> None:
    activity = soon()
    path = address(activity, language="/en")
    fresh = client.get(path).content.decode()
    assert not re.search(r'name="news"[^>]*checked', fresh)
    typed = {**ANNA, "people-0-given_name": "", "news": "on", "news_wording": "1-7"}
    again = client.post(path, typed).content.decode()
    assert re.search(r'name="news"[^>]*checked', again)
    checked = send(client, activity, {**ANNA, "news": "on", "news_wording": "1-7"})
    assert "We send you a link to confirm it" in checked.content.decode()
    assert confirm(client, activity, checked).status_code == 303
    consent = Consent.objects.get()
    assert (consent.contact, consent.language, consent.village_id, consent.holds) == (
        *("anna@example.lv", "en", "eleja"),
        False,
    )
    assert consent.wording.startswith("I would like news from «Tuvāk mājām»")


def test_a_box_ticked_under_another_sentence_is_asked_anew(client: Client) -> None:
    sent = post(client, {**ANNA, "news": "on", "news_wording": "0-7"})
    page = sent.content.decode()
    assert sent.status_code == 422
    assert "The sentence has changed since." in page
    assert not re.search(r'name="news"[^>]*checked', page)
    assert 'value="Anna"' in page
    # Without the box the old page is as good as ever.
    assert post(client, {**ANNA, "news_wording": "0-7"}).status_code == 200


def test_a_telephone_alone_is_enough(client: Client) -> None:
    activity = soon()
    data = {**ANNA, "contact_email": "", "contact_phone": "2612 3456"}
    assert outcome(register(client, activity, data)) == "confirmed"
    assert str(Party.objects.get().phone) == "+37126123456"


def test_the_check_page_shows_what_was_typed_and_sends_it_by_one_form(client: Client) -> None:
    activity = soon(age_min=None)
    page = send(client, activity, {**ANNA, **EMILS, "guardian_name": "Anna Liepiņa", "all_or_none": "on"})
    text = page.content.decode()
    for shown in ("Anna Liepiņa", "Emīls Liepiņš", "2018", "Eleja, Elejas pagasts", "anna@example.lv"):
        assert shown in text
    assert "Jelgava or another place" in text
    main = text[text.index("<main") : text.index("</main>")]
    assert main.count("<form") == 1
    assert f'action="{address(activity, language="/en")}parbaudit/"' in main
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "sessionid" not in client.cookies
    assert Party.objects.count() == 0


def test_a_full_activity_gives_a_number_in_the_queue(client: Client) -> None:
    activity = soon(capacity=1, taken=1)
    page = register(client, activity, ANNA)
    assert outcome(page) == "queued"
    assert "You are number 1 in the queue." in html.unescape(page)
    assert Registration.objects.get().state == "queued"


def test_all_or_none_waits_whole(client: Client) -> None:
    activity = soon(capacity=2, taken=1)
    data = {**ANNA, **EMILS, "guardian_name": "Anna Liepiņa", "all_or_none": "on"}
    assert outcome(register(client, activity, data)) == "queued"
    assert sorted(Registration.objects.values_list("state", flat=True)) == ["queued", "queued"]


def test_an_activity_with_approval_says_so(client: Client) -> None:
    assert outcome(register(client, soon(needs_approval=True), ANNA)) == "awaiting_approval"


def test_sent_twice_it_is_one_registration(client: Client) -> None:
    activity = soon()
    checked = send(client, activity, ANNA)
    first, second = confirm(client, activity, checked), confirm(client, activity, checked)
    assert first["Location"] == second["Location"]
    assert Party.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("people-0-given_name", "", "Type the given name."),
        ("people-0-given_name", "123", "Type the given name."),
        ("people-0-given_name", "A" * 10_000, "This is too long for a name. Write it shorter, at most 60 letters."),
        ("people-0-family_name", "", "Type the family name."),
        ("people-0-birth_year", "", "Type the year of birth."),
        ("people-0-birth_year", "52", "Type the year with 4 digits, for example 1952."),
        ("people-0-birth_year", "abcd", "Type the year with 4 digits, for example 1952."),
        ("people-0-birth_year", "9" * 400, "Type the year with 4 digits, for example 1952."),
        ("people-0-birth_year", "1800", "Check the year: it should be between"),
        ("people-0-birth_year", "2999", "The birth date is in the future. Check the year."),
        ("people-0-birth_day", "31", "There is no such date. Check the day and the month."),
        ("people-0-birth_day", "", "Type both the day and the month, or leave both empty."),
        ("people-0-birth_month", "13", "There is no such date. Check the day and the month."),
        ("people-0-birth_month", "nov", "Type the month in numbers, for example 11."),
        ("people-0-village", "", "Choose where this person lives."),
        ("people-0-village", "atlantida", "«atlantida» is not in our list."),
        ("contact_email", "", "Type an e-mail address or a telephone number. One is enough."),
        ("contact_email", "anna@", "Type an e-mail address, for example anna@example.lv."),
        ("contact_phone", "12", "Type a telephone number with 8 digits, for example 2612 3456."),
        ("contact_phone", "+371 1", "Type a telephone number with 8 digits, for example 2612 3456."),
        ("contact_phone", "+44 12", "After + write the country"),
        ("contact_phone", "zvaniet", "Type a telephone number with 8 digits, for example 2612 3456."),
    ],
)
def test_what_is_typed_wrongly_is_said_and_kept(client: Client, field: str, typed: str, said: str) -> None:
    page = post(client, {**ANNA, field: typed})
    text = html.unescape(page.content.decode())
    assert page.status_code == 422
    assert "<title>Error: Register" in text
    assert text.count(said) == 2, "once in the summary, once at the field"
    assert f'href="#id_{field}"' in text
    for name, value in {**ANNA, field: typed}.items():
        if name != "people-0-village":
            assert f'name="{name}"' in text
            assert f'value="{value}"' in text if value else True
    assert Party.objects.count() == 0


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x07"])
@pytest.mark.parametrize("field", ["people-0-given_name", "people-0-village", "contact_email", "guardian_name"])
def test_control_characters_are_refused_and_not_shown_again(client: Client, field: str, mark: str) -> None:
    page = post(client, {**ANNA, field: f"An{mark}na"})
    text = page.content.decode()
    assert page.status_code == 422
    assert mark not in text
    assert 'value="Liepiņa"' in text


def test_spaces_of_all_sorts_are_tidied(client: Client) -> None:
    register(client, soon(), {**ANNA, "people-0-given_name": " Anna\u00a0\t Marija\u200b "})
    assert Resident.objects.get().given_name == "Anna Marija"


@pytest.mark.parametrize("key", ["", "nav", "0" * 5000, "\x00"])
def test_a_broken_form_key_is_replaced(client: Client, key: str) -> None:
    page = post(client, {**ANNA, "form_key": key})
    assert page.status_code == 200
    assert uuid.UUID(hidden(page.content.decode())["form_key"]).version == 4


def test_an_empty_form_and_one_without_any_field_are_the_same_page(client: Client) -> None:
    activity = soon()
    assert client.post(address(activity)).status_code == 422
    assert client.post(f"{address(activity)}parbaudit/").status_code == 422


def test_people_may_have_any_numbers(client: Client) -> None:
    data = {name.replace("people-0", "people-999"): value for name, value in ANNA.items()}
    assert outcome(register(client, soon(), data)) == "confirmed"
    assert Resident.objects.get().given_name == "Anna"


def test_eleven_people_are_too_many_and_all_stay_on_the_page(client: Client) -> None:
    data = {
        name.replace("people-0", f"people-{number}"): value if "given" not in name else f"Anna{'abcdefghijk'[number]}"
        for number in range(11)
        for name, value in ANNA.items()
    }
    page = send(client, soon(), data)
    text = page.content.decode()
    assert page.status_code == 422
    assert "At most 10 people can register together." in text
    assert text.count('_name" value="Anna') == 11


def test_buttons_add_and_take_out_people_without_a_script(client: Client) -> None:
    activity = soon()
    more = send(client, activity, {**ANNA, "contact_phone": "12", "add": "1"})
    text = more.content.decode()
    assert more.status_code == 200
    assert 'name="people-1-given_name"' in text
    assert 'value="Liepiņa"' in text
    assert 'value="12"' in text
    assert "field-error" not in text
    less = send(client, activity, {**ANNA, **EMILS, "remove": "0"}).content.decode()
    assert 'value="Emīls"' in less
    assert 'value="Anna"' not in less
    assert 'name="people-1-given_name"' not in less


@pytest.mark.parametrize("number", ["7", "-1", "x", "9" * 50, "²"])
def test_taking_out_nobody_changes_nothing(client: Client, number: str) -> None:
    text = post(client, {**ANNA, **EMILS, "remove": number}).content.decode()
    assert text.count("data-person>") == 2


def test_changing_an_answer_brings_the_form_back_with_all_answers(client: Client) -> None:
    activity = soon()
    checked = send(client, activity, {**ANNA, **EMILS, "guardian_name": "Anna Liepiņa", "all_or_none": "on"})
    kept = hidden(checked.content.decode())
    back = client.post(address(activity, language="/en"), {**kept, "change": "contact"})
    text = back.content.decode()
    assert back.status_code == 200
    assert re.search(r'<h2 tabindex="-1" data-focus>How to reach you', text)
    assert re.search(r'name="all_or_none"[^>]* checked', text)
    assert hidden(text)["form_key"] == kept["form_key"]
    for value in ("Anna", "Emīls", "2018", "Anna@Example.lv", "Anna Liepiņa"):
        assert f'value="{value}"' in text


def test_a_child_needs_a_guardian_and_the_form_says_where(client: Client) -> None:
    page = send(client, soon(), {**ANNA, **EMILS})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'href="#id_guardian_name"' in text
    assert 'id="id_guardian_name_error"' in text


def test_an_age_that_does_not_fit_is_told_with_what_is_near(client: Client) -> None:
    everyone = [AudienceFactory()]
    other = soon(title="Cita", audiences=everyone)
    page = send(client, soon(age_min=80, audiences=everyone), ANNA)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'id="id_people-0-birth_year"' in text
    assert f'data-activity="{other.pk}"' in text


def test_the_remembered_village_is_chosen_and_a_parish_means_its_centre(client: Client) -> None:
    activity = soon()
    for place in ("eleja", ParishFactory().slug):
        client.cookies["vieta"] = place
        assert '<option value="eleja" selected>' in client.get(address(activity)).content.decode()
    client.cookies["vieta"] = "\x00<script>"
    assert '<option value="eleja" selected>' not in client.get(address(activity)).content.decode()


def test_a_form_left_open_for_a_day_still_counts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    activity = soon()
    path = address(activity)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() - 26 * 3600)
    old = hidden(client.get(path).content.decode())
    monkeypatch.undo()
    assert client.post(path, {**old, **ANNA}).status_code == 200


def test_an_altered_stamp_renews_the_page_and_keeps_the_answers(client: Client) -> None:
    activity = soon()
    page = send(client, activity, {**ANNA, "stamp": "x:y:z"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="Liepiņa"' in text
    renewed = hidden(text)
    assert client.post(address(activity), {**renewed, **ANNA}).status_code == 200


def test_a_stamp_of_another_activity_is_an_altered_one(client: Client) -> None:
    other = hidden(client.get(address(soon(title="Cita"))).content.decode())["stamp"]
    assert send(client, soon(), {**ANNA, "stamp": other}).status_code == 422


def test_what_comes_quicker_than_anybody_types_is_asked_for_once_more(client: Client, settings: Any) -> None:
    settings.FORM_MIN_SECONDS = 60
    activity = soon()
    page = send(client, activity, ANNA)
    assert page.status_code == 422
    assert "That was very quick." in page.content.decode()
    settings.FORM_MIN_SECONDS = 0.000001
    again = {**hidden(page.content.decode()), **ANNA}
    assert client.post(address(activity, language="/en"), again).status_code == 200


def test_a_program_that_fills_in_everything_sees_a_success_and_writes_nothing(client: Client) -> None:
    assert outcome(register(client, soon(), {**ANNA, "homepage": "https://spam.example"})) == "received"
    assert (Party.objects.count(), Resident.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_too_many_from_one_contact_keep_their_answers_and_get_a_telephone(client: Client, settings: Any) -> None:
    settings.LIMIT_BY_CONTACT = 1
    register(client, soon(), ANNA)
    activity = soon(title="Cita")
    page = send(client, activity, {**ANNA, "contact_email": "ANNA@example.lv"})
    assert page.status_code == 429
    assert 'value="Liepiņa"' in page.content.decode()
    assert 'href="tel:' in page.content.decode()
    assert send(client, activity, {**ANNA, "contact_email": "cita@example.lv"}).status_code == 200


def test_an_address_is_counted_behind_as_many_proxies_as_we_trust(client: Client, settings: Any) -> None:
    settings.LIMIT_BY_ADDRESS = 1
    settings.TRUSTED_PROXIES = 1
    activity = soon()

    def status(forwarded: str, email: str) -> int:
        checked = send(client, activity, {**ANNA, "contact_email": email})
        path = f"{address(activity)}parbaudit/"
        sent = client.post(path, hidden(checked.content.decode()), headers={"x-forwarded-for": forwarded})
        return sent.status_code

    assert status("203.0.113.5, 198.51.100.1", "a@example.lv") == 303
    assert status("203.0.113.6, 198.51.100.1", "b@example.lv") == 429
    assert status("203.0.113.6, 198.51.100.2", "c@example.lv") == 303


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"status": "cancelled"}, "This activity is cancelled"),
        ({"is_drop_in": True, "capacity": None}, "No need to register, just come"),
        ({"registration_opens_at": timezone.now() + timedelta(days=1)}, "Registration has not opened yet"),
        ({"registration_closes_at": timezone.now() - timedelta(days=1)}, "Registration has closed"),
    ],
)
def test_where_nobody_can_register_the_page_says_why(client: Client, what: dict[str, Any], said: str) -> None:
    activity = soon(**what)
    page = client.get(address(activity, language="/en"))
    assert page.status_code == 200
    assert f"<h1>{said}</h1>" in page.content.decode()
    sent = client.post(address(activity, language="/en"), ANNA)
    assert sent.status_code == 422
    assert 'value="Liepiņa"' in sent.content.decode()


def test_a_past_activity_says_so(client: Client) -> None:
    activity = ActivityFactory(first=timezone.now() - timedelta(days=90))
    assert "This activity is over" in client.get(address(activity, language="/en")).content.decode()


def test_what_closes_between_the_check_page_and_the_press_keeps_the_answers(client: Client) -> None:
    activity = soon()
    checked = send(client, activity, ANNA)
    Activity.objects.filter(pk=activity.pk).update(status="cancelled", cancelled_at=timezone.now())
    page = confirm(client, activity, checked)
    assert page.status_code == 422
    assert 'value="Liepiņa"' in page.content.decode()
    assert Party.objects.count() == 0


def test_a_draft_has_no_form(client: Client) -> None:
    activity = soon(status="draft")
    assert client.get(address(activity)).status_code == 404
    assert client.post(address(activity), ANNA).status_code == 404


def test_an_old_spelling_of_the_address_leads_to_the_present_one(client: Client) -> None:
    activity = soon()
    page = client.get(f"/aktivitates/{activity.pk}-vecs/pieteikties/")
    assert (page.status_code, page["Location"]) == (301, address(activity))


def test_the_outcome_says_the_same_to_whoever_types_a_known_person(client: Client) -> None:
    activity = soon()
    first = register(client, activity, ANNA)
    second = register(client, activity, {**ANNA, "contact_email": "anna@example.lv"})
    varying = r"TM-[0-9A-Z]{6}|/pieteikumi/[^/]+/sanemts/"
    assert re.sub(varying, "", first) == re.sub(varying, "", second)
    assert Registration.objects.count() == 1


def test_a_strange_outcome_link_is_not_found(client: Client) -> None:
    assert client.get("/pieteikumi/nav/sanemts/").status_code == 404


def test_the_form_asks_the_same_of_the_database_for_one_village_and_for_three(
    client: Client, same_queries: Any
) -> None:
    path = address(soon())
    same_queries(
        3,
        add=lambda n: VillageFactory(code=f"ciems-{n}", name=f"Ciems {n}"),
        visit=lambda: client.get(path),
    )
