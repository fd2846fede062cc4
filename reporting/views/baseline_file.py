"""A baseline from a file: a rehearsal row by row, then taken; an empty table to begin with."""

import csv
import io

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.views import kept_files
from courses.views.staff import staff_page
from ecosystem.text import clean
from reporting import imports
from reporting.domain import baseline_file, baselines, report_words
from reporting.domain.baseline_file import Outcome
from reporting.domain.report_source import Indicators
from reporting.models import Baseline
from reporting.views.baselines import baseline_of, row
from reporting.views.reports import METHODS

WHAT = "baseline"


@staff_page
@require_http_methods(METHODS)
def upload(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """A file is judged row by row; then its good rows are taken."""
    baselines.refuse_others(reach)
    found = baseline_of(pk)
    if request.method != "POST":
        return _template() if "sagatave" in request.GET else _page(request, found)
    source = Indicators(now=timezone.now())
    if "take" in request.POST:
        content = kept_files.kept(request.POST.get("kept", ""), request, what=f"{WHAT}-{pk}")
        if content is None:
            problem = _("The rehearsal is too old. Choose the file once more.")
            return _page(request, found, problem=problem, status=422)
        outcome = _judge(content, source)
        if not outcome.accepted:
            return _page(request, found, outcome=outcome, status=422)
        count = baseline_file.take(outcome, baseline=pk, source=source, reach=reach)
        messages.success(request, _("Taken: %(rows)s.") % {"rows": _rows(count)})
        return redirect("reporting:desk_baseline", pk)
    file = request.FILES.get("file")
    problem = kept_files.unfit(file if isinstance(file, UploadedFile) else None)
    if problem or not isinstance(file, UploadedFile):
        return _page(request, found, problem=problem, status=422)
    content = file.read()
    outcome = _judge(content, source)
    if not outcome.accepted and not outcome.refused:
        return _page(request, found, problem=_("The file has column names and no rows beneath them."), status=422)
    kept = kept_files.keep(content, request, what=f"{WHAT}-{pk}") if outcome.accepted else ""
    name = clean(file.name or "")[:80]
    return _page(request, found, outcome=outcome, name=name, kept=kept, status=422 if outcome.refused else 200)


def _judge(content: bytes, source: Indicators) -> Outcome:
    sheet = imports.read_bytes(content)
    return baseline_file.judge(rows=sheet.rows, refused=sheet.refused, source=source)


def _page(
    request: HttpRequest,
    found: Baseline,
    *,
    problem: str = "",
    outcome: Outcome | None = None,
    name: str = "",
    kept: str = "",
    status: int = 200,
) -> HttpResponse:
    title = _("Numbers from a file")
    refused = outcome.refused if outcome else []
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "heading": title,
        "baseline": row(found, count=0),
        "problem": problem,
        "outcome": outcome,
        "name": name,
        "kept": kept,
        "accepted_words": _rows(outcome.accepted) if outcome else "",
        "refused_words": _rows(len({told.line for told in refused})) if outcome else "",
        "refused": [kept_files.told(told) for told in refused[: kept_files.SHOWN]],
        "not_shown": max(0, len(refused) - kept_files.SHOWN),
        "columns": [(column, _meaning(column)) for column in baseline_file.COLUMNS],
        "needed": baseline_file.NEEDED,
    }
    return render(request, "reporting/baselines/upload.html", context, status=status)


def _template() -> HttpResponse:
    """The columns alone, with one row as an example."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, baseline_file.COLUMNS, delimiter=";")
    writer.writeheader()
    writer.writerow({"code": "DAL-01", "value": "128", "audience": "seniors"})
    answer = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="bazes-vertibas-sagatave.csv"'
    return answer


def _rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def _meaning(column: str) -> str:
    """What a column holds, in a few words with an example."""
    return {
        "code": _("The code of an indicator: DAL-01"),
        "value": _("The number: 128 or 37,5"),
        "note": _("A note of your own"),
    }.get(column) or report_words.dimension_words(column)
