"""Signed links: whoever holds one may see and change one registration, an educator's own sessions, or the news they get.

A link is sent only to the contact of the registration, so holding it proves the contact. The page after the form
has a link of its own kind, which shows the answer once more and opens nothing: the form may have been filled in by a
stranger. A link of one kind is not accepted as another. Links are short, since they travel by SMS: 16 bytes say which
row, 16 bytes prove that we wrote it (128 bits of HMAC-SHA256).
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordinators.models import Educator
from courses.models import Certificate, Party, Registration
from residents.models import Consent

# How long after an activity its links still open.
OPEN_AFTER_END = timedelta(days=30)
# How long an educator's link opens after it was issued: a season, and the one after it.
EDUCATOR_LINK = timedelta(days=365)
_PROOF_BYTES = 16


class LinkBroken(Exception):
    """Not a link of ours, or not whole."""

    code = "broken"
    message: Promise = _("This link is not whole. Copy all of it from the message, or have it sent to you once more.")

    def __str__(self) -> str:
        return str(self.message)


class LinkExpired(Exception):
    """A link of ours whose time is over."""

    code = "expired"
    message: Promise = _("This link has expired: the activity is over, and what you wrote is no longer kept.")

    def __str__(self) -> str:
        return str(self.message)


class EducatorLinkExpired(LinkExpired):
    """An educator's link that was taken back, replaced by a newer one, or whose time is over."""

    message: Promise = _(
        "This link no longer opens anything: a newer one was sent, or its time is over. Ask for it anew."
    )


class NewsLinkExpired(LinkExpired):
    """A link of the news whose consent is kept no more."""

    message: Promise = _("This link is too old. You get no news from us by it; nothing more needs to be stopped.")


class ConfirmLinkExpired(LinkExpired):
    """A link to confirm that was not pressed in time, or that a newer one has replaced."""

    message: Promise = _("This link has expired. If you still would like the news, ask for it once more.")


def party_token(party: Party) -> str:
    """Opens a registration, to see, change and cancel it."""
    return _seal("party", party.pk.bytes)


def received_token(party: Party) -> str:
    """Shows the answer to a form once more, and opens nothing."""
    return _seal("received", party.pk.bytes)


def offer_token(registration: Registration) -> str:
    """Opens an offer of a place, to accept or decline it."""
    return _seal("offer", registration.pk.to_bytes(8, "big"))


def educator_token(educator: Educator) -> str:
    """Opens an educator's own sessions and their lists; good for this version of the link alone."""
    return _seal("educator", educator.pk.to_bytes(8, "big") + educator.link_version.to_bytes(4, "big"))


def certificates_token(party: Party) -> str:
    """Opens the certificates of those who registered together, to read and print them."""
    return _seal("certificates", party.pk.bytes)


def read_certificates_token(token: str, *, now: datetime) -> Party:
    """Whose certificates a link opens, with the activity; open for a term after they were last sent."""
    party = (
        Party.objects.select_related("activity").filter(pk=UUID(bytes=_open("certificates", token, length=16))).first()
    )
    sent = Certificate.objects.valid().filter(registration__party=party).aggregate(last=Max("sent_at"))["last"]
    if party is None or party.forgotten_at is not None or sent is None:
        raise LinkExpired
    if now > sent + timedelta(days=settings.CERTIFICATE_LINK_DAYS):
        raise LinkExpired
    return party


def news_token(consent: Consent) -> str:
    """Opens what somebody is told of, to change it or to stop it; good for as long as the consent is kept."""
    return _seal("news", consent.pk.bytes)


def confirm_token(consent: Consent) -> str:
    """Opens the question whether news is wanted; a press there is the yes."""
    return _seal("news_confirm", consent.pk.bytes)


def read_news_token(token: str) -> Consent:
    """Whose news a link opens, whatever has become of the consent since."""
    pk = UUID(bytes=_open("news", token, length=16))
    found = Consent.objects.select_related("village").filter(pk=pk).first()
    if found is None:
        raise NewsLinkExpired
    return found


def read_confirm_token(token: str, *, now: datetime) -> Consent:
    """The consent that a link would confirm, or has confirmed already."""
    pk = UUID(bytes=_open("news_confirm", token, length=16))
    found = Consent.objects.select_related("village").filter(pk=pk).first()
    if found is None or (not found.holds and not found.can_be_confirmed(now=now)):
        raise ConfirmLinkExpired
    return found


def read_party_token(token: str, *, now: datetime | None = None) -> Party:
    """The registration a link opens, with its activity."""
    return _party("party", token, now)


def read_received_token(token: str, *, now: datetime | None = None) -> Party:
    """The form whose answer a link shows. Show its ``outcome`` fields alone: the rest is for the contact."""
    return _party("received", token, now)


def read_offer_token(token: str, *, now: datetime | None = None) -> Registration:
    """The registration whose offer a link opens, whatever has become of it since, with its party and activity."""
    registration = (
        Registration.objects.select_related("activity", "party", "resident")
        .filter(pk=int.from_bytes(_open("offer", token, length=8), "big"))
        .first()
    )
    if registration is None:
        raise LinkExpired
    _refuse_late(registration.activity.ends_at, now)
    return registration


def read_educator_token(token: str, *, now: datetime) -> Educator:
    """The educator whose page a link opens."""
    value = _open("educator", token, length=12)
    found = Educator.objects.filter(pk=int.from_bytes(value[:8], "big")).select_related("department").first()
    if found is None or found.link_version != int.from_bytes(value[8:], "big") or not is_open(found, now=now):
        raise EducatorLinkExpired
    return found


def is_open(educator: Educator, *, now: datetime) -> bool:
    """Whether a link of theirs opens: issued within the year, and they still teach here."""
    issued = educator.link_issued_at
    return issued is not None and educator.retired_at is None and now <= issued + EDUCATOR_LINK


def _party(kind: str, token: str, now: datetime | None) -> Party:
    party = Party.objects.select_related("activity").filter(pk=UUID(bytes=_open(kind, token, length=16))).first()
    if party is None or party.forgotten_at is not None:
        raise LinkExpired
    _refuse_late(party.activity.ends_at, now)
    return party


def _refuse_late(ends_at: datetime | None, now: datetime | None) -> None:
    if ends_at is not None and (now or timezone.now()) > ends_at + OPEN_AFTER_END:
        raise LinkExpired


def _seal(kind: str, value: bytes) -> str:
    return _text(value + _proof(kind, value, settings.SECRET_KEY))


def _open(kind: str, token: str, *, length: int) -> bytes:
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkBroken
    value, proof = sealed[:length], sealed[length:]
    # Written in one way only: a changed last letter that decodes to the same bytes is an altered link too.
    if _text(sealed) != token or not any(constant_time_compare(proof, _proof(kind, value, key)) for key in _keys()):
        raise LinkBroken
    return value


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _proof(kind: str, value: bytes, key: str) -> bytes:
    return salted_hmac(f"tuvak.links.{kind}", value, secret=key, algorithm="sha256").digest()[:_PROOF_BYTES]


def _keys() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from map(str, settings.SECRET_KEY_FALLBACKS)
