"""The numbers of certificates: given one after another, checked by anybody, kept for ten years.

A number reads TM-2027-0001-K7M3QX: the year, the place in that year's book, and six signs that nobody can guess. Within
a year no place is left out and none is given twice. Whoever types a number learns whether the paper is genuine and what
it is for; of the holder no more than initials, unless the name is typed.

When the person is forgotten, the name and the days go. What stays of the name is a one-way proof (scrypt with a salt of
its own), made on that day: whoever has the paper and types its name is still answered, and nobody can read it back.
After ten years (a setting) nothing is kept.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.models import Certificate, CertificateBook
from ecosystem.text import clean, fold

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST_TYPED = 60
BATCH = 200
_NUMBER = re.compile(r"(?:TM)?(\d{4})(\d{4,6})([A-Z0-9]{6})")
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def take(count: int, *, now: datetime) -> list[str]:
    """The next so many numbers of this year's book, held until the transaction ends: what is undone leaves no gap."""
    year = timezone.localtime(now).year
    CertificateBook.objects.bulk_create([CertificateBook(year=year)], ignore_conflicts=True)
    book = CertificateBook.objects.select_for_update().get(year=year)
    first, book.last = book.last + 1, book.last + count
    book.save(update_fields=["last"])
    return [f"TM-{year}-{place:04d}-{secret()}" for place in range(first, book.last + 1)]


def secret() -> str:
    """Six signs that cannot be taken for one another, drawn by chance."""
    return "".join(secrets.choice(SIGNS) for _ in range(6))


def spelt(typed: str) -> str:
    """A number in its one spelling, however it was typed; empty when it is none."""
    signs = re.sub(r"[^A-Z0-9]", "", clean(typed[:LONGEST_TYPED]).upper())
    # The year has four digits and the end six signs: what is left between is the place in the book.
    found = _NUMBER.fullmatch(signs)
    return f"TM-{found[1]}-{found[2]}-{found[3]}" if found else ""


def find(typed: str) -> Certificate | None:
    """The certificate of this number, taken back or not."""
    number = spelt(typed)
    return Certificate.objects.filter(number=number).first() if number else None


def is_holder(certificate: Certificate, *, typed: str) -> bool:
    """Whether the name typed is the holder's: capitals, diacritics and the order of the names do not count."""
    name = _key(typed[:300])
    if not name:
        return False
    if certificate.name:
        return hmac.compare_digest(name.encode(), _key(certificate.name).encode())
    salt, _dollar, kept = certificate.name_proof.partition("$")
    return bool(kept) and hmac.compare_digest(_scrypt(name, base64.b64decode(salt)), kept)


def forget(*, now: datetime) -> int:
    """Turn the names of those whom the registrations no longer name into proofs, and delete what is too old."""
    Certificate.objects.filter(issued_at__lt=now - relativedelta(years=settings.CERTIFICATE_YEARS)).delete()
    return _forget_names(Certificate.objects.filter(Q(registration=None) | Q(registration__resident=None)))


def forget_names(*, registrations: Collection[int]) -> int:
    """Turn the names on these registrations' certificates into proofs at once: somebody asked to be forgotten."""
    return _forget_names(Certificate.objects.filter(registration__in=registrations))


def _forget_names(certificates: QuerySet[Certificate]) -> int:
    nameless = certificates.exclude(name="")
    total = 0
    while batch := list(nameless.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows = list(Certificate.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk"))
            for row in rows:
                row.name, row.name_proof = "", _proof(row.name)
                row.days, row.revoked_because, row.registration = [], "", None
            Certificate.objects.bulk_update(rows, ["name", "name_proof", "days", "revoked_because", "registration"])
        total += len(batch)
    return total


def _key(name: str) -> str:
    return " ".join(sorted(fold(clean(name)).replace("-", " ").split()))


def _proof(name: str) -> str:
    salt = secrets.token_bytes(12)
    return f"{base64.b64encode(salt).decode()}${_scrypt(_key(name), salt)}"


def _scrypt(name: str, salt: bytes) -> str:
    return base64.b64encode(hashlib.scrypt(name.encode(), salt=salt, dklen=24, **_SCRYPT)).decode()
