"""What the portal refuses to run with."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register(deploy=False)
def production_is_not_embedded(**kwargs: Any) -> list[CheckMessage]:
    """Outside the demonstration, the embedded database and the public key of the demonstration are refused."""
    errors: list[CheckMessage] = []
    if settings.DEMO or settings.DEBUG:
        return errors
    if settings.EMBEDDED_DATABASE:
        errors.append(
            Error("The embedded PostgreSQL is for trying out and for tests. Set DATABASE_URL.", id="tuvak.E001")
        )
    if settings.SECRET_KEY == settings.INSECURE_KEY:
        errors.append(Error("Set SECRET_KEY: this one is public.", id="tuvak.E002"))
    if settings.PSEUDONYM_KEY == settings.INSECURE_KEY:
        errors.append(
            Error("Set PSEUDONYM_KEY, and keep it: by it a person is counted once in the figures.", id="tuvak.E003")
        )
    return errors
