"""Reading a table: bytes in, rows of text out, each with its line; what cannot be read is told, not raised.

Files come from whoever keeps a table: Excel's CSV with a semicolon and a byte order mark, an XLSX whose dates and
telephone codes became numbers, or something that is no table at all. What the cells mean is decided by whoever asked
for the columns; here they only become text.
"""

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from ecosystem.file_rows import Refusal, Row, nearest, refusal

MOST_BYTES = 10 * 1024 * 1024
# A workbook is a zip archive: a few kilobytes can claim to be gigabytes.
MOST_UNPACKED = 60 * 1024 * 1024
MOST_COLUMNS = 100


@dataclass(frozen=True)
class Columns:
    """What a kind of file is made of: its columns, those it cannot do without, how many rows it may have."""

    known: Collection[str]
    needed: Collection[str]
    most_rows: int


@dataclass
class Sheet:
    """What a file holds: its columns, its rows, and what was refused in reading."""

    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class _Unreadable(Exception):
    """The file as a whole, or from a line on, cannot be read."""

    def __init__(self, message: str | Promise, *, line: int = 0, value: str = "", **params: object) -> None:
        super().__init__(str(message))
        self.refusal = refusal(line, "", value, message, **params)


def read(path: Path, columns: Columns) -> Sheet:
    """The rows of a CSV or XLSX file. Never raises for what is in the file."""
    try:
        return read_bytes(_bytes_of(path), columns)
    except _Unreadable as error:
        return Sheet(refused=[error.refusal])


def read_bytes(content: bytes, columns: Columns) -> Sheet:
    """The rows of a CSV or XLSX file's content; which of the two is seen by its first bytes."""
    try:
        if not content.strip():
            raise _Unreadable(_("The file is empty."))
        lines = _workbook_lines(content, columns) if content.startswith(b"PK") else _csv_lines(content, columns)
        return _sheet(lines, columns)
    except _Unreadable as error:
        return Sheet(refused=[error.refusal])


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _Unreadable(_("This is a folder, not a file."), value=str(path))
        if not path.is_file():
            raise _Unreadable(_("There is no such file."), value=str(path))
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise _Unreadable(_("The file cannot be opened."), value=str(path)) from None
    if len(content) > MOST_BYTES:
        raise _Unreadable(_("The file is too large: at most %(most)s MB."), most=MOST_BYTES // 1024**2)
    return content


def _sheet(lines: Iterator[tuple[int, list[str]]], asked: Columns) -> Sheet:
    """Header and rows out of numbered lines of cells; empty lines are passed over."""
    filled = ((number, cells) for number, cells in lines if any(cell.strip() for cell in cells))
    number, header = next(filled, (0, []))
    if not header:
        raise _Unreadable(_("The file is empty."))
    sheet = Sheet(columns=[cell.strip().lower() for cell in header])
    while sheet.columns and not sheet.columns[-1]:
        sheet.columns.pop()
    sheet.refused.extend(_judge_header(sheet.columns, number, asked))
    if any(column not in sheet.columns for column in asked.needed):
        return sheet
    try:
        for number, cells in filled:
            if len(sheet.rows) >= asked.most_rows:
                raise _Unreadable(_("At most %(most)s rows in one file."), line=number, most=asked.most_rows)
            if any(cell.strip() for cell in cells[len(sheet.columns) :]):
                extra = ", ".join(cell for cell in cells[len(sheet.columns) :] if cell.strip())
                message = _("The row has more cells than the header. Is a text with a separator in it not quoted?")
                sheet.refused.append(refusal(number, "", extra, message))
                continue
            sheet.rows.append(Row(line=number, cells=dict(zip(sheet.columns, cells, strict=False))))
    except _Unreadable as error:
        sheet.refused.append(error.refusal)
    return sheet


def _judge_header(columns: list[str], line: int, asked: Columns) -> Iterator[Refusal]:
    seen: set[str] = set()
    for column in columns:
        if column in seen:
            yield refusal(line, column, column, _("The column stands in the file twice."))
        elif column not in asked.known:
            offer = nearest(column, asked.known)
            if offer:
                yield refusal(
                    line, column, column, _("This column is not known. Is %(names)s meant?"), names=", ".join(offer)
                )
            else:
                yield refusal(line, column, column, _("This column is not known."))
        seen.add(column)
    for column in asked.needed:
        if column not in seen:
            yield refusal(line, column, "", _("The column «%(names)s» is needed and missing."), names=column)


def _csv_lines(content: bytes, asked: Columns) -> Iterator[tuple[int, list[str]]]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Unreadable(_("This is an old Excel file. Save it as XLSX, or as CSV in UTF-8."))
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Unreadable(
            _("This is not a table: neither CSV nor XLSX. Save it as one of the two in the spreadsheet program.")
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(
            _("The file is not in UTF-8. Save it as «CSV UTF-8», or as XLSX."),
            line=content.count(b"\n", 0, error.start) + 1,
        ) from None
    return _parsed(text, asked)


def _parsed(text: str, asked: Columns) -> Iterator[tuple[int, list[str]]]:
    head = next((line for line in text.splitlines() if line.strip()), "")
    # The separator is the one by which the header falls into more columns that are known.
    separator = max(
        (",", ";", "\t"),
        key=lambda mark: sum(cell.strip(' "').lower() in asked.known for cell in head.split(mark)),
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _Unreadable(
                _("From this line on the file cannot be read: a quotation mark is missing or stands in a wrong place."),
                line=line,
            ) from None
        yield line, cells
        line = reader.line_num + 1


def _workbook_lines(content: bytes, asked: Columns) -> Iterator[tuple[int, list[str]]]:
    """The lines of a workbook's first sheet that is shown. openpyxl raises nearly anything for a broken file."""
    damaged = _("The workbook is damaged or is not an XLSX file. Open it and save it anew as XLSX.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise _Unreadable(_("The workbook is too large once it is unpacked."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise _Unreadable(_("The workbook has no sheet that is shown."))
        rows = sheets[0].iter_rows(max_row=asked.most_rows * 2, max_col=MOST_COLUMNS, values_only=True)
    except _Unreadable:
        raise
    except Exception:
        raise _Unreadable(damaged) from None
    return _guarded(rows, damaged)


def _guarded(rows: Iterable[tuple[Any, ...]], damaged: str | Promise) -> Iterator[tuple[int, list[str]]]:
    number = 0
    numbered = enumerate(rows, start=1)
    while True:
        try:
            number, values = next(numbered)
            cells = [_text(value) for value in values]
        except StopIteration:
            return
        except Exception:
            raise _Unreadable(damaged, line=number + 1) from None
        yield number, cells


def _text(value: object) -> str:
    """A cell as it would stand in a CSV file: dates as ISO 8601, whole numbers without a point."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.isoformat(timespec="minutes").replace("T00:00", "")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
        case _:
            return str(getattr(value, "text", value) or "")
