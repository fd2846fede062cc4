"""The published programme, held in the memory of each process for searching.

*Which* activities match is decided here; *what* a card says is read from the database for the twenty shown, so places
are never older than the page. A snapshot is rebuilt when anything in the programme changed (one query by an index
tells) or it is half a minute old, since sessions pass. A small programme is rebuilt on the spot; a big one behind
the reader's back while the old snapshot answers.
"""

import threading
import time
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone

from courses.domain.catalogue.bits import Builder
from courses.domain.catalogue.vocabulary import Vocabulary
from courses.domain.catalogue.words import WordIndex
from courses.models import Activity, Session
from ecosystem.geo import Point
from ecosystem.models import Audience

LASTS_SECONDS = 30
SLOW_BUILD_SECONDS = 0.25
SLOTS = ("rits", "diena", "vakars")
OLDEST = 100


@dataclass
class Snapshot:
    """The programme at one moment: ids by position (soonest first) and the sets that filters are made of."""

    fingerprint: object = None
    built: float = 0.0
    took: float = 0.0
    ids: list[int] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    everything: int = 0
    sets: dict[object, int] = field(default_factory=dict)
    points: list[tuple[Point, int]] = field(default_factory=list)
    online: int = 0
    words: WordIndex = field(default_factory=WordIndex)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    # Day (ordinal) and part of the day -> activities that meet then.
    meetings: dict[tuple[int, str], int] = field(default_factory=dict)

    def get(self, key: object) -> int:
        """The set of a key, such as ``("topic", "crafts")``; empty for one that nothing has."""
        return self.sets.get(key, 0)

    def age(self, years: int) -> int:
        """Those that take somebody of this age."""
        return self.get(("age", min(years, OLDEST)))


_current: Snapshot | None = None
_lock = threading.Lock()


def reset() -> None:
    """Forget the snapshot (between tests)."""
    global _current
    _current = None


def current(*, now: datetime) -> Snapshot:
    """The snapshot to search in; one query when nothing changed."""
    global _current
    fingerprint = _fingerprint()
    held = _current
    if held is not None:
        fresh = held.fingerprint == fingerprint and time.monotonic() - held.built < LASTS_SECONDS
        if fresh:
            return held
        if held.took > SLOW_BUILD_SECONDS:
            if _lock.acquire(blocking=False):
                threading.Thread(target=_rebuild_behind, args=(fingerprint, now), daemon=True).start()
            return held
    snapshot = build(now=now)
    snapshot.fingerprint = fingerprint
    _current = snapshot
    return snapshot


def _fingerprint() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(changed_at) FROM courses_activity")
        row = cursor.fetchone()
    return row[0] if row else None


def _rebuild_behind(fingerprint: object, now: datetime) -> None:
    global _current
    try:
        snapshot = build(now=now)
        snapshot.fingerprint = fingerprint
        _current = snapshot
    finally:
        close_old_connections()
        connection.close()
        _lock.release()


def build(*, now: datetime) -> Snapshot:
    """Read the published programme that is still to come and make its sets."""
    started = time.perf_counter()
    meetings = _meetings(now)
    rows = _rows(now)
    today = timezone.localtime(now).date()
    # Equal starts take turns by day, so that no small centre is always last.
    order = sorted(
        (row for row in rows if row["id"] in meetings),
        key=lambda row: (meetings[row["id"]][0], zlib.crc32(f"{today}:{row['id']}".encode())),
    )
    snapshot = Snapshot(ids=[row["id"] for row in order])
    snapshot.positions = {pk: position for position, pk in enumerate(snapshot.ids)}
    size = len(order)
    snapshot.everything = (1 << size) - 1
    many = _many_to_many(snapshot.positions)
    builder = Builder(size)
    days: Builder = Builder(size)
    words = WordIndex(size)
    vocabulary = snapshot.vocabulary = Vocabulary.load()
    audiences = vocabulary.audience
    names = _names(vocabulary)
    for position, row in enumerate(order):
        pk = row["id"]
        of_audiences = many["audience"].get(pk, [])
        _file(builder, position, row, of_audiences, many["department"].get(pk, []), audiences)
        for starts_at in meetings[pk]:
            local = timezone.localtime(starts_at)
            days.add((local.date().toordinal(), slot(local.hour)), position)
        words.add_title(position, row["title_lv"], row["title_en"], row["title_ru"], row["title_uk"])
        words.add_body(
            position,
            row["summary_lv"],
            row["summary_en"],
            row["summary_ru"],
            row["summary_uk"],
            row["level"],
            row["centre__name_lv"],
            names["topic"].get(row["topic_id"]),
            names["parish"].get(row["parish_id"]),
            *(names["audience"].get(code) for code in of_audiences),
        )
    snapshot.sets = builder.sets()
    snapshot.meetings = days.sets()  # type: ignore[assignment]
    snapshot.points = [
        (key[1], members) for key, members in snapshot.sets.items() if isinstance(key, tuple) and key[0] == "point"
    ]
    snapshot.online = snapshot.get(("format", "online"))
    words.close()
    snapshot.words = words
    snapshot.built = time.monotonic()
    snapshot.took = time.perf_counter() - started
    return snapshot


def slot(hour: int) -> str:
    """The part of the day an hour falls into: morning to noon, day to five, evening."""
    return SLOTS[0] if hour < 12 else SLOTS[1] if hour < 17 else SLOTS[2]


def ordinals(first: date, last: date) -> range:
    """The days from first to last, both included."""
    return range(first.toordinal(), last.toordinal() + 1)


def _file(
    builder: Builder,
    position: int,
    row: dict,
    of_audiences: list[str],
    partners: list[str],
    audiences: dict[str, Audience],
) -> None:
    """Put one activity into the sets of all its facts."""
    for code in of_audiences:
        # Whoever looks for young people finds what is for young people out of work too, not the other way round.
        above: Audience | None = audiences.get(code)
        builder.add(("audience", code), position)
        while above is not None and above.part_of_id is not None:
            # The root ("everyone") takes only what says so, or it would say nothing.
            above = audiences.get(above.part_of_id)
            if above is not None and above.part_of_id is not None:
                builder.add(("audience", above.pk), position)
    for code in (row["lead_id"], *partners):
        builder.add(("department", code), position)
    builder.add(("topic", row["topic_id"]), position)
    builder.add(("parish", row["parish_id"]), position)
    builder.add(("language", row["language"]), position)
    builder.add(("format", row["format"]), position)
    if row["centre_id"]:
        builder.add(("centre", row["centre_id"]), position)
    if not row["fee_eur"]:
        builder.add(("free", True), position)
    if row["capacity"] is None or (row["waiting"] == 0 and row["taken"] < row["capacity"]):
        builder.add(("places", True), position)
    if row["centre__step_free"] or row["format"] == "online":
        builder.add(("step_free", True), position)
    if row["format"] != "online":
        lat = row["centre__lat"] if row["centre_id"] else row["parish__lat"]
        lon = row["centre__lon"] if row["centre_id"] else row["parish__lon"]
        builder.add(("point", Point(lat, lon)), position)
    for years in _ages(row, [audiences[code] for code in of_audiences if code in audiences]):
        builder.add(("age", years), position)


def _ages(row: dict, of_audiences: list[Audience]) -> range:
    """The ages an activity takes: its own limits, otherwise the widest of its audiences."""
    low, high = row["age_min"], row["age_max"]
    if low is None and high is None and of_audiences:
        lows = [a.age_min for a in of_audiences]
        highs = [a.age_max for a in of_audiences]
        low = None if None in lows else min(x for x in lows if x is not None)
        high = None if None in highs else max(x for x in highs if x is not None)
    return range(min(low or 0, OLDEST), min(OLDEST if high is None else high, OLDEST) + 1)


def _rows(now: datetime) -> list[dict]:
    return list(
        Activity.objects.published()
        .to_come(now=now)
        .order_by()
        .values(
            *("id", "lead_id", "parish_id", "centre_id", "topic_id", "language", "format", "fee_eur"),
            *("capacity", "taken", "waiting", "age_min", "age_max", "level"),
            *("title_lv", "title_en", "title_ru", "title_uk"),
            *("summary_lv", "summary_en", "summary_ru", "summary_uk"),
            *("centre__lat", "centre__lon", "centre__step_free", "centre__name_lv"),
            *("parish__lat", "parish__lon"),
        )
    )


def _meetings(now: datetime) -> dict[int, list[datetime]]:
    """Each activity's sessions to come, soonest first."""
    found: dict[int, list[datetime]] = defaultdict(list)
    sessions = (
        Session.objects.to_come(now=now)
        .filter(activity__status="published")
        .order_by("starts_at")
        .values_list("activity_id", "starts_at")
    )
    for activity_id, starts_at in sessions.iterator(chunk_size=10_000):
        found[activity_id].append(starts_at)
    return found


def _many_to_many(wanted: dict[int, int]) -> dict[str, dict[int, list[str]]]:
    """Audiences and partner departments of each activity in the snapshot."""
    found: dict[str, dict[int, list[str]]] = {"audience": defaultdict(list), "department": defaultdict(list)}
    for name, through in (
        ("audience", Activity.audiences.through),
        ("department", Activity.partners.through),
    ):
        for pk, code in through.objects.order_by("pk").values_list("activity_id", f"{name}_id"):
            if pk in wanted:
                found[name][pk].append(code)
    return found


def _names(vocabulary: Vocabulary) -> dict[str, dict[str, str]]:
    """Names of the vocabulary in Latvian and English together, for the words of an activity's body."""

    def both(term: Any) -> str:
        return f"{term.name_lv} {term.name_en or ''}"

    return {
        "topic": {topic.pk: both(topic) for topic in vocabulary.topics},
        "audience": {audience.pk: both(audience) for audience in vocabulary.audiences},
        "parish": {parish.pk: f"{parish.name} {parish.centre_name}" for parish in vocabulary.parishes},
    }
