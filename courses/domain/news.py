"""What there is to tell of, and whom it fits: the news of all departments at one moment, as sets.

News is what was published since somebody was last told, and what coordinators put up to be told of. It fits when it is
within reach of home, for somebody of the household's age or for whom one has chosen, about what one has chosen. Told of
is only what one can still come to. What is for a sensitive audience is never told of, to nobody. A joint activity is
one, and of two that departments have not agreed about yet (an open duplicate) the nearer is told of.

The programme is read once for all contacts, into the sets that the catalogue is searched by; a contact costs a few
of their intersections and no query.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from courses.domain import invitations
from courses.domain.catalogue import bits, index
from courses.domain.catalogue.snapshot import Snapshot
from courses.models import Activity, Digest, Invitation, Overlap
from ecosystem.geo import Point, distance_km
from residents.models import Consent

# What is new to somebody who was not told of anything for long: published within so many days.
LOOKS_BACK_DAYS = 30
# What was being published while the last news was put together.
MEANWHILE = timedelta(hours=1)
EVERYONE = "everyone"
# Of one place no more are looked through: some of them may be duplicates of what was told.
LOOKED_THROUGH = 100


@dataclass(frozen=True)
class Pick:
    """One activity chosen for somebody: whether a coordinator invites, and how far it is (None: online, or no home)."""

    activity: int
    invited: bool
    km: float | None = None


@dataclass(frozen=True)
class Choice:
    """What somebody is told of, the most fitting first, and how many more there are."""

    picks: tuple[Pick, ...] = ()
    more: int = 0


@dataclass
class News:
    """All there is to tell of at one moment."""

    snapshot: Snapshot
    # By when they were published, the oldest first; and of each place on, the set of all that is newer.
    published: list[datetime] = field(default_factory=list)
    newer: list[int] = field(default_factory=list)
    invited: int = 0
    # Of each, those that it is an open duplicate of.
    duplicates: dict[int, set[int]] = field(default_factory=dict)
    _places: dict[tuple[Point, int], int] = field(default_factory=dict)

    @classmethod
    def at(cls, now: datetime) -> "News":
        """Read the programme: what was published or put up lately and can still be come to."""
        found = cls(snapshot=index.build(now=now))
        tellable = found._tellable()
        rows = _lately(now)
        positions = found.snapshot.positions
        recent = [
            (published_at, positions[pk])
            for pk, published_at, _invited in rows
            if pk in positions and published_at > now - _looks_back() - MEANWHILE and tellable >> positions[pk] & 1
        ]
        recent.sort()
        whole = 0
        for _published_at, at in reversed(recent):
            whole |= 1 << at
            found.newer.append(whole)
        found.newer.reverse()
        found.published = [published_at for published_at, _at in recent]
        found.invited = tellable & bits.from_few(
            [[positions[pk] for pk, _at, is_invited in rows if is_invited and pk in positions]], len(found.snapshot.ids)
        )
        found._read_duplicates()
        return found

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell anybody."""
        return not self.newer and not self.invited

    def choose(self, consent: Consent, *, ages: Collection[int], before: Sequence[Digest], now: datetime) -> Choice:
        """What this contact is told of: what coordinators invite to, then what is near."""
        fitting = self._fitting(consent, ages)
        since = max([now - _looks_back(), *(digest.at for digest in before)]) - MEANWHILE
        told = self._set(pk for digest in before for pk in (*digest.told, *digest.invited))
        invited_before = self._set(pk for digest in before for pk in digest.invited)
        place = bisect_left(self.published, since)
        new = self.newer[place] if place < len(self.newer) else 0
        invited = self.invited & fitting & ~invited_before
        new &= fitting & ~told & ~invited
        seen = {pk for digest in before for pk in (*digest.told, *digest.invited)}
        chosen, left_out = self._choose(invited, new, seen, home=consent.village.point if consent.village else None)
        return Choice(chosen, (invited | new).bit_count() - len(chosen) - left_out)

    def _choose(self, invited: int, new: int, seen: set[int], *, home: Point | None) -> tuple[tuple[Pick, ...], int]:
        """As many as one message holds, and how many were left out as duplicates of what is nearer or was told."""
        most = settings.DIGEST_ACTIVITIES
        by_invitation: list[Pick] = []
        merely_new: list[Pick] = []
        left_out = 0
        invited_left = invited.bit_count()
        for pk, at in self._nearest(invited | new, home):
            is_invited = bool(invited >> at & 1)
            invited_left -= is_invited
            if self.duplicates.get(pk, frozenset()) & seen:
                left_out += 1
            elif is_invited or len(merely_new) < most:
                km = None if home is None or self.snapshot.online >> at & 1 else self._km(home, at)
                (by_invitation if is_invited else merely_new).append(Pick(pk, is_invited, km))
                seen.add(pk)
            if len(merely_new) >= most and not invited_left:
                break
        return tuple([*by_invitation, *merely_new][:most]), left_out

    def _km(self, home: Point, at: int) -> float:
        return distance_km(home, self.snapshot.points_at[at])

    def _fitting(self, consent: Consent, ages: Collection[int]) -> int:
        """What is within reach, for them, and about what they chose."""
        s = self.snapshot
        found = s.everything
        if consent.village and consent.km:
            found &= self._around(consent.village.point, consent.km)
        if consent.audiences:
            found &= bits.union(s.get(("audience", code)) for code in (*consent.audiences, EVERYONE))
        elif ages:
            found &= bits.union(s.age(years) for years in ages)
        if consent.topics:
            found &= bits.union(s.get(("topic", code)) for code in consent.topics)
        return found

    def _around(self, home: Point, km: int) -> int:
        key = (home, km)
        if key not in self._places:
            near = bits.union(members for point, members in self.snapshot.points if distance_km(home, point) <= km)
            self._places[key] = near | self.snapshot.online
        return self._places[key]

    def _nearest(self, members: int, home: Point | None) -> Iterable[tuple[int, int]]:
        """Ids with their positions, the nearest place first, at one place the soonest."""
        s = self.snapshot
        tiers = [members] if home is None else (members & at_place for at_place in s.by_distance(home))
        for tier in tiers:
            for at in bits.positions(tier, 0, LOOKED_THROUGH):
                yield s.ids[at], at

    def _set(self, ids: Iterable[int]) -> int:
        positions = self.snapshot.positions
        members = 0
        for pk in ids:
            if pk in positions:
                members |= 1 << positions[pk]
        return members

    def _tellable(self) -> int:
        """What has places and no sensitive audience."""
        s = self.snapshot
        sensitive = bits.union(s.get(("audience", one.pk)) for one in s.vocabulary.audiences if one.is_sensitive)
        return s.get(("places", True)) & ~sensitive

    def _read_duplicates(self) -> None:
        """Pairs of two departments that nobody has decided about; one query."""
        candidates = self.invited | (self.newer[0] if self.newer else 0)
        ids = [self.snapshot.ids[at] for at in bits.positions(candidates, 0, candidates.bit_count())]
        pairs = (
            Overlap.objects.open()
            .filter(Q(first__in=ids) | Q(second__in=ids), kind=Overlap.Kind.DUPLICATE, is_own=False)
            .order_by("first", "second")
        )
        for first, second in pairs.values_list("first", "second") if ids else ():
            self.duplicates.setdefault(first, set()).add(second)
            self.duplicates.setdefault(second, set()).add(first)


def _looks_back() -> timedelta:
    """Never shorter than the time between two messages."""
    return timedelta(days=max(LOOKS_BACK_DAYS, settings.DIGEST_DAYS))


def _lately(now: datetime) -> list[tuple[int, datetime, bool]]:
    """What was published or put up lately and takes registrations: the id, when it was published, whether invited to."""
    standing = Invitation.objects.standing().filter(put_up_at__gt=now - invitations.LASTS).order_by()
    invited = set(standing.values_list("activity", flat=True))
    found = (
        Activity.objects.published()
        .to_come(now=now)
        .filter(Q(published_at__gt=now - _looks_back() - MEANWHILE) | Q(pk__in=invited))
        .filter(Q(registration_closes_at=None) | Q(registration_closes_at__gt=now))
        .order_by("pk")
    )
    rows = found.values_list("pk", "published_at")
    # What is published has its time: the database says so.
    return [(pk, published_at, pk in invited) for pk, published_at in rows if published_at is not None]
