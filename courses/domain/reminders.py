"""Two days before the first session everyone who has a place is reminded, once, with a way to say "I cannot come".

Whoever says so frees the place for the next. Nobody is woken: reminders leave between nine and seven. Who registered
in these last days knows; who was reminded is known by the message, which refers to the party.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone, translation

from courses.domain import letters, notices, places
from courses.domain.letters import Facts
from courses.enums import RegistrationState
from courses.models import Activity, Party, Registration
from ecosystem.models import Message

BEFORE = timedelta(days=2)
# Nobody is reminded of what they did an hour ago, nor when it is too late for the next in the queue.
KNOWS_SINCE = timedelta(days=1)
TOO_LATE = timedelta(hours=3)
FROM, UNTIL = time(9), time(19)
SWEEP = 200


def send(*, now: datetime) -> int:
    """Remind those whose first session is within two days; how many parties. For the clock."""
    if not FROM <= timezone.localtime(now).time() < UNTIL:
        return 0
    soon = Activity.objects.published().filter(starts_at__gt=now + TOO_LATE, starts_at__lte=now + BEFORE)
    due = soon.filter(Exists(_due(now).filter(activity=OuterRef("pk"))))
    reminded = 0
    for pk in list(due.order_by("starts_at", "pk").values_list("pk", flat=True)[:SWEEP]):
        with transaction.atomic():
            activity = places.lock(pk, skip=True)
            if activity is not None:
                reminded += _remind(activity, now=now)
    return reminded


def _due(now: datetime) -> QuerySet[Party]:
    """Parties with a place and a contact that were not reminded yet."""
    confirmed = Registration.objects.filter(party=OuterRef("pk"), state=RegistrationState.CONFIRMED)
    # Of a beginning that was moved away since, people are reminded anew.
    told = Message.objects.filter(
        kind="reminder",
        created_at__gte=OuterRef("activity__starts_at") - BEFORE,
        reference=Concat(Value("party:"), Cast(OuterRef("pk"), CharField()), output_field=CharField()),
    )
    return (
        Party.objects.filter(Exists(confirmed), ~Exists(told), created_at__lte=now - KNOWS_SINCE)
        .exclude(email="", phone="")
        .order_by("pk")
    )


def _remind(activity: Activity, *, now: datetime) -> int:
    facts = Facts.of(activity.pk, now=now)
    due = list(_due(now).filter(activity=activity))
    coming: dict[object, list[Registration]] = {}
    rows = Registration.objects.filter(party__in=due, state=RegistrationState.CONFIRMED).select_related("resident")
    for row in rows.order_by("pk"):
        coming.setdefault(row.party_id, []).append(row)
    told = []
    for party in due:
        with translation.override(party.language):
            told.append((party, facts, notices.reminder(party, facts, coming[party.pk])))
    letters.tell(told, now=now)
    return len(told)
