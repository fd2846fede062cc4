"""Planning in a browser: a draft saved as one goes, a connection that comes and goes, two who edit the same."""

import pytest

from courses.models import Activity, Session
from tests.factories import ActivityFactory, AudienceFactory, CentreFactory, PostFactory, TopicFactory
from tests.test_planning import in_a_month, next_tuesday

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NEW = "/darbs/aktivitates/jauna/"


@pytest.fixture
def coordinator(client, portal):
    """Signs a page in as the coordinator of Elejas pagasts; how one signs in is another journey."""
    CentreFactory()
    TopicFactory()
    AudienceFactory()
    client.force_login(PostFactory().holder)

    def sign_in(page):
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}
        page.context.add_cookies([cookie])
        return page

    return sign_in


def says(page, text):
    """The line of saving comes to say this."""
    page.locator("[data-status]").get_by_text(text, exact=False).wait_for()


def all_kept(page):
    """Nothing waits on the device."""
    page.wait_for_function("() => Object.keys(localStorage).every((name) => !name.startsWith('planning-'))")


def value_of(activity, name):
    """What the database holds."""
    return Activity.objects.values_list(name, flat=True).get(pk=activity.pk)


def test_draft_is_made_and_kept_while_one_writes(page, portal, coordinator, axe, no_sideways):
    coordinator(page)
    # Given an empty page that says when it will save
    page.goto(NEW)
    axe(page)
    assert "Melnraksts saglabāsies pats" in page.locator("[data-at]").inner_text()
    # When a title, a topic and a place are there (the department is one's own)
    page.fill("#id_title_lv", "Adīšana")
    page.select_option("#id_topic", "crafts")
    assert Activity.objects.count() == 0
    page.locator("#id_place").focus()
    page.select_option("#id_place", f"centre:{CentreFactory().pk}")
    says(page, "Saglabāts")
    # Then there is a draft, its address is the page's, and nobody was moved
    made = Activity.objects.get()
    page.wait_for_url(f"**/darbs/aktivitates/{made.pk}/labot/")
    assert (made.title, made.status) == ("Adīšana", "draft")
    assert page.evaluate("document.activeElement.id") == "id_place"
    assert page.locator("h1").inner_text() == "Adīšana"
    all_kept(page)
    # And the steps say what is left
    page.locator("#id_audiences_0").check()
    page.locator(".wide-only .is-done a[href='#whom']").wait_for()
    # And what is wrong is told once it is left, while the rest is saved
    page.fill("#id_capacity", "daudz")
    page.locator("#id_capacity").press("Tab")
    page.locator("#id_capacity_error").wait_for()
    assert page.evaluate("document.activeElement.id") == "id_min_participants"
    assert page.get_attribute("#id_capacity", "aria-invalid") == "true"
    says(page, "izņemot atzīmētos laukus")
    page.fill("#id_title_lv", "Adīšana vakaros")
    page.fill("#id_capacity", "12")
    page.locator("#id_capacity").press("Tab")
    page.locator("#id_capacity_error").wait_for(state="detached")
    says(page, "Saglabāts")
    assert (value_of(made, "capacity"), value_of(made, "title_lv")) == (12, "Adīšana vakaros")
    # And a translator sees both texts
    page.locator("[data-language=en] summary").click()
    assert page.locator("[data-language=en] [data-mirror=title_lv]").inner_text() == "Adīšana vakaros"
    page.fill("#id_title_en", "Knitting")
    page.locator("[data-language=en] .is-leaf").wait_for()
    axe(page)
    # And the press makes the sessions that the rule says
    page.fill("#id_when-first", f"{next_tuesday():%Y-%m-%d}")
    page.fill("#id_when-starts", "18:00")
    page.fill("#id_when-ends", "17:00")
    page.fill("#id_when-count", "3")
    page.locator("#id_when-count").press("Tab")
    page.locator("#id_when-ends_error").wait_for()
    page.fill("#id_when-ends", "19:30")
    page.locator(".form-actions button[name=save]").click()
    page.get_by_text("Saglabāts.", exact=True).wait_for()
    assert Session.objects.count() == 3
    assert Activity.objects.count() == 1
    all_kept(page)


def test_nothing_typed_is_lost_without_a_connection(narrow_page, portal, coordinator, axe, no_sideways):
    page = coordinator(narrow_page)
    draft = ActivityFactory(status="draft", title="Adīšana", summary="", sessions=[])
    address = f"/darbs/aktivitates/{draft.pk}/labot/"
    page.goto(address)
    no_sideways(page)
    axe(page)
    # Given the connection goes while one writes
    page.context.set_offline(True)
    page.fill("#id_summary_lv", "Adīsim zeķes.")
    says(page, "nav savienojuma")
    # A press does not leave the page for the browser's own error
    page.locator(".form-actions button[name=save]").click()
    page.wait_for_timeout(300)
    assert page.locator("#id_summary_lv").input_value() == "Adīsim zeķes."
    axe(page)
    no_sideways(page)
    # When it is back, all is saved without anybody asking
    page.context.set_offline(False)
    says(page, "Saglabāts")
    all_kept(page)
    assert value_of(draft, "summary_lv") == "Adīsim zeķes."
    # And what could not be sent before the page was left is offered back
    page.route("**/saglabat/", lambda route: route.abort())
    page.fill("#id_level", "iesācējiem")
    says(page, "nav savienojuma")
    page.goto(address)
    page.locator("[data-offer]").wait_for()
    assert "Līmenis" in page.locator("[data-offer-text]").inner_text()
    assert page.locator("#id_level").input_value() == ""
    no_sideways(page)
    page.unroute("**/saglabat/")
    page.locator("[data-offer] [name=restore]").click()
    says(page, "Saglabāts")
    assert value_of(draft, "level") == "iesācējiem"
    assert page.locator("[data-offer]").is_hidden()
    all_kept(page)


def test_answer_lost_on_the_way_makes_no_second_draft(page, portal, coordinator):
    coordinator(page)
    page.goto(NEW)
    seen = []

    # The first request arrives, its answer does not.
    def lose(route):
        seen.append(route.request.url)
        if len(seen) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/saglabat/", lose)
    page.fill("#id_title_lv", "Adīšana")
    page.select_option("#id_topic", "crafts")
    page.select_option("#id_place", f"centre:{CentreFactory().pk}")
    page.fill("#id_level", "iesācējiem")
    says(page, "Saglabāts")
    all_kept(page)
    made = Activity.objects.get()
    assert (made.title, made.level) == ("Adīšana", "iesācējiem")
    page.wait_for_url(f"**/darbs/aktivitates/{made.pk}/labot/")
    # Nor is what one saved oneself, and typed over before one knew, somebody else's change
    seen.clear()
    page.fill("#id_level", "A1")
    says(page, "nav savienojuma")
    page.fill("#id_level", "A2")
    says(page, "Saglabāts")
    all_kept(page)
    assert value_of(made, "level") == "A2"


def test_two_who_edit_the_same_lose_nothing(page, portal, coordinator, axe):
    coordinator(page)
    draft = ActivityFactory(status="draft", title="Adīšana", sessions=[])
    page.goto(f"/darbs/aktivitates/{draft.pk}/labot/")
    # Given a colleague saves meanwhile
    Activity.objects.filter(pk=draft.pk).update(title="Kolēģes", title_lv="Kolēģes")
    # When one writes on, it is told and nothing is written over
    page.fill("#id_title_lv", "Manējais")
    says(page, "mainījis kāds cits")
    page.fill("#id_level", "iesācējiem")
    page.wait_for_timeout(1800)
    assert value_of(draft, "title_lv") == "Kolēģes"
    # Then the press shows what differs, and a second one saves over it
    page.locator(".form-actions button[name=save]").click()
    page.locator("#conflict").wait_for()
    assert page.locator("#conflict td").all_inner_texts()[:2] == ["Kolēģes", "Manējais"]
    axe(page)
    page.locator(".form-actions button[name=save]").click()
    page.get_by_text("Saglabāts.", exact=True).wait_for()
    assert (value_of(draft, "title_lv"), value_of(draft, "level")) == ("Manējais", "iesācējiem")
    all_kept(page)


def test_what_is_published_waits_for_the_press(page, portal, coordinator):
    coordinator(page)
    activity = in_a_month(title="Adīšana")
    page.goto(f"/darbs/aktivitates/{activity.pk}/labot/")
    page.fill("#id_title_lv", "Adīšana vakaros")
    page.fill("#id_capacity", "x")
    page.locator("#id_capacity").press("Tab")
    # A mistake is told, nothing is written
    page.locator("#id_capacity_error").wait_for()
    assert value_of(activity, "title_lv") == "Adīšana"
    # What was typed is offered back
    page.goto(f"/darbs/aktivitates/{activity.pk}/labot/")
    assert page.locator("#id_title_lv").input_value() == "Adīšana"
    page.locator("[data-offer] [name=restore]").click()
    assert page.locator("#id_title_lv").input_value() == "Adīšana vakaros"
    page.fill("#id_capacity", "9")
    page.locator(".form-actions button[name=save]").click()
    page.get_by_text("Saglabāts.", exact=True).wait_for()
    assert (value_of(activity, "title_lv"), value_of(activity, "capacity")) == ("Adīšana vakaros", 9)
    assert page.locator("[data-offer]").is_hidden()
    all_kept(page)


def test_editor_works_without_scripts(page_without_scripts, portal, coordinator):
    page = coordinator(page_without_scripts)
    page.goto(NEW)
    page.fill("#id_title_lv", "Adīšana")
    page.select_option("#id_topic", "crafts")
    page.select_option("#id_place", f"centre:{CentreFactory().pk}")
    page.locator("[data-language=en] summary").click()
    page.fill("#id_title_en", "Knitting")
    page.locator(".form-actions button[name=save]").click()
    made = Activity.objects.get()
    assert (made.title_lv, made.title_en) == ("Adīšana", "Knitting")
    assert page.url.endswith(f"/darbs/aktivitates/{made.pk}/labot/")
    assert page.locator(".wide-only .is-needs a").all_inner_texts() == ["Kam", "Kad"]
