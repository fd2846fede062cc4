"""Templates of activities: kept without days, begun from, named anew, put away; words retired meanwhile."""

import html
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from courses.models import Activity, Session, Template
from tests.factories import (
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
    PostFactory,
    RoomFactory,
    TemplateFactory,
    TopicFactory,
    at,
)
from tests.test_planning import in_a_month, next_tuesday, typed, when

pytestmark = pytest.mark.django_db
LIST = "/en/darbs/sagataves/"
NEW = "/en/darbs/aktivitates/jauna/"


@pytest.fixture
def coordinator(client: Client) -> Client:
    """The coordinator of Elejas pagasts, signed in; a centre with a room is there."""
    client.force_login(PostFactory().holder)
    RoomFactory()
    TopicFactory()
    AudienceFactory()
    return client


def text_of(client: Client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


def test_an_activity_is_kept_without_its_days_and_begun_again(coordinator: Client) -> None:
    activity = in_a_month(
        title="Adīšana", title_en="Knitting", summary="Adīsim.", capacity=9, ref="M-1", weeks=3, level="iesācējiem"
    )
    Activity.objects.filter(pk=activity.pk).update(registration_opens_at=timezone.now())
    address = f"/en/darbs/aktivitates/{activity.pk}/sagatave/"
    assert 'value="Adīšana"' in text_of(coordinator, address)
    assert coordinator.post(address, {"name": "Adīšana, trīs rīti"})["Location"] == LIST
    kept = Template.objects.get()
    assert kept.when == {"starts": "10:00", "ends": "12:00", "weekdays": [1], "every": 1, "count": 3}
    assert not {"ref", "registration_opens_at", "registration_closes_at"} & set(kept.fields)
    page = text_of(coordinator, f"{NEW}?sagatave={kept.pk}")
    for shown in (
        'name="title_lv" value="Adīšana"',
        'name="title_en" value="Knitting"',
        'name="level" value="iesācējiem"',
        'name="capacity" value="9"',
        '<option value="crafts" selected>',
        f'<option value="centre:{CentreFactory().pk}" selected>',
        'value="everyone" id="id_audiences_0" checked',
        'name="when-starts" value="10:00"',
        'name="when-count" value="3"',
        'value="1" id="id_when-weekdays_1" checked',
    ):
        assert shown in page
    assert "M-1" not in page and "All of it is filled in" in page


def test_hours_that_are_only_suggested_make_no_sessions(coordinator: Client) -> None:
    kept = TemplateFactory()
    suggested = when(first="", starts="18:00", ends="19:30", count="10", room="")
    answer = coordinator.post(f"{NEW}?sagatave={kept.pk}", {**typed(), **suggested})
    made = Activity.objects.get()
    assert (answer.status_code, Session.objects.count()) == (302, 0)
    assert answer["Location"] == f"/en/darbs/aktivitates/{made.pk}/labot/?sagatave={kept.pk}"
    assert 'name="when-starts" value="18:00"' in text_of(coordinator, answer["Location"])
    # Other hours without a day are a question, and nothing is silently left out.
    page = coordinator.post(f"{NEW}?sagatave={kept.pk}", {**typed(), **suggested, "when-starts": "17:00"})
    assert page.status_code == 422 and 'id="id_when-first_error"' in page.content.decode()
    form = {**typed(), **suggested, "when-first": f"{next_tuesday():%Y-%m-%d}"}
    assert coordinator.post(f"{NEW}?sagatave={kept.pk}", form).status_code == 302
    assert Session.objects.count() == 10


def test_what_is_no_longer_on_offer_is_left_out_and_named(coordinator: Client) -> None:
    vilce = ParishFactory(code="0540290", name="Vilces pagasts")
    topic = TopicFactory(code="old", name="Vecā tēma", retired_at=at("2026-12-01 12:00"))
    kept = TemplateFactory(
        content={
            "fields": {
                "title_lv": "Adīšana",
                "topic": topic.pk,
                "audiences": ["everyone", "gone"],
                "place": f"parish:{vilce.pk}",
                "contact": "999999",
                "unknown_field": "x",
            },
            "shown": {"topic": {"old": "Vecā tēma"}, "place": {f"parish:{vilce.pk}": "Vilces pagasts, cita vieta"}},
            "when": {},
        }
    )
    page = text_of(coordinator, f"{NEW}?sagatave={kept.pk}")
    assert "was left out" in page
    for line in (
        "Topic: «Vecā tēma»",
        "Audiences: «gone»",
        "Where it happens: «Vilces pagasts, cita vieta»",
        "Whom to ring: «999999»",
    ):
        assert line in page
    assert 'value="everyone" id="id_audiences_0" checked' in page
    assert '<option value="" selected>Choose a topic</option>' in page


def test_the_same_again_is_the_same_template_and_another_asks_before_it_replaces(coordinator: Client) -> None:
    activity = in_a_month(title="Adīšana")
    address = f"/en/darbs/aktivitates/{activity.pk}/sagatave/"
    for _press in range(2):
        assert coordinator.post(address, {"name": "Adīšana"}).status_code == 302
    assert Template.objects.count() == 1
    Activity.objects.filter(pk=activity.pk).update(capacity=5)
    page = coordinator.post(address, {"name": "Adīšana"})
    assert page.status_code == 422 and 'name="replacing"' in page.content.decode()
    assert Template.objects.get().fields["capacity"] == 12
    assert coordinator.post(address, {"name": "Adīšana", "replacing": "on"}).status_code == 302
    assert Template.objects.get().fields["capacity"] == 5


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Adī\x00šana", "=1+1"])
def test_a_name_that_is_none_is_refused(coordinator: Client, name: str) -> None:
    activity, kept = in_a_month(), TemplateFactory()
    assert coordinator.post(f"/en/darbs/aktivitates/{activity.pk}/sagatave/", {"name": name}).status_code == 422
    assert coordinator.post(f"{LIST}{kept.pk}/", {"do": "rename", "name": name}).status_code == 422
    assert list(Template.objects.values_list("name", flat=True)) == ["Adīšana, desmit vakari"]


def test_it_is_renamed_put_away_and_brought_back(coordinator: Client) -> None:
    kept = TemplateFactory()
    address = f"{LIST}{kept.pk}/"
    assert coordinator.post(address, {"do": "rename", "name": "Adīšana vakaros"}).status_code == 302
    assert coordinator.post(address, {"do": "retire"}).status_code == 302
    kept.refresh_from_db()
    assert kept.name == "Adīšana vakaros" and kept.retired_at is not None
    text = text_of(coordinator, LIST)
    assert "1 put away" in text and f"sagatave={kept.pk}" not in text
    assert coordinator.get(f"{NEW}?sagatave={kept.pk}").status_code == 404
    # Its name is another's by now.
    other = TemplateFactory(name="Adīšana vakaros")
    assert coordinator.post(address, {"do": "restore"}).status_code == 422
    assert coordinator.post(f"{LIST}{other.pk}/", {"do": "rename", "name": "Cita"}).status_code == 302
    assert coordinator.post(address, {"do": "restore"}).status_code == 302
    assert coordinator.post(address, {"do": "rename", "name": "Cita"}).status_code == 422
    assert coordinator.post(address, {"do": "dzēst"}).status_code == 404


def test_another_department_s_templates_are_not_there(coordinator: Client) -> None:
    other = TemplateFactory(department=DepartmentFactory(code="JAU", name="Jaunatnes lietas"), name="Svešā")
    assert "Svešā" not in text_of(coordinator, LIST)
    for address in (f"{LIST}{other.pk}/", f"{NEW}?sagatave={other.pk}", f"{NEW}?sagatave=x", f"{NEW}?sagatave=²"):
        assert coordinator.get(address).status_code == 404
    assert coordinator.post(f"{LIST}{other.pk}/", {"do": "retire"}).status_code == 404
    other.refresh_from_db()
    assert other.retired_at is None


def test_a_project_manager_sees_templates_and_changes_none(client: Client) -> None:
    client.force_login(PostFactory(kind="project_manager").holder)
    kept = TemplateFactory()
    text = text_of(client, LIST)
    assert kept.name in text and f"sagatave={kept.pk}" not in text
    assert client.post(f"{LIST}{kept.pk}/", {"do": "retire"}).status_code == 403


def test_the_list_asks_the_same_for_one_and_for_many(coordinator: Client, same_queries: Callable[..., None]) -> None:
    same_queries(
        5,
        add=lambda number: TemplateFactory(name=f"Sagatave {number}"),
        visit=lambda: coordinator.get(LIST),
    )
