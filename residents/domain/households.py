"""Recognising people without accounts.

A resident is recognised only when three things agree: the contact, the name (folded, since telephones have no long
vowels) and the birth, exactly as given. Two of the three are never enough: father and son share a name and a
telephone. Whoever is not recognised becomes a new person; doubles are found and joined later, by people. Of somebody
who was joined from two entries the evidence of either will do (``Alias``): the one's contact with the other's name.

The contact that counts is the address the answer goes to: the e-mail address where one is given, otherwise the
telephone. Everything that only the resident may learn ("already registered", a clash) goes to that same address, so
typing a known person's telephone beside one's own e-mail address tells nothing. For the same reason a form never
adds a contact to a known household, and never adds people to a household that somebody has proved to be theirs.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Q

from ecosystem.models import User, Village
from ecosystem.models.writing import insert
from residents.models import Alias, Household, Resident


class Named(Protocol):
    """What a form says about one person."""

    @property
    def given_name(self) -> str: ...
    @property
    def family_name(self) -> str: ...
    @property
    def birth_year(self) -> int | None: ...
    @property
    def birth_month(self) -> int | None: ...
    @property
    def birth_day(self) -> int | None: ...
    @property
    def village(self) -> Village | None: ...
    @property
    def lives_elsewhere(self) -> bool: ...
    @property
    def sex(self) -> str: ...


@dataclass(frozen=True)
class Recognition:
    """Who of the people in a form is known, and the household that newcomers of the same contact join."""

    # For each person of the form, the residents they may be: usually none or one, the newest first. More than one
    # only while doubles wait to be joined.
    known: list[list[UUID]]
    household: UUID | None = None
    all_known: frozenset[UUID] = field(default_factory=frozenset)


def hold(keys: Iterable[str]) -> None:
    """Make others with one of these keys (contacts, a form) wait until this transaction ends.

    Without it two forms of one new person, sent at once, would both find nobody and make the person twice. The keys
    are taken in their order, before any row is locked, so nobody waits in a circle.
    """
    numbers = sorted(
        {int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True) for key in keys}
    )
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [numbers])


# Each household of the contact, with whom of the form it knows; then, without a place in the form, whom an alias ties to
# the contact. In SQL as it stands: it is asked at every registration, and building it anew took longer than running
# it. An unknown year of birth equals nothing, not even another unknown one.
_KNOWN = """
(SELECT household.id, household.account_id, typed.place, resident.id
FROM residents_household household
LEFT JOIN (
    residents_resident resident
    JOIN unnest(%s::text[], %s::int[], %s::int[], %s::int[]) WITH ORDINALITY
        AS typed(name, birth_year, birth_month, birth_day, place)
    ON resident.name_key = tuvak_fold(typed.name)
    AND resident.birth_year = typed.birth_year
    AND resident.birth_month IS NOT DISTINCT FROM typed.birth_month
    AND resident.birth_day IS NOT DISTINCT FROM typed.birth_day
) ON resident.household_id = household.id
WHERE household.{contact} = %s
ORDER BY household.created_at DESC, household.id, resident.created_at DESC, resident.id)
UNION ALL
SELECT NULL, NULL, NULL, alias.resident_id FROM residents_alias alias
WHERE alias.{contact} = %s AND alias.{contact} <> ''
"""
# Those of these residents who are meant by the form, by what they are called or once were.
_ONCE = """
SELECT DISTINCT typed.place, known.id
FROM (
    SELECT id, name_key, birth_year, birth_month, birth_day FROM residents_resident WHERE id = ANY(%s)
    UNION ALL
    SELECT resident_id, name_key, birth_year, birth_month, birth_day FROM residents_alias WHERE resident_id = ANY(%s)
) AS known(id, name_key, birth_year, birth_month, birth_day)
JOIN unnest(%s::text[], %s::int[], %s::int[], %s::int[]) WITH ORDINALITY
    AS typed(name, birth_year, birth_month, birth_day, place)
ON known.name_key = tuvak_fold(typed.name)
AND known.birth_year = typed.birth_year
AND known.birth_month IS NOT DISTINCT FROM typed.birth_month
AND known.birth_day IS NOT DISTINCT FROM typed.birth_day
ORDER BY 1, 2
"""


def recognise(*, people: Sequence[Named], email: str, phone: str, by: User | None = None) -> Recognition:
    """Which of the people are known under this contact, and which household newcomers join; one query.

    A second where the contact is that of somebody joined from two entries.
    """
    known: list[list[UUID]] = [[] for _ in people]
    if not email and not phone:
        return Recognition(known=known)
    typed: list[list[str] | list[int | None]] = [
        [f"{person.given_name} {person.family_name}" for person in people],
        [person.birth_year for person in people],
        [person.birth_month for person in people],
        [person.birth_day for person in people],
    ]
    with connection.cursor() as cursor:
        contact = email or phone
        cursor.execute(_KNOWN.format(contact="email" if email else "phone"), [*typed, contact, contact])
        rows = cursor.fetchall()
        joined = list({resident for household, _account, _place, resident in rows if household is None})
        if joined:
            cursor.execute(_ONCE, [joined, joined, *typed])
            rows += [(None, None, place, resident) for place, resident in cursor.fetchall()]
    open_to_newcomers: list[UUID] = []
    for household, account, place, resident in rows:
        if household is not None and (account is None or (by is not None and account == by.pk)):
            open_to_newcomers.append(household)
        if place is not None and resident not in known[place - 1]:
            known[place - 1].append(resident)
    return Recognition(
        known=known,
        household=open_to_newcomers[-1] if open_to_newcomers else None,
        all_known=frozenset(resident for candidates in known for resident in candidates),
    )


def chosen(seen: Recognition, residents: Sequence[UUID | None]) -> Recognition:
    """The same where a coordinator has found people themselves: each one found stands before what was recognised."""
    pairs = zip(residents, seen.known, strict=True)
    known = [[resident] if resident is not None else there for resident, there in pairs]
    return replace(seen, known=known, all_known=frozenset(pk for candidates in known for pk in candidates))


def welcome(
    *,
    people: Sequence[Named],
    household: UUID | None,
    email: str,
    phone: str,
    language: str,
    guardians: Sequence[str],
    now: datetime,
) -> list[Resident]:
    """Make residents of people who were not recognised, in this household or a new one."""
    if not people:
        return []
    if household is None:
        household = insert([Household(email=email, phone=phone, language=language, created_at=now)])[0].pk
    return insert(
        [
            Resident(
                household_id=household,
                given_name=person.given_name,
                family_name=person.family_name,
                birth_year=person.birth_year,
                birth_month=person.birth_month,
                birth_day=person.birth_day,
                village=person.village,
                lives_elsewhere=person.lives_elsewhere,
                sex=person.sex,
                guardian_name=guardian,
                created_at=now,
            )
            for person, guardian in zip(people, guardians, strict=True)
        ]
    )


def move(*, residents: Iterable[UUID], old: tuple[str, str], new: tuple[str, str]) -> None:
    """Let the households of these people follow a contact that its holder has changed from (e-mail, telephone).

    Only where all that the link was sent to is the household's own contact, and nobody has proved the household by
    an account: otherwise whoever typed their own telephone beside another's address could take the household over.
    """
    email, phone = old
    proven = Q(account=None)
    if email:
        proven &= Q(email=email)
    if phone:
        proven &= Q(phone=phone)
    people = list(residents)
    moved = Household.objects.filter(proven, residents__in=people).update(email=new[0], phone=new[1])
    if not moved:
        return
    if email:
        Alias.objects.filter(resident__in=people, email=email).update(email=new[0])
    if phone:
        Alias.objects.filter(resident__in=people, phone=phone).update(phone=new[1])
    Resident.objects.filter(pk__in=people).update(doubles_checked_at=None)
