"""Where an activity stands: published, called off as a whole or by a session, over."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.domain.programme import past
from courses.domain.programme.spec import WRITABLE, ActivitySpec, Problems, Refused, check, spec_of
from courses.domain.programme.words import in_words
from courses.domain.programme.writing import locked, refresh_facts
from courses.enums import ActivityStatus
from courses.models import Activity, JointOffer, Overlap, OverlapDecision, OverlapNote, Session
from ecosystem import history

StrOrPromise = str | Promise
SAY_WHEN = _("Say when: at least one session.")
_NO_SESSION = _("A published activity needs a session.")


def lacking(spec: ActivitySpec, *, step: str, now: datetime) -> dict[str, list[StrOrPromise]]:
    """What is still needed before it may be planned or published, in words, by field; nothing when it may."""
    spec = replace(spec, status=step)
    problems = check(spec)
    if not spec.sessions:
        # Nothing else is wrong with sessions that are not there.
        problems.pop("sessions", None)
        return {"sessions": [SAY_WHEN], **_words(problems)}
    wanting = _words(problems)
    if past.is_over(spec, now=now):
        wanting.setdefault("sessions", []).append(_("All its sessions have passed."))
    return wanting


def missing(activity: Activity, *, step: str, now: datetime) -> list[StrOrPromise]:
    """The same of an activity as it stands, one after the other."""
    return [words for each in lacking(spec_of(activity), step=step, now=now).values() for words in each]


def advised(spec: ActivitySpec) -> dict[str, StrOrPromise]:
    """What residents will look for and not find, by field; it stops nobody."""
    wanting: dict[str, StrOrPromise] = {}
    if not spec.summaries.get("lv"):
        wanting["summary_lv"] = _("A few sentences about what will happen.")
    if spec.contact is None:
        wanting["contact"] = _("Whom to ring with questions.")
    if spec.capacity is None and not spec.is_drop_in:
        wanting["capacity"] = _("How many places there are: now there is no limit.")
    if spec.centre is None and spec.format != "online":
        wanting["centre"] = _("In which centre: now only the parish is known.")
    return wanting


def advisable(activity: Activity) -> list[StrOrPromise]:
    """The same of an activity as it stands."""
    return list(advised(spec_of(activity)).values())


def _words(problems: Problems) -> dict[str, list[StrOrPromise]]:
    return {name: [words for error in errors for words in error.messages] for name, errors in problems.items()}


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


def discard(*, activity: Activity) -> None:
    """Throw a draft away: only one that nobody but its writers has seen. Raises :class:`Refused`.

    What departments decided and wrote about an overlap is kept for ever, so one that was planned once and taken back stays.
    """
    with transaction.atomic():
        activity = locked(activity.pk)
        if activity.status != ActivityStatus.DRAFT or activity.published_at is not None:
            raise Refused(_("Only a draft that was never published is thrown away. Call the activity off instead."))
        if activity.registrations.exists():
            raise Refused(_("People have registered: the activity can be called off, but not thrown away."))
        overlaps = Overlap.objects.of(activity).order_by().values("pk")
        if any(
            kept.objects.filter(overlap__in=overlaps).exists() for kept in (OverlapDecision, OverlapNote, JointOffer)
        ):
            raise Refused(
                _(
                    "Something has been decided or written about its overlaps, and that is kept for ever. "
                    "Put it into the plans, and call it off."
                )
            )
        activity.delete()


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
