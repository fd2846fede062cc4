"""Which pairs overlap: found for one profile at a time, and kept in rows as long as they do.

Planned and published activities of all departments are compared; a draft with what others plan and with all of its own
department's, so two drafts of two departments never meet. A pair is judged anew when either changes. A row stays when
the pair overlaps no more, since what was decided is kept for ever; and a decision stands as long as the facts behind the
finding are those on which people decided (:mod:`basis`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from courses.domain.overlaps import basis, candidates, footprints, profiles, world
from courses.domain.overlaps.world import Ground
from courses.models import Footprint, Overlap, OverlapDecision
from ecosystem.overlap import sweep
from ecosystem.overlap.finding import Finding
from ecosystem.overlap.judge import judge
from ecosystem.overlap.profile import Profile

# Whoever judges with an older view must not write after whoever had a newer one: one at a time. Any number will do.
_LOCK = 5_202_004
# So many are compared each by a look-up of its own; more, as a file brings, with all that lies around them.
ONE_BY_ONE = 20


def find(*, profile: Profile, ground: Ground, departments: Collection[str] | None) -> list[Finding]:
    """What overlaps with this profile, the strongest first; of drafts only those of ``departments`` (None is all)."""
    others = candidates.near(profile, ground=ground, departments=departments)
    found = [finding for other in others if (finding := judge(profile, other, world=ground.world)) is not None]
    return sorted(found, key=lambda finding: (-finding.strength, finding.first.ref, finding.second.ref))


def settle(*, activities: Collection[int], ground: Ground, now: datetime) -> int:
    """Judge these activities anew and bring their rows up to it; how many overlaps stand. Their footprints are written.

    Who borders on whom is asked here, of their parishes alone.
    """
    with transaction.atomic():
        take_turns()
        made = footprints.keep(activities=activities, ground=ground, now=now)
        ground = world.among(ground, parishes={profile.parish for profile in made})
        drafts = set(
            Footprint.objects.filter(activity__in=activities, is_draft=True)
            .order_by()
            .values_list("activity", flat=True)
        )
        found: dict[tuple[int, int], Finding] = {}
        if len(made) <= ONE_BY_ONE:
            for profile in made:
                own = {profile.department} if profiles.number(profile.ref) in drafts else None
                for finding in find(profile=profile, ground=ground, departments=own):
                    found[pair(finding)] = finding
        else:
            found = {pair(finding): finding for finding in _among(made, ground)}
        there = Overlap.objects.filter(Q(first__in=activities) | Q(second__in=activities))
        write(found=found.values(), there=there.select_related("decision"), now=now)
    return len(found)


def _among(made: Sequence[Profile], ground: Ground) -> Iterator[Finding]:
    """The overlaps of many at once: all that lies around them in their days is read once, and swept."""
    others, drafts = candidates.around_many(made, ground=ground)
    only = {profile.ref for profile in made}
    return sweep.findings(others, world=ground.world, drafts=drafts, only=only)


def take_turns() -> None:
    """Wait for whoever judges at this moment; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def write(*, found: Iterable[Finding], there: Iterable[Overlap], now: datetime) -> None:
    """Make the rows say what was found: new pairs, changed ones, and those of ``there`` that overlap no more.

    The same again changes nothing. The caller holds the turn.
    """
    rows = {(row.first_id, row.second_id): row for row in there}
    new, changed, fallen, marked = [], [], [], []
    for finding in found:
        row = rows.pop(pair(finding), None)
        if row is None:
            new.append(_filled(Overlap(found_at=now), finding))
            continue
        before = (row.kind, row.is_own, row.strength, row.reasons, row.basis, row.version, row.ended_at)
        _filled(row, finding)
        if row.ended_at is not None:
            row.ended_at, row.found_at = None, now
        if row.decision is not None and not row.decision.basis:
            # Marked in an older way: what the row says now is what it rested on.
            row.decision.basis = row.basis
            marked.append(row.decision)
        elif row.decision is not None and row.decision.basis != row.basis:
            fallen.append(row.decision)
            row.decision = None
            # A new question, as old as the change.
            row.found_at = now
        if before != (row.kind, row.is_own, row.strength, row.reasons, row.basis, row.version, row.ended_at):
            changed.append(row)
    for row in rows.values():
        if row.ended_at is None:
            row.ended_at = max(now, row.found_at)
            changed.append(row)
    # In one order, however they were found: the same plans give the same rows.
    new.sort(key=lambda row: (row.first_id, row.second_id))
    Overlap.objects.bulk_create(new, batch_size=1000)
    fields = ["kind", "is_own", "strength", "reasons", "basis", "version", "found_at", "ended_at", "decision"]
    Overlap.objects.bulk_update(changed, fields, batch_size=500)
    OverlapDecision.objects.bulk_update(marked, ["basis"], batch_size=500)
    fell: Sequence[int] = [decision.pk for decision in fallen]
    if fell:
        OverlapDecision.objects.filter(pk__in=fell, ended_at=None).update(ended_at=now)


def _filled(row: Overlap, finding: Finding) -> Overlap:
    row.first_id, row.second_id = pair(finding)
    row.kind, row.is_own, row.strength = finding.kind, finding.own, finding.strength
    row.reasons, row.basis, row.version = basis.told(finding), basis.mark(finding), finding.version
    return row


def pair(finding: Finding) -> tuple[int, int]:
    """The two activities, in the order of their numbers."""
    return profiles.number(finding.first.ref), profiles.number(finding.second.ref)
