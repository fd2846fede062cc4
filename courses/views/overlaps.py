"""The board of overlaps for the departments: what is open, what was decided and how fast, by whom, where and for whom."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses import tables
from courses.domain.overlaps import board, crowded, tallies
from courses.domain.overlaps.board import DECIDED, GONE, OPEN, SOONEST
from courses.domain.overlaps.tallies import Summary, Tally
from courses.forms.overlaps import Asked, Words, pair_code, understand
from courses.models import Overlap
from courses.views import overlap_rows
from courses.views.board import address
from courses.views.overlap_panel import uncompared
from courses.views.staff import staff_page
from ecosystem import dates

PAGE_SIZE = 12
# So many that could not be compared are named.
UNCOMPARED = 12
# How many rows a file has at most.
FILE = 5000
# A period without its end is a season; none is longer than a year.
SEASON, LONGEST = 3, timedelta(days=366)


@require_safe
@staff_page
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Pārklāšanās."""
    now = timezone.now()
    words = Words.read()
    today = timezone.localdate(now)
    asked = understand(request.GET, words, today=today)
    kind = request.GET.get("format", "")
    if kind in tables.FILES:
        found = board.rows(board.listed(reach=reach, wanted=asked.wanted, order=asked.order)[:FILE])
        return tables.answer(kind, "parklasanas", overlap_rows.table(found, now=now))
    summary = tallies.summary(reach=reach, wanted=asked.wanted)
    pages = Paginator(board.listed(reach=reach, wanted=asked.wanted, order=asked.order), PAGE_SIZE)
    # Counted already.
    pages.count = sum(summary.all.of(state) for state in asked.wanted.states or board.STATES)
    page = pages.get_page(asked.page)
    rows = [
        overlap_rows.row(overlap, reach=reach, now=now)
        for overlap in board.rows(cast(QuerySet[Overlap], page.object_list))
    ]
    context = {
        "page_title": _("Overlaps"),
        "views": views("courses:desk_overlaps", asked),
        "asked": asked,
        "lead": _lead(summary),
        "stats": _stats(summary, asked),
        "filters": filters(summary, asked, words),
        "orders": [
            {"label": label, "url": asked.address(seciba=order), "current": asked.order == order}
            for order, label in ((SOONEST, _("Soonest first")), (board.LONGEST, _("Longest undecided first")))
        ],
        "first_day": dict(asked.kept).get("no", ""),
        "last_day": dict(asked.kept).get("lidz", ""),
        "count": pages.count,
        "groups": _groups(rows, summary),
        "pages": [
            {
                "number": number if isinstance(number, int) else None,
                "url": asked.address(lapa=f"{number}"),
                "current": number == page.number,
            }
            for number in (pages.get_elided_page_range(page.number) if pages.num_pages > 1 else [])
        ],
        "files": [(kind.upper(), asked.address(format=kind)) for kind in tables.FILES],
        "tables": _tables(summary, asked, words),
        "crowded": _crowded(reach, asked, today) if page.number == 1 else None,
        "uncompared": [
            {**row, "url": address(reach, row["activity"])}
            for row in uncompared(board.unjudged(reach=reach)[:UNCOMPARED])
        ]
        if page.number == 1
        else [],
    }
    return render(request, "courses/overlaps/board.html", context)


def _crowded(reach: Reach, asked: Asked, today: date) -> dict[str, Any]:
    """Where somebody is offered too much and somebody nothing, in the months asked for."""
    first, last = period(asked, today)
    found = crowded.find(
        first_day=first,
        last_day=last,
        today=today,
        parishes=asked.wanted.parishes,
        audiences=asked.wanted.audiences,
    )
    since, until = crowded.months(first, last)
    more = found.total - len(found.found)
    return {
        "period": dates.period(since, until - timedelta(days=1)),
        "rows": [
            {
                "sentence": one.finding.lv if dates.is_latvian() else one.finding.en,
                "activities": [
                    {"title": each.title, "url": address(reach, each), "department": each.lead}
                    for each in one.activities
                ],
                "count": ngettext("%(n)s activity", "%(n)s activities", len(one.finding.refs))
                % {"n": len(one.finding.refs)},
                "left": len(one.finding.refs) - len(one.activities),
            }
            for one in found.found
        ],
        "more": ngettext("%(n)s more like this: choose a parish.", "%(n)s more like this: choose a parish.", more)
        % {"n": more}
        if more
        else "",
    }


def period(asked: Asked, today: date) -> tuple[date, date]:
    """The days looked at as a whole: as asked, otherwise three months from the first of this one; a year at most."""
    first = asked.wanted.first_day or (asked.wanted.last_day or today).replace(day=1)
    last = asked.wanted.last_day
    if last is None:
        months = first.year * 12 + first.month - 1 + SEASON
        last = date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
    return first, min(last, first + LONGEST)


def views(current: str, asked: Asked) -> list[dict[str, Any]]:
    """The ways to look at it, with the filters kept."""
    kept = asked.address(menesis="", seciba="")
    return [
        {"label": label, "url": f"{reverse(name)}{kept if len(kept) > 1 else ''}", "current": name == current}
        for name, label in (
            ("courses:desk_overlaps", _("List")),
            ("courses:desk_overlap_calendar", _("Calendar")),
            ("courses:desk_who_serves", _("Who serves whom")),
            ("courses:desk_who_does", _("Who does what")),
        )
    ]


def _lead(summary: Summary) -> str:
    """The finding: how many wait for a decision."""
    if not summary.all.open:
        return _("Nothing waits for a decision.")
    said = ngettext("%(n)s overlap is undecided", "%(n)s overlaps are undecided", summary.all.open) % {
        "n": summary.all.open
    }
    if not summary.waiting:
        return f"{said}."
    waiting = ngettext(
        "%(n)s of them is a duplicate of two departments",
        "%(n)s of them are duplicates of two departments",
        summary.waiting,
    ) % {"n": summary.waiting}
    return f"{said}, {waiting}."


def _stats(summary: Summary, asked: Asked) -> list[dict[str, Any]]:
    """Four figures; each that counts rows leads to them."""
    told = [
        {"label": label, "number": summary.all.of(state), "url": asked.address(stavoklis=state), "about": about}
        for state, label, about in (
            (OPEN, _("Undecided"), _("nobody has decided")),
            (DECIDED, _("Decided"), _("have a decision that stands")),
            (GONE, _("Gone"), _("overlapped no more before anybody decided")),
        )
    ]
    told.append(
        {
            "label": _("Time to decide"),
            "number": days(summary.all.median),
            "url": "",
            "about": _("median, n = %(n)s") % {"n": summary.all.timed},
        }
    )
    if summary.measured.known:
        told.append(
            {
                "label": _("Same people came"),
                "number": _("%(n)s of %(all)s") % {"n": summary.measured.met, "all": summary.measured.known},
                "url": "",
                "about": ngettext(
                    "pairs where it is known; %(n)s person came to both",
                    "pairs where it is known; %(n)s people came to both",
                    summary.measured.people,
                )
                % {"n": summary.measured.people},
            }
        )
    return told


def days(time: timedelta | None) -> str:
    """ "4 dienas"; a dash where nothing was decided."""
    if time is None:
        return "–"
    number = round(time / timedelta(days=1))
    if not number:
        return _("less than a day")
    return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}


def filters(summary: Summary | None, asked: Asked, words: Words) -> list[dict[str, Any]]:
    """The groups of boxes to tick, each with how many there would be; without a summary, uncounted."""
    on, wanted = set(asked.kept), asked.wanted
    kinds, states = wanted.kinds or Overlap.Kind.values, wanted.states or board.STATES

    def group(
        name: str,
        title: str,
        options: Iterable[tuple[str, object, Any]],
        count: Callable[[Summary, Any], int],
    ) -> dict[str, Any]:
        shown = [
            {
                "value": value,
                "label": label,
                "count": None if summary is None else count(summary, key),
                "checked": (name, value) in on,
            }
            for value, label, key in options
        ]
        # Of many, those that would show something.
        if name in ("pagasts", "merkgrupa"):
            shown = [option for option in shown if option["count"] != 0 or option["checked"]]
        chosen = [str(option["label"]) for option in shown if option["checked"]]
        return {"name": name, "title": title, "options": shown, "chosen": ", ".join(chosen)}

    def tallied(tally: Tally | None) -> int:
        return sum(tally.of(state) for state in states) if tally else 0

    return [
        group(
            "stavoklis",
            _("State"),
            ((state, label, state) for state, label in overlap_rows.state_words().items()),
            lambda all_of_it, state: sum(all_of_it.kinds.get((state, kind), 0) for kind in kinds),
        ),
        group(
            "veids",
            _("Kind"),
            ((kind, label, kind) for kind, label in Overlap.Kind.choices),
            lambda all_of_it, kind: sum(all_of_it.kinds.get((state, kind), 0) for state in states),
        ),
        group(
            "nodalas",
            _("Departments"),
            ((pair_code(pair), pair_words(pair), pair) for pair in words.pairs()),
            lambda all_of_it, pair: tallied(all_of_it.pairs.get(pair)),
        ),
        group(
            "pagasts",
            _("Parish"),
            ((one.slug, one.name, one.pk) for one in words.parishes),
            lambda all_of_it, code: tallied(all_of_it.parishes.get(code)),
        ),
        group(
            "merkgrupa",
            _("For whom"),
            ((one.pk, one.name, one.pk) for one in words.audiences),
            lambda all_of_it, code: tallied(all_of_it.audiences.get(code)),
        ),
    ]


def pair_words(pair: tuple[str, str]) -> str:
    """ "JAU – MUZ"; of one department "MUZ, one's own"."""
    one, other = pair
    return _("within %(department)s") % {"department": one} if one == other else f"{one} – {other}"


def _groups(rows: list[dict[str, Any]], summary: Summary) -> list[dict[str, Any]]:
    """The page's rows under their states."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if not found or found[-1]["state"] != row["state"]:
            state = row["state"]
            found.append(
                {"state": state, "label": overlap_rows.state_words()[state], "count": summary.all.of(state), "rows": []}
            )
        found[-1]["rows"].append(row)
    return found


def _tables(summary: Summary, asked: Asked, words: Words) -> list[dict[str, Any]]:
    """By departments, parishes and audiences: how many in each state, and how long a decision took."""

    def table(
        name: str, title: str, head: str, keys: Iterable[tuple[Any, str, object]], found: Mapping[Any, Tally]
    ) -> dict[str, Any]:
        return {
            "title": title,
            "head": head,
            "rows": [
                {
                    "label": label,
                    "cells": [
                        {
                            "number": found[key].of(state),
                            "url": asked.address(**{name: value, "stavoklis": state}) if found[key].of(state) else "",
                        }
                        for state in board.STATES
                    ],
                    "days": days(found[key].median),
                    "timed": found[key].timed,
                }
                for key, value, label in keys
                if key in found
            ],
        }

    return [
        table(
            "nodalas",
            _("By departments"),
            _("Departments"),
            ((pair, pair_code(pair), pair_words(pair)) for pair in words.pairs()),
            summary.pairs,
        ),
        table(
            "pagasts",
            _("By parish"),
            _("Parish"),
            ((one.pk, one.slug, one.name) for one in words.parishes),
            summary.parishes,
        ),
        table(
            "merkgrupa",
            _("By audience"),
            _("For whom"),
            ((one.pk, one.pk, one.name) for one in words.audiences),
            summary.audiences,
        ),
    ]
