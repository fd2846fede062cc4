"""An educator's own pages by their signed link: their sessions, the list of one to mark who came, a calendar.

Whoever holds the link may act, and sees names and marks alone. The cookies of the reader count for nothing here, so no
cross-site token is asked for; nobody gets a session by it.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coordinators.domain import looks
from courses.domain import attendance, educators, links
from courses.exports import sessions_calendar
from courses.models import Session
from courses.views import activities, desk
from courses.views.attendance import Door, answer
from courses.views.registering import private
from ecosystem import dates
from ecosystem.models import Look

LAYOUT = "courses/educator/base.html"


@login_not_required
@require_safe
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """Their sessions: the next first, then those after it, then the latest past."""
    now = timezone.now()
    try:
        educator = links.read_educator_token(token, now=now)
    except (links.LinkBroken, links.LinkExpired) as error:
        return _broken(request, error)
    work = educators.work(educator=educator, now=now)
    to_come = [line(session, now=now, token=token) for session in work.to_come]
    context = {
        "educator": educator,
        "next": to_come[0] if to_come else None,
        "to_come": to_come[1:],
        "more": work.total - len(work.to_come),
        "past": [line(session, now=now, token=token) for session in work.past],
        "feed": request.build_absolute_uri(reverse("courses:educator_calendar", args=[token])),
        "page_title": _("My sessions"),
    }
    return private(render(request, "courses/educator/mine.html", context))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The list of one of their sessions; the same sheet as at the desk, without ways to anybody's data."""
    now = timezone.now()
    try:
        educator = links.read_educator_token(token, now=now)
    except (links.LinkBroken, links.LinkExpired) as error:
        return _broken(request, error)
    session = educators.own_session(educator=educator, pk=pk, now=now)
    if session is None:
        raise Http404(_("There is no such session."))
    back = reverse("courses:educator", args=[token])
    if closed := educators.names_closed_because(session, now=now):
        if request.method == "POST":
            return private(JsonResponse({"error": str(closed)}, status=409))
        context = {
            "closed": closed,
            "back": back,
            "line": line(session, now=now, token=token),
            "page_title": _("Attendance: %(title)s") % {"title": session.activity.title},
        }
        return private(render(request, "courses/educator/closed.html", context))
    looks.note(kind=Look.Kind.ATTENDANCE, by=None, holder=educator, about=session.activity, now=now)
    door = Door(by=educator, layout=LAYOUT, back_url=back, back_label=_("My sessions"))
    return private(answer(request, session, door=door, now=now))


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Their sessions as a calendar to subscribe to; nobody's name is in it."""
    now = timezone.now()
    try:
        educator = links.read_educator_token(token, now=now)
    except (links.LinkBroken, links.LinkExpired) as error:
        return _broken(request, error)
    sessions = educators.calendar(educator=educator, now=now)
    content = sessions_calendar(sessions, name=_("My sessions"), now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="nodarbibas.ics"'
    return private(response)


def line(session: Session, *, now: datetime, token: str = "") -> dict[str, Any]:
    """One session as a line: when, what, where, how many come, whom to ring, the way to its list."""
    activity = session.activity
    day = dates.local_day(session.starts_at)
    is_open = educators.names_closed_because(session, now=now) is None
    return {
        "pk": session.pk,
        "activity": activity,
        "title": activity.title,
        "family": activity.topic.family,
        "tile_day": f"{day.day}.",
        "tile_month": dates.word("short_month", day.month - 1),
        "when": f"{dates.on_day(day)}, {dates.hours_on_page(session.starts_at, session.ends_at)}",
        "where": desk.where(activity, room=session.room.name if session.room else ""),
        "address": activity.centre.address if activity.centre and activity.format != "online" else "",
        "people": desk.people_words(activity),
        "marks": marks(session),
        "person": activities.contact(activity),
        "is_planned": activity.status == "planned",
        "is_draft": activity.status == "draft",
        "is_markable": is_open and attendance.closed_because(session, activity, now=now) is None,
        "sheet": reverse("courses:educator_sheet", args=[token, session.pk]) if token and is_open else "",
        "stands_in": session.led_by is not None,
    }


def marks(session: Session) -> str:
    """ "7 no 12 atzīmēti", or how many came; nothing where nothing is written down."""
    marked: int = session.marked  # type: ignore[attr-defined]
    if marked:
        return _("%(n)s of %(all)s marked") % {"n": marked, "all": max(session.activity.taken, marked)}
    return desk.came(session.head_count) if session.head_count is not None else ""


def _broken(request: HttpRequest, error: links.LinkBroken | links.LinkExpired) -> HttpResponse:
    """A link that is altered, taken back or too old: why, and whom to ask for a new one."""
    expired = isinstance(error, links.LinkExpired)
    context = {
        "heading": _("This link has expired") if expired else _("This link does not work"),
        "sentence": str(error.message),
        "page_title": _("The link does not work"),
    }
    return private(render(request, "courses/educator/broken.html", context, status=410 if expired else 404))
