"""The desk of a department with 100 000 activities and 1 000 000 registrations: pages, the importer, a long sheet."""

import json
from pathlib import Path
from typing import Any

from benchmarks.databases import Databases, inside
from benchmarks.report import Report, Table, milliseconds, percentile
from benchmarks.server import environment

SIZES = (1_000, 100_000)
LONGEST_IMPORT = 10.0
# Of whole requests, the middle one; a rehearsal of a season judges hundreds of activities.
LONGEST_PAGE, LONGEST_REHEARSAL = 0.3, 2.0
REHEARSAL = "rehearsal of a season"


def run(databases: Databases, folder: Path, report: Report, *, template: str, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure, and put the tables and the verdicts into the report."""
    found: dict[int, dict[str, Any]] = {}
    for size in sizes:
        name = databases.name(f"desk_{size}")
        env = environment(databases.url(name), folder)
        if not (databases.keep and databases.exists(name)):
            report.say(f"desk: {size} activities and ten times as many registrations: filling")
            databases.create(f"desk_{size}", template=template)
            inside("desk_world", str(size), env=env)
        report.say(f"desk: {size} activities: pages")
        pages = json.loads(inside("desk_pages", env=env))
        sheet = json.loads(inside("desk_sheet", env=env))
        report.say(f"desk: {size} activities: a programme file of a thousand rows")
        found[size] = {"pages": pages, "sheet": sheet, "import": json.loads(inside("desk_import", env=env))}
    _tell(report, found)


def _tell(report: Report, found: dict[int, dict[str, Any]]) -> None:
    sizes = list(found)
    report.notes.append(
        "Whole requests inside one process, the head of the department signed in; of each page the middle one of twelve."
    )
    pages = Table(
        "Pages of the desk",
        [
            "page",
            *[f"{size:,} activities, queries".replace(",", " ") for size in sizes],
            *[f"{size} ms" for size in sizes],
        ],
    )
    for name in found[sizes[0]]["pages"]:
        rows = [found[size]["pages"][name] for size in sizes]
        pages.add(
            name,
            *[str(row["queries"]) for row in rows],
            *[milliseconds(percentile(row["seconds"], 50)) for row in rows],
        )
        numbers = [row["queries"] for row in rows]
        # One more where there is something more to show: a second page, an earlier change, somebody who stands in.
        report.judge(
            f"{name}: the number of queries does not grow with the size",
            max(numbers) - min(numbers) <= 1,
            ", ".join(str(number) for number in numbers),
        )
        allowed = LONGEST_REHEARSAL if name == REHEARSAL else LONGEST_PAGE
        longest = max(percentile(row["seconds"], 50) for row in rows)
        report.judge(f"{name}: under {milliseconds(allowed)} ms", longest < allowed, f"{milliseconds(longest)} ms")
    report.add(pages)
    work = Table("Work at the desk", ["", *[f"{size} activities" for size in sizes]])
    for name in found[sizes[0]]["import"]:
        seconds = [found[size]["import"][name] for size in sizes]
        work.add(
            f"a programme file of 1000 rows and 4000 sessions, {name}",
            *[f"{one:.1f} s, {one:.1f} ms a row" for one in seconds],
        )
        report.judge(
            f"1000 rows, {name}: under ten seconds",
            max(seconds) < LONGEST_IMPORT,
            ", ".join(f"{one:.1f} s" for one in seconds),
        )
    sheets = [found[size]["sheet"] for size in sizes]
    work.add("a sheet of 200 people saved whole", *[f"{milliseconds(percentile(s['whole'], 50))} ms" for s in sheets])
    work.add("one tap on that sheet", *[f"{milliseconds(percentile(s['tap'], 50))} ms" for s in sheets])
    report.add(work)
