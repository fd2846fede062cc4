"""How good the data are (DAT): what is known of people, what was entered late, what is hidden."""

from collections.abc import Iterable
from dataclasses import replace

from reporting.domain.figures import Row, Unit
from reporting.domain.indicators.asking import Ask, Measure, share
from reporting.domain.indicators.participation import OF_ACTIVITIES, OF_PEOPLE, PEOPLE
from reporting.domain.indicators.registry import indicator

# What may be known of a participant; labour status and education are never asked of people.
KNOWN = {"residence": "t.home <> '' OR t.elsewhere", "age": "t.band <> ''", "sex": "t.sex <> ''"}


@indicator("DAT-01", Unit.PERCENT, by=(*(name for name in OF_PEOPLE if name not in KNOWN), "what"), counts_people=True)
def completeness(ask: Ask) -> Iterable[Row]:
    """Participants of whom the home parish, the age and the sex are all known ÷ participants; by ``what`` each by itself.

    Labour status and education are totals that people type in (IEK-05, IEK-06), never known of anybody.
    """
    people = "count(DISTINCT t.who)"

    def measured(condition: str) -> Measure:
        return replace(PEOPLE, value=share(f"{people} FILTER (WHERE {condition})", people), n=people, not_known="0")

    if "what" not in ask.asked.by:
        return ask.rows(measured(" AND ".join(f"({condition})" for condition in KNOWN.values())))
    rest = ask.split(*(name for name in ask.asked.by if name != "what"))
    return [
        replace(row, keys={**row.keys, "what": what})
        for what, condition in KNOWN.items()
        for row in rest.rows(measured(condition))
    ]


@indicator("DAT-02", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def late_entry(ask: Ask) -> Iterable[Row]:
    """Held sessions of which the first presence was entered more than 7 days (a dated limit) after ÷ held sessions."""
    return ask.rows(
        Measure(
            table="held",
            on="held_on",
            value=share("count(*) FILTER (WHERE t.is_late)", "count(*)"),
            n="count(*)",
        )
    )


@indicator("DAT-03", Unit.COUNT, about_people=False)
def hidden_cells(ask: Ask) -> Iterable[Row]:
    """Numbers hidden in the public tables of the period, for being of 1 to 4 people or for another's sake; n is all their cells."""
    from reporting.domain import hiding, open_data
    from reporting.domain.indicators import figures

    tables = [hiding.mark(one) for one in figures(open_data.asked(ask.asked.period), source=ask.source)]
    rows = [row for table in tables for row in table.rows]
    return [Row({}, float(sum(row.suppressed for row in rows)), len(rows))]
