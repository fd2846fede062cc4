"""The second step of signing in: an app's digits, a passkey, or a spare code; how allauth asks for them here.

A passkey is a key on a device, opened by a finger, a face or a PIN. It is the only one of the three that a false page
cannot talk out of somebody, so one that the device itself locks may also stand for both steps.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.models import User

# Spare codes alone are no second factor: they are made for the day the telephone is lost.
KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
NAME_LENGTH = 60
# What a browser says about a passkey takes a kilobyte or two.
CREDENTIAL_LENGTH = 20_000


def is_set_up(user: User | AnonymousUser) -> bool:
    """Whether this account asks for a second step."""
    return is_mfa_enabled(user, KINDS)


def was_taken(request: HttpRequest) -> bool:
    """Whether whoever is behind this session has taken it: one begun before it was set up has not."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


class MfaAdapter(DefaultMFAAdapter):
    """The portal's own wishes to allauth about second steps."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That did not open. The page may have been open for too long: try once more."),
    }

    def _get_site_name(self) -> str:
        """What apps and devices write beside the key."""
        return str(settings.PORTAL_NAME)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name to begin with; people know best which device it is."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(n)s") % {"n": number + 1} if number else _("Passkey")


class CredentialField(forms.JSONField):
    """What the browser says about a passkey. It comes from a script, so whatever else comes is answered alike."""

    def __init__(self) -> None:
        super().__init__(required=True, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Any:
        """A JSON object that can be kept."""
        try:
            text = str(value or "")
            said = super().clean(text) if len(text) <= CREDENTIAL_LENGTH and "\\u0000" not in text else None
        except (ValidationError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise MfaAdapter().validation_error("incorrect_code")
        return said

    def bound_data(self, data: Any, initial: Any) -> Any:
        """An answer counts once: the page never carries it back."""
        return None

    def prepare_value(self, value: Any) -> str:
        """The field is empty until the device has answered."""
        return ""


class _AnswersAlike(forms.Form):
    """Whatever is wrong with a passkey's answer is said in the same words: the library has its own for each."""

    def full_clean(self) -> None:
        """Check it; what was made up by hand may fail anywhere."""
        try:
            super().full_clean()
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, InvalidSignature):
            self.cleaned_data = {}
            self.add_error("credential", MfaAdapter().validation_error("incorrect_code"))


class AddPasskeyForm(_AnswersAlike, AddWebAuthnForm):
    """A new passkey: its name, and whether it opens the account by itself."""

    name = forms.CharField(required=False, max_length=NAME_LENGTH)
    credential = CredentialField()
    passwordless = forms.BooleanField(required=False, initial=True)


class EditPasskeyForm(EditWebAuthnForm):
    """Another name for it."""

    name = forms.CharField(max_length=NAME_LENGTH)


class AuthenticatePasskeyForm(_AnswersAlike, AuthenticateWebAuthnForm):
    """The second step by a passkey."""

    credential = CredentialField()


class ReauthenticatePasskeyForm(_AnswersAlike, ReauthenticateWebAuthnForm):
    """Once more, before something that matters."""

    credential = CredentialField()


class LoginPasskeyForm(_AnswersAlike, LoginWebAuthnForm):
    """Both steps by a passkey that its device locks."""

    credential = CredentialField()
