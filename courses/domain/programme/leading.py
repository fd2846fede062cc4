"""Who leads sessions, and that nobody is in two places at once, the way between villages counted.

An activity's educators lead all of its sessions, unless somebody stands in for one. Two sessions of one person clash
when they overlap, or when less time lies between them than the way takes. Drafts count: a person promised is taken, as
a room is. What has ended counts no more.

The rows of the people are locked in their order before it is looked at, so of two who promise one person at once the
later is told. A refusal says who, which other session, where, how far, and who else or when else.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from coordinators.models import Educator
from courses.domain.programme.spec import Refused, when
from courses.domain.programme.travel import LONGEST_WAY, STEP, Slot, place_of, slot_of
from courses.enums import ActivityStatus
from courses.models import Activity, Session

# How many others are named, how many are looked at, and between which hours of the day another time is offered.
NAMED, LOOKED_AT = 3, 60
FROM_HOUR, UNTIL_HOUR = 7, 22
Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Clash:
    """One person who would be in two places: our session, and the other that they lead."""

    educator: Educator
    ours: Slot
    theirs: Slot


def lock(educators: Iterable[int]) -> dict[int, Educator]:
    """The rows of these people, locked in their order until the transaction ends."""
    rows = Educator.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(educators))
    return {educator.pk: educator for educator in rows.order_by("pk")}


def engagements(
    *, educators: Collection[int], since: datetime, until: datetime, but: Collection[int] = ()
) -> dict[int, list[Slot]]:
    """What these people lead between two moments, by person, first to last; the ways around are allowed for."""
    pairs = [(pk, who) for pk, who, *_times in _led(educators, since, until, but)]
    return _as_slots(educators, pairs)


def near(*, wanted: Mapping[int, Sequence[Times]]) -> dict[int, list[Slot]]:
    """The same of many people at many times: what each leads so near to one of theirs that it may clash.

    Two queries, however many: all that they lead meanwhile by its times alone, then what is near.
    """
    times = [each for theirs in wanted.values() for each in theirs]
    if not times:
        return {}
    ordered = {who: sorted(theirs) for who, theirs in wanted.items()}
    longest = max(ends_at - starts_at for starts_at, ends_at in times)
    pairs = []
    for pk, who, starts_at, ends_at in _led(list(wanted), min(times)[0], max(ends for _starts, ends in times)):
        # Of theirs, those that begin before it is over; and of these, that are not over long before it begins.
        mine = ordered[who]
        first = bisect_left(mine, starts_at - LONGEST_WAY - longest, key=itemgetter(0))
        last = bisect_left(mine, ends_at + LONGEST_WAY, key=itemgetter(0))
        if first < last:
            pairs.append((pk, who))
    return _as_slots(list(wanted), pairs)


def _led(
    educators: Collection[int], since: datetime, until: datetime, but: Collection[int] = ()
) -> "QuerySet[Session, tuple[int, int, datetime, datetime]]":
    """Sessions between two moments with who leads them and their times; the ways around are allowed for."""
    window = (
        Session.objects.live()
        .filter(starts_at__lt=until + LONGEST_WAY, ends_at__gt=since - LONGEST_WAY)
        .exclude(pk__in=but)
        .order_by()
    )
    times = ("starts_at", "ends_at")
    instead = window.filter(led_by__in=educators).values_list("pk", "led_by", *times)
    regular = window.filter(led_by=None, activity__educators__in=educators)
    return instead.union(regular.values_list("pk", "activity__educators", *times), all=True)


def _as_slots(educators: Iterable[int], pairs: Collection[tuple[int, int]]) -> dict[int, list[Slot]]:
    """Sessions and who leads them as slots by person, first to last."""
    sessions = Session.objects.select_related("activity__centre", "activity__parish", "activity__lead")
    slots = {pk: slot_of(session) for pk, session in sessions.in_bulk({pk for pk, _who in pairs}).items()}
    found: dict[int, list[Slot]] = {educator: [] for educator in educators}
    for pk, educator in pairs:
        found[educator].append(slots[pk])
    for theirs in found.values():
        theirs.sort(key=lambda slot: slot.starts_at)
    return found


def clashes(
    *,
    leads: Mapping[int, Sequence[Slot]],
    people: Mapping[int, Educator],
    now: datetime,
    others: Mapping[int, Sequence[Slot]] | None = None,
) -> list[Clash]:
    """Where these people, leading these slots, would be in two places; by person, in the order of time.

    ``others`` is what they lead already, where it was read before (:func:`near`).
    """
    wanted = [slot for slots in leads.values() for slot in slots]
    if not wanted:
        return []
    if others is None:
        others = _meanwhile(leads, wanted)
    return [
        Clash(people[educator], ours, theirs)
        for educator, slots in leads.items()
        for ours in slots
        for theirs in others.get(educator, ())
        if theirs.ends_at > now and not _same(ours, theirs) and ours.meets(theirs)
    ]


def _meanwhile(leads: Mapping[int, Sequence[Slot]], wanted: Sequence[Slot]) -> dict[int, list[Slot]]:
    """What they lead between the first and the last of these slots; the slots themselves are not read once more."""
    ours = [slot.session.pk for slot in wanted if slot.session is not None]
    found = engagements(
        educators=list(leads),
        since=min(slot.starts_at for slot in wanted),
        until=max(slot.ends_at for slot in wanted),
        but=ours,
    )
    return {
        educator: sorted([*found[educator], *[slot for slot in slots if slot.session]], key=lambda slot: slot.starts_at)
        for educator, slots in leads.items()
    }


def refuse_two_places(
    *,
    activity: Activity,
    now: datetime,
    starts: Collection[datetime] | None = None,
    field: str = "educators",
    regular: Collection[int] | None = None,
    held: Mapping[int, Educator] | None = None,
) -> None:
    """Refuse when who leads this activity's sessions to come would be in two places; raises :class:`Refused`.

    The caller holds the activity's lock and has written what is judged here. ``starts`` narrows it to the sessions
    that were touched, so that an old clash elsewhere does not stand in the way of mending another. ``regular`` are the
    activity's educators where the caller knows them, ``held`` people whose rows it has locked already.
    """
    sessions = activity.sessions.to_come(now=now).order_by("starts_at", "pk")
    if starts is not None:
        sessions = sessions.filter(starts_at__in=list(starts))
    if regular is None:
        regular = activity.educators.order_by("pk").values_list("pk", flat=True)
    regular = sorted(regular)
    leads: dict[int, list[Slot]] = {}
    for session in sessions:
        session.activity = activity
        for educator in [session.led_by_id] if session.led_by_id else regular:
            leads.setdefault(educator, []).append(slot_of(session))
    if not leads:
        return
    held = held or {}
    people = {who: held[who] for who in leads} if leads.keys() <= held.keys() else lock(leads)
    refuse_retired(people.values(), field=field)
    found = clashes(leads=leads, people=people, now=now)
    if found:
        errors: list[ValidationError] = []
        for educator in dict.fromkeys(clash.educator.pk for clash in found):
            theirs = [clash for clash in found if clash.educator.pk == educator]
            errors += _refusal(theirs, activity=activity, slots=leads[educator], leading=list(leads), now=now)
        raise Refused({field: errors})


def refuse_retired(people: Iterable[Educator], *, field: str = "educators") -> None:
    """Who no longer teaches here is given nothing new; raises :class:`Refused`."""
    for educator in people:
        if educator.retired_at is not None:
            message = _("%(name)s no longer leads sessions here. Choose somebody else.")
            raise Refused({field: ValidationError(message, params={"name": educator.name})})


def busy(*, educators: Collection[int], slot: Slot, now: datetime) -> set[int]:
    """Which of these people cannot lead there and then."""
    theirs = engagements(educators=educators, since=slot.starts_at, until=slot.ends_at)
    return {pk for pk, slots in theirs.items() if any(other.ends_at > now and slot.meets(other) for other in slots)}


def who_could(
    *, activity: Activity, slots: Sequence[Slot], but: Collection[int], now: datetime, most: int = NAMED
) -> list[Educator]:
    """Who teaches this in this language and is free at all these times; the leading department's first."""
    candidates = list(_teaching(activity).exclude(pk__in=but)[:LOOKED_AT])
    if not candidates or not slots:
        return candidates[:most]
    theirs = engagements(
        educators=[each.pk for each in candidates],
        since=min(slot.starts_at for slot in slots),
        until=max(slot.ends_at for slot in slots),
    )
    free = [
        each
        for each in candidates
        if not any(other.ends_at > now and slot.meets(other) for other in theirs[each.pk] for slot in slots)
    ]
    return free[:most]


def words(clash: Clash) -> ValidationError:
    """The clash in a sentence: our session, whom it concerns, which other session, where, how far."""
    ours, theirs = clash.ours, clash.theirs
    session = theirs.session
    assert session is not None  # noqa: S101  (found as a session)
    params: dict[str, Any] = {
        "ours": when(ours.starts_at),
        "name": clash.educator.name,
        "title": _title(session, beside=ours),
        "hours": _hours(ours, theirs),
        "place": theirs.place.name if theirs.place else _("online"),
    }
    if ours.overlaps(theirs):
        return ValidationError(
            _("%(ours)s: %(name)s already leads «%(title)s» then, %(hours)s, %(place)s."), params=params
        )
    way = ours.way_to(theirs)
    between = max(ours.starts_at - theirs.ends_at, theirs.starts_at - ours.ends_at)
    return ValidationError(
        _(
            "%(ours)s: %(name)s leads «%(title)s», %(hours)s, %(place)s, about %(km)s km away. The way takes about "
            "%(minutes)s min, and there are only %(between)s min between."
        ),
        params={**params, "km": max(1, round(way.km)), "minutes": way.minutes, "between": _minutes(between)},
    )


def _refusal(
    found: Sequence[Clash], *, activity: Activity, slots: Sequence[Slot], leading: Collection[int], now: datetime
) -> list[ValidationError]:
    """Why one person cannot, and what instead: who else, or when else."""
    first = found[0]
    said = [words(first)]
    if more := len({clash.ours.starts_at for clash in found}) - 1:
        said.append(
            ValidationError(
                ngettext_lazy(
                    "The same on %(count)s more day of this activity.",
                    "The same on %(count)s more days of this activity.",
                    "count",
                ),
                params={"count": more},
            )
        )
    if free := who_could(activity=activity, slots=slots, but=leading, now=now):
        names = ", ".join(educator.name for educator in free)
        said.append(ValidationError(_("Free then, and teaching this: %(names)s."), params={"names": names}))
    if len(slots) == 1 and (moment := _free_from(first, now=now)):
        said.append(
            ValidationError(
                _("%(name)s is free that day from %(time)s."),
                params={"name": first.educator.name, "time": f"{timezone.localtime(moment):%H:%M}"},
            )
        )
    elif not free:
        said.append(ValidationError(_("Nobody else who teaches this is free then. Choose another time or person.")))
    return said


def _teaching(activity: Activity) -> QuerySet[Educator]:
    first = Case(When(department=activity.lead_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    teaching = Educator.objects.current().teaching(topic=activity.topic_id, language=activity.language)
    return teaching.order_by(first, "name", "pk")


def _free_from(clash: Clash, *, now: datetime) -> datetime | None:
    """The moment nearest to the one wanted, on the same day, at which the same session could begin."""
    ours = clash.ours
    day = timezone.localtime(ours.starts_at)
    opens, shuts = day.replace(hour=FROM_HOUR, minute=0), day.replace(hour=UNTIL_HOUR, minute=0)
    others = [
        slot
        for slot in engagements(educators=[clash.educator.pk], since=opens, until=shuts)[clash.educator.pk]
        if not _same(ours, slot)
    ]
    length = ours.ends_at - ours.starts_at
    begins = [_rounded(other.ends_at + ours.way_to(other).time, up=True) for other in others]
    begins += [_rounded(other.starts_at - ours.way_to(other).time - length, up=False) for other in others]
    fitting = [
        moment
        for moment in begins
        if max(opens, now) <= moment
        and moment + length <= shuts
        and not any(replace(ours, starts_at=moment, ends_at=moment + length).meets(other) for other in others)
    ]
    return min(fitting, key=lambda moment: abs(moment - ours.starts_at), default=None)


def _rounded(moment: datetime, *, up: bool) -> datetime:
    over = timedelta(minutes=moment.minute % STEP, seconds=moment.second, microseconds=moment.microsecond)
    if not over:
        return moment
    return moment + timedelta(minutes=STEP) - over if up else moment - over


def _same(one: Slot, other: Slot) -> bool:
    return one.session is not None and other.session is not None and one.session.pk == other.session.pk


def _title(session: Session, *, beside: Slot) -> Any:
    """The other session's activity by name, unless it is a draft that only its own department sees."""
    activity = session.activity
    if activity.status == ActivityStatus.DRAFT and activity.lead_id != beside.department:
        return _("a draft of another department")
    return activity.title


def _hours(ours: Slot, theirs: Slot) -> str:
    """ "17:30–19:45"; on another day with its date."""
    starts, ends = timezone.localtime(theirs.starts_at), timezone.localtime(theirs.ends_at)
    here = timezone.localtime(ours.starts_at).date()
    told = f"{starts:%H:%M}" if starts.date() == here else when(theirs.starts_at)
    return f"{told}–{ends:%H:%M}" if ends.date() == starts.date() else f"{told}–{when(theirs.ends_at)}"


def _minutes(time: timedelta) -> int:
    return max(0, int(time.total_seconds() // 60))


def slots_at(activity: Activity, times: Iterable[tuple[datetime, datetime]]) -> list[Slot]:
    """Sessions that an activity does not have yet, as slots at its place."""
    place = place_of(activity)
    return [Slot(starts_at, ends_at, place, activity.lead_id) for starts_at, ends_at in times]
