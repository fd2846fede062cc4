"""SMS: whoever the municipality has a contract with. A provider sends, and reads its receipts; others are a class away.

``SMS_PROVIDER`` names the class. The console one writes to the log, for trying out; the HTTP one posts JSON to
``SMS_HTTP_URL``, which most gateways take, if need be behind a few lines of their own. Whether a message reached the
telephone the provider says later, at ``/zinas/sms/<code>/``.
"""

import json
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass
from enum import Enum
from typing import IO, Protocol
from urllib.parse import parse_qsl

from django.conf import settings
from django.utils.module_loading import import_string

from ecosystem.text import clean

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 10
LONGEST_ID, LONGEST_REASON = 100, 200
# What gateways call the fates of a message, folded.
UNDERWAY = ("accepted", "acceptd", "queued", "pending", "submitted", "sent", "buffered", "enroute")
DELIVERED = ("delivered", "delivrd", "success")
FAILED = ("failed", "undelivered", "undeliv", "undeliverable", "expired", "rejected", "rejectd", "deleted", "error")
# The provider says that it took nothing: it may be tried once more.
TRY_LATER = (429, 503)


class NotTaken(Exception):
    """The provider did not take the message, for now; trying again cannot send it twice."""


class Refused(Exception):
    """The provider will never take this message."""


class Unreadable(Exception):
    """Not a receipt; the words are for whoever looks after the gateway."""


class Fate(Enum):
    """What a receipt says has become of a message."""

    UNDERWAY = "underway"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Taken:
    """What a provider says when it has taken a message: its own name for it, and whether it is delivered already."""

    id: str = ""
    delivered: bool = False


@dataclass(frozen=True)
class Receipt:
    """What became of a message, which is named by the provider's ``id``, or by the ``key`` it was sent with."""

    fate: Fate
    id: str = ""
    key: str = ""
    reason: str = ""


class Provider(Protocol):
    """Sends one SMS, or says what stood in the way. Any other exception means that its fate is unknown."""

    # Its part of the address that receipts come to.
    code: str

    def send(self, *, to: str, text: str, key: str) -> Taken:
        """Send ``text`` to ``to`` (E.164). ``key`` is the same for the same message, should the gateway care."""

    def receipt(self, body: bytes) -> Receipt:
        """Read what came to the address for receipts; raises ``Unreadable``."""


class ConsoleProvider:
    """For trying out: the log says that a message left. Neither the number nor the words are logged."""

    code = "console"

    def send(self, *, to: str, text: str, key: str) -> Taken:
        """Log it: there it has arrived."""
        log.warning("SMS of %s letters, message %s", len(text), key)
        return Taken(id=key, delivered=True)

    def receipt(self, body: bytes) -> Receipt:
        """As the HTTP one's, for trying that out too."""
        return read_receipt(body)


class HttpProvider:
    """Posts ``{"to", "text"}`` as JSON with a bearer token and an idempotency key.

    An ``id`` in the answer is kept: receipts name the message by it, or by the idempotency key.
    """

    code = "http"

    def send(self, *, to: str, text: str, key: str) -> Taken:
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
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return Taken(id=_id_in(answer))
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

    def receipt(self, body: bytes) -> Receipt:
        """``{"id" or "key", "status", "reason"}``, as JSON or as a form."""
        return read_receipt(body)


def read_receipt(body: bytes) -> Receipt:
    """A receipt as most gateways write it; raises ``Unreadable``."""
    fields = _fields(body)
    status = _value(fields, "status", "state").lower()
    fates = {
        **dict.fromkeys(UNDERWAY, Fate.UNDERWAY),
        **dict.fromkeys(DELIVERED, Fate.DELIVERED),
        **dict.fromkeys(FAILED, Fate.FAILED),
    }
    if status not in fates:
        raise Unreadable(f"status must be one of: {', '.join(sorted(fates))}")
    named = {"id": _value(fields, "id", "message_id", "messageId"), "key": _value(fields, "key", "reference")}
    if not any(named.values()):
        raise Unreadable("id or key must say which message it is")
    if any(len(name) > LONGEST_ID for name in named.values()):
        raise Unreadable(f"id and key have at most {LONGEST_ID} characters")
    # A gateway that gives no reason says at least "expired" or "rejected".
    reason = _value(fields, "reason", "error") or status
    return Receipt(fate=fates[status], reason=reason[:LONGEST_REASON], **named)


def _fields(body: bytes) -> dict[str, object]:
    try:
        text = body.decode()
        if not text.lstrip().startswith(("{", "[")):
            return dict(parse_qsl(text, strict_parsing=True, max_num_fields=50))
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("neither JSON nor a form in UTF-8")
    if not isinstance(fields, dict):
        raise Unreadable("not one receipt: a JSON object is expected")
    return fields


def _value(fields: dict[str, object], *names: str) -> str:
    """The first of these that is there, in one line."""
    found = next((fields[name] for name in names if fields.get(name) not in (None, "")), "")
    return clean(str(found)) if isinstance(found, str | int) else ""


def _id_in(answer: IO[bytes]) -> str:
    """The provider's name for what it has taken; without one, receipts can still name our key."""
    try:
        fields = json.loads(answer.read(10_000) or b"{}")
    except (ValueError, RecursionError, OSError):
        return ""
    return _value(fields, "id", "message_id", "messageId")[:LONGEST_ID] if isinstance(fields, dict) else ""


def provider() -> Provider:
    """The one that the settings name."""
    found: Provider = import_string(settings.SMS_PROVIDER)()
    return found
