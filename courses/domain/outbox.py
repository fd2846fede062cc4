"""What the people of an activity were told: each message with its fate, and once more where that helps.

Messages are kept 90 days, the log with them; of what a coordinator wrote, the decision stays. What failed is named with
a telephone: ringing is surer than sending again. Sent again is what ran out of attempts, was interrupted, or did not
reach a telephone that may be switched on by now, to the contact as it is today; not what the carrier will never take,
nor what means nothing any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, CharField, Count, F, Max, Min, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, TruncDate

from courses.domain import decisions, places
from courses.enums import ActivityStatus
from courses.models import Activity, Decision, Party, Registration
from ecosystem import tasks
from ecosystem.domain import messages
from ecosystem.models import Message, User

State = Message.State
REFERENCE = "party:"
AGAIN_WITHIN = timedelta(days=7)
MOST_FAILED = 200
# What runs out: an offer has its own deadline, a question or a reminder its beginning.
OFFERS = ("offer",)
BEFORE_THE_START = (
    "confirmation",
    "reminder",
    "confirmed",
    "place_confirmed",
    "queued",
    "queue_moved",
    "carried_over",
    "made_joint",
)


@dataclass(frozen=True)
class Failed:
    """A message that did not arrive, and who was to read it."""

    message: Message
    party: Party
    names: list[str]
    phone: str
    may_go_again: bool


@dataclass
class Dispatch:
    """Messages of one kind and day, or one text to a group: what, when, by whom, how many, with what fate."""

    kind: str
    first_at: datetime
    last_at: datetime
    decision: Decision | None = None
    channels: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many messages."""
        return sum(self.states.values())


@dataclass(frozen=True)
class Log:
    """All that was sent, the latest first; what failed; and texts whose messages are no longer kept."""

    dispatches: list[Dispatch]
    failed: list[Failed]
    forgotten: list[Decision]

    @property
    def again(self) -> list[Failed]:
        """What may be sent once more."""
        return [each for each in self.failed if each.may_go_again]


def log(*, activity: Activity, now: datetime) -> Log:
    """The log of an activity; a fixed number of queries."""
    written = {
        decision.at: decision
        for decision in Decision.objects.filter(activity=activity, what=Decision.What.MESSAGE)
        .select_related("by")
        .order_by("-at", "-id")
    }
    dispatches = _dispatches(activity, written)
    told = {each.decision.pk for each in dispatches if each.decision}
    return Log(
        dispatches=dispatches,
        failed=_failed(activity, now=now),
        forgotten=[decision for decision in written.values() if decision.pk not in told],
    )


def _dispatches(activity: Activity, written: dict[datetime, Decision]) -> list[Dispatch]:
    rows = (
        _of(activity)
        .annotate(
            day=TruncDate("created_at"),
            # Of what a coordinator wrote, each text is one; of what is sent by itself, each day.
            moment=Case(When(kind="bulletin", then=F("created_at")), default=None),
        )
        .values("kind", "day", "moment", "channel", "state")
        .annotate(n=Count("pk"), first=Min("created_at"), last=Max("created_at"))
        .order_by("day", "kind", "moment", "channel", "state")
    )
    found: dict[tuple[object, ...], Dispatch] = {}
    for row in rows:
        key = (row["kind"], row["day"], row["moment"])
        one = found.setdefault(key, Dispatch(kind=row["kind"], first_at=row["first"], last_at=row["last"]))
        one.first_at, one.last_at = min(one.first_at, row["first"]), max(one.last_at, row["last"])
        one.decision = written.get(row["moment"])
        one.states[row["state"]] = one.states.get(row["state"], 0) + row["n"]
        one.channels[row["channel"]] = one.channels.get(row["channel"], 0) + row["n"]
    return sorted(found.values(), key=lambda one: (one.last_at, one.kind), reverse=True)


def _of(activity: Activity) -> QuerySet[Message]:
    parties = Party.objects.filter(activity=activity).order_by()
    references = parties.annotate(
        reference=Concat(Value(REFERENCE), Cast("pk", CharField()), output_field=CharField())
    ).values("reference")
    return Message.objects.filter(reference__in=references)


def _failed(activity: Activity, *, now: datetime) -> list[Failed]:
    failed = list(_of(activity).filter(state=State.FAILED).order_by("-created_at", "-id")[:MOST_FAILED])
    parties = Party.objects.in_bulk([party_of(message) for message in failed])
    people: dict[UUID, list[Registration]] = {}
    rows = Registration.objects.filter(party__in=list(parties)).select_related("resident__household").order_by("pk")
    for row in rows:
        people.setdefault(row.party_id, []).append(row)
    made = []
    for message in failed:
        if (party := parties.get(party_of(message))) is None:
            continue
        residents = [row.resident for row in people.get(party.pk, []) if row.resident is not None]
        at_home = next((str(resident.household.phone) for resident in residents if resident.household.phone), "")
        made.append(
            Failed(
                message=message,
                party=party,
                names=list(dict.fromkeys(str(resident) for resident in residents)),
                phone=str(party.phone or at_home),
                may_go_again=_may_go_again(message, activity, now=now),
            )
        )
    return made


def party_of(message: Message) -> UUID:
    """Whom a message was for."""
    return UUID(message.reference.removeprefix(REFERENCE))


def _may_go_again(message: Message, activity: Activity, *, now: datetime) -> bool:
    """Whether sending it again may help, and still means something."""
    if message.created_at < now - AGAIN_WITHIN or message.kind in OFFERS:
        return False
    if message.kind in BEFORE_THE_START and (
        activity.status != ActivityStatus.PUBLISHED or activity.starts_at is None or activity.starts_at <= now
    ):
        return False
    ran_out = message.attempts >= tasks.MOST_ATTEMPTS or message.error.startswith(tasks.INTERRUPTED)
    return ran_out or message.sent_at is not None


def send_again(*, activity: Activity, by: User | None, now: datetime) -> int:
    """Send what failed once more, where it helps; how many messages. Pressed twice at once, it is sent once."""
    with transaction.atomic():
        places.lock_or_fail(activity)
        again = []
        for each in _failed(activity, now=now):
            if not each.may_go_again:
                continue
            message, party = each.message, each.party
            # To the contact as it is today: a mistyped number has perhaps been mended.
            current = party.email if message.channel == Message.Channel.EMAIL else str(party.phone or "")
            message.to = current or message.to
            again.append(message)
        if sent := messages.post_again(again, now=now):
            decisions.note(activity=activity, what=Decision.What.RESENT, people=sent, by=by, now=now)
    return sent


def latest(*, parties: Iterable[UUID]) -> dict[UUID, Message]:
    """The last message to each of these parties, without its text; one query."""
    references = [f"{REFERENCE}{pk}" for pk in parties]
    found = (
        Message.objects.filter(reference__in=references)
        .only("reference", "kind", "channel", "state", "created_at", "sent_at", "delivered_at", "error")
        .order_by("reference", "-created_at", "-id")
        .distinct("reference")
    )
    return {party_of(message): message for message in found}
