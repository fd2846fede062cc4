"""Mobilities from a table: rehearsed row by row, every refusal with its line, column and reason; back out unchanged."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from coordinators.models import Mobility, Post, Project
from reporting.domain import mobility_file
from tests import factories as f

pytestmark = pytest.mark.django_db
HEAD = "ref,kind,state,post,participants,host,country,starts_on,ends_on,green_travel,virtual_part,certificate,report"


@pytest.fixture
def project() -> Project:
    made: Project = f.ProjectFactory()
    return made


@pytest.fixture
def post() -> Post:
    made: Post = f.PostFactory(email="vilces.muz@example.lv", holder=None)
    return made


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(f.PostFactory(kind="head", holder__email="head@example.lv", email="h@example.lv").holder)
    return client


def path(project: Project) -> str:
    return f"/darbs/projekti/{project.pk}/mobilitates/fails/"


def send(desk: Client, project: Project, *lines: str, head: str = HEAD) -> Any:
    content = "\n".join([head, *lines]).encode()
    return desk.post(path(project), {"file": SimpleUploadedFile("mobilitates.csv", content)})


def refused(answer: Any) -> list[tuple[int, str, str]]:
    return [(told["line"], told["column"], told["reason"]) for told in answer.context["refused"]]


def test_a_rehearsal_changes_nothing_and_taking_takes_the_good_rows(desk: Client, project: Project, post: Post) -> None:
    good = "M-1,Darba vērošana,done,VILCES.MUZ@example.lv,,Opisto,Somija,09.11.2026,2026-11-12,jā,nē,?,submitted"
    answer = send(
        desk, project, good, "M-2,CT,planned,,,,,2027-03-01,2027-03-01,,,,", "M-3,GM,,,6,,EE,2027-03-01,2027-03-03,,,,"
    )
    assert answer.status_code == 422
    assert refused(answer) == [
        (3, "ends_on", "«Kursi un apmācība» ilgst no 2 līdz 30 dienām, neskaitot ceļa dienas; šeit ir 1 diena.")
    ]
    assert (answer.context["outcome"].accepted, Mobility.objects.count()) == (2, 0)
    taken = desk.post(path(project), {"take": "1", "kept": answer.context["kept"]})
    assert taken["Location"] == f"{path(project)}?nemts=2"
    first, group = Mobility.objects.order_by("ref")
    assert (first.kind, first.state, first.post, first.country) == ("JS", "done", post, "FI")
    assert (first.starts_on, first.days, first.in_grant) == (date(2026, 11, 9), 4, True)
    assert (first.green_travel, first.is_blended, first.has_certificate, first.report) == (
        True,
        False,
        None,
        "submitted",
    )
    assert (group.kind, group.state, group.participants, group.post) == ("GM", "planned", 6, None)
    assert "2 rindas" in desk.get(taken["Location"]).content.decode()


def test_every_cell_that_is_wrong_is_told(desk: Client, project: Project, post: Post) -> None:
    f.PostFactory(email="divi@example.lv", holder=None)
    f.PostFactory(email="divi@example.lv", holder=None)
    answer = send(
        desk,
        project,
        "M-1,XX,kaut kad,nav@example.lv,daudz,=1+1,Narnija,2026-13-01,vakar,varbūt,,,cits",
        "M-1,,,divi@example.lv,,,,,2027-03-05,,,,",
        "id:77,JS,,,,,LV,2027-03-01,2027-03-05,,,,",
    )
    assert [(line, column) for line, column, _why in refused(answer)] == [
        *((2, name) for name in ("kind", "state", "post", "participants", "host", "country", "starts_on", "ends_on")),
        *((2, "green_travel"), (2, "report")),
        *((3, "kind"), (3, "post"), (3, "starts_on"), (3, "ref")),
        (4, "ref"),
    ]
    assert "kept" in answer.context
    assert answer.context["kept"] == ""
    by_place = {(line, column): why for line, column, why in refused(answer)}
    assert by_place[2, "kind"] == "Tāda vārda nav. Ierakstiet vienu no šiem: JS, TA, CT, GM, STM, LTM, IE, HT, PV."
    assert by_place[2, "starts_on"] == "Tāda datuma nav. Pārbaudiet dienu un mēnesi."
    assert by_place[3, "post"] == "Šāds darba e-pasts ir vairākiem amatiem. Izvēlieties amatu mobilitātes lapā."
    assert by_place[3, "ref"] == "Šis numurs failā ir divreiz."
    assert Mobility.objects.count() == 0


def test_the_same_number_changes_what_the_file_has_and_leaves_the_rest(desk: Client, project: Project) -> None:
    f.MobilityFactory(project=project, ref="M-1", post=None, green_travel=True, brought_home="Darbnīca")
    answer = send(desk, project, "M-1,JS,2026-11-09,2026-11-13,", head="ref,kind,starts_on,ends_on,green_travel")
    assert (answer.context["outcome"].created, answer.context["outcome"].updated) == (0, 1)
    desk.post(path(project), {"take": "1", "kept": answer.context["kept"]})
    kept = Mobility.objects.get()
    assert (kept.days, kept.green_travel, kept.brought_home, kept.state) == (5, None, "Darbnīca", "done")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_exported_comes_back_unchanged(desk: Client, project: Project, post: Post, kind: str) -> None:
    f.MobilityFactory(project=project, ref="M-1", post=post, green_travel=False, brought_home="-Pirmā\nOtrā")
    f.MobilityFactory(project=project, post=f.PostFactory(email="", holder=None), is_blended=True)
    f.MobilityFactory(project=project, kind="GM", post=None, participants=4, state="planned", host="", country="")
    before = list(Mobility.objects.order_by("pk").values())
    answer = desk.get(f"/darbs/projekti/{project.pk}/mobilitates/eksports/", {"format": kind})
    file = SimpleUploadedFile(f"mobilitates.{kind}", answer.content)
    rehearsed = desk.post(path(project), {"file": file})
    outcome = rehearsed.context["outcome"]
    assert (outcome.refused, outcome.created, outcome.updated) == ([], 0, 3)
    desk.post(path(project), {"take": "1", "kept": rehearsed.context["kept"]})
    after = list(Mobility.objects.order_by("pk").values())
    assert after == before


def test_the_template_has_the_columns_alone(desk: Client, project: Project) -> None:
    answer = desk.get(f"/darbs/projekti/{project.pk}/mobilitates/eksports/", {"format": "xlsx", "sagatave": "1"})
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert rows == [tuple(mobility_file.COLUMNS)]
    assert send(desk, project).context["problem"] == (
        "Failā ir sleju nosaukumi, bet zem tiem nav rindu. Katrā rindā ierakstiet vienu mobilitāti."
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 nav"),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b""),
        ("a.csv", "veids;sākums\nJS;2027-03-01".encode()),
        ("a.doc", b"teksts"),
        ("a.csv", b'kind,starts_on,ends_on\n"JS,2027-03-01'),
    ],
)
def test_what_is_no_table_is_told(desk: Client, project: Project, name: str, content: bytes) -> None:
    answer = desk.post(path(project), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert answer.context["problem"] or answer.context["refused"]


def test_dates_of_a_workbook_are_days(desk: Client, project: Project) -> None:
    book = Workbook()
    book.active.append(["kind", "starts_on", "ends_on", "participants", "country"])
    book.active.append(["STM", date(2027, 3, 1), date(2027, 3, 5), 3, "EE"])
    content = BytesIO()
    book.save(content)
    answer = desk.post(path(project), {"file": SimpleUploadedFile("m.xlsx", content.getvalue())})
    assert (answer.status_code, answer.context["outcome"].accepted) == (200, 1)


def test_a_rehearsal_of_another_project_or_reader_is_not_taken(desk: Client, project: Project) -> None:
    other = f.ProjectFactory(code="2026-1-LV01-KA122-ADU-000000002")
    kept = send(desk, project, "M-1,STM,,,3,,EE,2027-03-01,2027-03-05,,,,").context["kept"]
    answer = desk.post(path(other), {"take": "1", "kept": kept})
    assert (answer.status_code, answer.context["problem"]) == (
        422,
        "Izmēģinājums ir novecojis. Izvēlieties failu vēlreiz.",
    )
    assert Mobility.objects.count() == 0
