"""The shared rules as the departments' common property: one proposes, all agree, they hold from a day on.

- Heads of department and administrators propose; everybody with a post reads; anybody reads what was agreed.
- A proposal is a whole set: what is not changed stays as in the version agreed last. What contradicts itself, or changes
  nothing, is refused in words. It begins today or later, and never before a version that was agreed already, so that
  a newer version is never followed by an older one; from the same day it takes that one's place.
- One proposal is open at a time: two agreed side by side would each lack the other's numbers.
- A department has agreed by proposing where the one who proposes answers for it: its head, or for a department without
  a head an administrator. The others answer once. One that declines says why and ends the proposal; who proposed it may
  withdraw it. When every department that is not retired has agreed, it is agreed.
- Agreed after its day has passed, it holds from the day after: nothing was ever judged by rules nobody had agreed to.
- What was agreed is never changed: every finding remembers the version that made it.

Answers are given under the lock of the rule set's row, and proposals are made under that of the departments', so whoever
comes second is told what became of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from coordinators.domain.access import Reach
from courses.domain import rights
from courses.domain.overlaps import rule_letters
from courses.domain.overlaps.world import as_rules, in_force
from courses.domain.programme.spec import Problems, Refused
from ecosystem import dates
from ecosystem.models import Department, RuleSet, RuleSetAnswer
from ecosystem.overlap import rules
from ecosystem.overlap.rules import DEFAULTS, numbers
from ecosystem.text import clean

LONGEST = RuleSet.LONGEST_NOTE


def agreed_last() -> rules.RuleSet:
    """The version that the next one changes: in force, or agreed and still to begin. One query."""
    return in_force(on=date.max)


# Reading.


class State(Enum):
    """How far a version has come."""

    IN_FORCE = "in force"
    COMING = "coming"
    PAST = "past"
    # Another took its place before it began.
    REPLACED = "replaced"
    OPEN = "open"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Version:
    """One version with its time: ``until`` is its last day, None while no other follows. ``before`` is what it changes: the
    version agreed before it."""

    row: RuleSet
    state: State
    before: rules.RuleSet | None = None
    until: date | None = None

    @property
    def rules(self) -> rules.RuleSet:
        """Its thresholds."""
        return as_rules(self.row)

    @property
    def answers(self) -> list[RuleSetAnswer]:
        """What the departments answered, the first first; nobody was asked about the rules that the portal came with."""
        return list(self.row.answers.all()) if self.row.pk else []


@dataclass(frozen=True)
class Book:
    """All that was ever proposed: what is in force, what comes, what waits for an answer, what has been."""

    in_force: Version
    # The soonest first.
    coming: list[Version]
    proposal: Version | None
    # What held, was replaced before it began, or was never agreed; the latest first.
    earlier: list[Version]

    @property
    def latest(self) -> Version:
        """The version that the next one changes."""
        return self.coming[-1] if self.coming else self.in_force

    def version(self, number: int) -> Version | None:
        """One of them by its number."""
        some = [self.in_force, *self.coming, *self.earlier, *([self.proposal] if self.proposal else [])]
        return next((one for one in some if one.row.version == number), None)


def book(*, on: date, agreed_alone: bool = False) -> Book:
    """The versions as they stand on that day, with who answered: two queries. The public reads those agreed alone."""
    answers = RuleSetAnswer.objects.select_related("department", "by").order_by("at", "pk")
    found = RuleSet.objects.select_related("proposed_by", "proposer").prefetch_related(Prefetch("answers", answers))
    rows = list((found.agreed() if agreed_alone else found).order_by("version"))
    agreed = sorted((row for row in rows if row.agreed_at is not None), key=_since)
    if not agreed or agreed[0].in_force_from > on:
        agreed.insert(0, _portal_s_own())
    held = [_held(row, agreed, place, on=on) for place, row in enumerate(agreed)]
    # What was never agreed would have changed what had been agreed when it was proposed.
    never = [
        Version(row, _unagreed(row), as_rules([one for one in agreed if one.version < row.version][-1]))
        for row in rows
        if row.agreed_at is None
    ]
    everything = {state: [one for one in (*held, *never) if one.state is state] for state in State}
    been = [one for state in (State.PAST, State.REPLACED, State.DECLINED, State.WITHDRAWN) for one in everything[state]]
    return Book(
        in_force=everything[State.IN_FORCE][0],
        coming=everything[State.COMING],
        proposal=next(iter(everything[State.OPEN]), None),
        earlier=sorted(been, key=lambda one: one.row.version, reverse=True),
    )


def _since(row: RuleSet) -> tuple[date, int]:
    return row.in_force_from, row.version


def _held(row: RuleSet, agreed: list[RuleSet], place: int, *, on: date) -> Version:
    """One that was agreed, among those: in the order in which they hold."""
    following = agreed[place + 1] if place + 1 < len(agreed) else None
    until = following.in_force_from - timedelta(days=1) if following else None
    if until is not None and until < row.in_force_from:
        state = State.REPLACED
    elif row.in_force_from > on:
        state = State.COMING
    else:
        state = State.IN_FORCE if until is None or until >= on else State.PAST
    return Version(row, state, as_rules(agreed[place - 1]) if place else None, until)


def _unagreed(row: RuleSet) -> State:
    if row.ended_at is None:
        return State.OPEN
    return State.WITHDRAWN if all(one.agrees for one in row.answers.all()) else State.DECLINED


def _portal_s_own() -> RuleSet:
    """Version 1 where no vocabulary has been loaded: it holds all the same."""
    return RuleSet(version=DEFAULTS.version, in_force_from=DEFAULTS.in_force_from, thresholds=numbers(DEFAULTS))


def waiting(row: RuleSet) -> list[Department]:
    """The departments whose answer an open proposal waits for."""
    return list(Department.objects.current().exclude(rule_set_answers__rule_set=row).order_by("position", "pk"))


# Who may.


def may_propose(reach: Reach) -> bool:
    """Heads of department and administrators."""
    return bool(reach.headed) or reach.is_administrator


def proposing_for(reach: Reach) -> list[Department]:
    """In whose name somebody proposes: the departments they head, an administrator also the one of that post."""
    administered = {post.department_id for post in reach.posts if post.kind == post.Kind.ADMINISTRATOR}
    return list(Department.objects.current().filter(pk__in=reach.headed | administered).order_by("position", "pk"))


def answering_for(reach: Reach, *, on: date) -> list[Department]:
    """The departments in whose name somebody answers; asks the database only of those who may."""
    return list(rights.answered_for(reach, on=on).order_by("position", "pk")) if may_propose(reach) else []


def may_withdraw(reach: Reach, row: RuleSet, *, answers_for: Iterable[str]) -> bool:
    """Who proposed it, as long as they may propose, and whoever answers for the department that did."""
    own = reach.user is not None and row.proposer_id == reach.user.pk and may_propose(reach)
    return own or row.proposed_by_id in set(answers_for)


# Proposing.


def check(*, before: rules.RuleSet, thresholds: Mapping[str, Any], in_force_from: date | None, on: date) -> Problems:
    """What is wrong with a proposal, by the names of the thresholds and ``in_force_from``; all of it at once."""
    problems: Problems = {}
    whole = {**numbers(before), **thresholds}
    for wrong in rules.check(whole):
        problems.setdefault(wrong.name, []).append(ValidationError(wrong.lv if dates.is_latvian() else wrong.en))
    if not problems and whole == numbers(before):
        problems["__all__"] = [ValidationError(_("Nothing is changed: the numbers are those agreed already."))]
    if in_force_from is not None and in_force_from < on:
        problems["in_force_from"] = [ValidationError(_("That day has passed. Choose today or a later day."))]
    elif in_force_from is not None and in_force_from < before.in_force_from:
        said = _("Version %(version)s has been agreed and begins on %(day)s. Choose that day or a later one.")
        values = {"version": before.version, "day": f"{before.in_force_from:%d.%m.%Y}"}
        problems["in_force_from"] = [ValidationError(said % values)]
    return problems


def drawn_up(*, before: rules.RuleSet, thresholds: Mapping[str, int], in_force_from: date) -> rules.RuleSet:
    """What would be proposed, as the judging reads it; nothing is written. Ask :func:`check` first."""
    return rules.RuleSet(version=before.version + 1, in_force_from=in_force_from, **{**numbers(before), **thresholds})


@transaction.atomic
def propose(
    *,
    department: Department,
    thresholds: Mapping[str, Any],
    in_force_from: date,
    why: str,
    reach: Reach,
    now: datetime,
) -> RuleSet:
    """Propose other thresholds in the name of a department; the others are told. Raises :class:`Refused`."""
    today = timezone.localdate(now)
    # Whoever proposes at the same moment waits here, and then finds this proposal.
    list(Department.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if department.pk not in {one.pk for one in proposing_for(reach)}:
        raise Refused(_("Heads of department and administrators propose rules, in the name of their department."))
    there = RuleSet.objects.open().select_related("proposed_by").first()
    if there is not None:
        said = _("%(department)s has proposed version %(version)s, which waits for answers. One is open at a time.")
        raise Refused(said % {"department": _by(there), "version": there.version})
    before = agreed_last()
    problems = check(before=before, thresholds=thresholds, in_force_from=in_force_from, on=today)
    why = clean(why)
    if not why:
        problems["why"] = [ValidationError(_("Say why the rules should change: the other departments read it."))]
    elif len(why) > LONGEST:
        problems["why"] = [ValidationError(_("The text is too long. Write at most 500 letters."))]
    if problems:
        raise Refused(problems)
    newest = RuleSet.objects.aggregate(newest=Max("version"))["newest"] or 0
    row = RuleSet.objects.create(
        version=max(newest, before.version) + 1,
        thresholds={**numbers(before), **thresholds},
        in_force_from=in_force_from,
        why=why,
        proposed_by=department,
        proposer=reach.user,
        proposed_at=now,
    )
    if department in answering_for(reach, on=today):
        _agree(row, department.pk, note="", reach=reach, now=now)
    if row.agreed_at is None:
        rule_letters.proposed(row, before=before, after=as_rules(row), waiting=waiting(row), now=now)
    return row


# Answering.


@transaction.atomic
def answer(*, version: int, department: str, agrees: bool, note: str = "", reach: Reach, now: datetime) -> RuleSet:
    """A department's answer to what is proposed; the same answer twice is one. Raises :class:`Refused`."""
    row = _locked(version)
    if department not in {one.pk for one in answering_for(reach, on=timezone.localdate(now))}:
        raise Refused(_("The head of the department answers this; an administrator, where it has no head."))
    note = clean(note)
    if len(note) > LONGEST:
        raise Refused({"note": _("The text is too long. Write at most 500 letters.")})
    given = row.answers.filter(department=department).first()
    if given is not None and given.agrees == agrees and (row.ended_at is None or not agrees):
        # Pressed twice; or a department that did not answer is no more, and nobody is waited for.
        if row.agreed_at is None and row.ended_at is None:
            _settle(row, by=reach, now=now)
        return row
    if row.ended_at is not None:
        raise Refused(_("The proposal has been withdrawn or declined meanwhile: there is nothing to answer."))
    if row.agreed_at is not None:
        raise Refused(_("All departments have agreed to it already, so it stands. Propose the next version instead."))
    if given is not None:
        raise Refused(_("Your department has agreed to it already."))
    if agrees:
        _agree(row, department, note=note, reach=reach, now=now)
        return row
    if not note:
        raise Refused({"note": _("Say why not: the other departments read it.")})
    said = RuleSetAnswer.objects.create(
        rule_set=row, department_id=department, agrees=False, note=note, by=reach.user, at=now
    )
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    rule_letters.declined(row, said, now=now)
    return row


@transaction.atomic
def withdraw(*, version: int, reach: Reach, now: datetime) -> RuleSet:
    """Take a proposal back; twice is once. Raises :class:`Refused`."""
    row = _locked(version)
    mine = answering_for(reach, on=timezone.localdate(now))
    if not may_withdraw(reach, row, answers_for=[one.pk for one in mine]):
        raise Refused(_("The department that proposed it takes it back."))
    if row.agreed_at is not None:
        raise Refused(_("All departments have agreed to it already, so it stands. Propose the next version instead."))
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        rule_letters.withdrawn(row, by=reach.user, now=now)
    return row


def _locked(version: int) -> RuleSet:
    return RuleSet.objects.select_for_update(of=("self",), no_key=True).get(version=version)


def _agree(row: RuleSet, department: str, *, note: str, reach: Reach, now: datetime) -> None:
    RuleSetAnswer.objects.create(rule_set=row, department_id=department, agrees=True, note=note, by=reach.user, at=now)
    _settle(row, by=reach, now=now)


def _settle(row: RuleSet, *, by: Reach, now: datetime) -> None:
    """It is agreed when nobody is waited for; from the day it names, or when that has passed from tomorrow."""
    if waiting(row):
        return
    today = timezone.localdate(now)
    late = row.in_force_from < today
    if late:
        row.in_force_from = today + timedelta(days=1)
    row.agreed_at = now
    row.save(update_fields=["agreed_at", "in_force_from"])
    rule_letters.agreed(row, late=late, by=by.user, now=now)


def _by(row: RuleSet) -> str:
    return row.proposed_by.name if row.proposed_by is not None else ""
