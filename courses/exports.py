"""What leaves the portal: the programme as calendars (RFC 5545), and what is held about a person, for that person."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event, vText

from courses.domain.held import Held
from courses.models import Activity, Attendance, Digest, Party, Registration, Session
from ecosystem.models import Message
from residents.models import Alias, Consent, Household, Resident


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


def person_data(held: Held, *, now: datetime) -> dict[str, Any]:
    """All that is held about a person, why and for how long, in a form that other programs can read."""
    resident, household = held.resident, held.resident.household
    return {
        "portal": settings.PORTAL_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "made_at": now.isoformat(),
        "is_whole": not held.closed,
        **({"left_out": _left_out(held.closed)} if held.closed else {}),
        "person": {
            "given_name": resident.given_name,
            "family_name": resident.family_name,
            "birth_year": resident.birth_year,
            "birth_month": resident.birth_month,
            "birth_day": resident.birth_day,
            "sex": resident.sex or None,
            "village": str(resident.village) if resident.village else None,
            "lives_elsewhere": resident.lives_elsewhere,
            "guardian_name": resident.guardian_name or None,
            "written_down_at": resident.created_at.isoformat(),
        },
        "contact": {
            "email": household.email or None,
            "phone": str(household.phone or "") or None,
            "language": household.language,
            "people_under_the_same_contact": len(held.household),
        },
        "known_before_as": [
            {
                "given_name": alias.given_name,
                "family_name": alias.family_name,
                "birth_year": alias.birth_year,
                "birth_month": alias.birth_month,
                "birth_day": alias.birth_day,
                "email": alias.email or None,
                "phone": str(alias.phone or "") or None,
            }
            for alias in held.aliases
        ],
        "registrations": [
            {
                "number": row.party.number,
                "activity": row.activity.title,
                "department": row.activity.lead.name,
                "parish": row.activity.parish.name,
                "channel": row.party.channel,
                "state": row.state,
                "registered_at": row.registered_at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                "attendance": [
                    {"session": mark.session.starts_at.isoformat(), "presence": mark.presence}
                    for mark in held.marks.get(row.pk, ())
                ],
            }
            for row in held.registrations
        ],
        "consents": [
            {
                "contact": consent.contact,
                "channel": consent.channel,
                "wording": consent.wording,
                "wording_version": consent.wording_version,
                "language": consent.language,
                "way": consent.way,
                "said_by": str(consent.said_by) if consent.said_by else None,
                "asked_at": consent.asked_at.isoformat(),
                "confirmed_at": consent.confirmed_at.isoformat() if consent.confirmed_at else None,
                "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
                "withdrawn_how": consent.withdrawn_how or None,
                "village": str(consent.village) if consent.village else None,
                "km": consent.km,
                "audiences": consent.audiences,
                "topics": consent.topics,
            }
            for consent in held.consents
        ],
        "decisions": [
            {"what": decision.what, "reason": decision.reason or None, "at": decision.at.isoformat()}
            for decision in held.decisions
        ],
        "messages": [
            {
                "kind": message.kind,
                "channel": message.channel,
                "to": message.to,
                "subject": message.subject or None,
                "text": message.text,
                "state": message.state,
                "at": message.created_at.isoformat(),
            }
            for message in held.messages
        ],
        "why_and_how_long": [
            {"what": str(entry.what), "why": str(entry.why), "how_long": str(entry.term.words)}
            for model in (Resident, Household, Alias, Party, Registration, Attendance, Message, Consent, Digest)
            for entry in model.personal.values()
        ],
    }


def _left_out(number: int) -> str:
    return ngettext(
        "%(n)s registration for an activity with a closed list: ask its coordinator.",
        "%(n)s registrations for activities with a closed list: ask their coordinators.",
        number,
    ) % {"n": number}
