"""Sealing: what a report says becomes a version that nobody can change – no function here, no trigger lets it.

Whoever seals has looked at the report first and says what they saw: words changed since, or a report sealed meanwhile, are
told and nothing is sealed. All figures, words and mobilities are read as of one moment; then the report's row is locked and
looked at once more, so of two who seal at once one does and the other is told who did and when.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from coordinators.domain.access import Reach
from reporting.domain import report_content, reports
from reporting.domain.data.sources import at_one_moment
from reporting.domain.report_content import Content
from reporting.domain.report_figures import Source
from reporting.models import Report, ReportText, ReportVersion


class AlreadySealed(Exception):
    """It was sealed a moment before, by somebody else or by one's own first press."""

    def __init__(self, version: ReportVersion) -> None:
        super().__init__(str(version))
        self.version = version


class LookedAtSomethingElse(Exception):
    """Words, name or baseline were changed after one looked."""


def stamp(report: Report, texts: Mapping[str, ReportText]) -> str:
    """What somebody saw who looked at the report: its version, and each saving of its words."""
    said = [
        str(report.version),
        report.title_lv,
        report.title_en,
        str(report.baseline_id),
        f"{report.first_on}/{report.last_on}",
        *(f"{section}:{text.version}" for section, text in sorted(texts.items())),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]


def seal(*, report: int, seen: str, reach: Reach, source: Source, now: datetime) -> ReportVersion:
    """Seal the version that is written; raises ``AlreadySealed``, ``LookedAtSomethingElse``."""
    with at_one_moment():
        found = Report.objects.get(pk=report)
        texts = _seen(found, seen, reach=reach)
        text = report_content.canonical(report_content.compose(found, texts=texts, source=source, now=now))
    with transaction.atomic():
        locked = Report.objects.select_for_update(of=("self",)).get(pk=report)
        _seen(locked, seen, reach=reach)
        version = ReportVersion.objects.create(
            report=locked,
            number=locked.version,
            content=text,
            checksum=report_content.checksum(text),
            sealed_at=now,
            sealed_by=reach.user,
        )
        locked.sealed_at = now
        locked.save(update_fields=["sealed_at"])
    return version


def _seen(report: Report, seen: str, *, reach: Reach) -> dict[str, ReportText]:
    """The words of a report that may be sealed and is as it was looked at; raises what ``seal`` does."""
    reports.refuse_others(reach, report.department_id)
    if not report.is_open:
        raise AlreadySealed(report.versions.select_related("sealed_by").get(number=report.version))
    texts = reports.texts_of(report)
    if stamp(report, texts) != seen:
        raise LookedAtSomethingElse
    return texts


def content_of(version: ReportVersion) -> Content:
    """What a sealed version says."""
    return report_content.read(version.content)


def is_whole(version: ReportVersion) -> bool:
    """Whether the checksum is that of the content: it always is, unless somebody got round the database."""
    return report_content.checksum(version.content) == version.checksum
