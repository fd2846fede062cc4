"""Possible doubles: pairs of entries that may be one person, found at entry and nightly, decided by people.

A new or changed entry waits to be looked at (``Resident.doubles_checked_at``); a sweep each minute takes those that
wait, so that nobody's registering is slower for it. Each night all are looked at once more. Who may be meant is found
by indexes (contact, name, birth date), judged by ``likeness``. A contact under which many are known is an office's or
a school's and says nothing. What people have decided is not asked again, and a pair that no longer looks alike goes.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import CharField, Q
from django.db.models.functions import Cast

from ecosystem.models import User
from residents.domain import likeness
from residents.domain.likeness import Entry, Finding, spoken
from residents.models import Alias, PossibleDouble, Resident

# More people under one contact than a large family: an office's.
MOST_OF_A_CONTACT = 25
# More namesakes of a village than this are told apart by their year, more of one birthday by their given name.
MOST_COMPARED = 40
# How many entries one look of the sweep takes (what is left is taken by the next), and of the night.
BATCH, BATCH_AT_NIGHT = 500, 2000

Pair = tuple[UUID, UUID]


@dataclass
class Names:
    """The given names that several people bear, asked for when a slip of the pen is first to be judged."""

    _borne: frozenset[str] | None = field(default=None)

    def __contains__(self, name: object) -> bool:
        if self._borne is None:
            counted: Counter[str] = Counter()
            with connection.cursor() as cursor:
                cursor.execute("SELECT given_name, count(*) FROM residents_resident GROUP BY given_name")
                for given, number in cursor.fetchall():
                    counted[spoken(given)] += number
            self._borne = frozenset(each for each, number in counted.items() if number > 1)
        return name in self._borne


def look(*, residents: Iterable[UUID], now: datetime, borne: Container[str] | None = None) -> list[PossibleDouble]:
    """Look whether these are somebody already known, and write down what is found; the pairs to be compared."""
    wanted = set(residents)
    found = _findings(wanted, Names() if borne is None else borne)
    with transaction.atomic():
        # All of them in one order, before any pair: whoever joins two of them at this moment locks as we do.
        everybody = wanted | {pk for pair in found for pk in pair}
        rows = Resident.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=everybody).order_by("pk")
        there = set(rows.values_list("pk", flat=True))
        found = {pair: finding for pair, finding in found.items() if there.issuperset(pair)}
        return _write(wanted & there, found, now)


def look_at_new(*, now: datetime) -> int:
    """Look at those who wait for it, oldest first; how many. For the clock, each minute."""
    waiting = Resident.objects.filter(doubles_checked_at=None).order_by("created_at", "pk")
    batch = list(waiting.values_list("pk", flat=True)[:BATCH])
    if batch:
        look(residents=batch, now=now)
    return len(batch)


def look_at_all(*, now: datetime) -> int:
    """Look at everybody, in batches that are transactions of their own; how many pairs are to be compared."""
    borne = Names()
    last: UUID | None = None
    while True:
        rows = Resident.objects.order_by("pk") if last is None else Resident.objects.filter(pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", flat=True)[:BATCH_AT_NIGHT])
        if not batch:
            return PossibleDouble.objects.filter(state=PossibleDouble.State.OPEN).count()
        look(residents=batch, now=now, borne=borne)
        last = batch[-1]


def look_again(*, residents: Iterable[UUID]) -> None:
    """What these are called, or how they are reached, has changed: the sweep looks once more."""
    Resident.objects.filter(pk__in=list(residents)).update(doubles_checked_at=None)


def not_same(*, pair: PossibleDouble, by: User | None, now: datetime) -> PossibleDouble:
    """They are two people: kept, so that nobody is asked again. Twice is once."""
    with transaction.atomic():
        current = PossibleDouble.objects.select_for_update(of=("self",)).get(pk=pair.pk)
        if current.state != PossibleDouble.State.NOT_SAME:
            current.state, current.decided_at, current.decided_by = PossibleDouble.State.NOT_SAME, now, by
            current.save(update_fields=["state", "decided_at", "decided_by"])
    return current


def ordered(one: UUID, other: UUID) -> Pair:
    """The pair as its row names it."""
    return (one, other) if one < other else (other, one)


def _write(wanted: set[UUID], found: dict[Pair, Finding], now: datetime) -> list[PossibleDouble]:
    there = {
        (row.first_id, row.second_id): row
        for row in PossibleDouble.objects.filter(Q(first__in=wanted) | Q(second__in=wanted))
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    is_open = PossibleDouble.State.OPEN
    gone = [row.pk for pair, row in there.items() if row.state == is_open and pair not in found]
    PossibleDouble.objects.filter(pk__in=gone).delete()
    changed = []
    for pair, finding in found.items():
        row = there.get(pair)
        if row is not None and row.state == is_open and (row.strength, row.reasons) != _columns(finding):
            row.strength, row.reasons = _columns(finding)
            changed.append(row)
    PossibleDouble.objects.bulk_update(changed, ["strength", "reasons"])
    new = [
        PossibleDouble(
            first_id=pair[0], second_id=pair[1], strength=finding.strength, reasons=list(finding.reasons), found_at=now
        )
        for pair, finding in sorted(found.items())
        if pair not in there
    ]
    # Two looks at once may find the same: one row.
    PossibleDouble.objects.bulk_create(new, ignore_conflicts=True)
    Resident.objects.filter(pk__in=wanted).update(doubles_checked_at=now)
    if not found:
        return []
    rows = PossibleDouble.objects.filter(Q(first__in=wanted) | Q(second__in=wanted), state=is_open)
    return list(rows.order_by("-strength", "found_at", "pk"))


def _columns(finding: Finding) -> tuple[int, list[str]]:
    return finding.strength, [str(reason) for reason in finding.reasons]


def _findings(wanted: set[UUID], borne: Container[str]) -> dict[Pair, Finding]:
    """The pairs of these with anybody (or each other) that look like one person."""
    entries = _entries(wanted)
    found: dict[Pair, Finding] = {}
    for one, other in _pairs(entries, wanted):
        finding = likeness.best(entries[one], entries[other], borne=borne)
        if finding is not None:
            found[one, other] = finding
    return found


# These, and all who share with them a contact, a birth date, or a name (also the other way round) in one village within
# a generation. Each way is a look into an index; as one condition with OR it would be none.
_NEAR = """
WITH own AS (
    SELECT resident.id, resident.name_key, tuvak_fold(resident.family_name || ' ' || resident.given_name) AS swapped,
        resident.birth_year, resident.birth_month, resident.birth_day, household.email, household.phone,
        resident.village_id
    FROM residents_resident resident JOIN residents_household household ON household.id = resident.household_id
    WHERE resident.id = ANY(%(wanted)s)
    UNION ALL
    SELECT alias.resident_id, alias.name_key, tuvak_fold(alias.family_name || ' ' || alias.given_name),
        alias.birth_year, alias.birth_month, alias.birth_day, alias.email, alias.phone, resident.village_id
    FROM residents_alias alias JOIN residents_resident resident ON resident.id = alias.resident_id
    WHERE alias.resident_id = ANY(%(wanted)s)
)
SELECT id FROM own
UNION SELECT resident.id FROM own JOIN residents_household household ON household.email = own.email
    JOIN residents_resident resident ON resident.household_id = household.id WHERE own.email <> ''
UNION SELECT resident.id FROM own JOIN residents_household household ON household.phone = own.phone
    JOIN residents_resident resident ON resident.household_id = household.id WHERE own.phone <> ''
UNION SELECT resident.id FROM own JOIN residents_resident resident ON resident.name_key = own.name_key
    AND resident.village_id = own.village_id
    AND coalesce(abs(resident.birth_year - own.birth_year), 0) < %(generation)s
UNION SELECT resident.id FROM own JOIN residents_resident resident ON resident.name_key = own.swapped
    AND resident.village_id = own.village_id
    AND coalesce(abs(resident.birth_year - own.birth_year), 0) < %(generation)s
UNION SELECT resident.id FROM own JOIN residents_resident resident ON resident.birth_day IS NOT NULL
    AND resident.birth_year = own.birth_year AND resident.birth_month = own.birth_month
    AND resident.birth_day = own.birth_day
UNION SELECT alias.resident_id FROM own JOIN residents_alias alias ON alias.email = own.email AND alias.email <> ''
UNION SELECT alias.resident_id FROM own JOIN residents_alias alias ON alias.phone = own.phone AND alias.phone <> ''
UNION SELECT alias.resident_id FROM own JOIN residents_alias alias ON alias.name_key = own.name_key
"""


def _entries(wanted: set[UUID]) -> dict[UUID, list[Entry]]:
    """These and all who may be one of them, each as often as they have been written down; three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"wanted": list(wanted), "generation": likeness.GENERATION})
        near = [row[0] for row in cursor.fetchall()]
    birth = ("birth_year", "birth_month", "birth_day")
    entries: dict[UUID, list[Entry]] = {}
    # As plain text: making a telephone of each, only to compare it, took longer than all the rest.
    rows = Resident.objects.filter(pk__in=near).annotate(number=Cast("household__phone", CharField())).order_by("pk")
    for pk, given, family, year, month, day, email, phone, village, household, written_at in rows.values_list(
        *("pk", "given_name", "family_name", *birth, "household__email", "number"),
        *("village_id", "household_id", "created_at"),
    ):
        entries[pk] = [Entry(pk, given, family, (year, month, day), email, phone, village, household, written_at)]
    aliases = Alias.objects.filter(resident__in=near).annotate(number=Cast("phone", CharField())).order_by("pk")
    for pk, given, family, year, month, day, email, phone in aliases.values_list(
        "resident_id", "given_name", "family_name", *birth, "email", "number"
    ):
        if pk in entries:
            village = entries[pk][0].village
            entries[pk].append(Entry(pk, given, family, (year, month, day), email, phone, village))
    return _without_offices(entries)


def _without_offices(entries: dict[UUID, list[Entry]]) -> dict[UUID, list[Entry]]:
    """The same with contacts taken away under which too many are known to say anything."""
    known: defaultdict[str, set[UUID]] = defaultdict(set)
    for pk, ones in entries.items():
        for one in ones:
            known[one.email].add(pk)
            known[one.phone].add(pk)
    offices = {contact for contact, people in known.items() if len(people) > MOST_OF_A_CONTACT}
    if not offices:
        return entries
    return {
        pk: [
            replace(
                one,
                email="" if one.email in offices else one.email,
                phone="" if one.phone in offices else one.phone,
            )
            for one in ones
        ]
        for pk, ones in entries.items()
    }


def _pairs(entries: dict[UUID, list[Entry]], wanted: set[UUID]) -> set[Pair]:
    """Who is worth comparing with whom; each pair once, at least one of it wanted."""
    groups: defaultdict[tuple[object, ...], set[UUID]] = defaultdict(set)
    # Where a group is too big, only those of one finer group are compared.
    finer: defaultdict[tuple[object, ...], set[UUID]] = defaultdict(set)
    for pk, ones in entries.items():
        for one in ones:
            if one.village:
                name = " ".join(sorted(spoken(f"{one.given_name} {one.family_name}").split()))
                groups["name", (name, one.village)].add(pk)
                finer["name", (name, one.village), one.birth[0]].add(pk)
            if one.birth[2] is not None:
                groups["birth", one.birth].add(pk)
                finer["birth", one.birth, spoken(one.given_name)].add(pk)
            for contact in filter(None, (one.email, one.phone)):
                groups["contact", contact].add(pk)
    compared: set[Pair] = set()
    for key, people in groups.items():
        if key[0] == "contact" or len(people) <= MOST_COMPARED:
            compared |= _of_group(people, wanted)
    for key, people in finer.items():
        if len(people) <= MOST_COMPARED < len(groups[key[:2]]):
            compared |= _of_group(people, wanted)
    return compared


def _of_group(people: set[UUID], wanted: set[UUID]) -> set[Pair]:
    return {ordered(one, other) for one in people & wanted for other in people if one != other}
