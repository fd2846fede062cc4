"""A time or a place changed while people have places: they are told by themselves, once, and the desk sees how many."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse

from courses.domain import importing, moving, programme, reminders
from courses.domain.programme import SessionSpec
from courses.models import Activity, Decision, Registration, Session
from ecosystem import tasks
from ecosystem.dates import NBSP
from ecosystem.file_rows import Row
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(db: None) -> Activity:
    """Four Thursdays at ten: one with a place, one offered a place in English, one in the queue, one without contact."""
    made = f.ActivityFactory(taken=3, waiting=1, capacity=3)
    f.RegistrationFactory(party=f.PartyFactory(activity=made, email="vieta@example.lv"))
    offered = f.PartyFactory(activity=made, email="", phone="+37126123456", language="en", channel="phone")
    f.RegistrationFactory(party=offered, state="offered")
    f.RegistrationFactory(party=f.PartyFactory(activity=made, email="rinda@example.lv"), state="queued")
    silent = f.PartyFactory(activity=made, email="", phone="", channel="phone")
    f.RegistrationFactory(party=silent, resident__given_name="Cilda")
    gone = f.PartyFactory(activity=made, email="prom@example.lv")
    f.RegistrationFactory(party=gone, state="cancelled")
    return made


def meeting(activity: Activity, place: int) -> Session:
    return activity.sessions.order_by("starts_at")[place]


def move(session: Session, start: str, *, room: Any = None, now: Any = NOW) -> int:
    starts_at = at(start)
    return moving.session(
        session=session, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), room=room, by=None, now=now
    )


def told() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("to", "kind"))


def plain(message: Message) -> str:
    return message.text.replace(NBSP, " ")


def test_a_moved_session_tells_who_has_a_place_the_old_and_the_new_time(activity: Activity) -> None:
    third = meeting(activity, 2)
    for _twice in range(2):
        move(third, "2027-02-19 11:00")
    assert told() == [("+37126123456", "session_moved"), ("vieta@example.lv", "session_moved")]
    letter = Message.objects.get(channel="email")
    assert plain(letter).split("\n")[0] == (
        "Nodarbība ceturtdien, 18. februārī, 10:00–12:00, ir pārcelta. Jaunais laiks: piektdien, 19. februārī, 11:00–13:00."
    )
    assert letter.subject == "Cits laiks: Adīšanas un tamborēšanas vakari"
    assert "atteikties=visi" in letter.text
    sms = Message.objects.get(channel="sms").text
    assert sms.startswith(
        "The session on Thursday, 18 February, 10:00–12:00 is moved. The new time: Friday, 19 February"
    )
    decision = Decision.objects.get()
    assert (decision.what, decision.people, decision.reason) == (
        "rescheduled",
        2,
        "18.2. 10:00–12:00 → 19.2. 11:00–13:00",
    )


def test_calendars_follow_the_same_session_by_a_higher_number(activity: Activity) -> None:
    third = meeting(activity, 2)
    move(third, "2027-02-19 11:00")
    move(third, "2027-02-20 11:00")
    found = []
    for calendar in Message.objects.filter(channel="email").order_by("pk").values_list("calendar", flat=True):
        (event,) = [part for part in calendar.split("BEGIN:VEVENT") if f"UID:session-{third.pk}@" in part]
        found.append((event.split("DTSTART:")[1][:8], event.split("SEQUENCE:")[1][0]))
        assert calendar.count("SEQUENCE:0") == 3
    assert sorted(found) == [("20270219", "1"), ("20270220", "2")]


def test_who_waits_is_told_when_the_beginning_moves(activity: Activity) -> None:
    move(meeting(activity, 0), "2027-02-05 10:00")
    assert [to for to, _kind in told()] == ["+37126123456", "rinda@example.lv", "vieta@example.lv"]
    waits = Message.objects.get(to="rinda@example.lv")
    assert ("Jūsu vieta rindā vai sarakstā nemainās." in waits.text, waits.calendar) == (True, "")


@pytest.mark.parametrize(
    ("now", "kinds"), [(at("2027-02-02 10:00"), ["room_changed", "room_changed"]), (at("2027-02-02 09:59"), [])]
)
def test_another_room_is_told_from_two_days_before(activity: Activity, now: Any, kinds: list[str]) -> None:
    first = meeting(activity, 0)
    people = moving.session(
        session=first, starts_at=first.starts_at, ends_at=first.ends_at, room=f.RoomFactory(), by=None, now=now
    )
    assert ([kind for _to, kind in told()], people) == (kinds, len(kinds))
    assert Decision.objects.count() == bool(kinds)


def test_a_sensitive_activity_is_not_named(activity: Activity) -> None:
    activity.audiences.set([f.AudienceFactory(code="disability", is_sensitive=True)])
    move(meeting(activity, 1), "2027-02-12 10:00")
    assert Message.objects.get(channel="email").subject == "Cits laiks"
    assert "Adīšanas" not in Message.objects.get(channel="sms").text


def test_more_sessions_are_told_in_one_message(activity: Activity) -> None:
    starts = (at("2027-03-11 10:00"), at("2027-03-18 10:00"))
    more = [SessionSpec(starts_at=start, ends_at=start + timedelta(hours=1)) for start in starts]
    assert moving.add(activity=activity, meetings=more, by=None, now=NOW) == 2
    assert told() == [("+37126123456", "session_added"), ("vieta@example.lv", "session_added")]
    letter = Message.objects.get(channel="email")
    assert (letter.subject.split(":")[0], plain(letter).count("Pievienota nodarbība")) == ("Vairāk nodarbību", 2)
    with pytest.raises(programme.Refused):
        moving.add(activity=activity, meetings=more, by=None, now=NOW)
    assert Message.objects.count() == 2


def test_another_place_tells_everyone_who_has_or_awaits_a_place(activity: Activity) -> None:
    library = f.CentreFactory(slug="biblioteka", name="Elejas bibliotēka", address="Meža prospekts 5, Eleja")
    spec = programme.spec_of(Activity.objects.get(pk=activity.pk))
    _saved, people = moving.details(
        activity=activity,
        details=replace(spec, centre=library),
        seen=programme.fingerprint(spec),
        by=None,
        now=NOW,
    )
    assert people == 3
    assert {kind for _to, kind in told()} == {"place_changed"}
    letter = Message.objects.get(to="vieta@example.lv")
    assert letter.text.startswith("Tagad cita vieta: Elejas bibliotēka, Meža prospekts 5, Eleja.")
    assert letter.calendar.count("SEQUENCE:1") == 4
    decision = Decision.objects.get()
    assert (decision.what, decision.reason) == ("relocated", "Elejas jauniešu centrs → Elejas bibliotēka")


def test_another_title_tells_nobody(activity: Activity) -> None:
    spec = programme.spec_of(Activity.objects.get(pk=activity.pk))
    changed = replace(spec, titles={**spec.titles, "lv": "Adīšana"})
    moving.details(activity=activity, details=changed, seen=programme.fingerprint(spec), by=None, now=NOW)
    assert (Message.objects.count(), Decision.objects.count()) == (0, 0)


def test_a_plan_that_is_not_published_tells_nobody(activity: Activity) -> None:
    Activity.objects.filter(pk=activity.pk).update(status="planned")
    assert move(meeting(activity, 0), "2027-02-05 10:00") == 0
    assert (Message.objects.count(), Decision.objects.count()) == (0, 0)


def test_a_refused_move_tells_nobody(activity: Activity) -> None:
    with pytest.raises(programme.Refused):
        move(meeting(activity, 0), "2026-02-05 10:00")
    assert Message.objects.count() == 0


def test_a_programme_file_tells_them_too(activity: Activity) -> None:
    cells = {
        "ref": f"id:{activity.pk}",
        "department": "MUZ",
        "parish": "Elejas pagasts",
        "title": activity.title,
        "topic": "crafts",
        "audiences": "everyone",
        "sessions": "2027-02-04T10:00/12:00;2027-02-11T17:00/19:00",
    }
    rows = [Row(line=2, cells=cells)]
    for _twice in range(2):
        assert importing.import_rows(rows=rows, columns=list(cells), now=NOW).refused == []
    assert told() == [("+37126123456", "plan_changed"), ("vieta@example.lv", "plan_changed")]
    text = plain(Message.objects.get(channel="email"))
    assert "Nodarbība ceturtdien, 11. februārī, 10:00–12:00, nenotiks." in text
    assert "Pievienota nodarbība: ceturtdien, 11. februārī, 17:00–19:00." in text


def test_who_was_reminded_of_a_beginning_that_moved_away_is_reminded_anew() -> None:
    made = f.ActivityFactory(taken=1)
    f.RegistrationFactory(party=f.PartyFactory(activity=made))
    assert reminders.send(now=at("2027-02-02 12:00")) == 1
    move(meeting(made, 0), "2027-02-10 10:00", now=at("2027-02-02 13:00"))
    assert reminders.send(now=at("2027-02-03 12:00")) == 0
    assert reminders.send(now=at("2027-02-08 12:00")) == 1
    assert reminders.send(now=at("2027-02-08 13:00")) == 0


def test_the_page_says_beforehand_how_many_and_whom_to_ring(client: Any, monkeypatch: Any, activity: Activity) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(f.PostFactory().holder)
    address = reverse("courses:desk_sessions", args=[activity.pk])
    text = client.get(address).content.decode()
    assert "2 cilvēkiem, kam ir vieta, par izmaiņām uzrakstīsim paši." in text
    assert "Cilda Bērziņa" in text
    third = meeting(activity, 2)
    sent = {
        "action": "move",
        "session": third.pk,
        "session-day": "2027-02-19",
        "session-starts": "11:00",
        "session-ends": "13:00",
    }
    answer = client.post(address, sent, follow=True)
    assert "Nodarbība ir pārcelta. Par to uzrakstīts 2 cilvēkiem." in answer.content.decode()
    assert Registration.objects.filter(state="cancelled").count() == 1


@pytest.mark.django_db(transaction=True)
def test_moved_by_two_at_once_tells_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    made = f.ActivityFactory(taken=1)
    f.RegistrationFactory(party=f.PartyFactory(activity=made))
    session = meeting(made, 1)
    gate = threading.Barrier(4)

    def run() -> None:
        try:
            gate.wait()
            move(session, "2027-02-12 10:00")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.refresh_from_db()
    assert (session.moved, Message.objects.count(), Decision.objects.count()) == (1, 1, 1)
