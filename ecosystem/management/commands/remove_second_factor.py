"""The device is lost, and the spare codes too: take the second steps of an account away, after seeing the person."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ecosystem.models import User


class Command(BaseCommand):
    """``remove_second_factor EMAIL``"""

    help = "Removes passkeys, app and spare codes of an account; whoever holds a post sets up new ones before the desk opens."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say that there is no such account."""
        user = User.objects.filter(email__iexact=options["email"].strip()).first()
        if user is None:
            raise CommandError(_("There is no account with this e-mail address."))
        removed, _kinds = Authenticator.objects.filter(user=user).delete()
        self.stdout.write(_("Removed: %(n)s.") % {"n": removed})
