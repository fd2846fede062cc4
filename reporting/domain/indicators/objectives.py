"""What projects promised and what is reached (REZ-06): a typed number, or the figure of the objective's indicator.

A typed number stands above the indicator's, since whoever typed it knows of something the portal does not.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordinators.models import Objective
from reporting.domain.data.sources import Source
from reporting.domain.figures import Asked, Period, Row, Unit
from reporting.domain.indicators.answering import Unknown, answer, get
from reporting.domain.indicators.asking import Ask, Unfit
from reporting.domain.indicators.grouping import ASPECT, Counted, grouped
from reporting.domain.indicators.registry import INDICATORS, catalogue, indicator

ITSELF = "REZ-06"


@indicator(ITSELF, Unit.COUNT, by=("project", "objective", ASPECT), about_people=False)
def objectives_achieved(ask: Ask) -> Iterable[Row]:
    """Objectives whose number reached is the target or more, of projects that run in the period, to this day; n is the
    objectives, not known those of which nobody says what is reached.

    By ``objective`` (project's number, then the objective's) and aspect: ``actual``, ``target`` and ``baseline`` as
    numbers, which are not added. The sentence where it stands is the objective's own. Source: KA122 application, 1–5
    objectives.
    """
    period, today = ask.asked.period, timezone.localdate(ask.source.at)
    found = Objective.objects.filter(project__starts_on__lte=period.last, project__ends_on__gte=period.first)
    told = [(row, reached(row, source=ask.source, today=today)) for row in found.select_related("project")]
    return grouped(
        ask,
        told,
        keys={
            "project": lambda pair: [pair[0].project.code],
            "objective": lambda pair: [f"{pair[0].project.code}/{pair[0].position}"],
        },
        aspects={
            "achieved": _achieved,
            "actual": lambda pairs: _the_one([actual for _row, actual in pairs]),
            "target": lambda pairs: _the_one([row.target for row, _actual in pairs]),
            "baseline": lambda pairs: _the_one([row.baseline for row, _actual in pairs]),
        },
    )


def reached(objective: Objective, *, source: Source, today: date) -> Decimal | None:
    """What is reached since the project began; None where it is not known."""
    if objective.actual is not None:
        return objective.actual
    project = objective.project
    if not objective.indicator or objective.indicator == ITSELF or project.starts_on > today:
        return None
    filters = {name: tuple(codes) for name, codes in objective.filters.items()}
    if objective.indicator in INDICATORS and "project" in INDICATORS[objective.indicator].filters:
        # Of what projects are told apart by, its own.
        filters = {"project": (project.code,), **filters}
    asked = Asked(Period(project.starts_on, min(project.ends_on, today)), filters)
    try:
        figure = answer(get(objective.indicator), asked, source)
    except (Unknown, Unfit):
        return None
    return None if figure.value is None else Decimal(str(round(figure.value, 2)))


def measurable() -> list[tuple[str, str]]:
    """The indicators that an objective can be measured by: code, and code with name."""
    return [
        (code, f"{code} {said.name}") for code, said in catalogue().items() if code in INDICATORS and code != ITSELF
    ]


def refuse_unfit(code: str, dimensions: Iterable[str]) -> None:
    """Refuse to measure by an indicator what its definition does not tell apart."""
    able = INDICATORS[code].filters if code in INDICATORS else ()
    if any(name not in able for name in dimensions):
        raise ValidationError(
            _("%(code)s is not told apart like this. Choose all, or another indicator."), params={"code": code}
        )


def _achieved(pairs: Sequence[tuple[Objective, Decimal | None]]) -> Counted:
    number = sum(actual is not None and actual >= row.target for row, actual in pairs)
    return number, len(pairs), sum(actual is None for _row, actual in pairs)


def _the_one(numbers: Sequence[Decimal | None]) -> Counted:
    """The number of one objective; of several there is none."""
    known = [float(number) for number in numbers if number is not None]
    return known[0] if len(numbers) == 1 == len(known) else None, len(numbers), len(numbers) - len(known)
