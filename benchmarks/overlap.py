"""The shared rules by themselves: precision and recall on the labelled pairs, and judgements a second on one core."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, islice

from benchmarks.report import Report, Table
from ecosystem.overlap import thing
from ecosystem.overlap.judge import World, judge
from ecosystem.overlap.prepared import of
from ecosystem.overlap.profile import Profile
from tests.overlap.labelled import neighbours, pairs

PARTS = ("tuning", "held out", "unseen", "catchy")
KINDS = ("duplicate", "clash", "none")
# What is asked of duplicates on the pairs held out from tuning.
PRECISION, RECALL = 0.95, 0.90
# Judgements a second: of pairs that time or place rules out, and of whole comparisons, words and reasons included.
REJECTED, COMPARED = 100_000, 10_000
SOME = 200_000


def run(report: Report) -> None:
    """Measure both, and say what each target came to."""
    world = World(neighbours=neighbours())
    _judged(report, world)
    _timed(report, world)


def _judged(report: Report, world: World) -> None:
    """Precision and recall of each kind in each part of the set."""
    report.say("judging the labelled pairs")
    table = Table("Labelled pairs", ["part", "kind", "pairs", "found", "precision", "recall"])
    for part in PARTS:
        counted: Counter[tuple[str, str]] = Counter()
        for pair in pairs():
            if pair.part == part:
                found = judge(pair.first, pair.second, world=world)
                counted[pair.kind, found.kind if found else "none"] += 1
        for kind in KINDS:
            right = counted[kind, kind]
            said = sum(number for (_is, called), number in counted.items() if called == kind)
            are = sum(number for (labelled, _called), number in counted.items() if labelled == kind)
            precision, recall = right / max(1, said), right / max(1, are)
            table.add(part, kind, str(are), str(said), f"{precision:.3f}", f"{recall:.3f}")
            if (part, kind) == ("held out", "duplicate"):
                report.judge(
                    f"duplicates held out: precision at least {PRECISION:.2f}",
                    precision >= PRECISION,
                    f"{precision:.3f}",
                )
                report.judge(f"duplicates held out: recall at least {RECALL:.2f}", recall >= RECALL, f"{recall:.3f}")
    report.add(table)


def _timed(report: Report, world: World) -> None:
    """Judgements a second, warm, on one core."""
    report.say("timing judgements")
    sides = [side for pair in pairs() for side in (pair.first, pair.second)]
    random.Random(1).shuffle(sides)
    apart = [pair for pair in islice(combinations(sides, 2), SOME) if judge(*pair, world=world) is None]
    both = [(pair.first, pair.second) for pair in pairs() if judge(pair.first, pair.second, world=world)] * 20
    table = Table("Judgements a second, one core", ["what", "pairs", "a second"])
    rejected = _rate(apart, world)
    compared = _rate(both, world)
    table.add("candidates that come to nothing", f"{len(apart)}", f"{rejected:,.0f}")
    table.add("duplicates and clashes, reasons told", f"{len(both)}", f"{compared:,.0f}")
    table.add("the same, words compared anew each time", f"{len(both)}", f"{_rate(both, world, _forget_words):,.0f}")
    fresh = [replace(side) for side in sides]
    start = time.perf_counter()
    for side in fresh:
        of(side)
    table.add("activities made ready", f"{len(fresh)}", f"{len(fresh) / (time.perf_counter() - start):,.0f}")
    report.add(table)
    report.judge(f"at least {REJECTED:,} a second come to nothing", rejected >= REJECTED, f"{rejected:,.0f}")
    report.judge(f"at least {COMPARED:,} a second are compared and told", compared >= COMPARED, f"{compared:,.0f}")


def _rate(some: list[tuple[Profile, Profile]], world: World, before: Callable[[], None] | None = None) -> float:
    """How many of them are judged in a second; the best of three."""
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        for one, other in some:
            if before is not None:
                before()
            judge(one, other, world=world)
        best = max(best, len(some) / (time.perf_counter() - start))
    return best


def _forget_words() -> None:
    """As if no pair of contents had been met before."""
    thing._compared.cache_clear()
