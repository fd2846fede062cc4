"""Looks read: who looked at whose data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from coordinators.domain import looks
from coordinators.domain.access import Reach
from courses.domain.trail.asked import Wanted, called, period
from courses.models import Activity, Registration
from ecosystem.models import Look
from residents.models import Resident

_ACTIVITY = "activity"


@dataclass(frozen=True)
class LookRow:
    """A look with what its opaque references mean today."""

    look: Look
    activity: Activity | None
    people: list[Resident]


@dataclass(frozen=True)
class Looks:
    """Some looks, and where the next begin."""

    rows: list[LookRow] = field(default_factory=list)
    following: str = ""


def looked(*, reach: Reach, wanted: Wanted, after: str = "", limit: int) -> Looks:
    """Who looked at people's data, as far as the reader may know; newest first."""
    found = looks.read_by(reach)
    if wanted.person is not None:
        found = found.filter(pk__in=at_resident(resident=wanted.person).values("pk"))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.by is not None:
        found = found.filter(by=wanted.by)
    if wanted.activity is not None or wanted.words:
        keys = [wanted.activity] if wanted.activity is not None else called(wanted.words).values_list("pk", flat=True)
        found = found.filter(about__in=[f"{_ACTIVITY}:{pk}" for pk in keys])
    found = found.filter(**period(wanted, "at"))
    if after.isascii() and after.isdecimal() and len(after) < 18:
        found = found.filter(pk__lt=int(after))
    rows = list(found.select_related("by").order_by("-pk")[: limit + 1])
    return Looks(rows=_meant(rows[:limit]), following=str(rows[limit - 1].pk) if len(rows) > limit else "")


def at_resident(*, resident: UUID) -> QuerySet[Look]:
    """Who looked at this person's data: in a search or a form, or on a list they stood on. A resident may ask."""
    stood = Registration.objects.filter(resident=resident).order_by("pk").values_list("activity", "registered_at")
    return looks.at_people([resident], lists=[(f"{_ACTIVITY}:{pk}", since) for pk, since in stood])


def _meant(rows: Sequence[Look]) -> list[LookRow]:
    """The looks with the activities and the people they name; two queries."""
    numbers = {row.pk: int(row.about.partition(":")[2]) for row in rows if row.about.startswith(f"{_ACTIVITY}:")}
    activities = Activity.objects.in_bulk(set(numbers.values()))
    people = Resident.objects.in_bulk({pk for row in rows for pk in row.people})
    return [
        LookRow(
            look=row,
            activity=activities.get(numbers[row.pk]) if row.pk in numbers else None,
            people=[people[pk] for pk in row.people if pk in people],
        )
        for row in rows
    ]
