"""How often a page asks the database: a literal number, the same for one row and for three."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def exactly(number: int) -> Iterator[CaptureQueriesContext]:
    """Inside, exactly this many queries are made; otherwise the failure lists them."""
    with CaptureQueriesContext(connection) as captured:
        yield captured
    if len(captured) != number:
        told = "\n".join(f"{place}. {query['sql']}" for place, query in enumerate(captured.captured_queries, 1))
        pytest.fail(f"{len(captured)} queries, not {number}:\n{told}", pytrace=False)


@pytest.fixture
def query_count() -> Callable[[int], AbstractContextManager[CaptureQueriesContext]]:
    """``with query_count(5): client.get(…)``."""
    return exactly


@pytest.fixture
def same_queries() -> Callable[..., None]:
    """``same_queries(5, add=make_row, visit=lambda: client.get(…))``: with one row and with three, five queries.

    ``add`` is called once a row, with its number from 0. ``visit`` is made once before each count, so that what is
    held in memory (the index of the catalogue, content types) is not counted; ``warm=False`` counts that too.
    """

    def check(number: int, *, add: Callable[[int], Any], visit: Callable[[], Any], warm: bool = True) -> None:
        made = 0
        for rows in (1, 3):
            for place in range(made, rows):
                add(place)
            made = rows
            if warm:
                visit()
            with exactly(number):
                visit()

    return check
