"""``python -m benchmarks [name …]``: catalogue, activity, registration, desk, overlap, overlaps, figures; all when none is named."""

import argparse
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType

from benchmarks import catalogue, desk, figures, overlap, overlaps, registration
from benchmarks.databases import CHECKOUT, Databases, inside
from benchmarks.report import Report
from benchmarks.server import environment

NAMES = ("catalogue", "activity", "registration", "desk", "overlap", "overlaps", "figures")
SIZES = "1000,10000,100000"
DOCUMENT = CHECKOUT / "docs" / "performance.md"


def main(arguments: list[str]) -> int:
    """Run what was asked; 0 when every target is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument(
        "--sizes", help=f"numbers of activities (else {SIZES}; overlaps: {overlaps.SIZES}; figures: {figures.SIZES})"
    )
    parser.add_argument("--count", type=int, default=catalogue.ADDRESSES, help="addresses asked for at each size")
    parser.add_argument("--bursts", type=int, default=registration.BURSTS, help="bursts with each number of processes")
    parser.add_argument("--keep", action="store_true", help="keep the databases, and use kept ones")
    parser.add_argument(
        "--migrated", metavar="NAME", help="copy this migrated database, which nobody uses, at the start"
    )
    parser.add_argument("--no-write", action="store_true", help="print only; leave docs/performance.md as it is")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    # A killed run still drops its databases.
    signal.signal(signal.SIGTERM, _leave)
    names = [name for name in NAMES if name in (chosen.names or NAMES)]
    if "catalogue" in names and "activity" in names:
        names.remove("activity")  # The first measures both.
    sizes = tuple(int(size) for size in (chosen.sizes or SIZES).split(","))
    databases = Databases(keep=chosen.keep)
    databases.forget_the_dead()
    import os

    folder = CHECKOUT / "var" / f"bench-{os.getpid()}"
    folder.mkdir(parents=True)
    met = True
    try:
        template = _template(databases, folder, copied=chosen.migrated) if names != ["overlap"] else ""
        for name in names:
            report = Report("catalogue" if name == "activity" else name, databases.version())
            if name == "registration":
                registration.run(databases, folder, report, template=template, bursts=chosen.bursts)
            elif name == "desk":
                desk.run(databases, folder, report, template=template, sizes=(sizes[0], sizes[-1]))
            elif name == "overlap":
                overlap.run(report)
            elif name == "overlaps":
                overlaps.run(
                    databases, folder, report, template=template, sizes=sizes if chosen.sizes else overlaps.SIZES
                )
            elif name == "figures":
                figures.run(
                    databases, folder, report, template=template, sizes=sizes if chosen.sizes else figures.SIZES
                )
            else:
                catalogue.run(
                    databases,
                    folder,
                    report,
                    template=template,
                    sizes=sizes,
                    count=chosen.count,
                    only_pages=name == "activity",
                )
            print(f"\n{report.markdown()}\n", flush=True)
            # A part of a benchmark does not stand for the whole in the document.
            if not chosen.no_write and name != "activity":
                report.write(DOCUMENT)
            met = met and report.met
    finally:
        databases.drop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if met else 1


def _template(databases: Databases, folder: Path, *, copied: str | None = None) -> str:
    """An empty, migrated database that the others are copied from."""
    name = databases.create("template", template=copied)
    inside("migrate", env=environment(databases.url(name), folder))
    return name


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
