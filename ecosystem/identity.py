"""Signing in from elsewhere (Latvija.lv, eParaksts, a municipality's own): who it says one is, and how little is kept.

Of what a provider tells, three things are looked at: who (``sub``, kept as a one-way code of ours, since elsewhere it
may be the personal code), the name, and the e-mail where it is said to be confirmed. Nothing else is kept, and no key
to ask again. An account is opened by a link made earlier, by its confirmed e-mail, or linked by whoever is signed in.
What somebody may do here comes from posts, never from how they signed in.
"""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthError, ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import activate, get_language, override
from django.utils.translation import gettext as _
from requests import RequestException

from ecosystem.models import User
from ecosystem.text import clean

log = structlog.get_logger(__name__)
# What a provider's answer may break on when it is not what the standard says.
_MISTAKES = (AttributeError, KeyError, TypeError, ValueError)


class Conversation(OpenIDConnectOAuth2Adapter):
    """How the portal speaks with a provider: stricter than it need be."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """One address whatever the reader's language, since the contract names it."""
        with override(settings.LANGUAGE_CODE):
            return str(super().get_callback_url(request, app))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Signed by the provider's key, and about one and the same person in both of its answers."""
        try:
            told = self._decode_id_token(app, kwargs["response"]["id_token"])
            if "userinfo_endpoint" in self.openid_config:
                more = self._fetch_user_info(token.token)
                if more["sub"] != told["sub"]:
                    raise ProviderException("userinfo is about somebody else")
                told = {**told, **more}
            return self.get_provider().sociallogin_from_response(request, told)
        except _MISTAKES as error:
            raise ProviderException("an answer that cannot be read") from error

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        # allauth looks at the signature only where the token did not come straight from the provider.
        self.did_fetch_access_token = False
        return dict(super()._decode_id_token(app, id_token))


class IdentityProvider(OpenIDConnectProvider):
    """What is taken of what a provider tells."""

    oauth2_adapter_class = Conversation

    def extract_uid(self, data: dict[str, Any]) -> str:
        """A one-way code of who it is."""
        who = str(data["sub"])
        if not who:
            raise ProviderException("nobody")
        return salted_hmac("ecosystem.identity", f"{self.sub_id}\n{who}", algorithm="sha256").hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing more is kept."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """The name."""
        return {"name": data.get("name") or f"{data.get('given_name', '')} {data.get('family_name', '')}"}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The e-mail that the provider says is confirmed; another is as good as none."""
        confirmed = data.get("email_verified")
        if data.get("email") and (confirmed is True or confirmed == "true"):
            return [EmailAddress(email=str(data["email"]).lower(), verified=True, primary=True)]
        return []

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What the setting says; nothing that is written into the address."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """The same."""
        return dict(self.get_auth_params())

    def stash_redirect_state(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Remember the reader's language over there."""
        return str(super().stash_redirect_state(request, *args, language=get_language(), **kwargs))


class IdentityAdapter(DefaultSocialAccountAdapter):
    """The portal's own wishes to allauth about accounts elsewhere."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings alone: nobody turns one on by a row in the database."""
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=one.id,
                name=one.name,
                client_id=one.client_id,
                secret=one.secret,
                settings={"server_url": one.server_url, "scope": list(one.scope), "oauth_pkce_enabled": True},
            )
            for one in settings.OIDC_PROVIDERS
            if provider in (None, one.id, "openid_connect") and client_id in (None, one.client_id)
        ]

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """A confirmed e-mail opens its account: only providers that the municipality has a contract with are on."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> AbstractBaseUser:
        """A new account has the e-mail, the name and the language of its reader."""
        user = sociallogin.user
        assert isinstance(user, User)  # noqa: S101 (AUTH_USER_MODEL)
        user.email = str(data.get("email") or "")
        user.name = clean(str(data.get("name") or ""))[:120]
        user.language = get_language() or settings.LANGUAGE_CODE
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The key to ask the provider more is thrown away, before a session could keep it."""
        sociallogin.token = None

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Whatever went wrong over there: back to the sign-in page, where the other ways are."""
        if error != AuthError.CANCELLED:
            log.warning("identity_refused", provider=provider.sub_id, error=error, exception=repr(exception))
        raise ImmediateHttpResponse(_back(request, provider.name))


class UnlinkForm(DisconnectForm):
    """Take a link away; the account stays open by a code to its e-mail."""

    def clean(self) -> dict[str, Any]:
        """No password is needed for that."""
        return dict(forms.Form.clean(self) or {})


def _back(request: HttpRequest, name: str) -> HttpResponse:
    """The sign-in page, saying that it was not finished."""
    words = _("Signing in with %(name)s was not finished. Try once more, or sign in by a code.") % {"name": name}
    get_account_adapter(request).add_message(request, messages.ERROR, message=words)
    return redirect("socialaccount_connections" if request.user.is_authenticated else "account_login")


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider: by a press; a followed link asks first."""
    return _speak(request, provider_id, OAuth2LoginView)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider, in the language in which one left."""
    left = statekit.get_states(request).get(request.GET.get("state", ""))
    if left and left[0].get("language") in dict(settings.LANGUAGES):
        activate(left[0]["language"])
    return _speak(request, provider_id, OAuth2CallbackView)


def _speak(request: HttpRequest, provider_id: str, view: Any) -> HttpResponse:
    conversation = Conversation(request, provider_id)
    try:
        name = conversation.get_provider().name
    except SocialApp.DoesNotExist:
        raise Http404
    try:
        return view.adapter_view(conversation)(request)
    except (OAuth2Error, ProviderException, RequestException, *_MISTAKES):
        log.exception("identity_failed", provider=provider_id)
        return _back(request, name)
