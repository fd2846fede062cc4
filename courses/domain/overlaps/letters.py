"""What departments tell each other about an overlap: decided, written in the thread, offered, answered, made one.

Told are those who answer for the other side: its department's head and its coordinators of the parish, and the activity's
contact. An answer goes to who offered. Nobody is told what they did themselves.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.domain.overlaps import sides
from courses.domain.programme import staff_letters
from courses.domain.programme.staff_letters import Words, said
from courses.models import Activity, JointOffer, Overlap, OverlapDecision, OverlapNote
from ecosystem.models import User

What = OverlapDecision.What


def decided(decision: OverlapDecision, *, side: Activity, now: datetime) -> None:
    """The other department goes ahead, has moved, or is there for somebody else now."""
    other = sides.of(decision.overlap).other(side)

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        name = {"department": side.lead.name, "title": side.title}
        fact = {
            What.AHEAD: _("%(department)s goes ahead with «%(title)s», though it overlaps with yours."),
            What.MOVE: _("%(department)s has moved «%(title)s», which overlapped with yours."),
            What.AUDIENCE: _("%(department)s has changed for whom «%(title)s» is; it overlapped with yours."),
        }[What(decision.what)]
        lines = said(_("Decided by: %(name)s."), decision.by, decision.words)
        return (
            _("Overlap: %(title)s") % {"title": activity.title},
            fact % name,
            lines,
            _("Look at it, and answer"),
        )

    _tell("overlap_decided", decision.overlap, other, _side(other, now=now), decision.by, words, now=now)


def noted(note: OverlapNote, *, now: datetime) -> None:
    """The other department has written in the thread."""
    pair = sides.of(note.overlap)

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("About the overlap: %(title)s") % {"title": activity.title},
            _("%(department)s has written about the overlap with your activity.")
            % {"department": note.department.name},
            said(_("Written by: %(name)s."), note.by, note.text),
            _("Look at it, and answer"),
        )

    # Of one department's own two, whoever answers for either.
    others = [one for one in pair.both if one.lead_id != note.department_id] or list(pair.both)
    people = [user for one in others for user in _side(one, now=now)]
    _tell("overlap_note", note.overlap, others[0], people, note.by, words, now=now)


def offered(offer: JointOffer, *, other: Activity, now: datetime) -> None:
    """The other department would like to make two activities one."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        stays = (
            _("Yours would stay, and those who registered for the other would come to it.")
            if offer.keeps_id == activity.pk
            else _("«%(title)s» would stay, and those who registered for yours would go along.")
            % {"title": offer.keeps.title}
        )
        return (
            _("Make it joint? %(title)s") % {"title": activity.title},
            _("%(department)s offers to make «%(title)s» and yours one joint activity.")
            % {"department": offer.offered_by.name, "title": offer.offering.title},
            [stays, *said(_("Offered by: %(name)s."), offer.by, offer.note)],
            _("Look at it, and answer"),
        )

    _tell("joint_offered", offer.overlap, other, _side(other, now=now), offer.by, words, now=now)


def answered(offer: JointOffer, *, kept: Activity, now: datetime) -> None:
    """The other department said yes or no."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        name = {"department": offer.offered_to.name}
        accepts = offer.answer == JointOffer.Answer.ACCEPTED
        fact = (
            _("%(department)s accepts: the two are one joint activity now, and those who registered have been told.")
            if accepts
            else _("%(department)s declines to make the two one.")
        )
        subject = _("Joint now: %(title)s") if accepts else _("Not joint: %(title)s")
        return (
            subject % {"title": activity.title},
            fact % name,
            said(_("Answered by: %(name)s."), offer.answered_by, offer.answer_note),
            _("Look at it"),
        )

    asking = [offer.by] if offer.by is not None and offer.by.is_active else staff_letters.contact_of(offer.offering)
    about = kept if offer.answer == JointOffer.Answer.ACCEPTED else offer.offering
    _tell("joint_answered", offer.overlap, about, asking, offer.answered_by, words, now=now)


def withdrawn(offer: JointOffer, *, other: Activity, now: datetime) -> None:
    """The offer is taken back."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("Withdrawn: %(title)s") % {"title": activity.title},
            _("%(department)s has withdrawn its offer to make it joint. You need not answer.")
            % {"department": offer.offered_by.name},
            said(_("Decided by: %(name)s."), offer.answered_by, ""),
            _("Look at it"),
        )

    _tell("joint_withdrawn", offer.overlap, other, _side(other, now=now), offer.answered_by, words, now=now)


def made_one(
    offer: JointOffer,
    *,
    kept: Activity,
    gone: Activity,
    told: Iterable[tuple[str, str]],
    by: User | None,
    now: datetime,
) -> None:
    """Departments in their parishes that were not asked: another hand spoke for them, or they were partners of the other."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("Joint now: %(title)s") % {"title": activity.title},
            _("«%(gone)s» and «%(kept)s» are one joint activity now, and those who registered have been told.")
            % {"gone": gone.title, "kept": kept.title},
            said(_("Decided by: %(name)s."), by, offer.note),
            _("Look at it"),
        )

    people = [
        user
        for department, parish in told
        for user in staff_letters.answering(department=department, parish=parish, now=now)
    ]
    _tell("joint_made", offer.overlap, kept, people, by, words, now=now)


def _side(activity: Activity, *, now: datetime) -> list[User]:
    """Who answers for a side."""
    answering = staff_letters.answering(department=activity.lead_id, parish=activity.parish_id, now=now)
    return [*answering, *staff_letters.contact_of(activity)]


def _tell(
    kind: str,
    overlap: Overlap,
    activity: Activity,
    people: Iterable[User],
    but: User | None,
    words: Words,
    *,
    now: datetime,
) -> None:
    staff_letters.tell(
        kind=kind,
        activity=activity,
        people=people,
        but=but,
        words=words,
        path=partial(reverse, "courses:desk_overlap", args=[overlap.pk]),
        rel="overlap",
        reference=f"overlap:{overlap.pk}",
        now=now,
    )
