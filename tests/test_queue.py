"""The queue: who is asked, until when, and what becomes of the answer."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from courses import schedule
from courses.domain import queue, registrations
from courses.domain.registrations import Contact, Person, Refusal
from courses.models import Activity, Party, Registration
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


def join(activity: Activity, *names: str, all_or_none: bool = False, now: datetime = NOW, phone: str = "") -> Party:
    """One form: these people, their contact named after the first."""
    village = f.VillageFactory()
    return registrations.register(
        activity=activity,
        people=[Person(name, "Ozola", 1990, village=village) for name in names],
        contact=Contact(email=f"{names[0].lower()}@example.lv", phone=phone),
        all_or_none=all_or_none,
        now=now,
    )


def states(activity: Activity) -> dict[str, str]:
    rows = activity.registrations.order_by("pk").values_list("resident__given_name", "state")
    return dict(rows)


def stand(activity: Activity) -> tuple[int, int]:
    activity.refresh_from_db()
    return activity.taken, activity.waiting


def one(party: Party) -> Registration:
    return party.registrations.order_by("pk").first()


def kinds(to: str) -> list[tuple[str, str]]:
    return list(Message.objects.filter(to=to).order_by("created_at", "kind").values_list("kind", "channel"))


# The deadline.


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2027-01-11 09:00", "2027-01-13 09:00"),  # 48 hours
        ("2027-01-11 09:00:41", "2027-01-13 09:00"),  # in whole minutes
        ("2027-02-01 23:00", "2027-02-03 23:00"),
        ("2027-02-02 01:00", "2027-02-03 23:59"),  # but not past the day before the start
        ("2027-02-02 09:59", "2027-02-03 23:59"),
        ("2027-02-02 10:00", "2027-02-02 16:00"),  # the last two days: six hours
        ("2027-02-04 01:00", "2027-02-04 07:00"),
        ("2027-02-04 03:00", "2027-02-04 08:00"),  # or two hours before the start
        ("2027-02-04 07:59", "2027-02-04 08:00"),
        ("2027-02-04 08:00", None),  # later than that, places go to whoever comes
        ("2027-02-04 10:30", None),
    ],
)
def test_the_deadline_of_an_offer(now, until):
    found = queue.deadline(activity=Activity(starts_at=at("2027-02-04 10:00")), now=at(now))
    assert found == (at(until) if until else None)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        # The clocks go forward on 28 March 2027 at 3:00 and back on 31 October at 4:00: 48 hours stay 48 hours.
        ("2027-03-27 12:00", "2027-03-29 13:00"),
        ("2027-10-30 12:00", "2027-11-01 11:00"),
    ],
)
def test_the_deadline_counts_hours_when_the_clocks_change(now, until):
    start = at(now) + timedelta(days=20)
    assert queue.deadline(activity=Activity(starts_at=start), now=at(now)) == at(until)


def test_the_hours_of_an_offer_are_a_setting(settings):
    settings.OFFER_HOURS, settings.OFFER_HOURS_LAST_DAYS = 24, 3
    activity = Activity(starts_at=at("2027-02-04 10:00"))
    assert queue.deadline(activity=activity, now=NOW) == NOW + timedelta(hours=24)
    assert queue.deadline(activity=activity, now=at("2027-02-03 12:00")) == at("2027-02-03 15:00")


# Offers.


def test_a_freed_place_is_offered_to_the_first_with_a_deadline():
    activity = f.ActivityFactory(capacity=1)
    first = join(activity, "Anna")
    second, third = join(activity, "Berta", phone="+37126123456"), join(activity, "Cilda")
    registrations.cancel(party=first, now=NOW)
    assert states(activity) == {"Anna": "cancelled", "Berta": "offered", "Cilda": "queued"}
    assert (one(second).offered_at, one(second).offered_until) == (NOW, NOW + timedelta(hours=48))
    assert one(third).offered_until is None
    assert stand(activity) == (1, 1)
    assert kinds("berta@example.lv") == [("offer", "email"), ("queued", "email")]
    assert kinds("+37126123456") == [("offer", "sms")]


def test_a_group_keeps_its_turn_while_a_single_place_goes_to_the_next_who_fits():
    activity = f.ActivityFactory(capacity=2)
    alone, other = join(activity, "Anna"), join(activity, "Berta")
    group = join(activity, "Cilda", "Dace", all_or_none=True)
    join(activity, "Elza")
    registrations.cancel(party=alone, now=NOW)
    assert states(activity) == {
        "Anna": "cancelled",
        "Berta": "confirmed",
        "Cilda": "queued",
        "Dace": "queued",
        "Elza": "offered",
    }
    queue.decline(registration=activity.registrations.get(state="offered"), now=NOW)
    registrations.cancel(party=other, now=NOW)
    assert set(group.registrations.values_list("state", flat=True)) == {"offered"}
    assert stand(activity) == (2, 0)
    assert kinds("cilda@example.lv") == [("offer", "email"), ("queued", "email")]
    queue.accept(registration=one(group), now=NOW)
    assert set(group.registrations.values_list("state", flat=True)) == {"confirmed"}
    assert stand(activity) == (2, 0)


def test_a_group_declines_as_a_whole():
    activity = f.ActivityFactory(capacity=2)
    first = join(activity, "Anna", "Berta")
    group, next_ = join(activity, "Cilda", "Dace", all_or_none=True), join(activity, "Elza")
    registrations.cancel(party=first, now=NOW)
    queue.decline(registration=one(group), now=NOW)
    assert set(group.registrations.values_list("state", flat=True)) == {"declined"}
    assert one(next_).state == "offered"
    assert stand(activity) == (1, 0)


def test_of_a_split_party_each_answers_alone():
    activity = f.ActivityFactory(capacity=2)
    first = join(activity, "Anna", "Berta")
    party = join(activity, "Cilda", "Dace")
    registrations.cancel(party=first, now=NOW)
    queue.accept(registration=one(party), now=NOW)
    assert states(activity) == {
        "Anna": "cancelled",
        "Berta": "cancelled",
        "Cilda": "confirmed",
        "Dace": "offered",
    }


def test_more_places_are_offered_in_order():
    activity = f.ActivityFactory(capacity=1)
    for name in ("Anna", "Berta", "Cilda", "Dace"):
        join(activity, name)
    later = NOW + timedelta(hours=1)
    raised = queue.raise_places(activity=activity, capacity=3, now=later, reason="Lielāka telpa.")
    assert states(activity) == {"Anna": "confirmed", "Berta": "offered", "Cilda": "offered", "Dace": "queued"}
    assert (raised.capacity, stand(activity), activity.changed_at) == (3, (3, 1), later)
    assert activity.capacity_reason == "Lielāka telpa."


def test_without_a_limit_everyone_who_waits_is_asked():
    activity = f.ActivityFactory(capacity=1)
    join(activity, "Anna")
    join(activity, "Berta", "Cilda", "Dace", all_or_none=True)
    queue.raise_places(activity=activity, capacity=None, now=NOW, reason="Ārā vietas pietiek.")
    assert stand(activity) == (4, 0)


@pytest.mark.parametrize(("capacity", "reason", "code"), [(1, "Mazāka telpa.", "fewer"), (3, "  ", "reason")])
def test_places_are_only_raised_and_with_a_reason(capacity, reason, code):
    activity = f.ActivityFactory(capacity=2)
    with pytest.raises(Refusal) as raised:
        queue.raise_places(activity=activity, capacity=capacity, now=NOW, reason=reason)
    assert raised.value.code == code


def test_two_hours_before_the_start_nobody_is_asked_any_more():
    activity = f.ActivityFactory(capacity=1)
    first = join(activity, "Anna")
    join(activity, "Berta")
    registrations.cancel(party=first, now=at("2027-02-04 08:00"))
    assert states(activity)["Berta"] == "queued"
    assert stand(activity) == (0, 1)


# Answers.


def offered() -> tuple[Activity, Registration, Party]:
    """An activity of one place that is offered to Berta; Cilda waits."""
    activity = f.ActivityFactory(capacity=1)
    first = join(activity, "Anna")
    second, third = join(activity, "Berta"), join(activity, "Cilda")
    registrations.cancel(party=first, now=NOW)
    return activity, one(second), third


def test_an_accepted_offer_is_a_place_and_twice_is_once():
    activity, offer, _third = offered()
    for later in (1, 2):
        assert queue.accept(registration=offer, now=NOW + timedelta(hours=later)).state == "confirmed"
    assert stand(activity) == (1, 1)
    assert kinds("berta@example.lv").count(("place_confirmed", "email")) == 1


def test_a_declined_offer_goes_to_the_next_and_twice_is_once():
    activity, offer, third = offered()
    for _again in (1, 2):
        assert queue.decline(registration=offer, now=NOW).state == "declined"
    assert one(third).state == "offered"
    assert stand(activity) == (1, 0)


@pytest.mark.parametrize("answer", [queue.accept, queue.decline])
def test_after_the_deadline_the_place_goes_on_at_once(answer):
    activity, offer, third = offered()
    with pytest.raises(Refusal) as raised:
        answer(registration=offer, now=NOW + timedelta(hours=48))
    assert raised.value.code == "lapsed"
    with translation.override("en"):
        assert str(raised.value) == (
            "The time to confirm has passed, and the place was offered to the next. You can join the queue again."
        )
    assert states(activity) == {"Anna": "cancelled", "Berta": "expired", "Cilda": "offered"}
    assert stand(activity) == (1, 0)
    assert one(third).offered_until == NOW + timedelta(hours=96)


def test_until_the_last_minute_an_offer_holds():
    _activity, offer, _third = offered()
    assert queue.accept(registration=offer, now=NOW + timedelta(hours=48, seconds=-1)).state == "confirmed"


@pytest.mark.parametrize(
    ("state", "accept", "decline"),
    [
        ("queued", "no_offer", "no_offer"),
        ("expired", "lapsed", "lapsed"),
        ("declined", "declined", None),
        ("cancelled", "ended", None),
        ("confirmed", None, "accepted"),
    ],
)
def test_what_is_not_offered_is_not_answered(state, accept, decline):
    activity = f.ActivityFactory(taken=1 if state == "confirmed" else 0, waiting=1 if state == "queued" else 0)
    registration = f.RegistrationFactory(party__activity=activity, state=state)
    for answer, code in ((queue.accept, accept), (queue.decline, decline)):
        if code is None:
            assert answer(registration=registration, now=NOW).state == state
        else:
            with pytest.raises(Refusal) as raised:
                answer(registration=registration, now=NOW)
            assert raised.value.code == code
    assert Message.objects.count() == 0


def test_an_offer_of_a_cancelled_activity_is_refused():
    activity, offer, _third = offered()
    registrations.cancel_all(activity=activity, reason="", now=NOW)
    with pytest.raises(Refusal) as raised:
        queue.accept(registration=offer, now=NOW)
    assert raised.value.code == "cancelled"


# The clock.


def test_a_lapsed_offer_goes_to_the_next_and_is_told_kindly():
    activity, offer, _third = offered()
    assert queue.expire_offers(now=NOW + timedelta(hours=48, seconds=-1)) == 0
    later = NOW + timedelta(hours=48)
    assert queue.expire_offers(now=later) == 1
    assert states(activity) == {"Anna": "cancelled", "Berta": "expired", "Cilda": "offered"}
    offer.refresh_from_db()
    assert (offer.ended_at, offer.offered_until) == (later, None)
    assert ("offer_lapsed", "email") in kinds("berta@example.lv")
    assert stand(activity) == (1, 0)


def test_who_let_an_offer_lapse_may_join_the_end_of_the_queue():
    activity, _offer, _third = offered()
    queue.expire_offers(now=NOW + timedelta(hours=48))
    again = join(activity, "Berta", now=NOW + timedelta(hours=49))
    assert (again.outcome, again.outcome_place) == ("queued", 1)
    assert one(again).resident.registrations.count() == 2


def test_places_left_free_beside_a_queue_are_found():
    activity = f.ActivityFactory(capacity=1)
    join(activity, "Anna")
    second = join(activity, "Berta")
    Activity.objects.update(capacity=2)
    assert queue.fill_waiting(now=NOW) == 1
    assert queue.fill_waiting(now=NOW) == 0
    assert one(second).state == "offered"


def test_the_clock_does_both(monkeypatch):
    activity, _offer, third = offered()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=48))
    schedule.sweep_offers()
    assert one(third).state == "offered"
    assert stand(activity) == (1, 0)
