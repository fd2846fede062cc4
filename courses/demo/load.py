"""Loading the demonstration: all of it or nothing, the same for the same seed and day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from centres.models import Centre, Room
from coordinators.models import Educator, Post
from courses.demo import desk, participation, people, places, programme
from courses.demo.files import generator
from courses.models import Activity, Attendance, Party, Registration, Session
from ecosystem.domain import vocabulary
from ecosystem.models import Message
from residents.models import Household, Resident

RESIDENTS = 800
# Two loads at once would each see an empty programme: the second waits for the first.
_LOCK = 5_202_002


@dataclass(frozen=True)
class Loaded:
    """What was made."""

    activities: int
    residents: int
    registrations: int


def load(*, seed: int, today: date, if_empty: bool = False, residents: int = RESIDENTS) -> Loaded | None:
    """Make the demonstration around a day; None when there is a programme already and it was to be left alone.

    What an earlier load made is replaced; activities of others, and who registered for them, stay. The clock of the
    demonstration stands at the beginning of the day, so that the hour of loading changes nothing.
    """
    now = datetime.combine(today, time(0, 0), tzinfo=timezone.get_default_timezone())
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if if_empty and Activity.objects.exists():
            return None
        vocabulary.load(now=now)
        _clear()
        places.centres()
        places.posts(today=today)
        places.educators()
        activities = programme.load(seed=seed, today=today, now=now)
        homes = people.load(seed=seed, today=today, now=now, count=residents)
        errands = list(connection.run_on_commit)
        every = max(1, RESIDENTS // max(1, residents))
        crowd = participation.Crowd(homes)
        ordinary = [activity for activity in activities if not desk.shown_by(activity)]
        participation.load(activities=ordinary, crowd=crowd, seed=seed, today=today, now=now, every=every)
        desk.fill(
            activities=activities,
            crowd=crowd,
            chance=generator(seed, today, "desk people"),
            keys=generator(seed, today, "desk keys"),
            now=now,
        )
        # What was written for the past was sent in the past: the worker is not sent after each of them.
        Message.objects.filter(state=Message.State.WAITING, created_at__lt=now).update(
            state=Message.State.SENT, sent_at=F("created_at"), attempts=1
        )
        connection.run_on_commit = errands
        return Loaded(
            activities=len(activities),
            residents=sum(len(home.people) for home in homes),
            registrations=Registration.objects.filter(activity__in=activities).count(),
        )


def _clear() -> None:
    """Take away what an earlier load made, and begin to count anew in tables that are empty then."""
    parties = Party.objects.filter(activity__ref__startswith=programme.REF)
    references = [f"party:{pk}" for pk in parties.values_list("pk", flat=True)]
    Message.objects.filter(reference__in=references).delete()
    Registration.objects.filter(activity__ref__startswith=programme.REF).delete()
    parties.delete()
    Activity.objects.filter(ref__startswith=programme.REF).delete()
    Resident.objects.filter(registrations=None).delete()
    Household.objects.filter(residents=None).delete()
    tables: list[Any] = [Activity, Session, Registration, Attendance, Centre, Room, Post, Educator, *_links()]
    with connection.cursor() as cursor:
        for model in tables:
            if not model._base_manager.exists():
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
                # Undone with the transaction, unlike setval().
                cursor.execute(f"ALTER SEQUENCE {cursor.fetchone()[0]} RESTART")


def _links() -> list[Any]:
    """The tables between an activity and its sets, and between a post and its parishes."""
    return [field.remote_field.through for model in (Activity, Post) for field in model._meta.many_to_many]
