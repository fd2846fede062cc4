"""Home, statements, health."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from courses.domain import catalogue as finding
from courses.domain.catalogue import Home, Query, Search, index
from courses.domain.catalogue.index import Snapshot
from courses.filters import this_week
from courses.views import cards, maps
from courses.views import home as village
from courses.views.places import coordinators
from ecosystem import dates, places
from ecosystem.context import working_days
from residents.domain.wording import often

NEAR_KM = 10
SHOWN = 12


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is on near your home? One question, then the week grouped by day."""
    now = timezone.now()
    snapshot = index.current(now=now)
    here = village.remembered(request, snapshot.vocabulary)
    first, last = this_week(dates.local_day(now))
    near = Query(
        home=here,
        km=NEAR_KM if here and not here.is_parish else None,
        in_parish_only=bool(here and here.is_parish),
        first_day=first,
        last_day=last,
    )
    search = Search(snapshot, near, today=first)
    if not search.found and here:
        near = Query(home=here, first_day=first, last_day=last)
        search = Search(snapshot, near, today=first)
    total = search.found.bit_count()
    everything = Search(snapshot, Query(), today=first)
    address = {"no": first.isoformat(), "lidz": last.isoformat()} | ({"vieta": here.slug} if here else {})
    heading = _("This week") if last.isocalendar().week == first.isocalendar().week else _("The coming days")
    context: dict[str, Any] = {
        "page_title": settings.PORTAL_NAME,
        # "visā Jelgavas novadā": the case is a setting, like the name.
        "everywhere": f"visā {settings.MUNICIPALITY_NAME_LOCATIVE}"
        if dates.is_latvian()
        else f"all over {settings.MUNICIPALITY_NAME}",
        "home": here,
        "villages": snapshot.vocabulary.villages,
        "parishes": snapshot.vocabulary.parishes,
        "quick_links": quick_links(here, first.isoformat(), last.isoformat(), snapshot),
        "week_heading": f"{heading} {places.around(here)}" if here and near.km else heading,
        "all_label": ngettext("See %(n)s activity", "See all %(n)s activities", total) % {"n": total},
        "all_url": f"{reverse('courses:catalogue')}?{urlencode(address)}",
        "days": week(search, snapshot, here, now),
        "total": total,
        "news_often": often(settings.DIGEST_DAYS),
        "phone": telephone(here, snapshot, now),
        "map": maps.parish_map(snapshot, counts=everything.by_parish(), home=here),
    }
    return render(request, "pages/home.html", context)


def quick_links(here: Home | None, first: str, last: str, snapshot: Snapshot) -> list[tuple[str, str]]:
    """Five questions that many ask, each an address of the catalogue."""
    base = {"vieta": here.slug} if here else {}
    catalogue = reverse("courses:catalogue")
    audiences = snapshot.vocabulary.audience
    wanted: list[tuple[str, dict[str, str]]] = [
        (_("This week"), {"no": first, "lidz": last}),
        (_("Free of charge"), {"bezmaksas": "1"}),
    ]
    for code in ("seniors", "youth", "families"):
        if code in audiences:
            label = dates.capital(str(audiences[code].dative)).split(" ar ")[0].split(" with ")[0]
            wanted.append((label, {"merkgrupa": code}))
    return [(label, f"{catalogue}?{urlencode(base | query)}") for label, query in wanted]


def week(search: Search, snapshot: Snapshot, here: Home | None, now: datetime) -> list[tuple[str, list[cards.Card]]]:
    """The week's meetings by day, each activity on the first day it meets; at most a dozen."""
    by_day = search.by_day(
        search.query.first_day or dates.local_day(now), search.query.last_day or dates.local_day(now)
    )
    chosen: dict[int, Any] = {}
    for day, ids in by_day.items():
        for pk in ids:
            if len(chosen) < SHOWN and pk not in chosen:
                chosen[pk] = day
    rows = finding.fetch(list(chosen))
    times = cards.times_to_come(list(chosen), now=now)
    by_id = {}
    for row in rows:
        day = chosen[row.pk]
        if any(dates.local_day(start) == day for start, _end in times[row.pk]):
            by_id[row.pk] = cards.card(row, times[row.pk], home=here, snapshot=snapshot, on=day)
    cards.add_alternatives(list(by_id.values()), rows, snapshot)
    days = []
    for day in by_day:
        of_day = [by_id[pk] for pk in chosen if chosen[pk] == day and pk in by_id]
        if of_day:
            of_day.sort(key=lambda one: one.tile_start.zfill(5))
            days.append((_day_words(day, now), of_day))
    return days


def _day_words(day: Any, now: datetime) -> str:
    """ "Rīt, otrdien, 12. janvārī"."""
    away = (day - dates.local_day(now)).days
    words = dates.on_day(day)
    if away == 0:
        return _("Today, %(day)s") % {"day": dates.uncapital(words)}
    if away == 1:
        return _("Tomorrow, %(day)s") % {"day": dates.uncapital(words)}
    return words


def telephone(here: Home | None, snapshot: Snapshot, now: datetime) -> dict[str, str]:
    """Whom to ring: the parish's coordinator, who stands in, or the portal's own number."""
    if here:
        parish = snapshot.vocabulary.parish[here.parish]
        people = coordinators(parish, now)
        if people:
            return {
                "words": _("The coordinator of %(parish)s will help you choose and will register you.")
                % {"parish": parish.genitive if dates.is_latvian() else parish.name},
                "phone": people[0]["phone"],
                "hours": working_days(),
            }
    return {
        "words": _("We will help you choose and will register you."),
        "phone": settings.CONTACT_PHONE,
        "hours": working_days(),
    }
