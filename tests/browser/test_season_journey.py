"""A season of a small parish: from an empty programme to certificates in people's hands and what they thought of it."""

import json
import re
from datetime import datetime, time, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from courses import schedule
from courses.domain import feedback
from courses.models import Activity, Attendance, Certificate, Feedback, Registration, Session
from tests.browser.conftest import NARROW, WIDE
from tests.factories import (
    RIGA,
    AudienceFactory,
    CentreFactory,
    EducatorFactory,
    PostFactory,
    TopicFactory,
    UserFactory,
    VillageFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def empty_parish():
    """Elejas pagasts with a village, a centre, a coordinator and somebody who teaches crafts; and no programme."""
    VillageFactory()
    AudienceFactory()
    PostFactory(holder=UserFactory(email="coordinator@example.lv", name="Inga Liepa"))
    EducatorFactory(topics=[TopicFactory()])
    return CentreFactory()


def told(page, to):
    """What one person was told, newest first."""
    return [one for one in json.loads(page.request.get("/demo/zinas/?format=json").text()) if one["to"] == to]


def let_time_pass(activity):
    """The last session was yesterday, the others in the weeks before it."""
    last = Session.objects.filter(activity=activity).latest("starts_at")
    passed = timedelta(days=(timezone.localdate(last.starts_at) - timezone.localdate()).days + 1)
    Session.objects.filter(activity=activity).update(starts_at=F("starts_at") - passed, ends_at=F("ends_at") - passed)
    Activity.objects.filter(pk=activity.pk).update(starts_at=F("starts_at") - passed, ends_at=F("ends_at") - passed)


def test_a_season_from_an_empty_parish_to_certificates(page, empty_parish, axe, no_sideways):
    def look():
        # Which waits until the page is there.
        axe(page)
        no_sideways(page)

    def go_to(name):
        page.get_by_role("navigation", name="Šī aktivitāte").get_by_role("link", name=name, exact=True).click()

    # Given a coordinator whose parish has nothing yet: Today is calm
    page.goto("/demo/")
    page.locator("form[action$='/demo/ieiet/coordinator/'] button").click()
    page.wait_for_url("**/darbs/")
    assert page.get_by_text("Šodien nekas nav jāizlemj.").is_visible()
    assert page.locator("[data-decision]").count() == 0
    look()
    # When she looks where there is nothing, a week leads to a new activity there
    page.get_by_role("navigation", name="Darbs").get_by_role("link", name="Programma").click()
    look()
    page.locator("#gaps .gaps").first.get_by_role("link").first.click()
    assert page.input_value("#id_place") == f"centre:{empty_parish.pk}"
    assert page.input_value("#id_when-first")
    # And what she writes is a draft without her asking
    page.fill("#id_title_lv", "Grozu pīšana")
    page.select_option("#id_topic", "crafts")
    page.locator("#id_summary_lv").focus()
    page.wait_for_url(re.compile(r"/darbs/aktivitates/\d+/labot/$"))
    activity = Activity.objects.get()
    assert (activity.status, activity.title) == ("draft", "Grozu pīšana")
    # And she says the rest: what, for whom, who leads, three Tuesdays, ten places
    page.fill("#id_summary_lv", "No klūgām nopinam grozu, ko nest uz tirgu.")
    page.get_by_role("checkbox", name="Visi iedzīvotāji").check()
    page.get_by_role("checkbox", name="Anna Kalniņa").check()
    day = timezone.localdate() + timedelta(days=30)
    first = day + timedelta(days=(1 - day.weekday()) % 7)
    page.fill("#id_when-first", f"{first:%Y-%m-%d}")
    page.fill("#id_when-starts", "18:00")
    page.fill("#id_when-ends", "19:30")
    page.fill("#id_when-count", "3")
    page.fill("#id_capacity", "10")
    page.locator(".form-actions button[name=save]").click()
    page.get_by_text("Saglabāts.", exact=True).wait_for()
    assert Session.objects.count() == 3
    look()
    # And puts it into the plans, and then before everybody
    go_to("Stāvoklis")
    look()
    page.locator("[name=step][value=plan]").click()
    page.locator("[name=step][value=publish]").click()
    page.get_by_role("link", name="Skatīt publisko lapu").click()
    activity.refresh_from_db()
    assert (activity.status, activity.session_count) == ("published", 3)
    assert [one.name for one in activity.educators.all()] == ["Anna Kalniņa"]
    # Then a neighbour finds it and registers
    look()
    page.get_by_role("link", name="Pieteikties", exact=True).first.click()
    page.fill("[name=people-0-given_name]", "Zenta")
    page.fill("[name=people-0-family_name]", "Ozola")
    for box, value in (("day", "1"), ("month", "2"), ("year", "1950")):
        page.fill(f"[name=people-0-birth_{box}]", value)
    page.select_option("[name=people-0-village]", "eleja")
    page.fill("[name=contact_email]", "zenta@example.lv")
    page.get_by_role("button", name="Turpināt").click()
    page.locator("form button[type=submit].btn-primary").click()
    assert page.locator("[data-outcome]").get_attribute("data-outcome") == "confirmed"
    look()
    # And another rings
    page.goto(f"/darbs/aktivitates/{activity.pk}/")
    look()
    page.get_by_role("link", name="Pieteikt cilvēku").click()
    page.get_by_role("button", name="Pierakstīt jaunu cilvēku").click()
    page.fill("[name=people-0-given_name]", "Velta")
    page.fill("[name=people-0-family_name]", "Kalna")
    page.fill("[name=contact_phone]", "2698 7654")
    page.locator("button.btn-primary[name=register]").click()
    page.wait_for_url(f"**/darbs/aktivitates/{activity.pk}/")
    assert list(Registration.objects.order_by("pk").values_list("state", "party__channel")) == [
        ("confirmed", "web"),
        ("confirmed", "phone"),
    ]
    # When the first evening moves by a day, both are told
    go_to("Nodarbības")
    page.get_by_role("link", name="Mainīt").first.click()
    look()
    move = page.locator("form:has([name=action][value=move])")
    move.locator("[name$=day]").fill(f"{first + timedelta(days=1):%Y-%m-%d}")
    move.get_by_role("button").click()
    page.get_by_role("status").first.wait_for()
    assert timezone.localdate(Session.objects.earliest("starts_at").starts_at) == first + timedelta(days=1)
    assert all("pārcelta" in told(page, to)[0]["text"] for to in ("zenta@example.lv", "+37126987654"))
    # And the evenings go by; in the hall she marks on her telephone who came, each time
    let_time_pass(activity)
    page.set_viewport_size(NARROW)
    for number, session in enumerate(Session.objects.order_by("starts_at")):
        page.goto(f"/darbs/nodarbibas/{session.pk}/")
        for name in ("Ozola", "Kalna"):
            mark = "absent" if (name, number) == ("Kalna", 0) else "present"
            page.get_by_role("radiogroup", name=name).locator(f"[value={mark}]").click()
        page.wait_for_function("() => localStorage.length === 0")
    look()
    page.set_viewport_size(WIDE)
    assert Attendance.objects.filter(presence="present").count() == 5
    # Then it is over, and whoever came often enough has earned a certificate: Zenta three of three, Velta two
    schedule.complete_past()
    activity.refresh_from_db()
    assert activity.status == "completed"
    page.goto(f"/darbs/aktivitates/{activity.pk}/")
    go_to("Apliecības")
    look()
    page.locator("form:has([value=issue]) button.btn-primary").first.click()
    page.get_by_role("status").first.wait_for()
    [certificate] = Certificate.objects.all()
    assert (certificate.name, certificate.kind) == ("Zenta Ozola", "certificate")
    # And its PDF opens, and whoever is shown it can see that it is genuine
    link = page.get_by_role("link", name=certificate.number).get_attribute("href")
    paper = page.request.get(link)
    assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
    assert paper.body().startswith(b"%PDF-")
    page.goto(f"/apliecibas/{certificate.number}/")
    assert page.locator("[data-outcome]").get_attribute("data-outcome") == "genuine"
    look()
    # And both are asked how it was; Zenta says so by the link, without a name
    feedback.ask(now=datetime.combine(timezone.localdate(), time(12), tzinfo=RIGA))
    links = [url for message in told(page, "zenta@example.lv") for url in message["links"]]
    page.goto(next(url for url in links if "/atsauksme/" in url))
    look()
    for name in ("worth", "before", "after"):
        page.locator(f"input[name={name}][value='5']").check()
    page.locator("main form button[type=submit]").click()
    assert page.locator("[data-outcome]").get_attribute("data-outcome") == "answered"
    assert Feedback.objects.get().worth == 5
