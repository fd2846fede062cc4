"""A report as a workbook: mobilities under the names of the Beneficiary Module's import, every figure a row, no formula.

Of people there are totals alone: the columns of a participant (name, birth, sex, nationality, fewer opportunities) are left
out, and are written in the Module itself. Hidden numbers are the word *hidden*.
"""

from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from coordinators.domain.countries import HOME
from coordinators.enums import COME_HERE
from reporting.documents.labels import labels, version_words
from reporting.domain import report_words
from reporting.domain.report_content import Content
from reporting.domain.report_shown import Shown

# As the Module's manual calls them, in English in every language; what follows the empty column is ours.
MODULE = (
    "Grant Agreement No.",
    "Mobility activity ID",
    "Activity type",
    "Number of participants",
    "Receiving organisation",
    "Receiving country",
    "Start date",
    "End date",
    "Duration in days (without travel)",
    "Green travel",
    "Blended mobility",
)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(report: Shown, content: Content, *, sealed: str = "", checksum: str = "") -> bytes:
    """The workbook of a report in the language in force; numbers as numbers, from the same content as the shown report."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, _OPTIONS) as book:
        book.set_properties({"title": report["title"], "comments": version_words(report, sealed=sealed)})
        writer = _Writer(book)
        if content["project"]:
            writer.mobilities(content["project"])
        writer.figures(content)
        writer.objectives(content)
        writer.compared(content)
        writer.words(content)
        writer.about(report, content, sealed=sealed, checksum=checksum)
    return made.getvalue()


class _Writer:
    """Sheets of one book."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.language = report_words.language()
        self.labels = labels()
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})

    def _sheet(self, name: str, heads: list[str] | tuple[str, ...], widths: list[int]) -> Any:
        # A sheet's name has at most 31 signs.
        sheet = self.book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, self.bold)
        return sheet

    def _row(self, sheet: Any, line: int, cells: list[Any]) -> None:
        for place, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(line, place, cell, self.day)
            elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
                sheet.write_number(line, place, cell)
            elif cell not in (None, ""):
                sheet.write_string(line, place, str(cell), self.wrapped)

    def mobilities(self, project: dict[str, Any]) -> None:
        """The project's stays abroad, as the Module takes them."""
        ours = [_("In the grant"), _("State"), _("Learning agreement"), _("Certificate"), _("Participant report")]
        sheet = self._sheet(
            "Mobility activities", (*MODULE, *ours), [30, 16, 14, 12, 34, 12, 12, 12, 12, 10, 10, *[16] * 5]
        )
        for line, one in enumerate(project["mobilities"], start=1):
            first, last = date.fromisoformat(one["first"]), date.fromisoformat(one["last"])
            # Who comes here is received here.
            is_here = one["kind"] in COME_HERE
            host, country = (settings.MUNICIPALITY_NAME, HOME) if is_here else (one["host"], one["country"])
            self._row(
                sheet,
                line,
                [
                    *(project["code"], one["ref"], one["kind"], one["participants"], host, country),
                    *(first, last, one["days"], _module_s(one["green"]), _module_s(one["blended"])),
                    *(_said(one["in_grant"]), one["state_names"][self.language]),
                    *(_said(one["agreement"]), _said(one["certificate"]), one["report_names"][self.language]),
                ],
            )

    def figures(self, content: Content) -> None:
        """Every number of the report, one a row."""
        heads = [
            _("Section"),
            _("Code"),
            _("Indicator"),
            _("By"),
            _("Part"),
            _("Value"),
            _("Unit"),
            "n",
            _("Not known"),
        ]
        sheet = self._sheet(self.labels["figures"], heads, [28, 10, 36, 20, 30, 12, 16, 10, 12])
        line = 0
        for section in content["sections"]:
            for figure in section["figures"]:
                by = ", ".join(report_words.dimension_words(name) for name in figure["by"])
                unit = report_words.unit_words(figure["unit"])
                for row in figure["rows"]:
                    line += 1
                    value = _("hidden") if row["hidden"] else row["value"]
                    told = [section["titles"][self.language], figure["code"], figure["names"][self.language], by]
                    told += [row["names"][self.language], value, unit, row["n"], row["not_known"]]
                    self._row(sheet, line, told)
        sheet.autofilter(0, 0, max(line, 1), len(heads) - 1)

    def objectives(self, content: Content) -> None:
        """What the project promised beside what was reached."""
        if not content["project"] or not content["project"]["objectives"]:
            return
        heads = [self.labels["number"], self.labels["objective"], self.labels["target"], self.labels["reached"]]
        sheet = self._sheet(self.labels["objectives"], [*heads, _("Where it stands")], [6, 60, 14, 14, 60])
        for line, one in enumerate(content["project"]["objectives"], start=1):
            told = [one["position"], one["texts"][self.language], one["target"], one["actual"]]
            self._row(sheet, line, [*told, one["statuses"][self.language]])

    def compared(self, content: Content) -> None:
        """The baseline beside the report."""
        found = [section["compared"] for section in content["sections"] if section["compared"]]
        if not found:
            return
        heads = [_("Code"), _("Indicator"), _("Part"), self.labels["before"], self.labels["after"], _("Note")]
        sheet = self._sheet(self.labels["compared"], heads, [10, 36, 30, 14, 14, 50])
        for line, row in enumerate(found[0]["rows"], start=1):
            hidden = _("hidden") if row["hidden"] else None
            told = [row["code"], row["names"][self.language], row["part"][self.language]]
            told += [hidden or row["before"], hidden or row["after"], row["why"][self.language] if row["why"] else ""]
            self._row(sheet, line, told)

    def words(self, content: Content) -> None:
        """The head's words in both languages."""
        heads = [_("Section"), _("In Latvian"), _("In English")]
        sheet = self._sheet(_("Texts"), heads, [28, 80, 80])
        for line, section in enumerate(content["sections"], start=1):
            told = [section["titles"][self.language], section["words"]["lv"], section["words"]["en"]]
            self._row(sheet, line, told)

    def about(self, report: Shown, content: Content, *, sealed: str, checksum: str) -> None:
        """What it is, what it was counted from, how the figures are counted, what is hidden."""
        sheet = self._sheet(_("About"), [_("What"), ""], [36, 100])
        rows = [
            (_("Report"), report["title"]),
            (_("Period"), report["about"]),
            (_("Version"), version_words(report, sealed=sealed)),
            *report["state"],
            (_("Figures counted"), report["drawn"]),
            *([("SHA-256", checksum)] if checksum else []),
            (_("Hidden"), self.labels["hidden"]),
            (_("People"), _("Totals alone: who took part stands in no file of the portal.")),
        ]
        definitions = {
            figure["code"]: (f"{figure['code']} {figure['names'][self.language]}", figure["definition"][self.language])
            for section in content["sections"]
            for figure in section["figures"]
        }
        for line, (name, text) in enumerate([*rows, *(definitions[code] for code in sorted(definitions))], start=1):
            self._row(sheet, line, [name, text])


def _module_s(value: bool | None) -> str:
    """YES or NO, as the Module writes them."""
    return "" if value is None else "YES" if value else "NO"


def _said(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")
