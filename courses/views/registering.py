"""Registering: the form, the check page, the outcome. Rules are the domain's; here they are asked and shown.

Nothing typed is kept in a session or an address: the check page carries the answers in hidden fields. Nothing here
acts by the reader's cookies, so no cross-site token is asked for: a form left open for a day, a browser without
cookies or a sign-in meanwhile never costs anybody what they typed.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.domain import admission, catalogue, links, recent, registrations
from courses.domain.catalogue import index
from courses.domain.refusals import Refusal, Refusals
from courses.enums import Channel
from courses.forms import RegistrationForm, Stamp
from courses.models import Activity
from courses.views import activities, cards, home
from ecosystem import dates, limits
from ecosystem.phones import spaced

GROUPS = ("people", "contact", "extra", "news")
ALTERNATIVES = 3


def _activity(pk: int) -> Activity:
    """The activity of the address, with what the page says about it."""
    found = get_object_or_404(Activity.objects.public().select_related("contact__stands_in"), pk=pk)
    index.current(now=timezone.now()).complete([found])
    return found


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The form; sent, it comes back with errors or as the check page."""
    found = _activity(pk)
    now = timezone.now()
    if found.goes_on_in:
        return _led_on(request, found, now)
    if request.method != "POST":
        if slug != found.slug:
            return redirect("courses:register", pk=pk, slug=found.slug, permanent=True)
        if shut := admission.shut(found, now=now):
            return _shut_page(request, found, shut, now)
        form = RegistrationForm(activity=found, now=now, home=request.COOKIES.get(home.COOKIE, ""))
        if joined := activities.joined_words(request, found):
            form.notices.append(joined)
        return _form_page(request, form)
    if changed := _changed(request, found, now):
        return changed
    form, refused = _checked(request, found, now)
    if refused:
        return refused
    if form.is_from_a_program:
        return _check_page(request, form, notes=[])
    try:
        seen = registrations.preview(
            activity=found, people=form.persons(), contact=form.contact.contact(), all_or_none=form.all_or_none, now=now
        )
    except Refusals as refusals:
        form.refuse(refusals.refusals)
        return _form_page(request, form, status=422)
    return _check_page(request, form, notes=seen.notes)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """What the check page sends: the registration itself."""
    if request.method != "POST":
        return redirect("courses:register", pk=pk, slug=slug)
    now = timezone.now()
    facts = recent.facts(pk, now=now)
    if facts is None:
        raise Http404
    found = facts.activity
    if found.goes_on_in:
        return _led_on(request, found, now)
    form, refused = _checked(request, found, now)
    if refused:
        return refused
    if form.is_from_a_program:
        return _see_other("courses:received", token=signing.dumps("", salt=NOTHING))
    if not _spend(request, form, now):
        return _limit_page(request, form)
    try:
        party = registrations.register(
            activity=found,
            people=form.persons(),
            contact=form.contact.contact(),
            all_or_none=form.all_or_none,
            channel=Channel.WEB,
            now=now,
            form_key=form.form_key,
            facts=facts,
            news=form.news_version,
        )
    except Refusals as refusals:
        # What was read a moment ago may have been joined into another since.
        if refusals.refusals[0].code == "cancelled" and (now_there := _activity(pk)).goes_on_in:
            return _led_on(request, now_there, now)
        form.refuse(refusals.refusals)
        return _form_page(request, form, status=422)
    return _see_other("courses:received", token=links.received_token(party))


def _led_on(request: HttpRequest, gone: Activity, now: datetime) -> HttpResponse:
    """Joined into another: its form leads on to the other's, with all that was typed."""
    assert gone.joined_into_id is not None  # noqa: S101  (the caller has looked)
    other = _activity(gone.joined_into_id)
    if request.method != "POST":
        address = reverse("courses:register", args=[other.pk, other.slug])
        return redirect(f"{address}?{activities.JOINED}={gone.pk}", permanent=True)
    if shut := admission.shut(other, now=now):
        return _shut_page(request, other, shut, now)
    form = RegistrationForm(activity=other, now=now, data=request.POST, unchecked=True)
    form.stamp = Stamp.fresh(other)
    words = _(
        "«%(gone)s» is held together with «%(title)s» now. Look at the time and the place, check your answers and continue."
    )
    form.notices.append(words % {"gone": gone.title, "title": other.title})
    return _form_page(request, form, status=409)


# Between the form and the check page.


def _changed(request: HttpRequest, found: Activity, now: datetime) -> HttpResponse | None:
    """The form again, when a button asked for one more person, one less, or to change an answer; nothing is checked."""
    wishes = {"add", "remove", "change"} & request.POST.keys()
    if not wishes:
        return None
    form = RegistrationForm(activity=found, now=now, data=request.POST, unchecked=True)
    if "add" in wishes:
        form.add_person()
    elif "remove" in wishes and request.POST["remove"].isascii() and request.POST["remove"].isdigit():
        form.remove_person(int(request.POST["remove"][:3]))
    return _form_page(request, form)


def _checked(request: HttpRequest, found: Activity, now: datetime) -> tuple[RegistrationForm, HttpResponse | None]:
    """The form as sent, and the page to show instead when it cannot go on."""
    form = RegistrationForm(activity=found, now=now, data=request.POST)
    if not form.is_valid():
        return form, _form_page(request, form, status=422)
    if Stamp.is_altered(form.stamp, found):
        form.stamp = Stamp.fresh(found)
        form.notices.append(_("This page had grown old, so we renewed it. Check your answers and continue."))
        return form, _form_page(request, form, status=422)
    if Stamp.is_too_quick(form.stamp):
        form.notices.append(_("That was very quick. Check your answers and press «Continue» once more."))
        return form, _form_page(request, form, status=422)
    if any(limits.reached(what, who, limit=limit, now=now) for what, who, limit in _limits(request, form)):
        return form, _limit_page(request, form)
    return form, None


def _limits(request: HttpRequest, form: RegistrationForm) -> list[tuple[str, str, int]]:
    """What is counted: the contact first, the address last and generously."""
    contact = form.contact.cleaned_data
    return [
        ("register-contact", contact["contact_email"] or contact["contact_phone"], settings.LIMIT_BY_CONTACT),
        ("register-address", limits.client_address(request), settings.LIMIT_BY_ADDRESS),
    ]


def _spend(request: HttpRequest, form: RegistrationForm, now: datetime) -> bool:
    """Count this registration; False above a limit."""
    return all(limits.spend(what, who, limit=limit, now=now) for what, who, limit in _limits(request, form))


# Pages.


def summary(found: Activity, now: datetime, *, times: cards.Times | None = None) -> dict[str, Any]:
    """The activity in three lines, above the form and on every page that follows."""
    if times is None:
        times = cards.times_to_come([found.pk], now=now).get(found.pk, [])
    day = dates.local_day(times[0][0] if times else found.starts_at or now)
    return {
        "activity": found,
        "tile_day": f"{day.day}.",
        "tile_month": dates.word("short_month", day.month - 1),
        "family": found.topic.family,
        "when": cards.when_words(times),
        "place": cards.place_words(found),
        "price": cards.price_words(found.fee_eur),
        "fee": bool(found.fee_eur),
        "person": activities.contact(found),
    }


def alternatives(request: HttpRequest, found: Activity, now: datetime) -> list[cards.Card]:
    """What could stand in, as cards."""
    snapshot = index.current(now=now)
    return cards.cards(
        catalogue.similar(found, now=now, limit=ALTERNATIVES),
        snapshot=snapshot,
        home=home.remembered(request, snapshot.vocabulary),
        now=now,
        with_alternatives=False,
    )


def _form_page(request: HttpRequest, form: RegistrationForm, *, status: int = 200) -> HttpResponse:
    """The form, fresh or with what was typed and what is wrong with it."""
    found = form.activity
    full = found.places_left == 0
    title = _("Join the queue") if full else _("Register")
    if status == 422:
        title = _("Error: %(title)s") % {"title": title}
    asked = request.POST.get("change", "")
    context = {
        **summary(found, form.now),
        "form": form,
        "page_title": f"{title} – {found.title}",
        "heading": _("Join the queue") if full else _("Register"),
        "full": full,
        "queue_text": dates.capital(cards.queue_words(found.waiting)) if full and found.waiting else "",
        "action": reverse("courses:register", args=[found.pk, found.slug]),
        "alternatives": alternatives(request, found, form.now) if form.wants_instead else [],
        "problems": [(problem.field_id, problem.text) for problem in form.problems],
        "focus": asked if asked in GROUPS else "",
        "guardian_under": settings.GUARDIAN_UNDER,
        "limited": status == 429,
    }
    response = render(request, "courses/registering/form.html", context, status=status)
    if request.method == "POST":
        return private(response)
    # A fresh form holds nothing of anybody's; without "no-store", Back brings back what was typed.
    response["Cache-Control"] = "private, no-cache"
    return response


def _limit_page(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    """Too many in this hour: everything typed is kept, and there is a telephone."""
    return _form_page(request, form, status=429)


def _check_page(request: HttpRequest, form: RegistrationForm, *, notes: list[str]) -> HttpResponse:
    """What was typed, to be read once more; one form sends it."""
    found = form.activity
    full = found.places_left == 0
    context = {
        **summary(found, form.now),
        "form": form,
        "contact_form": form.contact,
        "notes": notes,
        "page_title": _("Check your answers – %(title)s") % {"title": found.title},
        "submit_label": _("Join the queue") if full else _("Register"),
        "change_url": reverse("courses:register", args=[found.pk, found.slug]),
        "action": reverse("courses:register_check", args=[found.pk, found.slug]),
    }
    return private(render(request, "courses/registering/check.html", context))


def _shut_page(request: HttpRequest, found: Activity, why: Refusal, now: datetime) -> HttpResponse:
    """Nobody can register here now: why, and what instead."""
    heading = {
        "drop_in": _("No need to register, just come"),
        "cancelled": _("This activity is cancelled"),
        "over": _("This activity is over"),
        "not_open": _("Registration has not opened yet"),
        "closed": _("Registration has closed"),
    }.get(why.code, _("You cannot register now"))
    context = {
        **summary(found, now),
        "heading": heading,
        "sentence": str(why.message),
        "page_title": f"{heading} – {found.title}",
        "alternatives": alternatives(request, found, now) if why.code != "drop_in" else [],
    }
    return render(request, "courses/registering/shut.html", context)


def private(response: HttpResponse) -> HttpResponse:
    """For pages about somebody: kept nowhere, found by no search engine, their address told to no other site."""
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _see_other(name: str, **arguments: Any) -> HttpResponse:
    """On to another page by GET, so that reloading it sends nothing twice."""
    response = HttpResponse(status=303)
    response["Location"] = reverse(name, kwargs=arguments)
    return private(response)


# The outcome.

# What a program that filled in the unseen field is sent on to: the page of a success, with nothing behind it.
NOTHING = "courses.views.registering.nothing"


@login_not_required
@require_http_methods(["GET", "HEAD"])
def received(request: HttpRequest, token: str) -> HttpResponse:
    """What happens next. The same for the known and the unknown; what may be changed opens by the contact's link."""
    now = timezone.now()
    party = None
    if not _is_nothing(token):
        try:
            party = links.read_received_token(token, now=now)
        except links.LinkExpired:
            return private(redirect("courses:find_registration"))
        except links.LinkBroken:
            raise Http404
    context: dict[str, Any] = {
        "party": party,
        "outcome": party.outcome if party else "received",
        "queue_place": party.outcome_place if party else None,
        # Some of a family have places, the rest wait.
        "confirmed_text": "",
        "page_title": _("Registration received"),
        "calendar": "",
        "activity": None,
        "alternatives": [],
    }
    if party:
        found = _activity(party.activity_id)
        context |= summary(found, now)
        context["phone_words"] = spaced(str(party.phone)) if party.phone else ""
        context["calendar"] = reverse("courses:activity_feed", args=[found.pk, found.slug])
        if party.outcome == "queued" and party.outcome_confirmed:
            context["confirmed_text"] = ngettext(
                "There is a place for %(count)s of you; the others are in the queue.",
                "There are places for %(count)s of you; the others are in the queue.",
                party.outcome_confirmed,
            ) % {"count": party.outcome_confirmed}
        if party.outcome == "queued":
            context["alternatives"] = alternatives(request, found, now)
    return private(render(request, "courses/registering/received.html", context))


def _is_nothing(token: str) -> bool:
    """Whether the address was given to a program."""
    try:
        signing.loads(token, salt=NOTHING)
    except signing.BadSignature:
        return False
    return True
