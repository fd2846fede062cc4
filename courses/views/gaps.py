"""What the programme lacks: weeks in which a parish has nothing, audiences for whom nothing is meant; each can be filled.

A gap leads to a new activity begun for it, where planning there is the reader's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.domain.access import Reach
from courses.domain import board
from courses.domain.board import Wanted
from ecosystem import dates
from ecosystem.models import Audience, Parish

if TYPE_CHECKING:
    from courses.views.board import Words

WEEK = timedelta(days=7)
# So many are named; more are counted, and folded.
FEW = 4


@dataclass
class Gap:
    """One line: whose gap, the links that fill it, and, where there are many, how many."""

    title: str
    links: list[dict[str, str]]
    count: str = ""


def of(*, reach: Reach, wanted: Wanted, words: "Words", today: date) -> dict[str, Any]:
    """The gaps of a period in these parishes, in words; two queries."""
    found = board.served(reach=reach, wanted=wanted)
    parishes = [
        one for one in words.parishes if not one.retired_at and (not wanted.parishes or one.pk in wanted.parishes)
    ]
    audiences = [one for one in words.audiences if not one.retired_at]
    if wanted.audiences:
        audiences = [one for one in audiences if one.pk in wanted.audiences]
    assert wanted.first_day is not None and wanted.last_day is not None  # noqa: S101 (the board gives both)
    mondays = [wanted.first_day + n * WEEK for n in range((wanted.last_day - wanted.first_day).days // 7 + 1)]
    # What is over cannot be filled any more.
    mondays = [monday for monday in mondays if monday + WEEK > today]
    weeks = list(_weeks(parishes, mondays, found, reach))
    people = list(_people(parishes, audiences, words.audiences, found, reach)) if mondays else []
    return {
        "period": f"{dates.day_month(wanted.first_day, short=True)} – {dates.day_month(wanted.last_day, short=True)}",
        "weeks": weeks,
        "people": people,
        "summary": _summary(len(weeks), len(people)),
    }


def _weeks(parishes: Iterable[Parish], mondays: list[date], found: board.Served, reach: Reach) -> Iterable[Gap]:
    """A line a parish that has weeks with nothing; weeks on end are one link."""
    for parish in parishes:
        empty = [monday for monday in mondays if (parish.pk, monday) not in found.weeks]
        runs: list[tuple[date, date]] = []
        for monday in empty:
            if runs and monday - runs[-1][1] == WEEK:
                runs[-1] = (runs[-1][0], monday)
            else:
                runs.append((monday, monday))
        if runs:
            links = [
                _link(_days(first, last + timedelta(days=6)), reach, parish, no=f"{first}", about=parish.name)
                for first, last in runs
            ]
            yield Gap(parish.name, links)


def _people(
    parishes: list[Parish], audiences: Iterable[Audience], every: Iterable[Audience], found: board.Served, reach: Reach
) -> Iterable[Gap]:
    """A line an audience for whom some parish has nothing."""
    narrower = _narrower(every)
    for audience in audiences:
        served = {code for code, meant in found.audiences if meant in narrower[audience.pk]}
        empty = [parish for parish in parishes if parish.pk not in served]
        if not empty:
            continue
        links = [_link(one.name, reach, one, merkgrupa=audience.pk, about=str(audience.name)) for one in empty]
        count = ""
        if len(empty) > FEW:
            count = _("%(n)s of %(all)s parishes") % {"n": len(empty), "all": len(parishes)}
        yield Gap(str(audience.name), links, count)


def _narrower(audiences: Iterable[Audience]) -> dict[str, set[str]]:
    """Each audience with all that are part of it."""
    above = {audience.pk: audience.part_of_id for audience in audiences}
    found: dict[str, set[str]] = {code: {code} for code in above}
    for code in above:
        wider = above[code]
        while wider is not None and wider in found:
            found[wider].add(code)
            wider = above[wider]
    return found


def _link(label: str, reach: Reach, parish: Parish, *, about: str, **begun: str) -> dict[str, str]:
    """To a new activity begun for the gap; nowhere where somebody else plans."""
    mine = reach.is_administrator or reach.headed or parish.pk in reach.parish_codes
    address = f"{reverse('courses:desk_create')}?{urlencode({'pagasts': parish.slug, **begun})}"
    return {"label": label, "url": address if mine else "", "about": about}


def _days(first: date, last: date) -> str:
    return f"{dates.day_month(first, short=True)} – {dates.day_month(last, short=True)}"


def _summary(weeks: int, people: int) -> str:
    """ "Nekā nav: nedēļas 2 pagastos, 5 mērķgrupas"; empty where nothing lacks."""
    said = []
    if weeks:
        said.append(
            ngettext("%(n)s parish with an empty week", "%(n)s parishes with empty weeks", weeks) % {"n": weeks}
        )
    if people:
        said.append(
            ngettext("%(n)s audience without anything", "%(n)s audiences without anything", people) % {"n": people}
        )
    return ", ".join(said)
