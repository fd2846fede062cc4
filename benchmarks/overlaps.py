"""What overlaps, found at any size: one draft's look-up and the whole sweep, beside brute force and beside splink."""

import importlib.util
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.databases import CHECKOUT, Databases, inside
from benchmarks.report import Report, Table, milliseconds, percentile
from benchmarks.server import environment

SIZES = (10_000, 100_000, 1_000_000)
LOOKUPS = 1200
# Look-ups are measured in turns, so that whatever else the machine does falls on every size alike.
TURNS = 3
ONE_PARISH = 5_000
# So many are judged by brute force, each with each.
BRUTE, BRUTE_IN_PARISH = 1_000, 2_000
SPLINK_UP_TO = 100_000

# What is asked of it.
LOOKUP_MS, LOOKUP_TIMES = 25, 1.5
SWEEP_SECONDS = {100_000: 5, 1_000_000: 60}
EXPONENT = 1.15
MEGABYTES = 1000


class Measured:
    """One database of the measurement."""

    def __init__(
        self, databases: Databases, folder: Path, *, template: str, size: int, one_parish: bool = False
    ) -> None:
        self.size = size
        what = f"overlaps_{'parish_' if one_parish else ''}{size}"
        self.folder = folder
        self.made: dict[str, Any] = {}
        if databases.keep and databases.exists(databases.name(what)):
            self.env = environment(databases.url(databases.name(what)), folder)
            return
        self.env = environment(databases.url(databases.create(what, template=template)), folder)
        self.made = self.ask("overlaps_world", str(size), "1" if one_parish else "")

    def ask(self, code: str, *arguments: str) -> Any:
        """What a process inside Django answers."""
        return json.loads(inside(code, *arguments, env=self.env).splitlines()[-1])


def run(databases: Databases, folder: Path, report: Report, *, template: str, sizes: tuple[int, ...]) -> None:
    """Fill the databases, measure, and say what each target came to."""
    measured = []
    for size in sizes:
        report.say(f"planning {size:,} activities")
        measured.append(Measured(databases, folder, template=template, size=size))
    _say_what_it_took(measured, report)
    _look_up(measured, report)
    _sweep(measured, report)
    _one_parish(databases, folder, report, template)
    _beside_others(measured, report)


def _say_what_it_took(measured: list[Measured], report: Report) -> None:
    table = Table(
        "Made beforehand",
        ["activities", "planted pairs", "their footprints s", "a second", "activities and the rest s"],
    )
    for one in measured:
        if one.made:
            seconds = one.made["footprints"]
            rate = f"{one.size / seconds:,.0f}"
            table.add(f"{one.size:,}", f"{one.made['planted']:,}", f"{seconds:.0f}", rate, f"{one.made['rest']:.0f}")
    report.add(table)


def _look_up(measured: list[Measured], report: Report) -> None:
    report.say("looking up what overlaps with drafts")
    taken: dict[int, dict[str, list[float]]] = {one.size: {"hall": [], "online": []} for one in measured}
    found = dict.fromkeys(taken, 0)
    for turn in range(TURNS):
        for one in measured:
            answer = one.ask("overlaps_lookups", str(LOOKUPS // TURNS + 1), str(turn))
            found[one.size] += answer["found"]
            for where, seconds in taken[one.size].items():
                seconds += answer[where]
    table = Table(
        "One draft against so many, server time",
        ["activities", "drafts", "overlaps each", "p50 ms", "p95 ms", "longest", "online drafts: p50 ms", "p95 ms"],
    )
    for size, seconds in taken.items():
        hall, online = seconds["hall"], seconds["online"]
        table.add(
            f"{size:,}",
            str(len(hall) + len(online)),
            f"{found[size] / max(1, len(hall) + len(online)):.1f}",
            milliseconds(percentile(hall, 50)),
            milliseconds(percentile(hall, 95)),
            milliseconds(max(hall)),
            milliseconds(percentile(online, 50)),
            milliseconds(percentile(online, 95)),
        )
    report.add(table)
    first, last = measured[0].size, measured[-1].size
    p95 = {size: percentile([*seconds["hall"]], 95) for size, seconds in taken.items()}
    report.judge(
        f"a draft against {last:,}: p95 under {LOOKUP_MS} ms",
        p95[last] * 1000 < LOOKUP_MS,
        f"{milliseconds(p95[last])} ms",
    )
    times = p95[last] / p95[first]
    report.judge(f"… at most {LOOKUP_TIMES} times that against {first:,}", times <= LOOKUP_TIMES, f"{times:.2f}")


def _sweep(measured: list[Measured], report: Report) -> None:
    table = Table(
        "The whole sweep, two workers",
        [
            *("activities", "parts", "s", "of it looking for old footprints", "CPU s", "database CPU s", "MB"),
            *("pairs judged", "overlaps", "writing them the first time s"),
        ],
    )
    quality = Table("What is planted, and what is found", ["activities", "kind", "planted", "recall", "precision"])
    spent = {}
    for one in measured:
        report.say(f"sweeping {one.size:,}: the first time, when all is new")
        first = one.ask("overlaps_sweep")
        report.say(f"sweeping {one.size:,} once more")
        again = one.ask("overlaps_sweep")
        spent[one.size] = again["cpu"] + again["database"]
        table.add(
            f"{one.size:,}",
            str(again["parts"]),
            f"{again['seconds']:.1f}",
            f"{again['renewing']:.1f}",
            f"{again['cpu']:.1f}",
            f"{again['database']:.1f}",
            f"{again['mb']:.0f}",
            f"{again['judged']:,}",
            f"{again['found']:,}",
            f"{first['writing']:.1f}",
        )
        for kind in ("duplicate", "clash"):
            told = again[kind]
            quality.add(
                f"{one.size:,}", kind, f"{told['planted']:,}", f"{told['recall']:.3f}", f"{told['precision']:.3f}"
            )
        if one.size in SWEEP_SECONDS:
            most = SWEEP_SECONDS[one.size]
            report.judge(
                f"a sweep of {one.size:,} in under {most} s", again["seconds"] < most, f"{again['seconds']:.1f} s"
            )
        report.judge("… in under 1 GB", again["mb"] < MEGABYTES, f"{again['mb']:.0f} MB")
        report.judge(
            f"a second sweep of {one.size:,} writes nothing", again["written"] == 0, f"{again['written']} rows"
        )
    report.add(table)
    report.add(quality)
    low, high = measured[0].size, measured[-1].size
    if low < high:
        exponent = math.log(spent[high] / spent[low]) / math.log(high / low)
        report.judge(
            f"CPU time from {low:,} to {high:,}: exponent at most {EXPONENT}", exponent <= EXPONENT, f"{exponent:.2f}"
        )


def _one_parish(databases: Databases, folder: Path, report: Report, template: str) -> None:
    report.say(f"one parish with {ONE_PARISH:,} activities in a season")
    crowded = Measured(databases, folder, template=template, size=ONE_PARISH, one_parish=True)
    first = crowded.ask("overlaps_sweep")
    again = crowded.ask("overlaps_sweep")
    report.say("the same by brute force")
    brute = crowded.ask("overlaps_brute", str(BRUTE_IN_PARISH))
    table = Table(
        f"{ONE_PARISH:,} in one parish in a season",
        ["", "s", "pairs judged", "overlaps", "MB", "writing them the first time s"],
    )
    table.add(
        "the sweep",
        f"{again['seconds']:.1f}",
        f"{again['judged']:,}",
        f"{again['found']:,}",
        f"{again['mb']:.0f}",
        f"{first['writing']:.1f}",
    )
    table.add(
        f"brute force, {BRUTE_IN_PARISH:,} of them",
        f"{brute['seconds']:.1f}",
        f"{BRUTE_IN_PARISH * (BRUTE_IN_PARISH - 1) // 2:,}",
        f"{brute['found']:,}",
        f"{brute['mb']:.0f}",
        "",
    )
    report.add(table)
    report.judge(
        f"one parish: of {BRUTE_IN_PARISH:,} the sweep finds what brute force finds",
        brute["same"],
        f"{brute['found']:,} overlaps",
    )


def _beside_others(measured: list[Measured], report: Report) -> None:
    """Duplicates alone, since only those are a matter of likeness."""
    table = Table(
        "Duplicates of the same activities, one after another",
        ["activities", "", "s", "MB", "recall", "precision"],
    )
    smallest = measured[0]
    report.say("brute force")
    few = smallest.ask("overlaps_brute", str(min(BRUTE, smallest.size)))
    for one in measured:
        ours = one.ask("overlaps_sweep")
        told = ours["duplicate"]
        table.add(
            f"{one.size:,}",
            "ours",
            f"{ours['seconds']:.1f}",
            f"{ours['mb']:.0f}",
            f"{told['recall']:.3f}",
            f"{told['precision']:.3f}",
        )
        hours = few["seconds"] * (one.size / few["judged"]) ** 2 / 3600
        long = f"{hours:,.1f} h" if hours >= 1 else f"{hours * 3600:,.0f}"
        table.add(f"{one.size:,}", "brute force, reckoned from a thousand", long, "", "as ours", "as ours")
        if one.size > SPLINK_UP_TO:
            continue
        if importlib.util.find_spec("splink") is None:
            table.add(f"{one.size:,}", "splink: not installed (make bench installs it)", "", "", "", "")
            continue
        report.say(f"splink on {one.size:,}")
        answer, found = _splink(one)
        table.add(
            f"{one.size:,}",
            "splink on DuckDB",
            f"{answer['seconds']:.1f}",
            f"{answer['mb']:.0f}",
            f"{found['recall']:.3f}",
            f"{found['precision']:.3f}",
        )
    report.add(table)
    report.judge("ours is brute force's verdict, on the first thousand", few["same"], f"{few['found']} overlaps")


def _splink(one: Measured) -> tuple[dict[str, Any], dict[str, Any]]:
    path = one.folder / f"activities-{one.size}.csv"
    planted = one.ask("overlaps_export", str(path))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.overlaps_splink", str(path), str(planted)],
        cwd=CHECKOUT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"splink failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1]), one.ask("overlaps_compare", f"{path}.found")
