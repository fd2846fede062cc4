"""Reading a baseline's table: what its columns are. What the cells mean is decided by ``reporting.domain.baseline_file``."""

from ecosystem import sheets
from ecosystem.sheets import Sheet
from reporting.domain import baseline_file

COLUMNS = sheets.Columns(known=baseline_file.COLUMNS, needed=baseline_file.NEEDED, most_rows=baseline_file.MOST_ROWS)


def read_bytes(content: bytes) -> Sheet:
    """The rows of a CSV or XLSX file's content."""
    return sheets.read_bytes(content, COLUMNS)
