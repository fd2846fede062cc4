"""An invented programme of any size: the municipality's own villages, topics and audiences, words like its own.

The same seed and day give the same world. Rows go in by COPY, so that 100 000 activities take seconds.
"""

import contextlib
import io
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone
from django.utils.text import slugify

from benchmarks.latvian import WORDS
from ecosystem.text import fold

DAYS_AHEAD = 120
CENTRES = 60
EDUCATORS = 120
HOURS = (9, 10, 10, 11, 13, 15, 16, 17, 17, 18, 18, 19)
LEVELS = ("", "", "", "iesācējiem", "turpinātājiem", "A1", "A2", "1. daļa")
KINDS = (
    ("community_centre", "{} saieta nams"),
    ("library", "{} bibliotēka"),
    ("activity_centre", "{} aktivitāšu centrs"),
    ("youth_centre", "{} jauniešu centrs"),
    ("school", "{} pamatskola"),
)


def fill(size: int, *, seed: int = 1, now: datetime | None = None) -> None:
    """Load the vocabulary and put in a programme of this many published activities, all still to come."""
    call_command("load_vocabulary", verbosity=0, stdout=io.StringIO())
    World(size, seed, now or timezone.now()).write()


class World:
    """The rows of a programme, one kind after another."""

    educators = EDUCATORS

    def __init__(self, size: int, seed: int, now: datetime) -> None:
        self.size = size
        self.now = now
        self.dice = random.Random(seed)
        model = apps.get_model
        self.villages = list(model("ecosystem", "Village").objects.filter(retired_at=None).order_by("code"))
        self.topics = list(model("ecosystem", "Topic").objects.filter(retired_at=None).values_list("code", flat=True))
        self.departments = list(model("ecosystem", "Department").objects.values_list("code", flat=True))
        audiences = model("ecosystem", "Audience").objects.filter(retired_at=None).order_by("position", "code")
        self.audiences = list(audiences.values_list("code", "age_min", "age_max"))
        # A few words stand everywhere, most are rare, as in any language.
        self.words = sorted(WORDS, key=lambda _word: self.dice.random())
        weights = [1 / (rank + 12) for rank in range(len(self.words))]
        total, self.cumulative = 0.0, []
        for weight in weights:
            total += weight
            self.cumulative.append(total)

    def write(self) -> None:
        """Everything, in the order that foreign keys ask for."""
        with self.trusted() as written:
            centres = self._centres()
            self._copy("centres.Centre", centres)
            self._copy("ecosystem.User", self._holders())
            self._copy("coordinators.Post", self._posts())
            self._copy("coordinators.Educator", self._educators())
            sessions: list[dict[str, Any]] = []
            audiences: list[dict[str, Any]] = []
            educators: list[dict[str, Any]] = []
            self._copy("courses.Activity", self._activities(centres, sessions, audiences, educators))
            self._copy("courses.Session", sessions)
            self._copy("courses.Activity.audiences", audiences)
            self._copy("courses.Activity.educators", educators)
            written()

    @contextlib.contextmanager
    def trusted(self) -> Iterator[Callable[[], None]]:
        """Foreign keys unchecked while rows are written: they are made to fit, and checking takes most of the time.

        Call what it gives when all is written.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            may = bool(cursor.fetchone()[0])
            if may:
                cursor.execute("SET session_replication_role = replica")

            def written() -> None:
                if may:
                    cursor.execute("SET session_replication_role = DEFAULT")
                for table in self.written:
                    cursor.execute(f'ANALYZE "{table}"')

            yield written

    # The rows.

    def _centres(self) -> list[dict[str, Any]]:
        rows = []
        for number in range(CENTRES):
            village = self.villages[number % len(self.villages)]
            kind, name = KINDS[(number + number // len(self.villages)) % len(KINDS)]
            title = name.format(village.genitive)
            rows.append(
                {
                    "id": number + 1,
                    "name": title,
                    "name_lv": title,
                    "slug": f"{slugify(fold(title))[:60]}-{number + 1}",
                    "kind": kind,
                    "parish_id": village.parish_id,
                    "address": f"Skolas iela {number + 1}, {village.name}",
                    "lat": round(village.lat + self.dice.uniform(-0.008, 0.008), 5),
                    "lon": round(village.lon + self.dice.uniform(-0.012, 0.012), 5),
                    "phone": f"6301{number:04d}",
                    "step_free": self.dice.choice((True, True, False, None)),
                    "stop_name": village.name,
                    "stop_distance_m": self.dice.randrange(50, 900, 50),
                }
            )
        return rows

    def _holders(self) -> Iterator[dict[str, Any]]:
        for number, code in enumerate(self._parishes(), start=1):
            yield {"id": number, "email": f"koordinators{number}@example.lv", "name": f"Ilze {code}", "password": "!"}

    def _posts(self) -> Iterator[dict[str, Any]]:
        for number, _code in enumerate(self._parishes(), start=1):
            yield {
                "id": number,
                "kind": "coordinator",
                "department_id": self.departments[number % len(self.departments)],
                "holder_id": number,
                "phone": f"6302{number:04d}",
                "starts_on": timezone.localtime(self.now).date() - timedelta(days=400),
            }

    def _parishes(self) -> list[str]:
        return sorted({village.parish_id for village in self.villages})

    def _educators(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.educators + 1):
            name = self.dice.choice(self.words).capitalize()
            yield {
                "id": number,
                "name": f"Anna {name}",
                "department_id": self.departments[number % len(self.departments)],
            }

    def _activities(
        self,
        centres: Sequence[dict[str, Any]],
        sessions: list[dict[str, Any]],
        audiences: list[dict[str, Any]],
        educators: list[dict[str, Any]],
    ) -> Iterator[dict[str, Any]]:
        dice = self.dice
        posts = {code: number for number, code in enumerate(self._parishes(), start=1)}
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        for pk in range(1, self.size + 1):
            centre = dice.choice(centres)
            online = dice.random() < 0.05
            first = midnight + timedelta(days=dice.randint(1, DAYS_AHEAD), hours=dice.choice(HOURS))
            length = timedelta(minutes=dice.choice((60, 90, 120, 135)))
            meetings = [first + timedelta(weeks=week) for week in range(dice.choice((1, 1, 2, 3, 4, 4, 6, 8)))]
            for start in meetings:
                sessions.append({"activity_id": pk, "starts_at": start, "ends_at": start + length})
            code, low, high = dice.choice(self.audiences)
            codes = [code] if dice.random() < 0.8 else list({code, dice.choice(self.audiences)[0]})
            audiences += [{"activity_id": pk, "audience_id": one} for one in codes]
            educators.append({"activity_id": pk, "educator_id": dice.randint(1, self.educators)})
            drop_in = dice.random() < 0.05
            capacity = None if drop_in or dice.random() < 0.05 else dice.choice((8, 10, 12, 12, 15, 16, 20, 40))
            full = capacity is not None and dice.random() < 0.12
            taken = 0 if capacity is None else capacity if full else dice.randint(0, capacity - 1)
            title = self._text(2, 5).capitalize()
            summary = f"{self._text(8, 18).capitalize()}."
            yield {
                "id": pk,
                "ref": f"b{pk}",
                "lead_id": dice.choice(self.departments),
                "parish_id": centre["parish_id"],
                "centre_id": None if online else centre["id"],
                "title": title,
                "title_lv": title,
                "title_en": self._text(2, 4).capitalize() if dice.random() < 0.3 else None,
                "summary": summary,
                "summary_lv": summary,
                "format": "online" if online else "hybrid" if dice.random() < 0.03 else "in_person",
                "topic_id": dice.choice(self.topics),
                "age_min": low if dice.random() < 0.7 else None,
                "age_max": high if dice.random() < 0.7 else None,
                "level": dice.choice(LEVELS),
                "language": dice.choice(("lv",) * 17 + ("en", "ru", "uk")),
                "capacity": capacity,
                "fee_eur": dice.choice(("0", "0", "0", "5", "10.50", "20")),
                "is_drop_in": drop_in,
                "contact_id": posts[centre["parish_id"]],
                "status": "published",
                "published_at": self.now - timedelta(days=3),
                "starts_at": meetings[0],
                "ends_at": meetings[-1] + length,
                "session_count": len(meetings),
                "taken": taken,
                "waiting": dice.randint(0, 4) if full else 0,
                "changed_at": self.now - timedelta(seconds=dice.randint(60, 86_400)),
                "created_at": self.now - timedelta(days=10),
            }

    def _text(self, least: int, most: int) -> str:
        number = self.dice.randint(least, most)
        return " ".join(self.dice.choices(self.words, cum_weights=self.cumulative, k=number))

    # Writing.

    written: tuple[str, ...] = ()

    def _copy(self, label: str, rows: Iterable[dict[str, Any]]) -> None:
        """COPY rows into a model's table; what a row leaves out is the model's own default."""
        parts = label.split(".")
        model: type[models.Model] = apps.get_model(".".join(parts[:2]))
        if len(parts) == 3:
            model = getattr(model, parts[2]).through
        blank = model()
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        numbered = model._meta.pk.get_internal_type() in ("AutoField", "BigAutoField")
        defaults = {f.column: f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields}
        own = iter(rows)
        first = next(own, None)
        if first is None:
            return
        if numbered and "id" not in first:
            del defaults["id"]
        columns = list(defaults)
        table = model._meta.db_table
        listed = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor:
            with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
                for row in (row for part in ([first], own) for row in part):
                    whole = {**defaults, **row}
                    copy.write_row([whole[column] for column in columns])
            if numbered and "id" in first:
                cursor.execute(f"""SELECT setval(pg_get_serial_sequence('"{table}"', 'id'), max(id)) FROM "{table}" """)
        self.written = (*self.written, table)
