"""A few who were written down twice, as it happens: another spelling, another contact, a wedding; found as everywhere."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from courses.demo.files import generator
from courses.demo.keys import seeded
from courses.demo.people import Home
from courses.domain import registrations
from courses.domain.registrations import Contact, Person, Refusals
from courses.enums import Channel
from courses.models import Activity, Registration
from ecosystem.text import fold
from residents.domain import doubles
from residents.models import Household, Resident

# Those whom the demonstration's coordinator may see come first.
_NEAR = ("0540290", "0540248")
Again = tuple[Person, Contact, str]


def _without_long_vowels(person: Person, home: Household) -> Again | None:
    """By telephone instead of e-mail, and the telephone has no long vowels."""
    plain = replace(person, given_name=fold(person.given_name).title(), family_name=fold(person.family_name).title())
    if plain == person or not home.phone or not home.email:
        return None
    return replace(plain, birth_month=None, birth_day=None), Contact(phone=str(home.phone)), Channel.WEB


def _mistyped(person: Person, home: Household) -> Again | None:
    """A letter left out of the family name, under the same e-mail."""
    if not home.email or len(person.family_name) < 6:
        return None
    name = person.family_name[:4] + person.family_name[5:]
    return replace(person, family_name=name), Contact(email=home.email), Channel.WEB


def _married(person: Person, home: Household) -> Again | None:
    """Another family name since the wedding."""
    young = person.birth_year is not None and 1980 <= person.birth_year <= 2003
    if not (young and person.sex == "female" and person.birth_day and home.email):
        return None
    return replace(person, family_name=f"{person.family_name}-Vītola"), Contact(email=home.email), Channel.WEB


def _heard(person: Person, home: Household) -> Again | None:
    """Who rang: a name, a village, a telephone."""
    if not home.phone or person.village is None:
        return None
    heard = replace(person, birth_year=None, birth_month=None, birth_day=None, sex="")
    return heard, Contact(phone=str(home.phone)), Channel.PHONE


def _at_work(person: Person, home: Household) -> Again | None:
    """From the e-mail address at work."""
    if not home.email or not person.birth_day or (person.birth_year or 0) > 2000:
        return None
    return person, Contact(email=f"darbs.{home.email}"), Channel.WEB


def _exchanged(person: Person, home: Household) -> Again | None:
    """The family name in the box of the given name."""
    if not home.email:
        return None
    turned = replace(person, given_name=person.family_name, family_name=person.given_name)
    return turned, Contact(email=home.email), Channel.WEB


_WAYS: tuple[Callable[[Person, Household], Again | None], ...] = (
    *(_without_long_vowels, _mistyped, _married, _heard, _at_work, _exchanged, _without_long_vowels, _heard),
)
MOST = len(_WAYS)


def load(*, homes: Sequence[Home], seed: int, today: date, now: datetime, count: int) -> int:
    """Write so many down a second time, through the same door; then look for them as each night; how many."""
    made = 0
    with seeded(generator(seed, today, "doubles")):
        used: set[Household] = set()
        for way in _WAYS[:count]:
            for person, home, activity in _candidates(homes):
                again = None if home in used else way(_as_typed(person), home)
                if again is not None and _register(activity, *again, now=now - timedelta(hours=2)):
                    used.add(home)
                    made += 1
                    break
    doubles.look_at_all(now=now)
    return made


def _candidates(homes: Sequence[Home]) -> Iterator[tuple[Resident, Household, Activity]]:
    """Grown-ups with a place in something to come, the coordinator's own first, each with that activity."""
    grown = {
        person.pk: (person, home.household) for home in homes for person in home.people if not person.guardian_name
    }
    rows = (
        Registration.objects.live()
        .filter(resident__in=grown, activity__status="published", activity__needs_approval=False)
        .select_related("activity")
        .order_by("activity__starts_at", "pk")
    )
    found = [(*grown[row.resident_id], row.activity) for row in rows if row.resident_id is not None]
    yield from sorted(found, key=lambda each: not _is_near(each[0]))


def _is_near(person: Resident) -> bool:
    return person.village is not None and person.village.parish_id in _NEAR


def _as_typed(person: Resident) -> Person:
    return Person(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_year=person.birth_year,
        birth_month=person.birth_month,
        birth_day=person.birth_day,
        village=person.village,
        lives_elsewhere=person.lives_elsewhere,
        sex=person.sex,
    )


def _register(activity: Activity, person: Person, contact: Contact, channel: str, *, now: datetime) -> bool:
    known = Resident.objects.count()
    try:
        registrations.register(activity=activity, people=[person], contact=contact, channel=channel, now=now)
    except Refusals:
        return False
    return Resident.objects.count() > known
