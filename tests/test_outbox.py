"""The log of an activity's messages, what failed, what goes once more; the groups of one session."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.domain import bulletins, outbox
from courses.domain.refusals import Refusal
from courses.models import Activity, Decision, Party
from ecosystem import tasks
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db
KEY = UUID("55555555-5555-4555-8555-555555555555")


@pytest.fixture
def desk(client, monkeypatch):
    """The coordinator of Eleja at her desk; it is ``NOW``."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(f.PostFactory().holder)
    return client


@pytest.fixture
def activity() -> Activity:
    return f.ActivityFactory()


def party(activity: Activity, name: str, **more) -> Party:
    made = f.PartyFactory(activity=activity, **{"email": f"{name.lower()}@example.lv", **more})
    f.RegistrationFactory(party=made, resident__given_name=name)
    return made


def message(reader: Party, **more) -> Message:
    contact, channel = (reader.email, "email") if reader.email else (str(reader.phone), "sms")
    fields = {"kind": "confirmed", "to": contact, "channel": channel}
    if more.get("state") == "delivered":
        fields |= {"sent_at": NOW, "delivered_at": NOW}
    return f.MessageFactory(reference=f"party:{reader.pk}", **{**fields, **more})


def log_page(desk, activity: Activity):
    return desk.get(reverse("courses:desk_messages", args=[activity.pk]))


def ran_out(**more) -> dict[str, object]:
    return {"state": "failed", "attempts": 5, "error": "ConnectionRefusedError", **more}


def test_the_log_counts_by_kind_and_day_and_each_text_to_a_group_by_itself(activity):
    anna, zane = party(activity, "Anna"), party(activity, "Zane", email="", phone="+37126123456")
    other = party(f.ActivityFactory(), "Cits")
    by = f.UserFactory()
    for text, moment in (("Rīt", NOW), ("Parīt", NOW + timedelta(hours=1))):
        key = UUID(int=KEY.int + moment.hour)
        bulletins.send(activity=activity, code="everyone", subject=text, text="Teksts", by=by, now=moment, key=key)
    message(anna, state="sent", sent_at=NOW)
    message(zane, state="delivered", created_at=NOW + timedelta(minutes=5))
    message(zane, kind="reminder", created_at=NOW - timedelta(days=1))
    message(other)
    told = outbox.log(activity=activity, now=NOW)
    assert [
        (one.kind, one.count, one.channels, one.decision.reason if one.decision else "") for one in told.dispatches
    ] == [
        ("bulletin", 2, {"email": 1, "sms": 1}, "Parīt"),
        ("confirmed", 2, {"email": 1, "sms": 1}, ""),
        ("bulletin", 2, {"email": 1, "sms": 1}, "Rīt"),
        ("reminder", 1, {"sms": 1}, ""),
    ]
    assert told.dispatches[1].states == {"sent": 1, "delivered": 1}
    assert (told.failed, told.forgotten) == ([], [])


def test_of_a_text_whose_messages_are_gone_the_decision_stays(activity):
    party(activity, "Anna")
    bulletins.send(activity=activity, code="everyone", subject="Rīt", text="Teksts", by=None, now=NOW, key=KEY)
    Message.objects.all().delete()
    told = outbox.log(activity=activity, now=NOW)
    assert (told.dispatches, [each.reason for each in told.forgotten]) == ([], ["Rīt"])


def test_what_failed_is_named_with_a_telephone_and_why(desk, activity):
    zane = party(activity, "Zane", email="", phone="+37126123456")
    message(zane, state="failed", error="unknown number", sent_at=NOW, attempts=1)
    text = log_page(desk, activity).content.decode()
    assert ("Zane Bērziņa" in text, "2612 3456" in text.replace("\xa0", " "), "tāda numura nav" in text) == (True,) * 3
    row = desk.get(reverse("courses:desk_activity", args=[activity.pk])).content.decode()
    assert "Pēdējā ziņa: neizdevās" in row


@pytest.mark.parametrize(
    ("fields", "again"),
    [
        (ran_out(), True),
        ({"state": "failed", "attempts": 1, "error": tasks.INTERRUPTED}, True),
        ({"state": "failed", "attempts": 1, "error": "expired", "sent_at": NOW}, True),
        # The carrier will never take it.
        ({"state": "failed", "attempts": 1, "error": "SMTP 550"}, False),
        (ran_out(kind="offer"), False),
        (ran_out(created_at=NOW - timedelta(days=7, seconds=1)), False),
        ({"state": "sent", "sent_at": NOW, "attempts": 1}, False),
    ],
)
def test_only_what_may_yet_arrive_is_sent_again(activity, fields, again):
    message(party(activity, "Anna"), **fields)
    assert outbox.send_again(activity=activity, by=None, now=NOW) == int(again)
    assert Decision.objects.filter(what="resent").count() == int(again)


def test_a_reminder_of_what_has_begun_is_not_sent_again(activity):
    message(party(activity, "Anna"), **ran_out(kind="reminder", created_at=activity.starts_at))
    assert outbox.send_again(activity=activity, by=None, now=activity.starts_at) == 0
    assert outbox.send_again(activity=activity, by=None, now=activity.starts_at - timedelta(minutes=1)) == 1


def test_a_press_sends_again_to_the_contact_as_it_is_now_and_is_written_down(desk, activity, monkeypatch):
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    anna = party(activity, "Anna")
    failed = message(anna, **ran_out(to="ana@example.lv"))
    assert "name=" in log_page(desk, activity).content.decode()
    address = reverse("courses:desk_messages", args=[activity.pk])
    for _twice in range(2):
        assert desk.post(address).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.to, failed.attempts, failed.error) == ("waiting", "anna@example.lv", 0, "")
    assert list(Decision.objects.values_list("what", "people", "by__email")) == [("resent", 1, "ilze.ozola@example.lv")]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_send_again_once(monkeypatch):
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    activity = f.ActivityFactory()
    message(party(activity, "Anna"), **ran_out())
    sent = at_once(*[lambda: outbox.send_again(activity=activity, by=None, now=NOW)] * 4)
    assert sorted(map(str, sent)) == ["0", "0", "0", "1"]


def test_the_list_shows_each_one_s_last_message(desk, activity):
    zane = party(activity, "Zane", email="", phone="+37126123456")
    message(zane, state="failed", error="expired")
    message(zane, state="delivered", created_at=NOW + timedelta(hours=1))
    found = outbox.latest(parties=[zane.pk, party(activity, "Anna").pk])
    assert {pk: one.state for pk, one in found.items()} == {zane.pk: "delivered"}
    row = desk.get(reverse("courses:desk_activity", args=[activity.pk])).content.decode()
    assert "Pēdējā ziņa: piegādāta" in row


def test_the_log_asks_a_fixed_number_of_times(desk, activity, same_queries):
    def add(number: int) -> None:
        one = party(activity, f"Persona{number}")
        message(one, **ran_out())
        message(one, kind="reminder")
        key = UUID(int=KEY.int + number)
        moment = NOW - timedelta(days=number)
        bulletins.send(activity=activity, code="everyone", subject="Rīt", text="Teksts", by=None, now=moment, key=key)

    same_queries(12, add=add, visit=lambda: log_page(desk, activity))


# The groups of one session.


def test_the_groups_of_a_session_are_who_came_who_did_not_and_its_list(activity):
    first, second = activity.sessions.order_by("starts_at")[:2]
    rows = {}
    for name, presence in (("Anna", "present"), ("Zane", "absent"), ("Ilze", "excused"), ("Maija", "")):
        rows[name] = party(activity, name).registrations.get()
        if presence:
            f.AttendanceFactory(session=first, registration=rows[name], presence=presence)
    # Whoever gave the place up and came all the same.
    came = f.RegistrationFactory(party=f.PartyFactory(activity=activity, email="prom@example.lv"), state="cancelled")
    f.AttendanceFactory(session=first, registration=came)

    def of(code: str) -> list[str]:
        return sorted(one.email for one in bulletins.group(activity=activity, code=code).parties)

    assert of(f"came-{first.pk}") == ["anna@example.lv", "prom@example.lv"]
    assert of(f"absent-{first.pk}") == ["ilze@example.lv", "zane@example.lv"]
    assert of(f"session-{first.pk}") == [
        *("anna@example.lv", "ilze@example.lv", "maija@example.lv", "prom@example.lv", "zane@example.lv"),
    ]
    assert of(f"session-{second.pk}") == [
        *("anna@example.lv", "ilze@example.lv", "maija@example.lv", "zane@example.lv"),
    ]
    assert of(f"came-{second.pk}") == []


@pytest.mark.parametrize("code", ["came-", "came-x", "session-9999999", "absent-" + "9" * 30, "session-٣", "visi", ""])
def test_no_such_group_is_a_clear_answer(activity, code):
    with pytest.raises(Refusal) as refused:
        bulletins.group(activity=activity, code=code)
    assert refused.value.code == "group"


def test_a_session_of_another_activity_is_no_group_here(activity):
    other = f.ActivityFactory().sessions.order_by("starts_at").first()
    with pytest.raises(Refusal):
        bulletins.group(activity=activity, code=f"session-{other.pk}")


def test_the_form_offers_the_sessions_by_what_is_known_of_them(desk, activity):
    first, second = activity.sessions.order_by("starts_at")[:2]
    f.AttendanceFactory(session=first, registration=party(activity, "Anna").registrations.get())
    activity.sessions.filter(pk=second.pk).update(cancelled_at=timezone.now())
    page = desk.get(reverse("courses:desk_message", args=[activity.pk])).content.decode()
    offered = [
        code for code in (f"came-{first.pk}", f"absent-{first.pk}", f"session-{first.pk}") if f'"{code}"' in page
    ]
    assert offered == [f"came-{first.pk}"]
    assert f'"session-{second.pk}"' not in page
    assert page.count('value="session-') == 2
