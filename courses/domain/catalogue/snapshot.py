"""The programme at one moment, as sets: what a search is answered from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import prefetch_related_objects

from centres.models import Centre
from courses.domain.catalogue import bits
from courses.domain.catalogue.vocabulary import Vocabulary
from courses.domain.catalogue.words import WordIndex
from courses.models import Activity
from ecosystem.geo import Point, distance_km
from ecosystem.models import Audience

SLOTS = ("rits", "diena", "vakars")
OLDEST = 100
# So many periods are remembered with what meets in them.
PERIODS_KEPT = 16

# (weekday from 1, part of the day) -> what meets then.
Buckets = dict[tuple[int, str], int]


@dataclass
class Snapshot:
    """The programme at one moment: ids by position (soonest first) and the sets that filters are made of."""

    fingerprint: object = None
    built: float = 0.0
    took: float = 0.0
    ids: list[int] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    everything: int = 0
    # Kind of fact -> value -> set: ``groups["topic"]["crafts"]``.
    groups: dict[str, dict[object, int]] = field(default_factory=dict)
    points: list[tuple[Point, int]] = field(default_factory=list)
    online: int = 0
    words: WordIndex = field(default_factory=WordIndex)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    centres: dict[int, Centre] = field(default_factory=dict)
    # By position: the codes of the audiences, in the vocabulary's order.
    audiences: list[tuple[str, ...]] = field(default_factory=list)
    # By position: the topic, and where it is (for what is online, where its centre or parish is).
    topics_at: list[str] = field(default_factory=list)
    points_at: list[Point] = field(default_factory=list)
    # Day (ordinal) and part of the day -> activities that meet then.
    meetings: dict[tuple[int, str], int] = field(default_factory=dict)
    # Sentences that many cards share, made once while this snapshot lasts.
    said: dict[object, str] = field(default_factory=dict)
    _distances: dict[Point, list[int]] = field(default_factory=dict)
    _periods: dict[tuple[int, int], Buckets] = field(default_factory=dict)
    _audience_sets: dict[tuple[str, ...], object] = field(default_factory=dict)

    def get(self, key: tuple[str, object]) -> int:
        """The set of a fact, such as ``("topic", "crafts")``; empty for one that nothing has."""
        return self.groups.get(key[0], {}).get(key[1], 0)

    def age(self, years: int) -> int:
        """Those that take somebody of this age."""
        return self.get(("age", min(years, OLDEST)))

    def has_places(self, pk: int) -> bool:
        """Whether a newcomer found a place in it when this was made."""
        return bool(self.get(("places", True)) >> self.positions[pk] & 1)

    def by_distance(self, here: Point) -> list[int]:
        """What is at each place, the nearest place first; what is online, having no place, comes last."""
        found = self._distances.get(here)
        if found is None:
            by_place = sorted(self.points, key=lambda place: distance_km(here, place[0]))
            found = self._distances[here] = [*(members for _point, members in by_place), self.online]
        return found

    def buckets(self, first: int, last: int) -> Buckets:
        """What meets between two days (ordinals, both included), by weekday and part of the day."""
        found = self._periods.get((first, last))
        if found is None:
            found = {}
            for (ordinal, part), members in self.meetings.items():
                if first <= ordinal <= last:
                    key = ((ordinal - 1) % 7 + 1, part)
                    found[key] = found.get(key, 0) | members
            if len(self._periods) >= PERIODS_KEPT:
                self._periods.clear()
            self._periods[(first, last)] = found
        return found

    def complete(self, activities: Iterable[Activity]) -> None:
        """Give rows their topic, centre, parish, department and audiences from memory; from the database if unknown."""
        strangers = [activity for activity in activities if not self._complete(activity)]
        if strangers:
            prefetch_related_objects(strangers, "topic", "centre", "parish", "lead", "audiences")

    def _complete(self, activity: Activity) -> bool:
        words = self.vocabulary
        at = self.positions.get(activity.pk)
        topic, parish = words.topic.get(activity.topic_id), words.parish.get(activity.parish_id)
        lead = words.department.get(activity.lead_id)
        centre = self.centres.get(activity.centre_id) if activity.centre_id else None
        if at is None or topic is None or parish is None or lead is None or (centre is None and activity.centre_id):
            return False
        audiences = self._audiences_of(self.audiences[at])
        if audiences is None:
            return False
        # What `select_related` and `prefetch_related` would leave behind.
        activity._state.fields_cache.update(topic=topic, centre=centre, parish=parish, lead=lead)
        activity.__dict__.setdefault("_prefetched_objects_cache", {})["audiences"] = audiences
        return True

    def _audiences_of(self, codes: tuple[str, ...]) -> object | None:
        found = self._audience_sets.get(codes)
        if found is None:
            known = self.vocabulary.audience
            if not all(code in known for code in codes):
                return None
            found = Audience.objects.all()
            found._result_cache = [known[code] for code in codes]
            found._prefetch_done = True  # type: ignore[attr-defined]
            self._audience_sets[codes] = found
        return found


def slot(hour: int) -> str:
    """The part of the day an hour falls into: morning to noon, day to five, evening."""
    return SLOTS[0] if hour < 12 else SLOTS[1] if hour < 17 else SLOTS[2]


def ordinals(first: date, last: date) -> range:
    """The days from first to last, both included."""
    return range(first.toordinal(), last.toordinal() + 1)


def any_of(buckets: Buckets, *, weekdays: frozenset[int] = frozenset(), slots: Iterable[str] = SLOTS) -> int:
    """What meets on such a weekday (any, when none is named) in such a part of the day."""
    wanted = frozenset(slots)
    return bits.union(
        members for (day, part), members in buckets.items() if part in wanted and (not weekdays or day in weekdays)
    )
