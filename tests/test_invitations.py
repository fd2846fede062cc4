"""Putting an activity into the news: what may be told of, the sentence, how many it is near."""

from typing import Any

import pytest
from django.test import Client

from courses.domain import forgetting, invitations, reached
from courses.domain.refusals import Refusals
from courses.models import Activity, Invitation
from ecosystem.models import User
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ``NOW`` for the pages too."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def desk(client: Client) -> Client:
    """The coordinator of Eleja at her desk."""
    client.force_login(f.PostFactory().holder)
    return client


def put_up(activity: Activity, *, by: User | None = None, **sentences: str) -> Invitation:
    return invitations.put_up(activity=activity, sentences=sentences, by=by, now=NOW)


def test_a_coordinator_puts_it_up_changes_the_sentence_and_takes_it_down(desk: Client):
    activity = f.ActivityFactory(title="Adīšana")
    page = f"/darbs/aktivitates/{activity.pk}/jaunumi/"
    assert "Iekļaut jaunumos" in desk.get(page).content.decode()
    assert desk.post(page, {"sentence_lv": " Dzija  uz vietas. ", "sentence_en": ""})["Location"] == page
    invitation = Invitation.objects.get()
    assert (invitation.sentence_lv, invitation.sentence_en, invitation.put_up_at, invitation.put_up_by.name) == (
        *("Dzija uz vietas.", "", NOW),
        "Ilze Ozola",
    )
    text = desk.get(page).content.decode()
    assert (
        "Iekļauta jaunumos 2027.\u00a0gada 11.\u00a0janvārī, Ilze Ozola; stāstīsim līdz piektdienai, 12.\u00a0martam."
        in text
    )
    assert 'value="Dzija uz vietas."' in text
    desk.post(page, {"sentence_lv": "Nāciet.", "sentence_en": "Come."})
    invitation.refresh_from_db()
    assert (invitation.sentence_lv, invitation.sentence_en) == ("Nāciet.", "Come.")
    desk.post(page, {"take_down": "1"})
    invitation.refresh_from_db()
    assert invitation.taken_down_at == NOW
    desk.post(page, {"take_down": "1"})
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"status": "draft"}, "status"),
        ({"status": "cancelled"}, "status"),
        ({"status": "completed"}, "status"),
        ({"status": "planned", "weeks": 0}, "sessions"),
        ({"first": at("2026-12-01 10:00")}, "over"),
        ({"registration_closes_at": NOW}, "closed"),
        ({"capacity": 2, "taken": 2}, "full"),
        ({"capacity": 2, "taken": 1, "waiting": 1}, "full"),
    ],
    ids=str,
)
def test_what_nobody_could_come_to_is_not_put_up(desk: Client, more: dict[str, Any], code: str):
    activity = f.ActivityFactory(**more)
    with pytest.raises(Refusals) as refused:
        put_up(activity)
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    page = f"/darbs/aktivitates/{activity.pk}/jaunumi/"
    words = str(refused.value.refusals[0])
    assert words in desk.get(page).content.decode()
    answer = desk.post(page, {"sentence_lv": "Nāciet."})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_sensitive_audience_s_activity_is_not_put_up():
    activity = f.ActivityFactory(audiences=[f.AudienceFactory(code="low_income", is_sensitive=True)])
    with pytest.raises(Refusals) as refused:
        put_up(activity)
    assert [refusal.code for refusal in refused.value.refusals] == ["sensitive"]


def test_too_long_a_sentence_is_kept_as_typed(desk: Client):
    activity = f.ActivityFactory()
    answer = desk.post(f"/darbs/aktivitates/{activity.pk}/jaunumi/", {"sentence_lv": "ā" * 201})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Tas ir par garu. Rakstiet ne vairāk kā 200 burtu." in text
    assert "ā" * 201 in text
    with pytest.raises(Refusals):
        put_up(activity, lv="ā" * 201)


def test_put_up_again_soon_it_is_the_same_invitation_later_it_lasts_anew():
    activity = f.ActivityFactory(weeks=20)
    put_up(activity)
    for days, since in ((20, NOW), (22, NOW + 22 * (at("2027-01-02 09:00") - at("2027-01-01 09:00")))):
        later = NOW + days * (at("2027-01-02 09:00") - at("2027-01-01 09:00"))
        invitations.take_down(activity=activity, now=later)
        invitations.put_up(activity=activity, sentences={}, by=None, now=later)
        assert Invitation.objects.get().put_up_at == since


def test_how_many_it_is_near_is_counted_with_one_question_for_all(django_assert_num_queries):
    seniors = f.AudienceFactory(code="seniors", name="Seniori", part_of=f.AudienceFactory())
    f.AudienceFactory(code="youth", name="Jaunieši", part_of=f.AudienceFactory())
    activity = f.ActivityFactory(audiences=[seniors])
    online = f.ActivityFactory(format="online", centre=f.CentreFactory(slug="talu", name="Tālu", lat=57.0))
    for place, more in enumerate(
        [
            {},
            {"audiences": ["seniors"]},
            {"audiences": ["youth"]},
            {"topics": ["languages"]},
            {"topics": ["crafts", "languages"]},
            {"village": None, "km": None},
            {"village": f.VillageFactory(code="talu", slug="talu", name="Tālu", lat=57.0)},
            {"confirmed_at": None},
            {"withdrawn_at": NOW, "withdrawn_how": "link"},
        ]
    ):
        f.ConsentFactory(contact=f"anna{place}@example.lv", **more)
    with django_assert_num_queries(4):
        assert reached.count(activity=activity) == 4
    assert reached.count(activity=online) == 6


def test_who_put_it_up_is_named_while_they_hold_a_post():
    invitation = put_up(f.ActivityFactory(), by=f.UserFactory(email="bijusi@example.lv"))
    forgetting.forget(now=NOW)
    invitation.refresh_from_db()
    assert invitation.put_up_by is None
