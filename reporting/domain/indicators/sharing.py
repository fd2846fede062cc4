"""Sharing results (DIS), and practices brought home (REZ-05)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coordinators.domain.sharing import shows_the_union
from coordinators.models import DisseminationEvent, Publication
from reporting.domain import limits
from reporting.domain.figures import NOT_KNOWN, Row, Unit
from reporting.domain.indicators.asking import Ask, Measure
from reporting.domain.indicators.grouping import ASPECT, Counted, chosen, grouped
from reporting.domain.indicators.registry import indicator
from reporting.models import PracticeUse

# What an event is called among the media.
EVENT = "event"
_SEEN = {True: "yes", False: "no", None: NOT_KNOWN}


@indicator("DIS-01", Unit.COUNT, by=("level", "listeners", "parish", "project"), adds_up=True, about_people=False)
def events(ask: Ask) -> Iterable[Row]:
    """Events of the period at which results were shared; by ``level`` (institution, municipality, region, country).

    ``listeners`` are the words that the event says who listened in; an event in no one parish is told as not known there.
    Source: Erasmus quality standards, "sharing results and knowledge".
    """
    return grouped(
        ask,
        _events(ask),
        keys={
            "level": lambda row: [row.level],
            "listeners": lambda row: [row.audience],
            "parish": lambda row: [row.parish_id or NOT_KNOWN],
            "project": lambda row: [row.project.code],
        },
        aspects={"events": _number},
    )


@dataclass(frozen=True)
class _Heard:
    """What reached an audience: an event or a publication, and how many."""

    aspect: str
    medium: str
    project: str
    number: int | None


@indicator("DIS-02", Unit.COUNT, by=(ASPECT, "medium", "project"), about_people=False)
def audience_reached(ask: Ask) -> Iterable[Row]:
    """Attendees of the events of DIS-01; n is the events, not known those where nobody counted.

    Aspect ``reach``: views or readers of the publications of DIS-03, by ``medium``. The two are never added: who came and
    who may have seen. Source: as DIS-01.
    """
    heard = [_Heard("attendees", EVENT, row.project.code, row.attendees) for row in _events(ask)]
    heard += [_Heard("reach", row.channel, row.project.code, row.reach) for row in _publications(ask)]
    rows: list[Row] = []
    for aspect in chosen(ask, ("attendees", "reach")):
        found = [each for each in heard if each.aspect == aspect]
        rows += grouped(
            ask,
            found,
            keys={"medium": lambda each: [each.medium], "project": lambda each: [each.project]},
            aspects={aspect: _sum},
        )
    return rows


@indicator("DIS-03", Unit.COUNT, by=("medium", "language", "visible", "project"), adds_up=True, about_people=False)
def publications(ask: Ask) -> Iterable[Row]:
    """Articles, posts and materials published in the period; by ``medium``, ``language`` and ``visible``.

    Visible: the EU emblem and the disclaimer both; not known, where nobody has looked at one of them and none is missing.
    Source: Programme Guide, EU funding visibility.
    """
    return grouped(
        ask,
        _publications(ask),
        keys={
            "medium": lambda row: [row.channel],
            "language": lambda row: [row.language],
            "visible": lambda row: [_SEEN[shows_the_union(row)]],
            "project": lambda row: [row.project.code],
        },
        aspects={"publications": _published},
    )


@indicator("REZ-05", Unit.COUNT, by=("department", "parish", "project", ASPECT), about_people=False)
def practices_transferred(ask: Ask) -> Iterable[Row]:
    """Different practices from mobilities that an activity with a held session in the period uses; n is these activities.

    Aspect ``participants``: different people who came to them in the period (as DAL-01); fewer than five are hidden. By
    department and parish of the activities. Source: final report, impact; "transfer of good practice" of the project.
    """
    wanted = ask.asked.filters.get("project")
    uses: dict[int, list[int]] = {}
    found = PracticeUse.objects.order_by("practice", "activity")
    if wanted:
        found = found.filter(practice__mobility__project__code__in=wanted)
    by_project = "project" in ask.asked.by
    projects = dict(found.values_list("practice", "practice__mobility__project__code"))
    for practice, activity in found.values_list("practice", "activity"):
        uses.setdefault(practice, []).append(activity)
    rows: list[Row] = []
    for project in sorted(set(projects.values())) if by_project else [""]:
        mine = [each for practice, each in uses.items() if not by_project or projects[practice] == project]
        rows += _of_practices(ask, mine, project=project)
    return sorted(rows, key=lambda row: tuple(row.keys.values()))


def _of_practices(ask: Ask, uses: Sequence[Sequence[int]], *, project: str) -> list[Row]:
    """Rows of some practices, each given by the activities that use it."""
    names = tuple(name for name in ask.asked.by if name not in ("project", ASPECT))
    plain = ask.without("project", ASPECT).split(*names)
    every = sorted({activity for each in uses for activity in each})
    delivered = {tuple(row.keys.items()): row for row in _delivered(plain, every)}
    used: dict[tuple[tuple[str, str], ...], int] = dict.fromkeys(delivered, 0)
    for each in uses:
        for row in _delivered(plain, each):
            used[tuple(row.keys.items())] += (row.value or 0) > 0
    came = {tuple(row.keys.items()): row for row in _came(plain, every)}
    fewest = limits.small_cell(on=ask.asked.period.last) + 1
    rows: list[Row] = []
    for key, activities in delivered.items():
        people = came.get(key, Row(dict(key), 0, 0))
        told = {
            "practices": Row(dict(key), used[key], activities.n),
            "participants": replace(people, suppressed=0 < (people.value or 0) < fewest),
        }
        for aspect in chosen(ask, told):
            said = {**dict(key), "project": project, ASPECT: aspect}
            rows.append(replace(told[aspect], keys={name: said[name] for name in ask.asked.by}))
    return rows


def _delivered(ask: Ask, activities: Sequence[int]) -> Iterable[Row]:
    return ask.rows(Measure(table="held", on="held_on", value="count(DISTINCT t.activity)", where=_among(activities)))


def _came(ask: Ask, activities: Sequence[int]) -> Iterable[Row]:
    return ask.rows(
        Measure(
            table="came",
            on="held_on",
            value="count(DISTINCT t.who)",
            not_known="coalesce(sum(t.times) FILTER (WHERE t.who IS NULL), 0)",
            where=_among(activities),
        )
    )


def _among(activities: Sequence[int]) -> str:
    return f"t.activity IN ({', '.join(str(int(each)) for each in activities)})" if activities else "1 = 0"


def _events(ask: Ask) -> list[DisseminationEvent]:
    period = ask.asked.period
    return list(DisseminationEvent.objects.filter(held_on__range=(period.first, period.last)).select_related("project"))


def _publications(ask: Ask) -> list[Publication]:
    period = ask.asked.period
    found = Publication.objects.filter(published_on__range=(period.first, period.last))
    return list(found.select_related("project"))


def _number(rows: Sequence[DisseminationEvent]) -> Counted:
    return len(rows), len(rows), 0


def _published(rows: Sequence[Publication]) -> Counted:
    return len(rows), len(rows), sum(shows_the_union(row) is None for row in rows)


def _sum(rows: Sequence[_Heard]) -> Counted:
    told = [row.number for row in rows if row.number is not None]
    return sum(told), len(rows), len(rows) - len(told)
