"""What a day at the desk asks for: the sessions of the day, and what wants a decision.

- An activity that begins within a week with fewer people than it needs is decided two days before it begins: then
  people are reminded, and telling them later is unkind.
- An offer that runs out within a day: a call helps, since the place goes on.
- A session that ended within two weeks has an attendance list or a head count, or was called off.
- Who was asked whether they will come and has not said is rung in the last three days: the place stays theirs.
- Who awaits approval is answered; an activity that is full with a queue may have more places where the room has.
- A department that asks to hold an activity together is answered, while it is to come. So are proposed overlap rules.
- A duplicate with another department that nobody has decided, until one of the two is over: it stands in the way of publishing.
- What begins within two weeks is published. A post stands vacant: its head knows, and who stands in.
- Possible doubles wait to be compared: one line, however many.

Each kind is one query (of sessions two), however much there is; the first few are told, with how many there are in all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from coordinators.domain import posts as posts_of
from coordinators.domain.access import Reach
from coordinators.models import Post
from courses.domain import people, programme, rights
from courses.enums import ActivityStatus, RegistrationState
from courses.models import Activity, Attendance, JointOffer, Overlap, PartnerRequest, Registration, Session
from ecosystem.models import RuleSet, RuleSetAnswer
from ecosystem.models.functions import Fold
from ecosystem.text import clean
from residents.models import PossibleDouble

WEEK = timedelta(days=7)
DECIDED_BEFORE = timedelta(days=2)
OFFERS_ENDING = timedelta(hours=24)
RUNG_BEFORE = timedelta(days=3)
ATTENDANCE_OWED = timedelta(days=14)
DRAFTS_BEGINNING = timedelta(days=14)
# How many of a kind are told; of the day's sessions; of those found for the telephone.
FEW, SESSIONS, NEXT, FOUND = 6, 40, 3, 10
HELD = (ActivityStatus.PUBLISHED, ActivityStatus.COMPLETED)


@dataclass(frozen=True)
class Some:
    """The first few of a kind, and how many there are."""

    rows: list[Any] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        """How many are not told."""
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Asked:
    """Whose day, and when."""

    reach: Reach
    now: datetime

    @property
    def managed(self) -> QuerySet[Activity]:
        """What they may change."""
        return rights.managed_by(self.reach)


@dataclass(frozen=True)
class Day:
    """A day at the desk. Rows carry what their sentence says (see the functions below)."""

    sessions: Some
    coming: list[Session]
    # What wants a decision, by the names of KINDS and in their order.
    decisions: dict[str, Some]

    @property
    def undecided(self) -> int:
        """How many things want a decision."""
        return sum(some.total for some in self.decisions.values())


def day(*, reach: Reach, now: datetime) -> Day:
    """All of it for what somebody's posts reach."""
    asked = Asked(reach, now)
    return Day(
        sessions=_some(_sessions_of_today(asked.managed, now), SESSIONS),
        coming=_coming(asked.managed, now),
        decisions={name: _told(name, rows(asked)) for name, rows in KINDS.items()},
    )


def _told(name: str, rows: QuerySet[Any]) -> Some:
    if rows.model is Session:
        return _some_sessions(rows)
    if name not in AS_ONE:
        return _some(rows)
    # The first row knows how many there are (``of_all``).
    first = _some(rows, 1).rows
    return Some(first, len(first))


def decide_by(activity: Activity, *, now: datetime) -> date:
    """The day until which an activity below its minimum is decided: two days before it begins, never a day past."""
    begins = timezone.localdate(activity.starts_at) if activity.starts_at else timezone.localdate(now)
    return max(begins - DECIDED_BEFORE, timezone.localdate(now))


def for_telephone(*, reach: Reach, text: str, now: datetime) -> list[Activity]:
    """What one may register somebody for by telephone, found by words of its title, place or parish.

    What begins soonest comes first, then what has begun and still takes people.
    """
    found = (
        rights.managed_by(reach)
        .filter(status=ActivityStatus.PUBLISHED, ends_at__gt=now, is_drop_in=False)
        .filter(Q(registration_closes_at=None) | Q(registration_closes_at__gt=now))
        .select_related("parish", "centre")
        .annotate(has_begun=Q(starts_at__lte=now))
        .order_by("has_begun", "starts_at", "pk")
    )
    # Folded by the database on both sides: Python's folding serves the catalogue's index alone.
    for place, word in enumerate(clean(text)[:120].split()[:6]):
        named = {
            f"{name}_{place}": Fold(Coalesce(column, Value("")))
            for name, column in (
                *(("lv", "title_lv"), ("en", "title_en")),
                *(("at", "centre__name"), ("of", "parish__name")),
            )
        }
        anywhere = Q()
        for name in named:
            anywhere |= Q(**{f"{name}__contains": Fold(Value(word))})
        found = found.alias(**named).filter(anywhere)
    return list(found[:FOUND])


def _some(rows: QuerySet[Any], most: int = FEW) -> Some:
    """The first few with the number of all, in one query."""
    told = list(rows.annotate(of_all=Window(Count("*")))[:most])
    return Some(told, told[0].of_all if told else 0)


def _some_sessions(rows: QuerySet[Session], most: int = FEW) -> Some:
    """The same of sessions, which may be thousands: counted by keys, with what their sentence says of the few told."""
    keys = dict(rows.select_related(None).annotate(of_all=Window(Count("*"))).values_list("pk", "of_all")[:most])
    if not keys:
        return Some()
    return Some(list(rows.filter(pk__in=list(keys))), next(iter(keys.values())))


def _midnight(now: datetime) -> datetime:
    return datetime.combine(timezone.localdate(now), time(0), tzinfo=timezone.get_default_timezone())


def _next_midnight(now: datetime) -> datetime:
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), tzinfo=timezone.get_default_timezone())


def _meetings(managed: QuerySet[Activity], **limits: object) -> QuerySet[Session]:
    """Sessions that are to be held, with how many are marked."""
    marked = (
        Attendance.objects.filter(session=OuterRef("pk"))
        .order_by()
        .values("session")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Session.objects.live()
        .filter(activity__in=managed.filter(status__in=HELD), **limits)
        .select_related("activity__topic", "activity__parish", "activity__centre", "room")
        .annotate(marked=Coalesce(Subquery(marked), 0))
    )


def _sessions_of_today(managed: QuerySet[Activity], now: datetime) -> QuerySet[Session]:
    """The day's, those under way and to come before those over."""
    since, until = _midnight(now), _next_midnight(now)
    begun = managed.filter(starts_at__lt=until, ends_at__gte=since)
    # None is longer, and the days to come need not be looked through.
    today = _meetings(begun, starts_at__gte=since - Session.MAX_LENGTH, starts_at__lt=until, ends_at__gt=since)
    return today.annotate(is_over=Q(ends_at__lte=now)).order_by("is_over", "starts_at", "pk")


def _coming(managed: QuerySet[Activity], now: datetime) -> list[Session]:
    """The next ones after today."""
    since = _next_midnight(now)
    later = managed.filter(ends_at__gt=since)
    return list(_meetings(later, starts_at__gte=since).order_by("starts_at", "pk")[:NEXT])


def _offers_ending(asked: Asked) -> QuerySet[Activity]:
    """``ending`` offers of an activity, the first until ``first_until``."""
    ending = Q(
        registrations__state=RegistrationState.OFFERED,
        registrations__offered_until__gt=asked.now,
        registrations__offered_until__lte=asked.now + OFFERS_ENDING,
    )
    running = Registration.objects.filter(
        state=RegistrationState.OFFERED, offered_until__gt=asked.now, offered_until__lte=asked.now + OFFERS_ENDING
    )
    return (
        asked.managed.filter(pk__in=running.order_by().values("activity"))
        .annotate(
            ending=Count("registrations", filter=ending),
            first_until=Min("registrations__offered_until", filter=ending),
        )
        .order_by("first_until", "pk")
    )


def _below_minimum(asked: Asked) -> QuerySet[Activity]:
    """Those that begin within a week with fewer than they need."""
    return asked.managed.filter(
        status=ActivityStatus.PUBLISHED,
        is_drop_in=False,
        starts_at__gt=asked.now,
        starts_at__lte=asked.now + WEEK,
        taken__lt=F("min_participants"),
    ).order_by("starts_at", "pk")


def _unanswered(asked: Asked) -> QuerySet[Activity]:
    """Those that begin within three days where ``silent`` people have not said whether they will come."""
    silent = Q(
        registrations__state=RegistrationState.CONFIRMED,
        registrations__attendance_asked_at__isnull=False,
        registrations__attendance_confirmed_at=None,
    )
    return (
        asked.managed.filter(
            status=ActivityStatus.PUBLISHED,
            asks_confirmation=True,
            starts_at__gt=asked.now,
            starts_at__lte=asked.now + RUNG_BEFORE,
        )
        .annotate(silent=Count("registrations", filter=silent))
        .filter(silent__gt=0)
        .order_by("starts_at", "pk")
    )


def _awaiting_approval(asked: Asked) -> QuerySet[Activity]:
    """``awaiting`` people of an activity, who asked first ``since`` when."""
    waits = Q(registrations__state=RegistrationState.AWAITING_APPROVAL)
    waiting = Registration.objects.filter(state=RegistrationState.AWAITING_APPROVAL)
    return (
        asked.managed.filter(pk__in=waiting.order_by().values("activity"))
        .filter(status=ActivityStatus.PUBLISHED, ends_at__gt=asked.now)
        .annotate(
            awaiting=Count("registrations", filter=waits), since=Min("registrations__registered_at", filter=waits)
        )
        .order_by("since", "pk")
    )


def _asked_to_join(asked: Asked) -> QuerySet[PartnerRequest]:
    """Questions of other departments that this person answers, about what is not over."""
    found = programme.partnering.to_answer(asked.reach)
    return found.filter(Q(activity__ends_at=None) | Q(activity__ends_at__gt=asked.now))


def _overlapping(asked: Asked) -> QuerySet[Overlap]:
    """Open duplicates of what one manages with another department's, and whatever another offers to make one, decided
    before or not, the soonest first.

    ``is_first``: which of the two is one's own (the first, where both are); ``is_offered``: the other waits for an answer.
    """
    managed = asked.managed.order_by().values("pk")
    is_first = Q(first__in=managed)
    offers = JointOffer.objects.filter(overlap=OuterRef("pk"), answer="").exclude(offering__in=managed)
    return (
        Overlap.objects.standing()
        .annotate(is_offered=Exists(offers.order_by()))
        .filter(Q(decision=None, kind=Overlap.Kind.DUPLICATE, is_own=False) | Q(is_offered=True))
        .filter(first__ends_at__gt=asked.now, second__ends_at__gt=asked.now)
        .filter(is_first | Q(second__in=managed))
        .filter(rights.seen(asked.reach, "first__"), rights.seen(asked.reach, "second__"))
        .select_related("first__lead", "second__lead")
        .annotate(is_first=Case(When(is_first, then=Value(True)), default=Value(False)))
        .order_by(Least("first__starts_at", "second__starts_at"), "-strength", "pk")
    )


def _rules_proposed(asked: Asked) -> QuerySet[RuleSet]:
    """The proposal of overlap rules that a department this person answers for has not answered; none for who heads none."""
    if not asked.reach.headed and not asked.reach.is_administrator:
        return RuleSet.objects.none()
    given = RuleSetAnswer.objects.filter(rule_set=OuterRef(OuterRef("pk")), department=OuterRef("pk"))
    mine = rights.answered_for(asked.reach, on=timezone.localdate(asked.now))
    return (
        RuleSet.objects.open()
        .filter(Exists(mine.order_by().filter(~Exists(given))))
        .select_related("proposed_by")
        .order_by("proposed_at", "pk")
    )


def _full_with_queue(asked: Asked) -> QuerySet[Activity]:
    """Those where people wait and more fit: ``seats`` of the smallest room to come; None where no room is said."""
    seats = (
        Session.objects.to_come(now=asked.now)
        .filter(activity=OuterRef("pk"), room__seats__isnull=False)
        .order_by()
        .values("activity")
        .annotate(least=Min("room__seats"))
        .values("least")
    )
    return (
        asked.managed.filter(
            status=ActivityStatus.PUBLISHED, waiting__gt=0, capacity__isnull=False, taken__gte=F("capacity")
        )
        .filter(starts_at__gt=asked.now)
        .annotate(seats=Subquery(seats))
        .filter(Q(seats=None) | Q(seats__gt=F("capacity")))
        .order_by("starts_at", "pk")
    )


def _unpublished(asked: Asked) -> QuerySet[Activity]:
    """Drafts and plans that begin within two weeks, or have begun."""
    return asked.managed.filter(
        status__in=(ActivityStatus.DRAFT, ActivityStatus.PLANNED),
        starts_at__lte=asked.now + DRAFTS_BEGINNING,
        ends_at__gt=asked.now,
    ).order_by("starts_at", "pk")


def _unmarked(asked: Asked) -> QuerySet[Session]:
    """Sessions of the last two weeks without any mark or head count, the oldest first; the day's own stand above."""
    since, until = asked.now - ATTENDANCE_OWED, _midnight(asked.now)
    recent = asked.managed.filter(starts_at__lt=until, ends_at__gte=since)
    ended = _meetings(recent, ends_at__gt=since, ends_at__lte=until, head_count=None)
    return ended.filter(~Exists(Attendance.objects.filter(session=OuterRef("pk")))).order_by("ends_at", "pk")


def _doubles(asked: Asked) -> QuerySet[PossibleDouble]:
    """Pairs of entries that may be one person, the likeliest first."""
    return people.pairs(asked.reach)


def _vacant(asked: Asked) -> QuerySet[Post]:
    """Posts without a holder: a head's department's, all of them for an administrator."""
    if not asked.reach.headed and not asked.reach.is_administrator:
        return Post.objects.none()
    today = timezone.localdate(asked.now)
    # One that ends today is not filled any more.
    posts: QuerySet[Any] = (
        posts_of.managed_by(asked.reach).in_force(on=today).filter(holder=None).exclude(ends_on=today)
    )
    return (
        posts.select_related("department", "centre__parish", "holder", "stands_in__holder")
        .prefetch_related("parishes")
        .annotate(place=Max("parishes__position"))
        .order_by("place", "pk")
    )


# What wants a decision, first what cannot wait. Another kind is a line here, and its sentence in courses.views.desk.
KINDS: dict[str, Callable[[Asked], QuerySet[Any]]] = {
    "offer": _offers_ending,
    "below": _below_minimum,
    "unanswered": _unanswered,
    "approval": _awaiting_approval,
    "partner": _asked_to_join,
    "overlap": _overlapping,
    "rules": _rules_proposed,
    "queue": _full_with_queue,
    "unpublished": _unpublished,
    "unmarked": _unmarked,
    "vacant": _vacant,
    "doubles": _doubles,
}
# However many there are, one thing to do.
AS_ONE = {"doubles"}
