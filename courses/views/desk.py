"""The coordinators' desk. For now: the programme of one's own parishes, to read."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordinators.models import Post
from courses.models import Activity, Session
from ecosystem import dates
from ecosystem.models import Parish, User


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What is planned in the parishes of the reader's posts; who holds none is told so."""
    now = timezone.now()
    user = request.user
    posts = list(
        Post.objects.in_force(on=dates.local_day(now))
        .filter(holder=user if isinstance(user, User) else None)
        .select_related("department", "centre")
        .prefetch_related("parishes")
    )
    activities = list(programme_of(posts, now=now)[:100]) if posts else []
    parishes = sorted({parish for post in posts for parish in parishes_of(post)}, key=lambda p: (p.position, p.pk))
    context: dict[str, Any] = {
        "page_title": _("My parishes"),
        "posts": posts,
        "parishes": parishes,
        "rows": [_row(activity) for activity in activities],
        "sessions": _sessions_today(activities, now),
    }
    return render(request, "courses/desk/today.html", context, status=200 if posts else 403)


def parishes_of(post: Post) -> list[Parish]:
    """The parishes of a post; a head's are all that the department works in."""
    return list(post.parishes.all())


def programme_of(posts: list[Post], *, now: datetime) -> QuerySet[Activity]:
    """What these posts answer for: their parishes' activities, a manager's centre, a head's whole department."""
    wanted = Q(pk__in=[])
    for post in posts:
        if post.kind == Post.Kind.HEAD:
            wanted |= Q(lead=post.department_id)
        elif post.kind == Post.Kind.MANAGER and post.centre_id:
            wanted |= Q(centre=post.centre_id)
        else:
            wanted |= Q(parish__in=[parish.pk for parish in post.parishes.all()])
    return (
        Activity.objects.filter(wanted, ends_at__gt=now)
        .exclude(status="cancelled")
        .select_related("lead", "parish", "centre")
        .order_by("starts_at", "pk")
    )


def _row(activity: Activity) -> dict[str, Any]:
    return {
        "activity": activity,
        "starts": dates.on_day(dates.local_day(activity.starts_at), short=True) if activity.starts_at else "–",
        "place": activity.centre.name if activity.centre else activity.parish.centre_name,
        "status": activity.get_status_display(),
        "taken": activity.taken,
        "capacity": activity.capacity,
        "waiting": activity.waiting,
    }


def _sessions_today(activities: list[Activity], now: datetime) -> list[dict[str, Any]]:
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Session.objects.live()
        .filter(activity__in=activities, starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
        .select_related("activity")
        .order_by("starts_at", "pk")
    )
    return [{"hours": dates.hours(row.starts_at, row.ends_at), "activity": row.activity} for row in rows]
