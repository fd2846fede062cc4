"""Figures over ten years of taking part: making the facts, the copy, any figure, the dashboard, beside plain SQL."""

import json
from pathlib import Path
from typing import Any

from benchmarks.databases import Databases, inside
from benchmarks.report import Report, Table, milliseconds, percentile
from benchmarks.server import environment

SIZES = (1_000_000, 10_000_000)
# Seconds: any figure, and the whole page, by the number of facts; p95.
LONGEST_FIGURE = {1_000_000: 0.15, 10_000_000: 1.0}
LONGEST_PAGE = {1_000_000: 0.3, 10_000_000: 1.0}
FASTEST_MAKING = 500_000


def run(databases: Databases, folder: Path, report: Report, *, template: str, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure, and put the tables and the verdicts into the report."""
    found: dict[int, dict[str, Any]] = {}
    for size in sizes:
        name = databases.name(f"figures_{size}")
        copies = folder / f"figures-{size}"
        env = {**environment(databases.url(name), folder), "FIGURES_DIR": str(copies)}
        there = databases.keep and databases.exists(name)
        # Facts are made from marks at the smallest size; the greater ones are written as they would be.
        known = size == min(sizes)
        if not there:
            report.say(f"figures: ten years of {size:,} participations")
            databases.create(f"figures_{size}", template=template)
            inside("figures_world", str(size), "known" if known else "", env=env)
        one = found[size] = {}
        if known:
            report.say(f"figures: {size:,} facts made from all that is there")
            one["make"] = json.loads(inside("figures_make", env=env))
        report.say(f"figures: {size:,} copied")
        one["copy"] = json.loads(inside("figures_copy", env=env))
        report.say(f"figures: every figure of {size:,}")
        one["ask"] = json.loads(inside("figures_ask", env=env))
        one["beside"] = json.loads(inside("figures_beside", env=env))
        report.say(f"figures: the dashboard of {size:,}")
        one["page"] = json.loads(inside("figures_page", env=env))
        if not databases.keep:
            databases.drop_one(name)
    _tell(report, found)


def _tell(report: Report, found: dict[int, dict[str, Any]]) -> None:
    made = Table("Made beforehand", ["facts", "made from marks s", "a minute", "the copy s", "MB"])
    for size, one in found.items():
        make = one.get("make")
        rate = make["made"] / make["seconds"] * 60 if make else 0
        made.add(
            f"{size:,}",
            f"{make['seconds']:.0f}" if make else "",
            f"{rate:,.0f}" if make else "",
            f"{one['copy']['seconds']:.1f}",
            f"{one['copy']['mb']:.0f}",
        )
        if make:
            report.judge(f"facts made anew: {FASTEST_MAKING:,} a minute", rate >= FASTEST_MAKING, f"{rate:,.0f}")
            report.judge("making them once more changes nothing", make["again"] == 0, f"{make['again']} rows")
        report.judge(
            f"the copy of {size:,} within five minutes", one["copy"]["seconds"] < 300, f"{one['copy']['seconds']:.0f} s"
        )
    report.add(made)
    figures = Table(
        "Any figure, any breakdown, any filter", ["facts", "period", "figures", "p50 ms", "p95 ms", "longest", "which"]
    )
    for size, one in found.items():
        for period, told in one["ask"].items():
            seconds = told["seconds"]
            figures.add(
                f"{size:,}",
                period,
                str(len(seconds)),
                milliseconds(percentile(seconds, 50)),
                milliseconds(percentile(seconds, 95)),
                milliseconds(max(seconds)),
                told["longest"].replace("|", "/"),
            )
        longest = max(percentile(told["seconds"], 95) for told in one["ask"].values())
        allowed = LONGEST_FIGURE.get(size, 1.0)
        report.judge(
            f"any figure of {size:,}: p95 under {milliseconds(allowed)} ms",
            longest < allowed,
            f"{milliseconds(longest)} ms",
        )
    report.add(figures)
    pages = Table("The whole dashboard: three periods", ["facts", "p50 ms", "p95 ms", "longest"])
    for size, one in found.items():
        seconds = one["page"]
        pages.add(f"{size:,}", *[milliseconds(percentile(seconds, share)) for share in (50, 95, 100)])
        allowed = LONGEST_PAGE.get(size, 1.0)
        p95 = percentile(seconds, 95)
        report.judge(
            f"the dashboard of {size:,}: p95 under {milliseconds(allowed)} ms", p95 < allowed, f"{milliseconds(p95)} ms"
        )
    report.add(pages)
    beside = Table(
        "A quarter's different people by department and parish, the middle one of six",
        ["facts", "ours ms", "plain SQL on PostgreSQL", "plain SQL on DuckDB"],
    )
    for size, one in found.items():
        told = one["beside"]
        beside.add(f"{size:,}", *[milliseconds(percentile(told[name], 50)) for name in ("ours", "postgres", "duckdb")])
        report.judge(f"all three say the same of {size:,}", told["same"], "yes" if told["same"] else "no")
    report.add(beside)
