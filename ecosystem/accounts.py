"""How allauth treats accounts here: one box for an e-mail address, a code sent there, and one is in.

No passwords are asked. Whoever signs in for the first time needs no other page for it: the account is made, and is
worth nothing until the code has come back from that address.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.models import EmailAddress
from allauth.core import context
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import get_language

from ecosystem.models import Message, User


class AccountAdapter(DefaultAccountAdapter):
    """The portal's own wishes to allauth."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A message is a row first, here too: the worker sends it, and its fate can be seen."""
        known = {"email": email, "portal_name": settings.PORTAL_NAME, "code": "", "signup_url": "", **context}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", known).split())
        now = timezone.now()
        with transaction.atomic():
            Message.objects.create(
                kind=template_prefix.rsplit("/", 1)[-1],
                channel=Message.Channel.EMAIL,
                to=email,
                language=get_language() or settings.LANGUAGE_CODE,
                subject=subject[:200],
                text=render_to_string(f"{template_prefix}_message.txt", known).strip(),
                created_at=now,
                send_at=now,
            )

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes of one's own account are shown where they are made; nobody is written to about them."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """One's own page, in the language one reads."""
        return translate_url(settings.LOGIN_REDIRECT_URL, get_language() or settings.LANGUAGE_CODE)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same page for the first time as for every other."""
        return self.get_login_redirect_url(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Home, in the language one reads."""
        return translate_url(settings.ACCOUNT_LOGOUT_REDIRECT_URL, get_language() or settings.LANGUAGE_CODE)
