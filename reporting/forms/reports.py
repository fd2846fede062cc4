"""A report as it is begun and changed: of what, of whom, measured by what; and a section's words. Rules are the domain's."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordinators.models import Project
from courses.domain import cells
from courses.forms.fields import Typed
from courses.forms.parts import Refusable, TextField, date_field
from ecosystem import dates
from ecosystem.models import Department
from reporting.domain import reports
from reporting.models import Baseline, Report

WHOLE = "whole"


class _Common(Refusable):
    """What may be changed as long as a report is written."""

    title_lv = TextField(
        label=_("Name in Latvian"),
        most=Report.LONGEST_TITLE,
        required=False,
        help_text=_("Left empty, it is named by its days."),
    )
    title_en = TextField(label=_("Name in English"), most=Report.LONGEST_TITLE, required=False)
    baseline = forms.ChoiceField(
        label=_("Measured by"),
        required=False,
        help_text=_("What there was before, so that growth is a measured sentence."),
        error_messages={"invalid_choice": _("This baseline is gone. Choose another.")},
    )

    def _offer_baselines(self, baselines: Iterable[Baseline]) -> None:
        self.baselines = {str(one.pk): one for one in baselines}
        choices = [("", gettext("Nothing: growth is not measured"))]
        choices += [
            (pk, f"{one.name}, {dates.period(one.first_on, one.last_on)}") for pk, one in self.baselines.items()
        ]
        self.fields["baseline"].choices = choices  # type: ignore[attr-defined]

    @property
    def titles(self) -> dict[str, str]:
        """Its own name in both languages."""
        return {"lv": self.cleaned_data["title_lv"], "en": self.cleaned_data["title_en"]}

    @property
    def baseline_chosen(self) -> Baseline | None:
        """What it is measured by."""
        return self.baselines.get(self.cleaned_data["baseline"])


class NewReportForm(_Common):
    """A new report. Which of the fields are needed the kind says."""

    kind = forms.ChoiceField(
        label=_("Of what"),
        choices=Report.Kind.choices,
        error_messages={"required": _("Choose what it is of."), "invalid_choice": _("Choose what it is of.")},
    )
    year = forms.ChoiceField(
        label=_("Year"), required=False, error_messages={"invalid_choice": _("Choose a year of the list.")}
    )
    quarter = forms.ChoiceField(
        label=_("Quarter"),
        required=False,
        choices=[("1", _("First")), ("2", _("Second")), ("3", _("Third")), ("4", _("Fourth"))],
        error_messages={"invalid_choice": _("Choose a quarter of the list.")},
    )
    project = forms.ChoiceField(
        label=_("Project"), required=False, error_messages={"invalid_choice": _("Choose a project of the list.")}
    )
    first_on = date_field(label=_("First day"), required=False)
    last_on = date_field(label=_("Last day"), required=False)
    department = forms.ChoiceField(
        label=_("Of whom"),
        error_messages={"required": _("Choose of whom."), "invalid_choice": _("Choose of whom.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        departments: Iterable[Department],
        projects: Iterable[Project],
        baselines: Iterable[Baseline],
        today: date,
    ) -> None:
        self.departments = {one.pk: one for one in departments}
        self.projects = {str(one.pk): one for one in projects}
        before = date(today.year - 1, 1, 1)
        initial = {"kind": Report.Kind.YEAR, "year": str(before.year), "quarter": "4", "department": WHOLE}
        super().__init__(data, initial=initial)
        self._offer_baselines(baselines)
        years = [str(year) for year in range(today.year, today.year - 12, -1)]
        self._choose("year", [(year, year) for year in years])
        nothing = [("", gettext("Choose one"))]
        self._choose("project", nothing + [(pk, f"{one.code} {one.name}") for pk, one in self.projects.items()])
        self._choose(
            "department",
            [(WHOLE, gettext("The whole: all departments")), *((pk, one.name) for pk, one in self.departments.items())],
        )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days that the kind asks for."""
        cleaned = super().clean() or {}
        needed: dict[str, tuple[tuple[str, Any], ...]] = {
            Report.Kind.YEAR: (("year", _("Choose the year.")),),
            Report.Kind.QUARTER: (("year", _("Choose the year.")), ("quarter", _("Choose the quarter."))),
            Report.Kind.PROJECT: (("project", _("Choose the project.")),),
            Report.Kind.FREE: (("first_on", _("Choose the first day.")), ("last_on", _("Choose the last day."))),
        }
        for name, words in needed.get(cleaned.get("kind", ""), ()):
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, ValidationError(words, code="required"))
        return cleaned

    @property
    def project_chosen(self) -> Project | None:
        """The project, of a project's report."""
        is_one = self.cleaned_data["kind"] == Report.Kind.PROJECT
        return self.projects.get(self.cleaned_data["project"]) if is_one else None

    @property
    def department_chosen(self) -> Department | None:
        """Of which department; None of the whole."""
        return self.departments.get(self.cleaned_data["department"])

    @property
    def period(self) -> tuple[date, date]:
        """The days it is of."""
        said = self.cleaned_data
        match said["kind"]:
            case Report.Kind.YEAR:
                return reports.year(int(said["year"]))
            case Report.Kind.QUARTER:
                return reports.quarter(int(said["quarter"]), of=int(said["year"]))
            case Report.Kind.PROJECT:
                project = self.projects[said["project"]]
                return project.starts_on, project.ends_on
            case _:
                return said["first_on"], said["last_on"]


class ReportForm(_Common):
    """Another name, another baseline; other days where they are one's own and nothing was sealed."""

    first_on = date_field(label=_("First day"))
    last_on = date_field(label=_("Last day"))

    def __init__(self, data: Any = None, *, report: Report, baselines: Iterable[Baseline]) -> None:
        initial = {
            "title_lv": report.title_lv,
            "title_en": report.title_en,
            "baseline": str(report.baseline_id or ""),
            "first_on": report.first_on,
            "last_on": report.last_on,
        }
        super().__init__(data, initial=initial)
        self._offer_baselines(baselines)
        # The days of a year, a quarter and a project are given; those of a sealed version stay.
        if report.kind in (Report.Kind.YEAR, Report.Kind.QUARTER) or report.version > 1:
            del self.fields["first_on"], self.fields["last_on"]

    @property
    def period(self) -> tuple[date, date] | None:
        """Other days."""
        if "first_on" not in self.fields:
            return None
        return self.cleaned_data["first_on"], self.cleaned_data["last_on"]


class WordsField(Typed):
    """What is said in one section: paragraphs; control characters are refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 7}), **options)

    def clean(self, value: Any) -> str:
        """The tidied text."""
        text = str(value or "")
        cells.refuse_what_is_no_text(text, breaks=True)
        return cells.paragraphs(text)


class WordsForm(Refusable):
    """A section's words in both languages, and which saving was seen."""

    lv = WordsField(label=_("In Latvian"))
    en = WordsField(label=_("In English"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, data: Any = None, *, section: str, **options: Any) -> None:
        self.section = section
        super().__init__(data, prefix=section, **options)

    @property
    def seen_version(self) -> int:
        """Which saving the page showed; what is none is the first."""
        return self.cleaned_data.get("seen") or 0
