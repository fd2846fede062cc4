"""Accounts: staff sign in with them; residents may have one and need none."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.privacy import Personal, Term


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is the name."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """An account for this address; without a password it opens by a code sent there."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """An administrator's account."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account of this address, however it was typed."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What a member of staff may do comes from posts, not from flags here."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, default="lv")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    personal = {
        "email": Personal(_("E-mail address"), _("To sign in"), Term.ACCOUNT),
        "name": Personal(_("Name"), _("To address you"), Term.ACCOUNT),
        "language": Personal(_("Language"), _("To write to you in it"), Term.ACCOUNT),
        "date_joined": Personal(_("Day the account was made"), _("To close unused accounts"), Term.ACCOUNT),
        "last_login": Personal(_("Last sign-in"), _("To close unused accounts"), Term.ACCOUNT),
        "password": Personal(_("Password, as a one-way code"), _("To sign in"), Term.ACCOUNT),
    }
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email
