"""Journeys: whole ways through the portal in a real browser, the accessibility check on every page they cross."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses.models import Activity, Registration
from ecosystem.models import Parish
from tests.factories import (
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    PostFactory,
    TopicFactory,
    UserFactory,
    VillageFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def soon(days=3, **kwargs):
    first = (timezone.now() + timedelta(days=days)).replace(hour=8, minute=0, second=0, microsecond=0)
    return ActivityFactory(first=first, changed_at=timezone.now(), **kwargs)


@pytest.fixture
def eleja():
    return VillageFactory()


def fill_person(page, number, given, family, day, month, year, village="eleja"):
    page.fill(f"[name=people-{number}-given_name]", given)
    page.fill(f"[name=people-{number}-family_name]", family)
    page.fill(f"[name=people-{number}-birth_day]", day)
    page.fill(f"[name=people-{number}-birth_month]", month)
    page.fill(f"[name=people-{number}-birth_year]", year)
    page.select_option(f"[name=people-{number}-village]", village)


def messages(page):
    return json.loads(page.request.get("/demo/zinas/?format=json").text())


def test_a_mother_registers_her_child_and_cancels(page, axe, eleja):
    # Given a pottery class for children with two places left
    activity = soon(title="Keramika bērniem", age_min=7, age_max=12, capacity=10, taken=8)
    # When she looks around Eleja
    page.goto("/")
    axe(page)
    page.select_option("#home-place", "eleja")
    page.fill("[name=q]", "keramika")
    page.get_by_role("button", name="Meklēt").click()
    axe(page)
    page.get_by_role("link", name="Keramika bērniem").click()
    axe(page)
    page.get_by_role("link", name="Pieteikties", exact=True).first.click()
    axe(page)
    # And forgets her own name
    year = str(timezone.now().year - 9)
    fill_person(page, 0, "Anna", "Bērziņa", "5", "3", year)
    page.fill("[name=contact_email]", "mamma@example.lv")
    page.get_by_role("button", name="Turpināt").click()
    assert page.title().startswith("Kļūda")
    axe(page)
    assert page.input_value("[name=people-0-given_name]") == "Anna"
    page.fill("[name=guardian_name]", "Ilze Bērziņa")
    page.get_by_role("button", name="Turpināt").click()
    # Then she reads it once more and sends it
    axe(page)
    page.locator("form button[type=submit].btn-primary").click()
    assert page.locator("[data-outcome]").get_attribute("data-outcome") == "confirmed"
    axe(page)
    # And finds the link in her mail, by which Anna gives up the place
    [mail] = [message for message in messages(page) if message["to"] == "mamma@example.lv"]
    page.goto(next(url for url in mail["links"] if "/pieteikumi/" in url))
    axe(page)
    page.get_by_text("Nevarēšu atnākt").first.click()
    axe(page)
    page.locator("main form button[type=submit]").first.click()
    assert Registration.objects.get(activity=activity).state == "cancelled"
    assert Activity.objects.get(pk=activity.pk).taken == 8


def test_a_freed_place_is_offered_on_a_telephone(narrow_page, axe, no_sideways, eleja):
    # Given a full class
    page = narrow_page
    activity = soon(days=20, title="Nūjošana", capacity=1, taken=0)
    for number, mail in enumerate(("pirma@example.lv", "otra@example.lv")):
        page.goto(f"{activity.get_absolute_url()}pieteikties/")
        no_sideways(page)
        fill_person(page, 0, ("Zenta", "Velta")[number], "Ozola", "1", "2", "1950")
        page.fill("[name=contact_email]", mail)
        page.get_by_role("button", name="Turpināt").click()
        no_sideways(page)
        page.locator("form button[type=submit].btn-primary").click()
    assert page.locator("[data-outcome]").get_attribute("data-outcome") == "queued"
    no_sideways(page)
    axe(page)
    # When the first cannot come
    [mail] = [message for message in messages(page) if message["to"] == "pirma@example.lv"]
    page.goto(next(url for url in mail["links"] if "/pieteikumi/" in url))
    page.get_by_text("Nevarēšu atnākt").first.click()
    page.locator("main form button[type=submit]").first.click()
    # Then the second is offered the place and takes it
    told = [url for message in messages(page) if message["to"] == "otra@example.lv" for url in message["links"]]
    page.goto(next(url for url in told if "/piedavajumi/" in url))
    axe(page)
    no_sideways(page)
    assert Registration.objects.get(party__email="otra@example.lv").state == "offered"
    page.get_by_role("button", name="Jā, nākšu").click()
    assert Registration.objects.get(party__email="otra@example.lv").state == "confirmed"


def test_everything_works_without_scripts(page_without_scripts, eleja):
    # Given two activities, one of them for seniors
    page = page_without_scripts
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem")
    soon(title="Senioru rīts", audiences=[seniors], capacity=12)
    soon(title="Cita")
    # When a grandfather finds it by the filter's button
    page.goto("/aktivitates/?vieta=eleja")
    assert page.locator("[data-activity]").count() == 2
    page.check("[name=merkgrupa][value=seniors]")
    page.get_by_role("button", name="Rādīt aktivitātes").click()
    assert page.locator("[data-activity]").count() == 1
    page.get_by_role("link", name="Kalendārs").last.click()
    page.get_by_role("link", name="Saraksts").click()
    page.get_by_role("link", name="Senioru rīts").click()
    page.get_by_role("link", name="Pieteikties", exact=True).first.click()
    # And registers himself and his wife
    fill_person(page, 0, "Jānis", "Kalns", "", "", "1948")
    page.locator("button[name=add]").click()
    assert page.input_value("[name=people-0-given_name]") == "Jānis"
    fill_person(page, 1, "Milda", "Kalna", "", "", "1950", village="elsewhere")
    page.fill("[name=contact_phone]", "2612 3456")
    page.get_by_role("button", name="Turpināt").last.click()
    page.locator("form button[type=submit].btn-primary").click()
    # Then both have a place, and the telephone has a message
    assert page.locator("[data-outcome]").get_attribute("data-outcome") == "confirmed"
    assert Registration.objects.filter(state="confirmed").count() == 2
    assert [m["channel"] for m in messages(page) if m["to"] == "+37126123456"] == ["sms"]


def test_filters_answer_in_place(page, axe, eleja):
    # Given a list
    digital = TopicFactory(code="digital", name="Digitālās prasmes", family="skills")
    soon(title="Viedtālrunis bez bailēm", topic=digital)
    soon(title="Adīšana")
    page.goto("/aktivitates/?vieta=eleja")
    # When a topic is ticked
    page.check("[name=tema][value=digital]")
    page.wait_for_url("**tema=digital**")
    # Then the list follows, the address can be shared, and the focus stays
    page.wait_for_selector("[data-count='1']")
    assert page.locator("[data-activity]").count() == 1
    assert page.evaluate("document.activeElement.value") == "digital"
    axe(page)
    # And a chip takes it away
    page.get_by_role("link", name="Digitālās prasmes").click()
    page.wait_for_selector("[data-count='2']")


def test_a_coordinator_signs_in_with_one_click(page, axe):
    # Given a coordinator of Elejas pagasts
    person = UserFactory(email="coordinator@example.lv", name="Inga Liepa")
    PostFactory(holder=person)
    soon(title="Adīšana")
    # When she chooses her part in the demonstration
    page.goto("/demo/")
    axe(page)
    page.locator("form[action$='/demo/ieiet/coordinator/'] button").click()
    # Then she sees her parishes' programme
    page.wait_for_url("**/darbs/")
    assert page.get_by_role("link", name="Adīšana").first.is_visible()
    axe(page)


def test_the_other_public_pages(page, axe, no_sideways):
    # Given the demonstration's texts and a centre
    call_command("load_vocabulary", verbosity=0)
    centre = CentreFactory(parish=Parish.objects.get(slug="elejas-pagasts"))
    soon(centre=centre, parish=centre.parish)
    # Then each stands at 320 px, in the dark too
    page.set_viewport_size({"width": 320, "height": 700})
    for number, path in enumerate(
        (
            "/",
            "/aktivitates/?skats=kalendars",
            "/aktivitates/?skats=karte&vieta=eleja",
            "/aktivitates/?q=nekas-tads",
            "/centri/",
            f"/centri/{centre.slug}/",
            "/pagasti/elejas-pagasts/",
            "/nodalas/MUZ/",
            "/pieklustamiba/",
            "/privatums/",
            "/pa-talruni/",
            "/parklasanas-noteikumi/",
            "/sazina/",
            "/mani/",
            "/pieteikumi/atrast/",
            "/konts/login/",
            "/demo/zinas/",
            "/demo/komponenti/",
            "/nav-tadas/",
        )
    ):
        page.emulate_media(color_scheme=("light", "dark")[number % 2])
        page.goto(path)
        no_sideways(page)
        axe(page)


def test_english_stands_beside(page, axe, eleja):
    # Given an activity with an English title
    soon(title="Adīšana", title_en="Knitting")
    page.goto("/aktivitates/")
    # When the reader changes the language
    page.get_by_role("link", name="English").first.click()
    # Then the same page speaks English
    page.wait_for_url("**/en/aktivitates/")
    assert page.get_by_role("link", name="Knitting").is_visible()
    axe(page)


def tab_to(page, what, most=120):
    """Press Tab until the focused element fits (an expression in JavaScript over ``at``)."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(at => {what})(document.activeElement)"):
            return
    pytest.fail(f"Tab never reached {what} on {page.url}")


def test_from_search_to_a_place_by_keyboard_alone(page, eleja):
    # Given the home page
    soon(title="Adīšana")
    page.goto("/")
    # When one presses Tab, the first stop leads past the navigation
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    # Then the search is the next stop, and Enter in it searches
    assert page.evaluate("document.activeElement.id") == "home-place"
    page.keyboard.press("Tab")
    page.keyboard.type("adīšana")
    page.keyboard.press("Enter")
    page.wait_for_url("**/aktivitates/**")
    # And the activity, its button and each field are reached in turn
    tab_to(page, "at.textContent === 'Adīšana'")
    page.keyboard.press("Enter")
    page.wait_for_url("**-adisana/")
    tab_to(page, "at.textContent.trim() === 'Pieteikties'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pieteikties/")
    for name, words in (
        ("people-0-given_name", "Zenta"),
        ("people-0-family_name", "Liepa"),
        ("people-0-birth_year", "1950"),
        ("people-0-village", "Eleja"),
        ("contact_phone", "26123456"),
    ):
        tab_to(page, f"at.name === '{name}'")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_selector("main form[action$='parbaudit/']")
    tab_to(page, "at.matches('form button.btn-primary')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-outcome=confirmed]")
