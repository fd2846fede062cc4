"""The measured overlap beside the predicted: how many people really came to both activities of a pair.

Where one of the two is for a sensitive audience nobody is followed from one to the other, and there is no number.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from courses.models import Attendance, Overlap
from ecosystem.models import Audience


def write(pairs: Sequence[Overlap]) -> int:
    """Write for each of these how many people were present at both, at least once each; how many numbers changed."""
    keys = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    closed = set(
        Audience.objects.filter(is_sensitive=True, activities__in=keys).order_by().values_list("activities", flat=True)
    )
    came = _who_came(keys - closed)
    changed = []
    for pair in pairs:
        if pair.first_id in closed or pair.second_id in closed:
            continue
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
