"""Saved as one goes: the editor's script asks here. Answers are JSON; whoever runs no scripts never comes.

What is right is saved, what is wrong keeps its last saved value and says so. Of what is planned or published nothing is
written here: it is only judged, so that a mistake is told beside its field before the press.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coordinators.domain.access import Reach
from courses.domain import programme, rights
from courses.enums import ActivityStatus
from courses.forms.drafts import Draft
from courses.forms.planning import initial_of
from courses.models import Activity, Template
from courses.views import steps
from courses.views.editor import (
    edit_address,
    form_key_of,
    planner_s_offer,
    save_address,
    series_form,
    steps_context,
    template_asked,
    typed_meetings,
)
from courses.views.overlap_panel import panel
from courses.views.staff import managed_activity, staff_page
from ecosystem import dates


@require_POST
@staff_page
def begin(request: HttpRequest, reach: Reach) -> HttpResponse:
    """What is typed of a new activity: as soon as there is enough, it becomes a draft, once a page."""
    offer = planner_s_offer(reach)
    template = template_asked(request, reach)
    key = form_key_of(request)
    draft = Draft(request.POST, offer=offer, saved={})
    if key is None:
        return _answer(request, draft, None, offer=offer, template=template)
    while (details := draft.details()) is not None:
        try:
            made = programme.create_draft(
                details=programme.unasked(details), meetings=(), now=timezone.now(), form_key=key, by=reach.user
            )
        except programme.Refused as refused:
            if not draft.refuse(refused):
                break
        except programme.AlreadyMade as already:
            return _once_more(request, reach, draft, already, template=template)
        else:
            if not rights.may_manage(reach, made):
                raise Http404(_("There is no such activity."))
            return _answer(request, draft, made, offer=offer, template=template)
    return _answer(request, draft, None, offer=offer, template=template)


def _once_more(
    request: HttpRequest, reach: Reach, draft: Draft, already: programme.AlreadyMade, *, template: Template | None
) -> HttpResponse:
    """The page does not know that its draft is made: the answer was lost on the way, and it was typed on."""
    activity = already.activity
    if not rights.may_manage(reach, activity):
        raise Http404(_("There is no such activity."))
    if activity.changed_at != activity.created_at or activity.status != ActivityStatus.DRAFT:
        return _stop(_changed_words(), edit=edit_address(activity, template))
    return _keep(request, draft.data, activity, reach, stamp=programme.fingerprint(already.current), template=template)


@require_POST
@staff_page
def keep(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What is typed of an activity there is: a draft is saved, anything else only judged."""
    activity = managed_activity(reach, pk)
    template = template_asked(request, reach)
    stamp = request.POST.get("changed_at", "")
    return _keep(request, request.POST, activity, reach, stamp=stamp, template=template)


def _keep(
    request: HttpRequest, data: Any, activity: Activity, reach: Reach, *, stamp: str, template: Template | None
) -> HttpResponse:
    offer = programme.offer(reach=reach, activity=activity)
    draft = Draft(data, offer=offer, saved=initial_of(programme.spec_of(activity)))
    if activity.status != ActivityStatus.DRAFT:
        return _judged(request, draft, offer=offer, template=template, activity=activity)
    while (details := draft.details()) is not None:
        try:
            saved = programme.keep_draft(
                activity=activity, details=details, seen=stamp, now=timezone.now(), by=reach.user
            )
        except programme.Refused as refused:
            if not draft.refuse(refused):
                break
        except programme.ChangedMeanwhile:
            return _stop(_changed_words())
        except programme.NoDraft:
            return _stop(_("It is a draft no more: what you write is saved when you press the button."))
        else:
            return _answer(request, draft, saved, offer=offer, template=template)
    return _judged(request, draft, offer=offer, template=template, activity=activity)


def _answer(
    request: HttpRequest, draft: Draft, saved: Activity | None, *, offer: programme.Offer, template: Template | None
) -> JsonResponse:
    """What was saved and when, what was not and why, how far the steps have come, what overlaps."""
    now = timezone.now()
    context = steps_context(draft.form, saved, now=now)
    told = {
        "saved": saved is not None,
        "errors": _errors(request, draft, offer=offer, template=template),
        "steps": render_to_string("courses/planning/_steps.html", context, request=request),
        "stepsWords": context["steps_words"],
        **_overlaps(request, draft, saved, offer=offer, template=template),
    }
    if saved is not None:
        told |= {
            "at": dates.clock(now),
            "stamp": programme.fingerprint(programme.spec_of(saved)),
            "title": saved.title,
            "edit": edit_address(saved, template),
            "next": reverse("courses:desk_status", args=[saved.pk]),
            "save": save_address(saved) + (f"?sagatave={template.pk}" if template else ""),
            "languages": steps.progress_of(saved),
        }
    return JsonResponse(told)


def _judged(
    request: HttpRequest, draft: Draft, *, offer: programme.Offer, template: Template | None, activity: Activity
) -> JsonResponse:
    """Nothing was written; what is wrong and what overlaps is told all the same."""
    overlaps = _overlaps(request, draft, activity, offer=offer, template=template)
    return JsonResponse({"saved": False, "errors": _errors(request, draft, offer=offer, template=template), **overlaps})


def _overlaps(
    request: HttpRequest, draft: Draft, activity: Activity | None, *, offer: programme.Offer, template: Template | None
) -> dict[str, str]:
    """The panel beside the form, as the page puts it in, and its sum in a few words."""
    now = timezone.now()
    meetings = programme.spec_of(activity).sessions if activity is not None else []
    if not meetings and "when-first" in request.POST:
        meetings = typed_meetings(series_form(request.POST, offer=offer, template=template, now=now))
    context = panel(reach=offer.reach, spec=draft.details(), meetings=meetings, activity=activity, now=now)
    return {
        "overlaps": render_to_string("courses/planning/_overlaps.html", context, request=request),
        "overlapsWords": context["overlaps_words"],
    }


def _errors(request: HttpRequest, draft: Draft, *, offer: programme.Offer, template: Template | None) -> dict[str, str]:
    told = draft.errors()
    if "when-first" in request.POST:
        when = series_form(request.POST, offer=offer, template=template, now=timezone.now())
        told |= {str(bound.auto_id): " ".join(map(str, bound.errors)) for bound in when if bound.errors}
    return told


def _stop(words: str, **more: str) -> JsonResponse:
    """Nothing more is saved by itself; what was typed stays on the page."""
    return JsonResponse({"saved": False, "stop": words, **more}, status=409)


def _changed_words() -> str:
    return _(
        "Somebody else has changed this activity. Press the button to see what differs; nothing you wrote is lost."
    )
