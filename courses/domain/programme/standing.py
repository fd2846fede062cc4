"""Where an activity stands: published, called off as a whole or by a session, over."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain.programme.spec import WRITABLE, Refused, check, spec_of
from courses.domain.programme.words import in_words
from courses.domain.programme.writing import locked, refresh_facts
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from ecosystem import history

StrOrPromise = str | Promise
_NO_SESSION = _("A published activity needs a session.")


def missing(activity: Activity, *, step: str, now: datetime) -> list[StrOrPromise]:
    """What an activity still needs before it may be planned or published, in words; nothing when it may."""
    spec = replace(spec_of(activity), status=step)
    wanting: list[StrOrPromise] = [
        message for errors in check(spec).values() for error in errors for message in error.messages
    ]
    if not spec.sessions:
        wanting = [_("Say when: at least one session.")] + [m for m in wanting if m != str(_NO_SESSION)]
    elif step == ActivityStatus.PUBLISHED and max(meeting.ends_at for meeting in spec.sessions) <= now:
        wanting.append(_("All its sessions have passed."))
    return wanting


def advisable(activity: Activity) -> list[StrOrPromise]:
    """What residents will look for and not find; it stops nobody."""
    wanting: list[StrOrPromise] = []
    if not activity.summary:
        wanting.append(_("A few sentences about what will happen."))
    if activity.contact_id is None:
        wanting.append(_("Whom to ring with questions."))
    if activity.capacity is None and not activity.is_drop_in:
        wanting.append(_("How many places there are: now there is no limit."))
    if activity.centre_id is None and activity.format != "online":
        wanting.append(_("In which centre: now only the parish is known."))
    return wanting


@history.one_change()
def plan(*, activity: Activity, now: datetime) -> Activity:
    """A draft becomes planned: the other departments see it. Raises :class:`Refused` with all that is missing."""
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status == ActivityStatus.PLANNED:
            return activity
        if activity.status != ActivityStatus.DRAFT:
            raise Refused(_("Only a draft becomes planned."))
        if wanting := missing(activity, step=ActivityStatus.PLANNED, now=now):
            raise Refused([str(each) for each in wanting])
        return _stand(activity, ActivityStatus.PLANNED, now=now)


@history.one_change()
def take_back(*, activity: Activity, now: datetime) -> Activity:
    """A step back: published to planned while nobody has registered, planned to draft. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status == ActivityStatus.PLANNED:
            return _stand(activity, ActivityStatus.DRAFT, now=now)
        if activity.status != ActivityStatus.PUBLISHED:
            raise Refused(_("There is no step back from here."))
        if activity.taken or activity.waiting:
            raise Refused(_("People have registered: the activity can be called off, but not taken back."))
        return _stand(activity, ActivityStatus.PLANNED, now=now)


@history.one_change()
def publish(*, activity: Activity, now: datetime) -> Activity:
    """Show an activity to the public; publishing again changes nothing. Raises :class:`Refused`."""
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status == ActivityStatus.PUBLISHED:
            return activity
        if activity.status not in WRITABLE:
            raise Refused(_("The activity is over or called off, so it cannot be published."))
        if activity.starts_at is None:
            raise Refused({"sessions": _NO_SESSION})
        if wanting := missing(activity, step=ActivityStatus.PUBLISHED, now=now):
            raise Refused([str(each) for each in wanting])
        activity.published_at = activity.published_at or now
        return _stand(activity, ActivityStatus.PUBLISHED, now=now)


def _stand(activity: Activity, status: str, *, now: datetime) -> Activity:
    activity.status = status
    activity.changed_at = now
    with in_words(activity=activity):
        activity.save(update_fields=["status", "published_at", "changed_at"])
    return activity


@history.one_change()
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


@history.one_change()
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


@history.one_change(history.CLOCK)
def complete_past(*, now: datetime) -> int:
    """Published activities whose last session has ended are over; tells how many became so."""
    over = Activity.objects.filter(status=ActivityStatus.PUBLISHED, ends_at__lte=now)
    return over.update(status=ActivityStatus.COMPLETED, changed_at=now)
