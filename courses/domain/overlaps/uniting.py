"""Two activities are made one, all at once; ``joints`` says when, ``carrying`` what becomes of those who registered."""

from datetime import datetime

from django.conf import settings
from django.db.models.functions import Greatest
from django.utils import translation
from django.utils.translation import gettext as _

from courses.domain import decisions as lists
from courses.domain import invitations, programme, recent
from courses.domain.overlaps import carrying, decisions, letters, notices, sides
from courses.domain.overlaps.carrying import Plan
from courses.domain.programme import partnering
from courses.models import Activity, Decision, JointOffer, Overlap, OverlapDecision
from ecosystem.models import User


def unite(*, offer: JointOffer, overlap: Overlap, plan: Plan, by: User | None, now: datetime) -> None:
    """Make them one as planned. The caller holds the overlap and both activities, and has written the answer down."""
    kept, gone = plan.kept, plan.gone
    carrying.carry(plan, now=now)
    _call_off(gone, kept, now=now)
    also = [gone.lead, *gone.partners.order_by("pk")]
    partnering.agree(kept, departments=also, asked_by=offer.by, answered_by=offer.answered_by, now=now)
    partnering.withdraw_open(gone, by=by, now=now)
    invitations.carry_over(gone, kept)
    if offer.unites_audiences:
        _unite_audiences(kept, gone)
    Activity.objects.filter(pk=kept.pk).update(changed_at=now)
    decisions.record(
        overlap=overlap, activity=offer.offering, what=OverlapDecision.What.JOINT, words=offer.note, by=by, now=now
    )
    _end_overlaps(gone, offer=offer, by=by, now=now)
    people = len(plan.carried) + len(plan.folds)
    for activity, other in ((kept, gone), (gone, kept)):
        recent.forget(activity.pk)
        lists.note(
            activity=activity, what=Decision.What.JOINED, reason=f"«{other.title}»", people=people, by=by, now=now
        )
    notices.tell(plan, now=now)
    letters.made_one(offer, kept=kept, gone=gone, told=_unheard(offer, kept, gone), by=by, now=now)


def _call_off(gone: Activity, kept: Activity, *, now: datetime) -> None:
    """Called off without a word of calling off: its rooms are free, and its address leads on, as do those led to it."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Held together with «%(title)s».") % {"title": kept.title}
        programme.call_off(activity=gone, reason=reason, now=now)
    Activity.objects.filter(joined_into=gone).update(joined_into=kept, changed_at=now)
    Activity.objects.filter(pk=gone.pk).update(joined_into=kept, changed_at=now)


def _unite_audiences(kept: Activity, gone: Activity) -> None:
    """For the audiences of both, and for the ages of both."""
    kept.audiences.add(*gone.audiences.order_by("pk"))
    lows, highs = (kept.age_min, gone.age_min), (kept.age_max, gone.age_max)
    kept.age_min = None if None in lows else min(age for age in lows if age is not None)
    kept.age_max = None if None in highs else max(age for age in highs if age is not None)
    Activity.objects.filter(pk=kept.pk).update(age_min=kept.age_min, age_max=kept.age_max)


def _end_overlaps(gone: Activity, *, offer: JointOffer, by: User | None, now: datetime) -> None:
    """What is held no more overlaps with nothing; what was offered about it is taken back."""
    standing = Overlap.objects.standing().of(gone)
    others = JointOffer.objects.filter(answer="", overlap__in=standing.order_by().values("pk")).exclude(pk=offer.pk)
    rows = others.select_related(
        "overlap__first__lead", "overlap__second__lead", "offered_by", "offered_to", "offering"
    )
    for each in rows.order_by("pk"):
        withdraw(offer=each, other=sides.of(each.overlap).other(each.offering), by=by, now=now)
    standing.update(ended_at=Greatest("found_at", now))


def withdraw(*, offer: JointOffer, other: Activity, by: User | None, now: datetime) -> None:
    """Nobody need answer any more, and those who were asked are told. The caller holds the overlap."""
    offer.answer, offer.answered_by, offer.answered_at = JointOffer.Answer.WITHDRAWN, by, now
    offer.save(update_fields=["answer", "answered_by", "answered_at"])
    letters.withdrawn(offer, other=other, now=now)


def _unheard(offer: JointOffer, kept: Activity, gone: Activity) -> list[tuple[str, str]]:
    """Whom neither the offer nor the answer has told, by department and parish: the other's partners, and where one hand
    did both, both sides."""
    leads = (kept.lead_id, gone.lead_id)
    third = [one.pk for one in gone.partners.order_by("pk") if one.pk not in leads]
    both = [(one.lead_id, one.parish_id) for one in (kept, gone)] if offer.answered_by_id == offer.by_id else []
    return [*both, *((department, gone.parish_id) for department in third)]
