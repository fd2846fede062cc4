"""Sessions in the words of the planning pages: one line each, the holidays left out, the rooms that others have."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from courses.domain.series import LeftOut
from courses.forms.sessions import SeriesForm
from courses.models import Activity, Session
from ecosystem import dates


def line(starts_at: datetime, ends_at: datetime) -> str:
    """ "Otrdien, 12. janvārī, 17:30–19:45"."""
    return f"{dates.on_day(dates.local_day(starts_at))}, {dates.hours_on_page(starts_at, ends_at)}"


def lines(activity: Activity) -> list[str]:
    """The sessions of an activity that are not called off."""
    rows = activity.sessions.live().order_by("starts_at", "pk")
    return [line(row.starts_at, row.ends_at) for row in rows]


def named_days(left_out: Iterable[LeftOut]) -> list[str]:
    """Each holiday with its name."""
    return [f"{dates.on_day(each.day)}: {each.name}" for each in left_out]


def room_words(there: Session) -> str:
    """Who has the room."""
    return _("%(when)s: the room «%(room)s» is taken by «%(title)s».") % {
        "when": line(there.starts_at, there.ends_at),
        "room": there.room.name if there.room else "",
        "title": there.activity.title,
    }


def say_left_out(request: HttpRequest, form: SeriesForm) -> None:
    """Name the holidays that the series left out."""
    if form.series is not None and form.series.left_out:
        days = "; ".join(named_days(form.series.left_out))
        messages.info(request, _("Holidays left out: %(days)s.") % {"days": days})
