"""Making two overlapping activities one: one department offers, the other answers, and then one is held by both.

Whoever may change one of the two offers it to the other's department: to its head, its coordinator of the parish, whoever
may change the other activity, or an administrator; whoever answers for both sides has answered by offering. Which of the
two stays is said in the offer: what residents see already stays, since people hold its address.

Accepted, it all happens at once, under the locks of both rows: the other's departments are partners of the one that stays
(``partnering``), those who registered go along (:mod:`carrying`) and are told, the other is called off without a word of
calling off, and its address leads on. Until then nothing waits: either may change, fill up or be called off, and whoever
answers is told what has become of it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from courses.domain import programme
from courses.domain.overlaps import carrying, decisions, letters, sides, uniting
from courses.domain.overlaps.carrying import Plan
from courses.enums import ActivityStatus
from courses.models import Activity, Attendance, JointOffer, Overlap, Registration
from ecosystem import history
from ecosystem.models import User
from ecosystem.text import clean
from residents.domain import households

Answer = JointOffer.Answer
CHANGED = _(
    "Meanwhile somebody has registered or cancelled, or the activity has changed. "
    "Look once more at what becomes of people."
)
# How often it is begun anew where people register faster than we look.
ATTEMPTS = 5


class _Begin(Exception):
    """Somebody registered between the look and the lock: begin anew, with them held too."""


@dataclass(frozen=True)
class Outlook:
    """What making it joint would mean as things stand: which stays, what becomes of people, why not."""

    kept: Activity
    gone: Activity
    plan: Plan
    refusals: list[str | Promise] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """The same as long as the page would say the same, of people and of what stays."""
        kept = self.kept
        when = [moment.timestamp() for moment in (kept.starts_at, kept.ends_at) if moment is not None]
        stays = (self.plan.mark, kept.title, *when, kept.session_count, kept.parish_id, kept.centre_id, kept.capacity)
        return hashlib.sha256(f"{stays} {kept.fee_eur:.2f}".encode()).hexdigest()[:32]


def standing(overlap: Overlap) -> JointOffer | None:
    """The offer that nobody has answered yet."""
    return (
        JointOffer.objects.filter(overlap=overlap, answer="")
        .select_related("keeps", "offering", "offered_by", "offered_to", "by")
        .first()
    )


def stays(overlap: Overlap) -> Activity:
    """Which of the two stays unless people say otherwise: what residents see, then the fuller, then the earlier."""
    return min(
        sides.of(overlap).both,
        key=lambda one: (
            one.status != ActivityStatus.PUBLISHED,
            -(one.taken + one.waiting),
            one.starts_at is None,
            one.starts_at,
            one.pk,
        ),
    )


def may_answer(*, reach: Reach, offer: JointOffer, overlap: Overlap) -> bool:
    """Whether somebody answers for the side that it is offered to."""
    return sides.answers_for(reach=reach, activity=sides.of(overlap).other(offer.offering))


def outlook(*, overlap: Overlap, keeps: Activity, now: datetime) -> Outlook:
    """What would be done, and why it cannot be where it cannot; changes nothing."""
    kept, gone = keeps, sides.of(overlap).other(keeps)
    refusals = [] if overlap.ended_at is None else [decisions.ENDED]
    return Outlook(
        kept=kept,
        gone=gone,
        plan=carrying.plan(kept=kept, gone=gone, now=now),
        refusals=[*refusals, *why_not(kept=kept, gone=gone, now=now)],
    )


def why_not(*, kept: Activity, gone: Activity, now: datetime) -> list[str | Promise]:
    """Why these two cannot be made one so that this one stays; nothing where they can."""
    found: list[str | Promise] = []
    for one in (kept, gone):
        if one.status == ActivityStatus.DRAFT:
            found.append(decisions.DRAFT)
        elif one.status == ActivityStatus.CANCELLED:
            found.append(_named(_("«%(title)s» is called off, so there is nothing to hold together."), one))
        elif one.status == ActivityStatus.COMPLETED or (one.ends_at is not None and one.ends_at <= now):
            found.append(_named(_("«%(title)s» is over, so there is nothing to hold together."), one))
    if found:
        return found
    if _has_begun(gone, now=now):
        found.append(_named(_("«%(title)s» has begun already, so it is the one that has to stay."), gone))
    if gone.status == ActivityStatus.PUBLISHED != kept.status:
        found.append(_named(_("Residents see «%(title)s» already, so it is the one that has to stay."), gone))
    if kept.is_drop_in and (gone.taken or gone.waiting):
        found.append(
            _named(
                _("People have registered for «%(title)s», and to the other one just comes: the first has to stay."),
                gone,
            )
        )
    return found


def _named(words: str | Promise, one: Activity) -> str:
    return str(words) % {"title": one.title}


def _has_begun(activity: Activity, *, now: datetime) -> bool:
    """Its first session has begun, or somebody has been marked: what was held cannot be held elsewhere."""
    if activity.starts_at is not None and activity.starts_at <= now:
        return True
    return Attendance.objects.filter(session__activity=activity).exists()


@history.one_change()
def offer(
    *,
    overlap: Overlap,
    offering: Activity,
    keeps: Activity,
    reach: Reach,
    note: str = "",
    unites: bool = False,
    seen: str | None = None,
    now: datetime,
) -> JointOffer:
    """Offer the other department to make it joint, on behalf of ``offering``; done at once where one answers for both.

    Who has offered already is not asked again: the standing offer is given back. Raises ``programme.Refused``.
    """
    said = _noted(note)
    return _begun_anew(lambda: _offer(overlap, offering, keeps, reach, said, unites, seen, now))


def _offer(
    overlap: Overlap,
    offering: Activity,
    keeps: Activity,
    reach: Reach,
    note: str,
    unites: bool,
    seen: str | None,
    now: datetime,
) -> JointOffer:
    held = _hold(overlap.pk)
    current, pair = _locked(overlap.pk, held)
    there = standing(current)
    if there is not None and there.offering_id != offering.pk:
        raise programme.Refused(
            _("%(department)s has just offered the same. Look at its offer and answer it.")
            % {"department": there.offered_by.name}
        )
    other = pair.other(offering)
    kept = pair.by_pk(keeps.pk)
    assert kept is not None  # noqa: S101  (the caller chose one of the two)
    found = outlook(overlap=current, keeps=kept, now=now)
    _refuse(found, seen)
    if there is not None:
        return there
    made = JointOffer(
        overlap=current,
        offering=offering,
        keeps=kept,
        unites_audiences=unites,
        offered_by=offering.lead,
        offered_to=other.lead,
        note=note,
        by=reach.user,
        at=now,
    )
    if sides.answers_for(reach=reach, activity=other):
        made.answer, made.answered_by, made.answered_at = Answer.ACCEPTED, reach.user, now
        made.save()
        uniting.unite(offer=made, overlap=current, plan=found.plan, by=reach.user, now=now)
    else:
        made.save()
        letters.offered(made, other=other, now=now)
    return made


@history.one_change()
def answer(
    *, offer: JointOffer, accept: bool, note: str = "", by: User | None, seen: str | None = None, now: datetime
) -> JointOffer:
    """Say yes or no; the same answer twice is one. With ``seen`` only what the page has said. Raises ``programme.Refused``."""
    said = _noted(note)
    return _begun_anew(lambda: _answer(offer, accept, said, by, seen, now))


def _answer(offer: JointOffer, accept: bool, note: str, by: User | None, seen: str | None, now: datetime) -> JointOffer:
    held = _hold(offer.overlap_id) if accept else None
    current, pair = _locked(offer.overlap_id, held)
    mine = JointOffer.objects.select_related("offered_by", "offered_to", "by").get(pk=offer.pk)
    wanted = Answer.ACCEPTED if accept else Answer.DECLINED
    if mine.answer == wanted:
        return mine
    _refuse_answered(mine)
    mine.answer, mine.answer_note, mine.answered_by, mine.answered_at = wanted, note, by, now
    kept = pair.by_pk(mine.keeps_id)
    assert kept is not None  # noqa: S101  (an offer keeps one of the two)
    if accept:
        found = outlook(overlap=current, keeps=kept, now=now)
        _refuse(found, seen)
        mine.save(update_fields=["answer", "answer_note", "answered_by", "answered_at"])
        uniting.unite(offer=mine, overlap=current, plan=found.plan, by=by, now=now)
    else:
        mine.save(update_fields=["answer", "answer_note", "answered_by", "answered_at"])
    letters.answered(mine, kept=kept, now=now)
    return mine


def withdraw(*, offer: JointOffer, by: User | None, now: datetime) -> JointOffer:
    """Take the offer back before it is answered; twice is once. Raises ``programme.Refused``."""
    with transaction.atomic():
        _current, pair = _locked(offer.overlap_id, None)
        mine = JointOffer.objects.select_related("offered_by", "offered_to").get(pk=offer.pk)
        if mine.answer == Answer.WITHDRAWN:
            return mine
        _refuse_answered(mine)
        uniting.withdraw(offer=mine, other=pair.other(mine.offering), by=by, now=now)
    return mine


def _refuse_answered(offer: JointOffer) -> None:
    if offer.answer == Answer.WITHDRAWN:
        raise programme.Refused(_("The offer was withdrawn meanwhile, so there is nothing to answer."))
    if offer.answer:
        raise programme.Refused(_("The offer has been answered already. Look at the page again."))


def _refuse(found: Outlook, seen: str | None) -> None:
    if found.refusals:
        raise programme.Refused([str(each) for each in found.refusals])
    if seen is not None and found.mark != seen:
        raise programme.Refused(CHANGED)


def _noted(note: str) -> str:
    said = clean(note)
    if len(said) > JointOffer.LONGEST_NOTE:
        raise programme.Refused({"note": _("The text is too long. Write at most 500 letters.")})
    return said


def _begun_anew(act: Callable[[], JointOffer]) -> JointOffer:
    """In one transaction; anew where somebody registered before everything was locked."""
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return act()
        except _Begin:
            continue
    raise programme.Refused(CHANGED)


def _hold(overlap: int) -> set[UUID]:
    """Let nobody join or erase any of these people meanwhile; before any row is locked."""
    found = _residents(Overlap.objects.values_list("first", "second").get(pk=overlap))
    households.hold(f"resident:{pk}" for pk in found)
    return found


def _residents(activities: tuple[int, ...]) -> set[UUID]:
    rows = Registration.objects.live().filter(activity__in=activities, resident__isnull=False).order_by()
    return {resident for resident in rows.values_list("resident", flat=True) if resident is not None}


def _locked(overlap: int, held: set[UUID] | None) -> tuple[Overlap, sides.Sides]:
    """The overlap with both activities as they are now, all locked, the activities in their order.

    With ``held``, whoever registered meanwhile and is not among them raises :class:`_Begin`.
    """
    current = decisions.locked(overlap)
    pks = tuple(sorted((current.first_id, current.second_id)))
    rows = Activity.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk")
    found = {row.pk: row for row in rows.select_related("lead", "parish", "centre")}
    current.first, current.second = found[current.first_id], found[current.second_id]
    if held is not None and not _residents(pks) <= held:
        raise _Begin
    return current, sides.of(current)
