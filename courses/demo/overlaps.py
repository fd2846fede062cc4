"""What overlaps in the demonstration: found by the rules themselves, some of it decided weeks ago, some still open.

What is planned for the desks that one signs in as (``demo_desk.csv``: *overlap* and *other*) stays open, with a first word
of the other department. What is over was found when it was planned, and most of it decided; who came to both is counted
from the attendance.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from coordinators.models import Post
from courses.demo import desk
from courses.demo.files import generator
from courses.domain.overlaps import judging, measured, profiles, world
from courses.domain.overlaps.world import Ground
from courses.enums import ActivityStatus
from courses.models import Activity, Overlap, OverlapDecision, OverlapNote
from ecosystem.models import User
from ecosystem.overlap import sweep

LOOKED_BACK = timedelta(days=150)
WORDS = (
    "Grupas ir mazas, un abās vietās ir pieteikušies. Rīkojam abas.",
    "Mūsu dalībnieki uz kaimiņu pagastu netiek, autobuss vakarā neiet.",
    "Vienlaikus notiek tikai divas nodarbības; cilvēkus brīdināsim.",
    "Mērķgrupa ir tā pati, bet vajadzība lielāka, nekā viena grupa var uzņemt.",
    "Telpa citā laikā nav brīva. Nākamajā sezonā saskaņosim iepriekš.",
)
NOTE = "Mums ir telpa un vadītājs. Vai nevaram likt abas kopā un dalīt vietas?"


def load(*, activities: Sequence[Activity], seed: int, today: date, now: datetime) -> None:
    """Find, and decide what was decided."""
    chance = generator(seed, today, "overlaps")
    ground = world.ground(on=today)
    heads = {post.department_id: post.holder for post in Post.objects.filter(kind=Post.Kind.HEAD).order_by("pk")}
    _leave_behind(activities, ground, chance, heads, now=now)
    keys = [activity.pk for activity in activities]
    judging.settle(activities=keys, ground=ground, now=now)
    ours = Overlap.objects.standing().filter(first__in=keys, second__in=keys)
    standing = ours.select_related("first__lead", "second__lead", "decision").order_by("pk")
    for overlap in standing:
        overlap.found_at = now - timedelta(days=chance.randint(2, 19), minutes=chance.randint(0, 600))
        overlap.save(update_fields=["found_at"])
        if overlap.decision is not None:
            # What the programme has twice was decided when it was planned.
            overlap.decision.at = overlap.found_at + (now - overlap.found_at) * chance.uniform(0.1, 0.9)
            overlap.decision.by = heads.get(overlap.decision.department_id)
            overlap.decision.save(update_fields=["at", "by"])
        elif _is_shown(overlap):
            other = overlap.second if desk.shown_by(overlap.second) == "other" else overlap.first
            OverlapNote.objects.create(
                overlap=overlap,
                department=other.lead,
                by=heads.get(other.lead_id),
                at=overlap.found_at + timedelta(days=1),
                text=NOTE,
            )
        elif overlap.kind == Overlap.Kind.CLASH and not _has_draft(overlap) and chance.random() < 0.5:
            _decide(overlap, chance, heads, most_days=max(1, (now - overlap.found_at).days - 1))
    measured.write([overlap for overlap in standing if _has_begun(overlap, now=now)])


def _has_begun(overlap: Overlap, *, now: datetime) -> bool:
    return all(one.starts_at is not None and one.starts_at < now for one in (overlap.first, overlap.second))


def _has_draft(overlap: Overlap) -> bool:
    """Nothing is agreed with another department about what it does not see."""
    return ActivityStatus.DRAFT in (overlap.first.status, overlap.second.status)


def _is_shown(overlap: Overlap) -> bool:
    """Whether it is one that the desks show."""
    return {desk.shown_by(overlap.first), desk.shown_by(overlap.second)} == set(desk.BESIDE)


def _leave_behind(
    activities: Iterable[Activity], ground: Ground, chance: Random, heads: dict[str, User | None], *, now: datetime
) -> None:
    """What overlapped while it was planned, and is over."""
    over = Activity.objects.filter(
        pk__in=[activity.pk for activity in activities], status=ActivityStatus.COMPLETED, ends_at__gt=now - LOOKED_BACK
    )
    there = list(profiles.with_all(over).order_by("pk"))
    made = profiles.of_activities(there, groups=ground.groups)
    judging.write(found=sweep.findings(made, world=ground.world), there=[], now=now)
    keys = [activity.pk for activity in there]
    left = Overlap.objects.filter(first__in=keys, second__in=keys).select_related("first__lead", "second__lead")
    for overlap in left.order_by("pk"):
        begins = min(filter(None, (overlap.first.starts_at, overlap.second.starts_at)))
        overlap.found_at = begins - timedelta(days=chance.randint(18, 45), minutes=chance.randint(0, 600))
        overlap.ended_at = min(filter(None, (overlap.first.ends_at, overlap.second.ends_at)))
        overlap.save(update_fields=["found_at", "ended_at"])
        if not overlap.is_own and chance.random() < 0.8:
            _decide(overlap, chance, heads, most_days=12)
    measured.write(list(left))


def _decide(overlap: Overlap, chance: Random, heads: dict[str, User | None], *, most_days: int) -> None:
    """It goes ahead, some days after it was found, in the words of one of the two."""
    activity = chance.choice((overlap.first, overlap.second))
    overlap.decision = OverlapDecision.objects.create(
        overlap=overlap,
        what=OverlapDecision.What.AHEAD,
        words=chance.choice(WORDS),
        department=activity.lead,
        by=heads.get(activity.lead_id),
        at=overlap.found_at + timedelta(days=chance.randint(1, most_days), minutes=chance.randint(0, 400)),
        basis=overlap.basis,
        kind=overlap.kind,
        reasons=overlap.reasons,
        version=overlap.version,
    )
    overlap.save(update_fields=["decision"])
