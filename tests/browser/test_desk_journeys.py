"""A day of telephone calls, and calling off: the coordinator of Eleja at her desk, on a small screen and a wide one."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Activity, Registration
from tests.factories import (
    ActivityFactory,
    HouseholdFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def soon(days=9, **kwargs):
    """A course that begins then, each meeting in the morning."""
    first = (timezone.now() + timedelta(days=days)).replace(hour=8, minute=0, second=0, microsecond=0)
    return ActivityFactory(first=first, changed_at=timezone.now(), created_at=timezone.now(), **kwargs)


@pytest.fixture
def at_desk(client, portal):
    """``at_desk(page)``: the holder of the post; how one signs in is another journey."""

    def sit_down(page):
        client.force_login(PostFactory().holder)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])

    return sit_down


def states(activity):
    """Who stands where, in the order of registering."""
    rows = Registration.objects.filter(activity=activity).order_by("pk").select_related("resident")
    return [(str(row.resident), row.state) for row in rows]


def messages(page):
    """What has been sent, newest first."""
    return json.loads(page.request.get("/demo/zinas/?format=json").text())


def test_a_busy_telephone_day(narrow_page, at_desk, axe, no_sideways):
    page = narrow_page
    at_desk(page)

    def look():
        no_sideways(page)
        axe(page)

    # Given a course with two places, and somebody who has been here before
    activity = soon(title="Šūšanas vakari", capacity=2)
    home = HouseholdFactory(email="liga@example.lv", phone="+37126123456")
    RegistrationFactory(
        party=PartyFactory(activity=soon(days=-30, weeks=1, title="Pērn")),
        resident=ResidentFactory(household=home, given_name="Līga", family_name="Bērziņa"),
    )
    # When Līga rings, the course and she are found without diacritics
    page.goto("/darbs/")
    look()
    page.get_by_role("link", name="Pieteikt pa tālruni").click()
    page.fill("#meklet", "susanas")
    page.get_by_role("button", name="Atrast").click()
    page.locator("main aside").get_by_role("link", name="Šūšanas vakari").click()
    look()
    page.fill("[name=q]", "berzina")
    page.get_by_role("button", name="Meklēt").click()
    look()
    # The only one of that name is ticked already
    assert page.get_by_role("checkbox", name="Līga Bērziņa").is_checked()
    page.get_by_role("button", name="Pieteikt atzīmētos").click()
    look()
    page.locator("button.btn-primary[name=register]").click()
    assert page.get_by_role("status").inner_text().startswith("Ir vieta: Līga Bērziņa")
    look()
    # When somebody new rings, a name is enough
    page.get_by_role("link", name="Pieteikt cilvēku").click()
    page.get_by_role("button", name="Pierakstīt jaunu cilvēku").click()
    page.fill("[name=people-0-given_name]", "Zenta")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/darbs/aktivitates/{activity.pk}/")
    # And the third stands in the queue, which the page says before it is done
    page.get_by_role("link", name="Pieteikt cilvēku").click()
    page.get_by_role("button", name="Pierakstīt jaunu cilvēku").click()
    page.fill("[name=people-0-given_name]", "Velta")
    page.fill("[name=contact_phone]", "2698")
    page.get_by_role("button", name="Pieteikt rindā").click()
    assert page.title().startswith("Kļūda")
    assert page.input_value("[name=people-0-given_name]") == "Velta"
    look()
    page.fill("[name=contact_phone]", "2698 7654")
    page.get_by_role("button", name="Pieteikt rindā").click()
    page.wait_for_url(f"**/darbs/aktivitates/{activity.pk}/")
    assert states(activity) == [("Līga Bērziņa", "confirmed"), ("Zenta", "confirmed"), ("Velta", "queued")]
    # When the hall is free, the places are raised with a reason, and the queue moves up
    page.fill("#capacity", "3")
    page.fill("#reason", "Būs lielā zāle")
    page.get_by_role("button", name="Palielināt vietu skaitu").click()
    page.get_by_text("Būs lielā zāle").first.wait_for()
    look()
    assert states(activity)[2] == ("Velta", "offered")
    assert next(message["channel"] for message in messages(page) if message["to"] == "+37126987654") == "sms"


def test_cancel_and_tell(page, at_desk, axe, no_sideways):
    at_desk(page)

    def look():
        no_sideways(page)
        axe(page)

    # Given a course below its minimum, which Today shows; two people; and a like course with places
    activity = soon(days=4, title="Keramika", capacity=10, min_participants=6, taken=2)
    other = soon(days=8, title="Keramika vakaros", capacity=10)
    for given, email, phone in (("Anna", "anna@example.lv", ""), ("Bella", "", "+37126123456")):
        party = PartyFactory(activity=activity, email=email, phone=phone)
        RegistrationFactory(party=party, resident=ResidentFactory(given_name=given))
    page.goto("/darbs/")
    decision = page.locator("[data-decision=below]")
    assert "Pieteikušies 2, vajag 6." in decision.inner_text()
    look()
    decision.get_by_role("link").click()
    look()
    # When she first writes to them, the message is shown before it leaves
    page.get_by_role("link", name="Rakstīt viņiem").click()
    look()
    page.fill("[name=subject]", "Vai sāksim vēlāk?")
    page.fill("[name=text]", "Zvaniet, ja derētu nākamā nedēļa.")
    page.get_by_role("button", name="Apskatīt").click()
    look()
    assert messages(page) == []
    page.locator("button[name=send]").click()
    page.wait_for_url(f"**/darbs/aktivitates/{activity.pk}/")
    assert {message["to"] for message in messages(page)} == {"anna@example.lv", "+37126123456"}
    # And then calls it off: until it is said what, and why, nothing happens
    page.get_by_role("link", name="Atcelt", exact=True).click()
    look()
    page.get_by_role("button", name="Turpināt").click()
    assert page.title().startswith("Kļūda")
    look()
    page.get_by_role("radio", name="Visa aktivitāte").check()
    page.fill("[name=reason]", "Par maz pieteikumu.")
    page.get_by_role("button", name="Turpināt").click()
    page.get_by_text("Keramika vakaros").wait_for()
    look()
    page.get_by_role("button", name="Atcelt aktivitāti un paziņot visiem").click()
    page.wait_for_url(f"**/darbs/aktivitates/{activity.pk}/")
    look()
    # Then both are told why, and what is near instead
    assert Activity.objects.get(pk=activity.pk).status == "cancelled"
    told = {message["to"]: message for message in messages(page)[:2]}
    assert set(told) == {"anna@example.lv", "+37126123456"}
    assert all("Par maz pieteikumu" in message["text"] for message in told.values())
    assert other.title in told["anna@example.lv"]["text"]
    # And it is gone from what wants a decision
    page.goto("/darbs/")
    assert page.locator("[data-decision=below]").count() == 0
