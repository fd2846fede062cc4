"""Writing new rows by statements that are put together once a process, for where hundreds register within seconds.

Django puts an INSERT together anew each time, which takes longer than running it. Elsewhere ``bulk_create`` is as good.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def insert(rows: Sequence[M]) -> list[M]:
    """Write these new rows of one model, which get their keys; what the database refuses it raises, as for ``save``.

    As with ``bulk_create``, no signals are sent and ``save`` is not called.
    """
    if not rows:
        return []
    start, one, fields, returning = _statement(type(rows[0]))
    values = [f.get_db_prep_save(f.pre_save(row, True), connection) for row in rows for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(start + ", ".join([one] * len(rows)) + returning, values)
        keys = cursor.fetchall() if returning else []
    for place, row in enumerate(rows):
        if keys:
            row.pk = keys[place][0]
        row._state.adding, row._state.db = False, connection.alias
    return list(rows)


@cache
def _statement(model: type[models.Model]) -> "tuple[str, str, tuple[models.Field[Any, Any], ...], str]":
    """INSERT up to its values, the place of one row's values, their fields, and what gives the keys back."""
    quote = connection.ops.quote_name
    key = model._meta.pk
    numbered = isinstance(key, models.AutoField)
    fields = tuple(f for f in model._meta.concrete_fields if not f.generated and not (numbered and f is key))
    columns = ", ".join(quote(str(f.column)) for f in fields)
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ",  # noqa: S608 (a model's own names)
        f"({', '.join(['%s'] * len(fields))})",
        fields,
        f" RETURNING {quote(str(key.column))}" if numbered else "",
    )
