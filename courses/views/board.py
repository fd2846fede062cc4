"""The programme board: one's parishes as list, week or month, the other departments' beside one's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses.domain import board, rights
from courses.domain.board import Wanted
from courses.enums import ActivityStatus
from courses.models import Activity
from courses.views import cards, gaps
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.models import Audience, Department, Parish, Topic
from ecosystem.text import clean

PAGE_SIZE = 30
ALL = "visi"
LIST, WEEK, MONTH = VIEWS = ("saraksts", "nedela", "menesis")
FARTHEST = timedelta(days=3660)
# How far a list without an end is looked through for gaps, and how far any list is.
GAPS_AHEAD, GAPS_FARTHEST = timedelta(weeks=7), timedelta(weeks=26)


@dataclass
class Asked:
    """An address understood: what is wanted, in which view, and the parameters that count."""

    wanted: Wanted
    view: str = LIST
    page: int = 1
    kept: list[tuple[str, str]] = field(default_factory=list)

    def address(self, **changed: str) -> str:
        """The same with some parameters set (empty: away); pages start over."""
        pairs = [(name, value) for name, value in self.kept if name not in changed and name != "lapa"]
        pairs += [(name, value) for name, value in changed.items() if value]
        return f"?{urlencode(pairs)}"


@dataclass
class Words:
    """The vocabulary that the filters choose from; four queries."""

    parishes: list[Parish]
    departments: list[Department]
    audiences: list[Audience]
    topics: list[Topic]

    @classmethod
    def read(cls) -> "Words":
        """All of it, in its order."""
        return cls(
            parishes=list(Parish.objects.order_by("position", "pk")),
            departments=list(Department.objects.order_by("position", "pk")),
            audiences=list(Audience.objects.order_by("position", "pk")),
            topics=list(Topic.objects.order_by("position", "pk")),
        )


@require_safe
@staff_page
def programme(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Programma."""
    today = timezone.localdate()
    words = Words.read()
    asked = understand(request.GET, words, reach=reach, today=today)
    context = {
        "page_title": _("Programme"),
        "view": asked.view,
        "views": [
            {"label": label, "url": asked.address(skats=view), "current": view == asked.view}
            for view, label in ((LIST, _("List")), (WEEK, _("Week")), (MONTH, _("Month")))
        ],
        "filters": _filters(asked, words),
        "is_filtered": bool(asked.kept),
        "first_day": dict(asked.kept).get("no", ""),
        "last_day": dict(asked.kept).get("lidz", ""),
        "departments": words.departments,
        "shown_parishes": _shown(asked, words),
    }
    show = {LIST: _list, WEEK: _week, MONTH: _month}[asked.view]
    context["gaps"] = gaps.of(reach=reach, wanted=_in_whole_weeks(asked, today), words=words, today=today)
    return render(request, f"courses/desk/programme_{asked.view}.html", context | show(reach, asked, words, today))


def _in_whole_weeks(asked: Asked, today: date) -> Wanted:
    """The weeks in which gaps are looked for: those on the page; of a list without an end the next eight."""
    first = asked.wanted.first_day or today
    if asked.view == WEEK:
        last = first
    elif asked.view == MONTH:
        first = first.replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    else:
        last = min(asked.wanted.last_day or first + GAPS_AHEAD, first + GAPS_FARTHEST)
    return replace(asked.wanted, first_day=_monday(first), last_day=_monday(last) + timedelta(days=6))


def understand(params: QueryDict, words: Words, *, reach: Reach, today: date) -> Asked:
    """Read the address. What is unknown is left out; without a parish one's own are meant."""
    kept: list[tuple[str, str]] = []

    def chosen(name: str, known: Mapping[str, str]) -> frozenset[str]:
        values = list(dict.fromkeys(value for value in map(clean, params.getlist(name)) if value in known))
        kept.extend((name, value) for value in values)
        return frozenset(known[value] for value in values)

    if ALL in params.getlist("pagasts"):
        kept.append(("pagasts", ALL))
        parishes: frozenset[str] = frozenset()
    else:
        parishes = chosen("pagasts", {parish.slug: parish.pk for parish in words.parishes})
        parishes = parishes or board.parishes_of(reach.acting)
    wanted = Wanted(
        parishes=parishes,
        departments=chosen("nodala", {one.pk: one.pk for one in words.departments}),
        statuses=chosen("statuss", {value: value for value in ActivityStatus.values}),
        audiences=chosen("merkgrupa", {one.pk: one.pk for one in words.audiences}),
        topics=chosen("tema", {one.pk: one.pk for one in words.topics}),
        first_day=_day(params, "no", today),
        last_day=_day(params, "lidz", today),
    )
    if wanted.first_day and wanted.last_day and wanted.last_day < wanted.first_day:
        wanted = replace(wanted, last_day=None)
    kept += [
        (name, day.isoformat())
        for name, day in (("no", wanted.first_day), ("lidz", wanted.last_day))
        if day is not None
    ]
    view = params.get("skats", "")
    if view in VIEWS:
        kept.append(("skats", view))
    page = clean(params.get("lapa", ""))
    return Asked(
        wanted=wanted,
        view=view if view in VIEWS else LIST,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        kept=kept,
    )


def _day(params: QueryDict, name: str, today: date) -> date | None:
    text = clean(params.get(name, ""))
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."):
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
        return day if abs(day - today) <= FARTHEST else None
    return None


def _filters(asked: Asked, words: Words) -> list[dict[str, Any]]:
    """The groups of boxes to tick."""
    on = set(asked.kept)

    def group(name: str, title: str, pairs: Iterable[tuple[str, object]]) -> dict[str, Any]:
        options = [{"value": value, "label": label, "checked": (name, value) in on} for value, label in pairs]
        chosen = [option["label"] for option in options if option["checked"]]
        return {"name": name, "title": title, "options": options, "chosen": ", ".join(map(str, chosen))}

    def living(rows: Iterable[Any], key: str = "pk") -> list[tuple[str, object]]:
        return [(getattr(row, key), row.name) for row in rows if not row.retired_at]

    parishes: list[tuple[str, object]] = [(ALL, _("All parishes")), *living(words.parishes, "slug")]
    return [
        group("pagasts", _("Parish"), parishes),
        group("nodala", _("Department"), living(words.departments)),
        group("statuss", _("Status"), ActivityStatus.choices),
        group("merkgrupa", _("For whom"), living(words.audiences)),
        group("tema", _("Topic"), living(words.topics)),
    ]


def _shown(asked: Asked, words: Words) -> str:
    """Whose programme it is, in words."""
    if not asked.wanted.parishes:
        return _("All parishes")
    return ", ".join(parish.name for parish in words.parishes if parish.pk in asked.wanted.parishes)


def address(reach: Reach, activity: Activity) -> str:
    """Where a row leads: to the work for one's own, to the public page otherwise, nowhere where there is none."""
    if rights.may_manage(reach, activity):
        return reverse("courses:desk_activity", args=[activity.pk])
    has_page = activity.published_at is not None and activity.status not in (
        ActivityStatus.DRAFT,
        ActivityStatus.PLANNED,
    )
    return activity.get_absolute_url() if has_page else ""


def _list(reach: Reach, asked: Asked, words: Words, today: date) -> dict[str, Any]:
    """What has not ended, or between the days asked for, a page at a time."""
    wanted = asked.wanted
    if wanted.first_day is None and wanted.last_day is None:
        wanted = replace(wanted, first_day=today)
    pages = Paginator(board.plans(reach=reach, wanted=wanted), PAGE_SIZE)
    page = pages.get_page(asked.page)
    numbers = list(page.paginator.get_elided_page_range(page.number))
    return {
        "count": pages.count,
        "rows": [_row(reach, activity) for activity in board.rows(cast(QuerySet[Activity], page.object_list))],
        "pages": [
            {
                "number": number if isinstance(number, int) else None,
                "url": f"{asked.address()}&lapa={number}" if asked.kept else f"?lapa={number}",
                "current": number == page.number,
            }
            for number in (numbers if pages.num_pages > 1 else [])
        ],
    }


def _row(reach: Reach, activity: Activity) -> dict[str, Any]:
    begins = "–"
    if activity.starts_at is not None:
        day = dates.local_day(activity.starts_at)
        begins = f"{dates.on_day(day, short=True)}, {dates.clock(activity.starts_at)}"
    taken = str(activity.taken) if activity.capacity is None else f"{activity.taken} / {activity.capacity}"
    return {
        "title": activity.title,
        "url": address(reach, activity),
        "begins": begins,
        "where": cards.place_words(activity),
        "parish": activity.parish.name,
        "department": activity.lead,
        "is_mine": rights.may_manage(reach, activity),
        "status": activity.status,
        "status_words": activity.get_status_display(),
        "taken": "–" if activity.is_drop_in else taken,
        "waiting": activity.waiting or "–",
    }


def _week(reach: Reach, asked: Asked, words: Words, today: date) -> dict[str, Any]:
    """Parishes down, days across; what is empty is a gap, and shows."""
    monday = _monday(asked.wanted.first_day or today)
    days = [monday + timedelta(days=n) for n in range(7)]
    found = board.meetings(
        reach=reach, wanted=replace(asked.wanted, first_day=days[0], last_day=days[-1]), by_parish=True
    )
    cells: dict[tuple[str, date], dict[str, Any]] = {}
    for meeting in found:
        cell = cells.setdefault((meeting.activity.parish_id, meeting.day), {"meetings": [], "more": ""})
        cell["meetings"].append(_entry(reach, meeting))
        more = meeting.in_cell - len(cell["meetings"])
        cell["more"] = _("%(n)s more") % {"n": more} if more else ""
    empty: dict[str, Any] = {"meetings": [], "more": ""}
    slugs = {parish.pk: parish.slug for parish in words.parishes}
    for (code, day), cell in cells.items():
        cell["url"] = asked.address(pagasts=slugs[code], no=f"{day}", lidz=f"{day}", skats=LIST)
    parishes = [
        parish
        for parish in words.parishes
        if not parish.retired_at and (not asked.wanted.parishes or parish.pk in asked.wanted.parishes)
    ]
    return {
        "caption": f"{dates.on_day(days[0])} – {dates.uncapital(dates.on_day(days[-1]))}",
        "days": [
            {
                "short": f"{dates.word('short_day', day.weekday())} {dates.day_month(day, short=True)}",
                "label": dates.on_day(day),
                "today": day == today,
            }
            for day in days
        ],
        "rows": [
            {
                "parish": parish.name,
                "cells": [cells.get((parish.pk, day), empty) for day in days],
            }
            for parish in parishes
        ],
        "agenda": [_agenda_day(day, parishes, cells, today) for day in days],
        "before": asked.address(no=f"{monday - timedelta(days=7)}", lidz=""),
        "after": asked.address(no=f"{monday + timedelta(days=7)}", lidz=""),
    }


def _agenda_day(
    day: date, parishes: list[Parish], cells: Mapping[tuple[str, date], dict[str, Any]], today: date
) -> dict[str, Any]:
    """A day of the week as a telephone shows it: what meets by parish, and where nothing does."""
    empty = [parish.name for parish in parishes if (parish.pk, day) not in cells]
    return {
        "label": dates.on_day(day),
        "today": day == today,
        "parishes": [
            {"name": parish.name, **cells[parish.pk, day]} for parish in parishes if (parish.pk, day) in cells
        ],
        "nothing": len(empty) == len(parishes),
        "empty": ", ".join(empty) if len(empty) <= gaps.FEW else "",
        "empty_count": len(empty),
    }


def _entry(reach: Reach, meeting: Any) -> dict[str, Any]:
    activity = meeting.activity
    return {
        "time": dates.clock(meeting.starts_at),
        "title": activity.title,
        "url": address(reach, activity),
        "department": activity.lead,
        "is_mine": rights.may_manage(reach, activity),
        "status": activity.status,
        "status_words": activity.get_status_display(),
    }


def _month(reach: Reach, asked: Asked, words: Words, today: date) -> dict[str, Any]:
    """The month as a calendar; each entry names its department."""
    first = (asked.wanted.first_day or today).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    start, end = _monday(first), _monday(following - timedelta(days=1)) + timedelta(days=6)
    by_day: dict[date, list[Any]] = {}
    for meeting in board.meetings(
        reach=reach, wanted=replace(asked.wanted, first_day=start, last_day=end), by_parish=False
    ):
        by_day.setdefault(meeting.day, []).append(meeting)

    def cell(day: date) -> dict[str, Any]:
        meetings = by_day.get(day, [])
        more = meetings[0].in_cell - len(meetings) if meetings else 0
        that_day = asked.address(no=f"{day}", lidz=f"{day}", skats=LIST)
        return {
            "number": day.day,
            "label": dates.on_day(day),
            "outside": day.month != first.month,
            "today": day == today,
            "entries": [
                {
                    "url": address(reach, meeting.activity) or that_day,
                    "time": dates.clock(meeting.starts_at),
                    "title": f"{meeting.activity.title} ({meeting.activity.lead_id})",
                    "family": meeting.activity.topic.family,
                }
                for meeting in meetings
            ],
            "more_url": that_day if more else "",
            "more_label": _("%(n)s more") % {"n": more} if more else "",
        }

    weeks = (end - start).days // 7 + 1
    return {
        "caption": f"{dates.capital(dates.word('month', first.month - 1))} {first.year}",
        "weekdays": [dates.word("short_day", n) for n in range(7)],
        "weeks": [[cell(start + timedelta(days=7 * w + n)) for n in range(7)] for w in range(weeks)],
        "before": asked.address(no=f"{(first - timedelta(days=1)).replace(day=1)}", lidz=""),
        "after": asked.address(no=f"{following}", lidz=""),
    }


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
