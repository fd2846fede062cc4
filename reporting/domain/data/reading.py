"""What one page or document asks again and again is read once: many indicators ask for the same facts and residents.

Inside :func:`together` nothing is written, so the second answer would be the first. Outside, everything is read as it
is asked for: a process that lives long keeps nothing.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


@contextmanager
def together() -> Iterator[None]:
    """All that is read inside belongs together; inside another it is a part of that."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What was read under this key together with this; who gets it must not change it."""
    known = _known.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    found: T = known[key]
    return found
