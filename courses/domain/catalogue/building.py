"""Reading the published programme into a snapshot.

This reads everything there is, so its SQL is written by hand: rows come in their order and as tuples, and facts that
repeat (who meets on which day, what is for whom) come as packed lists of ids. While pages are being answered in the same
process, it works in small bites and rests for longer between them, so that nobody waits for it.
"""

import time
from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from centres.models import Centre
from courses.domain.catalogue import bits
from courses.domain.catalogue.snapshot import OLDEST, SLOTS, Snapshot
from courses.domain.catalogue.vocabulary import Vocabulary
from courses.domain.catalogue.words import WordIndex
from ecosystem.geo import Point
from ecosystem.models import Audience

# While others wait: how long it works at a stretch, and how many times as long it rests.
BITE_SECONDS = 0.001
RESTS_BITES = 4
ROWS_A_BITE = 50

# Equal starts take turns by day, so that no small centre is always last.
ACTIVITIES = """
SELECT activity.id, lead_id, parish_id, centre_id, topic_id, language, format, fee_eur = 0,
       capacity IS NULL OR (waiting = 0 AND taken < capacity), age_min, age_max,
       concat_ws(' ', title_lv, title_en, title_ru, title_uk),
       concat_ws(' ', summary_lv, summary_en, summary_ru, summary_uk, level)
FROM courses_activity activity
JOIN (
    SELECT activity_id, min(starts_at) AS soonest FROM courses_session
    WHERE cancelled_at IS NULL AND ends_at > %(now)s GROUP BY activity_id
) meeting ON meeting.activity_id = activity.id
WHERE status = 'published' AND ends_at > %(now)s
ORDER BY soonest, md5(%(today)s || activity.id)
"""
# Ids as eight bytes each, the highest first.
MEETINGS = """
SELECT (starts_at AT TIME ZONE %(zone)s)::date AS day,
       CASE WHEN extract(hour FROM starts_at AT TIME ZONE %(zone)s) < 12 THEN 0
            WHEN extract(hour FROM starts_at AT TIME ZONE %(zone)s) < 17 THEN 1 ELSE 2 END AS part,
       string_agg(int8send(activity_id), ''::bytea)
FROM courses_session WHERE cancelled_at IS NULL AND ends_at > %(now)s
GROUP BY day, part
"""
AUDIENCES = """
SELECT audience_id, string_agg(int8send(activity_id), ''::bytea) FROM courses_activity_audiences GROUP BY audience_id
"""
PARTNERS = """
SELECT department_id, string_agg(int8send(activity_id), ''::bytea) FROM courses_activity_partners
GROUP BY department_id
"""


def build(*, now: datetime, patient: bool = False) -> Snapshot:
    """Read the published programme that is still to come and make its sets; ``patient`` while others wait."""
    started = time.perf_counter()
    builder = _Build(now, _Pace() if patient else None)
    with transaction.atomic():
        snapshot = builder.run()
    snapshot.built = time.monotonic()
    snapshot.took = time.perf_counter() - started
    return snapshot


class _Pace:
    """Rests for longer than it worked: threads that answer pages share the interpreter with this one."""

    def __init__(self) -> None:
        self.since = time.perf_counter()

    def __call__(self) -> None:
        worked = time.perf_counter() - self.since
        if worked >= BITE_SECONDS:
            time.sleep(min(RESTS_BITES * worked, 20 * BITE_SECONDS))
            self.since = time.perf_counter()


def _never() -> None:
    """No rest: somebody waits for the index itself."""


class _Build:
    def __init__(self, now: datetime, pace: _Pace | None) -> None:
        self.now = now
        self.rest = pace or _never
        self.snapshot = Snapshot()
        self.lists: dict[str, dict[Any, array[int]]] = defaultdict(lambda: defaultdict(partial(array, "I")))

    def run(self) -> Snapshot:
        snapshot = self.snapshot
        snapshot.vocabulary = Vocabulary.load()
        snapshot.centres = {centre.pk: centre for centre in Centre.objects.all()}
        snapshot.words = WordIndex()
        self._read_activities()
        snapshot.positions = {pk: position for position, pk in enumerate(snapshot.ids)}
        self.rest()
        size = len(snapshot.ids)
        snapshot.everything = (1 << size) - 1
        self._read_audiences()
        for code, ids in self._packed(PARTNERS):
            self.lists["department"][code].extend(self._positions(ids))
        groups = snapshot.groups
        for name, lists in self.lists.items():
            groups[name] = {}
            for value, positions in lists.items():
                groups[name][value] = bits.from_positions(positions, size)
                self.rest()
        self._derive()
        self._read_meetings()
        snapshot.words.close(size, self._names(), self.rest)
        return snapshot

    def _read_activities(self) -> None:
        lists, ids = self.lists, self.snapshot.ids
        departments, parishes, centres = lists["department"], lists["parish"], lists["centre"]
        topics, languages, formats = lists["topic"], lists["language"], lists["format"]
        free, places, limits, bare = lists["free"], lists["places"], lists["limits"], lists["bare"]
        add_title, add_body = self.snapshot.words.add_title, self.snapshot.words.add_body
        topics_at, points_at = self.snapshot.topics_at, self.snapshot.points_at
        of_centre = {pk: found.point for pk, found in self.snapshot.centres.items()}
        of_parish = {found.pk: found.point for found in self.snapshot.vocabulary.parishes}
        today = f"{timezone.localtime(self.now).date()}:"
        position = -1
        for row in self._stream(ACTIVITIES, {"now": self.now, "today": today}):
            pk, lead, parish, centre, topic, language, form, is_free, has_places, low, high, title, body = row
            position += 1
            ids.append(pk)
            departments[lead].append(position)
            parishes[parish].append(position)
            topics[topic].append(position)
            languages[language].append(position)
            formats[form].append(position)
            if centre:
                centres[centre].append(position)
            else:
                bare[parish].append(position)
            topics_at.append(topic)
            points_at.append(of_centre.get(centre) or of_parish[parish])
            if is_free:
                free[True].append(position)
            if has_places:
                places[True].append(position)
            limits[low, high].append(position)
            add_title(position, title)
            add_body(position, body)

    def _read_audiences(self) -> None:
        """Who each is for, in the vocabulary's order; whoever looks for the wider finds the narrower too."""
        codes_at: list[tuple[str, ...]] = [()] * len(self.snapshot.ids)
        known: dict[tuple[str, ...], tuple[str, ...]] = {}
        order = {audience.pk: place for place, audience in enumerate(self.snapshot.vocabulary.audiences)}
        for code, ids in sorted(self._packed(AUDIENCES), key=lambda pair: order.get(pair[0], 0)):
            positions = self._positions(ids)
            self.lists["audience"][code].extend(positions)
            for position in positions:
                codes = (*codes_at[position], code)
                codes_at[position] = known.setdefault(codes, codes)
            self.rest()
        self.snapshot.audiences = codes_at

    def _derive(self) -> None:
        """The sets that follow from others: wider audiences, ages, points, what one gets into without steps."""
        snapshot = self.snapshot
        groups = snapshot.groups
        snapshot.online = groups.get("format", {}).get("online", 0)
        on_the_spot = snapshot.everything & ~snapshot.online
        self._widen_audiences(groups)
        points: dict[Point, int] = defaultdict(int)
        step_free = snapshot.online
        for pk, members in groups.get("centre", {}).items():
            centre = snapshot.centres.get(pk)  # type: ignore[call-overload]
            if centre is not None:
                points[centre.point] |= members & on_the_spot
                if centre.step_free:
                    step_free |= members
        for code, members in groups.pop("bare", {}).items():
            points[snapshot.vocabulary.parish[code].point] |= members & on_the_spot  # type: ignore[index]
        snapshot.points = [(point, members) for point, members in points.items() if members]
        groups["step_free"] = {True: step_free}
        ages = self._ages(groups.pop("limits", {}))
        groups["age"] = {}
        for years in range(OLDEST + 1):
            groups["age"][years] = bits.union(members for span, members in ages.items() if years in span)
            self.rest()

    def _widen_audiences(self, groups: dict[str, dict[object, int]]) -> None:
        """Whoever looks for young people finds what is for young people out of work too, not the other way round."""
        audiences = self.snapshot.vocabulary.audience
        sets: dict[object, int] = groups.get("audience", {})
        for code, members in list(sets.items()):
            above: Audience | None = audiences.get(code)  # type: ignore[call-overload]
            while above is not None and above.part_of_id is not None:
                # The root ("everyone") takes only what says so, or it would say nothing.
                above = audiences.get(above.part_of_id)
                if above is not None and above.part_of_id is not None:
                    sets[above.pk] = sets.get(above.pk, 0) | members

    def _ages(self, limits: dict[object, int]) -> dict[range, int]:
        """Sets by the ages they take: their own limits, otherwise the widest of their audiences."""
        found: dict[range, int] = defaultdict(int)
        for span, members in limits.items():
            if span != (None, None):
                found[_span(*span)] |= members  # type: ignore[misc]
        unlimited = limits.get((None, None), 0)
        if not unlimited:
            return found
        audiences = self.snapshot.vocabulary.audience
        of_codes: dict[tuple[str, ...], array[int]] = defaultdict(partial(array, "I"))
        for position in bits.positions(unlimited, 0, len(self.snapshot.ids)):
            of_codes[self.snapshot.audiences[position]].append(position)
        for codes, positions in of_codes.items():
            of_audiences = [audiences[code] for code in codes if code in audiences]
            lows, highs = [a.age_min for a in of_audiences], [a.age_max for a in of_audiences]
            low = None if None in lows or not lows else min(x for x in lows if x is not None)
            high = None if None in highs or not highs else max(x for x in highs if x is not None)
            found[_span(low, high)] |= bits.from_positions(positions, len(self.snapshot.ids))
            self.rest()
        return found

    def _read_meetings(self) -> None:
        size = len(self.snapshot.ids)
        for day, part, packed in self._stream(MEETINGS, {"now": self.now, "zone": settings.TIME_ZONE}, rows=1):
            positions = self._positions(_unpacked(packed))
            if positions:
                self.snapshot.meetings[day.toordinal(), SLOTS[part]] = bits.from_positions(positions, size)

    def _names(self) -> Iterator[tuple[str, int]]:
        """The words that many share: names of topics, audiences, parishes and centres, each with what carries it."""
        vocabulary, groups = self.snapshot.vocabulary, self.snapshot.groups
        for topic in vocabulary.topics:
            yield _both(topic), groups.get("topic", {}).get(topic.pk, 0)
        for parish in vocabulary.parishes:
            yield f"{parish.name} {parish.centre_name}", groups.get("parish", {}).get(parish.pk, 0)
        for pk, members in groups.get("centre", {}).items():
            centre = self.snapshot.centres.get(pk)  # type: ignore[call-overload]
            if centre is not None:
                yield centre.name_lv or "", members
        # An audience's own activities: a wider one's name is not said of the narrower one's.
        for code, positions in self.lists["audience"].items():
            if code in vocabulary.audience:
                yield _both(vocabulary.audience[code]), bits.from_positions(positions, len(self.snapshot.ids))

    # Reading.

    def _stream(self, query: str, values: dict[str, Any], *, rows: int = ROWS_A_BITE) -> Iterator[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            while bite := cursor.fetchmany(rows):
                yield from bite
                self.rest()

    def _packed(self, query: str) -> Iterator[tuple[str, "array[int]"]]:
        for code, packed in self._stream(query, {}, rows=1):
            yield code, _unpacked(packed)

    def _positions(self, ids: "array[int]") -> list[int]:
        """Where these ids stand; those that are not in the snapshot are left out."""
        positions = self.snapshot.positions
        return [positions[pk] for pk in ids if pk in positions]


def _unpacked(packed: bytes) -> "array[int]":
    ids = array("q", bytes(packed))
    ids.byteswap()
    return ids


def _span(low: int | None, high: int | None) -> range:
    return range(min(low or 0, OLDEST), min(OLDEST if high is None else high, OLDEST) + 1)


def _both(term: Any) -> str:
    """A name in Latvian and English together."""
    return f"{term.name_lv} {term.name_en or ''}"
