"""Consent to news: asked on a page, beside a registration or aloud; confirmed by its holder; stopped by one link."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone, translation

from courses.domain import (
    correcting,
    digests,
    erasing,
    forgetting,
    links,
    merging,
    registrations,
    subscriptions,
    unmerging,
)
from courses.domain.admission import Contact, Person
from courses.domain.refusals import Refusal, Refusals
from courses.models import Digest
from ecosystem import tasks
from ecosystem.models import Message
from residents.domain import consents, wording
from residents.domain.consents import Address, Wanted
from residents.models import Consent, Resident
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
EMAIL = "liga.berzina@example.lv"
SENTENCE = (
    "Vēlos saņemt «Tuvāk mājām» jaunumus par to, kas notiek manā tuvumā: ne vairāk kā viena ziņa nedēļā; atteikties varu "
    "jebkurā brīdī ar saiti katrā ziņā vai pa tālruni."
)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ``NOW`` for the pages too, and messages stay rows."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)


@pytest.fixture
def village() -> Any:
    """Eleja, with what one may choose."""
    f.AudienceFactory(code="seniors", name="Seniori", part_of=f.AudienceFactory())
    f.AudienceFactory(code="low_income", name="Maznodrošinātie", is_sensitive=True, part_of=f.AudienceFactory())
    f.TopicFactory()
    return f.VillageFactory()


def typed(**more: Any) -> dict[str, Any]:
    """The page of news filled in."""
    sent = {
        "village": "eleja",
        "km": "5",
        "audiences": ["seniors"],
        "topics": ["crafts"],
        "contact_email": EMAIL,
        "contact_phone": "",
        "language": "lv",
        "news": "on",
        "news_wording": "1-7",
    }
    return {name: value for name, value in {**sent, **more}.items() if value is not None}


def link(kind: str, rel: str) -> str:
    """The address in the message of a kind."""
    message = Message.objects.get(kind=kind)
    url = next(link["url"] for link in message.links if link["rel"] == rel)
    return str(url).removeprefix("http://localhost:8000")


# The sentence.


def test_the_sentence_says_what_how_often_and_how_to_stop():
    """Whoever changes the words raises ``wording.VERSION``, and this test."""
    assert (wording.VERSION, wording.current().text) == (1, SENTENCE)
    with translation.override("en"):
        assert wording.current().text == (
            "I would like news from «Tuvāk mājām» of what is on near me: at most one message a week; I can stop it at any "
            "time by the link in each message or by telephone."
        )


def test_another_setting_is_another_sentence(settings):
    settings.DIGEST_DAYS = 21
    assert wording.current().version == "1-21"
    assert "ne vairāk kā viena ziņa 21 dienā;" in wording.current().text


# On its page.


def test_the_box_is_never_ticked_beforehand(client: Client, village: Any):
    text = client.get("/jaunumi/").content.decode()
    assert SENTENCE in text
    assert "checked" not in text.split("news_wording")[1]


def test_who_asks_is_asked_whether_it_was_they(client: Client, village: Any):
    answer = client.post("/jaunumi/", typed())
    assert (answer.status_code, answer["Location"]) == (303, "/jaunumi/?nosutits=1")
    consent = Consent.objects.get()
    assert (consent.contact, consent.channel, consent.way, consent.language) == (EMAIL, "email", "page", "lv")
    assert (consent.wording, consent.wording_version, consent.asked_at) == (SENTENCE, "1-7", NOW)
    assert (consent.village_id, consent.km, consent.audiences, consent.topics) == (
        "eleja",
        5,
        ["seniors"],
        ["crafts"],
    )
    assert not consent.holds
    message = Message.objects.get()
    assert (message.kind, message.to) == ("news_confirm", EMAIL)
    assert f"«{SENTENCE}»" in message.text
    assert digests.send(now=NOW) == 0
    # Looking says yes to nothing.
    page = link("news_confirm", "confirm")
    assert "Jā, sūtiet jaunumus" in client.get(page).content.decode()
    assert not Consent.objects.get().holds
    answer = client.post(page)
    assert answer.status_code == 303
    consent.refresh_from_db()
    assert (consent.confirmed_at, consent.holds) == (NOW, True)
    assert "Paldies, apstiprināts." in client.get(answer["Location"]).content.decode()
    # Twice is once; the link leads on.
    assert client.post(page).status_code == 303
    assert client.get(page)["Location"] == f"/jaunumi/{links.news_token(consent)}/"


def test_the_answer_is_the_same_for_the_known(client: Client, village: Any):
    stranger = client.post("/jaunumi/", typed(contact_email="nezinams@example.lv"))
    f.ConsentFactory()
    known = client.post("/jaunumi/", typed())
    assert (stranger.status_code, stranger["Location"]) == (known.status_code, known["Location"])
    # What the holder gets already is not touched by who asks.
    assert list(Consent.objects.live().values_list("contact", "km")) == [(EMAIL, 10)]
    assert Message.objects.filter(kind="news_confirm").count() == 2


def test_a_newer_consent_takes_the_place_of_the_old(client: Client, village: Any):
    old = f.ConsentFactory()
    client.post("/jaunumi/", typed())
    client.post(link("news_confirm", "confirm"))
    old.refresh_from_db()
    assert (old.withdrawn_how, old.withdrawn_at) == ("replaced", NOW)
    assert list(Consent.objects.live().values_list("contact", "km")) == [(EMAIL, 5)]
    # The old one's link stops the new one: it is the same contact.
    client.post(f"/jaunumi/atteikties/{links.news_token(old)}/")
    assert not Consent.objects.live().exists()


def test_a_telephone_is_asked_by_sms(client: Client, village: Any):
    client.post("/jaunumi/", typed(contact_email="", contact_phone="2612 3456", language="en"))
    consent = Consent.objects.get()
    assert (consent.channel, consent.contact, consent.language) == ("sms", "+37126123456", "en")
    message = Message.objects.get()
    assert (message.channel, message.to) == ("sms", "+37126123456")
    assert message.text.startswith("Please confirm that you would like news from us. http://localhost:8000/en/jaunumi/")


WRONG = [
    ({"contact_email": ""}, "Ierakstiet e-pasta adresi vai tālruni."),
    ({"news": None}, "Atzīmējiet, ja vēlaties jaunumus; bez tā neko nesūtīsim."),
    ({"contact_email": "nav adrese"}, "Ierakstiet e-pasta adresi, piemēram"),
    ({"village": ""}, "Izvēlieties, kur dzīvojat"),
    ({"village": "nekur"}, "mūsu sarakstā nav"),
    ({"km": "7"}, "Tādas izvēles nav."),
    ({"audiences": ["low_income"]}, "Tādas izvēles nav."),
    ({"audiences": ["everyone"]}, "Tādas izvēles nav."),
    ({"topics": ["\x00", "nav"]}, "Tādas izvēles nav."),
    ({"language": "xx"}, "Tādas izvēles nav."),
    ({"news_wording": "0-7"}, "Teikums pa to laiku ir mainījies."),
    ({"news_wording": "\x00"}, "Teikums pa to laiku ir mainījies."),
    ({"news_wording": None}, "Teikums pa to laiku ir mainījies."),
]


@pytest.mark.parametrize(("more", "words"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, village: Any, more: dict[str, Any], words: str
):
    answer = client.post("/jaunumi/", typed(**more))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "<title>Kļūda: " in text
    if "contact_email" not in more:
        assert f'value="{EMAIL}"' in text
    if "audiences" not in more:
        assert 'value="seniors" id="id_audiences_0" checked' in text.replace("\n", "")
    assert not Consent.objects.exists()
    assert not Message.objects.exists()


def test_the_sentence_of_before_is_shown_anew_and_unticked(client: Client, village: Any):
    text = client.post("/jaunumi/", typed(news_wording="0-7")).content.decode()
    assert 'name="news_wording" value="1-7"' in text
    assert "checked" not in text.split('name="news_wording"')[1]


def test_a_program_that_fills_in_everything_gets_nowhere(client: Client, village: Any):
    answer = client.post("/jaunumi/", typed(homepage="http://example.org"))
    assert answer["Location"] == "/jaunumi/?nosutits=1"
    assert not Consent.objects.exists()


def test_nobody_is_asked_without_end(client: Client, village: Any):
    answers = [client.post("/jaunumi/", typed()).status_code for _ in range(7)]
    assert answers == [303] * 5 + [429] * 2
    assert Message.objects.count() == subscriptions.ASKED_A_DAY == 3
    text = client.post("/jaunumi/", typed()).content.decode()
    assert f'value="{EMAIL}"' in text


# Links.


def test_a_link_that_was_not_pressed_in_time_confirms_nothing(client: Client):
    consent = f.ConsentFactory(confirmed_at=None, asked_at=NOW - timedelta(days=7))
    page = f"/jaunumi/apstiprinat/{links.confirm_token(consent)}/"
    assert client.get(page).status_code == 200
    Consent.objects.update(asked_at=NOW - timedelta(days=7, seconds=1))
    for answer in (client.get(page), client.post(page)):
        assert answer.status_code == 410
        assert "Saites termiņš ir beidzies." in answer.content.decode()
    assert not Consent.objects.live().exists()
    assert forgetting.forget(now=NOW)["consents"] == 1
    assert client.post(page).status_code == 410


@pytest.mark.parametrize("kind", ["apstiprinat/", "atteikties/", ""])
def test_a_forged_link_opens_nothing(client: Client, kind: str):
    consent = f.ConsentFactory()
    right = links.confirm_token(consent) if kind == "apstiprinat/" else links.news_token(consent)
    other = links.news_token(consent) if kind == "apstiprinat/" else links.confirm_token(consent)
    for wrong in (right[:-1] + ("A" if right[-1] != "A" else "B"), right[:-2], other, "x", "nosutits"):
        for answer in (client.get(f"/jaunumi/{kind}{wrong}/"), client.post(f"/jaunumi/{kind}{wrong}/")):
            assert answer.status_code == 404
    assert Consent.objects.get().holds


def test_one_link_one_button_and_it_stops(client: Client):
    consent = f.ConsentFactory()
    page = f"/jaunumi/atteikties/{links.news_token(consent)}/"
    assert "Vairs nesūtīt jaunumus" in client.get(page).content.decode()
    assert Consent.objects.get().holds, "looking stops nothing"
    answer = client.post(page)
    assert (answer.status_code, answer["Location"]) == (303, page)
    text = client.get(page).content.decode()
    assert 'data-outcome="stopped"' in text
    assert f"Jaunumu sūtīšana uz {EMAIL} pārtraukta 2027.\u00a0gada 11.\u00a0janvārī." in text
    # Again: the same page, and the time stays.
    assert client.post(page).status_code == 303
    consent.refresh_from_db()
    assert (consent.withdrawn_at, consent.withdrawn_how) == (NOW, "link")
    assert client.get(f"/jaunumi/{links.news_token(consent)}/").status_code == 200


def test_the_mail_program_s_own_button_stops_it(client: Client):
    """RFC 8058: one POST without a cookie, and no redirect."""
    f.ActivityFactory()
    f.ConsentFactory()
    digests.send(now=NOW)
    message = Message.objects.get()
    url = next(link["url"] for link in message.links if link["rel"] == "unsubscribe")
    assert tasks.unsubscribing(message) == {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(url.removeprefix("http://localhost:8000"), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain")
    assert Consent.objects.get().withdrawn_how == "one_click"
    assert not Message.objects.exists(), "what waited is not sent"


def test_the_headers_leave_with_the_mail(mailoutbox: Any):
    f.ActivityFactory()
    f.ConsentFactory()
    digests.send(now=NOW)
    message = Message.objects.get()
    tasks.deliver(message.pk, now=NOW)
    sent = mailoutbox[0]
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.extra_headers["List-Unsubscribe"].startswith("<http://localhost:8000/jaunumi/atteikties/")
    f.MessageFactory()
    tasks.deliver(Message.objects.get(kind="confirmed").pk, now=NOW)
    assert "List-Unsubscribe" not in mailoutbox[1].extra_headers


def test_what_one_is_told_of_is_changed_by_the_link(client: Client, village: Any):
    consent = f.ConsentFactory()
    f.ActivityFactory(title="Adīšana")
    digests.send(now=NOW)
    page = f"/jaunumi/{links.news_token(consent)}/"
    text = client.get(page).content.decode()
    assert "Par ko rakstījām pēdējoreiz" in text
    assert "Adīšana" in text
    sent = {"village": "elsewhere", "km": "5", "topics": ["crafts"], "language": "en"}
    assert client.post(page, sent)["Location"] == f"{page}?mainits=1"
    consent.refresh_from_db()
    assert (consent.village, consent.km, consent.audiences, consent.topics, consent.language) == (
        *(None, None, [], ["crafts"]),
        "en",
    )
    assert client.post(page, {**sent, "km": "99"}).status_code == 422
    subscriptions.stop(contact=consent.contact, how="link", now=NOW)
    assert client.post(page, sent).status_code == 303
    assert 'data-outcome="stopped"' in client.get(page).content.decode()


# Beside a registration.


def register(news: str = "1-7", **more: Any) -> Any:
    return registrations.register(
        activity=more.pop("activity", None) or f.ActivityFactory(),
        people=[Person("Līga", "Bērziņa", 1960, village=f.VillageFactory())],
        contact=Contact(email=EMAIL, phone="+37126123456"),
        now=NOW,
        news=news,
        **more,
    )


def test_who_ticks_the_box_beside_a_registration_is_asked_apart():
    register()
    consent = Consent.objects.get()
    assert (consent.contact, consent.way, consent.village_id, consent.km, consent.holds) == (
        *(EMAIL, "form", "eleja", 10),
        False,
    )
    assert sorted(Message.objects.values_list("kind", "to")) == [("confirmed", EMAIL), ("news_confirm", EMAIL)]


def test_without_the_tick_there_is_no_consent():
    register(news="")
    assert not Consent.objects.exists()


def test_who_gets_the_news_already_is_not_asked_again():
    f.ConsentFactory()
    register()
    assert Consent.objects.count() == 1
    assert list(Message.objects.values_list("kind", flat=True)) == ["confirmed"]


def test_a_form_sent_twice_asks_once():
    activity, key = f.ActivityFactory(), uuid4()
    register(activity=activity, form_key=key)
    register(activity=activity, form_key=key)
    assert Consent.objects.count() == 1


def test_a_sentence_of_before_registers_nobody():
    with pytest.raises(Refusals) as refused:
        register(news="0-7")
    assert [refusal.code for refusal in refused.value.refusals] == ["wording"]
    assert not Resident.objects.exists()


# Aloud, at the desk.


@pytest.fixture
def liga() -> Resident:
    return f.ResidentFactory(household=f.HouseholdFactory(phone="+37126123456"))


@pytest.fixture
def desk(client: Client) -> Client:
    """The coordinator of Eleja at her desk."""
    client.force_login(f.PostFactory().holder)
    return client


def test_what_is_said_aloud_is_written_down_with_who_and_when(desk: Client, liga: Resident):
    page = f"/darbs/iedzivotaji/{liga.pk}/jaunumi/"
    assert f"«{SENTENCE}»" in desk.get(page).content.decode()
    sent = {"channel": "sms", "way": "phone", "heard": "on", "news_wording": "1-7"}
    assert desk.post(page, sent)["Location"] == page
    consent = Consent.objects.get()
    assert (consent.contact, consent.way, consent.said_by, consent.taken_by.name) == (
        *("+37126123456", "phone", liga),
        "Ilze Ozola",
    )
    assert (consent.asked_at, consent.confirmed_at, consent.wording, consent.km) == (NOW, NOW, SENTENCE, 10)
    message = Message.objects.get()
    assert (message.kind, message.to) == ("news_given", "+37126123456")
    text = desk.get(page).content.decode()
    assert "Pa tālruni (Līga Bērziņa, Ilze Ozola)" in text
    assert "Piekrita 11.01.2027 9:00" in desk.get(f"/darbs/iedzivotaji/{liga.pk}/").content.decode()
    # And stopped, when they ring again.
    assert desk.post(page, {"stop": str(consent.pk)})["Location"] == page
    consent.refresh_from_db()
    assert (consent.withdrawn_how, consent.withdrawn_by.name) == ("desk", "Ilze Ozola")
    assert not Message.objects.exists()
    assert "Pārtraukts 11.01.2027 9:00: Pa tālruni vai klātienē" in desk.get(page).content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"heard": None}, "Nolasiet teikumu"),
        ({"channel": "fax"}, "Tāda kontakta nav."),
        ({"channel": None}, "Izvēlieties, uz kurieni sūtīt jaunumus."),
        ({"way": "page"}, "Norādiet, kā to pateica."),
        ({"news_wording": "0-7"}, "Teikums pa to laiku ir mainījies."),
    ],
    ids=str,
)
def test_what_was_not_said_is_not_written_down(desk: Client, liga: Resident, more: dict[str, Any], words: str):
    sent = {"channel": "email", "way": "phone", "heard": "on", "news_wording": "1-7", **more}
    answer = desk.post(
        f"/darbs/iedzivotaji/{liga.pk}/jaunumi/", {name: value for name, value in sent.items() if value is not None}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Consent.objects.exists()


def test_somebody_else_s_consent_is_not_stopped_from_here(desk: Client, liga: Resident):
    other = f.ConsentFactory(contact="anna@example.lv")
    answer = desk.post(f"/darbs/iedzivotaji/{liga.pk}/jaunumi/", {"stop": str(other.pk)})
    assert answer.status_code == 404
    assert Consent.objects.get().holds


def test_without_a_contact_there_is_nothing_to_agree_to(desk: Client):
    one = f.ResidentFactory(household=f.HouseholdFactory(email="", phone=""))
    page = f"/darbs/iedzivotaji/{one.pk}/jaunumi/"
    assert "tāpēc jaunumus nav kur sūtīt" in desk.get(page).content.decode()
    answer = desk.post(page, {"channel": "email", "way": "phone", "heard": "on", "news_wording": "1-7"})
    assert answer.status_code == 422
    with pytest.raises(Refusal):
        subscriptions.write_down(resident=one, channel="email", way="phone", by=None, now=NOW)
    with pytest.raises(Refusal):
        subscriptions.write_down(resident=f.ResidentFactory(), channel="email", way="page", by=None, now=NOW)


# With an account.


def signed_in(client: Client, email: str = EMAIL) -> None:
    user = f.UserFactory(email=email)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    client.force_login(user)


def test_who_signed_in_stops_the_news_to_their_own_contact_alone(client: Client):
    mine, other = f.ConsentFactory(), f.ConsentFactory(contact="anna@example.lv")
    signed_in(client)
    text = client.get("/mani/").content.decode()
    assert 'action="/mani/jaunumi/"' in text
    assert "anna@example.lv" not in text
    for contact in ("anna@example.lv", "\x00", ""):
        assert client.post("/mani/jaunumi/", {"contact": contact})["Location"] == "/mani/"
    assert Consent.objects.live().count() == 2
    client.post("/mani/jaunumi/", {"contact": EMAIL})
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.withdrawn_how, other.holds) == ("account", True)
    assert "Jaunumus no mums nesaņemat." in client.get("/mani/").content.decode()


# People who are joined, corrected, erased; what is kept and for how long.


def said(person: Resident, contact: str = EMAIL, **more: Any) -> Consent:
    """They said so by telephone."""
    return f.ConsentFactory(contact=contact, way="phone", said_by=person, asked_at=NOW, confirmed_at=NOW, **more)


def test_joining_two_entries_takes_what_was_said_along_and_parting_gives_it_back():
    kept = f.ResidentFactory()
    gone = f.ResidentFactory(household=f.HouseholdFactory(email="otra@example.lv"))
    consent = said(gone, "otra@example.lv")
    merged = merging.merge(kept=kept, gone=gone, by=None, now=NOW)
    consent.refresh_from_db()
    assert (consent.said_by_id, consent.holds) == (kept.pk, True)
    unmerging.unmerge(merged=merged, by=None, now=NOW)
    consent.refresh_from_db()
    assert consent.said_by_id == gone.pk


def correct(person: Resident, *, email: str = "", phone: str = "") -> None:
    correcting.correct(
        resident=person,
        person=Person("Līga", "Bērziņa", 1960, 5, 3, village=person.village),
        contact=Contact(email=email, phone=phone),
        by=None,
        now=NOW,
    )


def test_a_corrected_contact_takes_along_what_was_said_aloud():
    liga = f.ResidentFactory()
    old = said(liga)
    f.ActivityFactory()
    digests.send(now=NOW)
    correct(liga, email="pareiza@example.lv")
    old.refresh_from_db()
    assert old.withdrawn_how == "contact"
    assert list(Consent.objects.live().values_list("contact", "said_by", "asked_at")) == [
        ("pareiza@example.lv", liga.pk, NOW)
    ]
    assert not Message.objects.exists(), "nothing more goes to the address that was wrong"
    # Whoever has the wrong address opens nothing of the right one.
    text = Client().get(f"/jaunumi/{links.news_token(old)}/").content.decode()
    assert 'data-outcome="stopped"' in text
    assert "pareiza@example.lv" not in text


def test_a_contact_that_is_gone_ends_what_was_said_and_a_confirmed_one_stays():
    liga = f.ResidentFactory(household=f.HouseholdFactory(phone="+37126123456"))
    spoken = said(liga, "+37126123456", channel="sms")
    confirmed = f.ConsentFactory()
    correct(liga, email="pareiza@example.lv")
    spoken.refresh_from_db()
    confirmed.refresh_from_db()
    assert (spoken.withdrawn_how, confirmed.holds, confirmed.contact) == ("contact", True, EMAIL)


def test_erasing_forgets_the_consent_with_the_contact():
    liga = f.ResidentFactory()
    f.ConsentFactory(withdrawn_at=NOW, withdrawn_how="link")
    f.ConsentFactory()
    said(liga, "+37126999999", channel="sms")
    f.ConsentFactory(contact="anna@example.lv")
    f.ActivityFactory()
    digests.send(now=NOW)
    assert Digest.objects.count() == 3
    erasing.erase(resident=liga, by=None, now=NOW)
    assert list(Consent.objects.values_list("contact", flat=True)) == ["anna@example.lv"]
    assert list(Digest.objects.values_list("contact", flat=True)) == ["anna@example.lv"]
    assert list(Message.objects.values_list("to", flat=True)) == ["anna@example.lv"]


def test_a_contact_that_others_share_keeps_its_consent():
    liga = f.ResidentFactory()
    f.ResidentFactory(household=liga.household, given_name="Zane")
    consent = said(liga)
    erasing.erase(resident=liga, by=None, now=NOW)
    consent.refresh_from_db()
    assert (consent.holds, consent.said_by) == (True, None)


def test_the_file_about_a_person_has_what_they_agreed_to(desk: Client, liga: Resident):
    f.ConsentFactory(wording="Vēlos saņemt jaunumus.")
    f.ConsentFactory(contact="anna@example.lv")
    f.ActivityFactory()
    digests.send(now=NOW)
    held = json.loads(desk.get(f"/darbs/iedzivotaji/{liga.pk}/dati/").content)
    assert [(one["contact"], one["wording"], one["way"]) for one in held["consents"]] == [
        (EMAIL, "Vēlos saņemt jaunumus.", "page")
    ]
    assert [(one["kind"], one["to"]) for one in held["messages"]] == [("digest", EMAIL)]


def test_consents_are_kept_a_year_after_they_were_withdrawn():
    f.ConsentFactory(withdrawn_at=NOW - timedelta(days=366), withdrawn_how="link")
    f.ConsentFactory(withdrawn_at=NOW - timedelta(days=364), withdrawn_how="link")
    f.ConsentFactory(asked_at=NOW - timedelta(days=4000), confirmed_at=NOW - timedelta(days=4000))
    assert forgetting.forget(now=NOW)["consents"] == 1
    assert Consent.objects.count() == 2


def test_who_wrote_it_down_is_named_while_they_hold_a_post():
    coordinator = f.PostFactory().holder
    f.ConsentFactory(taken_by=coordinator)
    f.ConsentFactory(taken_by=f.UserFactory(email="bijusi@example.lv"), contact="anna@example.lv")
    forgetting.forget(now=timezone.now())
    assert dict(Consent.objects.values_list("contact", "taken_by")) == {EMAIL: coordinator.pk, "anna@example.lv": None}


# What the database refuses, and the domain keeps out.


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({"contact": "Liga@example.lv"}, "a_consent_s_contact_is_of_its_channel"),
        ({"contact": "+37126123456"}, "a_consent_s_contact_is_of_its_channel"),
        ({"channel": "sms"}, "a_consent_s_contact_is_of_its_channel"),
        ({"wording": ""}, "a_consent_keeps_its_words"),
        ({"way": "fax"}, "a_consent_s_way_is_known"),
        ({"confirmed_at": at("2027-01-01 09:00")}, "a_consent_is_confirmed_after_it_is_asked"),
        ({"way": "phone", "confirmed_at": None}, "what_was_said_aloud_is_confirmed"),
        ({"withdrawn_at": NOW}, "a_withdrawn_consent_says_when_and_how"),
        ({"withdrawn_how": "link"}, "a_withdrawn_consent_says_when_and_how"),
        ({"village": None}, "how_far_is_counted_from_a_village"),
    ],
    ids=str,
)
def test_the_database_refuses_a_consent_that_makes_no_sense(more: dict[str, Any], constraint: str):
    with pytest.raises(IntegrityError, match=constraint):
        f.ConsentFactory(**more)


def test_one_consent_of_a_contact_holds():
    f.ConsentFactory()
    with pytest.raises(IntegrityError, match="one_consent_of_a_contact_holds"):
        f.ConsentFactory()


def test_nothing_sensitive_is_chosen_by_any_door(village: Any):
    consent = consents.ask(
        address=Address("email", EMAIL),
        language="lv",
        wanted=Wanted(village="eleja", km=7, audiences=("low_income", "seniors", "x"), topics=("crafts", "x")),
        way="page",
        wording=wording.current(),
        now=NOW,
    )
    assert (consent.km, consent.audiences, consent.topics) == (None, ["seniors"], ["crafts"])
