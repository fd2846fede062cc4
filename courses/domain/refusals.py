"""Refusals: why not, and what instead, in words fit to show."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise, lazy


def words(make: Callable[[], str]) -> Promise:
    """A sentence made when it is shown, in the language it is shown in."""
    return _later(make)


def _make(make: Callable[[], str]) -> str:
    return make()


_later: Any = lazy(_make, str)


class Refusal(Exception):
    """One reason why something is not done. ``person`` is the place of the person it concerns in the form, from 0."""

    def __init__(self, code: str, message: str | Promise, *, person: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.person = person

    def __str__(self) -> str:
        return str(self.message)


class Refusals(Exception):
    """All the reasons why a form is not taken, so that nobody has to send it once for each."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals
