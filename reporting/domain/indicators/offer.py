"""What is offered (PIE): activities and sessions that took place, of what, in which language, at what price."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import ngettext

from courses.domain.phrases import money
from reporting.domain.figures import Row, Unit
from reporting.domain.indicators.asking import Ask, Measure, share
from reporting.domain.indicators.grouping import ASPECT, told_apart
from reporting.domain.indicators.participation import OF_ACTIVITIES
from reporting.domain.indicators.population import rates
from reporting.domain.indicators.registry import indicator

DELIVERED = Measure(table="held", on="held_on", value="count(DISTINCT t.activity)")
# The EU's digital competence, whose areas are those of DigComp.
DIGITAL = "KC4"


@indicator("PIE-01", Unit.COUNT, by=(*OF_ACTIVITIES, "language"), about_people=False)
def activities_delivered(ask: Ask) -> Iterable[Row]:
    """Activities with at least one held session in the period. One that goes on over several months is in each of them."""
    return ask.rows(DELIVERED)


@indicator("PIE-02", Unit.HOURS, by=(*OF_ACTIVITIES, "part", "language"), adds_up=True, about_people=False)
def contact_hours(ask: Ask) -> Iterable[Row]:
    """Academic hours of the held sessions; n is how many sessions. ``part``: weekday, evening from 17:00, weekend."""
    return ask.rows(Measure(table="held", on="held_on", value="coalesce(sum(t.hours), 0)", n="count(*)"))


@indicator("PIE-03", Unit.PERCENT, by=(*OF_ACTIVITIES, "reason"), about_people=False)
def cancelled_share(ask: Ask) -> Iterable[Row]:
    """Called off ÷ published, of activities that were to begin in the period; n is the published.

    By ``reason`` (too small a group, educator, room, other: by the words of whoever called it off) each is a share of all
    published, so the reasons add up to the whole share. What was joined into another was not called off.
    """
    measure = Measure(
        table="offered",
        on="starts_on",
        value=share("count(*) FILTER (WHERE t.is_cancelled)", "count(*)"),
        n="count(*)",
        where="t.was_published",
    )
    if "reason" not in ask.asked.by:
        return ask.rows(measure)
    rest = tuple(name for name in ask.asked.by if name != "reason")
    wholes = {tuple(sorted(row.keys.items())): row.n for row in ask.split(*rest).without("reason").rows(measure)}
    rows = ask.rows(replace(measure, value="count(*)", where="t.was_published AND t.is_cancelled"))
    made = []
    for row in rows:
        whole = wholes[tuple(sorted((name, code) for name, code in row.keys.items() if name != "reason"))]
        made.append(replace(row, value=round(100.0 * (row.value or 0) / whole, 9), n=whole))
    return made


@indicator("PIE-04", Unit.HOURS, by=OF_ACTIVITIES, about_people=False)
def fields_of_education(ask: Ask) -> Iterable[Row]:
    """Academic hours by ISCED-F 2013 broad field (``field``); n is the activities delivered. Source: ISCED-F 2013, AES."""
    return ask.rows(replace(DELIVERED, value="coalesce(sum(t.hours), 0)", n="count(DISTINCT t.activity)"))


@indicator("PIE-05", Unit.COUNT, by=(*OF_ACTIVITIES, ASPECT), about_people=False)
def key_competences(ask: Ask) -> Iterable[Row]:
    """Of the EU's eight key competences (2018/C 189/01), how many the delivered activities serve; by ``competence`` the
    activities of each. An activity serves each competence it is tagged with, so these may exceed the activities.

    Aspect ``first``: as the main one, that of the topic, which an activity has once; ``besides``: as another.
    """
    return told_apart(
        ask,
        {
            "served": _served,
            "first": lambda plain: _served(plain, "{}.is_first"),
            "besides": lambda plain: _served(plain, "NOT {}.is_first"),
        },
    )


def _served(ask: Ask, where: str = "") -> Iterable[Row]:
    if "competence" in ask.asked.by:
        return ask.rows(replace(DELIVERED, where=where.format("competences")))
    measure = replace(
        DELIVERED, value="count(DISTINCT j.competence)", n="count(DISTINCT t.activity)", join="competences"
    )
    return ask.rows(replace(measure, where=where.format("j")))


@indicator("PIE-06", Unit.COUNT, by=(*OF_ACTIVITIES, "language"), about_people=False)
def digital_offer(ask: Ask) -> Iterable[Row]:
    """Delivered activities tagged with the digital competence (its areas are those of DigComp 2.2)."""
    return ask.rows(replace(DELIVERED, join="competences", where=f"j.competence = '{DIGITAL}'"))


@indicator("PIE-07", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def free_share(ask: Ask) -> Iterable[Row]:
    """Delivered activities free of charge ÷ delivered; n is the delivered. The whole has the median fee of the others beside it."""
    if not ask.asked.by:
        fee = ask.rows(_FEES)[0]
        if fee.value is not None:
            words = ngettext(
                "Median fee of %(n)s paid activity: %(fee)s.",
                "Median fee of %(n)s paid activities: %(fee)s.",
                fee.n,
            )
            ask.notes.append(words % {"n": fee.n, "fee": money(Decimal(str(fee.value)))})
    part = "count(DISTINCT t.activity) FILTER (WHERE t.is_free)"
    return ask.rows(replace(DELIVERED, value=share(part, "count(DISTINCT t.activity)"), n="count(DISTINCT t.activity)"))


# The median fee of delivered activities that cost something, in euros; each counts once, however many its sessions.
_FEES = Measure(
    table="held",
    on="held_on",
    per="activity",
    inner="max(t.fee) AS fee",
    value="percentile_cont(0.5) WITHIN GROUP (ORDER BY fee)",
    n="count(*)",
    where="NOT t.is_free",
)


@indicator("PIE-08", Unit.COUNT, by=(*OF_ACTIVITIES, "language"), about_people=False)
def languages(ask: Ask) -> Iterable[Row]:
    """Delivered activities; by ``language`` those held in each."""
    return ask.rows(DELIVERED)


@indicator("PIE-09", Unit.PER_1000, by=("parish",), about_people=False)
def supply_per_1000(ask: Ask) -> Iterable[Row]:
    """Activities delivered in a parish (PIE-01) ÷ its residents × 1000; of each parish the count of its own year."""
    by_home = {"residence": ask.asked.filters["parish"]} if ask.asked.filters.get("parish") else {}
    counted = [replace(row, keys={"residence": row.keys["parish"]} if row.keys else {}) for row in ask.rows(DELIVERED)]
    homes = replace(ask, asked=replace(ask.asked, filters=by_home, by=tuple("residence" for _ in ask.asked.by)))
    return [
        replace(row, keys={"parish": row.keys["residence"]} if row.keys else {})
        for row in rates(homes, counted, per=1000)
    ]
