"""A report as PDF: tagged, titled, in one language, with bars beside the numbers of the tables they are drawn of."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses.documents.press import Drawing, print_paper
from courses.domain.lettering import hyphenated
from reporting.documents import emblem
from reporting.documents.labels import labels, version_words
from reporting.domain.report_shown import Shown

_TEMPLATES = Path(__file__).parent / "typst"


def print_report(report: Shown, *, sealed: str = "", checksum: str = "") -> bytes:
    """The PDF of a shown report in the language in force; ``sealed`` says when and by whom, empty of a draft.

    Raises ``press.Busy``.
    """
    data: dict[str, Any] = {
        "heading": hyphenated(report["title"]),
        "about": report["about"],
        "project": report["project"],
        "version": version_words(report, sealed=sealed),
        "is-draft": not sealed,
        "sections": [_section(section) for section in report["sections"]],
        "definitions": _definitions(report),
        "state": [*report["state"], (_("Figures counted"), report["drawn"])],
        "checksum": checksum,
        "labels": labels(),
        "running": f"{report['title']} · {version_words(report, sealed=sealed)}",
        "union": (
            {
                "emblem": Drawing(emblem.svg()),
                "alt": emblem.alternative(),
                "sentence": emblem.sentence(),
                "disclaimer": emblem.disclaimer(),
            }
            if report["is_of_project"]
            else None
        ),
    }
    return print_paper("report", data, title=f"{report['title']}, {report['about']}", folder=_TEMPLATES)


def _section(section: Shown) -> dict[str, Any]:
    names = ("title", "whole", "parts", "missing", "compared", "objectives", "mobilities", "budget")
    told = {name: section[name] for name in names}
    return {**told, "paragraphs": [part for part in section["text"].split("\n") if part.strip()]}


def _in_letters(definition: str) -> str:
    """A definition as the fonts can show it: signs of reckoning that they have not, in words."""
    for sign, words in (("≥", _("at least")), ("≤", _("at most")), ("Σ", _("the sum of")), ("∪", _("or"))):
        definition = definition.replace(sign, f"{words} ")
    return definition.replace("  ", " ")


def _definitions(report: Shown) -> list[dict[str, str]]:
    """Each indicator that is told, once."""
    found = {
        one["code"]: {"code": one["code"], "name": one["name"], "definition": _in_letters(one["definition"])}
        for section in report["sections"]
        for one in (*section["whole"], *section["parts"])
    }
    return [found[code] for code in sorted(found)]
