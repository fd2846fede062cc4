"""What the rules know of each activity, kept ready in rows, so that a pair is found without reading the programme.

A footprint is a copy: written when the journal tells that its activity changed, by the sweep, and by whoever is about to
publish. What is over, called off or without a day has none; what cannot be judged is told by name (:class:`Unjudged`).
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from courses.domain.overlaps import profiles
from courses.domain.overlaps.world import Ground
from courses.enums import ActivityStatus
from courses.models import Activity, Footprint, Unjudged
from ecosystem.overlap import footprint
from ecosystem.overlap.profile import Profile, missing

# What is planned, by whomever; drafts are compared for their own department alone.
JUDGED = (ActivityStatus.DRAFT, ActivityStatus.PLANNED, ActivityStatus.PUBLISHED)
_MANY = 500
_FIELDS = [field.name for field in Footprint._meta.concrete_fields if not field.primary_key]


def judged(*, now: datetime) -> QuerySet[Activity]:
    """The activities that the rules look at: planned, published and drafts, with something still to come or no day yet."""
    return Activity.objects.filter(status__in=JUDGED).exclude(ends_at__lte=now)


def keep(*, activities: Collection[int], ground: Ground, now: datetime) -> list[Profile]:
    """Write the footprints of these anew, take away those of what is judged no more; gives the profiles that can be judged."""
    found: list[Profile] = []
    keys = sorted(set(activities))
    for start in range(0, len(keys), _MANY):
        found += _keep(keys[start : start + _MANY], ground, now)
    return found


def _keep(keys: list[int], ground: Ground, now: datetime) -> list[Profile]:
    there = list(profiles.with_all(judged(now=now).filter(pk__in=keys)).order_by("pk"))
    made = list(zip(there, profiles.of_activities(there, groups=ground.groups), strict=True))
    judged_now = [(activity, profile) for activity, profile in made if not missing(profile)]
    unjudged = {activity.pk: missing(profile) for activity, profile in made if missing(profile)}
    _take_away(Footprint.objects.all(), set(keys) - {activity.pk for activity, _profile in judged_now})
    _take_away(Unjudged.objects.all(), set(keys) - unjudged.keys())
    Unjudged.objects.bulk_create(
        [Unjudged(activity_id=pk, missing=wanting) for pk, wanting in unjudged.items()],
        update_conflicts=True,
        unique_fields=["activity"],
        update_fields=["missing"],
    )
    Footprint.objects.bulk_create(
        [_row(activity, profile, now) for activity, profile in judged_now],
        update_conflicts=True,
        unique_fields=["activity"],
        update_fields=_FIELDS,
    )
    return [profile for _activity, profile in judged_now]


def rebuild(*, ground: Ground, now: datetime) -> int:
    """Write the footprints of all that is judged, and take away the rest; how many there are."""
    keys = list(judged(now=now).order_by("pk").values_list("pk", flat=True))
    for rows in (Footprint.objects.all(), Unjudged.objects.all()):
        rows.exclude(activity__in=judged(now=now).values("pk")).delete()
    return len(keep(activities=keys, ground=ground, now=now))


def lapse(*, today: date) -> int:
    """Take away the footprints of what is over; how many went."""
    return Footprint.objects.filter(last_on__lt=today).delete()[0]


def _row(activity: Activity, profile: Profile, now: datetime) -> Footprint:
    return Footprint(
        activity=activity,
        lead_id=profile.department,
        is_draft=activity.status == ActivityStatus.DRAFT,
        made_at=now,
        **footprint.columns(profile),
    )


def _take_away(rows: QuerySet[Footprint] | QuerySet[Unjudged], keys: Iterable[int]) -> None:
    gone = list(keys)
    if gone:
        rows.filter(activity__in=gone).delete()
