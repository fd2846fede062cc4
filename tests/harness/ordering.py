"""Rows of an unordered queryset come in a random order, as PostgreSQL is free to give them.

The seed is printed; ``SHUFFLE_SEED=…`` repeats a run. Each test shuffles by the seed and its own name, so it does the
same alone and among others.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import QuerySet

_random = random.Random()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed once; workers of pytest-xdist inherit it."""
    os.environ.setdefault("SHUFFLE_SEED", str(random.SystemRandom().randrange(10**6)))


def pytest_report_header(config: pytest.Config) -> str:
    """Say the seed."""
    return f"unordered rows are shuffled by SHUFFLE_SEED={os.environ['SHUFFLE_SEED']}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The same order for the same test and seed."""
    _random.seed(f"{os.environ['SHUFFLE_SEED']}:{item.nodeid}")


@contextmanager
def apart(name: str) -> Iterator[None]:
    """Inside, the order is that of this name, and outside it goes on as if nothing had been."""
    before = _random.getstate()
    _random.seed(f"{os.environ['SHUFFLE_SEED']}:{name}")
    try:
        yield
    finally:
        _random.setstate(before)


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> None:
    """A failure names the seed, since a quiet run prints no header."""
    if call.excinfo is not None and isinstance(call.excinfo.value, Exception):
        call.excinfo.value.add_note(f"SHUFFLE_SEED={os.environ['SHUFFLE_SEED']}")


def shuffled(rows: list[Any]) -> list[Any]:
    """The rows in another order than they came (where there are two or more)."""
    mixed = rows[:]
    while len(rows) > 1 and mixed == rows and any(row != rows[0] for row in rows):
        _random.shuffle(mixed)
    return mixed


_fetch_all = QuerySet._fetch_all
_iterator = QuerySet._iterator


def _fetch_all_shuffled(self: QuerySet) -> None:
    fresh = self._result_cache is None
    _fetch_all(self)
    if fresh and not self.ordered:
        self._result_cache = shuffled(self._result_cache)


def _iterator_shuffled(self: QuerySet, use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
    rows = _iterator(self, use_chunked_fetch, chunk_size)
    return rows if self.ordered else iter(shuffled(list(rows)))


QuerySet._fetch_all = _fetch_all_shuffled  # type: ignore[method-assign]
QuerySet._iterator = _iterator_shuffled  # type: ignore[method-assign]
