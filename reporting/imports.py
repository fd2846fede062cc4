"""Reading a baseline's table: what its columns are. What the cells mean is decided by ``reporting.domain.baseline_file``."""

from courses import imports
from courses.imports import Sheet
from reporting.domain import baseline_file


def read_bytes(content: bytes) -> Sheet:
    """The rows of a CSV or XLSX file's content."""
    return imports.read_bytes(content, known=baseline_file.COLUMNS, needed=baseline_file.NEEDED)
