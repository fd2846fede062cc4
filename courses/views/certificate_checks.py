"""Whether a certificate is genuine, for anybody who has its number; and the holder's own papers, by a signed link.

A stranger with a number learns what the paper says it is for, and of the holder the initials; the name is confirmed,
not told, and only to who types it. The cookies of the reader count for nothing here.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from courses.documents.certificates import edition, lesson_words, period_words, print_certificates, session_words
from courses.documents.press import Busy
from courses.domain import certificate_book, links
from courses.models import Certificate, Party
from courses.views.papers import pdf, wait
from courses.views.registering import private
from ecosystem import dates, limits

# Names tried on one certificate in an hour: enough for a slip of the pen, too few to guess.
NAMES_BY_NUMBER = 20


@login_not_required
@require_safe
def entry(request: HttpRequest) -> HttpResponse:
    """The short address on the paper leads to the form."""
    return redirect("courses:certificate_form")


@login_not_required
@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """Type a number; what can be one leads to its page."""
    typed = request.GET.get("numurs", "")[: certificate_book.LONGEST_TYPED]
    number = certificate_book.spelt(typed)
    if number:
        return private(redirect("courses:certificate_check", number=number))
    error = ""
    if "numurs" in request.GET:
        error = _("Write the whole number as on the paper, for example TM-2027-0001-K7M3QX.")
    return _form(request, typed, error=error, status=422 if error else 200)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Genuine, taken back, or unknown; a POST asks whether a name is the holder's."""
    now = timezone.now()
    address = limits.client_address(request)
    if not limits.spend("certificates", address, limit=settings.LIMIT_BY_ADDRESS, now=now):
        error = _("Too many numbers were checked from here within an hour. Try again later, or ring us.")
        return _form(request, number, error=error, status=429)
    found = certificate_book.find(number)
    if found is None:
        return _form(request, number[: certificate_book.LONGEST_TYPED], unknown=True, status=404)
    if number != found.number:
        return private(redirect("courses:certificate_check", number=found.number))
    answer, status = "", 200
    typed = request.POST.get("name", "")[:300]
    if request.method == "POST":
        answer, status = _answer(found, typed, now)
    context = {
        "page_title": _("Certificate %(number)s") % {"number": found.number},
        "certificate": found,
        "facts": _facts(found),
        "outcome": "genuine" if found.is_valid else "revoked",
        "typed": typed,
        "answer": answer,
        "asks_name": found.is_valid and bool(found.name or found.name_proof),
    }
    return private(render(request, "courses/certificates/check.html", context, status=status))


@login_not_required
@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The holder's valid papers, by the link that was sent."""
    now = timezone.now()
    try:
        party = links.read_certificates_token(token, now=now)
    except (links.LinkBroken, links.LinkExpired) as error:
        return _broken(request, error)
    rows = [
        {
            "kind": one.get_kind_display(),
            "number": one.number,
            "name": one.name,
            "url": reverse("courses:certificates_file", args=[token, one.number]),
            "in_english": f"{reverse('courses:certificates_file', args=[token, one.number])}?valoda=en",
        }
        for one in _papers(party)
    ]
    context = {"page_title": _("Certificates"), "activity": party.activity, "rows": rows}
    return private(render(request, "courses/certificates/received.html", context))


@login_not_required
@require_safe
def file(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """One of the holder's papers as PDF, with ``?valoda=en`` in English."""
    try:
        party = links.read_certificates_token(token, now=timezone.now())
    except (links.LinkBroken, links.LinkExpired) as error:
        return _broken(request, error)
    one = next((one for one in _papers(party) if one.number == number), None)
    if one is None:
        raise Http404(_("There is no such certificate: it may have been replaced by a new one."))
    if not limits.spend("papers", limits.client_address(request), limit=settings.LIMIT_PAPERS, now=timezone.now()):
        return wait(request, status=429)
    try:
        made = print_certificates([one], language=edition(request.GET.get("valoda", "")))
    except Busy:
        return wait(request, status=503)
    return private(pdf(made, one.number))


def _papers(party: Party) -> list[Certificate]:
    valid = Certificate.objects.valid().filter(registration__party=party, sent_at__isnull=False)
    return list(valid.exclude(name="").order_by("kind", "number"))


def _answer(found: Certificate, typed: str, now: datetime) -> tuple[str, int]:
    """What is said about a name: right, not right, nothing typed, too many tried."""
    if not typed.strip():
        return "empty", 422
    if not limits.spend("certificate-name", found.number, limit=NAMES_BY_NUMBER, now=now):
        return "limited", 429
    return ("right", 200) if certificate_book.is_holder(found, typed=typed) else ("wrong", 200)


def _facts(found: Certificate) -> list[tuple[str, str]]:
    """What the paper says, to be compared with it; of one taken back no more than that it was."""
    rows = [(_("Number"), found.number), (_("Paper"), str(found.get_kind_display()))]
    if found.is_valid:
        # Either edition may be at hand.
        names = found.named((get_language() or "")[:2])
        titles = dict.fromkeys((names["title"], found.title))
        rows += [
            (_("Activity"), " · ".join(titles)),
            (_("When"), period_words(found)),
            (_("Where"), names["place"]),
            (_("How much"), f"{lesson_words(found.minutes)}, {session_words(found)}"),
            (_("Issued by"), f"{names['department']}, {settings.MUNICIPALITY_NAME}"),
            (_("Issued on"), dates.on_date(timezone.localdate(found.issued_at))),
            (_("Holder"), found.initials or _("the name is no longer kept")),
        ]
    if found.revoked_at:
        rows.append((_("Taken back on"), dates.on_date(timezone.localdate(found.revoked_at))))
    return rows


def _form(
    request: HttpRequest, typed: str, *, error: str = "", unknown: bool = False, status: int = 200
) -> HttpResponse:
    title = _("Is a certificate genuine?")
    context: dict[str, Any] = {
        "page_title": _("Error: %(title)s") % {"title": title} if error else title,
        "typed": typed,
        "error": error,
        "pairs": [("numurs", error)],
        "unknown": unknown,
        "years": settings.CERTIFICATE_YEARS,
    }
    return private(render(request, "courses/certificates/form.html", context, status=status))


def _broken(request: HttpRequest, error: links.LinkBroken | links.LinkExpired) -> HttpResponse:
    expired = isinstance(error, links.LinkExpired)
    context = {
        "page_title": _("The link does not work"),
        "heading": _("This link has expired") if expired else _("This link does not work"),
        "sentence": _("Ring us, and we will send it again.") if expired else str(error.message),
    }
    return private(render(request, "courses/certificates/broken.html", context, status=410 if expired else 404))
