"""The labelled set: pairs of activities as the three departments would write them, and what a coordinator would call them.

A pair in ``pairs/*.toml`` says what it ``is`` (duplicate, clash, none), the ``trap`` in it, and its two sides: ``by`` a
department, ``at`` a village, titles ``lv``/``en``/``ru``, ``about`` (the summary), ``topic``, ``for`` (audiences), ``ages``
(``60-``), ``level``, ``language``, ``format``, ``partners``, and ``when``: ``2027-02-04 10:00-12:15 x5`` is five weeks,
``x5/1`` five days.

The first pairs were written before their author had read the words the rules know; they are *tuning* or *held out* by a hash of
their name, so nobody chose. What is in ``pairs/second`` is all for tuning: batches that were unseen when they were written, and learnt
from afterwards. ``pairs/unseen`` are programmes by other authors, of which next to nothing was learnt; ``pairs/catchy`` is made of
titles that name nothing beside official ones, as hard as could be. See ``docs/overlap.md``.
"""

import csv
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ecosystem.geo import Point
from ecosystem.overlap.profile import Group, Profile

HERE = Path(__file__).parent
VOCABULARY = HERE.parents[1] / "ecosystem" / "data"
TUNING_PERCENT = 60
# The part that a folder of pairs is.
PARTS = {"second": "tuning", "unseen": "unseen", "catchy": "catchy"}
# As the portal counts neighbours: a shared border of 1.5 km or more.
BORDER_M = 1500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two activities and what they are to each other."""

    name: str
    kind: str
    trap: str
    first: Profile
    second: Profile
    # Its part: ``tuning``, ``held out``, ``unseen`` or ``catchy``.
    part: str


def rows(name: str) -> list[dict[str, str]]:
    """A table of the vocabulary."""
    with (VOCABULARY / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def groups() -> dict[str, Group]:
    """The audiences by code, each with the wider ones around it, nearest first."""
    table = {row["code"]: row for row in rows("audiences.csv")}
    return {
        code: Group(
            code,
            row["name_lv"],
            int(row["age_min"]) if row["age_min"] else None,
            int(row["age_max"]) if row["age_max"] else None,
            tuple(_around(code, table)),
            row["dative_lv"],
            row["dative_en"],
        )
        for code, row in table.items()
    }


def _around(code: str, table: dict[str, dict[str, str]]) -> list[str]:
    wider = table[code]["part_of"]
    return [wider, *_around(wider, table)] if wider else []


@cache
def villages() -> dict[str, dict[str, str]]:
    """The villages by name."""
    return {row["name"]: row for row in rows("villages.csv")}


@cache
def parishes() -> dict[str, str]:
    """The names of the parishes by code."""
    return {row["code"]: row["name"] for row in rows("parishes.csv")}


@cache
def neighbours() -> dict[str, frozenset[str]]:
    """Which parishes border on which."""
    found: dict[str, set[str]] = {}
    for row in rows("parish_neighbours.csv"):
        if int(row["shared_border_m"]) >= BORDER_M:
            found.setdefault(row["code"], set()).add(row["neighbour_code"])
    return {code: frozenset(others) for code, others in found.items()}


@cache
def pairs() -> tuple[Pair, ...]:
    """The whole set, in the order of its files."""
    found = []
    for path in sorted((HERE / "pairs").rglob("*.toml")):
        part = PARTS.get(path.parent.name, "")
        for name, pair in tomllib.loads(path.read_text(encoding="utf-8")).items():
            first, second = side(f"{name}:a", pair["a"]), side(f"{name}:b", pair["b"])
            found.append(Pair(name, pair["is"], pair["trap"], first, second, part or _part(name)))
    return tuple(found)


def _part(name: str) -> str:
    return "tuning" if int(sha256(name.encode()).hexdigest(), 16) % 100 < TUNING_PERCENT else "held out"


def side(ref: str, said: dict[str, Any]) -> Profile:
    """One activity."""
    village = villages()[said["at"]]
    low, _, high = said.get("ages", "-").partition("-")
    return Profile(
        ref=ref,
        department=said["by"],
        titles={language: said[language] for language in ("lv", "en", "ru") if said.get(language)},
        topic=said["topic"],
        groups=tuple(groups()[code] for code in said["for"].split()),
        sessions=sessions(said["when"]),
        parish=village["parish_code"],
        parish_name=parishes()[village["parish_code"]],
        point=Point(float(village["lat"]), float(village["lon"])),
        summaries={"lv": said["about"]} if "about" in said else {},
        partners=frozenset(said.get("partners", "").split()),
        age_min=int(low) if low else None,
        age_max=int(high) if high else None,
        level=said.get("level", ""),
        language=said.get("language", "lv"),
        format=said.get("format", "in_person"),
    )


def sessions(when: str) -> tuple[tuple[datetime, datetime], ...]:
    """``2027-02-04 10:00-12:15 x5`` as five sessions, a week apart."""
    day, hours, *times = when.split()
    start, _, end = hours.partition("-")
    count, _, step = (times[0].removeprefix("x") if times else "1").partition("/")
    first = datetime.fromisoformat(f"{day}T{start}")
    last = datetime.fromisoformat(f"{day}T{end}")
    return tuple(
        (first + timedelta(days=n * int(step or 7)), last + timedelta(days=n * int(step or 7)))
        for n in range(int(count))
    )
