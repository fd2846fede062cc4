"""What a report still lacks, each thing named: words, figures without data, what there is no comparison for.

A report may be sealed with gaps: the programme takes it as it is, and some gaps are the truth. But nobody seals one unknowing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.enums import COUNTED, MobilityState, ParticipantReport
from ecosystem import dates
from reporting.domain.report_content import Content
from reporting.models import ReportText

WORDS, DATA, COMPARISON, PERIOD, PROJECT = "words", "data", "comparison", "period", "project"


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: of which section ("" of the whole), which sort, in words of the language in force."""

    section: str
    kind: str
    words: str
    why: str = ""
    code: str = ""


def of(content: Content, *, language: str, today: str) -> list[Gap]:
    """All gaps of a report, in the order of its sections. ``today`` as 2027-01-11."""
    found: list[Gap] = []
    if content["period"][1] >= today:
        found.append(Gap("", PERIOD, _("The period has not ended yet: its figures will still grow.")))
    for section in content["sections"]:
        found += _of(section, language=language)
        found += _of_project(section["code"], content["project"], language=language)
    return found


def _of_project(code: str, project: Mapping[str, Any] | None, *, language: str) -> Iterator[Gap]:
    """What its project lacks, under the section that tells of it."""
    if project is None:
        return
    if code == ReportText.Section.OBJECTIVES:
        if not project["objectives"]:
            yield Gap(code, PROJECT, _("The project has no objectives written down."))
        for one in project["objectives"]:
            name = _("Objective %(number)s") % {"number": one["position"]}
            if one["actual"] is None:
                why = one["why"][language] if one["why"] else ""
                yield Gap(code, PROJECT, _("%(name)s: what was reached is not known.") % {"name": name}, why)
    if code == ReportText.Section.OUTCOMES:
        if not any(one["state"] == MobilityState.DONE for one in project["mobilities"]):
            yield Gap(code, PROJECT, _("No mobility of the project is written down as done."))
        for one in project["mobilities"]:
            is_counted = one["kind"] in COUNTED
            if is_counted and one["state"] == MobilityState.DONE and one["report"] != ParticipantReport.SUBMITTED:
                yield Gap(code, PROJECT, _("%(name)s: no participant report.") % {"name": _mobility(one, language)})
    if code == ReportText.Section.BUDGET and project["spent"] is None:
        yield Gap(code, PROJECT, _("Nobody has written down how much of the grant was spent."))


def _mobility(one: Mapping[str, Any], language: str) -> str:
    days = dates.period(date.fromisoformat(one["first"]), date.fromisoformat(one["last"]))
    parts = [one["ref"], one["kind_names"][language], one["country_names"][language], days]
    return ", ".join(part for part in parts if part)


def _of(section: Mapping[str, Any], *, language: str) -> Iterator[Gap]:
    code = section["code"]
    if not section["words"]["lv"]:
        yield Gap(code, WORDS, _("No words in Latvian."))
    if not section["words"]["en"]:
        yield Gap(code, WORDS, _("No words in English."))
    seen: set[str] = set()
    for figure in section["figures"]:
        if figure["missing"] and (said := f"{figure['code']} {figure['missing'][language]}") not in seen:
            seen.add(said)
            name = f"{figure['code']} {figure['names'][language]}"
            yield Gap(code, DATA, _("%(name)s: no data.") % {"name": name}, figure["missing"][language], figure["code"])
    if section["compares"]:
        yield from _compared(section, language=language)


def _compared(section: Mapping[str, Any], *, language: str) -> Iterator[Gap]:
    compared = section["compared"]
    if compared is None:
        yield Gap(section["code"], COMPARISON, _("No baseline is chosen, so growth is not measured."))
        return
    if not compared["rows"]:
        yield Gap(section["code"], COMPARISON, _("The baseline holds no numbers."))
    without = [row for row in compared["rows"] if row["why"]]
    if without:
        words = ngettext(
            "%(n)s number of the baseline cannot be compared.",
            "%(n)s numbers of the baseline cannot be compared.",
            len(without),
        )
        whys = dict.fromkeys(row["why"][language] for row in without)
        yield Gap(section["code"], COMPARISON, words % {"n": len(without)}, " ".join(whys))
