"""Calling off an activity or one session from the desk: everyone is told why, in their language, and what is near.

Of one session those with a place are told. Where it is the next to come, those who wait are told as well, since it is what
they wait for; and whether people will come is asked anew, as it is when a beginning moves (``moving``).
A partner department, or one that was asked to hold the activity together, is told by a letter of its own.
Before it happens the page says how many people it concerns and who must be rung; afterwards it is written down.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation

from courses.domain import bulletins, catalogue, decisions, letters, moving, parties, places, plan_notices, programme
from courses.domain.bulletins import Group
from courses.domain.letters import Facts
from courses.domain.programme import partnering
from courses.domain.refusals import Refusal
from courses.enums import LIVE_STATES, PLACE_STATES, ActivityStatus
from courses.models import Activity, Decision, Session
from ecosystem import history
from ecosystem.models import User

# Who keeps a place in the other sessions wants no long list.
MOST_INSTEAD, MOST_INSTEAD_OF_ONE = 3, 1


@dataclass(frozen=True)
class Outlook:
    """What calling it off would mean."""

    told: Group
    instead: list[Activity]


def outlook(*, activity: Activity, session: Session | None, now: datetime) -> Outlook:
    """Whom it concerns, and what is near instead."""
    if session is not None:
        code = "everyone" if _is_next(session, now) else "confirmed"
        return Outlook(bulletins.group(activity=activity, code=code), _instead(activity, now, MOST_INSTEAD_OF_ONE))
    return Outlook(bulletins.group(activity=activity, code="everyone"), _instead(activity, now, MOST_INSTEAD))


@history.one_change()
def activity(*, activity: Activity, reason: str, by: User | None, now: datetime) -> int:
    """Call the whole activity off; how many people lose a place or a turn. Twice is once."""
    reason = decisions.reasoned(reason)
    instead = _instead(activity, now, MOST_INSTEAD)
    with transaction.atomic():
        locked = places.lock_or_fail(activity)
        if locked.status == ActivityStatus.CANCELLED:
            return 0
        try:
            people = parties.cancel_all(activity=activity, reason=reason, now=now, instead=instead)
        except programme.Refused as refused:
            raise Refusal("standing", " ".join(refused.messages))
        partnering.called_off(activity=locked, reason=reason, by=by, now=now)
        decisions.note(activity=activity, what=Decision.What.CALLED_OFF, reason=reason, people=people, by=by, now=now)
    return people


@history.one_change()
def session(*, session: Session, reason: str, by: User | None, now: datetime) -> int:
    """Call one session off and tell those whom it concerns; how many people."""
    reason = decisions.reasoned(reason)
    instead = _instead(session.activity, now, MOST_INSTEAD_OF_ONE)
    with transaction.atomic():
        locked = places.lock_or_fail(session.activity_id)
        was_next = _is_next(session, now)
        try:
            programme.call_off_session(session=session, reason=reason, now=now)
        except programme.Refused as refused:
            raise Refusal("standing", " ".join(refused.messages))
        concerned = locked.registrations.filter(state__in=LIVE_STATES if was_next else PLACE_STATES)
        rows = list(concerned.select_related("party").order_by("registered_at", "id"))
        with_place = {row.party_id for row in rows if row.state in PLACE_STATES}
        facts = Facts.of(locked.pk, now=now)
        if was_next and facts.activity.starts_at is not None and facts.activity.starts_at > now:
            locked.registrations.filter(attendance_asked_at__isnull=False).update(
                attendance_asked_at=None, attendance_confirmed_at=None
            )
        told = []
        for party in {row.party_id: row.party for row in rows}.values():
            with translation.override(party.language):
                notice = plan_notices.session_cancelled(
                    party, facts, session, reason=reason, has_place=party.pk in with_place, instead=instead
                )
                told.append((party, facts, notice))
        letters.tell(told, now=now)
        partnering.changed(activity=locked, what=_off_in_short(session, reason), by=by, now=now)
        decisions.note(activity=locked, what=Decision.What.SESSION_OFF, reason=reason, people=len(rows), by=by, now=now)
    return len(rows)


def _is_next(session: Session, now: datetime) -> bool:
    """Whether nothing of its activity comes before it."""
    coming = Session.objects.to_come(now=now).filter(activity=session.activity_id)
    return coming.order_by("starts_at", "pk").values_list("pk", flat=True).first() == session.pk


def _off_in_short(session: Session, reason: str) -> str:
    """ "− 11.2. 10:00–12:00: reason", as changed sessions are told to departments."""
    return f"− {moving.short((session.starts_at, session.ends_at))}: {reason}"


def _instead(activity: Activity, now: datetime, most: int) -> list[Activity]:
    """What is near and alike; nothing for a sensitive audience, whose letters name nothing that would tell of it."""
    if activity.audiences.filter(is_sensitive=True).exists():
        return []
    return catalogue.similar(activity, now=now, limit=most)
