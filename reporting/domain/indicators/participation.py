"""Taking part (DAL): who came, how often, how long, how full it was. Formulas and sources in each function's words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from reporting.domain import limits
from reporting.domain.figures import Period, Row, Unit
from reporting.domain.indicators.asking import Ask, Measure, share
from reporting.domain.indicators.population import Population, rates
from reporting.domain.indicators.registry import indicator

OF_PEOPLE = (
    *("department", "parish", "residence", "audience", "topic", "field", "competence"),
    *("kind", "age", "sex", "channel", "month"),
)
OF_ACTIVITIES = ("department", "parish", "audience", "topic", "field", "competence", "kind", "month")
# Different people; those of whom there is no code are only counted, and told as not known.
PEOPLE = Measure(
    table="came",
    on="held_on",
    value="count(DISTINCT t.who)",
    not_known="coalesce(sum(t.times) FILTER (WHERE t.who IS NULL), 0)",
)


@indicator("DAL-01", Unit.PEOPLE, by=OF_PEOPLE, counts_people=True)
def unique_participants(ask: Ask) -> Iterable[Row]:
    """Different people with at least one attended session in the period, counted once across all departments.

    Source: ESF+ Annex I, 1.1. Not known: attendances of unnamed places and of activities for sensitive audiences, of
    which nobody knows whose they are. A joint activity counts for each of its departments, so their sum may exceed the whole.
    """
    return ask.rows(PEOPLE)


@indicator("DAL-02", Unit.COUNT, by=(*OF_ACTIVITIES, "channel", "state"), adds_up=True)
def registrations(ask: Ask) -> Iterable[Row]:
    """Registrations made in the period; by ``state`` as each stands now. Two of one person that were joined count once."""
    return ask.rows(Measure(table="registered", on="registered_on", value="count(*)"))


@indicator("DAL-03", Unit.COUNT, by=OF_PEOPLE, adds_up=True)
def attendances(ask: Ask) -> Iterable[Row]:
    """Marks "present" at held sessions. Heads that were only counted are told apart (``HEADS``), never added."""
    return ask.rows(Measure(table="came", on="held_on", value="coalesce(sum(t.times), 0)"))


@indicator("DAL-04", Unit.HOURS, by=OF_PEOPLE, adds_up=True)
def learning_hours(ask: Ask) -> Iterable[Row]:
    """Academic hours of 45 minutes × people present, over the held sessions; n is the attendances."""
    return ask.rows(
        Measure(
            table="came",
            on="held_on",
            value="coalesce(sum(t.hours * t.times), 0)",
            n="coalesce(sum(t.times), 0)",
        )
    )


@indicator(
    "DAL-05",
    Unit.PERCENT,
    by=tuple(name for name in OF_PEOPLE if name != "channel"),
)
def completion(ask: Ask) -> Iterable[Row]:
    """Of those who came to a course of three held sessions or more that ended in the period, who came to enough of them.

    Enough: a dated limit, 80 % of the sessions held. A person counts once a course; n is people and courses.
    """
    enough = limits.completion_percent(on=ask.asked.period.last)
    return ask.rows(
        Measure(
            table="finished",
            on="ends_on",
            value=share(f"count(*) FILTER (WHERE t.attended * 100 >= {enough:d} * t.sessions)", "count(*)"),
            n="count(*)",
        )
    )


@indicator("DAL-06", Unit.PERCENT, by=(*OF_ACTIVITIES, "price"))
def no_shows(ask: Ask) -> Iterable[Row]:
    """Confirmed registrations without any presence ÷ confirmed registrations, of activities that ended in the period.

    Only activities of which presence was marked at all: where nobody marked, nobody is blamed.
    """
    return ask.rows(
        Measure(
            table="offered",
            on="ends_on",
            value=share("sum(t.never_came)", "sum(t.confirmed)"),
            n="coalesce(sum(t.confirmed), 0)",
            where="t.is_marked AND NOT t.is_cancelled",
        )
    )


@indicator("DAL-07", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def fill(ask: Ask) -> Iterable[Row]:
    """Confirmed registrations ÷ places, of activities with a limit that begin in the period; n is the places."""
    return ask.rows(
        Measure(
            table="offered",
            on="starts_on",
            value=share("sum(t.confirmed)", "sum(t.capacity)"),
            n="coalesce(sum(t.capacity), 0)",
            where="t.capacity IS NOT NULL AND t.was_published AND NOT t.is_cancelled",
        )
    )


@indicator("DAL-08", Unit.PEOPLE, by=OF_ACTIVITIES, counts_people=True)
def unmet_demand(ask: Ask) -> Iterable[Row]:
    """Different people who still waited when an activity of the period began; who was erased counts once a registration."""
    return ask.rows(Measure(table="waited", on="starts_on", value="count(DISTINCT t.person)"))


@indicator("DAL-09", Unit.PERCENT, by=OF_PEOPLE, counts_people=True)
def first_timers(ask: Ask) -> Iterable[Row]:
    """People who came in the period and had not come for 24 months (a dated limit) before their first day in it ÷ DAL-01."""
    months = limits.newcomer_months(on=ask.asked.period.last)
    first = ask.asked.period.first.isoformat()
    new = (
        f"t.previous_on IS NULL OR (t.previous_on < date '{first}'"
        f" AND t.previous_on < t.held_on - interval '{months:d} months')"
    )
    return ask.rows(
        Measure(
            table="came",
            on="held_on",
            value=share(f"count(DISTINCT t.who) FILTER (WHERE {new})", "count(DISTINCT t.who)"),
            n="count(DISTINCT t.who)",
        )
    )


def _adults_learning(ask: Ask, period: Period) -> tuple[Row, ...]:
    """Different residents of 25 to 64 who came to something educational in the period."""
    measure = replace(
        PEOPLE, where="t.kind = 'educational' AND t.age BETWEEN 25 AND 64 AND t.home <> ''", not_known="0"
    )
    return ask.during(period).rows(measure)


@indicator("DAL-10", Unit.PERCENT, by=("residence", "sex"), counts_people=True)
def adult_participation_year(ask: Ask) -> Iterable[Row]:
    """Residents of 25–64 who came to something educational in the 12 months to the period's end ÷ residents of 25–64 × 100.

    After the Adult Education Survey's 12-month rate; an administrative count, not comparable one to one with the survey.
    Without the population by age there is no rate (``import_population``).
    """
    last = ask.until
    year = Period(last + timedelta(days=1) - relativedelta(months=12), last)
    return rates(ask, _adults_learning(ask, year), per=100, ages=(25, 64))


@indicator("DAL-11", Unit.PERCENT, by=("residence", "sex"), counts_people=True)
def adult_participation_weeks(ask: Ask) -> Iterable[Row]:
    """As DAL-10 of the last four weeks of each of the 12 months to the period's end, the mean of the twelve.

    After the Labour Force Survey's four-week rate (sdg_04_60).
    """
    after = ask.until + timedelta(days=1)
    sums: dict[tuple[tuple[str, str], ...], list[float]] = defaultdict(list)
    counts: dict[tuple[tuple[str, str], ...], int] = {}
    population = Population(ask, ages=(25, 64))
    for back in range(12):
        last = after - relativedelta(months=back) - timedelta(days=1)
        weeks = Period(last - timedelta(days=27), last)
        for row in rates(ask, _adults_learning(ask, weeks), per=100, population=population):
            key = tuple(sorted(row.keys.items()))
            counts[key] = max(counts.get(key, 0), row.n)
            if row.value is not None:
                sums[key].append(row.value)
    return [Row(dict(key), sum(sums[key]) / 12 if sums[key] else None, counts[key]) for key in sorted(counts)]
