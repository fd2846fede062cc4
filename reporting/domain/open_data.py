"""What everyone may see: fixed tables of quarters and years that are over, small numbers hidden.

Nothing here can be filtered, so that no two answers can be set against each other. Periods do not grow: of a quarter that
is not over nothing is told, or tomorrow's table less today's would tell of whoever came in between. In parts are told
different people, who do not add up over quarters, and activities; attendances, which do, only as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache

from reporting.domain import hiding, indicators, periods
from reporting.domain.data.sources import current
from reporting.domain.figures import Asked, Figure, Period
from reporting.domain.periods import Named

QUARTERS, YEARS = 8, 5
# Counted again so often, whoever asks.
KEPT = timedelta(minutes=5)


@dataclass(frozen=True)
class Open:
    """One table: its name in addresses, the indicator, and by what."""

    name: str
    code: str
    by: tuple[str, ...] = ()


WHOLES = (
    Open("dalibnieki", "DAL-01"),
    Open("apmeklejumi", "DAL-03"),
    Open("aktivitates", "PIE-01"),
    Open("tuvu-majam", "TUV-03"),
)
PARTS = (
    Open("dalibnieki-pagasti", "DAL-01", ("residence",)),
    Open("dalibnieki-merkgrupas", "DAL-01", ("audience",)),
    Open("dalibnieki-vecums", "IEK-04", ("age",)),
    Open("dalibnieki-dzimums", "IEK-03", ("sex",)),
    Open("aktivitates-pagasti", "PIE-01", ("parish",)),
    Open("aktivitates-temas", "PIE-01", ("topic",)),
)
TABLES: Mapping[str, Open] = {one.name: one for one in (*WHOLES, *PARTS)}


@dataclass(frozen=True)
class Told:
    """The tables of a period by their names, and as of when they are."""

    figures: Mapping[str, Figure]
    at: datetime


def offered(*, today: date) -> list[Named]:
    """The quarters and years that are over, the latest first."""
    number, which = today.year, (today.month - 1) // 3 + 1
    found = []
    for _turn in range(QUARTERS):
        number, which = (number, which - 1) if which > 1 else (number - 1, 4)
        found.append(periods.quarter(number, which))
    return [*found, *(periods.year(today.year - back) for back in range(1, YEARS + 1))]


def named(code: str, *, today: date) -> Named | None:
    """The period of this code, if everyone may see it."""
    return next((one for one in offered(today=today) if one.code == code), None)


def told(period: Named) -> Told:
    """All tables of the period, with what is hidden empty."""
    found: Any = cache.get_or_set(f"open-data:{period.code}", lambda: _told(period), KEPT.total_seconds())
    assert isinstance(found, Told)  # noqa: S101
    return found


def asked(period: Period) -> list[tuple[str, Asked]]:
    """What the tables of a period ask, in their order."""
    return [(one.code, Asked(period, by=one.by)) for one in TABLES.values()]


def _told(period: Named) -> Told:
    source = current()
    answers = indicators.figures(asked(period.whole), source=source)
    raw = dict(zip(TABLES, answers, strict=True))
    figures = {name: hiding.hide(figure) for name, figure in raw.items()}
    for whole in WHOLES:
        # Beside its one hidden part, the whole is that part.
        parts = [raw[one.name] for one in PARTS if raw[one.name].unit is raw[whole.name].unit and _is_of(one, whole)]
        if any(hiding.hides_whole(part) for part in parts):
            rows = tuple(
                replace(row, value=None, n=0, not_known=0, suppressed=True) for row in figures[whole.name].rows
            )
            figures[whole.name] = replace(figures[whole.name], rows=rows)
    return Told(figures, source.at)


def _is_of(part: Open, whole: Open) -> bool:
    return part.name.startswith(f"{whole.name}-")
