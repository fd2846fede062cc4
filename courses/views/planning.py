"""Planning at the desk: an activity in one page, its sessions one by one, its standing, its copy."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import calling_off, moving, programme
from courses.domain.refusals import Refusal
from courses.enums import ActivityStatus
from courses.forms.planning import DetailsForm, Difference, begun, begun_on, differences, initial_of
from courses.forms.sessions import CopyForm, ReasonForm, SeriesForm, SessionForm, leader_form, session_initial
from courses.models import Activity, Session
from courses.views.moving import and_told, will_be_told
from courses.views.partners import partner_lines
from courses.views.staff import managed_activity, staff_page
from ecosystem import dates

METHODS = ["GET", "HEAD", "POST"]
SECTIONS = ("what", "whom", "where", "when", "places", "words")


@staff_page
@require_http_methods(METHODS)
def create(request: HttpRequest, reach: Reach) -> HttpResponse:
    """A new activity: shown empty, previewed, saved as a draft."""
    offer = programme.offer(reach=reach)
    if not offer:
        raise PermissionDenied(_("Your post plans no activities."))
    rooms = [room for centre in offer.centres for room in centre.rooms.all()]
    for centre in offer.centres:
        for room in centre.rooms.all():
            room.centre = centre
    if request.method != "POST":
        form = DetailsForm(offer=offer, initial=_beginning(reach, offer) | begun(request.GET, offer))
        when = SeriesForm(rooms=rooms, grouped=True, optional=True, initial={"first": begun_on(request.GET)})
        return _editor(request, form, when=when)
    form = DetailsForm(request.POST, offer=offer)
    when = SeriesForm(request.POST, rooms=rooms, grouped=True, optional=True)
    if "preview" in request.POST:
        valid = when.is_valid() and not when.is_empty
        if when.is_empty:
            when.empty_permitted = False
            when.full_clean()
        # Not judged yet: only shown again.
        form = DetailsForm(offer=offer, initial={name: form[name].value() for name in form.fields})
        return _editor(request, form, when=when, status=200 if valid else 422)
    if form.is_valid() & when.is_valid():
        spec = form.spec()
        try:
            made = programme.create_draft(
                details=spec,
                meetings=when.meetings(),
                now=timezone.now(),
                by=reach.user,
                partner_note=form.cleaned_data["partner_note"],
            )
        except programme.Refused as refused:
            for name, errors in refused.error_dict.items() if hasattr(refused, "error_dict") else ():
                (when if name in ("sessions", "room") else form).refuse(programme.Refused({name: errors}))
            if not hasattr(refused, "error_dict"):
                form.refuse(refused)
        else:
            messages.success(request, _("The draft is saved."))
            _say_left_out(request, when)
            return redirect("courses:desk_edit", made.pk)
    return _editor(request, form, when=when, status=422)


@staff_page
@require_http_methods(METHODS)
def edit(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """An activity to change; who saves later than somebody else is told what differs, and may save over it."""
    activity = managed_activity(reach, pk)
    offer = programme.offer(reach=reach, activity=activity)
    if request.method != "POST":
        spec = programme.spec_of(activity)
        form = DetailsForm(offer=offer, initial=initial_of(spec))
        return _editor(request, form, activity=activity, stamp=programme.fingerprint(spec))
    form = DetailsForm(request.POST, offer=offer)
    stamp = request.POST.get("changed_at", "")
    if form.is_valid():
        had_rooms = activity.sessions.live().exclude(room=None).exists()
        try:
            saved, told = moving.details(
                activity=activity,
                details=form.spec(),
                seen=stamp,
                now=timezone.now(),
                by=reach.user,
                partner_note=form.cleaned_data["partner_note"],
            )
        except programme.Refused as refused:
            form.refuse(refused)
        except programme.ChangedMeanwhile as changed:
            return _editor(
                request,
                form,
                activity=activity,
                stamp=programme.fingerprint(changed.current),
                conflicts=differences(form, changed.current),
                status=409,
            )
        else:
            messages.success(request, and_told(_("Saved."), told))
            if had_rooms and saved.centre_id != activity.centre_id:
                messages.warning(
                    request, _("The place is another now, so the sessions have no room. Choose rooms anew.")
                )
            return redirect("courses:desk_edit", pk)
    return _editor(request, form, activity=activity, stamp=stamp, status=422)


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
        "series": SeriesForm(rooms=rooms),
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
        form = SeriesForm(request.POST, rooms=rooms)
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
                _say_left_out(request, form)
            return redirect("courses:desk_sessions", pk)
    return _sessions_page(request, activity, forms, chosen=chosen, now=now, action=action, status=422)


@staff_page
@require_http_methods(METHODS)
def status(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Where the activity stands, what the next step still needs, and the step."""
    activity = managed_activity(reach, pk)
    now = timezone.now()
    refused: list[str] = []
    if request.method == "POST":
        step = {"plan": programme.plan, "publish": programme.publish, "back": programme.take_back}.get(
            request.POST.get("step", "")
        )
        if step is None:
            raise Http404(_("There is no such step."))
        try:
            step(activity=activity, now=now)
        except programme.Refused as error:
            refused = error.messages
            activity.refresh_from_db()
        else:
            return redirect("courses:desk_status", pk)
    return _status_page(request, activity, refused, now=now, status=422 if refused else 200)


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
        "days": [_line(meeting.starts_at, meeting.ends_at) for meeting in copy.spec.sessions] if copy else [],
        "left_out": _named_days(copy.left_out) if copy else [],
        "without_room": [_room_words(each) for each in copy.without_room] if copy else [],
        "without_educator": (
            [" ".join(programme.clash_words(each).messages) for each in copy.without_educator] if copy else []
        ),
    }
    code = 422 if form.is_bound and form.errors else 200
    return render(request, "courses/planning/clone.html", context, status=code)


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
        told = calling_off.session(session=chosen, reason=reason, by=reach.user, now=now)
        if not told:
            return _("The session is called off.")
        said = ngettext(
            "The session is called off. %(count)s person with a place is told.",
            "The session is called off. %(count)s people with a place are told.",
            told,
        )
        return said % {"count": told}
    if action == "lead":
        programme.set_leader(session=chosen, educator=form.chosen, now=now)
        return _("%(name)s leads this session.") % {"name": form.chosen} if form.chosen else _("Nobody stands in.")
    when = {"starts_at": form.starts_at, "ends_at": form.ends_at, "room": form.chosen_room}
    told = moving.session(session=chosen, **when, by=reach.user, now=now)
    return and_told(_("The session is moved."), told)


def _editor(
    request: HttpRequest,
    form: DetailsForm,
    *,
    when: SeriesForm | None = None,
    activity: Activity | None = None,
    stamp: str = "",
    conflicts: list[Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    wrong = bool(form.errors if form.is_bound else False) or bool(when and when.is_bound and when.errors)
    title = activity.title if activity else _("New activity")
    context = {
        "form": form,
        "when": when,
        "activity": activity,
        "stamp": stamp,
        "conflicts": conflicts or [],
        "is_conflict": conflicts is not None,
        "is_draft": activity is None or activity.status == ActivityStatus.DRAFT,
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
        "heading": title,
        "days": [_line(*meeting) for meeting in when.series.meetings] if when and when.series else [],
        "left_out": _named_days(when.series.left_out) if when and when.series else [],
        "meetings": _meetings(activity) if activity else [],
        "partners": partner_lines(activity) if activity else [],
        "will_be_told": will_be_told(activity) if activity else {},
    }
    return render(request, "courses/planning/editor.html", context, status=status)


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
        "chosen_words": _line(chosen.starts_at, chosen.ends_at) if chosen else "",
        "action": action,
        "may_change": open_now,
        "will_be_told": will_be_told(activity) if open_now else {},
        "page_title": _("Error: %(title)s") % {"title": _("Sessions")} if status == 422 else _("Sessions"),
        "rows": [
            {
                "session": row,
                "day": dates.on_day(dates.local_day(row.starts_at), short=True),
                "year": timezone.localtime(row.starts_at).year,
                "hours": dates.hours(row.starts_at, row.ends_at),
                "is_over": row.ends_at <= now,
                "may_change": open_now and row.cancelled_at is None and row.ends_at > now,
                "url": f"{reverse('courses:desk_sessions', args=[activity.pk])}?nodarbiba={row.pk}#nodarbiba",
            }
            for row in rows
        ],
        "days": [_line(*meeting) for meeting in made.meetings] if made else [],
        "left_out": _named_days(made.left_out) if made else [],
    }
    return render(request, "courses/planning/sessions.html", context, status=status)


def _status_page(
    request: HttpRequest, activity: Activity, refused: list[str], *, now: datetime, status: int
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
        "steps": [str(each.label) for each in ladder],
        "current": ladder.index(ActivityStatus(here)) + 1 if here in ladder else 0,
        "following": following,
        "missing": programme.missing(activity, step=following, now=now) if following else [],
        "missing_to_publish": (
            programme.missing(activity, step=ActivityStatus.PUBLISHED, now=now) if here == "draft" else []
        ),
        "advisable": programme.advisable(activity) if here in programme.WRITABLE else [],
        "may_go_back": here == "planned" or (here == "published" and not activity.taken and not activity.waiting),
        "is_public": activity.published_at is not None and here in ("published", "completed", "cancelled"),
        "partners": partner_lines(activity),
    }
    return render(request, "courses/planning/status.html", context, status=status)


def _beginning(reach: Reach, offer: programme.Offer) -> dict[str, Any]:
    """What a new activity most likely is: of one's own department, in one's own place, answered for by oneself."""
    mine = {post.pk for post in reach.posts}
    contact = next((post for post in offer.contacts if post.pk in mine), None)
    places = [f"centre:{centre.pk}" for centre in offer.centres]
    return {
        "lead": contact.department_id if contact else offer.departments[0].pk,
        "place": places[0] if len(places) == 1 else "",
        "contact": str(contact.pk) if contact else "",
        "kind": "educational",
        "format": "in_person",
        "language": "lv",
    }


def _session(activity: Activity, text: str | None) -> Session | None:
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 15:
        return None
    return activity.sessions.live().select_related("room").filter(pk=int(text)).first()


def _line(starts_at: datetime, ends_at: datetime) -> str:
    """ "Otrdien, 12. janvārī, 17:30–19:45"."""
    return f"{dates.on_day(dates.local_day(starts_at))}, {dates.hours(starts_at, ends_at)}"


def _meetings(activity: Activity) -> list[str]:
    rows = activity.sessions.live().order_by("starts_at", "pk")
    return [_line(row.starts_at, row.ends_at) for row in rows]


def _named_days(left_out: Any) -> list[str]:
    return [f"{dates.on_day(each.day)}: {each.name}" for each in left_out]


def _room_words(there: Session) -> str:
    return _("%(when)s: the room «%(room)s» is taken by «%(title)s».") % {
        "when": _line(there.starts_at, there.ends_at),
        "room": there.room.name if there.room else "",
        "title": there.activity.title,
    }


def _say_left_out(request: HttpRequest, form: SeriesForm) -> None:
    """Name the holidays that the series left out."""
    if form.series is not None and form.series.left_out:
        days = "; ".join(_named_days(form.series.left_out))
        messages.info(request, _("Holidays left out: %(days)s.") % {"days": days})
