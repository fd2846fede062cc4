"""A week before: will you come? Asked once, answered by a press, silence takes nothing away, who is silent is rung."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses import schedule
from courses.domain import bulletins, confirmations, forgetting, links, registrations, reminders
from courses.domain.refusals import Refusal
from courses.models import Activity, Decision, Party, Registration
from ecosystem import tasks
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW, at
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db
STARTS = at("2027-02-04 10:00")
WEEK_BEFORE = at("2027-01-28 10:30")


def asking(**more) -> Activity:
    return f.ActivityFactory(asks_confirmation=True, **more)


def place(activity: Activity, name: str = "Anna", *, party: Party | None = None, **more) -> Registration:
    party = party or f.PartyFactory(activity=activity, email=f"{name.lower()}@example.lv")
    return f.RegistrationFactory(party=party, resident__given_name=name, **more)


def asked(activity: Activity, name: str = "Anna", **more) -> Registration:
    return place(activity, name, attendance_asked_at=WEEK_BEFORE, **more)


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def page_of(party: Party) -> str:
    return reverse("courses:attend", args=[links.party_token(party)])


@pytest.fixture
def clock(monkeypatch):
    """It is the week before, for the views too."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: WEEK_BEFORE)


@pytest.fixture
def desk(client, clock):
    client.force_login(f.PostFactory().holder)
    return client


# Asking.


def test_those_with_a_place_are_asked_once_a_week_before():
    activity = asking()
    anna, _queued = place(activity), place(activity, "Rinda", state="queued")
    assert confirmations.ask(now=STARTS - timedelta(days=7, minutes=1)) == 0
    assert confirmations.ask(now=WEEK_BEFORE) == 1
    assert confirmations.ask(now=WEEK_BEFORE + timedelta(days=1)) == 0
    assert told("confirmation") == ["anna@example.lv"]
    anna.refresh_from_db()
    assert (anna.attendance_asked_at, anna.attendance_confirmed_at, anna.state) == (WEEK_BEFORE, None, "confirmed")
    letter = Message.objects.get()
    assert [link["rel"] for link in letter.links] == ["attend", "party"]
    assert letter.links[0]["url"] in letter.text
    assert "?atteikties=visi" in letter.text


@pytest.mark.parametrize("hour", ["08:59", "19:00", "03:00"])
def test_nobody_is_woken(hour):
    place(asking())
    assert confirmations.ask(now=at(f"2027-01-29 {hour}")) == 0


def test_not_where_the_activity_does_not_ask_is_called_off_or_begins_in_two_days():
    place(f.ActivityFactory())
    place(asking(status="cancelled"))
    late = asking()
    place(late)
    assert confirmations.ask(now=STARTS - timedelta(days=2)) == 0
    assert confirmations.ask(now=STARTS - timedelta(days=2, minutes=1)) == 1


def test_who_registered_within_the_week_or_got_a_place_after_the_question_is_not_asked():
    activity = asking()
    place(activity)
    place(activity, "Vēlā", registered_at=STARTS - timedelta(days=6))
    waits = place(activity, "Rinda", state="queued")
    assert confirmations.ask(now=at("2027-01-29 12:00")) == 1
    Registration.objects.filter(pk=waits.pk).update(state="confirmed")
    assert confirmations.ask(now=at("2027-01-30 12:00")) == 0


def test_a_party_gets_one_letter_in_its_language_and_a_sensitive_activity_is_not_named():
    sensitive = f.AudienceFactory(code="disability", is_sensitive=True)
    activity = asking(title="Keramika", audiences=[sensitive])
    party = f.PartyFactory(activity=activity, email="x@example.lv", language="en")
    place(activity, "Anna", party=party)
    place(activity, "Jānis", party=party)
    phone = f.PartyFactory(activity=activity, email="", phone="+37126123456")
    place(activity, "Zane", party=phone)
    assert confirmations.ask(now=WEEK_BEFORE) == 3
    letter = Message.objects.get(channel="email")
    assert (letter.subject, "/en/pieteikumi/" in letter.text) == ("Will you come?", True)
    assert "Anna Bērziņa, Jānis Bērziņa" in letter.text
    text = Message.objects.get(channel="sms").text
    assert ("Keramika" in text, "/naksu/" in text, text.startswith("Drīz sākums.")) == (False, True, True)


def test_who_left_no_contact_is_asked_by_telephone():
    activity = asking()
    silent = place(activity, party=f.PartyFactory(activity=activity, email="", channel="phone"))
    assert confirmations.ask(now=WEEK_BEFORE) == 1
    assert Message.objects.count() == 0
    assert [row.pk for row in confirmations.unanswered(activity=activity)] == [silent.pk]


def test_the_clock_asks(clock):
    place(asking())
    schedule.ask_whether_they_come()
    assert told("confirmation") == ["anna@example.lv"]


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_once(monkeypatch):
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    for _number in range(8):
        place(asking())
    people = at_once(*[lambda: confirmations.ask(now=WEEK_BEFORE)] * 4)
    assert [each for each in people if not isinstance(each, int)] == []
    confirmations.ask(now=WEEK_BEFORE)
    assert Message.objects.count() == 8


# Answering.


def test_following_the_link_answers_nothing_and_a_press_does(client, clock):
    row = asked(asking())
    page = client.get(page_of(row.party))
    assert page.status_code == 200
    row.refresh_from_db()
    assert row.attendance_confirmed_at is None
    for _twice in range(2):
        done = client.post(page_of(row.party), {"registration": row.pk})
        assert (done.status_code, done["Location"].endswith("?naksu=1")) == (303, True)
    row.refresh_from_db()
    assert (row.attendance_confirmed_at, row.state) == (WEEK_BEFORE, "confirmed")
    shown = client.get(done["Location"])
    assert translation.gettext("You have said that you will come.") in shown.content.decode()
    # There is nothing more to answer.
    assert client.get(page_of(row.party)).status_code == 302


def test_each_of_a_party_is_answered_for_and_places_without_names_together(client, clock):
    activity = asking()
    party = f.PartyFactory(activity=activity)
    anna, janis = asked(activity, "Anna", party=party), asked(activity, "Jānis", party=party)
    unnamed = [
        f.RegistrationFactory(party=party, resident=None, attendance_asked_at=WEEK_BEFORE) for _number in range(3)
    ]
    client.post(page_of(party), {"registration": [anna.pk, "unnamed"]})
    said = set(party.registrations.exclude(attendance_confirmed_at=None).values_list("pk", flat=True))
    assert said == {anna.pk, *(row.pk for row in unnamed)}
    page = client.get(page_of(party)).content.decode()
    assert ("Jānis Bērziņa" in page, "Anna Bērziņa" in page) == (True, False)
    assert janis.party.registrations.filter(state="confirmed").count() == 5


def test_an_answer_for_nobody_or_for_somebody_else_is_refused(client, clock):
    activity = asking()
    party = f.PartyFactory(activity=activity)
    asked(activity, "Anna", party=party)
    asked(activity, "Jānis", party=party)
    stranger = asked(activity, "Zane")
    for typed in ({}, {"registration": stranger.pk}, {"registration": "x\x00"}, {"registration": "9" * 40}):
        assert client.post(page_of(party), typed).status_code == 422
    assert Registration.objects.exclude(attendance_confirmed_at=None).count() == 0


def test_the_link_of_another_kind_opens_nothing(client):
    row = asked(asking())
    wrong = reverse("courses:attend", args=[links.received_token(row.party)])
    assert (client.get(wrong).status_code, client.post(wrong, {"registration": row.pk}).status_code) == (404, 404)


def test_a_place_given_up_meanwhile_is_not_confirmed(client, clock):
    row = asked(asking(taken=1))
    registrations.cancel(party=row.party, now=WEEK_BEFORE)
    answer = client.post(page_of(row.party), {"registration": row.pk})
    assert answer.status_code == 409
    row.refresh_from_db()
    assert (row.state, row.attendance_confirmed_at) == ("cancelled", None)


def test_page_from_before_a_move_answers_nothing(client, clock):
    row = asked(asking(taken=1))
    page = client.get(page_of(row.party)).content.decode()
    (seen,) = re.findall(r'name="asked" value="([^"]+)"', page)
    Activity.objects.update(starts_at=F("starts_at") + timedelta(hours=2))
    answer = client.post(page_of(row.party), {"registration": row.pk, "asked": seen})
    row.refresh_from_db()
    assert (answer.status_code, row.attendance_confirmed_at) == (409, None)
    assert "Laiks vai vieta pa šo laiku ir mainījusies." in answer.content.decode()
    (seen,) = re.findall(r'name="asked" value="([^"]+)"', client.get(page_of(row.party)).content.decode())
    assert client.post(page_of(row.party), {"registration": row.pk, "asked": seen}).status_code == 303


@pytest.mark.parametrize(
    ("change", "code"), [({"status": "cancelled", "cancelled_at": NOW}, "cancelled"), ({"starts_at": NOW}, "begun")]
)
def test_what_was_called_off_or_has_begun_takes_no_answer(change, code):
    row = asked(asking())
    Activity.objects.update(**change)
    with pytest.raises(Refusal) as refused:
        confirmations.confirm(party=row.party, registrations=[row.pk], now=WEEK_BEFORE)
    assert refused.value.code == code


@pytest.mark.django_db(transaction=True)
def test_yes_and_no_at_once_leave_one_truth(monkeypatch):
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    row = asked(asking(taken=1))
    results = at_once(
        *[lambda: confirmations.confirm(party=row.party, registrations=[row.pk], now=WEEK_BEFORE)] * 3,
        lambda: registrations.cancel(party=row.party, now=WEEK_BEFORE),
    )
    answered = [each for each in results[:3] if isinstance(each, list)]
    assert sum(len(each) for each in answered) <= 1, "said once, however often pressed"
    assert [type(each) for each in results if isinstance(each, Exception)] == [Refusal] * (3 - len(answered))
    row.refresh_from_db()
    assert (row.state, Activity.objects.get().taken) == ("cancelled", 0)


def test_silence_takes_no_place_away_but_the_reminder_asks_again():
    activity = asking(taken=2)
    silent, said = asked(activity, "Anna"), asked(activity, "Zane", attendance_confirmed_at=WEEK_BEFORE)
    assert reminders.send(now=STARTS - timedelta(days=1, hours=23)) == 2
    letters = {letter.to: letter for letter in Message.objects.filter(kind="reminder")}
    assert ("/naksu/" in letters["anna@example.lv"].text, "/naksu/" in letters["zane@example.lv"].text) == (True, False)
    assert letters["anna@example.lv"].subject != letters["zane@example.lv"].subject
    for row in (silent, said):
        row.refresh_from_db()
        assert row.state == "confirmed"


# The desk.


def decide(desk: Client, activity: Activity, **typed):
    return desk.post(reverse("courses:desk_decide", args=[activity.pk]), typed)


def test_who_is_silent_is_listed_with_a_telephone_and_a_yes_by_telephone_is_written_down(desk):
    activity = asking(taken=2)
    phone = f.PartyFactory(activity=activity, email="", phone="+37126123456")
    silent = asked(activity, "Anna", party=phone)
    asked(activity, "Zane", attendance_confirmed_at=WEEK_BEFORE)
    address = reverse("courses:desk_activity", args=[activity.pk])
    section = desk.get(address).content.decode().split('id="unanswered"')[1].split("</section>")[0]
    assert ("Anna Bērziņa" in section, "2612" in section, "Zane" in section) == (True, True, False)
    for _twice in range(2):
        assert decide(desk, activity, action="attends", registration=silent.pk).status_code == 302
    silent.refresh_from_db()
    assert silent.attendance_confirmed_at == WEEK_BEFORE
    assert list(Decision.objects.values_list("what", "registration", "people")) == [("attends", silent.pk, 1)]
    assert 'id="unanswered"' not in desk.get(address).content.decode()


def test_a_yes_by_telephone_needs_a_place(desk):
    activity = asking()
    row = place(activity, state="queued")
    assert decide(desk, activity, action="attends", registration=row.pk).status_code == 422
    assert Decision.objects.count() == 0


def test_those_who_are_silent_can_be_written_to():
    activity = asking()
    asked(activity, "Anna")
    asked(activity, "Zane", attendance_confirmed_at=WEEK_BEFORE)
    group = bulletins.group(activity=activity, code="unanswered")
    assert [party.email for party in group.parties] == ["anna@example.lv"]


@pytest.mark.parametrize(("days", "named"), [(4, False), (3, True)])
def test_today_names_who_is_silent_three_days_before(desk, monkeypatch, days, named):
    activity = asking(title="Pērļošana")
    asked(activity)
    asked(activity, "Zane")
    monkeypatch.setattr("django.utils.timezone.now", lambda: STARTS - timedelta(days=days))
    page = desk.get("/en/darbs/").content.decode()
    assert ('data-decision="unanswered"' in page) is named
    assert ("2 people have not said whether they will come." in page) is named
    if named:
        assert f'href="/en/darbs/aktivitates/{activity.pk}/#unanswered"' in page


# The term.


@pytest.mark.parametrize(("days", "forgotten"), [(30, 0), (31, 1)])
def test_answers_are_taken_away_thirty_days_after_the_end(days, forgotten):
    row = asked(asking(), attendance_confirmed_at=WEEK_BEFORE)
    assert forgetting.forget_answers(now=at("2027-02-25 12:00") + timedelta(days=days)) == forgotten
    row.refresh_from_db()
    assert (row.attendance_asked_at is None, row.attendance_confirmed_at is None) == (bool(forgotten),) * 2
