"""The catalogue and the activity pages at three sizes, each beside the yardstick, in turns within one run."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import addresses
from benchmarks.databases import Databases, inside
from benchmarks.report import Report, Table, milliseconds, percentile
from benchmarks.server import Generator, Server, environment, running

SIZES = (1_000, 10_000, 100_000)
ADDRESSES = 2_000
# Requests a second and processor time are counted with both processes kept busy; how long one reader waits, with as many
# readers at once as there are processes, since a queue before two busy cores says nothing of a page.
CONNECTIONS = 4
CALM_CONNECTIONS = 2
CALM_SHARE = 3
FAVOURITES = 8
MOST_QUERIES = 8
LEAST_OF_YARDSTICK = 0.25
MOST_P95 = 0.060
MOST_SLOWER = 1.5


@dataclass
class Measure:
    """Everything asked of one kind at one size."""

    latencies: list[float] = field(default_factory=list)
    count: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    database: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time a request, of the web processes."""
        return 1000 * self.cpu / self.count

    @property
    def database_ms(self) -> float:
        """The same of the database's processes."""
        return 1000 * self.database / self.count

    def p(self, share: int) -> float:
        """A percentile of the latencies, in seconds."""
        return percentile(self.latencies, share)

    def add(self, server: Server, generator: Generator, paths: list[str]) -> None:
        """Ask for these paths and keep what it took."""
        calm = len(paths) // CALM_SHARE
        self.latencies += self._ask(server, generator, paths[:calm], CALM_CONNECTIONS)["latencies"]
        cpu, database = server.cpu(), server.database_cpu()
        result = self._ask(server, generator, paths[calm:], CONNECTIONS)
        self.cpu += server.cpu() - cpu
        self.database += server.database_cpu() - database
        self.count += len(paths) - calm
        self.seconds += result["seconds"]

    def _ask(self, server: Server, generator: Generator, paths: list[str], connections: int) -> dict[str, Any]:
        result = generator.ask(server, [{"path": path} for path in paths], connections=connections)
        wrong = [(path, status) for path, status in zip(paths, result["statuses"], strict=True) if status != 200]
        if wrong:
            raise SystemExit(f"{len(wrong)} answers were not 200, first {wrong[0]}; {server.log.read_text()[-2000:]}")
        return result


KINDS = ("yardstick", "cold", "cached", "activity", "rebuilding")


@dataclass
class Place:
    """One size: its server, its addresses and what was measured there."""

    size: int
    server: Server
    cold: list[str]
    cached: list[str]
    pages: list[str]
    index: dict[str, float]
    queries: dict[str, int]
    measures: dict[str, Measure] = field(default_factory=lambda: {kind: Measure() for kind in KINDS})


def prepare(databases: Databases, folder: Path, *, what: str, size: int, template: str) -> str:
    """A database with a programme of this size; a kept one is used again."""
    name = databases.name(what)
    if databases.keep and databases.exists(name):
        inside("migrate", env=environment(databases.url(name), folder))
        return name
    databases.create(what, template=template)
    inside("world", str(size), env=environment(databases.url(name), folder))
    return name


def run(
    databases: Databases,
    folder: Path,
    report: Report,
    *,
    template: str,
    sizes: tuple[int, ...] = SIZES,
    count: int = ADDRESSES,
    only_pages: bool = False,
) -> None:
    """Measure, and put the tables and the verdicts into the report."""
    paths, kinds = _addresses(count, environment(databases.url(template), folder))
    servers: list[Server] = []
    places: list[Place] = []
    generator = Generator()
    try:
        for size in sizes:
            report.say(f"{size} activities: filling, starting the server")
            name = prepare(databases, folder, what=f"{size}", size=size, template=template)
            env = environment(databases.url(name), folder)
            index = json.loads(inside("index", env=env))
            pages = json.loads(inside("samples", str(count), env=env))
            queries = json.loads(inside("queries", json.dumps({**kinds, "activity page": pages[:5]}), env=env))
            server = Server(name, databases, folder)
            servers.append(server)
            cold = [] if only_pages else paths
            places.append(Place(size, server, cold, paths[:FAVOURITES], pages, index, queries))
        with running(*servers):
            for place in places:
                report.say(f"{place.size} activities: warming up")
                _warm(place, generator)
            _measure(places, generator, report, count)
    finally:
        generator.stop()
        for server in servers:
            server.stop()
    _tell(places, report, only_pages)


def _warm(place: Place, generator: Generator) -> None:
    """Compiled templates, connections and the index in every process; none of the measured addresses."""
    for _ in range(3):
        for path in ("/aktivitates/?lapa=49&q=", "/bench/yardstick/", place.pages[0]):
            generator.ask(place.server, [{"path": path}] * 24, connections=12)


def _measure(places: list[Place], generator: Generator, report: Report, count: int) -> None:
    """Short slices in turns, so that whatever else the machine does falls on all alike."""
    slice_size = max(5, min(100, count // 4))
    for start in range(0, count, slice_size):
        report.say(f"  {start} of {count}")
        for place in places:
            measures, end = place.measures, start + slice_size
            yardstick = [f"/bench/yardstick/?n={number}" for number in range(start, end)]
            measures["yardstick"].add(place.server, generator, yardstick)
            if place.cold:
                measures["cold"].add(place.server, generator, place.cold[start:end])
                repeated = [place.cached[number % len(place.cached)] for number in range(slice_size)]
                # Once each to have them held, then what counts.
                generator.ask(place.server, [{"path": path} for path in place.cached], connections=CONNECTIONS)
                measures["cached"].add(place.server, generator, repeated)
            pages = place.pages
            measures["activity"].add(
                place.server, generator, [pages[number % len(pages)] for number in range(start, end)]
            )
    for place in places:
        if not place.cold:
            continue
        # Something in the programme changes before every slice: the index is made anew while these are answered.
        rest = [f"{path}&lapa=1&x=" for path in place.cold]
        for turn in range(4):
            _touch(place.server)
            part = rest[turn * slice_size : (turn + 1) * slice_size]
            place.measures["rebuilding"].add(place.server, generator, part)


def _touch(server: Server) -> None:
    with psycopg.connect(server.databases.url(server.name), autocommit=True) as connection:
        connection.execute(
            "UPDATE courses_activity SET changed_at = clock_timestamp()"
            " WHERE id = (SELECT min(id) FROM courses_activity)"
        )


def _addresses(count: int, env: dict[str, str]) -> tuple[list[str], dict[str, list[str]]]:
    """The addresses of a run, from the vocabulary."""
    words: dict[str, list[str]] = json.loads(inside("vocabulary", env=env))
    villages, topics, audiences = words["villages"], words["topics"], words["audiences"]
    listed = addresses.catalogue(
        count,
        villages=villages,
        topics=topics,
        audiences=audiences,
        today=date.today(),  # noqa: DTZ011
    )
    return listed, addresses.kinds(villages=villages, topics=topics, audiences=audiences)


def _tell(places: list[Place], report: Report, only_pages: bool) -> None:
    wanted = ("activity",) if only_pages else ("cold", "cached", "activity", "rebuilding")
    names = {
        "yardstick": "yardstick",
        "cold": "catalogue, cold",
        "cached": "catalogue, cached",
        "activity": "activity page",
        "rebuilding": "catalogue, cold, index being rebuilt",
    }
    table = Table(
        "Pages",
        ["activities", "page", "requests/s", "of the yardstick", "CPU ms", "database ms", "p50 ms", "p95 ms"],
    )
    for place in places:
        base = place.measures["yardstick"]
        for kind in ("yardstick", *wanted):
            measure = place.measures[kind]
            table.add(
                f"{place.size:,}".replace(",", " "),
                names[kind],
                f"{measure.rate:.0f}",
                f"{measure.rate / base.rate:.2f}",
                f"{measure.cpu_ms:.1f}",
                f"{measure.database_ms:.1f}",
                milliseconds(measure.p(50)),
                milliseconds(measure.p(95)),
            )
    report.add(table)
    queries = Table("Queries, nothing rendered held", ["page", *[f"{place.size}" for place in places]])
    shown = [name for name in places[0].queries if not only_pages or name == "activity page"]
    for name in shown:
        queries.add(name, *[str(place.queries[name]) for place in places])
    report.add(queries)
    index = Table("The index in the memory of each process", ["activities", "build s", "CPU s", "MB", "peak MB"])
    for place in places:
        values = place.index
        index.add(
            f"{place.size}",
            *(f"{values[name]:.2f}" for name in ("seconds", "cpu")),
            *(f"{values[name]:.0f}" for name in ("mb", "peak_mb")),
        )
    report.add(index)
    _judge(places, report, wanted, shown)


def _judge(places: list[Place], report: Report, wanted: tuple[str, ...], shown: list[str]) -> None:
    for name in shown:
        numbers = {place.queries[name] for place in places}
        report.judge(
            f"{name}: at most {MOST_QUERIES} queries, the same at every size",
            max(numbers) <= MOST_QUERIES and len(numbers) == 1,
            ", ".join(str(number) for number in sorted(numbers)),
        )
    for place in places:
        base = place.measures["yardstick"]
        for kind in ("cold", "activity"):
            if kind not in wanted:
                continue
            measure = place.measures[kind]
            share, p95 = measure.rate / base.rate, measure.p(95)
            report.judge(
                f"{kind} at {place.size}: at least a quarter of the yardstick",
                share >= LEAST_OF_YARDSTICK,
                f"{share:.2f}",
            )
            report.judge(f"{kind} at {place.size}: p95 under 60 ms", p95 < MOST_P95, f"{milliseconds(p95)} ms")
    if len(places) > 1:
        for kind in ("cold", "activity"):
            if kind not in wanted:
                continue
            first, last = places[0].measures, places[-1].measures
            # Each against the yardstick of its own moments: the machine may have been busier at one of them.
            slower = (first[kind].rate / first["yardstick"].rate) / (last[kind].rate / last["yardstick"].rate)
            bare = first[kind].rate / last[kind].rate
            report.judge(
                f"{kind}: from {places[0].size} to {places[-1].size} at most {MOST_SLOWER} times slower",
                min(slower, bare) <= MOST_SLOWER,
                f"{slower:.2f} beside the yardstick, {bare:.2f} plain",
            )
