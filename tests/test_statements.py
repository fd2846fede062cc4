"""The public texts, and who may change them."""

from datetime import date

import pytest

from coordinators.models import Post
from ecosystem.models import Statement
from tests.factories import PostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def privacy():
    return Statement.objects.create(
        key="privatums",
        title_lv="Jūsu dati",
        body_lv="<p>Vecais.</p>",
        title_en="Your data",
        body_en="<p>Old.</p>",
        updated_on=date(2026, 1, 1),
    )


def new_words():
    body = '<h2>Jauns</h2><script>alert(1)</script><p onclick="x()">Teksts</p>'
    return {"title_lv": "Dati", "body_lv": body, "title_en": "Data", "body_en": "<p>New</p>"}


def test_a_head_changes_a_text_and_nothing_that_acts_stays(client, privacy):
    client.force_login(PostFactory(kind=Post.Kind.HEAD).holder)
    assert "Mainīt šo tekstu" in client.get("/privatums/").content.decode()
    answer = client.post("/darbs/teksti/privatums/", new_words())
    assert (answer.status_code, answer["Location"]) == (302, "/privatums/")
    privacy.refresh_from_db()
    assert (privacy.title_lv, privacy.body_lv) == ("Dati", "<h2>Jauns</h2><p>Teksts</p>")
    assert "New" in client.get("/en/privatums/").content.decode()


def test_an_empty_text_is_refused_with_what_was_typed(client, privacy):
    client.force_login(PostFactory(kind=Post.Kind.ADMINISTRATOR).holder)
    answer = client.post("/darbs/teksti/privatums/", new_words() | {"title_lv": ""})
    assert answer.status_code == 422
    assert "&lt;h2&gt;Jauns&lt;/h2&gt;" in answer.content.decode()
    privacy.refresh_from_db()
    assert privacy.title_lv == "Jūsu dati"


@pytest.mark.parametrize("kind", [Post.Kind.COORDINATOR, Post.Kind.MANAGER])
def test_others_may_not(client, privacy, kind):
    client.force_login(PostFactory(kind=kind).holder)
    assert "Mainīt šo tekstu" not in client.get("/privatums/").content.decode()
    assert client.post("/darbs/teksti/privatums/", new_words()).status_code == 403


def test_a_head_whose_post_has_ended_may_not(client, privacy):
    client.force_login(PostFactory(kind=Post.Kind.HEAD, ends_on=date(2026, 2, 1)).holder)
    assert client.get("/darbs/teksti/privatums/").status_code == 403


def test_who_holds_no_post_may_not(client, privacy):
    client.force_login(UserFactory())
    assert client.get("/darbs/teksti/privatums/").status_code == 403
