"""Rādītāji: how it goes, on one page – a finding, four figures, then the questions one by one."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.numbers import finite, said
from ecosystem.templatetags.charts import Table
from reporting import exports
from reporting.domain import dashboard, periods
from reporting.domain.dashboard import BIG, PANELS, SECTIONS, Answer, Answers, Panel, Shape
from reporting.filters import FILTERS, Chosen, Vocabulary, understand
from reporting.views import blank_spots, cells, findings, panels, reach_map, words
from reporting.views.cells import Eyes

# In the filter's form these are boxes to tick, folded; the rest are lists to choose one from.
BOXES = ("pagasts", "merkgrupa", "tema", "vecums", "dzimums")


@require_safe
@staff_page
def page(request: HttpRequest, reach: Reach) -> HttpResponse:
    """The dashboard; with ``tabula`` and ``format`` one of its tables as a file."""
    vocabulary = Vocabulary.read()
    today = timezone.localdate()
    chosen = understand(request.GET, vocabulary, today=today, reach=reach)
    eyes = Eyes(vocabulary, chosen, sees_few=sees_few(reach, chosen))
    kind, key = request.GET.get("format", ""), request.GET.get("tabula", "")
    if kind in exports.KINDS:
        return _file(kind, key, eyes)
    answers = _ask(PANELS.values(), chosen)
    context = {
        **frame(chosen, eyes, answers.at),
        **_head(answers, eyes),
        "big": [panels.big_number(answers.by_key[panel.key], eyes) for panel in BIG if panel.key in answers.by_key],
        "sections": [
            drawn
            for section in SECTIONS
            if (drawn := _section(section.key, [answers.by_key.get(one.key) for one in section.panels], eyes, reach))
        ],
    }
    return render(request, "reporting/dashboard.html", context)


def sees_few(reach: Reach, chosen: Chosen) -> bool:
    """Numbers of one to four people are for who answers for them: heads, and coordinators in their own parishes."""
    if reach.headed or reach.is_administrator or reach.sees_drafts:
        return True
    mine = chosen.filters.get("parish", ())
    return bool(mine) and set(mine) <= reach.parish_codes


def _ask(wanted: Iterable[Panel], chosen: Chosen) -> Answers:
    return dashboard.answer(wanted, asked=chosen.asked, before=chosen.before, a_year_before=chosen.a_year_before)


def frame(chosen: Chosen, eyes: Eyes, at: datetime, *, by: Collection[str] = tuple(FILTERS.values())) -> dict[str, Any]:
    """What every page of figures shows around them: the filters, what was left out, how old the data are.

    ``by``: the dimensions that can be filtered; where one counts by where people live, a parish is that.
    """
    names = [name for name in BOXES if FILTERS[name] in by or (name == "pagasts" and "residence" in by)]
    return {
        "chosen": chosen,
        "period": words.counted(chosen),
        "left_out": chosen.left_out,
        "periods": _periods(chosen),
        "is_own": chosen.named.code == periods.OWN,
        "first_day": chosen.named.whole.first.isoformat() if chosen.named.code == periods.OWN else "",
        "last_day": chosen.named.whole.last.isoformat() if chosen.named.code == periods.OWN else "",
        "departments": [
            {"code": one.pk, "name": one.name, "chosen": one.pk in chosen.filters.get("department", ())}
            for one in eyes.vocabulary.departments
            if not one.retired_at and "department" in by
        ],
        "groups": [_group(name, chosen, eyes) for name in names],
        "chips": _chips(chosen, eyes),
        "place": cells.place(eyes),
        "sees_few": eyes.sees_few,
        "as_of": as_of(at),
    }


def as_of(at: datetime) -> str:
    """ "29. novembrī plkst. 14:05"."""
    local = timezone.localtime(at)
    return _("%(day)s at %(time)s") % {"day": dates.day_month(local.date(), at=True), "time": dates.clock(at)}


def _periods(chosen: Chosen) -> list[dict[str, Any]]:
    code = chosen.named.code
    groups: list[dict[str, Any]] = [
        {
            "label": words.group_name(group),
            "options": [
                {"value": one.code, "label": words.period_name(one), "chosen": one.code == code} for one in offered
            ],
        }
        for group, offered in periods.offered(today=timezone.localdate(), projects=chosen.projects)
        if offered
    ]
    known = {option["value"] for group in groups for option in group["options"]}
    if code != periods.OWN and code not in known:
        option = {"value": code, "label": words.period_name(chosen.named), "chosen": True}
        groups.insert(0, {"label": _("Chosen"), "options": [option]})
    return groups


def _group(name: str, chosen: Chosen, eyes: Eyes) -> dict[str, Any]:
    """The boxes of one filter."""
    dimension = FILTERS[name]
    names = eyes.names(dimension)
    on = set(chosen.filters.get(dimension, ()))
    retired = {
        one.pk
        for one in (*eyes.vocabulary.parishes, *eyes.vocabulary.audiences, *eyes.vocabulary.topics)
        if one.retired_at
    }
    return {
        "name": name,
        "title": words.dimension(dimension) if name != "pagasts" else _("Parish"),
        "options": [
            {"value": value, "label": names.get(code, code), "checked": code in on}
            for value, code in eyes.vocabulary.codes(name).items()
            if code not in retired or code in on
        ],
        "count": len(on),
    }


def _chips(chosen: Chosen, eyes: Eyes) -> list[dict[str, str]]:
    """What is chosen, each with the way to be without it."""
    return [
        {
            "label": eyes.names(FILTERS[name]).get(eyes.vocabulary.codes(name)[value], value),
            "url": chosen.without(name, value),
        }
        for name, value in chosen.kept
        if name in FILTERS
    ]


# The head


def _head(answers: Answers, eyes: Eyes) -> dict[str, str]:
    """The finding as the heading, and the sentence beneath it."""
    people = answers.by_key.get("dalibnieki")
    row = words.whole(people.now) if people else None
    if people is not None and people.now is not None and row is None and people.now.note:
        # Counted, but not kept like this.
        return {"finding": _("Figures"), "lead": people.now.note}
    if people is None or people.now is None or row is None or row.value is None or eyes.is_hidden(people.now, row):
        return {"finding": _("Figures"), "lead": _("In this period nobody has been counted yet.")}
    if not row.value:
        return {
            "finding": _("Nobody has been counted yet"),
            "lead": _("In this period no attendance has been entered."),
        }
    count = ngettext("%(n)s person took part", "%(n)s people took part", int(row.value)) % {"n": said(row.value)}
    then = words.whole(people.a_year_before)
    change = words.difference(row, then, sees_few=eyes.sees_few) if then is not None and then.value else None
    parts = [f"{dates.capital(words.counted(eyes.chosen))}: {count}"]
    if change is None:
        finding = dates.capital(count)
    elif change > 0:
        finding = _("More people take part than a year ago")
        parts.append(_("%(n)s more than a year before") % {"n": said(change)})
    elif change < 0:
        finding = _("Fewer people take part than a year ago")
        parts.append(_("%(n)s fewer than a year before") % {"n": said(-change)})
    else:
        finding = _("As many people take part as a year ago")
    lead = f"{', '.join(parts)}."
    return {"finding": finding, "lead": f"{lead} {least}" if (least := _least(answers, eyes)) else lead}


def _least(answers: Answers, eyes: Eyes) -> str:
    """Where fewest take part."""
    reach = answers.by_key.get("pagasti")
    if reach is None or reach.now is None:
        return ""
    rows = [
        (value, row.keys["residence"])
        for row in reach.now.rows
        if not eyes.is_hidden(reach.now, row) and (value := finite(row.value)) is not None
    ]
    if len(rows) < 3:
        return ""
    # "no Vilces pagasta": where from, in its case.
    names = {one.pk: str(one.genitive if dates.is_latvian() else one.name) for one in eyes.vocabulary.parishes}
    lowest = [names.get(code, code) for _value, code in sorted(rows)[:2]]
    return _("Fewest come from: %(places)s.") % {"places": dates.joined(lowest, _("and"))}


# Sections


def _section(key: str, answers: list[Answer | None], eyes: Eyes, reach: Reach) -> dict[str, Any] | None:
    """A question and its panels, drawn."""
    found = [one for one in answers if one is not None]
    numbers = [panels.big_number(one, eyes) for one in found if one.panel.shape is Shape.NUMBER]
    charts, unfit = [], []
    for one in found:
        if one.panel.shape is Shape.NUMBER:
            continue
        if one.unfit:
            unfit.append(_unfit(one))
        elif one.now is not None and (drawn := draw(one, eyes, reach)) is not None:
            charts.append(drawn)
    if not numbers and not charts and not unfit:
        return None
    return {"key": key, "title": _title(key), "numbers": numbers, "charts": charts, "unfit": unfit}


def _title(key: str) -> str:
    return {
        "who": _("Who comes"),
        "near": _("Near home"),
        "filled": _("How full"),
        "range": _("What is offered"),
        "said": _("What people say"),
        "together": _("Together"),
        "blank": _("Where there is nothing"),
    }[key]


def _unfit(answer: Answer) -> str:
    what = ", ".join(words.dimension(one).lower() for one in answer.unfit)
    name = findings.short_name(answer.panel)
    return _("%(name)s: not counted by %(what)s.") % {"name": name, "what": what}


def draw(answer: Answer, eyes: Eyes, reach: Reach) -> dict[str, Any] | None:
    """A panel as its template takes it: a chart, a map, or a table in steps."""
    panel, figure = answer.panel, answer.now
    assert figure is not None  # noqa: S101 - asked by the caller
    files = cells.files(panel.key, eyes)
    if panel.shape is Shape.MAP:
        return {"kind": "map", "key": panel.key, "map": reach_map.of(figure, eyes, files=files)}
    if panel.shape is Shape.BLANK:
        return {"kind": "blank", "key": panel.key, "blank": blank_spots.of(figure, eyes, reach, files=files)}
    if panel.shape is Shape.LINES:
        chart = panels.lines(figure, eyes, files=files)
    elif panel.shape is Shape.PYRAMID:
        chart = panels.pyramid(figure, eyes, files=files)
    elif panel.shape is Shape.GROWTH:
        chart = panels.growth(answer, eyes, files=files)
    elif panel.shape is Shape.NEARNESS:
        near = panels.nearness(answer, eyes, files=files)
        if near is None:
            return None
        chart = near
    else:
        chart = panels.bars(figure, panel.by[0], eyes, files=files, with_median=panel.shape is Shape.MEDIAN)
    return {"kind": "chart", "key": panel.key, "chart": chart}


# Files


def _file(kind: str, key: str, eyes: Eyes) -> HttpResponse:
    """One panel's table; of large numbers all of the dashboard's."""
    panel = PANELS.get(key)
    if panel is None:
        raise Http404(_("There is no such table."))
    answer = _ask([panel], eyes.chosen).by_key.get(key)
    if answer is None or answer.now is None:
        raise Http404(_("There is no such table."))
    return exports.answer(kind, sheet(panel.code, _table(answer, eyes), eyes))


def _table(answer: Answer, eyes: Eyes) -> Table:
    figure = answer.now
    assert figure is not None  # noqa: S101
    shape = answer.panel.shape
    if shape is Shape.GROWTH:
        return cells.compared(answer, eyes)
    if shape is Shape.NEARNESS:
        near = panels.nearness(answer, eyes)
        if near is None:
            raise Http404(_("There is no such table."))
        return near.table
    if shape is Shape.LINES:
        return panels.lines(figure, eyes).table
    if len(figure.asked.by) == 2:
        return cells.table_by_two(figure, eyes)
    if not figure.asked.by:
        return cells.table_of_one(figure, eyes)
    return cells.table_by_one(figure, figure.asked.by[0], eyes)


def sheet(code: str, table: Table, eyes: Eyes) -> exports.Sheet:
    """A table with what its reader has to know."""
    return exports.Sheet(
        name=f"{code}-{eyes.chosen.named.code}",
        title=table.caption,
        rows=cells.as_rows(table),
        notes=cells.handling(code, eyes),
    )
