"""The programme file at the desk: a rehearsal row by row, then taken; the template; the export."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from centres.models import Centre
from coordinators.domain.access import Reach
from courses import imports, programme_file
from courses.domain import importing, programme, rights
from courses.enums import ActivityStatus
from courses.views import kept_files
from courses.views.staff import staff_page
from ecosystem.models import Department, Parish
from ecosystem.text import clean

WHAT = "programme-file"
SHOWN = kept_files.SHOWN


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, reach: Reach) -> HttpResponse:
    """A file is judged row by row; then its good rows are taken."""
    if request.method != "POST":
        return _page(request, reach, taken=_count(request.GET.get("nemts", "")))
    if "take" in request.POST:
        return _take(request, reach)
    file = request.FILES.get("file")
    problem = kept_files.unfit(file if isinstance(file, UploadedFile) else None)
    if problem or not isinstance(file, UploadedFile):
        return _page(request, reach, problem=problem, status=422)
    content = file.read()
    sheet = imports.read_bytes(content)
    outcome = _import(sheet, reach, dry_run=True)
    if not outcome.accepted and not outcome.refused:
        problem = _("The file has column names and no rows beneath them. Write an activity in each row.")
        return _page(request, reach, problem=problem, status=422)
    return _page(
        request,
        reach,
        outcome=outcome,
        name=clean(file.name or "")[:80],
        kept=kept_files.keep(content, request, what=WHAT) if outcome.accepted else "",
        status=422 if outcome.refused else 200,
    )


@staff_page
@require_safe
def export(request: HttpRequest, reach: Reach) -> HttpResponse:
    """What the reader sees of the programme, with the columns of the programme file; or the columns alone."""
    kind = request.GET.get("format", "csv")
    if kind not in programme_file.FILES:
        kind = "csv"
    if "sagatave" in request.GET:
        return _attachment(programme_file.FILES[kind]([]), kind, "programma-sagatave")
    found = programme_file.chosen(
        rights.seen_by(reach),
        departments=_codes(request.GET, "nodala"),
        parishes=_codes(request.GET, "pagasts"),
        since=_day(request.GET.get("no", "")),
        until=_day(request.GET.get("lidz", "")),
        statuses=[status for status in request.GET.getlist("statuss") if status in ActivityStatus.values],
    )
    content = programme_file.FILES[kind](programme_file.rows(found))
    return _attachment(content, kind, f"programma-{timezone.localdate():%Y-%m-%d}")


def _take(request: HttpRequest, reach: Reach) -> HttpResponse:
    """The good rows of the file that was rehearsed; judged once more, since the programme may have changed."""
    content = kept_files.kept(request.POST.get("kept", ""), request, what=WHAT)
    if content is None:
        return _page(request, reach, problem=_("The rehearsal is too old. Choose the file once more."), status=422)
    outcome = _import(imports.read_bytes(content), reach, dry_run=False)
    if not outcome.accepted:
        return _page(request, reach, outcome=outcome, name="", kept="", status=422)
    return redirect(f"{reverse('courses:desk_upload')}?nemts={outcome.accepted}")


def _import(sheet: imports.Sheet, reach: Reach, *, dry_run: bool) -> importing.Outcome:
    def may(lead: Department, parish: Parish, centre: Centre | None) -> bool:
        return programme.may_plan(reach=reach, lead=lead.pk, parish=parish.pk, centre=centre.pk if centre else None)

    return importing.import_rows(
        rows=sheet.rows,
        columns=sheet.columns,
        refused=sheet.refused,
        now=timezone.now(),
        partial=True,
        dry_run=dry_run,
        may=may,
        by=reach.user,
    )


def _page(
    request: HttpRequest,
    reach: Reach,
    *,
    problem: str = "",
    outcome: importing.Outcome | None = None,
    name: str = "",
    kept: str = "",
    taken: int | None = None,
    status: int = 200,
) -> HttpResponse:
    title = _("Programme file")
    refused = outcome.refused if outcome else []
    lines = {told.line for told in refused}
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "problem": problem,
        "name": name,
        "kept": kept,
        "outcome": outcome,
        "accepted_words": _rows(outcome.accepted) if outcome else "",
        "refused_words": _rows(len(lines)) if outcome else "",
        "taken_words": _rows(taken) if taken is not None else "",
        "refused": [kept_files.told(told) for told in refused[:SHOWN]],
        "not_shown": max(0, len(refused) - SHOWN),
        "held": [kept_files.told(told) for told in (outcome.held if outcome else [])[:SHOWN]],
        "begun": [kept_files.told(told) for told in (outcome.begun if outcome else [])[:SHOWN]],
        "needed": importing.NEEDED,
        "columns": [(column, _meaning(column)) for column in importing.COLUMNS],
        "departments": Department.objects.current(),
        "parishes": Parish.objects.current(),
        "mine": {"departments": reach.departments, "parishes": reach.parish_codes},
        "statuses": [(value, label) for value, label in ActivityStatus.choices],
        "writable": programme.WRITABLE,
    }
    return render(request, "courses/planning/upload.html", context, status=status)


def _rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def _meaning(column: str) -> str:
    """What a column holds, in a few words with an example."""
    return {
        "ref": _("Your own number; the same again changes the activity"),
        "department": "MUZ, JAU, LAB",
        "partner_departments": _("JAU;LAB: they are asked, and it is joint when they accept"),
        "parish": _("A name or a code: Elejas pagasts"),
        "centre": _("A centre of the parish, by its name"),
        "room": _("A room of the centre"),
        "kind": "educational, leisure, counselling",
        "format": "in_person, online, hybrid",
        "topic": _("A code or a name"),
        "competences": _("Codes, with semicolons between"),
        "audiences": "adults;seniors",
        "language": "lv, en, ru, uk",
        "fee_eur": "12.50",
        "registration_opens": "2027-01-12T09:00",
        "registration_closes": "2027-02-03",
        "coordinator_email": _("The work e-mail of a post"),
        "sessions": "2027-02-04T10:00/12:15;2027-02-11T10:00/12:15",
        "status": "draft, planned, published, completed",
        "drop_in": _("yes or no"),
        "needs_approval": _("yes or no"),
        "asks_confirmation": _("yes or no"),
    }.get(column, "")


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=programme_file.CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _codes(given: QueryDict, name: str) -> list[str]:
    return [code for code in given.getlist(name) if code and "\x00" not in code]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
