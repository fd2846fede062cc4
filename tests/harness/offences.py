"""Where the harness's rules report, so that no ``except`` between a rule and its test can hide a breach."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest


class Offence(AssertionError):
    """A rule of the harness was broken."""


_recorded: list[str] = []


def record(message: str) -> Offence:
    """Note a breach; the running test will fail by it. The caller may also raise what is returned."""
    if message not in _recorded:
        _recorded.append(message)
    return Offence(message)


@contextmanager
def expected() -> Iterator[list[str]]:
    """The breaches made inside are wanted: they are handed over instead of failing the test."""
    before, caught = list(_recorded), []
    _recorded.clear()
    try:
        yield caught
    finally:
        caught.extend(_recorded)
        _recorded[:] = before


def _fail_for_recorded() -> None:
    if _recorded:
        told = "The harness says:\n" + "\n".join(_recorded)
        _recorded.clear()
        pytest.fail(told, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail the test for what was recorded while it ran."""
    _recorded.clear()
    try:
        result = yield
    except Exception as error:
        for message in _recorded:
            error.add_note(f"The harness says: {message}")
        _recorded.clear()
        raise
    _fail_for_recorded()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """The same for what came late: a browser's last words."""
    result = yield
    _fail_for_recorded()
    return result
