"""Anonymous totals of an activity at the desk: numbers in boxes, or ticked one by one; and who has entered them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.models import Activity
from courses.views.filling import head
from courses.views.staff import managed_activity, staff_page
from reporting.domain import totals
from reporting.forms.totals import TotalsForm, read
from reporting.models import TotalCode

TICKING = "atzimet"


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The totals; a POST saves the boxes, or ticks one more or one fewer."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    if request.method == "POST" and ("more" in request.POST or "less" in request.POST):
        return _tick(request, reach, found, now=now)
    if request.method == "POST":
        return _enter(request, reach, found, now=now)
    if request.GET.get("veids") == TICKING:
        return _tick_page(request, found, now=now)
    return _page(request, found, TotalsForm(standing=totals.standing(activity=found)), now=now)


def _enter(request: HttpRequest, reach: Reach, found: Activity, *, now: datetime) -> HttpResponse:
    standing = totals.standing(activity=found)
    form = TotalsForm(request.POST, standing=standing)
    form.full_clean()
    try:
        done = totals.enter(
            activity=found, counts=form.typed, seen=read(form.cleaned_data.get("seen", "")), by=reach.user, now=now
        )
    except totals.Overtaken as refused:
        form.refuse(refused)
        form.show_anew(refused.now)
        return _page(request, found, form, now=now, status=409)
    except totals.Refused as refused:
        form.refuse(refused)
        return _page(request, found, form, now=now, status=422)
    if done.changed:
        said = ngettext("%(n)s number saved.", "%(n)s numbers saved.", len(done.changed))
        messages.success(request, said % {"n": len(done.changed)})
    else:
        messages.info(request, _("Nothing has changed."))
    for warning in done.warnings:
        messages.warning(request, warning)
    return redirect("reporting:desk_totals", pk=found.pk)


def _tick(request: HttpRequest, reach: Reach, found: Activity, *, now: datetime) -> HttpResponse:
    """One press. The way back names the group alone: a browser keeps addresses, and they should tell nothing."""
    code, step = (request.POST["more"], 1) if "more" in request.POST else (request.POST["less"], -1)
    group = next((name for name, _title, codes in totals.GROUPS if code in codes), "")
    if not group:
        raise Http404(_("There is no such total."))
    try:
        totals.tick(activity=found, code=code, step=step, by=reach.user, now=now)
    except totals.Refused as refused:
        return _tick_page(request, found, now=now, refused=refused, status=422)
    return redirect(f"{reverse('reporting:desk_totals', args=[found.pk])}?veids={TICKING}#{group}")


def _page(request: HttpRequest, found: Activity, form: TotalsForm, *, now: datetime, status: int = 200) -> HttpResponse:
    context = {
        **_shared(found, now, is_wrong=status != 200),
        "form": form,
        "groups": form.groups(),
        "warnings": [] if form.is_bound else list(totals.warnings(activity=found, counts=_standing(form))),
        "entries": [_entry(each) for each in totals.entries(activity=found)],
    }
    return render(request, "reporting/totals.html", context, status=status)


def _tick_page(
    request: HttpRequest,
    found: Activity,
    *,
    now: datetime,
    refused: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    standing = totals.standing(activity=found)
    context = {
        **_shared(found, now, is_wrong=refused is not None),
        "refusals": refused.messages if refused else [],
        "groups": [
            (name, title, [{"code": code.value, "label": code.label, "count": standing[code]} for code in codes])
            for name, title, codes in totals.GROUPS
        ],
    }
    return render(request, "reporting/ticking.html", context, status=status)


def _shared(found: Activity, now: datetime, *, is_wrong: bool) -> dict[str, Any]:
    title = _("Anonymous totals")
    path = reverse("reporting:desk_totals", args=[found.pk])
    return {
        **head(found, now),
        "heading": title,
        "page_title": _("Error: %(title)s") % {"title": title} if is_wrong else title,
        "closed": totals.closed_because(activity=found, now=now),
        "typing_url": path,
        "ticking_url": f"{path}?veids={TICKING}",
    }


def _standing(form: TotalsForm) -> dict[str, int | None]:
    return read(form.initial["seen"])


def _entry(entry: Any) -> dict[str, Any]:
    """A line of the history: numbers, the day, whose hand; never a moment."""
    return {
        "on": entry.entered_on,
        "what": TotalCode(entry.code).label,
        "count": entry.count,
        "by": str(entry.entered_by) if entry.entered_by else "",
    }
