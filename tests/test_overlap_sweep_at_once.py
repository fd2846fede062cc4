"""Sweeps with real connections: two at once, or one while people plan, say what one after another would say."""

from datetime import timedelta

import pytest

from courses.domain.overlaps import judging, parts, sweeping, world
from courses.models import Activity, Footprint, Overlap
from ecosystem.domain import vocabulary
from tests.factories import NOW, TODAY
from tests.overlap.test_sweep import told
from tests.test_concurrency import at_once
from tests.test_overlap_sweep import by_brute_force, crowded, kept
from tests.test_overlaps import smartphones

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def territory() -> None:
    """The municipality's own parishes, departments, audiences and topics."""
    vocabulary.load(now=NOW)


def test_three_sweeps_at_once_write_what_one_writes() -> None:
    crowded(21, many=60)
    results = at_once(*[lambda many=many: sweeping.sweep_all(now=NOW, many=many) for many in (5, 5, 8000)])
    assert [result for result in results if isinstance(result, Exception)] == []
    assert kept() == told(by_brute_force()) != []
    assert Overlap.objects.count() == len(kept())


def test_parts_made_in_any_order_and_twice_write_what_one_sweep_writes() -> None:
    crowded(22, many=60)
    cut = list(parts.plan(many=8))
    jobs = [
        lambda some=some: [sweeping.sweep_part(part=part, now=NOW) for part in some]
        for some in (cut[::2], cut[::-1], cut[1::2])
    ]
    results = at_once(*jobs)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert kept() == told(by_brute_force()) != []


@pytest.mark.parametrize("press", range(3))
def test_a_sweep_while_people_plan_leaves_their_changes_to_the_news(press: int) -> None:
    some = [smartphones("MUZ"), smartphones("JAU"), smartphones("LAB"), smartphones("JAU"), smartphones("MUZ")]
    judging.settle(activities=[one.pk for one in some], ground=world.ground(on=TODAY), now=NOW)
    before = len(kept())
    changed = some[press : press + 2]

    def replan() -> None:
        for number, one in enumerate(changed):
            Activity.objects.filter(pk=one.pk).update(title=f"Citas {number}", title_lv=("Keramika", "Adīšana")[number])
            judging.settle(activities=[one.pk], ground=world.ground(on=TODAY), now=LATER)

    results = at_once(replan, lambda: sweeping.sweep_all(now=LATER, many=1), lambda: sweeping.sweep_all(now=LATER))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert kept() == told(by_brute_force())
    assert before and Footprint.objects.count() == len(some)
    rows = list(Overlap.objects.order_by("pk").values())
    assert sweeping.sweep_all(now=LATER).written == 0
    assert list(Overlap.objects.order_by("pk").values()) == rows
