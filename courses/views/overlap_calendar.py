"""A month of overlaps: parishes as lanes, pairs in them, the weeks across; where both are held stands out."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses.domain.overlaps import calendar
from courses.domain.overlaps.calendar import Page, Pair
from courses.forms.overlaps import Asked, Words, understand
from courses.models import Activity, Session
from courses.views import overlaps
from courses.views.board import address
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.dates import NBSP

WEEK = timedelta(days=7)
# More sessions in a week are counted.
IN_A_CELL = 3


@require_safe
@staff_page
def month(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Pārklāšanās kalendārā."""
    today = timezone.localdate()
    words = Words.read()
    asked = understand(request.GET, words, today=today)
    first = asked.month or today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    monday, last = _monday(first), following - timedelta(days=1)
    mondays = [monday + n * WEEK for n in range((last - monday).days // 7 + 1)]
    page = calendar.between(
        reach=reach, wanted=asked.wanted, first_day=mondays[0], last_day=mondays[-1] + timedelta(days=6)
    )
    pairs = [_pair(pair, mondays, reach) for pair in page.pairs]
    context = {
        "page_title": _("Overlaps in the calendar"),
        "views": overlaps.views("courses:desk_overlap_calendar", asked),
        "asked": asked,
        "lead": _lead(page, first),
        "filters": overlaps.filters(None, asked, words),
        "caption": f"{dates.capital(dates.word('month', first.month - 1))} {first.year}",
        "weeks": [_week(place, monday, pairs, today) for place, monday in enumerate(mondays)],
        "lanes": _lanes(pairs),
        "more": _more(page, asked, first, last),
        "before": asked.address(menesis=f"{(first - timedelta(days=1)).replace(day=1)}"),
        "after": asked.address(menesis=f"{following}"),
    }
    return render(request, "courses/overlaps/calendar.html", context)


def _lead(page: Page, first: date) -> str:
    if not page.total:
        return _("No overlaps %(when)s.") % {"when": _in(first)}
    number = ngettext("%(n)s pair overlaps", "%(n)s pairs overlap", page.total) % {"n": page.total}
    return f"{number} {_in(first)}."


def _in(first: date) -> str:
    month = dates.in_month(first)
    return month if dates.is_latvian() else f"in {month}"


def _more(page: Page, asked: Asked, first: date, last: date) -> dict[str, str]:
    """Where the pairs stand that are not shown."""
    if not page.more:
        return {}
    query = asked.address(no=f"{first}", lidz=f"{last}", menesis="")
    return {
        "label": ngettext("%(n)s more pair in the list", "%(n)s more pairs in the list", page.more) % {"n": page.more},
        "url": f"{reverse('courses:desk_overlaps')}{query}",
    }


def _pair(pair: Pair, mondays: list[date], reach: Reach) -> dict[str, Any]:
    overlap = pair.overlap
    sides = [
        _side(activity, sessions, pair, mondays, reach)
        for activity, sessions in ((overlap.first, pair.first), (overlap.second, pair.second))
    ]
    return {
        "pk": overlap.pk,
        "url": reverse("courses:desk_overlap", args=[overlap.pk]),
        "kind_words": overlap.get_kind_display(),
        "state": "" if overlap.decision_id is None else _("decided"),
        "parish": overlap.first.parish,
        "sides": sides,
        "both": [pair.both(monday) for monday in mondays],
        "collides": [bool(pair.colliding(monday)) for monday in mondays],
    }


def _side(
    activity: Activity, sessions: dict[date, list[Session]], pair: Pair, mondays: list[date], reach: Reach
) -> dict[str, Any]:
    elsewhere = activity.parish_id != pair.overlap.first.parish_id
    return {
        "title": activity.title,
        "url": address(reach, activity),
        "department": activity.lead,
        "parish": activity.parish.name if elsewhere else "",
        "cells": [
            {
                "times": _times(sessions.get(monday, [])),
                "is_both": pair.both(monday),
                "collides": any(one.pk in pair.colliding(monday) for one in sessions.get(monday, [])),
            }
            for monday in mondays
        ],
    }


def _times(sessions: list[Session]) -> list[str]:
    """ "O 2. 18:00"; more than a few are counted."""
    if len(sessions) > IN_A_CELL:
        return [ngettext("%(n)s session", "%(n)s sessions", len(sessions)) % {"n": len(sessions)}]
    return [_time(session) for session in sessions]


def _time(session: Session) -> str:
    local = timezone.localtime(session.starts_at)
    number = f"{local.day}." if dates.is_latvian() else f"{local.day}"
    return f"{dates.word('short_day', local.weekday())}{NBSP}{number} {dates.clock(local)}"


def _lanes(pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pairs by parish, in the order they come."""
    found: list[dict[str, Any]] = []
    for pair in pairs:
        if not found or found[-1]["parish"] != pair["parish"]:
            found.append({"parish": pair["parish"], "pairs": []})
        found[-1]["pairs"].append(pair)
    return found


def _week(place: int, monday: date, pairs: list[dict[str, Any]], today: date) -> dict[str, Any]:
    """A week: its heading on a desk, and what a telephone lists of it: the pairs held by both."""
    sunday = monday + timedelta(days=6)
    both = [pair for pair in pairs if pair["both"][place]]
    return {
        "short": _days(monday, sunday),
        "today": monday <= today <= sunday,
        "pairs": [
            {
                **pair,
                "collides": pair["collides"][place],
                "sides": [{**side, "times": ", ".join(side["cells"][place]["times"])} for side in pair["sides"]],
            }
            for pair in both
        ],
    }


def _days(first: date, last: date) -> str:
    """ "1.–7. dec."; across months "30. nov. – 6. dec."."""
    if first.month != last.month:
        return f"{dates.day_month(first, short=True)} – {dates.day_month(last, short=True)}"
    return f"{first.day}{'.' if dates.is_latvian() else ''}–{dates.day_month(last, short=True)}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
