"""Results (REZ): what participants said, what they learned by their own account, which papers they got."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.dates import NBSP
from ecosystem.numbers import said
from reporting.domain import limits
from reporting.domain.figures import Row, Unit
from reporting.domain.indicators.asking import Ask, Measure
from reporting.domain.indicators.participation import OF_ACTIVITIES
from reporting.domain.indicators.registry import indicator, withheld

# Fewer answers than these tell who said what.
FEWEST_ANSWERS = 5


@indicator("REZ-01", Unit.SCORE, by=OF_ACTIVITIES)
def satisfaction(ask: Ask) -> Iterable[Row]:
    """Mean of "was it worth it" (1–5), of activities that ended in the period; hidden below five answers.

    Not known: those who were asked and have not answered. The whole has the share of 4 and 5 beside it, unless it tells of
    a few people.
    """
    # The good answers ride along where no answer is "not known".
    good = "count(*) FILTER (WHERE t.worth >= 4)"
    rows = _hidden(ask.rows(Measure(table="said", on="ends_on", value="avg(t.worth)", n="count(*)", not_known=good)))
    if not ask.asked.by:
        _tell_good(ask, rows[0].not_known, rows[0].n)
    asked = {
        tuple(row.keys.items()): row.n
        for row in ask.rows(Measure(table="asked", on="ends_on", value="coalesce(sum(t.people), 0)"))
    }
    return [replace(row, not_known=max(0, asked.get(tuple(row.keys.items()), row.n) - row.n)) for row in rows]


@indicator("REZ-02", Unit.SCORE, by=OF_ACTIVITIES)
def skills_gained(ask: Ask) -> Iterable[Row]:
    """Mean of the skill after less before (each 1–5, both in one anonymous answer); hidden below five answers."""
    measure = Measure(
        table="said",
        on="ends_on",
        value="avg(t.after - t.before)",
        n="count(*)",
        where="t.before IS NOT NULL AND t.after IS NOT NULL",
    )
    return _hidden(ask.rows(measure))


@indicator("REZ-03", Unit.COUNT, by=OF_ACTIVITIES, adds_up=True)
def certificates(ask: Ask) -> Iterable[Row]:
    """Certificates and confirmations issued in the period and not taken back."""
    return ask.rows(Measure(table="issued", on="issued_on", value="count(*)"))


withheld("REZ-04", gettext_lazy("Nobody is asked six months later: that needs a survey that names people."))


def _tell_good(ask: Ask, good: int, every: int) -> None:
    """How many of all answered 4 or 5."""
    fewest = max(FEWEST_ANSWERS, limits.small_cell(on=ask.asked.period.last) + 1)
    if every and all(number == 0 or number >= fewest for number in (good, every - good)):
        percent = f"{said(100 * good / every, decimals=0)}{NBSP}%"
        ask.notes.append(_("4 or 5 was the answer of %(percent)s.") % {"percent": percent})


def _hidden(rows: Iterable[Row]) -> list[Row]:
    return [replace(row, suppressed=0 < row.n < FEWEST_ANSWERS) for row in rows]
