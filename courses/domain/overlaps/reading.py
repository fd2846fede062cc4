"""News of changed activities, read from the journal: each is judged anew with its neighbourhood, seconds later."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from courses.domain.overlaps import judging, world
from ecosystem.models import Journal

# How many entries are taken at once: short enough for others to have their turn.
AT_ONCE = 200


def read(*, now: datetime) -> int:
    """Judge what has changed since it was last read; how many activities. What fails is read again the next time."""
    total = 0
    while taken := _read_some(now=now):
        total += taken
    return total


def _read_some(*, now: datetime) -> int:
    unread = Journal.objects.unread(Journal.ACTIVITY_CHANGED)
    if not unread.exists():
        return 0
    with transaction.atomic():
        # The turn comes before any row: who publishes reads what the worker would otherwise hold, waiting.
        judging.take_turns()
        entries = list(unread.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
        if not entries:
            return 0
        activities = sorted({entry.payload["activity"] for entry in entries})
        judging.settle(activities=activities, ground=world.ground(on=timezone.localdate(now), parishes=()), now=now)
        Journal.objects.filter(pk__in=[entry.pk for entry in entries]).update(done_at=Greatest("created_at", now))
    return len(activities)
