"""The figures on a screen: filters in place and without scripts, charts that are read aloud, nothing wider than a telephone."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from courses.domain import attendance
from courses.models import Activity
from reporting.domain.facts import reading
from tests import factories as f

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def counted():
    """Twelve came to Eleja and five to Vilce this year."""
    cache.clear()
    eleja = f.VillageFactory()
    vilce = f.ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce", lat=56.4203, lon=23.5478)
    for department, number, parish in (("MUZ", 12, eleja.parish), ("JAU", 5, vilce)):
        activity = f.ActivityFactory(
            lead=f.DepartmentFactory(code=department, name=f"{department} nodaļa"),
            parish=parish,
            centre=None,
            first=timezone.now() - timedelta(days=30),
            capacity=None,
        )
        marks = {}
        for place in range(number):
            person = f.ResidentFactory(given_name=f"Anna{place}", village=eleja, sex="female" if place % 2 else "male")
            registration = f.RegistrationFactory(party=f.PartyFactory(activity=activity), resident=person)
            Activity.objects.filter(pk=activity.pk).update(taken=F("taken") + 1)
            marks[registration.pk] = "present"
        session = activity.sessions.select_related("activity").order_by("starts_at")[0]
        attendance.mark(session=session, marks=marks, by=f.UserFactory(), now=timezone.now())
    reading.read(now=timezone.now())


@pytest.fixture
def head(client, portal):
    """A head of department sits down at a browser."""

    def sit_down(page):
        client.force_login(f.PostFactory(kind="head", parishes=[], holder__email="head@example.lv").holder)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])
        page.goto("/darbs/raditaji/")

    return sit_down


def large(page):
    return page.locator(".stat-number").first.inner_text()


def test_a_head_looks_at_the_year(page, counted, head, axe, no_sideways):
    head(page)
    assert large(page) == "12"
    axe(page)
    no_sideways(page)
    # In place: the address follows, the filter keeps the focus.
    page.get_by_label("Nodaļa", exact=True).select_option("")
    page.wait_for_url("**izvele=1**")
    page.wait_for_function("document.querySelector('.stat-number').textContent === '17'")
    assert (
        page.evaluate("document.activeElement.id") == "nodala"
        or page.evaluate("document.activeElement.tagName") == "BODY"
    )
    # By keyboard: the table behind a chart opens, the definition is one step away.
    page.locator("#pagasti summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#pagasti table").is_visible()
    assert "Elejas pagasts" in page.locator("#pagasti table").inner_text()
    drawing = page.locator("#pagasti [role=img]")
    assert drawing.get_attribute("aria-label")
    page.locator(".stats a").first.click()
    page.wait_for_url("**/darbs/raditaji/DAL-01/**")
    assert large(page) == "17"
    axe(page)
    page.get_by_label("Dalījums pēc").select_option("sex")
    page.wait_for_selector(".bars")
    axe(page)
    page.get_by_role("link", name="Rādītāja saraksts").click()
    page.wait_for_selector(".roll")
    axe(page)


def test_figures_fit_a_telephone_and_paper(narrow_page, counted, head, axe, no_sideways):
    page = narrow_page
    head(page)
    no_sideways(page)
    axe(page)
    page.emulate_media(media="print")
    assert not page.locator(".dash-filters").is_visible()
    assert page.locator(".bars").first.is_visible()
    page.emulate_media(media="screen", color_scheme="dark")
    axe(page)
    page.goto("/raditaji/")
    no_sideways(page)
    axe(page)


def test_figures_need_no_scripts(page_without_scripts, counted, head):
    page = page_without_scripts
    head(page)
    assert large(page) == "12"
    page.get_by_label("Nodaļa", exact=True).select_option("JAU")
    page.get_by_role("button", name="Rādīt").click()
    assert large(page) == "5"
    page.get_by_label("Nodaļa", exact=True).select_option("")
    page.locator("#group-pagasts summary").click()
    page.get_by_role("checkbox", name="Vilces pagasts").check()
    page.get_by_role("button", name="Rādīt").click()
    assert large(page) == "5"
    assert "pagasts=vilces-pagasts" in page.url
