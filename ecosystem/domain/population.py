"""How many residents there are, to measure figures by: of these parishes, these ages, this sex, at a time.

- An answer comes from one day's count: the newest on which all the parishes asked about were counted, and not after the
  day asked for. Counts of different days are never added up: people would be counted twice or not at all.
- A count answers for ages only where its own ages fit into those asked: 25–29 says nothing of 27–29.
- Where no count was imported, the total of one parish may be known, from its own source and day (``Parish.population``):
  it answers for all residents of that parish and for nobody else.
- Otherwise nothing is known, and the answer says why: figures say so too, and never guess.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db.models import F, Max, Sum, Value
from django.db.models.functions import Coalesce

from ecosystem.models import Parish, Population

# Of an age without an upper end.
_OPEN = Population.OLDEST + 1
Ages = tuple[int | None, int | None]


class Known(Enum):
    """What a number of residents rests on."""

    COUNTED = "counted"
    # A parish's total, without ages and sex.
    TOTAL = "total"
    # Only the totals of parishes are known, and those are not what was asked for.
    TOTAL_ALONE = "total alone"
    # The count's ages do not fit into those asked for.
    AGES = "ages"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Residents:
    """An answer: how many, of which day (as its source gives it: a year or a day), and what that rests on."""

    count: int | None
    counted_on: str = ""
    source: str = ""
    known: Known = Known.NOTHING


def residents(
    parishes: Iterable[str],
    *,
    on: date,
    ages: Ages = (None, None),
    sexes: Collection[str] = (),
) -> Residents:
    """How many live in these parishes together, of these ages (both ends included) and sexes (none: both); by that day."""
    wanted = sorted(set(parishes))
    if not wanted:
        return Residents(0, known=Known.COUNTED)
    days: dict[date, set[str]] = {}
    for parish, day in _counted(wanted, on=on):
        days.setdefault(day, set()).add(parish)
    whole = [day for day, there in days.items() if len(there) == len(wanted)]
    if not whole:
        return _total(wanted, on=on, is_everybody=_is_everybody(ages, sexes))
    day = max(whole)
    found = _sums(wanted, days=[day], ages=ages, sexes=sexes)
    return _added([found.get((parish, day)) for parish in wanted], day)


def by_parish(
    parishes: Iterable[str],
    *,
    on: date,
    ages: Ages = (None, None),
    sexes: Collection[str] = (),
) -> dict[str, Residents]:
    """The same of each parish by itself, each by its own newest count. Three queries, however many."""
    wanted = sorted(set(parishes))
    newest: dict[str, date] = {}
    for parish, day in _counted(wanted, on=on):
        newest[parish] = max(day, newest.get(parish, day))
    found = _sums(wanted, days=sorted(set(newest.values())), ages=ages, sexes=sexes)
    rest = _totals([parish for parish in wanted if parish not in newest])
    is_everybody = _is_everybody(ages, sexes)
    answers = {}
    for parish in wanted:
        if parish in newest:
            answers[parish] = _added([found.get((parish, newest[parish]))], newest[parish])
        else:
            answers[parish] = _one_total(rest.get(parish), on=on, is_everybody=is_everybody)
    return answers


def _is_everybody(ages: Ages, sexes: Collection[str]) -> bool:
    return not (ages[0] or 0) and ages[1] is None and (not sexes or set(sexes) == set(Population.Sex.values))


def _counted(parishes: Collection[str], *, on: date) -> Iterable[tuple[str, date]]:
    """Which parishes were counted when, up to a day."""
    rows = Population.objects.known_on(on).filter(parish__in=parishes)
    return rows.order_by("parish", "counted_on").values_list("parish", "counted_on").distinct()


def _sums(
    parishes: Collection[str], *, days: Collection[date], ages: Ages, sexes: Collection[str]
) -> dict[tuple[str, date], tuple[int, str]]:
    """By parish and day how many, and whose count; those whose ages do not fit are not there."""
    youngest, oldest = ages[0] or 0, ages[1]
    wanted = sorted(sexes or Population.Sex.values)
    rows = Population.objects.filter(
        parish__in=parishes, counted_on__in=days, sex__in=wanted, age_from__gte=youngest
    ).annotate(last=Coalesce(F("age_to"), Value(_OPEN)))
    if oldest is not None:
        rows = rows.filter(last__lte=oldest)
    parts: dict[tuple[str, date], list[tuple[int, str]]] = {}
    groups = rows.order_by("parish", "counted_on", "sex").values_list("parish", "counted_on", "sex")
    for parish, day, _sex, total, years, highest, source in groups.annotate(
        total=Sum("count"), years=Sum(F("last") - F("age_from") + 1), highest=Max("last"), named=Max("source")
    ):
        # The ages follow each other without a gap; a count that ends at some age has nobody older.
        if years == (highest if oldest is None else oldest) - youngest + 1:
            parts.setdefault((parish, day), []).append((total, source))
    return {
        key: (sum(total for total, _source in found), found[0][1])
        for key, found in parts.items()
        if len(found) == len(wanted)
    }


def _added(parts: list[tuple[int, str] | None], day: date) -> Residents:
    """Counts of one day together, or that the ages do not fit."""
    whole = [part for part in parts if part is not None]
    if len(whole) < len(parts):
        return Residents(None, counted_on=day.isoformat(), known=Known.AGES)
    return Residents(
        sum(total for total, _source in whole), counted_on=day.isoformat(), source=whole[0][1], known=Known.COUNTED
    )


def _totals(parishes: Collection[str]) -> dict[str, Parish]:
    if not parishes:
        return {}
    return {parish.pk: parish for parish in Parish.objects.filter(pk__in=parishes, population__isnull=False)}


def _total(parishes: Collection[str], *, on: date, is_everybody: bool) -> Residents:
    """Without a count: one parish may have a total; of several the totals are of different years and are not added."""
    known = _totals(parishes)
    if len(parishes) == 1:
        return _one_total(known.get(next(iter(parishes))), on=on, is_everybody=is_everybody)
    return Residents(None, known=Known.TOTAL_ALONE if len(known) == len(parishes) else Known.NOTHING)


def _one_total(parish: Parish | None, *, on: date, is_everybody: bool) -> Residents:
    if parish is None or parish.population_date[:4] > f"{on.year}":
        return Residents(None)
    count = parish.population if is_everybody else None
    return Residents(
        count,
        counted_on=parish.population_date,
        source=parish.population_source,
        known=Known.TOTAL if is_everybody else Known.TOTAL_ALONE,
    )
