"""The journal: heads read what was changed in their department, field by field, and who looked; paged, and as a file."""

import csv
import io
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from centres.models import Room
from coordinators.domain import keeping, mobilities, projects
from coordinators.domain.mobilities import MobilitySpec
from courses.domain import programme, trail
from courses.domain.trail import Wanted
from courses.models import Activity
from ecosystem import history
from ecosystem.file_rows import Row
from ecosystem.models import Look, User
from reporting.domain import mobility_file
from tests import factories as f
from tests.factories import NOW, at
from tests.test_posts import hold, reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return hold("head", email="vaditaja@example.lv").holder


@pytest.fixture
def ilze() -> User:
    return f.PostFactory().holder


def save(activity: Activity, *, by: User | None = None, minutes: int = 0, **values: Any) -> None:
    """Somebody changes these fields at a moment."""
    with history.change(by=by, at=NOW + timedelta(minutes=minutes)):
        Activity.objects.filter(pk=activity.pk).update(**values)


def read(user: User, **wanted: Any) -> list[tuple[str, str, list[str]]]:
    """The changes the user reads: of what, by whom, which fields."""
    found = trail.changes(reach=reached(user), wanted=Wanted(**wanted), limit=30).changes
    return [
        (one.name, str(one.by or ""), sorted(name for edit in one.edits for name, _old, _new in edit.fields))
        for one in found
    ]


def page_of(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(f"/darbs/zurnals/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_change_is_told_field_by_field_in_words(client: Client, head: User, ilze: User) -> None:
    activity = f.ActivityFactory(pk=7, title="Adīšana", audiences=[f.AudienceFactory()])
    seniors = f.AudienceFactory(code="seniors", name="Seniori", dative="Senioriem")
    with history.change(by=ilze, at=NOW):
        Activity.objects.filter(pk=7).update(
            title_lv="Tamborēšana", capacity=20, format="online", needs_approval=True, fee_eur="4.50", centre=None
        )
        activity.audiences.set([seniors])
    page = page_of(client, head)
    for label, old, new in (
        ("Nosaukums", "Adīšana", "Tamborēšana"),
        ("Vietas", "12", "20"),
        ("Norises veids", "Klātienē", "Tiešsaistē"),
        ("Mērķgrupas", "Visi iedzīvotāji", "Seniori"),
        ("Maksa, eiro", "0,00", "4,50"),
        ("Centrs", "Elejas jauniešu centrs", "–"),
    ):
        row = page.split(f"<dt>{label}</dt>")[1].split("</div>")[0]
        assert old in row.split("</del>")[0]
        assert new in row.split("<ins>")[1]
    approves = page.split("<dt>Katru pieteikumu apstiprina koordinators</dt>")[1].split("</div>")[0]
    assert ("nē" in approves.split("</del>")[0], "jā" in approves.split("<ins>")[1]) == (True, True)
    assert "11.01.2027 9:00 · Ilze Ozola" in page
    assert '<a href="/darbs/aktivitates/7/izmainas/">' in page


def test_an_activity_and_its_sessions_changed_together_are_one_change(head: User, ilze: User) -> None:
    activity = f.ActivityFactory(title="Adīšana", sessions=[("2027-02-04 10:00", "2027-02-04 12:00")])
    room = f.RoomFactory()
    session = activity.sessions.get()
    with history.change(by=ilze, at=NOW):
        programme.move_session(
            session=session,
            starts_at=at("2027-02-05 10:00"),
            ends_at=at("2027-02-05 12:00"),
            room=Room.objects.get(pk=room.pk),
            now=NOW,
        )
        Activity.objects.filter(pk=activity.pk).update(level="A1")
    assert read(head)[0] == ("Adīšana", "Ilze Ozola", ["ends_at", "level", "room", "starts_at"])
    more = replace(programme.spec_of(activity), sessions=_weekly(activity, 3))
    programme.update_activity(activity=activity, spec=more, now=NOW + timedelta(hours=1))
    found = trail.of_activity(activity=activity, limit=10).changes[0]
    assert sorted(edit.what for edit in found.edits) == ["+", "+", "+", "-", "~"]


def _weekly(activity: Activity, number: int) -> list[programme.SessionSpec]:
    starts = [at("2027-03-04 10:00") + timedelta(weeks=week) for week in range(number)]
    return [programme.SessionSpec(starts_at=start, ends_at=start + timedelta(hours=2)) for start in starts]


def test_a_head_reads_the_own_department_an_administrator_all_others_nothing(
    client: Client, head: User, ilze: User
) -> None:
    admin = hold("administrator", email="admin@example.lv").holder
    jau = f.DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    ours, theirs = f.ActivityFactory(title="Mūsu"), f.ActivityFactory(title="Viņu", lead=jau)
    for number, activity in enumerate((ours, theirs)):
        save(activity, by=ilze, minutes=number, level="A1")
    ours.sessions.filter(pk=ours.sessions.order_by("pk")[0].pk).update(head_count=3)
    theirs.sessions.filter(pk=theirs.sessions.order_by("pk")[0].pk).update(head_count=3)
    f.EducatorFactory(name="Mūsējā"), f.EducatorFactory(name="Viņējais", department=jau)
    names = {name for name, _by, _fields in read(head)}
    assert {"Mūsu", "Mūsējā"} <= names
    assert not {"Viņu", "Viņējais"} & names
    assert {"Mūsu", "Viņu", "Mūsējā", "Viņējais"} <= {name for name, _by, _fields in read(admin)}
    assert read(ilze) == []
    client.force_login(ilze)
    for query in ("", "?skats=skatijumi", "?format=csv"):
        assert client.get(f"/darbs/zurnals/{query}").status_code == 403


def test_it_is_filtered_by_activity_person_kind_and_days(head: User, ilze: User) -> None:
    knitting, english = f.ActivityFactory(title="Adīšana"), f.ActivityFactory(title="Angļu valoda")
    save(knitting, by=ilze, level="A1")
    save(english, by=head, minutes=60 * 24, level="B1")
    post = f.PostFactory(holder=None, parishes=[])
    with history.change(by=head, at=NOW + timedelta(days=2)):
        type(post).objects.filter(pk=post.pk).update(phone="63000299")

    def names(**wanted: Any) -> list[str]:
        return [name for name, _by, fields in read(head, **wanted) if fields]

    assert names(words="adisana") == ["Adīšana"]
    assert names(activity=english.pk) == ["Angļu valoda"]
    assert names(by=ilze.pk) == ["Adīšana"]
    assert len(names(thing="post", by=head.pk)) == 1
    assert names(since=NOW.date(), until=NOW.date()) == ["Adīšana"]
    assert len(names(since=NOW.date() + timedelta(days=1))) == 2
    assert names(words="nav tāda") == []


def test_pages_follow_one_another_without_a_gap(head: User) -> None:
    activities = [f.ActivityFactory(title=f"Kurss {number:02d}") for number in range(7)]
    history.rows_of(Activity).update(history_change_reason=history.BEGINNING)
    history.rows_of(type(activities[0].sessions.first())).update(history_change_reason=history.BEGINNING)
    # A file changes many at one moment.
    with history.change(at=NOW, reason=history.FILE):
        Activity.objects.filter(pk__in=[a.pk for a in activities]).update(level="A1")
    save(activities[3], minutes=5, level="A2")
    met: list[tuple[str, Any]] = []
    after = ""
    for _page in range(10):
        page = trail.changes(reach=reached(head), wanted=Wanted(thing="activity"), after=after, limit=3)
        met += [(change.name, change.at) for change in page.changes]
        after = page.following
        if not after:
            break
    assert met[0] == ("Kurss 03", NOW + timedelta(minutes=5))
    assert sorted(name for name, moment in met if moment == NOW) == [f"Kurss {n:02d}" for n in range(7)]
    assert len(met) == 8
    assert trail.changes(reach=reached(head), wanted=Wanted(), after="nieki-\x00", limit=3).changes != []


def test_the_pages_ask_a_fixed_number_of_times(client: Client, head: User, ilze: User, same_queries: Any) -> None:
    client.force_login(head)
    activity = f.ActivityFactory()

    def add(number: int) -> None:
        made = f.ActivityFactory(title=f"Kurss {number}")
        save(made, by=ilze, minutes=number, level="A1")
        save(activity, by=ilze, minutes=number, level=f"B{number}")
        Look.objects.create(
            kind="search",
            by=ilze,
            about=f"activity:{made.pk}",
            department_id="MUZ",
            people=[f.ResidentFactory().pk],
            count=1,
            at=NOW,
            quarter=NOW,
            mark=str(number),
        )

    same_queries(25, add=add, visit=lambda: client.get("/darbs/zurnals/"))
    same_queries(9, add=add, visit=lambda: client.get("/darbs/zurnals/?skats=skatijumi"))
    path = f"/darbs/aktivitates/{activity.pk}/izmainas/"
    same_queries(20, add=add, visit=lambda: client.get(path))


def test_looks_are_told_and_lead_to_one_person(client: Client, head: User, ilze: User) -> None:
    activity = f.ActivityFactory(pk=7, title="Adīšana")
    liga = f.RegistrationFactory(party__activity=activity, registered_at=timezone.now()).resident
    other = f.ResidentFactory(given_name="Otra", family_name="Persona")
    client.force_login(ilze)
    client.get("/darbs/aktivitates/7/")
    client.post("/darbs/aktivitates/7/pieteikt/", {"q": "otra"})
    page = page_of(client, head, "?skats=skatijumi")
    assert page.count('data-look="') == 2
    for said in ("Aktivitātes saraksts", "Cilvēka meklēšana", "pēc: vārds", "Otra Persona", "Ilze Ozola", "1 cilvēks"):
        assert said in page
    assert Look.objects.filter(kind="trail", people=[other.pk]).count() == 1, "reading it is a look as well"
    one = page_of(client, head, f"?skats=skatijumi&persona={other.pk}")
    assert 'data-look="search"' in one
    assert 'data-look="list"' not in one
    assert 'data-look="list"' in page_of(client, head, f"?skats=skatijumi&persona={liga.pk}")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("view", ["izmainas", "skatijumi"])
def test_both_lists_are_files_too(client: Client, head: User, ilze: User, kind: str, view: str) -> None:
    activity = f.ActivityFactory(title="Adīšana")
    save(activity, by=ilze, title_lv="=cmd()")
    Look.objects.create(kind="list", by=ilze, department_id="MUZ", count=3, at=NOW, quarter=NOW)
    client.force_login(head)
    answer = client.get(f"/darbs/zurnals/?skats={view}&format={kind}")
    assert answer.status_code == 200
    assert f".{kind}" in answer["Content-Disposition"]
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert len(rows) > 1
        assert rows[1][1] == "Ilze Ozola" or "Ilze Ozola" in {row[1] for row in rows}
        assert not [cell for row in rows for cell in row if cell.startswith("=")]


@pytest.mark.parametrize(
    "query",
    [
        "?kas=x&no=2027-02-31&veids=nav&skats=nav",
        "?pec=1-activity-\x00",
        "?persona=nav&skats=skatijumi",
        "?meklet=%00%07",
    ],
)
def test_an_impossible_question_is_left_out(client: Client, head: User, query: str) -> None:
    page_of(client, head, query)


def test_a_coordinator_sees_the_changes_of_an_activity_of_theirs(client: Client, ilze: User) -> None:
    activity = f.ActivityFactory(title="Adīšana")
    save(activity, by=ilze, level="A1")
    client.force_login(ilze)
    page = client.get(f"/darbs/aktivitates/{activity.pk}/izmainas/").content.decode()
    assert "<dt>Līmenis</dt>" in page
    assert timezone.localtime(NOW).strftime("%d.%m.%Y") in page


def test_a_project_and_what_belongs_to_it_is_one_thing_that_every_head_reads(client: Client, head: User) -> None:
    manager = hold("project_manager", email="projekti@example.lv").holder
    project = f.ProjectFactory(name="Tuvāk mājām")
    stay = f.MobilityFactory(project=project, post=f.PostFactory(holder=None))
    objective = f.ObjectiveFactory(project=project)
    for model in (type(project), type(stay), type(objective)):
        history.rows_of(model).update(history_change_reason=history.BEGINNING)
    reach = reached(manager)
    with history.change(by=manager, at=NOW):
        changed = replace(_spec(stay, MobilitySpec), host="Opisto", has_certificate=True)
        mobilities.change(mobility=stay, spec=changed, seen=keeping.stamp(stay), reach=reach, today=NOW.date())
        projects.remove_objective(objective=objective, reach=reach)
    other = hold("head", email="cita@example.lv", department=f.DepartmentFactory(code="JAU", name="JAU")).holder
    for reader in (head, other):
        assert read(reader, thing="project") == [
            ("Tuvāk mājām", str(manager), ["has_certificate", "host"]),
        ]
    page = page_of(client, head, "?veids=project")
    name = "Darba vērošana, 2026.\xa0gada 9.–12.\xa0novembris"
    assert f'<a href="/darbs/projekti/{project.pk}/">Tuvāk mājām</a>' in page
    assert "1. mērķis: dzēsts." in page
    assert f"<dt>{name}: uzņēmējorganizācija vai kursu rīkotājs</dt>" in page
    row = page.split(f"<dt>{name}: sertifikāts vai «Europass» mobilitātes dokuments</dt>")[1].split("</div>")[0]
    assert ("–" in row.split("</del>")[0], "jā" in row.split("<ins>")[1]) == (True, True)
    assert read(manager) == []


def test_a_sheet_of_mobilities_is_one_change_from_a_file(head: User) -> None:
    manager = hold("project_manager", email="projekti@example.lv").holder
    rows = [
        Row(line, {"kind": "JS", "starts_on": "2027-03-01", "ends_on": "2027-03-05", "ref": f"M-{line}"})
        for line in (2, 3)
    ]
    project = f.ProjectFactory(name="Tuvāk mājām")
    history.rows_of(type(project)).update(history_change_reason=history.BEGINNING)
    mobility_file.take(project=project, rows=rows, reach=reached(manager), today=NOW.date(), dry_run=True)
    assert read(head, thing="project") == []
    mobility_file.take(project=project, rows=rows, reach=reached(manager), today=NOW.date())
    [found] = trail.changes(reach=reached(head), wanted=Wanted(thing="project"), limit=30).changes
    assert (found.by, found.reason, [edit.what for edit in found.edits]) == (manager, history.FILE, ["+", "+"])


def _spec(row: Any, kind: Any) -> Any:
    return kind(**{each.name: getattr(row, each.name) for each in fields(kind)})
