"""``find_overlaps``: one document for the programme, a file with it, or a file alone; the gate where a file is taken."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from courses.domain import importing
from courses.models import Activity, Overlap
from ecosystem.domain import vocabulary
from ecosystem.file_rows import Row
from ecosystem.models import Parish
from tests.factories import NOW
from tests.harness.worlds import once
from tests.test_overlaps import smartphones

pytestmark = pytest.mark.django_db

HEAD = "ref;department;parish;title;topic;audiences;sessions;status;level"
WEEKS = "2027-02-04T10:00/12:00,2027-02-11T10:00/12:00"


def written(tmp_path: Path, *lines: str) -> Path:
    """A programme file: columns by comma between sessions, semicolons between cells."""
    path = tmp_path / "programma.csv"
    quoted = [line.replace(WEEKS, '"' + WEEKS.replace(",", ";") + '"') for line in lines]
    path.write_text("\n".join([HEAD, *quoted]), encoding="utf-8")
    return path


def asked(*arguments: Any) -> tuple[dict[str, Any], str]:
    out, err = StringIO(), StringIO()
    call_command("find_overlaps", *arguments, format="json", stdout=out, stderr=err)
    return json.loads(out.getvalue()), err.getvalue()


@once
def words() -> None:
    vocabulary.load(now=NOW)


def test_file_alone_needs_nothing_but_the_vocabulary_and_loads_it(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f"M-1;MUZ;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;{WEEKS};planned;",
        f";JAU;540248;Kā lietot viedtālruni;digital;seniors;{WEEKS};;",
        f"L-1;LAB;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;{WEEKS};draft;",
        ";LAB;Elejas pagasts;Viedtālrunis;digital;;;planned;",
    )
    told, logged = asked("--file", path, "--alone")
    assert Parish.objects.count() == 16
    assert told["rule_set"] == {"version": 1, "in_force_from": "2026-01-01"}
    pairs = [(one["kind"], one["first"]["ref"], one["second"]["ref"]) for one in told["findings"]]
    assert sorted(pairs) == [("duplicate", "M-1", "L-1"), ("duplicate", "M-1", "row:3"), ("duplicate", "row:3", "L-1")]
    [pair] = [one for one in told["findings"] if (one["first"]["ref"], one["second"]["ref"]) == ("M-1", "row:3")]
    assert pair["first"] == {"ref": "M-1", "title": "Viedtālrunis senioriem", "department": "MUZ"}
    assert [reason["rule"] for reason in pair["reasons"]] == ["people", "place", "time", "topic"]
    assert pair["reasons"][0]["lv"] == "Abas paredzētas senioriem."
    assert told["unjudged"] == [{"ref": "row:5", "missing": ["audiences", "sessions"]}]
    assert logged == ""
    assert Activity.objects.count() == 0


def test_cell_that_cannot_be_read_is_told_and_what_is_wanting_for_it_too(words: None, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "A;MUZ;Marsa pagasts;Viedtālrunis;digital;seniors;2027-02-31T10:00/12:00;planned;",
        "B;MUZ;Elejas pagasts;=1+1;digital;citplanētieši;2027-02-04T10:00/12:00;planned;",
    )
    told, logged = asked("--file", path, "--alone")
    assert told["findings"] == []
    assert told["unjudged"] == [{"ref": "A", "missing": ["sessions", "place"]}, {"ref": "B", "missing": ["audiences"]}]
    assert [line.split(":")[:2] for line in logged.splitlines()] == [
        ["2", " parish"],
        ["2", " sessions"],
        ["3", " audiences"],
    ]


def test_the_last_row_of_a_reference_counts_and_what_was_held_is_not_compared(words: None, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f"A;MUZ;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;{WEEKS};planned;",
        f"A;MUZ;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;{WEEKS};planned;",
        f"B;JAU;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;{WEEKS};planned;",
        f"B;JAU;Elejas pagasts;Džudo bērniem;health;children;{WEEKS};planned;",
        f"A;LAB;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;{WEEKS};completed;",
        f"A;Ārzemju;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;{WEEKS};planned;",
    )
    told, logged = asked("--file", path, "--alone")
    pairs = [(one["first"]["department"], one["second"]["department"], one["kind"]) for one in told["findings"]]
    assert pairs == [("MUZ", "Ārzemju", "duplicate")]
    assert [line.split(":")[:2] for line in logged.splitlines()] == [["7", " department"]]


def test_a_document_unless_a_table_is_asked_for(words: None) -> None:
    out = StringIO()
    call_command("find_overlaps", stdout=out)
    assert sorted(json.loads(out.getvalue())) == ["crowding", "findings", "rule_set", "unjudged"]


def test_open_doors_of_a_file_are_in_nobody_s_way(words: None, tmp_path: Path) -> None:
    days = ";".join(f"2027-02-{day:02d}T09:00/13:00" for day in range(1, 27))
    lines = [
        "ref;department;parish;title;topic;audiences;sessions;drop_in",
        f'M-1;MUZ;Elejas pagasts;Viedtālrunis senioriem;digital;seniors;"{WEEKS.replace(",", ";")}";nē',
        f'L-1;LAB;Elejas pagasts;Atvērtās durvis;wellbeing;seniors;"{days}";%s',
    ]
    for said, found in (("jā", []), ("", ["clash"])):
        path = tmp_path / "programma.csv"
        path.write_text("\n".join(lines) % said, encoding="utf-8")
        told, logged = asked("--file", path, "--alone")
        assert ([one["kind"] for one in told["findings"]], logged) == (found, "")


def test_file_with_the_programme_replaces_what_it_would_change(words: None, tmp_path: Path) -> None:
    mine = smartphones("MUZ", ref="M-1")
    theirs = smartphones("JAU", ref="J-1")
    told, _logged = asked()
    assert [(one["first"]["ref"], one["second"]["ref"]) for one in told["findings"]] == [("M-1", "J-1")]
    path = written(tmp_path, f"J-1;JAU;Elejas pagasts;Džudo bērniem;health;children;{WEEKS};planned;")
    told, _logged = asked("--file", path)
    assert told["findings"] == []
    assert (mine.status, theirs.status, Overlap.objects.count()) == ("published", "published", 0)


def test_drafts_are_judged_for_their_department_and_the_period_narrows(words: None) -> None:
    smartphones("MUZ", ref="M-1")
    smartphones("JAU", ref="J-1", status="draft")
    assert asked()[0]["findings"] == []
    assert len(asked("--department", "JAU")[0]["findings"]) == 1
    assert len(asked("--department", "JAU", "--from", "2027-02-20")[0]["findings"]) == 1
    assert asked("--department", "JAU", "--from", "2027-04-01")[0]["findings"] == []
    assert asked("--department", "JAU", "--until", "2027-01-31")[0]["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--alone"], "Ar --alone vajadzīgs fails"),
        (["--department", "XXX"], "Nodaļas «XXX» nav."),
        (["--from", "2027-02-01", "--until", "2027-01-01"], "Laikposms beidzas, pirms tas sākas."),
    ],
)
def test_what_cannot_be_asked_is_said(words: None, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError) as refused:
        asked(*arguments)
    assert str(refused.value).startswith(said)


def test_a_table_for_people(words: None) -> None:
    smartphones("MUZ", ref="M-1")
    smartphones("JAU", ref="J-1")
    smartphones("LAB", ref="L-1", sessions=[], status="planned")
    out = StringIO()
    call_command("find_overlaps", format="table", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "Noteikumi: 1. versija, spēkā no 01.01.2026."
    assert "  M-1  MUZ  Viedtālrunis senioriem" in lines
    assert lines[-1] == "Nevar salīdzināt: L-1 (sessions)"


def row(line: int, **cells: str) -> Row:
    said = {"department": "JAU", "parish": "Elejas pagasts", "topic": "digital", "audiences": "seniors"}
    return Row(line, {**said, "title": "Kā lietot viedtālruni", "sessions": WEEKS.replace(",", ";"), **cells})


def taken(*rows: Row, **options: Any) -> importing.Outcome:
    return importing.import_rows(rows=rows, columns=importing.COLUMNS, now=NOW, **options)


def test_published_row_with_an_undecided_duplicate_arrives_as_planned_and_says_so(words: None) -> None:
    smartphones("MUZ", ref="M-1")
    outcome = taken(
        row(2, ref="J-1", status="published"),
        row(3, ref="J-2", status="published", title="Džudo bērniem", audiences="children", topic="health"),
    )
    assert (outcome.accepted, outcome.refused) == (2, [])
    assert dict(Activity.objects.filter(lead="JAU").values_list("ref", "status")) == {
        "J-1": "planned",
        "J-2": "published",
    }
    assert [(told.line, told.column, told.value) for told in outcome.held] == [(2, "status", "published")]
    assert outcome.held[0].en == (
        "Planned, not published yet: Mūžizglītības nodaļa plans the same for the same people, «Viedtālrunis senioriem»."
    )
    # Brought again, it waits still; what is published stays so.
    again = taken(row(2, ref="J-1", status="published"), row(3, ref="M-1", department="MUZ", status="published"))
    assert [told.line for told in again.held] == [2]
    assert Activity.objects.get(ref="M-1").status == "published"


def test_two_of_one_file_wait_for_each_other_and_a_rehearsal_tells_it(words: None) -> None:
    rows = [row(2, ref="J-1", status="published"), row(3, ref="L-1", department="LAB", status="published")]
    assert [told.line for told in taken(*rows, dry_run=True).held] == [2, 3]
    assert (Activity.objects.count(), Overlap.objects.count()) == (0, 0)
    assert [told.line for told in taken(*rows).held] == [2, 3]
    assert set(Activity.objects.values_list("status", flat=True)) == {"planned"}
    assert Overlap.objects.open().count() == 1


def test_many_rows_are_judged_together_as_one_by_one(words: None) -> None:
    smartphones("MUZ", ref="M-1")
    rows = [row(2 + n, ref=f"J-{n}", status="published", title=f"Viedtālrunis {n}. grupai") for n in range(25)]
    outcome = taken(*rows)
    assert (len(outcome.held), outcome.accepted) == (25, 25)
    assert Overlap.objects.filter(kind="duplicate", is_own=False).count() == 25
