"""The words of a report's files that are the same in all three."""

from django.utils.translation import gettext as _

from reporting.domain.report_shown import Shown


def labels() -> dict[str, str]:
    """Headings of tables and parts, in the language in force."""
    return {
        "contents": _("Contents"),
        "indicator": _("Indicator"),
        "code": _("Code"),
        "value": _("Value"),
        "figures": _("Figures"),
        "basis": _("rests on"),
        "objective": _("Objective"),
        "objectives": _("Objectives"),
        "target": _("Target"),
        "reached": _("Reached"),
        "mobilities": _("Mobilities"),
        "kind": _("Kind"),
        "where": _("Where"),
        "days": _("Days"),
        "state": _("State"),
        "report": _("Participant report"),
        "compared": _("Before and after"),
        "before": _("Before"),
        "after": _("After"),
        "change": _("By how much"),
        "missing": _("No data"),
        "no-words": _("No words yet."),
        "counted": _("What it was counted from"),
        "definitions": _("How the figures are counted"),
        "definition": _("Definition"),
        "hidden": _("Numbers of 1 to 4 people are hidden, and others from which they could be worked out."),
        "number": _("No."),
    }


def version_words(report: Shown, *, sealed: str) -> str:
    """Which version it is: sealed when and by whom, or a draft."""
    if sealed:
        return _("Version %(number)s, sealed: %(sealed)s") % {"number": report["number"], "sealed": sealed}
    return _("Draft of version %(number)s, %(moment)s") % {"number": report["number"], "moment": report["drawn"]}
