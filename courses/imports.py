"""Reading a programme file: what its columns are. What the cells mean is decided by ``courses.domain.importing``."""

from pathlib import Path

from courses.domain.importing import KNOWN_COLUMNS, MOST_ROWS, NEEDED
from ecosystem import sheets
from ecosystem.sheets import Sheet

COLUMNS = sheets.Columns(known=KNOWN_COLUMNS, needed=NEEDED, most_rows=MOST_ROWS)


def read(path: Path) -> Sheet:
    """The rows of a CSV or XLSX file. Never raises for what is in the file."""
    return sheets.read(path, COLUMNS)


def read_bytes(content: bytes) -> Sheet:
    """The rows of a CSV or XLSX file's content."""
    return sheets.read_bytes(content, COLUMNS)
