"""What is typed about a project, its objectives, and what was carried home and further. Rules are the domain's."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordinators.domain.projects import ObjectiveSpec, ProjectSpec
from coordinators.domain.sharing import EventSpec, PracticeSpec, PublicationSpec
from coordinators.enums import ProjectAction, PublicationChannel, PublicationLanguage, SharingLevel
from coordinators.models import DisseminationEvent, Mobility, Objective, Practice, Project, Publication
from courses.forms.fields import LineField
from courses.forms.parts import Refusable, TextField, date_field, number_field
from ecosystem import dates
from ecosystem.models import Parish
from reporting.domain.indicators.objectives import refuse_unfit
from reporting.forms.fields import AmountField, DecimalField, KnownField, chosen

# What an objective's indicator can be narrowed to here.
FILTERS = ("department", "parish", "audience")
TOO_LONG = _("The text is too long. Write at most %(count)s letters.")


def line(label: Any, longest: int, **options: Any) -> LineField:
    """A line of text."""
    return LineField(label=label, longest=longest, too_long=TOO_LONG, **options)


def put_choices(form: forms.Form, name: str, choices: Any) -> None:
    """The choices of a field, known once the page is asked for."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (as it is declared)
    field.choices = choices


class ProjectForm(Refusable):
    """A grant as the agreement has it."""

    code = line(
        _("Number"),
        40,
        help_text=_("As in the agreement: 2023-1-LV01-KA122-ADU-000125873."),
        error_messages={"required": _("Write the project's number.")},
    )
    action = chosen(_("What pays"), ProjectAction.choices)
    name_lv = line(_("Name in Latvian"), 200, error_messages={"required": _("Write the project's name.")})
    name_en = line(_("Name in English"), 200, required=False)
    starts_on = date_field(label=_("First day"))
    ends_on = date_field(label=_("Last day"))
    grant_eur = AmountField(
        label=_("Grant, euros"), error_messages={"required": _("Write the grant in euros, above zero.")}
    )
    spent_eur = AmountField(label=_("Spent, euros"), required=False)

    def spec(self) -> ProjectSpec:
        """As the domain takes it."""
        return ProjectSpec(**self.cleaned_data)

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        """What the form shows of a project."""
        return {name: getattr(project, name) for name in ProjectForm.base_fields}


class ObjectiveForm(Refusable):
    """What was promised as a number, and where it stands."""

    text_lv = TextField(
        label=_("Objective in Latvian"),
        several_lines=True,
        most=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what was promised.")},
    )
    text_en = TextField(
        label=_("Objective in English"),
        several_lines=True,
        most=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    baseline = DecimalField(label=_("Before the project"), required=False)
    target = DecimalField(label=_("Target"), error_messages={"required": _("The target is a number above zero.")})
    actual = DecimalField(
        label=_("Reached"), required=False, help_text=_("Left empty, the indicator tells it, where one is chosen.")
    )
    indicator = chosen(_("Indicator that measures it"), [], required=False)
    department = chosen(_("Of which department"), [], required=False)
    parish = chosen(_("Of which parish"), [], required=False)
    audience = chosen(_("Of which audience"), [], required=False)
    status_lv = TextField(label=_("Where it stands, in Latvian"), several_lines=True, most=600, required=False)
    status_en = TextField(label=_("Where it stands, in English"), several_lines=True, most=600, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        indicators: Iterable[tuple[str, str]],
        terms: Mapping[str, Sequence[tuple[str, str]]],
        kept_filters: dict[str, list[str]] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.kept_filters = kept_filters or {}
        shown = {name: (self.kept_filters.get(name) or [""])[0] for name in FILTERS}
        super().__init__(data, initial=shown | (initial or {}))
        put_choices(self, "indicator", [("", gettext("None: the number is typed")), *indicators])
        every = {
            "department": gettext("All departments"),
            "parish": gettext("All parishes"),
            "audience": gettext("All audiences"),
        }
        for name in FILTERS:
            put_choices(self, name, [("", every[name]), *terms[name]])

    def clean(self) -> dict[str, Any]:
        """An indicator is told apart only as its definition is."""
        cleaned = super().clean() or self.cleaned_data
        code = cleaned.get("indicator", "")
        try:
            if code:
                refuse_unfit(code, self._filters(cleaned))
        except ValidationError as error:
            self.add_error("indicator", error)
        return cleaned

    def _filters(self, cleaned: Mapping[str, Any]) -> dict[str, list[str]]:
        """What is chosen, and what this form does not show but the objective has, while the indicator is the same."""
        same = self.initial.get("indicator") == cleaned["indicator"]
        others = {name: codes for name, codes in self.kept_filters.items() if same and name not in FILTERS}
        chosen_here = {}
        for name in FILTERS:
            before = self.kept_filters.get(name) or [""]
            if cleaned.get(name):
                # Several, of which the form shows the first, stay while that is not changed.
                chosen_here[name] = before if cleaned[name] == before[0] else [cleaned[name]]
        return others | chosen_here

    def spec(self) -> ObjectiveSpec:
        """As the domain takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in FILTERS}
        return ObjectiveSpec(**said, filters=self._filters(self.cleaned_data) if said["indicator"] else {})

    @staticmethod
    def initial_of(objective: Objective) -> dict[str, Any]:
        """What the form shows of an objective."""
        return {name: getattr(objective, name) for name in ObjectiveForm.base_fields if name not in FILTERS}


class EventForm(Refusable):
    """A meeting at which results were shared."""

    held_on = date_field(label=_("Day"))
    title = line(_("What it was"), 200, error_messages={"required": _("Write what it was.")})
    level = chosen(_("How far it carried"), SharingLevel.choices)
    audience = line(
        _("Who listened"),
        120,
        required=False,
        help_text=_("In a few words, without names: librarians, heads of schools."),
    )
    parish = chosen(_("Parish"), [], required=False)
    attendees = number_field(label=_("How many came"), digits=5)

    def __init__(self, data: Any = None, *, parishes: Iterable[Parish], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.parish_rows = {each.pk: each for each in parishes}
        put_choices(
            self, "parish", [("", gettext("Not in one parish")), *((pk, p.name) for pk, p in self.parish_rows.items())]
        )

    def spec(self) -> EventSpec:
        """As the domain takes it."""
        said = dict(self.cleaned_data)
        return EventSpec(**said | {"parish": self.parish_rows.get(said["parish"])})

    @staticmethod
    def initial_of(event: DisseminationEvent) -> dict[str, Any]:
        """What the form shows of an event."""
        shown = {name: getattr(event, name) for name in EventForm.base_fields}
        return shown | {"parish": event.parish_id or ""}


class LinkField(LineField):
    """An address on the web; ``www.…`` is one too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=500, too_long=TOO_LONG, **options)

    def clean(self, value: Any) -> str:
        """The address with its scheme."""
        text = str(super().clean(value))
        if not text:
            return ""
        address = text if "://" in text else f"https://{text}"
        URLValidator(schemes=["http", "https"], message=_("Write the address as the browser shows it: https://…"))(
            address
        )
        return address


class PublicationForm(Refusable):
    """An article, a post, a material."""

    published_on = date_field(label=_("Day"))
    title = line(_("Title"), 200, error_messages={"required": _("Write the title.")})
    channel = chosen(_("Where"), PublicationChannel.choices)
    language = chosen(_("Language"), PublicationLanguage.choices)
    link = LinkField(label=_("Link"), required=False)
    reach = number_field(label=_("Views or readers"), digits=8)
    has_emblem = KnownField(label=_("The EU emblem is seen"))
    has_disclaimer = KnownField(label=_("The disclaimer is there"))

    def spec(self) -> PublicationSpec:
        """As the domain takes it."""
        return PublicationSpec(**self.cleaned_data)

    @staticmethod
    def initial_of(publication: Publication) -> dict[str, Any]:
        """What the form shows of a publication."""
        return {name: getattr(publication, name) for name in PublicationForm.base_fields}


class PracticeForm(Refusable):
    """A method brought home."""

    mobility = chosen(_("From which mobility"), [])
    name_lv = line(_("Name in Latvian"), 120, error_messages={"required": _("Write the method's name.")})
    name_en = line(_("Name in English"), 120, required=False)
    description_lv = TextField(
        label=_("How it is done, in Latvian"),
        several_lines=True,
        most=2000,
        required=False,
        help_text=_("So that a colleague can do the same."),
    )
    description_en = TextField(label=_("How it is done, in English"), several_lines=True, most=2000, required=False)

    def __init__(
        self, data: Any = None, *, mobilities: Iterable[Mobility], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.mobility_rows = {str(each.pk): each for each in mobilities}
        named = [(pk, _named(each)) for pk, each in self.mobility_rows.items()]
        put_choices(self, "mobility", named if len(named) == 1 else [("", gettext("Choose one")), *named])

    def spec(self) -> PracticeSpec:
        """As the domain takes it."""
        said = dict(self.cleaned_data)
        return PracticeSpec(**said | {"mobility": self.mobility_rows[said["mobility"]]})

    @staticmethod
    def initial_of(practice: Practice) -> dict[str, Any]:
        """What the form shows of a practice."""
        shown = {name: getattr(practice, name) for name in PracticeForm.base_fields}
        return shown | {"mobility": str(practice.mobility_id)}


def _named(mobility: Mobility) -> str:
    days = dates.period(mobility.starts_on, mobility.ends_on)
    return f"{mobility.get_kind_display()}, {mobility.host}, {days}"
