"""From planned to published: whoever plans the same as another department decides first what becomes of it.

A duplicate with what another department has planned or published, and that nobody has decided, stands in the way; a clash
and one's own department's are told and stand in nobody's.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from courses.domain import programme
from courses.domain.overlaps import judging, reading, world
from courses.enums import ActivityStatus
from courses.models import Activity, Overlap

SHOWN = (ActivityStatus.PLANNED, ActivityStatus.PUBLISHED)


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
    open_now = Overlap.objects.open().of(activity).filter(kind=Overlap.Kind.DUPLICATE, is_own=False)
    others = Q(first=activity.pk, second__status__in=SHOWN) | Q(second=activity.pk, first__status__in=SHOWN)
    return open_now.filter(others).select_related("first__lead", "second__lead").order_by("-strength", "pk")


def publish(*, activity: Activity, now: datetime) -> Activity:
    """Judge an activity anew and show it to the public. Raises :class:`Undecided`, and ``programme.Refused``.

    What was found stays found where it is refused.
    """
    if activity.status != ActivityStatus.PUBLISHED:
        # What another department planned a moment ago counts.
        reading.read(now=now)
        judging.settle(activities=[activity.pk], ground=world.ground(on=timezone.localdate(now)), now=now)
        if found := list(undecided(activity=activity)):
            raise Undecided(found)
    return programme.publish(activity=activity, now=now)
