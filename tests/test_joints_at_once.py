"""Made one with real connections: whatever else happens at that moment, never more than places, nobody lost, nobody twice."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from courses.domain import calling_off, erasing, importing, merging, queue, registrations
from courses.domain.overlaps import joints, judging, publishing, reading, world
from courses.domain.programme import Refused
from courses.domain.refusals import Refusal, Refusals
from courses.domain.registrations import Contact, Person
from courses.models import Activity, JointOffer, Merge, OverlapDecision, Party, Registration
from ecosystem import tasks
from ecosystem.domain import vocabulary
from ecosystem.file_rows import Row
from ecosystem.models import Audience, Department
from tests import factories as f
from tests.factories import NOW, TODAY
from tests.test_concurrency import at_once
from tests.test_joints import World, counters_are_true, registered

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages stay rows: what is looked at here are people and places."""
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)


def registers(activity: Activity, name: str) -> Callable[[], Party]:
    village = f.VillageFactory()
    return lambda: registrations.register(
        activity=activity,
        people=[Person(name, "Ozola", 1950, village=village)],
        contact=Contact(email=f"{name.lower()}@example.lv"),
        now=LATER,
    )


def accepts(shared: World, offer: JointOffer) -> Callable[[], JointOffer]:
    return lambda: joints.answer(offer=offer, accept=True, by=shared.elina, now=LATER)


def faults(results: list[object]) -> list[object]:
    return [r for r in results if isinstance(r, Exception) and not isinstance(r, Refusal | Refusals | Refused)]


def live() -> list[str]:
    rows = Registration.objects.live().select_related("resident").order_by("pk")
    return sorted(row.resident.given_name for row in rows if row.resident)


@pytest.mark.parametrize("press", range(3))
def test_accepted_while_people_register_for_both(press: int) -> None:
    shared = World(capacity=8)
    for number in range(4):
        registered(shared.kept, f"Te{number}", minute=number)
        registered(shared.gone, f"Tur{number}", minute=number)
    offer = shared.offer()
    here = [registers(shared.kept, f"Nu{number}") for number in range(4)]
    there = [registers(shared.gone, f"Tad{number}") for number in range(4)]
    results = at_once(*here, *there[:2], accepts(shared, offer), accepts(shared, offer), *there[2:])
    assert faults(results) == []
    # Whoever was too late for the other has been told so, and nobody else.
    late = [r for r in results if isinstance(r, Refusals)]
    assert {refusal.code for r in late for refusal in r.refusals} <= {"cancelled"}
    assert all(isinstance(r, Party) for r in results[:4])
    expected = 8 + 4 + sum(isinstance(r, Party) for r in results[4:])
    assert (len(live()), len(set(live()))) == (expected, expected)
    assert Registration.objects.live().filter(activity=shared.gone).count() == 0
    assert counters_are_true(shared.kept) and counters_are_true(shared.gone)
    assert (shared.kept.taken, shared.kept.waiting) == (8, expected - 8)
    assert Registration.objects.exclude(activity_id__in=Party.objects.order_by().values("activity")).count() == 0
    # Those with a place in the one that stays keep it.
    kept = set(shared.kept.registrations.holding_places().values_list("resident__given_name", flat=True))
    assert {"Te0", "Te1", "Te2", "Te3"} <= kept
    assert OverlapDecision.objects.count() == 1


def test_the_same_person_registers_for_the_one_while_in_the_other() -> None:
    shared = World()
    registers(shared.gone, "Anna")()
    offer = shared.offer()
    results = at_once(accepts(shared, offer), registers(shared.kept, "Anna"), registers(shared.gone, "Anna"))
    assert faults(results) == []
    assert live() == ["Anna"]
    assert counters_are_true(shared.kept) and counters_are_true(shared.gone)


def test_both_offer_each_other_at_once() -> None:
    shared = World()
    results = at_once(
        lambda: shared.offer(keeps=shared.kept),
        lambda: shared.offer(by=shared.elina, keeps=shared.gone),
        lambda: shared.offer(keeps=shared.kept),
        lambda: shared.offer(by=shared.martins, keeps=shared.gone),
    )
    assert faults(results) == []
    made = [r for r in results if isinstance(r, JointOffer)]
    assert len({offer.pk for offer in made}) == JointOffer.objects.count() == 1
    assert len(made) == 2 and sum(isinstance(r, Refused) for r in results) == 2


@pytest.mark.parametrize("press", range(3))
def test_answered_withdrawn_and_called_off_at_once(press: int) -> None:
    shared = World()
    registered(shared.gone, "Anna")
    offer = shared.offer()
    results = at_once(
        accepts(shared, offer),
        lambda: joints.answer(offer=offer, accept=False, by=shared.martins, now=LATER),
        lambda: joints.withdraw(offer=offer, by=shared.ilze, now=LATER),
        lambda: calling_off.activity(activity=shared.gone, reason="Slimība", by=None, now=LATER),
    )
    assert faults(results) == []
    offer.refresh_from_db(), shared.reload()
    assert (offer.answer == "accepted") is (shared.gone.joined_into == shared.kept)
    assert shared.gone.status == "cancelled"
    assert len(live()) == (1 if offer.answer == "accepted" else 0)
    assert counters_are_true(shared.kept) and counters_are_true(shared.gone)


def test_people_are_joined_erased_offered_and_cancel_meanwhile() -> None:
    shared = World(capacity=3)
    registered(shared.kept, "Pirmā")
    here, there = registered(shared.kept, "Anna"), registered(shared.gone, "Anna", minute=1)
    erased, cancels = registered(shared.gone, "Beāte", minute=2), registered(shared.gone, "Cilda", minute=3)
    registered(shared.gone, "Dace", minute=4, state="queued")
    offer = shared.offer()
    assert here.resident and there.resident and erased.resident

    def join() -> Merge:
        return merging.merge(kept=here.resident, gone=there.resident, by=None, now=LATER)  # type: ignore[arg-type]

    results = at_once(
        accepts(shared, offer),
        join,
        lambda: erasing.erase(resident=erased.resident, by=None, now=LATER),  # type: ignore[arg-type]
        lambda: registrations.cancel(party=cancels.party, now=LATER),
        lambda: queue.fill_waiting(now=LATER),
    )
    assert faults(results) == []
    assert live() == ["Anna", "Dace", "Pirmā"]
    assert counters_are_true(shared.kept) and counters_are_true(shared.gone)


def test_judged_anew_at_the_same_moment_the_decision_is_not_lost() -> None:
    shared = World()
    offer = shared.offer()

    def judge() -> int:
        reading.read(now=LATER)
        keys = [shared.kept.pk, shared.gone.pk]
        return judging.settle(activities=keys, ground=world.ground(on=TODAY), now=LATER)

    results: list[Any] = at_once(judge, accepts(shared, offer), judge)
    assert faults(results) == []
    reading.read(now=LATER)
    shared.reload()
    decision = OverlapDecision.objects.filter(what="joint").first()
    # Where it was judged before, the two do not overlap, and there is nothing to make joint.
    answered = isinstance(results[1], JointOffer)
    assert (decision is not None, shared.overlap.decision) == (answered, decision)
    assert shared.overlap.ended_at is not None


def test_a_file_waits_for_its_turn_before_it_holds_anything() -> None:
    """Otherwise it and whoever makes two activities one would each wait for what the other holds."""
    vocabulary.load(now=NOW)
    ref = f.ActivityFactory(ref="M-9", status="planned", title="Adīšana")
    cells = {"ref": "M-9", "department": "MUZ", "parish": ref.parish.name, "title": "Adīšana", "topic": "crafts"}
    cells |= {"audiences": "everyone", "sessions": "2027-02-04T10:00/12:00", "status": "published"}

    def with_turn() -> str:
        with transaction.atomic():
            judging.take_turns()
            has_turn.set()
            _until_somebody_waits()
            # Not held by the file, which is still waiting.
            return Activity.objects.select_for_update(nowait=True, of=("self",)).get(pk=ref.pk).title

    def with_file() -> importing.Outcome:
        has_turn.wait(timeout=20)
        return importing.import_rows(rows=[Row(2, cells)], columns=list(cells), now=LATER)

    has_turn = threading.Event()
    title, outcome = at_once(with_turn, with_file)
    assert title == "Adīšana"
    assert isinstance(outcome, importing.Outcome) and (outcome.accepted, outcome.refused) == (1, [])
    assert Activity.objects.get(pk=ref.pk).status == "published"


@pytest.mark.parametrize("press", range(3))
def test_of_two_departments_that_publish_the_same_at_one_moment_one_is_told(press: int) -> None:
    """Two drafts of two departments do not see each other: the second to be published must see the first."""
    vocabulary.load(now=NOW)
    said = {"status": "draft", "title": "Viedtālrunis senioriem", "summary": "Zvani, ziņas un attēli tālrunī."}
    seniors = [Audience.objects.get(pk="seniors")]
    drafts = [
        f.ActivityFactory(lead=Department.objects.get(pk=code), audiences=seniors, **said) for code in ("MUZ", "LAB")
    ]
    reading.read(now=LATER)
    results = at_once(*(lambda one=one: publishing.publish(activity=one, now=LATER) for one in drafts))
    assert sorted(type(result).__name__ for result in results) == ["Activity", "Undecided"]
    statuses = Activity.objects.filter(pk__in=[one.pk for one in drafts]).values_list("status", flat=True)
    assert sorted(statuses) == ["planned", "published"]


def _until_somebody_waits() -> None:
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits for a turn")
