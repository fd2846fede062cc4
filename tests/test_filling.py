"""The list of an activity at the desk: who stands where, and decisions that leave the order, each with its reason."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils.translation import gettext

from courses.domain import decisions, lists, reminders
from courses.domain.refusals import Refusal
from courses.models import Activity, Decision, Registration
from ecosystem.models import Message, User
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, clock):
    """The coordinator of Eleja at her desk."""
    client.force_login(f.PostFactory().holder)
    return client


@pytest.fixture
def clock(monkeypatch):
    """It is ``NOW``, for the views too."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def by() -> User:
    """Who decides."""
    return f.UserFactory()


def activity_with(*states: str, **more) -> tuple[Activity, list[Registration]]:
    """An activity with a party in each of these states, its counters true."""
    taken = sum(state in ("confirmed", "offered") for state in states)
    activity = f.ActivityFactory(taken=taken, waiting=states.count("queued"), **more)
    rows = []
    for number, state in enumerate(states):
        email = f"p{number}@example.lv"
        resident = f.ResidentFactory(given_name=f"Persona{number}", household__email=email)
        party = f.PartyFactory(activity=activity, email=email)
        when = NOW - timedelta(days=3) + timedelta(minutes=number)
        queued = {"queued_at": when} if state == "queued" else {}
        rows.append(f.RegistrationFactory(party=party, resident=resident, state=state, registered_at=when, **queued))
    return activity, rows


def counters(activity: Activity) -> tuple[int | None, int, int]:
    activity.refresh_from_db()
    return activity.capacity, activity.taken, activity.waiting


def decide(desk, activity, **typed):
    return desk.post(reverse("courses:desk_decide", args=[activity.pk]), typed)


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def test_the_list_has_each_where_they_stand(by):
    activity, rows = activity_with("confirmed", "queued", "queued", "offered", "awaiting_approval", "cancelled")
    # The second of the queue asked later but is put first.
    Registration.objects.filter(pk=rows[2].pk).update(queued_at=NOW - timedelta(days=4))
    roll = lists.of(activity=activity, now=NOW)
    shown = {
        name: [(entry.registration.pk, entry.place) for entry in getattr(roll, name)]
        for name in ("confirmed", "offered", "queued", "awaiting", "ended")
    }
    assert shown == {
        "confirmed": [(rows[0].pk, None)],
        "offered": [(rows[3].pk, None)],
        "queued": [(rows[2].pk, 1), (rows[1].pk, 2)],
        "awaiting": [(rows[4].pk, None)],
        "ended": [(rows[5].pk, None)],
    }
    assert roll.confirmed[0].age == 66


def test_a_place_out_of_order_wants_a_reason_and_is_told_and_noted(desk, by):
    activity, rows = activity_with("confirmed", "queued", "queued", capacity=2)
    refused = decide(desk, activity, action="place", registration=rows[2].pk, reason="  ")
    assert refused.status_code == 422
    assert gettext("Write why: whoever reads the list next will ask.") in refused.content.decode()
    assert counters(activity) == (2, 1, 2)
    done = decide(desk, activity, action="place", registration=rows[2].pk, reason="Brauc no Vilces ar to pašu autobusu")
    assert done.status_code == 302
    assert counters(activity) == (2, 2, 1)
    rows[2].refresh_from_db()
    assert rows[2].state == "confirmed"
    assert told("place_confirmed") == ["p2@example.lv"]
    noted = Decision.objects.get()
    assert (noted.what, noted.registration, noted.reason, noted.by, noted.people) == (
        "place",
        rows[2],
        "Brauc no Vilces ar to pašu autobusu",
        by,
        1,
    )
    assert "Brauc no Vilces ar to pašu autobusu" in desk.get(done["Location"]).content.decode()


def test_no_place_is_given_that_does_not_exist_unless_it_is_added(by):
    activity, rows = activity_with("confirmed", "queued", "queued", capacity=1)
    with pytest.raises(Refusal) as refused:
        decisions.give_place(registration=rows[2], reason="Lūdza", by=by, now=NOW)
    assert refused.value.code == "no_place"
    decisions.give_place(registration=rows[2], reason="Atnesa krēslu", add_places=True, by=by, now=NOW)
    # The added place is theirs, not the first one's in the queue.
    assert counters(activity) == (2, 2, 1)
    assert activity.capacity_reason == "Atnesa krēslu"
    assert [row.state for row in Registration.objects.order_by("pk")] == ["confirmed", "queued", "confirmed"]


def test_a_party_of_all_or_none_gets_places_whole(by):
    activity, rows = activity_with("queued", "queued", capacity=3)
    party = rows[1].party
    party.all_or_none = True
    party.save()
    f.RegistrationFactory(party=party, state="queued", queued_at=rows[1].queued_at)
    Activity.objects.update(waiting=3)
    given = decisions.give_place(registration=rows[1], reason="Ģimene", by=by, now=NOW)
    assert len(given) == 2
    assert counters(activity) == (3, 2, 1)


def test_moved_to_the_end_one_is_last_and_told(by):
    activity, rows = activity_with("confirmed", "queued", "queued", capacity=1)
    decisions.move_to_end(registration=rows[1], reason="Var tikai pavasarī", by=by, now=NOW)
    assert list(activity.registrations.queue()) == [rows[2], rows[1]]
    assert told("queue_moved") == ["p1@example.lv"]
    assert "2" in Message.objects.get(kind="queue_moved").text.split("\n")[0]


def test_who_is_no_longer_waiting_is_not_given_a_place(by):
    activity, rows = activity_with("queued", capacity=2)
    decisions.give_place(registration=rows[0], reason="Pirmā", by=by, now=NOW)
    with pytest.raises(Refusal) as refused:
        decisions.give_place(registration=rows[0], reason="Pirmā", by=by, now=NOW)
    assert refused.value.code == "not_waiting"
    assert counters(activity) == (2, 1, 0)


def test_raised_places_go_to_the_queue_with_the_reason(desk, by):
    activity, _rows = activity_with("confirmed", "queued", "queued", capacity=1)
    for typed in ({"capacity": "1", "reason": "Vairāk krēslu"}, {"capacity": "2", "reason": ""}, {"capacity": "divi"}):
        assert decide(desk, activity, action="raise", **typed).status_code == 422
    assert counters(activity) == (1, 1, 2)
    assert decide(desk, activity, action="raise", capacity="2", reason="Vairāk krēslu").status_code == 302
    assert counters(activity) == (2, 2, 1)
    assert told("offer") == ["p1@example.lv"]
    assert list(Decision.objects.values_list("what", "reason", "people")) == [("raised", "Vairāk krēslu", 1)]


def test_cancelling_for_somebody_tells_them_and_asks_the_next(desk):
    activity, rows = activity_with("confirmed", "queued", capacity=1)
    assert decide(desk, activity, action="cancel", registration=rows[0].pk).status_code == 302
    assert (told("cancelled"), told("offer")) == (["p0@example.lv"], ["p1@example.lv"])
    assert counters(activity) == (1, 1, 0)
    # A second press does nothing and says so.
    again = decide(desk, activity, action="cancel", registration=rows[0].pk)
    assert (again.status_code, Decision.objects.count()) == (302, 1)


def test_approving_gives_a_place(desk):
    activity, rows = activity_with("awaiting_approval", needs_approval=True)
    assert decide(desk, activity, action="approve", registration=rows[0].pk).status_code == 302
    assert counters(activity) == (12, 1, 0)
    assert list(Decision.objects.values_list("what", "registration")) == [("approved", rows[0].pk)]


def test_an_offer_is_confirmed_by_telephone(desk):
    activity, rows = activity_with("offered", capacity=1)
    assert decide(desk, activity, action="accept", registration=rows[0].pk).status_code == 302
    rows[0].refresh_from_db()
    assert (rows[0].state, counters(activity)) == ("confirmed", (1, 1, 0))


def test_somebody_of_another_list_is_not_decided_here(desk):
    activity, _rows = activity_with("confirmed")
    _other, others = activity_with("confirmed")
    assert decide(desk, activity, action="cancel", registration=others[0].pk).status_code == 404
    others[0].refresh_from_db()
    assert others[0].state == "confirmed"


def test_another_department_s_list_is_refused(desk):
    other = f.DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
    activity, rows = activity_with("confirmed", lead=other)
    assert desk.get(reverse("courses:desk_activity", args=[activity.pk])).status_code == 403
    assert decide(desk, activity, action="cancel", registration=rows[0].pk).status_code == 403
    rows[0].refresh_from_db()
    assert rows[0].state == "confirmed"


def test_the_page_asks_a_fixed_number_of_times(desk, same_queries):
    activity, _rows = activity_with(min_participants=6)

    def add(number: int) -> None:
        email = f"r{number}@example.lv"
        for state in ("confirmed", "queued", "cancelled"):
            party = f.PartyFactory(activity=activity, email=email)
            row = f.RegistrationFactory(party=party, state=state, resident__household__email=email)
            Decision.objects.create(activity=activity, registration=row, what="cancelled", by=f.UserFactory(), at=NOW)
        Activity.objects.update(taken=number + 1, waiting=number + 1)

    same_queries(14, add=add, visit=lambda: desk.get(reverse("courses:desk_activity", args=[activity.pk])))


def test_below_the_minimum_other_groups_are_named_nearest_first(desk):
    activity, _rows = activity_with("confirmed", min_participants=6)
    far = f.CentreFactory(slug="sveti", name="Svētes centrs", lat=56.6, lon=23.6)
    near = f.CentreFactory(slug="vilce", name="Vilces centrs", lat=56.41, lon=23.55)
    f.ActivityFactory(title="Tālā grupa", centre=far)
    f.ActivityFactory(title="Tuvā grupa", centre=near)
    text = desk.get(reverse("courses:desk_activity", args=[activity.pk])).content.decode()
    assert 0 < text.index("Tuvā grupa") < text.index("Tālā grupa")


def test_a_reminder_comes_once_two_days_before():
    activity, rows = activity_with("confirmed", "queued", "offered", capacity=5)
    start = activity.starts_at
    Activity.objects.update(waiting=1)
    f.PartyFactory._meta.model.objects.update(created_at=start - timedelta(days=9))
    assert reminders.send(now=start - timedelta(days=2, hours=1)) == 0
    # At night nobody is woken.
    assert reminders.send(now=start - timedelta(hours=14, minutes=30)) == 0
    assert reminders.send(now=start - timedelta(days=1, hours=23)) == 1
    assert reminders.send(now=start - timedelta(days=1, hours=22)) == 0
    assert told("reminder") == [rows[0].party.email]
    assert "?atteikties=visi" in Message.objects.get(kind="reminder").text


def test_who_registered_today_is_not_reminded():
    activity, _rows = activity_with("confirmed")
    f.PartyFactory._meta.model.objects.update(created_at=activity.starts_at - timedelta(days=2))
    assert reminders.send(now=activity.starts_at - timedelta(days=1, hours=23)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_give_the_last_place_at_once(monkeypatch):
    monkeypatch.setattr("ecosystem.tasks.send.apply_async", lambda *args, **options: None)
    activity, rows = activity_with("confirmed", "queued", "queued", capacity=2)
    by = f.UserFactory()
    gate = threading.Barrier(2)
    results: list[object] = [None, None]

    def give(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            results[number] = decisions.give_place(registration=rows[number + 1], reason="Zvanīja", by=by, now=NOW)
        except Refusal as refusal:
            results[number] = refusal.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=give, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    # One has it, the other is told that all are taken.
    assert sorted(str(type(result).__name__) for result in results) == ["list", "str"]
    assert "no_place" in results
    assert counters(activity) == (2, 2, 1)
    assert Decision.objects.count() == 1
