"""The demonstration's pages, and the public statements."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import NOW, MessageFactory, PostFactory, StatementFactory, UserFactory

pytestmark = pytest.mark.django_db
ROLES = ("coordinator", "manager", "head")


@pytest.mark.parametrize("role", ROLES)
def test_one_press_signs_in(client: Client, role: str) -> None:
    user = UserFactory(email=f"{role}@example.lv")
    PostFactory(holder=user)
    assert f"/en/demo/ieiet/{role}/" in client.get("/en/demo/").content.decode()
    answer = client.post(f"/en/demo/ieiet/{role}/")
    assert (answer.status_code, answer["Location"]) == (302, "/en/darbs/")
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize("role", ROLES)
def test_without_the_invented_people_the_page_says_what_to_do(client: Client, role: str) -> None:
    page = client.post(f"/en/demo/ieiet/{role}/")
    assert page.status_code == 409
    assert "manage.py load_demo" in page.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", ["administrator", "nobody"])
def test_nobody_else_can_be_signed_in_as(client: Client, role: str) -> None:
    UserFactory(email=f"{role}@example.lv", is_superuser=True)
    assert client.post(f"/demo/ieiet/{role}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_messages_are_shown_newest_first_and_as_text_alone(client: Client) -> None:
    MessageFactory(subject="Vecākā", created_at=NOW)
    MessageFactory(
        subject="Jaunākā",
        created_at=NOW + timedelta(minutes=1),
        text="<script>alert(1)</script> http://localhost:8000/pieteikumi/x/",
        html="<p onclick='x'>Labdien</p>",
    )
    text = client.get("/demo/zinas/").content.decode()
    assert text.index("Jaunākā") < text.index("Vecākā")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "&lt;p onclick=" in text
    assert 'href="http://localhost:8000/pieteikumi/x/"' in text


def test_messages_for_programs(client: Client) -> None:
    first = MessageFactory(links=[{"rel": "party", "url": "http://localhost:8000/pieteikumi/x/"}])
    second = MessageFactory(to="+37126123456", channel="sms", subject="", created_at=NOW + timedelta(minutes=1))
    rows = client.get("/demo/zinas/?format=json").json()
    assert [row["id"] for row in rows] == [str(second.pk), str(first.pk)]
    assert rows[1] == {
        "id": str(first.pk),
        "kind": "confirmed",
        "to": "liga.berzina@example.lv",
        "channel": "email",
        "language": "lv",
        "subject": "Jums ir vieta: Adīšanas un tamborēšanas vakari",
        "text": "Jums ir vieta.",
        "links": ["http://localhost:8000/pieteikumi/x/"],
        "at": "2027-01-11T09:00:00+02:00",
    }
    mine = client.get("/demo/zinas/", {"format": "json", "to": "LIGA.BERZINA@example.lv"}).json()
    assert [row["id"] for row in mine] == [str(first.pk)]
    assert client.get("/demo/zinas/", {"format": "json", "to": "\x00"}).status_code == 200


@pytest.mark.parametrize("number", ["1", "3", "0", "x", "9" * 30])
def test_messages_have_pages(client: Client, number: str) -> None:
    for place in range(41):
        MessageFactory(subject=f"Ziņa {place}")
    page = client.get("/demo/zinas/", {"lapa": number})
    shown = page.content.decode().count("data-message=")
    assert shown == (1 if number in ("3", "9" * 30, "0") else 20)


def test_messages_ask_the_same_of_the_database_for_one_and_for_three(client: Client, same_queries: Any) -> None:
    same_queries(2, add=lambda n: MessageFactory(subject=f"Ziņa {n}"), visit=lambda: client.get("/demo/zinas/"))


@pytest.mark.parametrize("path", ["/demo/", "/demo/zinas/", "/demo/zinas/?format=json", "/demo/komponenti/"])
def test_outside_the_demonstration_there_is_nothing(client: Client, settings: Any, path: str) -> None:
    settings.DEMO = False
    assert client.get(path).status_code == 404


def test_a_statement_is_shown_without_what_could_run(client: Client) -> None:
    StatementFactory(
        key="sazina",
        title="Saziņa",
        body="<h2>Kur</h2><script>x</script><p onclick='x'>Elejā <a href='javascript:x'>a</a></p>",
    )
    text = client.get("/sazina/").content.decode()
    assert "<h2>Kur</h2><p>Elejā <a" in text
    assert "javascript:" not in text
    assert client.get("/pieklustamiba/").status_code == 404


def test_the_privacy_page_lists_every_personal_field_s_reason_and_term(client: Client) -> None:
    StatementFactory(key="privatums", updated_on=timezone.localdate())
    text = client.get("/en/privatums/").content.decode()
    for shown in ("Year of birth", "For age limits and figures", "three years after the last activity"):
        assert shown in text
    StatementFactory(key="sazina")
    assert "For age limits and figures" not in client.get("/en/sazina/").content.decode()
