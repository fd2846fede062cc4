"""The ways out of an overlap for one of its two activities: which make sense as things stand, and taking them.

To go ahead is always possible while both are to come. What has begun is not moved as a whole, and is for whom it is; so is
what people have registered for. Nothing is agreed about a draft, which the other department does not see: it is moved, is
for somebody else, or is planned first. What is decided changes the activity and is written down at once, and the pair is
judged anew in the same breath.
"""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.domain import moving, programme
from courses.domain.overlaps import decisions, joints, judging, sides, world
from courses.enums import ActivityStatus
from courses.models import Activity, Overlap, OverlapDecision
from ecosystem import dates, history
from ecosystem.models import Audience, User

What = OverlapDecision.What


def open_for(*, overlap: Overlap, activity: Activity, now: datetime) -> set[str]:
    """The ways that make sense for this one of the two."""
    other = sides.of(overlap).other(activity)
    if overlap.ended_at is not None or any(_is_over(one, now) for one in (activity, other)):
        return set()
    found = set()
    begun = activity.starts_at is not None and activity.starts_at <= now
    if activity.session_count and not begun:
        found.add(What.MOVE.value)
    if not begun and not activity.taken and not activity.waiting:
        found.add(What.AUDIENCE.value)
    if overlap.is_own or ActivityStatus.DRAFT not in (activity.status, other.status):
        found.add(What.AHEAD.value)
        if any(not joints.why_not(kept=one, gone=two, now=now) for one, two in ((activity, other), (other, activity))):
            found.add(What.JOINT.value)
    return found


def _is_over(activity: Activity, now: datetime) -> bool:
    return activity.status not in programme.WRITABLE or (activity.ends_at is not None and activity.ends_at <= now)


@history.one_change()
def move(
    *, overlap: Overlap, activity: Activity, days: int, by: User | None, seen: str | None = None, now: datetime
) -> int:
    """Move all its sessions so many days on; how many people were told. Raises ``programme.Refused``.

    With ``seen`` only as things stood when the page was shown (``decisions.mark``): pressed twice, it moves once.
    """
    with transaction.atomic():
        current = _locked(overlap, activity, What.MOVE, seen=seen, now=now)
        before = Activity.objects.get(pk=activity.pk)
        told = moving.all_sessions(activity=activity, days=days, by=by, now=now)
        after = Activity.objects.get(pk=activity.pk)
        with translation.override(settings.LANGUAGE_CODE):
            words = f"{_days(before)} → {_days(after)}"
        _decided(current, activity, What.MOVE, words, by=by, now=now)
    return told


@history.one_change()
def change_audience(
    *,
    overlap: Overlap,
    activity: Activity,
    audience: Audience,
    by: User | None,
    seen: str | None = None,
    now: datetime,
) -> Activity:
    """It is for this audience alone from now on, of the ages that it has; ``seen`` as for :func:`move`.

    Raises ``programme.Refused``.
    """
    with transaction.atomic():
        current = _locked(overlap, activity, What.AUDIENCE, seen=seen, now=now)
        spec = programme.spec_of(Activity.objects.get(pk=activity.pk))
        with translation.override(settings.LANGUAGE_CODE):
            were = ", ".join(str(one.name) for one in spec.audiences)
            words = f"{were or gettext('Not said yet')} → {audience.name}"
        changed = programme.update_activity(
            activity=activity, spec=replace(spec, audiences=[audience], age_min=None, age_max=None), by=by, now=now
        )
        _decided(current, activity, What.AUDIENCE, words, by=by, now=now)
    return changed


def _locked(overlap: Overlap, activity: Activity, what: What, *, seen: str | None, now: datetime) -> Overlap:
    """The overlap, where this way still makes sense for the activity as it is now."""
    current = decisions.locked(overlap)
    if what not in open_for(overlap=current, activity=sides.of(current).by_pk(activity.pk) or activity, now=now):
        raise programme.Refused(
            _("Meanwhile this has changed, and it is not possible any more. Look at the page again.")
        )
    if seen is not None and seen != decisions.mark(current):
        raise programme.Refused(decisions.CHANGED)
    return current


def _decided(overlap: Overlap, activity: Activity, what: What, words: str, *, by: User | None, now: datetime) -> None:
    decisions.record(
        overlap=overlap, activity=activity, what=what, words=words[: OverlapDecision.LONGEST], by=by, now=now
    )
    judging.settle(activities=[activity.pk], ground=world.ground(on=timezone.localdate(now), parishes=()), now=now)


def _days(activity: Activity) -> str:
    """ "4. februāris – 25. februāris"."""
    if activity.starts_at is None or activity.ends_at is None:
        return ""
    first, last = dates.local_day(activity.starts_at), dates.local_day(activity.ends_at)
    return dates.day_month(first) if first == last else f"{dates.day_month(first)} – {dates.day_month(last)}"
