"""Where an activity stands: published, called off as a whole or by a session, over."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.domain.programme.spec import WRITABLE, Refused
from courses.domain.programme.words import in_words
from courses.domain.programme.writing import locked, refresh_facts
from courses.enums import ActivityStatus
from courses.models import Activity, Session


def publish(*, activity: Activity, now: datetime) -> Activity:
    """Show an activity to the public; publishing again changes nothing. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status == ActivityStatus.PUBLISHED:
            return activity
        if activity.status not in WRITABLE:
            raise Refused(_("The activity is over or called off, so it cannot be published."))
        if activity.starts_at is None:
            raise Refused({"sessions": _("A published activity needs a session.")})
        activity.status = ActivityStatus.PUBLISHED
        activity.published_at = activity.published_at or now
        activity.changed_at = now
        with in_words(activity=activity):
            activity.save(update_fields=["status", "published_at", "changed_at"])
    return activity


def call_off(*, activity: Activity, reason: str, now: datetime) -> Activity:
    """The programme's part of cancelling an activity; those who registered are told by ``participation``.

    The caller holds the activity's lock, or lets this take it.
    """
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status == ActivityStatus.CANCELLED:
            raise Refused(_("The activity is already called off."))
        if activity.status == ActivityStatus.COMPLETED or (activity.ends_at and activity.ends_at <= now):
            raise Refused(_("The activity is over, so it cannot be called off."))
        activity.status = ActivityStatus.CANCELLED
        activity.cancelled_at = now
        activity.cancellation_reason = reason[:200]
        activity.changed_at = now
        activity.save(update_fields=["status", "cancelled_at", "cancellation_reason", "changed_at"])
        # Its rooms are free again.
        to_come = activity.sessions.to_come(now=now)
        to_come.update(cancelled_at=now, cancellation_reason=reason[:200])
    return activity


def call_off_session(*, session: Session, reason: str, now: datetime) -> Session:
    """The programme's part of calling off one session; its room is free again. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = locked(session.activity_id)
        session = Session.objects.get(pk=session.pk)
        if session.cancelled_at is not None:
            raise Refused(_("The session is already called off."))
        if session.ends_at <= now:
            raise Refused(_("The session is over, so it cannot be called off."))
        if not activity.sessions.live().exclude(pk=session.pk).exists():
            raise Refused(_("This is the only session left: call off the activity instead."))
        session.cancelled_at = now
        session.cancellation_reason = reason[:200]
        session.save(update_fields=["cancelled_at", "cancellation_reason"])
        refresh_facts(activity=activity, now=now)
    return session


def complete_past(*, now: datetime) -> int:
    """Published activities whose last session has ended are over; tells how many became so."""
    over = Activity.objects.filter(status=ActivityStatus.PUBLISHED, ends_at__lte=now)
    return over.update(status=ActivityStatus.COMPLETED, changed_at=now)
