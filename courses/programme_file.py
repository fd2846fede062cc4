"""The programme file on its way out: the columns that the importer takes, so that an export taken back changes nothing.

CSV has a byte order mark and semicolons, since that is what Excel here opens without asking; XLSX has text cells only,
never a formula.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta

import xlsxwriter
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from courses.domain import cells, programme
from courses.domain.importing import COLUMNS, NUMBERED
from courses.models import Activity, Session

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def chosen(
    activities: QuerySet[Activity],
    *,
    departments: Collection[str] = (),
    parishes: Collection[str] = (),
    since: date | None = None,
    until: date | None = None,
    statuses: Collection[str] = (),
) -> QuerySet[Activity]:
    """Which activities to write: what a file may change, unless other standings are asked for."""
    found = activities.filter(status__in=statuses or programme.WRITABLE)
    if departments:
        found = found.filter(lead__in=departments)
    if parishes:
        found = found.filter(parish__in=parishes)
    if since is not None:
        found = found.filter(ends_at__gte=_midnight(since))
    if until is not None:
        found = found.filter(starts_at__lt=_midnight(until) + timedelta(days=1))
    return found


def rows(activities: QuerySet[Activity]) -> Iterator[dict[str, str]]:
    """Each activity as a row, its columns as text; a fixed number of queries a thousand activities."""
    found = activities.select_related("parish", "centre", "contact__holder").prefetch_related(
        "partners",
        "partner_requests",
        "audiences",
        "competences",
        Prefetch("sessions", queryset=Session.objects.live().select_related("room").order_by("starts_at", "pk")),
    )
    for activity in found.order_by("starts_at", "pk").iterator(chunk_size=1000):
        yield _row(activity)


def csv_file(rows: Iterable[dict[str, str]]) -> bytes:
    """As CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cells.guarded(row[column]) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterable[dict[str, str]]) -> bytes:
    """As a workbook."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet("programma")
        bold = book.add_format({"bold": True})
        as_text = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 18, as_text)
        sheet.write_row(0, 0, COLUMNS, bold)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(COLUMNS):
                if row[column]:
                    sheet.write_string(number, place, row[column], as_text)
    return content.getvalue()


FILES = {"csv": csv_file, "xlsx": xlsx_file}


def _row(activity: Activity) -> dict[str, str]:
    sessions = list(activity.sessions.all())
    rooms = {session.room for session in sessions}
    only = rooms.pop() if len(rooms) == 1 else None
    contact = activity.contact
    email = (contact.email or (contact.holder.email if contact.holder else "")) if contact else ""
    texts = {
        f"{name}{'' if language == 'lv' else f'_{language}'}": getattr(activity, f"{name}_{language}") or ""
        for name in ("title", "summary")
        for language in ("lv", "en", "ru", "uk")
    }
    return {
        **texts,
        "ref": activity.ref or f"{NUMBERED}{activity.pk}",
        "department": activity.lead_id,
        # Those asked too: taken back, the file asks nobody twice and takes nobody out.
        "partner_departments": _codes(
            {
                *(partner.pk for partner in activity.partners.all()),
                *(one.department_id for one in activity.partner_requests.all() if one.is_open),
            }
        ),
        "parish": activity.parish.name,
        "centre": activity.centre.name if activity.centre else "",
        "room": only.name if only else "",
        "kind": activity.kind,
        "format": activity.format,
        "topic": activity.topic_id,
        "competences": _codes(competence.pk for competence in activity.competences.all()),
        "audiences": _codes(audience.pk for audience in activity.audiences.all()),
        "age_min": _number(activity.age_min),
        "age_max": _number(activity.age_max),
        "level": activity.level,
        "language": activity.language,
        "capacity": _number(activity.capacity),
        "min_participants": _number(activity.min_participants),
        "fee_eur": f"{activity.fee_eur:.2f}",
        "registration_opens": _moment(activity.registration_opens_at),
        "registration_closes": _moment(activity.registration_closes_at),
        "coordinator_email": email,
        "sessions": ";".join(_meeting(session.starts_at, session.ends_at) for session in sessions),
        "status": activity.status,
        "drop_in": "yes" if activity.is_drop_in else "no",
        "needs_approval": "yes" if activity.needs_approval else "no",
        "asks_confirmation": "yes" if activity.asks_confirmation else "no",
    }


def _midnight(day: date) -> datetime:
    # No programme reaches so far, and the calendar ends soon after.
    day = min(max(day, FIRST_DAY), LAST_DAY)
    return timezone.make_aware(datetime.combine(day, time()))


def _codes(codes: Iterable[str]) -> str:
    return ";".join(sorted(codes))


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" if moment else ""


def _meeting(starts_at: datetime, ends_at: datetime) -> str:
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    same_day = start.date() == end.date()
    return f"{start:%Y-%m-%dT%H:%M}/{end:%H:%M}" if same_day else f"{start:%Y-%m-%dT%H:%M}/{end:%Y-%m-%dT%H:%M}"
