"""Projects and mobilities in words: whose post, how many, how much."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.domain import countries, mobilities
from coordinators.domain.sharing import shows_the_union
from coordinators.enums import MobilityState
from coordinators.models import DisseminationEvent, Mobility, Objective, Post, Project, Publication
from courses.domain.phrases import money
from ecosystem import dates

TONES = {MobilityState.PLANNED: "is-mist", MobilityState.DONE: "is-leaf", MobilityState.CANCELLED: ""}


def post_words(post: Post) -> str:
    """ "Koordinators, Elejas pagasts"; the job, not who holds it."""
    ground = str(post.centre.name) if post.centre else ", ".join(parish.name for parish in post.parishes.all())
    return ", ".join(filter(None, (str(post.get_kind_display()), ground)))


def number_words(number: Decimal | float | None) -> str:
    """A number without needless zeros; a dash where it is not known."""
    if number is None:
        return "–"
    text = f"{number:,.2f}".rstrip("0").rstrip(".")
    if dates.is_latvian():
        return text.replace(",", "\xa0").replace(".", ",")
    return text


def yes_no(said: bool | None) -> str:
    """Yes, no, not known."""
    return {True: _("Yes"), False: _("No"), None: _("Not known")}[said]


def days_words(days: int) -> str:
    """ "4 dienas"."""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def project_row(project: Project, rows: Iterable[Mobility]) -> dict[str, Any]:
    """A project in the list: planned beside done."""
    counted = mobilities.tally(rows)
    return {
        "project": project,
        "period": dates.period(project.starts_on, project.ends_on),
        "counted": counted,
        "grant": money(project.grant_eur),
        "spent": money(project.spent_eur) if project.spent_eur is not None else "",
        "share": round(100 * project.spent_eur / project.grant_eur) if project.spent_eur is not None else None,
    }


def mobility_row(mobility: Mobility) -> dict[str, Any]:
    """A mobility in a project's table."""
    return {
        "mobility": mobility,
        "kind": mobility.get_kind_display(),
        "state": mobility.get_state_display(),
        "tone": TONES[MobilityState(mobility.state)],
        "who": post_words(mobility.post) if mobility.post else "",
        "people": ngettext("%(n)s participant", "%(n)s participants", mobility.participants)
        % {"n": mobility.participants},
        "country": countries.name(mobility.country) if mobility.country else "",
        "period": dates.period(mobility.starts_on, mobility.ends_on),
        "days": days_words(mobility.days),
    }


def objective_row(objective: Objective, actual: Decimal | None) -> dict[str, Any]:
    """An objective: before, target, reached."""
    return {
        "objective": objective,
        "baseline": number_words(objective.baseline),
        "target": number_words(objective.target),
        "actual": number_words(actual),
        "is_reached": actual is not None and actual >= objective.target,
    }


def event_row(event: DisseminationEvent) -> dict[str, Any]:
    """An event in a project's table."""
    return {
        "event": event,
        "day": f"{event.held_on:%d.%m.%Y}",
        "level": event.get_level_display(),
        "attendees": event.attendees if event.attendees is not None else "–",
    }


def publication_row(publication: Publication) -> dict[str, Any]:
    """A publication in a project's table, with the visibility check."""
    seen = shows_the_union(publication)
    return {
        "publication": publication,
        "day": f"{publication.published_on:%d.%m.%Y}",
        "channel": publication.get_channel_display(),
        "language": publication.get_language_display(),
        "reach": publication.reach if publication.reach is not None else "–",
        "visible": {True: _("EU is seen"), False: _("EU is not seen"), None: _("Not checked")}[seen],
        "tone": {True: "is-leaf", False: "is-brick", None: ""}[seen],
    }
