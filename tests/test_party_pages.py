"""A registration by its link: seen, changed, cancelled; offers answered; a lost link sent again."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from courses.domain import links
from courses.models import Activity, Party, Registration
from ecosystem.models import Message
from tests.factories import ActivityFactory, PartyFactory, RegistrationFactory, ResidentFactory

pytestmark = pytest.mark.django_db


def soon(**kwargs: Any) -> Activity:
    """An activity that begins in ten days."""
    first = (timezone.now() + timedelta(days=10)).replace(minute=0, second=0, microsecond=0)
    return ActivityFactory(first=first, changed_at=timezone.now(), **kwargs)


def family(state: str = "confirmed", **kwargs: Any) -> Party:
    """Līga and Jānis, registered together."""
    offered = {"offered_until": timezone.now() + timedelta(hours=20)} if state == "offered" else {}
    taken = 2 if state in ("confirmed", "offered") else 0
    waiting = 2 if state == "queued" else 0
    party = PartyFactory(activity=soon(capacity=4, taken=taken, waiting=waiting), language="en", **kwargs)
    for name in ("Līga", "Jānis"):
        RegistrationFactory(party=party, state=state, resident=ResidentFactory(given_name=name), **offered)
    return party


def address(party: Party) -> str:
    """The link of a registration, in English."""
    return f"/en/pieteikumi/{links.party_token(party)}/"


def states(party: Party) -> dict[str, str]:
    """Where each of them stands."""
    rows = party.registrations.select_related("resident").order_by("pk")
    return {row.resident.given_name: row.state for row in rows if row.resident}


def row(party: Party, name: str) -> Registration:
    """One of them."""
    return party.registrations.get(resident__given_name=name)


def test_the_page_says_who_comes_and_how_each_stands(client: Client) -> None:
    party = family()
    page = client.get(address(party))
    text = page.content.decode()
    assert page.status_code == 200
    for shown in ("Līga Bērziņa", "Jānis Bērziņa", party.number, "You have a place", "liga.berzina@example.lv"):
        assert shown in text
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"


def test_the_queue_is_told_as_a_number(client: Client) -> None:
    text = client.get(address(family("queued"))).content.decode()
    assert re.findall(r"You are number (\d) in the queue", text) == ["1", "2"]


@pytest.mark.parametrize("query", ["", "?atteikties=visi", "?atteikties=0", "?atteikties=x", "?atcelts=1", "?kontakts"])
def test_following_the_link_never_changes_anything(client: Client, query: str) -> None:
    party = family()
    assert client.get(address(party) + query).status_code == 200
    assert states(party) == {"Līga": "confirmed", "Jānis": "confirmed"}
    assert Message.objects.count() == 0


def test_cancelling_asks_once_more_and_then_cancels_all(client: Client) -> None:
    party = family()
    asked = client.get(f"{address(party)}?atteikties=visi").content.decode()
    chosen = re.findall(r'name="registration" value="(\d+)"', asked)
    sent = client.post(address(party), {"registration": chosen})
    assert (sent.status_code, sent["Location"]) == (303, f"{address(party)}?atcelts=1")
    assert states(party) == {"Līga": "cancelled", "Jānis": "cancelled"}
    assert Activity.objects.get().taken == 0
    assert "Done. Thank you for telling us." in client.get(sent["Location"]).content.decode()
    assert client.post(address(party), {"registration": chosen}).status_code == 303


def test_one_of_several_can_cancel(client: Client) -> None:
    party = family()
    asked = client.get(f"{address(party)}?atteikties={row(party, 'Jānis').pk}").content.decode()
    chosen = re.findall(r'name="registration" value="(\d+)"', asked)
    assert chosen == [str(row(party, "Jānis").pk)]
    client.post(address(party), {"registration": chosen})
    assert states(party) == {"Līga": "confirmed", "Jānis": "cancelled"}


def test_a_stranger_s_registration_is_not_cancelled_by_my_link(client: Client) -> None:
    mine, other = family(), family(email="cits@example.lv")
    client.post(address(mine), {"registration": [str(row(other, "Līga").pk), "x", "9" * 40]})
    assert states(other) == {"Līga": "confirmed", "Jānis": "confirmed"}
    assert states(mine) == {"Līga": "confirmed", "Jānis": "confirmed"}


def test_another_contact_is_written_to_from_now_on(client: Client) -> None:
    party = family()
    wrong = client.post(f"{address(party)}?kontakts", {"contact_email": "liga@", "contact_phone": ""})
    assert wrong.status_code == 422
    assert 'value="liga@"' in wrong.content.decode()
    sent = client.post(f"{address(party)}?kontakts", {"contact_email": "", "contact_phone": "2612 3456"})
    assert (sent.status_code, sent["Location"]) == (303, f"{address(party)}?mainits=1")
    party.refresh_from_db()
    assert (party.email, str(party.phone)) == ("", "+37126123456")


@pytest.mark.parametrize("suffix", ["", "kalendars.ics"])
@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "ā", "A" * 3000])
def test_an_altered_link_offers_to_send_it_again(client: Client, token: str, suffix: str) -> None:
    page = client.get(f"/en/pieteikumi/{token}/{suffix}")
    text = page.content.decode()
    assert page.status_code == 404
    assert "Send me the link again" in text
    assert 'action="/en/pieteikumi/atrast/"' in text


def test_an_expired_link_offers_to_send_it_again(client: Client) -> None:
    party = family()
    Activity.objects.update(starts_at=timezone.now() - timedelta(days=61), ends_at=timezone.now() - timedelta(days=60))
    page = client.get(address(party))
    assert page.status_code == 410
    assert "This link has expired" in page.content.decode()


def test_a_link_of_one_kind_does_not_open_another(client: Client) -> None:
    party = family("offered")
    assert client.get(f"/pieteikumi/{links.offer_token(row(party, 'Līga'))}/").status_code == 404
    assert client.get(f"/pieteikumi/{links.received_token(party)}/").status_code == 404
    assert client.get(f"/piedavajumi/{links.party_token(party)}/").status_code == 404


def test_the_calendar_has_every_session(client: Client) -> None:
    party = family()
    answer = client.get(f"{address(party)}kalendars.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 4


def test_a_cancelled_activity_is_told(client: Client) -> None:
    party = family()
    Activity.objects.update(status="cancelled", cancelled_at=timezone.now(), cancellation_reason="Ūdens avārija.")
    text = client.get(address(party)).content.decode()
    assert "This activity is cancelled." in text
    assert "Ūdens avārija." in text
    assert "atteikties" not in text


def test_who_was_already_in_is_told_so_by_the_link_alone(client: Client) -> None:
    text = client.get(address(PartyFactory(activity=soon()))).content.decode()
    assert "This registration has already been received." in text
    assert "atteikties" not in text


def offer(party: Party, name: str = "Līga") -> str:
    """The link of an offer, in English."""
    return f"/en/piedavajumi/{links.offer_token(row(party, name))}/"


def test_an_offer_says_until_when_and_a_look_accepts_nothing(client: Client) -> None:
    party = family("offered")
    page = client.get(offer(party))
    text = page.content.decode()
    assert page.status_code == 200
    assert "A place is yours" in text
    assert re.search(r"Confirm until \w+, .*, at \d+:\d\d\.", html.unescape(text))
    assert states(party) == {"Līga": "offered", "Jānis": "offered"}


def test_yes_confirms_the_place_and_no_gives_it_on(client: Client) -> None:
    party = family("offered")
    yes = client.post(offer(party), {"answer": "accept"})
    assert (yes.status_code, yes["Location"]) == (303, f"{address(party)}?apstiprinats=1")
    no = client.post(offer(party, "Jānis"), {"answer": "decline"})
    assert (no.status_code, no["Location"]) == (303, f"{address(party)}?atcelts=1")
    assert states(party) == {"Līga": "confirmed", "Jānis": "declined"}
    assert "You have a place" in client.get(offer(party)).content.decode()
    assert client.get(offer(party, "Jānis")).status_code == 410


def test_an_answer_that_is_none_shows_the_offer_again(client: Client) -> None:
    party = family("offered")
    assert client.post(offer(party), {"answer": "maybe"}).status_code == 200
    assert states(party)["Līga"] == "offered"


@pytest.mark.parametrize("answer", ["", "accept", "decline"])
def test_an_expired_offer_says_that_the_place_went_on_and_never_to_whom(client: Client, answer: str) -> None:
    party = family("offered")
    Registration.objects.update(offered_until=timezone.now() - timedelta(minutes=5))
    page = client.post(offer(party), {"answer": answer}) if answer else client.get(offer(party))
    text = page.content.decode()
    assert page.status_code == 410
    assert "the place was offered to the next person. You can join the queue again." in text
    assert f"/en/aktivitates/{party.activity_id}-" in text


def found(client: Client, **data: str) -> Any:
    """Ask for the link again."""
    return client.post("/en/pieteikumi/atrast/", data)


def test_the_lost_link_is_sent_again_and_the_answer_is_the_same_for_all(client: Client) -> None:
    party = family()
    known = found(client, contact_email="Liga.Berzina@example.lv")
    unknown = found(client, contact_email="nav@example.lv")
    assert known.status_code == unknown.status_code == 303
    assert known["Location"] == unknown["Location"] == "/en/pieteikumi/atrast/?nosutits=1"
    assert client.get(known["Location"]).status_code == 200
    (message,) = Message.objects.all()
    assert message.to == "liga.berzina@example.lv"
    assert links.party_token(party) in message.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Type an e-mail address or a telephone number. One is enough."),
        ({"contact_email": "liga"}, "Type an e-mail address, for example anna@example.lv."),
        ({"contact_email": "li\x00ga@example.lv"}, "Type an e-mail address, for example anna@example.lv."),
        ({"contact_phone": "1"}, "Type a telephone number with 8 digits, for example 2612 3456."),
    ],
)
def test_a_contact_that_is_none_is_said_and_kept(client: Client, data: dict[str, str], said: str) -> None:
    page = found(client, **data)
    assert page.status_code == 422
    assert page.content.decode().count(said) == 2
    assert "<title>Error: " in page.content.decode()


def test_a_contact_asks_for_its_links_five_times_an_hour(client: Client) -> None:
    answers = [found(client, contact_email="liga@example.lv").status_code for _time in range(6)]
    assert answers == [303, 303, 303, 303, 303, 429]
    assert found(client, contact_email="cita@example.lv").status_code == 303
