"""Where SMS providers report what became of a message: a machine's address, in plain text, without a language.

Only the provider that the settings name may report, and only with the secret: as ``Authorization: Bearer <secret>``, or
as ``X-Signature: sha256=<hex>``, the HMAC of the body by the secret. Without a secret in the settings nobody may.
"""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from ecosystem import sms
from ecosystem.domain import receipts

MOST_BYTES = 10_000


@csrf_exempt
@login_not_required
def sms_receipt(request: HttpRequest, provider: str) -> HttpResponse:
    """One receipt. Said twice it is heard once; of a message we do not know, 404, so that the gateway may try later."""
    if request.method != "POST":
        refused = _plain("Receipts are posted here.", 405)
        refused["Allow"] = "POST"
        return refused
    carrier = sms.provider()
    if provider != carrier.code:
        return _plain("No SMS are sent by this provider.", 404)
    if not _length(request) <= MOST_BYTES:
        return _plain(f"A receipt has at most {MOST_BYTES} bytes.", 400)
    if not _is_genuine(request):
        return _plain("The secret is missing or wrong.", 403)
    try:
        receipt = carrier.receipt(request.body)
    except sms.Unreadable as error:
        return _plain(f"Not a receipt: {error}.", 400)
    if receipts.receive(receipt=receipt, now=timezone.now()) is None:
        return _plain("There is no such message.", 404)
    return _plain("ok", 200)


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _is_genuine(request: HttpRequest) -> bool:
    secret = settings.SMS_RECEIPT_SECRET
    if not secret:
        return False
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and constant_time_compare(token.strip(), secret):
        return True
    signature = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    return constant_time_compare(request.headers.get("X-Signature", ""), f"sha256={signature}")
