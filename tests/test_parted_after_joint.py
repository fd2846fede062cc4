"""Two entries were joined, then two activities were made one, then the joining was undone: each of the two has what is theirs.

Anna and Ance are two people whom somebody took for one.
"""

from datetime import timedelta

import pytest
from django.test import Client

from courses.domain import merging, parties, unmerging
from courses.models import Activity, Merge, Registration
from residents.models import Resident
from tests.factories import NOW, PartyFactory
from tests.test_joints import World, counters_are_true, registered, roll, somebody, waiting

UNDONE = NOW + timedelta(hours=2)


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def anna(db: None) -> Resident:
    return somebody("Anna")


@pytest.fixture
def ance(db: None) -> Resident:
    return somebody("Ance")


def joined(anna: Resident, ance: Resident) -> Merge:
    kept, gone = (Resident.objects.select_related("household").get(pk=one.pk) for one in (anna, ance))
    return merging.merge(kept=kept, gone=gone, by=None, now=NOW)


def parted(merge: Merge) -> list[tuple[str, bool]]:
    """What the page says will come back, and whether whole; then it is undone."""
    merge = Merge.objects.get(pk=merge.pk)
    told = unmerging.outlook(merged=merge, now=UNDONE).returns
    unmerging.unmerge(merged=merge, by=None, now=UNDONE)
    return [(one.state, one.is_whole) for one in told]


@pytest.mark.parametrize("anna_stays", [True, False])
def test_who_was_in_both_activities_is_in_the_one_that_is_held_as_two(
    world: World, anna: Resident, ance: Resident, anna_stays: bool
) -> None:
    here, there = (anna, ance) if anna_stays else (ance, anna)
    registered(world.kept, here)
    registered(world.gone, there)
    merge = joined(anna, ance)
    world.accept()
    assert len(roll(world.kept)) == 1
    assert parted(merge) == [("confirmed", True)]
    assert roll(world.kept) == {"Anna": "confirmed", "Ance": "confirmed"}
    assert counters_are_true(world.kept) and counters_are_true(world.gone)


def test_who_was_twice_in_the_one_that_is_held_no_more_goes_over_with_all_others(
    world: World, anna: Resident, ance: Resident
) -> None:
    registered(world.gone, anna)
    with_a_friend = PartyFactory(activity=world.gone, email="ance@example.lv")
    registered(world.gone, ance, minute=1, party=with_a_friend)
    given_up = registered(world.gone, "Biruta", minute=1, party=with_a_friend)
    parties.cancel(party=with_a_friend, registrations=[given_up], now=NOW - timedelta(minutes=5))
    merge = joined(anna, ance)
    world.accept()
    assert parted(merge) == [("confirmed", True)]
    assert roll(world.kept) == {"Anna": "confirmed", "Ance": "confirmed"}
    assert not Registration.objects.filter(activity=world.gone).exists()
    assert counters_are_true(world.kept) and counters_are_true(world.gone)


def test_where_no_place_is_left_they_come_first_in_the_queue(world: World, anna: Resident, ance: Resident) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=1)
    registered(world.kept, anna)
    registered(world.gone, ance, minute=1)
    merge = joined(anna, ance)
    world.accept()
    registered(world.kept, "Cilda", minute=9, state="queued")
    assert parted(merge) == [("queued", False)]
    assert waiting(world.kept) == ["Ance", "Cilda"]
    assert counters_are_true(world.kept)


def test_what_the_one_person_has_given_up_both_have(world: World, anna: Resident, ance: Resident) -> None:
    stands = registered(world.kept, anna)
    registered(world.gone, ance)
    merge = joined(anna, ance)
    world.accept()
    parties.cancel(party=stands.party, now=UNDONE)
    assert parted(merge) == []
    assert roll(world.kept) == {}
    assert counters_are_true(world.kept)


def test_the_page_says_beforehand_where_they_will_be(
    world: World, anna: Resident, ance: Resident, client: Client
) -> None:
    registered(world.gone, anna)
    registered(world.gone, ance, minute=1)
    merge = joined(anna, ance)
    world.accept()
    client.force_login(world.arta)
    page = client.get(f"/darbs/dubultnieki/apvienoti/{merge.pk}/")
    assert (page.status_code, page.context["returns"]) == (
        200,
        [{"title": "Viedtālrunis senioriem", "sentence": "Atkal «Apstiprināts»."}],
    )
