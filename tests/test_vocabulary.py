"""The vocabulary follows its files: it comes, changes, is retired and comes back; editors' texts are left alone."""

import csv
import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ecosystem.domain import vocabulary
from ecosystem.models import Audience, Neighbourhood, Parish, RuleSet, Statement, Topic, Village
from ecosystem.overlap.rules import DEFAULTS, THRESHOLDS
from ecosystem.text import sort_key
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def told(**options: object) -> list[str]:
    out = StringIO()
    call_command("load_vocabulary", stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(vocabulary.DATA, tmp_path / "data")
    return tmp_path / "data"


def rewrite(path: Path, change) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_load_vocabulary_loads_all_once() -> None:
    first = told()
    counts = {
        kind: sum(f" {kind} " in line for line in first)
        for kind in (
            "department",
            "parish",
            "village",
            "border",
            "competence",
            "topic",
            "audience",
            "statement",
            "rule_set",
            "limit",
        )
    }
    assert counts == {
        "department": 3,
        "parish": 16,
        "village": 46,
        "border": 56,
        "competence": 8,
        "topic": 19,
        "audience": 16,
        "statement": 4,
        "rule_set": 1,
        "limit": 10,
    }
    assert len(told()) == 1
    eleja = Village.objects.get(slug="eleja")
    assert (eleja.accusative, eleja.locative, eleja.genitive) == ("Eleju", "Elejā", "Elejas")
    assert eleja.parish == Parish.objects.get(slug="elejas-pagasts")
    assert Audience.objects.get(code="seniors").dative_en == "For seniors"
    assert not set(Village.objects.values_list("slug")) & set(Parish.objects.values_list("slug"))
    names = list(Village.objects.order_by("position").values_list("name", flat=True))
    assert names == sorted(names, key=sort_key)


def test_load_vocabulary_dry_run_changes_nothing() -> None:
    assert len(told(dry_run=True)) == 16 + 46 + 56 + 3 + 8 + 19 + 16 + 4 + 1 + 10 + 1
    assert [model.objects.count() for model in (Parish, Topic, Statement, RuleSet)] == [0, 0, 0, 0]


def test_what_vanished_is_retired_and_comes_back(folder: Path) -> None:
    vocabulary.load(now=NOW, folder=folder)
    rewrite(folder / "topics.csv", lambda rows: [row for row in rows if row["code"] != "play"])
    changes = vocabulary.load(now=NOW, folder=folder)
    assert [(c.what, c.code) for c in changes if c.fields != ("position",)] == [(vocabulary.What.RETIRED, "play")]
    assert Topic.objects.get(code="play").retired_at == NOW
    shutil.copy(vocabulary.DATA / "topics.csv", folder)
    changes = vocabulary.load(now=NOW, folder=folder)
    assert [(c.what, c.code) for c in changes if c.fields != ("position",)] == [(vocabulary.What.BACK, "play")]
    assert Topic.objects.get(code="play").retired_at is None


def test_a_changed_row_is_named_with_its_fields_and_a_border_may_go(folder: Path) -> None:
    vocabulary.load(now=NOW, folder=folder)
    rewrite(folder / "villages.csv", lambda rows: [{**r, "lat": "56.5"} if r["slug"] == "eleja" else r for r in rows])
    rewrite(folder / "parish_neighbours.csv", lambda rows: rows[1:])
    changed, removed = vocabulary.load(now=NOW, folder=folder)
    assert (changed.what, changed.code, changed.fields) == (vocabulary.What.CHANGED, "0540248-eleja", ("lat",))
    assert (removed.what, removed.kind) == (vocabulary.What.REMOVED, "border")
    assert Neighbourhood.objects.count() == 55


def test_editors_texts_and_a_later_population_stay() -> None:
    vocabulary.load(now=NOW)
    Statement.objects.filter(key="privatums").update(body_lv="<p>Labots</p>")
    Parish.objects.filter(slug="elejas-pagasts").update(population=1900, population_date="2026-01-01")
    assert vocabulary.load(now=NOW) == []
    assert Statement.objects.get(key="privatums").body_lv == "<p>Labots</p>"
    assert Parish.objects.get(slug="elejas-pagasts").population == 1900


def test_the_first_rules_are_written_once_and_those_of_the_departments_stay() -> None:
    changes = vocabulary.load(now=NOW)
    assert [(change.what, change.code) for change in changes if change.kind == "rule_set"] == [
        (vocabulary.What.ADDED, "1")
    ]
    first = RuleSet.objects.get()
    assert (first.version, first.in_force_from, first.proposed_by, first.agreed_at) == (1, date(2026, 1, 1), None, NOW)
    assert first.thresholds == {name: getattr(DEFAULTS, name) for name in THRESHOLDS}
    RuleSet.objects.update(version=2, thresholds={})
    assert vocabulary.load(now=NOW) == []
    assert RuleSet.objects.get().version == 2


def test_one_slug_for_a_village_and_a_parish_is_refused(folder: Path) -> None:
    rewrite(
        folder / "villages.csv",
        lambda rows: [{**r, "slug": "elejas-pagasts"} if r["slug"] == "eleja" else r for r in rows],
    )
    with pytest.raises(vocabulary.VocabularyError, match="elejas-pagasts"):
        vocabulary.load(now=NOW, folder=folder)
    assert Parish.objects.count() == 0
