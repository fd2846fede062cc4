"""Inclusion told in anonymous totals (IEK-01, 02, 05, 06, 09, 11, 12): numbers that coordinators typed in or ticked.

They are of whole activities and name nobody, so they are sums over activities, not different people: whoever came to two is
told in both. An activity counts in a period in which one of its sessions began, as in PIE-01; so the quarters may add up to
more than their year. Of age and sex nothing is known. Who came and was not told of is not known, and never left out.
"""

from collections.abc import Iterable, Sequence

from reporting.domain.figures import NOT_KNOWN, Row, Unit
from reporting.domain.indicators.asking import Ask, Measure
from reporting.domain.indicators.participation import OF_ACTIVITIES
from reporting.domain.indicators.registry import indicator
from reporting.models.totals import BARRIERS, EDUCATION, LABOUR, SUPPORT, TotalCode


@indicator("IEK-01", Unit.PEOPLE, by=OF_ACTIVITIES)
def fewer_opportunities(ask: Ask) -> Iterable[Row]:
    """Σ over activities of the people with fewer opportunities that were told of; never linked to a person.

    Not known: who came to activities of which nobody told. Source: Erasmus+ Beneficiary Module, «Fewer opportunities».
    """
    return _told(ask, [TotalCode.FEWER], untold="fewer")


@indicator("IEK-02", Unit.COUNT, by=(*OF_ACTIVITIES, "barrier"))
def barriers(ask: Ask) -> Iterable[Row]:
    """Σ over activities of how often each of the eight barriers was told; by ``barrier`` each (B1 … B8).

    One person may fall under several, so the whole counts barriers, not people. Source: Erasmus+ Programme Guide, part A.
    """
    return _told(ask, BARRIERS, untold="fewer")


@indicator("IEK-05", Unit.PEOPLE, by=(*OF_ACTIVITIES, "labour"))
def labour_status(ask: Ask) -> Iterable[Row]:
    """Σ over activities of people whose labour status was told; by ``labour`` UNE, of them LTU, INA, EMP, and not known.

    The whole counts the long-term among the unemployed, once. Source: ESF+ Annex I 1.1.
    """
    return _told(ask, LABOUR, untold="labour", dimension="labour", within=[TotalCode.LONG_TERM])


@indicator("IEK-06", Unit.PEOPLE, by=(*OF_ACTIVITIES, "education"))
def education_level(ask: Ask) -> Iterable[Row]:
    """Σ over activities of people whose education was told; by ``education`` ISCED 0–2, 3–4, 5–8, and not known.

    Source: ESF+ Annex I 1.1.
    """
    return _told(ask, EDUCATION, untold="education", dimension="education")


@indicator("IEK-09", Unit.PEOPLE, by=OF_ACTIVITIES)
def neet(ask: Ask) -> Iterable[Row]:
    """Σ over activities of people of 15–29 who are in no employment, education or training, as they said of themselves.

    Not known: who came to activities of which nobody told. Source: Erasmus+ Programme Guide; the EU's definition of NEET.
    """
    return _told(ask, [TotalCode.NEET], untold="neet")


@indicator("IEK-11", Unit.COUNT, by=(*OF_ACTIVITIES, "support"), about_people=False)
def support_measures(ask: Ask) -> Iterable[Row]:
    """Σ over activities of support given; by ``support`` assistant, transport, sign interpreter, easy language, childcare."""
    return _told(ask, SUPPORT)


@indicator("IEK-12", Unit.PEOPLE, by=OF_ACTIVITIES)
def ukrainian_civilians(ask: Ask) -> Iterable[Row]:
    """Σ over activities of Ukrainian civilians, as they said of themselves; in ESF+ among third-country nationals.

    Not known: who came to activities of which nobody told. Source: ESF+ Annex I 1.2.
    """
    return _told(ask, [TotalCode.UKRAINE], untold="ukraine")


def _told(
    ask: Ask,
    codes: Sequence[TotalCode],
    *,
    untold: str = "",
    dimension: str = "",
    within: Sequence[TotalCode] = (),
) -> list[Row]:
    """Each activity's totals once; beside them who came and was not told of: in a row of its own where split by ``dimension``,
    else as what is not known of the rows."""
    is_split = dimension in ask.asked.by
    # A part of one of the codes is told where they are apart, and not added to them.
    wanted = [code.value for code in (*codes, *(within if is_split else ()))]
    # Of each code by itself first: the greatest number of an activity would be that of one of them.
    each = Measure(
        table="totals",
        on="held_on",
        per="activity, t.code",
        inner="max(t.people) AS people",
        value="sum(people)",
        where=f"t.code IN ({', '.join(['%s'] * len(wanted))})",
        values=tuple(wanted),
    )
    known = {tuple(row.keys.items()): row for row in ask.rows(each)}
    rest: dict[tuple[tuple[str, str], ...], int] = {}
    asked_for = ask.asked.filters.get(dimension, ())
    if untold and (not asked_for or NOT_KNOWN in asked_for):
        there = [name for name in ask.asked.by if name not in ("barrier", "labour", "education", "support")]
        plain = ask.split(*there).without("barrier", "labour", "education", "support")
        missing = Measure(
            table="untold", on="held_on", per="activity", inner=f"max(t.{untold}) AS people", value="sum(people)"
        )
        rest = {tuple(row.keys.items()): int(row.value or 0) for row in plain.rows(missing)}
    if is_split:
        rows = [Row(dict(keys), row.value or 0.0, row.n) for keys, row in known.items()]
        for keys, people in rest.items():
            if people:
                rows.append(Row(_in_order(ask, {**dict(keys), dimension: NOT_KNOWN}), float(people), people, people))
    elif "barrier" in ask.asked.by or "support" in ask.asked.by:
        rows = [Row(dict(keys), row.value or 0.0, row.n) for keys, row in known.items()]
    else:
        rows = []
        for keys in sorted({*known, *rest}):
            found = known.get(keys)
            # Nobody told is not "nobody".
            value = found.value if found else None
            rows.append(Row(dict(keys), value, int(value or 0), rest.get(keys, 0)))
    return sorted(rows, key=lambda row: tuple(row.keys.values()))


def _in_order(ask: Ask, keys: dict[str, str]) -> dict[str, str]:
    return {name: keys[name] for name in ask.asked.by}
