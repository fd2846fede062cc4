"""Baltie plankumi: parishes by audiences for whom nothing is planned in the days to come, and where to begin."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.domain.access import Reach
from ecosystem.templatetags.charts import Heat, Table
from reporting.domain.figures import Figure
from reporting.views import cells
from reporting.views.cells import Eyes


def of(figure: Figure, eyes: Eyes, reach: Reach, *, files: list[tuple[str, str]]) -> dict[str, Any]:
    """What the page shows; a blank leads to planning something, where that is the reader's work."""
    parishes = {one.pk: one for one in eyes.vocabulary.parishes}
    audiences = [one for one in eyes.vocabulary.audiences if any(row.keys["audience"] == one.pk for row in figure.rows)]
    blank = {(row.keys["parish"], row.keys["audience"]): bool(row.value) for row in figure.rows}
    create = reverse("courses:desk_create")
    rows, worst = [], []
    for code in dict.fromkeys(one.pk for one in eyes.vocabulary.parishes if any(key[0] == one.pk for key in blank)):
        parish = parishes[code]
        mine = reach.is_administrator or bool(reach.headed) or code in reach.parish_codes
        line = [
            Heat(
                0,
                href=f"{create}?pagasts={parish.slug}&merkgrupa={one.pk}" if mine else "",
                about=_("%(parish)s, %(audience)s, plan something") % {"parish": parish.name, "audience": one.name},
            )
            if blank.get((code, one.pk))
            else Heat(1, text=_("there is"))
            for one in audiences
        ]
        rows.append((str(parish.name).removesuffix(" pagasts"), line))
        missing = [str(one.name) for one in audiences if blank.get((code, one.pk))]
        if missing:
            worst.append((len(missing), parish, missing))
    total = sum(blank.values())
    worst.sort(key=lambda one: (-one[0], one[1].position))
    return {
        "title": ngettext("%(n)s blank spot in the next 60 days", "%(n)s blank spots in the next 60 days", total)
        % {"n": total},
        "subtitle": _("Parishes and the people for whom nothing is planned there. A dash: nothing."),
        "head": [_("Parish"), *(str(one.name) for one in audiences)],
        "rows": rows,
        "files": files,
        "href": cells.definition(figure.code, eyes),
        "table": Table(
            cells.caption(figure, eyes),
            [_("Parish"), *(str(one.name) for one in audiences)],
            [(name, [cells.amount(1.0 if cell.number else 0.0, 0) for cell in line]) for name, line in rows],
        ),
        "begin": [
            {"name": str(parish.name), "missing": ", ".join(missing[:4]), "more": max(0, count - 4)}
            for count, parish, missing in worst[:5]
        ],
        "begin_url": reverse("courses:desk_who_serves"),
    }
