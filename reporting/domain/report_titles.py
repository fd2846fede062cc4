"""What a report is called: its own name, or one made of its kind and its days."""

from django.utils.translation import gettext as _

from ecosystem import dates
from reporting.domain.report_figures import Names, both
from reporting.models import Report


def title(report: Report) -> Names:
    """In both languages."""
    own = {"lv": report.title_lv, "en": report.title_en or report.title_lv}
    if own["lv"]:
        return own
    return both(lambda: made(report))


def made(report: Report) -> str:
    """Of its kind and its days, in the language in force; the department is told beside it."""
    if report.kind == Report.Kind.YEAR:
        return _("Report of the year %(year)s") % {"year": report.first_on.year}
    if report.kind == Report.Kind.QUARTER:
        quarter = (report.first_on.month + 2) // 3
        return _("Report of quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": report.first_on.year}
    if report.kind == Report.Kind.PROJECT:
        name = report.project.name if report.project else ""
        return _("Final report of the project «%(name)s»") % {"name": name}
    return _("Report: %(period)s") % {"period": dates.period(report.first_on, report.last_on)}
