"""Searching the catalogue: a query in, ids in order and the counts beside every filter out."""

from datetime import date, timedelta

from courses.domain.catalogue import bits
from courses.domain.catalogue.query import Answer, Home, Query
from courses.domain.catalogue.snapshot import SLOTS, Buckets, Snapshot, any_of, ordinals
from ecosystem.geo import distance_km

LONGEST_DAYS = 730


class Search:
    """One query against one snapshot. Each filter is a group; groups are joined by "and"."""

    def __init__(self, snapshot: Snapshot, query: Query, *, today: date) -> None:
        self.snapshot = snapshot
        self.query = query
        self.today = today
        self.in_title = snapshot.everything
        self.groups = self._groups()
        self.found = self.without()

    def without(self, *names: str) -> int:
        """What every group but the named ones leaves."""
        left = self.snapshot.everything
        for name, members in self.groups.items():
            if name not in names:
                left &= members
        return left

    def answer(self) -> Answer:
        """The page of ids, the total and the counts."""
        return Answer(
            ids=self.page(self.query.start, self.query.count),
            total=self.found.bit_count(),
            counts=self.counts(),
            suggestions=self.snapshot.words.suggest(self.query.text) if self.query.text and not self.found else [],
        )

    def page(self, start: int, count: int) -> list[int]:
        """Ids from the ``start``-th on: title matches first, then soonest or nearest."""
        ids: list[int] = []
        for tier in self._tiers():
            size = tier.bit_count()
            if start >= size:
                start -= size
                continue
            ids += [self.snapshot.ids[at] for at in bits.positions(tier, start, count - len(ids))]
            start = 0
            if len(ids) >= count:
                break
        return ids

    def counts(self) -> dict[str, dict[object, int]]:
        """For each option of a filter, how many would be found with it; its own group left out ("or" within)."""
        s, counts = self.snapshot, {}
        for group in ("audience", "topic", "department", "language", "format"):
            base = self.without(group)
            counts[group] = {value: (base & members).bit_count() for value, members in s.groups.get(group, {}).items()}
        for group in ("free", "places", "step_free"):
            counts[group] = {True: (self.without(group) & s.get((group, True))).bit_count()}
        base = self.without("when")
        buckets = {key: base & members for key, members in self._buckets().items()}
        weekdays, slots = self.query.weekdays, self._slots()
        counts["slot"] = {slot: any_of(buckets, weekdays=weekdays, slots=[slot]).bit_count() for slot in SLOTS}
        counts["weekday"] = {
            day: any_of(buckets, weekdays=frozenset([day]), slots=slots).bit_count() for day in range(1, 8)
        }
        return counts

    def by_parish(self) -> dict[str, int]:
        """How many there are in each parish, the place filter left out: what the map shows."""
        base = self.without("place")
        parishes = self.snapshot.groups.get("parish", {})
        return {str(code): (base & members).bit_count() for code, members in parishes.items()}

    def by_day(self, first: date, last: date) -> dict[date, list[int]]:
        """Ids that meet on each day, for the calendar; those of one day soonest first."""
        found: dict[date, list[int]] = {}
        for ordinal in ordinals(first, last):
            members = bits.union(self.snapshot.meetings.get((ordinal, slot), 0) for slot in self._slots())
            ids = [self.snapshot.ids[at] for at in bits.positions(members & self.found, 0, 100)]
            if ids:
                found[date.fromordinal(ordinal)] = ids
        return found

    def nearest(self, count: int) -> list[int]:
        """The nearest that match all but the place, when nothing matches within it."""
        base = self.without("place")
        ids: list[int] = []
        for tier in self._by_distance(base):
            ids += [self.snapshot.ids[at] for at in bits.positions(tier, 0, count - len(ids))]
            if len(ids) >= count:
                break
        return ids

    # How the groups are made.

    def _groups(self) -> dict[str, int]:
        query, s = self.query, self.snapshot
        groups: dict[str, int] = {}
        for name, values in (
            ("audience", query.audiences),
            ("topic", query.topics),
            ("department", query.departments),
            ("language", query.languages),
            ("format", query.formats),
            ("parish", query.parishes),
            ("centre", query.centres),
        ):
            if values:
                groups[name] = bits.union(s.get((name, value)) for value in values)
        for name, wanted in (
            ("free", query.is_free),
            ("places", query.has_places),
            ("step_free", query.step_free),
        ):
            if wanted:
                groups[name] = s.get((name, True))
        if query.age is not None:
            groups["age"] = s.age(query.age)
        if query.first_day or query.last_day or query.weekdays or query.slots:
            groups["when"] = any_of(self._buckets(), weekdays=query.weekdays, slots=self._slots())
        if query.text.strip():
            groups["text"], self.in_title = s.words.find(query.text, s.everything)
        if query.home and (query.km is not None or query.in_parish_only):
            groups["place"] = self._around(query.home)
        return groups

    def _around(self, home: Home) -> int:
        if self.query.in_parish_only:
            return self.snapshot.get(("parish", home.parish))
        reach = self.query.km or 0
        near = bits.union(members for point, members in self.snapshot.points if distance_km(home.point, point) <= reach)
        return near | self.snapshot.online

    def _slots(self) -> tuple[str, ...]:
        return tuple(slot for slot in SLOTS if slot in self.query.slots) or SLOTS

    def _buckets(self) -> Buckets:
        """What has a session within the dates asked for, by weekday and part of the day."""
        first = max(self.query.first_day or self.today, self.today)
        last = self.query.last_day or first + timedelta(days=LONGEST_DAYS)
        return self.snapshot.buckets(first.toordinal(), last.toordinal())

    # The order.

    def _tiers(self) -> list[int]:
        halves = [self.found]
        if "text" in self.groups:
            halves = [self.found & self.in_title, self.found & ~self.in_title]
        if self.query.nearest_first and self.query.home:
            return [tier for half in halves for tier in self._by_distance(half)]
        return halves

    def _by_distance(self, members: int) -> list[int]:
        """The set in parts, the nearest place first; what is online, having no place, comes last."""
        if not self.query.home:
            return [members]
        return [members & at_place for at_place in self.snapshot.by_distance(self.query.home.point)]
