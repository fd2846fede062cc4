"""What is typed about a mobility. Rules are the domain's."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordinators.domain import countries
from coordinators.domain.mobilities import MobilitySpec
from coordinators.enums import MobilityKind, MobilityState, ParticipantReport
from coordinators.models import Mobility, Post
from courses.forms.parts import Refusable, TextField, date_field, number_field
from reporting.forms.fields import KnownField, chosen
from reporting.forms.projects import line, put_choices


class MobilityForm(Refusable):
    """What for, whose post, where, on which days; and what became of it."""

    kind = chosen(_("Kind"), MobilityKind.choices)
    state = chosen(_("State"), MobilityState.choices)
    in_grant = forms.BooleanField(
        label=_("It stands in the grant"),
        required=False,
        help_text=_("Untick it for what was done instead of something else: it is counted as done, not as planned."),
    )
    post = chosen(_("Whose post goes"), [], required=False)
    participants = number_field(label=_("Participants"), digits=3)
    host = line(
        _("Receiving organisation or giver of the course"),
        200,
        required=False,
        help_text=_("Of experts and trainees who come here: the organisation and the country they come from."),
    )
    country = chosen(_("Country"), [], required=False)
    starts_on = date_field(label=_("First day of activity"))
    ends_on = date_field(label=_("Last day of activity"))
    green_travel = KnownField(label=_("Green travel"))
    is_blended = KnownField(label=_("Has a virtual part"))
    has_agreement = KnownField(label=_("Learning agreement or programme"))
    has_certificate = KnownField(label=_("Certificate or Europass Mobility"))
    report = chosen(_("Participant's report"), ParticipantReport.choices)
    brought_home = TextField(
        label=_("What was brought home"),
        several_lines=True,
        most=2000,
        required=False,
        help_text=_("In a few sentences, without names. A method that others can use is written down as a practice."),
    )
    ref = line(
        _("Number in the Beneficiary Module"),
        40,
        required=False,
        help_text=_("A file knows the mobility by it."),
    )

    def __init__(
        self, data: Any = None, *, posts: Iterable[tuple[Post, str]], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        named = list(posts)
        self.post_rows = {str(post.pk): post for post, _name in named}
        groups: dict[str, list[tuple[str, str]]] = {}
        for post, said in named:
            groups.setdefault(str(post.department.name), []).append((str(post.pk), said))
        put_choices(self, "post", [("", gettext("Not decided, adult learners or guests")), *groups.items()])
        put_choices(self, "country", [("", gettext("Not known yet")), *countries.choices()])

    def spec(self) -> MobilitySpec:
        """As the domain takes it; where no number is written, one goes."""
        said = dict(self.cleaned_data)
        number = said["participants"]
        return MobilitySpec(
            **said | {"post": self.post_rows.get(said["post"]), "participants": 1 if number is None else number}
        )

    @staticmethod
    def initial_of(mobility: Mobility) -> dict[str, Any]:
        """What the form shows of a mobility."""
        shown = {name: getattr(mobility, name) for name in MobilityForm.base_fields}
        return shown | {"post": str(mobility.post_id or "")}
