"""Reports at the desk: the list, a new one, its name and its baseline, away, the next version."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordinators.domain.access import Reach
from coordinators.models import Project
from courses.views.staff import staff_page
from ecosystem import dates
from reporting.domain import report_titles, report_words, reports
from reporting.forms.reports import NewReportForm, ReportForm
from reporting.models import Baseline, Report

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, reach: Reach) -> HttpResponse:
    """All reports, the latest period first. Three queries."""
    rows = [row(each) for each in Report.objects.with_versions()]
    context = {
        "page_title": _("Reports"),
        "written": [one for one in rows if one["is_open"]],
        "sealed": [one for one in rows if not one["is_open"]],
        "may_write": reports.writes_any(reach),
    }
    return render(request, "reporting/reports/list.html", context)


@staff_page
@require_http_methods(METHODS)
def create(request: HttpRequest, reach: Reach) -> HttpResponse:
    """A new report: of what, of whom, measured by what."""
    if not reports.writes_any(reach):
        raise PermissionDenied(_("Reports are begun by heads of department, project managers and administrators."))
    now = timezone.now()
    form = NewReportForm(
        request.POST if request.method == "POST" else None,
        departments=reports.departments_for(reach),
        projects=Project.objects.all(),
        baselines=Baseline.objects.all(),
        today=timezone.localdate(now),
    )
    there = None
    if form.is_bound and form.is_valid():
        first_on, last_on = form.period
        try:
            made = reports.create(
                kind=form.cleaned_data["kind"],
                first_on=first_on,
                last_on=last_on,
                department=form.department_chosen,
                project=form.project_chosen,
                titles=form.titles,
                baseline=form.baseline_chosen,
                form_key=key_of(request.POST.get("form_key", "")),
                reach=reach,
                now=now,
            )
        except reports.Refused as refused:
            form.refuse(refused)
        except reports.AlreadyThere as already:
            there = already.report
            form.add_error(None, _("There is such a report already: open it and go on in it."))
        else:
            return redirect("reporting:desk_report", made.pk)
    wrong = form.is_bound and bool(form.errors)
    title = _("New report")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
        "heading": title,
        "form": form,
        "form_key": request.POST.get("form_key", "") if form.is_bound else str(uuid.uuid4()),
        "there": there and row(there),
    }
    return render(request, "reporting/reports/new.html", context, status=422 if wrong else 200)


@staff_page
@require_http_methods(METHODS)
def edit(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Another name, another baseline, other days; a report never sealed may be thrown away here."""
    report = report_of(pk)
    reports.refuse_others(reach, report.department_id)
    if not report.is_open:
        return _sealed(request, report)
    form = ReportForm(
        request.POST if request.POST.get("do") == "save" else None, report=report, baselines=Baseline.objects.all()
    )
    problem = ""
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do not in ("save", "discard"):
            raise Http404(_("There is no such step."))
        try:
            if do == "discard":
                reports.discard(report=pk, reach=reach)
                messages.success(request, _("The report is thrown away."))
                return redirect("reporting:desk_reports")
            if form.is_valid():
                reports.change(
                    report=pk, titles=form.titles, baseline=form.baseline_chosen, period=form.period, reach=reach
                )
                messages.success(request, _("Saved."))
                return redirect("reporting:desk_report", pk)
        except reports.Refused as refused:
            if form.is_bound:
                form.refuse(refused)
            else:
                problem = " ".join(refused.messages)
        except reports.Sealed:
            return _sealed(request, report_of(pk))
    wrong = bool(problem) or (form.is_bound and bool(form.errors))
    title = _("Name and baseline")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
        "heading": title,
        "row": row(report),
        "form": form,
        "problem": problem,
        "has_days": "first_on" in form.fields,
        "may_discard": not report.versions.exists(),
    }
    return render(request, "reporting/reports/edit.html", context, status=422 if wrong else 200)


@staff_page
@require_POST
def begin_next(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The version after the sealed one."""
    report = report_of(pk)
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 6):
        raise Http404(_("There is no such step."))
    reports.begin_next(report=report.pk, seen=int(seen), reach=reach)
    return redirect("reporting:desk_report", pk)


def report_of(pk: int) -> Report:
    """The report with what a page tells of it."""
    found = Report.objects.select_related("department", "project", "baseline").filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such report."))
    return found


def row(report: Report) -> dict[str, Any]:
    """One report as lists and heads of pages show it, with its sealed versions."""
    versions = list(report.versions.all())
    return {
        "pk": report.pk,
        "title": report_titles.title(report)[report_words.language()],
        "period": dates.period(report.first_on, report.last_on),
        "department": report.department.name if report.department else _("All departments"),
        "kind": report.get_kind_display(),
        "version": report.version,
        "is_open": report.is_open,
        "state": _state(report),
        "tone": "gold" if report.is_open else "leaf",
        "url": reverse("reporting:desk_report", args=[report.pk]),
        "versions": [
            {
                "number": one.number,
                "url": reverse("reporting:desk_report_version", args=[report.pk, one.number]),
                "on": dates.on_date(timezone.localdate(one.sealed_at)),
            }
            for one in sorted(versions, key=lambda one: -one.number)
        ],
    }


def gaps_words(number: int) -> str:
    """ "3 trūkst"."""
    if not number:
        return _("Nothing is missing.")
    return ngettext("%(n)s thing is missing.", "%(n)s things are missing.", number) % {"n": number}


def _state(report: Report) -> str:
    if report.is_open:
        return _("Version %(number)s is being written") % {"number": report.version}
    return _("Version %(number)s is sealed") % {"number": report.version}


def _sealed(request: HttpRequest, report: Report) -> HttpResponse:
    """The report is sealed: nothing of it is changed until the next version is begun."""
    messages.info(request, _("The report is sealed. To change it, begin the next version."))
    return redirect("reporting:desk_report", report.pk)


def key_of(text: str) -> uuid.UUID | None:
    """The key of a form, where it is one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
