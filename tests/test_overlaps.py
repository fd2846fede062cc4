"""Which pairs overlap, as rows: found, kept, ended, found again; what a decision rests on; the gate before publishing."""

from datetime import timedelta
from typing import Any

import pytest

from courses.domain import programme
from courses.domain.overlaps import footprints, judging, publishing, reading, world
from courses.models import Activity, Footprint, Overlap, OverlapDecision, Unjudged
from ecosystem import history
from ecosystem.models import Audience, Journal, RuleSet
from ecosystem.overlap import rules
from tests.factories import (
    NOW,
    TODAY,
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
)

pytestmark = pytest.mark.django_db


def smartphones(department: str = "MUZ", **said: Any) -> Activity:
    """A smartphone course for seniors in Eleja; two of them by two departments are a duplicate."""
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem", age_min=55)
    lead = DepartmentFactory(code=department, name=department)
    said = {"title": "Viedtālrunis senioriem", "summary": "", "audiences": [seniors], "capacity": None, **said}
    return ActivityFactory(lead=lead, **said)


def settle(*activities: Activity, now: Any = NOW) -> int:
    return judging.settle(activities=[one.pk for one in activities], ground=world.ground(on=TODAY), now=now)


def decide(overlap: Overlap) -> OverlapDecision:
    decision = OverlapDecision.objects.create(
        overlap=overlap,
        what="ahead",
        words="Divas grupas, jo vienā visiem nepietiek vietas.",
        department_id="MUZ",
        at=NOW,
        basis=overlap.basis,
        kind=overlap.kind,
        reasons=overlap.reasons,
        version=overlap.version,
    )
    Overlap.objects.filter(pk=overlap.pk).update(decision=decision)
    return decision


def test_two_departments_with_the_same_people_place_weeks_and_thing() -> None:
    one, other = smartphones("MUZ"), smartphones("JAU", title="Kā lietot viedtālruni")
    assert settle(one, other) == 1
    overlap = Overlap.objects.get()
    assert (overlap.first, overlap.second, overlap.kind, overlap.is_own, overlap.version) == (
        one,
        other,
        "duplicate",
        False,
        1,
    )
    assert [reason["rule"] for reason in overlap.reasons] == ["people", "place", "time", "topic"]
    assert overlap.reasons[0] == {
        "rule": "people",
        "lv": "Abas paredzētas senioriem.",
        "en": overlap.reasons[0]["en"],
    }
    assert (overlap.found_at, overlap.ended_at, overlap.decision, overlap.is_open) == (NOW, None, None, True)
    # The same once more writes nothing.
    before = list(Overlap.objects.values())
    assert settle(one, other, now=NOW + timedelta(hours=1)) == 1
    assert list(Overlap.objects.values()) == before


def test_a_pair_that_overlaps_no_more_keeps_its_row_and_goes_on_when_found_again() -> None:
    one, other = smartphones("MUZ"), smartphones("JAU")
    settle(one, other)
    later = NOW + timedelta(days=1)
    Activity.objects.filter(pk=other.pk).update(status="draft", published_at=None)
    Activity.objects.filter(pk=other.pk).update(title="Sapņu tulki", title_lv="Sapņu tulki")
    assert settle(other, now=later) == 1  # The clash of the hours is there still.
    assert Overlap.objects.get().kind == "clash"
    other.sessions.all().delete()
    Activity.objects.filter(pk=other.pk).update(starts_at=None, ends_at=None, session_count=0)
    assert settle(other, now=later) == 0
    assert (Overlap.objects.get().ended_at, Unjudged.objects.get().missing) == (later, ["sessions"])
    assert list(Footprint.objects.values_list("activity", flat=True)) == [one.pk]


def test_an_open_door_on_many_days_is_in_nobody_s_way_and_one_evening_is() -> None:
    course = smartphones("MUZ")
    every_day = [(f"2027-02-{day:02d} 09:00", f"2027-02-{day:02d} 13:00") for day in range(1, 27)]
    door = smartphones("LAB", title="Atvērtās telpas", is_drop_in=True, sessions=every_day)
    evening = smartphones("JAU", title="Zupas vakars", is_drop_in=True, sessions=every_day[3:4])
    settle(course, door, evening)
    assert {(one.first_id, one.second_id, one.kind) for one in Overlap.objects.all()} == {
        (course.pk, evening.pk, "clash")
    }
    # From now on people register: the hours are in the way.
    Activity.objects.filter(pk=door.pk).update(is_drop_in=False)
    assert reading.read(now=NOW) == 3
    assert {(one.first_id, one.second_id) for one in Overlap.objects.standing().filter(kind="clash")} == {
        (course.pk, evening.pk),
        (course.pk, door.pk),
        (door.pk, evening.pk),
    }


def test_a_decision_stands_as_long_as_what_it_rested_on() -> None:
    one, other = smartphones("MUZ"), smartphones("JAU")
    settle(one, other)
    decision = decide(Overlap.objects.get())
    # A word more in the summary is no other question.
    Activity.objects.filter(pk=other.pk).update(capacity=30)
    settle(other)
    assert Overlap.objects.get().decision == decision
    # Nor is the audience under another name, though the reasons say it.
    Audience.objects.update(dative_lv="Vecākajai paaudzei")
    settle(other)
    overlap = Overlap.objects.get()
    assert (overlap.decision, overlap.reasons[0]["lv"]) == (decision, "Abas paredzētas vecākajai paaudzei.")
    # It moves away and comes back: what was decided stands.
    Activity.objects.filter(pk=other.pk).update(status="cancelled", cancelled_at=NOW)
    settle(other, now=NOW + timedelta(days=1))
    overlap = Overlap.objects.get()
    assert (overlap.ended_at, overlap.decision) == (NOW + timedelta(days=1), decision)
    Activity.objects.filter(pk=other.pk).update(status="published", cancelled_at=None)
    settle(other, now=NOW + timedelta(days=2))
    overlap = Overlap.objects.get()
    assert (overlap.ended_at, overlap.decision, overlap.found_at) == (None, decision, NOW + timedelta(days=2))
    # In another parish it is another question.
    parish = ParishFactory(code="0540298", name="Vilces pagasts", lat=56.45, lon=23.6, locative="Vilces pagastā")
    Activity.objects.filter(pk=other.pk).update(parish=parish, centre=None)
    settle(other, now=NOW + timedelta(days=3))
    overlap = Overlap.objects.get()
    decision.refresh_from_db()
    assert (overlap.is_open, overlap.kind, decision.ended_at) == (True, "duplicate", NOW + timedelta(days=3))


def test_a_decision_marked_in_an_older_way_stands_and_is_marked_anew() -> None:
    one, other = smartphones("MUZ"), smartphones("JAU")
    settle(one, other)
    decision = decide(Overlap.objects.get())
    OverlapDecision.objects.update(basis="")
    Overlap.objects.update(basis="a" * 32)
    settle(other)
    overlap = Overlap.objects.get()
    decision.refresh_from_db()
    assert (overlap.decision, decision.basis, decision.ended_at) == (decision, overlap.basis, None)
    assert overlap.basis not in ("", "a" * 32)


def test_a_draft_meets_its_own_department_and_what_others_plan_never_their_drafts() -> None:
    planned, draft = smartphones("MUZ", status="planned"), smartphones("JAU", status="draft")
    foreign, own = smartphones("LAB", status="draft"), smartphones("JAU", status="draft")
    settle(planned, draft, foreign, own)
    pairs = {(o.first_id, o.second_id): o.is_own for o in Overlap.objects.all()}
    assert pairs == {
        (planned.pk, draft.pk): False,
        (planned.pk, foreign.pk): False,
        (planned.pk, own.pk): False,
        (draft.pk, own.pk): True,
    }
    # Whoever changes the plan of all judges it with everybody's drafts, and loses none of them.
    settle(planned, now=NOW + timedelta(days=1))
    assert Overlap.objects.standing().count() == 4


def test_what_is_over_or_cannot_be_judged_has_no_footprint() -> None:
    over = smartphones("MUZ", first=NOW - timedelta(weeks=9))
    nameless = smartphones("JAU", audiences=[], status="draft")
    good = smartphones("LAB")
    settle(over, nameless, good)
    assert list(Footprint.objects.values_list("activity", flat=True)) == [good.pk]
    assert list(Unjudged.objects.values_list("activity", "missing")) == [(nameless.pk, ["audiences"])]
    assert footprints.lapse(today=good.ends_at.date() + timedelta(days=1)) == 1


def test_every_edit_reaches_the_judging_by_the_journal() -> None:
    one, other = smartphones("MUZ"), smartphones("JAU")
    assert reading.read(now=NOW) == 2
    assert Overlap.objects.open().count() == 1
    assert reading.read(now=NOW) == 0
    programme.call_off(activity=other, reason="Nav pasniedzēja", now=NOW + timedelta(hours=1))
    told = Journal.objects.unread(Journal.ACTIVITY_CHANGED)
    assert {entry.payload["activity"] for entry in told} == {other.pk}
    assert reading.read(now=NOW + timedelta(hours=2)) == 1
    assert Overlap.objects.get().ended_at == NOW + timedelta(hours=2)
    # Whatever does not go through a function of the programme is told as well.
    one.audiences.set([AudienceFactory(code="children", age_min=7, age_max=12)])
    with history.change():
        one.sessions.first().delete()
    told = Journal.objects.unread(Journal.ACTIVITY_CHANGED)
    assert {entry.payload["activity"] for entry in told} == {one.pk}


def test_registering_is_no_news_for_the_rules() -> None:
    one = smartphones("MUZ")
    reading.read(now=NOW)
    Activity.objects.filter(pk=one.pk).update(taken=3, changed_at=NOW + timedelta(minutes=1))
    assert reading.read(now=NOW) == 0


def test_publishing_waits_for_a_decision_and_what_was_found_stays_found() -> None:
    smartphones("MUZ")
    other = smartphones("JAU", status="planned")
    with pytest.raises(publishing.Undecided) as refused:
        publishing.publish(activity=other, now=NOW)
    overlap = Overlap.objects.get()
    assert refused.value.overlaps == [overlap]
    other.refresh_from_db()
    assert other.status == "planned"
    decide(overlap)
    assert publishing.publish(activity=other, now=NOW).status == "published"


@pytest.mark.parametrize("between", ["own", "clash", "draft"])
def test_what_stands_in_nobody_s_way(between: str) -> None:
    smartphones("JAU" if between == "own" else "MUZ", status="draft" if between == "draft" else "published")
    title = "Soļojam kopā" if between == "clash" else "Viedtālrunis senioriem"
    other = smartphones("JAU", status="planned", title=title)
    assert publishing.publish(activity=other, now=NOW).status == "published"
    overlap = Overlap.objects.get()
    assert (overlap.is_own, overlap.kind) == (between == "own", "clash" if between == "clash" else "duplicate")


def test_one_look_asks_the_same_for_one_and_for_three(query_count: Any) -> None:
    mine = smartphones("MUZ")
    ground = world.ground(on=TODAY)
    (profile,) = footprints.keep(activities=[mine.pk], ground=ground, now=NOW)
    for count in (1, 3):
        while Footprint.objects.count() <= count:
            footprints.keep(activities=[smartphones("JAU").pk], ground=ground, now=NOW)
        with query_count(2):
            assert len(judging.find(profile=profile, ground=ground, departments=[])) == count


def test_the_rules_in_force_are_the_last_agreed_that_have_begun() -> None:
    assert world.in_force(on=TODAY) == rules.DEFAULTS
    said = {"thresholds": {"near_km": 9, "near_km_travels_less": 5}, "proposed_at": NOW}
    RuleSet.objects.create(version=2, in_force_from=TODAY, agreed_at=NOW, **said)
    RuleSet.objects.create(version=3, in_force_from=TODAY + timedelta(days=30), agreed_at=NOW, **said)
    RuleSet.objects.create(version=4, in_force_from=TODAY, **said)
    found = world.in_force(on=TODAY)
    assert (found.version, found.near_km, found.days_apart) == (2, 9, rules.DEFAULTS.days_apart)
    assert world.in_force(on=TODAY + timedelta(days=30)).version == 3


def test_near_and_far_by_the_squares_of_the_territory() -> None:
    """Over the edge of a square is near; another end of the country is not; what is online is near everybody."""
    here = smartphones("MUZ", centre=CentreFactory(lat=56.549, lon=23.749))
    parish = ParishFactory(code="0540208", name="Sesavas pagasts", lat=56.551, lon=23.751)
    over = smartphones("JAU", parish=parish, centre=None)
    far = ParishFactory(code="0321400", name="Alūksne", lat=57.42, lon=27.05)
    smartphones("LAB", parish=far, centre=None)
    online = smartphones("LAB", parish=far, centre=None, format="online")
    settle(*Activity.objects.order_by("pk"))
    pairs = {(o.first_id, o.second_id) for o in Overlap.objects.all() if not o.is_own}
    assert pairs == {(here.pk, over.pk), (here.pk, online.pk), (over.pk, online.pk)}
