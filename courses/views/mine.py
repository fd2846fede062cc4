"""My registrations: for whoever signed in, all in one place; for everybody else, the two ways to them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coordinators.models import Post
from courses.domain import links, subscriptions
from courses.enums import PLACE_STATES
from courses.exports import activity_calendar
from courses.forms import FindForm
from courses.models import Activity, Party
from courses.views import cards
from courses.views.news import answers, words_of
from courses.views.parties import lines, positions
from courses.views.registering import private, summary
from ecosystem import dates
from ecosystem.models import User
from residents.domain import accounts, consents
from residents.models import Consent

SALT = "courses.views.mine.calendar"
SHOWN_AFTER_END = timedelta(days=30)


@login_not_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own registrations; signed out, how to come to them."""
    if not request.user.is_authenticated:
        context = {"form": FindForm(), "page_title": _("My registrations")}
        response = render(request, "courses/mine/signed_out.html", context)
        response["Cache-Control"] = "private, no-cache"
        return response
    now = timezone.now()
    user = request.user
    emails = accounts.proved_emails(user=user)
    households = accounts.households(user=user, proved=emails)
    found = _parties(emails, now)
    context = {
        "user_email": user.email,
        "people": [person for household in households for person in household.residents.all()],
        "to_come": [one for one in found if not one["over"]],
        "over": [one for one in found if one["over"]],
        "news": _news(emails),
        "feed": request.build_absolute_uri(reverse("courses:mine_calendar", args=[feed_token(user)])),
        "is_staff_member": Post.objects.in_force(on=dates.local_day(now)).filter(holder_id=user.pk).exists(),
        "has_identity_providers": bool(settings.OIDC_PROVIDERS),
        "page_title": _("My registrations"),
    }
    return private(render(request, "courses/mine/mine.html", context))


def _parties(emails: list[str], now: datetime) -> list[dict[str, Any]]:
    """The registrations made with the proved contact, soonest first, and those over within the last month."""
    found = (
        Party.objects.filter(email__in=emails, activity__ends_at__gt=now - SHOWN_AFTER_END)
        .select_related(
            *("activity__topic", "activity__centre", "activity__parish", "activity__lead"),
            *("activity__contact__holder", "activity__contact__stands_in"),
        )
        .prefetch_related("registrations__resident")
    )
    parties = list(found.order_by("activity__starts_at", "created_at", "pk"))
    times = cards.times_to_come([party.activity_id for party in parties], now=now)
    numbers = positions([row for party in parties for row in party.registrations.all()])
    return [
        {
            **summary(party.activity, now, times=times.get(party.activity_id, [])),
            "party": party,
            "over": bool(party.activity.ends_at and party.activity.ends_at <= now),
            "address": reverse("courses:party", args=[links.party_token(party)]),
            "lines": lines(party.registrations.all(), now=now, numbers=numbers),
        }
        for party in parties
        # Whoever was already in and sent the form again has a party with nobody in it.
        if party.registrations.all()
    ]


def _news(emails: list[str]) -> list[dict[str, Any]]:
    """The news that goes to the proved contacts."""
    holding = consents.holding(emails)
    names = words_of(holding.values())
    return [
        {
            "contact": contact,
            "answers": answers(consent, names)[:-1],
            "change_url": reverse("courses:news_own", args=[links.news_token(consent)]),
        }
        for contact, consent in holding.items()
    ]


@require_POST
def stop_news(request: HttpRequest) -> HttpResponse:
    """Stop the news to a contact that this account has proved to be its own."""
    contact = request.POST.get("contact", "")
    user = request.user
    theirs = isinstance(user, User) and contact in accounts.proved_emails(user=user)
    if theirs and subscriptions.stop(contact=contact, how=Consent.Ended.ACCOUNT, now=timezone.now()):
        messages.success(request, _("You will get no more news from us."))
    return private(redirect("courses:mine"))


def feed_token(user: User) -> str:
    """The calendar's address: it stops working when the account is closed or its e-mail changes."""
    return signing.dumps([user.pk, _mark(user)], salt=SALT)


def _mark(user: User) -> str:
    """What ties the address to the account as it is."""
    return salted_hmac(SALT, f"{user.pk}:{user.email}:{user.is_active}", algorithm="sha256").hexdigest()[:16]


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The sessions one has a place in, as a calendar to subscribe to; nobody's name is in it."""
    try:
        pk, mark = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or _mark(user) != mark:
        raise Http404
    activities = (
        Activity.objects.filter(
            registrations__state__in=PLACE_STATES, registrations__party__email__in=accounts.proved_emails(user=user)
        )
        .select_related("centre", "parish")
        .prefetch_related("sessions")
        .order_by("starts_at", "pk")
        .distinct()
    )
    content = activity_calendar(activities, name=_("My activities"), now=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mani.ics"'
    return private(response)
