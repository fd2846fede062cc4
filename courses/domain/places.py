"""The places of an activity: how many are taken, how many people wait.

Two numbers on the activity's row say it. They change only while that row is locked, in the transaction that changes
the registrations, and always by the functions here. The row is locked before any registration is touched, everywhere,
so that nobody waits in a circle and nobody sells a place twice.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from courses.models import Activity

# What may have changed while somebody waited for the lock.
_VOLATILE = (
    *("status", "capacity", "taken", "waiting", "is_drop_in", "needs_approval", "cancelled_at"),
    *("registration_opens_at", "registration_closes_at", "starts_at", "ends_at", "changed_at"),
)

# In SQL as they stand: registering runs both while everybody else waits for the row.
AND_LOCK = " FOR NO KEY UPDATE"
LOCK = f"SELECT {', '.join(_VOLATILE)} FROM courses_activity WHERE id = %s{AND_LOCK}"  # noqa: S608 (names of columns, ours)
_CHANGE = "UPDATE courses_activity SET taken = %s, waiting = %s, changed_at = %s WHERE id = %s"


def lock(activity: Activity | int, *, skip: bool = False) -> Activity | None:
    """The activity's row, locked until the transaction ends; with ``skip``, None when somebody else holds it.

    ``no_key``: a row that only names the activity (a new session, a journal entry) need not wait for us.
    """
    pk = activity if isinstance(activity, int) else activity.pk
    return (
        Activity.objects.select_for_update(of=("self",), no_key=True, skip_locked=skip)
        .filter(pk=pk)
        .order_by("pk")
        .first()
    )


def lock_or_fail(activity: Activity | int) -> Activity:
    """The activity's row, locked; it must exist."""
    locked = lock(activity)
    if locked is None:
        raise Activity.DoesNotExist
    return locked


def lock_onto(activity: Activity) -> Activity:
    """The same for an activity already read: only what may have changed is read again, while others wait."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [activity.pk])
        row = cursor.fetchone()
    if row is None:
        raise Activity.DoesNotExist
    for name, value in zip(_VOLATILE, row, strict=True):
        setattr(activity, name, value)
    return activity


def free(activity: Activity) -> int | None:
    """Places that nobody holds; None without a limit."""
    return None if activity.capacity is None else max(0, activity.capacity - activity.taken)


def change(activity: Activity, *, now: datetime, taken: int = 0, waiting: int = 0) -> None:
    """Move both counters of a locked row by these steps.

    Only when the activity becomes full, or stops being full, has something changed that a search looks at.
    """
    if not taken and not waiting:
        return
    was_full = activity.places_left == 0
    activity.taken += taken
    activity.waiting += waiting
    if was_full != (activity.places_left == 0):
        activity.changed_at = now
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, [activity.taken, activity.waiting, activity.changed_at, activity.pk])


@dataclass(frozen=True)
class Deal:
    """What so many newcomers get: places at once, the rest a turn in the queue from number ``place``."""

    confirmed: int
    queued: int
    place: int | None

    @property
    def outcome(self) -> str:
        """In one word."""
        return "queued" if self.queued else "confirmed"


def deal(activity: Activity, *, people: int, all_or_none: bool) -> Deal:
    """What newcomers get as things stand. Nobody new overtakes a queue; without a limit everyone has a place."""
    left = activity.places_left
    if left is None or people <= left:
        return Deal(confirmed=people, queued=0, place=None)
    confirmed = 0 if all_or_none else max(0, left)
    return Deal(confirmed=confirmed, queued=people - confirmed, place=activity.waiting + 1)
