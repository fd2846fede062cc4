"""Two ways out of an overlap: moved to other weeks, or for another audience, as the portal proposes."""

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
from courses.domain import programme
from courses.domain.overlaps import decisions, proposals, ways
from courses.domain.overlaps.proposals import Dates
from courses.forms.overlap import AudienceForm, DaysForm
from courses.models import Activity, Overlap, OverlapDecision
from courses.views import cards
from courses.views.meetings import line, named_days, room_words
from courses.views.moving import and_told, will_be_told
from courses.views.overlap import METHODS, chosen_side, found, must_decide
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.models import Audience

What = OverlapDecision.What


@staff_page
@require_http_methods(METHODS)
def move(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Other weeks in which these people have nothing, in one press; other parishes by the editor."""
    overlap = found(reach, pk)
    activity = must_decide(chosen_side(request, reach, overlap))
    now = timezone.now()
    form = DaysForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            told = ways.move(
                overlap=overlap,
                activity=activity,
                days=form.cleaned_data["days"],
                by=reach.user,
                seen=request.POST.get("seen"),
                now=now,
            )
        except programme.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, and_told(_("The sessions are moved."), told))
            return redirect("courses:desk_overlap", pk)
    overlap, activity = _again(request, reach, overlap, activity, form)
    possible = What.MOVE in ways.open_for(overlap=overlap, activity=activity, now=now)
    title = _("Move")
    context = {
        "overlap": overlap,
        "activity": activity,
        "form": form,
        "page_title": _("Error: %(title)s") % {"title": title} if form.errors else title,
        "possible": possible,
        "seen": decisions.mark(overlap),
        "told": will_be_told(activity).get("words", ""),
        "proposals": [
            _dates(each)
            for each in (proposals.dates(activity=activity, overlap=overlap, reach=reach, now=now) if possible else [])
        ],
        "parishes": [one.name for one in proposals.parishes(activity=activity, reach=reach, now=now)]
        if possible
        else [],
    }
    return render(request, "courses/overlap/move.html", context, status=422 if form.errors else 200)


def _again(
    request: HttpRequest, reach: Reach, overlap: Overlap, activity: Activity, form: DaysForm | AudienceForm
) -> tuple[Overlap, Activity]:
    """What the page is about; read anew where it was refused, since it has changed meanwhile."""
    if not form.errors:
        return overlap, activity
    overlap = found(reach, overlap.pk)
    return overlap, must_decide(chosen_side(request, reach, overlap))


def _dates(each: Dates) -> dict[str, Any]:
    times = each.shift.times
    first, last = dates.local_day(times[0][0]), dates.local_day(times[-1][0])
    return {
        "days": each.days,
        "title": cards.when_words(times),
        "period": dates.day_month(first) if first == last else f"{dates.day_month(first)} – {dates.day_month(last)}",
        "how_far": _how_far(each.days),
        "beside": each.beside,
        "beside_words": ngettext(
            "These people have %(n)s other activity near in those weeks, with which it does not overlap.",
            "These people have %(n)s other activities near in those weeks, with which it does not overlap.",
            each.beside,
        )
        % {"n": each.beside},
        "meetings": [line(*meeting) for meeting in times],
        "left_out": named_days(each.shift.left_out),
        "without_room": [room_words(there) for there in each.rooms],
        "clashes": [" ".join(programme.clash_words(clash).messages) for clash in each.clashes],
    }


def _how_far(days: int) -> str:
    weeks, rest = divmod(abs(days), 7)
    if rest:
        later = ngettext("%(n)s day later", "%(n)s days later", abs(days))
        earlier = ngettext("%(n)s day earlier", "%(n)s days earlier", abs(days))
        return (later if days > 0 else earlier) % {"n": abs(days)}
    later = ngettext("%(n)s week later", "%(n)s weeks later", weeks)
    earlier = ngettext("%(n)s week earlier", "%(n)s weeks earlier", weeks)
    return (later if days > 0 else earlier) % {"n": weeks}


@staff_page
@require_http_methods(METHODS)
def audience(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """For those who have nothing there in these months, in one press."""
    overlap = found(reach, pk)
    activity = must_decide(chosen_side(request, reach, overlap))
    now = timezone.now()
    form = AudienceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        chosen = Audience.objects.current().filter(pk=form.cleaned_data["audience"]).first()
        if chosen is None:
            raise Http404(_("There is no such audience."))
        try:
            ways.change_audience(
                overlap=overlap,
                activity=activity,
                audience=chosen,
                by=reach.user,
                seen=request.POST.get("seen"),
                now=now,
            )
        except programme.Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("«%(title)s» is for another audience now.") % {"title": activity.title})
            return redirect("courses:desk_overlap", pk)
    overlap, activity = _again(request, reach, overlap, activity, form)
    possible = What.AUDIENCE in ways.open_for(overlap=overlap, activity=activity, now=now)
    title = _("Change the audience")
    context = {
        "overlap": overlap,
        "activity": activity,
        "form": form,
        "page_title": _("Error: %(title)s") % {"title": title} if form.errors else title,
        "possible": possible,
        "seen": decisions.mark(overlap),
        "whom": cards.whom_words(activity) or _("Not said yet"),
        "proposals": [
            {"code": one.pk, "name": one.name, "ages": _ages(one)}
            for one in (proposals.audiences(activity=activity, reach=reach, now=now) if possible else [])
        ],
        "edit_url": reverse("courses:desk_edit", args=[activity.pk]) + "#whom",
    }
    return render(request, "courses/overlap/audience.html", context, status=422 if form.errors else 200)


def _ages(one: Audience) -> str:
    if one.age_min is None and one.age_max is None:
        return ""
    return cards.age_words(one.age_min, one.age_max)
