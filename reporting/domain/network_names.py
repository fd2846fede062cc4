"""What the figures of the network's growth are told by, in words: dimensions and their codes."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordinators.domain import countries
from coordinators.enums import MobilityKind, PublicationChannel, PublicationLanguage, SharingLevel
from coordinators.models import Post

DIMENSIONS: Mapping[str, Promise] = {
    "type": _("Kind of mobility"),
    "who": _("Staff or learners"),
    "role": _("Work of the post"),
    "country": _("Country"),
    "project": _("Project"),
    "stage": _("Planned and done"),
    "aspect": _("What is counted"),
    "objective": _("Objective"),
    "level": _("How far it carried"),
    "listeners": _("Who listened"),
    "medium": _("Where it was told"),
    "language": _("Language"),
    "visible": _("EU is seen"),
}
CODES: Mapping[str, Mapping[str, Any]] = {
    "type": dict(MobilityKind.choices),
    "who": {"staff": _("Staff of the departments"), "learner": _("Adult learners")},
    "role": dict(Post.Kind.choices),
    "stage": {"planned": _("Planned in the grant"), "done": _("Done so far")},
    "aspect": {
        "seniors": _("55 and older, as ESF+ counts"),
        "older": _("65 and older among them"),
        "served": _("The main one or another"),
        "first": _("The main one"),
        "besides": _("Besides the main one"),
        "times": _("How many times"),
        "variation": _("Coefficient of variation"),
        "days": _("Days in all"),
        "average": _("Days a participant"),
        "hosts": _("Hosts"),
        "countries": _("Countries"),
        "mobilities": _("Mobilities"),
        "budget": _("Budget"),
        "attendees": _("Came to events"),
        "reach": _("Views and readers of publications"),
        "practices": _("Practices used"),
        "participants": _("People reached"),
        "achieved": _("Objectives achieved"),
        "actual": _("Reached"),
        "target": _("Target"),
        "baseline": _("Before the project"),
    },
    "level": dict(SharingLevel.choices),
    "medium": {"event": _("Event"), **dict(PublicationChannel.choices)},
    "language": dict(PublicationLanguage.choices),
    "visible": {"yes": _("Yes"), "no": _("No"), "": _("Not checked")},
}


def dimension(name: str) -> str:
    """What a breakdown is called; its own name where it is none of these."""
    return str(DIMENSIONS.get(name, name))


def key(name: str, code: str) -> str:
    """A code in words; what has no other name (a project's number, words somebody typed) as it is."""
    if name == "country" and code:
        return countries.name(code)
    said = CODES.get(name, {}).get(code)
    return str(said) if said is not None else code or str(_("Not known"))
