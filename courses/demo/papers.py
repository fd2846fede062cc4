"""The papers of the demonstration: certificates of courses that are over, through the desk's own door."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from coordinators.models import Post
from courses.demo.files import generator
from courses.demo.keys import seeded
from courses.domain import certificates
from courses.enums import ActivityKind, ActivityStatus, CertificateKind
from courses.models import Activity
from ecosystem.models import User

_COURSES = 12


def load(*, activities: Sequence[Activity], seed: int, today: date, now: datetime) -> None:
    """Certificates of the latest courses, issued the day after each ended; one taken back, most sent."""
    over = [
        activity
        for activity in activities
        if activity.status == ActivityStatus.COMPLETED
        and activity.kind == ActivityKind.EDUCATIONAL
        and activity.ends_at is not None
    ]
    latest = sorted(over, key=lambda activity: (activity.ends_at, activity.ref))[-_COURSES:]
    taken_back = False
    with seeded(generator(seed, today, "papers")):
        for place, activity in enumerate(latest):
            by = _signs(activity)
            if by is None or activity.ends_at is None:
                continue
            at = min(now, activity.ends_at + timedelta(days=1))
            issued = certificates.issue(activity=activity, kind=CertificateKind.CERTIFICATE, by=by, now=at)
            certificates.issue(activity=activity, kind=CertificateKind.CONFIRMATION, by=by, now=at)
            if place % 3:
                certificates.send(activity=activity, now=at)
            if issued and not taken_back:
                taken_back = True
                reason = "Izsniegta pirms apmeklējuma pārbaudes."
                certificates.revoke(certificate=issued[0], reason=reason, by=by, now=at)


def _signs(activity: Activity) -> User | None:
    """Who issues: the activity's contact or who stands in, otherwise the head of the department."""
    answering = activity.contact.answering if activity.contact else None
    if answering and answering.holder:
        return answering.holder
    head = Post.objects.filter(kind=Post.Kind.HEAD, department=activity.lead_id, holder__isnull=False)
    first = head.select_related("holder").order_by("pk").first()
    return first.holder if first else None
