"""Projects and mobilities in words: whose post, how many, how much."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.domain import countries, mobilities
from coordinators.domain.sharing import shows_the_union
from coordinators.enums import MobilityKind, MobilityState
from coordinators.models import DisseminationEvent, Mobility, Objective, Post, Project, Publication
from courses.domain.phrases import money
from ecosystem import dates, numbers
from reporting.domain.figures import Unit
from reporting.domain.indicators import INDICATORS

TONES = {MobilityState.PLANNED: "is-mist", MobilityState.DONE: "is-leaf", MobilityState.CANCELLED: ""}
# So many parishes of a post are named.
NAMED = 2


def post_words(post: Post) -> str:
    """ "Koordinators, Elejas pagasts"; the job, not who holds it."""
    names = [str(post.centre.name)] if post.centre else [str(parish.name) for parish in post.parishes.all()]
    more = len(names) - NAMED
    if more > 0:
        names = [*names[:NAMED], ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more}]
    return ", ".join([str(post.get_kind_display()), *names])


def number_words(number: Decimal | float | None) -> str:
    """A number without needless zeros; a dash where it is not known."""
    if number is None:
        return "–"
    text = f"{number:,.2f}".removesuffix(".00")
    text = text.rstrip("0") if "." in text else text
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
        "names_nobody": not MobilityKind(mobility.kind).takes_a_post,
        "people": ngettext("%(n)s participant", "%(n)s participants", mobility.participants)
        % {"n": mobility.participants},
        "country": countries.name(mobility.country) if mobility.country else "",
        "period": dates.period(mobility.starts_on, mobility.ends_on),
        "days": days_words(mobility.days),
    }


def objective_row(objective: Objective, actual: Decimal | None) -> dict[str, Any]:
    """An objective: before, target, reached; a share says so."""
    measure = INDICATORS.get(objective.indicator)
    is_share = measure is not None and measure.unit is Unit.PERCENT

    def said(number: Decimal | None) -> str:
        # A share is said as on the dashboard and in the report.
        return f"{numbers.said(float(number))}\xa0%" if is_share and number is not None else number_words(number)

    return {
        "objective": objective,
        "baseline": said(objective.baseline),
        "target": said(objective.target),
        "actual": said(actual),
        "is_reached": actual is not None and actual >= objective.target,
    }


def event_row(event: DisseminationEvent) -> dict[str, Any]:
    """An event in a project's table."""
    return {
        "event": event,
        "day": f"{event.held_on:%d.%m.%Y}",
        "level": event.get_level_display(),
        "attendees": number_words(event.attendees),
    }


def publication_row(publication: Publication) -> dict[str, Any]:
    """A publication in a project's table, with the visibility check."""
    seen = shows_the_union(publication)
    return {
        "publication": publication,
        "day": f"{publication.published_on:%d.%m.%Y}",
        "channel": dates.uncapital(str(publication.get_channel_display())),
        "language": dates.uncapital(str(publication.get_language_display())),
        "reach": number_words(publication.reach),
        "visible": {True: _("EU is seen"), False: _("EU is not seen"), None: _("Not checked")}[seen],
        "tone": {True: "is-leaf", False: "is-brick", None: ""}[seen],
    }
