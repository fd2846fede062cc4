"""What makes a day at the desk worth opening: for each one-click post, one activity of every kind that wants a decision.

The coordinator, the manager and, since the coordinator's department is hers, the head find them on any day: on a
Sunday, in July, before Christmas. To residents they are activities like all others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings

from courses.demo.files import Theme, read, theme
from courses.demo.keys import seeded
from courses.demo.participation import Crowd, as_person, take_part
from courses.demo.people import key
from courses.demo.timetable import Meeting, is_holiday, meetings_from
from courses.domain import registrations
from courses.enums import Channel
from courses.models import Activity, Session

REF = "demo-desk-"
# How many days ahead each begins.
_AHEAD = {
    "below": (2, 6),
    "draft": (5, 12),
    "queue": (7, 14),
    "offer": (10, 16),
    "approval": (12, 25),
    "overlap": (20, 34),
    "other": (21, 35),
}
# Planned by two departments without knowing: what waits for a decision.
BESIDE = ("overlap", "other")
_RUNS_SINCE = timedelta(weeks=4)
# When the place that is offered now was given up, so that the offer runs out late today.
_LATE = timedelta(hours=23, minutes=50)


@dataclass(frozen=True)
class Showing:
    """One activity to be, and what it is to show."""

    ref: str
    shows: str
    theme: Theme
    meetings: list[Meeting]

    @property
    def centre(self) -> str:
        """The name of where it is held."""
        return self.theme.cells["centre"]

    @property
    def status(self) -> str:
        """A draft that begins soon is one of the things that want a decision; what overlaps is planned, not yet published."""
        return {"draft": "draft", **dict.fromkeys(BESIDE, "planned")}.get(self.shows, "published")


def showings(*, today: date, chance: Random) -> list[Showing]:
    """All of them, on days when the centre is open."""
    found = []
    for row in read("demo_desk.csv"):
        what = theme(row)
        found.append(
            Showing(
                ref=f"{REF}{row['desk']}-{row['shows']}",
                shows=row["shows"],
                theme=what,
                meetings=_meetings(what, row["shows"], today=today, chance=chance),
            )
        )
    return found


def _meetings(what: Theme, shows: str, *, today: date, chance: Random) -> list[Meeting]:
    if shows == "daily":
        return meetings_from(what, today - _RUNS_SINCE)
    since = today
    if shows == "evening":
        # Today, where today is a working day.
        first = next(day for day in _days(today, 0, 14) if day.weekday() < 5)
        since = first - _RUNS_SINCE
    else:
        open_days = _days(today, *_AHEAD[shows])
        first = since = chance.choice([day for day in open_days if day.weekday() < 6] or open_days)
    return meetings_from(replace(what, schedule=replace(what.schedule, days=(first.weekday(),))), since)


def _days(today: date, first: int, last: int) -> list[date]:
    days = [today + timedelta(days=ahead) for ahead in range(first, last + 1)]
    return [day for day in days if not is_holiday(day)]


def shown_by(activity: Activity) -> str:
    """What an activity shows; nothing for one of the ordinary programme."""
    return activity.ref.rsplit("-", 1)[-1] if activity.ref.startswith(REF) else ""


def fill(*, activities: Sequence[Activity], crowd: Crowd, chance: Random, keys: Random, now: datetime) -> None:
    """Those who take part: as residents register, and what has been held as facts."""
    by_kind: dict[str, list[Activity]] = {}
    for activity in activities:
        by_kind.setdefault(shown_by(activity), []).append(activity)
    for activity in by_kind.get("daily", []):
        _count_heads(activity, chance, now=now)
    take_part(by_kind.get("evening", []), crowd, chance, now=now)
    with seeded(keys):
        for activity in by_kind.get("below", []):
            _register(activity, (activity.min_participants or 0) // 2, crowd, chance, until=now)
        for activity in by_kind.get("approval", []):
            _register(activity, 3, crowd, chance, until=now)
        for activity in by_kind.get("queue", []):
            _register(activity, (activity.capacity or 0) + 3, crowd, chance, until=now)
        given_up = now + _LATE - timedelta(hours=settings.OFFER_HOURS)
        for activity in by_kind.get("offer", []):
            _register(activity, (activity.capacity or 0) + 2, crowd, chance, until=given_up - timedelta(hours=1))
            first = activity.registrations.select_related("party").order_by("pk").first()
            if first is not None:
                registrations.cancel(party=first.party, registrations=[first], now=given_up)


def _count_heads(activity: Activity, chance: Random, *, now: datetime) -> None:
    """How many came each time; the last time nobody has written it down yet."""
    held = list(activity.sessions.filter(ends_at__lte=now).order_by("starts_at"))
    for session in held[:-1]:
        session.head_count = chance.randint(3, 14)
    Session.objects.bulk_update(held, ["head_count"])


def _register(activity: Activity, number: int, crowd: Crowd, chance: Random, *, until: datetime) -> None:
    """So many people one by one, in the order in which they came, the last of them before a moment."""
    chosen = [(home, people[0]) for home, people in crowd.parties(activity, chance)][:number]
    opened = max(filter(None, (activity.published_at, activity.registration_opens_at)))
    moments = sorted(opened + (until - opened) * (0.02 + 0.96 * chance.random()) for _ in chosen)
    for (home, person), moment in zip(chosen, moments, strict=True):
        registrations.register(
            activity=activity,
            people=[as_person(person)],
            contact=registrations.Contact(
                email=home.household.email,
                phone=str(home.household.phone),
                language=home.household.language,
                guardian_name="",
            ),
            channel=Channel.PHONE if chance.random() < 0.2 or not home.household.email else Channel.WEB,
            now=moment.replace(microsecond=0),
            form_key=key(chance),
        )
