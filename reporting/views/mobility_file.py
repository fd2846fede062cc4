"""A sheet of mobilities at the desk: a rehearsal row by row, then taken; the columns alone; what there is."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain.access import Reach
from coordinators.enums import DAYS, MobilityKind
from coordinators.models import Project
from courses import tables
from courses.views import kept_files
from courses.views.staff import staff_page
from ecosystem import sheets
from ecosystem.text import clean
from reporting.domain import mobility_file
from reporting.views.projects import METHODS, project_of, refuse_reader

WHAT = "mobilities"
COLUMNS = sheets.Columns(
    known=frozenset(mobility_file.COLUMNS), needed=mobility_file.NEEDED, most_rows=mobility_file.MOST_ROWS
)


@staff_page
@require_http_methods(METHODS)
def upload(request: HttpRequest, reach: Reach, project: int) -> HttpResponse:
    """A sheet is judged row by row; then its good rows are taken."""
    refuse_reader(reach)
    of = project_of(project)
    if request.method != "POST":
        return _page(request, of, taken=_count(request.GET.get("nemts", "")))
    if "take" in request.POST:
        return _take(request, reach, of)
    file = request.FILES.get("file")
    problem = kept_files.unfit(file if isinstance(file, UploadedFile) else None)
    if problem or not isinstance(file, UploadedFile):
        return _page(request, of, problem=problem, status=422)
    content = file.read()
    outcome = _read(content, of, reach, dry_run=True)
    if not outcome.accepted and not outcome.refused:
        problem = _("The file has column names and no rows beneath them. Write a mobility in each row.")
        return _page(request, of, problem=problem, status=422)
    kept = kept_files.keep(content, request, what=f"{WHAT}:{of.pk}") if outcome.accepted else ""
    status = 422 if outcome.refused else 200
    return _page(request, of, outcome=outcome, name=clean(file.name or "")[:80], kept=kept, status=status)


@staff_page
@require_safe
def export(request: HttpRequest, reach: Reach, project: int) -> HttpResponse:
    """The project's mobilities with the columns of the sheet; or the columns alone."""
    of = project_of(project)
    kind = request.GET.get("format", "csv")
    if kind not in tables.FILES:
        kind = "csv"
    if "sagatave" in request.GET:
        return tables.answer(kind, "mobilitates-sagatave", mobility_file.sheet([]))
    return tables.answer(kind, "mobilitates", mobility_file.sheet(of.mobilities.with_posts()))


def _take(request: HttpRequest, reach: Reach, project: Project) -> HttpResponse:
    """The good rows of the sheet that was rehearsed; judged once more, since the project may have changed."""
    content = kept_files.kept(request.POST.get("kept", ""), request, what=f"{WHAT}:{project.pk}")
    if content is None:
        return _page(request, project, problem=_("The rehearsal is too old. Choose the file once more."), status=422)
    outcome = _read(content, project, reach, dry_run=False)
    if not outcome.accepted:
        return _page(request, project, outcome=outcome, status=422)
    return redirect(f"{reverse('reporting:desk_project_mobility_file', args=[project.pk])}?nemts={outcome.accepted}")


def _read(content: bytes, project: Project, reach: Reach, *, dry_run: bool) -> mobility_file.Outcome:
    sheet = sheets.read_bytes(content, COLUMNS)
    return mobility_file.take(
        project=project,
        rows=sheet.rows,
        refused=sheet.refused,
        reach=reach,
        today=timezone.localdate(),
        dry_run=dry_run,
    )


def _page(
    request: HttpRequest,
    project: Project,
    *,
    problem: str = "",
    outcome: mobility_file.Outcome | None = None,
    name: str = "",
    kept: str = "",
    taken: int | None = None,
    status: int = 200,
) -> HttpResponse:
    title = _("Mobilities from a table")
    refused = outcome.refused if outcome else []
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "heading": title,
        "project": project,
        "problem": problem,
        "name": name,
        "kept": kept,
        "outcome": outcome,
        "accepted_words": _rows(outcome.accepted) if outcome else "",
        "refused_words": _rows(len({told.line for told in refused})) if outcome else "",
        "taken_words": _rows(taken) if taken is not None else "",
        "refused": [kept_files.told(told) for told in refused[: kept_files.SHOWN]],
        "not_shown": max(0, len(refused) - kept_files.SHOWN),
        "needed": mobility_file.NEEDED,
        "columns": [(column, _meaning(column)) for column in mobility_file.COLUMNS],
    }
    return render(request, "reporting/projects/upload.html", context, status=status)


def _rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def _meaning(column: str) -> Any:
    """What a column holds, in a few words with an example."""
    kinds = "; ".join(f"{kind.value} – {kind.label}, {DAYS[kind][0]}–{DAYS[kind][1]}" for kind in MobilityKind)
    return {
        "ref": _("Its number in the Beneficiary Module; the same again changes the mobility"),
        "kind": _("The code or the name, with the days it may last: %(kinds)s") % {"kinds": kinds},
        "state": _("planned, done or cancelled; left out: planned"),
        "in_grant": _("yes or no: whether it stands in the grant; left out: yes"),
        "post": _("The work e-mail of the post that goes"),
        "participants": _("How many adult learners go, or guests come; of staff 1"),
        "host": _("The receiving organisation, or who gives the course; of guests the one they come from"),
        "country": _("Two letters or the name: FI, Somija; of guests the country they come from"),
        "starts_on": _("First day of activity, without travel: 2027-02-04 or 04.02.2027"),
        "ends_on": _("Last day of activity, without travel"),
        "green_travel": _("yes, no, or ? where it is not known"),
        "virtual_part": _("yes, no or ?"),
        "learning_agreement": _("yes, no or ?"),
        "certificate": _("yes, no or ?"),
        "report": _("The participant's report: not_requested, requested, submitted"),
        "brought_home": _("A few sentences, without names"),
    }.get(column, "")


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
