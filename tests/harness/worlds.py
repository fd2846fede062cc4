"""A world that many tests begin with is made once for those of them that follow each other.

``@once`` in place of ``@pytest.fixture`` above a function without arguments: its rows are made in a transaction around
the tests, each of which runs in a savepoint of it and is undone, so that every one meets the world as it was made. What
the function returns is handed to each test as a copy of its own. A test that asks for other worlds, or for none, ends
the transaction first and meets nothing of it.
"""

import pickle
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from tests.harness import memory, ordering

Maker = Callable[[], Any]


class _Standing:
    """The worlds that stand now, in the order they were made, with what they gave, and their transaction."""

    def __init__(self) -> None:
        self.wanted: tuple[Maker, ...] = ()
        self.makers: tuple[Maker, ...] = ()
        self.given: dict[Maker, bytes] = {}
        self.around: transaction.Atomic | None = None

    def is_sound(self) -> bool:
        """Whether a test has left the transaction as it found it."""
        return not connection.closed_in_transaction and not connection.needs_rollback

    def settle(self, makers: tuple[Maker, ...]) -> None:
        """Have these worlds stand and no others."""
        if makers == self.makers and (self.around is None or self.is_sound()):
            return
        self.end()
        if makers:
            self.begin(makers)

    def begin(self, makers: tuple[Maker, ...]) -> None:
        """Make them."""
        around = transaction.atomic()
        # Django's own mark of a transaction around a test: `durable` does not mind it.
        around._from_testcase = True  # type: ignore[attr-defined]
        around.__enter__()
        self.around = around
        try:
            with translation.override("lv"), ordering.apart(" ".join(make.__qualname__ for make in makers)):
                self.given = {make: pickle.dumps(make()) for make in makers}
                # Each test would check them again.
                connection.check_constraints()
            memory.forget()
        except BaseException:
            self.end()
            raise
        self.makers = makers

    def end(self) -> None:
        """Undo them."""
        around, self.around, self.makers, self.given = self.around, None, (), {}
        if around is not None:
            if not connection.closed_in_transaction:
                transaction.set_rollback(True)
            around.__exit__(None, None, None)


_standing = _Standing()
_makers: dict[Callable[..., Any], Maker] = {}


def once(make: Maker, *, autouse: bool = False) -> Any:
    """A fixture whose rows are made once for tests that follow each other; see above."""

    def given(db: None) -> Any:
        return pickle.loads(_standing.given[make])

    given.__doc__ = make.__doc__
    _makers[given] = make
    return pytest.fixture(name=make.__name__, autouse=autouse)(given)


def wanted_by(item: pytest.Item) -> tuple[Maker, ...]:
    """The worlds that a test asks for, itself or by its fixtures."""
    info = getattr(item, "_fixtureinfo", None)
    if info is None:
        return ()
    last = [definitions[-1].func for definitions in info.name2fixturedefs.values()]
    return tuple(sorted((_makers[func] for func in last if func in _makers), key=lambda make: make.__qualname__))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note what is wanted, for when the database is opened, and end what is not.

    Before any fixture: once a browser has started, its loop runs in this thread, and Django gives a loop connections of
    its own. A transaction on the one before could not be ended any more, and everything would wait for it.
    """
    _standing.wanted = wanted_by(item)
    if _standing.wanted != _standing.makers:
        with item.config.stash[blocking_manager_key].unblock():
            _standing.end()


_begin_test = TestCase.__dict__["_fixture_setup"].__func__
_begin_committing_test = TransactionTestCase.__dict__["_fixture_setup"].__func__


@wraps(_begin_test)
def _begin_test_in_its_world(cls: type[TestCase]) -> None:
    _standing.settle(_standing.wanted)
    _begin_test(cls)


@wraps(_begin_committing_test)
def _begin_committing_test_in_none(cls: type[TransactionTestCase]) -> None:
    assert not _standing.wanted, "a test that commits makes its world itself"
    _standing.settle(())
    _begin_committing_test(cls)


TestCase._fixture_setup = classmethod(_begin_test_in_its_world)  # type: ignore[method-assign,assignment]
TransactionTestCase._fixture_setup = classmethod(_begin_committing_test_in_none)  # type: ignore[method-assign,assignment]
