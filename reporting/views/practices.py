"""A practice for colleagues: how it is done, where it came from, which activities use it; one adopts it here."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordinators.domain import keeping
from coordinators.domain.access import Reach
from coordinators.models import Practice
from courses.domain import rights
from courses.views.staff import staff_page
from ecosystem.text import clean
from reporting.domain import practices
from reporting.models import PracticeUse
from reporting.views import network_words as words
from reporting.views.projects import METHODS


@staff_page
@require_http_methods(METHODS)
def one(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """What it is; and by a press, that an activity uses it or does not."""
    practice = Practice.objects.select_related("mobility__project", "mobility__post__department").filter(pk=pk).first()
    if practice is None:
        raise Http404(_("There is no such practice."))
    if request.method == "POST":
        return _press(request, reach, practice)
    text = clean(request.GET.get("q", ""))[:120]
    # A draft of another department is told of by nobody here either.
    seen = rights.seen_by(reach).order_by().values("pk")
    uses = PracticeUse.objects.filter(practice=practice, activity__in=seen).select_related(
        "activity__lead", "activity__parish"
    )
    context = {
        "page_title": practice.name,
        "practice": practice,
        "project": practice.mobility.project,
        "from": words.mobility_row(practice.mobility),
        "uses": [{"use": use, "may_drop": practices.may_say(reach, use.activity)} for use in uses],
        "may_keep": keeping.may_keep(reach),
        "q": text,
        "found": list(practices.candidates(practice=practice, text=text, reach=reach)) if text else None,
    }
    return render(request, "reporting/projects/practice.html", context)


def _press(request: HttpRequest, reach: Reach, practice: Practice) -> HttpResponse:
    here = reverse("reporting:desk_project_practice", args=[practice.pk])
    pk = request.POST.get("activity", "")
    activity = (
        rights.seen_by(reach).filter(pk=int(pk)).first() if pk.isascii() and pk.isdecimal() and len(pk) < 10 else None
    )
    step = request.POST.get("step", "")
    if activity is None or step not in ("adopt", "drop"):
        raise Http404(_("There is no such step."))
    if not practices.may_say(reach, activity):
        raise PermissionDenied(_("Whoever manages the activity, or keeps projects, says that it uses a practice."))
    if step == "adopt":
        practices.adopt(practice=practice, activity=activity, reach=reach)
        messages.success(request, _("«%(activity)s» uses the practice.") % {"activity": activity.title})
    else:
        use = PracticeUse.objects.filter(practice=practice, activity=activity).select_related("activity").first()
        if use is not None:
            practices.drop(use=use, reach=reach)
        messages.success(request, _("«%(activity)s» does not use the practice.") % {"activity": activity.title})
    return redirect(here)
