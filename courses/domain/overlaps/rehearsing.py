"""Before the departments agree to other rules: what they would change over the plans there are.

Every pair is judged twice, by the rules there are and by those proposed; nothing is written. Told are the findings that
would come, those that would go, and those that stay as another kind; how many there are of each by kind and departments.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F, Q

from coordinators.domain.access import Reach
from courses.domain.overlaps import footprints, profiles, world
from courses.enums import ActivityStatus
from courses.models import Activity
from ecosystem.models import Parish
from ecosystem.overlap import crowding, prepared, sweep
from ecosystem.overlap.crowding import Crowding
from ecosystem.overlap.finding import Finding
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.place import Neighbours
from ecosystem.overlap.profile import Group, Profile
from ecosystem.overlap.rules import RuleSet

# Plans of a year, and no more than can be judged while somebody waits: the soonest.
AHEAD = timedelta(days=365)
MOST = 2000
# The kind, and the departments in their order: one alone where both are its own.
Key = tuple[str, tuple[str, ...]]
# Where the looser of two thresholds is the smaller one; of the others it is the larger.
_LEAST = (
    "people_percent",
    "colliding_minutes",
    "drop_in_percent",
    "words_percent",
    "words_percent_other_topic",
    "own_words_percent_more",
)
_MOST = ("near_km", "near_km_travels_less", "near_km_neighbours", "days_apart", "own_days_apart")


@dataclass(frozen=True)
class Count:
    """How many findings of a kind between two departments: as it is, and how many would come and go."""

    kind: str
    departments: tuple[str, ...]
    now: int
    come: int
    go: int

    @property
    def then(self) -> int:
        """How many there would be."""
        return self.now + self.come - self.go


@dataclass(frozen=True)
class Rehearsal:
    """What other rules would change: findings, the strongest first, and where it would be crowded or no more."""

    come: list[Finding]
    go: list[Finding]
    # As it is, and as it would be.
    other: list[tuple[Finding, Finding]]
    # How many stay as they are.
    same: int
    counts: list[Count]
    crowded: list[Crowding]
    no_more_crowded: list[Crowding]
    # How many were judged, and how many could not be.
    judged: int
    unjudged: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.come or self.go or self.other or self.crowded or self.no_more_crowded)


@dataclass(frozen=True)
class Tried:
    """A rehearsal over the plans there are: with the activities by their reference, and how many were left out as too many."""

    rehearsal: Rehearsal
    activities: dict[str, Activity]
    left_out: int


def over_plans(*, before: RuleSet, after: RuleSet, reach: Reach, now: datetime) -> Tried:
    """What would change over the plans of all departments for a year from now, with the drafts of one's own."""
    shown = ~Q(status=ActivityStatus.DRAFT) | Q(lead__in=reach.departments)
    found = footprints.judged(now=now).filter(shown).filter(Q(starts_at=None) | Q(starts_at__lt=now + AHEAD))
    soonest = profiles.with_all(found).select_related("lead").order_by(F("starts_at").asc(nulls_last=True), "pk")
    rows = list(soonest[: MOST + 1])
    left_out = found.count() - MOST if len(rows) > MOST else 0
    groups = world.groups()
    by_reference = {profiles.ref(activity): activity for activity in rows[:MOST]}
    rehearsal = compare(
        before=before,
        after=after,
        profiles=profiles.of_activities(by_reference.values(), groups=groups),
        drafts={key for key, activity in by_reference.items() if activity.status == ActivityStatus.DRAFT},
        neighbours=world.neighbours(),
        groups=groups.values(),
        parishes={
            one.pk: crowding.Parish(one.pk, one.name, one.population or 0) for one in Parish.objects.order_by("pk")
        },
    )
    return Tried(rehearsal, by_reference, left_out)


def compare(
    *,
    before: RuleSet,
    after: RuleSet,
    profiles: Iterable[Profile],
    neighbours: Neighbours,
    drafts: Collection[str] = (),
    groups: Iterable[Group] = (),
    parishes: Mapping[str, crowding.Parish] | None = None,
) -> Rehearsal:
    """Judge all these by both rule sets. Two drafts of two departments are nobody's business yet, and drafts crowd nothing.

    Crowding is compared where the audiences and parishes are given.
    """
    some = list(profiles)
    able = [profile for profile in some if not prepared.of(profile).missing]
    come, go, other, same = [], [], [], []
    for one, two in _found_by_either(able, before=before, after=after, neighbours=neighbours):
        if one.ref in drafts and two.ref in drafts and one.department != two.department:
            continue
        now = judge(one, two, world=World(before, neighbours))
        then = judge(one, two, world=World(after, neighbours))
        if now is None and then is not None:
            come.append(then)
        elif now is not None and then is None:
            go.append(now)
        elif now is not None and then is not None:
            if now.kind == then.kind and now.reasons == then.reasons:
                same.append(now)
            else:
                other.append((now, then))
    offered, audiences = [one for one in some if one.ref not in drafts], list(groups)
    crowded = _crowding(offered, before, audiences, parishes or {})
    would_be = _crowding(offered, after, audiences, parishes or {})
    return Rehearsal(
        come=sorted(come, key=_place),
        go=sorted(go, key=_place),
        other=sorted(other, key=lambda pair: _place(pair[1])),
        same=len(same),
        counts=_counts([*go, *same, *(now for now, _then in other)], [*come, *same, *(then for _now, then in other)]),
        crowded=[one for key, one in would_be.items() if key not in crowded],
        no_more_crowded=[one for key, one in crowded.items() if key not in would_be],
        judged=len(able),
        unjudged=len(some) - len(able),
    )


def looser(one: RuleSet, other: RuleSet) -> RuleSet:
    """Of each threshold about two activities the looser: whatever either of the two finds, this finds too."""
    least = {name: min(getattr(one, name), getattr(other, name)) for name in _LEAST}
    return replace(one, **least, **{name: max(getattr(one, name), getattr(other, name)) for name in _MOST})


def _found_by_either(
    profiles: list[Profile], *, before: RuleSet, after: RuleSet, neighbours: Neighbours
) -> Iterator[tuple[Profile, Profile]]:
    """The pairs that the one or the other finds, each once."""
    for finding in sweep.findings(profiles, world=World(looser(before, after), neighbours)):
        yield finding.first, finding.second


def _crowding(
    profiles: list[Profile], rules: RuleSet, groups: list[Group], parishes: Mapping[str, crowding.Parish]
) -> dict[tuple[str, str, str], Crowding]:
    found = crowding.find(profiles, groups=groups, parishes=parishes, rules=rules)
    return {(one.parish, one.month, one.audience): one for one in found}


def _counts(now: Iterable[Finding], then: Iterable[Finding]) -> list[Count]:
    """By kind and departments; what only changes its kind goes as the one and comes as the other."""
    is_now = {(_key(one), one.first.ref, one.second.ref) for one in now}
    will_be = {(_key(one), one.first.ref, one.second.ref) for one in then}
    number, come, go = (Counter(key for key, *_pair in some) for some in (is_now, will_be - is_now, is_now - will_be))
    return [Count(*key, now=number[key], come=come[key], go=go[key]) for key in sorted({*number, *come}, key=_order)]


def _key(finding: Finding) -> Key:
    return finding.kind, tuple(sorted({finding.first.department, finding.second.department}))


def _order(key: Key) -> tuple[bool, tuple[str, ...]]:
    return key[0] != "duplicate", key[1]


def _place(finding: Finding) -> tuple[float, str, str]:
    return -finding.strength, finding.first.ref, finding.second.ref
