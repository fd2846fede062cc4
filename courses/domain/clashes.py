"""Clashes: somebody cannot be in two places at once. It is told to the contact, and forbidden to nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from courses.domain import notices
from courses.domain.letters import Facts
from courses.models import Activity, Registration
from ecosystem.models import Audience


def find(
    *, names: Sequence[str], known: Sequence[Sequence[UUID]], facts: Facts, now: datetime
) -> list[tuple[int, str]]:
    """For each person (by place) and other activity with a place of theirs whose times meet ours, one sentence."""
    rows = (
        Registration.objects.holding_places()
        .filter(
            resident__in=[pk for candidates in known for pk in candidates],
            activity__sessions__cancelled_at=None,
            activity__sessions__ends_at__gt=now,
        )
        .exclude(activity=facts.activity)
        .order_by("activity__sessions__starts_at", "pk")
        .values_list("resident_id", "activity_id", "activity__sessions__starts_at", "activity__sessions__ends_at")
    )
    met: dict[tuple[int, int], tuple[datetime, datetime]] = {}
    for resident, activity, starts_at, ends_at in rows:
        if any(own.starts_at < ends_at and starts_at < own.ends_at for own in facts.sessions):
            for place, candidates in enumerate(known):
                if resident in candidates:
                    met.setdefault((place, activity), (starts_at, ends_at))
    if not met:
        return []
    others = Activity.objects.in_bulk({activity for _place, activity in met})
    unnamed = set(
        Audience.objects.filter(activities__in=others, is_sensitive=True).values_list("activities", flat=True)
    )
    return [
        (place, notices.clash(names[place], None if pk in unnamed else others[pk], *times))
        for (place, pk), times in met.items()
    ]
