"""SMS: whoever the municipality has a contract with. A provider has one method; two ship, others are a class away.

``SMS_PROVIDER`` names the class. The console one writes to the log, for trying out; the HTTP one posts JSON to
``SMS_HTTP_URL``, which most gateways take, if need be behind a few lines of their own.
"""

import json
import logging
import urllib.error
import urllib.request
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10
# The provider says that it took nothing: it may be tried once more.
TRY_LATER = (429, 503)


class NotTaken(Exception):
    """The provider did not take the message, for now; trying again cannot send it twice."""


class Refused(Exception):
    """The provider will never take this message."""


class Provider(Protocol):
    """Sends one SMS, or says what stood in the way. Any other exception means that its fate is unknown."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Send ``text`` to ``to`` (E.164). ``key`` is the same for the same message, should the gateway care."""


class ConsoleProvider:
    """For trying out: the log says that a message left. Neither the number nor the words are logged."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Log it."""
        log.warning("SMS of %s letters, message %s", len(text), key)


class HttpProvider:
    """Posts ``{"to", "text"}`` as JSON with a bearer token and an idempotency key."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Post it; 2xx is taken."""
        if not settings.SMS_HTTP_URL.startswith(("https://", "http://")):
            raise NotTaken("SMS_HTTP_URL is not set")
        request = urllib.request.Request(  # noqa: S310 (the scheme is checked above)
            settings.SMS_HTTP_URL,
            data=json.dumps({"to": to, "text": text}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.SMS_HTTP_TOKEN}",
                "Idempotency-Key": key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
                return
        except urllib.error.HTTPError as error:
            if error.code in TRY_LATER:
                raise NotTaken(f"HTTP {error.code}")
            raise Refused(f"HTTP {error.code}")
        except urllib.error.URLError as error:
            # Not even connected: a refused connection, an unknown name. A time-out while reading is not this.
            if isinstance(error.reason, (ConnectionRefusedError, OSError)) and not isinstance(
                error.reason, TimeoutError
            ):
                raise NotTaken(str(error.reason))
            raise


def provider() -> Provider:
    """The one that the settings name."""
    found: Provider = import_string(settings.SMS_PROVIDER)()
    return found
