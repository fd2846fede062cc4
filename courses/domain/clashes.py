"""Clashes: somebody cannot be in two places at once. It is told to the contact, and forbidden to nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from courses.domain import notices
from courses.domain.letters import Facts
from courses.models import Activity, Registration, Session
from ecosystem.models import Audience


def find(
    *, names: Sequence[str], known: Sequence[Sequence[UUID]], facts: Facts, now: datetime
) -> list[tuple[int, str]]:
    """For each person (by place) and other activity with a place of theirs whose times meet ours, one sentence."""
    # In two steps: asked at once, a database that has not counted its rows yet may begin with all the sessions there are.
    elsewhere: dict[int, list[UUID]] = {}
    places = (
        Registration.objects.holding_places()
        .filter(resident__in=[pk for candidates in known for pk in candidates])
        .exclude(activity=facts.activity)
        .order_by("pk")
    )
    for activity, resident in places.values_list("activity_id", "resident_id"):
        elsewhere.setdefault(activity, []).append(resident)
    if not elsewhere:
        return []
    theirs = Session.objects.to_come(now=now).filter(activity__in=elsewhere).order_by("starts_at", "activity", "pk")
    met: dict[tuple[int, int], tuple[datetime, datetime]] = {}
    for activity, starts_at, ends_at in theirs.values_list("activity_id", "starts_at", "ends_at"):
        if any(own.starts_at < ends_at and starts_at < own.ends_at for own in facts.sessions):
            for place, candidates in enumerate(known):
                if any(resident in candidates for resident in elsewhere[activity]):
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
