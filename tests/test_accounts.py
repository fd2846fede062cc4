"""Accounts: a code by e-mail opens one's own page; nothing else is needed, and nobody else's is opened."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from courses.models import Activity, Party
from courses.views import mine
from ecosystem.models import Message, User
from residents.models import Household
from tests.factories import (
    ActivityFactory,
    HouseholdFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIGA = "liga.berzina@example.lv"


@pytest.fixture(autouse=True)
def our_forms(settings: Any) -> None:
    """The forms that make an account for whoever signs in for the first time."""
    settings.ACCOUNT_FORMS = {
        "login": "ecosystem.accounts.LoginForm",
        "request_login_code": "ecosystem.accounts.CodeForm",
    }


def party(email: str = LIGA, **kwargs: Any) -> Party:
    """A registration for something in ten days."""
    first = (timezone.now() + timedelta(days=10)).replace(minute=0, second=0, microsecond=0)
    household = Household.objects.filter(email=email).first() or HouseholdFactory(email=email)
    made = PartyFactory(activity=ActivityFactory(first=first, **kwargs), email=email)
    RegistrationFactory(party=made, resident=ResidentFactory(household=household))
    return made


def code_of(message: Message) -> str:
    """The code in a message."""
    (code,) = re.findall(r"^([0-9]{3}-[0-9]{3})$", message.text, re.M)
    return str(code)


def sign_in(client: Client, email: str, *, path: str = "/en/konts/login/", field: str = "login") -> Any:
    """By a code."""
    asked = client.post(path, {field: email})
    assert (asked.status_code, asked["Location"]) == (302, "/en/konts/login/code/confirm/")
    assert client.get(asked["Location"]).status_code == 200
    message = Message.objects.filter(to=email.lower()).latest("created_at")
    return client.post(asked["Location"], {"code": code_of(message)})


def proved(email: str) -> User:
    """An account whose e-mail has been confirmed."""
    user = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


@pytest.mark.parametrize(("path", "field"), [("/en/konts/login/", "login"), ("/en/konts/login/code/", "email")])
def test_a_newcomer_signs_in_by_a_code_alone(client: Client, path: str, field: str) -> None:
    party()
    answer = sign_in(client, LIGA, path=path, field=field)
    assert (answer.status_code, answer["Location"]) == (302, "/en/mani/")
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == (LIGA, False)
    assert EmailAddress.objects.get().verified
    page = client.get("/en/mani/")
    assert "Adīšanas un tamborēšanas vakari" in page.content.decode()
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_staff_of_the_demonstration_sign_in_by_a_code_too(client: Client) -> None:
    UserFactory(email="koordinatore@example.lv")
    assert sign_in(client, "koordinatore@example.lv")["Location"] == "/en/mani/"


def test_the_code_is_a_message_in_the_reader_s_language(client: Client) -> None:
    client.post("/en/konts/login/", {"login": LIGA})
    message = Message.objects.get()
    assert (message.channel, message.to, message.language, message.kind) == ("email", LIGA, "en", "login_code")
    assert message.subject == f"Your code: {code_of(message)}"


def test_a_wrong_code_opens_nothing(client: Client) -> None:
    client.post("/en/konts/login/", {"login": LIGA})
    page = client.post("/en/konts/login/code/confirm/", {"code": "000-00"})
    assert page.status_code == 200
    assert 'id="error-summary"' in page.content.decode()
    assert "<title>Error: " in page.content.decode()
    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("typed", ["", "liga", "li\x00ga@example.lv"])
def test_what_is_no_e_mail_is_said(client: Client, typed: str) -> None:
    page = client.post("/en/konts/login/", {"login": typed})
    assert page.status_code == 200
    assert 'href="#id_login"' in page.content.decode()
    assert User.objects.count() == 0


def test_a_closed_account_is_not_opened_again(client: Client) -> None:
    UserFactory(email=LIGA, is_active=False)
    client.post("/en/konts/login/", {"login": LIGA})
    assert [message.kind for message in Message.objects.all()] == ["unknown_account"]
    assert User.objects.count() == 1


def test_an_address_that_is_not_proved_opens_nobody_s_household(client: Client) -> None:
    made = party()
    user = UserFactory(email=LIGA)
    EmailAddress.objects.create(user=user, email=LIGA, primary=True, verified=False)
    client.force_login(user)
    text = client.get("/en/mani/").content.decode()
    assert made.activity.title not in text
    assert "Līga" not in text
    assert Household.objects.get().account is None


def test_one_s_own_page_shows_one_s_own_alone(client: Client) -> None:
    own, other = party(title="Mana"), party("cits@example.lv", title="Cita")
    client.force_login(proved(LIGA))
    text = client.get("/en/mani/").content.decode()
    assert own.activity.title in text
    assert other.activity.title not in text
    assert "Līga Bērziņa" in text
    assert Household.objects.get(email=LIGA).account == User.objects.get(email=LIGA)
    assert Household.objects.get(email="cits@example.lv").account is None


def test_signed_out_the_page_tells_the_two_ways(client: Client) -> None:
    text = client.get("/en/mani/").content.decode()
    assert 'action="/en/pieteikumi/atrast/"' in text
    assert 'href="/en/konts/login/"' in text


def test_whoever_holds_a_post_is_led_to_the_desk(client: Client) -> None:
    user = proved("koordinatore@example.lv")
    client.force_login(user)
    assert 'href="/en/darbs/"' not in client.get("/en/mani/").content.decode()
    PostFactory(holder=user)
    assert 'href="/en/darbs/"' in client.get("/en/mani/").content.decode()


def test_the_page_asks_the_same_of_the_database_for_one_and_for_three(client: Client, same_queries: Any) -> None:
    client.force_login(proved(LIGA))
    same_queries(13, add=lambda n: party(title=f"Kurss {n}"), visit=lambda: client.get("/mani/"))


def test_my_calendar_has_my_sessions_until_the_account_changes(client: Client) -> None:
    party()
    party("cits@example.lv", title="Cita")
    user = proved(LIGA)
    path = f"/mani/{mine.feed_token(user)}/kalendars.ics"
    answer = client.get(path)
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 4
    assert "Līga" not in answer.content.decode()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(path).status_code == 404
    User.objects.filter(pk=user.pk).update(is_active=True, email="jauna@example.lv")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", ["x", "eyJ:x:y", "%00"])
def test_an_altered_calendar_address_is_not_found(client: Client, token: str) -> None:
    assert client.get(f"/mani/{token}/kalendars.ics").status_code == 404


def test_what_is_over_is_told_apart(client: Client) -> None:
    made = party(title="Pērnā")
    Activity.objects.filter(pk=made.activity_id).update(
        starts_at=timezone.now() - timedelta(days=9), ends_at=timezone.now() - timedelta(days=2)
    )
    client.force_login(proved(LIGA))
    text = client.get("/en/mani/").content.decode()
    assert "You have no registrations to come" in text
    assert text.index("Over within the last month") < text.index("Pērnā")


@pytest.mark.parametrize(
    "path",
    [
        "/en/konts/login/",
        "/en/konts/login/code/",
        "/en/konts/signup/",
        "/en/konts/password/reset/",
        "/en/konts/inactive/",
    ],
)
def test_pages_of_accounts_are_ours(client: Client, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert 'class="site-header"' in page.content.decode()


@pytest.mark.parametrize("path", ["/en/konts/email/", "/en/konts/logout/", "/en/konts/2fa/"])
def test_pages_of_one_s_own_account_are_ours(client: Client, path: str) -> None:
    client.force_login(proved(LIGA))
    page = client.get(path)
    assert page.status_code == 200
    assert 'class="site-header"' in page.content.decode()


def test_signing_out_leads_home(client: Client) -> None:
    client.force_login(proved(LIGA))
    answer = client.post("/en/konts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/en/")


def test_an_app_can_be_set_up_as_a_second_step(client: Client) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    sign_in(client, LIGA)
    page = client.get("/en/konts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post("/en/konts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/en/konts/2fa/").status_code == 200
    client.logout()
    second = sign_in(client, LIGA)
    assert second["Location"].startswith("/en/konts/2fa/authenticate/")
    assert client.get(second["Location"]).status_code == 200
