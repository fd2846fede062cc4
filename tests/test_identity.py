"""Signing in from elsewhere: off unless set; when on, a round trip to a provider that stands on this machine."""

import importlib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, reverse

import ecosystem.urls
from coordinators.domain.access import reach
from ecosystem import oidc
from ecosystem.models import Message, User
from tests.factories import TODAY, PostFactory, UserFactory
from tests.identity_provider import CLIENT, SECRET, Provider, running
from tests.test_access import asks_to_sign_in

pytestmark = pytest.mark.django_db
LIGA = "liga.berzina@example.lv"
START, CALLBACK = "/en/konts/oidc/latvija/login/", "/konts/oidc/latvija/login/callback/"
NOT_FINISHED = "Signing in with Latvija.lv was not finished"


def turn_on(settings: Any, url: str) -> None:
    """As the setting would at the start of a process."""
    text = json.dumps(
        [{"id": "latvija", "name": "Latvija.lv", "client_id": CLIENT, "secret": SECRET, "server_url": url}]
    )
    settings.OIDC_PROVIDERS = oidc.read(text)
    read_addresses_anew()


def read_addresses_anew() -> None:
    """The addresses as the settings now have them."""
    importlib.reload(ecosystem.urls)
    clear_url_caches()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """Latvija.lv, turned on."""
    with running() as provider:
        turn_on(settings, provider.url)
        yield provider
    settings.OIDC_PROVIDERS = ()
    read_addresses_anew()


def go(client: Client, *, start: str = START, **form: str) -> Any:
    """There and back: the portal's last answer."""
    away = client.post(start, form)
    assert away.status_code == 302, away.content.decode()[:500]
    back = requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"http://testserver{CALLBACK}?")
    return client.get(back.removeprefix("http://testserver"))


def person(email: str = LIGA, *, verified: bool = True) -> User:
    """Somebody with an account here."""
    user = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    return user


# Off.


def test_it_is_off_unless_set(client: Client) -> None:
    assert client.get(START).status_code == 404
    assert client.get("/en/konts/saites/").status_code == 404
    for name in ("openid_connect_login", "socialaccount_connections", "socialaccount_signup"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    page = client.get("/en/konts/login/")
    assert "Sign in with" not in page.content.decode().replace("Sign in with a passkey", "")
    assert "form-action 'self';" in page["Content-Security-Policy"] + ";"
    client.force_login(person())
    assert "Other ways to sign in" not in client.get("/en/mani/").content.decode()


def test_a_row_in_the_database_turns_nothing_on(client: Client, provider: Provider) -> None:
    SocialApp.objects.create(provider="openid_connect", provider_id="cits", name="Cits", client_id="x", secret="x")
    assert client.post("/en/konts/oidc/cits/login/").status_code == 404
    assert "Cits" not in client.get("/en/konts/login/").content.decode()


# On.


def test_the_sign_in_page_offers_it_and_the_policy_lets_the_form_go_there(client: Client, provider: Provider) -> None:
    page = client.get("/en/konts/login/?next=/en/darbs/")
    assert f'action="{START}?next=%2Fen%2Fdarbs%2F"' in page.content.decode()
    assert "Sign in with Latvija.lv" in page.content.decode()
    assert client.get(START).status_code == 200, "a link followed asks first"


def test_a_newcomer_gets_an_account_with_name_and_e_mail_and_nothing_else(client: Client, provider: Provider) -> None:
    answer = go(client)
    assert (answer.status_code, answer["Location"]) == (302, "/en/mani/")
    user = User.objects.get()
    assert (user.email, user.name, user.language, user.has_usable_password()) == (LIGA, "Līga Bērziņa", "en", False)
    assert EmailAddress.objects.get(user=user).verified
    link = SocialAccount.objects.get()
    assert (link.provider, link.extra_data, len(link.uid)) == ("latvija", {}, 64)
    assert SocialToken.objects.count() == SocialApp.objects.count() == 0
    # Nowhere in what is kept: the personal code, the birth date, the key to ask for more.
    kept = str([session.get_decoded() for session in Session.objects.all()])
    kept += str([list(model.objects.values()) for model in (User, EmailAddress, SocialAccount)])
    for secret in ("010170-12345", "PNOLV", "1970-01-01", provider.access_token):
        assert secret not in kept, secret


def test_the_same_person_comes_back_to_the_same_account_whatever_the_e_mail(client: Client, provider: Provider) -> None:
    go(client)
    client.logout()
    provider.person |= {"email": "jauna@example.lv"}
    assert go(client, start=START.removeprefix("/en"))["Location"] == "/mani/"
    assert [user.email for user in User.objects.all()] == [LIGA]
    assert int(client.session["_auth_user_id"]) == User.objects.get().pk


def test_a_confirmed_e_mail_opens_its_account_and_links_it(client: Client, provider: Provider) -> None:
    user = person()
    assert go(client, next="/en/darbs/programma/")["Location"] == "/en/darbs/programma/"
    assert int(client.session["_auth_user_id"]) == user.pk
    assert SocialAccount.objects.get().user == user
    assert User.objects.count() == 1


@pytest.mark.parametrize("claim", [False, None, "false", 1, "yes"])
def test_an_e_mail_that_is_not_confirmed_opens_nothing(client: Client, provider: Provider, claim: Any) -> None:
    victim = person()
    provider.person |= {"email_verified": claim}
    assert go(client)["Location"] == "/en/konts/saites/jauns/"
    assert "_auth_user_id" not in client.session
    page = client.get("/en/konts/saites/jauns/")
    assert LIGA not in page.content.decode()
    # To type the victim's address leads to no more than a message to the victim.
    client.post("/en/konts/saites/jauns/", {"email": LIGA})
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.filter(user=victim).exists()
    assert [message.kind for message in Message.objects.all()] == ["account_already_exists"]


def test_without_an_e_mail_one_is_typed_and_proved_by_a_code(client: Client, provider: Provider) -> None:
    del provider.person["email"]
    assert go(client)["Location"] == "/en/konts/saites/jauns/"
    kept = str(dict(client.session))
    assert "socialaccount_sociallogin" in kept
    assert "PNOLV" not in kept
    assert provider.access_token not in kept
    asked = client.post("/en/konts/saites/jauns/", {"email": "liga@example.lv"})
    assert asked["Location"].startswith("/en/konts/confirm-email/")
    assert "_auth_user_id" not in client.session
    (code,) = re.findall(r"^([0-9]{3}-[0-9]{3})$", Message.objects.get().text, re.M)
    client.post(asked["Location"], {"code": code})
    assert int(client.session["_auth_user_id"]) == User.objects.get(email="liga@example.lv").pk


def test_rights_come_from_posts_and_the_second_step_is_asked_all_the_same(
    client: Client, provider: Provider, settings: Any
) -> None:
    # A post's own address of work is nobody's account.
    PostFactory(holder=None, email=LIGA)
    go(client)
    assert not reach(User.objects.get(), on=TODAY)
    assert client.get("/en/darbs/").status_code == 403
    client.logout()
    user = User.objects.get()
    PostFactory(holder=user)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    assert go(client)["Location"] == "/en/konts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def test_whoever_is_signed_in_links_and_unlinks(client: Client, provider: Provider) -> None:
    user = person("cita@example.lv")
    client.force_login(user)
    assert "Other ways to sign in" in client.get("/en/mani/").content.decode()
    page = client.get("/en/konts/saites/").content.decode()
    assert f'action="{START}?process=connect"' in page
    assert go(client, start=f"{START}?process=connect")["Location"] == "/en/konts/saites/"
    link = SocialAccount.objects.get()
    assert (link.user, User.objects.count()) == (user, 1)
    page = client.get("/en/konts/saites/").content.decode()
    assert "The link is made" in page
    assert "Remove the link" in page
    # The e-mail that came with it is not this account's.
    assert not EmailAddress.objects.filter(email=LIGA).exists()
    assert client.post("/en/konts/saites/", {"account": link.pk}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_what_is_linked_to_another_account_is_not_taken_over(client: Client, provider: Provider) -> None:
    go(client)
    client.logout()
    client.force_login(person("cita@example.lv"))
    go(client, start=f"{START}?process=connect")
    assert SocialAccount.objects.get().user.email == LIGA
    assert "linked to another account" in client.get("/en/konts/saites/").content.decode()
    other = SocialAccount.objects.get()
    client.post("/en/konts/saites/", {"account": other.pk})
    assert SocialAccount.objects.filter(pk=other.pk).exists()


def test_who_changes_their_mind_over_there_comes_back_to_the_other_ways(client: Client, provider: Provider) -> None:
    provider.refuses = "access_denied"
    answer = go(client)
    assert answer["Location"] == "/en/konts/login/"
    assert NOT_FINISHED in client.get(answer["Location"]).content.decode()


def _another_key(provider: Provider) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    provider.signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)


TRICKS = {
    "another's key": _another_key,
    "for another portal": lambda provider: provider.claims.update(aud="cits"),
    "by another provider": lambda provider: provider.claims.update(iss="https://example.org"),
    "too old": lambda provider: provider.claims.update(exp=1),
    "about nobody": lambda provider: provider.person.update(sub=""),
    "about somebody else": lambda provider: provider.userinfo.update(sub="PNOLV-020280-54321"),
    "an error": lambda provider: setattr(provider, "refuses", "server_error"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_an_answer_that_is_not_the_provider_s_word_opens_nothing(
    client: Client, provider: Provider, trick: str
) -> None:
    TRICKS[trick](provider)
    answer = go(client)
    assert answer["Location"] == "/en/konts/login/"
    assert User.objects.count() == SocialAccount.objects.count() == 0
    assert NOT_FINISHED in client.get("/en/konts/login/").content.decode()


def test_an_answer_nobody_asked_for_or_asked_twice_opens_nothing(client: Client, provider: Provider) -> None:
    away = client.post(START)
    back = requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"]
    back = back.removeprefix("http://testserver")
    assert asks_again(Client().get(back)), "another browser's"
    assert client.get(back)["Location"] == "/en/mani/"
    client.logout()
    assert asks_again(client.get(back)), "the second time"
    for path in (CALLBACK, f"{CALLBACK}?state=x&code=y", f"{CALLBACK}?state=%00"):
        assert asks_again(client.get(path))


def asks_again(answer: Any) -> bool:
    """Whether it leads to the sign-in page."""
    return answer.status_code == 302 and answer["Location"] == "/konts/login/"


def test_a_provider_that_does_not_answer_is_said(client: Client, settings: Any, provider: Provider) -> None:
    turn_on(settings, "http://127.0.0.1:1")
    answer = client.post(START)
    assert answer["Location"] == "/en/konts/login/"
    assert NOT_FINISHED in client.get("/en/konts/login/").content.decode()


def test_nobody_widens_what_is_asked_by_the_address(client: Client, provider: Provider) -> None:
    away = client.post(f"{START}?scope=personal_code&auth_params=prompt%3Dnone")
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert sorted(asked["scope"][0].split()) == ["email", "openid", "profile"]
    assert "prompt" not in asked
    assert asked["code_challenge_method"] == ["S256"]


def test_one_s_links_are_one_s_own_page(client: Client, provider: Provider) -> None:
    assert asks_to_sign_in(client.get("/en/konts/saites/"))
    client.force_login(person())
    assert "no-store" in client.get("/en/konts/saites/")["Cache-Control"]


# The setting.


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"secret": ""}, "Missing: secret"),
        ({"id": "Latvija.lv"}, "An id has small letters"),
        ({"server_url": "http://example.org"}, "does not begin with https"),
        ({"origins": "https://x.lv"}, "are lists"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_at_the_start(row: dict[str, Any], said: str) -> None:
    good = {"id": "x", "name": "X", "client_id": "c", "secret": "s", "server_url": "https://x.lv/oidc"}
    with pytest.raises(ImproperlyConfigured, match=said):
        oidc.read(json.dumps([good | row]))
    with pytest.raises(ImproperlyConfigured, match="same id"):
        oidc.read(json.dumps([good, good]))
    for text in ("{", "1", "[1]", '{"id": "x"}'):
        with pytest.raises(ImproperlyConfigured):
            oidc.read(text)
    (found,) = oidc.read(json.dumps([good | {"origins": ["https://id.x.lv"]}]))
    assert oidc.origins((found,)) == ["https://x.lv", "https://id.x.lv"]
    assert oidc.read(" ") == ()
