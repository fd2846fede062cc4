"""Mobilities (MOB): who went abroad for what, for how long, and what became of it, planned beside done.

A mobility belongs to the period in which its last day of activity lies, planned or done. A participant is a post, so
role, department and parish are the post's; a post of several parishes counts in each, so these may exceed the whole.
Where no post is named they are not known; a head works for no one parish. Group mobilities count each learner.

``stage`` tells what stands in the grant (planned) beside what was done; asked by nothing, what was done is counted. What
was cancelled was planned; what was done in its stead without standing in the grant was not.

Staff and learners are counted. Invited experts, hosted trainees and preparatory visits are written down and listed in the
project's report, but are no participants of mobilities (Programme Guide), so no figure counts them.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from coordinators.domain import mobilities
from coordinators.enums import MobilityKind, ParticipantReport
from coordinators.models import Mobility, Project
from reporting.domain.data import reading
from reporting.domain.figures import NOT_KNOWN, Row, Unit
from reporting.domain.indicators.asking import Ask
from reporting.domain.indicators.grouping import ASPECT, Counted, chosen, grouped, percent
from reporting.domain.indicators.registry import indicator

PLANNED, DONE = STAGES = ("planned", "done")
STAFF, LEARNER = ("staff", "learner")


def _stages(row: Mobility) -> list[str]:
    return [stage for stage, holds in ((PLANNED, row.in_grant), (DONE, row.is_done)) if holds]


def _parishes(row: Mobility) -> list[str]:
    """Of the post: its parishes, or that of its centre."""
    if row.post is None:
        return [NOT_KNOWN]
    if row.post.centre is not None:
        return [row.post.centre.parish_id]
    return [parish.pk for parish in row.post.parishes.all()] or [NOT_KNOWN]


KEYS: dict[str, Callable[[Mobility], Collection[str]]] = {
    "type": lambda row: [row.kind],
    "who": lambda row: [STAFF if MobilityKind(row.kind).is_of_staff else LEARNER],
    "role": lambda row: [row.post.kind if row.post else NOT_KNOWN],
    "department": lambda row: [row.post.department_id if row.post else NOT_KNOWN],
    "parish": _parishes,
    "country": lambda row: [row.country],
    "project": lambda row: [row.project.code],
    "stage": _stages,
}
BY = tuple(KEYS)
# Of what only what was done can tell.
BY_DONE = tuple(name for name in BY if name != "stage")


@indicator("MOB-01", Unit.COUNT, by=BY, about_people=False)
def participants(ask: Ask) -> Iterable[Row]:
    """Participants of mobilities done; ``stage`` puts the number in the grant beside it.

    By ``type`` of activity, ``who`` (staff or adult learners), department of the post, country. One post on two
    mobilities is two participants. Source: Programme Guide, KA1 adult education; Beneficiary Module.
    """
    return grouped(_done(ask), _found(ask), keys=KEYS, aspects={"participants": _participants})


@indicator("MOB-02", Unit.DAYS, by=(*BY, ASPECT), about_people=False)
def days(ask: Ask) -> Iterable[Row]:
    """Days of activity without travel: from the first day to the last, times participants; n is the participants.

    Aspect ``average``: days a participant. That each lasts as its type may (job shadowing 2–60, teaching 2–365, courses
    2–30 …) is held by the database. Source: Programme Guide, KA1 adult education.
    """
    return grouped(_done(ask), _found(ask), keys=KEYS, aspects={"days": _days, "average": _average})


@indicator("MOB-03", Unit.PERCENT, by=BY_DONE, about_people=False)
def green_travel(ask: Ask) -> Iterable[Row]:
    """Participants whose main means of travel was green ÷ participants of mobilities done, those not known among them.

    Source: Beneficiary Module, travel section; environment priority.
    """
    return grouped(_done(ask), _found(ask), keys=KEYS, aspects={"green": _share(lambda row: row.green_travel)})


@indicator("MOB-04", Unit.PERCENT, by=BY_DONE, about_people=False)
def blended(ask: Ask) -> Iterable[Row]:
    """Mobilities with a virtual part ÷ mobilities done, those not known among them. Source: Programme Guide, digital priority."""
    share = _share(lambda row: row.is_blended, of=lambda _row: 1)
    return grouped(_done(ask), _found(ask), keys=KEYS, aspects={"blended": share})


@indicator("MOB-05", Unit.COUNT, by=(*BY, ASPECT), about_people=False)
def hosts(ask: Ask) -> Iterable[Row]:
    """Different receiving organisations and givers of courses, of mobilities done; n is the mobilities.

    Aspect ``countries``: different countries. Not known: mobilities (planned ones) whose host or country nobody has
    written down. Source: Beneficiary Module, participating organisations.
    """
    return grouped(
        _done(ask),
        _found(ask),
        keys=KEYS,
        aspects={
            "hosts": _different(lambda row: row.host.casefold()),
            "countries": _different(lambda row: row.country),
        },
    )


@indicator("MOB-06", Unit.PERCENT, by=BY_DONE, about_people=False)
def report_response(ask: Ask) -> Iterable[Row]:
    """Participant reports submitted ÷ requested, of mobilities done; n is the requested.

    Source: Beneficiary Module, "Manage participant reports".
    """
    return grouped(_done(ask), _found(ask), keys=KEYS, aspects={"submitted": _submitted})


@indicator("MOB-07", Unit.PERCENT, by=BY_DONE, about_people=False)
def recognised(ask: Ask) -> Iterable[Row]:
    """Mobilities with a learning agreement or programme and a certificate (of the course, or Europass Mobility) ÷ mobilities done.

    One of the two missing is no; one of them not known is not known. Source: Erasmus quality standards, "quality and
    support to participants".
    """
    share = _share(_both, of=lambda _row: 1)
    return grouped(_done(ask), _found(ask), keys=KEYS, aspects={"recognised": share})


@indicator("MOB-08", Unit.PERCENT, by=(*BY_DONE, ASPECT), about_people=False)
def plan_fulfilment(ask: Ask) -> Iterable[Row]:
    """Mobilities done ÷ mobilities in the grant; n is those in the grant. What was done beside the grant may make it more than 100.

    Aspect ``budget``: spent ÷ granted euros of the projects that run in the period, to this day; n is the euros granted
    where the spent are told, not known the euros granted where they are not. The budget is told by ``project`` alone.
    Source: the grant agreement; Beneficiary Module, budget.
    """
    rows = []
    wanted = chosen(ask, ("mobilities", "budget"))
    if "mobilities" in wanted:
        rows += grouped(ask, _found(ask), keys=KEYS, aspects={"mobilities": _fulfilled})
    others = {name for name, codes in ask.asked.filters.items() if codes} | set(ask.asked.by)
    if "budget" in wanted and others <= {"project", ASPECT}:
        period = ask.asked.period
        running = Project.objects.filter(starts_on__lte=period.last, ends_on__gte=period.first)
        rows += grouped(
            ask, running, keys={"project": lambda project: [project.code]}, aspects={"budget": _budget_spent}
        )
    return rows


@indicator("MOB-09", Unit.COUNT, by=BY, about_people=False)
def profile(ask: Ask) -> Iterable[Row]:
    """Participants of staff mobilities done, by the ``role`` of their post, department and parish.

    Roles: coordinator (of lifelong learning or of youth, as the department says), centre manager, head, project manager.
    Source: project page – adult educators, youth coordinators, heads of activity centres.
    """
    staff = [row for row in _found(ask) if MobilityKind(row.kind).is_of_staff]
    return grouped(_done(ask), staff, keys=KEYS, aspects={"participants": _participants})


def _found(ask: Ask) -> list[Mobility]:
    first, last = ask.asked.period.first, ask.asked.period.last
    rows = Mobility.objects.counted().ended_in(first, last).with_posts()
    return list(reading.once(("mobilities", first, last), lambda: list(rows)))


def _done(ask: Ask) -> Ask:
    """What was done, where planned and done are not asked for."""
    if "stage" in ask.asked.by or ask.asked.filters.get("stage"):
        return ask
    return ask.within(stage=(DONE,))


def _participants(rows: Sequence[Mobility]) -> Counted:
    number = sum(row.participants for row in rows)
    return number, number, 0


def _days(rows: Sequence[Mobility]) -> Counted:
    return sum(row.participants * row.days for row in rows), sum(row.participants for row in rows), 0


def _average(rows: Sequence[Mobility]) -> Counted:
    whole, number, _not_known = _days(rows)
    return (whole or 0) / number if number else None, number, 0


def _share(
    said: Callable[[Mobility], bool | None], *, of: Callable[[Mobility], int] = lambda row: row.participants
) -> Callable[[Sequence[Mobility]], Counted]:
    """Those of whom it is said ÷ all; nothing where of none it is known."""

    def count(rows: Sequence[Mobility]) -> Counted:
        whole = sum(of(row) for row in rows)
        not_known = sum(of(row) for row in rows if said(row) is None)
        part = sum(of(row) for row in rows if said(row))
        return None if not_known == whole else percent(part, whole), whole, not_known

    return count


def _both(row: Mobility) -> bool | None:
    papers = (row.has_agreement, row.has_certificate)
    if False in papers:
        return False
    return None if None in papers else True


def _different(named: Callable[[Mobility], str]) -> Callable[[Sequence[Mobility]], Counted]:
    def count(rows: Sequence[Mobility]) -> Counted:
        names = [named(row) for row in rows]
        return len({name for name in names if name}), len(rows), names.count("")

    return count


def _submitted(rows: Sequence[Mobility]) -> Counted:
    asked = [row for row in rows if row.report != ParticipantReport.NOT_REQUESTED]
    whole = sum(row.participants for row in asked)
    part = sum(row.participants for row in asked if row.report == ParticipantReport.SUBMITTED)
    return percent(part, whole), whole, 0


def _fulfilled(rows: Sequence[Mobility]) -> Counted:
    planned = sum(row.in_grant for row in rows)
    return percent(mobilities.tally(rows).stays, planned), planned, 0


def _budget_spent(projects: Sequence[Project]) -> Counted:
    told = [(project.spent_eur, project.grant_eur) for project in projects if project.spent_eur is not None]
    granted = sum(grant for _spent, grant in told)
    others = sum(project.grant_eur for project in projects if project.spent_eur is None)
    value = float(100 * sum(spent for spent, _grant in told) / granted) if granted else None
    return value, round(granted), round(others)
