"""Sealing: what will be sealed and what is missing, then the press that makes it stay; versions, and what differs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from courses.views.staff import staff_page
from ecosystem import dates
from reporting.domain import report_differences, report_sealing, report_shown, report_words, reports
from reporting.domain.data.exact import Exact
from reporting.domain.report_content import Content
from reporting.domain.report_source import Indicators
from reporting.models import Report, ReportVersion
from reporting.views.report_page import composed, gaps_by_section
from reporting.views.reports import METHODS, gaps_words, report_of, row


@staff_page
@require_http_methods(METHODS)
def seal(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """A page to look at once more, and the press."""
    report = report_of(pk)
    reports.refuse_others(reach, report.department_id)
    refusal = ""
    if request.method == "POST":
        now = timezone.now()
        # Not of the copy that stands, which may be minutes old: what is kept for good is counted from the rows themselves.
        source = Indicators(now=now, source=Exact(now=now))
        try:
            version = report_sealing.seal(
                report=pk, seen=request.POST.get("seen", ""), reach=reach, source=source, now=now
            )
        except report_sealing.AlreadySealed as already:
            messages.info(request, _already_words(already.version))
            return redirect("reporting:desk_report_version", pk, already.version.number)
        except report_sealing.LookedAtSomethingElse:
            refusal = _("Something was changed after you opened this page. Look once more: nothing is sealed yet.")
        else:
            messages.success(request, _("Sealed. Nobody can change this version any more."))
            return redirect("reporting:desk_report_version", pk, version.number)
        report = report_of(pk)
    if not report.is_open:
        return redirect("reporting:desk_report_version", pk, report.version)
    now = timezone.now()
    texts = reports.texts_of(report)
    content = composed(report, texts, now=now)
    groups = gaps_by_section(content, now=now)
    title = _("Seal the report")
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if refusal else title,
        "heading": title,
        "row": row(report),
        "report": report_shown.shown(content),
        "groups": groups,
        "gaps_words": gaps_words(sum(len(group["gaps"]) for group in groups)),
        "seen": report_sealing.stamp(report, texts),
        "refusal": refusal,
    }
    return render(request, "reporting/reports/seal.html", context, status=409 if refusal else 200)


@require_safe
@staff_page
def version(request: HttpRequest, reach: Reach, pk: int, number: int) -> HttpResponse:
    """A sealed version: what it says, from what, its checksum."""
    report = report_of(pk)
    found = version_of(report, number)
    latest = report.versions.order_by("-number").first()
    is_latest = latest is not None and latest.number == number
    content = report_sealing.content_of(found)
    context = {
        "page_title": content["titles"][report_words.language()],
        "report": report_shown.shown(content),
        "row": row(report),
        "version": found,
        "sealed": sealed_by_words(found),
        "is_whole": report_sealing.is_whole(found),
        "is_latest": is_latest,
        "may_begin": is_latest and not report.is_open and reports.may_write(reach, report.department_id),
        "is_open": report.is_open,
        "differences_url": reverse("reporting:desk_report_differences", args=[pk, number])
        if number > 1 or report.is_open
        else "",
    }
    return render(request, "reporting/reports/version.html", context)


@require_safe
@staff_page
def differences(request: HttpRequest, reach: Reach, pk: int, number: int) -> HttpResponse:
    """What differs between the version before and this one; from the latest also what is written now."""
    report = report_of(pk)
    found = version_of(report, number)
    now = timezone.now()
    others = {str(one.number): one for one in report.versions.order_by("number") if one.number != number}
    asked = request.GET.get("ar", "")
    if asked not in others and not (asked == "raksta" and report.is_open):
        asked = str(number - 1) if str(number - 1) in others else "raksta" if report.is_open else next(iter(others), "")
    if not asked:
        raise Http404(_("There is nothing to compare this version with."))
    mine = report_sealing.content_of(found)
    if asked == "raksta":
        before, after = mine, composed(report, reports.texts_of(report), now=now)
        names = (_version_words(number), _("what is written now"))
    elif int(asked) < number:
        before, after = report_sealing.content_of(others[asked]), mine
        names = (_version_words(int(asked)), _version_words(number))
    else:
        before, after = mine, report_sealing.content_of(others[asked])
        names = (_version_words(number), _version_words(int(asked)))
    links = [{"label": _version_words(int(one)), "url": f"?ar={one}", "current": asked == one} for one in others]
    if report.is_open:
        links.append({"label": _("What is written now"), "url": "?ar=raksta", "current": asked == "raksta"})
    context = {
        "page_title": _("Differences"),
        "row": row(report),
        "number": number,
        "names": names,
        "links": links if len(links) > 1 else [],
        "groups": differences_by_section(before, after),
    }
    return render(request, "reporting/reports/differences.html", context)


def version_of(report: Report, number: int) -> ReportVersion:
    """One sealed version."""
    found = report.versions.select_related("sealed_by").filter(number=number).first()
    if found is None:
        raise Http404(_("There is no such version of the report."))
    return found


def sealed_by_words(version: ReportVersion) -> str:
    """When, and by whom as long as that is known."""
    when = f"{dates.on_date(timezone.localdate(version.sealed_at))}, {dates.clock(version.sealed_at)}"
    if version.sealed_by is None:
        return when
    return f"{when}, {version.sealed_by}"


def differences_by_section(before: Content, after: Content) -> list[dict[str, Any]]:
    """What differs, under the sections it is of, in words."""
    language = report_words.language()
    found = report_differences.between(before, after, language=language)
    titles = {"": _("The whole report")}
    titles |= {one["code"]: one["titles"][language] for one in (*after["sections"], *before["sections"])}
    groups = []
    for code, title in titles.items():
        here = [one for one in found if one.section == code]
        words = [_word_row(one) for one in here if one.kind == report_differences.WORDS]
        rows = [_plain_row(one) for one in here if one.kind != report_differences.WORDS]
        # What differs by less than is shown (seconds of a moment) need not be read.
        rows = [row for row in rows if row["before"] != row["after"]]
        if words or rows:
            groups.append({"title": title, "words": words, "rows": rows})
    return groups


def _word_row(one: report_differences.Difference) -> dict[str, str]:
    label = _("In Latvian") if one.name == "lv" else _("In English")
    return {"label": label, "before": one.before or "–", "after": one.after or "–"}


def _plain_row(one: report_differences.Difference) -> dict[str, str]:
    if one.kind == report_differences.NUMBER:
        name = f"{one.name}, {one.part}" if one.part else one.name
        return {"label": name, "before": _value(one.before, one.unit), "after": _value(one.after, one.unit)}
    if one.kind == report_differences.DEFINITION:
        label = _("%(name)s: the definition") % {"name": one.name}
        return {"label": label, "before": str(one.before), "after": str(one.after)}
    if one.kind == report_differences.STATE:
        pairs = [dict(report_shown.state({one.name: value})) for value in (one.before, one.after)]
        name = report_shown.state_name(one.name)
        return {"label": name, "before": pairs[0].get(name, "–"), "after": pairs[1].get(name, "–")}
    return {"label": _head_name(one.name), "before": _head(one.before), "after": _head(one.after)}


def _value(value: Any, unit: str) -> str:
    return _("hidden") if value == "hidden" else report_words.amount(value, unit)


def _head_name(name: str) -> str:
    return {
        "titles": _("Its name"),
        "period": _("Period"),
        "department": _("Department"),
        "project": _("Project and its mobilities"),
    }[name]


def _head(value: Any) -> str:
    """A name, a period, a department, or of a project how much of it is written down."""
    language = report_words.language()
    if value is None:
        return "–"
    if isinstance(value, list):
        return report_words.period(value)
    if "objectives" in value:
        spent = report_words.amount(value["spent"], "eur")
        return _("objectives: %(objectives)s, mobilities: %(mobilities)s, spent: %(spent)s") % {
            "objectives": len(value["objectives"]),
            "mobilities": len(value["mobilities"]),
            "spent": spent,
        }
    return str(value.get("names", value)[language])


def _version_words(number: int) -> str:
    return _("version %(number)s") % {"number": number}


def _already_words(version: ReportVersion) -> str:
    who = str(version.sealed_by) if version.sealed_by else _("Somebody else")
    return _("%(who)s has already sealed this version, at %(at)s. Your press changed nothing.") % {
        "who": who,
        "at": dates.clock(version.sealed_at),
    }
