"""Where a report's figures come from: the portal's indicators; names from the vocabulary, in both languages."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _

from courses.enums import ActivityKind, Channel
from ecosystem.models import Audience, Competence, Department, Parish, Topic
from reporting.domain.figures import Asked, Figure
from reporting.domain.report_figures import Known, Names, NotGiven, both
from residents.models import Resident

_VOCABULARY: dict[str, type[Model]] = {
    "department": Department,
    "parish": Parish,
    "residence": Parish,
    "audience": Audience,
    "topic": Topic,
    "competence": Competence,
}
_CHOICES: dict[str, type[TextChoices]] = {"kind": ActivityKind, "channel": Channel, "sex": Resident.Sex}


class Indicators:
    """The portal's own. Names are read once; one is made for each report that is drawn."""

    def __init__(self) -> None:
        self._names: dict[str, Mapping[str, Names]] = {}

    @cached_property
    def _known(self) -> dict[str, Known]:
        return {}

    def codes(self) -> Mapping[str, Known]:
        """All indicators, in their order."""
        return self._known

    def known(self, code: str) -> Known | None:
        """What an indicator is; None for a code that there is not."""
        return self._known.get(code)

    def figure(self, code: str, asked: Asked) -> Figure:
        """Its answer, hidden cells marked; raises ``NotGiven``."""
        raise NotGiven(both(lambda: _("The portal does not count this.")))

    def names(self, dimension: str) -> Mapping[str, Names]:
        """The codes of a dimension and what they are called, in their order."""
        if dimension not in self._names:
            self._names[dimension] = _names(dimension)
        return self._names[dimension]

    def state(self) -> dict[str, Any]:
        """What the figures were counted from."""
        return {}


def _names(dimension: str) -> dict[str, Names]:
    if model := _VOCABULARY.get(dimension):
        return {one.pk: both(lambda one=one: str(one)) for one in model._default_manager.all()}  # type: ignore[misc]
    if choices := _CHOICES.get(dimension):
        return {value: both(lambda label=label: str(label)) for value, label in choices.choices}  # type: ignore[misc]
    return {}
