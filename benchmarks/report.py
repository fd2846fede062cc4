"""What was found: tables and verdicts, printed and kept in ``docs/performance.md``."""

import os
import platform
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psutil

MARK = "<!-- bench:{name}:{end} -->"


def percentile(values: list[float], share: int) -> float:
    """The value that so many per cent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share / 100 * (len(ordered) - 1)))] if ordered else float("nan")


def milliseconds(seconds: float) -> str:
    """ "12.3"; from a hundred on without the tenth."""
    value = seconds * 1000
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


@dataclass
class Table:
    """One table."""

    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """One row."""
        self.rows.append(list(cells))

    def markdown(self) -> str:
        """As Markdown, the columns aligned, so that it reads on a terminal too."""
        widths = [max(len(row[at]) for row in [self.head, *self.rows]) for at in range(len(self.head))]

        def line(cells: list[str]) -> str:
            return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

        rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        return "\n".join([f"**{self.title}**", "", line(self.head), rule, *[line(row) for row in self.rows]])


@dataclass
class Report:
    """The tables and verdicts of one benchmark."""

    name: str
    postgres: str
    tables: list[Table] = field(default_factory=list)
    verdicts: list[tuple[str, bool, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        """What is being done, for whoever waits."""
        print(f"[{time.monotonic() - self.began:5.0f} s] {text}", file=sys.stderr, flush=True)

    def add(self, table: Table) -> None:
        """One more table."""
        self.tables.append(table)

    def judge(self, target: str, met: bool, measured: str) -> None:
        """One target, and whether it is met."""
        self.verdicts.append((target, met, measured))

    @property
    def met(self) -> bool:
        """Whether every target is met."""
        return all(met for _target, met, _measured in self.verdicts)

    def markdown(self) -> str:
        """The whole, as it stands in the document."""
        memory = psutil.virtual_memory().total / 1e9
        busy = os.getloadavg()[0]
        lines = [
            f"{date.today():%d.%m.%Y}, {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB,"  # noqa: DTZ011
            f" PostgreSQL {self.postgres}, Python {platform.python_version()}; load when it ended {busy:.1f}.",
            *self.notes,
            *[table.markdown() for table in self.tables],
        ]
        verdicts = Table("Targets", ["target", "measured", "met"])
        for target, met, measured in self.verdicts:
            verdicts.add(target, measured, "yes" if met else "**no**")
        return "\n\n".join([*lines, verdicts.markdown()])

    def write(self, path: Path) -> None:
        """Put it between this benchmark's marks in a document that has them."""
        start, end = MARK.format(name=self.name, end="start"), MARK.format(name=self.name, end="end")
        text = path.read_text(encoding="utf-8")
        before, _, rest = text.partition(start)
        _, found, after = rest.partition(end)
        if not found:
            raise SystemExit(f"{path.name} has no place for {self.name}")
        path.write_text(f"{before}{start}\n\n{self.markdown()}\n\n{end}{after}", encoding="utf-8")
