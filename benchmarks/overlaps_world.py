"""The rows of an invented territory (``overlaps_territory``): footprints by COPY, and the least that they hang on."""

import io
import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.overlaps_territory import OneParish, Plan, Territory, code
from benchmarks.world import World
from courses.domain.overlaps import world
from courses.models import Activity, Footprint
from ecosystem.overlap import footprint
from ecosystem.overlap import judge as judging
from ecosystem.overlap.profile import Profile


def fill(size: int, *, seed: int = 1, one_parish: bool = False) -> dict[str, Any]:
    """Load the vocabulary and put in so many activities with their footprints; what it took."""
    call_command("load_vocabulary", verbosity=0, stdout=io.StringIO())
    now = timezone.now()
    kind = OneParish if one_parish else Territory
    return Rows(kind(size, world.groups(), seed=seed, today=timezone.localdate(now)), now).write()


class Rows(World):
    """What a territory is in the database."""

    def __init__(self, territory: Territory, now: datetime) -> None:
        super().__init__(territory.size, 1, now)
        self.territory = territory

    def write(self) -> dict[str, Any]:
        """Everything; the seconds it took to make the rows and to put them in."""
        began = time.perf_counter()
        with self.trusted() as written:
            self._copy("ecosystem.Parish", self._all_parishes())
            self._copy("ecosystem.Neighbourhood", self._borders())
            plans = self.territory.plans()
            planned = time.perf_counter()
            self._footprints(plans)
            made = time.perf_counter()
            self._activities_of_footprints()
            self._keep_planted()
            written()
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE courses_footprint")
        return {
            "activities": len(plans),
            "planted": len(self.territory.planted),
            "planning": planned - began,
            "footprints": made - planned,
            "rest": time.perf_counter() - made,
        }

    def _all_parishes(self) -> Iterator[dict[str, Any]]:
        for parish in range(self.territory.count):
            name, point = self.territory.parish_name(parish), self.territory.point(parish)
            yield {
                "code": code(parish),
                "name": f"{name} pagasts",
                "name_lv": f"{name} pagasts",
                "slug": f"p-{parish}",
                "lat": point.lat,
                "lon": point.lon,
                "locative": f"{name} pagastā",
                "centre_name": name,
            }

    def _borders(self) -> Iterator[dict[str, Any]]:
        for parish in range(self.territory.count):
            for other in self.territory.beside(parish):
                yield {"parish_id": code(parish), "neighbour_id": code(other), "shared_border_m": 5000}

    def _footprints(self, plans: Sequence[Plan]) -> None:
        """Made thing by thing, since words are then read once, and put in by their numbers, since that is how they come."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE made (LIKE courses_footprint)")
            self._copy_into("made", self._made(plans))
            with connection.schema_editor() as editor:
                for index in Footprint._meta.indexes:
                    editor.remove_index(Footprint, index)
            cursor.execute("INSERT INTO courses_footprint SELECT * FROM made ORDER BY activity_id")
            cursor.execute("DROP TABLE made")
            with connection.schema_editor() as editor:
                for index in Footprint._meta.indexes:
                    editor.add_index(Footprint, index)

    def _copy_into(self, table: str, rows: Iterator[dict[str, Any]]) -> None:
        columns = [field.column for field in Footprint._meta.concrete_fields]
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[column] for column in columns])

    def _made(self, plans: Sequence[Plan]) -> Iterator[dict[str, Any]]:
        online: list[Profile] = []
        for at in sorted(range(len(plans)), key=lambda at: (plans[at].thing, plans[at].side, plans[at].parish)):
            plan, number = plans[at], at + 1
            profile = self.territory.profile(number, plan)
            if profile.is_online:
                online.append(profile)
            columns = footprint.columns(profile)
            columns["profile"] = json.dumps(columns["profile"], ensure_ascii=False)
            yield {
                "activity_id": number,
                "lead_id": plan.department,
                "is_draft": False,
                "made_at": self.now,
                **columns,
            }
        # Of what is online, brute force says what overlaps.
        rules = judging.World()
        for one, other in combinations(online, 2):
            if found := judging.judge(one, other, world=rules):
                self.territory.planted.append((int(found.first.ref), int(found.second.ref), found.kind))

    def _activities_of_footprints(self) -> None:
        """The least that footprints and overlaps hang on; what nobody asks is the model's own default."""
        blank = Activity(status="published", created_at=self.now, changed_at=self.now, published_at=self.now)
        fields = [field for field in Activity._meta.concrete_fields if not field.generated]
        values: dict[str, Any] = {f.column: f.get_db_prep_save(getattr(blank, f.attname), connection) for f in fields}
        told = {
            "id": "activity_id",
            "ref": "'b' || activity_id",
            "lead_id": "lead_id",
            "parish_id": "parish_id",
            "topic_id": "profile->>'topic'",
            "title": "coalesce(profile->'titles'->>'lv', profile->'titles'->>'en', profile->'titles'->>'ru')",
            "starts_at": "first_on",
            "ends_at": "last_on + 1",
            "session_count": "1",
        }
        told["title_lv"] = told["title"]
        columns = list(values)
        picked = [told.get(column, "%s") for column in columns]
        listed = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor, connection.schema_editor() as editor:
            for index in Activity._meta.indexes:
                editor.remove_index(Activity, index)
            cursor.execute(
                f"INSERT INTO courses_activity ({listed}) SELECT {', '.join(picked)} FROM courses_footprint",
                [values[column] for column in columns if column not in told],
            )

    def _keep_planted(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_planted (first bigint, second bigint, kind text)")
            with cursor.copy("COPY bench_planted FROM STDIN") as copy:
                for row in self.territory.planted:
                    copy.write_row(row)
