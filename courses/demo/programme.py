"""The demonstration's programme: rows of a programme file around today, put through the importer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from centres.models import Centre
from coordinators.models import Educator, Post
from courses.demo import desk
from courses.demo.files import Theme, generator, themes
from courses.demo.timetable import PATTERN, Meeting, cell, lay
from courses.domain import importing, programme
from courses.models import Activity

REF = "demo-"
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
    """Who and what is taken when: rooms and educators are not in two places at once."""

    taken: dict[object, list[Meeting]] = field(default_factory=lambda: defaultdict(list))

    def is_free(self, key: object, meetings: Sequence[Meeting]) -> bool:
        return not any(meeting.meets(other) for meeting in meetings for other in self.taken[key])

    def take(self, key: object, meetings: Sequence[Meeting]) -> None:
        self.taken[key].extend(meetings)


def load(*, seed: int, today: date, now: datetime) -> list[Activity]:
    """Make the programme; the activities in the order of their references."""
    plans = _plans(seed=seed, today=today)
    rows = [importing.Row(line=number, cells=plan.cells) for number, plan in enumerate(plans, start=2)]
    outcome = importing.import_rows(rows=rows, columns=importing.COLUMNS, now=now)
    if outcome.refused:
        raise AssertionError(f"The demonstration's own programme was refused: {outcome.refused[:3]}")
    activities = list(Activity.objects.filter(ref__in=[plan.ref for plan in plans]).order_by("ref"))
    _remember_its_making(activities, now=now)
    _give_educators(activities, seed=seed, today=today)
    programme.complete_past(now=now)
    return list(
        Activity.objects.filter(ref__startswith=REF)
        .select_related("lead", "topic", "centre", "parish", "contact__stands_in")
        .prefetch_related("audiences", "sessions")
        .order_by("ref")
    )


def _plans(*, seed: int, today: date) -> list[Plan]:
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
    for number, (theme, parish) in enumerate(placings, start=1):
        place = PATTERN[number % len(PATTERN)]
        counts[place] += 1
        meetings = lay(theme, place, today=today, chance=chance)
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
    return plans + _desk_plans(seed=seed, today=today, centres=centres, contacts=contacts, diary=diary)


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
        "partner_departments": theme.cells["partners"],
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


def _remember_its_making(activities: list[Activity], *, now: datetime) -> None:
    """A programme is not written on the day it is shown: each was planned two months before it starts."""
    for activity in activities:
        start = activity.starts_at or now
        planned = min(start, now) - timedelta(days=60)
        activity.created_at = planned
        if activity.published_at is not None:
            activity.published_at = planned + timedelta(days=4)
    Activity.objects.bulk_update(activities, ["created_at", "published_at"])


def _give_educators(activities: list[Activity], *, seed: int, today: date) -> None:
    """One who is free, of the department that leads; two now and then."""
    chance = generator(seed, today, "educators")
    people: dict[str, list[Educator]] = defaultdict(list)
    for educator in Educator.objects.order_by("pk"):
        people[educator.department_id].append(educator)
    diary = _Diary()
    through: Any = Activity.educators.through
    links = []
    for activity in (
        Activity.objects.filter(pk__in=[a.pk for a in activities]).order_by("ref").prefetch_related("sessions")
    ):
        meetings = [Meeting(session.starts_at, session.ends_at) for session in activity.sessions.all()]
        candidates = list(people[activity.lead_id])
        chance.shuffle(candidates)
        free = [educator for educator in candidates if diary.is_free(educator.pk, meetings)]
        for educator in free[: 2 if chance.random() < 0.15 else 1]:
            diary.take(educator.pk, meetings)
            links.append(through(activity_id=activity.pk, educator_id=educator.pk))
    through.objects.bulk_create(links)
