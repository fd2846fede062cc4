"""Where figures are read: in PostgreSQL as things stand, or in the copy. Both answer the same SQL."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from reporting.domain import limits
from reporting.domain.data import reading
from reporting.domain.data import tables as all_tables


class Source(Protocol):
    """Answers questions put to the tables."""

    # As of when its rows are.
    at: datetime

    def rows(self, sql: str, values: Sequence[Any], *, tables: Iterable[str]) -> list[tuple[Any, ...]]:
        """The rows of a SELECT with ``%s`` for each of ``values``, over these tables."""
        ...


class Postgres:
    """The rows of the portal themselves: exact this moment, slow where there are millions."""

    def __init__(self, *, now: datetime | None = None) -> None:
        self.at = now or timezone.now()

    def rows(self, sql: str, values: Sequence[Any], *, tables: Iterable[str]) -> list[tuple[Any, ...]]:
        """The tables are made as they are asked for."""
        named = tuple(tables)
        return reading.once((self, sql, repr(values), named), lambda: self._rows(sql, values, named))

    def _rows(self, sql: str, values: Sequence[Any], tables: Sequence[str]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            # Each table's own values are written in first: the question has its values by place.
            made = [f"{name} AS ({text})" for name, text in written(tables, cursor.mogrify, at=self.at).items()]
            before = f"WITH {', '.join(made)} ".replace("%", "%%")
            cursor.execute(before + sql, list(values))
            return cursor.fetchall()


@contextmanager
def at_one_moment() -> Iterator[None]:
    """All that is read inside is as of one moment, and nothing is written. Inside a transaction it is that one's."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def written(names: Iterable[str], mogrify: Callable[..., str], *, at: datetime) -> dict[str, str]:
    """The SELECT of each of these tables, and before it of those it asks, with its values written in."""
    said = all_tables.values(zone=settings.TIME_ZONE, now=at, late_days=limits.late_days())
    texts: dict[str, str] = {}
    for name in names:
        asked, text = all_tables.DERIVED.get(name, ((), ""))
        for needed in (*asked, *(() if text else (name,))):
            if needed not in texts:
                texts[needed] = mogrify(all_tables.TABLES[needed], said)
        if text:
            texts[name] = text
    return texts


def current(*, now: datetime | None = None) -> Source:
    """The copy, where there is one that is not too old; else PostgreSQL."""
    from reporting.domain.data import copy

    found = copy.current()
    now = now or timezone.now()
    if found is not None and now - found.at < 3 * copy.OLDEST:
        return found
    return Postgres(now=now)
