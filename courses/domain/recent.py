"""An activity that many people want at one moment, read once for all of them.

When fifty people send the form at once, each needs the same place, telephone and sessions. Each process holds what it has
read of an activity for two seconds. Nothing is decided on it alone: whoever registers compares ``changed_at`` under the
lock of the row, which moves with everything that is held here, and reads anew when it has moved.
"""

import copy
import time
from dataclasses import replace
from datetime import datetime

from courses.domain.letters import Facts
from courses.models import Activity

HELD_SECONDS = 2.0
MOST_HELD = 100

_held: dict[int, tuple[float, Facts]] = {}


def reset() -> None:
    """Forget what is held (between tests)."""
    _held.clear()


def facts(pk: int, *, now: datetime) -> Facts | None:
    """What there is to know of an activity that has a public page, at most two seconds old; None when it has none."""
    at, known = _held.get(pk, (0.0, None))
    if known is None or time.monotonic() - at > HELD_SECONDS:
        known = _read(pk, now=now)
        if known is None:
            return None
        if len(_held) >= MOST_HELD:
            _held.clear()
        _held[pk] = (time.monotonic(), known)
    # Each reader gets a row of their own: under the lock it is brought up to date in place.
    return replace(known, activity=copy.copy(known.activity))


def forget(pk: int) -> None:
    """Let go of what is held of an activity that has changed: the next reads it anew."""
    _held.pop(pk, None)


def _read(pk: int, *, now: datetime) -> Facts | None:
    found = (
        Activity.objects.public()
        .select_related("topic", "centre", "parish", "lead", "contact__stands_in")
        .prefetch_related("audiences")
        .filter(pk=pk)
        .first()
    )
    return Facts.of(found, now=now) if found else None
