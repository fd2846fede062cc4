"""Messages to a chosen group, and calling off: shown first with the number told, done once, written down."""

from uuid import UUID

import pytest
from django.urls import reverse

from courses.domain import bulletins, calling_off
from courses.domain.refusals import Refusal, Refusals
from courses.models import Activity, Decision, Registration
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db
KEY = UUID("44444444-4444-4444-8444-444444444444")
TEXT = "Ņemiet līdzi adatas.\n\nDzija būs uz vietas."


@pytest.fixture
def desk(client, monkeypatch):
    """The coordinator of Eleja at her desk; it is ``NOW``."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(f.PostFactory().holder)
    return client


@pytest.fixture
def activity() -> Activity:
    """One with a place and e-mail, one queued in English by telephone, one with neither contact."""
    made = f.ActivityFactory(taken=2, waiting=1, capacity=2)
    place = f.PartyFactory(activity=made, email="vieta@example.lv")
    f.RegistrationFactory(party=place, resident__given_name="Anna")
    waits = f.PartyFactory(activity=made, email="", phone="+37126123456", language="en", channel="phone")
    f.RegistrationFactory(party=waits, state="queued", resident__given_name="Bella")
    silent = f.PartyFactory(activity=made, email="", phone="", channel="phone")
    f.RegistrationFactory(party=silent, resident__given_name="Cilda")
    gone = f.PartyFactory(activity=made, email="prom@example.lv")
    f.RegistrationFactory(party=gone, state="cancelled", resident__given_name="Dace")
    return made


def to(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def write(desk, activity, **typed):
    sent = {"group": "everyone", "subject": "Ko ņemt līdzi", "text": TEXT, "form_key": str(KEY), **typed}
    return desk.post(reverse("courses:desk_message", args=[activity.pk]), sent)


def test_a_message_is_shown_with_its_number_and_leaves_only_after_a_yes(desk, activity):
    page = write(desk, activity)
    text = page.content.decode()
    assert (page.status_code, Message.objects.count(), Decision.objects.count()) == (200, 0, 0)
    for shown in ("Ņemiet līdzi adatas.", "Cilda Bērziņa"):
        assert shown in text
    assert "Dace" not in text
    # The link in it opens somebody's registration; whoever looks at the preview does not get it.
    assert "/pieteikumi/" not in text.split("<main")[1].split("</main>")[0]
    for _twice in range(2):
        assert write(desk, activity, send="1").status_code == 302
    assert to("bulletin") == ["+37126123456", "vieta@example.lv"]
    noted = Decision.objects.get()
    assert (noted.what, noted.reason, noted.people, noted.by.email) == (
        "message",
        "Ko ņemt līdzi",
        2,
        "ilze.ozola@example.lv",
    )
    # The SMS has all of the text, whatever else there was no room for.
    assert Message.objects.get(channel="sms").text.startswith("Ņemiet līdzi adatas. Dzija būs uz vietas.")
    letter = Message.objects.get(channel="email")
    assert (letter.subject, letter.language) == ("Ko ņemt līdzi", "lv")
    assert "Dzija būs uz vietas." in letter.text


@pytest.mark.parametrize(
    ("group", "reached"),
    [
        ("confirmed", ["vieta@example.lv"]),
        ("queue", ["+37126123456"]),
        ("everyone", ["+37126123456", "vieta@example.lv"]),
    ],
)
def test_a_group_is_who_it_says(activity, group, reached):
    bulletins.send(activity=activity, code=group, subject="Ziņa", text="Teksts", by=None, now=NOW, key=KEY)
    assert to("bulletin") == reached


def test_who_was_absent_from_one_session(activity):
    session = activity.sessions.order_by("starts_at").first()
    row = Registration.objects.get(party__email="vieta@example.lv")
    f.AttendanceFactory(session=session, registration=row, presence="absent")
    group = bulletins.group(activity=activity, code=f"absent-{session.pk}")
    assert [party.email for party in group.parties] == ["vieta@example.lv"]
    other = activity.sessions.order_by("starts_at").last()
    assert bulletins.group(activity=activity, code=f"absent-{other.pk}").parties == []


@pytest.mark.parametrize(
    "typed",
    [
        {"group": "awaiting"},
        {"group": "visi"},
        {"subject": " "},
        {"text": "\n "},
        {"subject": "x" * 121},
        {"text": "x" * 2001},
    ],
)
def test_a_message_to_nobody_or_of_nothing_is_refused_and_stays_typed(desk, activity, typed):
    page = write(desk, activity, send="1", **typed)
    assert (page.status_code, Message.objects.count(), Decision.objects.count()) == (422, 0, 0)
    if "subject" not in typed:
        assert 'value="Ko ņemt līdzi"' in page.content.decode()


def test_a_sensitive_activity_keeps_its_plain_subject(activity):
    activity.audiences.set([f.AudienceFactory(code="disability", is_sensitive=True)])
    bulletins.send(activity=activity, code="confirmed", subject="Invalīdiem", text="Teksts", by=None, now=NOW, key=KEY)
    assert "Invalīdiem" not in Message.objects.get().subject
    assert Message.objects.get().subject != ""


def test_calling_off_is_shown_first_then_tells_everyone_and_what_is_near(desk, activity):
    f.ActivityFactory(title="Adīšana Vilcē", capacity=5)
    address = reverse("courses:desk_cancel", args=[activity.pk])
    sent = {"what": "activity", "reason": "Telpā remonts"}
    page = desk.post(address, sent)
    text = page.content.decode()
    assert (page.status_code, "Adīšana Vilcē" in text, "Cilda Bērziņa" in text) == (200, True, True)
    activity.refresh_from_db()
    assert (activity.status, Message.objects.count()) == ("published", 0)
    for _twice in range(2):
        desk.post(address, {**sent, "confirm": "1"})
    activity.refresh_from_db()
    assert (activity.status, activity.taken, activity.waiting) == ("cancelled", 0, 0)
    assert to("activity_cancelled") == ["+37126123456", "vieta@example.lv"]
    letter = Message.objects.get(to="vieta@example.lv").text
    assert ("Telpā remonts" in letter, "Adīšana Vilcē" in letter) == (True, True)
    assert list(Decision.objects.values_list("what", "reason", "people")) == [("called_off", "Telpā remonts", 3)]


def test_calling_off_one_session_tells_those_with_a_place(desk, activity):
    session = activity.sessions.order_by("starts_at")[1]
    address = reverse("courses:desk_cancel", args=[activity.pk])
    sent = {"what": str(session.pk), "reason": "Pasniedzēja nevar"}
    assert desk.post(address, sent).status_code == 200
    session.refresh_from_db()
    assert session.cancelled_at is None
    assert desk.post(address, {**sent, "confirm": "1"}).status_code == 302
    session.refresh_from_db()
    activity.refresh_from_db()
    assert (session.cancellation_reason, activity.session_count, activity.taken) == ("Pasniedzēja nevar", 3, 2)
    assert to("session_cancelled") == ["vieta@example.lv"]
    letter = Message.objects.get().text
    assert "11.\xa0februārī" in letter.split("\n")[0]
    assert list(Decision.objects.values_list("what", "people")) == [("session_off", 2)]
    # Once more it is no longer among what can be chosen.
    assert desk.post(address, {**sent, "confirm": "1"}).status_code == 422


def test_calling_off_the_next_session_tells_those_who_wait_too_and_asks_anew_who_comes(desk, activity):
    Registration.objects.filter(state="confirmed").update(attendance_asked_at=NOW, attendance_confirmed_at=NOW)
    first = activity.sessions.order_by("starts_at").first()
    address = reverse("courses:desk_cancel", args=[activity.pk])
    sent = {"what": str(first.pk), "reason": "Slimība"}
    assert desk.post(address, sent).context["count_words"] == "2 cilvēki, 1 e-pasta vēstule, 1 īsziņa"
    assert desk.post(address, {**sent, "confirm": "1"}).status_code == 302
    assert to("session_cancelled") == ["+37126123456", "vieta@example.lv"]
    assert list(Decision.objects.values_list("what", "people")) == [("session_off", 3)]
    assert not Registration.objects.filter(attendance_asked_at__isnull=False).exists()


@pytest.mark.parametrize(("sensitive", "told"), [(False, 1), (True, 0)])
def test_calling_off_one_session_offers_one_that_is_near_and_alike(desk, activity, sensitive, told):
    for title in ("Adīšana Vilcē", "Adīšana Sesavā"):
        f.ActivityFactory(title=title, capacity=5)
    if sensitive:
        activity.audiences.add(f.AudienceFactory(code="crisis", is_sensitive=True))
    session = activity.sessions.order_by("starts_at")[1]
    address = reverse("courses:desk_cancel", args=[activity.pk])
    sent = {"what": str(session.pk), "reason": "Slimība"}
    assert len(desk.post(address, sent).context["instead"]) == told
    desk.post(address, {**sent, "confirm": "1"})
    assert Message.objects.get().text.count("Tuvumā: «Adīšana") == told


@pytest.mark.parametrize("typed", [{"what": "activity"}, {"reason": "Remonts"}, {"what": "999", "reason": "Remonts"}])
def test_calling_off_wants_a_choice_and_a_reason(desk, activity, typed):
    address = reverse("courses:desk_cancel", args=[activity.pk])
    assert desk.post(address, {**typed, "confirm": "1"}).status_code == 422
    activity.refresh_from_db()
    assert activity.status == "published"


def test_the_only_session_is_not_called_off_alone():
    activity = f.ActivityFactory(weeks=1)
    with pytest.raises(Refusal) as refused:
        calling_off.session(session=activity.sessions.get(), reason="Remonts", by=None, now=NOW)
    assert refused.value.code == "standing"


def test_a_message_needs_somebody():
    with pytest.raises(Refusals) as refused:
        bulletins.send(
            activity=f.ActivityFactory(), code="everyone", subject="Ziņa", text="Teksts", by=None, now=NOW, key=KEY
        )
    assert [refusal.code for refusal in refused.value.refusals] == ["group"]
