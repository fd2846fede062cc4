"""A table as a file to download: CSV or a workbook. Nothing in it becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

from courses.domain import cells

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """As CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerows([cells.guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterable[Sequence[str]]) -> bytes:
    """As a workbook, its first row the names of the columns."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet()
        bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 20, 20, as_text)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell[:32_000], as_text if number else bold)
    return content.getvalue()


FILES = {"csv": csv_file, "xlsx": xlsx_file}


def answer(kind: str, name: str, rows: Iterable[Sequence[str]]) -> HttpResponse:
    """The table as a file to keep, named by its day."""
    response = HttpResponse(FILES[kind](rows), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return response
