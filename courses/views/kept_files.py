"""A file between its rehearsal and its taking: whether it may be opened, how it travels, how its refusals are told."""

import base64
import zlib
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ecosystem import dates
from ecosystem.file_rows import Refusal
from ecosystem.text import clean

# The file travels in a hidden field between the two steps, so it must fit a form.
MOST_BYTES = 1_400_000
KEPT_FOR = 2 * 60 * 60
SHOWN = 200


def unfit(file: UploadedFile | None) -> str:
    """Why a file is not even opened."""
    if file is None:
        return _("Choose a file.")
    if (file.size or 0) > MOST_BYTES:
        return _("The file has %(size)s MB; at most 1.4 MB are taken here. Split it into several files.") % {
            "size": f"{(file.size or 0) / 1_000_000:.1f}".replace(".", "," if dates.is_latvian() else ".")
        }
    if not (file.name or "").lower().endswith((".csv", ".txt", ".xlsx")):
        return _("This is neither CSV nor XLSX. In Excel choose «Save as», then XLSX or «CSV UTF-8».")
    return ""


def told(refusal: Refusal) -> dict[str, Any]:
    """A refusal as a page shows it."""
    return {
        "line": refusal.line or "–",
        "column": refusal.column or "–",
        "value": Truncator(clean(refusal.value)).chars(60) or "–",
        "reason": refusal.lv if dates.is_latvian() else refusal.en,
    }


def keep(content: bytes, request: HttpRequest, *, what: str) -> str:
    """The file as a signed text that only the same reader can send back, and only for the same purpose."""
    packed = base64.urlsafe_b64encode(zlib.compress(content, 9)).decode()
    return signing.TimestampSigner(salt=_salt(request, what)).sign(packed)


def kept(text: str, request: HttpRequest, *, what: str) -> bytes | None:
    """The file that was kept; None when it is too old or not theirs."""
    try:
        packed = signing.TimestampSigner(salt=_salt(request, what)).unsign(text, max_age=KEPT_FOR)
        return zlib.decompress(base64.urlsafe_b64decode(packed))
    except (signing.BadSignature, ValueError, zlib.error):
        return None


def _salt(request: HttpRequest, what: str) -> str:
    return f"{what}:{request.user.pk}"
