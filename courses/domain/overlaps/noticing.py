"""What overlaps with an activity while it is still being written: told beside the form, and in nobody's way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from courses.domain.overlaps import footprints, judging, profiles, world
from courses.domain.programme.spec import ActivitySpec, SessionSpec
from courses.models import Activity, Overlap
from ecosystem.overlap.finding import DUPLICATE, Finding
from ecosystem.overlap.profile import missing

# How many are told; of the rest the number.
TOLD = 5


@dataclass(frozen=True)
class Near:
    """One overlap: what was found, the other activity, and the row that is kept of the pair, where there is one."""

    finding: Finding
    other: Activity
    overlap: Overlap | None


@dataclass(frozen=True)
class Noticed:
    """What was found, the nearest first; or what is still missing before anything can be compared."""

    rows: list[Near] = field(default_factory=list)
    total: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not told."""
        return self.total - len(self.rows)


def notice(
    *,
    spec: ActivitySpec,
    meetings: Sequence[SessionSpec],
    activity: Activity | None,
    departments: Collection[str],
    now: datetime,
) -> Noticed:
    """What overlaps with what is typed: planned and published of all, and drafts of ``departments``.

    ``meetings`` are the sessions said so far, ``activity`` the row being changed. Writes nothing; at most eight queries.
    """
    ground = world.ground(on=timezone.localdate(now), parishes=[spec.parish.pk])
    reference = profiles.ref(activity) if activity is not None else profiles.TYPED
    profile = profiles.of_spec(replace(spec, sessions=list(meetings)), groups=ground.groups, reference=reference)
    if wanting := missing(profile):
        return Noticed(missing=wanting)
    found = judging.find(profile=profile, ground=ground, departments={spec.lead.pk, *departments})
    # What another department plans comes before what one knows oneself, the same before what only meets at its hours.
    told = sorted(found, key=lambda one: (one.own, one.kind != DUPLICATE))[:TOLD]
    keys = {_other(finding, reference): finding for finding in told}
    others = Activity.objects.select_related(
        *("lead", "parish", "centre", "topic"),
        *("contact__holder", "contact__stands_in__holder", "contact__department"),
    ).in_bulk(keys)
    kept: dict[int, Overlap] = {}
    if activity is not None:
        for row in Overlap.objects.standing().of(activity).select_related("decision"):
            kept[row.second_id if row.first_id == activity.pk else row.first_id] = row
    # What was called off a moment ago is there until the news of it is read.
    rows = [
        Near(finding, others[pk], kept.get(pk))
        for pk, finding in keys.items()
        if pk in others and others[pk].status in footprints.JUDGED
    ]
    return Noticed(rows, total=len(found) - len(told) + len(rows))


def _other(finding: Finding, reference: str) -> int:
    return profiles.number(finding.second.ref if finding.first.ref == reference else finding.first.ref)
