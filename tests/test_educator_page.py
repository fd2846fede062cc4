"""An educator's own page: the link of its own kind, the sessions, the list without anybody's contact, the calendar."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from coordinators.models import Educator
from courses.domain import attendance, educators, links
from courses.models import Activity, Attendance, Session
from ecosystem.models import Journal
from tests.factories import (
    NOW,
    ActivityFactory,
    AttendanceFactory,
    EducatorFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    ResidentFactory,
    UserFactory,
)
from tests.test_links import KINDS, target

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Educator:
    """With a link that was issued today."""
    return educators.issue(educator=EducatorFactory(), now=timezone.now())


@pytest.fixture
def activity(anna: Educator) -> Activity:
    """It began today: one session is under way, one comes in a week, one in four."""
    begun = timezone.now() - timedelta(minutes=1)
    weeks = [(begun + timedelta(weeks=week), begun + timedelta(weeks=week, hours=2)) for week in (0, 1, 4)]
    return ActivityFactory(sessions=weeks, educators=[anna], contact=PostFactory())


def page(educator: Educator) -> str:
    return f"/en/pasniedzejs/{links.educator_token(educator)}/"


def sheet(educator: Educator, session: Session) -> str:
    return f"{page(educator)}nodarbibas/{session.pk}/"


def of(activity: Activity) -> list[Session]:
    return list(activity.sessions.order_by("starts_at"))


def person(activity: Activity, family: str = "Bērziņa", **kwargs: Any) -> Any:
    party = PartyFactory(activity=activity, email="liga.berzina@example.lv", phone="+37126123456")
    return RegistrationFactory(party=party, resident=ResidentFactory(family_name=family), **kwargs)


# The link


def test_the_link_is_short_and_opens_whom_it_was_made_for() -> None:
    anna = educators.issue(educator=EducatorFactory(), now=NOW)
    token = links.educator_token(anna)
    assert links.read_educator_token(token, now=NOW) == anna
    assert len(token) <= 43


def test_no_link_of_another_kind_opens_and_it_opens_nothing_else() -> None:
    anna = educators.issue(educator=EducatorFactory(), now=NOW)
    token = links.educator_token(anna)
    for make, read in KINDS:
        with pytest.raises(links.LinkBroken):
            read(token, now=NOW)
        with pytest.raises(links.LinkBroken):
            links.read_educator_token(make(target(make)), now=NOW)
    for place in range(len(token)):
        wrong = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(links.LinkBroken):
            links.read_educator_token(wrong, now=NOW)


def test_the_link_lives_a_year_from_when_it_was_last_issued() -> None:
    anna = educators.issue(educator=EducatorFactory(), now=NOW)
    token = links.educator_token(anna)
    year = NOW + timedelta(days=365)
    assert links.read_educator_token(token, now=year) == anna
    with pytest.raises(links.EducatorLinkExpired):
        links.read_educator_token(token, now=year + timedelta(seconds=1))
    # Sent again in time, the same goes on; what ran out is not woken.
    anna = educators.issue(educator=anna, now=year)
    assert links.educator_token(anna) == token
    anna = educators.issue(educator=anna, now=year + timedelta(days=366))
    assert links.educator_token(anna) != token
    with pytest.raises(links.EducatorLinkExpired):
        links.read_educator_token(token, now=year + timedelta(days=366))


@pytest.mark.parametrize("end", ["revoked", "retired", "never issued", "deleted"])
def test_a_link_taken_back_opens_nothing(client: Client, end: str) -> None:
    anna = EducatorFactory()
    if end != "never issued":
        anna = educators.issue(educator=anna, now=timezone.now())
    address = page(anna)
    if end == "revoked":
        educators.revoke(educator=anna)
        fresh = educators.issue(educator=anna, now=timezone.now())
        assert client.get(page(fresh)).status_code == 200
    elif end == "retired":
        educators.retire(educator=anna, now=timezone.now())
        educators.bring_back(educator=anna)
    elif end == "deleted":
        anna.delete()
    for tail in ("", "nodarbibas/1/", "kalendars.ics"):
        answer = client.get(f"{address}{tail}")
        assert answer.status_code == 410
        assert b"This link has expired" in answer.content and b"Anna" not in answer.content
    assert client.post(f"{address}nodarbibas/1/", {"do": "all"}).status_code == 410


# The page


def test_the_page_tells_the_next_session_how_many_come_and_whom_to_ring(client: Client, anna, activity) -> None:
    Activity.objects.filter(pk=activity.pk).update(taken=7)
    liga = person(activity)
    answer = client.get(page(anna))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["next"]["pk"] == of(activity)[0].pk
    assert [line["pk"] for line in answer.context["to_come"]] == [session.pk for session in of(activity)[1:]]
    for told in ("7 registered of 12", "6301\u00a02345", "Lietuvas iela 19", "Elejas jauniešu centrs"):
        assert told in text
    for hidden in (liga.resident.family_name, "liga.berzina", "2612", liga.party.number):
        assert hidden not in text
    # The list of names opens a week before.
    assert sheet(anna, of(activity)[1]) in text
    assert sheet(anna, of(activity)[2]) not in text


def test_nothing_of_the_reader_is_kept_and_nothing_told_elsewhere(client: Client, anna, activity) -> None:
    for address in (page(anna), sheet(anna, of(activity)[0])):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Referrer-Policy"] == "no-referrer" and answer["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies, "neither a session nor a token"
    assert client.post(page(anna)).status_code == 405


def test_drafts_and_what_others_lead_are_not_told(client: Client, anna, activity) -> None:
    soon = timezone.now() + timedelta(days=2)
    ActivityFactory(title="Melnraksts", status="draft", educators=[anna], first=soon, weeks=1)
    ActivityFactory(title="Plānotais", status="planned", educators=[anna], first=soon, weeks=1)
    ActivityFactory(title="Cita vadīts", first=soon, weeks=1)
    activity.sessions.filter(pk=of(activity)[1].pk).update(led_by=EducatorFactory(name="Berta"))
    text = client.get(page(anna)).content.decode()
    assert "Plānotais" in text and "Melnraksts" not in text and "Cita vadīts" not in text
    assert sheet(anna, of(activity)[1]) not in text


def test_the_page_asks_as_often_for_many_sessions_as_for_one(client: Client, anna, same_queries) -> None:
    same_queries(
        5,
        add=lambda number: ActivityFactory(
            educators=[anna], weeks=2, first=timezone.now() - timedelta(days=3 + number), contact=PostFactory()
        ),
        visit=lambda: client.get(page(anna)),
    )


def test_an_empty_page_says_so(client: Client, anna) -> None:
    assert "No sessions to come" in client.get(page(anna)).content.decode()


def test_somebody_signed_in_is_nobody_here(client: Client, anna, activity) -> None:
    """The mark is the educator's, whoever's session the browser holds."""
    client.force_login(UserFactory())
    liga = person(activity)
    client.post(sheet(anna, of(activity)[0]), {"shown": f"{liga.pk}:", f"p-{liga.pk}": "present", "do": "save"})
    assert Attendance.objects.values_list("marked_by", "marked_by_educator").get() == (None, anna.pk)


# The list


def test_the_list_shows_names_and_marks_alone(client: Client, anna, activity) -> None:
    liga, group = person(activity), RegistrationFactory(party=PartyFactory(activity=activity), resident=None)
    text = client.get(sheet(anna, of(activity)[0])).content.decode()
    assert "Bērziņa" in text and "Unnamed place" in text
    for hidden in ("liga.berzina", "2612", liga.party.number, group.party.number, "/darbs/", "csrfmiddlewaretoken"):
        assert hidden not in text


def test_who_came_is_written_without_scripts_cookies_or_tokens(anna, activity) -> None:
    browser = Client(enforce_csrf_checks=True)
    liga, zane = person(activity), person(activity, "Kalniņa")
    address = sheet(anna, of(activity)[0])
    shown = browser.get(address).context["shown"]
    form = {"shown": shown, f"p-{liga.pk}": "present", f"p-{zane.pk}": "absent", "heads": "3", "do": "save"}
    answer = browser.post(address, form)
    assert (answer.status_code, answer.url) == (302, address)
    rows = Attendance.objects.order_by("pk").values_list("registration", "presence", "marked_by", "marked_by_educator")
    assert sorted(rows) == [(liga.pk, "present", None, anna.pk), (zane.pk, "absent", None, anna.pk)]
    assert of(activity)[0].head_count == 3
    entries = Journal.objects.unread("attendance.marked", "attendance.heads")
    assert {entry.kind for entry in entries} == {"attendance.marked", "attendance.heads"}
    assert {(entry.payload["by"], entry.payload["by_educator"]) for entry in entries} == {(None, anna.pk)}
    page_ = browser.post(address, {"shown": browser.get(address).context["shown"], "do": "all"}, follow=True)
    assert page_.status_code == 200
    mistyped = browser.post(address, {"shown": "heads:3", "heads": "-2", "do": "save"})
    assert mistyped.status_code == 422 and mistyped.context["heads"] == "-2"


def test_one_tap_answers_as_at_the_desk_and_the_desk_sees_who_marked(client: Client, anna, activity) -> None:
    liga, session = person(activity), of(activity)[0]
    answer = client.post(
        sheet(anna, session),
        {f"p-{liga.pk}": "present", f"ago-{liga.pk}": "5"},
        headers={"accept": "application/json"},
    )
    assert (answer.status_code, json.loads(answer.content)["marks"]) == (200, {str(liga.pk): "present"})
    assert json.loads(answer.content)["notes"] == {}, "one's own mark wants no note"
    client.force_login(activity.contact.holder)
    told = client.get(f"/en/darbs/nodarbibas/{session.pk}/", headers={"accept": "application/json"})
    assert "marked by Anna Kalniņa" in json.loads(told.content)["notes"][str(liga.pk)]
    # The desk changes it, and the mark is the desk's alone.
    client.post(f"/en/darbs/nodarbibas/{session.pk}/", {f"p-{liga.pk}": "absent", "shown": ""})
    assert Attendance.objects.values_list("presence", "marked_by", "marked_by_educator").get() == (
        "absent",
        activity.contact.holder_id,
        None,
    )


def test_all_here_is_undone_by_who_did_it(anna, activity) -> None:
    session, now = of(activity)[0], timezone.now()
    person(activity), person(activity, "Kalniņa")
    attendance.mark_all_present(session=session, by=anna, now=now)
    user = UserFactory()
    assert attendance.marked_together(session, at=now, by=user).count() == 0
    attendance.undo_all_present(session=session, at=now, by=user, now=now)
    assert Attendance.objects.count() == 2
    attendance.undo_all_present(session=session, at=now, by=anna, now=now)
    assert Attendance.objects.count() == 0


def test_a_mark_is_by_one_hand(anna, activity) -> None:
    mark = AttendanceFactory(registration=person(activity), marked_by_educator=anna)
    with pytest.raises(IntegrityError, match="a_mark_is_by_one_hand"), transaction.atomic():
        Attendance.objects.filter(pk=mark.pk).update(marked_by=UserFactory())


def test_a_link_opens_no_list_of_another(client: Client, anna, activity) -> None:
    other = ActivityFactory(first=timezone.now(), weeks=1)
    draft = ActivityFactory(first=timezone.now(), weeks=1, status="draft", educators=[anna])
    given_away = of(activity)[0]
    Session.objects.filter(pk=given_away.pk).update(led_by=EducatorFactory(name="Berta"))
    someone = person(other)
    for session in (other.sessions.get(), draft.sessions.get(), given_away):
        assert client.get(sheet(anna, session)).status_code == 404
        assert client.post(sheet(anna, session), {f"p-{someone.pk}": "present"}).status_code == 404
    assert client.get(f"{page(anna)}nodarbibas/999999/").status_code == 404
    assert Attendance.objects.count() == 0


def test_the_names_are_shown_from_a_week_before_until_a_month_after(client: Client, anna) -> None:
    now = timezone.now()
    day = timedelta(days=1)

    def names(begins) -> tuple[int, bool]:
        activity = ActivityFactory(sessions=[(begins, begins + timedelta(hours=1))], educators=[anna])
        person(activity)
        answer = client.get(sheet(anna, activity.sessions.get()))
        activity.educators.clear()
        return answer.status_code, "Bērziņa" in answer.content.decode()

    assert names(now + 7 * day - timedelta(minutes=1)) == (200, True)
    assert names(now + 7 * day + timedelta(minutes=5)) == (200, False)
    assert names(now - 30 * day) == (200, True)
    assert names(now - 30 * day - timedelta(hours=2)) == (200, False)
    activity = ActivityFactory(first=now + 10 * day, weeks=1, educators=[anna])
    liga = person(activity)
    refused = client.post(sheet(anna, activity.sessions.get()), {f"p-{liga.pk}": "present"})
    assert (refused.status_code, set(json.loads(refused.content))) == (409, {"error"})


def test_the_list_asks_as_often_for_many_as_for_one(client: Client, anna, activity, same_queries) -> None:
    session = of(activity)[0]
    same_queries(
        5,
        add=lambda number: AttendanceFactory(registration=person(activity, f"Bērziņa {number}"), session=session),
        visit=lambda: client.get(sheet(anna, session)),
    )


# The calendar


def test_the_calendar_holds_the_sessions_and_nobody_s_name(client: Client, anna, activity) -> None:
    person(activity)
    first, second, third = of(activity)
    Session.objects.filter(pk=second.pk).update(cancelled_at=timezone.now())
    Session.objects.filter(pk=third.pk).update(led_by=EducatorFactory(name="Berta"))
    ActivityFactory(title="Melnraksts", status="draft", educators=[anna], first=timezone.now(), weeks=1)
    ActivityFactory(title="Plānotais", status="planned", educators=[anna], first=timezone.now(), weeks=1)
    answer = client.get(f"{page(anna)}kalendars.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    events = {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("vevent")}
    uids = sorted(str(e["uid"]).split("@")[0] for e in Calendar.from_ical(answer.content).walk("vevent"))
    planned = Session.objects.get(activity__title_lv="Plānotais")
    assert uids == sorted(f"session-{pk}" for pk in (first.pk, second.pk, planned.pk))
    assert "url" not in events["Plānotais"]
    assert b"STATUS:CANCELLED" in answer.content and "Bērziņa" not in answer.content.decode()
