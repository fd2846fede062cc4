"""When or where an activity meets is changed while people have places: they are told by themselves, in one message.

Whatever is changed inside :func:`telling` is compared with what was: sessions moved, added or left out, another place.

- Those who have a place, or are offered one, are told of all of it.
- Those in the queue and awaiting approval are told when the place or the beginning changes: it is what they wait for.
- Whether they will come, where they were asked, is asked anew then: what they said was of the other time or place.
- Another room of the same place is told from two days before the session on. Before that nobody has been told a room,
  and rooms change often.

Nothing is told of an activity that is not published. Each change is a :class:`Decision`, with how many were told. The
departments that hold the activity together read of it too.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from centres.models import Room
from courses.domain import bulletins, decisions, letters, places, plan_notices, programme
from courses.domain.bulletins import Group
from courses.domain.letters import Facts
from courses.domain.plan_notices import Change
from courses.domain.programme import ActivitySpec, SessionSpec, partnering
from courses.enums import LIVE_STATES, PLACE_STATES, ActivityStatus
from courses.models import Activity, Decision, Session
from ecosystem import dates
from ecosystem.models import User

# From when on another room of the same place is told: the reminder has left by then.
ROOM_IS_TOLD = timedelta(days=2)


@dataclass
class Told:
    """How many people were told; known when the change is done."""

    people: int = 0


@dataclass(frozen=True)
class _Meeting:
    starts_at: datetime
    ends_at: datetime
    room: str


@dataclass(frozen=True)
class _Standing:
    """When and where an activity meets from now on."""

    meetings: dict[int, _Meeting] = field(default_factory=dict)
    place: tuple[object, ...] = ()
    where: str = ""

    @classmethod
    def of(cls, activity: Activity, *, now: datetime) -> "_Standing":
        sessions = Session.objects.to_come(now=now).filter(activity=activity).select_related("room")
        facts = Facts(activity=activity, sessions=[], is_sensitive=False)
        return cls(
            meetings={
                one.pk: _Meeting(one.starts_at, one.ends_at, one.room.name if one.room else "")
                for one in sessions.order_by("starts_at", "pk")
            },
            place=(activity.centre_id, activity.parish_id, activity.format == "online"),
            where=facts.place,
        )

    @property
    def begins(self) -> datetime | None:
        """The next session."""
        return min((one.starts_at for one in self.meetings.values()), default=None)


def who_is_told(*, activity: Activity) -> Group:
    """Those with a place, whom every change reaches; for the page, before it happens. Nobody while not published."""
    if activity.status != ActivityStatus.PUBLISHED:
        return Group()
    return bulletins.group(activity=activity, code="confirmed")


@contextmanager
def telling(*, activity: Activity | int, by: User | None, now: datetime) -> Iterator[Told]:
    """Tell people what was changed inside; one transaction with the change, under the lock of the activity's row."""
    told = Told()
    with transaction.atomic():
        before = _read(places.lock_or_fail(activity).pk)
        if before.status != ActivityStatus.PUBLISHED:
            yield told
            return
        was = _Standing.of(before, now=now)
        yield told
        after = _read(before.pk)
        if after.status == ActivityStatus.PUBLISHED:
            told.people = _tell(after, was, _Standing.of(after, now=now), by=by, now=now)


def session(
    *, session: Session, starts_at: datetime, ends_at: datetime, room: Room | None, by: User | None, now: datetime
) -> int:
    """Move one session; how many people were told. Raises ``programme.Refused``. The same again tells nobody."""
    with telling(activity=session.activity_id, by=by, now=now) as told:
        programme.move_session(session=session, starts_at=starts_at, ends_at=ends_at, room=room, now=now)
    return told.people


def add(*, activity: Activity, meetings: Sequence[SessionSpec], by: User | None, now: datetime) -> int:
    """More sessions; how many people were told. Raises ``programme.Refused``."""
    with telling(activity=activity, by=by, now=now) as told:
        programme.add_sessions(activity=activity, meetings=meetings, now=now)
    return told.people


def all_sessions(*, activity: Activity, days: int, by: User | None, now: datetime) -> int:
    """All the sessions so many days on; how many people were told. Raises ``programme.Refused``."""
    with telling(activity=activity, by=by, now=now) as told:
        programme.shift(activity=activity, days=days, now=now)
    return told.people


def details(
    *,
    activity: Activity,
    details: ActivitySpec,
    seen: str,
    by: User | None,
    now: datetime,
    meetings: Sequence[SessionSpec] = (),
    partner_note: str = "",
) -> tuple[Activity, int]:
    """Save what the editor shows; in another place, those it concerns are told: how many. Raises as ``save_details``."""
    with telling(activity=activity, by=by, now=now) as told:
        saved = programme.save_details(
            activity=activity,
            details=details,
            seen=seen,
            now=now,
            meetings=meetings,
            by=by,
            partner_note=partner_note,
        )
    return saved, told.people


def _read(pk: int) -> Activity:
    return Activity.objects.select_related("centre", "parish").get(pk=pk)


def _tell(activity: Activity, was: _Standing, becomes: _Standing, *, by: User | None, now: datetime) -> int:
    place = was.place != becomes.place
    changes = _changes(was, becomes, now=now)
    if not changes and not place:
        return 0
    waits_for_it = place or was.begins != becomes.begins
    if waits_for_it and activity.starts_at is not None and activity.starts_at > now:
        # Who said "I will come" said it of another time or place: the clock asks anew.
        asked = activity.registrations.filter(attendance_asked_at__isnull=False)
        asked.update(attendance_asked_at=None, attendance_confirmed_at=None)
    rows = list(
        activity.registrations.filter(state__in=LIVE_STATES if waits_for_it else PLACE_STATES)
        .select_related("party")
        .order_by("registered_at", "id")
    )
    with_place = {row.party_id for row in rows if row.state in PLACE_STATES}
    facts = Facts.of(activity.pk, now=now)
    told = []
    for party in {row.party_id: row.party for row in rows}.values():
        with translation.override(party.language):
            notice = plan_notices.plan_changed(
                party, facts, changes, place=facts.where() if place else "", has_place=party.pk in with_place
            )
            told.append((party, facts, notice))
    letters.tell(told, now=now)
    people = sum(bool(row.party.email or row.party.phone) for row in rows)
    in_short = _in_short(was, becomes, changes, place=place)
    partnering.changed(activity=activity, what=in_short, by=by, now=now)
    decisions.note(
        activity=activity,
        what=Decision.What.RELOCATED if place else Decision.What.RESCHEDULED,
        reason=in_short,
        people=people,
        by=by,
        now=now,
    )
    return people


def _changes(was: _Standing, becomes: _Standing, *, now: datetime) -> list[Change]:
    """What became of each session, in the order of time."""
    found = []
    for pk, old in was.meetings.items():
        new = becomes.meetings.get(pk)
        if new is None:
            # What was moved into the past or called off says so by another door.
            if not Session.objects.filter(pk=pk).exists():
                found.append(Change(old=(old.starts_at, old.ends_at)))
        elif (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at):
            found.append(Change(old=(old.starts_at, old.ends_at), new=(new.starts_at, new.ends_at), room=new.room))
        elif old.room != new.room and new.room and was.place == becomes.place and new.starts_at - now <= ROOM_IS_TOLD:
            found.append(Change(new=(new.starts_at, new.ends_at), room=new.room, only_room=True))
    found += [
        Change(new=(new.starts_at, new.ends_at), room=new.room)
        for pk, new in becomes.meetings.items()
        if pk not in was.meetings
    ]
    return sorted(found, key=lambda change: change.new or change.old or (now, now))


def _in_short(was: _Standing, becomes: _Standing, changes: Sequence[Change], *, place: bool) -> str:
    """For the desk: "11.2. 10:00–12:00 → 18.2. 10:00–12:00", "Bibliotēka → Skola"."""
    with translation.override(settings.LANGUAGE_CODE):
        said = [f"{was.where} → {becomes.where}"] if place else []
        for change in changes:
            old, new = (short(times) for times in (change.old, change.new))
            if change.only_room:
                said.append(f"{new}: {change.room}")
            else:
                said.append(f"{old} → {new}" if old and new else f"+ {new}" if new else f"− {old}")
        text = "; ".join(said)
    longest = decisions.LONGEST_REASON
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def short(times: tuple[datetime, datetime] | None) -> str:
    """ "11.2. 10:00–12:00", as the desk says it; nothing for none."""
    if times is None:
        return ""
    local = timezone.localtime(times[0])
    return f"{local.day}.{local.month}. {dates.hours(*times)}"
