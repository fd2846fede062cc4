"""What people of the demonstration were asked and told: whether they will come, how it was, and what did not arrive."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils import timezone

from courses.demo.files import generator
from courses.demo.keys import seeded
from courses.demo.people import key
from courses.domain import confirmations, feedback
from courses.enums import ActivityStatus
from courses.models import Activity, Feedback, FeedbackRound, Registration
from ecosystem.models import Message

# What they say of what they came to: Latvian, and now and then English.
WORDS = (
    *("Ļoti laba atmosfēra, paldies.", "Gribētos turpinājumu rudenī.", "Pasniedzēja visu paskaidroja mierīgi.", ""),
    *("Telpā bija vēsi.", "", "Pirmo reizi sapratu, kā to dara.", "Nāktu vēl, ja būtu vēlāk vakarā.", "", ""),
    *("Par maz laika jautājumiem.", "Viss bija saprotami.", "", "Labi, ka nav jābrauc uz Jelgavu.", ""),
    *("Mazāka grupa būtu labāk.", "Ņēmu līdzi kaimiņieni, patika abām.", "", "Iemācījos, ko gribēju.", ""),
)
ENGLISH = ("A friendly group, and I understood nearly everything.", "More time to practise, please.")
# Why an SMS did not arrive, in the gateway's words.
REASONS = ("expired", "unknown number", "expired", "rejected")
EVERY = 9


def load(*, activities: Sequence[Activity], seed: int, today: date, now: datetime) -> None:
    """Ask, answer, and let a few messages fail; the same for the same seed and day."""
    chance = generator(seed, today, "telling")
    with seeded(chance):
        _ask_whether_they_come(activities, chance, now=now)
    _ask_how_it_was(activities, chance, today=today)


def receipts(*, seed: int, today: date) -> None:
    """The SMS that were sent have receipts: most were delivered; one in nine was not, of the latest questions more."""
    chance = generator(seed, today, "receipts")
    sent = Message.objects.filter(channel=Message.Channel.SMS, state=Message.State.SENT)
    keys = list(sent.order_by("created_at", "pk").values_list("pk", "kind"))
    failed: dict[str, list[UUID]] = {}
    for place, (pk, kind) in enumerate(keys):
        if place % EVERY == EVERY // 2 or (kind == "confirmation" and place % 2):
            failed.setdefault(chance.choice(REASONS), []).append(pk)
    sent.exclude(pk__in=[pk for keys in failed.values() for pk in keys]).update(
        state=Message.State.DELIVERED, delivered_at=F("sent_at") + timedelta(seconds=8)
    )
    for reason, keys_of_reason in sorted(failed.items()):
        sent.filter(pk__in=keys_of_reason).update(state=Message.State.FAILED, error=reason)


def _ask_whether_they_come(activities: Sequence[Activity], chance: Random, *, now: datetime) -> None:
    """In each department and parish the next activity with people asks; most have said yes, some nothing."""
    early = Q(registrations__state="confirmed", registrations__registered_at__lte=F("starts_at") - confirmations.BEFORE)
    soon = (
        Activity.objects.filter(pk__in=[activity.pk for activity in activities], status=ActivityStatus.PUBLISHED)
        .filter(starts_at__gt=now + timedelta(days=1), starts_at__lte=now + timedelta(days=6))
        .annotate(early=Count("registrations", filter=early))
        .filter(early__gte=3)
        .order_by("starts_at", "pk")
    )
    first: dict[tuple[str, str], Any] = {}
    for activity in soon:
        first.setdefault((activity.lead_id, activity.parish_id), activity)
    for activity in first.values():
        Activity.objects.filter(pk=activity.pk).update(asks_confirmation=True)
        day = timezone.localtime(activity.starts_at - timedelta(days=6)).replace(hour=10, minute=0, second=0)
        confirmations.ask(now=day)
        asked = activity.registrations.unanswered().select_related("party").order_by("pk")
        for party, rows in confirmations.by_party(asked):
            if chance.random() < 0.65:
                answered = day + timedelta(hours=chance.randint(1, 30))
                confirmations.confirm(party=party, registrations=[row.pk for row in rows], now=min(answered, now))


def _ask_how_it_was(activities: Sequence[Activity], chance: Random, *, today: date) -> None:
    """Of what is over within half a year: most answered, some groups too few to show."""
    over = [activity for activity in activities if activity.status == ActivityStatus.COMPLETED and activity.ends_at]
    rounds, papers = [], []
    for place, activity in enumerate(over):
        came = (
            Registration.objects.filter(activity=activity, attendances__presence="present")
            .distinct()
            .order_by("pk")
            .count()
        )
        asked_on = timezone.localtime(activity.ends_at).date() + timedelta(days=1)
        if not came or asked_on > today:
            continue
        rounds.append(
            FeedbackRound(activity=activity, people=came, asked_on=asked_on, closes_on=asked_on + FeedbackRound.OPEN)
        )
        # In every fourth group only a few answer: what they say is not shown.
        answers = min(came, 3) if place % 4 == 3 else round(came * chance.uniform(0.5, 0.95))
        papers += _answers(activity, answers, chance)
    FeedbackRound.objects.bulk_create(rounds)
    Feedback.objects.bulk_create(papers)


def _answers(activity: Activity, count: int, chance: Random) -> list[Feedback]:
    made = []
    for number in range(count):
        before = chance.choices((1, 2, 3, 4), weights=(30, 35, 25, 10))[0]
        word, language = (chance.choice(WORDS), "lv") if chance.random() < 0.93 else (chance.choice(ENGLISH), "en")
        made.append(
            Feedback(
                id=key(chance),
                activity=activity,
                worth=chance.choices((2, 3, 4, 5), weights=(4, 14, 40, 42))[0],
                before=before,
                after=min(5, before + chance.choices((0, 1, 2, 3), weights=(12, 40, 36, 12))[0]),
                word=word,
                language=language if word else "",
                # They came to light five at a time.
                stage=Feedback.Stage.SHOWN if number < count - count % feedback.FIVE else Feedback.Stage.ASIDE,
            )
        )
    return made
