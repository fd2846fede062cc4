"""Inclusion (IEK): women and men, young and old, and whether one can get in. Sensitive totals are typed in, elsewhere."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from reporting.domain import limits
from reporting.domain.figures import Period, Row, Unit
from reporting.domain.indicators.asking import Ask, Measure, share
from reporting.domain.indicators.grouping import ASPECT, told_apart
from reporting.domain.indicators.participation import OF_ACTIVITIES, OF_PEOPLE, PEOPLE
from reporting.domain.indicators.registry import indicator


@indicator("IEK-03", Unit.PEOPLE, by=OF_PEOPLE, counts_people=True)
def by_sex(ask: Ask) -> Iterable[Row]:
    """Different people (DAL-01); by ``sex`` women, men, and who did not say. Source: ESF+ Annex I."""
    return ask.rows(PEOPLE)


@indicator("IEK-04", Unit.PEOPLE, by=OF_PEOPLE, counts_people=True)
def by_age(ask: Ask) -> Iterable[Row]:
    """Different people (DAL-01); by ``age`` in bands that nest into those of ESF+ and of the Labour Force Survey.

    Who has a birthday between two sessions may be in two bands, and is one person in the whole.
    """
    return ask.rows(PEOPLE)


@indicator("IEK-07", Unit.PEOPLE, by=OF_PEOPLE, counts_people=True)
def young_people(ask: Ask) -> Iterable[Row]:
    """Different people who were young by law on the day they came: 13–25, since the law of 19.02.2026 13–30."""
    parts = []
    for span in _spans(ask.asked.period):
        youngest, oldest = limits.youth(on=span.first)
        parts.append(
            f"(t.held_on BETWEEN date '{span.first}' AND date '{span.last}' AND t.age BETWEEN {youngest:d} AND {oldest:d})"
        )
    return ask.rows(replace(PEOPLE, where=" OR ".join(parts), not_known="0"))


@indicator("IEK-08", Unit.PEOPLE, by=(*OF_PEOPLE, ASPECT), counts_people=True)
def seniors(ask: Ask) -> Iterable[Row]:
    """Different people of 55 and older on the day they came, as ESF+ counts.

    Aspect ``older``: of 65 and older, as the municipality counts; they are among the others, and hidden where they leave
    1 to 4 of these.
    """
    return told_apart(ask, {"seniors": _seniors, "older": _older_seniors})


@indicator("IEK-10", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def accessible_venues(ask: Ask) -> Iterable[Row]:
    """Held sessions in centres without steps and with an accessible toilet ÷ held sessions on the spot of which that is known."""
    known = "count(*) FILTER (WHERE t.is_accessible IS NOT NULL)"
    return ask.rows(
        Measure(
            table="held",
            on="held_on",
            value=share("count(*) FILTER (WHERE t.is_accessible)", known),
            n=known,
            not_known="count(*) FILTER (WHERE t.is_accessible IS NULL)",
            where="t.format <> 'online'",
        )
    )


def _seniors(ask: Ask) -> tuple[Row, ...]:
    return _older(ask, limits.seniors(on=ask.asked.period.last)[0])


def _older_seniors(ask: Ask) -> Iterable[Row]:
    last = ask.asked.period.last
    every = {tuple(row.keys.items()): row.n for row in _seniors(ask)}
    for row in _older(ask, limits.seniors(on=last)[1]):
        rest = every[tuple(row.keys.items())] - row.n
        yield replace(row, suppressed=1 <= rest <= limits.small_cell(on=last))


def _older(ask: Ask, youngest: int) -> tuple[Row, ...]:
    return ask.rows(replace(PEOPLE, where=f"t.age >= {youngest:d}", not_known="0"))


def _spans(period: Period) -> list[Period]:
    """The period in pieces within each of which one limit holds."""
    from datetime import timedelta

    starts: list[date] = [period.first, *(day for day in limits.youth_changes() if period.first < day <= period.last)]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), period.last]
    return [Period(first, last) for first, last in zip(starts, ends, strict=True)]
