"""A whole season to new dates: which, a rehearsal row by row, then the ticked ones made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import programme
from courses.enums import ActivityStatus
from courses.forms.seasons import SeasonForm, chosen_keys
from courses.models import Activity
from courses.views import cards
from courses.views.editor import planner_s_offer
from courses.views.meetings import named_days, room_words
from courses.views.staff import staff_page
from ecosystem import dates

MOST_WEEKS = 1000


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Looked at by its address, made by a press; the same press again makes nothing twice."""
    offer = planner_s_offer(reach)
    now = timezone.now()
    form = SeasonForm(request.GET if request.GET else None, offer=offer)
    context: dict[str, Any] = {"form": form, "rows": None, "key": uuid4(), "not_ticked": False}
    context["ticks"] = [form[name] for name in ("nodala", "pagasts") if name in form.fields]
    if form.is_bound and form.is_valid():
        if request.method == "POST":
            made = _make(request, reach, form, now=now)
            if made is not None:
                return _report(request, made)
            context["not_ticked"] = True
        try:
            weeks, rows = programme.rehearse(
                reach=reach, season=form.season(), first_on=form.cleaned_data["sakums"], now=now
            )
        except programme.Refused as refused:
            form.refuse(refused)
        else:
            context |= {"weeks": weeks, **_rehearsal(rows)}
    wrong = bool(form.is_bound and form.errors) or context["not_ticked"]
    title = _("Copy a season")
    context["page_title"] = _("Error: %(title)s") % {"title": title} if wrong else title
    return render(request, "courses/planning/season.html", context, status=422 if wrong else 200)


def _make(request: HttpRequest, reach: Reach, form: SeasonForm, *, now: datetime) -> list[programme.Made] | None:
    """What was ticked, made; None when nothing was."""
    chosen = chosen_keys(request.POST.getlist("pick"))
    weeks = request.POST.get("weeks", "")
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    if not chosen or not (weeks.isascii() and weeks.isdecimal() and len(weeks) < 5 and 0 < int(weeks) <= MOST_WEEKS):
        return None
    return programme.copy_season(reach=reach, season=form.season(), weeks=int(weeks), chosen=chosen, key=key, now=now)


def _rehearsal(rows: Sequence[programme.Rehearsed]) -> dict[str, Any]:
    ticked = [row for row in rows if row.is_ticked]
    sessions = sum(len(row.copy.spec.sessions) for row in ticked if row.copy)
    return {
        "rows": [_row(row) for row in rows],
        "ticked": len(ticked),
        "sum_words": f"{_drafts(len(ticked))}, {_sessions(sessions)}",
    }


def _row(row: programme.Rehearsed) -> dict[str, Any]:
    """One activity: when it was, when it would be, and what is to be known about that."""
    activity = row.activity
    shown: dict[str, Any] = {
        "pk": activity.pk,
        "title": activity.title,
        "where": f"{activity.lead_id} · {cards.place_words(activity)}",
        "was": _first(activity.starts_at) if activity.starts_at else "",
        "is_ticked": row.is_ticked,
        "refusals": row.refusals,
        "becomes": "",
        "notes": [],
    }
    if activity.status == ActivityStatus.CANCELLED:
        shown["notes"].append(_("It was called off."))
    for retired, words in (
        (activity.topic.retired_at, _("Its topic is not used any more: choose another in the draft.")),
        (activity.centre and activity.centre.retired_at, _("Its centre is closed: choose another in the draft.")),
    ):
        if retired:
            shown["notes"].append(words)
    if row.copy is None:
        return shown
    meetings = row.copy.spec.sessions
    shown["becomes"] = f"{_first(min(m.starts_at for m in meetings))}, {_sessions(len(meetings))}"
    if row.twin is not None:
        shown["notes"].append(_("One like it begins on that day already. Was it copied before?"))
    if row.copy.left_out:
        shown["notes"].append(_("Holidays left out: %(days)s.") % {"days": "; ".join(named_days(row.copy.left_out))})
    if row.copy.without_room:
        taken = " ".join(room_words(each) for each in row.copy.without_room[:3])
        more = len(row.copy.without_room) - 3
        shown["notes"].append(
            _("Without a room: %(rooms)s")
            % {"rooms": f"{taken} {_('and %(n)s more') % {'n': more}}" if more > 0 else taken}
        )
    return shown


def _report(request: HttpRequest, made: Sequence[programme.Made]) -> HttpResponse:
    """What became of each."""
    done = [each.copy for each in made if each.copy is not None]
    context = {
        "page_title": _("The season is copied") if done else _("Nothing was copied"),
        "made": [_line(copy) for copy in done],
        "made_words": _drafts(len(done)),
        "refused": [{"title": each.activity.title, "words": " ".join(each.refusals)} for each in made if not each.copy],
        "again": reverse("courses:desk_season"),
    }
    return render(request, "courses/planning/season_made.html", context)


def _line(made: Activity) -> dict[str, str]:
    return {
        "title": made.title,
        "url": reverse("courses:desk_edit", args=[made.pk]),
        "when": f"{_first(made.starts_at)}, {_sessions(made.session_count)}" if made.starts_at else "",
    }


def _first(moment: datetime) -> str:
    """ "12.01.2027, otrdien, 17:30"."""
    day = dates.local_day(moment)
    return f"{day:%d.%m.%Y}, {dates.uncapital(dates.word('on_day', day.weekday()))}, {dates.clock(moment)}"


def _drafts(number: int) -> str:
    return (ngettext("%(count)s draft", "%(count)s drafts", number) % {"count": number}).replace(" ", dates.NBSP)


def _sessions(number: int) -> str:
    return (ngettext("%(count)s session", "%(count)s sessions", number) % {"count": number}).replace(" ", dates.NBSP)
