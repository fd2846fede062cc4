"""The published programme, held in the memory of each process for searching.

*Which* activities match is decided here; *what* a card says is read from the database for the twenty shown, so places
are never older than the page. A snapshot is rebuilt when anything in the programme changed (one query by an index
tells) or it has grown old, since sessions pass. A small programme is rebuilt on the spot; a big one behind the reader's
back while the old snapshot answers, and seldom enough to leave the processor to the pages.
"""

import threading
import time
from datetime import datetime

from django.db import close_old_connections, connection

from courses.domain.catalogue.building import build
from courses.domain.catalogue.snapshot import SLOTS, Snapshot, ordinals, slot

__all__ = ["SLOTS", "Snapshot", "build", "current", "held", "ordinals", "reset", "slot"]

LASTS_SECONDS = 30
# A snapshot that took long to build lasts so many times longer than that, but never above the longest.
LASTS_BUILDS = 60
LONGEST_SECONDS = 300
SLOW_BUILD_SECONDS = 0.25
# After a change a slow one is built again at once, but not before it has rested for so many times its own length.
RESTS_BUILDS = 2

_current: Snapshot | None = None
_building = threading.Lock()


def reset() -> None:
    """Forget the snapshot (between tests)."""
    global _current
    _current = None


def held() -> Snapshot | None:
    """The snapshot at hand, however old; no query."""
    return _current


def current(*, now: datetime) -> Snapshot:
    """The snapshot to search in; one query when nothing changed."""
    fingerprint = _fingerprint()
    snapshot = _current
    if snapshot is not None:
        if _is_fresh(snapshot, fingerprint):
            return snapshot
        if snapshot.took > SLOW_BUILD_SECONDS:
            rested = time.monotonic() - snapshot.built >= snapshot.took * RESTS_BUILDS
            if rested and _building.acquire(blocking=False):
                threading.Thread(target=_build_behind, args=(fingerprint, now), daemon=True).start()
            return snapshot
    with _building:
        # Whoever waited here finds what the one before has built.
        snapshot = _current
        if snapshot is None or not _is_fresh(snapshot, fingerprint):
            snapshot = _build(fingerprint, now, patient=False)
        return snapshot


def _is_fresh(snapshot: Snapshot, fingerprint: object) -> bool:
    lasts = min(max(LASTS_SECONDS, snapshot.took * LASTS_BUILDS), LONGEST_SECONDS)
    return snapshot.fingerprint == fingerprint and time.monotonic() - snapshot.built < lasts


def _fingerprint() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(changed_at) FROM courses_activity")
        row = cursor.fetchone()
    return row[0] if row else None


def _build(fingerprint: object, now: datetime, *, patient: bool) -> Snapshot:
    global _current
    snapshot = build(now=now, patient=patient)
    snapshot.fingerprint = fingerprint
    _current = snapshot
    return snapshot


def _build_behind(fingerprint: object, now: datetime) -> None:
    try:
        _build(fingerprint, now, patient=True)
    finally:
        close_old_connections()
        connection.close()
        _building.release()
