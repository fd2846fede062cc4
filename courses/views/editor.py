"""The editor: an activity described in one page, in steps. A draft is also saved as one goes: ``autosave``."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import moving, programme, rights
from courses.enums import ActivityStatus
from courses.forms.drafts import Draft
from courses.forms.planning import DetailsForm, Difference, begun, begun_on, differences, initial_of
from courses.forms.sessions import SeriesForm
from courses.forms.templates import beginning_from, usual_hours
from courses.models import Activity, Template
from courses.views import steps
from courses.views.meetings import line, lines, named_days, say_left_out
from courses.views.moving import and_told, will_be_told
from courses.views.overlap_panel import panel
from courses.views.partners import partner_lines
from courses.views.staff import managed_activity, staff_page

METHODS = ["GET", "HEAD", "POST"]


@dataclass
class Page:
    """What the editor's page is made of."""

    form: DetailsForm
    now: datetime
    # The rule of a series, where the activity has no sessions yet.
    when: SeriesForm | None = None
    activity: Activity | None = None
    stamp: str = ""
    form_key: UUID | None = None
    template: Template | None = None
    # What of the template is no longer on offer.
    left_out: list[str] = field(default_factory=list)
    # None is no conflict; an empty list is one in which nothing differs.
    conflicts: list[Difference] | None = None
    # Not somebody else, but this page was here before: sent, gone back to, and sent again.
    was_made: bool = False
    # It shows what was typed and is not saved.
    is_typed: bool = False
    status: int = 200


@staff_page
@require_http_methods(METHODS)
def create(request: HttpRequest, reach: Reach) -> HttpResponse:
    """A new activity: shown empty or as a template says, previewed, saved as a draft."""
    offer = planner_s_offer(reach)
    now = timezone.now()
    template = template_asked(request, reach)
    if request.method != "POST":
        initial = beginning(reach, offer) | begun(request.GET, offer)
        left_out: list[str] = []
        if template is not None:
            initial, left_out = beginning_from(template, offer=offer, beginning=initial)
        page = Page(form=DetailsForm(offer=offer, initial=initial), now=now, template=template, left_out=left_out)
        page.when = series_form(None, offer=offer, template=template, now=now, first_on=begun_on(request.GET))
        page.form_key = uuid4()
        return show(request, page)
    page = Page(form=DetailsForm(request.POST, offer=offer), now=now, template=template, is_typed=True, status=422)
    page.when = when = series_form(request.POST, offer=offer, template=template, now=now)
    page.form_key = key = form_key_of(request) or uuid4()
    if "preview" in request.POST:
        return _preview(request, page)
    if page.form.is_valid() & when.is_valid():
        try:
            made = programme.create_draft(
                details=page.form.spec(),
                meetings=when.meetings(),
                now=now,
                form_key=key,
                by=reach.user,
                partner_note=page.form.cleaned_data["partner_note"],
            )
        except programme.Refused as refused:
            refuse(page, refused)
        except programme.AlreadyMade as already:
            if not rights.may_manage(reach, already.activity):
                raise Http404(_("There is no such activity.")) from None
            page.activity, page.status = already.activity, 409
            page.stamp = programme.fingerprint(already.current)
            page.conflicts, page.was_made = differences(page.form, already.current), True
            return show(request, page)
        else:
            messages.success(request, _("The draft is saved."))
            say_left_out(request, when)
            return redirect(edit_address(made, template))
    return show(request, page)


@staff_page
@require_http_methods(METHODS)
def edit(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """An activity to change; who saves later than somebody else is told what differs, and may save over it."""
    activity = managed_activity(reach, pk)
    offer = programme.offer(reach=reach, activity=activity)
    now = timezone.now()
    template = template_asked(request, reach)
    spec = programme.spec_of(activity)
    when = None
    if (not spec.sessions and activity.status in programme.WRITABLE) or request.POST.get("when-first"):
        # Sessions said here while somebody else added some are added too, and refused where they would be double.
        when = series_form(request.POST or None, offer=offer, template=template, now=now)
    page = Page(form=DetailsForm(offer=offer, initial=initial_of(spec)), now=now, when=when, activity=activity)
    page.template = template
    if request.method != "POST":
        page.stamp = programme.fingerprint(spec)
        return show(request, page)
    page.form = DetailsForm(request.POST, offer=offer)
    page.stamp, page.is_typed, page.status = request.POST.get("changed_at", ""), True, 422
    if "preview" in request.POST and when is not None:
        return _preview(request, page)
    if page.form.is_valid() & (when is None or when.is_valid()):
        had_rooms = activity.sessions.live().exclude(room=None).exists()
        try:
            saved, told = moving.details(
                activity=activity,
                details=page.form.spec(),
                meetings=when.meetings() if when is not None else (),
                seen=page.stamp,
                now=now,
                by=reach.user,
                partner_note=page.form.cleaned_data["partner_note"],
            )
        except programme.Refused as refused:
            refuse(page, refused)
        except programme.ChangedMeanwhile as changed:
            page.stamp, page.status = programme.fingerprint(changed.current), 409
            page.conflicts = differences(page.form, changed.current)
        else:
            messages.success(request, and_told(_("Saved."), told))
            if when is not None:
                say_left_out(request, when)
            if had_rooms and saved.centre_id != activity.centre_id:
                messages.warning(
                    request, _("The place is another now, so the sessions have no room. Choose rooms anew.")
                )
            return redirect(edit_address(saved, template))
    return show(request, page)


def _preview(request: HttpRequest, page: Page) -> HttpResponse:
    """The sessions that the rule would make; the rest is not judged yet, only shown again."""
    when, form = page.when, page.form
    assert when is not None  # noqa: S101  (the caller has looked)
    is_good = when.is_valid() and not when.is_empty
    if when.is_empty:
        when.empty_permitted = False
        when.full_clean()
    page.form = DetailsForm(offer=form.offer, initial={name: form[name].value() for name in form.fields})
    page.status = 200 if is_good else 422
    return show(request, page)


def refuse(page: Page, refused: programme.Refused) -> None:
    """Put what was refused beside its field: of the series, or of the description."""
    if not hasattr(refused, "error_dict"):
        page.form.refuse(refused)
        return
    for name, errors in refused.error_dict.items():
        is_about_when = page.when is not None and name in ("sessions", "room")
        (page.when if page.when is not None and is_about_when else page.form).refuse(programme.Refused({name: errors}))


def show(request: HttpRequest, page: Page) -> HttpResponse:
    """The page of the editor."""
    form, when, activity = page.form, page.when, page.activity
    wrong = bool(form.errors if form.is_bound else False) or bool(when and when.is_bound and when.errors)
    title = activity.title if activity else _("New activity")
    made = when.series if when else None
    # A conflict is decided by a press.
    is_draft = activity is None or activity.status == ActivityStatus.DRAFT
    mode = "new" if activity is None else "draft" if is_draft else "pressed"
    context = {
        "form": form,
        "when": when,
        "activity": activity,
        "stamp": page.stamp,
        "form_key": page.form_key or "",
        "template": page.template,
        "left_out_of_template": page.left_out,
        "action": edit_address(activity, page.template) if activity else "",
        "save_url": save_address(activity),
        "mode": "conflict" if page.conflicts is not None else mode,
        "keep": f"{request.user.pk}-{activity.pk if activity else 'new'}",
        "is_typed": page.is_typed,
        "conflicts": page.conflicts or [],
        "is_conflict": page.conflicts is not None,
        "was_made": page.was_made,
        "is_draft": is_draft,
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
        "heading": title,
        "days": [line(*meeting) for meeting in made.meetings] if made else [],
        "left_out": named_days(made.left_out) if made else [],
        "meetings": lines(activity) if activity else [],
        "partners": partner_lines(activity) if activity else [],
        "will_be_told": will_be_told(activity) if activity else {},
        "languages": steps.languages_of(form),
        "latvian": {name: form[f"{name}_lv"].value() or "" for name in ("title", "summary")},
        **steps_context(form, activity, now=page.now),
        **({} if page.conflicts is not None else _overlaps(request, page)),
    }
    return render(request, "courses/planning/editor.html", context, status=page.status)


def _overlaps(request: HttpRequest, page: Page) -> dict[str, Any]:
    """What the other departments plan for the same people: of what is typed, otherwise of what is saved."""
    offer, activity = page.form.offer, page.activity
    saved = programme.spec_of(activity) if activity is not None else None
    spec = saved
    if request.method == "POST":
        draft = Draft(request.POST, offer=offer, saved=initial_of(saved) if saved is not None else {})
        spec = draft.details() or saved
    meetings = saved.sessions if saved is not None and saved.sessions else typed_meetings(page.when)
    return panel(reach=offer.reach, spec=spec, meetings=meetings, activity=activity, now=page.now)


def typed_meetings(when: SeriesForm | None) -> list[programme.SessionSpec]:
    """The sessions of a rule as far as it can be understood."""
    return when.meetings() if when is not None and when.is_bound and when.is_valid() else []


def steps_context(form: DetailsForm, activity: Activity | None, *, now: datetime) -> dict[str, Any]:
    """The steps as they stand: of what is saved, otherwise of what the form holds."""
    found = steps.steps_of(programme.spec_of(activity), now=now) if activity else steps.steps_at_first(form)
    return {"steps": found, "steps_words": steps.summed_up(found)}


def planner_s_offer(reach: Reach) -> programme.Offer:
    """What the reader may choose for a new activity; refused where the post plans none."""
    offer = programme.offer(reach=reach)
    if not offer:
        raise PermissionDenied(_("Your post plans no activities."))
    return offer


def series_form(
    data: Any, *, offer: programme.Offer, template: Template | None, now: datetime, first_on: date | None = None
) -> SeriesForm:
    """When, with the rooms of all the centres on offer, and the usual hours of the template."""
    rooms = []
    for centre in offer.centres:
        for room in centre.rooms.all():
            room.centre = centre
            rooms.append(room)
    initial = (usual_hours(template) if template is not None else {}) | ({"first": first_on} if first_on else {})
    return SeriesForm(data, rooms=rooms, grouped=True, optional=True, initial=initial, now=now)


def template_asked(request: HttpRequest, reach: Reach) -> Template | None:
    """The template one begins from; one that is not there for the reader is no template."""
    text = request.GET.get("sagatave", "")
    if not text:
        return None
    known = text.isascii() and text.isdecimal() and len(text) < 16
    found = programme.templates_of(reach).filter(pk=int(text), retired_at=None).first() if known else None
    if found is None:
        raise Http404(_("There is no such template, or it was put away."))
    return found


def form_key_of(request: HttpRequest) -> UUID | None:
    """The key of the page that was sent, if it is one."""
    try:
        return UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None


def edit_address(activity: Activity, template: Template | None = None) -> str:
    """The editor's address; with the template, whose hours it suggests as long as there are no sessions."""
    address = reverse("courses:desk_edit", args=[activity.pk])
    return f"{address}?sagatave={template.pk}" if template is not None else address


def save_address(activity: Activity | None) -> str:
    """Where a draft is saved as one goes."""
    if activity is None:
        return reverse("courses:desk_begin")
    return reverse("courses:desk_keep", args=[activity.pk])


def beginning(reach: Reach, offer: programme.Offer) -> dict[str, Any]:
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
