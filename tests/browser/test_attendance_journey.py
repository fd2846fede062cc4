"""Marking who came, on a telephone in a hall where the connection comes and goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Attendance, Registration, Session
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NAMES = [("Anna", "Āboltiņa-Kraukle"), ("Līga", "Bērziņa"), ("Jānis", "Čakste")]


@pytest.fixture
def session():
    """A session that began half an hour ago, in the parishes of the demonstration's coordinator."""
    began = timezone.now() - timedelta(minutes=30)
    activity = ActivityFactory(title="Adīšanas vakars", sessions=[(began, began + timedelta(hours=2))])
    for given, family in NAMES:
        RegistrationFactory(
            party=PartyFactory(activity=activity), resident=ResidentFactory(given_name=given, family_name=family)
        )
    return activity.sessions.get()


def sign_in(page, client, portal):
    """As the holder of the post; how one signs in is another journey."""
    client.force_login(PostFactory().holder)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])


def all_sent(page):
    """Nothing waits on the device any more."""
    for _ in range(100):
        if page.evaluate("localStorage.length") == 0:
            return
        page.wait_for_timeout(50)
    pytest.fail("marks still wait on the device")


def saved():
    """What the database holds, by family name."""
    rows = Attendance.objects.order_by("pk").values_list("registration__resident__family_name", "presence")
    return dict(rows)


def tap(page, family, mark):
    """A finger on one of the three."""
    page.get_by_role("radiogroup", name=family).locator(f"[value={mark}]").click()


def test_nothing_tapped_is_lost_on_a_poor_connection(narrow_page, portal, client, session, axe, no_sideways):
    page = narrow_page
    sign_in(page, client, portal)
    status, count = page.locator("[data-status]"), page.locator("[data-count]")
    # Given the sheet of a session that is on
    page.goto(f"/darbs/nodarbibas/{session.pk}/")
    assert count.inner_text().startswith("0 ")
    no_sideways(page)
    axe(page)
    # When the first has come, one tap keeps it
    tap(page, "Bērziņa", "present")
    all_sent(page)
    assert saved() == {"Bērziņa": "present"}
    assert count.inner_text().startswith("1 ")
    # And the connection goes: taps stay, and are seen as not saved
    page.context.set_offline(True)
    tap(page, "Čakste", "absent")
    page.locator(".is-unsaved").first.wait_for()
    assert "1" in status.inner_text()
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert "Čakste" not in kept
    assert saved() == {"Bērziņa": "present"}
    axe(page)
    # Then, even when the page is opened anew, they are sent once the connection is back
    page.context.set_offline(False)
    page.reload()
    all_sent(page)
    assert saved() == {"Bērziņa": "present", "Čakste": "absent"}
    # And all the others are marked by one button, and its undo
    page.locator("[name=do][value=all]").click()
    page.locator("[data-undo]").wait_for()
    assert count.inner_text().startswith("3 ")
    page.locator("[data-undo]").click()
    all_sent(page)
    assert saved() == {"Bērziņa": "present", "Čakste": "absent"}
    # And those who came without registering are counted
    page.locator("[data-step='1']").click()
    page.locator("[data-step='1']").click()
    all_sent(page)
    assert Session.objects.get(pk=session.pk).head_count == 2
    # And a second tap on a mark takes it away
    page.wait_for_timeout(700)
    tap(page, "Čakste", "absent")
    all_sent(page)
    assert saved() == {"Bērziņa": "present"}
    # And whoever was signed out meanwhile is told so, and loses nothing either
    page.context.clear_cookies(name="sessionid")
    tap(page, "Āboltiņa", "excused")
    page.locator(".is-unsaved").first.wait_for()
    assert status.inner_text() == page.locator("form[data-sheet]").get_attribute("data-signed-out")
    sign_in(page, client, portal)
    page.locator("[data-retry]").click()
    all_sent(page)
    assert saved() == {"Bērziņa": "present", "Āboltiņa-Kraukle": "excused"}
    no_sideways(page)
    axe(page)


def test_sheet_works_without_scripts(page_without_scripts, portal, client, session):
    page = page_without_scripts
    sign_in(page, client, portal)
    page.goto(f"/darbs/nodarbibas/{session.pk}/")
    tap(page, "Āboltiņa-Kraukle", "excused")
    page.fill("#heads", "4")
    page.locator("[name=do][value=save]").click()
    assert saved() == {"Āboltiņa-Kraukle": "excused"}
    assert Session.objects.get(pk=session.pk).head_count == 4
    page.locator("[name=do][value=all]").click()
    assert len(saved()) == 3
    page.locator("[name=do][value=undo]").click()
    assert saved() == {"Āboltiņa-Kraukle": "excused"}


def test_all_the_others_leaves_alone_what_was_saved_while_the_page_was_on_its_way(narrow_page, portal, client, session):
    page = narrow_page
    sign_in(page, client, portal)
    address = f"/darbs/nodarbibas/{session.pk}/"
    # Given a page that was written before the mark which the telephone was just saving
    written = page.goto(address)
    body, headers = written.body(), written.headers
    kept = Registration.objects.get(resident__family_name="Čakste")
    AttendanceFactory(registration=kept, presence="absent", marked_at=timezone.now() - timedelta(seconds=1))
    looks = []

    def slowly(route):
        if route.request.resource_type == "document":
            route.fulfill(body=body, headers=headers)
        elif route.request.method == "GET":
            looks.append(route)
        else:
            route.continue_()

    page.route(f"**{address}", slowly)
    page.reload()
    # When all the others are marked while it still looks what was saved
    page.locator("[name=do][value=all]").click()
    for look in looks:
        look.continue_()
    page.locator("[data-undo]").wait_for()
    all_sent(page)
    # Then the mark stays
    assert saved() == {"Āboltiņa-Kraukle": "present", "Bērziņa": "present", "Čakste": "absent"}
