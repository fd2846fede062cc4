"""Making two overlapping activities one: offered and answered on one page, which says beforehand what becomes of people."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import programme
from courses.domain.overlaps import joints, sides
from courses.domain.overlaps.joints import Outlook
from courses.enums import RegistrationState
from courses.forms.overlap import JointForm
from courses.forms.partners import AnswerForm
from courses.models import Activity, JointOffer, Overlap
from courses.views import cards
from courses.views.overlap import METHODS, chosen_side, found, must_decide, side_lines, title_of, who_when
from courses.views.staff import staff_page
from ecosystem import dates

S = RegistrationState


@staff_page
@require_http_methods(METHODS)
def joint(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Offer to make it joint, or answer the offer: what becomes of people is said before anything happens."""
    overlap = found(reach, pk)
    now = timezone.now()
    offer = joints.standing(overlap)
    mine = chosen_side(request, reach, overlap)
    may_answer = offer is not None and joints.may_answer(reach=reach, offer=offer, overlap=overlap)
    if mine is None and not may_answer and not sides.may_write(reach=reach, overlap=overlap):
        must_decide(mine)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    form, answering = _joint_form(overlap), AnswerForm()
    if request.method != "POST":
        return _joint_page(request, reach, overlap, mine, offer, form, answering, now=now)
    if step in ("accept", "decline", "withdraw"):
        answering = AnswerForm(request.POST)
        chosen = _offer_of(overlap, request.POST.get("offer", ""))
        if chosen is None:
            raise Http404(_("There is no such offer."))
        _refuse_others(reach, overlap, chosen, step)
        if answering.is_valid():
            try:
                said = _answered(step, chosen, answering.cleaned_data["note"], request, reach, now)
            except programme.Refused as refused:
                answering.refuse(refused)
            else:
                messages.success(request, said)
                return redirect("courses:desk_overlap", pk)
    elif step in ("preview", "offer"):
        form = _joint_form(overlap, request)
        if form.is_valid():
            keeps = sides.of(overlap).by_pk(form.cleaned_data["keeps"])
            assert keeps is not None  # noqa: S101  (the form offers both)
            if step == "preview":
                return _joint_page(request, reach, overlap, mine, offer, form, answering, now=now, keeps=keeps)
            try:
                made = joints.offer(
                    overlap=overlap,
                    offering=must_decide(mine),
                    keeps=keeps,
                    reach=reach,
                    note=form.cleaned_data["note"],
                    unites=form.cleaned_data["unites"],
                    seen=request.POST.get("seen", ""),
                    now=now,
                )
            except programme.Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _offered(made))
                return redirect("courses:desk_overlap", pk)
    else:
        raise Http404(_("There is no such step."))
    overlap = found(reach, pk)
    standing = joints.standing(overlap)
    return _joint_page(request, reach, overlap, mine, standing, form, answering, now=now, status=422)


def _joint_form(overlap: Overlap, request: HttpRequest | None = None) -> JointForm:
    activities = sides.of(overlap).both
    if request is not None:
        return JointForm(request.POST, activities=activities)
    return JointForm(activities=activities, initial={"keeps": joints.stays(overlap).pk})


def _offer_of(overlap: Overlap, text: str) -> JointOffer | None:
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        return None
    return overlap.joint_offers.select_related("offering").filter(pk=int(text)).first()


def _refuse_others(reach: Reach, overlap: Overlap, offer: JointOffer, step: str) -> None:
    """The side that it is offered to answers; the side that offers withdraws."""
    if step == "withdraw":
        if offer.offering not in sides.managed(reach=reach, overlap=overlap):
            raise PermissionDenied(_("Whoever may change the activity that offers takes the offer back."))
    elif not joints.may_answer(reach=reach, offer=offer, overlap=overlap):
        raise PermissionDenied(
            _(
                "The head of the department asked answers this, its coordinator of the parish, or who may change the activity."
            )
        )


def _answered(step: str, offer: JointOffer, note: str, request: HttpRequest, reach: Reach, now: datetime) -> str:
    if step == "withdraw":
        joints.withdraw(offer=offer, by=reach.user, now=now)
        return _("The offer is taken back, and those who were asked have been told.")
    accept = step == "accept"
    joints.answer(
        offer=offer,
        accept=accept,
        note=note,
        by=reach.user,
        seen=request.POST.get("seen", "") if accept else None,
        now=now,
    )
    if accept:
        return _("The two are one joint activity now. Those who registered have been told.")
    return _("Declined. Those who offered have been told.")


def _offered(made: JointOffer) -> str:
    if made.answer:
        return _("The two are one joint activity now. Those who registered have been told.")
    return _("Offered. The other department has been told, and answers here.")


def _joint_page(
    request: HttpRequest,
    reach: Reach,
    overlap: Overlap,
    mine: Activity | None,
    offer: JointOffer | None,
    form: JointForm,
    answering: AnswerForm,
    *,
    now: datetime,
    keeps: Activity | None = None,
    status: int = 200,
) -> HttpResponse:
    may_answer = offer is not None and joints.may_answer(reach=reach, offer=offer, overlap=overlap)
    if offer is not None and (mine is None or offer.offering_id == mine.pk or may_answer):
        keeps = sides.of(overlap).by_pk(offer.keeps_id)
    keeps = keeps or sides.of(overlap).by_pk(_number(form["keeps"].value())) or joints.stays(overlap)
    outlook = joints.outlook(overlap=overlap, keeps=keeps, now=now)
    unites = offer.unites_audiences if offer is not None else bool(form["unites"].value())
    title = _("Make it joint")
    context = {
        "overlap": overlap,
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "heading": title_of(overlap),
        "form": form,
        "answering": answering,
        "mine": mine,
        "offer": offer,
        "offer_who": who_when(offer.by, offer.at) if offer is not None else "",
        "may_answer": may_answer,
        "may_withdraw": offer is not None and offer.offering in sides.managed(reach=reach, overlap=overlap),
        "may_offer": offer is None and mine is not None,
        "sides": side_lines(reach, overlap, now=now),
        "kept": outlook.kept,
        "gone": outlook.gone,
        "stays": _stays(outlook, unites=unites),
        "people": _people(outlook),
        "too_few": outlook.plan.waits_longer,
        "may_raise": outlook.kept in sides.managed(reach=reach, overlap=overlap),
        "refusals": outlook.refusals,
        "seen": outlook.mark,
        "both_answer": mine is not None and sides.answers_for(reach=reach, activity=sides.of(overlap).other(mine)),
    }
    return render(request, "courses/overlap/joint.html", context, status=status)


def _number(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _stays(outlook: Outlook, *, unites: bool) -> list[str]:
    """What stays, what is given up, in sentences."""
    kept, gone = outlook.kept, outlook.gone
    partners = [str(one.name) for one in (gone.lead, *gone.partners.all()) if one.pk != kept.lead_id]
    said = [
        _("«%(title)s» stays: its sessions, its place, its %(places)s, its price and who leads it.")
        % {"title": kept.title, "places": _places(kept)}
    ]
    if partners:
        said.append(
            _("It is held by %(lead)s together with %(partners)s.")
            % {"lead": kept.lead.name, "partners": dates.joined(partners, _("and"))}
        )
    said.append(
        _("It is for the audiences and the ages of both.")
        if unites
        else _("It is for whom it is now: %(whom)s.")
        % {"whom": dates.uncapital(cards.whom_words(kept) or _("Not said yet"))}
    )
    said.append(
        _("«%(title)s» is given up: its sessions will not be held, its rooms are free, and its address leads on.")
        % {"title": gone.title}
    )
    return said


def _places(kept: Activity) -> str:
    if kept.capacity is None:
        return _("places without a limit")
    return ngettext("%(n)s place", "%(n)s places", kept.capacity) % {"n": kept.capacity}


def _people(outlook: Outlook) -> list[dict[str, str]]:
    """What becomes of those who registered, in sentences; numbers alone."""
    plan, said = outlook.plan, []
    with_place, offered = plan.count(S.CONFIRMED), plan.count(S.OFFERED)
    waits, awaiting = plan.goes_on_waiting, plan.count(S.AWAITING_APPROVAL)
    for number, words, tone in (
        (
            with_place,
            ngettext(
                "%(n)s person of the other goes along and has a place.",
                "%(n)s people of the other go along and have places.",
                with_place,
            ),
            "",
        ),
        (
            offered,
            ngettext(
                "%(n)s person who waited is offered a place.",
                "%(n)s people who waited are offered places.",
                offered,
            ),
            "",
        ),
        (
            plan.waits_longer,
            ngettext(
                "%(n)s person who has a place in the other will wait in the queue: there are not places enough.",
                "%(n)s people who have places in the other will wait in the queue: there are not places enough.",
                plan.waits_longer,
            ),
            "brick",
        ),
        (
            waits,
            ngettext(
                "%(n)s person who waits in the other goes on waiting here, by when they asked.",
                "%(n)s people who wait in the other go on waiting here, by when they asked.",
                waits,
            ),
            "",
        ),
        (
            awaiting,
            ngettext(
                "%(n)s person goes on awaiting approval.",
                "%(n)s people go on awaiting approval.",
                awaiting,
            ),
            "",
        ),
        (
            len(plan.folds),
            ngettext(
                "%(n)s person is registered for both, and is there once.",
                "%(n)s people are registered for both, and are there once.",
                len(plan.folds),
            ),
            "",
        ),
        (
            plan.without_contact,
            ngettext(
                "%(n)s of them left no contact and has to be rung.",
                "%(n)s of them left no contact and have to be rung.",
                plan.without_contact,
            ),
            "gold",
        ),
    ):
        if number:
            said.append({"words": words % {"n": number}, "tone": tone})
    if not said:
        said.append({"words": _("Nobody has registered for the one that is given up."), "tone": ""})
    return said
