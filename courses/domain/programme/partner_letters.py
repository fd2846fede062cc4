"""What departments tell each other about holding an activity together: plain letters to the people it concerns.

Asked, and let out, are those who answer for the department: its head and its coordinators of the parish; where nobody
holds such a post, the administrators. The answer goes to who asked, and where nobody is known to have asked, to the
activity's contact. Nobody is told what they did themselves.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.domain.programme import staff_letters
from courses.domain.programme.staff_letters import Words, said
from courses.models import Activity, PartnerRequest
from ecosystem.models import User


def asked(request: PartnerRequest, *, now: datetime) -> None:
    """Another department would like to hold it together."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("Hold it together? %(title)s") % {"title": activity.title},
            _("%(department)s asks whether you would hold this activity together.")
            % {"department": activity.lead.name},
            said(_("Asked by: %(name)s."), request.asked_by, request.note),
            _("Answer"),
        )

    _tell("partner_asked", request, _answering(request, now=now), request.asked_by, words, now=now)


def answered(request: PartnerRequest, *, now: datetime) -> None:
    """The department asked said yes or no."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        name = {"department": request.department.name}
        lines = said(_("Answered by: %(name)s."), request.answered_by, request.answer_note)
        if request.answer == PartnerRequest.Answer.ACCEPTED:
            return (
                _("Joint now: %(title)s") % {"title": activity.title},
                _("%(department)s accepts: the activity is joint now.") % name,
                lines,
                _("Look at it"),
            )
        return (
            _("Not joint: %(title)s") % {"title": activity.title},
            _("%(department)s declines, so the activity is not joint with it.") % name,
            lines,
            _("Look at it"),
        )

    _tell("partner_answered", request, _asking(request), request.answered_by, words, now=now)


def left(request: PartnerRequest, *, now: datetime) -> None:
    """A partner left."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("No longer joint: %(title)s") % {"title": activity.title},
            _("%(department)s has left: it is not a partner of the activity any more.")
            % {"department": request.department.name},
            said(_("Decided by: %(name)s."), request.ended_by, request.end_note),
            _("Look at it"),
        )

    _tell("partner_left", request, _asking(request), request.ended_by, words, now=now)


def taken_out(request: PartnerRequest, *, now: datetime) -> None:
    """The department that leads withdrew its question or ended what was agreed."""
    ended = request.ended_at is not None
    by = request.ended_by if ended else request.answered_by

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        lead = {"department": activity.lead.name}
        fact = (
            _("%(department)s holds this activity without your department from now on.") % lead
            if ended
            else _("%(department)s has withdrawn its question. You need not answer.") % lead
        )
        return (
            _("No longer joint: %(title)s") % {"title": activity.title}
            if ended
            else _("Withdrawn: %(title)s") % {"title": activity.title},
            fact,
            said(_("Decided by: %(name)s."), by, ""),
            "",
        )

    _tell("partner_taken_out", request, _answering(request, now=now), by, words, now=now)


def called_off(request: PartnerRequest, *, reason: str, by: User | None, now: datetime) -> None:
    """The department that leads called the activity off: the partner knows, and who was asked need not answer."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        lead = {"department": activity.lead.name}
        fact = (
            _("%(department)s has called this activity off. You need not answer whether to hold it together.") % lead
            if request.pk and request.is_open
            else _("%(department)s has called this joint activity off. Those who registered have been told.") % lead
        )
        return (
            _("Called off: %(title)s") % {"title": activity.title},
            fact,
            said(_("Decided by: %(name)s."), by, reason),
            _("Look at it"),
        )

    _tell("partner_called_off", request, _answering(request, now=now), by, words, now=now)


def changed(request: PartnerRequest, *, what: str, by: User | None, now: datetime) -> None:
    """The sessions or the place of what is held together are others now: the partner knows as well."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("Changed: %(title)s") % {"title": activity.title},
            _("The sessions or the place of this joint activity have changed. Those who registered have been told."),
            [what, *said(_("Decided by: %(name)s."), by, "")],
            _("Look at it"),
        )

    _tell("partner_changed", request, _answering(request, now=now), by, words, now=now)


def _answering(request: PartnerRequest, *, now: datetime) -> list[User]:
    """Who answers for the department asked."""
    return staff_letters.answering(department=request.department_id, parish=request.activity.parish_id, now=now)


def _asking(request: PartnerRequest) -> list[User]:
    """Who asked; otherwise the activity's contact, or who stands in."""
    if request.asked_by is not None:
        return [request.asked_by] if request.asked_by.is_active else []
    return staff_letters.contact_of(request.activity)


def _tell(
    kind: str,
    request: PartnerRequest,
    people: Iterable[User],
    but: User | None,
    words: Words,
    *,
    now: datetime,
) -> None:
    """One letter to each, in their language."""
    staff_letters.tell(
        kind=kind,
        activity=request.activity,
        people=people,
        but=but,
        words=words,
        path=partial(reverse, "courses:desk_partners", args=[request.activity_id]),
        rel="partners",
        # None was written of partners since before departments were asked.
        reference=f"partner:{request.pk}" if request.pk else "",
        now=now,
    )
