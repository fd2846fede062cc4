"""A report in words of the language in force: what its page, its paper and its sheets show, made once for all of them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.enums import ParticipantReport
from ecosystem import dates
from reporting.domain import report_comparing, report_project, report_words
from reporting.domain.report_content import Content
from reporting.models import Report, ReportText

S = ReportText.Section
# Figures whose name says already what they are broken down by.
SAY_BY_THEMSELVES = frozenset(
    (
        *(("IEK-02", "barrier"), ("IEK-03", "sex"), ("IEK-04", "age"), ("IEK-05", "labour"), ("IEK-06", "education")),
        *(("IEK-11", "support"), ("PIE-04", "field"), ("PIE-05", "competence"), ("MOB-05", "aspect")),
        *(("MOB-08", "aspect"), ("REZ-05", "aspect"), ("DIS-02", "aspect"), ("IEK-08", "aspect"), ("TUV-06", "aspect")),
    )
)
Shown = dict[str, Any]


def shown(content: Content) -> Shown:
    """The whole report."""
    language = report_words.language()
    project = content["project"]
    return {
        "language": language,
        "title": content["titles"][language],
        "about": about(content),
        "number": content["number"],
        "drawn": _moment(content["drawn_at"]),
        "state": state(content["state"]),
        "is_of_project": content["kind"] == Report.Kind.PROJECT,
        "project": project and _project(project, language),
        "sections": [_section(section, project, language) for section in content["sections"]],
    }


def about(content: Content) -> str:
    """Of which days and of whom: "2026. gada 1. janvāris – 31. decembris · Jaunatnes lietu nodaļa"."""
    department = content["department"]
    whom = department["names"][report_words.language()] if department else settings.MUNICIPALITY_NAME
    return " · ".join([report_words.period(content["period"]), whom])


def state(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the figures were counted from, each with its name."""
    return [(state_name(name), _state_value(value)) for name, value in said.items() if value not in (None, "", {}, [])]


def state_name(name: str) -> str:
    """What a part of the state of the data is called."""
    return {
        "as_of": _("Data as of"),
        "rules": _("Version of the overlap rules"),
        "settings": _("Limits in force"),
        "populations": _("Population as of"),
        "facts": _("Facts counted"),
        "indicators": _("Version of the definitions"),
        "youth": _("young people"),
        "seniors": _("seniors"),
        "completion": _("completed from"),
        "newcomers": _("first-timers, months away"),
        "small_cell": _("small numbers are hidden up to"),
    }.get(name, name)


def _state_value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{state_name(name)}: {_state_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_state_value(inner) for inner in value)
    if isinstance(value, str) and "T" in value and value[:4].isdigit():
        return _moment(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    return str(value)


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment:%d.%m.%Y}, {moment.hour}:{moment.minute:02d}"


def _section(section: Mapping[str, Any], project: Mapping[str, Any] | None, language: str) -> Shown:
    figures = section["figures"]
    there = [figure for figure in figures if figure["missing"] is None]
    compared = section["compared"]
    return {
        "code": section["code"],
        "title": section["titles"][language],
        "asks": section["asks"][language],
        "words": section["words"],
        "text": section["words"][language],
        "whole": [_whole(figure, language) for figure in there if not figure["by"]],
        "parts": [_parts(figure, language) for figure in there if figure["by"]],
        "missing": _missing(figures, language),
        "compared": compared and _compared(compared, language),
        "objectives": (
            [_objective(one, language) for one in project["objectives"]]
            if project and section["code"] == S.OBJECTIVES
            else []
        ),
        "mobilities": (
            [_mobility(one, language) for one in project["mobilities"]]
            if project and section["code"] == S.ACTIVITIES
            else []
        ),
        "budget": _budget(project) if project and section["code"] == S.BUDGET else [],
    }


def _whole(figure: Mapping[str, Any], language: str) -> Shown:
    row = figure["rows"][0]
    return {
        "code": figure["code"],
        "name": figure["names"][language],
        "definition": figure["definition"][language],
        "unit": report_words.unit_words(figure["unit"]),
        "value": report_words.cell(row, figure["unit"]),
        "n": report_words.basis(row, figure["unit"]),
        "not_known": _not_known(row),
        "note": figure["note"][language],
        "is_hidden": row["hidden"],
    }


def _parts(figure: Mapping[str, Any], language: str) -> Shown:
    values = [abs(row["value"]) for row in figure["rows"] if row["value"] is not None]
    most = max(values, default=0)
    says_by_itself = (figure["code"], *figure["by"]) in SAY_BY_THEMSELVES
    by = (
        ""
        if says_by_itself
        else dates.joined([report_words.by_words(dimension) for dimension in figure["by"]], _("and"))
    )
    return {
        "code": figure["code"],
        "name": figure["names"][language],
        "title": f"{figure['names'][language]} {by}".strip(),
        "definition": figure["definition"][language],
        "by": " · ".join(report_words.dimension_words(dimension) for dimension in figure["by"]),
        "unit": report_words.unit_words(figure["unit"]),
        "chart": figure["chart"] and most > 0,
        "note": figure["note"][language],
        "has_basis": any(report_words.basis(row, figure["unit"]) for row in figure["rows"]),
        "rows": [
            {
                "name": row["names"][language] or _("Together"),
                "value": report_words.cell(row, figure["unit"]),
                "number": row["value"],
                "n": report_words.basis(row, figure["unit"]),
                "not_known": _not_known(row),
                "share": abs(row["value"]) / most if most and row["value"] is not None else 0,
                "percent": round(abs(row["value"]) / most * 100) if most and row["value"] is not None else 0,
                "is_hidden": row["hidden"],
            }
            for row in figure["rows"]
        ],
    }


def _not_known(row: Mapping[str, Any]) -> str:
    """Of what a value is made, so many are not known."""
    if row["hidden"] or not row["not_known"]:
        return ""
    words = ngettext("not known: %(n)s", "not known: %(n)s", row["not_known"])
    return words % {"n": report_words.amount(row["not_known"], "count")}


def _missing(figures: Iterable[Mapping[str, Any]], language: str) -> list[Shown]:
    """What could not be had, an indicator once for each reason."""
    found = {
        (figure["code"], figure["missing"][language]): figure["names"][language]
        for figure in figures
        if figure["missing"] is not None
    }
    return [{"code": code, "name": name, "why": why} for (code, why), name in found.items()]


def _compared(compared: Mapping[str, Any], language: str) -> Shown:
    about = [
        _("Before: %(name)s, %(before)s.")
        % {"name": compared["name"], "before": report_words.period(compared["before"])},
        _("After: %(after)s.") % {"after": report_words.period(compared["after"])} if compared["after"] else "",
        _("Source: %(source)s") % {"source": compared["source"]},
    ]
    return {
        "about": " ".join(part for part in about if part),
        "sentences": [said for said in compared["sentences"][language].split("\n") if said],
        "rows": [
            {
                "name": row["names"][language],
                "code": row["code"],
                "part": row["part"][language],
                "before": report_words.cell(row, row["unit"], name="before"),
                "after": report_words.cell(row, row["unit"], name="after"),
                "growth": _growth(row),
                "why": row["why"][language] if row["why"] else "",
            }
            for row in compared["rows"]
        ],
    }


def _growth(row: Mapping[str, Any]) -> str:
    if not report_comparing.is_compared(row):
        return ""
    grew = report_comparing.growth(row)
    difference = row["after"] - row["before"]
    sign = "+" if difference > 0 else ""
    if row["unit"] == "percent":
        return _("%(n)s pp") % {"n": sign + report_words.amount(round(difference, 1), "days")}
    if grew is None:
        return sign + report_words.amount(difference, row["unit"])
    return sign + report_words.amount(round(grew), "percent")


def _project(project: Mapping[str, Any], language: str) -> Shown:
    return {
        "code": project["code"],
        "name": project["names"][language],
        "period": report_words.period(project["period"]),
        "grant": report_words.amount(project["grant"], "eur"),
    }


def _objective(one: Mapping[str, Any], language: str) -> Shown:
    reached = report_project.share(one["actual"], one["target"])
    return {
        "position": one["position"],
        "text": one["texts"][language],
        "status": one["statuses"][language],
        "indicator": one["indicator"],
        "target": report_words.amount(one["target"], one["unit"]),
        "actual": report_words.amount(one["actual"], one["unit"]),
        "baseline": report_words.amount(one["baseline"], one["unit"]) if one["baseline"] is not None else "",
        "reached": report_words.amount(round(reached, 1), "percent") if reached is not None else report_words.DASH,
        "why": one["why"][language] if one["why"] else "",
    }


def _mobility(one: Mapping[str, Any], language: str) -> Shown:
    return {
        "ref": one["ref"],
        "kind": one["kind_names"][language],
        "state": one["state_names"][language],
        "in_grant": one["in_grant"],
        "where": ", ".join(part for part in (one["host"], one["country_names"][language]) if part),
        "days": report_words.period([one["first"], one["last"]]),
        "participants": one["participants"],
        "has_report": one["report"] == ParticipantReport.SUBMITTED,
        "report": one["report_names"][language],
    }


def _budget(project: Mapping[str, Any]) -> list[tuple[str, str]]:
    grant, spent = project["grant"], project["spent"]
    rows = [(_("Grant"), report_words.amount(grant, "eur")), (_("Spent"), report_words.amount(spent, "eur"))]
    part = report_project.share(spent, grant)
    if part is not None:
        rows.append((_("Spent of the grant"), report_words.amount(round(part, 1), "percent")))
    return rows
