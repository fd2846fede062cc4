"""What is looked for in the trail."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet, Value
from django.utils import timezone

from coordinators.domain.access import Reach
from coordinators.models import Post
from courses.models import Activity
from ecosystem.models import User
from ecosystem.models.functions import Fold
from ecosystem.text import clean

LAST_DAY = date(9000, 1, 1)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; everything may be left open. ``until`` is the last day."""

    thing: str = ""
    activity: int | None = None
    words: str = ""
    by: int | None = None
    since: date | None = None
    until: date | None = None
    kind: str = ""
    person: UUID | None = None


def colleagues(reach: Reach) -> QuerySet[User]:
    """Whose changes and looks the reader may ask for: who holds a post in what the reader heads."""
    posts = Post.objects.exclude(holder=None)
    if not reach.is_administrator:
        posts = posts.filter(department__in=reach.headed)
    return User.objects.filter(pk__in=posts.values("holder")).order_by("name", "email", "pk")


def called(words: str) -> QuerySet[Activity]:
    """Activities with these words in their title."""
    found = Activity.objects.annotate(folded=Fold("title_lv"))
    for word in clean(words)[:80].split()[:5]:
        found = found.filter(folded__contains=Fold(Value(word)))
    return found


def period(wanted: Wanted, column: str) -> dict[str, datetime]:
    zone = timezone.get_default_timezone()
    limits = {}
    if wanted.since is not None:
        limits[f"{column}__gte"] = datetime.combine(wanted.since, time(0), tzinfo=zone)
    if wanted.until is not None:
        # Nothing was written so late, and after the calendar's last day there is none.
        until = min(wanted.until, LAST_DAY)
        limits[f"{column}__lt"] = datetime.combine(until + timedelta(days=1), time(0), tzinfo=zone)
    return limits
