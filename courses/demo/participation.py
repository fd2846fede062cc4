"""Who takes part in the demonstration: past and running activities as facts, coming ones through the residents' door."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from courses.demo.files import generator
from courses.demo.keys import party_number, seeded
from courses.demo.people import Home, key
from courses.demo.programme import COORDINATOR, parishes_of
from courses.domain import places, registrations
from courses.enums import ActivityStatus, Channel, Presence, RegistrationState
from courses.models import Activity, Attendance, Party, Registration
from ecosystem.geo import Point, distance_km
from ecosystem.models import Village
from residents.models import Resident

# How full coming activities are, dealt out in turn: full with a queue, two places left, half full, nobody yet …
_FULL, _QUEUE, _TWO_LEFT = 1.0, 1.25, -2.0
_FILLS = (0.6, _QUEUE, 0.3, _TWO_LEFT, 0.85, 0.0, _QUEUE, 0.5, _FULL, 0.15, 0.7, _TWO_LEFT)
# What begins in the next days where one signs in as coordinator: enough people to ring.
_NEAR, _NEARLY_FULL = timedelta(days=4), 0.85
# A youth day for 150 does not take all the young people of the demonstration.
_MOST = 34


@dataclass
class Crowd:
    """The people, and who may and would come to an activity."""

    homes: Sequence[Home]
    _distances: dict[tuple[str, Point], float] = field(default_factory=dict)

    def parties(self, activity: Activity, chance: Random) -> Iterator[tuple[Home, list[Resident]]]:
        """Those who would come, nearer ones sooner, often with others of their household."""
        fitting = []
        for home in self.homes:
            people = [person for person in home.people if fits(person, activity)]
            if people:
                # Weighted drawing without putting back (Efraimidis and Spirakis, 2006).
                fitting.append((chance.random() ** (1 / self._nearness(home, activity)), home, people))
        fitting.sort(key=lambda found: found[0], reverse=True)
        for _weight, home, people in fitting:
            together = people if chance.random() < 0.4 else [chance.choice(people)]
            yield home, together[:3]

    def _nearness(self, home: Home, activity: Activity) -> float:
        village = home.people[0].village
        if activity.format == "online":
            return 1.0
        if village is None:
            return 0.1
        return 1 / (1 + (self._distance(village, activity.point) / 5) ** 2)

    def _distance(self, village: Village, point: Point) -> float:
        pair = (village.pk, point)
        if pair not in self._distances:
            self._distances[pair] = distance_km(village.point, point)
        return self._distances[pair]


def fits(person: Resident, activity: Activity) -> bool:
    """Whether somebody is of the activity's age, and where it sets none of one of its audiences'."""
    day = activity.first_day()
    age = person.age(on=day) if day else None
    if age is None:
        return False
    if activity.age_min is not None or activity.age_max is not None:
        return _within(age, activity.age_min, activity.age_max)
    return any(_within(age, a.age_min, a.age_max) for a in activity.audiences.all())


def _within(age: int, low: int | None, high: int | None) -> bool:
    return (low is None or age >= low) and (high is None or age <= high)


def load(
    *,
    activities: Sequence[Activity],
    crowd: Crowd,
    seed: int,
    today: date,
    now: datetime,
    every: int = 1,
) -> None:
    """Fill the activities with people; where these are few, every second or third activity."""
    chance = generator(seed, today, "participation")
    open_to_all = [activity for activity in activities if not activity.is_drop_in and activity.published_at]
    begun = [activity for activity in open_to_all if activity.starts_at and activity.starts_at <= now]
    coming = [
        activity
        for activity in open_to_all
        if activity.starts_at and activity.starts_at > now and activity.status == ActivityStatus.PUBLISHED
    ]
    take_part(begun[::every], crowd, chance, now=now)
    with seeded(generator(seed, today, "keys")):
        ours = parishes_of(COORDINATOR)
        for number, activity in enumerate(coming[::every]):
            starts_at = activity.starts_at or now
            is_near = (activity.lead_id, activity.parish.name) in ours and starts_at < now + _NEAR
            _register(activity, _NEARLY_FULL if is_near else _FILLS[number % len(_FILLS)], crowd, chance, now=now)
        _approve_some(coming, now=now)
        _offer_a_place(coming, now=now)
        _call_one_off(coming, now=now)


def _target(activity: Activity, fill: float) -> int:
    places = min(activity.capacity or 20, _MOST)
    if fill < 0:
        return places + int(fill)
    return places + 4 if fill == _QUEUE else round(places * fill)


def take_part(begun: Sequence[Activity], crowd: Crowd, chance: Random, *, now: datetime) -> None:
    """Parties, registrations and attendance of what has begun, with the counters that belong to them."""
    parties: list[Party] = []
    registered: list[Registration] = []
    for activity in begun:
        goal = _target(activity, chance.choice((1.0, 0.9, 0.8, 0.7, 0.6, 0.5)))
        for home, people in crowd.parties(activity, chance):
            if activity.taken >= goal:
                break
            people = people[: goal - activity.taken]
            when = _before_start(activity, chance)
            party = _party(activity, home, len(people), when, chance)
            parties.append(party)
            for person in people:
                gave_up = chance.random() < 0.06
                registered.append(
                    Registration(
                        party=party,
                        activity=activity,
                        resident=person,
                        state=RegistrationState.CANCELLED if gave_up else RegistrationState.CONFIRMED,
                        registered_at=when,
                        ended_at=when + timedelta(days=1) if gave_up else None,
                    )
                )
                activity.taken += not gave_up
    Party.objects.bulk_create(parties)
    Registration.objects.bulk_create(registered)
    Activity.objects.bulk_update(begun, ["taken"])
    Attendance.objects.bulk_create(_attendance(registered, chance, now=now), batch_size=2000)


def _before_start(activity: Activity, chance: Random) -> datetime:
    assert activity.starts_at is not None  # noqa: S101 (only what has begun comes here)
    opened = activity.published_at or activity.created_at
    return opened + (activity.starts_at - opened) * chance.uniform(0.05, 0.97)


def _party(activity: Activity, home: Home, count: int, when: datetime, chance: Random) -> Party:
    household = home.household
    return Party(
        id=key(chance),
        number=party_number(chance),
        activity=activity,
        channel=_channel(home, chance),
        language=household.language,
        email=household.email,
        phone=household.phone,
        outcome=RegistrationState.CONFIRMED,
        outcome_confirmed=count,
        created_at=when,
    )


def _channel(home: Home, chance: Random) -> str:
    """Who has no e-mail often rings."""
    return Channel.PHONE if chance.random() < (0.1 if home.household.email else 0.6) else Channel.WEB


def _attendance(registered: Sequence[Registration], chance: Random, *, now: datetime) -> Iterator[Attendance]:
    for registration in registered:
        if registration.state != RegistrationState.CONFIRMED:
            continue
        for session in registration.activity.sessions.all():
            if session.ends_at > now:
                continue
            presence = chance.choices(Presence.values, weights=(82, 11, 7))[0]
            yield Attendance(
                session=session,
                registration=registration,
                presence=presence,
                marked_at=session.ends_at + timedelta(minutes=20),
            )


def _register(activity: Activity, fill: float, crowd: Crowd, chance: Random, *, now: datetime) -> None:
    """Through the same door as residents, at moments before today, in their order."""
    opens = max(filter(None, (activity.published_at, activity.registration_opens_at)))
    closes = min(filter(None, (now, activity.closes_at())))
    goal = _target(activity, fill)
    if opens >= closes or goal <= 0:
        return
    chosen: list[tuple[Home, list[Resident]]] = []
    count = 0
    for home, people in crowd.parties(activity, chance):
        if count >= goal:
            break
        chosen.append((home, people[: goal - count]))
        count += len(chosen[-1][1])
    # Most register in the last weeks: the square root leans towards the end.
    moments = sorted(opens + (closes - opens) * (0.02 + 0.96 * chance.random() ** 0.5) for _ in chosen)
    for (home, people), moment in zip(chosen, moments, strict=True):
        registrations.register(
            activity=activity,
            people=[as_person(person) for person in people],
            contact=registrations.Contact(
                email=home.household.email,
                phone=str(home.household.phone),
                language=home.household.language,
                guardian_name=f"{home.people[0].given_name} {home.people[0].family_name}",
            ),
            all_or_none=len(people) > 1 and chance.random() < 0.3,
            channel=_channel(home, chance),
            now=moment.replace(microsecond=0),
            form_key=key(chance),
        )


def as_person(resident: Resident) -> registrations.Person:
    """Somebody as the form would tell of them."""
    return registrations.Person(
        given_name=resident.given_name,
        family_name=resident.family_name,
        birth_year=resident.birth_year,
        birth_month=resident.birth_month,
        birth_day=resident.birth_day,
        village=resident.village,
        lives_elsewhere=resident.lives_elsewhere,
        sex=resident.sex,
    )


def _approve_some(coming: Sequence[Activity], *, now: datetime) -> None:
    """Of those who await approval, the first half has been approved."""
    for activity in coming:
        if not activity.needs_approval:
            continue
        locked = places.lock_or_fail(activity)
        waiting = activity.registrations.filter(state=RegistrationState.AWAITING_APPROVAL).order_by("pk")
        free = places.free(locked)
        first = list(waiting.values_list("pk", flat=True)[: (waiting.count() + 1) // 2])[:free]
        Registration.objects.filter(pk__in=first).update(state=RegistrationState.CONFIRMED)
        places.change(locked, now=now, taken=len(first))


def _offer_a_place(coming: Sequence[Activity], *, now: datetime) -> None:
    """Somebody cannot come to a full activity, and the next in the queue is asked: the offer is running now."""
    for activity in coming:
        current = places.lock_or_fail(activity)
        if not current.waiting or current.starts_at is None or current.starts_at < now + timedelta(days=4):
            continue
        held = current.registrations.filter(state=RegistrationState.CONFIRMED).select_related("party")
        first = held.order_by("pk").first()
        if first is not None:
            registrations.cancel(party=first.party, registrations=[first], now=now - timedelta(hours=3))
            return


def _call_one_off(coming: Sequence[Activity], *, now: datetime) -> None:
    """One activity will not take place, and those who registered have been told."""
    for activity in coming:
        current = Activity.objects.get(pk=activity.pk)
        if 2 <= current.taken <= 8 and not current.waiting and not current.needs_approval:
            reason = "Telpās notiek remonts. Jaunu laiku paziņosim."
            registrations.cancel_all(activity=current, reason=reason, now=now - timedelta(hours=20))
            return
