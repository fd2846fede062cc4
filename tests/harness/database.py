"""The tables are made by the migrations once, and each worker's database is a copy of that.

The one with all migrations run is kept on the server between runs under a name that says what made it: change a
migration, or what runs it, and it is made anew. Whoever comes while it is being made waits for it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

# What else says how the tables come to be.
PACKAGES = ("django", "django-allauth", "django-modeltranslation", "django-phonenumber-field", "django-simple-history")
# Any number will do, if it is always the same.
_LOCK = 5_202_099


def made_by() -> str:
    """What the migrations of all apps and those who run them say, as one number."""
    said = hashlib.sha256(repr([version(package) for package in PACKAGES]).encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            said.update(f"{app.label}/{path.name}".encode() + path.read_bytes())
    # Migrations of ours name functions of the database that stand here.
    said.update((Path(apps.get_app_config("ecosystem").path) / "models" / "functions.py").read_bytes())
    return said.hexdigest()[:12]


@contextmanager
def _alone() -> Iterator[Any]:
    """A cursor of the server, while no other worker is here."""
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield cursor


def migrated(prefix: str) -> str:
    """The name of a database of these migrations, made if it is not there; older ones are dropped."""
    name = f"{prefix}_{made_by()}"
    with _alone() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{prefix}_"])
        there = {row[0] for row in cursor.fetchall()}
        for other in there - {name}:
            cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
        if name not in there:
            _make(f"{prefix}_unfinished")
            # Only now that it is whole does it have the name that is looked for.
            cursor.execute(f'ALTER DATABASE "{prefix}_unfinished" RENAME TO "{name}"')
    return name


def _make(name: str) -> None:
    """As for any test, by Django."""
    settings = connection.settings_dict
    before, test = settings["NAME"], settings["TEST"]["NAME"]
    settings["TEST"]["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        settings["NAME"], settings["TEST"]["NAME"] = before, test


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_use_migrations: bool,
    django_db_blocker: Any,
) -> None:
    """Databases for tests are copies of the one with all migrations run; one that is kept is migrated where it is.

    They are thrown away, so no commit waits for the disk; every connection of this process asks for that.
    """
    settings = connection.settings_dict
    before = settings["OPTIONS"].get("options", "")
    settings["OPTIONS"] = {**settings["OPTIONS"], "options": f"{before} -c synchronous_commit=off".strip()}
    if django_db_use_migrations and (django_db_createdb or not django_db_keepdb):
        with django_db_blocker.unblock():
            settings["TEST"]["TEMPLATE"] = migrated(f"migrated_{settings['NAME']}")
