"""From a tap on a telephone to the head's figure and the report, in seconds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courses.domain import attendance
from courses.models import Activity
from reporting import schedule
from reporting.domain.data import copy
from tests import factories as f
from tests.browser.test_attendance_journey import all_sent

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NAMES = ("Anna", "Berta", "Cilda", "Dace", "Elga", "Fanija", "Gita")


@pytest.fixture
def session():
    """Yesterday's: six of seven are marked, Gita is not yet."""
    began = timezone.now() - timedelta(days=1, hours=3)
    activity = f.ActivityFactory(sessions=[(began, began + timedelta(hours=2))])
    rows = [
        f.RegistrationFactory(
            party=f.PartyFactory(activity=activity), resident=f.ResidentFactory(given_name=name, family_name=name)
        )
        for name in NAMES
    ]
    Activity.objects.filter(pk=activity.pk).update(taken=len(rows))
    held = activity.sessions.select_related("activity").get()
    marks = {row.pk: "present" for row in rows[:-1]}
    attendance.mark(session=held, marks=marks, by=f.UserFactory(), now=timezone.now())
    the_clock_comes_by()
    return held


def the_clock_comes_by():
    """What is marked is read, and the copy is old enough to be made anew: ten times as long as making it takes."""
    schedule.read_who_came()
    copy.make(now=timezone.now())


def sit_down(page, portal, post):
    client = Client()
    client.force_login(post.holder)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])


def test_what_is_tapped_in_the_hall_is_the_head_s_figure_and_the_report_s(page, narrow_page, portal, session, axe):
    head = f.PostFactory(kind="head", parishes=[], holder__email="head@example.lv")
    # Given the head looks at the year
    sit_down(page, portal, head)
    page.goto("/darbs/raditaji/")
    assert page.locator(".stat-number").first.inner_text() == "6"
    # When the coordinator finds on her telephone that Gita was there too
    sit_down(narrow_page, portal, f.PostFactory())
    narrow_page.goto(f"/darbs/nodarbibas/{session.pk}/")
    narrow_page.get_by_role("radiogroup", name="Gita").locator("[value=present]").click()
    all_sent(narrow_page)
    # And the clock has come by
    the_clock_comes_by()
    # Then it is one more
    page.reload()
    assert page.locator(".stat-number").first.inner_text() == "7"
    # And the report of the year says the same
    page.goto("/darbs/parskati/jauns/")
    page.get_by_label("Gads", exact=True).select_option(str(session.starts_at.year))
    page.get_by_role("button", name="Sākt pārskatu").click()
    page.wait_for_url("**/darbs/parskati/*/")
    row = page.get_by_role("row", name="Unikālie dalībnieki DAL-01").first
    assert row.locator("strong").inner_text() == "7"
    axe(page)
    # And sealed it stays what it is, whatever is marked later
    page.goto(f"{page.url}noslegt/")
    axe(page)
    page.get_by_role("button", name="Noslēgt 1. versiju").click()
    page.wait_for_url("**/versijas/1/**")
    marks = dict.fromkeys(session.attendances.values_list("registration", flat=True)[:2], "absent")
    attendance.mark(session=session, marks=marks, by=f.UserFactory(), now=timezone.now())
    the_clock_comes_by()
    page.reload()
    assert page.get_by_role("row", name="Unikālie dalībnieki DAL-01").first.locator("strong").inner_text() == "7"
    axe(page)
    page.goto("/darbs/raditaji/")
    assert page.locator(".stat-number").first.inner_text() == "5"
