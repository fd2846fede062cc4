"""Reports are begun, written and begun anew: who may, what is refused, and nobody's words are lost.

- Heads of department, project managers and administrators make reports and seal them; everybody with a post reads. A report
  of one department is written by its own head; that of the whole by any of them.
- Of a year or a quarter there is one report a department: whoever begins a second is told of the first.
- Words are saved a section at a time, each saying which saving it saw. Who comes second is shown both, and loses nothing.
- What is sealed takes no words: the next version is begun first. What a sealed version is of (days, department) stays.
- A report that was never sealed may be thrown away.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from coordinators.models import Post, Project
from ecosystem.models import Department
from reporting.domain import report_sections
from reporting.models import Baseline, Report, ReportText

# A few pages of one section: what is longer belongs into an annex.
LONGEST_WORDS = 20_000
LONGEST_PERIOD = 366 * 10
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Refused(ValidationError):
    """What is not taken, by field, in words fit to show."""


class AlreadyThere(Exception):
    """There is such a report already."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


class Sealed(Exception):
    """The report is sealed: what was written is not saved."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


class ChangedMeanwhile(Exception):
    """Somebody else has saved these words since; ``current`` is what they wrote."""

    def __init__(self, current: ReportText | None) -> None:
        super().__init__(str(current))
        self.current = current


def writes_any(reach: Reach) -> bool:
    """Whether one makes reports at all."""
    kinds = {post.kind for post in reach.posts}
    return bool(kinds & {Post.Kind.HEAD, Post.Kind.PROJECT_MANAGER, Post.Kind.ADMINISTRATOR})


def may_write(reach: Reach, department: str | None) -> bool:
    """Whether one writes and seals the report of this department; of the whole: None."""
    if reach.is_administrator or any(post.kind == Post.Kind.PROJECT_MANAGER for post in reach.posts):
        return True
    return bool(reach.headed) and (department is None or department in reach.headed)


def departments_for(reach: Reach) -> list[Department]:
    """Of which departments one may begin a report."""
    return [one for one in Department.objects.current() if may_write(reach, one.pk)]


def year(number: int) -> tuple[date, date]:
    """The days of a year."""
    return date(number, 1, 1), date(number, 12, 31)


def quarter(number: int, *, of: int) -> tuple[date, date]:
    """The days of a quarter, 1 to 4."""
    first = date(of, number * 3 - 2, 1)
    following = date(of + 1, 1, 1) if number == 4 else date(of, number * 3 + 1, 1)
    return first, following - timedelta(days=1)


def check_period(kind: str, first_on: date, last_on: date) -> None:
    """What is wrong with the days of a report; raises ``Refused``."""
    if last_on < first_on:
        raise Refused({"last_on": ValidationError(_("The period would end before it begins."))})
    if first_on.year < FIRST_YEAR or last_on.year > LAST_YEAR:
        raise Refused({"first_on": ValidationError(_("A report is of days between 2000 and 2100."))})
    if (last_on - first_on).days > LONGEST_PERIOD:
        raise Refused({"last_on": ValidationError(_("A report is of ten years at most."))})
    if kind == Report.Kind.YEAR and (first_on, last_on) != year(first_on.year):
        raise Refused({"first_on": ValidationError(_("A year begins on 1 January and ends on 31 December."))})
    if kind == Report.Kind.QUARTER and (first_on, last_on) != quarter((first_on.month + 2) // 3, of=first_on.year):
        raise Refused(
            {"first_on": ValidationError(_("A quarter is three months, from January, April, July or October."))}
        )


def create(
    *,
    kind: str,
    first_on: date,
    last_on: date,
    department: Department | None,
    titles: Mapping[str, str],
    baseline: Baseline | None,
    project: Project | None = None,
    form_key: UUID | None = None,
    reach: Reach,
    now: datetime,
) -> Report:
    """A report to be written. A second press of the same form gives the same report; raises ``AlreadyThere``."""
    refuse_others(reach, department.pk if department else None)
    if form_key is not None and (made := Report.objects.filter(form_key=form_key).first()) is not None:
        return made
    check_period(kind, first_on, last_on)
    if (kind == Report.Kind.PROJECT) != (project is not None):
        raise Refused({"project": ValidationError(_("Choose the project that the report is of."))})
    report = Report(
        kind=kind,
        title_lv=titles.get("lv", ""),
        title_en=titles.get("en", ""),
        first_on=first_on,
        last_on=last_on,
        department=department,
        project=project,
        baseline=baseline,
        form_key=form_key,
        created_at=now,
        created_by=reach.user,
    )
    report.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        there = Report.objects.filter(form_key=form_key).first() if form_key else None
        if there is not None:
            return there
        there = _same(report)
        if there is None:
            raise
        raise AlreadyThere(there) from None
    return report


@transaction.atomic
def change(
    *, report: int, titles: Mapping[str, str], baseline: Baseline | None, period: tuple[date, date] | None, reach: Reach
) -> Report:
    """Another name, another baseline; other days as long as nothing was sealed. Raises ``Sealed``."""
    locked = _locked(report, reach)
    if not locked.is_open:
        raise Sealed(locked)
    if period is not None and period != (locked.first_on, locked.last_on):
        if locked.version > 1:
            raise Refused({"last_on": ValidationError(_("A version is sealed: the days of the report stay."))})
        check_period(locked.kind, *period)
        locked.first_on, locked.last_on = period
    locked.title_lv, locked.title_en = titles.get("lv", ""), titles.get("en", "")
    locked.baseline = baseline
    locked.save(update_fields=["title_lv", "title_en", "baseline", "first_on", "last_on"])
    return locked


@transaction.atomic
def keep_words(
    *, report: int, section: str, words: Mapping[str, str], seen: int, reach: Reach, now: datetime
) -> ReportText:
    """Save a section's words over the saving that was seen (0: there was none); raises ``Sealed``, ``ChangedMeanwhile``.

    The report's row is locked, so that nothing is written while it is being sealed.
    """
    locked = _locked(report, reach)
    if not report_sections.has(locked.kind, section):
        raise Refused({"section": ValidationError(_("The report has no such section."))})
    if not locked.is_open:
        raise Sealed(locked)
    for language, said in words.items():
        if len(said) > LONGEST_WORDS:
            raise Refused(
                {
                    language: ValidationError(
                        _("The text has %(length)s characters; at most %(most)s fit."),
                        params={"length": len(said), "most": LONGEST_WORDS},
                    )
                }
            )
    text = ReportText.objects.filter(report=locked, section=section).first()
    here = {"lv": words.get("lv", ""), "en": words.get("en", "")}
    if text is not None and {"lv": text.lv, "en": text.en} == here:
        return text
    if (text.version if text else 0) != seen:
        raise ChangedMeanwhile(text)
    if text is None:
        text = ReportText(report=locked, section=section, version=0)
    text.lv, text.en, text.version = here["lv"], here["en"], text.version + 1
    text.changed_at, text.changed_by = now, reach.user
    text.save()
    return text


@transaction.atomic
def begin_next(*, report: int, seen: int, reach: Reach) -> Report:
    """Begin the version after the sealed one; pressed twice it is begun once."""
    locked = _locked(report, reach)
    if not locked.is_open and locked.version == seen:
        locked.version, locked.sealed_at = locked.version + 1, None
        locked.save(update_fields=["version", "sealed_at"])
    return locked


@transaction.atomic
def discard(*, report: int, reach: Reach) -> None:
    """Throw a report away of which nothing was ever sealed."""
    locked = _locked(report, reach)
    if locked.versions.exists():
        raise Refused(_("A version of this report is sealed: it is kept."))
    locked.delete()


def _same(report: Report) -> Report | None:
    """The report that stands in the place of this one; of other days there is none."""
    same = Report.objects.filter(kind=report.kind, department=report.department)
    if report.kind == Report.Kind.PROJECT:
        return same.filter(project=report.project).first()
    if report.kind == Report.Kind.FREE:
        return None
    return same.filter(first_on=report.first_on, last_on=report.last_on).first()


def texts_of(report: Report) -> dict[str, ReportText]:
    """The words of a report by section, with who wrote them."""
    return {text.section: text for text in report.texts.select_related("changed_by").order_by("pk")}


def _locked(report: int, reach: Reach) -> Report:
    """The report's row, locked; refused to who only reads it."""
    found = Report.objects.select_for_update(of=("self",)).get(pk=report)
    refuse_others(reach, found.department_id)
    return found


def refuse_others(reach: Reach, department: str | None) -> None:
    """Who only reads the reports of this department changes none."""
    if not may_write(reach, department):
        raise PermissionDenied(
            _(
                "Reports are written by the head of the department, project managers and administrators; you can read them."
            )
        )


def filled(sections: Mapping[str, Any]) -> int:
    """In how many sections there are words in both languages."""
    return sum(1 for text in sections.values() if text.lv and text.en)
