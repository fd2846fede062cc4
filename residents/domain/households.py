"""Recognising people without accounts.

A resident is recognised only when three things agree: the contact, the name (folded, since telephones have no long
vowels) and the birth, exactly as given. Two of the three are never enough: father and son share a name and a
telephone. Whoever is not recognised becomes a new person; doubles are found and joined later, by people.

The contact that counts is the address the answer goes to: the e-mail address where one is given, otherwise the
telephone. Everything that only the resident may learn ("already registered", a clash) goes to that same address, so
typing a known person's telephone beside one's own e-mail address tells nothing. For the same reason a form never
adds a contact to a known household, and never adds people to a household that somebody has proved to be theirs.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import FilteredRelation, Q, Value

from ecosystem.models import User, Village
from ecosystem.models.functions import Fold
from residents.models import Household, Resident


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


def recognise(*, people: Sequence[Named], email: str, phone: str, by: User | None = None) -> Recognition:
    """Which of the people are known under this contact, and which household newcomers join; one query."""
    nobody = Recognition(known=[[] for _ in people])
    if not email and not phone:
        return nobody
    keys = [Fold(Value(f"{person.given_name} {person.family_name}")) for person in people]
    rows: Iterable[dict[str, Any]] = (
        Household.objects.filter(Q(email=email) if email else Q(phone=phone))
        .annotate(
            known=FilteredRelation("residents", condition=Q(residents__name_key__in=keys)),
            **{f"key_{place}": key for place, key in enumerate(keys)},
        )
        .order_by("-created_at", "id", "-known__created_at", "known__id")
        .values(
            *("id", "account_id", "known__id", "known__name_key"),
            *("known__birth_year", "known__birth_month", "known__birth_day"),
            *(f"key_{place}" for place in range(len(people))),
        )
    )
    known: list[list[UUID]] = [[] for _ in people]
    open_to_newcomers: list[UUID] = []
    for row in rows:
        if row["account_id"] is None or (by is not None and row["account_id"] == by.pk):
            open_to_newcomers.append(row["id"])
        if row["known__id"] is None:
            continue
        birth = (row["known__birth_year"], row["known__birth_month"], row["known__birth_day"])
        for place, person in enumerate(people):
            if (
                row["known__name_key"] == row[f"key_{place}"]
                and birth == (person.birth_year, person.birth_month, person.birth_day)
                and person.birth_year is not None
            ):
                known[place].append(row["known__id"])
    return Recognition(
        known=known,
        household=open_to_newcomers[-1] if open_to_newcomers else None,
        all_known=frozenset(resident for candidates in known for resident in candidates),
    )


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
        household = Household.objects.create(email=email, phone=phone, language=language, created_at=now).pk
    return Resident.objects.bulk_create(
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
    Household.objects.filter(proven, residents__in=list(residents)).update(email=new[0], phone=new[1])
