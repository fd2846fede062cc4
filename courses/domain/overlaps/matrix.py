"""Who serves whom, and who does what: the departments by audience and parish, and by topic.

What is planned, published or over is counted; drafts and what was called off are not. An activity counts for its lead and
for its partners, once in all. An audience is served by what is meant for it or for a narrower one beneath it: what is for
everyone is meant for nobody in particular (``courses.domain.board``). What may be joined online counts where it is led.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Count, F, Func, QuerySet, Value, When
from django.db.models.expressions import Combinable

from coordinators.domain.access import Reach
from courses.domain import rights
from courses.domain.overlaps.board import midnight
from courses.enums import ActivityStatus
from courses.models import Activity
from ecosystem.models import Audience

COUNTED = (ActivityStatus.PLANNED, ActivityStatus.PUBLISHED, ActivityStatus.COMPLETED)


class Each(Func):
    """A row for each of an array's values."""

    function = "unnest"
    set_returning = True
    arity = 1


@dataclass
class Cell:
    """How many activities in all, and of each department that leads or takes part."""

    total: int = 0
    led: dict[str, int] = field(default_factory=dict)
    joined: dict[str, int] = field(default_factory=dict)

    @property
    def departments(self) -> list[str]:
        """Those that do something here, by their codes."""
        return sorted({*self.led, *self.joined})

    def of(self, department: str) -> int:
        """How many a department leads or takes part in."""
        return self.led.get(department, 0) + self.joined.get(department, 0)


def who_serves(
    *, reach: Reach, audiences: Iterable[Audience], first_day: date, last_day: date, parishes: Iterable[str] = ()
) -> Mapping[tuple[str, str], Cell]:
    """The cells by parish and audience between two days; those where nobody does anything are not there. Two queries."""
    found = _between(reach, first_day, last_day)
    chosen = list(parishes)
    if chosen:
        found = found.filter(parish__in=chosen)
    above = wider(audiences)
    # The wider ones by a word of the query: an activity for two of them is counted once.
    codes = [
        When(audiences=code, then=Value(list(chain), output_field=ArrayField(CharField())))
        for code, chain in sorted(above.items())
    ]
    if not codes:
        return {}
    served = Each(Case(*codes, output_field=ArrayField(CharField())), output_field=CharField())
    return _cells(found.filter(audiences__isnull=False), F("parish"), served)


def who_does(*, reach: Reach, first_day: date, last_day: date, parishes: Iterable[str] = ()) -> Mapping[str, Cell]:
    """The cells by topic between two days. Two queries."""
    found = _between(reach, first_day, last_day)
    chosen = list(parishes)
    if chosen:
        found = found.filter(parish__in=chosen)
    cells = _cells(found, F("topic"), Value("", output_field=CharField()))
    return {topic: cell for (topic, _nothing), cell in cells.items()}


def wider(audiences: Iterable[Audience]) -> dict[str, tuple[str, ...]]:
    """Each audience with all that it is part of, itself first."""
    above = {audience.pk: audience.part_of_id for audience in audiences}
    found = {}
    for code in above:
        chain, up = [code], above[code]
        while up is not None and up in above and up not in chain:
            chain.append(up)
            up = above[up]
        found[code] = tuple(chain)
    return found


def narrower(audiences: Iterable[Audience]) -> dict[str, list[str]]:
    """Each audience with all that are part of it, itself first: what its cell counts."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, chain in wider(audiences).items():
        for each in chain:
            found[each].append(code)
    return {code: sorted(parts, key=lambda part: (part != code, part)) for code, parts in found.items()}


def _between(reach: Reach, first_day: date, last_day: date) -> QuerySet[Activity]:
    """What of it is held between two days, as the programme's list counts it."""
    since, until = midnight(first_day), midnight(last_day + timedelta(days=1))
    seen = rights.seen_by(reach).filter(status__in=COUNTED, starts_at__lt=until, ends_at__gte=since)
    return seen.order_by()


def _cells(found: QuerySet[Activity], row: Combinable, column: Combinable) -> dict[tuple[str, str], Cell]:
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    placed = found.annotate(row=row, column=column)
    led = placed.values("row", "column", "lead").annotate(number=Count("pk", distinct=True))
    for one, other, department, number in led.values_list("row", "column", "lead", "number"):
        cell = cells[one, other]
        cell.total += number
        cell.led[department] = number
    joined = placed.filter(partners__isnull=False).values("row", "column", "partners")
    counted = joined.annotate(number=Count("pk", distinct=True)).values_list("row", "column", "partners", "number")
    for one, other, department, number in counted:
        cells[one, other].joined[department] = number
    return dict(cells)
