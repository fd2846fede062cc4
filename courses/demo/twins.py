"""What the departments plan twice without knowing: a few pairs, so that the board of overlaps is worth opening on any day.

Each is another department's plan beside an activity that is to come: the same people, the same weeks, other words. They are
planned, not published: publishing waits until the departments have decided.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from courses.demo.files import Theme, read
from courses.demo.timetable import Meeting, is_holiday
from courses.domain import programme
from courses.enums import ActivityStatus
from courses.models import Activity, Overlap, OverlapDecision

REF = "demo-twin-"
# How many there are, whatever the day.
MOST = 7
_FROM, _UNTIL = timedelta(days=8), timedelta(days=120)


# Why two of the programme's own go ahead beside each other.
_WHY = (
    "Abās vietās pieteicās vairāk cilvēku, nekā ietilpst vienā grupā.",
    "Grupas ir dažādās dienās: kam neder viena, var nākt uz otru.",
    "Uz kaimiņu pagastu vakarā vairs nekursē autobuss.",
)


def go_ahead(*, now: datetime) -> None:
    """What the programme itself has twice was decided long ago: both go ahead, and are published."""
    waiting: set[int] = set()
    for number, overlap in enumerate(Overlap.objects.open().filter(kind="duplicate", is_own=False).order_by("pk")):
        decision = OverlapDecision.objects.create(
            overlap=overlap,
            what=OverlapDecision.What.AHEAD,
            words=_WHY[number % len(_WHY)],
            department_id=overlap.first.lead_id,
            at=now,
            **{name: getattr(overlap, name) for name in ("basis", "kind", "reasons", "version")},
        )
        Overlap.objects.filter(pk=overlap.pk).update(decision=decision)
        waiting |= {overlap.first_id, overlap.second_id}
    for activity in Activity.objects.filter(pk__in=waiting, status=ActivityStatus.PLANNED).order_by("pk"):
        programme.publish(activity=activity, now=now)


class Base(Protocol):
    """A plan of the programme, as far as a twin needs it."""

    theme: Theme
    meetings: list[Meeting]
    cells: dict[str, str]


def twins(
    plans: Sequence[Base], *, today: date, ours: set[tuple[str, str]]
) -> Iterator[tuple[str, Theme, Base, list[Meeting]]]:
    """Reference, theme, base and sessions of each; beside what ``ours`` plan first, so that who signs in meets some."""
    found = [
        (row, base) for row in read("demo_twins.csv") if (base := _base(row["base"], plans, today, ours)) is not None
    ]
    found.sort(key=lambda pair: (pair[1].cells["department"], pair[1].cells["parish"]) not in ours)
    for number, (row, base) in enumerate(found[:MOST], start=1):
        cells = {
            **base.theme.cells,
            **{name: row[name] for name in ("department", "title_lv", "title_en", "summary_lv")},
        }
        cells.update(
            {name: "" for name in cells if name.endswith(("_ru", "_uk")) or name in ("summary_en", "partners")}
        )
        yield f"{REF}{number:02}", replace(base.theme, cells=cells), base, _a_day_later(base.meetings)


def _base(title: str, plans: Sequence[Base], today: date, ours: set[tuple[str, str]]) -> Base | None:
    coming = [
        plan
        for plan in plans
        if plan.theme.cells["title_lv"] == title
        and today + _FROM <= plan.meetings[0].starts_at.date() <= today + _UNTIL
        and plan.cells["status"] == "published"
    ]
    coming.sort(
        key=lambda plan: ((plan.cells["department"], plan.cells["parish"]) not in ours, plan.meetings[0].starts_at)
    )
    return coming[0] if coming else None


def _a_day_later(meetings: Sequence[Meeting]) -> list[Meeting]:
    """The same weeks on another weekday, on no holiday."""
    made = []
    for meeting in meetings:
        later = timedelta(days=1)
        while is_holiday((meeting.starts_at + later).date()) or (meeting.starts_at + later).weekday() == 6:
            later += timedelta(days=1)
        made.append(Meeting(meeting.starts_at + later, meeting.ends_at + later))
    return made
