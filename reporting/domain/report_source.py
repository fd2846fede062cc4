"""Where a report's figures come from: the portal's indicators, all of one source and one moment, hidden cells empty.

What is exported hides numbers of 1 to 4 people (``hiding``); so a report never holds them, also where staff would see them.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model, TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordinators.domain import countries
from coordinators.enums import MobilityKind, PublicationChannel, SharingLevel
from coordinators.models import Post
from courses.domain.overlaps.world import in_force
from courses.enums import ActivityKind, ActivityLanguage, Channel, RegistrationState
from ecosystem.domain.population import by_parish
from ecosystem.models import Audience, Competence, Department, Parish, Topic
from reporting.domain import definitions, hiding, indicators, limits
from reporting.domain.data import sources
from reporting.domain.figures import Asked, Figure, Unit
from reporting.domain.indicators.registry import WITHHELD, Description
from reporting.domain.report_figures import LANGUAGES, Known, Names, NotGiven, both
from reporting.enums import Band
from reporting.models import TotalCode
from residents.models import Resident

_VOCABULARY: dict[str, type[Model]] = {
    "department": Department,
    "parish": Parish,
    "residence": Parish,
    "audience": Audience,
    "topic": Topic,
    "competence": Competence,
}
_CHOICES: dict[str, type[TextChoices]] = {
    "age": Band,
    "kind": ActivityKind,
    "channel": Channel,
    "language": ActivityLanguage,
    "level": SharingLevel,
    "medium": PublicationChannel,
    "role": Post.Kind,
    "sex": Resident.Sex,
    "state": RegistrationState,
    **dict.fromkeys(("barrier", "labour", "education", "support"), TotalCode),
    "type": MobilityKind,
}
# Codes that only the indicators have: their parts and the several numbers of one definition.
_OWN: dict[str, dict[str, Promise]] = {
    "who": {"staff": gettext_lazy("Members of staff"), "learner": gettext_lazy("Adult learners")},
    "stage": {"planned": gettext_lazy("in the grant"), "done": gettext_lazy("done")},
    "visible": {"yes": gettext_lazy("with the EU emblem and disclaimer"), "no": gettext_lazy("without one of them")},
    "part": {
        "weekday": gettext_lazy("On weekdays"),
        "evening": gettext_lazy("In the evening"),
        "weekend": gettext_lazy("At weekends"),
    },
    "medium": {"event": gettext_lazy("Event")},
    "aspect": {
        "achieved": gettext_lazy("Objectives reached"),
        "attendees": gettext_lazy("Came to events"),
        "average": gettext_lazy("Days on average"),
        "budget": gettext_lazy("Spent of the grant"),
        "countries": gettext_lazy("Countries"),
        "days": gettext_lazy("Days"),
        "hosts": gettext_lazy("Receiving organisations"),
        "mobilities": gettext_lazy("Mobilities done of those in the grant"),
        "participants": gettext_lazy("Participants"),
        "practices": gettext_lazy("Practices"),
        "reach": gettext_lazy("Reached by publications"),
        # The whole before its part.
        "seniors": gettext_lazy("55 and older, as ESF+ counts"),
        "older": gettext_lazy("65 and older among them"),
        "served": gettext_lazy("The main one or another"),
        "first": gettext_lazy("The main one"),
        "besides": gettext_lazy("Besides the main one"),
        "times": gettext_lazy("How many times"),
        "variation": gettext_lazy("Coefficient of variation"),
    },
}
# Lists of the Union's that the portal only tells in.
_LISTS: dict[str, str] = {
    "field": "isced_f_2013_broad",
}
_CODELISTS = Path(settings.BASE_DIR) / "ecosystem" / "data" / "codelists.json"


class Indicators:
    """The portal's own, as of one moment. One is made for each report that is drawn."""

    def __init__(self, *, now: datetime, source: sources.Source | None = None) -> None:
        self._source = source or sources.current(now=now)
        self._names: dict[str, Mapping[str, Names]] = {}

    @cached_property
    def _known(self) -> dict[str, Known]:
        return {code: _known(described) for code, described in indicators.catalogue().items()}

    def codes(self) -> Mapping[str, Known]:
        """All indicators, in their order."""
        return self._known

    def known(self, code: str) -> Known | None:
        """What an indicator is; None for a code that there is not."""
        return self._known.get(code)

    def figure(self, code: str, asked: Asked) -> Figure:
        """Its answer, hidden cells empty; raises ``NotGiven``."""
        if code in WITHHELD:
            raise NotGiven(both(lambda: str(WITHHELD[code])))
        try:
            return hiding.hide(indicators.figure(code, asked, source=self._source))
        except indicators.Unknown:
            raise NotGiven(both(lambda: _("The portal does not count this yet."))) from None
        except indicators.Unfit:
            raise NotGiven(both(lambda: _("The data is not kept by these parts."))) from None

    def names(self, dimension: str) -> Mapping[str, Names]:
        """The codes of a dimension and what they are called, in their order."""
        if dimension not in self._names:
            self._names[dimension] = _names(dimension)
        return self._names[dimension]

    def state(self, *, on: date) -> dict[str, Any]:
        """What the figures were counted from, and which rules held on the last day of the period."""
        youngest, oldest = limits.youth(on=on)
        esf, local = limits.seniors(on=on)
        counts = by_parish(Parish.objects.current().values_list("pk", flat=True), on=on).values()
        return {
            "as_of": timezone.localtime(self._source.at).isoformat(timespec="seconds"),
            "rules": in_force(on=on).version,
            "settings": {
                "youth": f"{youngest}–{oldest}",
                "seniors": f"{esf}+, {local}+",
                "completion": f"{limits.completion_percent(on=on)} %",
                "newcomers": limits.newcomer_months(on=on),
                "small_cell": limits.small_cell(on=on),
            },
            "populations": sorted({one.counted_on for one in counts if one.count is not None}),
        }


def _known(described: Description) -> Known:
    own = indicators.INDICATORS.get(described.code)
    return Known(
        described.code,
        {"lv": described.name_lv, "en": described.name_en},
        both(lambda: definitions.of(described.code)) if own else dict.fromkeys(LANGUAGES, described.definition),
        own.unit if own else Unit.COUNT,
        frozenset(own.by if own else ()),
    )


def _names(dimension: str) -> dict[str, Names]:
    if model := _VOCABULARY.get(dimension):
        rows = list(model._default_manager.all())
        return {one.pk: both(lambda one=one: str(one)) for one in rows}  # type: ignore[misc]
    own = {code: both(lambda said=said: str(said)) for code, said in _OWN.get(dimension, {}).items()}  # type: ignore[misc]
    if choices := _CHOICES.get(dimension):
        return own | {value: both(lambda label=label: str(label)) for value, label in choices.choices}  # type: ignore[misc]
    if own:
        return own
    if dimension == "country":
        return {code: {one: countries.names(one)[code] for one in LANGUAGES} for code in countries.names("lv")}
    if name := _LISTS.get(dimension):
        return {one["code"]: {"lv": one["lv"], "en": one["en"]} for one in _lists()[name]}
    return {}


@cache
def _lists() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(_CODELISTS.read_text("utf-8"))
    return found
