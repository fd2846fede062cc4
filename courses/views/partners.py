"""Holding an activity together: what one department asked another, and the answer, for both to read."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import programme, rights
from courses.domain.programme import partnering
from courses.forms.partners import AnswerForm
from courses.models import Activity, PartnerRequest
from courses.views import board, cards
from courses.views.staff import staff_page
from ecosystem import dates

Answer = PartnerRequest.Answer


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What was asked and answered; who answers for the department asked answers here."""
    activity, rows = _found(reach, pk)
    mine = next((row for row in rows if row.is_open and partnering.may_answer(reach, row)), None)
    accepted = next(
        (
            row
            for row in rows
            if row.answer == Answer.ACCEPTED and row.ended_at is None and partnering.may_answer(reach, row)
        ),
        None,
    )
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, reach, activity, rows, form, asked=mine, accepted=accepted)
    step = request.POST.get("step", "")
    chosen = _chosen(rows, request.POST.get("request", ""))
    if step not in ("accept", "decline", "leave") or chosen is None:
        raise Http404(_("There is no such step."))
    if not partnering.may_answer(reach, chosen):
        raise PermissionDenied(_("The head of the department asked answers this, or its coordinator of the parish."))
    if form.is_valid():
        try:
            said = _act(step, chosen, form.cleaned_data["note"], reach, timezone.now())
        except programme.Refused as refused:
            form.refuse(refused)
            activity, rows = _found(reach, pk)
        else:
            messages.success(request, said)
            return redirect("courses:desk_partners", pk)
    return _page(request, reach, activity, rows, form, asked=mine, accepted=accepted, status=422)


def partner_lines(activity: Activity) -> list[dict[str, str]]:
    """How it stands with each department: a partner, asked, or declined; the latest of each. Two queries."""
    latest = {row.department_id: row for row in partnering.thread(activity=activity)}
    # Partners since before departments were asked.
    lines = [
        {"tone": "leaf", "words": _("Joint with %(department)s.") % {"department": one.name}}
        for one in activity.partners.all()
        if one.pk not in latest
    ]
    for row in latest.values():
        name = {"department": row.department.name, "day": _day(row.answered_at or row.asked_at)}
        if row.is_open:
            lines.append(
                {"tone": "gold", "words": _("%(department)s was asked on %(day)s and has not answered.") % name}
            )
        elif row.answer == Answer.DECLINED:
            lines.append({"tone": "plain", "words": _("%(department)s declined on %(day)s.") % name})
        elif row.answer == Answer.ACCEPTED and row.ended_at is None:
            lines.append({"tone": "leaf", "words": _("Joint with %(department)s since %(day)s.") % name})
    return lines


def _found(reach: Reach, pk: int) -> tuple[Activity, list[PartnerRequest]]:
    """The activity, and what of the thread is the reader's to see: all for who leads, their own for who was asked.

    Who was asked keeps seeing what was said, whatever has become of the activity.
    """
    activity = (
        Activity.objects.select_related("lead", "parish", "centre", "topic")
        .prefetch_related("audiences")
        .filter(pk=pk)
        .first()
    )
    if activity is None:
        raise Http404(_("There is no such activity."))
    leads = rights.may_manage(reach, activity) or activity.lead_id in reach.departments
    rows = partnering.thread(activity=activity, departments=None if leads else reach.departments)
    for row in rows:
        row.activity = activity
    if not leads and not rows:
        if rights.seen_by(reach).filter(pk=pk).exists():
            raise PermissionDenied(_("The departments that were asked read this, and the one that leads."))
        raise Http404(_("There is no such activity."))
    return activity, rows


def _chosen(rows: list[PartnerRequest], text: str) -> PartnerRequest | None:
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        return None
    return next((row for row in rows if row.pk == int(text)), None)


def _act(step: str, chosen: PartnerRequest, note: str, reach: Reach, now: datetime) -> str:
    if step == "leave":
        partnering.leave(request=chosen, note=note, by=reach.user, now=now)
        return _("Your department has left. Those who asked have been told.")
    partnering.answer(request=chosen, accept=step == "accept", note=note, by=reach.user, now=now)
    if step == "accept":
        return _("Accepted: the activity is joint now. Those who asked have been told.")
    return _("Declined. Those who asked have been told.")


def _page(
    request: HttpRequest,
    reach: Reach,
    activity: Activity,
    rows: list[PartnerRequest],
    form: AnswerForm,
    *,
    asked: PartnerRequest | None,
    accepted: PartnerRequest | None,
    status: int = 200,
) -> HttpResponse:
    times = cards.times_to_come([activity.pk], now=timezone.now()).get(activity.pk, [])
    title = _("Held together")
    standing = next((row for row in rows if asked is not None and row.pk == asked.pk and row.is_open), None)
    if activity.status not in programme.WRITABLE:
        standing = None
    context = {
        "activity": activity,
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "form": form,
        "facts": _facts(activity, times),
        "url": board.address(reach, activity),
        "may_manage": rights.may_manage(reach, activity),
        "asked": standing,
        "asked_line": _exchange(standing)["lines"][0] if standing else None,
        "accepted": accepted,
        "status_words": activity.get_status_display(),
        "thread": [_exchange(row) for row in reversed(rows) if row is not standing],
    }
    return render(request, "courses/partners/thread.html", context, status=status)


def _facts(activity: Activity, times: cards.Times) -> list[dict[str, str]]:
    return [
        {"icon": "home", "label": _("Department"), "value": str(activity.lead.name), "note": ""},
        {
            "icon": "calendar",
            "label": _("When"),
            "value": cards.when_words(times) if times else _("No sessions to come"),
            "note": dates.on_day(dates.local_day(times[0][0])) if times else "",
        },
        {"icon": "pin", "label": _("Where"), "value": cards.place_words(activity), "note": activity.parish.name},
        {
            "icon": "people",
            "label": _("For whom"),
            "value": cards.whom_words(activity) or _("Not said yet"),
            "note": "",
        },
    ]


def _exchange(row: PartnerRequest) -> dict[str, Any]:
    """One question with its answer, as lines: what, when and who, which words."""
    lines = [
        _line(_("%(department)s was asked") % {"department": row.department.name}, row.asked_at, row.asked_by, row.note)
    ]
    if row.answered_at is not None:
        lines.append(_line(row.get_answer_display(), row.answered_at, row.answered_by, row.answer_note))
    if row.ended_at is not None:
        lines.append(_line(_("Not together any more"), row.ended_at, row.ended_by, row.end_note))
    return {"pk": row.pk, "lines": lines}


def _line(what: str, at: datetime, by: Any, note: str) -> dict[str, str]:
    return {"what": what, "when": _day(at), "by": str(by) if by is not None else "", "note": note}


def _day(moment: datetime) -> str:
    return dates.day_month(dates.local_day(moment), at=True)
