"""The steps of the editor: which are complete, which still lack something, and how far each language has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain import programme
from courses.enums import ActivityStatus
from courses.forms.planning import LANGUAGE_NAMES, OTHERS, DetailsForm
from courses.models import Activity

LABELS: dict[str, str | Promise] = {
    "what": gettext_lazy("What"),
    "whom": gettext_lazy("For whom"),
    "where": gettext_lazy("Where"),
    "when": gettext_lazy("When"),
    "lead": gettext_lazy("Who leads"),
    "places": gettext_lazy("Places and registration"),
    "words": gettext_lazy("In other languages"),
}
FIELDS = {
    "what": {"title_lv", "summary_lv", "topic", "kind", "competences"},
    "whom": {"audiences", "age_min", "age_max", "language", "level"},
    "where": {"place", "parish", "centre", "format", "lead", "partners", "partner_note"},
    "when": {"sessions", "room"},
    "lead": {"educators"},
    "words": {f"{name}_{language}" for name in ("title", "summary") for language in OTHERS},
}
_TITLES = {
    "en": gettext_lazy("The title in English"),
    "ru": gettext_lazy("The title in Russian"),
    "uk": gettext_lazy("The title in Ukrainian"),
}
_SUMMARIES = {
    "en": gettext_lazy("What will happen, in English"),
    "ru": gettext_lazy("What will happen, in Russian"),
    "uk": gettext_lazy("What will happen, in Ukrainian"),
}


@dataclass
class Step:
    """One section of the editor: what is needed to publish, and what residents would look for."""

    key: str
    label: str
    needs: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    is_optional: bool = False

    @property
    def state(self) -> str:
        """``needs`` stops publishing, ``advice`` stops nobody, ``optional`` may stay empty, else ``done``."""
        return "needs" if self.needs else "advice" if self.advice else "optional" if self.is_optional else "done"


@dataclass(frozen=True)
class Language:
    """One other language: its two fields beside the Latvian, and how far it has come."""

    code: str
    name: str | Promise
    title: BoundField
    summary: BoundField
    title_label: str | Promise
    summary_label: str | Promise
    state: str
    words: str
    is_open: bool


def steps_of(spec: programme.ActivitySpec, *, now: datetime) -> list[Step]:
    """The steps of an activity as it is saved."""
    lacking = programme.lacking(spec, step=ActivityStatus.PUBLISHED, now=now)
    steps = _steps(lacking, programme.advised(spec))
    begun = [state for state, _words in _progress(spec.titles, spec.summaries).values() if state != "none"]
    steps[-1].is_optional = not begun
    if "partial" in begun:
        steps[-1].advice = [_("A language is begun and not complete.")]
    return steps


def steps_at_first(form: DetailsForm) -> list[Step]:
    """The steps of what is not saved yet: what the form asks for and does not have."""
    lacking: dict[str, list[Any]] = {
        name: [field.error_messages["required"]]
        for name, field in form.fields.items()
        if field.required and not form[name].value()
    }
    if not form["audiences"].value():
        lacking["audiences"] = [programme.SAY_WHOM]
    lacking["sessions"] = [programme.SAY_WHEN]
    steps = _steps(lacking, {})
    steps[-1].is_optional = True
    return steps


def summed_up(steps: list[Step]) -> str:
    """All the steps in one line, for a small screen."""
    wanting = [step.label for step in steps if step.state == "needs"]
    if not wanting:
        return _("All that is needed is there.")
    return _("Still needed: %(steps)s") % {"steps": ", ".join(wanting)}


def languages_of(form: DetailsForm) -> list[Language]:
    """The other languages as the page shows them: those begun stand open."""
    titles, summaries = (
        {language: str(form[f"{name}_{language}"].value() or "") for language in programme.LANGUAGES}
        for name in ("title", "summary")
    )
    progress = _progress(titles, summaries)
    return [
        Language(
            code=code,
            name=LANGUAGE_NAMES[code],
            title=form[f"title_{code}"],
            summary=form[f"summary_{code}"],
            title_label=_TITLES[code],
            summary_label=_SUMMARIES[code],
            state=progress[code][0],
            words=progress[code][1],
            is_open=progress[code][0] != "none" or bool(form[f"title_{code}"].errors or form[f"summary_{code}"].errors),
        )
        for code in OTHERS
    ]


def progress_of(activity: Activity) -> dict[str, dict[str, str]]:
    """How far each language has come, for the script."""
    spec = programme.spec_of(activity)
    told = _progress(spec.titles, spec.summaries)
    return {code: {"state": state, "words": words} for code, (state, words) in told.items()}


def _steps(lacking: Mapping[str, list[Any]], advised: Mapping[str, Any]) -> list[Step]:
    steps = {key: Step(key, str(label)) for key, label in LABELS.items()}
    for name, words in lacking.items():
        steps[_section(name)].needs += [str(each) for each in words]
    for name, word in advised.items():
        steps[_section(name)].advice.append(str(word))
    return list(steps.values())


def _section(name: str) -> str:
    return next((key for key, names in FIELDS.items() if name in names), "places")


def _progress(titles: Mapping[str, str], summaries: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """A language is complete when it says all that the Latvian says."""
    told = {}
    for code in OTHERS:
        title, summary = bool(titles.get(code, "").strip()), bool(summaries.get(code, "").strip())
        needs_summary = bool(summaries.get("lv", "").strip())
        if not title and not summary:
            told[code] = ("none", _("not begun"))
        elif not title:
            told[code] = ("partial", _("the title is missing"))
        elif needs_summary and not summary:
            told[code] = ("partial", _("the description is missing"))
        else:
            told[code] = ("done", _("complete"))
    return told
