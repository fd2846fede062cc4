"""The last ten places and fifty people; and registrations that are in nobody's way."""

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import bare, control, forms
from benchmarks.databases import Databases, inside
from benchmarks.report import Report, Table, milliseconds, percentile
from benchmarks.server import Generator, Server, environment, running

BURSTS = 100
PEOPLE = 50
PLACES = 10
WORKERS = (2, 12)
CONTROL_BURSTS = 20
LONGEST_BURST = 0.5
APART_CONNECTIONS = 8
TENTH = 0.1


@dataclass
class Bursts:
    """What bursts came to."""

    seconds: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    oversold: int = 0
    wrong: list[str] = field(default_factory=list)
    most: int = 0
    cpu: float = 0.0
    database: float = 0.0

    @property
    def median(self) -> float:
        """The middle burst, in seconds."""
        return statistics.median(self.seconds)


def run(databases: Databases, folder: Path, report: Report, *, template: str, bursts: int = BURSTS) -> None:
    """Measure, and put the table and the verdicts into the report."""
    name = databases.create("registration", template=template)
    env = environment(databases.url(name), folder)
    inside("world", "300", env=env)
    report.notes.append(
        "The limits an hour (by contact, by address) and the least time for a form are lifted for the bench: hundreds of"
        " people come from one address within a minute. No worker takes the messages; they are written, with the nudge."
    )
    generator = Generator()
    found: dict[str, Bursts] = {}
    apart: dict[str, float] = {}
    try:
        for workers in WORKERS:
            server = Server(name, databases, folder, workers=workers)
            with running(server):
                key = f"{workers} web processes"
                report.say(f"registrations: {bursts} bursts with {key}")
                found[key] = _bursts(server, generator, env, bursts)
                report.say(f"registrations: apart, with {key}")
                apart[key] = _apart(server, generator, env)
        report.say("registrations: the same SQL by bare psycopg")
        found["bare psycopg"], apart["bare psycopg"] = _bare(databases, name, env, bursts)
        report.say("registrations: the control without the lock")
        without = databases.create("control", template=template)
        free = environment(databases.url(without), folder)
        inside("world", "300", env=free)
        with psycopg.connect(databases.url(without), autocommit=True) as connection:
            connection.execute(f"ALTER TABLE courses_activity DROP CONSTRAINT {control.CONSTRAINT}")
        server = Server(without, databases, folder, workers=2, env={"BENCH_WITHOUT_LOCK": "1"})
        with running(server):
            found["control: no lock"] = _bursts(server, generator, free, min(bursts, CONTROL_BURSTS), spoilt=True)
    finally:
        generator.stop()
    _tell(report, found, apart)


def _bursts(server: Server, generator: Generator, env: dict[str, str], count: int, *, spoilt: bool = False) -> Bursts:
    """So many bursts, each for another activity; what came of each is read from the database."""
    result = Bursts()
    targets = json.loads(inside("activities", str(count + 1), str(PLACES), env=env))
    with psycopg.connect(server.databases.url(server.name), autocommit=True) as connection:
        for number, target in enumerate(targets):
            jobs = _ready(server, generator, [target["path"]] * PEOPLE, f"b{server.workers}x{number}")
            cpu, database = server.cpu(), server.database_cpu()
            answer = generator.ask(server, jobs, burst=True)
            if number == 0:
                continue  # The first warms every process up.
            result.cpu += server.cpu() - cpu
            result.database += server.database_cpu() - database
            result.seconds.append(answer["seconds"])
            result.latencies += answer["latencies"]
            _judge_burst(connection, target["id"], answer["statuses"], result, spoilt)
    return result


def _judge_burst(
    connection: psycopg.Connection, activity: int, statuses: list[int], result: Bursts, spoilt: bool
) -> None:
    rows = connection.execute(
        "SELECT state, count(*) FROM courses_registration WHERE activity_id = %s GROUP BY state", [activity]
    ).fetchall()
    states = dict(rows)
    row = connection.execute("SELECT taken, waiting FROM courses_activity WHERE id = %s", [activity]).fetchone()
    confirmed, queued = states.get("confirmed", 0), states.get("queued", 0)
    result.most = max(result.most, confirmed)
    if confirmed > PLACES:
        result.oversold += 1
    expected = (PLACES, PEOPLE - PLACES)
    if not spoilt and ((confirmed, queued) != expected or row != expected or set(statuses) != {303}):
        result.wrong.append(f"{activity}: {states}, row {row}, statuses {sorted(set(statuses))}")


def _ready(server: Server, generator: Generator, paths: list[str], who: str) -> list[dict[str, Any]]:
    """Everybody gets the form, sends it and reads the check page; what is left is the last step."""
    pages = _pages(server, generator, [{"path": path} for path in paths])
    jobs = []
    for number, (path, page) in enumerate(zip(paths, pages, strict=True)):
        form = forms.read(page, path)
        jobs.append(
            form.job(
                **{
                    "people-0-given_name": "Anna",
                    "people-0-family_name": f"Ozola{who}n{number}",
                    "people-0-birth_year": str(1950 + number % 40),
                    "people-0-village": "eleja",
                    "contact_email": f"{who}n{number}@example.lv",
                }
            )
        )
    pages = _pages(server, generator, jobs)
    return [forms.read(page, "parbaudit").job() for page in pages]


def _pages(server: Server, generator: Generator, jobs: list[dict[str, Any]]) -> list[str]:
    answer = generator.ask(server, jobs, connections=APART_CONNECTIONS, keep_bodies=True)
    for status, body in zip(answer["statuses"], answer["bodies"], strict=True):
        if status != 200:
            raise SystemExit(f"a form was answered with {status}: {body[:3000]}\n{server.log.read_text()[-2000:]}")
    return list(answer["bodies"])


def _apart(server: Server, generator: Generator, env: dict[str, str]) -> float:
    """Registrations a second when everybody asks for another activity; the last step alone is timed."""
    targets = json.loads(inside("activities", "200", str(PLACES), env=env))
    jobs = _ready(server, generator, [target["path"] for target in targets], f"a{server.workers}")
    answer = generator.ask(server, jobs, connections=APART_CONNECTIONS)
    if set(answer["statuses"]) != {303}:
        raise SystemExit(f"registrations apart were answered with {set(answer['statuses'])}")
    return len(jobs) / float(answer["seconds"])


def _bare(databases: Databases, name: str, env: dict[str, str], count: int) -> tuple[Bursts, float]:
    recorded, *targets = json.loads(inside("activities", str(count + 201), str(PLACES), env=env))
    scripts = json.loads(inside("record", str(recorded["id"]), env=env))
    url = databases.url(name)
    result = Bursts()

    def registration(target: dict[str, Any], who: str) -> bare.Registration:
        return bare.Registration(scripts, recorded["id"], target["id"], who)

    for number, target in enumerate(targets[:count]):
        people = [registration(target, f"s{number}n{one}") for one in range(PEOPLE)]
        outcomes, took = bare.burst(url, people)
        result.seconds.append(took)
        if (outcomes.count("confirmed"), outcomes.count("queued")) != (PLACES, PEOPLE - PLACES):
            result.wrong.append(f"bare psycopg: {outcomes.count('confirmed')} confirmed")
    people = [registration(target, f"t{number}") for number, target in enumerate(targets[count:])]
    outcomes, took = bare.in_turns(url, people, connections=APART_CONNECTIONS)
    return result, len(outcomes) / took


def _tell(report: Report, found: dict[str, Bursts], apart: dict[str, float]) -> None:
    base = found["bare psycopg"]
    table = Table(
        f"{PEOPLE} people at once for the last {PLACES} places; and everybody for another activity",
        [
            "",
            "bursts",
            "burst ms, median",
            "p95",
            "longest",
            "CPU ms each",
            "database ms each",
            "registrations/s",
            "of bare SQL",
            "apart/s",
            "of bare SQL",
            "oversold",
        ],
    )
    for name, bursts in found.items():
        rate = PEOPLE / bursts.median
        table.add(
            name,
            str(len(bursts.seconds)),
            milliseconds(bursts.median),
            milliseconds(percentile(bursts.seconds, 95)),
            milliseconds(max(bursts.seconds)),
            milliseconds(bursts.cpu / len(bursts.seconds) / PEOPLE) if bursts.cpu else "",
            milliseconds(bursts.database / len(bursts.seconds) / PEOPLE) if bursts.database else "",
            f"{rate:.0f}",
            f"{rate / (PEOPLE / base.median):.2f}",
            f"{apart[name]:.0f}" if name in apart else "",
            f"{apart[name] / apart['bare psycopg']:.2f}" if name in apart else "",
            str(bursts.oversold),
        )
    report.add(table)
    for name, bursts in found.items():
        if name.startswith("control"):
            report.judge(
                "the control without the lock oversells",
                bursts.oversold > 0,
                f"{bursts.oversold} of {len(bursts.seconds)} bursts, at most {bursts.most} in {PLACES} places",
            )
            continue
        report.judge(
            f"{name}: exactly {PLACES} confirmed and {PEOPLE - PLACES} queued, every time",
            not bursts.wrong,
            bursts.wrong[0] if bursts.wrong else f"{len(bursts.seconds)} of {len(bursts.seconds)}",
        )
        if name != "bare psycopg":
            report.judge(
                f"{name}: the burst in under half a second",
                bursts.median < LONGEST_BURST,
                f"{milliseconds(bursts.median)} ms",
            )
            share = base.median / bursts.median
            report.judge(f"{name}: a tenth of bare SQL, contended", share >= TENTH, f"{share:.2f}")
