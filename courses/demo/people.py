"""Invented people: households of one contact each, living in the villages as people do."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from faker import Faker

from courses.demo.files import generator
from ecosystem.models import Parish, Village
from ecosystem.text import fold
from residents.models import Household, Resident

ELSEWHERE = 0.05
# How households are made up: how often, and the ages of its grown-ups and children.
_KINDS = (
    (24, ((58, 86),), (0, 0)),
    (14, ((22, 57),), (0, 0)),
    (22, ((55, 84), (55, 84)), (0, 0)),
    (8, ((24, 54), (24, 54)), (0, 0)),
    (24, ((27, 48), (27, 48)), (1, 3)),
    (8, ((26, 47),), (1, 2)),
)


@dataclass(frozen=True)
class Home:
    """A household and who lives in it, grown-ups first."""

    household: Household
    people: tuple[Resident, ...]


def load(*, seed: int, today: date, now: datetime, count: int) -> list[Home]:
    """So many residents in households."""
    chance = generator(seed, today, "people")
    faker = Faker("lv_LV")
    faker.seed_instance(chance.getrandbits(64))
    villages, weights = _villages()
    homes: list[Home] = []
    made = 0
    while made < count:
        home = _home(len(homes), count - made, villages, weights, today=today, now=now, chance=chance, faker=faker)
        homes.append(home)
        made += len(home.people)
    Household.objects.bulk_create(home.household for home in homes)
    Resident.objects.bulk_create(person for home in homes for person in home.people)
    return homes


def key(chance: Random) -> UUID:
    """A random key that the seed decides."""
    return UUID(int=chance.getrandbits(128), version=4)


def _villages() -> tuple[list[Village], list[float]]:
    """Villages weighted by their parish's people; a parish's centre has three times a village's share."""
    villages = list(Village.objects.current().order_by("pk"))
    people = {parish.pk: parish.population or 1000 for parish in Parish.objects.all()}
    shares: dict[str, int] = {}
    for village in villages:
        shares[village.parish_id] = shares.get(village.parish_id, 0) + (3 if village.is_centre else 1)
    weights = [people[v.parish_id] * (3 if v.is_centre else 1) / shares[v.parish_id] for v in villages]
    return villages, weights


def _home(
    number: int,
    most: int,
    villages: list[Village],
    weights: list[float],
    *,
    today: date,
    now: datetime,
    chance: Random,
    faker: Faker,
) -> Home:
    kind = chance.choices(_KINDS, weights=[kind[0] for kind in _KINDS])[0]
    village = None if chance.random() < ELSEWHERE else chance.choices(villages, weights=weights)[0]
    family = faker.last_name_male()
    ages = [(chance.randint(*span), True) for span in kind[1]]
    oldest_child = max(2, min(17, min(age for age, _grown in ages) - 21))
    ages += [(chance.randint(1, oldest_child), False) for _child in range(chance.randint(*kind[2]))]
    ages = ages[:most]
    created_at = now - timedelta(days=chance.randint(70, 700), minutes=chance.randint(0, 1400))
    household = Household(id=key(chance), language="en" if chance.random() < 0.04 else "lv", created_at=created_at)
    people: list[Resident] = []
    for place, (age, grown) in enumerate(ages):
        # Couples of two sexes, mostly; women come to courses more often than men do.
        female = place == 0 if grown and len(kind[1]) == 2 and chance.random() < 0.9 else chance.random() < 0.6
        born = today - timedelta(days=age * 365 + chance.randint(0, 364))
        whole = not grown or chance.random() < 0.6
        people.append(
            Resident(
                id=key(chance),
                household=household,
                given_name=faker.first_name_female() if female else faker.first_name_male(),
                family_name=_feminine(family) if female else family,
                birth_year=born.year,
                birth_month=born.month if whole else None,
                birth_day=born.day if whole else None,
                sex=("female" if female else "male") if chance.random() < 0.85 else "",
                village=village,
                lives_elsewhere=village is None,
                guardian_name="",
                created_at=created_at,
            )
        )
    first = people[0]
    for person, (age, _grown) in zip(people, ages, strict=True):
        if age < 13:
            person.guardian_name = f"{first.given_name} {first.family_name}"
    reach = chance.random()
    if reach < 0.8:
        domain = chance.choice(("example.lv", "example.org"))
        name = fold(f"{first.given_name}.{first.family_name}").replace(" ", "")
        household.email = f"{name}.{number + 1}@{domain}"
    if reach > 0.3:
        # Numbers that nobody has: the block is not given out.
        household.phone = f"+371200{number:05}"
    return Home(household, tuple(people))


def _feminine(family: str) -> str:
    """A surname as a woman bears it: Bērziņš – Bērziņa, Alksnis – Alksne, Ābols – Ābola."""
    for masculine, feminine in (("iņš", "iņa"), ("is", "e"), ("us", "us"), ("š", "a"), ("s", "a")):
        if family.endswith(masculine):
            return family.removesuffix(masculine) + feminine
    return family
