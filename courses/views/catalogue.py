"""The catalogue: everything published that is still to come, as a list, a month or a map."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain import catalogue as finding
from courses.domain.catalogue import Home, Search, index
from courses.domain.catalogue.index import Snapshot
from courses.filters import PAGE_SIZE, WHOLE, Reading, read
from courses.models import Activity
from courses.views import cards, home, maps, panel
from ecosystem import dates, places


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The list with its filters; a rendered page may be shown again for a few seconds."""
    village = request.COOKIES.get(home.COOKIE, "")
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    key = f"catalogue:{get_language()}:{village[:60]}:{request.META['QUERY_STRING']}"
    seconds = 0 if signed_in or len(key) > 230 else settings.PAGE_CACHE_SECONDS
    html = cache.get(key) if seconds else None
    if html is None:
        html = _render(request)
        if seconds:
            cache.set(key, html, seconds)
    response = HttpResponse(html)
    patch_vary_headers(response, ["Cookie"])
    response["Cache-Control"] = "private, no-cache"
    return response


@login_not_required
@require_safe
def remember_place(request: HttpRequest) -> HttpResponse:
    """Keep the chosen village on this device and go on to what is near it (the form on the home page)."""
    snapshot = index.current(now=timezone.now())
    chosen = snapshot.vocabulary.homes.get(request.GET.get("vieta", ""))
    asked = {name: request.GET[name] for name in ("vieta", "q", "km") if request.GET.get(name)}
    if chosen and "km" not in asked and not chosen.is_parish:
        asked["km"] = "10"
    query = f"?{urlencode(asked)}" if asked else ""
    response = redirect(reverse("courses:catalogue") + query)
    if chosen:
        home.remember(response, chosen)
    return response


def _render(request: HttpRequest) -> str:
    now = timezone.now()
    snapshot = index.current(now=now)
    today = dates.local_day(now)
    remembered = home.remembered(request, snapshot.vocabulary)
    reading = read(request.GET, snapshot.vocabulary, today=today, remembered=remembered)
    search = Search(snapshot, reading.query, today=today)
    answer = search.answer()
    context: dict[str, Any] = {
        "reading": reading,
        "total": answer.total,
        "heading": heading(answer.total, reading),
        "home": reading.query.home,
        "chips": panel.chips(reading, snapshot.vocabulary, today),
        "groups": panel.groups(reading, snapshot.vocabulary, answer.counts),
        "times": panel.times_of_day(reading, answer.counts),
        "dates_open": bool(reading.query.first_day or reading.query.last_day),
        "distances": panel.distances(reading),
        "periods": panel.periods(reading, today),
        "villages": snapshot.vocabulary.villages,
        "parishes": snapshot.vocabulary.parishes,
        "views": [
            (label, reading.address(skats="" if value == "saraksts" else value), reading.view == value)
            for value, label in (("saraksts", _("List")), ("kalendars", _("Calendar")), ("karte", _("Map")))
        ],
        "orders": orders(reading),
        "feed": reverse("courses:catalogue_feed") + reading.address(skats=""),
        "page_title": heading(answer.total, reading),
    }
    if reading.view == "kalendars":
        context["month"] = month(search, reading, today, snapshot, now)
    elif reading.view == "karte":
        context["map"] = maps.parish_map(snapshot, counts=search.by_parish(), home=reading.query.home, reading=reading)
    else:
        context["cards"] = cards.cards(finding.fetch(answer.ids), snapshot=snapshot, home=reading.query.home, now=now)
        context["pages"] = pages(reading, answer.total)
    if not answer.total:
        context["nothing"] = nothing(search, reading, answer.suggestions, snapshot, today, now)
    return render_to_string("courses/catalogue/catalogue.html", context, request)


def heading(total: int, reading: Reading) -> str:
    """ "23 aktivitātes ap Eleju"."""
    count = ngettext("%(n)s activity", "%(n)s activities", total).replace(" ", dates.NBSP) % {"n": total}
    query = reading.query
    if query.home and query.in_parish_only:
        return f"{count} {places.located(query.home)}"
    if query.home and query.km is not None:
        return f"{count} {places.around(query.home)}"
    return count


def orders(reading: Reading) -> list[tuple[str, str, bool]]:
    """Soonest or nearest first: label, address, whether chosen. Nearest needs a home."""
    made = [(_("Soonest first"), reading.address(seciba=""), not reading.query.nearest_first)]
    if reading.query.home:
        made.append((_("Nearest first"), reading.address(seciba="tuvak"), reading.query.nearest_first))
    return made


@dataclass
class Pages:
    """Where in the list one is, and the ways on."""

    number: int
    last: int
    previous: str
    next: str
    more_label: str


def pages(reading: Reading, total: int) -> Pages:
    """The pages of the list."""
    last = max(1, ceil(total / PAGE_SIZE))
    number = min(reading.page, last)
    left = max(0, total - reading.page * PAGE_SIZE)
    return Pages(
        number=number,
        last=last,
        previous=reading.address(lapa=str(number - 1)) if number > 1 else "",
        next=reading.address(lapa=str(reading.page + 1)) if left else "",
        more_label=ngettext("Show %(n)s more", "Show %(n)s more", min(left, PAGE_SIZE)) % {"n": min(left, PAGE_SIZE)},
    )


@dataclass
class Month:
    """A month as weeks of days."""

    title: str
    weekdays: list[str]
    weeks: list[list[dict[str, Any]]]
    previous: str
    next: str
    empty: bool


SHOWN_A_DAY = 6


def month(search: Search, reading: Reading, today: date, snapshot: Snapshot, now: datetime) -> Month:
    """The month asked for (this one, if none) with what meets on each day."""
    first = (reading.month or reading.query.first_day or today).replace(day=1)
    # Weeks that are over have nothing to come to.
    weeks = [week for week in calendar.Calendar().monthdatescalendar(first.year, first.month) if week[-1] >= today]
    if not weeks:
        first = today.replace(day=1)
        weeks = [week for week in calendar.Calendar().monthdatescalendar(first.year, first.month) if week[-1] >= today]
    by_day = search.by_day(weeks[0][0], weeks[-1][-1])
    shown = {pk for ids in by_day.values() for pk in ids[:SHOWN_A_DAY]}
    rows = {row.pk: row for row in Activity.objects.published().select_related("topic").filter(pk__in=shown)}
    times = cards.times_to_come(list(shown), now=now)

    def entries(day: date) -> list[dict[str, str]]:
        made = []
        for pk in by_day.get(day, [])[:SHOWN_A_DAY]:
            start = next((pair[0] for pair in times.get(pk, []) if dates.local_day(pair[0]) == day), None)
            if start is not None and pk in rows:
                row = rows[pk]
                time = dates.clock(start)
                made.append(
                    {"url": row.get_absolute_url(), "time": time, "title": row.title, "family": row.topic.family}
                )
        return sorted(made, key=lambda entry: entry["time"].zfill(5))

    def one(day: date) -> dict[str, Any]:
        more = max(0, len(by_day.get(day, [])) - SHOWN_A_DAY)
        address = reading.address(skats="", menesis="", no=day.isoformat(), lidz=day.isoformat())
        return {
            "number": day.day,
            "label": dates.on_day(day),
            "today": day == today,
            "outside": day.month != first.month,
            "entries": entries(day),
            "more_url": address if more else "",
            "more_label": _("%(n)s more") % {"n": more},
        }

    before, after = first - timedelta(days=1), (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Month(
        title=f"{first.year}. gada {dates.word('month', first.month - 1)}"
        if dates.is_latvian()
        else f"{dates.word('month', first.month - 1)} {first.year}",
        weekdays=[dates.word("short_day", n) for n in range(7)],
        weeks=[[one(day) for day in week] for week in weeks],
        previous=reading.address(menesis=f"{before:%Y-%m}") if before >= today.replace(day=1) else "",
        next=reading.address(menesis=f"{after:%Y-%m}"),
        empty=not by_day,
    )


@dataclass
class Nothing:
    """What stands in for an empty list: never a dead end."""

    sentence: str
    suggestions: list[tuple[str, str]]
    fewer: list[tuple[str, str]]
    neighbours: list[tuple[str, str]]
    cards: list[cards.Card]


def nothing(
    search: Search, reading: Reading, suggestions: list[str], snapshot: Snapshot, today: date, now: datetime
) -> Nothing:
    """Words spelt otherwise, each filter taken away, the nearest elsewhere, the neighbouring parishes."""
    nearest = finding.fetch(search.nearest(3)) if reading.query.home and "place" in search.groups else []
    fewer = []
    groups = {"text": "q", "audience": "merkgrupa", "topic": "tema", "department": "nodala", "language": "valoda"}
    groups |= {"format": "forma", "free": "bezmaksas", "places": "vietas", "step_free": "pieejams", "age": "vecums"}
    for group in search.groups:
        left = search.without(group).bit_count()
        if not left:
            continue
        label = ngettext("%(n)s activity", "%(n)s activities", left) % {"n": left}
        if group == "when":
            pairs = [pair for pair in reading.kept if pair[0] not in ("no", "lidz", "diena", "laiks")]
            fewer.append((_("On any day: %(count)s") % {"count": label}, Reading(kept=pairs).address()))
        elif group == "place":
            fewer.append((_("Everywhere: %(count)s") % {"count": label}, reading.address(km=WHOLE)))
        elif group in groups:
            chip = next(
                (c.label for c in panel.chips(reading, snapshot.vocabulary, today) if _drops(c, groups[group])), ""
            )
            words = _("Without %(filter)s: %(count)s") % {"filter": chip or groups[group], "count": label}
            fewer.append((words, reading.address(without=groups[group])))
    return Nothing(
        sentence=_nothing_words(reading, nearest, snapshot),
        suggestions=[(word, reading.address(q=word)) for word in suggestions],
        fewer=fewer,
        neighbours=_neighbours(search, reading, snapshot),
        cards=cards.cards(nearest, snapshot=snapshot, home=reading.query.home, now=now),
    )


def _quoted(words: str) -> str:
    return words if words.startswith("«") else f"«{words}»"


def _drops(chip: panel.Chip, name: str) -> bool:
    return f"{name}=" not in chip.address


def _nothing_words(reading: Reading, nearest: list[Activity], snapshot: Snapshot) -> str:
    home_ = reading.query.home
    if home_ is None or not nearest:
        return _("Nothing was found for what you chose.")
    distance = cards.distance_words(nearest[0], home_)
    where = cards.where_words(nearest[0], snapshot)
    if reading.query.in_parish_only:
        return _("There is nothing %(place)s. The nearest is %(where)s.") % {
            "place": places.located(home_),
            "where": where if not distance else f"{where}, {distance}",
        }
    return _("There is nothing within %(km)s km %(place)s. The nearest is %(where)s.") % {
        "km": reading.query.km,
        "place": places.around(home_),
        "where": where if not distance else f"{where}, {distance}",
    }


def _neighbours(search: Search, reading: Reading, snapshot: Snapshot) -> list[tuple[str, str]]:
    """Neighbouring parishes that have something, with how much."""
    home_: Home | None = reading.query.home
    if home_ is None:
        return []
    counts = search.by_parish()
    made = []
    for code in snapshot.vocabulary.neighbours.get(home_.parish, []):
        if counts.get(code):
            parish = snapshot.vocabulary.parish[code]
            address = reading.address(vieta=parish.slug, km="")
            made.append((f"{parish.name}: {counts[code]}", address))
    return made
