"""A month of one place: what is on there, as posters and leaflets tell it. Public, so only what is published.

Of the month that runs, what is over is left out: nobody hangs up yesterday.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from centres.models import Centre
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from ecosystem.models import Parish

# How many months ahead a paper can be asked for.
MOST_AHEAD = 12
_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Month:
    """A month of a year."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str, *, today: date) -> Self | None:
        """A month as written in addresses, "2027-02"; None for what is none, is over or is too far ahead."""
        found = _WRITTEN.fullmatch(text)
        if not found or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[1]) <= 9000:
            return None
        month = cls(int(found[1]), int(found[2]))
        last = cls.of(today + relativedelta(months=MOST_AHEAD)).first
        return month if cls.of(today).first <= month.first <= last else None

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def code(self) -> str:
        """As written in addresses."""
        return f"{self.year}-{self.month:02d}"

    def next(self) -> Self:
        """The month after it."""
        return self.of(self.first + relativedelta(months=1))


def sessions(
    *, month: Month, now: datetime, parish: Parish | None = None, centre: Centre | None = None
) -> list[Session]:
    """The sessions of published activities in the month that are not over, in their order; two queries."""
    zone = timezone.get_default_timezone()
    begins = datetime.combine(month.first, time(0), tzinfo=zone)
    ends = datetime.combine(month.next().first, time(0), tzinfo=zone)
    found = Session.objects.to_come(now=now).filter(
        activity__status=ActivityStatus.PUBLISHED, starts_at__gte=begins, starts_at__lt=ends
    )
    if parish is not None:
        found = found.filter(activity__parish=parish)
    if centre is not None:
        found = found.filter(activity__centre=centre)
    return list(
        found.select_related("activity__topic", "activity__centre", "activity__parish")
        .prefetch_related("activity__audiences")
        .order_by("starts_at", "pk")
    )


def by_activity(found: Sequence[Session]) -> list[tuple[Activity, list[Session]]]:
    """The same by activity, in the order of their first sessions."""
    groups: dict[int, tuple[Activity, list[Session]]] = {}
    for session in found:
        groups.setdefault(session.activity_id, (session.activity, []))[1].append(session)
    return list(groups.values())
