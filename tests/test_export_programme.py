"""The programme file on its way out: taken back, it changes nothing."""

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from courses import imports, programme_file
from courses.domain import importing, programme
from courses.models import Activity
from tests.factories import (
    NOW,
    ActivityFactory,
    AudienceFactory,
    CompetenceFactory,
    DepartmentFactory,
    ParishFactory,
    PostFactory,
    RoomFactory,
    SessionFactory,
    at,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def programme_of_all_sorts() -> list[Activity]:
    """What is hardest to say in a table."""
    room = RoomFactory()
    full = ActivityFactory(
        ref="M-1",
        title='Adīšana; «raksti», "cimdi"',
        summary="- dzija\n- adatas",
        title_en="Knitting",
        summary_uk="В'язання",
        partners=[DepartmentFactory(code="JAU", name="Jaunatnes lietas")],
        audiences=[AudienceFactory(), AudienceFactory(code="seniors", name="Seniori", dative="Senioriem")],
        competences=[CompetenceFactory()],
        age_min=18,
        age_max=90,
        level="A1",
        language="en",
        min_participants=4,
        fee_eur=Decimal("12.50"),
        needs_approval=True,
        asks_confirmation=True,
        registration_opens_at=at("2027-01-12 09:00"),
        registration_closes_at=at("2027-02-03 23:59"),
        contact=PostFactory(),
    )
    full.sessions.update(room=room)
    several = ActivityFactory(title="Bez atsauces", first=at("2027-03-02 18:00"), centre=room.centre)
    first, second = several.sessions.order_by("starts_at")[:2]
    first.room = room
    first.save()
    programme.call_off_session(session=second, reason="Slimība", now=NOW)
    nobody = PostFactory(email="", holder=None)
    bare = ActivityFactory(
        title="+ melnraksts",
        centre=None,
        status="draft",
        sessions=[],
        audiences=[],
        is_drop_in=True,
        capacity=None,
        contact=nobody,
    )
    overnight = ActivityFactory(ref="N", sessions=[("2027-04-02 20:00", "2027-04-03 08:00")], status="planned")
    return [full, several, bare, overnight]


def everything() -> list[tuple[object, ...]]:
    """All that an import could change."""
    return [
        (programme.fingerprint(programme.spec_of(a)), a.status, a.changed_at, list(a.sessions.order_by("pk").values()))
        for a in Activity.objects.order_by("pk")
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_taken_back_changes_nothing(kind: str) -> None:
    programme_of_all_sorts()
    before = everything()
    content = programme_file.FILES[kind](programme_file.rows(programme_file.chosen(Activity.objects.all())))
    sheet = imports.read_bytes(content)
    outcome = importing.import_rows(rows=sheet.rows, columns=sheet.columns, refused=sheet.refused, now=LATER)
    assert outcome.refused == []
    assert (outcome.accepted, outcome.created, outcome.updated) == (4, 0, 4)
    assert everything() == before


def test_what_was_held_is_taken_back_too_and_elsewhere_becomes_history() -> None:
    ActivityFactory(ref="A", status="completed", first=at("2026-10-01 10:00"))
    before = everything()
    content = programme_file.csv_file(programme_file.rows(Activity.objects.all()))
    sheet = imports.read_bytes(content)

    def take() -> tuple[int, int, list[object]]:
        outcome = importing.import_rows(rows=sheet.rows, columns=sheet.columns, now=LATER)
        return outcome.created, outcome.updated, [*outcome.refused]

    assert take() == (0, 1, [])
    assert everything() == before
    Activity.objects.all().delete()
    assert take() == (1, 0, [])
    assert list(Activity.objects.values_list("status", "session_count")) == [("completed", 4)]


def test_a_number_of_another_department_is_refused() -> None:
    activity = ActivityFactory()
    content = programme_file.csv_file(programme_file.rows(Activity.objects.all()))
    DepartmentFactory(code="JAU", name="Jaunatnes lietas")
    sheet = imports.read_bytes(content.replace(b";MUZ;", b";JAU;"))
    outcome = importing.import_rows(rows=sheet.rows, columns=sheet.columns, now=LATER)
    assert [(told.column, told.value) for told in outcome.refused] == [("ref", f"id:{activity.pk}")]


def test_a_formula_never_leaves_in_a_file() -> None:
    ActivityFactory(title="=1+1", summary="@SUM(A1)")
    rows = list(programme_file.rows(Activity.objects.all()))
    text = programme_file.csv_file(rows).decode("utf-8-sig")
    assert ";'=1+1;" in text and ";'@SUM(A1);" in text
    sheet = load_workbook(io.BytesIO(programme_file.xlsx_file(rows))).worksheets[0]
    kept = [(cell.value, cell.data_type) for cell in sheet[2] if str(cell.value)[:1] in "=@"]
    assert kept == [("=1+1", "s"), ("@SUM(A1)", "s")]


def test_the_command_writes_what_was_asked_for(tmp_path: Path) -> None:
    other = ParishFactory(code="0540290", name="Vilces pagasts")
    ActivityFactory(ref="A")
    ActivityFactory(ref="B", parish=other)
    ActivityFactory(ref="C", status="cancelled")
    ActivityFactory(ref="D", first=at("2027-09-07 18:00"))
    ActivityFactory(ref="E", status="draft")

    def refs(*args: str) -> list[str]:
        out = tmp_path / "out.csv"
        call_command("export_programme", *args, "--output", str(out))
        return sorted(row.cells["ref"] for row in imports.read(out).rows)

    assert refs() == ["A", "B", "D", "E"]
    assert refs("--parish", "Vilces pagasts") == ["B"]
    assert refs("--until", "2027-02-28", "--status", "published") == ["A", "B"]
    assert refs("--from", "2027-03-01", "--department", "MUZ") == ["D"]
    assert refs("--status", "cancelled") == ["C"]


def test_an_export_asks_a_fixed_number_of_queries(same_queries: Callable[..., None]) -> None:
    def add(number: int) -> None:
        SessionFactory(activity=ActivityFactory(contact=PostFactory(), partners=[DepartmentFactory(code="JAU")]))

    same_queries(6, add=add, visit=lambda: list(programme_file.rows(Activity.objects.all())))
