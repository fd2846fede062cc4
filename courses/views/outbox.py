"""What the people of an activity were told, and what did not reach them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import outbox
from courses.domain.outbox import Dispatch, Failed
from courses.models import Activity, Decision
from courses.views.fates import kind_words, moment_words, reason_words
from courses.views.filling import head
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem.models import Look, Message


@staff_page(shows=Look.Kind.MESSAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The log; a press sends once more what failed and may yet arrive."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    if request.method == "POST":
        sent = outbox.send_again(activity=found, by=reach.user, now=now)
        messages.success(request, _again_words(sent))
        return redirect("courses:desk_messages", pk=pk)
    told = outbox.log(activity=found, now=now)
    # Whom it did not reach is named, the others are counted.
    shown(request, found, count=len(told.failed))
    context = {
        **head(found, now),
        "heading": _("Messages"),
        "page_title": _("Messages"),
        "failed": [_failed(each) for each in told.failed],
        "again": len(told.again),
        "dispatches": [_dispatch(each, found) for each in told.dispatches],
        "forgotten": [_forgotten(each) for each in told.forgotten],
    }
    return render(request, "courses/telling/log.html", context)


def _again_words(count: int) -> str:
    if not count:
        return _("There is nothing to send again.")
    return ngettext("%(n)s message is on its way.", "%(n)s messages are on their way.", count) % {"n": count}


def _failed(one: Failed) -> dict[str, Any]:
    message = one.message
    return {
        "names": ", ".join(one.names) or _("Unnamed place"),
        "number": one.party.number,
        "phone": one.phone,
        "what": kind_words(message.kind),
        "subject": message.subject if message.kind == "bulletin" else "",
        "channel": message.get_channel_display(),
        "to": message.to,
        "when": moment_words(message.created_at),
        "why": reason_words(message.error),
        "again": one.may_go_again,
    }


def _dispatch(one: Dispatch, found: Activity) -> dict[str, Any]:
    states = [
        (_counted(state, one.states[state]), "brick" if state == "failed" else "")
        for state in ("delivered", "sent", "sending", "waiting", "failed")
        if one.states.get(state)
    ]
    channels = [f"{Message.Channel(channel).label} {number}" for channel, number in sorted(one.channels.items())]
    return {
        "when": moment_words(one.last_at),
        "what": kind_words(one.kind),
        "subject": one.decision.reason if one.decision else "",
        "by": _by(one.decision),
        # Of one kind, how many is said already.
        "channels": ", ".join(channels) if len(channels) > 1 else str(Message.Channel(next(iter(one.channels))).label),
        "states": states,
    }


def _counted(state: str, count: int) -> str:
    return {
        "delivered": ngettext("%(n)s delivered", "%(n)s delivered", count),
        "sent": ngettext("%(n)s sent", "%(n)s sent", count),
        "sending": ngettext("%(n)s being sent", "%(n)s being sent", count),
        "waiting": ngettext("%(n)s waiting", "%(n)s waiting", count),
        "failed": ngettext("%(n)s failed", "%(n)s failed", count),
    }[state] % {"n": count}


def _by(decision: Decision | None) -> str:
    return str(decision.by.name or decision.by.email) if decision and decision.by else ""


def _forgotten(decision: Decision) -> dict[str, Any]:
    return {
        "when": moment_words(decision.at),
        "subject": decision.reason,
        "by": _by(decision),
        "count": ngettext("%(n)s message", "%(n)s messages", decision.people) % {"n": decision.people},
    }
