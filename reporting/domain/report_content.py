"""What a report says, as one document: the draft's page, the sealed version and every file are made of it and of nothing else.

It is plain data – texts in both languages, numbers, codes – so that it can be written down as canonical JSON (keys in their
order, no spaces, nothing that is not a number) and summed. It names nobody: who wrote and sealed stands beside it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from reporting.domain import report_comparing, report_project, report_sections
from reporting.domain.data import reading
from reporting.domain.figures import Asked, Period
from reporting.domain.report_figures import LANGUAGES, Names, Source, both, draw
from reporting.domain.report_titles import title
from reporting.models import Report, ReportText

# Raised when the document's shape changes: an old one is read as it was written.
FORMAT = 1
Content = dict[str, Any]


def compose(report: Report, *, texts: Mapping[str, ReportText], source: Source, now: datetime) -> Content:
    """The report as it stands: its figures asked now, its words as they are saved."""
    with reading.together():
        return _compose(report, texts=texts, source=source, now=now)


def _compose(report: Report, *, texts: Mapping[str, ReportText], source: Source, now: datetime) -> Content:
    sections = report_sections.of(report.kind)
    asked = asked_of(report)
    counted = to_today(asked, today=timezone.localdate(now))
    project = report.project.code if report.project else ""
    drawn = draw(sections, asked=asked, counted=counted, source=source, project=project)
    return {
        "format": FORMAT,
        "kind": report.kind,
        "titles": title(report),
        "period": [report.first_on.isoformat(), report.last_on.isoformat()],
        "department": _department(report),
        "project": report_project.told(report.project, asked=asked, counted=counted, source=source)
        if report.project
        else None,
        "number": report.version,
        "drawn_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "state": source.state(on=report.last_on),
        "sections": [
            {
                "code": section.code,
                "titles": both(lambda section=section: str(section.title)),  # type: ignore[misc]
                "asks": both(lambda section=section: str(section.asks)),  # type: ignore[misc]
                "words": _words(texts.get(section.code)),
                "figures": drawn[section.code],
                "compared": (
                    report_comparing.compare(report.baseline, asked=asked, source=source)
                    if section.compares and report.baseline is not None
                    else None
                ),
                "compares": section.compares,
            }
            for section in sections
        ],
    }


def asked_of(report: Report) -> Asked:
    """What is asked of every indicator: the report's days, its department's part where it is a department's."""
    asked = Asked(Period(report.first_on, report.last_on))
    return asked.within(department=(report.department_id,)) if report.department_id else asked


def to_today(asked: Asked, *, today: date) -> Asked:
    """Of a period that goes on what there is to this day, as the dashboard counts it."""
    first, last = asked.period.first, asked.period.last
    return asked.during(Period(first, max(first, min(last, today))))


def canonical(content: Content) -> str:
    """The document letter by letter: the same content always gives the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def checksum(text: str) -> str:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Content:
    """A sealed document."""
    found: Content = json.loads(text)
    return found


def _words(text: ReportText | None) -> Names:
    return {"lv": text.lv, "en": text.en} if text else dict.fromkeys(LANGUAGES, "")


def _department(report: Report) -> dict[str, Any] | None:
    if report.department is None:
        return None
    department = report.department
    return {"code": department.pk, "names": both(lambda: str(department.name))}
