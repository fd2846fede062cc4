"""A department's desk after years of work: so many activities, past and to come, and ten registrations for each.

The same seed and day give the same world. One activity has a session today with 200 people on its list.
"""

import io
import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from benchmarks.desk_past import leave_behind
from benchmarks.latvian import WORDS
from benchmarks.world import EDUCATORS, HOURS, World

GIVEN = ("Anna", "Jānis", "Līga", "Pēteris", "Zenta", "Ilze", "Kārlis", "Velta", "Māris", "Dace", "Ņina", "Ēriks")
DAYS_BACK = 700
PEOPLE_ON_THE_SHEET = 200
# How many registrations one person has come to have.
EACH = 5
PER_ACTIVITY = 10


def fill(size: int, *, seed: int = 1) -> None:
    """Load the vocabulary and put in so many activities with ten times as many registrations."""
    call_command("load_vocabulary", verbosity=0, stdout=io.StringIO())
    DeskWorld(size, seed, timezone.now()).write()


class DeskWorld(World):
    """The programme with the people in it. Activity 1 is the one with the long list."""

    def write(self) -> None:
        """Everything, in the order that foreign keys ask for."""
        self.states: dict[int, tuple[str, int, int]] = {}
        # One leads a hundred activities in two years; a small world keeps a few.
        self.educators = max(EDUCATORS, self.size // 100)
        with self.trusted() as written:
            centres = self._centres()
            self._copy("centres.Centre", centres)
            self._copy("ecosystem.User", self._holders())
            self._copy("coordinators.Post", self._posts())
            self._copy("coordinators.Post.parishes", self._parishes_of_posts())
            self._copy("coordinators.Educator", self._educators())
            sessions: list[dict[str, Any]] = []
            audiences: list[dict[str, Any]] = []
            educators: list[dict[str, Any]] = []
            self._copy("courses.Activity", self._activities(centres, sessions, audiences, educators))
            for number, row in enumerate(sessions, start=1):
                row["id"] = number
            self._copy("courses.Session", sessions)
            self._copy("courses.Activity.audiences", audiences)
            self._copy("courses.Activity.educators", educators)
            self.homes = [uuid.UUID(int=self.dice.getrandbits(128)) for _ in range(self._count_people() // 2 + 1)]
            self.people = [uuid.UUID(int=self.dice.getrandbits(128)) for _ in range(self._count_people())]
            self._copy("residents.Household", self._households())
            self._copy("residents.Resident", self._residents())
            registrations: list[dict[str, Any]] = []
            self._copy("courses.Party", self._parties(registrations))
            self._copy("courses.Registration", registrations)
            self._copy("courses.Attendance", self._attendances(sessions, registrations))
            self.written = (*self.written, *leave_behind(self.size))
            written()

    def _count_people(self) -> int:
        return max(PEOPLE_ON_THE_SHEET + 50, self.size * PER_ACTIVITY // EACH)

    def _posts(self) -> Iterator[dict[str, Any]]:
        yield from super()._posts()
        # The head of the first department, whose desk is measured; held by the first user.
        yield {
            "id": 1000,
            "kind": "head",
            "department_id": self.departments[0],
            "holder_id": 1,
            "phone": "63021000",
            "starts_on": timezone.localtime(self.now).date() - timedelta(days=400),
        }

    def _parishes_of_posts(self) -> Iterator[dict[str, Any]]:
        for number, code in enumerate(self._parishes(), start=1):
            yield {"post_id": number, "parish_id": code}

    def _activities(
        self,
        centres: Sequence[dict[str, Any]],
        sessions: list[dict[str, Any]],
        audiences: list[dict[str, Any]],
        educators: list[dict[str, Any]],
    ) -> Iterator[dict[str, Any]]:
        dice, now = self.dice, self.now
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        for row in super()._activities(centres, [], audiences, educators):
            pk = row["id"]
            # All of one department but a tenth: its head has the most to look through.
            row["lead_id"] = self.departments[0] if pk % 10 else self.departments[1]
            first = midnight + timedelta(days=dice.randint(-DAYS_BACK, 120), hours=dice.choice(HOURS))
            meetings = [first + timedelta(weeks=week) for week in range(dice.choice((1, 2, 4, 6)))]
            length = timedelta(minutes=90)
            capacity, taken, waiting = dice.choice((8, 10, 12, 15, 20)), 0, 0
            if pk == 1:
                meetings = [midnight + timedelta(hours=max(0, timezone.localtime(now).hour - 1))]
                capacity, row["lead_id"] = PEOPLE_ON_THE_SHEET, self.departments[0]
            wanted = PEOPLE_ON_THE_SHEET if pk == 1 else dice.randint(0, PER_ACTIVITY * 2)
            taken, waiting = min(wanted, capacity), max(0, wanted - capacity)
            last = meetings[-1] + length
            draft = last > now and pk != 1 and dice.random() < 0.1
            status = dice.choice(("draft", "planned")) if draft else "published" if last > now else "completed"
            if draft:
                taken = waiting = 0
            self.states[pk] = (status, taken, waiting)
            for start in meetings:
                sessions.append({"activity_id": pk, "starts_at": start, "ends_at": start + length})
            yield {
                **row,
                "capacity": capacity,
                "taken": taken,
                "waiting": waiting,
                "is_drop_in": False,
                "status": status,
                "min_participants": 4,
                "starts_at": meetings[0],
                "ends_at": last,
                "session_count": len(meetings),
                "published_at": None if draft else meetings[0] - timedelta(days=30),
            }

    def _households(self) -> Iterator[dict[str, Any]]:
        for number, home in enumerate(self.homes):
            yield {"id": home, "email": f"maja{number}@example.lv", "created_at": self.now - timedelta(days=300)}

    def _residents(self) -> Iterator[dict[str, Any]]:
        dice = random.Random(7)
        for number, person in enumerate(self.people):
            yield {
                "id": person,
                "household_id": self.homes[number // 2],
                "given_name": GIVEN[number % len(GIVEN)],
                "family_name": f"{dice.choice(WORDS).capitalize()} {dice.choice(WORDS).capitalize()}"[:60],
                "birth_year": 1940 + number % 75,
                "village_id": self.villages[number % len(self.villages)].pk,
                "created_at": self.now - timedelta(days=300),
            }

    def _parties(self, registrations: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        next_person = number = 0
        for pk, (_status, taken, waiting) in self.states.items():
            gone = self.dice.randint(0, 2) if taken else 0
            states = ["confirmed"] * taken + ["queued"] * waiting + ["cancelled"] * gone
            for place, state in enumerate(states):
                number += 1
                person = next_person % len(self.people)
                next_person += 1
                party, when = uuid.UUID(int=number), self.now - timedelta(days=20, seconds=number % 86_400)
                registrations.append(
                    {
                        "party_id": party,
                        "activity_id": pk,
                        "resident_id": self.people[person],
                        "state": state,
                        "registered_at": when,
                        "queued_at": when + timedelta(seconds=place) if state == "queued" else None,
                        "ended_at": self.now - timedelta(days=10) if state == "cancelled" else None,
                        "id": number,
                    }
                )
                yield {
                    "id": party,
                    "number": f"B{number:011d}",
                    "activity_id": pk,
                    "channel": "web",
                    "email": f"maja{person // 2}@example.lv",
                    "outcome": state,
                    "created_at": when,
                }

    def _attendances(
        self, sessions: list[dict[str, Any]], registrations: list[dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        """Marks of a third of what is over; the rest of the last two weeks is owed."""
        over: dict[int, int] = {}
        for row in sessions:
            if row["ends_at"] < self.now and row["activity_id"] % 3 == 0:
                over.setdefault(row["activity_id"], row["id"])
        for row in registrations:
            if row["state"] == "confirmed" and row["activity_id"] in over:
                yield {
                    "session_id": over[row["activity_id"]],
                    "registration_id": row["id"],
                    "presence": "present" if row["id"] % 5 else "absent",
                    "marked_at": self.now,
                }
