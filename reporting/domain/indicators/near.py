"""Closer to home (TUV): whether what is on is near, whom it reaches from where, where there is nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from statistics import mean, pstdev

from dateutil.relativedelta import relativedelta

from ecosystem.models import Audience, Parish
from reporting.domain import limits
from reporting.domain.figures import Period, Row, Unit
from reporting.domain.indicators.asking import Ask, Measure, share
from reporting.domain.indicators.grouping import ASPECT, told_apart
from reporting.domain.indicators.participation import OF_PEOPLE, PEOPLE
from reporting.domain.indicators.population import rates
from reporting.domain.indicators.registry import indicator

_KNOWN = "sum(t.times) FILTER (WHERE t.nearness <> '')"
_UNKNOWN = "coalesce(sum(t.times) FILTER (WHERE t.nearness = '' AND NOT t.elsewhere), 0)"


@indicator("TUV-01", Unit.PERCENT, by=("department", "audience", "topic", "kind", "month"), about_people=False)
def parish_coverage(ask: Ask) -> Iterable[Row]:
    """Parishes with at least one held session in the month ÷ parishes, the mean over the months of the period.

    n is parishes × months. Of a period that goes on the months to come are not counted.
    """
    parishes = Parish.objects.current().count()
    begun = Period(ask.asked.period.first, max(ask.asked.period.first, ask.until))
    months = 1 if "month" in ask.asked.by else _months(begun)
    cells = "count(DISTINCT t.parish || t.month)"
    measure = Measure(table="held", on="held_on", value=share(cells, str(parishes * months)), n=str(parishes * months))
    return ask.rows(measure)


@indicator("TUV-02", Unit.PERCENT, by=OF_PEOPLE)
def own_parish(ask: Ask) -> Iterable[Row]:
    """Attendances in the parish one lives in ÷ attendances of residents whose parish is known; online ones too."""
    return ask.rows(_nearness("t.nearness = 'own'"))


@indicator("TUV-03", Unit.PERCENT, by=OF_PEOPLE)
def own_or_neighbouring_parish(ask: Ask) -> Iterable[Row]:
    """As TUV-02, in one's own parish or one that borders on it by 1.5 km or more."""
    return ask.rows(_nearness("t.nearness IN ('own', 'neighbour')"))


@indicator("TUV-04", Unit.KM, by=OF_PEOPLE)
def median_distance(ask: Ask) -> Iterable[Row]:
    """Median great-circle km from the centre of the home parish to where the session was; approximate. Online left out."""
    return ask.rows(
        Measure(
            table="came",
            on="held_on",
            value="percentile_cont(0.5) WITHIN GROUP (ORDER BY t.km) FILTER (WHERE t.km IS NOT NULL)",
            n="count(t.km)",
            not_known="coalesce(sum(t.times) FILTER (WHERE t.km IS NULL), 0)",
        )
    )


@indicator("TUV-05", Unit.PERCENT, by=("residence", "department", "audience", "topic", "kind"), counts_people=True)
def parish_reach(ask: Ask) -> Iterable[Row]:
    """Different people who live in the parish and came ÷ its residents × 100; of each parish the count of its own year."""
    return rates(ask, ask.rows(replace(PEOPLE, where="t.home <> ''", not_known="0")), per=100)


@indicator("TUV-06", Unit.RATIO, by=(ASPECT,), of=("department", "audience", "topic", "kind"), counts_people=True)
def parish_inequality(ask: Ask) -> Iterable[Row]:
    """How many times the reach (TUV-05) of the parish reached most is that of the parish reached least; n is the parishes.

    None where one parish was not reached at all: no number of times is enough. Aspect ``variation``: the coefficient of
    variation over the parishes, standard deviation ÷ mean; none where nobody came.
    """
    return told_apart(ask, {"times": _times, "variation": _variation})


@indicator("TUV-07", Unit.COUNT, by=("parish", "audience"), of=("department",), about_people=False)
def blank_spots(ask: Ask) -> Iterable[Row]:
    """Parishes × audiences for which nothing is planned in the 60 days (a dated limit) after the period's last day, or today.

    n is all cells. By parish or audience how many of theirs are blank. "Everyone" serves nobody in particular.
    """
    last = ask.until
    window = Period(last + timedelta(days=1), last + timedelta(days=limits.blank_days(on=last)))
    served = {
        (row.keys["parish"], row.keys["audience"])
        for row in ask.during(window)
        .split("parish", "audience")
        .rows(Measure(table="coming", on="starts_on", value="count(*)"))
    }
    parishes = ask.asked.filters.get("parish") or Parish.objects.current().order_by("pk").values_list("pk", flat=True)
    audiences = Audience.objects.current().filter(is_sensitive=False).exclude(pk="everyone").order_by("pk")
    wanted = ask.asked.filters.get("audience")
    codes = [code for code in audiences.values_list("pk", flat=True) if not wanted or code in wanted]
    cells = [(parish, audience) for parish in parishes for audience in codes]
    by = ask.asked.by
    found: dict[tuple[tuple[str, str], ...], list[bool]] = {}
    for parish, audience in cells:
        keys = {"parish": parish, "audience": audience}
        found.setdefault(tuple((name, keys[name]) for name in by), []).append((parish, audience) not in served)
    return [Row(dict(keys), float(sum(blank)), len(blank)) for keys, blank in sorted(found.items())]


def _reached(ask: Ask) -> list[float]:
    return [row.value for row in parish_reach(ask.split("residence")) if row.value is not None]


def _times(ask: Ask) -> list[Row]:
    reached = _reached(ask)
    lowest = min(reached, default=0.0)
    return [Row({}, max(reached) / lowest if lowest else None, len(reached))]


def _variation(ask: Ask) -> list[Row]:
    reached = _reached(ask)
    middle = mean(reached) if reached else 0.0
    return [Row({}, pstdev(reached) / middle if middle else None, len(reached))]


def _nearness(condition: str) -> Measure:
    return Measure(
        table="came",
        on="held_on",
        value=share(f"coalesce(sum(t.times) FILTER (WHERE {condition}), 0)", _KNOWN),
        n=f"coalesce({_KNOWN}, 0)",
        not_known=_UNKNOWN,
    )


def _months(period: Period) -> int:
    """How many calendar months it touches."""
    between = relativedelta(period.last.replace(day=1), period.first.replace(day=1))
    return between.years * 12 + between.months + 1
