"""The report that is written: its figures, the head's words beside them, what is missing; saved as one goes or by a press.

All sections are one form, so that whoever runs no scripts saves everything by any of its buttons. A section saved by somebody
else meanwhile is shown in both wordings and not written over; what was typed stays on the page.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coordinators.domain.access import Reach
from courses.views.staff import staff_page
from ecosystem import dates
from reporting.domain import report_content, report_gaps, report_sections, report_shown, report_words, reports
from reporting.domain.report_source import Indicators
from reporting.forms.reports import WordsForm
from reporting.models import Report, ReportText
from reporting.views.reports import METHODS, gaps_words, report_of, row


@staff_page
@require_http_methods(METHODS)
def one(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The report as it is written; of a sealed one its version is shown."""
    report = report_of(pk)
    if request.method == "POST":
        reports.refuse_others(reach, report.department_id)
        return _save(request, reach, report)
    if not report.is_open:
        return redirect("reporting:desk_report_version", pk, report.version)
    return _page(request, reach, report)


@staff_page
@require_POST
def keep(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """One section's words, saved as one goes: the script asks here, the answer is JSON."""
    report = report_of(pk)
    section = request.POST.get("section", "")
    if not report_sections.has(report.kind, section):
        raise Http404(_("The report has no such section."))
    form = WordsForm(request.POST, section=section)
    if form.is_valid():
        try:
            text = _keep(report, section, form, reach)
        except reports.Refused as refused:
            form.refuse(refused)
        except reports.Sealed:
            return JsonResponse({"saved": False, "stop": sealed_words()}, status=409)
        except reports.ChangedMeanwhile as changed:
            return JsonResponse({"saved": False, **_theirs(changed.current)}, status=409)
        else:
            return JsonResponse(
                {"saved": True, "seen": text.version if text else 0, "at": dates.clock(timezone.now()), "errors": {}}
            )
    errors = {
        str(form[name].auto_id): " ".join(map(str, said)) for name, said in form.errors.items() if name in form.fields
    }
    return JsonResponse({"saved": False, "errors": errors}, status=422)


@require_safe
@staff_page
def check(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What is still missing, each thing with the way to it."""
    report = report_of(pk)
    if not report.is_open:
        return redirect("reporting:desk_report_version", pk, report.version)
    now = timezone.now()
    content = composed(report, reports.texts_of(report), now=now)
    context = {
        "page_title": _("What is missing"),
        "row": row(report),
        "groups": gaps_by_section(content, now=now),
        "may_write": reports.may_write(reach, report.department_id),
    }
    return render(request, "reporting/reports/check.html", context)


def composed(report: Report, texts: Mapping[str, ReportText], *, now: datetime) -> report_content.Content:
    """What the report says now."""
    return report_content.compose(report, texts=texts, source=Indicators(now=now), now=now)


def gaps_by_section(content: report_content.Content, *, now: datetime) -> list[dict[str, Any]]:
    """The gaps under the sections they are of."""
    language = report_words.language()
    found = report_gaps.of(content, language=language, today=timezone.localdate(now).isoformat())
    titles = {"": _("The whole report")} | {one["code"]: one["titles"][language] for one in content["sections"]}
    groups = [
        {"code": code, "title": title, "gaps": [gap for gap in found if gap.section == code]}
        for code, title in titles.items()
    ]
    return [group for group in groups if group["gaps"]]


def sealed_words() -> str:
    """What is told to who still writes into a sealed report."""
    return _("The report was sealed meanwhile. What you wrote is not saved: copy it, and begin the next version.")


def _save(request: HttpRequest, reach: Reach, report: Report) -> HttpResponse:
    """Every section that was typed into; what cannot be saved is shown beside what can."""
    forms: dict[str, WordsForm] = {}
    theirs: dict[str, ReportText | None] = {}
    for section in report_sections.of(report.kind):
        if f"{section.code}-lv" not in request.POST and f"{section.code}-en" not in request.POST:
            continue
        form = forms[section.code] = WordsForm(request.POST, section=section.code)
        if not form.is_valid():
            continue
        try:
            _keep(report, section.code, form, reach)
        except reports.Refused as refused:
            form.refuse(refused)
        except reports.ChangedMeanwhile as changed:
            theirs[section.code] = changed.current
        except reports.Sealed:
            return _page(request, reach, report_of(report.pk), forms=forms | _typed(request, report), is_sealed=True)
    if theirs or any(form.errors for form in forms.values()):
        return _page(request, reach, report, forms=forms, theirs=theirs)
    messages.success(request, _("Saved."))
    pressed = request.POST.get("save", "")
    anchor = f"#{pressed}" if report_sections.has(report.kind, pressed) else ""
    return redirect(reverse("reporting:desk_report", args=[report.pk]) + anchor)


def _keep(report: Report, section: str, form: WordsForm, reach: Reach) -> ReportText | None:
    """Save what was typed; nothing where nothing was, so that looking at an empty section writes no row."""
    words = {"lv": form.cleaned_data["lv"], "en": form.cleaned_data["en"]}
    if not form.seen_version and not any(words.values()):
        there = ReportText.objects.filter(report=report, section=section).exists()
        if not there:
            return None
    return reports.keep_words(
        report=report.pk, section=section, words=words, seen=form.seen_version, reach=reach, now=timezone.now()
    )


def _typed(request: HttpRequest, report: Report) -> dict[str, WordsForm]:
    return {one.code: WordsForm(request.POST, section=one.code) for one in report_sections.of(report.kind)}


def _theirs(text: ReportText | None) -> dict[str, Any]:
    """What somebody else saved, for the script to show beside what is typed."""
    return {
        "theirs": {"lv": text.lv, "en": text.en} if text else {"lv": "", "en": ""},
        "seen": text.version if text else 0,
        "words": their_words(text),
    }


def their_words(text: ReportText | None) -> str:
    """Who wrote meanwhile, and when."""
    if text is None:
        return _("Somebody else emptied this section meanwhile.")
    who = str(text.changed_by) if text.changed_by else _("Somebody else")
    return _("%(who)s saved this section at %(at)s. What you wrote is still in the fields and is not saved.") % {
        "who": who,
        "at": dates.clock(text.changed_at),
    }


def _page(
    request: HttpRequest,
    reach: Reach,
    report: Report,
    *,
    forms: Mapping[str, WordsForm] | None = None,
    theirs: Mapping[str, ReportText | None] | None = None,
    is_sealed: bool = False,
) -> HttpResponse:
    now = timezone.now()
    texts = reports.texts_of(report)
    content = composed(report, texts, now=now)
    shown = report_shown.shown(content)
    forms, theirs = dict(forms or {}), theirs or {}
    wrong = is_sealed or bool(theirs) or any(form.is_bound and form.errors for form in forms.values())
    for section in shown["sections"]:
        code = section["code"]
        text = texts.get(code)
        section["form"] = forms.get(code) or WordsForm(
            section=code,
            initial={"lv": text.lv, "en": text.en, "seen": text.version} if text else {"seen": 0},
        )
        # Who saves again has seen what the other wrote: it stands above the fields. What was refused for itself has not.
        refused = code in forms and bool(forms[code].errors) and code not in theirs
        section["seen"] = request.POST.get(f"{code}-seen", "0") if refused else text.version if text else 0
        section["conflict"] = (
            {
                "words": their_words(theirs[code]),
                "lv": getattr(theirs[code], "lv", ""),
                "en": getattr(theirs[code], "en", ""),
            }
            if code in theirs
            else None
        )
        section["changed"] = _changed(text)
    groups = gaps_by_section(content, now=now)
    title = shown["title"]
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
        "report": shown,
        "row": row(report),
        "gaps_words": gaps_words(sum(len(group["gaps"]) for group in groups)),
        "has_gaps": bool(groups),
        "may_write": reports.may_write(reach, report.department_id),
        "is_sealed": is_sealed,
        "sealed_words": sealed_words() if is_sealed else "",
        "conflicts": [section for section in shown["sections"] if section["conflict"]],
        "forms": [form for form in forms.values() if form.is_bound and form.errors],
        "keep_url": reverse("reporting:desk_report_keep", args=[report.pk]),
    }
    return render(
        request, "reporting/reports/report.html", context, status=409 if is_sealed or theirs else 422 if wrong else 200
    )


def _changed(text: ReportText | None) -> str:
    """Who wrote last, and when."""
    if text is None:
        return ""
    when = f"{dates.on_date(timezone.localdate(text.changed_at))}, {dates.clock(text.changed_at)}"
    return f"{text.changed_by}, {when}" if text.changed_by else when
