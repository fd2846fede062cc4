"""The programme file: taken whole or not at all, every refusal in words, no file that breaks the command."""

import csv
import io
import json
import random
import zipfile
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from courses.enums import Presence
from courses.models import Activity, Attendance, Session
from ecosystem.domain import vocabulary
from ecosystem.models import Topic, Village
from tests.factories import (
    NOW,
    CentreFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
    RoomFactory,
    at,
)
from tests.harness.worlds import once

pytestmark = pytest.mark.django_db
GOOD = {
    "ref": "M-1",
    "department": "MUZ",
    "parish": "Elejas pagasts",
    "title": "Adīšanas vakari",
    "topic": "crafts",
    "audiences": "adults;seniors",
    "sessions": "2027-02-04T10:00/12:15;2027-02-11T10:00/12:15",
}

BAD_CELLS = [
    ("department", "XYZ"),
    ("parish", "Rīga"),
    ("centre", "Nav tāda"),
    ("room", "Zāle"),
    ("title", ""),
    ("title", "a" * 10_000),
    ("title", "Adī\x07šana"),
    ("title", "=HYPERLINK(1)"),
    ("title", "#REF!"),
    ("topic", "adīšana"),
    ("audiences", "adults;nav"),
    ("kind", "jautri"),
    ("language", "de"),
    ("partner_departments", "MUZ"),
    ("capacity", "0"),
    ("capacity", "-3"),
    ("capacity", "divpadsmit"),
    ("min_participants", "0"),
    ("fee_eur", "-5"),
    ("fee_eur", "1.005"),
    ("age_min", "121"),
    ("registration_closes", "2027-02-20"),
    ("registration_opens", "2027-03-01"),
    ("registration_opens", "10.01.2027"),
    ("coordinator_email", "nav@example.lv"),
    ("status", "completed"),
    ("drop_in", "varbūt"),
    ("sessions", ""),
    ("sessions", "2027-02-04T10:00"),
    ("sessions", "2027-02-04T10:00/09:00"),
    ("sessions", "2027-02-30T10:00/12:00"),
    ("sessions", "2027-02-04T25:00/26:00"),
    ("sessions", "2027-03-28T03:30/05:00"),
    ("sessions", "20027-02-04T10:00/12:00"),
    ("sessions", "1927-02-04T10:00/12:00"),
    ("sessions", "2027-02-04T10:00/2027-02-09T12:00"),
    ("sessions", "2027-02-04T10:00/12:00;2027-02-04T10:00/13:00"),
    ("sessions", "2027-02-04T10:00+02:00/12:00"),
]


@partial(once, autouse=True)
def _words() -> None:
    vocabulary.load(now=NOW)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Import rows (dicts), text, bytes or a path on 11 January 2027; gives the exit code and the JSON document."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)

    def _run(content: Any, *options: str, name: str = "file.csv") -> tuple[int, dict[str, Any]]:
        path = content
        if not isinstance(content, Path):
            path = tmp_path / name
            if isinstance(content, list):
                columns = list(dict.fromkeys(column for row in content for column in row))
                out = io.StringIO()
                writer = csv.DictWriter(out, columns)
                writer.writeheader()
                writer.writerows(content)
                content = out.getvalue()
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        capsys.readouterr()
        out, code = io.StringIO(), 0
        try:
            call_command("import_programme", str(path), "--format", "json", *options, stdout=out)
        except SystemExit as end:
            code = int(end.code or 0)
        assert capsys.readouterr().out == ""
        return code, json.loads(out.getvalue())

    return _run


def refused(document: dict[str, Any]) -> list[tuple[int, str]]:
    for each in document["refused"]:
        assert list(each) == ["line", "column", "value", "lv", "en"]
        assert each["lv"] and each["en"] and "%(" not in each["lv"] + each["en"]
    return [(each["line"], each["column"]) for each in document["refused"]]


def test_import_takes_every_column(run) -> None:
    room = RoomFactory(name="Zāle")
    post = PostFactory()
    row = {
        **GOOD,
        "partner_departments": "Labklājības pārvalde; JAU",
        "parish": "540248",
        "centre": room.centre.name.upper().replace("«", '"'),
        "room": "zale",
        "title_en": "Knitting evenings",
        "summary": "Pirmā rinda.\nOtrā.",
        "kind": "leisure",
        "format": "hybrid",
        "topic": "Rokdarbi un amatniecība",
        "competences": "KC8;kc5",
        "audiences": "Pieaugušie;Seniors",
        "age_min": "18",
        "age_max": "99",
        "level": "A1",
        "language": "latviešu",
        "capacity": "12",
        "min_participants": "6",
        "fee_eur": "12,50 €",
        "registration_opens": "2027-01-10",
        "registration_closes": "2027-02-03T18:00",
        "coordinator_email": post.email.upper(),
        "status": "published",
        "drop_in": "nē",
        "needs_approval": "jā",
        "asks_confirmation": "yes",
        "title_uk": "В’язання",
    }
    row["language"] = "lv"
    assert run([row]) == (0, {"accepted": 1, "refused": []})
    activity = Activity.objects.get(ref="M-1")
    assert activity.lead_id == "MUZ"
    # Named in a file is asked, as everywhere; nobody has accepted yet.
    asked = activity.partner_requests.order_by("department")
    assert list(asked.values_list("department", "answer", "asked_by")) == [("JAU", "", None), ("LAB", "", None)]
    assert activity.partners.count() == 0
    assert sorted(activity.audiences.values_list("code", flat=True)) == ["adults", "seniors"]
    assert sorted(activity.competences.values_list("code", flat=True)) == ["KC5", "KC8"]
    assert (activity.centre, activity.contact) == (room.centre, post)
    assert (activity.title_en, activity.title_uk, activity.title_ru) == ("Knitting evenings", "В’язання", None)
    assert activity.summary == "Pirmā rinda.\nOtrā."
    assert (activity.kind, activity.format, activity.level, activity.language) == ("leisure", "hybrid", "A1", "lv")
    assert (activity.age_min, activity.age_max, activity.capacity, activity.min_participants) == (18, 99, 12, 6)
    assert (activity.fee_eur, activity.needs_approval, activity.is_drop_in) == (Decimal("12.50"), True, False)
    assert activity.asks_confirmation
    assert activity.registration_opens_at == at("2027-01-10 00:00")
    assert activity.registration_closes_at == at("2027-02-03 18:00")
    assert (activity.status, activity.published_at is not None) == ("published", True)
    assert (activity.starts_at, activity.ends_at) == (at("2027-02-04 10:00"), at("2027-02-11 12:15"))
    assert activity.session_count == 2
    assert {session.room for session in activity.sessions.all()} == {room}


def test_import_refuses_a_cell(run, subtests) -> None:
    for column, value in BAD_CELLS:
        with subtests.test(f"{column}: {value[:40]}"):
            code, document = run([{**GOOD, column: value}])
            assert (code, document["accepted"], refused(document)) == (2, 0, [(2, column)])
            assert document["refused"][0]["value"] == value[:200]
    assert Activity.objects.count() == 0


def test_import_tells_all_that_is_wrong_with_a_row(run) -> None:
    bad = {**GOOD, "topic": "x", "age_min": "40", "age_max": "20", "capacity": "5", "min_participants": "9"}
    _code, document = run([bad, {**GOOD, "department": ""}])
    assert refused(document) == [(2, "topic"), (2, "age_min"), (2, "min_participants"), (3, "department")]


def test_import_offers_the_nearest_names(run) -> None:
    CentreFactory()
    _code, document = run([{**GOOD, "centre": "Elejas jaunatnes centrs"}, {**GOOD, "ref": "", "audiences": "senjori"}])
    assert "Elejas jauniešu centrs" in document["refused"][0]["en"]
    assert "seniors" in document["refused"][1]["en"]


def test_import_refuses_retired_words(run) -> None:
    Topic.objects.filter(code="crafts").update(retired_at=NOW)
    _code, document = run([GOOD])
    assert refused(document) == [(2, "topic")]


def test_import_takes_all_or_nothing_unless_partial(run) -> None:
    rows = [GOOD, {**GOOD, "ref": "M-2", "topic": "x"}, {**GOOD, "ref": "M-3"}, GOOD]
    code, document = run(rows)
    assert (code, document["accepted"], refused(document)) == (2, 0, [(3, "topic"), (5, "ref")])
    assert Activity.objects.count() == 0
    assert run(rows, "--partial", "--dry-run")[1]["accepted"] == 2
    assert Activity.objects.count() == 0
    assert run(rows, "--partial")[1]["accepted"] == 2
    assert sorted(Activity.objects.values_list("ref", flat=True)) == ["M-1", "M-3"]


def test_import_updates_by_ref_and_keeps_who_registered(run) -> None:
    run([{**GOOD, "capacity": "12", "summary": "Paliek."}])
    activity = Activity.objects.get()
    eleja = ResidentFactory(village=Village.objects.get(slug="eleja"))
    registration = RegistrationFactory(party__activity=activity, resident=eleja)
    Activity.objects.update(taken=3)
    second = activity.sessions.get(starts_at=at("2027-02-11 10:00"))
    changed = {**GOOD, "title": "Tamborēšana", "sessions": "2027-02-11T10:00/13:00;2027-02-18T10:00/12:15"}
    assert run([{**changed, "capacity": "2"}])[1]["refused"][0]["column"] == "capacity"
    assert run([{**changed, "capacity": "3"}]) == (0, {"accepted": 1, "refused": []})
    activity = Activity.objects.get()
    assert (activity.title, activity.summary, activity.capacity, activity.taken) == ("Tamborēšana", "Paliek.", 3, 3)
    assert list(activity.registrations.all()) == [registration]
    sessions = list(activity.sessions.order_by("starts_at"))
    assert sessions[0].pk == second.pk
    assert [s.ends_at for s in sessions] == [at("2027-02-11 13:00"), at("2027-02-18 12:15")]
    assert (activity.starts_at, activity.session_count) == (at("2027-02-11 10:00"), 2)
    before = activity.changed_at
    run([{**changed, "capacity": "3"}])
    assert Activity.objects.get().changed_at == before
    Attendance.objects.create(session=sessions[0], registration=registration, presence=Presence.PRESENT, marked_at=NOW)
    _code, document = run([{**changed, "sessions": "2027-02-18T10:00/12:15"}])
    assert refused(document) == [(2, "sessions")]
    Activity.objects.update(status="cancelled", cancelled_at=NOW)
    assert refused(run([changed])[1]) == [(2, "status")]


OVER = "2026-02-04T10:00/12:15;2026-02-11T10:00/12:15"
BEGUN = "2026-12-17T10:00/12:15;2027-02-04T10:00/12:15"


def test_import_plans_nothing_for_what_has_passed(run) -> None:
    for status in ("", "draft", "planned", "published"):
        code, document = run([{**GOOD, "sessions": OVER, "status": status}])
        assert (code, document["accepted"], refused(document)) == (2, 0, [(2, "sessions")])
        assert "begun" not in document
    assert Activity.objects.count() == 0


def test_import_takes_what_has_begun_and_says_so(run) -> None:
    row = {**GOOD, "sessions": BEGUN}
    code, document = run([row])
    told = document.pop("begun")
    assert (code, document) == (0, {"accepted": 1, "refused": []})
    assert [(each["line"], each["column"]) for each in told] == [(2, "sessions")]
    assert "17.12.2026 10:00" in told[0]["lv"] and "17.12.2026 10:00" in told[0]["en"]
    # What is known here keeps what it had, and is told of no more; nothing is added to what has passed.
    assert run([{**row, "sessions": f"{BEGUN};2027-02-11T10:00/12:15"}]) == (0, {"accepted": 1, "refused": []})
    assert refused(run([{**row, "sessions": f"{BEGUN};2026-12-22T10:00/12:15"}])[1]) == [(2, "sessions")]
    starts = Session.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [at("2026-12-17 10:00"), at("2027-02-04 10:00"), at("2027-02-11 10:00")]


def test_import_takes_what_was_held_as_completed(run) -> None:
    row = {**GOOD, "sessions": OVER, "status": "completed"}
    assert run([row]) == (0, {"accepted": 1, "refused": []})
    held = Activity.objects.get()
    assert (held.status, held.published_at, held.session_count) == ("completed", NOW, 2)
    assert run([{**row, "title": "Adīšana"}]) == (0, {"accepted": 1, "refused": []})
    later = {**GOOD, "ref": "M-2", "status": "completed"}
    more = {**row, "sessions": "2026-02-18T10:00/12:15"}
    assert refused(run([later, more])[1]) == [(2, "status"), (3, "sessions")]
    Activity.objects.update(status="planned")
    assert refused(run([row])[1]) == [(2, "status")]


def test_import_refuses_a_room_that_is_taken(run) -> None:
    room = RoomFactory(name="Zāle")
    row = {**GOOD, "centre": room.centre.name, "room": "Zāle"}
    _code, document = run([row, {**row, "ref": "M-2", "sessions": "2027-02-11T12:00/13:00"}])
    assert refused(document) == [(3, "room")]
    assert "Adīšanas vakari" in document["refused"][0]["lv"]


def test_import_reads_local_time_across_midnight_and_days(run) -> None:
    run([{**GOOD, "sessions": "2027-06-05T22:00/2027-06-06T01:00;2027-07-09T18:00/2027-07-11T15:00"}])
    spans = [(s.starts_at, s.ends_at) for s in Session.objects.order_by("starts_at")]
    assert spans == [
        (at("2027-06-05 22:00"), at("2027-06-06 01:00")),
        (at("2027-07-09 18:00"), at("2027-07-11 15:00")),
    ]


def test_import_reads_excel_csv(run) -> None:
    text = "\ufeff" + ";".join(GOOD) + "\r\n" + ";".join(f'"{value}"' for value in GOOD.values()) + "\r\n;;;\r\n"
    assert run(text) == (0, {"accepted": 1, "refused": []})


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_import_reads_xlsx_with_numbers_and_dates(run) -> None:
    columns = [*GOOD, "capacity", "fee_eur", "registration_opens", "drop_in"]
    values = [*GOOD.values(), 12.0, 7.5, datetime(2027, 1, 10, 9, 0), False]  # noqa: DTZ001 (a cell knows no zone)
    values[2] = 540248
    content = workbook([columns, values])
    assert run(content, name="programma.xlsx") == (0, {"accepted": 1, "refused": []})
    activity = Activity.objects.get()
    assert (activity.capacity, activity.fee_eur) == (12, Decimal("7.50"))
    assert activity.registration_opens_at == at("2027-01-10 09:00")
    values[3] = "=A1"
    assert refused(run(workbook([columns, values]))[1]) == [(2, "title")]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 70_000_000)
    return out.getvalue()


def test_import_breaks_on_no_file(run, subtests) -> None:
    files = [
        b"",
        b"\n \n",
        random.Random(1).randbytes(5000),
        b"PK\x03\x04" + random.Random(2).randbytes(5000),
        b"\xd0\xcf\x11\xe0" + bytes(600),
        ",".join(GOOD).encode("utf-16"),
        (",".join(GOOD) + "\nAdīšana").encode("cp1257"),
        b"title\nx\n",
        b"<html><body>Nav atrasts</body></html>",
        (",".join(GOOD) + '\n"MUZ').encode(),
        (",".join(GOOD) + "\na,b,c,d,e,f,g,h,i").encode(),
        (",".join(GOOD) + "\n" + "x" * 200_000).encode(),
        b"x" * (10 * 1024 * 1024 + 1),
        workbook([]),
        bomb(),
    ]
    for content in files:
        with subtests.test(repr(content[:30])):
            code, document = run(content)
            assert (code, document["accepted"], len(refused(document)) > 0) == (2, 0, True)


def test_import_refuses_a_folder_and_a_missing_file(run, tmp_path: Path) -> None:
    assert refused(run(tmp_path)[1]) == [(0, "")]
    assert refused(run(tmp_path / "nav.csv")[1]) == [(0, "")]


def test_import_tells_of_columns(run) -> None:
    _code, document = run([{**GOOD, "titel_en": "x"}])
    assert refused(document) == [(1, "titel_en")]
    assert "title_en" in document["refused"][0]["en"]
    assert run([{**GOOD, "titel_en": "x"}], "--partial")[1]["accepted"] == 1
    _code, document = run("ref,title,title\n1,a,b")
    needed = ["department", "parish", "topic", "audiences", "sessions"]
    assert refused(document) == [(1, "title"), *((1, column) for column in needed)]
