"""News near home: asking for it, saying yes by a press, changing it, stopping it by one link.

A GET never says yes and never stops anything. The cookies of the reader count for nothing on these pages, so no
cross-site token is asked for: a mail program's button posts without any (RFC 8058).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.domain import digests, links, news_letters, subscriptions
from courses.domain.refusals import Refusal
from courses.forms.news import AskForm, WantedForm
from courses.forms.person import Homes
from courses.views import cards, home
from courses.views.registering import private
from ecosystem import dates, limits
from ecosystem.models import Audience, Topic
from ecosystem.phones import spaced
from residents.domain import consents
from residents.models import Consent

ASKS_BY_CONTACT = 5
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for news. The answer is the same whether or not anything goes to that contact already."""
    homes = Homes.known()
    posted = request.POST if request.method == "POST" else None
    remembered = homes.remembered(request.COOKIES.get(home.COOKIE, ""))
    form = AskForm(posted, initial={"village": remembered}, homes=homes)
    sent = posted is None and "nosutits" in request.GET
    if posted is None:
        response = _ask_page(request, form, sent=sent)
        # A fresh form holds nothing of anybody's.
        response["Cache-Control"] = "private, no-cache"
        return response
    if not form.is_valid():
        return private(_ask_page(request, form, status=422))
    if not form.is_from_a_program:
        now = timezone.now()
        address = form.address()
        counted = [
            ("news-contact", address.contact, ASKS_BY_CONTACT),
            ("news-address", limits.client_address(request), settings.LIMIT_BY_ADDRESS),
        ]
        if not all(limits.spend(what, who, limit=limit, now=now) for what, who, limit in counted):
            return private(_ask_page(request, form, status=429))
        try:
            subscriptions.ask(
                address=address,
                language=form.chosen_language,
                wanted=form.wanted(),
                way=Consent.Way.PAGE,
                version=form.cleaned_data["news_wording"],
                now=now,
            )
        except Refusal as refusal:
            form.reword(str(refusal))
            return private(_ask_page(request, form, status=422))
    return _on_to(f"{reverse('courses:news')}?nosutits=1")


def _ask_page(request: HttpRequest, form: AskForm, *, sent: bool = False, status: int = 200) -> HttpResponse:
    title = _("Look at your mail or your telephone") if sent else _("News near home")
    context = {
        "form": form,
        "sent": sent,
        "limited": status == 429,
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
    }
    return render(request, "courses/news/ask.html", context, status=status)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """ "Was it you?": yes by a press alone."""
    now = timezone.now()
    try:
        found = links.read_confirm_token(token, now=now)
        if request.method == "POST":
            subscriptions.confirm(consent=found, now=now)
    except (links.LinkBroken, links.LinkExpired, consents.CannotConfirm) as error:
        return _broken(request, error)
    own = reverse("courses:news_own", args=[links.news_token(found)])
    if request.method == "POST":
        return _on_to(f"{own}?apstiprinats=1")
    if found.holds:
        return private(redirect(own))
    context = {
        "page_title": _("Confirm"),
        "consent": found,
        "answers": answers(found, words_of([found])),
        "address": request.path,
    }
    return private(render(request, "courses/news/confirm.html", context))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody is told of, and what they were told of last; changed by a press."""
    now = timezone.now()
    try:
        found = links.read_news_token(token)
    except (links.LinkBroken, links.LinkExpired) as error:
        return _broken(request, error)
    found = _standing(found)
    posted = request.POST if request.method == "POST" else None
    form = WantedForm(posted, initial=WantedForm.said(found), homes=Homes.known())
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                subscriptions.change(consent=found, wanted=form.wanted(), language=form.chosen_language)
            except Refusal:
                return _on_to(request.path)
            return _on_to(f"{request.path}?mainits=1")
    if not found.holds:
        return _stopped_page(request, found)
    title = _("Your news")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "heading": title,
        "consent": found,
        "contact": contact_words(found),
        "form": form,
        "confirmed_now": "apstiprinats" in request.GET,
        "changed_now": "mainits" in request.GET,
        "told": [
            {"url": one.get_absolute_url(), "title": one.title, "where": cards.place_words(one), "when": _starts(one)}
            for one in digests.latest(consent=found, now=now)
        ],
        "rest_url": news_letters.rest_address(found),
        "address": reverse("courses:news_own", args=[token]),
        "stop_url": reverse("courses:news_stop", args=[links.news_token(found)]),
    }
    return private(render(request, "courses/news/own.html", context, status=status))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the news: one button, or the mail program's own. Twice is once."""
    now = timezone.now()
    try:
        found = links.read_news_token(token)
    except (links.LinkBroken, links.LinkExpired) as error:
        return _broken(request, error)
    if request.method == "POST":
        by_program = request.POST.get(ONE_CLICK[0]) == ONE_CLICK[1]
        how = Consent.Ended.ONE_CLICK if by_program else Consent.Ended.LINK
        subscriptions.stop(contact=found.contact, how=how, now=now)
        if by_program:
            # No redirect: programs do not follow one.
            return private(HttpResponse(_("You will get no more news from us."), content_type="text/plain"))
        return _on_to(request.path)
    current = _standing(found)
    if not current.holds:
        return _stopped_page(request, current)
    context = {
        "page_title": _("Stop the news?"),
        "consent": current,
        "contact": contact_words(current),
        "address": request.path,
        "own_url": reverse("courses:news_own", args=[links.news_token(current)]),
    }
    return private(render(request, "courses/news/stop.html", context))


def _standing(found: Consent) -> Consent:
    """The consent that holds for the same contact now: an older message's link opens it too."""
    return consents.holding([found.contact]).get(found.contact, found)


def _stopped_page(request: HttpRequest, found: Consent) -> HttpResponse:
    context = {
        "page_title": _("You get no news from us"),
        "contact": contact_words(found),
        "since": dates.on_date(dates.local_day(found.withdrawn_at)) if found.withdrawn_at else "",
    }
    return private(render(request, "courses/news/stopped.html", context))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A link that is altered or too old: why, and what instead."""
    broken = isinstance(error, links.LinkBroken)
    context = {
        "page_title": _("This link does not work") if broken else _("This link has expired"),
        "sentence": _("This link is not whole. Copy all of it from the message.") if broken else str(error),
    }
    return private(render(request, "courses/news/broken.html", context, status=404 if broken else 410))


def _on_to(address: str) -> HttpResponse:
    """On by GET, so that reloading the page sends nothing twice."""
    response = redirect(address)
    response.status_code = 303
    return private(response)


def _starts(activity: Any) -> str:
    return dates.uncapital(dates.on_day(dates.local_day(activity.starts_at))) if activity.starts_at else ""


def contact_words(consent: Consent) -> str:
    """The address, or the number in groups."""
    return consent.contact if consent.channel == "email" else spaced(consent.contact)


def words_of(found: Iterable[Consent]) -> dict[str, str]:
    """The names of what these consents chose; two queries, none where nothing was chosen."""
    rows = list(found)
    names: dict[str, str] = {}
    chosen: tuple[tuple[type[Audience | Topic], set[str]], ...] = (
        (Audience, {code for one in rows for code in one.audiences}),
        (Topic, {code for one in rows for code in one.topics}),
    )
    for model, codes in chosen:
        if codes:
            terms = model._default_manager.filter(pk__in=codes).order_by("position", "pk")
            names |= {f"{model._meta.model_name}:{term.pk}": str(term.name) for term in terms}
    return names


def answers(consent: Consent, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What they are told of, a line each, in the reader's words; ``names`` as :func:`words_of` gives them."""
    village = consent.village
    where = _("anywhere in the municipality")
    if village is not None and consent.km:
        where = _("%(place)s, up to %(km)s km") % {"place": village.name, "km": consent.km}
    audiences = _named("audience", consent.audiences, names)
    topics = _named("topic", consent.topics, names)
    languages = dict(settings.LANGUAGES)
    return [
        (_("Where"), where),
        (_("For whom"), audiences or _("what fits your household, or everything")),
        (_("About what"), topics or _("everything")),
        (_("Language"), languages.get(consent.language, consent.language)),
        (_("Where to"), contact_words(consent)),
    ]


def _named(kind: str, codes: Iterable[str], names: Mapping[str, str]) -> str:
    """The names of these, in the vocabulary's order."""
    wanted = {f"{kind}:{code}" for code in codes}
    return ", ".join(name for key, name in names.items() if key in wanted)
