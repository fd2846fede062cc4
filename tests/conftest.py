"""What all tests share. The rules that every test is held to stand in ``tests/harness/``."""

import gc
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

pytest_plugins = [
    "tests.harness.offences",
    "tests.harness.templates",
    "tests.harness.ordering",
    "tests.harness.pages",
    "tests.harness.network",
    "tests.harness.skipping",
    "tests.harness.queries",
    "tests.harness.database",
    "tests.harness.cleaning",
    "tests.harness.worlds",
]


def pytest_configure(config: pytest.Config) -> None:
    """Before the first test: no scan of the static files for every client, and a compiled catalogue of texts."""
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True
    if not hasattr(config, "workerinput"):
        from ecosystem.management.commands.translations import compile_catalogues

        compile_catalogues()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays to the end: looking for garbage among it again and again is in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def _forget(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing kept by one test is met by the next: caches, what is held in memory, the copy of figures, the language."""
    from django.utils import timezone, translation

    from tests.harness import memory

    memory.forget()
    # Whoever makes a copy (the clock does) makes it for this test; without one PostgreSQL answers.
    settings.FIGURES_DIR = tmp_path_factory.getbasetemp() / f"figures-{uuid4()}"
    with translation.override("lv"):
        yield
    timezone.deactivate()


@pytest.fixture
def now() -> datetime:
    """The fixed moment that the factories count from: Monday, 11 January 2027, 9:00 in Riga. Pass it in."""
    from tests.factories import NOW

    return NOW
