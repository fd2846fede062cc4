"""The measured overlap beside the predicted: how many people really came to both activities of a pair.

Counted nightly while the pair runs and for some weeks after, since presence may be entered late; then the number stays, whatever
becomes of the people. Where one of the two is for a sensitive audience nobody is followed from one to the other.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from courses.models import Activity, Attendance, Overlap
from ecosystem.models import Audience

# How long after its end an activity's presence may still be corrected.
ENTERED_LATE = timedelta(days=60)
BATCH = 500


def count(*, now: datetime) -> int:
    """Write for each pair of which both have begun how many people were present at both; how many numbers changed."""
    sensitive = Audience.objects.filter(is_sensitive=True)
    running = Activity.objects.filter(
        ~Exists(sensitive.filter(activities=OuterRef("pk"))), starts_at__lte=now, ends_at__gt=now - ENTERED_LATE
    )
    begun = Activity.objects.filter(~Exists(sensitive.filter(activities=OuterRef("pk"))), starts_at__lte=now)
    one_runs = Q(first__in=running.values("pk")) | Q(second__in=running.values("pk"))
    pairs = Overlap.objects.filter(one_runs, first__in=begun.values("pk"), second__in=begun.values("pk")).order_by("pk")
    changed, last = 0, 0
    while batch := list(pairs.filter(pk__gt=last).only("first", "second", "came_to_both")[:BATCH]):
        last = batch[-1].pk
        changed += _write(batch)
    return changed


def _write(batch: list[Overlap]) -> int:
    came = _who_came({pk for pair in batch for pk in (pair.first_id, pair.second_id)})
    changed = []
    for pair in batch:
        both = len(came[pair.first_id] & came[pair.second_id])
        if pair.came_to_both != both:
            pair.came_to_both = both
            changed.append(pair)
    Overlap.objects.bulk_update(changed, ["came_to_both"])
    return len(changed)


def _who_came(activities: set[int]) -> dict[int, set[UUID]]:
    """The people present at least once, by activity."""
    rows = Attendance.objects.filter(
        session__activity__in=activities, presence="present", registration__resident__isnull=False
    )
    found: dict[int, set[UUID]] = defaultdict(set)
    for activity, resident in rows.order_by().values_list("session__activity", "registration__resident").distinct():
        found[activity].add(resident)
    return found
