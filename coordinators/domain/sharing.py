"""What is carried home and further: practices from mobilities, events and publications of a project."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from coordinators.domain.keeping import put, refuse_stale, refuse_stranger
from coordinators.enums import PublicationLanguage
from coordinators.models import DisseminationEvent, Mobility, Practice, Project, Publication
from ecosystem.models import Parish


@dataclass(frozen=True, kw_only=True)
class PracticeSpec:
    """A practice as it should be written down."""

    mobility: Mobility
    name_lv: str
    name_en: str = ""
    description_lv: str = ""
    description_en: str = ""


@dataclass(frozen=True, kw_only=True)
class EventSpec:
    """An event as it should be written down."""

    held_on: date
    title: str
    level: str
    audience: str = ""
    parish: Parish | None = None
    attendees: int | None = None


@dataclass(frozen=True, kw_only=True)
class PublicationSpec:
    """A publication as it should be written down."""

    published_on: date
    title: str
    channel: str
    language: str = PublicationLanguage.LATVIAN
    link: str = ""
    reach: int | None = None
    has_emblem: bool | None = None
    has_disclaimer: bool | None = None


def add_practice(*, spec: PracticeSpec, reach: Reach) -> Practice:
    """Write a practice down. Raises ``keeping.Refused``."""
    refuse_stranger(reach)
    practice = Practice()
    put(practice, spec, errors=_wrong_with_practice(spec))
    return practice


def change_practice(*, practice: Practice, spec: PracticeSpec, seen: str, reach: Reach) -> Practice:
    """Write down what is true of a practice now; it may turn out to come from another mobility of the project."""
    refuse_stranger(reach)
    with transaction.atomic():
        practice = Practice.objects.select_for_update(no_key=True, of=("self",)).get(pk=practice.pk)
        refuse_stale(practice, seen)
        put(practice, spec, errors=_wrong_with_practice(spec))
    return practice


def add_event(*, project: Project, spec: EventSpec, reach: Reach, today: date) -> DisseminationEvent:
    """Write an event down, once it has been. Raises ``keeping.Refused``."""
    refuse_stranger(reach)
    event = DisseminationEvent(project=project)
    put(event, spec, errors=_to_come("held_on", spec.held_on, today))
    return event


def change_event(
    *, event: DisseminationEvent, spec: EventSpec, seen: str, reach: Reach, today: date
) -> DisseminationEvent:
    """Write down what is true of an event now."""
    refuse_stranger(reach)
    with transaction.atomic():
        event = DisseminationEvent.objects.select_for_update(no_key=True, of=("self",)).get(pk=event.pk)
        refuse_stale(event, seen)
        put(event, spec, errors=_to_come("held_on", spec.held_on, today))
    return event


def add_publication(*, project: Project, spec: PublicationSpec, reach: Reach, today: date) -> Publication:
    """Write a publication down. Raises ``keeping.Refused``."""
    refuse_stranger(reach)
    publication = Publication(project=project)
    put(publication, spec, errors=_to_come("published_on", spec.published_on, today))
    return publication


def change_publication(
    *, publication: Publication, spec: PublicationSpec, seen: str, reach: Reach, today: date
) -> Publication:
    """Write down what is true of a publication now: views grow."""
    refuse_stranger(reach)
    with transaction.atomic():
        publication = Publication.objects.select_for_update(no_key=True, of=("self",)).get(pk=publication.pk)
        refuse_stale(publication, seen)
        put(publication, spec, errors=_to_come("published_on", spec.published_on, today))
    return publication


def remove(*, row: Practice | DisseminationEvent | Publication, reach: Reach) -> None:
    """Take away what was written down by mistake."""
    refuse_stranger(reach)
    row.delete()


def shows_the_union(publication: Publication) -> bool | None:
    """The visibility check: the emblem and the disclaimer both; None where one of them is not known and none is missing."""
    seen = (publication.has_emblem, publication.has_disclaimer)
    if False in seen:
        return False
    return None if None in seen else True


def _wrong_with_practice(spec: PracticeSpec) -> dict[str, Any]:
    if spec.mobility.is_done:
        return {}
    return {"mobility": _("Nothing is brought home yet from what is not done.")}


def _to_come(name: str, day: date, today: date) -> dict[str, Any]:
    return {name: _("The day is still to come. Write down what has been.")} if day > today else {}
