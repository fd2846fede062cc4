"""How it was, by a link that names nobody: three scales and a word.

Whoever holds the link may answer as often as it says; a GET answers nothing, and no cookie of the reader is looked at.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courses.domain import feedback
from courses.domain.refusals import Refusal, Refusals
from courses.forms.feedback import AnswerForm
from courses.models import FeedbackTicket
from courses.views.registering import private


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions; sent, the thanks. A link that has answered says so kindly."""
    now = timezone.now()
    try:
        ticket = feedback.ticket(token=token, now=now)
        if request.method != "POST":
            if "paldies" in request.GET and ticket.last_form is not None:
                return _page(request, ticket, "thanks")
            return _page(request, ticket, "form", form=AnswerForm()) if ticket.left else _page(request, ticket, "spent")
        form = AnswerForm(request.POST)
        if not form.is_valid():
            # What else is wrong is told at once.
            feedback.check(marks=form.marks, word="")
            return _page(request, ticket, "form", form=form, status=422)
        feedback.answer(
            token=token,
            form=form.key,
            marks=form.marks,
            word=form.cleaned_data["word"],
            language=get_language() or "lv",
            now=now,
        )
    except feedback.LinkUnknown:
        context = {"page_title": _("This link does not work")}
        return private(render(request, "courses/feedback/unknown.html", context, status=404))
    except Refusal:
        return _page(request, ticket, "spent")
    except Refusals as refusals:
        form.refuse(refusals.refusals)
        return _page(request, ticket, "form", form=form, status=422)
    response = redirect(f"{request.path}?paldies=1")
    response.status_code = 303
    return private(response)


def _page(
    request: HttpRequest, ticket: FeedbackTicket, part: str, *, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    titles = {"form": _("How was it?"), "thanks": _("Thank you"), "spent": _("This link has been used")}
    title = titles[part]
    context: dict[str, Any] = {
        "activity": ticket.round.activity,
        "left": ticket.left,
        "form": form,
        "heading": title,
        "address": request.path,
        "page_title": _("Error: %(title)s") % {"title": title} if status == 422 else title,
    }
    if part == "spent":
        status = 410
    return private(render(request, f"courses/feedback/{part}.html", context, status=status))
