"""An invented territory of any size in which it is known what overlaps: sixteen parishes for each thousand activities.

Parishes lie twelve kilometres apart, four houses in each. What is offered is taken from the labelled pairs of ``tests/overlap``: an
activity has the title of one side, a planted duplicate that of the other, often with the name of its parish. People are of five
ages that do not meet. **By itself nothing overlaps**: each age is served by one department, a thing is offered by
one parish in nine, so that between two which do lie thirty-six kilometres. Then, for some:

- a **duplicate**: another department, the same age, thing and weeks (or up to two after), in the parish or the next;
- a **clash**: another department, the same age and hours, another thing, where nobody else of that age meets at those hours.

What is online is one in five hundred, about things that nobody offers in a hall. The same seed gives the same world.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil, cos, radians, sqrt
from typing import NamedTuple

from ecosystem.geo import Point, distance_km
from ecosystem.overlap.profile import Group, Profile
from ecosystem.overlap.words import read
from ecosystem.text import fold
from tests.overlap.labelled import pairs

PARISHES_A_THOUSAND = 16
KM = 12.0
NORTH, EAST = 56.3, 23.3
HOUSES = 4
# Parishes of one colour offer the same things: three apart each way.
COLOURS = 3
WEEKS = 26
# A weekday and an hour: base on working days, planted duplicates at the weekend.
STARTS = (9 * 60, 10 * 60 + 30, 12 * 60, 13 * 60 + 30, 15 * 60, 16 * 60 + 30, 18 * 60, 19 * 60 + 30)
LENGTH = 90
TIMES = (1, 1, 4, 5, 6, 8, 10)
# Who is served, by whom, and who plans beside them.
FAMILIES = (
    ("children", None, None, "JAU", ("MUZ", "LAB")),
    ("youth", None, 18, "JAU", ("MUZ", "LAB")),
    ("youth", 19, 29, "JAU", ("MUZ", "LAB")),
    ("adults", 30, 54, "MUZ", ("JAU", "LAB")),
    ("seniors", 60, None, "LAB", ("MUZ", "JAU")),
)
DUPLICATES, CLASHES, ONLINE = 0.03, 0.02, 0.002
NAMES = ["Kaln", "Ozol", "Bērz", "Liep", "Kļav", "Egl", "Priež", "Krūm", "Lank", "Purv", "Smilt", "Akmeņ", "Dzirnav", "Vilk", "Lāč", "Stirn", "Zaķ", "Gulbj", "Vārn", "Dzērv", "Mež", "Birz", "Silv", "Sār", "Rīt", "Vakar", "Vec", "Jaun", "Liel", "Maz", "Augst", "Zem", "Pilsk", "Skuj", "Sil", "Vītol", "Alkšņ", "Apš", "Oš", "Ievu"]  # fmt: skip
ENDINGS = [
    "muiža",
    "pils",
    "ciema",
    "birzs",
    "kalna",
    "lauki",
    "gala",
    "nieki",
    "sala",
    "leja",
    "mala",
    "krasts",
    "upe",
    "sēta",
    "dārzi",
    "pļava",
    "avoti",
    "ceļi",
]


SUMMARIES = (
    "Tiekamies reizi nedēļā. Vietu skaits ir ierobežots, pieteikties var līdz iepriekšējās dienas vakaram.",
    "Nodarbība bez maksas.",
    "Aicināti gan tie, kuri nāk pirmo reizi, gan tie, kuri nāk atkal.",
    "",
)


class Plan(NamedTuple):
    """One activity before it is written out."""

    parish: int
    family: int
    department: str
    thing: int
    side: int
    house: int
    day: int
    start: int
    times: int


@dataclass(frozen=True, slots=True)
class Thing:
    """Two titles of one thing, from a labelled pair."""

    titles: tuple[dict[str, str], dict[str, str]]
    topics: tuple[str, str]


class Territory:
    """What is planned, and which pairs of it overlap (``planted``: by their numbers, which begin with 1)."""

    def __init__(self, size: int, groups: dict[str, Group], *, seed: int = 1, today: date, parishes: int = 0) -> None:
        self.size = size
        self.groups = groups
        self.dice = random.Random(seed)
        self.count = parishes or max(1, size * PARISHES_A_THOUSAND // 1000)
        self.side = ceil(sqrt(self.count))
        # The first Monday in four weeks' time.
        self.monday = today.toordinal() + 28 - today.weekday()
        self.planted: list[tuple[int, int, str]] = []
        # When an age meets in a parish: (parish, age, day of the week, start) to weeks from and how many.
        self.met: dict[tuple[int, int, int, int], list[tuple[int, int]]] = defaultdict(list)

    @cached_property
    def things(self) -> list[Thing]:
        """Things whose titles name nothing in common with those of another, as far as the rules' own list goes."""
        found: list[tuple[Thing, set[str]]] = []
        for pair in pairs():
            if pair.kind != "duplicate" or pair.first.level or pair.second.level:
                continue
            if pair.part == "catchy":
                # Such titles say nothing without their summaries, and here there are titles alone.
                continue
            sides = (pair.first, pair.second)
            named = {
                key
                for one in sides
                for text in (*one.titles.values(), *one.summaries.values())
                for notion in read(text, one.topic).notions
                for key in (notion.key, notion.within)
                if key and notion.weight > 0.35
            }
            if not any(named & others for _thing, others in found):
                titles = (dict(pair.first.titles), dict(pair.second.titles))
                found.append((Thing(titles, (pair.first.topic, pair.second.topic)), named))
        return [thing for thing, _named in found]

    # The territory.

    def point(self, parish: int, house: int = 0) -> Point:
        """Where a house stands; the first is the parish's own."""
        row, column = divmod(parish, self.side)
        north, east = row * KM, column * KM
        if house:
            dice = random.Random(parish * HOUSES + house)
            north, east = north + dice.uniform(-2.5, 2.5), east + dice.uniform(-2.5, 2.5)
        # The middle of the territory is where Latvia is, whatever its size.
        lat = NORTH + (north - self.side * KM / 2) / 111.2
        return Point(round(lat, 5), round(EAST + (east - self.side * KM / 2) / (111.2 * cos(radians(lat))), 5))

    def colour(self, parish: int) -> int:
        """Which things a parish offers."""
        row, column = divmod(parish, self.side)
        return row % COLOURS * COLOURS + column % COLOURS

    def beside(self, parish: int, by: int = 1) -> list[int]:
        """The parishes around it, itself left out."""
        row, column = divmod(parish, self.side)
        found = [
            r * self.side + c
            for r in range(max(0, row - by), row + by + 1)
            for c in range(max(0, column - by), min(self.side, column + by + 1))
        ]
        return [other for other in found if other < self.count and other != parish]

    def parish_name(self, parish: int) -> str:
        """An invented name."""
        return NAMES[parish % len(NAMES)] + ENDINGS[parish // len(NAMES) % len(ENDINGS)]

    # What is planned.

    def plans(self) -> list[Plan]:
        """All of it, in no order of place or time; planted pairs by their numbers, which begin with 1."""
        dice = self.dice
        pools = [self.things[at :: COLOURS**2 + 1] for at in range(COLOURS**2 + 1)]
        numbers = {id(thing): number for number, thing in enumerate(self.things)}
        base = round(self.size * (1 - DUPLICATES - CLASHES - ONLINE))
        plans: list[Plan] = []
        twins: list[tuple[int, int, str]] = []
        kept: dict[tuple[int, int], list[int]] = {}
        at = 0
        for parish in range(self.count):
            many = base * (parish + 1) // self.count - base * parish // self.count
            pool = pools[self.colour(parish)]
            drawn = [dice.sample(pool, min(len(pool), ceil(many / len(FAMILIES)))) for _family in FAMILIES]
            for number in range(many):
                family = number % len(FAMILIES)
                thing = drawn[family][number // len(FAMILIES) % len(drawn[family])]
                times = dice.choice(TIMES)
                plan = Plan(
                    parish,
                    family,
                    FAMILIES[family][3],
                    numbers[id(thing)],
                    dice.randrange(2),
                    dice.randint(1, HOUSES),
                    dice.randrange(WEEKS - times + 1) * 7 + dice.randrange(5),
                    dice.choice(STARTS),
                    times,
                )
                self._meet(plan)
                kept.setdefault((parish, family), []).append(at)
                plans.append(plan)
                at += 1
        spots = list(kept)
        dice.shuffle(spots)
        wanted = {"duplicate": round(self.size * DUPLICATES), "clash": round(self.size * CLASHES)}
        for kind in ("duplicate", "clash") * len(spots):
            if not wanted[kind] or not spots:
                if not any(wanted.values()) or not spots:
                    break
                continue
            parish, family = spots.pop()
            there = kept[parish, family]
            unused = [t for t in pools[self.colour(parish)] if numbers[id(t)] not in {plans[n].thing for n in there}]
            twin = self._twin(plans[dice.choice(there)], there, plans, kind, [numbers[id(t)] for t in unused])
            if twin is not None:
                first, plan = twin
                twins.append((first, len(plans), kind))
                plans.append(plan)
                wanted[kind] -= 1
        for _ in range(round(self.size * ONLINE)):
            family, times = dice.randrange(len(FAMILIES)), dice.choice(TIMES)
            parish, day = dice.randrange(self.count), dice.randrange(WEEKS - times + 1) * 7 + dice.randrange(5)
            thing = numbers[id(dice.choice(pools[-1]))]
            whose = FAMILIES[family][3]
            plans.append(Plan(parish, family, whose, thing, dice.randrange(2), 0, day, dice.choice(STARTS), times))
        places = list(range(len(plans)))
        dice.shuffle(places)
        number_of = {old: new for new, old in enumerate(places, start=1)}
        for one, other, kind in twins:
            first, second = sorted((number_of[one], number_of[other]))
            self.planted.append((first, second, kind))
        return [plans[old] for old in places]

    def _meet(self, plan: Plan) -> None:
        self.met[plan.parish, plan.family, plan.day % 7, plan.start].append((plan.day // 7, plan.times))

    def _twin(
        self, chosen: Plan, there: list[int], plans: list[Plan], kind: str, unused: list[int]
    ) -> tuple[int, Plan] | None:
        """Another department's activity that overlaps with one of these and with nothing else."""
        dice = self.dice
        if kind == "duplicate":
            first = next(number for number in there if plans[number] is chosen)
            parish = dice.choice([chosen.parish, *self.beside(chosen.parish)])
            near = [h for h in range(1, HOUSES + 1) if distance_km(self.at(chosen), self.point(parish, h)) < 10]
            if not near:
                parish, near = chosen.parish, [chosen.house]
            weeks = range(max(0, chosen.day // 7 - 1), min(WEEKS, chosen.day // 7 + chosen.times + 2))
            slot = self.colour(parish)
            return first, chosen._replace(
                parish=parish,
                department=dice.choice(FAMILIES[chosen.family][4]),
                side=1 - chosen.side,
                house=dice.choice(near),
                day=dice.choice(weeks) * 7 + 5 + slot // len(STARTS),
                start=STARTS[slot % len(STARTS)],
                times=1,
            )
        for first in dice.sample(there, len(there)):
            plan = plans[first]
            if unused and self._is_alone(plan):
                twin = plan._replace(
                    department=dice.choice(FAMILIES[plan.family][4]),
                    thing=dice.choice(unused),
                    side=dice.randrange(2),
                    house=dice.randint(1, HOUSES),
                )
                self._meet(twin)
                return first, twin
        return None

    def _is_alone(self, plan: Plan) -> bool:
        """Whether nobody else of its age meets at its hours, as far as they would come."""
        week = plan.day // 7
        met = [
            1
            for parish in (plan.parish, *self.beside(plan.parish, 2))
            for since, times in self.met.get((parish, plan.family, plan.day % 7, plan.start), ())
            if since < week + plan.times and week < since + times
        ]
        return len(met) == 1

    def at(self, plan: Plan) -> Point:
        """Where it is."""
        return self.point(plan.parish, plan.house)

    def profile(self, number: int, plan: Plan) -> Profile:
        """A plan as the rules see it."""
        group, youngest, oldest, _whose, _others = FAMILIES[plan.family]
        thing = self.things[plan.thing]
        dice = random.Random(number)
        titles = self._said(thing.titles[plan.side], plan.parish, dice)
        start = datetime.fromordinal(self.monday + plan.day) + timedelta(minutes=plan.start)
        return Profile(
            ref=f"{number:012d}",
            department=plan.department,
            titles=titles,
            topic=thing.topics[plan.side],
            groups=(self.groups[group],),
            sessions=tuple(
                (start + timedelta(weeks=week), start + timedelta(weeks=week, minutes=LENGTH))
                for week in range(plan.times)
            ),
            parish=code(plan.parish),
            parish_name=f"{self.parish_name(plan.parish)} pagasts",
            point=self.at(plan) if plan.house else None,
            summaries={"lv": dice.choice(SUMMARIES)},
            age_min=youngest,
            age_max=oldest,
            format="in_person" if plan.house else "online",
        )

    def _said(self, titles: dict[str, str], parish: int, dice: random.Random) -> dict[str, str]:
        """As people write: half with the name of the parish, some without diacritics, some in capitals."""
        how = dice.random()
        if "lv" not in titles or how >= 0.6:
            return titles
        if how < 0.5:
            return {**titles, "lv": f"{titles['lv']} {self.parish_name(parish).rstrip('aisu')}ā"}
        return {**titles, "lv": fold(titles["lv"]) if how < 0.55 else titles["lv"].upper()}


class OneParish(Territory):
    """As much as one likes in one parish and a season, by all departments for all ages: nothing is planted, much overlaps."""

    def __init__(self, size: int, groups: dict[str, Group], *, seed: int = 1, today: date) -> None:
        super().__init__(size, groups, seed=seed, today=today, parishes=1)

    def plans(self) -> list[Plan]:
        """All of it."""
        dice = self.dice
        return [
            Plan(
                parish=0,
                family=dice.randrange(len(FAMILIES)),
                department=dice.choice(("MUZ", "JAU", "LAB")),
                thing=dice.randrange(len(self.things)),
                side=dice.randrange(2),
                house=dice.randint(1, HOUSES),
                day=dice.randrange(13) * 7 + dice.randrange(6),
                start=dice.choice(STARTS),
                times=dice.choice(TIMES),
            )
            for _ in range(self.size)
        ]


def code(parish: int) -> str:
    """A code that no real parish has."""
    return f"9{parish:06d}"
