"""Who leads: nobody in two places at once, the way between villages counted, by whichever door."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from centres.models import Centre
from courses.domain import importing, programme
from courses.domain.programme import leading
from courses.domain.programme.travel import Place, Slot, way
from courses.models import Activity, Session
from ecosystem.file_rows import Row
from ecosystem.geo import Point
from tests.factories import (
    NOW,
    ActivityFactory,
    CentreFactory,
    DepartmentFactory,
    EducatorFactory,
    ParishFactory,
    RoomFactory,
    TopicFactory,
    at,
)
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db
# Eleja's centre stands at 56.4159, 23.6833; this one 10 km due north of it: 10 minutes and 1.5 a kilometre make 25.
TEN_KM_NORTH = 56.4159 + 10 / 111.195
ELEJA = Place("centre:1", "Eleja", Point(56.4159, 23.6833))
VILCE = Place("centre:2", "Vilce", Point(TEN_KM_NORTH, 23.6833))
VILCE_PARISH = Place("parish:V", "Vilce", Point(TEN_KM_NORTH, 23.6833))


def slot(hours: str, place: Place | None) -> Slot:
    """ "10:00-12:00" on 4 February."""
    start, end = hours.split("-")
    return Slot(at(f"2027-02-04 {start}"), at(f"2027-02-04 {end}"), place, "MUZ")


# The rule, with numbers: two sessions, where they are, whether one person can lead both.
TRAVEL = [
    ("the same hour and place", "10:00-12:00", ELEJA, "10:00-12:00", ELEJA, False),
    ("a minute of overlap", "10:00-12:00", ELEJA, "11:59-13:00", ELEJA, False),
    ("one after the other in one centre", "10:00-12:00", ELEJA, "12:00-13:00", ELEJA, True),
    ("24 minutes for a way of 25", "10:00-12:00", ELEJA, "12:24-13:00", VILCE, False),
    ("25 minutes for a way of 25", "10:00-12:00", ELEJA, "12:25-13:00", VILCE, True),
    ("the same, before", "10:00-12:00", ELEJA, "08:00-09:36", VILCE, False),
    ("the same, just in time", "10:00-12:00", ELEJA, "08:00-09:35", VILCE, True),
    ("a centre and its parish without one", "10:00-12:00", VILCE, "12:09-13:00", VILCE_PARISH, False),
    ("online right after", "10:00-12:00", ELEJA, "12:00-13:00", None, True),
    ("online at the same hour", "10:00-12:00", ELEJA, "11:00-13:00", None, False),
    ("twice online at the same hour", "10:00-12:00", None, "11:00-13:00", None, False),
    ("one inside the other", "10:00-18:00", ELEJA, "12:00-13:00", ELEJA, False),
]


@pytest.mark.parametrize("case", TRAVEL, ids=lambda case: case[0])
def test_two_sessions_of_one_person(case):
    _name, ours, here, theirs, there, may = case
    assert slot(ours, here).meets(slot(theirs, there)) is not may
    assert slot(theirs, there).meets(slot(ours, here)) is not may


@pytest.mark.parametrize(("km", "minutes"), [(0.1, 15), (3, 15), (10, 25), (13, 30), (13.4, 35), (60, 100)])
def test_the_way_takes_an_allowance_and_minutes_a_kilometre_rounded_up_to_five(km, minutes):
    there = Place("centre:3", "Tur", Point(56.4159 + km / 111.195, 23.6833))
    assert way(ELEJA, there).minutes == minutes
    assert way(ELEJA, ELEJA).minutes == way(ELEJA, None).minutes == 0


def test_the_way_is_a_setting(settings):
    settings.TRAVEL_MINUTES_PER_KM, settings.TRAVEL_ALLOWANCE_MINUTES = 3, 0
    assert way(ELEJA, VILCE).minutes == 30
    settings.TRAVEL_MINUTES_PER_KM = 1000
    assert way(ELEJA, VILCE).time == timedelta(hours=6)


# By every door


@pytest.fixture
def anna():
    return EducatorFactory(topics=[TopicFactory()])


@pytest.fixture
def vilce() -> Centre:
    parish = ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce", lat=TEN_KM_NORTH)
    return CentreFactory(name="Vilces bibliotēka", slug="vilce", parish=parish, lat=TEN_KM_NORTH)


def one(hours: str, *, day: str = "2027-02-04", **more) -> Activity:
    """An activity of one session."""
    start, end = hours.split("-")
    return ActivityFactory(sessions=[(f"{day} {start}", f"{day} {end}")], **more)


def messages(refused, language="en") -> list[str]:
    with translation.override(language):
        return refused.value.messages


def test_giving_somebody_two_sessions_at_once_is_refused_and_nothing_is_written(anna, vilce):
    one("10:00-12:00", educators=[anna], title="Koris")
    late = one("12:20-13:20", centre=vilce, parish=vilce.parish)
    EducatorFactory(name="Berta Ozola", topics=[TopicFactory()])
    with pytest.raises(programme.Refused) as refused:
        programme.set_educators(activity=late, educators=[anna], now=NOW)
    assert set(refused.value.error_dict) == {"educators"}
    assert messages(refused) == [
        "04.02.2027 12:20: Anna Kalniņa leads «Koris», 10:00–12:00, Elejas jauniešu centrs, about 10 km away. "
        "The way takes about 25 min, and there are only 20 min between.",
        "Free then, and teaching this: Berta Ozola.",
        "Anna Kalniņa is free that day from 12:25.",
    ]
    assert "aptuveni 10 km" in messages(refused, "lv")[0]
    assert list(late.educators.all()) == []
    late.sessions.update(starts_at=at("2027-02-04 12:25"))
    programme.set_educators(activity=late, educators=[anna], now=NOW)
    assert list(late.educators.order_by("pk")) == [anna]


def test_who_else_teaches_the_topic_in_the_language_and_is_free_their_department_first(anna):
    crafts, other = TopicFactory(), TopicFactory(code="cooking", name="Ēdiena gatavošana")
    jau = DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    EducatorFactory(name="Aija Cita", department=jau, topics=[crafts])
    EducatorFactory(name="Zenta Savējā", topics=[crafts])
    EducatorFactory(name="Cita Tēma", topics=[other])
    EducatorFactory(name="Cita Valoda", topics=[crafts], languages=["ru"])
    EducatorFactory(name="Bijusī", topics=[crafts], retired_at=NOW)
    busy = EducatorFactory(name="Aizņemtā", topics=[crafts])
    one("10:30-11:00", educators=[anna], title="Koris")
    one("09:00-10:30", educators=[busy])
    activity = one("10:00-12:00")
    with pytest.raises(programme.Refused) as refused:
        programme.set_educators(activity=activity, educators=[anna], now=NOW)
    assert messages(refused) == [
        "04.02.2027 10:00: Anna Kalniņa already leads «Koris» then, 10:30–11:00, Elejas jauniešu centrs.",
        "Free then, and teaching this: Zenta Savējā, Aija Cita.",
        "Anna Kalniņa is free that day from 11:00.",
    ]


def test_a_series_that_clashes_says_so_once_with_how_often(anna):
    ActivityFactory(weeks=4, educators=[anna], title="Koris")
    activity = ActivityFactory(weeks=3)
    with pytest.raises(programme.Refused) as refused:
        programme.set_educators(activity=activity, educators=[anna], now=NOW)
    assert messages(refused) == [
        "04.02.2027 10:00: Anna Kalniņa already leads «Koris» then, 10:00–12:00, Elejas jauniešu centrs.",
        "The same on 2 more days of this activity.",
        "Nobody else who teaches this is free then. Choose another time or person.",
    ]


def test_two_sessions_of_one_activity_at_once_cannot_have_one_leader(anna):
    activity = ActivityFactory(
        sessions=[("2027-02-04 10:00", "2027-02-04 12:00"), ("2027-02-04 11:00", "2027-02-04 13:00")]
    )
    with pytest.raises(programme.Refused):
        programme.set_educators(activity=activity, educators=[anna], now=NOW)


def test_another_departments_draft_is_not_named(anna):
    jau = DepartmentFactory(code="JAU", name="Jaunatnes nodaļa")
    one("10:00-12:00", educators=[anna], title="Slepenais", lead=jau, status="draft")
    for lead, named in ((DepartmentFactory(), False), (jau, True)):
        with pytest.raises(programme.Refused) as refused:
            programme.set_educators(activity=one("11:00-12:00", lead=lead), educators=[anna], now=NOW)
        assert ("Slepenais" in messages(refused)[0]) is named
        assert ("a draft of another department" in messages(refused)[0]) is not named


@pytest.mark.parametrize("over", ["called off", "ended", "cancelled activity"])
def test_what_is_over_or_called_off_keeps_nobody(anna, over):
    other = one("10:00-12:00", educators=[anna])
    now = NOW
    if over == "called off":
        other.sessions.update(cancelled_at=NOW)
    elif over == "cancelled activity":
        programme.call_off(activity=other, reason="Nav gaismas", now=NOW)
    else:
        now = at("2027-02-04 12:00")
    activity = one("11:00-13:00")
    programme.set_educators(activity=activity, educators=[anna], now=now)
    assert list(activity.educators.order_by("pk")) == [anna]


def test_moving_a_session_respects_its_leader(anna):
    one("10:00-12:00", educators=[anna])
    activity = one("14:00-16:00", educators=[anna])
    session = activity.sessions.get()
    moved = {"room": None, "now": NOW}
    with pytest.raises(programme.Refused):
        programme.move_session(
            session=session, starts_at=at("2027-02-04 11:00"), ends_at=at("2027-02-04 13:00"), **moved
        )
    session.refresh_from_db()
    assert session.starts_at == at("2027-02-04 14:00")
    programme.move_session(session=session, starts_at=at("2027-02-04 12:00"), ends_at=at("2027-02-04 13:00"), **moved)


def test_an_old_clash_elsewhere_does_not_stop_mending_another_session(anna):
    ActivityFactory(weeks=2, educators=[anna])
    activity = ActivityFactory(weeks=2, educators=[anna])
    first = activity.sessions.order_by("starts_at").first()
    programme.move_session(
        session=first, starts_at=at("2027-02-04 14:00"), ends_at=at("2027-02-04 15:00"), room=None, now=NOW
    )
    with pytest.raises(programme.Refused):
        programme.move_session(
            session=first, starts_at=at("2027-02-04 11:00"), ends_at=at("2027-02-04 15:00"), room=None, now=NOW
        )


def test_added_sessions_respect_who_leads(anna):
    one("10:00-12:00", day="2027-02-11", educators=[anna])
    activity = one("10:00-12:00", educators=[anna])
    meeting = programme.SessionSpec(starts_at=at("2027-02-11 11:00"), ends_at=at("2027-02-11 13:00"))
    with pytest.raises(programme.Refused) as refused:
        programme.add_sessions(activity=activity, meetings=[meeting], now=NOW)
    assert set(refused.value.error_dict) == {"educators"}
    assert activity.sessions.count() == 1
    later = replace(meeting, starts_at=at("2027-02-11 12:00"))
    assert programme.add_sessions(activity=activity, meetings=[later], now=NOW).session_count == 2


def test_another_place_is_another_way(anna, vilce):
    one("10:00-12:00", educators=[anna])
    activity = one("12:00-13:00", educators=[anna])
    spec = replace(programme.spec_of(activity), centre=vilce, parish=vilce.parish)
    with pytest.raises(programme.Refused):
        programme.update_activity(activity=activity, spec=spec, now=NOW)
    activity.refresh_from_db()
    assert activity.centre.slug == "elejas-jauniesu-centrs"
    programme.update_activity(activity=activity, spec=replace(spec, format="online"), now=NOW)


def test_an_update_that_says_nothing_of_leaders_keeps_them_and_asks_nothing_when_nothing_moved(anna):
    activity = ActivityFactory(weeks=2, educators=[anna])
    ActivityFactory(weeks=2, educators=[anna])  # A clash of old: not ours to mend now.
    spec = replace(programme.spec_of(activity), educators=None, titles={"lv": "Cits"})
    programme.update_activity(activity=activity, spec=spec, now=NOW)
    assert list(activity.educators.order_by("pk")) == [anna]


def test_the_file_respects_who_leads(anna):
    ActivityFactory(weeks=1, educators=[anna], title="Koris")
    activity = one("14:00-16:00", educators=[anna], ref="A-1")
    cells = {
        "ref": "A-1",
        "department": "MUZ",
        "parish": "Elejas pagasts",
        "title": "Adīšana",
        "topic": "crafts",
        "audiences": "everyone",
        "sessions": "2027-02-04T11:00/13:00",
    }
    rows = [Row(line=2, cells=cells)]
    outcome = importing.import_rows(rows=rows, columns=list(cells), now=NOW)
    first = outcome.refused[0]
    assert (first.line, first.column, first.value) == (2, "sessions", "2027-02-04T11:00/13:00")
    assert "Anna Kalniņa already leads «Koris»" in outcome.refused[0].en
    assert "jau vada «Koris»" in outcome.refused[0].lv
    cells["sessions"] = "2027-02-04T12:00/13:00"
    assert importing.import_rows(rows=rows, columns=list(cells), now=NOW).updated == 1
    assert list(activity.educators.order_by("pk")) == [anna]


def test_the_copy_leaves_out_who_is_elsewhere_and_says_so(anna):
    berta, gone = EducatorFactory(name="Berta Ozola"), EducatorFactory(name="Bijusī", retired_at=NOW)
    activity = ActivityFactory(weeks=2, educators=[anna, berta, gone])
    ActivityFactory(weeks=1, first=at("2027-03-04 11:00"), educators=[anna], title="Koris")
    copy = programme.plan_copy(activity=activity, first_on=date(2027, 3, 4), now=NOW)
    assert [clash.educator for clash in copy.without_educator] == [anna]
    with translation.override("en"):
        assert programme.clash_words(copy.without_educator[0]).messages == [
            "04.03.2027 10:00: Anna Kalniņa already leads «Koris» then, 11:00–13:00, Elejas jauniešu centrs."
        ]
    made = programme.clone(activity=activity, first_on=date(2027, 3, 4), now=NOW)
    assert list(made.educators.order_by("pk")) == [berta]


def test_somebody_stands_in_for_one_session_and_the_regular_leader_is_free_then(anna):
    berta = EducatorFactory(name="Berta Ozola")
    activity = ActivityFactory(weeks=2, educators=[anna])
    first, second = activity.sessions.order_by("starts_at")
    programme.set_leader(session=first, educator=berta, now=NOW)
    assert list(Session.objects.led(by=anna).order_by("pk")) == [second]
    assert list(Session.objects.led(by=berta).order_by("pk")) == [first]
    # Anna may be elsewhere meanwhile, Berta may not.
    other = one("11:00-13:00")
    programme.set_educators(activity=other, educators=[anna], now=NOW)
    with pytest.raises(programme.Refused):
        programme.set_educators(activity=other, educators=[berta], now=NOW)
    # And Anna does not get her session back while she is there.
    with pytest.raises(programme.Refused) as refused:
        programme.set_leader(session=first, educator=None, now=NOW)
    assert set(refused.value.error_dict) == {"led_by"}
    first.refresh_from_db()
    assert first.led_by == berta


def test_the_database_is_the_last_to_refuse_a_stand_in_in_two_sessions_at_once(anna):
    first, second = one("10:00-12:00").sessions.get(), one("11:00-13:00").sessions.get()
    Session.objects.filter(pk=first.pk).update(led_by=anna)
    with pytest.raises(IntegrityError, match="nobody_stands_in_at_two_sessions_at_once"), transaction.atomic():
        Session.objects.filter(pk=second.pk).update(led_by=anna)
    with pytest.raises(programme.Refused) as refused:
        programme.set_leader(session=second, educator=anna, now=NOW)
    assert set(refused.value.error_dict) == {"led_by"}
    Session.objects.filter(pk=first.pk).update(cancelled_at=NOW)
    Session.objects.filter(pk=second.pk).update(led_by=anna)


def test_nobody_stands_in_for_what_is_called_off_and_nobody_retired(anna):
    session = ActivityFactory().sessions.order_by("starts_at").first()
    retired = EducatorFactory(name="Bijusī", retired_at=NOW)
    with pytest.raises(programme.Refused):
        programme.set_leader(session=session, educator=retired, now=NOW)
    with pytest.raises(programme.Refused):
        programme.set_educators(activity=session.activity, educators=[retired], now=NOW)
    Session.objects.filter(pk=session.pk).update(cancelled_at=NOW)
    with pytest.raises(programme.Refused):
        programme.set_leader(session=session, educator=anna, now=NOW)


def test_who_is_busy(anna, vilce):
    berta = EducatorFactory(name="Berta Ozola")
    one("10:00-12:00", educators=[anna])
    wanted = Slot(at("2027-02-04 12:10"), at("2027-02-04 13:00"), None, "")
    there = replace(wanted, place=Place(f"centre:{vilce.pk}", "Vilce", vilce.point))
    both = [anna.pk, berta.pk]
    assert leading.busy(educators=both, slot=wanted, now=NOW) == set()
    assert leading.busy(educators=both, slot=there, now=NOW) == {anna.pk}


def test_looking_for_clashes_asks_as_often_for_one_session_as_for_many(anna, query_count):
    for weeks in (1, 8):
        ActivityFactory(weeks=weeks, first=at("2027-05-06 12:30"), educators=[anna])
        activity = ActivityFactory(weeks=weeks, first=at("2027-05-06 10:00"))
        with query_count(15):
            programme.set_educators(activity=activity, educators=[anna], now=NOW)
        activity.educators.clear()


def test_a_row_of_a_file_with_a_leader_asks_two_questions_more(anna):
    asked = []
    for educators in ([], [anna]):
        activity = ActivityFactory(weeks=1, first=at("2027-05-06 10:00"), educators=educators)
        (held,) = programme.hold([activity.pk])
        spec = programme.spec_of(held)
        later = [
            replace(
                meeting, starts_at=meeting.starts_at + timedelta(days=1), ends_at=meeting.ends_at + timedelta(days=1)
            )
            for meeting in spec.sessions
        ]
        with CaptureQueriesContext(connection) as captured:
            programme.update_held(activity=held, spec=replace(spec, educators=None, sessions=later), now=NOW)
        asked.append(len(captured))
    assert asked[1] - asked[0] == 2


# Two coordinators at once


@pytest.mark.django_db(transaction=True)
def test_one_person_given_to_two_activities_at_once_leads_one():
    anna = EducatorFactory()
    activities = [one("10:00-12:00", title=str(number)) for number in range(4)]
    results = at_once(
        *[
            lambda activity=activity: programme.set_educators(activity=activity, educators=[anna], now=NOW)
            for activity in activities
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", *["Refused"] * 3]
    assert anna.activities.count() == 1


@pytest.mark.django_db(transaction=True)
def test_moving_and_giving_at_once_never_sends_anybody_to_two_places():
    anna, berta = EducatorFactory(), EducatorFactory(name="Berta Ozola")
    led = one("14:00-16:00", educators=[anna, berta])
    given = one("10:00-12:00")
    stood = one("10:00-12:00", title="Koris")

    def move():
        return programme.move_session(
            session=led.sessions.get(),
            starts_at=at("2027-02-04 11:00"),
            ends_at=at("2027-02-04 13:00"),
            room=None,
            now=NOW,
        )

    results = at_once(
        move,
        lambda: programme.set_educators(activity=given, educators=[berta, anna], now=NOW),
        lambda: programme.set_leader(session=stood.sessions.get(), educator=anna, now=NOW),
    )
    assert sorted(isinstance(result, programme.Refused) for result in results) == [False, True, True]
    assert {type(result).__name__ for result in results} <= {"NoneType", "Session", "Refused"}


@pytest.mark.django_db(transaction=True)
def test_a_file_and_a_desk_wait_for_each_other_in_one_order():
    """Row by row, the file would hold the person and want the activity that the desk holds."""
    anna = EducatorFactory()
    RoomFactory()
    activities = [ActivityFactory(weeks=1, first=at(f"2027-02-0{day} 10:00"), ref=f"A-{day}") for day in range(1, 7)]
    for activity in activities:
        activity.educators.set([anna])
    cells = [
        {
            "ref": activity.ref,
            "department": "MUZ",
            "parish": "Elejas pagasts",
            "title": "Adīšana",
            "topic": "crafts",
            "audiences": "everyone",
            "sessions": f"2027-02-0{day}T10:00/12:30",
        }
        for day, activity in enumerate(activities, start=1)
    ]

    def take(order):
        rows = [Row(line=line, cells=row) for line, row in enumerate(order, start=2)]
        return lambda: importing.import_rows(rows=rows, columns=list(cells[0]), now=NOW)

    results = at_once(
        take(cells),
        take(cells[::-1]),
        *[lambda a=a: programme.set_educators(activity=a, educators=[anna], now=NOW) for a in activities],
    )
    assert [result for result in results if isinstance(result, Exception)] == []
