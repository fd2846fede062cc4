"""Invitations: a coordinator would like people to be told of an activity, and it goes into everybody's one digest.

There is no other way to advertise to people who do not take part. Told of is what people can still come to: planned
(it is told of once it is published) or published, to come, with places. What is for a sensitive audience is told of to
nobody. An activity that departments hold together is put up once, by the one that leads it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from courses.domain import places
from courses.domain.refusals import Refusal, Refusals
from courses.enums import ActivityStatus
from courses.models import Activity, Invitation
from ecosystem.models import Audience, User
from ecosystem.text import clean

# So long it is passed on, from when it was put up; whoever was told of it is not told twice.
LASTS = timedelta(days=60)
# Put up again after a while it lasts anew.
AGAIN_AFTER = timedelta(days=21)
LANGUAGES = ("lv", "en")


def why_not(activity: Activity, *, now: datetime) -> Refusal | None:
    """Why people are not told of this activity as it is; None where they may be."""
    if Audience.objects.filter(is_sensitive=True, activities=activity.pk).exists():
        return Refusal("sensitive", _("Its audience is sensitive: the news never names it. Invite people yourself."))
    if activity.status not in (ActivityStatus.PLANNED, ActivityStatus.PUBLISHED):
        return Refusal("status", _("Only what is planned or published can be put into the news."))
    if activity.ends_at is None:
        return Refusal("sessions", _("It has no sessions yet. Write when it is held, then put it into the news."))
    if activity.ends_at <= now:
        return Refusal("over", _("It is over, so there is nothing to tell of."))
    if activity.registration_closes_at is not None and activity.registration_closes_at <= now:
        return Refusal("closed", _("Registration has closed, so nobody could come."))
    if activity.places_left == 0:
        return Refusal("full", _("There are no free places, so nobody could come. Raise the places first."))
    return None


def of(activity: Activity) -> Invitation | None:
    """The invitation that stands, if there is one."""
    return Invitation.objects.standing().filter(activity=activity.pk).select_related("put_up_by").first()


def put_up(*, activity: Activity, sentences: Mapping[str, str], by: User | None, now: datetime) -> Invitation:
    """Put it into the news, or change the sentence; raises ``Refusals``. Twice is once."""
    said = {language: clean(sentences.get(language, "")) for language in LANGUAGES}
    refusals = [
        Refusal(f"sentence_{language}", _("This is too long. Write at most %(n)s letters.") % {"n": Invitation.LONGEST})
        for language, sentence in said.items()
        if len(sentence) > Invitation.LONGEST
    ]
    if refusals:
        raise Refusals(refusals)
    with transaction.atomic():
        locked = places.lock_or_fail(activity)
        if refusal := why_not(locked, now=now):
            raise Refusals([refusal])
        found = Invitation.objects.filter(activity=locked).first()
        if found is None:
            found = Invitation(activity=locked, put_up_at=now, put_up_by=by)
        elif found.taken_down_at is not None:
            if now - found.put_up_at >= AGAIN_AFTER:
                found.put_up_at = now
            found.taken_down_at, found.put_up_by = None, by
        for language, sentence in said.items():
            setattr(found, f"sentence_{language}", sentence)
        found.save()
    return found


def take_down(*, activity: Activity, now: datetime) -> bool:
    """Tell nobody else of it; False when it was not up. Who was told of it stays told."""
    with transaction.atomic():
        places.lock_or_fail(activity)
        return bool(Invitation.objects.standing().filter(activity=activity.pk).update(taken_down_at=now))


def carry_over(gone: Activity, kept: Activity) -> None:
    """Two activities are one: what was in the news goes on there, unless that is in it already. The caller holds both."""
    standing = Invitation.objects.standing()
    if standing.filter(activity=gone).exists() and not standing.filter(activity=kept).exists():
        # Of one that was taken down nothing is told: it makes room.
        Invitation.objects.filter(activity=kept).delete()
        standing.filter(activity=gone).update(activity=kept)


def lasts_until(invitation: Invitation) -> datetime:
    """Until when it is passed on."""
    return invitation.put_up_at + LASTS
