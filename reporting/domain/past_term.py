"""Years whose pseudonyms are past their term: the published figures of people are kept, then the facts become counts."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from reporting.domain import indicators
from reporting.domain.data.sources import Postgres
from reporting.domain.facts import folding, making
from reporting.domain.figures import Asked, Figure, Period
from reporting.models import KeptFigure


def fold(*, now: datetime) -> int:
    """Fold each year that is due, the oldest first, each in its own transaction; how many."""
    years = folding.due(now=now)
    for year in years:
        with transaction.atomic():
            making.hold()
            _keep(year, now=now)
            folding.fold(year=year, now=now)
    return len(years)


def _keep(year: int, *, now: datetime) -> None:
    """Every figure that counts different people: of the year and its quarters, as a whole and by each breakdown."""
    source = Postgres(now=now)
    kept = []
    for code, indicator in indicators.INDICATORS.items():
        if not indicator.counts_people:
            continue
        for period in _periods(year):
            for by in ((), *((name,) for name in indicator.by)):
                figure = indicators.figure(code, Asked(period, by=by), source=source)
                kept.append(
                    KeptFigure(
                        code=code, first_on=period.first, last_on=period.last, by=",".join(by), rows=_rows(figure)
                    )
                )
    KeptFigure.objects.bulk_create(kept, ignore_conflicts=True)


def _periods(year: int) -> list[Period]:
    starts = [date(year, month, 1) for month in (1, 4, 7, 10)]
    ends = [date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31)]
    return [Period(starts[0], ends[-1]), *(Period(first, last) for first, last in zip(starts, ends, strict=True))]


def _rows(figure: Figure) -> list[dict[str, Any]]:
    return [{"keys": dict(row.keys), "value": row.value, "n": row.n, "not_known": row.not_known} for row in figure.rows]
