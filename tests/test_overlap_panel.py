"""The panel beside the editor, and the page on which one publishes: what overlaps is named, and in nobody's way."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from courses.domain import programme
from courses.domain.overlaps import footprints, judging, noticing, world
from courses.models import Activity, Overlap
from tests.factories import AudienceFactory, CentreFactory, DepartmentFactory, PostFactory, TopicFactory
from tests.test_overlaps import smartphones
from tests.test_planning import typed, when

pytestmark = pytest.mark.django_db
BEGIN = "/en/darbs/aktivitates/jauna/saglabat/"


def in_a_month(department: str = "JAU", **said: Any) -> Activity:
    """A smartphone course for seniors that begins in a month, known to the rules."""
    first = timezone.localtime(timezone.now() + timedelta(days=30)).replace(hour=10, minute=0, second=0, microsecond=0)
    made = smartphones(department, first=first, **said)
    ground = world.ground(on=timezone.localdate())
    footprints.keep(activities=[made.pk], ground=ground, now=timezone.now())
    return made


@pytest.fixture
def coordinator(client: Client) -> Client:
    client.force_login(PostFactory().holder)
    CentreFactory(), TopicFactory(), AudienceFactory(code="seniors", name="Seniori", dative="Senioriem", age_min=55)
    return client


def test_what_is_typed_is_compared_with_what_others_plan(coordinator: Client) -> None:
    other = in_a_month(status="planned")
    DepartmentFactory(code="JAU").phone = "63000011"
    form = typed(form_key=str(uuid4()), title_lv="Kā lietot viedtālruni", audiences=["seniors"])
    answer = coordinator.post(BEGIN, form).json()
    assert "As soon as it is known when it meets." in answer["overlaps"]
    nobody = coordinator.post(BEGIN, {**form, "form_key": str(uuid4()), "age_min": "7", "age_max": "12"}).json()[
        "overlaps"
    ]
    assert "for whom it is: no audience of it has these ages and when it meets." in nobody
    first = timezone.localtime(other.starts_at)
    clock = {"starts": f"{first:%H:%M}", "ends": f"{first + timedelta(hours=1):%H:%M}", "room": ""}
    rule = when(first=f"{first:%Y-%m-%d}", count="4", **clock)
    answer = coordinator.post(BEGIN, {**form, **rule}).json()
    text = answer["overlaps"]
    assert "The same is planned" in text and "Viedtālrunis senioriem" in text and "JAU · Planned" in text
    assert "Both for" in text and answer["overlapsWords"] == "1 overlap with other plans."
    # Nothing was found for others yet: it is only told.
    assert Overlap.objects.count() == 0
    # Called off, and nobody has read of it yet.
    Activity.objects.filter(pk=other.pk).update(status="cancelled", cancelled_at=timezone.now())
    text = coordinator.post(BEGIN, {**form, **rule, "form_key": str(uuid4())}).json()["overlaps"]
    assert "Nothing like it is planned" in text


def test_drafts_of_others_are_nobody_s_business_and_one_s_own_come_last(coordinator: Client) -> None:
    secret = in_a_month(status="draft", title="Viedtālrunis senioriem slepeni")
    own = in_a_month("MUZ", title="Viedtālrunis senioriem pašu")
    others = in_a_month("LAB", status="planned", title="Viedtālrunis senioriem citu")
    mine = in_a_month("MUZ", status="draft")
    page = coordinator.get(f"/en/darbs/aktivitates/{mine.pk}/labot/").content.decode()
    assert secret.title not in page
    assert page.index(others.title) < page.index(own.title)


def test_pair_that_was_found_leads_to_its_page(coordinator: Client) -> None:
    in_a_month()
    mine = in_a_month("MUZ", status="planned")
    judging.settle(activities=[mine.pk], ground=world.ground(on=timezone.localdate()), now=timezone.now())
    overlap = Overlap.objects.get()
    page = coordinator.get(f"/en/darbs/aktivitates/{mine.pk}/labot/").content.decode()
    assert f'<a href="/en/darbs/parklasanas/{overlap.pk}/">Decide together</a>' in page


def test_nothing_near_is_good_news(coordinator: Client) -> None:
    mine = in_a_month("MUZ", status="draft")
    page = coordinator.get(f"/en/darbs/aktivitates/{mine.pk}/labot/").content.decode()
    assert "Nothing like it is planned for these people near here at this time." in page


def test_panel_asks_the_same_for_one_and_for_three(query_count: Any) -> None:
    mine = in_a_month("MUZ", status="draft")
    spec = programme.spec_of(mine)
    for count in (1, 3):
        while Activity.objects.filter(lead="JAU").count() < count:
            in_a_month()
        with query_count(7):
            noticed = noticing.notice(
                spec=spec, meetings=spec.sessions, activity=mine, departments=["MUZ"], now=timezone.now()
            )
        assert (len(noticed.rows), noticed.more) == (count, 0)


def test_many_are_told_by_number(coordinator: Client) -> None:
    for number in range(7):
        in_a_month(title=f"Viedtālrunis senioriem {number}. reizi")
    mine = in_a_month("MUZ", status="draft")
    page = coordinator.get(f"/en/darbs/aktivitates/{mine.pk}/labot/").content.decode()
    assert page.count('class="overlap is-gold"') == noticing.TOLD
    assert "And 2 more, farther away." in page


def test_publishing_is_refused_with_the_way_to_decide(coordinator: Client) -> None:
    in_a_month()
    draft = in_a_month("MUZ", status="draft", title="Viedtālrunis senioriem")
    address = f"/en/darbs/aktivitates/{draft.pk}/statuss/"
    answer = coordinator.post(address, {"step": "publish"})
    draft.refresh_from_db()
    # The other department sees it now, so that both can decide.
    assert (answer.status_code, draft.status) == (422, "planned")
    overlap = Overlap.objects.get()
    page = answer.content.decode()
    assert "Another department plans the same for the same people. Decide first what becomes of it." in page
    assert f'href="/en/darbs/parklasanas/{overlap.pk}/"' in page
    assert f'href="/en/darbs/parklasanas/{overlap.pk}/"' in coordinator.get(address).content.decode()
