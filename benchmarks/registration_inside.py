"""What the registrations' measurement needs of Django: activities to ask for, and the SQL of one registration."""

import json
import re
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

# Numbers that nothing else in the database has, so that they are known again in the recorded statements.
FIRST_ID = 7_000_000
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def activities(count: str, capacity: str, opens: str = "") -> None:
    """Make activities with so many places, without audiences that would ask for a guardian; their ids and addresses."""
    from django.utils import timezone

    from courses.models import Activity, Session

    now = timezone.now()
    model = Activity.objects.order_by("pk").first()
    assert model is not None
    start = (now + timedelta(days=30)).replace(hour=9, minute=0, second=0, microsecond=0)
    last = Activity.objects.order_by("-pk").values_list("pk", flat=True)[0]
    first = max(FIRST_ID, last + 1)
    rows = []
    for number in range(int(count)):
        row = Activity.objects.get(pk=model.pk)
        row.pk, row.ref = first + number, f"burst{first + number}"
        row.title = row.title_lv = f"Pēdējā vieta {first + number}"  # type: ignore[attr-defined]
        row.capacity, row.taken, row.waiting, row.is_drop_in = int(capacity), 0, 0, False
        row.age_min, row.age_max, row.needs_approval, row.format = 18, None, False, "in_person"
        row.registration_opens_at = row.registration_closes_at = None
        row.starts_at, row.ends_at, row.session_count = start, start + timedelta(hours=2), 1
        row.changed_at = now
        rows.append(row)
    Activity.objects.bulk_create(rows)
    Session.objects.bulk_create(Session(activity=row, starts_at=row.starts_at, ends_at=row.ends_at) for row in rows)
    print(json.dumps([{"id": row.pk, "path": f"{row.get_absolute_url()}pieteikties/"} for row in rows]))


def record(activity: str) -> None:
    """The statements of a registration that gets a place and of one that queues, as JSON with their values."""
    from django.db import connection, transaction
    from django.utils import timezone

    from courses.models import Activity

    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()")
        for place, (name,) in enumerate(cursor.fetchall(), start=1):
            cursor.execute(
                f'SELECT setval(\'"{name}"\', greatest(%s, coalesce(last_value, 1))) FROM "{name}"',
                [FIRST_ID + place * 100_000],
            )
    found = Activity.objects.get(pk=activity)
    scripts = {}
    for name, taken in (("confirmed", 0), ("queued", found.capacity)):
        Activity.objects.filter(pk=found.pk).update(taken=taken, waiting=0 if not taken else 3)
        with transaction.atomic():
            scripts[name] = _renamed(_recorded(lambda: _register(found.pk, timezone.now())))
            transaction.set_rollback(True)
    Activity.objects.filter(pk=found.pk).update(taken=0, waiting=0)
    print(json.dumps(scripts))


def _register(pk: int, now: Any) -> None:
    from courses.domain import registrations
    from courses.models import Activity
    from ecosystem.models import Village

    registrations.register(
        activity=Activity.objects.public().for_page().get(pk=pk),
        people=[
            registrations.Person(
                given_name="Vards",
                family_name="Bencmarks",
                birth_year=1980,
                village=Village.objects.order_by("pk").first(),
            )
        ],
        contact=registrations.Contact(email="vards.bencmarks@example.lv"),
        all_or_none=False,
        channel="web",
        now=now,
        form_key=uuid.uuid4(),
    )


def _recorded(work: Callable[[], None]) -> list[dict[str, Any]]:
    from django.db import connection

    statements: list[dict[str, Any]] = []

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith(("SAVEPOINT", "RELEASE")):
            return result
        cursor = context["cursor"].cursor
        returned: list[Any] = []
        if "RETURNING" in sql and cursor.description:
            returned = [_plain(row) for row in cursor.fetchall()]
            cursor.scroll(0, mode="absolute")
        statements.append({"sql": sql, "params": _plain(params or []), "returned": returned})
        return result

    with connection.execute_wrapper(wrapper):
        work()
    return statements


def _renamed(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The keys of a recording by the order they come up in, so that two recordings call the same thing alike."""
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return names.setdefault(match[0], str(uuid.UUID(int=len(names) + 1)))

    renamed: list[dict[str, Any]] = json.loads(UUID.sub(name, json.dumps(statements)))
    return renamed


def _plain(value: Any) -> Any:
    """A value as JSON can carry it, its kind beside it."""
    from decimal import Decimal

    from psycopg.types.json import Json, Jsonb

    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, uuid.UUID):
        return {"uuid": str(value)}
    if isinstance(value, Json | Jsonb):
        return {"json": json.dumps(value.obj, default=str)}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if hasattr(value, "isoformat"):
        return {"moment": value.isoformat(), "kind": type(value).__name__}
    print(f"a value of an unknown kind: {value!r}", file=sys.stderr)
    return str(value)


COMMANDS: dict[str, Callable[..., Any]] = {"activities": activities, "record": record}
