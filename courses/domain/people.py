"""Whom somebody at the desk may see as a person, and what of them.

One sees those who live in the parishes of one's posts or nowhere here, and those who take part in what one manages; a
head and an administrator see everyone. Who works with no activities (a project manager) works with no people either.
An activity with a closed list is named only to who manages it, whatever page it would stand on.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordinators.domain.access import Reach
from coordinators.models import Post
from courses.domain import rights
from courses.models import Activity, Merge, Registration
from ecosystem.models import Audience
from residents.domain import search
from residents.models import PossibleDouble, Resident

_WORKING = frozenset({Post.Kind.COORDINATOR, Post.Kind.MANAGER, Post.Kind.HEAD, Post.Kind.ADMINISTRATOR})


def works_with_people(reach: Reach) -> bool:
    """Whether any of the posts is one that deals with people."""
    return any(post.kind in _WORKING for post in reach.posts)


def seen_by(reach: Reach) -> QuerySet[Resident]:
    """The people somebody may see."""
    if not works_with_people(reach):
        return Resident.objects.none()
    return Resident.objects.filter(_seen(reach))


def pairs(reach: Reach) -> QuerySet[PossibleDouble]:
    """The possible doubles to decide of whom somebody may see both, the likeliest first."""
    found = PossibleDouble.objects.filter(state=PossibleDouble.State.OPEN)
    if not works_with_people(reach):
        return found.none()
    return found.filter(_seen(reach, "first__"), _seen(reach, "second__")).order_by("-strength", "found_at", "pk")


def merges(reach: Reach) -> QuerySet[Merge]:
    """The merges that can still be undone, of people somebody may see, the latest first."""
    standing = Merge.objects.filter(undone_at=None).exclude(snapshot={})
    if not works_with_people(reach):
        return standing.none()
    if not (reach.is_administrator or reach.headed):
        kept = Resident.objects.filter(_seen(reach), pk=OuterRef("kept"))
        standing = standing.filter(Exists(kept))
    return standing.order_by("-at", "-pk")


def unnamed(*, activities: Iterable[Activity], reach: Reach) -> frozenset[int]:
    """Which of these have a closed list that is not for the reader's eyes; one query, none where all may be named."""
    others = [activity.pk for activity in activities if not rights.may_manage(reach, activity)]
    if not others:
        return frozenset()
    closed = Audience.objects.filter(is_sensitive=True, activities__in=others).order_by()
    return frozenset(pk for pk in closed.values_list("activities", flat=True) if pk in set(others))


def taking_part(reach: Reach) -> Q:
    """Those who take part in what one manages, for a search by name."""
    theirs = Registration.objects.filter(activity__in=rights.managed_by(reach), resident__isnull=False)
    return Q(pk__in=theirs.order_by().values("resident"))


def _seen(reach: Reach, side: str = "") -> Q:
    """The same person by person, where few are asked about: each is looked up in the activities they go to."""
    there = Registration.objects.filter(resident=OuterRef(f"{side}pk"), activity__in=rights.managed_by(reach))
    return search.within(reach, also=Q(Exists(there)), side=side)


def is_seen(*, reach: Reach, pk: UUID) -> bool:
    """Whether somebody may see this person."""
    return seen_by(reach).filter(pk=pk).exists()
