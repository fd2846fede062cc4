"""The page of one overlap: both activities side by side, why they overlap, the ways out, what was decided and written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import programme, rights
from courses.domain.overlaps import decisions, joints, sides, ways
from courses.forms.overlap import AheadForm, NoteForm
from courses.models import Activity, JointOffer, Overlap, OverlapDecision
from courses.views import board, cards
from courses.views.staff import staff_page
from ecosystem import dates

METHODS = ["GET", "HEAD", "POST"]
What = OverlapDecision.What


@staff_page
@require_http_methods(METHODS)
def page(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Both sides read it and write in its thread; whoever may change one of the two decides for it."""
    overlap = found(reach, pk)
    now = timezone.now()
    mine = chosen_side(request, reach, overlap)
    note, ahead = NoteForm(), AheadForm()
    if request.method != "POST":
        return _page(request, reach, overlap, mine, note, ahead, now=now)
    step = request.POST.get("step", "")
    if step == "note":
        department = sides.department(reach=reach, overlap=overlap)
        if department is None:
            raise PermissionDenied(_("The two departments write here, and whoever may change one of the activities."))
        note = NoteForm(request.POST)
        if note.is_valid():
            key: UUID | None = note.cleaned_data["key"]
            try:
                decisions.note(
                    overlap=overlap,
                    department=department,
                    text=note.cleaned_data["text"],
                    by=reach.user,
                    now=now,
                    key=key,
                )
            except programme.Refused as refused:
                note.refuse(refused)
            else:
                messages.success(request, _("It is in the thread, and the other department has been told."))
                return redirect(f"{reverse('courses:desk_overlap', args=[pk])}#thread")
    elif step == "ahead":
        one = must_decide(mine)
        ahead = AheadForm(request.POST)
        if ahead.is_valid():
            try:
                decisions.go_ahead(
                    overlap=overlap,
                    activity=one,
                    words=ahead.cleaned_data["words"],
                    by=reach.user,
                    seen=request.POST.get("seen"),
                    now=now,
                )
            except programme.Refused as refused:
                ahead.refuse(refused)
            else:
                messages.success(request, _("It goes ahead. The other department has been told."))
                return redirect("courses:desk_overlap", pk)
    else:
        raise Http404(_("There is no such step."))
    return _page(request, reach, found(reach, pk), mine, note, ahead, now=now, status=422)


def found(reach: Reach, pk: int) -> Overlap:
    """The overlap, where the reader sees both sides of it."""
    overlap = sides.read(reach=reach, pk=pk)
    if overlap is None:
        raise Http404(_("There is no such overlap."))
    return overlap


def chosen_side(request: HttpRequest, reach: Reach, overlap: Overlap) -> Activity | None:
    """For which of the two the reader decides: the one asked for, otherwise the first they may change; None for none."""
    mine = sides.managed(reach=reach, overlap=overlap)
    asked = request.POST.get("activity") or request.GET.get("aktivitate") or ""
    return next((one for one in mine if str(one.pk) == asked), mine[0] if mine else None)


def must_decide(mine: Activity | None) -> Activity:
    """The reader's side, where they have one."""
    if mine is None:
        raise PermissionDenied(_("Whoever may change one of the two activities decides about it."))
    return mine


def title_of(overlap: Overlap) -> str:
    """What the page is called: both, in one line."""
    return _("«%(first)s» and «%(second)s»") % {"first": overlap.first.title, "second": overlap.second.title}


def side_lines(reach: Reach, overlap: Overlap, *, now: datetime) -> list[dict[str, Any]]:
    """Both activities, fact by fact, and which facts differ; one query."""
    both = sides.of(overlap).both
    times = cards.times_to_come([one.pk for one in both], now=now)
    facts = [_facts(one, times.get(one.pk, [])) for one in both]
    lines = []
    for number, one in enumerate(both):
        other = facts[1 - number]
        lines.append(
            {
                "activity": one,
                "url": board.address(reach, one),
                "status": one.get_status_display(),
                "joined_into": one.joined_into_id == both[1 - number].pk,
                "facts": [
                    {**fact, "differs": fact["value"] != other[place]["value"]}
                    for place, fact in enumerate(facts[number])
                ],
                "person": _person(one),
            }
        )
    return lines


def _facts(one: Activity, times: cards.Times) -> list[dict[str, str]]:
    departments = ", ".join(str(each.name) for each in (one.lead, *one.partners.all()))
    return [
        {"icon": "home", "label": _("Department"), "value": departments, "note": ""},
        {
            "icon": "calendar",
            "label": _("When"),
            "value": cards.when_words(times) if times else _("No sessions to come"),
            "note": days_words(times),
        },
        {"icon": "pin", "label": _("Where"), "value": cards.place_words(one), "note": one.parish.name},
        {"icon": "people", "label": _("For whom"), "value": cards.whom_words(one) or _("Not said yet"), "note": ""},
        {"icon": "check", "label": _("Registered"), "value": registered_words(one), "note": cards.places_words(one)[0]},
    ]


def days_words(times: cards.Times) -> str:
    """ "4. februāris – 25. februāris"; the one day of a single meeting."""
    if not times:
        return ""
    first, last = dates.local_day(times[0][0]), dates.local_day(times[-1][0])
    return dates.day_month(first) if first == last else f"{dates.day_month(first)} – {dates.day_month(last)}"


def registered_words(one: Activity) -> str:
    """How many have a place, and how many wait."""
    said = ngettext("%(n)s person", "%(n)s people", one.taken) % {"n": one.taken}
    return f"{said}, {cards.queue_words(one.waiting)}" if one.waiting else said


def _person(one: Activity) -> dict[str, Any]:
    """Whom the other department rings: the activity's contact or who stands in, otherwise its department."""
    post = one.contact.answering if one.contact else None
    name = str(post.holder) if post and post.holder else ""
    phone = (post.phone if post else "") or one.lead.phone or settings.CONTACT_PHONE
    return {"name": name or str(one.lead.name), "phone": phone}


def reasons_of(overlap: Overlap) -> list[str]:
    """Why, a sentence each, in the language of the page."""
    language = "lv" if get_language() == "lv" else "en"
    return [reason.get(language) or reason.get("lv", "") for reason in overlap.reasons]


def _page(
    request: HttpRequest,
    reach: Reach,
    overlap: Overlap,
    mine: Activity | None,
    note: NoteForm,
    ahead: AheadForm,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    offer = joints.standing(overlap)
    open_ways = ways.open_for(overlap=overlap, activity=mine, now=now) if mine is not None else set()
    title = _("Overlap")
    is_draft = not overlap.is_own and any(one.status == "draft" for one in sides.of(overlap).both)
    context = {
        "overlap": overlap,
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
        "heading": title_of(overlap),
        "kind_words": overlap.get_kind_display(),
        "since": moment(overlap.found_at),
        "state": _state(overlap),
        "sides": side_lines(reach, overlap, now=now),
        "reasons": reasons_of(overlap),
        "offer": _offer(overlap, offer, reach) if offer is not None else None,
        "mine": mine,
        "other_mine": [
            {"title": one.title, "pk": one.pk}
            for one in sides.managed(reach=reach, overlap=overlap)
            if mine is not None and one.pk != mine.pk
        ],
        "ways": [
            {
                "url": reverse(name, args=[overlap.pk]) + (f"?aktivitate={mine.pk}" if mine else ""),
                "label": label,
                "about": about,
            }
            for what, name, label, about in _ways(overlap)
            if what in open_ways
        ],
        # What was typed is shown again, even where it may be said no more.
        "may_go_ahead": mine is not None and (What.AHEAD in open_ways or bool(ahead.errors)),
        "nothing_left": mine is not None and not open_ways,
        "is_draft": is_draft,
        "ahead": ahead,
        "seen": decisions.mark(overlap),
        "note": note,
        "may_write": bool(note.errors) or (not is_draft and sides.may_write(reach=reach, overlap=overlap)),
        "thread": _thread(overlap),
        "may_manage": mine is not None and rights.may_manage(reach, mine),
    }
    return render(request, "courses/overlap/page.html", context, status=status)


def _ways(overlap: Overlap) -> list[tuple[What, str, str, str]]:
    """The likelier first: two that do the same are made one, two at one hour are moved apart."""
    found = [
        (
            What.JOINT,
            "courses:desk_overlap_joint",
            _("Make it joint"),
            _("One activity of both departments: those who registered go along."),
        ),
        (
            What.MOVE,
            "courses:desk_overlap_move",
            _("Move"),
            _("Other weeks or another place, where these people have nothing."),
        ),
        (
            What.AUDIENCE,
            "courses:desk_overlap_audience",
            _("Change the audience"),
            _("For those who have nothing there in these months."),
        ),
    ]
    return found if overlap.kind == Overlap.Kind.DUPLICATE else found[1:] + found[:1]


def _state(overlap: Overlap) -> dict[str, str]:
    said = []
    if overlap.decision is not None:
        words = {"what": overlap.decision.get_what_display(), "day": moment(overlap.decision.at)}
        said.append(_("Decided on %(day)s: %(what)s.") % words)
    if overlap.ended_at is not None and (overlap.decision is None or overlap.decision.what != What.JOINT):
        said.append(_("They overlap no more since %(day)s.") % {"day": moment(overlap.ended_at)})
    if said:
        return {"tone": "leaf" if overlap.decision is not None else "plain", "words": " ".join(said)}
    if overlap.is_own:
        return {"tone": "plain", "words": _("Both are of one department: told, and in nobody's way.")}
    return {"tone": "gold", "words": _("Nobody has decided yet.")}


def _offer(overlap: Overlap, offer: JointOffer, reach: Reach) -> dict[str, Any]:
    return {
        "words": _("%(department)s offers to make it joint.") % {"department": offer.offered_by.name},
        "note": offer.note,
        "who": who_when(offer.by, offer.at),
        "url": reverse("courses:desk_overlap_joint", args=[overlap.pk]),
        "may_answer": joints.may_answer(reach=reach, offer=offer, overlap=overlap),
    }


def _thread(overlap: Overlap) -> list[dict[str, Any]]:
    """Decisions, offers with their answers, and notes, in the order of time; three queries."""
    lines: list[tuple[datetime, int, dict[str, Any]]] = []

    def add(at: datetime, pk: int, what: str, by: Any, department: Any, words: str, note: str = "") -> None:
        line = {"what": what, "who": who_when(by, at), "department": str(department.name), "words": words, "note": note}
        lines.append((at, pk, line))

    decided = list(overlap.decisions.select_related("by", "department").order_by("at", "pk"))
    for place, decision in enumerate(decided):
        stood = decision.pk == overlap.decision_id and overlap.ended_at is None
        # The next was made while it still stood.
        replaced = place + 1 < len(decided) and decided[place + 1].at == decision.ended_at
        add(
            *(decision.at, decision.pk, decision.get_what_display(), decision.by, decision.department, decision.words),
            note=_("Stands.") if stood else _fell(decision, replaced=replaced),
        )
    for offer in overlap.joint_offers.select_related("by", "answered_by", "offered_by", "offered_to").order_by(
        "at", "pk"
    ):
        add(offer.at, offer.pk, _("Offered to make it joint"), offer.by, offer.offered_by, offer.note)
        if offer.answered_at is not None:
            withdrawn = offer.answer == JointOffer.Answer.WITHDRAWN
            side = offer.offered_by if withdrawn else offer.offered_to
            add(
                *(offer.answered_at, offer.pk, offer.get_answer_display(), offer.answered_by, side, offer.answer_note),
            )
    for note in overlap.notes.select_related("by", "department").order_by("at", "pk"):
        add(note.at, note.pk, "", note.by, note.department, note.text)
    return [line for _at, _pk, line in sorted(lines, key=lambda each: each[:2])]


def _fell(decision: OverlapDecision, *, replaced: bool) -> str:
    if decision.ended_at is None:
        return ""
    if replaced:
        return _("Until %(day)s: another decision took its place.") % {"day": moment(decision.ended_at)}
    return _("Until %(day)s: what it rested on has changed.") % {"day": moment(decision.ended_at)}


def who_when(by: Any, at: datetime) -> str:
    """ "Ilze Ozola, 11. janvārī plkst. 9:00"."""
    return f"{by}, {moment(at)}" if by is not None else moment(at)


def moment(at: datetime) -> str:
    """ "11. janvārī, 9:00"."""
    local = timezone.localtime(at)
    return f"{dates.day_month(local.date(), at=True)}, {dates.clock(local)}"
