"""Registering: who gets a place, who waits, who is refused and why, and what a stranger learns."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import translation

from courses.domain import links, registrations
from courses.domain.registrations import Contact, Person, Refusal, Refusals
from courses.models import Activity, Party, Registration
from ecosystem.models import Message
from residents.models import Household, Resident
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
KEY = UUID("11111111-1111-4111-8111-111111111111")
LIGA = Contact(email="liga.berzina@example.lv")


def person(given: str = "Līga", family: str = "Bērziņa", year: int | None = 1960, *birth: int, **more) -> Person:
    month, day = birth or (None, None)
    more = more or {"village": f.VillageFactory()}
    return Person(given, family, year, month, day, **more)


def register(activity: Activity, *people: Person, contact: Contact = LIGA, now=NOW, **more) -> Party:
    return registrations.register(activity=activity, people=people or [person()], contact=contact, now=now, **more)


def stand(activity: Activity) -> tuple[int, int]:
    activity.refresh_from_db()
    return activity.taken, activity.waiting


def answer(party: Party) -> tuple[str, int | None, int]:
    return party.outcome, party.outcome_place, party.outcome_confirmed


def codes(raised) -> list[tuple[str, int | None]]:
    return [(refusal.code, refusal.person) for refusal in raised.value.refusals]


def told() -> list[tuple[str, str, str]]:
    return list(Message.objects.order_by("created_at", "kind", "to").values_list("kind", "channel", "to"))


# Places.


def test_a_free_place_is_confirmed():
    activity = f.ActivityFactory(capacity=2)
    party = register(activity)
    assert answer(party) == ("confirmed", None, 1)
    assert list(party.registrations.values_list("state", "resident__given_name")) == [("confirmed", "Līga")]
    assert stand(activity) == (1, 0)
    assert told() == [("confirmed", "email", "liga.berzina@example.lv")]


def test_registering_one_newcomer_takes_twelve_queries(django_assert_num_queries):
    activity, newcomer = f.ActivityFactory(capacity=2), person()
    with django_assert_num_queries(14):  # a savepoint and its release among them
        register(activity, newcomer, form_key=KEY)


def test_without_a_limit_everyone_has_a_place():
    activity = f.ActivityFactory(capacity=None)
    party = register(activity, person("A"), person("B"), person("C"))
    assert answer(party) == ("confirmed", None, 3)
    assert stand(activity) == (3, 0)


def test_a_full_activity_gives_a_place_in_the_queue():
    activity = f.ActivityFactory(capacity=1)
    register(activity, contact=Contact(email="a@example.lv"))
    second = register(activity, person("B"), contact=Contact(email="b@example.lv"))
    third = register(activity, person("C"), contact=Contact(email="c@example.lv"), now=NOW - timedelta(hours=1))
    assert [answer(second), answer(third)] == [("queued", 1, 0), ("queued", 2, 0)]
    # A clock that runs late does not put the third before the second.
    assert list(activity.registrations.queue().values_list("party", flat=True)) == [second.pk, third.pk]
    assert stand(activity) == (1, 2)


def test_a_party_that_does_not_fit_is_split():
    activity = f.ActivityFactory(capacity=2)
    party = register(activity, person("A"), person("B"), person("C"), person("D"))
    assert answer(party) == ("queued", 1, 2)
    states = party.registrations.order_by("pk").values_list("resident__given_name", "state")
    assert list(states) == [("A", "confirmed"), ("B", "confirmed"), ("C", "queued"), ("D", "queued")]
    assert stand(activity) == (2, 2)


def test_a_party_of_all_or_none_that_does_not_fit_waits_whole():
    activity = f.ActivityFactory(capacity=2)
    party = register(activity, person("A"), person("B"), person("C"), all_or_none=True)
    assert answer(party) == ("queued", 1, 0)
    assert stand(activity) == (0, 3)


def test_nobody_new_overtakes_a_queue_and_what_the_queue_cannot_use_goes_to_who_fits():
    activity = f.ActivityFactory(capacity=2)
    register(activity, person("A"), person("B"), person("C"), all_or_none=True)
    single = register(activity, person("D"), contact=Contact(email="d@example.lv"))
    assert answer(single) == ("queued", 4, 0)
    assert list(single.registrations.values_list("state", flat=True)) == ["offered"]
    assert stand(activity) == (1, 3)
    assert [kind for kind, _channel, to in told() if to == "d@example.lv"] == ["offer"]


def test_awaiting_approval_holds_no_place():
    activity = f.ActivityFactory(capacity=1, needs_approval=True)
    party = register(activity, person("A"), person("B"))
    assert answer(party) == ("awaiting_approval", None, 0)
    assert stand(activity) == (0, 0)
    assert told() == [("awaiting_approval", "email", "liga.berzina@example.lv")]


def test_who_is_approved_gets_a_place_or_a_turn_and_twice_is_once():
    activity = f.ActivityFactory(capacity=2, needs_approval=True)
    first = register(activity, person("A"), person("B"))
    second = register(activity, person("C"), contact=Contact(email="c@example.lv"))
    later = NOW + timedelta(hours=1)
    for party in (first, second, second):
        registrations.approve(party=party, now=later)
    states = activity.registrations.order_by("pk").values_list("state", "queued_at")
    assert list(states) == [("confirmed", None), ("confirmed", None), ("queued", later)]
    assert stand(activity) == (2, 1)
    assert [kind for kind, _channel, to in told() if to == "c@example.lv"] == ["awaiting_approval", "queued"]


def test_a_form_sent_twice_is_one_registration():
    activity = f.ActivityFactory(capacity=5)
    first = register(activity, form_key=KEY)
    Activity.objects.update(status="completed")
    assert register(activity, person("Cita"), form_key=KEY) == first
    assert Registration.objects.count() == 1


def test_only_crossing_full_changes_what_a_search_sees():
    activity = f.ActivityFactory(capacity=2)
    seen = []
    for minute, given in enumerate("ABC"):
        later = NOW + timedelta(minutes=minute + 1)
        party = register(activity, person(given), contact=Contact(email=f"{given}@example.lv"), now=later)
        activity.refresh_from_db()
        seen.append(activity.changed_at)
    assert seen == [NOW, NOW + timedelta(minutes=2), NOW + timedelta(minutes=2)]
    registrations.cancel(party=party, now=NOW + timedelta(minutes=9))
    activity.refresh_from_db()
    assert activity.changed_at == NOW + timedelta(minutes=2)


# Recognising people.


@pytest.mark.parametrize(
    ("given", "birth", "contact", "people"),
    [
        ("Līga", (1960, 5, 3), LIGA, 1),
        ("liga", (1960, 5, 3), LIGA, 1),
        (" LĪGA ", (1960, 5, 3), Contact(email=" Liga.Berzina@Example.lv "), 1),
        ("Līga", (1960, 5, 3), Contact(email=LIGA.email, phone="+37126123456"), 1),
        ("Līga", (1960, 5, 4), LIGA, 2),
        ("Līga", (1960,), LIGA, 2),
        ("Anna", (1960, 5, 3), LIGA, 2),
        ("Līga", (1960, 5, 3), Contact(email="other@example.lv"), 2),
        # The answer goes to the e-mail address: that is the evidence, not a telephone beside it.
        ("Līga", (1960, 5, 3), Contact(email="other@example.lv", phone="+37120000001"), 2),
        ("Līga", (1960, 5, 3), Contact(phone="+37120000001"), 1),
        ("Līga", (1960, 5, 3), Contact(phone="20000001"), 1),
    ],
)
def test_a_resident_is_recognised_by_contact_name_and_birth_together(given, birth, contact, people):
    f.ResidentFactory(household=f.HouseholdFactory(phone="+37120000001"))
    register(f.ActivityFactory(), person(given, "Berzina", *birth), contact=contact)
    assert Resident.objects.count() == people


def test_an_unknown_birth_recognises_nobody():
    activity = f.ActivityFactory()
    for contact in (LIGA, LIGA):
        register(activity, person(year=None), contact=contact, channel="phone")
    assert Resident.objects.count() == 2


def test_newcomers_join_the_household_of_their_contact():
    known = f.ResidentFactory()
    register(f.ActivityFactory(), person("Anna", "Bērziņa", 1990))
    assert list(Household.objects.values_list("pk", flat=True)) == [known.household_id]
    assert known.household.residents.count() == 2


@pytest.mark.parametrize(("by_holder", "households"), [(False, 2), (True, 1)])
def test_strangers_never_join_a_household_that_somebody_has_proved(by_holder, households):
    holder = f.UserFactory()
    f.ResidentFactory(household=f.HouseholdFactory(account=holder))
    register(f.ActivityFactory(), person("Anna", "Bērziņa", 1990), by=holder if by_holder else None)
    assert Household.objects.count() == households


# A stranger learns nothing.


def test_already_registered_reads_like_new_and_changes_nothing():
    activity = f.ActivityFactory(capacity=1)
    first = register(activity)
    again = register(activity, form_key=KEY)
    stranger = register(activity, person("Nav", "Tāda"), contact=Contact(email="x@example.lv"))
    assert answer(again) == answer(stranger) == ("queued", 1, 0)
    assert stand(activity) == (1, 1)
    assert list(again.registrations.all()) == []
    message = Message.objects.get(kind="already_in")
    assert message.to == "liga.berzina@example.lv"
    assert message.links[0]["url"].endswith(f"/pieteikumi/{links.party_token(first)}/")


def test_a_party_with_somebody_already_in_reads_like_new():
    activity = f.ActivityFactory(capacity=3)
    register(activity)
    again = register(activity, person(), person("Anna"), person("Jānis"))
    assert answer(again) == ("queued", 1, 2)
    assert list(again.registrations.order_by("pk").values_list("resident__given_name", "state")) == [
        ("Anna", "confirmed"),
        ("Jānis", "confirmed"),
    ]
    assert stand(activity) == (3, 0)


def test_beside_a_known_person_another_telephone_gets_no_link():
    activity = f.ActivityFactory(capacity=1)
    register(activity)
    party = register(activity, person(), person("Anna"), contact=Contact(email=LIGA.email, phone="+37120000001"))
    assert party.phone == ""


def test_a_clash_is_told_to_the_contact_and_forbidden_to_nobody():
    other = f.ActivityFactory(title="Nūjošana", sessions=[("2027-02-11 11:00", "2027-02-11 13:00")])
    register(other)
    activity = f.ActivityFactory()
    party = register(activity)
    assert answer(party) == ("confirmed", None, 1)
    told = Message.objects.get(reference=f"party:{party.pk}")
    assert "Nūjošana" in told.text
    stranger = register(activity, contact=Contact(email="x@example.lv"))
    assert "Nūjošana" not in Message.objects.get(reference=f"party:{stranger.pk}").text


@pytest.mark.parametrize(
    ("start", "end"), [("2027-02-04 12:00", "2027-02-04 13:00"), ("2027-02-05 10:00", "2027-02-05 12:00")]
)
def test_sessions_that_only_meet_at_the_edge_do_not_clash(start, end):
    register(f.ActivityFactory(title="Nūjošana", sessions=[(start, end)]))
    party = register(f.ActivityFactory())
    assert "Nūjošana" not in Message.objects.get(reference=f"party:{party.pk}").text


# Refusals.


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"status": "cancelled"}, "cancelled", "This activity has been called off. Look what else is on nearby."),
        ({"status": "completed"}, "over", "This activity is over. Look what else is on nearby."),
        (
            {"sessions": [("2027-01-11 08:00", "2027-01-11 09:00")]},
            "over",
            "This activity is over. Look what else is on nearby.",
        ),
        (
            {"status": "planned"},
            "unpublished",
            "This activity is still being planned; nobody can register yet.",
        ),
        ({"is_drop_in": True}, "drop_in", "Nobody needs to register here: just come."),
        (
            {"registration_opens_at": at("2027-01-12 09:00")},
            "not_open",
            "Registration opens on 12 January at 9:00. Come back then.",
        ),
        (
            {"registration_closes_at": NOW},
            "closed",
            "Registration closed on 11 January. Ring the coordinator: 6300 0000.",
        ),
    ],
)
def test_a_shut_activity_refuses_with_what_instead(fields, code, words):
    activity = f.ActivityFactory(**fields)
    with pytest.raises(Refusals) as raised:
        register(activity)
    assert codes(raised) == [(code, None)]
    with translation.override("en"):
        assert str(raised.value.refusals[0]).replace("\u00a0", " ") == words
    assert (Resident.objects.count(), Party.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_the_window_is_looked_at_again_under_the_lock(monkeypatch):
    activity = f.ActivityFactory()
    checked = registrations.admission.check
    monkeypatch.setattr(
        registrations.admission,
        "check",
        lambda **given: (checked(**given), Activity.objects.update(status="cancelled", cancelled_at=NOW)),
    )
    with pytest.raises(Refusals) as raised:
        register(activity)
    assert codes(raised) == [("cancelled", None)]
    assert Resident.objects.count() == 0


@pytest.mark.parametrize(
    ("low", "high", "birth", "refused"),
    [
        (60, None, (1967, 2, 4), False),  # sixty on the first day
        (60, None, (1967, 2, 5), True),
        (60, None, (1967,), False),  # a year alone: the older reading
        (60, None, (1968,), True),
        (None, 30, (1997, 2, 4), False),
        (None, 30, (1996, 2, 4), True),
        (None, 30, (1996, 2, 5), False),
        (None, 30, (1996,), True),
    ],
)
def test_age_limits_hold_on_the_first_day(low, high, birth, refused):
    activity = f.ActivityFactory(age_min=low, age_max=high)
    if not refused:
        assert register(activity, person("A", "B", *birth)).outcome == "confirmed"
        return
    with pytest.raises(Refusals) as raised:
        register(activity, person(), person("A", "B", *birth)) if low is None else register(
            activity, person("A", "B", *birth)
        )
    assert codes(raised)[-1][0] == "age"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"capacity": 4}, "In Elejas pagasts there is something similar: «Cita». 4 places are free."),
        ({"capacity": None}, "In Elejas pagasts there is something similar: «Cita»."),
        ({"capacity": 4, "taken": 4}, None),
        ({"capacity": 4, "waiting": 1}, None),
        ({"age_min": 51}, None),
        ({"age_max": 49}, None),
        ({"status": "planned"}, None),
    ],
)
def test_who_is_too_young_hears_what_else_there_is(other, words):
    f.ActivityFactory(**{"title": "Cita", **other})
    with pytest.raises(Refusals) as raised:
        register(f.ActivityFactory(age_min=60), person("Anna", "Ozola", 1977))
    with translation.override("en"):
        said = str(raised.value.refusals[0]).replace("\u00a0", " ")
    instead = words or "Look for something similar for this age nearby, or ring: 6300 0000."
    assert said == f"This activity is for people aged 60 and over. {instead}"


@pytest.mark.parametrize(
    ("birth", "needed"),
    [((2014, 1, 11), False), ((2014, 1, 12), True), ((2014,), True), ((2013,), False)],
)
def test_a_guardian_answers_for_those_under_thirteen_today(birth, needed):
    activity = f.ActivityFactory()
    child = person("Anna", "Bērziņa", *birth)
    if needed:
        with pytest.raises(Refusals) as raised:
            register(activity, child)
        assert codes(raised) == [("guardian", 0)]
    guardian = "Līga Bērziņa"
    register(activity, child, contact=Contact(email=LIGA.email, guardian_name=guardian if needed else ""))
    assert Resident.objects.get().guardian_name == (guardian if needed else "")


def test_a_guardian_is_kept_for_children_alone():
    both = person("Anna", "Bērziņa", 2020), person()
    register(f.ActivityFactory(), *both, contact=Contact(email=LIGA.email, guardian_name="Līga Bērziņa"))
    kept = Resident.objects.order_by("given_name").values_list("given_name", "guardian_name")
    assert list(kept) == [("Anna", "Līga Bērziņa"), ("Līga", "")]


@pytest.mark.parametrize(
    ("someone", "code"),
    [
        ({"given_name": "\u200b "}, "given_name"),
        ({"family_name": ""}, "family_name"),
        ({"given_name": "x" * 61}, "name_length"),
        ({"village": None}, "village"),
        ({"birth_year": None}, "age_unknown"),
        ({"birth_month": 2}, "age_date"),
        ({"birth_month": 2, "birth_day": 30}, "age_date"),
        ({"birth_month": 13, "birth_day": 1}, "age_date"),
        ({"birth_year": 1899}, "age_date"),
        ({"birth_year": 2027, "birth_month": 1, "birth_day": 12}, "age_future"),
        ({"birth_year": 2028}, "age_future"),
    ],
)
def test_what_was_typed_wrongly_is_refused_at_its_person(someone, code):
    given = {"given_name": "Anna", "family_name": "Ozola", "birth_year": 1990, "village": f.VillageFactory()}
    with pytest.raises(Refusals) as raised:
        register(f.ActivityFactory(), person(), Person(**{**given, **someone}))
    assert codes(raised) == [(code, 1)]


def test_the_same_person_twice_in_a_form_is_refused():
    with pytest.raises(Refusals) as raised:
        register(f.ActivityFactory(), person("Līga", "Bērziņa"), person("LIGA", "berzina"))
    assert codes(raised) == [("twice", 1)]


@pytest.mark.parametrize(
    ("contact", "code"),
    [(Contact(), "contact"), (Contact(phone="123"), "contact"), (Contact(email=f"{'x' * 250}@a.lv"), "contact")],
)
def test_a_web_form_needs_a_contact(contact, code):
    with pytest.raises(Refusals) as raised:
        register(f.ActivityFactory(), contact=contact)
    assert codes(raised) == [(code, None)]


def test_on_the_telephone_a_name_is_enough():
    activity = f.ActivityFactory()
    party = register(activity, Person("Zenta", "", village=f.VillageFactory()), contact=Contact(), channel="phone")
    assert (party.outcome, party.channel) == ("confirmed", "phone")
    assert told() == []


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(Refusals) as raised:
        register(f.ActivityFactory(), person(""), person(""), contact=Contact())
    assert codes(raised) == [("contact", None), ("given_name", 0), ("given_name", 1), ("twice", 1)]


# The check page.


def test_a_preview_says_what_would_happen_and_writes_nothing():
    activity = f.ActivityFactory(capacity=2, fee_eur=5)
    register(activity)
    with translation.override("en"):
        seen = registrations.preview(
            activity=Activity.objects.get(),
            people=[person(), person("Anna")],
            contact=LIGA,
            all_or_none=False,
            now=NOW,
        )
    assert (seen.outcome, seen.place, seen.confirmed) == ("queued", 1, 1)
    assert [note.replace("\u00a0", " ") for note in seen.notes] == [
        "There is a place for 1 of you; the others would be in the queue.",
        "If a place becomes free, we will write to you.",
        "The fee of 5 € is paid on the spot.",
    ]
    assert Party.objects.count() == 1


@pytest.mark.parametrize(("year", "noted"), [(2014, True), (2013, False), (1960, False), (1987, True)])
def test_a_preview_says_how_a_year_alone_is_read(year, noted):
    seen = registrations.preview(
        activity=f.ActivityFactory(age_max=50, age_min=None) if year != 1987 else f.ActivityFactory(age_min=40),
        people=[person("Anna", "Ozola", year)] if year != 1960 else [person("A", "B", 1990)],
        contact=Contact(email=LIGA.email, guardian_name="Līga"),
        all_or_none=False,
        now=NOW,
    )
    assert bool(seen.notes) is noted


# Afterwards.


def test_cancelling_frees_the_place_for_the_next():
    activity = f.ActivityFactory(capacity=1)
    party = register(activity)
    waiting = register(activity, person("Anna"), contact=Contact(email="anna@example.lv"))
    gone = registrations.cancel(party=party, now=NOW)
    assert [(r.state, r.ended_at) for r in gone] == [("cancelled", NOW)]
    assert waiting.registrations.get().state == "offered"
    assert stand(activity) == (1, 0)
    assert registrations.cancel(party=party, now=NOW) == []
    assert [kind for kind, _channel, to in told() if to == LIGA.email] == ["cancelled", "confirmed"]


def test_one_of_a_party_can_cancel():
    activity = f.ActivityFactory(capacity=2)
    party = register(activity, person("A"), person("B"), person("C"))
    registrations.cancel(party=party, registrations=[party.registrations.order_by("pk").last()], now=NOW)
    assert list(party.registrations.order_by("pk").values_list("state", flat=True)) == [
        "confirmed",
        "confirmed",
        "cancelled",
    ]
    assert stand(activity) == (2, 0)


def test_another_party_s_registration_is_not_cancelled():
    activity = f.ActivityFactory()
    mine, theirs = register(activity), register(activity, person("A"), contact=Contact(email="a@example.lv"))
    assert registrations.cancel(party=mine, registrations=theirs.registrations.all(), now=NOW) == []
    assert stand(activity) == (2, 0)


def test_what_is_over_is_not_cancelled():
    party = register(f.ActivityFactory())
    with pytest.raises(Refusal) as raised:
        registrations.cancel(party=party, now=at("2027-02-25 12:00"))
    assert raised.value.code == "over"


def test_who_cancelled_may_register_again():
    activity = f.ActivityFactory()
    registrations.cancel(party=register(activity), now=NOW)
    assert register(activity).outcome == "confirmed"
    assert (stand(activity), Resident.objects.count()) == ((1, 0), 1)


def test_calling_off_ends_everything_and_tells_everyone_once():
    activity = f.ActivityFactory(capacity=1)
    register(activity)
    register(activity, person("A"), contact=Contact(phone="+37126123456"))
    assert registrations.cancel_all(activity=activity, reason="Telpā ir remonts.", now=NOW) == 2
    assert registrations.cancel_all(activity=activity, reason="Telpā ir remonts.", now=NOW) == 0
    assert stand(activity) == (0, 0)
    assert (activity.status, activity.cancellation_reason) == ("cancelled", "Telpā ir remonts.")
    off = Message.objects.filter(kind="activity_cancelled")
    assert list(off.order_by("channel").values_list("channel", "to")) == [
        ("email", LIGA.email),
        ("sms", "+37126123456"),
    ]


def test_a_changed_contact_is_written_to_and_recognised():
    activity = f.ActivityFactory()
    party = register(activity)
    new = Contact(email="jauna@example.lv")
    assert registrations.change_contact(party=party, contact=new, now=NOW).email == "jauna@example.lv"
    assert Message.objects.get(kind="contact_changed").to == "jauna@example.lv"
    register(f.ActivityFactory(title="Cita"), contact=new)
    assert Resident.objects.count() == 1


def test_a_contact_of_another_kind_does_not_take_the_household_over():
    f.ResidentFactory(birth_month=None, birth_day=None)
    party = register(f.ActivityFactory(), contact=Contact(email=LIGA.email, phone="+37120000001"))
    registrations.change_contact(party=party, contact=Contact(email="x@example.lv"), now=NOW)
    assert Household.objects.get().email == LIGA.email


def test_lost_links_are_sent_again_to_the_contact_alone():
    party = register(f.ActivityFactory())
    over = f.ActivityFactory(title="Pagājusi", first=at("2027-01-12 10:00"), weeks=1)
    register(over)
    now = at("2027-01-13 10:00")
    for contact in (LIGA, LIGA, Contact(email="nobody@example.lv")):
        registrations.resend_links(contact=contact, now=now)
    sent = Message.objects.get(kind="lost_links")
    assert (sent.to, [link["rel"] for link in sent.links]) == (LIGA.email, ["party"])
    assert links.read_party_token(sent.links[0]["url"].split("/")[-2], now=now) == party
