"""What must run inside Django, each in a process of its own: ``python -m benchmarks.inside <name> …``."""

import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any


def migrate() -> None:
    """Bring an empty database to the present, with the vocabulary; collect the static files."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0, stdout=io.StringIO())
    call_command("collectstatic", verbosity=0, interactive=False)


def vocabulary() -> None:
    """What addresses are made of."""
    from ecosystem.models import Audience, Topic, Village

    print(
        json.dumps(
            {
                "villages": list(Village.objects.current().values_list("slug", flat=True)),
                "topics": list(Topic.objects.current().values_list("code", flat=True)),
                "audiences": list(Audience.objects.current().values_list("code", flat=True)),
            }
        )
    )


def world(size: str) -> None:
    """Fill the database."""
    from benchmarks.world import fill

    fill(int(size))


def queries(addresses: str) -> None:
    """How many queries the most costly of each kind takes when nothing rendered is held, the index being warm."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.PAGE_CACHE_SECONDS = 0
    client = Client()
    client.get("/aktivitates/")
    counts = {}
    for name, several in json.loads(addresses).items():
        most = 0
        for address in several:
            with CaptureQueriesContext(connection) as captured:
                response = client.get(address)
            if response.status_code != 200:
                raise SystemExit(f"{address} answered {response.status_code}")
            most = max(most, len(captured))
        counts[name] = most
    print(json.dumps(counts))


def index() -> None:
    """How long the index takes to build, and what it takes of the process' memory."""
    from django.utils import timezone

    from courses.domain.catalogue import index as module

    now = timezone.now()
    before = _resident_mb()
    started, cpu = time.perf_counter(), time.process_time()
    snapshot = module.build(now=now)
    took, spent = time.perf_counter() - started, time.process_time() - cpu
    held = _resident_mb() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    print(json.dumps({"seconds": took, "cpu": spent, "mb": held, "peak_mb": peak, "found": len(snapshot.ids)}))


def samples(size: str) -> None:
    """Addresses of activity pages."""
    from courses.models import Activity

    found = Activity.objects.published().order_by("pk")[: int(size)]
    print(json.dumps([activity.get_absolute_url() for activity in found]))


def _resident_mb() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


COMMANDS: dict[str, Callable[..., Any]] = {f.__name__: f for f in (migrate, vocabulary, world, queries, index, samples)}

if __name__ == "__main__":
    import django

    django.setup()
    from benchmarks import desk_inside, figures_inside, overlaps_inside, registration_inside

    COMMANDS |= registration_inside.COMMANDS | desk_inside.COMMANDS | overlaps_inside.COMMANDS | figures_inside.COMMANDS
    COMMANDS[sys.argv[1]](*sys.argv[2:])
