"""The digest: what is new near home, from all departments, in one message to each contact that agreed to news.

A contact gets at most one in so many days (a setting), and none where there is nothing new. That holds however many
workers look at once, and whoever stops and agrees anew: each message is written with a row that the database lets
stand once a contact and time. Nobody is woken: digests are put together between nine and seven, spread over the hour
so that what is urgent does not wait behind them. Where a household agreed by e-mail and by telephone, it gets the e-mail.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from courses.domain import news_letters
from courses.domain.news import Choice, News
from courses.domain.news_letters import Told
from courses.models import Activity, Digest, Invitation, Session
from ecosystem.domain import messages
from ecosystem.models import Message
from residents.models import Consent, Household, Resident

FROM, UNTIL = time(9), time(19)
BATCH = 500
# So many a minute, and as many as fit into the hour until the clock comes again.
A_MINUTE = 100
AN_HOUR = 60 * A_MINUTE
# As long as the messages themselves, and never shorter than what they hold off.
KEPT = Message.KEPT


@dataclass
class Readers:
    """What a batch of contacts was told before, and whose it is; a fixed number of queries."""

    before: dict[str, list[Digest]] = field(default_factory=dict)
    ages: dict[str, set[int]] = field(default_factory=dict)
    # Telephones of households that get the news by e-mail.
    elsewhere: set[str] = field(default_factory=set)


def send(*, now: datetime) -> int:
    """Write the digests that are due; how many. For the clock."""
    if not FROM <= timezone.localtime(now).time() < UNTIL:
        return 0
    news: News | None = None
    known: dict[int, Told] = {}
    written = 0
    last: UUID | None = None
    while written < AN_HOUR and (batch := list(_due(now=now, after=last)[:BATCH])):
        last = batch[-1].pk
        news = news or News.at(now)
        if news.is_empty:
            return 0
        chosen = _choices(news, batch, now=now)
        _read(known, (pick.activity for _consent, choice in chosen for pick in choice.picks), now=now)
        for consent, choice in chosen:
            send_at = now + timedelta(seconds=written * 60 / A_MINUTE)
            written += _write(consent, _standing(choice, known), known, now=now, send_at=send_at)
    return written


def _due(*, now: datetime, after: UUID | None) -> QuerySet[Consent]:
    """Those whose consent holds and whom no message of before holds off."""
    recent = Digest.objects.filter(contact=OuterRef("contact"), until__gt=now)
    found = Consent.objects.live().filter(~Exists(recent)).select_related("village").order_by("pk")
    return found.filter(pk__gt=after) if after else found


def _choices(news: News, batch: Sequence[Consent], *, now: datetime) -> list[tuple[Consent, Choice]]:
    """What each of them is told of; who is told of nothing is left out."""
    readers = _readers(batch, now=now)
    made = []
    for consent in batch:
        if consent.contact in readers.elsewhere:
            continue
        before = readers.before.get(consent.contact, [])
        choice = news.choose(consent, ages=readers.ages.get(consent.contact, ()), before=before, now=now)
        if choice.picks:
            made.append((consent, choice))
    return made


def _readers(batch: Sequence[Consent], *, now: datetime) -> Readers:
    found = Readers()
    contacts = [consent.contact for consent in batch]
    for digest in Digest.objects.filter(contact__in=contacts).order_by("-at", "pk"):
        found.before.setdefault(digest.contact, []).append(digest)
    today = timezone.localdate(now)
    people = Resident.objects.filter(
        Q(household__email__in=_by(batch, Message.Channel.EMAIL))
        | Q(household__phone__in=_by(batch, Message.Channel.SMS))
    ).select_related("household")
    for person in people.order_by("pk"):
        for contact in (person.household.email, str(person.household.phone or "")):
            found.ages.setdefault(contact, set()).update(_ages(person, today))
    homes = Household.objects.filter(
        Exists(Consent.objects.live().filter(contact=OuterRef("email"))),
        phone__in=_by(batch, Message.Channel.SMS),
    )
    found.elsewhere = {str(phone) for phone in homes.order_by("pk").values_list("phone", flat=True)}
    return found


def _by(batch: Iterable[Consent], channel: str) -> list[str]:
    return [consent.contact for consent in batch if consent.channel == channel]


def _ages(person: Resident, today: date) -> set[int]:
    """How old somebody may be: of a year alone there are two readings."""
    return {age for age in (person.age(on=today), person.age(on=today, youngest=True)) if age is not None and age >= 0}


def _read(known: dict[int, Told], wanted: Iterable[int], *, now: datetime) -> None:
    """The activities that are to be told of and are not known yet, as they are now; four queries for all of them."""
    ids = sorted(set(wanted) - known.keys())
    if not ids:
        return
    rows = Activity.objects.published().for_page().prefetch_related("partners").filter(pk__in=ids)
    times: dict[int, list[tuple[datetime, datetime]]] = {}
    sessions = Session.objects.to_come(now=now).filter(activity__in=ids).order_by("starts_at", "pk")
    for pk, starts_at, ends_at in sessions.values_list("activity", "starts_at", "ends_at"):
        times.setdefault(pk, []).append((starts_at, ends_at))
    invitations = {one.activity_id: one for one in Invitation.objects.standing().filter(activity__in=ids)}
    for activity in rows.order_by("pk"):
        if activity.pk in times:
            known[activity.pk] = Told(activity, times[activity.pk], invitations.get(activity.pk))


def _standing(choice: Choice, known: Mapping[int, Told]) -> Choice:
    """Without what was called off, or had its last session, since the programme was read."""
    return Choice(tuple(pick for pick in choice.picks if pick.activity in known), choice.more)


def _write(consent: Consent, choice: Choice, known: Mapping[int, Told], *, now: datetime, send_at: datetime) -> bool:
    """One contact's message, in a transaction of its own; False where there is nothing, or another was quicker."""
    if not choice.picks:
        return False
    try:
        with transaction.atomic():
            # Whoever stops the news waits for us and then takes the message away; or was quicker, and none is written.
            held = Consent.objects.live().filter(pk=consent.pk, contact=consent.contact)
            if held.select_for_update(of=("self",), skip_locked=True).order_by("pk").first() is None:
                return False
            Digest.objects.create(
                consent=consent,
                contact=consent.contact,
                at=now,
                send_at=send_at,
                until=send_at + timedelta(days=settings.DIGEST_DAYS),
                invited=[pick.activity for pick in choice.picks if pick.invited],
                told=[pick.activity for pick in choice.picks if not pick.invited],
            )
            messages.post([news_letters.digest(consent, choice, known, now=now, send_at=send_at)])
    except IntegrityError as error:
        if "a_contact_is_sent_news_once_at_a_time" not in str(error):
            raise
        return False
    return True


def latest(*, consent: Consent, now: datetime) -> list[Activity]:
    """What this contact was told of last and can still be come to, the soonest first; for its own page."""
    digest = Digest.objects.filter(contact=consent.contact).order_by("-at", "-pk").first()
    if digest is None:
        return []
    found = Activity.objects.published().to_come(now=now).for_page().filter(pk__in=[*digest.invited, *digest.told])
    return list(found.order_by("starts_at", "pk"))


def forget(*, now: datetime) -> int:
    """Delete who was told of what when, once it holds off nothing and is told of nobody any more; how many."""
    return Digest.objects.filter(at__lt=now - KEPT, until__lt=now).delete()[0]
