"""A project manager on a telephone, and without scripts: a stay abroad, what was brought home, mobilities from a table."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from coordinators.models import Mobility, Project
from reporting.models import PracticeUse
from tests import factories as f

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def project(client, portal):
    """A project under way, and somebody who keeps projects to come to it: ``project(page)``."""
    today = timezone.localdate()
    made = f.ProjectFactory(starts_on=today - timedelta(days=200), ends_on=today + timedelta(days=200))
    post = f.PostFactory(kind="project_manager")
    f.PostFactory(holder=None, email="vilces.muz@example.lv")

    def sit_down(page) -> Project:
        client.force_login(post.holder)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])
        return made

    return sit_down


def test_a_stay_abroad_and_what_it_brought_home(narrow_page, project, axe, no_sideways):
    page, today = narrow_page, timezone.localdate()
    project(page)

    def look():
        # Which waits until the page is there.
        axe(page)
        no_sideways(page)

    # Given a project without anything in it yet
    page.goto("/darbs/")
    page.get_by_role("navigation", name="Darbs").get_by_role("link", name="Projekti").click()
    look()
    page.get_by_role("region", name="Projekti").get_by_role("link").click()
    look()

    # When a day too few is typed
    page.get_by_role("link", name="Jauna mobilitāte").click()
    page.get_by_label("Stāvoklis").select_option("done")
    page.get_by_label("Kura amata darbinieks dodas").select_option(label="Koordinators, Elejas pagasts")
    page.get_by_label("Uzņēmējorganizācija vai kursu rīkotājs").fill("Koskela")
    page.get_by_label("Valsts").select_option("FI")
    page.get_by_label("Pirmā norises diena").fill(str(today - timedelta(days=30)))
    page.get_by_label("Pēdējā norises diena").fill(str(today - timedelta(days=30)))
    page.get_by_role("button", name="Saglabāt").click()

    # Then the limits are told, what was typed stays, and the right day is taken
    page.get_by_role("alert").get_by_text("ilgst no 2 līdz 60 dienām").wait_for()
    look()
    assert page.get_by_label("Uzņēmējorganizācija vai kursu rīkotājs").input_value() == "Koskela"
    page.get_by_label("Pēdējā norises diena").fill(str(today - timedelta(days=27)))
    page.get_by_role("button", name="Saglabāt").click()
    page.get_by_text("Somija").wait_for()
    assert Mobility.objects.get().days == 4
    look()

    # And when a practice is written down, an activity uses it
    f.ActivityFactory(title="Adīšanas vakars")
    page.get_by_role("link", name="Jauna prakse").click()
    page.get_by_label("Nosaukums latviski").fill("Kaimiņu darbnīca")
    look()
    page.get_by_role("button", name="Saglabāt").click()
    page.get_by_role("link", name="Kaimiņu darbnīca").click()
    page.get_by_label("Aktivitātes nosaukums").fill("adis")
    page.get_by_role("button", name="Meklēt").click()
    page.get_by_role("button", name=re.compile("Izmanto.*Adīšanas vakars")).click()
    page.get_by_role("button", name=re.compile("Noņemt.*Adīšanas vakars")).wait_for()
    look()
    assert PracticeUse.objects.count() == 1


def test_mobilities_from_a_table_without_scripts(page_without_scripts, project):
    page, made = page_without_scripts, project(page_without_scripts)
    rows = (
        "kind,state,post,country,host,starts_on,ends_on",
        "Darba vērošana,planned,vilces.muz@example.lv,Somija,Koskela,04.03.2030,07.03.2030",
        "CT,planned,,FI,,2030-03-04,2030-05-04",
    )
    page.goto(f"/darbs/projekti/{made.pk}/")
    page.get_by_role("link", name="No tabulas").click()
    content = "\n".join(rows).encode()
    page.get_by_label("Fails").set_input_files({"name": "m.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Izmēģināt").click()
    page.get_by_text("«Kursi un apmācība» ilgst no 2 līdz 30 dienām").wait_for()
    assert Mobility.objects.count() == 0
    page.get_by_role("button", name="Pārņemt projektā (1 rinda)").click()
    page.get_by_text("Pārņemts projektā").wait_for()
    assert [(each.kind, each.country) for each in Mobility.objects.all()] == [("JS", "FI")]
