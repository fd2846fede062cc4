"""An activity in the news: a coordinator puts it up with a sentence, or takes it down."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import invitations, reached
from courses.domain.refusals import Refusals
from courses.forms.news import InvitationForm
from courses.models import Invitation
from courses.views.filling import head
from courses.views.staff import managed_activity, staff_page
from ecosystem import dates
from residents.domain.wording import often


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Put the activity into the news, change its sentence, take it down; or why it cannot be told of."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    standing = invitations.of(found)
    if request.method == "POST" and "take_down" in request.POST:
        invitations.take_down(activity=found, now=now)
        messages.success(request, _("It is not in the news any more. Who was told of it stays told."))
        return redirect("courses:desk_invite", pk=pk)
    form = InvitationForm(request.POST if request.method == "POST" else None, initial=_said(standing))
    if form.is_bound and form.is_valid():
        try:
            invitations.put_up(activity=found, sentences=form.sentences(), by=reach.user, now=now)
        except Refusals as refusals:
            for refusal in refusals.refusals:
                form.add_error(refusal.code if refusal.code in form.fields else None, str(refusal))
        else:
            messages.success(request, _("It is in the news."))
            return redirect("courses:desk_invite", pk=pk)
    title = _("In the news")
    why_not = invitations.why_not(found, now=now)
    context: dict[str, Any] = {
        **head(found, now),
        "heading": title,
        "page_title": _("Error: %(title)s") % {"title": title} if form.is_bound else title,
        "form": form,
        "why_not": str(why_not) if why_not else "",
        "standing": standing is not None,
        "put_up": _put_up_words(standing),
        "until": dates.until_day(dates.local_day(invitations.lasts_until(standing))) if standing else "",
        "waits_for_publishing": found.status == "planned",
        "near": reached.count(activity=found) if not why_not else 0,
        "often": often(settings.DIGEST_DAYS),
    }
    return render(request, "courses/filling/invite.html", context, status=422 if form.is_bound else 200)


def _said(standing: Invitation | None) -> dict[str, str]:
    if standing is None:
        return {}
    return {f"sentence_{code}": getattr(standing, f"sentence_{code}") or "" for code in invitations.LANGUAGES}


def _put_up_words(standing: Invitation | None) -> str:
    if standing is None:
        return ""
    on = dates.on_date(dates.local_day(standing.put_up_at))
    return f"{on}, {standing.put_up_by}" if standing.put_up_by else on
