"""A person's code in the figures: a keyed hash, so that whoever has the database alone finds nobody by it."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reporting.models import KeyMark


def digest(resident: UUID) -> UUID:
    """The same for one person for ever, without a way back: the first 16 bytes of HMAC-SHA-256 under the portal's key.

    The key is a setting, outside the database: whoever holds only one of the two learns nothing.
    """
    made = hmac.new(settings.PSEUDONYM_KEY.encode(), b"participation:" + resident.bytes, hashlib.sha256).digest()
    return UUID(bytes=made[:16])


def check_key() -> None:
    """Raise ``ImproperlyConfigured`` where another key made the pseudonyms that are there: people would be counted twice."""
    mark = hmac.new(settings.PSEUDONYM_KEY.encode(), b"mark", hashlib.sha256).hexdigest()[:32]
    kept, _made = KeyMark.objects.get_or_create(pk=1, defaults={"mark": mark})
    if kept.mark != mark:
        raise ImproperlyConfigured("PSEUDONYM_KEY is not the one by which people were counted. Set that one again.")
