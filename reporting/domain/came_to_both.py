"""Which pairs of overlapping activities are measured: every night, while they run and as long as presence may be entered late.

After that the number stays, whatever becomes of the people.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from courses.domain.overlaps import measured
from courses.models import Overlap

# How long after its end an activity's presence may still be corrected.
ENTERED_LATE = timedelta(days=60)
BATCH = 500


def count(*, now: datetime) -> int:
    """Write for each pair of which both have begun how many people came to both; how many numbers changed."""
    since = now - ENTERED_LATE
    pairs = Overlap.objects.filter(
        Q(first__ends_at__gt=since) | Q(second__ends_at__gt=since),
        first__starts_at__lte=now,
        second__starts_at__lte=now,
    ).order_by("pk")
    changed, last = 0, 0
    while batch := list(pairs.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        changed += measured.write(batch)
    return changed
