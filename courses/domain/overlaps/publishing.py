"""From planned to published: whoever plans the same as another department decides first what becomes of it.

A duplicate with what another department has planned or published, and that nobody has decided, stands in the way; a clash
and one's own department's are told and stand in nobody's.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import ngettext

from courses.domain import programme
from courses.domain.overlaps import judging, reading, world
from courses.domain.overlaps.board import SHOWN
from courses.enums import ActivityStatus
from courses.models import Activity, Overlap
from ecosystem import history


class Undecided(programme.Refused):
    """Another department plans the same, and nobody has decided what becomes of it; ``overlaps`` are those."""

    def __init__(self, overlaps: list[Overlap]) -> None:
        count = len(overlaps)
        super().__init__(
            ngettext(
                "Another department plans the same for the same people. Decide first what becomes of it.",
                "Other departments plan the same for the same people in %(count)s activities. Decide first what becomes of it.",
                count,
            )
            % {"count": count}
        )
        self.overlaps = overlaps


def undecided(*, activity: Activity) -> QuerySet[Overlap]:
    """The duplicates with other departments' plans that nobody has decided, the strongest first."""
    others = Q(first=activity.pk, second__status__in=SHOWN) | Q(second=activity.pk, first__status__in=SHOWN)
    return _in_the_way([activity.pk]).filter(others)


def publish(*, activity: Activity, now: datetime) -> Activity:
    """Judge an activity anew and show it to the public. Raises :class:`Undecided`, and ``programme.Refused``.

    What was found stays found where it is refused; a draft is planned by then, so that the other department sees it too.
    """
    if activity.status not in (ActivityStatus.DRAFT, ActivityStatus.PLANNED):
        return programme.publish(activity=activity, now=now)
    with transaction.atomic():
        # One at a time until it is published: of two that publish the same at one moment the second finds the first.
        judging.take_turns()
        # What another department planned a moment ago counts.
        reading.read(now=now)
        judging.settle(activities=[activity.pk], ground=world.ground(on=timezone.localdate(now), parishes=()), now=now)
        found = list(undecided(activity=activity))
        if not found:
            return programme.publish(activity=activity, now=now)
        if activity.status == ActivityStatus.DRAFT and not programme.missing(
            activity, step=ActivityStatus.PUBLISHED, now=now
        ):
            programme.plan(activity=activity, now=now)
    raise Undecided(found)


@history.one_change()
def publish_many(*, activities: Sequence[Activity], now: datetime) -> dict[int, list[Activity]]:
    """Show many at once, each checked by the caller and locked; those that wait for a decision stay planned.

    Gives what stands in the way of those, by their number: the activities of other departments.
    """
    if not activities:
        return {}
    reading.read(now=now)
    keys = [activity.pk for activity in activities]
    judging.settle(activities=keys, ground=world.ground(on=timezone.localdate(now), parishes=()), now=now)
    held: dict[int, list[Activity]] = defaultdict(list)
    for overlap in _in_the_way(keys):
        for one, other in ((overlap.first, overlap.second), (overlap.second, overlap.first)):
            if other.status in SHOWN:
                held[one.pk].append(other)
    rows = Activity.objects.filter(pk__in=set(keys) - held.keys())
    rows.update(status=ActivityStatus.PUBLISHED, published_at=Coalesce("published_at", now), changed_at=now)
    return dict(held)


def _in_the_way(keys: Sequence[int]) -> QuerySet[Overlap]:
    """Undecided duplicates of these with another department's, drafts among them, the strongest first."""
    found = Overlap.objects.open().filter(Q(first__in=keys) | Q(second__in=keys), kind=Overlap.Kind.DUPLICATE)
    return found.filter(is_own=False).select_related("first__lead", "second__lead").order_by("-strength", "pk")
