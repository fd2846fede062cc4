"""Out of an overlap on a small screen, without a mouse: another audience is looked at, the course moves, and people are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.domain.overlaps import reading
from courses.models import Activity, Overlap
from tests.factories import ActivityFactory, AudienceFactory, DepartmentFactory, PostFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_clash_is_left_by_another_week(narrow_page, client, portal, axe, no_sideways):
    page = narrow_page
    # Given two departments that want the same seniors at the same hours
    first = timezone.localtime(timezone.now() + timedelta(days=21)).replace(hour=10, minute=0, second=0, microsecond=0)
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem", age_min=60)
    AudienceFactory(code="youth", name="Jaunieši", dative="Jauniešiem", age_min=13, age_max=25)
    mine = ActivityFactory(title="Viedtālrunis bez bailēm", summary="", audiences=[seniors], first=first)
    ActivityFactory(
        title="Viedtālrunis senioriem",
        summary="",
        audiences=[seniors],
        first=first,
        lead=DepartmentFactory(code="LAB", name="Labklājības pārvalde"),
    )
    reading.read(now=timezone.now())
    overlap = Overlap.objects.get()
    client.force_login(PostFactory().holder)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])

    def look():
        no_sideways(page)
        axe(page)

    page.goto(f"/darbs/parklasanas/{overlap.pk}/")
    look()
    # When she goes ahead without a word, she is asked for one, and the error is in focus
    page.get_by_role("button", name="Rīkot tik un tā").click()
    page.get_by_text("Uzrakstiet, kāpēc tomēr rīkosiet").first.wait_for()
    look()
    # And when she writes to the others, it is in the thread
    page.goto(f"/darbs/parklasanas/{overlap.pk}/")
    page.get_by_label("Rakstīt otrai nodaļai").fill("Vai varat citā nedēļā?")
    page.get_by_role("button", name="Ierakstīt").press("Enter")
    page.get_by_text("«Vai varat citā nedēļā?»").wait_for()
    look()
    # When she looks for another audience, those who have nothing there are named
    page.get_by_role("link", name="Mainīt mērķgrupu").press("Enter")
    page.get_by_role("listitem").filter(has_text="Jaunieši").get_by_role("button", name="Viņiem").wait_for()
    look()
    page.get_by_role("link", name="Atpakaļ uz pārklāšanos").click()
    # And when she moves it by the keyboard, the overlap is over
    page.get_by_role("link", name="Pārcelt", exact=True).press("Enter")
    page.get_by_role("button", name="Pārcelt uz šo laiku").first.wait_for()
    look()
    page.get_by_role("button", name="Pārcelt uz šo laiku").first.press("Enter")
    page.wait_for_url(f"**/darbs/parklasanas/{overlap.pk}/")
    page.get_by_text("Pārklāšanās beidzās").wait_for()
    look()
    mine = Activity.objects.get(pk=mine.pk)
    assert mine.starts_at > first + timedelta(weeks=4)
