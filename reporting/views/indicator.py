"""One indicator: what it counts, its number beside earlier ones, a breakdown by one or two things, the list behind it."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses.views.staff import staff_page
from reporting import exports
from reporting.domain import behind, dashboard, definitions, indicators
from reporting.domain.dashboard import Answer, Answers, Panel, Shape
from reporting.domain.indicators import Unfit, Unknown
from reporting.domain.indicators.grouping import ASPECT
from reporting.filters import Chosen, Vocabulary, understand
from reporting.views import cells, panels, words
from reporting.views.cells import Eyes
from reporting.views.dashboard import frame, sees_few, sheet


@require_safe
@staff_page
def page(request: HttpRequest, reach: Reach, code: str) -> HttpResponse:
    """The page of an indicator; with ``format`` its table as a file."""
    code = code.upper()
    if code in indicators.WITHHELD:
        return _withheld(request, code)
    try:
        indicator = indicators.get(code)
    except Unknown as error:
        raise Http404(_("There is no such indicator.")) from error
    vocabulary = Vocabulary.read()
    chosen = understand(request.GET, vocabulary, today=timezone.localdate(), reach=reach, by=indicator.by)
    try:
        answers = _ask(code, chosen)
    except Unfit as error:
        sentence = _("Left out: %(what)s (%(why)s). The rest applies.") % {
            "what": words.dimension(error.dimension),
            "why": _("it is not counted by this"),
        }
        chosen = replace(chosen, by=(), left_out=(*chosen.left_out, sentence))
        answers = _ask(code, chosen)
    eyes = Eyes(vocabulary, chosen, sees_few=sees_few(reach, chosen))
    answer = answers.by_key["viss"]
    told = answers.by_key.get("tabula", answer)
    kind = request.GET.get("format", "")
    if kind in exports.KINDS and told.now is not None:
        return exports.answer(kind, sheet(code, _table(told, eyes), eyes))
    figure = told.now
    files = [(kind.upper(), chosen.address(format=kind)) for kind in exports.KINDS]
    chart = None
    # Several numbers of one definition are read, not set against each other.
    if figure is not None and len(chosen.by) == 1 and chosen.by != (ASPECT,) and figure.rows:
        chart = (
            panels.columns(figure, eyes, files=files)
            if chosen.by == ("month",)
            else panels.growth(told, eyes, files=files)
        )
    context = {
        **frame(chosen, eyes, answers.at, by=indicator.filters),
        "code": code,
        "name": indicator.described.name,
        "definition": definitions.of(code),
        # The catalogue names sources as the Union does, in English; what the project set itself is said in words.
        "source": indicator.described.source.replace("project-defined", _("defined in the project")),
        "breakdowns": _breakdowns(indicator.by, chosen),
        # They stand on the page that they would lead to.
        "big": replace(panels.big_number(answer, eyes), href=""),
        "chart": replace(chart, href="") if chart is not None else None,
        "table": _table(told, eyes).html if figure is not None and figure.rows else "",
        # What is not told says why.
        "is_empty": figure is not None and not figure.rows and not figure.note,
        "note": figure.note if figure is not None else "",
        "files": files,
        "people_url": reverse("reporting:desk_figure_people", args=[code]) + chosen.address(pec="")
        if behind.has_list(code)
        else "",
        "back": reverse("reporting:desk_figures") + chosen.address(pec=""),
    }
    return render(request, "reporting/indicator.html", context)


def _ask(code: str, chosen: Chosen) -> Answers:
    """The number, and its breakdown where one is chosen. Months of one year stand in no row with those of another."""
    shape = Shape.GROWTH if len(chosen.by) == 1 and chosen.by != ("month",) else Shape.BARS
    whole = Panel("viss", code, Shape.NUMBER, good=_good(code))
    parts = [Panel("tabula", code, shape, chosen.by)] if chosen.by else []
    return dashboard.answer(
        [whole, *parts], asked=chosen.asked, before=chosen.before, a_year_before=chosen.a_year_before
    )


def _withheld(request: HttpRequest, code: str) -> HttpResponse:
    """An indicator that the portal does not give says why."""
    context = {
        "code": code,
        "name": indicators.catalogue()[code].name,
        "reason": indicators.WITHHELD[code],
        "back": reverse("reporting:desk_figures"),
    }
    return render(request, "reporting/withheld.html", context)


def _good(code: str) -> str:
    return next((one.good for one in dashboard.PANELS.values() if one.code == code and one.good), "")


def _breakdowns(by: tuple[str, ...], chosen: Chosen) -> list[dict[str, Any]]:
    first, second = [*chosen.by, "", ""][:2]
    return [
        {"value": name, "label": words.dimension(name), "first": name == first, "second": name == second} for name in by
    ]


def _table(told: Answer, eyes: Eyes) -> Any:
    figure = told.now
    assert figure is not None  # noqa: S101 - asked by the caller
    if len(figure.asked.by) == 2:
        return cells.table_by_two(figure, eyes)
    if told.panel.shape is Shape.GROWTH:
        return cells.compared(told, eyes)
    if len(figure.asked.by) == 1:
        return cells.table_by_one(figure, figure.asked.by[0], eyes)
    return cells.table_of_one(figure, eyes)
