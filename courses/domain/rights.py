"""Which activities somebody sees and works on, and which departments they answer for: sets that start from who is asking."""

from datetime import date

from django.db.models import Q, QuerySet

from coordinators.domain.access import Reach
from coordinators.models import Post
from courses.enums import ActivityStatus
from courses.models import Activity, PartnerRequest
from ecosystem.models import Department


def seen_by(reach: Reach) -> QuerySet[Activity]:
    """The plans of all departments; drafts of one's own, and those one's department holds together or is asked to.

    Project managers and administrators see all drafts.
    """
    if not reach:
        return Activity.objects.none()
    return Activity.objects.filter(seen(reach))


def seen(reach: Reach, of: str = "") -> Q:
    """The same as a condition, for who holds a post; ``of="first__"`` for rows that name an activity so."""
    if reach.sees_drafts:
        return Q()
    theirs = PartnerRequest.objects.standing().filter(department__in=reach.departments).order_by()
    joint = Activity.partners.through.objects.filter(department__in=reach.departments)
    return (
        ~Q(**{f"{of}status": ActivityStatus.DRAFT})
        | Q(**{f"{of}lead__in": reach.departments})
        | Q(**{f"{of}pk__in": theirs.values("activity")})
        | Q(**{f"{of}pk__in": joint.values("activity")})
    )


def managed_by(reach: Reach) -> QuerySet[Activity]:
    """What one may change: one's department's in one's parishes, one's centre's, all of a headed department's."""
    if not reach:
        return Activity.objects.none()
    if reach.is_administrator:
        return Activity.objects.all()
    mine = Q(lead__in=reach.headed) | Q(centre__in=reach.centres)
    for department, parish in sorted(reach.parishes):
        mine |= Q(lead=department, parish=parish)
    return Activity.objects.filter(mine)


def may_manage(reach: Reach, activity: Activity) -> bool:
    """Whether one may change this activity; the same rule as ``managed_by``, without a query."""
    return bool(reach) and (
        reach.is_administrator
        or activity.lead_id in reach.headed
        or (activity.centre_id is not None and activity.centre_id in reach.centres)
        or (activity.lead_id, activity.parish_id) in reach.parishes
    )


def answered_for(reach: Reach, *, on: date) -> QuerySet[Department]:
    """The departments in whose name somebody agrees to what is common: those they head; an administrator, those without
    a head. Retired ones answer no more.
    """
    mine = Q(pk__in=reach.headed)
    if reach.is_administrator:
        heads = Post.objects.in_force(on=on).filter(kind=Post.Kind.HEAD, holder__is_active=True)
        mine |= ~Q(pk__in=heads.order_by().values("department"))
    found: QuerySet[Department] = Department.objects.current().filter(mine)
    return found
