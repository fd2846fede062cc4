"""The shared vocabulary comes from files that the departments keep, and is brought in as often as they like.

What the files name is added or changed; what they no longer name is retired, never deleted, since old activities
still say it; what they name again comes back. Public statements are written once and then belong to their editors, and
so are the first version of the shared rules, which then belong to the departments, and the dated limits of figures.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ecosystem.domain import dated_limits
from ecosystem.models import (
    Audience,
    Competence,
    Department,
    Neighbourhood,
    Parish,
    RuleSet,
    Statement,
    Topic,
    Village,
)
from ecosystem.models.base import Term
from ecosystem.overlap.rules import DEFAULTS, numbers
from ecosystem.text import sort_key

DATA = Path(__file__).resolve().parent.parent / "data"
# Two loads at once would both add the same row: the second waits. Any number will do, if it is always the same.
_LOCK = 5_202_001


class VocabularyError(Exception):
    """The files contradict themselves; nothing was taken from them."""


class What(Enum):
    """What happened to a word."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"
    BACK = "back"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """One word that the files added, changed, retired or brought back."""

    what: What
    kind: str
    code: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = {
            What.ADDED: _("added"),
            What.CHANGED: _("changed"),
            What.RETIRED: _("retired"),
            What.BACK: _("brought back"),
            What.REMOVED: _("removed"),
        }[self.what]
        fields = f" ({', '.join(self.fields)})" if self.fields else ""
        return f"{said}: {self.kind} {self.code}{fields}"


def load(*, now: datetime, dry_run: bool = False, folder: Path = DATA) -> list[Change]:
    """Bring the vocabulary in line with the files of ``folder`` and tell what changed (nothing, the second time)."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        changes = [
            *_bring(Department, _departments(folder), now=now),
            *_bring(Parish, _parishes(folder), now=now),
            *_bring(Village, _villages(folder), now=now),
            *_bring_borders(folder),
            *_bring(Competence, _competences(folder), now=now),
            *_bring(Topic, _topics(folder), now=now),
            *_bring(Audience, _audiences(folder), now=now),
            *_write_missing_statements(folder, now=now),
            *_write_first_rules(now=now),
            *(Change(What.ADDED, "limit", code) for code in dated_limits.write_missing(now=now, folder=folder)),
        ]
        _check_slugs()
        if dry_run:
            transaction.set_rollback(True)
    return changes


def _bring(model: type[Term], rows: Iterable[Mapping[str, Any]], *, now: datetime) -> list[Change]:
    """Add, change, bring back and retire the terms of one kind."""
    kind = model.__name__.lower()
    known = {term.pk: term for term in model._default_manager.all()}
    changes: list[Change] = []
    seen: set[str] = set()
    for row in rows:
        code = row["code"]
        if code in seen:
            raise VocabularyError(_("%(kind)s «%(code)s» is listed twice.") % {"kind": kind, "code": code})
        seen.add(code)
        term = known.get(code)
        if term is None:
            model._default_manager.create(**row)
            changes.append(Change(What.ADDED, kind, code))
            continue
        row = _keep_newer_population(term, row)
        differing = tuple(name for name, value in row.items() if getattr(term, name) != value)
        back = term.retired_at is not None
        if not differing and not back:
            continue
        for name in differing:
            setattr(term, name, row[name])
        term.retired_at = None
        term.save()
        changes.append(Change(What.BACK if back else What.CHANGED, kind, code, differing))
    for code, term in known.items():
        if code not in seen and term.retired_at is None:
            term.retired_at = now
            term.save(update_fields=["retired_at"])
            changes.append(Change(What.RETIRED, kind, code))
    return changes


def _keep_newer_population(term: Term, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without the population, when the municipality has since imported a later count of its own."""
    if isinstance(term, Parish) and term.population_date > row["population_date"]:
        return {name: value for name, value in row.items() if not name.startswith("population")}
    return row


def _bring_borders(folder: Path) -> list[Change]:
    """Borders are facts about pairs of parishes, not words: one that is no longer listed is removed."""
    known = {(border.parish_id, border.neighbour_id): border for border in Neighbourhood.objects.all()}
    changes: list[Change] = []
    for row in _read(folder / "parish_neighbours.csv"):
        pair = (row["code"], row["neighbour_code"])
        length = int(row["shared_border_m"])
        border = known.pop(pair, None)
        if border is None:
            Neighbourhood.objects.create(parish_id=pair[0], neighbour_id=pair[1], shared_border_m=length)
            changes.append(Change(What.ADDED, "border", "–".join(pair)))
        elif border.shared_border_m != length:
            border.shared_border_m = length
            border.save()
            changes.append(Change(What.CHANGED, "border", "–".join(pair), ("shared_border_m",)))
    for pair, border in known.items():
        border.delete()
        changes.append(Change(What.REMOVED, "border", "–".join(pair)))
    return changes


def _write_missing_statements(folder: Path, *, now: datetime) -> list[Change]:
    """Write the public texts that are not there yet; one that is there belongs to its editors and is left alone."""
    there = set(Statement.objects.values_list("key", flat=True))
    changes: list[Change] = []
    for path in sorted((folder / "statements").glob("*.lv.html")):
        key = path.name.removesuffix(".lv.html")
        if key in there:
            continue
        texts: dict[str, str] = {}
        for language in ("lv", "en"):
            heading, body = (path.parent / f"{key}.{language}.html").read_text(encoding="utf-8").split("\n", 1)
            texts[f"title_{language}"] = heading.removeprefix("<h1>").removesuffix("</h1>")
            texts[f"body_{language}"] = _fill(body.strip())
        Statement.objects.create(key=key, updated_on=timezone.localdate(now), **texts)
        changes.append(Change(What.ADDED, "statement", key))
    return changes


def _write_first_rules(*, now: datetime) -> list[Change]:
    """Write the rules that the portal comes with as version 1, unless the departments have rules already."""
    if RuleSet.objects.exists():
        return []
    RuleSet.objects.create(
        version=DEFAULTS.version,
        thresholds=numbers(DEFAULTS),
        in_force_from=DEFAULTS.in_force_from,
        proposed_at=now,
        agreed_at=now,
    )
    return [Change(What.ADDED, "rule_set", str(DEFAULTS.version))]


def _fill(text: str) -> str:
    """The text with this municipality's own name and contact in it."""
    for name in ("PORTAL_NAME", "MUNICIPALITY_NAME", "CONTACT_PHONE", "CONTACT_EMAIL", "CONTACT_HOURS"):
        text = text.replace(f"[{name}]", str(getattr(settings, name)))
    return text


def _check_slugs() -> None:
    """One address for one place: "vieta" in the catalogue names a village or a parish by it."""
    both = set(Parish.objects.values_list("slug", flat=True)) & set(Village.objects.values_list("slug", flat=True))
    if both:
        raise VocabularyError(
            _("A village and a parish have the same address: %(slugs)s.") % {"slugs": ", ".join(sorted(both))}
        )


def _read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of the vocabulary."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_alphabet(rows: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Places in the order of the Latvian alphabet, numbered."""
    return [
        {**row, "position": place}
        for place, row in enumerate(sorted(rows, key=lambda row: sort_key(row["name"])), start=1)
    ]


def _departments(folder: Path) -> Iterable[dict[str, Any]]:
    for place, row in enumerate(_read(folder / "departments.csv"), start=1):
        yield {**row, "position": place}


def _parishes(folder: Path) -> Iterable[dict[str, Any]]:
    postcodes: dict[str, list[str]] = {}
    for row in _read(folder / "postcodes.csv"):
        postcodes.setdefault(row["parish_code"], []).append(row["postcode"])
    for row in _by_alphabet(_read(folder / "parishes.csv")):
        yield {
            **row,
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
            "area_km2": float(row["area_km2"]) if row["area_km2"] else None,
            "population": int(row["population"]) if row["population"] else None,
            "postcodes": postcodes.get(row["code"], []),
        }


def _villages(folder: Path) -> Iterable[dict[str, Any]]:
    for row in _by_alphabet(_read(folder / "villages.csv")):
        kind = row.pop("kind")
        yield {
            **{name: value for name, value in row.items() if name != "parish_code"},
            "parish_id": row["parish_code"],
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
            "is_centre": kind == "centre",
        }


def _competences(folder: Path) -> Iterable[dict[str, Any]]:
    lists = json.loads((folder / "codelists.json").read_text(encoding="utf-8"))
    for place, row in enumerate(lists["key_competences"], start=1):
        yield {"code": row["code"], "name_lv": row["lv"], "name_en": row["en"], "position": place}


def _topics(folder: Path) -> Iterable[dict[str, Any]]:
    for place, row in enumerate(_read(folder / "topics.csv"), start=1):
        competence = row.pop("key_competence")
        yield {**row, "competence_id": competence, "position": place}


def _audiences(folder: Path) -> Iterable[dict[str, Any]]:
    """The wider ones first, since a narrower one names what it is part of."""
    rows = [
        {
            **{name: row[name] for name in ("code", "name_lv", "name_en", "dative_lv", "dative_en")},
            "age_min": int(row["age_min"]) if row["age_min"] else None,
            "age_max": int(row["age_max"]) if row["age_max"] else None,
            "part_of_id": row["part_of"] or None,
            "is_sensitive": row["sensitive"] == "yes",
            "position": place,
        }
        for place, row in enumerate(_read(folder / "audiences.csv"), start=1)
    ]
    given: set[str | None] = {None}
    while rows:
        ready = [row for row in rows if row["part_of_id"] in given]
        if not ready:
            raise VocabularyError(
                _("Audiences are part of each other, or of one that is not listed: %(codes)s.")
                % {"codes": ", ".join(str(row["code"]) for row in rows)}
            )
        given |= {str(row["code"]) for row in ready}
        rows = [row for row in rows if row not in ready]
        yield from ready


def is_loaded() -> bool:
    """Whether there is a vocabulary to work with."""
    return Parish.objects.exists() and Topic.objects.exists() and Audience.objects.exists()
