"""Who agreed to news in the demonstration, what coordinators put up, and the digest that went out yesterday."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation

from courses.demo.files import generator
from courses.demo.keys import seeded
from courses.demo.people import Home, key
from courses.domain import digests, invitations
from courses.domain.refusals import Refusals
from courses.models import Activity
from ecosystem.models import Message, User
from residents.domain import wording
from residents.domain.consents import Address
from residents.models import Consent, Household

MOST = 24
# How many activities of each department are put up, and what coordinators say of them, in turn.
PUT_UP = 3
SENTENCES = (
    {"lv": "Var nākt arī tie, kas to dara pirmo reizi.", "en": "Beginners are welcome."},
    {"lv": "", "en": ""},
    {"lv": "Ja nav ar ko atbraukt, piezvaniet: kopā atradīsim veidu.", "en": "No way to get there? Ring us."},
)
_WAYS = (Consent.Way.FORM, Consent.Way.PAGE, Consent.Way.PHONE)
_TOPICS: tuple[tuple[str, ...], ...] = ((), (), ("crafts", "garden"), (), ("health", "sport"), ())
_KM = (10, 20, 10, 5, None)


def load(*, homes: Sequence[Home], activities: Sequence[Activity], seed: int, today: date, now: datetime) -> None:
    """Some households agreed in the last weeks, one has stopped; the day before, the news went out."""
    chance = generator(seed, today, "news")
    reached = [home for home in homes if home.household.email or home.household.phone]
    consents: list[Consent] = []
    for place, home in enumerate(reached[:: max(1, len(reached) // MOST)][:MOST]):
        consents.append(
            _consent(place, home, asked_at=now - timedelta(days=chance.randint(9, 60), minutes=-600), pk=key(chance))
        )
    if len(consents) > 1:
        stopped = consents[-1]
        stopped.withdrawn_at, stopped.withdrawn_how = now - timedelta(days=2, hours=9), Consent.Ended.LINK
    Consent.objects.bulk_create(consents)
    yesterday = now - timedelta(hours=14)
    by = User.objects.filter(email="coordinator@example.lv").first()
    _put_up(activities, by=by, now=yesterday)
    with seeded(chance):
        digests.send(now=yesterday)


def _consent(place: int, home: Home, *, asked_at: datetime, pk: Any) -> Consent:
    household, village = home.household, home.people[0].village
    address = Address.of(email=household.email, phone=str(household.phone))
    way = _WAYS[place % len(_WAYS)]
    with translation.override(household.language):
        shown = wording.current()
    return Consent(
        id=pk,
        channel=address.channel if address else Message.Channel.EMAIL,
        contact=address.contact if address else "",
        language=household.language,
        wording=shown.text,
        wording_version=shown.version,
        way=way,
        said_by=home.people[0] if way == Consent.Way.PHONE else None,
        asked_at=asked_at,
        confirmed_at=asked_at if way == Consent.Way.PHONE else asked_at + timedelta(minutes=20),
        village=village,
        km=_KM[place % len(_KM)] if village else None,
        topics=list(_TOPICS[place % len(_TOPICS)]),
    )


def _put_up(activities: Sequence[Activity], *, by: User | None, now: datetime) -> None:
    """The next few of each department that can still be come to, each in a parish of its own."""
    coming = [one for one in activities if one.status == "published" and one.starts_at and one.starts_at > now]
    places: set[tuple[str, str]] = set()
    for activity in sorted(coming, key=lambda one: (one.starts_at, one.pk)):
        place = (activity.lead_id, activity.parish_id)
        if place in places or sum(lead == activity.lead_id for lead, _parish in places) == PUT_UP:
            continue
        sentences = SENTENCES[len(places) % len(SENTENCES)]
        try:
            invitations.put_up(activity=activity, sentences=sentences, by=by, now=now)
        except Refusals:
            continue
        places.add(place)


def clear() -> None:
    """Take away what an earlier load made: the consents of contacts whose households go."""
    gone = Household.objects.filter(residents=None).order_by("pk").values_list("email", "phone")
    contacts = [str(contact) for pair in gone for contact in pair if contact]
    theirs = Consent.objects.filter(contact__in=contacts).order_by("pk")
    references = [f"consent:{pk}" for pk in theirs.values_list("pk", flat=True)]
    Message.objects.filter(reference__in=references).delete()
    theirs.delete()
