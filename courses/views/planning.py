"""Planning at the desk: the sessions of an activity one by one, its standing, its copy. Its description: ``editor``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import calling_off, moving, programme
from courses.domain.overlaps import board as overlap_board
from courses.domain.overlaps import publishing
from courses.domain.refusals import Refusal
from courses.enums import ActivityStatus
from courses.forms.sessions import CopyForm, ReasonForm, SeriesForm, SessionForm, leader_form, session_initial
from courses.models import Activity, Overlap, Session
from courses.views.meetings import line, named_days, room_words, say_left_out
from courses.views.moving import and_told, will_be_told
from courses.views.overlap_panel import overlap_lines, uncompared
from courses.views.partners import partner_lines
from courses.views.staff import managed_activity, staff_page
from ecosystem import dates

METHODS = ["GET", "HEAD", "POST"]


@staff_page
@require_http_methods(METHODS)
def sessions(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The sessions of an activity: moved, added and called off one by one, or added by a rule."""
    activity = managed_activity(reach, pk)
    rooms = list(activity.centre.rooms.order_by("name", "pk")) if activity.centre else []
    now = timezone.now()
    forms: dict[str, Any] = {
        "move": SessionForm(rooms=rooms),
        "add": SessionForm(rooms=rooms, prefix="new"),
        "series": SeriesForm(rooms=rooms, now=now),
        "call_off": ReasonForm(),
        "lead": None,
    }
    action = request.POST.get("action", "") if request.method == "POST" else ""
    chosen = _session(activity, request.POST.get("session") or request.GET.get("nodarbiba"))
    if chosen is not None:
        forms["move"] = SessionForm(rooms=rooms, initial=session_initial(chosen.starts_at, chosen.ends_at, chosen.room))
        forms["lead"] = leader_form(activity, chosen)
    if not action:
        return _sessions_page(request, activity, forms, chosen=chosen, now=now)
    if action not in forms or (action in ("move", "call_off", "lead") and chosen is None):
        raise Http404(_("There is no such session."))
    form: Any
    if action == "series":
        form = SeriesForm(request.POST, rooms=rooms, now=now)
    elif action == "call_off":
        form = ReasonForm(request.POST)
    elif action == "lead" and chosen is not None:
        form = leader_form(activity, chosen, request.POST)
    else:
        form = SessionForm(request.POST, rooms=rooms, prefix="new" if action == "add" else "session")
    forms[action] = form
    if form.is_valid():
        if "preview" in request.POST:
            return _sessions_page(request, activity, forms, chosen=chosen, now=now, action=action)
        try:
            said = _act(action, form, activity, chosen, reach, now)
        except programme.Refused as refused:
            form.refuse(refused)
        except Refusal as refusal:
            form.refuse(programme.Refused({"reason": str(refusal)}))
        else:
            messages.success(request, said)
            if action == "series":
                say_left_out(request, form)
            return redirect("courses:desk_sessions", pk)
    return _sessions_page(request, activity, forms, chosen=chosen, now=now, action=action, status=422)


@staff_page
@require_http_methods(METHODS)
def status(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Where the activity stands, what the next step still needs, and the step."""
    activity = managed_activity(reach, pk)
    now = timezone.now()
    refused: list[str] = []
    undecided: list[Overlap] = []
    if request.method == "POST":
        if request.POST.get("step") == "discard":
            return _discard(request, reach, activity, now=now)
        step = {"plan": programme.plan, "publish": publishing.publish, "back": programme.take_back}.get(
            request.POST.get("step", "")
        )
        if step is None:
            raise Http404(_("There is no such step."))
        try:
            step(activity=activity, now=now)
        except programme.Refused as error:
            refused = error.messages
            undecided = error.overlaps if isinstance(error, publishing.Undecided) else []
            activity.refresh_from_db()
        else:
            return redirect("courses:desk_status", pk)
    return _status_page(request, reach, activity, refused, undecided=undecided, now=now, status=422 if refused else 200)


@staff_page
@require_http_methods(METHODS)
def clone(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The same again from another day: looked at first, then made."""
    activity = managed_activity(reach, pk)
    now = timezone.now()
    form = CopyForm(request.POST) if request.method == "POST" else CopyForm()
    copy: programme.Copy | None = None
    if form.is_bound and form.is_valid():
        first_on = form.cleaned_data["first_on"]
        try:
            if "preview" in request.POST:
                copy = programme.plan_copy(activity=activity, first_on=first_on, now=now)
            else:
                made = programme.clone(activity=activity, first_on=first_on, now=now, by=reach.user)
                messages.success(request, _("The copy is saved as a draft."))
                return redirect("courses:desk_sessions", made.pk)
        except programme.Refused as refused:
            form.refuse(refused)
    context = {
        "activity": activity,
        "form": form,
        "page_title": _("Copy to new dates"),
        "copy": copy is not None,
        "days": [line(meeting.starts_at, meeting.ends_at) for meeting in copy.spec.sessions] if copy else [],
        "left_out": named_days(copy.left_out) if copy else [],
        "without_room": [room_words(each) for each in copy.without_room] if copy else [],
        "without_educator": (
            [" ".join(programme.clash_words(each).messages) for each in copy.without_educator] if copy else []
        ),
    }
    code = 422 if form.is_bound and form.errors else 200
    return render(request, "courses/planning/clone.html", context, status=code)


def _discard(request: HttpRequest, reach: Reach, activity: Activity, *, now: datetime) -> HttpResponse:
    """A draft that nobody needs is gone; the page that asked is gone with it."""
    title = activity.title
    try:
        programme.discard(activity=activity)
    except programme.Refused as error:
        return _status_page(request, reach, activity, error.messages, now=now, status=422)
    messages.success(request, _("The draft «%(title)s» is thrown away.") % {"title": title})
    return redirect("courses:desk_programme")


def _act(action: str, form: Any, activity: Activity, chosen: Session | None, reach: Reach, now: datetime) -> str:
    """One change of the sessions, and what is said when it is done."""
    if action == "series":
        meetings = form.meetings()
        told = moving.add(activity=activity, meetings=meetings, by=reach.user, now=now)
        added = ngettext("%(count)s session added.", "%(count)s sessions added.", len(meetings))
        return and_told(added % {"count": len(meetings)}, told)
    if action == "add":
        meeting = programme.SessionSpec(starts_at=form.starts_at, ends_at=form.ends_at, room=form.chosen_room)
        told = moving.add(activity=activity, meetings=[meeting], by=reach.user, now=now)
        return and_told(_("The session is added."), told)
    assert chosen is not None  # noqa: S101  (the caller has looked)
    if action == "call_off":
        reason = form.cleaned_data["reason"]
        people = calling_off.session(session=chosen, reason=reason, by=reach.user, now=now)
        concerned = ngettext("It concerned %(n)s person.", "It concerned %(n)s people.", people) % {"n": people}
        return " ".join([_("The session is called off."), *([concerned] if people else [])])
    if action == "lead":
        programme.set_leader(session=chosen, educator=form.chosen, now=now)
        return _("%(name)s leads this session.") % {"name": form.chosen} if form.chosen else _("Nobody stands in.")
    when = {"starts_at": form.starts_at, "ends_at": form.ends_at, "room": form.chosen_room}
    told = moving.session(session=chosen, **when, by=reach.user, now=now)
    return and_told(_("The session is moved."), told)


def _sessions_page(
    request: HttpRequest,
    activity: Activity,
    forms: dict[str, Any],
    *,
    chosen: Session | None,
    now: datetime,
    action: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = activity.sessions.select_related("room", "led_by").order_by("starts_at", "pk")
    made = forms["series"].series
    open_now = activity.status in programme.WRITABLE
    context = {
        "activity": activity,
        "forms": forms,
        "chosen": chosen,
        "chosen_words": line(chosen.starts_at, chosen.ends_at) if chosen else "",
        "action": action,
        "may_change": open_now,
        "will_be_told": will_be_told(activity) if open_now else {},
        "page_title": _("Error: %(title)s") % {"title": _("Sessions")} if status == 422 else _("Sessions"),
        "rows": [
            {
                "session": row,
                "day": dates.on_day(dates.local_day(row.starts_at), short=True),
                "year": timezone.localtime(row.starts_at).year,
                "hours": dates.hours_on_page(row.starts_at, row.ends_at),
                "is_over": row.ends_at <= now,
                "may_change": open_now and row.cancelled_at is None and row.ends_at > now,
                "url": f"{reverse('courses:desk_sessions', args=[activity.pk])}?nodarbiba={row.pk}#nodarbiba",
            }
            for row in rows
        ],
        "days": [line(*meeting) for meeting in made.meetings] if made else [],
        "left_out": named_days(made.left_out) if made else [],
    }
    return render(request, "courses/planning/sessions.html", context, status=status)


def _status_page(
    request: HttpRequest,
    reach: Reach,
    activity: Activity,
    refused: list[str],
    *,
    undecided: Sequence[Overlap] = (),
    now: datetime,
    status: int,
) -> HttpResponse:
    here = activity.status
    following = {ActivityStatus.DRAFT: ActivityStatus.PLANNED, ActivityStatus.PLANNED: ActivityStatus.PUBLISHED}.get(
        ActivityStatus(here)
    )
    ladder = [ActivityStatus.DRAFT, ActivityStatus.PLANNED, ActivityStatus.PUBLISHED, ActivityStatus.COMPLETED]
    context = {
        "activity": activity,
        "page_title": _("Status"),
        "refused": refused,
        # What stands in the way is asked of whoever can publish next, also before the press.
        "undecided": overlap_lines(
            activity, undecided or (list(publishing.undecided(activity=activity)) if following else [])
        ),
        "uncompared": uncompared(overlap_board.unjudged(reach=reach).filter(activity=activity.pk)),
        "steps": [str(each.label) for each in ladder],
        "current": ladder.index(ActivityStatus(here)) + 1 if here in ladder else 0,
        "following": following,
        "missing": programme.missing(activity, step=following, now=now) if following else [],
        "missing_to_publish": (
            programme.missing(activity, step=ActivityStatus.PUBLISHED, now=now) if here == "draft" else []
        ),
        "advisable": programme.advisable(activity) if here in programme.WRITABLE else [],
        "may_discard": here == "draft" and activity.published_at is None,
        "may_go_back": here == "planned" or (here == "published" and not activity.taken and not activity.waiting),
        "is_public": activity.published_at is not None and here in ("published", "completed", "cancelled"),
        "partners": partner_lines(activity),
    }
    return render(request, "courses/planning/status.html", context, status=status)


def _session(activity: Activity, text: str | None) -> Session | None:
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 15:
        return None
    return activity.sessions.live().select_related("room").filter(pk=int(text)).first()
