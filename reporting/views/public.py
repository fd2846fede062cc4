"""Rādītāji for everyone: a few figures of quarters and years that are over, and the same as open data."""

import csv
import io
import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses.domain.cells import guarded
from ecosystem.text import clean
from reporting.domain import definitions, indicators, open_data
from reporting.domain.dashboard import Answer, Panel, Shape
from reporting.domain.figures import Figure
from reporting.domain.open_data import PARTS, TABLES, WHOLES, Told
from reporting.domain.periods import Named
from reporting.filters import Chosen, Vocabulary
from reporting.views import panels, words
from reporting.views.cells import Eyes
from reporting.views.dashboard import as_of

KINDS = ("csv", "json")


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def page(request: HttpRequest) -> HttpResponse:
    """The page; ``periods`` chooses a quarter or a year that is over."""
    today = timezone.localdate()
    offered = open_data.offered(today=today)
    period, left_out = offered[0], []
    code = clean(request.GET.get("periods") or "")
    if code:
        found = open_data.named(code, today=today)
        if found is None:
            sentence = _("Left out: %(what)s (%(why)s). The rest applies.") % {
                "what": f"{_('period')} «{code[:40]}»",
                "why": _("there is no such period, or it is not over"),
            }
            left_out.append(sentence)
        else:
            period = found
    told = open_data.told(period)
    eyes = _eyes(period)
    context = {
        "period": words.period_name(period),
        "days": words.days(period.whole),
        "left_out": left_out,
        "periods": [
            {"value": one.code, "label": words.period_name(one), "chosen": one.code == period.code} for one in offered
        ],
        "big": [_big(one.name, told, eyes) for one in WHOLES],
        "charts": [
            {"key": one.name, "chart": _chart(one.name, told, eyes, period)}
            for one in PARTS
            if told.figures[one.name].rows
        ],
        "is_empty": not any(told.figures[one.name].rows for one in PARTS),
        "files": _files(period),
        "definitions": [
            {"code": code, "name": indicators.get(code).described.name, "text": definitions.of(code)}
            for code in dict.fromkeys(one.code for one in TABLES.values())
        ],
        "as_of": as_of(told.at),
    }
    return render(request, "reporting/public.html", context)


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """One table for programs: ``periods`` as on the page, codes and both languages in the rows."""
    today = timezone.localdate()
    code = clean(request.GET.get("periods") or "") or open_data.offered(today=today)[0].code
    period = open_data.named(code, today=today)
    if name not in TABLES or kind not in KINDS or period is None:
        raise Http404(_("There is no such table."))
    told = open_data.told(period)
    rows = _rows(told.figures[name])
    content = _json(name, told, period, rows) if kind == "json" else _csv(name, rows)
    response = HttpResponse(content, content_type="application/json" if kind == "json" else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{period.code}.{kind}"'
    # Open data: read by pages of others too.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _eyes(period: Named) -> Eyes:
    chosen = Chosen(period, period.whole, period.whole, period.whole)
    return Eyes(Vocabulary.read(), chosen, sees_few=False, is_staff=False)


def _big(name: str, told: Told, eyes: Eyes) -> Any:
    one = TABLES[name]
    return panels.big_number(Answer(Panel(name, one.code, Shape.NUMBER), now=told.figures[name]), eyes)


def _chart(name: str, told: Told, eyes: Eyes, period: Named) -> Any:
    one = TABLES[name]
    return panels.bars(told.figures[name], one.by[0], eyes, files=_files_of(name, period))


def _files_of(name: str, period: Named) -> list[tuple[str, str]]:
    return [
        (kind.upper(), f"{reverse('figures:public_file', args=[name, kind])}?periods={period.code}") for kind in KINDS
    ]


def _files(period: Named) -> list[dict[str, Any]]:
    """Every table, by its name in words."""
    return [
        {
            "name": ", ".join(
                [indicators.get(one.code).described.name, *(words.dimension(by).lower() for by in one.by)]
            ),
            "links": _files_of(one.name, period),
        }
        for one in TABLES.values()
    ]


def _rows(figure: Figure) -> list[dict[str, Any]]:
    """Rows for programs: codes with their names in both languages; what is hidden is empty and says so."""
    vocabulary = Vocabulary.read()
    names: dict[tuple[str, str], dict[str, str]] = {}
    for language in ("lv", "en"):
        with translation.override(language):
            for by in figure.asked.by:
                known = words.keys(by, vocabulary)
                for row in figure.rows:
                    names.setdefault((by, row.keys[by]), {})[language] = words.key_name(by, row.keys[by], known)
    return [
        {
            **{
                part: value
                for by in figure.asked.by
                for part, value in (
                    (by, row.keys[by]),
                    (f"{by}_lv", names[by, row.keys[by]]["lv"]),
                    (f"{by}_en", names[by, row.keys[by]]["en"]),
                )
            },
            "value": None if row.suppressed or row.value is None else round(row.value, 2),
            "suppressed": row.suppressed,
        }
        for row in figure.rows
    ]


def _csv(name: str, rows: list[dict[str, Any]]) -> str:
    by = TABLES[name].by
    head = [*(part for one in by for part in (one, f"{one}_lv", f"{one}_en")), "value", "suppressed"]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(row[column]) for column in head])
    return text.getvalue()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else guarded(f"{value}")


def _json(name: str, told: Told, period: Named, rows: list[dict[str, Any]]) -> str:
    figure = told.figures[name]
    described = indicators.get(figure.code).described
    with translation.override("en"):
        definition = definitions.of(figure.code)
    return json.dumps(
        {
            "table": name,
            "code": figure.code,
            "name_lv": described.name_lv,
            "name_en": described.name_en,
            "definition_en": definition,
            "unit": figure.unit.value,
            "period": period.code,
            "from": period.whole.first.isoformat(),
            "to": period.whole.last.isoformat(),
            "as_of": timezone.localtime(told.at).isoformat(timespec="seconds"),
            "by": list(figure.asked.by),
            "rows": rows,
        },
        ensure_ascii=False,
        indent=1,
    )
