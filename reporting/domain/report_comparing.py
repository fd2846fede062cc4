"""Before and after: a report's figures beside a baseline, so that "more residents from different target groups" is measured.

- People and counts grow with time, so they are compared over as many days as the baseline has, the last of the report's
  period; where the report is of fewer days they are not compared, and it says so. What does not grow with time
  (percentages, medians, marks) is compared over the whole period.
- Growth from nothing is told in numbers, never in per cent. A hidden cell is not compared, and neither is a number of 1
  to 4 people in the baseline: nobody may learn of a few people what the figures hide.
- How many target groups grew is counted among those whose numbers are known on both sides.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem.dates import NBSP
from reporting.domain.figures import Asked, Period, Unit
from reporting.domain.report_figures import Names, NotGiven, Source, both, named, note_of, number, row_names
from reporting.models import Baseline, BaselineValue

# What does not grow with the length of a period.
TIMELESS = frozenset((Unit.PERCENT, Unit.KM, Unit.DAYS, Unit.SCORE, Unit.RATIO))
FEW = range(1, 5)
# Unique participants: what the municipality set out to see grow.
PEOPLE, GROUPS = "DAL-01", "audience"


def compare(baseline: Baseline, *, asked: Asked, source: Source) -> dict[str, Any]:
    """The baseline's numbers, each beside that of the report; and the sentences that are made of them."""
    before = Period(baseline.first_on, baseline.last_on)
    after = _as_long(before, asked.period)
    values = list(baseline.values.all())
    names = named({dimension for value in values for dimension in value.keys}, source=source)
    rows = [_row(one, before=before, after=after, asked=asked, names=names, source=source) for one in values]
    return {
        "name": baseline.name,
        "source": baseline.source,
        "before": [before.first.isoformat(), before.last.isoformat()],
        "after": [after.first.isoformat(), after.last.isoformat()] if after else None,
        "rows": rows,
        "sentences": both(lambda: "\n".join(_sentences(rows))),
    }


def _as_long(before: Period, whole: Period) -> Period | None:
    """The last days of the report's period, as many as the baseline has; None where it has not so many.

    A leap day is not worth a comparison lost: a year is as long as another.
    """
    if whole.days + 1 < before.days:
        return None
    first = whole.last - timedelta(days=before.days - 1)
    if _is_years(before) and (whole.last + timedelta(days=1)).day == 1:
        following = whole.last + timedelta(days=1)
        first = date(following.year - _years(before), following.month, 1)
    return Period(max(first, whole.first), whole.last)


def _is_years(period: Period) -> bool:
    following = period.last + timedelta(days=1)
    return (following.month, following.day) == (period.first.month, period.first.day)


def _years(period: Period) -> int:
    return (period.last + timedelta(days=1)).year - period.first.year


def _row(
    one: BaselineValue,
    *,
    before: Period,
    after: Period | None,
    asked: Asked,
    names: Mapping[tuple[str, str], Names],
    source: Source,
) -> dict[str, Any]:
    known = source.known(one.code)
    unit = known.unit if known else Unit.COUNT
    was: float | int | None = number(float(one.value))
    is_hidden = unit is Unit.PEOPLE and was in FEW
    told: dict[str, Any] = {
        "code": one.code,
        "keys": dict(one.keys),
        "names": dict(known.names) if known else dict.fromkeys(("lv", "en"), one.code),
        "part": row_names(one.keys, names=names),
        "unit": unit.value,
        "before": None if is_hidden else was,
        "after": None,
        "hidden": is_hidden,
        "why": None,
    }
    if known is None:
        return told | {"why": both(lambda: _("There is no such indicator."))}
    if is_hidden:
        return told | {"why": both(lambda: _("Too few people to be told."))}
    period = asked.period if unit in TIMELESS else after
    if period is None:
        return told | {"why": both(lambda: _("The report is of fewer days than the baseline."))}
    if not known.by.issuperset(one.keys):
        return told | {"why": both(lambda: _("The data is not kept by these parts."))}
    try:
        figure = source.figure(one.code, asked.during(period).split(*one.keys))
    except NotGiven as refused:
        return told | {"why": refused.reason}
    row = next((row for row in figure.rows if dict(row.keys) == dict(one.keys)), None)
    if row is not None and row.suppressed:
        return told | {"hidden": True, "why": both(lambda: _("Too few people to be told."))}
    if row is None and (figure.rows or unit not in TIMELESS) and not figure.note:
        # Whoever is in no row did not come: the parts that there are stand in the figure.
        return told | {"after": 0 if unit not in TIMELESS else None}
    if row is None or row.value is None:
        nothing = both(lambda: _("Nothing was counted in this period."))
        return told | {"why": note_of(figure, source=source) if figure.note else nothing}
    return told | {"after": number(row.value)}


def is_compared(row: Mapping[str, Any]) -> bool:
    """Whether both sides are known."""
    return row["before"] is not None and row["after"] is not None


def growth(row: Mapping[str, Any]) -> float | None:
    """By how many per cent it grew; None from nothing, and of what is no amount."""
    if not is_compared(row) or not row["before"] or Unit(row["unit"]) in TIMELESS:
        return None
    return float((row["after"] - row["before"]) / row["before"] * 100)


def _sentences(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the municipality wanted to see: more residents, from more groups. In the language in force."""
    known = [row for row in rows if row["code"] == PEOPLE and is_compared(row)]
    whole = next((row for row in known if not row["keys"]), None)
    groups = [row for row in known if set(row["keys"]) == {GROUPS}]
    said = []
    if whole is not None:
        params = {"before": whole["before"], "after": whole["after"]}
        if whole["after"] == whole["before"]:
            said.append(_("As many residents took part as before: %(after)s.") % params)
        elif not whole["before"]:
            said.append(_("Residents took part: %(after)s, before there were none.") % params)
        else:
            share = {**params, "percent": f"{abs(growth(whole) or 0):.0f}{NBSP}%"}
            more = whole["after"] > whole["before"]
            words = (
                _("More residents took part: %(after)s, before %(before)s (%(percent)s more).")
                if more
                else _("Fewer residents took part: %(after)s, before %(before)s (%(percent)s fewer).")
            )
            said.append(words % share)
    if groups:
        grew = sum(1 for row in groups if row["after"] > row["before"])
        words = ngettext(
            "More people came from %(grew)s of the %(all)s target group that can be compared.",
            "More people came from %(grew)s of the %(all)s target groups that can be compared.",
            len(groups),
        )
        said.append(words % {"grew": grew, "all": len(groups)})
        fresh = sum(1 for row in groups if row["after"] and not row["before"])
        if fresh:
            words = ngettext(
                "%(n)s target group took part for the first time.",
                "%(n)s target groups took part for the first time.",
                fresh,
            )
            said.append(words % {"n": fresh})
    return said
