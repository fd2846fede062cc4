"""A head of department writes a report and seals it: with scripts, on a telephone without them, and beside a colleague."""

import re

import pytest

from reporting.models import Report, ReportText, ReportVersion
from tests import factories as f

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ilze(client, portal):
    """She heads lifelong learning and comes to a page: ``ilze(page)``."""
    post = f.PostFactory(kind="head", parishes=[])

    def sit_down(page):
        client.force_login(post.holder)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])
        return post.holder

    return sit_down


def test_a_report_is_begun_written_sealed_and_begun_anew(page, ilze, axe):
    ilze(page)
    # Given no report yet
    page.goto("/darbs/parskati/")
    page.get_by_text("Pārskatu vēl nav").wait_for()
    axe(page)

    # When one of a year is begun
    page.get_by_role("link", name="Jauns pārskats").click()
    axe(page)
    page.get_by_label("Par ko").select_option("year")
    page.get_by_role("button", name="Sākt pārskatu").click()
    page.get_by_role("heading", name=re.compile("gada pārskats")).wait_for()
    axe(page)

    # Then what is typed is saved by itself
    part = page.locator("#summary")
    part.get_by_label("Latviski").fill("Gads izdevies.")
    part.get_by_label("Angliski").fill("A good year.")
    part.get_by_role("status").get_by_text(re.compile(r"^Saglabāts \d")).wait_for()
    assert (ReportText.objects.get().lv, ReportText.objects.get().en) == ("Gads izdevies.", "A good year.")

    # And what a colleague has written meanwhile is shown beside it, not written over
    ReportText.objects.update(lv="Kolēģes vārdi.", version=9)
    part.get_by_label("Latviski").fill("Gads tiešām izdevies.")
    part.get_by_text("LV: Kolēģes vārdi.").wait_for()
    assert ReportText.objects.get().lv == "Kolēģes vārdi."
    axe(page)
    part.get_by_role("button", name="Saglabāt").click()
    page.get_by_text("Saglabāts.").wait_for()
    assert ReportText.objects.get().lv == "Gads tiešām izdevies."

    # When it is sealed, having read what is missing
    page.get_by_role("link", name="Noslēgt pārskatu").click()
    axe(page)
    page.get_by_role("button", name="Noslēgt 1. versiju").click()
    page.get_by_text("1. versija, noslēgta").wait_for()
    axe(page)
    assert ReportVersion.objects.get().number == 1

    # Then the next begins with the same words, and what differs is told
    page.get_by_role("button", name="Sākt nākamo versiju").click()
    part.get_by_label("Latviski").fill("Gads izdevies ļoti labi.")
    part.get_by_role("status").get_by_text(re.compile(r"^Saglabāts \d")).wait_for()
    page.get_by_role("link", name=re.compile("^1. versija, ")).click()
    page.get_by_role("link", name="Kas atšķiras").click()
    page.get_by_text("Gads izdevies ļoti labi.").wait_for()
    axe(page)


def test_without_scripts_a_press_saves_all_that_was_typed(page_without_scripts, ilze, no_sideways):
    page = page_without_scripts
    ilze(page)
    report = f.ReportFactory()
    page.goto(f"/darbs/parskati/{report.pk}/")
    page.locator("#summary").get_by_label("Latviski").fill("Kopsavilkums.")
    page.locator("#impact").get_by_label("Angliski").fill("Impact.")
    page.locator("#impact").get_by_role("button", name="Saglabāt").click()
    page.get_by_text("Saglabāts.").wait_for()
    said = dict(ReportText.objects.values_list("section", "lv")) | {
        "impact": ReportText.objects.get(section="impact").en
    }
    assert said == {"summary": "Kopsavilkums.", "impact": "Impact."}
    assert Report.objects.get().is_open


def test_a_baseline_on_a_telephone(narrow_page, ilze, axe, no_sideways):
    page = narrow_page
    ilze(page)

    def look():
        axe(page)
        no_sideways(page)

    page.goto("/darbs/parskati/bazes-vertibas/")
    look()
    page.get_by_role("link", name="Jaunas bāzes vērtības").click()
    page.get_by_label("Nosaukums").fill("Gads pirms projekta")
    page.get_by_label("Pirmā diena").fill("2022-01-01")
    page.get_by_label("Pēdējā diena").fill("2022-12-31")
    page.get_by_label("No kurienes ir skaitļi").fill("Parakstu lapas")
    look()
    page.get_by_role("button", name="Saglabāt").click()
    page.get_by_label("Rādītājs").select_option("DAL-01")
    page.get_by_label("Vērtība").fill("daudz")
    page.get_by_role("button", name="Pierakstīt").click()
    page.get_by_role("alert").get_by_text("«daudz» nav skaitlis").wait_for()
    look()
    page.get_by_label("Vērtība").fill("128")
    page.get_by_role("button", name="Pierakstīt").click()
    page.get_by_role("cell", name="128").wait_for()
    look()
