"""A registration by its signed link: to see it, cancel it, answer an offer; and the way back to a lost link.

Whoever holds the link may act; a GET never changes anything. The cookies of the reader count for nothing here, so no
cross-site token is asked for: a mail program's browser without cookies must not stand between people and their place.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain import confirmations, links, queue, registrations
from courses.domain.refusals import Refusal, Refusals
from courses.enums import LIVE_STATES, RegistrationState
from courses.exports import activity_calendar
from courses.forms import FindForm
from courses.models import Party, Registration
from courses.views.registering import alternatives, private, summary
from ecosystem import dates, limits

FINDS_BY_CONTACT = 5


@dataclass(frozen=True)
class Line:
    """One person of a party and where they stand, in words."""

    pk: int
    name: str
    words: str
    tone: str
    live: bool
    note: str = ""
    offer_url: str = ""


def words(registration: Registration) -> tuple[str, str]:
    """A state as the resident reads it, and its tone."""
    if registration.folded_into_id is not None:
        return _("Joined with another registration of the same person"), "plain"
    return {
        RegistrationState.CONFIRMED: (_("You have a place"), "leaf"),
        RegistrationState.AWAITING_APPROVAL: (_("Awaiting approval"), "gold"),
        RegistrationState.QUEUED: (_("In the queue"), "gold"),
        RegistrationState.OFFERED: (_("A place is offered"), "gold"),
        RegistrationState.DECLINED: (_("You declined the place"), "plain"),
        RegistrationState.EXPIRED: (_("The offer has lapsed"), "plain"),
        RegistrationState.CANCELLED: (_("Registration cancelled"), "plain"),
    }[RegistrationState(registration.state)]


def deadline_words(moment: datetime) -> str:
    """ "piektdienai, 15. janvārim, plkst. 18:00"."""
    return _("%(day)s, at %(time)s") % {
        "day": dates.until_day(dates.local_day(moment)),
        "time": dates.clock(moment),
    }


def positions(rows: Iterable[Registration]) -> dict[int, int]:
    """The number in the queue of each of these that waits, by one query."""
    waiting = {row.activity_id for row in rows if row.state == RegistrationState.QUEUED}
    if not waiting:
        return {}
    found: dict[int, int] = {}
    counted: Counter[int] = Counter()
    queue_ = Registration.objects.queue().filter(activity__in=waiting)
    for pk, activity in queue_.values_list("pk", "activity_id"):
        counted[activity] += 1
        found[pk] = counted[activity]
    return found


def lines(rows: Iterable[Registration], *, now: datetime, numbers: dict[int, int]) -> list[Line]:
    """The people of a party as lines of the page."""
    made = []
    for one in rows:
        text, tone = words(one)
        note, offer_url = "", ""
        if one.pk in numbers:
            note = _("You are number %(place)s in the queue.") % {"place": numbers[one.pk]}
        if one.state == RegistrationState.OFFERED and one.offered_until and one.offered_until > now:
            note = _("Answer until %(deadline)s.") % {"deadline": deadline_words(one.offered_until)}
            offer_url = reverse("courses:offer", args=[links.offer_token(one)])
        if one.state == RegistrationState.CONFIRMED and one.attendance_confirmed_at:
            note = _("You have said that you will come.")
        made.append(
            Line(
                pk=one.pk,
                name=str(one.resident) if one.resident else _("Unnamed place"),
                words=text,
                tone=tone,
                live=one.state in LIVE_STATES,
                note=note,
                offer_url=offer_url,
            )
        )
    return made


def _broken(request: HttpRequest, error: links.LinkBroken | links.LinkExpired) -> HttpResponse:
    """A link that is altered or too old: why, and how to have a new one."""
    expired = isinstance(error, links.LinkExpired)
    context = {
        "heading": _("This link has expired") if expired else _("This link does not work"),
        "sentence": str(error.message),
        "page_title": _("The link does not work"),
        "form": FindForm(),
    }
    return private(render(request, "courses/party/broken.html", context, status=410 if expired else 404))


def _party_context(request: HttpRequest, found: Party, token: str, now: datetime) -> dict[str, Any]:
    """What the page of a party shows."""
    rows = list(found.registrations.select_related("resident").order_by("registered_at", "id"))
    shown = lines(rows, now=now, numbers=positions(rows))
    over = bool(found.activity.ends_at and found.activity.ends_at <= now)
    return {
        **summary(found.activity, now),
        "party": found,
        "answer_url": reverse("courses:attend", args=[token]) if _silent(found, rows, now) else "",
        "said_now": "naksu" in request.GET,
        "lines": shown,
        "live": [line for line in shown if line.live] if not over and not found.activity.is_cancelled else [],
        "over": over,
        "calendar": reverse("courses:party_calendar", args=[token]),
        "address": reverse("courses:party", args=[token]),
        "cancelled_now": "atcelts" in request.GET and any(not line.live for line in shown),
        "accepted_now": "apstiprinats" in request.GET,
        "changed_now": "mainits" in request.GET,
        "page_title": _("Registration %(number)s") % {"number": found.number},
    }


def _party(pk: Any) -> Party | None:
    """The party with what its pages show."""
    return (
        Party.objects.select_related(
            "activity__topic",
            "activity__centre",
            "activity__parish",
            "activity__lead",
            "activity__contact__holder",
            "activity__contact__stands_in",
        )
        .filter(pk=pk)
        .first()
    )


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def party(request: HttpRequest, token: str) -> HttpResponse:
    """See a registration; ``?atteikties=`` asks once more, and only the POST after it cancels."""
    try:
        found = links.read_party_token(token)
    except (links.LinkExpired, links.LinkBroken) as error:
        return _broken(request, error)
    found = _party(found.pk) or found
    now = timezone.now()
    context = _party_context(request, found, token, now)
    if "kontakts" in request.GET:
        return _contact_page(request, found, context, now)
    if request.method == "POST":
        chosen = _chosen(request.POST.getlist("registration"), context["live"])
        if chosen:
            rows = list(found.registrations.filter(pk__in=[line.pk for line in chosen]))
            try:
                registrations.cancel(party=found, registrations=rows, now=now)
            except (Refusal, Refusals) as refusal:
                return _party_page(request, context, refusal=str(refusal), status=409)
        return _on_to(f"{context['address']}?atcelts=1")
    wanted = request.GET.getlist("atteikties")
    if wanted:
        chosen = context["live"] if "visi" in wanted else _chosen(wanted, context["live"])
        if chosen:
            context |= {"chosen": chosen, "page_title": _("Give up the place?")}
            return private(render(request, "courses/party/cancel.html", context))
    return _party_page(request, context)


def _silent(found: Party, rows: Iterable[Registration], now: datetime) -> list[Registration]:
    """Those who were asked whether they will come and may still say."""
    if found.activity.is_cancelled or not found.activity.starts_at or found.activity.starts_at <= now:
        return []
    return [row for row in rows if row.is_unanswered]


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: HttpRequest, token: str) -> HttpResponse:
    """ "Will you come?": yes by POST alone, for each of the party; "I cannot come" is asked about once more."""
    try:
        found = links.read_party_token(token)
    except (links.LinkExpired, links.LinkBroken) as error:
        return _broken(request, error)
    found = _party(found.pk) or found
    now = timezone.now()
    context = _party_context(request, found, token, now)
    rows = list(found.registrations.select_related("resident").order_by("registered_at", "id"))
    silent = _silent(found, rows, now)
    named = [(str(row.pk), str(row.resident)) for row in silent if row.resident is not None]
    unnamed = [row for row in silent if row.resident is None]
    context |= {
        "people": named,
        "unnamed": len(unnamed),
        "asked": confirmations.mark(found.activity),
        "refusal": "",
        "problems": [],
        "page_title": _("Will you come?"),
    }
    if request.method == "POST":
        sent = request.POST.getlist("registration")
        places = [row.pk for row in rows if str(row.pk) in sent or (row.resident is None and "unnamed" in sent)]
        if not places:
            title, refusal = _("Error: %(title)s") % {"title": context["page_title"]}, _("Tick who will come.")
            context |= {"page_title": title, "refusal": refusal, "problems": [("who", refusal)]}
            return private(render(request, "courses/party/attend.html", context, status=422))
        try:
            confirmations.confirm(party=found, registrations=places, now=now, asked=request.POST.get("asked") or None)
        except Refusal as refused:
            return _party_page(request, context, refusal=str(refused), status=409)
        return _on_to(f"{context['address']}?naksu=1")
    if not silent:
        return private(redirect(context["address"]))
    return private(render(request, "courses/party/attend.html", context))


def _contact_page(request: HttpRequest, found: Party, context: dict[str, Any], now: datetime) -> HttpResponse:
    """``?kontakts``: another contact for this registration; the domain tells the new one."""
    if not context["live"]:
        return private(redirect(context["address"]))
    known = {"contact_email": found.email, "contact_phone": str(found.phone or "")}
    form = FindForm(request.POST if request.method == "POST" else None, initial=known)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                registrations.change_contact(party=found, contact=form.contact(), now=now)
            except Refusals as refusals:
                for refusal in refusals.refusals:
                    form.add_error("contact_email", str(refusal.message))
            else:
                return _on_to(f"{context['address']}?mainits=1")
    title = _("Change the contact")
    context |= {"form": form, "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title}
    return private(render(request, "courses/party/contact.html", context, status=status))


def _on_to(address: str) -> HttpResponse:
    """On by GET, so that reloading the page sends nothing twice."""
    response = redirect(address)
    response.status_code = 303
    return private(response)


def _party_page(request: HttpRequest, context: dict[str, Any], *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page of a party."""
    return private(render(request, "courses/party/party.html", {**context, "refusal": refusal}, status=status))


def _chosen(sent: list[str], live: list[Line]) -> list[Line]:
    """The lines that were named and may still be cancelled."""
    return [line for line in live if str(line.pk) in sent]


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The sessions of the activity, for one's own calendar."""
    try:
        found = links.read_party_token(token)
    except (links.LinkExpired, links.LinkBroken) as error:
        return _broken(request, error)
    whole = type(found.activity).objects.select_related("centre", "parish").prefetch_related("sessions")
    activity = whole.get(pk=found.activity_id)
    content = activity_calendar([activity], name=activity.title, now=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{activity.slug}.ics"'
    return private(response)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """ "A place is yours until …": yes or no, by POST alone."""
    try:
        registration = links.read_offer_token(token)
    except (links.LinkExpired, links.LinkBroken) as error:
        return _broken(request, error)
    now = timezone.now()
    found = _party(registration.party_id) or registration.party
    address = reverse("courses:party", args=[links.party_token(found)])
    context = {
        **summary(found.activity, now),
        "party": found,
        "name": str(registration.resident) if registration.resident else "",
        "address": address,
        "deadline": deadline_words(registration.offered_until) if registration.offered_until else "",
        "refusal": "",
        "page_title": _("A place is offered"),
        "register_url": reverse("courses:register", args=[found.activity_id, found.activity.slug]),
        "alternatives": [],
    }
    if request.method == "POST" and request.POST.get("answer") in ("accept", "decline"):
        accepts = request.POST["answer"] == "accept"
        try:
            (queue.accept if accepts else queue.decline)(registration=registration, now=now)
        except Refusal as refusal:
            return _lapsed(request, context, registration, str(refusal.message), now)
        return _on_to(f"{address}?{'apstiprinats' if accepts else 'atcelts'}=1")
    offered = registration.state == RegistrationState.OFFERED
    if not offered or not registration.offered_until or registration.offered_until <= now:
        return _lapsed(request, context, registration, "", now)
    return private(render(request, "courses/party/offer.html", context))


def _lapsed(
    request: HttpRequest, context: dict[str, Any], registration: Registration, refusal: str, now: datetime
) -> HttpResponse:
    """An offer that can no longer be answered: what became of it, and that one may queue again."""
    registration.refresh_from_db(fields=["state"])
    if registration.state == RegistrationState.CONFIRMED:
        heading, refusal = _("You have a place"), _("The place is already confirmed.")
    elif registration.state in (RegistrationState.DECLINED, RegistrationState.CANCELLED):
        heading, refusal = _("You gave up this place"), _("You can join the queue again.")
    else:
        heading = _("This offer is over")
        refusal = _("The time has run out, and the place was offered to the next person. You can join the queue again.")
    lapsed = registration.state != RegistrationState.CONFIRMED
    context |= {
        "heading": heading,
        "refusal": refusal,
        "lapsed": lapsed,
        "page_title": heading,
        "alternatives": alternatives(request, registration.party.activity, now) if lapsed else [],
    }
    return private(render(request, "courses/party/lapsed.html", context, status=410 if lapsed else 200))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The link sent again to a contact. The answer is the same whether or not anybody is known there."""
    form = FindForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "form": form,
        "sent": request.method != "POST" and "nosutits" in request.GET,
        "limited": False,
        "page_title": _("Find my registration"),
    }
    if request.method != "POST":
        return private(render(request, "courses/party/find.html", context))
    if not form.is_valid():
        context["page_title"] = _("Error: %(title)s") % {"title": context["page_title"]}
        return private(render(request, "courses/party/find.html", context, status=422))
    now = timezone.now()
    contact = form.contact()
    counted = [
        ("find-contact", contact.email or contact.phone, FINDS_BY_CONTACT),
        ("find-address", limits.client_address(request), settings.LIMIT_BY_ADDRESS),
    ]
    if not all(limits.spend(what, who, limit=limit, now=now) for what, who, limit in counted):
        context["limited"] = True
        return private(render(request, "courses/party/find.html", context, status=429))
    registrations.resend_links(contact=contact, now=now)
    return _on_to(f"{reverse('courses:find_registration')}?nosutits=1")
