"""The board of overlaps: what waits for a decision, what was decided and how fast, what is gone.

Everyone with a post reads all of it, but for the pairs in which somebody else's draft stands. A pair is *open* while it
overlaps and nobody has decided; *decided* once a decision stands, whether or not the pair overlaps still (what was made
joint overlaps no more); *gone* when it stopped overlapping undecided: one of the two was changed, called off or is over.

The list is here; the counts beside the filters and the figures are :mod:`tallies`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Least
from django.utils import timezone

from coordinators.domain.access import Reach
from courses.domain import rights
from courses.enums import ActivityStatus
from courses.models import Activity, Overlap, Unjudged
from courses.models.overlaps import OverlapQuerySet

OPEN, DECIDED, GONE = STATES = ("open", "decided", "gone")
IS: dict[str, Q] = {
    OPEN: Q(ended_at=None, decision=None),
    DECIDED: Q(decision__isnull=False),
    GONE: Q(ended_at__isnull=False, decision=None),
}
# What the departments see of each other.
SHOWN = (ActivityStatus.PLANNED, ActivityStatus.PUBLISHED)
# The one that begins first of the two; where none has a day yet, last.
_SOONEST = Least("first__starts_at", "second__starts_at")
# Which activity is meant for which audience.
MEANT: Any = Activity.audiences.through
SOONEST, LONGEST = ORDERS = ("drizak", "ilgak")


@dataclass(frozen=True)
class Wanted:
    """What the board is asked for; empty sets are no limit. A pair of departments is in the order of their codes."""

    states: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, str]] = frozenset()
    parishes: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    first_day: date | None = None
    last_day: date | None = None
    # Only what touches activities that the reader works on.
    is_mine: bool = False


def seen_by(reach: Reach) -> OverlapQuerySet:
    """The overlaps of which somebody sees both sides: a draft's only with its own department."""
    if not reach:
        return Overlap.objects.none()
    return Overlap.objects.filter(rights.seen(reach, "first__"), rights.seen(reach, "second__"))


def unjudged(*, reach: Reach) -> QuerySet[Any]:
    """Which plans that somebody sees could not be compared, with ``missing`` and whether they have audiences, the soonest first."""
    meant = MEANT.objects.filter(activity=OuterRef("activity")).order_by()
    found = Unjudged.objects.filter(rights.seen(reach, "activity__"), activity__status__in=SHOWN)
    rows = found.annotate(has_audiences=Exists(meant)).select_related("activity__lead")
    return rows.order_by(F("activity__starts_at").asc(nulls_last=True), "activity")


def chosen(*, reach: Reach, wanted: Wanted) -> OverlapQuerySet:
    """Those asked for, in no order."""
    found = seen_by(reach).order_by()
    if wanted.states:
        found = found.filter(_any(IS[state] for state in sorted(wanted.states)))
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    if wanted.pairs:
        found = found.filter(
            _any(
                Q(first__lead=one, second__lead=other) | Q(first__lead=other, second__lead=one)
                for one, other in sorted(wanted.pairs)
            )
        )
    if wanted.parishes:
        found = found.filter(Q(first__parish__in=wanted.parishes) | Q(second__parish__in=wanted.parishes))
    if wanted.audiences:
        meant = MEANT.objects.filter(audience__in=wanted.audiences).order_by().values("activity")
        found = found.filter(Q(first__in=meant) | Q(second__in=meant))
    if wanted.first_day is not None:
        since = midnight(wanted.first_day)
        found = found.filter(Q(first__ends_at__gte=since) | Q(second__ends_at__gte=since))
    if wanted.last_day is not None:
        until = midnight(wanted.last_day + timedelta(days=1))
        found = found.filter(Q(first__starts_at__lt=until) | Q(second__starts_at__lt=until))
    if wanted.is_mine:
        mine = rights.managed_by(reach).order_by().values("pk")
        found = found.filter(Q(first__in=mine) | Q(second__in=mine))
    return found


def listed(*, reach: Reach, wanted: Wanted, order: str = SOONEST) -> QuerySet[Overlap]:
    """The open ones first: what needs a decision before what is only told, and the soonest, or the longest open; then the
    decided and the gone, the latest first. Each has its ``state``."""
    needs = Q(kind=Overlap.Kind.DUPLICATE, is_own=False)
    rank = Case(
        When(IS[OPEN] & needs, then=Value(0)),
        When(IS[OPEN], then=Value(1)),
        When(IS[DECIDED], then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    within = Case(When(IS[OPEN], then=_SOONEST if order == SOONEST else F("found_at")), default=None)
    return (
        chosen(reach=reach, wanted=wanted)
        .annotate(rank=rank)
        .order_by(
            "rank",
            within.asc(nulls_last=True),
            F("decision__at").desc(nulls_last=True),
            F("ended_at").desc(nulls_last=True),
            "-strength",
            "pk",
        )
    )


def rows(page: QuerySet[Overlap]) -> list[Overlap]:
    """The rows of a page of :func:`listed`, in its order, with what a line says of them: three queries more."""
    keys = list(page.values_list("pk", flat=True))
    read = (
        Overlap.objects.filter(pk__in=keys)
        .select_related(
            *("first__lead", "first__parish", "first__centre", "second__lead", "second__parish", "second__centre"),
            *("decision__by", "decision__department"),
        )
        .prefetch_related("first__audiences", "second__audiences")
        .order_by()
    )
    by_key = {row.pk: row for row in read}
    return [by_key[key] for key in keys if key in by_key]


def state(overlap: Overlap) -> str:
    """Where one stands: open, decided or gone."""
    if overlap.decision_id is not None:
        return DECIDED
    return OPEN if overlap.ended_at is None else GONE


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Latvia."""
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())
