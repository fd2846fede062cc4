"""A project in its report: what it promised beside what was reached, its grant, its mobilities. Of whose post nothing is told."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from coordinators.domain import countries
from coordinators.models import Mobility, Objective, Project
from reporting.domain.figures import Asked
from reporting.domain.report_figures import Names, NotGiven, Source, both, note_of, number, of_project


def told(project: Project, *, asked: Asked, counted: Asked, source: Source) -> dict[str, Any]:
    """The project as plain data."""
    mobilities = project.mobilities.order_by("starts_on", "pk")
    return {
        "code": project.code,
        "names": both(lambda: str(project.name)),
        "action": project.action,
        "period": [project.starts_on.isoformat(), project.ends_on.isoformat()],
        "grant": _amount(project.grant_eur),
        "spent": _amount(project.spent_eur),
        "objectives": [
            _objective(one, asked=asked, counted=counted, source=source)
            for one in project.objectives.select_related("project").order_by("position")
        ],
        "mobilities": [_mobility(one) for one in mobilities],
    }


def share(actual: float | None, target: float | None) -> float | None:
    """How much of a target was reached, in per cent; of a target of zero there is no share."""
    if actual is None or not target:
        return None
    return actual / target * 100


def _objective(one: Objective, *, asked: Asked, counted: Asked, source: Source) -> dict[str, Any]:
    """What was promised and what was reached: as somebody has typed it, otherwise the figure that measures it."""
    actual, why, unit = _amount(one.actual), None, "count"
    if one.indicator:
        known = source.known(one.indicator)
        unit = known.unit.value if known else unit
        if actual is None:
            actual, why = _measured(one, asked=asked, counted=counted, source=source)
    return {
        "position": one.position,
        "texts": both(lambda: str(one.text)),
        "statuses": both(lambda: str(one.status or "")),
        "indicator": one.indicator,
        "filters": one.filters,
        "unit": unit,
        "baseline": _amount(one.baseline),
        "target": _amount(one.target),
        "actual": actual,
        "why": why,
    }


def _measured(
    one: Objective, *, asked: Asked, counted: Asked, source: Source
) -> tuple[float | int | None, Names | None]:
    known = source.known(one.indicator)
    if known is None:
        return None, both(lambda: _("There is no such indicator."))
    filters = {name: tuple(codes) for name, codes in one.filters.items()}
    try:
        part = of_project(known, asked=asked, counted=counted, project=one.project.code)
        figure = source.figure(one.indicator, part.within(**filters))
    except NotGiven as refused:
        return None, refused.reason
    row = figure.rows[0] if figure.rows else None
    if row is not None and row.suppressed:
        return None, both(lambda: _("Too few people to be told."))
    if row is None or row.value is None:
        nothing = both(lambda: _("Nothing was counted in this period."))
        return None, note_of(figure, source=source) if figure.note else nothing
    return number(row.value), None


def _mobility(one: Mobility) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "kind": one.kind,
        "kind_names": both(lambda: str(one.get_kind_display())),
        "state": one.state,
        "state_names": both(lambda: str(one.get_state_display())),
        "in_grant": one.in_grant,
        "participants": one.participants,
        "host": one.host,
        "country": one.country,
        "country_names": both(lambda: countries.name(one.country) if one.country else ""),
        "first": one.starts_on.isoformat(),
        "last": one.ends_on.isoformat(),
        "days": one.days,
        "green": one.green_travel,
        "blended": one.is_blended,
        "agreement": one.has_agreement,
        "certificate": one.has_certificate,
        "report": one.report,
        "report_names": both(lambda: str(one.get_report_display())),
    }


def _amount(value: Decimal | None) -> float | int | None:
    return None if value is None else number(float(value))
