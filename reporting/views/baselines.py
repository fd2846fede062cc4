"""Baselines at the desk: the list, one with its numbers, typed in one by one."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.views.staff import staff_page
from ecosystem import dates
from reporting.domain import baselines, report_words, reports
from reporting.domain.report_figures import Source, named, row_names
from reporting.domain.report_source import Indicators
from reporting.forms.baselines import BaselineForm, ValueForm
from reporting.models import Baseline
from reporting.views.reports import METHODS, key_of


@require_safe
@staff_page
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """All baselines, the latest first. Two queries."""
    found = Baseline.objects.prefetch_related("values")
    context = {
        "page_title": _("Baselines"),
        "rows": [row(one, count=len(one.values.all())) for one in found],
        "may_write": reports.writes_any(reach),
    }
    return render(request, "reporting/baselines/list.html", context)


@staff_page
@require_http_methods(METHODS)
def create(request: HttpRequest, reach: Reach) -> HttpResponse:
    """A new one: its days, its source."""
    baselines.refuse_others(reach)
    form = BaselineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = baselines.create(
                **form.cleaned_data,
                form_key=key_of(request.POST.get("form_key", "")),
                reach=reach,
                now=timezone.now(),
            )
        except reports.Refused as refused:
            form.refuse(refused)
        else:
            return redirect("reporting:desk_baseline", made.pk)
    wrong = form.is_bound and bool(form.errors)
    title = _("New baseline")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
        "heading": title,
        "form": form,
        "form_key": request.POST.get("form_key", "") if form.is_bound else str(uuid.uuid4()),
        "problem": "",
        "may_discard": False,
        "back": reverse("reporting:desk_baselines"),
    }
    return render(request, "reporting/baselines/form.html", context, status=422 if wrong else 200)


@staff_page
@require_http_methods(METHODS)
def edit(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Another name or source, other days; or away with it."""
    baselines.refuse_others(reach)
    found = baseline_of(pk)
    initial = {name: getattr(found, name) for name in ("name", "first_on", "last_on", "source")}
    form = BaselineForm(
        request.POST if request.POST.get("do", "save") == "save" and request.POST else None, initial=initial
    )
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "discard":
                baselines.discard(baseline=pk, reach=reach)
                messages.success(request, _("The baseline is thrown away."))
                return redirect("reporting:desk_baselines")
            if form.is_valid():
                baselines.change(baseline=pk, **form.cleaned_data, reach=reach)
                messages.success(request, _("Saved."))
                return redirect("reporting:desk_baseline", pk)
        except reports.Refused as refused:
            if form.is_bound:
                form.refuse(refused)
            else:
                problem = " ".join(refused.messages)
    wrong = bool(problem) or (form.is_bound and bool(form.errors))
    context = {
        "page_title": _("Error: %(title)s") % {"title": found.name} if wrong else found.name,
        "heading": found.name,
        "form": form,
        "problem": problem,
        "may_discard": True,
        "form_key": "",
        "back": reverse("reporting:desk_baseline", args=[pk]),
    }
    return render(request, "reporting/baselines/form.html", context, status=422 if wrong else 200)


@staff_page
@require_http_methods(METHODS)
def one(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """One with its numbers; a number more, or out."""
    found = baseline_of(pk)
    source = Indicators(now=timezone.now())
    form = ValueForm(request.POST if request.POST.get("do") == "put" else None, source=source)
    if request.method == "POST":
        baselines.refuse_others(reach)
        do = request.POST.get("do", "")
        if do == "out":
            if baselines.take_out(baseline=pk, value=_whole(request.POST.get("value", "")), reach=reach):
                messages.success(request, _("The number is taken out."))
            return redirect("reporting:desk_baseline", pk)
        if do != "put":
            raise Http404(_("There is no such step."))
        if form.is_valid() and _put(form, found, reach, source):
            messages.success(request, _("The number is written down."))
            return redirect(reverse("reporting:desk_baseline", args=[pk]) + "#number")
    wrong = form.is_bound and bool(form.errors)
    context = {
        "page_title": _("Error: %(title)s") % {"title": found.name} if wrong else found.name,
        "baseline": row(found, count=found.values.count()),
        "source": found.source,
        "values": values_of(found, source),
        "form": form,
        "may_write": reports.writes_any(reach),
        "reports": found.reports.count(),
    }
    return render(request, "reporting/baselines/baseline.html", context, status=422 if wrong else 200)


def baseline_of(pk: int) -> Baseline:
    """The baseline."""
    found = Baseline.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such baseline."))
    return found


def row(baseline: Baseline, *, count: int) -> dict[str, Any]:
    """One as lists and heads of pages show it."""
    return {
        "pk": baseline.pk,
        "name": baseline.name,
        "period": dates.period(baseline.first_on, baseline.last_on),
        "count": ngettext("%(n)s number", "%(n)s numbers", count) % {"n": count},
        "url": reverse("reporting:desk_baseline", args=[baseline.pk]),
    }


def values_of(baseline: Baseline, source: Source) -> list[dict[str, Any]]:
    """Its numbers in words."""
    found = list(baseline.values.all())
    names = named({dimension for value in found for dimension in value.keys}, source=source)
    language = report_words.language()
    rows = []
    for value in found:
        known = source.known(value.code)
        unit = known.unit.value if known else "count"
        rows.append(
            {
                "pk": value.pk,
                "code": value.code,
                "name": known.names[language] if known else value.code,
                "part": row_names(value.keys, names=names)[language] or _("The whole"),
                "value": report_words.amount(float(value.value), unit),
                "note": value.note,
            }
        )
    return rows


def _put(form: ValueForm, baseline: Baseline, reach: Reach, source: Source) -> bool:
    said = form.cleaned_data
    try:
        baselines.put(
            baseline=baseline.pk,
            code=said["code"],
            keys=form.keys,
            value=said["value"],
            note=said["note"],
            source=source,
            reach=reach,
        )
    except reports.Refused as refused:
        form.refuse(refused)
        return False
    return True


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
