"""Tables of figures as files, each with a note on handling. Nothing in them becomes a formula.

In files numbers of one to four people are hidden, for a file goes where its maker does not see it.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from django.http import HttpResponse

from courses.domain import cells
from courses.tables import TYPES
from ecosystem.dates import is_latvian
from ecosystem.text import fold

KINDS = ("csv", "xlsx")
Value = str | float


@dataclass(frozen=True)
class Sheet:
    """A table to be taken away: its name, its rows with their head, and what one has to know of it."""

    name: str
    title: str
    rows: Sequence[Sequence[Value]]
    notes: Sequence[str]


def answer(kind: str, sheet: Sheet) -> HttpResponse:
    """As CSV or as a workbook."""
    content = _csv(sheet) if kind == "csv" else _xlsx(sheet)
    response = HttpResponse(content, content_type=TYPES[kind])
    name = "-".join(fold(sheet.name).split())
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _csv(sheet: Sheet) -> bytes:
    """The table first, so that programs read it; the notes beneath, after an empty line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerows([_text(one) for one in row] for row in sheet.rows)
    writer.writerow([])
    writer.writerows([cells.guarded(note)] for note in (sheet.title, *sheet.notes))
    return text.getvalue().encode("utf-8-sig")


def _text(value: Value) -> str:
    """A number with the reader's comma, as a spreadsheet of that language reads it; a text that is no formula."""
    if isinstance(value, str):
        return cells.guarded(value)
    text = f"{value:g}" if abs(value) < 1e6 else f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if is_latvian() else text


def _xlsx(sheet: Sheet) -> bytes:
    """The table on one sheet, the notes on another; numbers are numbers."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        table, notes = book.add_worksheet("Tabula"), book.add_worksheet("Piezīmes")
        table.freeze_panes(1, 1)
        table.set_column(0, 0, 34)
        table.set_column(1, 40, 16)
        for place, row in enumerate(sheet.rows):
            for across, text in enumerate(row):
                if isinstance(text, str):
                    table.write_string(place, across, text[:32_000], wrapped if place else bold)
                else:
                    table.write_number(place, across, text)
        notes.set_column(0, 0, 90, wrapped)
        for place, text in enumerate((sheet.title, *sheet.notes)):
            notes.write_string(place, 0, text[:32_000], wrapped if place else bold)
    return content.getvalue()
