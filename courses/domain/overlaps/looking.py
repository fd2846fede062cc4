"""All overlaps at once, of the programme, of a file with it, or of a file alone: what ``find_overlaps`` tells.

Judged are planned and published activities of all departments, and drafts of one's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from courses.domain.overlaps import profiles
from courses.domain.overlaps.filing import Told
from courses.domain.overlaps.world import Ground
from courses.enums import ActivityStatus
from courses.models import Activity
from ecosystem.models import Parish
from ecosystem.overlap import crowding, sweep
from ecosystem.overlap.finding import DUPLICATE, Finding
from ecosystem.overlap.profile import missing


@dataclass(frozen=True)
class Found:
    """What was found, by the names it has outside."""

    findings: list[tuple[Finding, Told, Told]]
    crowded: list[tuple[crowding.Crowding, list[str]]]
    unjudged: list[tuple[Told, list[str]]]


def planned(*, since: datetime, until: date | None, department: str, ground: Ground) -> list[Told]:
    """What the programme holds from a moment to a day, and drafts of the department; with what has no day yet."""
    shown = Q(status__in=[ActivityStatus.PLANNED, ActivityStatus.PUBLISHED])
    if department:
        shown |= Q(status=ActivityStatus.DRAFT, lead=department)
    found = Activity.objects.filter(shown, Q(ends_at=None) | Q(ends_at__gt=since)).order_by("pk")
    if until is not None:
        end = datetime.combine(until + timedelta(days=1), time(0), tzinfo=timezone.get_default_timezone())
        found = found.filter(Q(starts_at=None) | Q(starts_at__lt=end))
    there = list(profiles.with_all(found))
    made = profiles.of_activities(there, groups=ground.groups)
    return [
        Told(profile, activity.ref or f"id:{activity.pk}", is_draft=activity.status == ActivityStatus.DRAFT)
        for activity, profile in zip(there, made, strict=True)
    ]


def within(told: Sequence[Told], *, since: date | None, until: date | None) -> list[Told]:
    """Those of a file with a day in the period, and those without a day."""
    return [
        one
        for one in told
        if not one.profile.sessions
        or ((since is None or one.profile.last_day >= since) and (until is None or one.profile.first_day <= until))
    ]


def look(*, told: Sequence[Told], ground: Ground, department: str = "") -> Found:
    """Every overlap among these, duplicates first and the strongest first; with ``department`` those it has a part in."""
    by_ref = {one.profile.ref: one for one in told}
    unjudged = [(one, wanting) for one in told if (wanting := missing(one.profile))]
    lacking = {one.profile.ref for one, _wanting in unjudged}
    good = [one for one in told if one.profile.ref not in lacking]
    drafts = {one.profile.ref for one in good if one.is_draft}
    findings = [
        (finding, by_ref[finding.first.ref], by_ref[finding.second.ref])
        for finding in sweep.findings([one.profile for one in good], world=ground.world, drafts=drafts)
        if not department or department in finding.first.departments | finding.second.departments
    ]
    findings.sort(key=lambda each: (each[0].kind != DUPLICATE, -each[0].strength, each[1].ref, each[2].ref))
    crowded = [
        (one, [by_ref[ref].ref for ref in one.refs])
        for one in _crowded(good, ground)
        if not department or any(department in by_ref[ref].profile.departments for ref in one.refs)
    ]
    return Found(findings, crowded, unjudged)


def _crowded(told: Sequence[Told], ground: Ground) -> list[crowding.Crowding]:
    parishes = {
        parish.pk: crowding.Parish(parish.pk, parish.name, parish.population or 0)
        for parish in Parish.objects.order_by("pk")
    }
    return crowding.find(
        (one.profile for one in told if not one.is_draft),
        groups=ground.groups.values(),
        parishes=parishes,
        rules=ground.world.rules,
    )
