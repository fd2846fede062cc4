"""Two matrices: who serves whom (audiences by parishes), who does what (topics by departments). Each cell is a link."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from courses.domain.overlaps import matrix
from courses.domain.overlaps.matrix import Cell
from courses.forms.overlaps import Asked, Words, understand
from courses.views import overlaps
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.models import Audience, Parish, Topic
from ecosystem.templatetags.figures import breakable

# So many parishes stand side by side; of more one chooses.
ACROSS = 20
NONE, ONE, SEVERAL = "none", "one", "several"


@require_safe
@staff_page
def who_serves(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Kas kam: audiences down, parishes across."""
    today = timezone.localdate()
    words = Words.read()
    asked = understand(request.GET, words, today=today)
    first, last = overlaps.period(asked, today)
    parishes = [
        one
        for one in words.parishes
        if not one.retired_at and (not asked.wanted.parishes or one.pk in asked.wanted.parishes)
    ]
    shown, left = parishes[:ACROSS], len(parishes[ACROSS:])
    audiences = [one for one in words.audiences if not one.retired_at]
    cells = matrix.who_serves(
        reach=reach,
        audiences=words.audiences,
        first_day=first,
        last_day=last,
        parishes=[one.pk for one in shown],
    )
    narrower = matrix.narrower(words.audiences)
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "is_part": bool(one.part_of_id and one.part_of_id != "everyone"),
            "cells": [_served(cells.get((parish.pk, one.pk)), parish, one, narrower, first, last) for parish in shown],
        }
        for one in audiences
    ]
    context = {
        **_common("courses:desk_who_serves", _("Who serves whom"), asked, words, first, last),
        "lead": _lead([cell for row in rows for cell in row["cells"]]),
        "parishes": [{"name": one.name, "short": breakable(_short(one))} for one in shown],
        "rows": rows,
        "lists": [
            _list(parish.name, [(row["name"], row["cells"][place]) for row in rows])
            for place, parish in enumerate(shown)
        ],
        "more": ngettext(
            "%(n)s more parish: choose it in the filter.", "%(n)s more parishes: choose some in the filter.", left
        )
        % {"n": left}
        if left
        else "",
    }
    return render(request, "courses/overlaps/who_serves.html", context)


@require_safe
@staff_page
def who_does(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Kas ko dara: topics down, departments across."""
    today = timezone.localdate()
    words = Words.read()
    asked = understand(request.GET, words, today=today)
    first, last = overlaps.period(asked, today)
    found = matrix.who_does(reach=reach, first_day=first, last_day=last, parishes=sorted(asked.wanted.parishes))
    slugs = [one.slug for one in words.parishes if one.pk in asked.wanted.parishes] or ["visi"]
    departments = [one for one in words.departments if not one.retired_at]

    def cell(topic: Topic, code: str, number: int) -> dict[str, Any]:
        return {"number": number, "url": _programme(first, last, pagasts=slugs, tema=[topic.pk], nodala=[code])}

    rows = []
    for topic in Topic.objects.current().order_by("position", "pk"):
        done = found.get(topic.pk, Cell())
        rows.append(
            {
                "name": topic.name,
                "state": _state(done),
                "who": _who(done),
                "total": done.total,
                "url": _programme(first, last, pagasts=slugs, tema=[topic.pk]),
                "cells": [cell(topic, one.pk, done.of(one.pk)) for one in departments],
            }
        )
    context = {
        **_common("courses:desk_who_does", _("Who does what"), asked, words, first, last),
        "lead": _lead(rows),
        "departments": departments,
        "rows": rows,
    }
    return render(request, "courses/overlaps/who_does.html", context)


def _common(current: str, title: str, asked: Asked, words: Words, first: date, last: date) -> dict[str, Any]:
    return {
        "page_title": title,
        "views": overlaps.views(current, asked),
        "asked": asked,
        "caption": f"{title}, {dates.period(first, last)}",
        "period": dates.period(first, last),
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "filters": [group for group in overlaps.filters(None, asked, words) if group["name"] == "pagasts"],
    }


def _served(
    cell: Cell | None,
    parish: Parish,
    audience: Audience,
    narrower: Mapping[str, list[str]],
    first: date,
    last: date,
) -> dict[str, Any]:
    """A cell: how many and whose; a gap leads to the programme of the parish, where it can be filled."""
    done = cell or Cell()
    query: dict[str, list[str]] = {"pagasts": [parish.slug], "merkgrupa": narrower[audience.pk]}
    return {
        "state": _state(done),
        "total": done.total,
        "who": _who(done),
        "codes": done.departments,
        "url": _programme(first, last, **query),
        "about": f"{parish.name}, {audience.name}",
    }


def _state(cell: Cell) -> str:
    return (NONE, ONE, SEVERAL)[min(len(cell.departments), 2)]


def _who(cell: Cell) -> str:
    """ "MUZ, JAU"; "nobody" where nobody does anything."""
    return ", ".join(cell.departments) or _("nobody")


def _programme(first: date, last: date, **query: list[str]) -> str:
    """The programme with the same activities that the cell counts."""
    counted = {"statuss": list(matrix.COUNTED), "no": [first.isoformat()], "lidz": [last.isoformat()]}
    return f"{reverse('courses:desk_programme')}?{urlencode({**query, **counted}, doseq=True)}"


def _lead(cells: list[dict[str, Any]]) -> str:
    """The finding: how many cells are gaps, how many have several departments."""
    number = {state: sum(1 for cell in cells if cell["state"] == state) for state in (NONE, ONE, SEVERAL)}
    return _("Of %(all)s: nobody in %(none)s, one department in %(one)s, several in %(several)s.") % {
        "all": len(cells),
        **number,
    }


def _list(name: str, pairs: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """A parish as a telephone lists it: first where there is nothing."""
    return {
        "name": name,
        "groups": [
            {
                "label": label,
                "cells": [{**cell, "name": audience} for audience, cell in pairs if cell["state"] == state],
            }
            for state, label in ((NONE, _("Nobody")), (SEVERAL, _("Several departments")), (ONE, _("One department")))
        ],
        "gaps": sum(1 for _audience, cell in pairs if cell["state"] == NONE),
    }


def _short(parish: Parish) -> str:
    """ "Elejas" of "Elejas pagasts": there all are parishes."""
    return str(parish.name).removesuffix(" pagasts")
