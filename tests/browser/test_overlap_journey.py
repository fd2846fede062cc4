"""Youth plans a smartphone course for seniors in Eleja, is told of the one in Sesava, and the two become one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.domain.overlaps import reading
from courses.models import Activity, Overlap, Registration
from tests.factories import (
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    TopicFactory,
    UserFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def as_holder(client, portal):
    """``as_holder(page, post)``: signed in as who holds the post."""

    def sit_down(page, post):
        client.force_login(post.holder)
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}])

    return sit_down


def test_two_departments_make_one_activity_of_two(page, as_holder, axe, no_sideways):
    def look():
        no_sideways(page)
        axe(page)

    # Given the seniors of Sesava have a smartphone course by the welfare department, with somebody registered
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem", age_min=60)
    TopicFactory(code="digital", name="Digitālās prasmes")
    welfare = DepartmentFactory(code="LAB", name="Labklājības pārvalde")
    youth = DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
    sesava = ParishFactory(
        code="0540288", name="Sesavas pagasts", lat=56.39, lon=23.78, locative="Sesavas pagastā", centre_name="Sesava"
    )
    first = timezone.localtime(timezone.now() + timedelta(days=21)).replace(hour=10, minute=0, second=0, microsecond=0)
    theirs = ActivityFactory(
        lead=welfare,
        parish=sesava,
        centre=CentreFactory(
            name="Sesavas tautas nams", slug="sesavas-tautas-nams", parish=sesava, lat=56.39, lon=23.78
        ),
        topic=TopicFactory(code="digital"),
        title="Viedtālrunis bez bailēm",
        summary="Iemācīsimies zvanīt ar video un sūtīt fotogrāfijas.",
        audiences=[seniors],
        first=first,
        weeks=5,
        capacity=12,
        taken=1,
    )
    RegistrationFactory(party=PartyFactory(activity=theirs))
    hall = CentreFactory()
    reading.read(now=timezone.now())
    mine = PostFactory(department=youth, holder=UserFactory(email="jaunatne@example.lv", name="Krista Kalniņa"))
    answers = PostFactory(
        department=welfare,
        kind="head",
        parishes=[],
        holder=UserFactory(email="labklajiba@example.lv", name="Ivars Ozols"),
    )
    # When the youth coordinator begins to write the same for Eleja
    as_holder(page, mine)
    page.goto("/darbs/aktivitates/jauna/")
    page.fill("#id_title_lv", "Jaunieši māca senioriem lietot viedtālruni")
    page.select_option("#id_topic", "digital")
    page.get_by_role("checkbox", name="Seniori", exact=True).check()
    page.select_option("#id_place", f"centre:{hall.pk}")
    page.fill("[name=when-first]", f"{first + timedelta(days=1):%Y-%m-%d}")
    page.fill("[name=when-starts]", "15:00")
    page.fill("[name=when-ends]", "16:30")
    page.fill("[name=when-count]", "5")
    page.locator("[name=when-count]").blur()
    # Then the panel names the other, whose it is, and why, while one types
    panel = page.locator("[data-overlaps]")
    panel.get_by_text("Viedtālrunis bez bailēm").wait_for()
    assert "Plāno to pašu" in panel.inner_text() and "Labklājības pārvalde" in panel.inner_text()
    assert "Abas senioriem, 7" in panel.inner_text()
    look()
    page.get_by_role("button", name="Saglabāt melnrakstu").click()
    page.locator("#when ol.plain-list").wait_for()
    # And publishing waits for a decision
    draft = Activity.objects.get(lead=youth)
    page.goto(f"/darbs/aktivitates/{draft.pk}/statuss/")
    page.get_by_role("button", name="Publicēt uzreiz").click()
    page.get_by_text("Vispirms izlemiet, kā rīkoties.").first.wait_for()
    look()
    overlap = Overlap.objects.get(kind="duplicate")
    page.get_by_role("main").get_by_role("link", name="Viedtālrunis bez bailēm").first.click()
    page.wait_for_url(f"**/darbs/parklasanas/{overlap.pk}/")
    look()
    # When she offers to make it one, the page says beforehand what becomes of people
    page.goto(f"/darbs/parklasanas/{overlap.pk}/kopigi/")
    look()
    page.locator("button[name=step][value=offer]").click()
    page.wait_for_url(f"**/darbs/parklasanas/{overlap.pk}/")
    # And the other department accepts
    as_holder(page, answers)
    page.goto(f"/darbs/parklasanas/{overlap.pk}/kopigi/")
    look()
    page.locator("button[name=step][value=accept]").click()
    page.wait_for_url(f"**/darbs/parklasanas/{overlap.pk}/")
    look()
    # Then there is one activity of two departments, and who registered has a place in it
    draft.refresh_from_db()
    theirs.refresh_from_db()
    assert (theirs.status, draft.status, draft.joined_into) == ("published", "cancelled", theirs)
    assert [one.pk for one in theirs.partners.all()] == ["JAU"]
    assert list(Registration.objects.values_list("activity", "state")) == [(theirs.pk, "confirmed")]
    page.context.clear_cookies()
    page.goto("/aktivitates/")
    assert page.locator("article[data-activity]").count() == 1
    page.get_by_role("link", name="Viedtālrunis bez bailēm").first.click()
    text = page.get_by_role("main").inner_text()
    assert "Labklājības pārvalde" in text and "Jaunatnes lietu nodaļa" in text
    look()
