"""What the journal of the demonstration tells: a few days of changes by staff, and who looked at which list."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from coordinators.domain import looks
from coordinators.models import Post
from courses.models import Activity
from ecosystem import history
from ecosystem.models import Look, User

_PEOPLE = 3
_LEVELS = ("iesācējiem", "ar priekšzināšanām", "1. daļa")


def load(*, activities: Sequence[Activity], now: datetime) -> None:
    """Those who answer for some of what is to come look at its lists and change a word of it."""
    coming = (
        Activity.objects.filter(pk__in=[a.pk for a in activities], status="published", starts_at__gt=now)
        .filter(contact__kind=Post.Kind.COORDINATOR, contact__holder__isnull=False, level="")
        .select_related("contact__holder")
        .order_by("starts_at", "pk")
    )
    for place, activity in enumerate(coming[: 3 * _PEOPLE]):
        post = activity.contact
        who = post.holder if post is not None else None
        if who is None:
            continue
        at = now - timedelta(days=place, hours=-(9 + place % 7), minutes=-(11 * place % 60))
        looks.note(kind=Look.Kind.LIST, by=who, about=activity, count=activity.taken, now=at - timedelta(days=1))
        _change(activity, level=_LEVELS[place % len(_LEVELS)], by=who, at=at - timedelta(days=1, minutes=-4))


def _change(activity: Activity, *, level: str, by: User, at: datetime) -> None:
    with history.change(by=by, at=at):
        Activity.objects.filter(pk=activity.pk).update(level=level)
