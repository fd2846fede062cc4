"""Who looked at personal data: every staff address says whether it shows any, and those that do write the look down."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from coordinators.domain import looks
from coordinators.domain.access import reach
from courses.domain import correcting, educators, forgetting, links, merging, trail
from courses.domain.admission import Contact, Person
from courses.domain.trail import Wanted
from courses.models import Activity, Registration
from ecosystem.models import Look
from residents.models import PossibleDouble, Resident
from tests import factories as f
from tests.factories import NOW, at
from tests.harness.worlds import once
from tests.test_access import walk

pytestmark = pytest.mark.django_db


class Shows(NamedTuple):
    """What a staff address shows: a kind of look and how to come to it, or nothing about residents, and why not."""

    kind: str = ""
    way: str = ""
    why_not: str = ""


# Each address of the desk. A new one fails here until somebody has written down what it shows. ``way`` is the form that
# is sent (none: the page is opened); {activity} {session} {person} are filled in.
DESK = {
    "courses:desk": Shows(why_not="how many, never who"),
    "courses:desk_programme": Shows(why_not="the programme"),
    "courses:desk_upload": Shows(why_not="the programme"),
    "courses:desk_export": Shows(why_not="the programme"),
    "courses:desk_create": Shows(why_not="the programme"),
    "courses:desk_edit": Shows(why_not="the programme"),
    "courses:desk_sessions": Shows(why_not="the programme"),
    "courses:desk_status": Shows(why_not="the programme"),
    "courses:desk_clone": Shows(why_not="the programme"),
    "courses:desk_changes": Shows(why_not="what staff changed of the programme"),
    "reporting:desk_totals": Shows(why_not="how many, never who"),
    "reporting:desk_reports": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_new": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_baselines": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_baseline_new": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_baseline": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_baseline_edit": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_baseline_file": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_keep": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_edit": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_check": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_seal": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_next": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_file": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_version": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_differences": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_report_version_file": Shows(why_not="figures, of which small numbers are hidden"),
    "reporting:desk_limits": Shows(why_not="what figures are counted by"),
    "reporting:desk_limit": Shows(why_not="what figures are counted by"),
    "courses:desk_posts": Shows(why_not="colleagues, whom everybody on the staff knows"),
    "courses:desk_post": Shows(why_not="a colleague"),
    "courses:desk_post_new": Shows(why_not="a post"),
    "courses:desk_post_edit": Shows(why_not="a post"),
    "courses:desk_rules": Shows(why_not="the departments' rules"),
    "courses:desk_rules_new": Shows(why_not="the departments' rules, tried over the programme"),
    "courses:desk_rule_set": Shows(why_not="the departments' rules, tried over the programme"),
    "pages:edit_statement": Shows(why_not="a public text"),
    "courses:desk_activity": Shows("list", "/darbs/aktivitates/{activity}/"),
    "courses:desk_decide": Shows("list", "/darbs/aktivitates/{activity}/izlemt/ action=raise&capacity=1"),
    "courses:desk_attendance": Shows("attendance", "/darbs/nodarbibas/{session}/"),
    "courses:desk_search": Shows("search", "/darbs/aktivitates/{activity}/pieteikt/ q=liga"),
    "courses:desk_register": Shows("person", "/darbs/aktivitates/{activity}/pieteikt/jauns/ q=liga&resident={person}"),
    "courses:desk_message": Shows(
        "message",
        "/darbs/aktivitates/{activity}/zina/"
        " group=everyone&subject=Sveiki&text=Nāciet&form_key=22222222-2222-4222-8222-222222222222",
    ),
    "courses:desk_cancel": Shows("message", "/darbs/aktivitates/{activity}/atcelt/ what=activity&reason=Slimība"),
    "courses:desk_trail": Shows("trail", "/darbs/zurnals/?skats=skatijumi"),
    "courses:desk_overlaps": Shows(why_not="the programme, and who decided"),
    "courses:desk_overlap_calendar": Shows(why_not="the programme"),
    "courses:desk_who_serves": Shows(why_not="the programme"),
    "courses:desk_who_does": Shows(why_not="the programme"),
    # To be replaced when the page of one overlap is merged.
    "courses:desk_overlap": Shows(why_not="the programme, and who decided"),
    "courses:desk_season": Shows(why_not="the programme"),
    "courses:desk_begin": Shows(why_not="the programme"),
    "courses:desk_keep": Shows(why_not="the programme"),
    "courses:desk_templates": Shows(why_not="the programme"),
    "courses:desk_template": Shows(why_not="the programme"),
    "courses:desk_keep_template": Shows(why_not="the programme"),
    "courses:desk_partners": Shows(why_not="departments"),
    "courses:desk_overlap_joint": Shows(why_not="how many, never who"),
    "courses:desk_overlap_move": Shows(why_not="the programme"),
    "courses:desk_overlap_audience": Shows(why_not="the programme"),
    "reporting:desk_projects": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_new": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_edit": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_objective_new": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_objective": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_mobility_new": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_mobility_file": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_mobility_export": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_mobility": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_practice_new": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_practice_edit": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_event_new": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_event": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_publication_new": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_publication": Shows(why_not="projects, and posts without names"),
    "reporting:desk_project_practice": Shows(why_not="projects, and posts without names"),
    "courses:desk_educators": Shows(why_not="who leads, whom everybody on the staff knows"),
    "courses:desk_educator": Shows(why_not="who leads"),
    "courses:desk_educator_new": Shows(why_not="who leads"),
    "courses:desk_educator_edit": Shows(why_not="who leads"),
    "courses:desk_feedback": Shows(why_not="answers that name nobody"),
    "courses:desk_invite": Shows(why_not="the programme, and how many contacts"),
    "courses:desk_messages": Shows("message", "/darbs/aktivitates/{activity}/zinas/"),
    "courses:desk_certificates": Shows("certificates", "/darbs/aktivitates/{activity}/apliecibas/"),
    "courses:desk_certificates_file": Shows("certificates"),
    "courses:desk_sign_in": Shows("print", "/darbs/nodarbibas/{session}/paraksti.pdf"),
    "courses:desk_people": Shows("search", "/darbs/iedzivotaji/ q=liga"),
    "courses:desk_person": Shows("person", "/darbs/iedzivotaji/{person}/"),
    "courses:desk_person_correct": Shows("person", "/darbs/iedzivotaji/{person}/labot/"),
    "courses:desk_person_news": Shows("person", "/darbs/iedzivotaji/{person}/jaunumi/"),
    "courses:desk_person_data": Shows("export", "/darbs/iedzivotaji/{person}/dati/"),
    "courses:desk_person_erase": Shows("person", "/darbs/iedzivotaji/{person}/dzest/"),
    "courses:desk_doubles": Shows("doubles"),
    "courses:desk_double": Shows("merge"),
    "courses:desk_merge": Shows("merge"),
    "reporting:desk_figures": Shows(why_not="how many, never who"),
    "reporting:desk_figure": Shows(why_not="how many, never who"),
    "reporting:desk_figure_people": Shows("list", "/darbs/raditaji/DAL-01/cilveki/"),
}


@once
def activity() -> Activity:
    """Līga has a place in it; it is published and to come."""
    return _with_liga()


def _with_liga() -> Activity:
    made = f.ActivityFactory(pk=2001, title="Adīšana", first=timezone.now() + timedelta(days=30), taken=1)
    f.RegistrationFactory(party__activity=made, registered_at=timezone.now())
    return made


@once
def everything() -> None:
    """The same, and a row of whatever else has a page."""
    activity = _with_liga()
    f.StatementFactory()
    f.EducatorFactory(pk=2001)
    f.TemplateFactory(pk=2001)
    f.OverlapFactory(pk=2001, one=activity, other=f.ActivityFactory(lead=f.DepartmentFactory(code="JAU")))
    project = f.ProjectFactory(pk=2001)
    f.PracticeFactory(pk=2001, mobility=f.MobilityFactory(pk=2001, project=project, post=None))
    for row in (f.ObjectiveFactory, f.DisseminationEventFactory, f.PublicationFactory):
        row(pk=2001, project=project)
    # Version 1 is sealed, version 2 is being written.
    report = f.ReportVersionFactory(report__pk=2001, report__baseline=f.BaselineFactory(pk=2001)).report
    type(report).objects.filter(pk=report.pk).update(version=2)


@pytest.fixture
def liga(activity: Activity) -> Resident:
    return Resident.objects.get()


@pytest.fixture
def desk(client: Client) -> Client:
    """Whoever coordinates Eleja and heads the department, so that every page opens."""
    user = f.PostFactory().holder
    f.PostFactory(kind="head", holder=user, parishes=[])
    client.force_login(user)
    return client


def come(desk: Client, way: str, activity: Activity, liga: Resident) -> Any:
    """Open the page, or send the form that leads to it."""
    session = activity.sessions.order_by("starts_at").values_list("pk", flat=True)[0]
    path, _space, form = way.format(activity=activity.pk, session=session, person=liga.pk).partition(" ")
    if not form:
        return desk.get(path)
    return desk.post(path, dict(pair.split("=", 1) for pair in form.split("&")))


def seen() -> list[tuple[str, str, int | None]]:
    return list(Look.objects.order_by("pk").values_list("kind", "about", "count"))


def test_every_address_of_the_desk_says_what_it_shows() -> None:
    there = {
        name: getattr(view, "shows", None)
        for pattern, name, view in walk(get_resolver().url_patterns)
        if pattern.startswith("darbs/")
    }
    declared = {name: said.kind for name, said in DESK.items()}
    assert there == declared, "a staff page says @staff_page, or @staff_page(shows=…)"
    assert all(said.kind or said.why_not for said in DESK.values())


@pytest.mark.parametrize("name", [name for name, said in DESK.items() if said.way and name != "courses:desk_trail"])
def test_a_page_that_shows_people_writes_the_look_down(
    desk: Client, activity: Activity, liga: Resident, name: str
) -> None:
    answer = come(desk, DESK[name].way, activity, liga)
    assert answer.status_code in (200, 422)
    look = Look.objects.get()
    of_activity = "{activity}" in DESK[name].way or "{session}" in DESK[name].way
    about = ("activity:2001", "MUZ") if of_activity else ("", None)
    assert (look.kind, look.about, look.department_id) == (DESK[name].kind, *about)
    assert str(look.by) == "Ilze Ozola"
    # Of the messages, those that did not arrive are named; of a figure, those who came.
    nobody = ("courses:desk_messages", "reporting:desk_figure_people")
    assert look.count == (0 if name in nobody else 1)
    assert look.people == ([liga.pk] if look.kind in ("search", "person", "export") else [])
    # The same page again is the same look.
    come(desk, DESK[name].way, activity, liga)
    assert Look.objects.count() == 1


@pytest.mark.parametrize("name", [name for name, said in DESK.items() if said.why_not])
def test_a_page_that_shows_nobody_writes_nothing_and_names_nobody(desk: Client, everything: None, name: str) -> None:
    pattern = next(pattern for pattern, known, _view in walk(get_resolver().url_patterns) if known == name)
    path = pattern.replace("<int:pk>", str(f.PostFactory(pk=2001).pk)).replace("<slug:key>", "privatums")
    path = path.replace("<int:version>", "1").replace("<int:project>", "2001")
    path = path.replace("<slug:code>", "DAL-01" if name == "reporting:desk_figure" else "youth")
    path = path.replace("<int:number>", "1").replace("<slug:kind>", "docx")
    answer = desk.get(f"/{path}")
    # Where only a script writes, there is no page.
    pressed = ("courses:desk_begin", "courses:desk_keep", "reporting:desk_report_keep", "reporting:desk_report_next")
    assert answer.status_code == (405 if name in pressed else 200)
    content = answer.getvalue() if answer.streaming else answer.content
    for said in ("Bērziņa", "liga.berzina@example.lv"):
        assert said.encode() not in content
    assert seen() == []


def test_what_was_typed_is_never_kept(desk: Client, activity: Activity, liga: Resident) -> None:
    path = f"/darbs/aktivitates/{activity.pk}/pieteikt/"
    desk.get(path)
    assert seen() == []
    desk.post(path, {"q": "Bērziņa 1960"})
    desk.post(path, {"q": "26123456"})
    desk.post(path, {"q": "nav@example.lv"})
    rows = Look.objects.order_by("pk")
    assert [(row.detail, row.count, len(row.people)) for row in rows] == [
        ("name, born", 1, 1),
        ("phone", 0, 0),
        ("email", 0, 0),
    ]
    kept = " ".join(str(value) for row in rows.values() for value in row.values())
    for typed in ("Bērziņa", "1960", "26123456", "nav@example.lv"):
        assert typed not in kept


def test_a_page_that_shows_people_without_saying_so_breaks(desk: Client, activity: Activity) -> None:
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    from courses.views.staff import shown, staff_page

    request = RequestFactory().get("/darbs/")
    request.user = f.UserFactory()
    request.session = SessionStore()
    with pytest.raises(ValueError, match="declare"):
        staff_page(lambda request, reach: shown(request, activity))(request)


def note(minutes: int = 0, **more: Any) -> None:
    looks.note(**{"kind": "list", "by": f.UserFactory(), "now": NOW + timedelta(minutes=minutes), **more})


def test_the_same_look_is_folded_by_the_quarter_of_an_hour_and_nothing_else(query_count: Any) -> None:
    activity, other = f.ActivityFactory(), f.ActivityFactory(title="Cita")
    user = f.UserFactory()
    with query_count(1):
        looks.note(kind="list", by=user, about=activity, now=NOW)
    with query_count(1):
        looks.note(kind="list", by=user, about=activity, now=NOW + timedelta(minutes=14))
    assert Look.objects.count() == 1
    note(15, about=activity)
    note(about=other)
    note(about=activity, kind="attendance")
    note(about=activity, by=f.UserFactory(email="cits@example.lv"))
    note(about=activity, by=None, holder=f.EducatorFactory())
    note(about=activity, by=None, holder=f.EducatorFactory(name="Cits"))
    assert Look.objects.count() == 7
    anna, berta = f.ResidentFactory().pk, f.ResidentFactory().pk
    for people in ([anna], [berta], [anna, berta], [berta, anna]):
        note(kind="search", people=people)
    assert Look.objects.filter(kind="search").count() == 3


def test_a_head_reads_the_own_department_and_its_people_an_administrator_all() -> None:
    muz = f.ActivityFactory()
    jau = f.ActivityFactory(lead=f.DepartmentFactory(code="JAU", name="Jaunatnes nodaļa"))
    ours = f.PostFactory().holder
    theirs = f.PostFactory(department=jau.lead, holder__email="jau@example.lv").holder
    head = f.PostFactory(kind="head", holder__email="head@example.lv", parishes=[]).holder
    admin = f.PostFactory(kind="administrator", holder__email="admin@example.lv", parishes=[]).holder
    note(by=ours, about=muz)
    note(by=theirs, about=muz)
    note(by=ours, about=jau)
    note(by=theirs, about=jau)

    def read(user: Any) -> set[tuple[str, str]]:
        mine = reach(user, on=NOW.date())
        rows = trail.looked(reach=mine, wanted=Wanted(), limit=10).rows
        return {(row.look.by.email, row.activity.lead_id) for row in rows}

    everything = {(u.email, d) for u in (ours, theirs) for d in ("MUZ", "JAU")}
    assert read(head) == everything - {(theirs.email, "JAU")}
    assert read(admin) == everything
    assert read(ours) == set()


def test_a_resident_may_ask_who_looked(activity: Activity, liga: Resident) -> None:
    since = timezone.now()
    registration = Registration.objects.get()
    other = f.ActivityFactory(title="Cita")
    looks.note(kind="list", by=None, about=activity, now=registration.registered_at - timedelta(days=1))
    looks.note(kind="list", by=f.UserFactory(), about=activity, now=since + timedelta(hours=1))
    looks.note(kind="attendance", by=f.UserFactory(), about=activity, now=since + timedelta(hours=1))
    looks.note(kind="list", by=f.UserFactory(), about=other, now=since + timedelta(hours=1))
    looks.note(kind="search", by=f.UserFactory(), people=[liga.pk], now=since + timedelta(hours=2))
    looks.note(kind="search", by=f.UserFactory(), about=activity, people=[f.ResidentFactory().pk], now=since)
    found = trail.at_resident(resident=liga.pk).order_by("pk")
    assert [(look.kind, look.about) for look in found] == [
        ("list", "activity:2001"),
        ("attendance", "activity:2001"),
        ("search", ""),
    ]


def test_who_is_forgotten_is_taken_out_of_the_looks() -> None:
    sensitive = f.AudienceFactory(code="neet", name="NEET", is_sensitive=True)
    party = f.PartyFactory(activity=f.ActivityFactory(audiences=[sensitive]))
    gone = f.RegistrationFactory(party=party).resident.pk
    stays = f.ResidentFactory().pk
    note(kind="search", people=[gone, stays])
    forgetting.forget_sensitive(now=at("2027-03-28 12:01"))
    assert list(Resident.objects.values_list("pk", flat=True)) == [stays]
    look = Look.objects.get()
    assert (look.people, look.count) == ([stays], 2)


def test_looks_are_forgotten_after_three_years() -> None:
    note()
    note(60 * 24 * 365)
    assert forgetting.forget(now=NOW.replace(year=2030) + timedelta(hours=1))["looks"] == 1
    assert Look.objects.count() == 1


def test_a_correction_says_who_when_and_which_fields_without_any_value() -> None:
    person = f.ResidentFactory()
    looks.corrected(person=person, fields=["family_name", "birth_year"], by=f.UserFactory(), now=NOW)
    look = Look.objects.get()
    assert (look.kind, look.people, look.detail, look.at) == (
        "correction",
        [person.pk],
        "birth_year, family_name",
        NOW,
    )


def test_pairs_and_what_joins_them_are_looks(desk: Client, activity: Activity, liga: Resident) -> None:
    twin = f.ResidentFactory(household=liga.household, given_name="Liga", village=liga.village)
    first, second = sorted([liga.pk, twin.pk])
    pair = PossibleDouble.objects.create(first_id=first, second_id=second, strength=3, found_at=NOW)
    desk.get("/darbs/dubultnieki/")
    desk.get(f"/darbs/dubultnieki/{pair.pk}/")
    merged = merging.merge(kept=liga, gone=twin, by=None, now=timezone.now())
    desk.get(f"/darbs/dubultnieki/apvienoti/{merged.pk}/")
    looks_ = Look.objects.order_by("pk").values_list("kind", "people")
    assert [(kind, set(people)) for kind, people in looks_] == [
        ("doubles", {first, second}),
        ("merge", {first, second}),
    ]


def test_a_correction_names_the_fields_and_no_value(desk: Client, activity: Activity, liga: Resident) -> None:
    home = liga.household
    correcting.correct(
        resident=liga,
        person=Person("Līga", "Kalniņa", 1960, 5, 3, village=liga.village),
        contact=Contact(email=home.email, phone=str(home.phone or "")),
        by=f.UserFactory(),
        now=NOW,
    )
    look = Look.objects.get(kind="correction")
    assert look.people == [liga.pk]
    assert "family_name" in look.detail.split(", ")
    assert "email" not in look.detail.split(", ")
    assert "Kalniņa" not in str([*Look.objects.values_list()])


def test_who_looks_by_a_link_is_written_down_by_it(client: Client, activity: Activity) -> None:
    educator = educators.issue(educator=f.EducatorFactory(), now=timezone.now())
    activity.educators.add(educator)
    session = activity.sessions.earliest("starts_at")
    activity.sessions.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=1)
    )
    token = links.educator_token(educator)
    assert client.get(f"/pasniedzejs/{token}/nodarbibas/{session.pk}/").status_code == 200
    look = Look.objects.get()
    assert (look.kind, look.holder, look.by, look.about) == (
        "attendance",
        f"educator:{educator.pk}",
        None,
        "activity:2001",
    )
