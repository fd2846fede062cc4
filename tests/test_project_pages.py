"""Projects at the desk: written down, refused with what was typed kept, changed by one at a time, read by all."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coordinators.models import Mobility, Objective, Practice, Project, Publication
from ecosystem.models import User
from reporting.models import PracticeUse
from reporting.views import network_words
from tests import factories as f

pytestmark = pytest.mark.django_db

PROJECT = {
    "code": "2026-1-LV01-KA122-ADU-000000001",
    "action": "KA122",
    "name_lv": "Tuvāk mājām",
    "starts_on": "2026-10-01",
    "ends_on": "2027-11-30",
    "grant_eur": "26 310,00",
}
STAY = {
    "kind": "JS",
    "state": "planned",
    "in_grant": "on",
    "post": "",
    "participants": "1",
    "host": "Opisto",
    "country": "FI",
    "starts_on": "2027-03-01",
    "ends_on": "2027-03-05",
    "green_travel": "yes",
    "report": "not_requested",
}


def holder(kind: str) -> User:
    made: User = f.PostFactory(kind=kind, holder__email=f"{kind}@example.lv", email=f"{kind}@example.lv").holder
    return made


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(holder("project_manager"))
    return client


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(holder("coordinator"))
    return client


@pytest.fixture
def project() -> Project:
    made: Project = f.ProjectFactory()
    return made


def seen(client: Client, path: str) -> str:
    """The stamp that a form carries."""
    return str(client.get(path).context["stamp"])


def page(response: Any) -> str:
    return str(response.content.decode())


def test_a_project_and_what_belongs_to_it_are_written_down(desk: Client) -> None:
    answer = desk.post("/darbs/projekti/jauns/", PROJECT)
    project = Project.objects.get()
    here = f"/darbs/projekti/{project.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert (project.code, project.grant_eur, project.spent_eur) == (PROJECT["code"], Decimal("26310.00"), None)
    objective = {"text_lv": "Pārņemt desmit prakses", "target": "10", "baseline": "0,5"}
    assert desk.post(f"{here}merki/jauns/", objective)["Location"] == f"{here}#objective"
    past = timezone.localdate() - timedelta(days=10)
    done = STAY | {"state": "done", "starts_on": str(past - timedelta(days=3)), "ends_on": str(past)}
    assert desk.post(f"{here}mobilitates/jauna/", done)["Location"] == f"{here}#mobility"
    mobility = Mobility.objects.get()
    practice = {"mobility": mobility.pk, "name_lv": "Kaimiņu darbnīca"}
    assert desk.post(f"{here}prakses/jauna/", practice)["Location"] == f"{here}#practice"
    event = {"title": "Stāsti", "held_on": str(past), "level": "region", "attendees": "41"}
    assert desk.post(f"{here}pasakumi/jauns/", event)["Location"] == f"{here}#event"
    publication = {"title": "Raksts", "published_on": str(past), "channel": "press", "language": "lv"}
    publication |= {"link": "www.example.lv/raksts", "has_emblem": "yes", "has_disclaimer": "no"}
    assert desk.post(f"{here}publikacijas/jauna/", publication)["Location"] == f"{here}#publication"
    written = Publication.objects.get()
    assert (written.link, written.has_emblem, written.has_disclaimer) == ("https://www.example.lv/raksts", True, False)
    assert (mobility.green_travel, mobility.is_blended, Objective.objects.get().baseline) == (
        True,
        None,
        Decimal("0.50"),
    )
    shown = page(desk.get(here))
    for words in ("Pārņemt desmit prakses", "0,5", "Somija", "Kaimiņu darbnīca", "Stāsti", "ES nav redzama", "41"):
        assert words in shown


def test_what_is_refused_is_told_beside_its_field_and_all_typed_stays(desk: Client, project: Project) -> None:
    path = f"/darbs/projekti/{project.pk}/mobilitates/jauna/"
    wrong = STAY | {"ends_on": "2027-03-01", "country": "LV", "participants": "divi", "host": "Mana vieta"}
    answer = desk.post(path, wrong)
    assert answer.status_code == 422
    assert page(answer).count("Ierakstiet veselu skaitli, piemēram, 12.") == 2, "on top and beside the field"
    assert 'value="Mana vieta"' in page(answer)
    again = desk.post(path, STAY | {"ends_on": "2027-03-01", "report": "submitted"})
    form = again.context["form"]
    assert form.errors == {
        "ends_on": ["«Darba vērošana» ilgst no 2 līdz 60 dienām, neskaitot ceļa dienas; šeit ir 1 diena."],
        "report": ["Par to, kas nav noticis, ziņojuma vēl nav."],
    }
    assert page(again).count("<title>Kļūda: Jauna mobilitāte") == 1
    assert Mobility.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"target": "0"}, "target", "Plānotais ir skaitlis, kas lielāks par nulli."),
        ({"target": "desmit"}, "target", "Ierakstiet skaitli, piemēram, 12 vai 12,5."),
        ({"target": ""}, "target", "Plānotais ir skaitlis, kas lielāks par nulli."),
        ({"text_lv": ""}, "text_lv", "Ierakstiet, kas bija apņemšanās."),
        ({"indicator": "NAV-01"}, "indicator", "Izvēlieties vienu no piedāvātajiem."),
        (
            {"indicator": "MOB-01", "audience": "seniors"},
            "indicator",
            "MOB-01 šādi netiek dalīts. Izvēlieties «visi» vai citu rādītāju.",
        ),
    ],
)
def test_an_objective_is_refused_in_words(
    desk: Client, project: Project, typed: dict[str, str], field: str, words: str
) -> None:
    f.AudienceFactory(code="seniors", name="Seniori")
    answer = desk.post(f"/darbs/projekti/{project.pk}/merki/jauns/", {"text_lv": "Mērķis", "target": "5"} | typed)
    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [words]})
    assert Objective.objects.count() == 0


def test_an_objective_keeps_the_filters_that_its_form_does_not_show(desk: Client, project: Project) -> None:
    kept = {"country": ["FI", "EE"], "department": ["MUZ", "JAU"]}
    objective = f.ObjectiveFactory(project=project, actual=None, indicator="MOB-01", filters=kept)
    path = f"/darbs/projekti/{project.pk}/merki/{objective.pk}/"
    form = {"text_lv": "Cits", "target": "5", "indicator": "MOB-01", "department": "MUZ", "seen": seen(desk, path)}
    assert desk.post(path, form).status_code == 302
    objective.refresh_from_db()
    assert (objective.text_lv, objective.filters) == ("Cits", kept)
    desk.post(path, form | {"department": "", "seen": seen(desk, path)})
    objective.refresh_from_db()
    assert objective.filters == {"country": ["FI", "EE"]}
    desk.post(path, form | {"indicator": "MOB-09", "department": "", "seen": seen(desk, path)})
    objective.refresh_from_db()
    assert objective.filters == {}


@pytest.mark.parametrize(
    ("indicator", "said"), [("SAD-03", ["4\xa0%", "15\xa0%", "7,7\xa0%"]), ("MOB-01", ["4", "15", "7,69"])]
)
def test_what_an_objective_has_reached_is_said_as_the_dashboard_says_it(project, indicator, said) -> None:
    numbers = {"baseline": Decimal(4), "target": Decimal(15), "actual": Decimal("7.69")}
    row = network_words.objective_row(
        f.ObjectiveFactory(project=project, indicator=indicator, **numbers), numbers["actual"]
    )
    assert [row["baseline"], row["target"], row["actual"]] == said


def test_the_sixth_objective_is_refused_on_its_page(desk: Client, project: Project) -> None:
    for position in range(1, 6):
        f.ObjectiveFactory(project=project, position=position)
    assert "merki/jauns/" not in page(desk.get(f"/darbs/projekti/{project.pk}/"))
    answer = desk.post(f"/darbs/projekti/{project.pk}/merki/jauns/", {"text_lv": "Sestais", "target": "5"})
    assert answer.status_code == 422
    assert "Projektam ir ne vairāk kā 5 mērķi." in page(answer)


def test_who_saves_second_is_told_and_nothing_typed_is_lost(desk: Client, project: Project) -> None:
    mobility = f.MobilityFactory(project=project, post=None)
    path = f"/darbs/projekti/{project.pk}/mobilitates/{mobility.pk}/"
    stamp = seen(desk, path)
    Mobility.objects.update(host="Cita")
    answer = desk.post(path, STAY | {"host": "Mana", "seen": stamp})
    assert (answer.status_code, Mobility.objects.get().host) == (409, "Cita")
    assert 'value="Mana"' in page(answer)
    assert desk.post(path, STAY | {"host": "Mana", "seen": answer.context["stamp"]}).status_code == 302
    assert Mobility.objects.get().host == "Mana"


def test_what_was_written_by_mistake_is_deleted_what_is_needed_is_not(desk: Client, project: Project) -> None:
    practice = f.PracticeFactory(mobility=f.MobilityFactory(project=project, post=None))
    stay = f"/darbs/projekti/{project.pk}/mobilitates/{practice.mobility.pk}/"
    kept = desk.post(stay, {"action_taken": "delete"})
    assert kept.status_code == 409
    assert "No tās ir pārņemta prakse." in page(kept)
    desk.post(f"/darbs/projekti/{project.pk}/prakses/{practice.pk}/labot/", {"action_taken": "delete"})
    assert desk.post(stay, {"action_taken": "delete"})["Location"] == f"/darbs/projekti/{project.pk}/#mobility"
    assert desk.post(f"/darbs/projekti/{project.pk}/labot/", {"action_taken": "delete"}).status_code == 302
    assert (Project.objects.count(), Mobility.objects.count(), Practice.objects.count()) == (0, 0, 0)


def test_what_belongs_to_another_project_is_not_there(desk: Client, project: Project) -> None:
    other = f.ProjectFactory(code="2026-1-LV01-KA122-ADU-000000002")
    mobility = f.MobilityFactory(project=other, post=None)
    for path in (f"{project.pk}/mobilitates/{mobility.pk}/", "9999/", "9999/merki/jauns/"):
        assert desk.get(f"/darbs/projekti/{path}").status_code == 404


def test_everybody_at_the_desk_reads_and_sees_no_button(reader: Client, project: Project) -> None:
    f.MobilityFactory(project=project)
    f.ObjectiveFactory(project=project)
    shown = page(reader.get(f"/darbs/projekti/{project.pk}/"))
    assert "Darba vērošana" in shown
    for way in ("labot/", "jauns/", "jauna/", "fails/"):
        assert way not in shown
    assert "Ilze Ozola" not in shown.split("<main")[1], "a participant is a post"
    assert reader.post("/darbs/projekti/jauns/", PROJECT).status_code == 403


def test_what_the_programme_expects_is_told_on_the_page(reader: Client, project: Project) -> None:
    f.MobilityFactory(project=project, kind="GM", post=None, participants=31)
    assert "KA122 projektā ir ne vairāk kā 30 dalībnieku; plānots 31." in page(
        reader.get(f"/darbs/projekti/{project.pk}/")
    )


def test_the_lists_ask_as_often_for_three_as_for_one(reader: Client, same_queries: Any) -> None:
    def project_of(place: int) -> Project:
        made: Project = f.ProjectFactory(code=f"2026-1-LV01-KA122-ADU-00000001{place}")
        f.MobilityFactory(project=made, post=None)
        return made

    same_queries(6, add=project_of, visit=lambda: reader.get("/darbs/projekti/"))
    project = Project.objects.order_by("pk")[0]
    department = f.DepartmentFactory()

    def more(place: int) -> None:
        post = f.PostFactory(holder=None, department=department, email=f"p{place}@example.lv")
        stay = f.MobilityFactory(project=project, post=post)
        f.PracticeFactory(mobility=stay)
        f.ObjectiveFactory(project=project, position=place + 1)
        f.DisseminationEventFactory(project=project, parish=f.ParishFactory())
        f.PublicationFactory(project=project)

    same_queries(14, add=more, visit=lambda: reader.get(f"/darbs/projekti/{project.pk}/"))


def test_a_coordinator_adopts_a_practice_for_an_activity_of_theirs(reader: Client) -> None:
    practice = f.PracticeFactory(mobility=f.MobilityFactory(post=None))
    mine = f.ActivityFactory(title="Adīšanas vakars")
    other = f.ActivityFactory(title="Adīšana jauniešiem", lead=f.DepartmentFactory(code="JAU"))
    path = f"/darbs/prakses/{practice.pk}/"
    found = reader.get(path, {"q": "adis"}).context["found"]
    assert [activity.pk for activity in found] == [mine.pk]
    assert reader.post(path, {"step": "adopt", "activity": mine.pk}).status_code == 302
    reader.post(path, {"step": "adopt", "activity": mine.pk})
    assert [use.activity_id for use in PracticeUse.objects.all()] == [mine.pk]
    assert reader.get(path, {"q": "adis"}).context["found"] == []
    assert reader.post(path, {"step": "adopt", "activity": other.pk}).status_code == 403
    for wrong in ({"step": "adopt", "activity": "x"}, {"step": "cits", "activity": mine.pk}, {}):
        assert reader.post(path, wrong).status_code == 404
    assert reader.post(path, {"step": "drop", "activity": mine.pk}).status_code == 302
    assert PracticeUse.objects.count() == 0


def test_who_keeps_projects_says_it_of_any_activity_seen(desk: Client) -> None:
    practice = f.PracticeFactory(mobility=f.MobilityFactory(post=None))
    other = f.ActivityFactory(title="Adīšana jauniešiem", lead=f.DepartmentFactory(code="JAU"))
    path = f"/darbs/prakses/{practice.pk}/"
    desk.post(path, {"step": "adopt", "activity": other.pk})
    shown = page(desk.get(path))
    assert "Adīšana jauniešiem" in shown
    assert desk.get("/darbs/prakses/9999/").status_code == 404


def test_an_unmeant_number_and_a_strange_letter_are_answered(desk: Client, project: Project) -> None:
    """Nothing of what anybody types is a broken page."""
    here = f"/darbs/projekti/{project.pk}/"
    strange = ["\x00", "=1+1", "9" * 30, "-5", "x" * 3000, "2027-13-45", "<b>", "٣"]
    for path, names in (
        ("mobilitates/jauna/", STAY),
        ("merki/jauns/", dict.fromkeys(("text_lv", "target", "baseline", "actual", "indicator", "status_lv"))),
        ("pasakumi/jauns/", dict.fromkeys(("title", "held_on", "level", "parish", "attendees", "audience"))),
        ("publikacijas/jauna/", dict.fromkeys(("title", "published_on", "channel", "language", "link", "reach"))),
        ("prakses/jauna/", dict.fromkeys(("mobility", "name_lv", "description_lv"))),
    ):
        for text in strange:
            assert desk.post(f"{here}{path}", dict.fromkeys(names, text)).status_code == 422
    for text in strange:
        assert desk.post("/darbs/projekti/jauns/", dict.fromkeys(PROJECT, text)).status_code == 422
