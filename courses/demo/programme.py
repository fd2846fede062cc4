"""The demonstration's programme: rows of a programme file around today, put through the importer."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from centres.models import Centre
from coordinators.models import Educator, Post
from courses.demo import desk, twins
from courses.demo.files import Theme, generator, themes
from courses.demo.timetable import PATTERN, Meeting, cell, lay
from courses.domain import importing, programme
from courses.domain.programme import leading
from courses.domain.programme.travel import Slot
from courses.models import Activity, Session
from ecosystem.file_rows import Row

REF = "demo-"
COORDINATOR = "coordinator@example.lv"
# Which centres a department would rather use, best first.
_LIKES = {
    "MUZ": ("community_centre", "school", "library", "activity_centre"),
    "JAU": ("youth_centre", "community_centre", "school", "library"),
    "LAB": ("activity_centre", "community_centre", "library", "youth_centre"),
}
# A few of what is still far away are not published yet.
_STATUSES = ("published", "published", "planned", "published", "published", "draft")


@dataclass
class Plan:
    """One activity to be: its row for the importer, and what the demonstration wants to know of it later."""

    ref: str
    theme: Theme
    place: str
    meetings: list[Meeting]
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class _Diary:
    """Which room is taken when."""

    taken: dict[object, list[Meeting]] = field(default_factory=lambda: defaultdict(list))

    def is_free(self, key: object, meetings: Sequence[Meeting]) -> bool:
        return not any(meeting.meets(other) for meeting in meetings for other in self.taken[key])

    def take(self, key: object, meetings: Sequence[Meeting]) -> None:
        self.taken[key].extend(meetings)


def load(*, seed: int, today: date, now: datetime) -> list[Activity]:
    """Make the programme; the activities in the order of their references."""
    plans, twin_plans = _plans(seed=seed, today=today)
    _import(plans, now=now)
    twins.go_ahead(now=now)
    # What others have planned since; nobody has looked at it yet.
    _import(twin_plans, now=now)
    plans += twin_plans
    activities = list(Activity.objects.filter(ref__in=[plan.ref for plan in plans]).order_by("ref"))
    _remember_its_making(activities, now=now)
    _give_educators(activities, seed=seed, today=today, now=now)
    _stand_in(now=now)
    programme.complete_past(now=now)
    return list(
        Activity.objects.filter(ref__startswith=REF)
        .select_related("lead", "topic", "centre", "parish", "contact__stands_in")
        .prefetch_related("audiences", "sessions")
        .order_by("ref")
    )


def _import(plans: Sequence[Plan], *, now: datetime) -> None:
    for plan in plans:
        # As who brings the years before the portal into it.
        if plan.meetings[-1].ends_at <= now:
            plan.cells["status"] = "completed"
    rows = [Row(line=number, cells=plan.cells) for number, plan in enumerate(plans, start=2)]
    outcome = importing.import_rows(rows=rows, columns=importing.COLUMNS, now=now)
    if outcome.refused:
        raise AssertionError(f"The demonstration's own programme was refused: {outcome.refused[:3]}")


def _plans(*, seed: int, today: date) -> tuple[list[Plan], list[Plan]]:
    """The programme, and what other departments plan beside it."""
    chance = generator(seed, today, "programme")
    centres: dict[str, list[Centre]] = defaultdict(list)
    for centre in Centre.objects.select_related("parish").prefetch_related("rooms").order_by("pk"):
        centres[centre.parish.name].append(centre)
    contacts = _contacts()
    diary = _Diary()
    plans: list[Plan] = []
    placings = [(theme, parish) for theme in themes() for parish in theme.parishes]
    # Dealt out of order, so that not all that is over is in one parish.
    chance.shuffle(placings)
    counts = dict.fromkeys(PATTERN, 0)
    # The coordinator that one signs in as has something that begins in the next days.
    ours = parishes_of(COORDINATOR)
    is_near = False
    for number, (theme, parish) in enumerate(placings, start=1):
        place = PATTERN[number % len(PATTERN)]
        counts[place] += 1
        meetings = lay(theme, place, today=today, chance=chance)
        if not is_near and (theme.cells["department"], parish) in ours and "drop_in" not in theme.flags:
            near = lay(theme, "tomorrow", today=today, chance=chance)
            is_near = 1 <= (near[0].starts_at.date() - today).days <= 3
            meetings = near if is_near else meetings
        plan = Plan(ref=f"{REF}{number:03}", theme=theme, place=place, meetings=meetings)
        plan.cells = {
            **_cells_of(theme, parish, plan),
            **_where(theme, centres[parish], meetings, diary, chance),
            **_registration(plan, today, chance),
            "coordinator_email": contacts.get((theme.cells["department"], parish))
            or contacts[theme.cells["department"], ""],
            "status": _STATUSES[counts["later"] % len(_STATUSES)] if place == "later" else "published",
        }
        plans.append(plan)
    plans += _desk_plans(seed=seed, today=today, centres=centres, contacts=contacts, diary=diary)
    beside = [plan for plan in plans if plan.place in desk.BESIDE]
    beside += _twin_plans(plans, today=today, centres=centres, contacts=contacts, diary=diary, seed=seed)
    return [plan for plan in plans if plan.place not in desk.BESIDE], beside


def _twin_plans(
    plans: Sequence[Plan],
    *,
    seed: int,
    today: date,
    centres: dict[str, list[Centre]],
    contacts: dict[tuple[str, str], str],
    diary: _Diary,
) -> Iterator[Plan]:
    """What another department plans too, in the same parish."""
    chance = generator(seed, today, "twins")
    for ref, theme, base, meetings in twins.twins(plans, today=today, ours=parishes_of(COORDINATOR)):
        parish, department = base.cells["parish"], theme.cells["department"]
        plan = Plan(ref=ref, theme=theme, place="twin", meetings=meetings)
        plan.cells = {
            **_cells_of(theme, parish, plan),
            **_where(theme, centres[parish], meetings, diary, chance),
            "coordinator_email": contacts.get((department, parish)) or contacts[department, ""],
            "status": "planned",
        }
        yield plan


def _desk_plans(
    *,
    seed: int,
    today: date,
    centres: dict[str, list[Centre]],
    contacts: dict[tuple[str, str], str],
    diary: _Diary,
) -> list[Plan]:
    """What makes the desk of the one-click posts worth opening, after all others have their rooms."""
    chance = generator(seed, today, "desk")
    plans = []
    for showing in desk.showings(today=today, chance=chance):
        (parish,) = showing.theme.parishes
        plan = Plan(ref=showing.ref, theme=showing.theme, place=showing.shows, meetings=showing.meetings)
        there = [centre for centre in centres[parish] if centre.name == showing.centre]
        plan.cells = {
            **_cells_of(showing.theme, parish, plan),
            **_where(showing.theme, there, showing.meetings, diary, chance, largest=showing.shows == "queue"),
            "coordinator_email": contacts[showing.theme.cells["department"], parish],
            "status": showing.status,
        }
        plans.append(plan)
    return plans


def _cells_of(theme: Theme, parish: str, plan: Plan) -> dict[str, str]:
    same = (
        *("department", "topic", "kind", "format", "language", "audiences", "age_min", "age_max", "level"),
        *("capacity", "min_participants", "fee_eur", "title_en", "summary_en"),
        *("title_ru", "summary_ru", "title_uk", "summary_uk"),
    )
    return {
        "ref": plan.ref,
        "parish": parish,
        "title": theme.cells["title_lv"],
        "summary": theme.cells["summary_lv"],
        "sessions": cell(plan.meetings),
        "drop_in": "yes" if "drop_in" in theme.flags else "no",
        "needs_approval": "yes" if "approval" in theme.flags else "no",
        **{name: theme.cells[name] for name in same},
    }


def _where(
    theme: Theme,
    near: Sequence[Centre],
    meetings: Sequence[Meeting],
    diary: _Diary,
    chance: Random,
    *,
    largest: bool = False,
) -> dict[str, str]:
    """A centre that suits, and a room of it that is free; outdoors and online need none."""
    if theme.is_online:
        return {}
    if "outdoors" in theme.flags:
        outdoors = [centre for centre in near if centre.kind == Centre.Kind.OUTDOORS]
        return {"centre": outdoors[0].name} if outdoors else {}
    likes: tuple[str, ...] = _LIKES[theme.cells["department"]]
    if "school" in theme.flags:
        likes = ("school", *likes)
    suited = sorted(
        (centre for centre in near if centre.kind in likes),
        key=lambda centre: (likes.index(centre.kind), chance.random()),
    )
    places = int(theme.cells["capacity"])
    for centre in suited:
        rooms = sorted(centre.rooms.all(), key=lambda room: (abs((room.seats or 0) - places), room.name))
        rooms = rooms[::-1] if largest else rooms
        for room in rooms:
            if (room.seats or 0) >= places * 0.8 and diary.is_free(room.pk, meetings):
                diary.take(room.pk, meetings)
                return {"centre": centre.name, "room": room.name}
    return {"centre": suited[0].name} if suited else {}


def _registration(plan: Plan, today: date, chance: Random) -> dict[str, str]:
    """Most stay open until the end; some close the evening before, some open later."""
    if "drop_in" in plan.theme.flags:
        return {}
    first = plan.meetings[0].starts_at.date()
    cells = {}
    if chance.random() < 0.4:
        cells["registration_closes"] = f"{first - timedelta(days=1)}T18:00"
    if plan.place == "later" and chance.random() < 0.4 and first - timedelta(days=21) > today:
        cells["registration_opens"] = f"{first - timedelta(days=21)}T09:00"
    return cells


def _contacts() -> dict[tuple[str, str], str]:
    """Whose e-mail stands on an activity, by department and parish: the coordinator's or who stands in; the head's."""
    found: dict[tuple[str, str], str] = {}
    posts = Post.objects.select_related("stands_in").prefetch_related("parishes").order_by("pk")
    for post in posts:
        answering = post.answering
        if answering is None:
            continue
        if post.kind == Post.Kind.HEAD:
            found[post.department_id, ""] = answering.email
        for parish in post.parishes.all():
            if post.kind == Post.Kind.COORDINATOR or (post.department_id, parish.name) not in found:
                found[post.department_id, parish.name] = answering.email
    return found


def parishes_of(email: str) -> set[tuple[str, str]]:
    """The departments and parishes that somebody looks after."""
    posts = Post.objects.filter(holder__email=email).prefetch_related("parishes").order_by("pk")
    return {(post.department_id, parish.name) for post in posts for parish in post.parishes.all()}


def _remember_its_making(activities: list[Activity], *, now: datetime) -> None:
    """A programme is not written on the day it is shown: each was planned two months before it starts."""
    for activity in activities:
        start = activity.starts_at or now
        planned = min(start, now) - timedelta(days=60)
        activity.created_at = planned
        if activity.published_at is not None:
            activity.published_at = planned + timedelta(days=4)
    Activity.objects.bulk_update(activities, ["created_at", "published_at"])


def _give_educators(activities: list[Activity], *, seed: int, today: date, now: datetime) -> None:
    """One who is free, the way between villages counted, and who teaches it where there is one; two now and then.

    Given through the programme's own door, which would refuse anybody sent to two places at once.
    """
    chance = generator(seed, today, "educators")
    people: dict[str, list[Educator]] = defaultdict(list)
    for educator in Educator.objects.current().prefetch_related("topics").order_by("pk"):
        people[educator.department_id].append(educator)
    led: dict[int, list[Slot]] = defaultdict(list)
    for activity in (
        Activity.objects.filter(pk__in=[a.pk for a in activities])
        .order_by("ref")
        .select_related("centre", "parish")
        .prefetch_related("sessions")
    ):
        times = [(session.starts_at, session.ends_at) for session in activity.sessions.all()]
        slots = leading.slots_at(activity, times)
        candidates = list(people[activity.lead_id])
        chance.shuffle(candidates)
        teaching = {each.pk for each in candidates if activity.topic_id in {topic.pk for topic in each.topics.all()}}
        candidates.sort(key=lambda each, teaching=teaching: each.pk not in teaching)  # type: ignore[misc]
        free = [each for each in candidates if not any(slot.meets(other) for slot in slots for other in led[each.pk])]
        chosen = free[: 2 if chance.random() < 0.15 else 1]
        for educator in chosen:
            led[educator.pk].extend(slots)
        programme.set_educators(activity=activity, educators=chosen, now=now)


def _stand_in(*, now: datetime) -> None:
    """Somebody is on leave: their next session within a fortnight is led by a colleague who teaches the same."""
    soon = Session.objects.to_come(now=now).filter(
        activity__ref__startswith=REF,
        activity__status="published",
        activity__session_count__gt=2,
        starts_at__gt=now + timedelta(days=2),
        starts_at__lt=now + timedelta(days=15),
    )
    for session in soon.select_related("activity__centre", "activity__parish").order_by("starts_at", "pk"):
        regular = list(session.activity.educators.order_by("pk").values_list("pk", flat=True))
        slots = leading.slots_at(session.activity, [(session.starts_at, session.ends_at)])
        free = leading.who_could(activity=session.activity, slots=slots, but=regular, now=now)
        if regular and free:
            programme.set_leader(session=session, educator=free[0], now=now)
            return
