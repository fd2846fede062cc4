"""Made joint: offered, answered, and those who registered carried over by when they asked.

Eleja's lifelong learning (MUZ) has a full-grown course; youth affairs (JAU) plans the same. Each has a coordinator there,
youth affairs a head too; welfare (LAB) is a stranger.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F

from coordinators.domain.access import Reach, reach
from courses.domain import invitations, programme
from courses.domain.overlaps import carrying, decisions, joints
from courses.models import Activity, Decision, JointOffer, Overlap, OverlapDecision, PartnerRequest, Registration
from ecosystem import history
from ecosystem.dates import NBSP
from ecosystem.models import Message, User
from residents.models import Resident
from tests.factories import (
    NOW,
    ActivityFactory,
    AttendanceFactory,
    AudienceFactory,
    DepartmentFactory,
    HouseholdFactory,
    OverlapFactory,
    ParishFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
)

LATER = NOW + timedelta(hours=1)


def person(name: str, **post: Any) -> User:
    """Somebody who holds this post."""
    holder = UserFactory(email=f"{name.lower()}@example.lv", name=name)
    PostFactory(holder=holder, **post)
    return holder


class World:
    """The departments, their people and two activities that overlap."""

    def __init__(self, **said: Any) -> None:
        self.muz = DepartmentFactory()
        self.jau = DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")
        self.lab = DepartmentFactory(code="LAB", name="Labklājības pārvalde")
        vilce = ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")
        self.ilze = person("Ilze")
        self.martins = person("Mārtiņš", kind="head", department=self.jau, parishes=[])
        self.elina = person("Elīna", department=self.jau)
        self.far = person("Toms", department=self.jau, parishes=[vilce])
        self.stranger = person("Daina", kind="head", department=self.lab, parishes=[])
        self.arta = person("Arta", kind="administrator", parishes=[])
        self.kept: Activity = ActivityFactory(title="Viedtālrunis senioriem", **said)
        self.gone: Activity = ActivityFactory(
            title="Telefons no nulles", lead=self.jau, first=NOW + timedelta(days=40), weeks=3
        )
        self.overlap: Overlap = OverlapFactory(one=self.kept, other=self.gone)

    now = NOW

    def reach(self, user: User) -> Reach:
        return reach(user, on=self.now.date())

    def offer(self, *, by: User | None = None, keeps: Activity | None = None, **said: Any) -> JointOffer:
        by = by or self.ilze
        offering = said.pop("offering", self.kept if by in (self.ilze, self.arta) else self.gone)
        return joints.offer(
            overlap=self.overlap,
            offering=offering,
            keeps=keeps or self.kept,
            reach=self.reach(by),
            now=self.now,
            **said,
        )

    def accept(self, offer: JointOffer | None = None, **said: Any) -> JointOffer:
        return joints.answer(
            offer=offer or self.offer(), accept=True, by=self.elina, now=self.now + timedelta(hours=1), **said
        )

    def reload(self) -> None:
        self.kept.refresh_from_db()
        self.gone.refresh_from_db()
        self.overlap.refresh_from_db()


@pytest.fixture
def world(db: None) -> World:
    return World()


def somebody(name: str) -> Resident:
    home = HouseholdFactory(email=f"{name.lower()}@example.lv")
    return ResidentFactory(household=home, given_name=name)


def registered(
    activity: Activity, who: str | Resident | None, *, minute: int = 0, state: str = "confirmed", party: Any = None
) -> Registration:
    """Somebody who asked so many minutes after nine; the counters of the activity say so."""
    resident = somebody(who) if isinstance(who, str) else who
    at = NOW - timedelta(days=1) + timedelta(minutes=minute)
    email = resident.household.email if resident else "grupa@example.lv"
    made = RegistrationFactory(
        party=party or PartyFactory(activity=activity, email=email),
        resident=resident,
        state=state,
        registered_at=at,
        queued_at=at if state == "queued" else None,
    )
    held, waits = int(state in ("confirmed", "offered")), int(state == "queued")
    Activity.objects.filter(pk=activity.pk).update(taken=F("taken") + held, waiting=F("waiting") + waits)
    activity.refresh_from_db()
    return made


def roll(activity: Activity) -> dict[str, str]:
    """Who stands how on the list."""
    rows = activity.registrations.live().select_related("resident").order_by("pk")
    return {row.resident.given_name if row.resident else "–": row.state for row in rows}


def waiting(activity: Activity) -> list[str]:
    return [row.resident.given_name for row in activity.registrations.queue().select_related("resident")]


def letters(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def counters_are_true(activity: Activity) -> bool:
    activity.refresh_from_db()
    rows = activity.registrations
    return (activity.taken, activity.waiting) == (rows.holding_places().count(), rows.queue().count())


# Offering and answering.


def test_the_other_department_is_asked_and_nothing_happens_yet(world: World) -> None:
    offer = world.offer(note="Kopā būs lētāk.")
    again = world.offer(note="Vēlreiz")
    assert (offer.pk, offer.is_open, again.note) == (again.pk, True, "Kopā būs lētāk.")
    assert (offer.offered_by, offer.offered_to, offer.keeps) == (world.muz, world.jau, world.kept)
    assert letters("joint_offered") == ["elīna@example.lv", "mārtiņš@example.lv"]
    letter = Message.objects.filter(kind="joint_offered").order_by("pk")[0]
    for said in ("Ilze", "«Kopā būs lētāk.»", f"/darbs/parklasanas/{world.overlap.pk}/"):
        assert said in letter.text
    world.reload()
    assert (world.gone.status, world.overlap.is_open) == ("published", True)


def test_accepted_one_is_held_by_both_and_the_other_leads_on(world: World) -> None:
    welfare = DepartmentFactory(code="LAB", name="Labklājības pārvalde")
    world.gone.partners.add(welfare)
    other = OverlapFactory(one=world.gone, other=ActivityFactory(title="Cits", lead=welfare))
    offer = world.accept()
    world.reload()
    assert (offer.answer, offer.answered_by) == ("accepted", world.elina)
    assert sorted(world.kept.partners.values_list("pk", flat=True)) == ["JAU", "LAB"]
    requests = PartnerRequest.objects.filter(activity=world.kept).order_by("department")
    assert [(one.department_id, one.answer, one.asked_by, one.answered_by) for one in requests] == [
        ("JAU", "accepted", world.ilze, world.elina),
        ("LAB", "accepted", world.ilze, world.elina),
    ]
    assert (world.gone.status, world.gone.joined_into, world.gone.cancelled_at) == ("cancelled", world.kept, LATER)
    assert world.gone.sessions.live().count() == 0
    assert (world.kept.status, world.kept.session_count) == ("published", 4)
    decision = OverlapDecision.objects.get()
    assert (decision.what, decision.department, decision.by, world.overlap.decision) == (
        "joint",
        world.muz,
        world.elina,
        decision,
    )
    assert world.overlap.ended_at == LATER
    other.refresh_from_db()
    assert other.ended_at == LATER
    assert letters("joint_answered") == ["ilze@example.lv"]
    assert letters("joint_made") == ["daina@example.lv"]


@pytest.mark.parametrize(("there", "was_there"), [(False, False), (True, False), (False, True)])
def test_what_is_in_the_news_goes_on_there_unless_it_is_in_them(world: World, there: bool, was_there: bool) -> None:
    for activity in (world.gone, world.kept) if there or was_there else (world.gone,):
        invitations.put_up(activity=activity, sentences={"lv": f"Nāciet, {activity.pk}!"}, by=None, now=NOW)
    if was_there:
        invitations.take_down(activity=world.kept, now=NOW)
    joints.answer(offer=world.offer(), accept=True, by=world.elina, now=NOW)
    standing = invitations.of(world.kept)
    assert standing is not None
    assert standing.sentence_lv == f"Nāciet, {world.kept.pk if there else world.gone.pk}!"


def test_the_trail_says_by_whom_and_into_what(world: World) -> None:
    world.accept()
    row = history.rows_of(Activity).filter(id=world.gone.pk)[0]
    assert (row.status, row.joined_into_id, row.history_user, row.history_date) == (
        "cancelled",
        world.kept.pk,
        world.elina,
        LATER,
    )


def test_accepting_twice_is_once(world: World) -> None:
    offer = world.offer()
    world.accept(offer), world.accept(offer)
    assert (OverlapDecision.objects.count(), Decision.objects.filter(what="joined").count()) == (1, 2)


def test_those_carried_have_places_as_long_as_there_are_then_turns(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=3)
    registered(world.kept, "Anna", minute=5)
    registered(world.kept, "Beāte", minute=6)
    registered(world.gone, "Cilda", minute=3)
    registered(world.gone, "Dace", minute=1)
    registered(world.gone, "Emma", minute=2, state="queued")
    registered(world.gone, "Fanija", minute=0, state="awaiting_approval")
    world.accept()
    assert roll(world.kept) == {
        "Anna": "confirmed",
        "Beāte": "confirmed",
        "Cilda": "queued",
        "Dace": "confirmed",
        "Emma": "queued",
        "Fanija": "awaiting_approval",
    }
    assert waiting(world.kept) == ["Emma", "Cilda"]
    assert counters_are_true(world.kept) and counters_are_true(world.gone)
    assert roll(world.gone) == {}


def test_who_waited_is_offered_what_is_free_in_the_order_of_both_queues(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=3)
    registered(world.kept, "Anna", minute=9)
    registered(world.gone, "Cilda", minute=8)
    emma = registered(world.gone, "Emma", minute=1, state="queued")
    registered(world.gone, "Gita", minute=2, state="queued")
    world.accept()
    assert roll(world.kept) == {"Anna": "confirmed", "Cilda": "queued", "Emma": "offered", "Gita": "offered"}
    emma.refresh_from_db()
    assert (emma.offered_at, emma.offered_until) == (LATER, LATER + timedelta(hours=48))
    assert letters("offer") == ["emma@example.lv", "gita@example.lv"]
    # One message each: the offer says the news too.
    text = Message.objects.get(to="emma@example.lv").text
    assert "«Telefons no nulles» un «Viedtālrunis senioriem»" in text
    assert counters_are_true(world.kept)


def test_a_person_in_both_is_there_once_by_the_earlier_and_the_better(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=2)
    both, early, waits = somebody("Anna"), somebody("Beāte"), somebody("Cilda")
    registered(world.kept, both, minute=9)
    stands = registered(world.kept, waits, minute=8, state="queued")
    ends = registered(world.gone, waits, minute=1)
    registered(world.gone, both, minute=2, state="queued")
    registered(world.gone, early, minute=0)
    # Cilda has a place there and would wait: the page says so beforehand.
    plan = joints.outlook(overlap=world.overlap, keeps=world.kept, now=NOW).plan
    assert (plan.count("confirmed"), plan.waits_longer, plan.goes_on_waiting, len(plan.folds)) == (1, 1, 0, 2)
    world.accept()
    assert roll(world.kept) == {"Anna": "confirmed", "Beāte": "confirmed", "Cilda": "queued"}
    stands.refresh_from_db(), ends.refresh_from_db()
    assert (ends.state, ends.folded_into, ends.activity, ends.party.activity) == (
        "cancelled",
        stands,
        world.kept,
        world.kept,
    )
    # Of two moments the earlier: who came to the other first stands before.
    assert stands.registered_at == stands.queued_at == NOW - timedelta(days=1) + timedelta(minutes=1)
    assert counters_are_true(world.kept) and counters_are_true(world.gone)


def test_who_has_a_place_there_and_waits_here_comes_by_the_earlier_moment(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=1)
    anna = somebody("Anna")
    registered(world.kept, anna, minute=5, state="queued")
    registered(world.gone, anna, minute=1)
    registered(world.gone, "Beāte", minute=3)
    world.accept()
    assert roll(world.kept) == {"Anna": "confirmed", "Beāte": "queued"}
    assert counters_are_true(world.kept)


def test_who_is_offered_a_place_here_and_has_one_there_has_said_yes(world: World) -> None:
    anna = somebody("Anna")
    stands = registered(world.kept, anna, minute=5, state="offered")
    registered(world.gone, anna, minute=6)
    world.accept()
    stands.refresh_from_db()
    assert (stands.state, stands.offered_until, roll(world.kept)) == ("confirmed", None, {"Anna": "confirmed"})
    assert counters_are_true(world.kept)


def test_all_or_none_goes_whole_and_others_pass_it(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=2)
    family = PartyFactory(activity=world.gone, email="gimene@example.lv", all_or_none=True)
    for minute, name in enumerate(("Tēvs", "Māte", "Bērns")):
        registered(world.gone, name, minute=minute, party=family)
    registered(world.gone, "Viens", minute=9)
    world.accept()
    assert roll(world.kept) == {"Tēvs": "queued", "Māte": "queued", "Bērns": "queued", "Viens": "confirmed"}
    assert letters("carried_over") == ["gimene@example.lv", "viens@example.lv"]


def test_without_a_limit_everybody_comes(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=None)
    registered(world.gone, "Anna")
    registered(world.gone, None, minute=1)
    registered(world.gone, "Emma", minute=2, state="queued")
    world.accept()
    assert roll(world.kept) == {"Anna": "confirmed", "–": "confirmed", "Emma": "offered"}


def test_what_was_decided_and_the_group_s_name_go_along(world: World) -> None:
    row = registered(world.gone, None)
    Decision.objects.create(activity=world.gone, registration=row, what="group", reason="Pensionāri", at=NOW)
    Decision.objects.create(activity=world.gone, what="message", reason="Sveiki", at=NOW)
    world.accept()
    assert list(Decision.objects.filter(activity=world.kept).order_by("at", "what").values_list("what", flat=True)) == [
        "group",
        "joined",
    ]
    assert Decision.objects.get(activity=world.gone, what="joined").reason == "«Viedtālrunis senioriem»"


def test_those_who_will_not_come_go_along_with_those_they_registered_with(world: World) -> None:
    party = PartyFactory(activity=world.gone)
    registered(world.gone, "Anna", party=party)
    will_not = RegistrationFactory(party=party, resident=somebody("Beāte"), state="cancelled")
    alone = RegistrationFactory(party=PartyFactory(activity=world.gone), resident=somebody("Cilda"), state="cancelled")
    world.accept()
    will_not.refresh_from_db(), alone.refresh_from_db()
    assert (will_not.activity, alone.activity) == (world.kept, world.gone)


def test_that_they_come_was_said_of_another_time(world: World) -> None:
    here, there = registered(world.kept, "Anna"), registered(world.gone, "Beāte")
    for row in (here, there):
        Registration.objects.filter(pk=row.pk).update(attendance_asked_at=NOW, attendance_confirmed_at=NOW)
    world.accept()
    here.refresh_from_db(), there.refresh_from_db()
    assert (here.attendance_confirmed_at, there.attendance_asked_at, there.attendance_confirmed_at) == (NOW, None, None)


# Who is told what.


def test_everybody_is_told_once_in_their_language(world: World) -> None:
    registered(world.kept, "Anna")
    registered(world.gone, "Beāte")
    english = PartyFactory(activity=world.gone, email="tom@example.com", language="en")
    registered(world.gone, "Tom", party=english)
    world.accept()
    assert letters("made_joint") == ["anna@example.lv"]
    assert letters("carried_over") == ["beāte@example.lv", "tom@example.com"]
    told = Message.objects.filter(reference__startswith="party:")
    assert told.count() == 3
    letter = Message.objects.get(to="tom@example.com")
    assert letter.subject == "Your registration goes along to a joint activity: Viedtālrunis senioriem"
    assert letter.text.startswith("Two activities are now one, and your registration goes along.")
    # The time and the place that hold from now on, and the file for the calendar.
    assert "Thursday, 4 February" in letter.text.replace(NBSP, " ") and letter.calendar


def test_by_one_contact_for_two_lists_one_message(world: World) -> None:
    anna = somebody("Anna")
    registered(world.kept, anna), registered(world.gone, anna, minute=1)
    world.accept()
    assert (letters("made_joint"), letters("carried_over")) == (["anna@example.lv"], [])


def test_who_was_registered_by_somebody_else_in_the_other_hears_of_it(world: World) -> None:
    anna = somebody("Anna")
    registered(world.kept, anna)
    daughter = PartyFactory(activity=world.gone, email="meita@example.lv")
    registered(world.gone, anna, minute=1, party=daughter)
    world.accept()
    assert letters("carried_over") == ["meita@example.lv"]
    assert "Anna Bērziņa" in Message.objects.get(to="meita@example.lv").text


def test_the_queue_is_told_its_new_numbers(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=1)
    registered(world.kept, "Anna")
    registered(world.kept, "Beāte", minute=5, state="queued")
    registered(world.gone, "Cilda", minute=2)
    world.accept()
    assert "Jūs rindā esat 2." in Message.objects.get(to="beāte@example.lv").text
    assert "Jūs rindā esat 1." in Message.objects.get(to="cilda@example.lv").text


def test_who_had_a_place_and_waits_is_told_that_first(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=2)
    anna = somebody("Anna")
    registered(world.kept, "Beāte", minute=0), registered(world.kept, anna, minute=6, state="queued")
    registered(world.gone, anna, minute=5)
    registered(world.gone, "Cilda", minute=4)
    family = PartyFactory(activity=world.gone, email="family@example.com", language="en")
    registered(world.gone, "Dora", minute=2, party=family), registered(world.gone, "Ella", minute=3, party=family)
    world.accept()
    assert roll(world.kept) == {
        "Beāte": "confirmed", "Anna": "queued", "Cilda": "queued", "Dora": "confirmed", "Ella": "queued",
    }  # fmt: skip
    told = {letter.to: letter for letter in Message.objects.filter(reference__startswith="party:")}
    for to, subject, fact in (
        (
            "anna@example.lv",
            "Apvienotajā aktivitātē esat rindā",
            "Divas aktivitātes ir apvienotas. Vietu visiem nepietiek,",
        ),
        (
            "cilda@example.lv",
            "Apvienotajā aktivitātē esat rindā",
            "Divas aktivitātes ir apvienotas. Vietu visiem nepietiek,",
        ),
        (
            "family@example.com",
            "Not all of you have a place in a joint activity",
            "Two activities are now one. There are not",
        ),
        ("beāte@example.lv", "Tagad kopīga aktivitāte", "Jūsu aktivitātei pievienota vēl viena."),
    ):
        assert told[to].subject == f"{subject}: Viedtālrunis senioriem"
        assert told[to].text.startswith(fact)
    assert "Jūs rindā esat 3." in told["anna@example.lv"].text


def test_an_activity_for_a_sensitive_audience_is_named_nowhere(world: World) -> None:
    world.gone.audiences.set([AudienceFactory(code="disability", name="Cilvēki ar invaliditāti", is_sensitive=True)])
    registered(world.kept, "Anna"), registered(world.gone, "Beāte")
    world.accept()
    for letter in Message.objects.filter(reference__startswith="party:"):
        assert "Telefons no nulles" not in f"{letter.subject} {letter.text} {letter.html}"


# Why not.


def refused(world: World, **said: Any) -> str:
    with pytest.raises(programme.Refused) as error:
        world.offer(**said)
    return " ".join(error.value.messages)


def test_a_draft_is_planned_first(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(status="draft")
    assert "Melnrakstu" in refused(world)


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_what_is_called_off_or_over_is_not_held_together(world: World, status: str) -> None:
    offer = world.offer()
    at: datetime | None = NOW if status == "cancelled" else None
    Activity.objects.filter(pk=world.gone.pk).update(status=status, cancelled_at=at)
    with pytest.raises(programme.Refused, match="Telefons no nulles"):
        world.accept(offer)
    offer.refresh_from_db()
    assert offer.is_open


def test_what_residents_see_stays(world: World) -> None:
    Activity.objects.filter(pk=world.gone.pk).update(status="planned", published_at=None)
    assert "Viedtālrunis senioriem" in refused(world, keeps=world.gone)
    assert world.offer().is_open


def test_what_has_begun_stays(world: World) -> None:
    Activity.objects.filter(pk=world.gone.pk).update(starts_at=NOW - timedelta(days=1))
    assert "jau ir sākusies" in refused(world)
    assert world.offer(keeps=world.gone).is_open


def test_where_somebody_was_marked_it_has_begun(world: World) -> None:
    AttendanceFactory(registration=registered(world.gone, "Anna"))
    assert "jau ir sākusies" in refused(world)


def test_nobody_is_carried_to_where_one_just_comes(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(is_drop_in=True, capacity=None)
    assert world.accept(world.offer()).answer == "accepted"


def test_who_has_registered_is_not_left_outside_by_what_one_just_comes_to(world: World) -> None:
    registered(world.gone, "Anna")
    Activity.objects.filter(pk=world.kept.pk).update(is_drop_in=True, capacity=None)
    assert "pieteikušies" in refused(world)


def test_what_overlaps_no_more_is_not_made_joint(world: World) -> None:
    offer = world.offer()
    Overlap.objects.filter(pk=world.overlap.pk).update(ended_at=LATER)
    with pytest.raises(programme.Refused, match="vairs nepārklājas"):
        world.accept(offer)


def test_what_was_seen_is_what_is_done(world: World) -> None:
    seen = joints.outlook(overlap=world.overlap, keeps=world.kept, now=NOW).mark
    offer = world.offer(seen=seen)
    registered(world.gone, "Anna")
    with pytest.raises(programme.Refused, match="Pa to laiku"):
        world.accept(offer, seen=seen)
    world.accept(offer, seen=joints.outlook(overlap=fresh(world), keeps=world.kept, now=LATER).mark)


@pytest.mark.parametrize("change", [{"capacity": 20}, {"starts_at": NOW + timedelta(days=2)}, {"centre": None}])
def test_what_stays_is_what_was_seen_to_stay(world: World, change: dict[str, Any]) -> None:
    seen = joints.outlook(overlap=world.overlap, keeps=world.kept, now=NOW).mark
    offer = world.offer(seen=seen)
    Activity.objects.filter(pk=world.kept.pk).update(**change)
    with pytest.raises(programme.Refused, match="Pa to laiku"):
        world.accept(offer, seen=seen)


def fresh(world: World) -> Overlap:
    return Overlap.objects.select_related("first", "second").get(pk=world.overlap.pk)


# Both sides.


def test_the_other_side_s_offer_is_answered_not_doubled(world: World) -> None:
    world.offer(by=world.elina)
    assert "tikko" in refused(world)
    assert JointOffer.objects.count() == 1


def test_who_answers_for_both_has_answered_by_offering(world: World) -> None:
    offer = world.offer(by=world.arta)
    world.reload()
    assert (offer.answer, world.gone.joined_into) == ("accepted", world.kept)
    # Neither department did it: both are told.
    assert letters("joint_made") == ["elīna@example.lv", "ilze@example.lv", "mārtiņš@example.lv"]


def test_declined_or_withdrawn_it_may_be_offered_again(world: World) -> None:
    first = world.offer()
    joints.answer(offer=first, accept=False, note="Mums citi cilvēki.", by=world.martins, now=LATER)
    assert letters("joint_answered") == ["ilze@example.lv"]
    with pytest.raises(programme.Refused, match="jau ir atbildēts"):
        world.accept(first)
    second = world.offer()
    for _twice in range(2):
        joints.withdraw(offer=second, by=world.ilze, now=LATER)
    assert letters("joint_withdrawn") == ["elīna@example.lv", "mārtiņš@example.lv"]
    with pytest.raises(programme.Refused, match="atsaukts"):
        world.accept(second)
    world.reload()
    assert (world.gone.status, world.overlap.is_open) == ("published", True)


@pytest.mark.parametrize(
    ("who", "may"),
    [("martins", True), ("elina", True), ("arta", True), ("far", False), ("stranger", False), ("ilze", False)],
)
def test_who_may_answer(world: World, who: str, may: bool) -> None:
    offer = world.offer()
    overlap = fresh(world)
    assert joints.may_answer(reach=world.reach(getattr(world, who)), offer=offer, overlap=overlap) is may


def test_one_department_s_own_two_are_made_one_by_whoever_may_change_both(world: World) -> None:
    own = ActivityFactory(title="Otrs kurss")
    overlap = OverlapFactory(one=world.kept, other=own)
    offer = joints.offer(overlap=overlap, offering=world.kept, keeps=world.kept, reach=world.reach(world.ilze), now=NOW)
    own.refresh_from_db()
    assert (offer.answer, own.joined_into, list(world.kept.partners.all())) == ("accepted", world.kept, [])


def test_what_was_offered_about_the_other_elsewhere_is_taken_back(world: World) -> None:
    third = ActivityFactory(title="Trešais", lead=world.lab)
    elsewhere = OverlapFactory(one=world.gone, other=third)
    other = joints.offer(overlap=elsewhere, offering=world.gone, keeps=third, reach=world.reach(world.elina), now=NOW)
    world.accept()
    other.refresh_from_db(), elsewhere.refresh_from_db()
    assert (other.answer, elsewhere.ended_at) == ("withdrawn", LATER)
    assert letters("joint_withdrawn") == ["daina@example.lv"]


def test_what_led_to_the_other_leads_on_to_the_one_that_stays(world: World) -> None:
    before = ActivityFactory(status="cancelled", joined_into=world.gone)
    world.accept()
    before.refresh_from_db()
    assert before.joined_into == world.kept


def test_the_audiences_stay_unless_the_offer_unites_them(world: World) -> None:
    young = AudienceFactory(code="young", name="Jaunieši", age_min=13, age_max=30)
    world.gone.audiences.set([young])
    Activity.objects.filter(pk=world.kept.pk).update(age_min=60)
    Activity.objects.filter(pk=world.gone.pk).update(age_min=13, age_max=30)
    world.accept(world.offer(unites=True))
    world.reload()
    assert sorted(world.kept.audiences.values_list("pk", flat=True)) == ["everyone", "young"]
    assert (world.kept.age_min, world.kept.age_max) == (13, None)


def test_which_stays_unless_people_say_otherwise(world: World) -> None:
    assert joints.stays(fresh(world)) == world.kept
    registered(world.gone, "Anna")
    assert joints.stays(fresh(world)) == world.gone
    Activity.objects.filter(pk=world.gone.pk).update(status="planned")
    assert joints.stays(fresh(world)) == world.kept


def test_the_outlook_says_beforehand_what_becomes_of_people(world: World) -> None:
    Activity.objects.filter(pk=world.kept.pk).update(capacity=2)
    anna = somebody("Anna")
    registered(world.kept, anna), registered(world.gone, anna)
    registered(world.gone, "Beāte", minute=1), registered(world.gone, "Cilda", minute=2)
    found = joints.outlook(overlap=fresh(world), keeps=world.kept, now=NOW)
    plan = found.plan
    assert (plan.count("confirmed"), plan.waits_longer, len(plan.folds), found.refusals) == (1, 1, 1, [])
    assert Registration.objects.filter(activity=world.gone).count() == 3
    assert isinstance(plan, carrying.Plan) and decisions.What.JOINT == "joint"
