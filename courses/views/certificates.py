"""Certificates at the desk: who has earned which, issuing, putting right, taking back, sending, printing."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.documents.certificates import edition, lesson_words, print_certificates
from courses.documents.press import Busy
from courses.domain import certificates
from courses.domain.certificates import Standing
from courses.domain.refusals import Refusal
from courses.enums import ActivityKind, CertificateKind
from courses.models import Activity, Certificate, Registration
from courses.views import filling
from courses.views.papers import pdf, wait
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem import dates
from ecosystem.models import Look, User

C = CertificateKind


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(shows=Look.Kind.CERTIFICATES)
def activity(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The people of an activity with their papers; a POST does one thing, or says why not."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    if request.method == "POST" and reach.user:
        try:
            said = _act(found, request, by=reach.user, now=now)
        except Refusal as refusal:
            return _page(request, found, now=now, refusal=refusal)
        messages.success(request, said)
        return redirect("courses:desk_certificates", pk=pk)
    return _page(request, found, now=now)


@staff_page(shows=Look.Kind.CERTIFICATES)
@require_safe
def file(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """All valid papers of an activity as one PDF, or the one whose number is asked for (``?numurs=``, ``&valoda=en``)."""
    found = managed_activity(reach, pk)
    rows = Certificate.objects.valid().filter(activity=found).exclude(name="").order_by("kind", "number")
    if number := request.GET.get("numurs", ""):
        rows = rows.filter(number=number[:24])
    papers = list(rows)
    if not papers:
        raise Http404(_("There is nothing to print: no such paper is valid."))
    shown(request, found, count=len(papers), detail="pdf")
    language = edition(request.GET.get("valoda", ""))
    try:
        made = print_certificates(papers, language=language)
    except Busy:
        return wait(request, status=503)
    return pdf(made, papers[0].number if number else f"apliecibas-{found.slug}")


def _act(found: Activity, request: HttpRequest, *, by: User, now: datetime) -> str:
    """Do it, and say what has happened; raises ``Refusal``."""
    do, kind = request.POST.get("do", ""), request.POST.get("kind", "")
    if do == "issue":
        registration = _registration(found, request.POST.get("registration", ""))
        issued = certificates.issue(activity=found, kind=kind, by=by, now=now, registration=registration)
        return _issued(len(issued), kind)
    if do == "send":
        told, by_hand = certificates.send(activity=found, now=now)
        words = ngettext("%(n)s link was sent.", "%(n)s links were sent.", told) % {"n": told}
        if by_hand:
            words += " " + _("No contact, hand the paper over: %(names)s.") % {"names": ", ".join(by_hand)}
        return words
    if do not in ("reissue", "revoke"):
        raise Refusal("do", _("Choose what to do."))
    certificate = _certificate(found, request.POST.get("certificate", ""))
    if do == "reissue":
        fresh = certificates.reissue(certificate=certificate, by=by, now=now)
        return _("A new paper was issued: %(number)s. The old one was taken back.") % {"number": fresh.number}
    certificates.revoke(certificate=certificate, reason=request.POST.get("reason", ""), by=by, now=now)
    return _("%(number)s was taken back.") % {"number": certificate.number}


def _issued(number: int, kind: str) -> str:
    if not number:
        return _("Nothing has changed: everybody who has earned it has it.")
    if kind == C.CERTIFICATE:
        return ngettext("%(n)s certificate was issued.", "%(n)s certificates were issued.", number) % {"n": number}
    return ngettext("%(n)s confirmation was issued.", "%(n)s confirmations were issued.", number) % {"n": number}


def _registration(found: Activity, text: str) -> Registration | None:
    """The person named by the form; none named is everybody."""
    if not text:
        return None
    registration = Registration.objects.filter(activity=found, pk=_whole(text)).first()
    if registration is None:
        raise Http404(_("There is no such registration in this list."))
    return registration


def _certificate(found: Activity, text: str) -> Certificate:
    certificate = Certificate.objects.filter(activity=found, pk=_whole(text)).first()
    if certificate is None:
        raise Http404(_("There is no such paper of this activity."))
    return certificate


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _page(request: HttpRequest, found: Activity, *, now: datetime, refusal: Refusal | None = None) -> HttpResponse:
    people = certificates.standings(activity=found, now=now)
    shown(request, found, count=len(people))
    unmarked = certificates.unmarked_sessions(activity=found, now=now)
    valid = [one for person in people for one in person.certificates if one.is_valid]
    title = _("Certificates: %(title)s") % {"title": found.title}
    context = {
        **filling.head(found, now),
        "heading": _("Certificates"),
        "page_title": _("Error: %(title)s") % {"title": title} if refusal else title,
        "refusal": refusal,
        "refused": {
            name: request.POST.get(name, "") if refusal else "" for name in ("registration", "certificate", "reason")
        },
        "people": [_line(found, person) for person in people],
        "rule": _rule(found, people),
        "unmarked": ngettext(
            "%(n)s session is over and nobody wrote down who came. It counts for nobody until you do.",
            "%(n)s sessions are over and nobody wrote down who came. They count for nobody until you do.",
            unmarked,
        )
        % {"n": unmarked}
        if unmarked
        else "",
        "buttons": _buttons(found, people),
        "unsent": sum(1 for one in valid if one.sent_at is None),
        "printed": reverse("courses:desk_certificates_file", args=[found.pk]) if valid else "",
    }
    return render(request, "courses/certificates/desk.html", context, status=422 if refusal else 200)


def _rule(found: Activity, people: list[Standing]) -> str:
    """How many sessions a certificate takes here; nothing where there are none."""
    held = people[0].held if people else 0
    if found.kind != ActivityKind.EDUCATIONAL:
        return _("This is not a learning activity, so there are confirmations of taking part and no certificates.")
    if not held:
        return ""
    words = ngettext(
        "%(held)s session was held. A certificate takes %(needed)s of them, a confirmation one.",
        "%(held)s sessions were held. A certificate takes %(needed)s of them, a confirmation one.",
        held,
    )
    return words % {"held": held, "needed": people[0].needed}


def _buttons(found: Activity, people: list[Standing]) -> list[dict[str, Any]]:
    """Issuing to everybody, the likelier kind first; a kind that nobody lacks has no button."""
    kinds = [
        (C.CERTIFICATE, lambda n: ngettext("Issue %(n)s certificate", "Issue %(n)s certificates", n)),
        (C.CONFIRMATION, lambda n: ngettext("Issue %(n)s confirmation", "Issue %(n)s confirmations", n)),
    ]
    made = []
    for kind, words in kinds:
        count = sum(1 for person in people if person.is_due(kind))
        if count:
            made.append({"kind": kind.value, "words": words(count) % {"n": count}})
    return made


def _line(found: Activity, person: Standing) -> dict[str, Any]:
    attended, held = len(person.attended), person.held
    said = ngettext("%(attended)s session of %(held)s", "%(attended)s sessions of %(held)s", attended)
    return {
        "pk": person.registration.pk,
        "name": person.name,
        "attended": said % {"attended": attended, "held": held} if held else "",
        "lessons": lesson_words(person.minutes) if person.minutes else "",
        "papers": [_paper(found, one) for one in person.certificates if one.is_valid],
        "past": [_paper(found, one) for one in person.certificates if not one.is_valid],
        "lacks": [
            {"kind": kind.value, "words": words}
            for kind, words in ((C.CERTIFICATE, _("Issue a certificate")), (C.CONFIRMATION, _("Issue a confirmation")))
            if person.lacks(kind)
        ],
        "why_not": list(dict.fromkeys(str(refusal) for refusal in person.refusals.values())),
    }


def _paper(found: Activity, one: Certificate) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "number": one.number,
        "kind": one.get_kind_display(),
        "url": f"{reverse('courses:desk_certificates_file', args=[found.pk])}?numurs={one.number}",
        "in_english": f"{reverse('courses:desk_certificates_file', args=[found.pk])}?numurs={one.number}&valoda=en",
        "issued": dates.on_date(timezone.localdate(one.issued_at)),
        "sent": dates.on_date(timezone.localdate(one.sent_at)) if one.sent_at else "",
        "revoked": dates.on_date(timezone.localdate(one.revoked_at)) if one.revoked_at else "",
        "because": one.revoked_because,
    }
