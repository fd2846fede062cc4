"""Staff sign in: a code, then a passkey of a device that the browser pretends to have; and what works without scripts."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator

from ecosystem import oidc
from ecosystem.models import Message
from tests.factories import PostFactory, UserFactory
from tests.identity_provider import running
from tests.test_identity import read_addresses_anew, turn_on

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
EMAIL = "koordinatore@example.lv"


@pytest.fixture
def coordinator(settings):
    """Where the portal asks staff for a second factor."""
    settings.STAFF_SECOND_FACTOR = True
    return PostFactory(holder=UserFactory(email=EMAIL)).holder


def give_device(page):
    """A device that makes and uses passkeys, its owner's finger always on it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    made = devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return lambda present: devices.send(
        "WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": present}
    )


def arrive(page, path):
    """The browser has come to this address, whatever it asks for there."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def type_code(page):
    """The first step: the e-mail, and the code from the mail."""
    page.goto("/konts/login/")
    page.fill("[name=login]", EMAIL)
    page.get_by_role("button", name="Nosūtīt kodu").click()
    arrive(page, "/konts/login/code/confirm/")
    code = re.findall(r"^([0-9]{3}-[0-9]{3})$", Message.objects.latest("created_at").text, re.M)[0]
    page.fill("[name=code]", code)
    page.get_by_role("button", name="Turpināt").click()


def sign_out(page):
    """Out, by the page's own button."""
    page.goto("/konts/logout/")
    page.locator("main form button[type=submit]").click()
    arrive(page, "/")


def test_staff_add_a_passkey_and_sign_in_with_it(narrow_page, coordinator, axe, no_sideways):
    page = narrow_page
    finger = give_device(page)
    # Given a coordinator who signed in by a code
    type_code(page)
    arrive(page, "/mani/")
    # When she goes to the desk, she is led to set up a second step
    page.goto("/darbs/")
    arrive(page, "/konts/2fa/")
    no_sideways(page)
    axe(page)
    page.get_by_role("link", name="Pievienot piekļuves atslēgu").click()
    no_sideways(page)
    axe(page)
    # The finger is not hers at first: the page says so, and she tries once more
    finger(False)
    page.get_by_role("button", name="Pievienot atslēgu").click()
    page.get_by_text("Piekļuves atslēga netika izveidota").wait_for()
    axe(page)
    finger(True)
    page.fill("[name=name]", "Darba dators")
    page.keyboard.press("Enter")
    # Then she confirms with it, and has spare codes to print
    arrive(page, "/konts/2fa/webauthn/reauthenticate/")
    no_sideways(page)
    axe(page)
    page.get_by_role("button", name="Izmantot piekļuves atslēgu").click()
    arrive(page, "/konts/2fa/recovery-codes/")
    axe(page)
    no_sideways(page)
    page.get_by_role("link", name="Uz darba galdu").click()
    arrive(page, "/darbs/")
    page.goto("/konts/2fa/webauthn/")
    assert page.get_by_role("heading", name="Darba dators").is_visible()
    no_sideways(page)
    axe(page)
    # When she signs out and in again, the passkey is asked for after the code
    sign_out(page)
    type_code(page)
    arrive(page, "/konts/2fa/authenticate/")
    no_sideways(page)
    axe(page)
    page.get_by_role("button", name="Izmantot piekļuves atslēgu").click()
    arrive(page, "/mani/")
    page.goto("/darbs/")
    assert page.url.endswith("/darbs/")
    # And it opens the account by itself too, back to where she was going
    sign_out(page)
    page.goto("/darbs/programma/")
    axe(page)
    page.get_by_role("button", name="Ienākt ar piekļuves atslēgu").click()
    arrive(page, "/darbs/programma/")
    # When the last one is removed, the desk is closed again
    page.goto("/konts/2fa/webauthn/")
    page.get_by_role("link", name="Noņemt").click()
    arrive(page, "/konts/2fa/webauthn/reauthenticate/")
    page.get_by_role("button", name="Izmantot piekļuves atslēgu").click()
    page.get_by_role("button", name="Noņemt atslēgu").wait_for()
    axe(page)
    page.get_by_role("button", name="Noņemt atslēgu").click()
    arrive(page, "/konts/2fa/webauthn/")
    assert not Authenticator.objects.exists()
    page.goto("/darbs/")
    arrive(page, "/konts/2fa/")


def test_without_scripts_the_pages_say_so_and_offer_the_app(page_without_scripts, coordinator):
    page = page_without_scripts
    type_code(page)
    page.goto("/konts/2fa/webauthn/add/")
    assert page.get_by_text("Šeit izmantojiet lietotni.").is_visible()
    assert not page.get_by_role("button", name="Pievienot atslēgu").is_visible()
    page.get_by_role("link", name="Iestatīt lietotni").click()
    assert page.url.endswith("/konts/2fa/totp/activate/")
    page.context.clear_cookies()
    page.goto("/konts/login/")
    assert not page.get_by_text("piekļuves atslēgu").is_visible()


@pytest.fixture
def addresses_put_back(settings):
    """What a journey turned on is off for the next."""
    yield
    settings.OIDC_PROVIDERS = ()
    read_addresses_anew()


def test_from_elsewhere_and_back(addresses_put_back, page, watch, settings, axe, no_sideways):
    # Given Latvija.lv turned on, with the policy that the settings make of it
    with running() as provider:
        turn_on(settings, provider.url)
        watch.others = (provider.url,)
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        allowed = ["'self'", *oidc.origins(settings.OIDC_PROVIDERS)]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": allowed}}
        # When somebody signs in with it
        page.goto("/konts/login/")
        no_sideways(page)
        axe(page)
        page.get_by_role("button", name="Ienākt ar Latvija.lv").click()
        # Then they are back and in, and see it among their ways to sign in
        arrive(page, "/mani/")
        page.get_by_role("link", name="Citi veidi, kā ienākt").click()
        page.get_by_role("button", name="Noņemt saiti").wait_for()
        page.set_viewport_size({"width": 360, "height": 740})
        no_sideways(page)
        axe(page)
