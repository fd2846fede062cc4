"""The programme in calendars: iCalendar (RFC 5545) for one activity or for whatever a filter finds."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from courses.models import Activity, Session


def activity_calendar(activities: Iterable[Activity], *, name: str, now: datetime) -> bytes:
    """Every session of the activities (with ``sessions``, ``centre`` and ``parish`` at hand) as one calendar."""
    calendar = _calendar(name)
    for activity in activities:
        for session in activity.sessions.all():
            calendar.add_component(_event(activity, session, now))
    return calendar.to_ical()


def sessions_calendar(sessions: Iterable[Session], *, name: str, now: datetime) -> bytes:
    """These sessions alone (with activity, its ``centre`` and ``parish``, and ``room`` at hand) as one calendar."""
    calendar = _calendar(name)
    for session in sessions:
        event = _event(session.activity, session, now)
        if session.room is not None:
            event["location"] = vText(f"{_place(session.activity)}, {session.room.name}")
        calendar.add_component(event)
    return calendar.to_ical()


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Tuvāk mājām//LV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _event(activity: Activity, session: Session, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"session-{session.pk}@{settings.SITE_URL.split('//')[-1]}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("sequence", session.moved)
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", activity.title)
    if activity.published_at is not None:
        event.add("url", f"{settings.SITE_URL}{activity.get_absolute_url()}")
    if activity.summary:
        event.add("description", activity.summary)
    event.add("location", _place(activity))
    if session.cancelled_at or activity.is_cancelled:
        event.add("status", "CANCELLED")
    return event


def _place(activity: Activity) -> str:
    if activity.format == "online":
        return _("Online")
    if activity.centre is None:
        return activity.parish.name
    return ", ".join(part for part in (str(activity.centre.name), activity.centre.address) if part)
