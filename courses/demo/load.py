"""Loading the demonstration: all of it or nothing, the same for the same seed and day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone, translation

from centres.models import Centre, Room
from coordinators.models import Educator, Post
from courses.demo import (
    desk,
    doubles,
    news,
    overlaps,
    papers,
    participation,
    partners,
    people,
    places,
    programme,
    rules,
    telling,
    templates,
    trail,
)
from courses.demo.files import generator
from courses.domain.overlaps import reading
from courses.models import (
    Activity,
    Attendance,
    Certificate,
    CertificateBook,
    Digest,
    Invitation,
    Merge,
    Overlap,
    OverlapDecision,
    OverlapNote,
    PartnerRequest,
    Party,
    Registration,
    Session,
)
from ecosystem import history
from ecosystem.domain import vocabulary
from ecosystem.models import Look, Message
from residents.models import Alias, Household, PossibleDouble, Resident

RESIDENTS = 800
_MANY = 200
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
    with history.change(reason=history.DEMO, at=now), translation.override(settings.LANGUAGE_CODE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if if_empty and Activity.objects.exists():
            return None
        vocabulary.load(now=now)
        _clear()
        places.centres()
        places.population(today=today)
        places.posts(today=today)
        places.educators(now=now)
        activities = programme.load(seed=seed, today=today, now=now)
        templates.load(activities=activities, now=now)
        # Written down twice: a few, where there are many.
        twice = doubles.MOST if residents >= _MANY else 0
        homes = people.load(seed=seed, today=today, now=now, count=residents - twice)
        _count_rows()
        errands = list(connection.run_on_commit)
        partners.load(activities=activities, seed=seed, today=today, now=now)
        rules.load(seed=seed, today=today, now=now)
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
        telling.load(activities=activities, seed=seed, today=today, now=now)
        papers.load(activities=activities, seed=seed, today=today, now=now)
        overlaps.load(activities=activities, seed=seed, today=today, now=now)
        twice = doubles.load(homes=homes, seed=seed, today=today, now=now, count=twice)
        news.load(homes=homes, activities=activities, seed=seed, today=today, now=now)
        # What was written for the past was sent in the past: the worker is not sent after each of them.
        Message.objects.filter(state=Message.State.WAITING, created_at__lt=now).update(
            state=Message.State.SENT, sent_at=F("created_at"), attempts=1
        )
        telling.receipts(seed=seed, today=today)
        connection.run_on_commit = errands
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        trail.load(activities=activities, now=now)
        # Otherwise the worker would compare it all as soon as it starts.
        reading.read(now=now)
        _count_rows()
    return Loaded(
        activities=len(activities),
        residents=sum(len(home.people) for home in homes) + twice,
        registrations=Registration.objects.filter(activity__in=activities).count(),
    )


def _clear() -> None:
    """Take away what an earlier load made, and begin to count anew in tables that are empty then."""
    rules.clear()
    parties = Party.objects.filter(activity__ref__startswith=programme.REF)
    references = [f"party:{pk}" for pk in parties.values_list("pk", flat=True)]
    asked = PartnerRequest.objects.filter(activity__ref__startswith=programme.REF)
    references += [f"partner:{pk}" for pk in asked.order_by("pk").values_list("pk", flat=True)]
    Message.objects.filter(reference__in=references).delete()
    Certificate.objects.filter(activity__ref__startswith=programme.REF).delete()
    if not Certificate.objects.exists():
        CertificateBook.objects.all().delete()
    Registration.objects.filter(activity__ref__startswith=programme.REF).delete()
    parties.delete()
    # Numbers are given anew: what they were called before must not be told of the next.
    old = list(Activity.objects.filter(ref__startswith=programme.REF).order_by("pk").values_list("pk", flat=True))
    history.forget(Session, Session.objects.filter(activity__in=old).order_by("pk").values_list("pk", flat=True))
    history.forget(Activity, old)
    Look.objects.filter(about__in=[f"activity:{pk}" for pk in old]).delete()
    Activity.objects.filter(ref__startswith=programme.REF).delete()
    Resident.objects.filter(registrations=None).delete()
    news.clear()
    Household.objects.filter(residents=None).delete()
    Merge.objects.filter(~Exists(Resident.objects.filter(pk=OuterRef("kept")))).delete()
    tables: list[Any] = [
        Activity,
        Session,
        Overlap,
        OverlapDecision,
        OverlapNote,
        PartnerRequest,
        Registration,
        Attendance,
        Certificate,
        Digest,
        Invitation,
        Centre,
        Room,
        Post,
        Educator,
        PossibleDouble,
        Alias,
        Merge,
        *_links(),
    ]
    with connection.cursor() as cursor:
        for model in tables:
            if not model._base_manager.exists():
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
                # Undone with the transaction, unlike setval().
                cursor.execute(f"ALTER SEQUENCE {cursor.fetchone()[0]} RESTART")


def _count_rows() -> None:
    """Let the database count what was written: guessing at tables it never counted, it took minutes for one question."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _links() -> list[Any]:
    """The tables between an activity and its sets, a post and its parishes, an educator and their topics."""
    return [field.remote_field.through for model in (Activity, Post, Educator) for field in model._meta.many_to_many]
