"""How allauth treats accounts here: one box for an e-mail address, a code sent there, and one is in.

No passwords are asked. Whoever signs in for the first time needs no other page for it: the account is made, and is
worth nothing until the code has come back from that address.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, override

from ecosystem import limits, sessions
from ecosystem.domain import messages
from ecosystem.models import Message, User


class AccountAdapter(DefaultAccountAdapter):
    """The portal's own wishes to allauth."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A message is a row first, here too: the worker sends it, and its fate can be seen."""
        known = {"email": email, "portal_name": settings.PORTAL_NAME, "code": "", "signup_url": "", **context}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", known).split())
        messages.write(
            kind=template_prefix.rsplit("/", 1)[-1],
            channel=Message.Channel.EMAIL,
            to=email,
            language=get_language() or settings.LANGUAGE_CODE,
            subject=subject,
            text=render_to_string(f"{template_prefix}_message.txt", known).strip(),
            now=timezone.now(),
        )

    def generate_login_code(self) -> str:
        """Six digits: read from one screen and typed on another by people of any age."""
        return "-".join(get_random_string(3, "0123456789") for _part in range(2))

    def generate_email_verification_code(self) -> str:
        """The same."""
        return self.generate_login_code()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes of one's own account are shown where they are made; nobody is written to about them."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Who asks, as the portal's own limits see it: behind proxies each reader has a limit of their own."""
        return limits.client_address(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Signed in: from here the working day of a session counts."""
        super().login(request, user)
        sessions.begin(request, now=timezone.now())

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to confirm that it is still the same person: the passkey first, unless there is an app."""
        # Never a password: nobody has one.
        found = [method for method in super().get_reauthentication_methods(user) if method["id"] != "reauthenticate"]
        codes = [method for method in found if method["id"] == "mfa_reauthenticate"]
        if codes and not is_mfa_enabled(user, [Authenticator.Type.TOTP]):
            found.sort(key=lambda method: method["id"] == "mfa_reauthenticate")
        return found

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """One's own page, in the language one reads."""
        return _in_the_readers_language(settings.LOGIN_REDIRECT_URL)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same page for the first time as for every other."""
        return self.get_login_redirect_url(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Home, in the language one reads."""
        return _in_the_readers_language(settings.ACCOUNT_LOGOUT_REDIRECT_URL)


def _in_the_readers_language(url: str) -> str:
    """An address of the settings, which is Latvian, under the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    with override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


def account_for(email: str) -> User | None:
    """The account of this e-mail, made where there is none; None for one that has been closed.

    An account that nobody has proved opens nothing: what it may see is tied to the confirmed address.
    """
    known = User.objects.filter(email__iexact=email).first()
    if known is None and not EmailAddress.objects.filter(email__iexact=email).exists():
        try:
            with transaction.atomic():
                known = User.objects.create_user(email, language=get_language() or settings.LANGUAGE_CODE)
        except IntegrityError:  # Pressed twice at once: the other press has made it.
            known = User.objects.get(email__iexact=email)
    if known is None or not known.is_active:
        return None
    if not EmailAddress.objects.filter(user=known).exists():
        EmailAddress.objects.get_or_create(
            user=known, email=known.email.lower(), defaults={"primary": True, "verified": False}
        )
    return known


class CodeForm(RequestLoginCodeForm):
    """Asks for the e-mail that the code goes to; for the first time too."""

    _user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """The address, with the account that it opens."""
        email = str(super().clean_email())
        self._user = account_for(email) or self._user
        return email


class LoginForm(AllauthLoginForm):
    """The same box on the sign-in page."""

    user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The label says it already.
        self.fields["login"].widget.attrs.pop("placeholder", None)

    def _login_by_code(self, request: HttpRequest, redirect_url: str | None, credentials: dict[str, Any]) -> Any:
        """Send the code, to a newcomer too."""
        if credentials.get("email"):
            self.user = account_for(credentials["email"]) or self.user
        return super()._login_by_code(request, redirect_url, credentials)


def account_pages_are_not_kept(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: browsers keep no page of an account; the Back button would show it to the next at the computer."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        name = request.resolver_match.url_name if request.resolver_match else None
        if name and name.startswith(("account_", "mfa_", "socialaccount_", "openid_connect_")):
            add_never_cache_headers(response)
        return response

    return answer
