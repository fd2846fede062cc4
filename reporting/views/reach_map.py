"""The map of reach: of each parish how many of a thousand came, its dot as large as its population, as dark as its reach."""

import itertools
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ecosystem.models import Neighbourhood
from ecosystem.numbers import finite, said
from ecosystem.templatetags.charts import Table, step
from ecosystem.templatetags.parish_map import project
from reporting.domain.figures import Figure
from reporting.views import cells, findings, words
from reporting.views.cells import Eyes

STEPS = 5


@dataclass
class ReachMap:
    """What the map's template needs: the component's arguments, what the steps mean, the same as a table."""

    title: str
    subtitle: str
    label: str
    points: list[dict[str, Any]]
    # As a telephone lists it: those of whom something is asked.
    listed: list[dict[str, Any]]
    edges: list[tuple[str, str]]
    hollow: dict[str, Any] | None
    legend: list[str]
    table: Table
    files: list[tuple[str, str]]
    href: str
    note: str


def of(figure: Figure, eyes: Eyes, *, files: list[tuple[str, str]]) -> ReachMap | None:
    """None where there are no parishes."""
    rows = figure.by_key("residence")
    parishes = [one for one in eyes.vocabulary.parishes if not one.retired_at]
    if not parishes:
        return None
    # The figure is in a hundred; a map of parishes is read in a thousand.
    reach = {code: finite(row.value) for code, row in rows.items() if not eyes.is_hidden(figure, row)}
    per_1000 = {code: None if value is None else value * 10 for code, value in reach.items()}
    highest = max((value for value in per_1000.values() if value), default=0.0)
    largest = max((one.population or 0 for one in parishes), default=0)
    names = {one.pk: one.centre_name for one in parishes}
    points, codes = [], []
    for one in sorted(parishes, key=lambda parish: -parish.lat):
        x, y = project(one.lat, one.lon)
        row = rows.get(one.pk)
        value = per_1000.get(one.pk)
        hidden = row is not None and eyes.is_hidden(figure, row)
        number = (
            _("hidden") if hidden else words.number(figure.unit, None) if value is None else said(value, decimals=0)
        )
        share = (one.population or 0) / largest if largest else 0.5
        codes.append(one.pk)
        points.append(
            {
                "name": one.centre_name,
                "x": x,
                "y": y,
                "href": eyes.chosen.address(pagasts=one.slug) if eyes.is_staff else f"#{one.slug}",
                "chosen": False,
                "number": number,
                "count_text": _("%(number)s of 1000 residents") % {"number": number},
                "step": step(value, highest),
                # The area of the dot, not its radius, is as large as the population.
                "size": round(5 + 5 * share**0.5, 1),
            }
        )
    hollow = settings.MAP_HOLLOW
    told = findings.of_bars(
        figure, [eyes.bar(figure, row, names.get(code, code)) for code, row in sorted(rows.items(), key=_by_value)]
    )
    edges = [(names[a], names[b]) for a, b in borders() if a in names and b in names]
    at = dict(zip(("x", "y"), project(hollow[1], hollow[2]), strict=True)) if hollow else {}
    return ReachMap(
        title=told.title,
        subtitle=" · ".join(
            [_("People who came, of 1000 residents"), cells.place(eyes), words.counted(eyes.chosen)],
        ),
        label=told.sentence,
        points=points,
        listed=[point for point, code in zip(points, codes, strict=True) if code in rows],
        edges=edges,
        hollow={"name": hollow[0], **at} if hollow else None,
        legend=_legend(highest),
        table=cells.table_by_one(figure, "residence", eyes),
        files=files,
        href=cells.definition(figure.code, eyes),
        note=_("The larger the dot, the more people live there; the darker, the more of them came."),
    )


def _by_value(pair: tuple[str, Any]) -> tuple[float, str]:
    return -(finite(pair[1].value) or 0.0), pair[0]


def borders() -> list[tuple[str, str]]:
    """Neighbours, each pair once."""
    rows = Neighbourhood.objects.filter(shared_border_m__gte=Neighbourhood.DOUBTFUL_BELOW_M)
    return [pair for pair in rows.order_by("pk").values_list("parish", "neighbour") if pair[0] < pair[1]]


def _legend(highest: float) -> list[str]:
    if not highest:
        return []
    ends = [highest * number / STEPS for number in range(STEPS + 1)]
    return [f"{said(low, decimals=0)}–{said(high, decimals=0)}" for low, high in itertools.pairwise(ends)]
