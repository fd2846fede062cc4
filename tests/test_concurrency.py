"""The last place, with real connections: however many ask at once, never one too many and never one lost."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections

from courses.domain import queue, registrations
from courses.domain.registrations import Contact, Person, Refusal
from courses.models import Activity, Party, Registration
from ecosystem import tasks
from residents.models import Resident
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
KEY = UUID("22222222-2222-4222-8222-222222222222")


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """The messages stay rows: what is looked at here are places."""
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs on threads and connections of their own, all let go at one moment; results or exceptions in order."""
    gate = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(number: int, job: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    return results


def one_of(activity: Activity, number: int, **more) -> Callable[[], Party]:
    village = f.VillageFactory()
    return lambda: registrations.register(
        activity=activity,
        people=[Person(f"Persona{number}", "Ozola", 1990, village=village)],
        contact=Contact(email=f"p{number}@example.lv"),
        now=NOW,
        **more,
    )


def test_fifty_at_once_for_ten_places():
    activity = f.ActivityFactory(capacity=10)
    parties = at_once(*(one_of(activity, number) for number in range(50)))
    assert [party for party in parties if not isinstance(party, Party)] == []
    assert sorted(party.outcome for party in parties) == ["confirmed"] * 10 + ["queued"] * 40
    assert sorted(party.outcome_place for party in parties if party.outcome == "queued") == list(range(1, 41))
    activity.refresh_from_db()
    assert (activity.taken, activity.waiting) == (10, 40)
    # Who was told "you are number 7" is the seventh.
    places = {party.pk: party.outcome_place for party in parties}
    in_order = activity.registrations.queue().values_list("party", flat=True)
    assert [places[pk] for pk in in_order] == list(range(1, 41))


@pytest.mark.parametrize("contact", [Contact(email="liga@example.lv"), Contact()])
def test_one_form_sent_ten_times_at_once_is_one_party(contact):
    activity = f.ActivityFactory(capacity=5)
    village = f.VillageFactory()
    parties = at_once(
        *[
            lambda: registrations.register(
                activity=activity,
                people=[Person("Līga", "Bērziņa", 1960, village=village)],
                contact=contact,
                channel="desk",
                now=NOW,
                form_key=KEY,
            )
        ]
        * 10
    )
    assert {type(party) for party in parties} == {Party}
    assert len({party.pk for party in parties}) == 1
    activity.refresh_from_db()
    assert (activity.taken, Registration.objects.count(), Resident.objects.count()) == (1, 1, 1)


def test_one_new_person_in_ten_forms_at_once_is_one_person():
    activity = f.ActivityFactory(capacity=20)
    village = f.VillageFactory()
    parties = at_once(
        *[
            lambda: registrations.register(
                activity=activity,
                people=[Person("Līga", "Bērziņa", 1960, village=village)],
                contact=Contact(email="liga@example.lv", phone="+37126123456"),
                now=NOW,
            )
        ]
        * 10
    )
    assert {type(party) for party in parties} == {Party}
    activity.refresh_from_db()
    assert (activity.taken, Registration.objects.count(), Resident.objects.count()) == (1, 1, 1)


def test_everything_at_once_never_oversells_and_loses_no_place():
    activity = f.ActivityFactory(capacity=4)
    first = [one_of(activity, number)() for number in range(4)]
    waiting = [one_of(activity, number)() for number in range(4, 8)]
    registrations.cancel(party=first[0], now=NOW)
    registrations.cancel(party=first[1], now=NOW)
    lapsing, accepting = (party.registrations.get() for party in waiting[:2])
    assert (lapsing.state, accepting.state) == ("offered", "offered")
    later = NOW + timedelta(hours=1)
    Registration.objects.filter(pk=lapsing.pk).update(offered_until=later)
    results = at_once(
        lambda: registrations.cancel(party=first[2], now=later),
        lambda: registrations.cancel(party=first[2], now=later),
        lambda: queue.expire_offers(now=later),
        lambda: queue.expire_offers(now=later),
        lambda: queue.accept(registration=accepting, now=later),
        lambda: queue.accept(registration=accepting, now=later),
        lambda: queue.accept(registration=lapsing, now=later),
        lambda: queue.fill_waiting(now=later),
        lambda: queue.raise_places(activity=activity, capacity=5, now=later, reason="Vēl viens krēsls."),
        *(one_of(activity, number) for number in range(8, 20)),
    )
    assert [type(error) for error in results if isinstance(error, Exception)] == [Refusal]
    queue.expire_offers(now=later)
    activity.refresh_from_db()
    states = list(activity.registrations.values_list("state", flat=True))
    assert states.count("confirmed") + states.count("offered") == activity.taken == activity.capacity == 5
    assert states.count("queued") == activity.waiting == len(states) - 5 - states.count("cancelled") - 1
    accepting.refresh_from_db()
    lapsing.refresh_from_db()
    assert (accepting.state, lapsing.state, states.count("expired")) == ("confirmed", "expired", 1)
