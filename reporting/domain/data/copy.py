"""The copy: the tables of figures in a column store (DuckDB), a file made anew whole and swapped at once.

It can be lost and made again at any time; nothing is written to it but by making it. Readers keep the file they have
open until a newer one stands. Where there is none, PostgreSQL answers the same questions, slower.
"""

import os
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from reporting.domain.data.sources import written
from reporting.domain.data.tables import DERIVED, TABLES

# The oldest that figures may be, and how much of the time may go into copying when news comes.
OLDEST = timedelta(minutes=5)
SHARE = 10
# So many answers each process remembers of a copy.
REMEMBERED = 4096
_TYPES = {
    16: "BOOLEAN",
    20: "BIGINT",
    21: "SMALLINT",
    23: "INTEGER",
    25: "VARCHAR",
    701: "DOUBLE",
    1043: "VARCHAR",
    1082: "DATE",
    1700: "DOUBLE",
}
# As PostgreSQL writes it: what is quoted is a text, what is nothing is nothing.
_AS_WRITTEN = """auto_detect=false, header=false, delim=',', quote='"', escape='"', nullstr=''"""
# In the order that questions of a period read them: a span of days is a span of rows.
_ORDER = {"came": "held_on, session", "held": "held_on, session", "registered": "registered_on"}


class Copy:
    """A copy that stands; its rows are as of ``at``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.at = _moment(path)
        self._store = duckdb.connect(str(path), read_only=True, config={"threads": 2, "memory_limit": "1GB"})
        self._own = threading.local()
        # A copy never changes: what was asked of it once has the same answer as long as it stands.
        self._answered = lru_cache(maxsize=REMEMBERED)(self._ask)

    def rows(self, sql: str, values: Sequence[Any], *, tables: Iterable[str]) -> list[tuple[Any, ...]]:
        """The rows, from memory where the same was asked of this copy before."""
        return list(self._answered(sql, tuple(values)))

    def _ask(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Each thread asks by a cursor of its own."""
        cursor = getattr(self._own, "cursor", None)
        if cursor is None:
            cursor = self._own.cursor = self._store.cursor()
        return cursor.execute(sql.replace("%s", "?").replace("%%", "%"), list(values)).fetchall()

    def forget(self) -> None:
        """What was answered is asked anew: for measuring."""
        self._answered.cache_clear()

    def close(self) -> None:
        """Let the file go."""
        self._store.close()


_lock = threading.Lock()
_open: Copy | None = None


def current() -> Copy | None:
    """The newest copy, opened once a process; None where there is none that can be read."""
    global _open
    path = _newest()
    if path is None:
        return None
    if _open is not None and _open.path == path:
        return _open
    with _lock:
        if _open is None or _open.path != path:
            try:
                _open = Copy(path)
            except (duckdb.Error, OSError):
                # Swapped away between looking and opening: the next question finds the newer.
                return None
    return _open


def make(*, now: datetime) -> Path:
    """Make the copy anew from the rows as they stand, and swap it in; the file."""
    folder: Path = settings.FIGURES_DIR
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{int(now.timestamp() * 1000):015d}.duckdb"
    made = path.with_suffix(f".{os.getpid()}")
    began = time.monotonic()
    try:
        whole = not connection.in_atomic_block
        with duckdb.connect(str(made)) as store, transaction.atomic():
            with connection.cursor() as cursor:
                if whole:
                    # All tables as of one moment.
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                texts = written(TABLES, cursor.mogrify, at=now)
            for name, select in texts.items():
                _copy_table(store, name, select, folder)
            for name, (_asked, select) in DERIVED.items():
                store.execute(f"CREATE TABLE {name} AS {select}")
            store.execute("CREATE TABLE made (seconds DOUBLE)")
            store.execute("INSERT INTO made VALUES (?)", [time.monotonic() - began])
        made.rename(path)
    finally:
        made.unlink(missing_ok=True)
    for old in sorted(folder.glob("*.duckdb"))[:-2]:
        # One older stays for whoever looked a moment ago; open files live until they are let go.
        old.unlink(missing_ok=True)
    return path


def renew(*, now: datetime) -> bool:
    """Make it anew if it is old, or if there is news and copying takes little of the time; whether it was made."""
    standing = current()
    if standing is not None:
        took = standing.rows("SELECT seconds FROM made", (), tables=())[0][0]
        if now - standing.at < min(OLDEST, timedelta(seconds=took * SHARE)):
            return False
    make(now=now)
    return True


def _copy_table(store: duckdb.DuckDBPyConnection, name: str, asked: str, folder: Path) -> None:
    """Rows go by a file of text: both sides read and write that fastest."""
    text = folder / f"{name}.{os.getpid()}.csv"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({asked.replace('%', '%%')}) AS asked LIMIT 0", [])
            columns = {column.name: _TYPES[column.type_code] for column in cursor.description}
            with text.open("wb") as file, cursor.copy(f"COPY ({asked}) TO STDOUT (FORMAT csv)") as rows:
                for piece in rows:
                    file.write(piece)
        words = [column for column, kind in columns.items() if kind == "VARCHAR"]
        filled = ", force_not_null=?" if words else ""
        order = f" ORDER BY {_ORDER[name]}" if name in _ORDER else ""
        store.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, {_AS_WRITTEN}, columns=?{filled}){order}",
            [str(text), columns, *([words] if words else [])],
        )
    finally:
        text.unlink(missing_ok=True)


def _newest() -> Path | None:
    return max(Path(settings.FIGURES_DIR).glob("*.duckdb"), default=None)


def _moment(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stem) / 1000, tz=UTC).astimezone(timezone.get_default_timezone())
