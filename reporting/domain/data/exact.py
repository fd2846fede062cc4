"""The rows as they stand at this moment, for what is kept for good: by a copy made for it alone, where copies are made.

Asked inside ``sources.at_one_moment`` the copy is made of that very moment. Of a million facts that takes some seconds,
PostgreSQL asked figure by figure most of a minute. Where no copy stands, or none can be written, PostgreSQL answers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import duckdb

from reporting.domain.data import copy
from reporting.domain.data.sources import Postgres, Source


class Exact:
    """A source that is made when it is first asked."""

    def __init__(self, *, now: datetime) -> None:
        self.at = now

    def rows(self, sql: str, values: Sequence[Any], *, tables: Iterable[str]) -> list[tuple[Any, ...]]:
        """The rows, as every source gives them."""
        return self._made.rows(sql, values, tables=tables)

    @cached_property
    def _made(self) -> Source:
        if copy.current() is not None:
            try:
                return copy.Copy(copy.make(now=self.at))
            except (duckdb.Error, OSError):
                pass
        return Postgres(now=self.at)
