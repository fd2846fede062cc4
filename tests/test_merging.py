"""Two entries of one person made one, and two again: what moves, what folds, what is refused, that nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models

from courses.domain import folding, forgetting, merging, queue, registrations, unmerging
from courses.domain.refusals import Refusal
from courses.domain.registrations import Contact, Person
from courses.models import Activity, Attendance, Merge, Registration
from ecosystem.models import Journal, Message
from residents.domain import doubles, households
from residents.models import Alias, Household, PossibleDouble, Resident
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
TABLES = (
    *("residents_resident", "residents_household", "residents_alias", "residents_possibledouble"),
    *("courses_registration", "courses_attendance", "courses_party", "courses_activity", "courses_decision"),
)
# When it was last looked, and when a page last changed, are no part of what anybody is.
NOT_COMPARED = {"doubles_checked_at", "changed_at"}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row that a merge may touch."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            names = [column.name for column in cursor.description or ()]
            found[table] = [
                {name: value for name, value in zip(names, row, strict=True) if name not in NOT_COMPARED}
                for row in cursor.fetchall()
            ]
    return found


def person(email: str = "", phone: str = "", *, minutes: int = 0, **changes: Any) -> Resident:
    """Līga Bērziņa of Eleja in a household of her own, written down so many minutes after ``NOW``."""
    since = NOW + timedelta(minutes=minutes)
    home = changes.pop("household", None) or f.HouseholdFactory(email=email, phone=phone, created_at=since)
    return f.ResidentFactory(household=home, created_at=since, **changes)


def place(activity: Activity, resident: Resident, state: str = "confirmed", **more: Any) -> Registration:
    """A registration, and the counters of the activity's row with it."""
    party = f.PartyFactory(activity=activity, email=resident.household.email, phone=resident.household.phone)
    made = f.RegistrationFactory(party=party, resident=resident, state=state, **more)
    Activity.objects.filter(pk=activity.pk).update(
        taken=models.F("taken") + int(state in ("confirmed", "offered")),
        waiting=models.F("waiting") + int(state == "queued"),
    )
    return made


def two() -> tuple[Resident, Resident]:
    return (
        person("liga@example.lv"),
        person(
            phone="+37126123456", minutes=5, given_name="Liga", family_name="Berzina", birth_month=None, birth_day=None
        ),
    )


def fresh(*people: Resident) -> list[Resident]:
    return [Resident.objects.select_related("household").get(pk=one.pk) for one in people]


def merge(kept: Resident, gone: Resident, **more: Any) -> Merge:
    kept, gone = fresh(kept, gone)
    return merging.merge(kept=kept, gone=gone, **{"by": None, "now": LATER, **more})


def undo(merged: Merge, **more: Any) -> Resident:
    return unmerging.unmerge(merged=Merge.objects.get(pk=merged.pk), **{"by": None, "now": LATER, **more})


def counters_are_true() -> bool:
    for activity in Activity.objects.order_by("pk"):
        states = list(activity.registrations.order_by("pk").values_list("state", flat=True))
        held = states.count("confirmed") + states.count("offered")
        if (activity.taken, activity.waiting) != (held, states.count("queued")):
            return False
    return True


def test_every_way_to_a_person_is_known():
    """A new relation to a resident or a household: teach it to merging and erasing, then name it there."""
    found = {
        f"{relation.related_model._meta.label}.{relation.remote_field.name}"
        for model in (Resident, Household)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation and not relation.concrete
    }
    assert found == merging.KNOWN_RELATIONS
    assert merging.unknown_relations() == []


def test_a_relation_that_nobody_has_taught_refuses(monkeypatch):
    kept, gone = two()
    monkeypatch.setattr(merging, "KNOWN_RELATIONS", merging.KNOWN_RELATIONS - {"courses.Registration.resident"})
    assert merging.unknown_relations() == ["courses.Registration.resident"]
    with pytest.raises(Refusal) as refused:
        merge(kept, gone)
    assert (refused.value.code, Resident.objects.count()) == ("unknown_relation", 2)


def test_a_merge_moves_registrations_keeps_the_fuller_values_and_the_contact():
    kept, gone = two()
    theirs = place(f.ActivityFactory(), gone)
    mine = place(f.ActivityFactory(title="Cita"), kept)
    by = f.UserFactory()
    merged = merge(kept, gone, by=by)
    one = Resident.objects.select_related("household").get()
    assert (one.pk, str(one), one.birth_month, one.birth_day) == (kept.pk, "Līga Bērziņa", 5, 3)
    assert (one.household.email, one.household.phone) == ("liga@example.lv", "+37126123456")
    assert Household.objects.count() == 1
    assert set(Registration.objects.values_list("pk", "resident")) == {(theirs.pk, one.pk), (mine.pk, one.pk)}
    assert (merged.kept, merged.gone, merged.by, merged.at) == (kept.pk, gone.pk, by, LATER)
    entry = Journal.objects.get(kind="resident.merged")
    assert entry.payload == {
        "merge": merged.pk,
        "kept": str(kept.pk),
        "gone": str(gone.pk),
        "registrations": [theirs.pk],
        "folded": [],
        "by": by.pk,
        "at": LATER.isoformat(),
    }


def test_whose_value_stays_is_chosen_part_by_part():
    kept, gone = two()
    Resident.objects.filter(pk=gone.pk).update(family_name="Kalniņa", sex="female")
    merge(kept, gone, chosen={"name": "gone", "birth": "gone", "household": "gone"})
    one = Resident.objects.select_related("household").get()
    assert (str(one), one.birth_year, one.birth_month, one.sex) == ("Liga Kalniņa", 1960, None, "female")
    assert (one.pk, one.household_id) == (kept.pk, gone.household_id)
    assert (one.household.email, one.household.phone) == ("liga@example.lv", "+37126123456")


def test_a_household_in_which_others_are_stays_with_its_contact():
    home = f.HouseholdFactory(email="tetis@example.lv", phone="+37126123456")
    father = person(household=home, given_name="Jānis", family_name="Bērziņš", birth_year=1985)
    child = person(household=home, birth_year=2015, minutes=9)
    same = person("mamma@example.lv", birth_year=2015)
    chosen = {"household": "kept"}
    plan = folding.plan(kept=fresh(same)[0], gone=fresh(child)[0], chosen=chosen)
    assert (plan.left, plan.left_behind, plan.contact) == (home, [father], {})
    merge(same, child, chosen=chosen)
    assert set(Household.objects.values_list("email", "phone")) == {
        ("mamma@example.lv", ""),
        ("tetis@example.lv", "+37126123456"),
    }
    # Whichever of the two registers the child, it is the same child.
    typed = Person("Līga", "Bērziņa", 2015, 5, 3)
    for email in ("mamma@example.lv", "tetis@example.lv"):
        assert households.recognise(people=[typed], email=email, phone="").known == [[same.pk]], email


def test_an_account_keeps_its_household():
    kept, gone = two()
    account = f.UserFactory()
    Household.objects.filter(pk=gone.household_id).update(account=account)
    merge(kept, gone)
    assert Resident.objects.get().household_id == gone.household_id, "the proved one is proposed"
    assert (Household.objects.get().email, Household.objects.get().account) == ("liga@example.lv", account)


STANDS = [
    # The kept entry's, the other's, whose stands; how many places and turns are left.
    ("confirmed", "confirmed", "kept", (1, 0)),
    ("confirmed", "offered", "kept", (1, 0)),
    ("offered", "confirmed", "gone", (1, 0)),
    ("queued", "offered", "gone", (1, 0)),
    ("queued", "confirmed", "gone", (1, 0)),
    ("queued", "queued", "kept", (0, 1)),
    ("awaiting_approval", "queued", "gone", (0, 1)),
    ("awaiting_approval", "awaiting_approval", "kept", (0, 0)),
    ("confirmed", "awaiting_approval", "kept", (1, 0)),
]


@pytest.mark.parametrize(("mine", "theirs", "stands", "left"), STANDS)
def test_of_two_registrations_the_better_stands(mine, theirs, stands, left):
    kept, gone = two()
    activity = f.ActivityFactory()
    pks = {"kept": place(activity, kept, mine).pk, "gone": place(activity, gone, theirs).pk}
    merge(kept, gone)
    ended = Registration.objects.get(pk=pks["gone" if stands == "kept" else "kept"])
    standing = Registration.objects.get(pk=pks[stands])
    assert standing.state == {"kept": mine, "gone": theirs}[stands]
    assert (ended.state, ended.ended_at, ended.folded_into, ended.offered_until) == ("cancelled", LATER, standing, None)
    assert {standing.resident_id, ended.resident_id} == {kept.pk}
    activity.refresh_from_db()
    assert (activity.taken, activity.waiting) == left


def test_the_earlier_in_the_queue_stands():
    kept, gone = two()
    activity = f.ActivityFactory()
    late = place(activity, kept, "queued", queued_at=NOW)
    early = place(activity, gone, "queued", queued_at=NOW - timedelta(days=1))
    merge(kept, gone)
    assert Registration.objects.live().get() == early
    assert Registration.objects.get(folded_into=early) == late


def test_the_place_that_is_freed_goes_to_the_next():
    kept, gone = two()
    activity = f.ActivityFactory(capacity=2)
    place(activity, kept)
    place(activity, gone)
    waits = place(activity, person("nakama@example.lv", given_name="Anna"), "queued")
    merge(kept, gone)
    waits.refresh_from_db()
    assert (waits.state, counters_are_true()) == ("offered", True)
    assert list(Message.objects.values_list("kind", "to")) == [("offer", "nakama@example.lv")]


MARKS = [
    # Of the registration that stands, of the one folded into it, what holds.
    ("present", "absent", "present"),
    ("absent", "present", "present"),
    ("excused", "absent", "excused"),
    ("absent", "excused", "excused"),
    (None, "present", "present"),
    (None, "absent", "absent"),
    ("absent", None, "absent"),
]


@pytest.mark.parametrize(("mine", "theirs", "holds"), MARKS)
def test_of_two_marks_at_one_session_the_better_holds(mine, theirs, holds):
    kept, gone = two()
    activity = f.ActivityFactory()
    stands, ends = place(activity, kept), place(activity, gone)
    for registration, presence in ((stands, mine), (ends, theirs)):
        if presence:
            f.AttendanceFactory(registration=registration, presence=presence)
    merge(kept, gone)
    assert list(Attendance.objects.values_list("registration", "presence")) == [(stands.pk, holds)]
    # What the figures are told sums up to the same: each registration's last word.
    told = {}
    for entry in Journal.objects.filter(kind="attendance.marked").order_by("created_at", "id"):
        told[entry.payload["registration"]] = (entry.payload["before"], entry.payload["presence"])
    assert told == {
        **({ends.pk: (theirs, None)} if theirs else {}),
        **({stands.pk: (mine, holds)} if mine != holds else {}),
    }


def test_who_is_joined_takes_part_once_where_one_entry_had_given_up():
    kept, gone = two()
    activity = f.ActivityFactory()
    gave_up, stands = place(activity, kept, "cancelled"), place(activity, gone)
    for registration in (gave_up, stands):
        f.AttendanceFactory(registration=registration)
    merge(kept, gone)
    assert list(Attendance.objects.values_list("registration", "presence")) == [(stands.pk, "present")]
    gave_up.refresh_from_db()
    assert gave_up.folded_into is None, "it had ended by itself"


def big_world() -> tuple[Resident, Resident]:
    """Two entries with something of everything between them."""
    kept, gone = two()
    f.ResidentFactory(household=gone.household, given_name="Jānis", family_name="Bērziņš", created_at=NOW)
    third = person("tresa@example.lv", minutes=7)
    Alias.objects.create(resident=gone, given_name="Līga", family_name="Ozola", birth_year=1960, email="o@example.lv")
    place(f.ActivityFactory(title="Tikai viņas"), gone)
    ended = f.ActivityFactory(title="Bijusi", first=at("2026-11-05 10:00"))
    for presence, who in (("absent", kept), ("present", gone)):
        registration = place(ended, who)
        for number, session in enumerate(ended.sessions.order_by("starts_at")):
            if number != 2 or who == gone:
                f.AttendanceFactory(registration=registration, session=session, presence=presence)
    full = f.ActivityFactory(title="Pilna", capacity=3)
    for who, state in ((kept, "queued"), (gone, "confirmed"), (third, "confirmed")):
        place(full, who, state)
    offers = f.ActivityFactory(title="Piedāvā")
    for who, state in ((kept, "offered"), (gone, "awaiting_approval")):
        place(offers, who, state)
    doubles.look(residents=[kept.pk, gone.pk, third.pk], now=NOW)
    pair = PossibleDouble.objects.filter(first__in=[gone.pk, third.pk], second__in=[gone.pk, third.pk]).first()
    if pair is not None:
        doubles.not_same(pair=pair, by=None, now=NOW)
    assert counters_are_true()
    return kept, gone


@pytest.mark.parametrize("chosen", [{}, {"household": "gone", "name": "gone", "birth": "gone"}, {"household": "kept"}])
def test_undone_everything_is_as_it_was(chosen):
    kept, gone = big_world()
    before = rows()
    merged = merge(kept, gone, chosen=chosen)
    assert rows() != before
    assert counters_are_true()
    assert Resident.objects.filter(pk=gone.pk).count() == 0
    back = undo(merged)
    assert back.pk == gone.pk
    after = rows()
    for table in TABLES:
        assert after[table] == before[table], table
    merged.refresh_from_db()
    assert (merged.undone_at, merged.snapshot) == (LATER, {})
    kinds = Journal.objects.filter(kind__startswith="resident.").order_by("kind")
    assert [(entry.kind, entry.payload["gone"]) for entry in kinds] == [
        ("resident.merged", str(gone.pk)),
        ("resident.unmerged", str(gone.pk)),
    ]


@pytest.mark.parametrize("one", ["confirmed", "offered", "queued", "awaiting_approval", "cancelled", "expired"])
@pytest.mark.parametrize("other", ["confirmed", "offered", "queued", "awaiting_approval", "declined"])
def test_whatever_two_registrations_were_undoing_gives_them_back(one, other):
    kept, gone = two()
    activity = f.ActivityFactory()
    for who, state in ((kept, one), (gone, other)):
        f.AttendanceFactory(registration=place(activity, who, state))
    assert counters_are_true()
    before = rows()
    merged = merge(kept, gone)
    assert Registration.objects.live().filter(resident=kept).count() <= 1
    undo(merged)
    assert rows() == before


def test_a_place_that_has_gone_on_is_not_taken_away_again():
    kept, gone = two()
    activity = f.ActivityFactory(capacity=2)
    place(activity, kept)
    freed = place(activity, gone)
    waits = place(activity, person("nakama@example.lv", given_name="Anna"), "queued")
    merged = merge(kept, gone)
    queue.accept(registration=Registration.objects.get(pk=waits.pk), now=LATER)
    later = place(activity, person("velaka@example.lv", given_name="Berta"), "queued", queued_at=LATER)
    look = unmerging.outlook(merged=merged, now=LATER)
    assert [(one.registration, one.before["state"], one.state) for one in look.returns] == [
        (freed, "confirmed", "queued")
    ]
    undo(merged)
    assert list(activity.registrations.queue()) == [freed, later], "who asked long ago comes first"
    freed.refresh_from_db()
    assert (freed.resident_id, freed.folded_into, counters_are_true()) == (gone.pk, None, True)


def test_an_offer_whose_time_is_over_comes_back_lapsed():
    kept, gone = two()
    activity = f.ActivityFactory()
    place(activity, kept)
    place(activity, gone, "offered")
    merged = merge(kept, gone)
    undo(merged, now=at("2027-01-13 09:01"))
    assert list(Registration.objects.filter(resident=gone).values_list("state", "ended_at")) == [
        ("expired", at("2027-01-13 09:01"))
    ]


def test_what_has_happened_since_stays():
    kept, gone = two()
    activity = f.ActivityFactory(capacity=None)
    stands, ends = place(activity, gone), place(activity, kept, "queued")
    mark = f.AttendanceFactory(registration=ends, presence="absent")
    merged = merge(kept, gone)
    Resident.objects.filter(pk=kept.pk).update(given_name="Līga Marija")
    Attendance.objects.filter(pk=mark.pk).update(presence="present")
    registrations.cancel(party=Registration.objects.get(pk=stands.pk).party, now=LATER)
    new = place(activity, kept)
    assert unmerging.outlook(merged=merged, now=LATER).corrected == ["name"]
    undo(merged)
    states = {(row.pk, row.resident_id): (row.state, row.folded_into_id) for row in Registration.objects.order_by("pk")}
    assert states == {
        (stands.pk, gone.pk): ("cancelled", None),
        (ends.pk, kept.pk): ("cancelled", None),
        (new.pk, kept.pk): ("confirmed", None),
    }
    assert (str(Resident.objects.get(pk=kept.pk)), str(Resident.objects.get(pk=gone.pk))) == (
        "Līga Marija Bērziņa",
        "Liga Berzina",
    )
    mark.refresh_from_db()
    assert (mark.registration, mark.presence, counters_are_true()) == (ends, "present", True)


def test_an_activity_called_off_since_stays_so():
    kept, gone = two()
    activity = f.ActivityFactory()
    place(activity, kept)
    place(activity, gone)
    merged = merge(kept, gone)
    registrations.cancel_all(activity=activity, reason="Remonts", now=LATER)
    undo(merged)
    assert set(Registration.objects.values_list("state", "folded_into")) == {("cancelled", None)}
    assert counters_are_true()


def test_undoing_has_its_term(settings):
    settings.MERGE_UNDO_DAYS = 2
    merged = merge(*two())
    for days, left in ((2, 1), (2.01, 0)):
        now = LATER + timedelta(days=days)
        forgetting.forget_merges(now=now)
        assert Merge.objects.exclude(snapshot={}).count() == left
    with pytest.raises(Refusal) as refused:
        undo(merged, now=LATER + timedelta(days=2.01))
    assert refused.value.code == "late"


def test_of_a_chain_the_last_is_undone_first():
    kept, gone = two()
    third = person("tresa@example.lv", minutes=-5)
    before = rows()
    first = merge(kept, gone)
    second = merge(third, kept)
    with pytest.raises(Refusal) as refused:
        undo(first)
    assert refused.value.code == "gone"
    forgetting.forget_merges(now=LATER)
    assert Merge.objects.count() == 2
    undo(second)
    undo(first)
    assert rows() == before
    with pytest.raises(Refusal) as refused:
        undo(first)
    assert refused.value.code == "undone"


def test_merges_are_forgotten_with_the_person():
    kept, gone = two()
    third = person("tresa@example.lv", minutes=-5)
    merge(kept, gone)
    merge(third, kept)
    Resident.objects.filter(pk=third.pk).delete()
    assert forgetting.forget_merges(now=LATER) == 2
    assert Merge.objects.count() == 0


def test_what_a_sensitive_activity_forgets_no_undo_gives_back():
    kept, gone = two()
    closed = f.ActivityFactory(
        audiences=[f.AudienceFactory(code="neet", is_sensitive=True)], first=at("2026-11-05 10:00")
    )
    theirs = place(closed, gone)
    place(closed, kept)
    place(f.ActivityFactory(), gone)
    merged = merge(kept, gone, now=NOW)
    assert forgetting.forget_sensitive(now=NOW) == 2
    merged.refresh_from_db()
    assert theirs.pk not in merged.snapshot["registrations"]
    assert merged.snapshot["folds"] == []
    undo(merged, now=LATER)
    assert list(Registration.objects.filter(activity=closed).values_list("resident", flat=True)) == [None, None]


def test_what_was_previewed_is_what_is_done():
    kept, gone = two()
    seen = folding.plan(kept=fresh(kept)[0], gone=fresh(gone)[0]).fingerprint
    place(f.ActivityFactory(), gone)
    with pytest.raises(Refusal) as refused:
        merge(kept, gone, seen=seen)
    assert (refused.value.code, Resident.objects.count(), Merge.objects.count()) == ("changed", 2, 0)
    seen = folding.plan(kept=fresh(kept)[0], gone=fresh(gone)[0]).fingerprint
    assert merge(kept, gone, seen=seen).pk


def test_twice_and_with_oneself_is_refused():
    kept, gone = fresh(*two())
    merging.merge(kept=kept, gone=gone, by=None, now=LATER)
    for one, other, code in ((kept, gone, "gone"), (gone, kept, "gone"), (kept, kept, "same")):
        with pytest.raises(Refusal) as refused:
            merging.merge(kept=one, gone=other, by=None, now=LATER)
        assert refused.value.code == code


def test_a_decision_that_two_are_not_the_same_holds_for_who_they_were_joined_into():
    kept, gone = two()
    third = person("liga@example.lv", minutes=9)
    doubles.look(residents=[kept.pk, gone.pk, third.pk], now=NOW)
    first, second = doubles.ordered(gone.pk, third.pk)
    pair, _made = PossibleDouble.objects.get_or_create(
        first_id=first, second_id=second, defaults={"strength": 1, "found_at": NOW}
    )
    doubles.not_same(pair=pair, by=None, now=NOW)
    merge(kept, gone)
    assert list(PossibleDouble.objects.values_list("state", flat=True)) == ["not_same"]
    assert doubles.look_at_all(now=LATER) == 0


def test_the_desk_cannot_register_who_was_joined_meanwhile():
    kept, gone = two()
    merge(kept, gone)
    with pytest.raises(registrations.Refusals) as refused:
        registrations.register(
            activity=f.ActivityFactory(),
            people=[Person("Liga", "Berzina", 1960)],
            contact=Contact(),
            channel="phone",
            now=LATER,
            residents=[gone.pk],
        )
    assert [refusal.code for refusal in refused.value.refusals] == ["gone"]


def test_joined_somebody_registers_once_by_either_contact():
    kept, gone = two()
    merge(kept, gone)
    activity, village = f.ActivityFactory(), f.VillageFactory()
    for person_, contact in (
        (Person("Līga", "Bērziņa", 1960, 5, 3, village=village), Contact(email="liga@example.lv")),
        (Person("Liga", "Berzina", 1960, village=village), Contact(phone="+37126123456")),
        (Person("Liga", "Berzina", 1960, 5, 3, village=village), Contact(phone="+37126123456")),
    ):
        registrations.register(activity=activity, people=[person_], contact=contact, now=LATER)
    assert list(Registration.objects.values_list("resident", flat=True)) == [kept.pk]
