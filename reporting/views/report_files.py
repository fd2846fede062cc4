"""A report as files: what is written now, marked as a draft, or a sealed version. In the language asked for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses.documents.press import Busy
from courses.views.papers import wait
from courses.views.staff import staff_page
from reporting.documents import report_docx, report_pdf, report_xlsx
from reporting.domain import report_sealing, report_shown, report_words, reports
from reporting.domain.report_content import Content
from reporting.models import Report
from reporting.views.report_page import composed
from reporting.views.report_sealing import sealed_by_words, version_of
from reporting.views.reports import report_of

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@staff_page
def draft(request: HttpRequest, reach: Reach, pk: int, kind: str) -> HttpResponse:
    """What is written now."""
    report = report_of(pk)
    content = composed(report, reports.texts_of(report), now=timezone.now())
    return _file(request, report, content, kind)


@require_safe
@staff_page
def sealed(request: HttpRequest, reach: Reach, pk: int, number: int, kind: str) -> HttpResponse:
    """A sealed version, made of what it keeps."""
    report = report_of(pk)
    version = version_of(report, number)
    with translation.override(_language(request)):
        said = sealed_by_words(version)
    content = report_sealing.content_of(version)
    return _file(request, report, content, kind, sealed=said, checksum=version.checksum)


def _file(
    request: HttpRequest, report: Report, content: Content, kind: str, *, sealed: str = "", checksum: str = ""
) -> HttpResponse:
    if kind not in TYPES:
        raise Http404(_("There is no such file."))
    language = _language(request)
    with translation.override(language):
        shown = report_shown.shown(content)
        try:
            if kind == "pdf":
                made = report_pdf.print_report(shown, sealed=sealed, checksum=checksum)
            elif kind == "docx":
                made = report_docx.write_report(shown, sealed=sealed, checksum=checksum)
            else:
                made = report_xlsx.write_workbook(shown, content, sealed=sealed, checksum=checksum)
        except Busy:
            made = b""
    if not made:
        return wait(request, status=503)
    response = HttpResponse(made, content_type=TYPES[kind])
    state = f"v{content['number']}" if sealed else "melnraksts" if language == "lv" else "draft"
    name = f"parskats-{report.pk}-{content['period'][0]}-{content['period'][1]}-{state}-{language}"
    where = "inline" if kind == "pdf" else "attachment"
    response["Content-Disposition"] = f'{where}; filename="{name}.{kind}"'
    return response


def _language(request: HttpRequest) -> str:
    """The language asked for, otherwise the reader's."""
    asked = request.GET.get("valoda", "")
    return asked if asked in ("lv", "en") else report_words.language()
