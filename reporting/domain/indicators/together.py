"""Together (SAD): overlaps found and decided, joint activities, people of two departments, the coordinators' network."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from ecosystem.models import Department, Parish
from reporting.domain import limits
from reporting.domain.figures import Row, Unit
from reporting.domain.indicators.asking import Ask, Measure, share
from reporting.domain.indicators.offer import DELIVERED
from reporting.domain.indicators.participation import OF_ACTIVITIES, OF_PEOPLE, PEOPLE
from reporting.domain.indicators.registry import indicator

_PAIRS = Measure(
    table="doubled",
    on="found_on",
    value="",
    n="count(DISTINCT t.overlap)",
    where="t.finding = 'duplicate' AND NOT t.is_own",
)


@indicator("SAD-01", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def duplication(ask: Ask) -> Iterable[Row]:
    """Planned or published activities that begin in the period and are in a pair found a duplicate ÷ all of those."""
    return ask.rows(
        Measure(
            table="offered",
            on="starts_on",
            value=share("count(*) FILTER (WHERE t.is_doubled)", "count(*)"),
            n="count(*)",
            where="NOT t.is_cancelled",
        )
    )


@indicator("SAD-02", Unit.PERCENT, by=("department", "parish", "audience", "month", "way"), about_people=False)
def duplicates_resolved(ask: Ask) -> Iterable[Row]:
    """Duplicates of two departments found in the period and decided, or gone by themselves ÷ found. By ``way`` how."""
    whole = "count(DISTINCT t.overlap)"
    if "way" not in ask.asked.by:
        return ask.rows(replace(_PAIRS, value=share(f"{whole} FILTER (WHERE t.way <> '')", whole)))
    rest = tuple(name for name in ask.asked.by if name != "way")
    wholes = {
        tuple(sorted(row.keys.items())): row.n
        for row in ask.split(*rest).without("way").rows(replace(_PAIRS, value=whole))
    }
    made = []
    for row in ask.rows(replace(_PAIRS, value=whole)):
        found = wholes[tuple(sorted((name, code) for name, code in row.keys.items() if name != "way"))]
        made.append(replace(row, value=round(100.0 * (row.value or 0) / found, 9), n=found))
    return made


# Median days from found to decided, of those decided.
DECIDED_IN = replace(
    _PAIRS,
    value="percentile_cont(0.5) WITHIN GROUP (ORDER BY t.days) FILTER (WHERE t.days IS NOT NULL)",
    n="count(DISTINCT t.overlap) FILTER (WHERE t.days IS NOT NULL)",
)


@indicator("SAD-03", Unit.PERCENT, by=OF_ACTIVITIES, about_people=False)
def joint_activities(ask: Ask) -> Iterable[Row]:
    """Delivered activities of two departments or more ÷ delivered; n is the delivered."""
    part = "count(DISTINCT t.activity) FILTER (WHERE t.is_joint)"
    return ask.rows(replace(DELIVERED, value=share(part, "count(DISTINCT t.activity)"), n="count(DISTINCT t.activity)"))


@indicator("SAD-04", Unit.PERCENT, by=OF_PEOPLE, counts_people=True)
def of_two_departments(ask: Ask) -> Iterable[Row]:
    """Different people who came to activities of two departments or more in the period ÷ DAL-01; a joint one counts as both.

    By department: of those who came to it, who came to another as well.
    """
    codes = ask.asked.filters.get("department", ())
    plain = ask.without("department").split(*(name for name in ask.asked.by if name != "department"))
    if "department" not in ask.asked.by:
        # Nobody of theirs is no part of theirs.
        return [row for row in plain.rows(_of_two(codes)) if row.n or not row.keys]
    codes = codes or tuple(Department.objects.order_by("pk").values_list("pk", flat=True))
    found = [
        replace(row, keys={name: {**row.keys, "department": code}[name] for name in ask.asked.by})
        for code in codes
        for row in plain.rows(_of_two((code,)))
        if row.n
    ]
    return sorted(found, key=lambda row: tuple(row.keys.values()))


def _of_two(codes: Sequence[str]) -> Measure:
    """People, of these departments where some are named, and whether they came to two."""
    # Written in: values have their place after it.
    listed = ", ".join("'{}'".format(code.replace("'", "''").replace("%", "%%")) for code in codes)
    theirs = f"j.department IN ({listed})" if codes else "true"
    return replace(
        PEOPLE,
        value=share(
            "count(*) FILTER (WHERE p.is_theirs AND p.departments >= 2)", "count(*) FILTER (WHERE p.is_theirs)"
        ),
        n="count(*) FILTER (WHERE p.is_theirs)",
        not_known="0",
        where="t.who IS NOT NULL",
        per="who",
        inner=f"count(DISTINCT j.department) AS departments, bool_or({theirs}) AS is_theirs",
        join="departments",
    )


@indicator("SAD-05", Unit.PERCENT, by=("department",), about_people=False)
def coordinator_network(ask: Ask) -> Iterable[Row]:
    """Parishes with an active coordinator or centre manager on the period's last day, or today while it goes on ÷ parishes.

    Active: the post is held, and its department planned or changed something in the parish in the 60 days (a dated limit)
    before.
    """
    last = ask.until
    since = last - timedelta(days=limits.active_days(on=last))
    parishes = Parish.objects.current().count()
    by = "p.department, " if "department" in ask.asked.by else ""
    codes = ask.asked.filters.get("department", ())
    only = f" AND p.department IN ({', '.join(['%s'] * len(codes))})" if codes else ""
    sql = (
        f"SELECT {by}count(DISTINCT p.parish) FROM posts AS p JOIN worked AS w"
        " ON w.department = p.department AND w.parish = p.parish AND w.day BETWEEN %s AND %s"
        " WHERE p.is_held AND p.kind IN ('coordinator', 'manager') AND p.starts_on <= %s"
        f" AND (p.ends_on IS NULL OR p.ends_on >= %s){only}" + (" GROUP BY p.department" if by else "")
    )
    found = ask.source.rows(sql, [since, last, last, last, *codes], tables=["posts", "worked"])
    return [
        Row({"department": line[0]} if by else {}, 100.0 * line[-1] / parishes if parishes else None, parishes)
        for line in sorted(found)
    ]


def posts_filled(ask: Ask) -> Row:
    """Coordinators' and managers' posts that are held ÷ all in force on the period's last day, or today while it goes on, in a hundred."""
    last = ask.until
    codes = ask.asked.filters.get("department", ())
    only = f" AND department IN ({', '.join(['%s'] * len(codes))})" if codes else ""
    sql = (
        "SELECT count(DISTINCT post) FILTER (WHERE is_held), count(DISTINCT post) FROM posts"
        " WHERE kind IN ('coordinator', 'manager') AND starts_on <= %s AND (ends_on IS NULL OR ends_on >= %s)" + only
    )
    held, every = ask.source.rows(sql, [last, last, *codes], tables=["posts"])[0]
    return Row({}, 100.0 * held / every if every else None, every)


@indicator("SAD-06", Unit.COUNT, about_people=False)
def merged_records(ask: Ask) -> Iterable[Row]:
    """Entries of one person that were made one in the period, and not parted since."""
    period = ask.asked.period
    sql = "SELECT count(*) FROM merged WHERE merged_on BETWEEN %s AND %s"
    count = ask.source.rows(sql, [period.first, period.last], tables=["merged"])[0][0]
    return [Row({}, float(count), count)]
