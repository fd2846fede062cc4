"""What the printed programme says, in the reader's language; how it is laid out is for ``courses.documents``."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.documents.posters import Announcement, Bill, Day, Entry, Row, Way, print_leaflet, print_poster
from courses.domain import months
from courses.domain.months import Month
from courses.models import Activity, Session
from courses.views import activities, cards
from ecosystem import dates
from ecosystem.context import working_days
from ecosystem.dates import NBSP
from ecosystem.phones import spaced


def bill(heading: str, month: Month, *, phone: str, note: str, url: str) -> Bill:
    """What stands around a month of a place."""
    when = dates.in_month(month.first)
    number = spaced(phone)
    said = _("Telephone %(number)s") % {"number": number}
    return Bill(
        heading=heading,
        month=when,
        running=f"{heading} {when} · {said}",
        empty=_("Nothing has been announced for this month yet."),
        empty_note=_(
            "What would you like nearer to home? Ring us, or look at the whole programme with your telephone."
        ),
        way=Way(
            words=_("Questions, and registering by telephone"),
            phone=number,
            note=note or working_days(),
            url=url,
            code_words=_("The programme: "),
        ),
    )


def print_month(kind: str, bill: Bill, found: Sequence[Session], *, size: str) -> bytes:
    """The month as a poster ("afisa"), an activity a row, or as a leaflet ("lapa"), by day."""
    if kind == "afisa":
        return print_poster(bill, [row(*pair) for pair in months.by_activity(found)], size=size)
    days: dict[date, list[Entry]] = {}
    for session in found:
        one = session.activity
        entry = Entry(
            hours=dates.hours(session.starts_at, session.ends_at),
            title=one.title,
            place=cards.place_words(one),
            about=about(one),
        )
        days.setdefault(dates.local_day(session.starts_at), []).append(entry)
    return print_leaflet(bill, [Day(dates.on_day(day), entries) for day, entries in days.items()], size=size)


def about(one: Activity) -> str:
    """For whom and for how much."""
    price = cards.price_words(one.fee_eur).replace(" ", NBSP)
    return " · ".join(part for part in (cards.whom_words(one), price) if part)


def row(one: Activity, sessions: Sequence[Session]) -> Row:
    """An activity's month: its most frequent hours large, each day listed, other hours said beside their day."""
    first = dates.local_day(sessions[0].starts_at)
    hours = [dates.hours(session.starts_at, session.ends_at) for session in sessions]
    usual = Counter(hours).most_common(1)[0][0]
    days = [dates.local_day(session.starts_at) for session in sessions]
    weekdays = sorted({day.weekday() for day, its in zip(days, hours, strict=True) if its == usual})
    if len(sessions) == 1:
        words = dates.word("on_day", first.weekday())
    elif len(weekdays) > 3:
        words = cards.count_words(len(sessions))
    else:
        words = dates.joined([dates.word("every_day", day) for day in weekdays], _("and"))
    return Row(
        tile=(f"{first.day}." if dates.is_latvian() else str(first.day), dates.word("short_month", first.month - 1)),
        family=one.topic.family,
        day=dates.capital(words),
        hours=usual,
        dates=days_words(days, hours, usual) if len(sessions) > 1 else "",
        title=one.title,
        place=cards.place_words(one),
        about=about(one),
    )


def days_words(days: Sequence[date], hours: Sequence[str], usual: str) -> str:
    """ "2., 9. un 16. februārī, 20. februārī 18:00–19:00"."""
    dot = "." if dates.is_latvian() else ""
    same = [day for day, its in zip(days, hours, strict=True) if its == usual]
    listed = [*(f"{day.day}{dot}" for day in same[:-1]), dates.day_month(same[-1], at=True)]
    others = [f"{dates.day_month(day, at=True)} {its}" for day, its in zip(days, hours, strict=True) if its != usual]
    return ", ".join([dates.joined(listed, _("and")), *others])


def announcement(found: Activity, *, now: datetime) -> Announcement:
    """What one activity's poster says."""
    live = [(s.starts_at, s.ends_at) for s in found.sessions.live().order_by("starts_at")]
    to_come = [pair for pair in live if pair[1] > now]
    person = activities.contact(found)
    state = activities.registration_state(found, now=now)
    if found.is_drop_in:
        words = _("No need to register, just come. Questions?")
    elif state["open"]:
        words = _("Register by telephone or with the code")
    else:
        words = _("Questions?")
    notes = [*([state["sentence"]] if state["sentence"] and not found.is_drop_in else []), person["hours"]]
    street = "" if found.format == "online" or found.centre is None else found.centre.address
    return Announcement(
        family=found.topic.family,
        topic=found.topic.name,
        title=found.title,
        summary=found.summary,
        when=activities.weekly(to_come),
        span=activities.span(to_come),
        place=cards.place_words(found),
        street=street,
        price=cards.price_words(found.fee_eur),
        whom=", ".join(part for part in (activities.whom(found), found.level) if part),
        way=Way(
            words=words,
            phone=spaced(person["phone"]),
            note=" ".join(notes),
            url=settings.SITE_URL + reverse("courses:activity_short", args=[found.pk]),
            code_words=_("More about it: "),
        ),
    )
