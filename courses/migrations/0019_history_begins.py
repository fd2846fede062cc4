"""History begins: what stands already gets its first row, the ground that the first change is told from."""

from django.db import migrations
from django.utils import timezone

ROOMS = ("ecosystem", "coordinators", "courses")
PREFIX = "Historical"


def begin(apps, schema_editor):
    """Copy every row without a history, with its sets; the columns are those that both tables have."""
    with schema_editor.connection.cursor() as cursor:
        for label in ROOMS:
            models = list(apps.get_app_config(label).get_models())
            for history in models:
                if not history.__name__.startswith(PREFIX) or not hasattr(history, "history_date"):
                    continue
                model = apps.get_model(label, history.__name__.removeprefix(PREFIX))
                columns = _common(model, history)
                key, table, kept = model._meta.pk.column, model._meta.db_table, history._meta.db_table
                cursor.execute(
                    f"INSERT INTO {kept} ({columns}, history_date, history_type, history_change_reason)"
                    f" SELECT {columns}, %s, '+', 'beginning' FROM {table} t"
                    f" WHERE NOT EXISTS (SELECT 1 FROM {kept} h WHERE h.{key} = t.{key}) ORDER BY {key}",
                    [timezone.now()],
                )
                for field in model._meta.many_to_many:
                    name = f"{history.__name__}_{field.name}".lower()
                    between = apps.all_models[label].get(name)
                    if between is not None:
                        _begin_set(cursor, field, between, kept, key)


def _begin_set(cursor, field, between, kept, key):
    through = field.remote_field.through
    columns = _common(through, between)
    ours = f"{field.m2m_field_name()}_id"
    cursor.execute(
        f"INSERT INTO {between._meta.db_table} ({columns}, history_id)"
        f" SELECT {', '.join(f'm.{c}' for c in columns.split(', '))}, h.history_id"
        f" FROM {through._meta.db_table} m JOIN {kept} h ON h.{key} = m.{ours} AND h.history_change_reason = 'beginning'"
        f" WHERE NOT EXISTS (SELECT 1 FROM {between._meta.db_table} b WHERE b.history_id = h.history_id)"
    )


def _common(model, history):
    there = {field.column for field in history._meta.concrete_fields}
    return ", ".join(field.column for field in model._meta.concrete_fields if field.column in there)


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0011_history"),
        ("coordinators", "0011_history"),
        ("courses", "0018_history"),
    ]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
