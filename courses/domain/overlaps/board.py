"""The board of overlaps: what waits for a decision, what was decided and how fast, what is gone.

Everyone with a post reads all of it, but for the pairs in which somebody else's draft stands. A pair is *open* while it
overlaps and nobody has decided; *decided* once a decision stands, whether or not the pair overlaps still (what was made
joint overlaps no more); *gone* when it stopped overlapping undecided: one of the two was changed, called off or is over.

The list, the counts beside the filters and the summaries are a fixed number of questions, answered by the database:
``tests/test_overlap_board.py`` holds them to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from coordinators.domain.access import Reach
from courses.domain import rights
from courses.models import Activity, Overlap

OPEN, DECIDED, GONE = STATES = ("open", "decided", "gone")
_IS: dict[str, Q] = {
    OPEN: Q(ended_at=None, decision=None),
    DECIDED: Q(decision__isnull=False),
    GONE: Q(ended_at__isnull=False, decision=None),
}
# The one that begins first of the two; where none has a day yet, last.
_SOONEST = Least("first__starts_at", "second__starts_at")
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


@dataclass(frozen=True)
class Tally:
    """How many are open, decided and gone; the median time from found to decided, of ``timed`` decisions."""

    open: int = 0
    decided: int = 0
    gone: int = 0
    median: timedelta | None = None
    timed: int = 0

    def of(self, state: str) -> int:
        """How many are in one state."""
        return int(getattr(self, state))


@dataclass(frozen=True)
class Measured:
    """Beside the predicted the measured: of ``known`` duplicates, in ``met`` the same people came; ``people`` in all."""

    known: int = 0
    met: int = 0
    people: int = 0


@dataclass(frozen=True)
class Summary:
    """The board in figures. Each part leaves out its own filter, so that what else one could choose is counted too."""

    # By state and kind.
    kinds: Mapping[tuple[str, str], int]
    all: Tally
    measured: Measured
    pairs: Mapping[tuple[str, str], Tally]
    parishes: Mapping[str, Tally]
    audiences: Mapping[str, Tally]


class Median(Aggregate):
    """The value in the middle."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


class Each(Func):
    """A row for each of an array's values."""

    function = "unnest"
    set_returning = True
    arity = 1


class _Two(Func):
    template = "ARRAY[%(expressions)s]"
    arity = 2


def seen_by(reach: Reach) -> QuerySet[Overlap]:
    """The overlaps of which somebody sees both sides: a draft's only with its own department."""
    seen = rights.seen_by(reach).order_by()
    return Overlap.objects.filter(first__in=seen.values("pk"), second__in=seen.values("pk"))


def chosen(*, reach: Reach, wanted: Wanted) -> QuerySet[Overlap]:
    """Those asked for, in no order."""
    found = seen_by(reach).order_by()
    if wanted.states:
        found = found.filter(_any(_IS[state] for state in sorted(wanted.states)))
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
        meant = Activity.audiences.through.objects.filter(audience__in=wanted.audiences).values("activity")
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
        When(_IS[OPEN] & needs, then=Value(0)),
        When(_IS[OPEN], then=Value(1)),
        When(_IS[DECIDED], then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    within = Case(When(_IS[OPEN], then=_SOONEST if order == SOONEST else F("found_at")), default=None)
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


def summary(*, reach: Reach, wanted: Wanted) -> Summary:
    """The board in figures; five queries, whatever the size. The states chosen do not narrow it."""
    wanted = replace(wanted, states=frozenset())
    shown = chosen(reach=reach, wanted=wanted)
    by_kind = chosen(reach=reach, wanted=replace(wanted, kinds=frozenset())).annotate(state=_state())
    over = Q(kind=Overlap.Kind.DUPLICATE, came_to_both__isnull=False)
    whole = shown.aggregate(
        **_counts(),
        known=Count("pk", filter=over),
        met=Count("pk", filter=over & Q(came_to_both__gt=0)),
        people=Sum("came_to_both", filter=over, default=0),
    )
    measured = Measured(whole.pop("known"), whole.pop("met"), whole.pop("people"))
    pairs = chosen(reach=reach, wanted=replace(wanted, pairs=frozenset()))
    parishes = chosen(reach=reach, wanted=replace(wanted, parishes=frozenset()))
    audiences = chosen(reach=reach, wanted=replace(wanted, audiences=frozenset()))
    return Summary(
        kinds={
            (one, kind): number
            for one, kind, number in by_kind.values("state", "kind")
            .annotate(number=Count("pk"))
            .values_list("state", "kind", "number")
        },
        all=Tally(**whole),
        measured=measured,
        pairs={
            (row.pop("one"), row.pop("other")): Tally(**row)
            for row in pairs.annotate(one=Least("first__lead", "second__lead"), other=Greatest("first__lead", "second__lead"))
            .values("one", "other")
            .annotate(**_counts())
        },
        parishes=_tallies(parishes, _parish()),
        audiences=_tallies(audiences, _audience()),
    )


def _tallies(found: QuerySet[Overlap], by: Each) -> dict[str, Tally]:
    counted = found.annotate(by=by).values("by").annotate(**_counts())
    return {row.pop("by"): Tally(**row) for row in counted if row["by"] is not None}


def _counts() -> dict[str, Any]:
    """What a tally is made of. One decided before it was found (again) says nothing of how long it took."""
    took = ExpressionWrapper(F("decision__at") - F("found_at"), output_field=DurationField())
    timed = Q(decision__at__gte=F("found_at"))
    return {
        **{name: Count("pk", filter=is_so) for name, is_so in _IS.items()},
        "median": Median(took, filter=timed, output_field=DurationField()),
        "timed": Count("pk", filter=timed),
    }


def _state() -> Case:
    return Case(*(When(is_so, then=Value(name)) for name, is_so in _IS.items()), output_field=CharField())


def _parish() -> Each:
    """The parishes of the two, one of them where both are in it."""
    other = Case(When(~Q(second__parish=F("first__parish")), then=F("second__parish")), default=None)
    return Each(_Two("first__parish", other), output_field=CharField())


def _audience() -> Each:
    """Everyone that either is meant for."""
    meant = (
        Activity.audiences.through.objects.filter(Q(activity=OuterRef("first")) | Q(activity=OuterRef("second")))
        .order_by("audience")
        .values("audience")
        .distinct()
    )
    return Each(ArraySubquery(meant), output_field=CharField())


def _any(conditions: Any) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Latvia."""
    return datetime.combine(day, time(0), tzinfo=timezone.get_default_timezone())
