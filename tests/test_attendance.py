"""Holding: who came, marked on a telephone, once and for the figures."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain import attendance
from courses.domain.attendance import Marked
from courses.domain.refusals import Refusal
from courses.models import Attendance, Session
from ecosystem.domain import dated_limits
from ecosystem.models import Journal, Limit
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    DepartmentFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
    at,
)
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db
# The first session is on Thursday, 4 February 2027, 10:00–12:00.
DURING = at("2027-02-04 10:05")


@pytest.fixture
def activity():
    return ActivityFactory()


@pytest.fixture
def session(activity):
    return activity.sessions.select_related("activity").order_by("starts_at").first()


@pytest.fixture
def ilze():
    return PostFactory().holder


def person(activity, family="Bērziņa", given="Līga", **kwargs):
    return RegistrationFactory(
        party=PartyFactory(activity=activity), resident=ResidentFactory(given_name=given, family_name=family), **kwargs
    )


def marks(session):
    return {m.registration_id: m.presence for m in Attendance.objects.filter(session=session).order_by("pk")}


def test_list_holds_the_confirmed_and_whoever_was_marked_in_latvian_order(activity, session):
    for family in ("Zariņš", "Čakste", "Celms", "Ozols"):
        person(activity, family)
    person(activity, "Queue", state="queued")
    person(activity, "Offered", state="offered")
    gone = person(activity, "Ābele", state="cancelled")
    AttendanceFactory(registration=gone)
    RegistrationFactory(party=PartyFactory(activity=activity), resident=None)
    listed = attendance.people(session=session)
    assert [r.resident.family_name if r.resident else None for r in listed] == [
        *("Ābele", "Celms", "Čakste", "Ozols", "Zariņš"),
        None,
    ]
    assert [r.mark is not None for r in listed] == [True, False, False, False, False, False]


def test_marking_writes_what_the_figures_need_in_the_same_breath(activity, session, ilze):
    liga = person(activity)
    activity.partners.set([DepartmentFactory(code="JAU", name="Jaunatne")])
    told = attendance.mark(session=session, marks={liga.pk: "present"}, by=ilze, now=DURING)
    assert told == Marked(changed=(liga.pk,))
    [entry] = Journal.objects.unread("attendance.marked", "attendance.heads")
    assert entry.kind == "attendance.marked"
    assert entry.payload == {
        "session": session.pk,
        "activity": activity.pk,
        "lead": "MUZ",
        "partners": ["JAU"],
        "parish": "0540248",
        "centre": activity.centre_id,
        "topic": "crafts",
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "by": ilze.pk,
        "at": DURING.isoformat(),
        "registration": liga.pk,
        "channel": "web",
        "resident": str(liga.resident_id),
        "age": 66,
        "age_youngest": 66,
        "sex": "",
        "home_parish": "0540248",
        "lives_elsewhere": False,
        "presence": "present",
        "before": None,
        "marked_at": DURING.isoformat(),
        "is_late": False,
    }
    # The same once more is no news.
    assert attendance.mark(session=session, marks={liga.pk: "present"}, by=ilze, now=DURING) == Marked()
    assert Journal.objects.exclude(kind=Journal.ACTIVITY_CHANGED).count() == 1


def test_how_late_is_late_the_departments_say_for_each_day(activity):
    """Seven days until 10 February 2027, then three: the first session is before, the second after."""
    for days, since in ((7, date(2000, 1, 1)), (3, date(2027, 2, 10))):
        Limit.objects.create(code="late_entry_days", lower=days, in_force_from=since, entered_at=DURING)
    dated_limits.reset()
    first, second = activity.sessions.order_by("starts_at")[:2]
    late = {
        (session.pk, days): attendance.is_late(session, at=session.ends_at + timedelta(days=days))
        for session in (first, second)
        for days in (3.5, 7.5)
    }
    assert late == {
        (first.pk, 3.5): False,
        (first.pk, 7.5): True,
        (second.pk, 3.5): True,
        (second.pk, 7.5): True,
    }
    assert attendance.late_days(second) == 3


def test_last_tap_on_a_person_wins_however_late_it_is_sent(activity, session, ilze):
    liga, anna = person(activity), person(activity, "Kalniņa")
    other = UserFactory(email="cits@example.lv")
    attendance.mark(session=session, marks={liga.pk: "absent", anna.pk: "absent"}, by=other, now=DURING)
    told = attendance.mark(
        session=session,
        marks={liga.pk: "present", anna.pk: "present"},
        tapped={liga.pk: DURING - timedelta(minutes=1), anna.pk: DURING + timedelta(minutes=1)},
        by=ilze,
        now=DURING + timedelta(hours=1),
    )
    assert told == Marked(changed=(anna.pk,), overtaken=(liga.pk,))
    assert marks(session) == {liga.pk: "absent", anna.pk: "present"}
    assert Attendance.objects.get(registration=anna).marked_at == DURING + timedelta(minutes=1)


def test_marks_of_another_activity_and_of_the_queue_are_not_taken(activity, session, ilze):
    queued, stranger = person(activity, state="queued"), RegistrationFactory()
    cancelled = person(activity, "Kalniņa", state="cancelled")
    told = attendance.mark(
        session=session, marks=dict.fromkeys((queued.pk, stranger.pk, cancelled.pk), "present"), by=ilze, now=DURING
    )
    assert told == Marked(changed=(cancelled.pk,), unknown=tuple(sorted((queued.pk, stranger.pk))))


def test_all_present_marks_the_unmarked_and_is_undone(activity, session, ilze):
    liga, anna, ieva = person(activity), person(activity, "Kalniņa"), person(activity, "Vītola")
    attendance.mark(session=session, marks={anna.pk: "excused"}, by=ilze, now=DURING)
    later = DURING + timedelta(minutes=1)
    attendance.mark_all_present(session=session, by=ilze, now=later)
    assert marks(session) == {liga.pk: "present", anna.pk: "excused", ieva.pk: "present"}
    attendance.mark(session=session, marks={ieva.pk: "absent"}, by=ilze, now=later + timedelta(minutes=1))
    attendance.undo_all_present(session=session, at=later, by=ilze, now=later + timedelta(minutes=2))
    assert marks(session) == {anna.pk: "excused", ieva.pk: "absent"}


def test_nothing_is_marked_before_the_day_nor_when_called_off(activity, session, ilze):
    liga = person(activity)

    def refusal(now=DURING):
        with pytest.raises(Refusal) as refused:
            attendance.mark(session=session, marks={liga.pk: "present"}, by=ilze, now=now)
        return refused.value

    early = refusal(at("2027-02-03 23:59"))
    assert early.code == "too_early"
    assert "ceturtdien, 4.\u00a0februārī" in str(early)
    attendance.mark(session=session, marks={liga.pk: "present"}, by=ilze, now=at("2027-02-04 00:00"))
    Session.objects.filter(pk=session.pk).update(cancelled_at=DURING)
    assert refusal().code == "session_cancelled"
    type(activity).objects.filter(pk=activity.pk).update(status="cancelled", cancelled_at=DURING)
    assert refusal().code == "activity_cancelled"


def test_session_is_held_when_ended_not_called_off_and_written_down(activity, session, ilze):
    after = session.ends_at
    assert not attendance.is_held(session=session, now=after)
    attendance.set_head_count(session=session, heads=7, by=ilze, now=DURING)
    session.refresh_from_db()
    assert session.head_count == 7
    assert not attendance.is_held(session=session, now=after - timedelta(seconds=1))
    assert attendance.is_held(session=session, now=after)
    entry = Journal.objects.unread("attendance.marked", "attendance.heads").get()
    assert (entry.kind, entry.payload["heads"], entry.payload["before"]) == ("attendance.heads", 7, None)
    session.cancelled_at = after
    assert not attendance.is_held(session=session, now=after)
    other = activity.sessions.order_by("starts_at")[1]
    AttendanceFactory(session=other, registration=person(activity), presence="absent")
    assert attendance.is_held(session=other, now=other.ends_at)


@pytest.mark.django_db(transaction=True)
def test_two_who_mark_at_once_leave_one_mark_each_of_the_last_tap():
    activity = ActivityFactory()
    session = activity.sessions.order_by("starts_at").first()
    people = [person(activity, f"Ozola {number}") for number in range(5)]
    desks = [UserFactory(email=f"{number}@example.lv") for number in range(6)]

    def tap(number):
        """Each of six telephones marks everybody, a minute later than the one before."""
        value = "present" if number == 5 else "absent"
        return lambda: attendance.mark(
            session=session,
            marks=dict.fromkeys((one.pk for one in people), value),
            by=desks[number],
            now=DURING + timedelta(minutes=number),
        )

    told = at_once(*map(tap, range(6)))
    assert [one for one in told if not isinstance(one, Marked)] == []
    assert marks(session) == dict.fromkeys((one.pk for one in people), "present")
    assert set(Attendance.objects.values_list("marked_by", flat=True)) == {desks[5].pk}


# The page


@pytest.fixture
def running(activity, session, monkeypatch):
    monkeypatch.setattr("courses.views.attendance.timezone.now", lambda: DURING)
    return reverse("courses:desk_attendance", args=[session.pk])


@pytest.fixture
def desk(client, running, ilze) -> Client:
    client.force_login(ilze)
    return client


def test_form_without_scripts_saves_only_what_differs_from_what_was_shown(desk, running, activity, session, ilze):
    liga, anna = person(activity), person(activity, "Kalniņa")
    attendance.mark(session=session, marks={anna.pk: "present"}, by=ilze, now=DURING)
    shown = desk.get(running).context["shown"]
    # Meanwhile somebody else marks Anna absent; this page still shows her present, and Līga is ticked here.
    attendance.mark(session=session, marks={anna.pk: "absent"}, by=ilze, now=DURING)
    form = {"shown": shown, f"p-{liga.pk}": "present", f"p-{anna.pk}": "present", "heads": "3", "do": "save"}
    answer = desk.post(running, form)
    assert (answer.status_code, answer.url) == (302, running)
    assert marks(session) == {anna.pk: "absent", liga.pk: "present"}
    assert Session.objects.get(pk=session.pk).head_count == 3
    desk.post(running, {"shown": desk.get(running).context["shown"], "heads": "3", "clear": liga.pk, "do": "clear"})
    assert marks(session) == {anna.pk: "absent"}


def test_all_here_leads_to_its_undo(desk, running, activity, session):
    person(activity)
    page = desk.post(running, {"shown": "", "do": "all"}, follow=True)
    assert page.context["undo"] == 1
    desk.post(running, {"shown": page.context["shown"], "together": page.context["together"], "do": "undo"})
    assert marks(session) == {}


def test_mistyped_number_is_told_and_the_marks_typed_stay(desk, running, activity, session):
    liga = person(activity)
    page = desk.post(running, {"shown": f"{liga.pk}:", f"p-{liga.pk}": "absent", "heads": "-2", "do": "save"})
    assert page.status_code == 422
    assert "no 0 līdz" in page.context["heads_error"] or "from 0 to" in page.context["heads_error"]
    assert page.context["heads"] == "-2"
    assert [row["value"] for row in page.context["rows"]] == ["absent"]
    assert marks(session) == {}


def test_one_tap_answers_with_the_sheet_as_it_stands(desk, running, activity, session):
    liga, anna = person(activity), person(activity, "Kalniņa")
    attendance.mark(
        session=session,
        marks={anna.pk: "absent"},
        by=UserFactory(email="cits@example.lv", name="Jānis Cits"),
        now=DURING,
    )
    answer = desk.post(
        running, {f"p-{liga.pk}": "present", f"ago-{liga.pk}": "60"}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 200
    told = json.loads(answer.content)
    assert told["marks"] == {str(liga.pk): "present", str(anna.pk): "absent"}
    assert "Jānis Cits" in told["notes"][str(anna.pk)]
    assert Attendance.objects.get(registration=liga).marked_at == DURING - timedelta(minutes=1)
    Session.objects.filter(pk=session.pk).update(cancelled_at=DURING)
    refused = desk.post(running, {f"p-{liga.pk}": "absent"}, headers={"accept": "application/json"})
    assert refused.status_code == 409
    assert set(json.loads(refused.content)) == {"error"}


def test_only_who_manages_the_activity_opens_its_sheet(client, running):
    visitor = PostFactory(
        holder=UserFactory(email="cits@example.lv"), department=DepartmentFactory(code="JAU", name="Jaunatne")
    ).holder
    client.force_login(visitor)
    page = client.get(running)
    assert page.status_code == 403
    # Whose it is, is said, and the way back to one's own work.
    text = page.content.decode()
    assert ("rīko Mūžizglītības nodaļa" in text, 'href="/darbs/"' in text) == (True, True)
    assert client.post(running, {"do": "all"}).status_code == 403
    assert Attendance.objects.count() == 0


def test_future_session_can_be_looked_at_and_not_marked(desk, running, activity):
    later = activity.sessions.order_by("starts_at")[1]
    person(activity)
    url = reverse("courses:desk_attendance", args=[later.pk])
    assert desk.get(url).context["closed"].code == "too_early"
    assert desk.post(url, {"do": "all"}).status_code == 409
    assert Attendance.objects.count() == 0


def test_sheet_asks_as_often_for_many_as_for_one(desk, running, activity, session, same_queries):
    same_queries(
        9,
        add=lambda number: AttendanceFactory(registration=person(activity, f"Bērziņa {number}"), session=session),
        visit=lambda: desk.get(running),
    )
