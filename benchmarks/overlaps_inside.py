"""What the overlaps' measurement needs of Django: the world, one draft's look-up, a sweep by several workers, brute force."""

import csv
import json
import multiprocessing
import random
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import combinations
from multiprocessing.queues import Queue
from typing import Any

WORKERS = 2


def overlaps_world(size: str, one_parish: str = "") -> None:
    """Fill the database; what it took."""
    from benchmarks.overlaps_world import fill

    print(json.dumps(fill(int(size), one_parish=bool(one_parish))))


def overlaps_lookups(count: str, seed: str) -> None:
    """Seconds that finding what overlaps with a draft takes, for so many drafts; those that are online told apart."""
    from django.utils import timezone

    from courses.domain.overlaps import judging, world
    from courses.models import Footprint
    from ecosystem.overlap.packed import unpack

    dice = random.Random(int(seed))
    groups, size = world.groups(), Footprint.objects.count()
    numbers = [dice.randint(1, size) for _ in range(int(count))]
    some = [
        unpack(packed, groups) for packed in Footprint.objects.filter(pk__in=numbers).values_list("profile", flat=True)
    ]
    online = [
        unpack(packed, groups)
        for packed in Footprint.objects.filter(is_online=True).order_by("pk").values_list("profile", flat=True)[:30]
    ]
    taken: dict[str, list[float]] = {"hall": [], "online": []}
    found = 0
    # The first few load the lists of words.
    for at, kept in enumerate([*some[:20], *some, *online]):
        draft = replace(kept, ref="typed", department=dice.choice(("MUZ", "JAU", "LAB")), titles=dict(kept.titles))
        began = time.perf_counter()
        ground = world.ground(on=timezone.localdate(), parishes=[draft.parish])
        there = judging.find(profile=draft, ground=ground, departments={draft.department})
        if at >= 20:
            taken["online" if draft.is_online else "hall"].append(time.perf_counter() - began)
            found += len(there)
    print(json.dumps({**taken, "found": found}))


def overlaps_sweep() -> None:
    """One sweep as the clock starts it, its parts shared by workers that stand ready; what it took, beside the truth."""
    from django.utils import timezone

    from courses.domain.overlaps import parts

    make = multiprocessing.get_context("spawn")
    asked: Queue[Any] = make.Queue()
    answers: Queue[Any] = make.Queue()
    workers = [make.Process(target=_work, args=(asked, answers)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for _ in workers:
        answers.get()
    began, cpu, database = time.perf_counter(), time.process_time(), _database_cpu()
    parts.renew(now=timezone.now())
    renewed = time.perf_counter()
    planned = []
    for part in parts.plan():
        asked.put(part.as_message())
        planned.append(part)
    cut = time.perf_counter()
    told = [answers.get() for _ in planned]
    took = time.perf_counter() - began
    spent = time.process_time() - cpu + sum(one["cpu"] for one in told)
    database = _database_cpu() - database
    for _ in workers:
        asked.put(None)
    peaks = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sums = {name: sum(one[name] for one in told) for name in ("judged", "found", "written", "writing")}
    print(
        json.dumps(
            {
                "seconds": took,
                "renewing": renewed - began,
                "planning": cut - renewed,
                "cpu": spent,
                "database": database,
                "mb": own + sum(peaks),
                "parts": len(planned),
                **sums,
                **_beside_truth(),
            }
        )
    )


def _work(asked: "Queue[Any]", answers: "Queue[Any]") -> None:
    """A worker: takes parts until there are none, as Celery's do."""
    import django

    django.setup()
    from django.utils import timezone

    from courses.domain.overlaps import parts, sweeping
    from ecosystem.overlap.prepared import load

    # As a worker of Celery's is after its first part: the lists of words are read once in its life.
    load()
    answers.put("ready")
    while (said := asked.get()) is not None:
        began = time.process_time()
        done = sweeping.sweep_part(part=parts.Part.of_message(said), now=timezone.now())
        answers.put({**asdict(done), "cpu": time.process_time() - began})
    answers.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _database_cpu() -> float:
    """Seconds of processor time of the database's processes that serve this database; 0 where they run elsewhere."""
    import psutil
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [pid for (pid,) in cursor.fetchall()]
    total = 0.0
    for pid in pids:
        try:
            times = psutil.Process(pid).cpu_times()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += times.user + times.system
    return total


def _beside_truth() -> dict[str, Any]:
    """Recall and precision of the rows, for each kind."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT first, second, kind FROM bench_planted")
        planted = set(cursor.fetchall())
        cursor.execute("SELECT first_id, second_id, kind FROM courses_overlap WHERE ended_at IS NULL")
        found = set(cursor.fetchall())
    return {kind: _measured(planted, found, kind) for kind in ("duplicate", "clash")}


def _measured(planted: set[Any], found: set[Any], kind: str) -> dict[str, float]:
    are, said = ({pair for pair in some if pair[2] == kind} for some in (planted, found))
    return {
        "planted": len(are),
        "recall": len(are & said) / max(1, len(are)),
        "precision": len(are & said) / max(1, len(said)),
    }


def overlaps_brute(count: str) -> None:
    """Every pair of the first so many judged: how long it takes, and whether the rows of these say the same."""
    from django.utils import timezone

    from courses.domain.overlaps import judging, profiles, world
    from courses.models import Footprint, Overlap
    from ecosystem.overlap.judge import judge
    from ecosystem.overlap.packed import unpack

    ground = world.ground(on=timezone.localdate())
    packed = Footprint.objects.filter(pk__lte=int(count)).order_by("pk").values_list("profile", flat=True)
    some = [unpack(one, ground.groups) for one in packed]
    began = time.perf_counter()
    found = {
        (*judging.pair(one), one.kind)
        for pair in combinations(some, 2)
        if (one := judge(*pair, world=ground.world)) is not None
    }
    took = time.perf_counter() - began
    last = profiles.number(some[-1].ref)
    rows = Overlap.objects.standing().filter(first__lte=last, second__lte=last)
    same = found == set(rows.values_list("first", "second", "kind"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": took, "found": len(found), "same": same, "judged": len(some), "mb": peak}))


def overlaps_export(path: str) -> None:
    """The activities and the planted duplicates as tables for another library."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT activity_id AS unique_id, profile->>'topic' AS topic, lead_id AS department, parish_id AS parish,
                lower(coalesce(profile->'titles'->>'lv', profile->'titles'->>'en', profile->'titles'->>'ru')) AS title,
                concat(profile->'for'->>0, profile->>'from', '-', profile->>'to') AS audience,
                (profile->'at'->>0)::float AS lat, (profile->'at'->>1)::float AS lon,
                first_on, last_on, date_trunc('week', first_on)::date AS week
            FROM courses_footprint ORDER BY activity_id
        """)
        _as_csv(path, [column.name for column in cursor.description], cursor)
        cursor.execute("SELECT first, second FROM bench_planted WHERE kind = 'duplicate'")
        planted = cursor.fetchall()
    _as_csv(f"{path}.planted", ["unique_id_l", "unique_id_r"], planted)
    print(json.dumps(len(planted)))


def overlaps_compare(path: str) -> None:
    """Recall and precision of the duplicates that another library found."""
    from django.db import connection

    with open(path) as file:
        found = {(min(one, other), max(one, other), "duplicate") for one, other, _probability in json.load(file)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT first, second, kind FROM bench_planted")
        print(json.dumps(_measured(set(cursor.fetchall()), found, "duplicate")))


def _as_csv(path: str, head: list[str], rows: Any) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)


COMMANDS: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (overlaps_world, overlaps_lookups, overlaps_sweep, overlaps_brute, overlaps_export, overlaps_compare)
}
