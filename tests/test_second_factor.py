"""The second step of signing in, and how long the desk stays open: passkeys as a browser would send them."""

import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override

from ecosystem import sessions
from ecosystem.models import Message, User
from tests.factories import PostFactory, UserFactory
from tests.passkeys import Device, posted

pytestmark = pytest.mark.django_db
EMAIL = "koordinatore@example.lv"
ADD, LIST = "/en/konts/2fa/webauthn/add/", "/en/konts/2fa/webauthn/"
STAGE, AGAIN = "/en/konts/2fa/authenticate/", "/en/konts/2fa/webauthn/reauthenticate/"


@pytest.fixture
def browser() -> Client:
    """Passkeys belong to an address that is https or this machine's own."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def person(settings: Any) -> User:
    """A coordinator, where the portal asks staff for a second factor."""
    settings.STAFF_SECOND_FACTOR = True
    user = UserFactory(email=EMAIL)
    EmailAddress.objects.create(user=user, email=EMAIL, primary=True, verified=True)
    PostFactory(holder=user)
    return user


def by_code(client: Client, email: str = EMAIL) -> Any:
    """The first step: the code from the mail."""
    asked = client.post("/en/konts/login/", {"login": email})
    code = re.findall(r"^([0-9]{3}-[0-9]{3})$", Message.objects.filter(to=email).latest("created_at").text, re.M)[0]
    return client.post(asked["Location"], {"code": code})


def options(client: Client, path: str) -> Any:
    """What the page asks the device."""
    page = client.get(path)
    assert page.status_code == 200, path
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page.content.decode())
    assert found
    return next(iter(json.loads(found[1]).values()))


def with_passkey(client: Client, device: Device) -> Any:
    """Signed in by a code, a passkey is added."""
    by_code(client)
    return client.post(ADD, posted(device.create(options(client, ADD)), name="Darba dators", passwordless="on"))


def opens(client: Client) -> bool:
    """Whether the desk is shown."""
    return client.get("/en/darbs/").status_code == 200


def test_a_passkey_is_added_named_and_opens_the_desk_once_it_was_used(browser: Client, person: User) -> None:
    device = Device()
    by_code(browser)
    assert browser.get("/en/darbs/")["Location"] == "/en/konts/2fa/"
    added = with_passkey(browser, device)
    assert added["Location"] == "/en/konts/2fa/recovery-codes/"
    assert [one.wrap().name for one in Authenticator.objects.filter(type="webauthn")] == ["Darba dators"]
    # The spare codes, and the desk, are shown to who holds the key, not to whoever sits at the computer.
    assert browser.get(added["Location"])["Location"].startswith(AGAIN)
    assert browser.get("/en/darbs/")["Location"] == f"{AGAIN}?next=%2Fen%2Fdarbs%2F"
    answered = browser.post(f"{AGAIN}?next=/en/darbs/", posted(device.get(options(browser, AGAIN))))
    assert answered["Location"] == "/en/darbs/"
    assert opens(browser)
    assert browser.get("/en/konts/2fa/recovery-codes/").status_code == 200


def test_signing_in_asks_for_the_passkey_after_the_code(browser: Client, person: User) -> None:
    device = Device()
    with_passkey(browser, device)
    browser.logout()
    assert by_code(browser)["Location"] == STAGE
    assert not opens(browser)
    answered = browser.post(STAGE, posted(device.get(options(browser, STAGE))))
    assert answered["Location"] == "/en/mani/"
    assert opens(browser)


def test_another_device_does_not_open(browser: Client, person: User) -> None:
    with_passkey(browser, Device())
    browser.logout()
    by_code(browser)
    for stranger in (Device(), Device(b"unknown")):
        answer = browser.post(STAGE, posted(stranger.get(options(browser, STAGE))))
        assert answer.status_code == 200
        assert "That did not open" in answer.content.decode()
        assert "<title>Error: " in answer.content.decode()
    assert "_auth_user_id" not in browser.session


def test_an_answer_counts_once_and_for_its_own_question(browser: Client, person: User) -> None:
    device = Device()
    with_passkey(browser, device)
    said = device.get(options(browser, AGAIN))
    options(browser, AGAIN)
    assert browser.post(f"{AGAIN}?next=/en/darbs/", posted(said))["Location"] == "/en/konts/login/"
    assert not opens(browser)


def test_a_passkey_alone_signs_in_and_leads_back(browser: Client, person: User) -> None:
    device = Device()
    with_passkey(browser, device)
    browser.logout()
    login = "/en/konts/2fa/webauthn/login/"
    asked = browser.get(login, headers={"accept": "application/json"}).json()["request_options"]
    assert asked["publicKey"]["userVerification"] == "required"
    assert not asked["publicKey"].get("allowCredentials"), "a stranger is not told which keys there are"
    answered = browser.post(login, posted(device.get(asked), next="/en/darbs/programma/"))
    assert answered["Location"] == "/en/darbs/programma/"
    assert opens(browser)


def test_without_the_last_factor_the_desk_closes_again(browser: Client, person: User) -> None:
    device = Device()
    with_passkey(browser, device)
    browser.post(f"{AGAIN}?next=/en/darbs/", posted(device.get(options(browser, AGAIN))))
    assert opens(browser)
    key = Authenticator.objects.get(type="webauthn").pk
    assert browser.post(f"/en/konts/2fa/webauthn/keys/{key}/edit/", {"name": "Mājas dators"})["Location"] == LIST
    assert "Mājas dators" in browser.get(LIST).content.decode()
    assert browser.get(f"/en/konts/2fa/webauthn/keys/{key}/remove/").status_code == 200
    assert browser.post(f"/en/konts/2fa/webauthn/keys/{key}/remove/")["Location"] == LIST
    # The spare codes went with it.
    assert not Authenticator.objects.exists()
    assert browser.get("/en/darbs/")["Location"] == "/en/konts/2fa/"


def test_a_passkey_of_somebody_else_is_not_there(browser: Client, person: User) -> None:
    with_passkey(browser, Device())
    key = Authenticator.objects.get(type="webauthn").pk
    browser.logout()
    browser.force_login(UserFactory(email="cita@example.lv"))
    for what in ("edit", "remove"):
        for answer in (browser.get, browser.post):
            assert answer(f"/en/konts/2fa/webauthn/keys/{key}/{what}/").status_code == 404
    assert Authenticator.objects.filter(pk=key).exists()


def test_a_session_begun_before_the_factor_was_set_up_does_not_open_the_desk(browser: Client, person: User) -> None:
    thief = Client(headers={"host": "localhost"})
    by_code(thief)
    device = Device()
    with_passkey(browser, device)
    assert thief.get("/en/darbs/")["Location"].startswith(AGAIN)
    assert not opens(thief)


def test_when_the_device_and_the_codes_are_lost_new_ones_are_set_up(browser: Client, person: User) -> None:
    with_passkey(browser, Device())
    browser.logout()
    Authenticator.objects.create(user=UserFactory(email="cita@example.lv"), type="totp", data={"secret": "x"})
    out = StringIO()
    with override("en"):
        call_command("remove_second_factor", "Koordinatore@Example.lv", stdout=out)
    assert out.getvalue() == "Removed: 2.\n"
    assert Authenticator.objects.count() == 1
    assert by_code(browser)["Location"] == "/en/mani/"
    assert browser.get("/en/darbs/")["Location"] == "/en/konts/2fa/"
    with pytest.raises(CommandError):
        call_command("remove_second_factor", "neviena@example.lv")


NONSENSE = [
    "",
    "[]",
    "null",
    "1",
    '"x"',
    "{}",
    "{",
    "[" * 5000,
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": 1, "rawId": null, "type": [], "response": []}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30"}}',
    '{"x": "\\u0000"}',
    "a\x00b",
    '{"a": "' + "x" * 30_000 + '"}',
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "attestationObject": "oA",
                "authenticatorData": "YQ",
                "signature": "YQ",
            },
        }
    ),
]


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_instead_of_a_passkey_is_answered(browser: Client, person: User, said: str) -> None:
    device = Device()
    by_code(browser)
    options(browser, ADD)
    answer = browser.post(ADD, {"credential": said, "name": "Dators"})
    assert answer.status_code == 200
    assert "That did not open" in answer.content.decode()
    assert not Authenticator.objects.exists()
    with_passkey(browser, device)
    options(browser, AGAIN)
    assert browser.post(AGAIN, {"credential": said}).status_code == 302
    browser.logout()
    by_code(browser)
    options(browser, STAGE)
    assert "That did not open" in browser.post(STAGE, {"credential": said}).content.decode()
    stranger = Client(headers={"host": "localhost"})
    stranger.get("/en/konts/2fa/webauthn/login/", headers={"accept": "application/json"})
    answer = stranger.post("/en/konts/2fa/webauthn/login/", {"credential": said}, follow=True)
    assert "That did not open" in answer.content.decode()
    assert not opens(browser)


@pytest.mark.parametrize("name", ["x" * 61, "a\x00b"])
def test_a_name_that_cannot_be_kept_is_said(browser: Client, person: User, name: str) -> None:
    device = Device()
    by_code(browser)
    answer = browser.post(ADD, posted(device.create(options(browser, ADD)), name=name))
    assert answer.status_code == 200
    assert 'class="field-error"' in answer.content.decode()


# How long the desk stays open.


def later(client: Client, **ago: float) -> None:
    """Time passes for this session."""
    session = client.session
    for key in (sessions._SIGNED_IN, sessions._LOOKED):
        if key in session:
            session[key] -= timedelta(**ago).total_seconds()
    session.save()


@pytest.fixture
def at_work(client: Client) -> Client:
    """A coordinator at the desk, signed in by a code."""
    user = UserFactory(email=EMAIL)
    PostFactory(holder=user)
    by_code(client)
    assert opens(client)
    return client


def test_the_desk_closes_after_a_while_without_a_look(at_work: Client) -> None:
    later(at_work, hours=2, minutes=59)
    assert opens(at_work)
    later(at_work, hours=3)
    answer = at_work.get("/en/darbs/programma/?skats=nedela")
    assert answer["Location"] == "/en/konts/login/?next=/en/darbs/programma/%3Fskats%3Dnedela"
    assert "_auth_user_id" not in at_work.session
    assert "You were signed out after a while" in at_work.get(answer["Location"]).content.decode()


def test_the_desk_closes_after_a_working_day_however_busy(at_work: Client) -> None:
    for _hour in range(5):
        later(at_work, hours=2)
        assert opens(at_work)
    later(at_work, hours=2)
    answer = at_work.post("/en/darbs/aktivitates/jauna/", {"title": "x"})
    assert answer["Location"] == "/en/konts/login/?next=/en/darbs/"


def test_both_limits_are_settings(at_work: Client, settings: Any) -> None:
    settings.STAFF_IDLE_HOURS = 0.5
    later(at_work, minutes=31)
    assert not opens(at_work)


def test_a_session_of_another_s_day_begins_anew_by_signing_in(at_work: Client) -> None:
    later(at_work, hours=13)
    assert not opens(at_work)
    by_code(at_work)
    assert opens(at_work)


def test_a_look_costs_no_write_until_some_minutes_have_passed(at_work: Client, settings: Any) -> None:
    before = at_work.session[sessions._LOOKED]
    assert opens(at_work)
    assert at_work.session[sessions._LOOKED] == before
    later(at_work, minutes=6)
    assert opens(at_work)
    assert at_work.session[sessions._LOOKED] >= before


def test_pages_of_the_account_and_the_desk_are_kept_by_no_browser(at_work: Client) -> None:
    for path in ("/en/darbs/", "/en/mani/", "/en/konts/2fa/", "/en/konts/email/", ADD, LIST, "/en/konts/logout/"):
        assert "no-store" in at_work.get(path)["Cache-Control"], path
    assert "no-store" in Client().get("/en/konts/login/")["Cache-Control"]


def test_the_session_s_cookie_is_closed_to_scripts_and_other_sites(client: Client) -> None:
    UserFactory(email=EMAIL)
    by_code(client)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


# Limits behind proxies.


def is_asked(address: str, email: str) -> bool:
    """Whether whoever asks from there for a code is sent one."""
    headers = {"x-forwarded-for": address} if address else {}
    answer = Client(headers=headers).post("/en/konts/login/", {"login": email})
    assert (answer.status_code == 302) == Message.objects.filter(to=email).exists()
    return answer.status_code == 302


def test_behind_proxies_each_reader_has_a_limit_of_their_own(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    assert all(is_asked("203.0.113.5", f"a{number}@example.lv") for number in range(20))
    assert not is_asked("203.0.113.5", "b@example.lv")
    # What the reader writes into the header themselves is not believed.
    assert not is_asked("198.51.100.7, 203.0.113.5", "c@example.lv")
    assert is_asked("198.51.100.7", "d@example.lv")


def test_a_header_shorter_than_the_proxies_is_no_error(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 2
    assert is_asked("203.0.113.5", "a@example.lv")
    assert is_asked("", "b@example.lv")


def test_one_address_is_sent_three_codes_a_minute() -> None:
    UserFactory(email=EMAIL)
    for _time in range(5):
        Client().post("/en/konts/login/", {"login": EMAIL})
    assert Message.objects.filter(to=EMAIL).count() == 3
