"""The same SQL by bare psycopg: what one registration sends to the database, replayed by threads with one connection each.

The statements are those that the portal itself makes, recorded in this run; names, numbers and keys are replaced, so that
each replay registers somebody else. Nothing of Django is in the way.
"""

import contextlib
import json
import random
import threading
import time
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.registration_inside import FIRST_ID, UUID

NAME, EMAIL = "Bencmarks", "vards.bencmarks@example.lv"


class Registration:
    """One person's registration, ready to be replayed."""

    def __init__(self, scripts: dict[str, list[dict[str, Any]]], recorded: int, activity: int, who: str) -> None:
        self.scripts = scripts
        self.who = who
        self.numbers = {recorded: activity}
        self.uuids: dict[str, uuid.UUID] = {}
        self.party = "TM-" + "".join(random.choices("23456789ABCDEFGHJKMNPQRSTVWXYZ", k=6))
        self.activity = activity

    def run(self, connection: psycopg.Connection) -> str:
        """Register; whether a place was got or a turn in the queue."""
        outcome, at = "confirmed", 0
        taken = waiting = 0
        with connection.transaction(), connection.cursor() as cursor:
            # Both scripts are alike up to the lock.
            while at < len(self.scripts[outcome]):
                step = self.scripts[outcome][at]
                at += 1
                if step["sql"].startswith("UPDATE courses_activity"):
                    taken, waiting = (taken + 1, waiting) if outcome == "confirmed" else (taken, waiting + 1)
                    cursor.execute(
                        "UPDATE courses_activity SET taken = %s, waiting = %s WHERE id = %s",
                        [taken, waiting, self.activity],
                    )
                    continue
                cursor.execute(step["sql"], [self._value(one, step["sql"]) for one in step["params"]] or None)
                rows = cursor.fetchall() if cursor.description else []
                if "FOR NO KEY UPDATE" in step["sql"]:
                    columns = [column.name for column in cursor.description or []]
                    row = dict(zip(columns, rows[0], strict=True))
                    taken, waiting = row["taken"], row["waiting"]
                    if waiting or taken >= row["capacity"]:
                        outcome = "queued"
                for before, now in zip(step["returned"], rows, strict=False):
                    for old, new in zip(before, now, strict=False):
                        if isinstance(old, int) and old >= FIRST_ID:
                            self.numbers[old] = new
                        elif isinstance(old, dict) and "uuid" in old:
                            self.uuids[old["uuid"]] = new
        return outcome

    def _value(self, value: Any, sql: str) -> Any:
        if isinstance(value, list):
            if "advisory" in sql:
                return [random.getrandbits(62) for _ in value]
            return [self._value(one, sql) for one in value]
        if isinstance(value, dict):
            return self._kind(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.numbers.get(value, value)
        return value

    def _kind(self, value: dict[str, str]) -> Any:
        if "uuid" in value:
            return self.uuids.setdefault(value["uuid"], uuid.uuid4())
        if "json" in value:
            return Jsonb(json.loads(self._text(value["json"])))
        if "decimal" in value:
            return Decimal(value["decimal"])
        kind = datetime if value["kind"] == "datetime" else date
        return kind.fromisoformat(value["moment"])

    def _text(self, text: str) -> str:
        if text.startswith("TM-") and len(text) == 9:
            return self.party
        if UUID.fullmatch(text):
            return str(self.uuids.setdefault(text, uuid.uuid4()))
        return text.replace(EMAIL, f"{self.who}@example.lv").replace(NAME, f"Bencmarks{self.who}")


def burst(url: str, registrations: list[Registration]) -> tuple[list[str], float]:
    """Everybody at once, each on a connection of their own."""
    return _at_once(url, [[one] for one in registrations])


def in_turns(url: str, registrations: list[Registration], *, connections: int) -> tuple[list[str], float]:
    """So many at a time."""
    return _at_once(url, [registrations[number::connections] for number in range(connections)])


def _at_once(url: str, queues: list[list[Registration]]) -> tuple[list[str], float]:
    gate = threading.Barrier(len(queues) + 1)
    outcomes: list[str] = []
    errors: list[BaseException] = []

    def work(queue: list[Registration]) -> None:
        try:
            with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
                gate.wait(60)
                for one in queue:
                    outcomes.append(one.run(connection))
        except BaseException as error:
            errors.append(error)
            gate.abort()

    threads = [threading.Thread(target=work, args=(queue,)) for queue in queues]
    for thread in threads:
        thread.start()
    with contextlib.suppress(threading.BrokenBarrierError):
        gate.wait(60)
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    if errors:
        raise SystemExit(f"bare psycopg failed: {errors[0]!r}")
    return outcomes, took
