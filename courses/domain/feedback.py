"""How was it? After the last session those who came are asked once, and nobody can tell who answered what.

- Asked are those who came to one session at least; where no attendance was kept, all who had a place. It leaves between
  nine and seven, the day after the last session; without attendance two days later, since it may yet be entered.
- Each party gets one link, which answers as many times as they were people, and dies after 60 days. It is known by its
  digest alone and names nobody; an answer names its activity alone.
- An answer and its ticket are written in one transaction, so the database itself (its transaction numbers, the order of
  its rows) could tell on them. Therefore all answers of the activity are taken out and put back shuffled with every new
  one, like papers in a box that is shaken.
- Answers come to light five at a time. Whoever looks before and after a step sees five more people, never one.
- Up to four that are left when the links have died never show with their activity. With the left ones of the
  department's other activities, when five are together, they count in the department's figures, and only there.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from courses.domain import confirmations, decisions, letters, notices, places, reminders
from courses.domain.letters import Facts
from courses.domain.refusals import Refusal, Refusals
from courses.enums import ActivityStatus, Presence, RegistrationState
from courses.models import Activity, Attendance, Feedback, FeedbackRound, FeedbackTicket, Registration
from courses.models.feedback import HIGHEST, LOWEST
from ecosystem.models import Audience, User
from ecosystem.text import clean

FIVE = 5
# What is long over is not asked about, when the portal begins to ask or has stood still.
ASKED_WITHIN = timedelta(days=14)
ATTENDANCE_MAY_COME = timedelta(days=2)
# The three questions, and what is said where one is left open.
QUESTIONS = {
    "worth": _("Say whether it was worth the time, from 1 to 5."),
    "before": _("Say how well you could do it before, from 1 to 5."),
    "after": _("Say how well you can do it now, from 1 to 5."),
}
WORDS_KEPT = relativedelta(years=1)
_shuffle = SystemRandom().shuffle


class LinkUnknown(Exception):
    """Not a link of ours, not whole, or of a round that has closed: they are told alike."""


# Asking.


def ask(*, now: datetime) -> int:
    """Ask the people of what is over, once; how many people. For the clock."""
    if not reminders.FROM <= timezone.localtime(now).time() < reminders.UNTIL:
        return 0
    today = datetime.combine(timezone.localdate(now), time(0), tzinfo=timezone.get_default_timezone())
    kept = Attendance.objects.filter(session__activity=OuterRef("pk"))
    due = Activity.objects.filter(
        Exists(kept) | Q(ends_at__lt=today - ATTENDANCE_MAY_COME),
        status=ActivityStatus.COMPLETED,
        feedback_round=None,
        is_drop_in=False,
        ends_at__lt=today,
        ends_at__gte=now - ASKED_WITHIN,
    )
    people = 0
    for pk in list(due.order_by("ends_at", "pk").values_list("pk", flat=True)[: reminders.SWEEP]):
        with transaction.atomic():
            activity = places.lock(pk, skip=True)
            if activity is not None and not FeedbackRound.objects.filter(pk=pk).exists():
                people += _ask(activity, now=now)
    return people


def _ask(activity: Activity, *, now: datetime) -> int:
    asked_on = timezone.localdate(now)
    who = confirmations.by_party(_participants(activity))
    people = sum(len(rows) for _party, rows in who)
    opened = FeedbackRound.objects.create(
        activity=activity, people=people, asked_on=asked_on, closes_on=asked_on + FeedbackRound.OPEN
    )
    facts = Facts.of(activity.pk, now=now)
    told, tickets = [], []
    for party, rows in who:
        token = new_token()
        tickets.append(FeedbackTicket(digest=digest(token), round=opened, left=len(rows)))
        has_child = any(row.resident is not None and row.resident.guardian_name for row in rows)
        with translation.override(party.language):
            url = letters.absolute("courses:feedback", token)
            notice = notices.feedback(party, facts, url=url, people=len(rows), has_child=has_child)
        told.append((party, facts, notice))
    # By their digests, which are chance: the order of the table tells nothing of the order of the people.
    FeedbackTicket.objects.bulk_create(sorted(tickets, key=lambda ticket: ticket.digest))
    letters.tell(told, now=now)
    return people


def _participants(activity: Activity) -> QuerySet[Registration]:
    """Those who came at least once and left a contact; where nobody was marked, those with a place."""
    marks = Attendance.objects.filter(session__activity=activity)
    came = Exists(marks.filter(registration=OuterRef("pk"), presence=Presence.PRESENT))
    who = came if marks.exists() else Q(state=RegistrationState.CONFIRMED)
    return (
        Registration.objects.filter(who, activity=activity, party__forgotten_at=None)
        .exclude(party__email="", party__phone="")
        .select_related("party", "resident")
        .order_by("pk")
    )


def new_token() -> str:
    """What stands in a link: 128 bits of chance."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


# Answering.


def ticket(*, token: str, now: datetime) -> FeedbackTicket:
    """The ticket of a link, with its round and activity; raises ``LinkUnknown``."""
    found = (
        FeedbackTicket.objects.select_related("round__activity__topic", "round__activity__parish")
        .select_related("round__activity__centre")
        .filter(digest=digest(token), round__closes_on__gte=timezone.localdate(now))
        .first()
    )
    if found is None:
        raise LinkUnknown
    return found


def answer(*, token: str, form: UUID, marks: Mapping[str, int | None], word: str, language: str, now: datetime) -> int:
    """Take one answer; how many more the link may give. The same ``form`` again is the same answer.

    Raises ``LinkUnknown``, ``Refusal`` where the link has answered already, ``Refusals`` for what is not filled in.
    """
    opened = ticket(token=token, now=now)
    with transaction.atomic():
        activity = places.lock_or_fail(opened.round_id)
        current = FeedbackTicket.objects.select_for_update().filter(pk=opened.pk).first()
        if current is None:
            raise LinkUnknown
        if current.last_form == form:
            return current.left
        if not current.left:
            raise Refusal("spent", _("This link has been used: thank you for the answer."))
        word = clean(word)
        given = check(marks=marks, word=word)
        current.left, current.last_form = current.left - 1, form
        _put_back(current)
        _put_in(Feedback(activity=activity, word=word, language=language if word else "", **given))
    return current.left


def check(*, marks: Mapping[str, int | None], word: str) -> dict[str, int]:
    """The three marks; raises ``Refusals`` with all that is missing or too long."""
    refusals = []
    given = {}
    for name, words in QUESTIONS.items():
        mark = marks.get(name)
        if mark is None or not LOWEST <= mark <= HIGHEST:
            refusals.append(Refusal(name, words))
        else:
            given[name] = mark
    if len(word) > Feedback.MOST_LETTERS:
        refusals.append(Refusal("word", _("This is too long. Write at most 280 letters.")))
    if refusals:
        raise Refusals(refusals)
    return given


def _put_in(paper: Feedback) -> None:
    """Put an answer into the box of its activity, whose row is locked, and shake it."""
    box = Feedback.objects.filter(activity=paper.activity_id)
    papers = [*box, paper]
    waiting = [each for each in papers if each.stage == Feedback.Stage.ASIDE]
    if len(waiting) >= FIVE:
        for each in waiting:
            each.stage = Feedback.Stage.SHOWN
    _shuffle(papers)
    box.delete()
    Feedback.objects.bulk_create(papers)


def _put_back(used: FeedbackTicket) -> None:
    """Write all tickets of the round anew, by their digests: which was used last does not show either."""
    all_ = FeedbackTicket.objects.filter(round=used.round_id)
    tickets = [used, *all_.exclude(pk=used.pk)]
    all_.delete()
    FeedbackTicket.objects.bulk_create(sorted(tickets, key=lambda each: each.digest))


# Reading.


@dataclass(frozen=True)
class Scale:
    """The answers to one question: how many gave each mark."""

    counts: tuple[int, ...] = (0,) * HIGHEST

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        """The average mark; None of nobody."""
        total = sum(mark * count for mark, count in enumerate(self.counts, LOWEST))
        return total / self.n if self.n else None


@dataclass(frozen=True)
class Totals:
    """What several people said, always five or none: means come with their ``n``."""

    n: int = 0
    worth: Scale = Scale()
    before: Scale = Scale()
    after: Scale = Scale()
    # How many came out with more skill than they came in with.
    gained: int = 0


@dataclass(frozen=True)
class Results:
    """What a coordinator sees: how many were asked and answered, and from five on what they said."""

    round: FeedbackRound | None
    answered: int
    totals: Totals
    words: list[Feedback] = field(default_factory=list)

    @property
    def aside(self) -> int:
        """How many answers wait until they are five."""
        return self.answered - self.totals.n


def results(*, activity: Activity) -> Results:
    """The results of an activity; what is not shown is only counted."""
    shown = list(Feedback.objects.shown().filter(activity=activity).select_related("hidden_by").order_by("id"))
    return Results(
        round=FeedbackRound.objects.filter(pk=activity.pk).first(),
        answered=Feedback.objects.filter(activity=activity).count(),
        totals=_totals(shown),
        words=[each for each in shown if each.word],
    )


def totals(*, activities: QuerySet[Activity], whole_departments: bool = False) -> Totals:
    """What was said of these activities together, for figures; one query.

    ``whole_departments`` says that they are all that departments led: then what could show with no activity counts
    too. In any other grouping it would tell, by subtraction, what fewer than five people said.
    """
    stages = [Feedback.Stage.SHOWN, *([Feedback.Stage.POOLED] if whole_departments else [])]
    return _totals(Feedback.objects.filter(activity__in=activities, stage__in=stages))


def _totals(papers: Iterable[Feedback]) -> Totals:
    counts = {name: [0] * HIGHEST for name in QUESTIONS}
    n = gained = 0
    for paper in papers:
        n += 1
        gained += paper.after > paper.before
        for name in QUESTIONS:
            counts[name][getattr(paper, name) - LOWEST] += 1
    return Totals(n=n, gained=gained, **{name: Scale(tuple(numbers)) for name, numbers in counts.items()})


# Hiding.


def hide(*, activity: Activity, paper: UUID, reason: str, by: User, now: datetime) -> None:
    """Hide a word that insults somebody, with a reason; the marks stay. Raises ``Refusal``."""
    if not clean(reason):
        raise Refusal("reason", _("Write why it is hidden: others will ask."))
    reason = decisions.reasoned(reason)
    _change_word(activity, paper, hidden_because=reason, hidden_by=by)


def show_again(*, activity: Activity, paper: UUID) -> None:
    """Take the hiding back."""
    _change_word(activity, paper, hidden_because="", hidden_by=None)


def _change_word(activity: Activity, paper: UUID, **fields: object) -> None:
    with transaction.atomic():
        places.lock_or_fail(activity)
        shown = Feedback.objects.shown().filter(activity=activity, pk=paper).exclude(word="")
        if not shown.update(**fields):
            raise Refusal("gone", _("This answer is not there any more. Open the page again."))


# Closing and forgetting.


def close(*, now: datetime) -> int:
    """Let the links die whose round is over, and count what was left; how many links. For the clock, each day."""
    today = timezone.localdate(now)
    dead = FeedbackTicket.objects.filter(round__closes_on__lt=today).delete()[0]
    _pool(today)
    return dead


def _pool(today: date) -> None:
    """The left answers of closed rounds, by department: five or more of several activities count together."""
    with transaction.atomic():
        closed = Feedback.objects.aside().filter(activity__feedback_round__closes_on__lt=today)
        by_department: dict[str, list[tuple[UUID, int]]] = defaultdict(list)
        for pk, activity, lead in closed.order_by("id").values_list("pk", "activity", "activity__lead"):
            by_department[lead].append((pk, activity))
        for left in by_department.values():
            if len(left) >= FIVE and _several(left):
                Feedback.objects.filter(pk__in=[pk for pk, _activity in left]).update(stage=Feedback.Stage.POOLED)


def _several(left: Sequence[tuple[UUID, int]]) -> bool:
    return len({activity for _pk, activity in left}) > 1


def forget_words(*, now: datetime) -> int:
    """Empty what people wrote when its term is over; the marks name nobody and stay. How many words."""
    sensitive = Exists(Audience.objects.filter(is_sensitive=True, activities=OuterRef("activity")))
    past = Q(activity__ends_at__lt=now - WORDS_KEPT) | Q(sensitive, activity__ends_at__lt=now - FeedbackRound.OPEN)
    return (
        Feedback.objects.filter(past).exclude(word="").update(word="", language="", hidden_because="", hidden_by=None)
    )
