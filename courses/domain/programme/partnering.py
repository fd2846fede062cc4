"""An activity is joint with another department when that department has said yes.

Naming a partner is asking. Who answers is the head of the department asked, its coordinator of the parish, or an
administrator; whoever asks and may answer too has answered by asking. Until then the activity is not joint: it is
planned, published and counted as the one department's, and nobody waits. Taking a partner out withdraws the question or
ends what was agreed; the partner may leave as well. Each side is told what the other did, and by whom; that the activity
is called off or its sessions have changed too.

``Activity.partners`` are those who accepted, and what the public, the catalogue, files and figures read. Everything
here happens under the lock of the activity's row.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach, reach
from courses.domain.programme import partner_letters
from courses.domain.programme.spec import WRITABLE, Refused
from courses.enums import ActivityStatus
from courses.models import Activity, PartnerRequest
from ecosystem.models import Department, User
from ecosystem.text import clean

Answer = PartnerRequest.Answer


def may_answer(reach: Reach, request: PartnerRequest) -> bool:
    """Whether somebody answers for the department asked, in the parish where it would happen."""
    return _answers_for(reach, request.department_id, request.activity.parish_id)


def to_answer(reach: Reach) -> QuerySet[PartnerRequest]:
    """The open questions that somebody's posts answer, the oldest first."""
    found = PartnerRequest.objects.open().select_related("activity__lead", "activity__parish", "asked_by")
    if not reach.is_administrator:
        mine = Q(department__in=reach.headed)
        for department, parish in sorted(reach.parishes):
            mine |= Q(department=department, activity__parish=parish)
        found = found.filter(mine)
    return found.filter(activity__status__in=WRITABLE).order_by("asked_at", "pk")


def thread(*, activity: Activity, departments: Collection[str] | None = None) -> list[PartnerRequest]:
    """What was asked and answered about an activity, the oldest first; with ``departments`` only what concerns those."""
    found = PartnerRequest.objects.filter(activity=activity).select_related("asked_by", "answered_by", "ended_by")
    if departments is not None:
        found = found.filter(department__in=departments)
    return list(found.order_by("asked_at", "pk"))


def ask(
    *, activity: Activity, department: Department, note: str = "", by: User | None, now: datetime
) -> PartnerRequest | None:
    """Ask a department to hold the activity together; accepted at once where ``by`` answers for it too.

    Whoever is asked already, or is a partner, is not asked again: the standing request is given back (None where the
    partnership is older than asking). Raises :class:`Refused`.
    """
    with transaction.atomic():
        locked = _locked(activity)
        if department.pk == locked.lead_id:
            raise Refused({"partners": _("The department that leads is not its own partner.")})
        if locked.partners.filter(pk=department.pk).exists():
            return PartnerRequest.objects.standing().filter(activity=locked, department=department).first()
        return _ask(locked, department, note=_noted(note), by=by, now=now)


def answer(*, request: PartnerRequest, accept: bool, note: str = "", by: User | None, now: datetime) -> PartnerRequest:
    """Say yes or no for the department asked; the same answer twice is one. Raises :class:`Refused`."""
    note = _noted(note)
    with transaction.atomic():
        activity = _locked(request.activity_id)
        current = PartnerRequest.objects.get(pk=request.pk)
        wanted = Answer.ACCEPTED if accept else Answer.DECLINED
        if current.answer == wanted and current.ended_at is None:
            return current
        if current.answer == Answer.WITHDRAWN or current.ended_at is not None:
            raise Refused(_("The question was withdrawn meanwhile, so there is nothing to answer."))
        if current.answer:
            raise Refused(_("This has been answered already by somebody of your department. Look at the page again."))
        _answer(activity, current, wanted, note=note, by=by, now=now)
        partner_letters.answered(current, now=now)
    return current


def leave(*, request: PartnerRequest, note: str = "", by: User | None, now: datetime) -> PartnerRequest:
    """The partner leaves what it accepted, and the department that leads is told. Twice is once."""
    note = _noted(note)
    with transaction.atomic():
        activity = _locked(request.activity_id)
        current = PartnerRequest.objects.get(pk=request.pk)
        if current.ended_at is not None:
            return current
        if current.answer != Answer.ACCEPTED:
            raise Refused(_("Your department is not a partner of this activity."))
        _end(activity, current, note=note, by=by, now=now)
        partner_letters.left(current, now=now)
    return current


def take_out(*, activity: Activity, department: Department, by: User | None, now: datetime) -> None:
    """The department that leads withdraws its question, or ends what was agreed. Twice is once."""
    with transaction.atomic():
        _take_out(_locked(activity), department.pk, by=by, now=now)


def called_off(*, activity: Activity, reason: str, by: User | None, now: datetime) -> None:
    """Tell each department that holds the activity together, or was asked to, that it is called off, and why."""
    with transaction.atomic():
        standing = list(PartnerRequest.objects.standing().filter(activity=activity).order_by("asked_at", "pk"))
        asked = {request.department_id for request in standing}
        since_before = [
            PartnerRequest(activity=activity, department=department)
            for department in activity.partners.exclude(pk__in=asked).order_by("pk")
        ]
        for request in (*standing, *since_before):
            partner_letters.called_off(request, reason=reason, by=by, now=now)


def changed(*, activity: Activity, what: str, by: User | None, now: datetime) -> None:
    """Tell each department that holds the activity together that its sessions or its place have changed, and how."""
    with transaction.atomic():
        partners = list(activity.partners.order_by("pk"))
        if not partners:
            return
        standing = PartnerRequest.objects.filter(activity=activity, answer=Answer.ACCEPTED, ended_at=None)
        agreed = {request.department_id: request for request in standing.order_by("asked_at", "pk")}
        for department in partners:
            request = agreed.get(department.pk) or PartnerRequest(activity=activity, department=department)
            partner_letters.changed(request, what=what, by=by, now=now)


def agree(
    activity: Activity,
    *,
    departments: Collection[Department],
    asked_by: User | None,
    answered_by: User | None,
    now: datetime,
) -> None:
    """These have agreed elsewhere to hold it together, as where two activities are made one: it is written down here.

    The caller holds the activity's lock, and tells them.
    """
    there = set(activity.partners.order_by().values_list("pk", flat=True))
    for department in departments:
        if department.pk == activity.lead_id or department.pk in there:
            continue
        request = PartnerRequest.objects.open().filter(activity=activity, department=department).first()
        request = request or PartnerRequest(activity=activity, department=department, asked_by=asked_by, asked_at=now)
        request.answer, request.answered_by, request.answered_at = Answer.ACCEPTED, answered_by, now
        request.save()
        activity.partners.add(department)
        _changed(activity, now=now)


def withdraw_open(activity: Activity, *, by: User | None, now: datetime) -> None:
    """Nobody who was asked and has not answered need answer any more, and they are told. The caller holds the lock."""
    for request in PartnerRequest.objects.open().filter(activity=activity).order_by("asked_at", "pk"):
        _take_out(activity, request.department_id, by=by, now=now)


def settle(
    activity: Activity,
    *,
    wanted: Collection[Department],
    partners: Collection[str],
    asked: Collection[str],
    note: str = "",
    by: User | None,
    now: datetime,
) -> bool:
    """Ask those who are wanted and neither partners nor asked; take out those who are and are not wanted any more.

    The caller holds the activity's lock and has read who they are. True where who is joint has changed.
    """
    changed, there = False, {*partners, *asked}
    for code in sorted(there - {department.pk for department in wanted}):
        changed |= code in partners
        _take_out(activity, code, by=by, now=now)
    note = _noted(note)
    for department in wanted:
        if department.pk not in there:
            changed |= not _ask(activity, department, note=note, by=by, now=now).is_open
    return changed


def _ask(activity: Activity, department: Department, *, note: str, by: User | None, now: datetime) -> PartnerRequest:
    if activity.status == ActivityStatus.CANCELLED:
        raise Refused(_("The activity was called off and is not changed any more."))
    standing = PartnerRequest.objects.standing().filter(activity=activity, department=department).first()
    if standing is not None:
        return standing
    request = PartnerRequest.objects.create(
        activity=activity, department=department, note=note, asked_by=by, asked_at=now
    )
    if by is not None and _answers_for(reach(by, on=timezone.localdate(now)), department.pk, activity.parish_id):
        _answer(activity, request, Answer.ACCEPTED, note="", by=by, now=now)
    else:
        partner_letters.asked(request, now=now)
    return request


def _answer(
    activity: Activity, request: PartnerRequest, answer: str, *, note: str, by: User | None, now: datetime
) -> None:
    if activity.status == ActivityStatus.CANCELLED:
        raise Refused(_("The activity is called off, so there is nothing to answer."))
    request.answer, request.answer_note, request.answered_by, request.answered_at = answer, note, by, now
    request.save(update_fields=["answer", "answer_note", "answered_by", "answered_at"])
    if answer == Answer.ACCEPTED:
        activity.partners.add(request.department)
        _changed(activity, now=now)


def _take_out(activity: Activity, department: str, *, by: User | None, now: datetime) -> None:
    request = PartnerRequest.objects.standing().filter(activity=activity, department=department).first()
    if request is None:
        # Partners since before departments were asked: nothing was agreed in writing.
        for partner in activity.partners.filter(pk=department):
            activity.partners.remove(partner)
            _changed(activity, now=now)
        return
    if request.answer == Answer.ACCEPTED:
        _end(activity, request, note="", by=by, now=now)
    else:
        request.answer, request.answered_by, request.answered_at = Answer.WITHDRAWN, by, now
        request.save(update_fields=["answer", "answered_by", "answered_at"])
    partner_letters.taken_out(request, now=now)


def _end(activity: Activity, request: PartnerRequest, *, note: str, by: User | None, now: datetime) -> None:
    request.ended_by, request.ended_at, request.end_note = by, now, note
    request.save(update_fields=["ended_by", "ended_at", "end_note"])
    activity.partners.remove(request.department)
    _changed(activity, now=now)


def _changed(activity: Activity, *, now: datetime) -> None:
    """Who is joint is what a search looks at."""
    activity.changed_at = now
    Activity.objects.filter(pk=activity.pk).update(changed_at=now)


def _locked(activity: Activity | int) -> Activity:
    pk = activity if isinstance(activity, int) else activity.pk
    return Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _answers_for(reach: Reach, department: str, parish: str) -> bool:
    return bool(reach) and (
        reach.is_administrator or department in reach.headed or (department, parish) in reach.parishes
    )


def _noted(note: str) -> str:
    """The words in one paragraph; refused when they are too many."""
    said = clean(note)
    if len(said) > PartnerRequest.LONGEST_NOTE:
        raise Refused({"partner_note": _("The text is too long. Write at most 500 letters.")})
    return said
