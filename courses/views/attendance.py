"""Who came: the sheet of one session, on a telephone in the hall, on a laptop, on paper.

The desk opens it by the reader's posts, who leads the session by their own link (:mod:`courses.views.educator_page`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordinators.domain.access import Reach
from courses.domain import attendance
from courses.domain.attendance import Hand, Marked
from courses.domain.refusals import Refusal
from courses.enums import Presence
from courses.models import Activity, Registration, Session
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem import dates
from ecosystem.models import Look

# Marks kept on a telephone longer than this count from here: its clock, not its owner, says so.
_OLDEST_TAP = timedelta(days=30)
_BLANK_ROWS = 5


@dataclass(frozen=True)
class Door:
    """How a sheet was come to: who marks, in which layout, the way back, the way to add somebody (the desk alone)."""

    by: Hand | None
    layout: str
    back_url: str
    back_label: str
    add_url: str = ""

    @property
    def is_desk(self) -> bool:
        """Whether somebody signed in works here; who comes by a link sees no more than names."""
        return self.layout == "courses/desk/base.html"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(shows=Look.Kind.ATTENDANCE)
def sheet(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """The list with its marks; a POST saves what is in it, one tap or the whole form, and answers JSON when asked."""
    session = Session.objects.select_related("room").filter(pk=pk).first()
    if session is None:
        raise Http404(_("There is no such session."))
    activity = managed_activity(reach, session.activity_id)
    session.activity = activity
    door = Door(
        by=reach.user,
        layout="courses/desk/base.html",
        back_url=reverse("courses:desk_activity", args=[activity.pk]),
        back_label=_("The activity"),
        add_url=reverse("courses:desk_search", args=[activity.pk]),
    )
    return answer(request, session, door=door, now=timezone.now())


def answer(request: HttpRequest, session: Session, *, door: Door, now: datetime) -> HttpResponse:
    """Show the sheet, or save what is in the form; whoever came by the door may."""
    activity, by = session.activity, door.by
    wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    if request.method == "POST" and by:
        form = _read(request)
        try:
            told = _save(session, form, by=by, now=now)
        except Refusal as refusal:
            if wants_json:
                return JsonResponse({"error": str(refusal)}, status=422 if refusal.code == "head_count" else 409)
            return _page(request, session, activity, door=door, now=now, form=form, refusal=refusal)
        if not wants_json:
            together = form["do"] == "all" and told.changed
            return redirect(f"{request.path}?visi={_number(now)}" if together else request.path)
        return JsonResponse(_state(session, told, by=by))
    if wants_json:
        return JsonResponse(_state(session, Marked(), by=by))
    return _page(request, session, activity, door=door, now=now)


def _read(request: HttpRequest) -> dict[str, Any]:
    """The form: marks that differ from what the page showed, when they were tapped, the head count, the button."""
    shown = dict(part.split(":", 1) for part in request.POST.get("shown", "").split(",") if ":" in part)
    marks: dict[int, str | None] = {}
    ago: dict[int, timedelta] = {}
    for name in request.POST:
        value = request.POST.get(name, "")
        kind, _dash, key = name.partition("-")
        if kind not in ("p", "ago") or not key.isdecimal() or len(key) > 18:
            continue
        if kind == "ago":
            seconds = min(int(value), 10**9) if value.isdecimal() and len(value) < 12 else 0
            ago[int(key)] = min(timedelta(seconds=seconds), _OLDEST_TAP)
        elif key not in shown or shown[key] != value:
            marks[int(key)] = value or None
    cleared = request.POST.get("clear", "") if request.POST.get("do") == "clear" else ""
    if cleared.isdecimal() and len(cleared) < 19:
        marks[int(cleared)] = None
    heads = request.POST.get("heads", "").strip()
    return {
        "marks": marks,
        "ago": ago,
        "has_heads": "heads" in request.POST and shown.get("heads") != heads,
        "heads": heads,
        "do": request.POST.get("do", ""),
        "together": _moment(request.POST.get("together", "")),
    }


def _save(session: Session, form: dict[str, Any], *, by: Hand, now: datetime) -> Marked:
    """Hand the form to the domain: the number of heads first, since only it can be mistyped."""
    if form["has_heads"]:
        attendance.set_head_count(session=session, heads=_heads(form["heads"]), by=by, now=now)
    tapped = {pk: now - ago for pk, ago in form["ago"].items()}
    told = attendance.mark(session=session, marks=form["marks"], by=by, now=now, tapped=tapped)
    if form["do"] == "all":
        return attendance.mark_all_present(session=session, by=by, now=now)
    if form["do"] == "undo" and form["together"]:
        return attendance.undo_all_present(session=session, at=form["together"], by=by, now=now)
    return told


def _heads(text: str) -> int | None:
    """The number typed; what is none is passed on to be refused with the rest."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(moment: datetime) -> int:
    """A moment in an address, to the microsecond."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _moment(text: str) -> datetime | None:
    if not text.isdecimal() or len(text) > 17:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(text))
    except OverflowError:
        return None


def _state(session: Session, told: Marked, *, by: Hand | None) -> dict[str, Any]:
    """The sheet as it stands, for the script: marks, whose they are where not the reader's, the heads."""
    rows = attendance.people(session=session)
    heads = Session.objects.values_list("head_count", flat=True).get(pk=session.pk)
    return {
        "marks": {row.pk: row.mark.presence for row in rows if row.mark},  # type: ignore[attr-defined]
        "notes": {row.pk: note for row in rows if (note := _note(row, session, by=by))},
        "heads": heads,
        "overtaken": told.overtaken,
        "unknown": told.unknown,
    }


def _note(row: Registration, session: Session, *, by: Hand | None) -> str:
    """What is worth saying beside a name: given up, marked by somebody else, marked late."""
    mark = row.mark  # type: ignore[attr-defined]
    parts = [str(row.get_state_display())] if row.state != "confirmed" else []
    hand = mark and (mark.marked_by or mark.marked_by_educator)
    if hand and hand != by:
        parts.append(_("marked by %(who)s, %(clock)s") % {"who": hand, "clock": dates.clock(mark.marked_at)})
    if mark and attendance.is_late(session, at=mark.marked_at):
        parts.append(_("entered late"))
    return " · ".join(parts)


def _late(session: Session) -> str:
    days = attendance.late_days(session)
    words = ngettext(
        "This session ended more than %(days)s day ago. You can still mark it; new marks are kept as entered late.",
        "This session ended more than %(days)s days ago. You can still mark it; new marks are kept as entered late.",
        days,
    )
    return words % {"days": days}


def _page(
    request: HttpRequest,
    session: Session,
    activity: Activity,
    *,
    door: Door,
    now: datetime,
    form: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    typed = form["marks"] if form else {}
    by = door.by
    people = enumerate(attendance.people(session=session), start=1)
    rows = [_row(number, row, session, typed=typed, door=door) for number, row in people]
    if door.is_desk:
        shown(request, activity, count=len(rows))
    closed = attendance.closed_because(session, activity, now=now)
    marked = sum(1 for row in rows if row["saved"])
    together = _moment(request.GET.get("visi", ""))
    undo = attendance.marked_together(session, at=together, by=by).count() if together and by else 0
    heads_error = str(refusal) if refusal and refusal.code == "head_count" else ""
    context = {
        "session": session,
        "activity": activity,
        "door": door,
        "sign_in_url": reverse("courses:desk_sign_in", args=[session.pk]) if door.is_desk else "",
        "page_title": _("Attendance: %(title)s") % {"title": activity.title},
        "when": f"{dates.on_day(dates.local_day(session.starts_at))}, {dates.hours_on_page(session.starts_at, session.ends_at)}",
        "where": ", ".join(
            part for part in (activity.centre and activity.centre.name, session.room and session.room.name) if part
        )
        or activity.parish.centre_name,
        "rows": rows,
        "shown": ",".join([f"heads:{_text(session.head_count)}", *(f"{row['pk']}:{row['saved']}" for row in rows)]),
        "marks": [(Presence.PRESENT, _("Here")), (Presence.ABSENT, _("Not here")), (Presence.EXCUSED, _("Excused"))],
        "marked": marked,
        "count": counted(marked, len(rows)),
        "count_one": counted_words(1),
        "count_many": counted_words(2),
        "closed": closed,
        "late": _late(session) if closed is None and attendance.is_late(session, at=now) else "",
        "heads": form["heads"] if form and form["has_heads"] else _text(session.head_count),
        "most_heads": attendance.MOST_HEADS,
        "heads_error": heads_error,
        "heads_pairs": [("heads", heads_error)],
        "refusal": refusal if refusal and not heads_error and closed is None else None,
        "undo": undo,
        "undo_words": ngettext("%(count)s person was marked «Here».", "%(count)s people were marked «Here».", undo)
        % {"count": undo},
        "together": request.GET.get("visi", "") if undo else "",
        "blank_rows": range(_BLANK_ROWS),
    }
    status = 200 if refusal is None else 422 if heads_error else 409
    return render(request, "courses/attendance/sheet.html", context, status=status)


def counted_words(number: int) -> str:
    """ "%(marked)s no %(all)s atzīmēti", in the form that the number asks for."""
    return ngettext("%(marked)s of %(all)s is marked", "%(marked)s of %(all)s are marked", number)


def counted(marked: int, all_: int) -> str:
    """ "7 no 12 atzīmēti"."""
    return counted_words(marked) % {"marked": marked, "all": all_}


def _row(
    number: int, row: Registration, session: Session, *, typed: dict[int, str | None], door: Door
) -> dict[str, Any]:
    saved = row.mark.presence if row.mark else ""  # type: ignore[attr-defined]
    resident = row.resident
    return {
        "pk": row.pk,
        "family": resident.family_name if resident else _("Unnamed place"),
        "given": resident.given_name if resident else row.party.number if door.is_desk else str(number),
        "saved": saved,
        "value": typed.get(row.pk, saved) or "",
        "note": _note(row, session, by=door.by),
    }
