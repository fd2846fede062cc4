"""The page of an overlap: who reads it, who decides, the thread; moved to where these people have nothing; another audience."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from coordinators.domain.access import reach
from courses.domain import programme
from courses.domain.overlaps import decisions, proposals, publishing, ways
from courses.domain.programme import shifting
from courses.models import Activity, JointOffer, Overlap, OverlapDecision, OverlapNote, Session
from ecosystem.dates import NBSP
from ecosystem.models import Message, User
from tests.factories import (
    NOW,
    TODAY,
    ActivityFactory,
    AudienceFactory,
    EducatorFactory,
    OverlapFactory,
    ParishFactory,
    PostFactory,
    RoomFactory,
    UserFactory,
    at,
)
from tests.harness.worlds import once
from tests.test_joints import World, letters, registered, somebody
from tests.test_overlaps import settle, smartphones

KEY = UUID("22222222-2222-4222-8222-222222222222")
LATER = NOW + timedelta(hours=1)
WHY = "Divas grupas, jo vienā visiem nepietiek vietas."


class Desk(World):
    """The same world with activities that are to come whenever the tests run."""

    def __init__(self) -> None:
        self.now = timezone.now()
        start = self.now + timedelta(days=30)
        super().__init__(first=start)
        self.gone = ActivityFactory(title="Telefons no pašiem pamatiem", lead=self.jau, first=start, weeks=3)
        self.overlap = OverlapFactory(one=self.kept, other=self.gone)
        self.path = f"/darbs/parklasanas/{self.overlap.pk}/"

    def client(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client


@once
def desk() -> Desk:
    return Desk()


def page(desk: Desk, user: User, tail: str = "") -> Any:
    return desk.client(user).get(desk.path + tail)


# Reading.


@pytest.mark.parametrize("who", ["ilze", "elina", "martins", "far", "stranger", "arta"])
def test_whoever_sees_both_reads_it(desk: Desk, who: str) -> None:
    answer = page(desk, getattr(desk, who))
    assert answer.status_code == 200
    text = answer.content.decode()
    for said in (
        "Viedtālrunis senioriem",
        "Telefons no pašiem pamatiem",
        "Abas paredzētas senioriem.",
        "Jaunatnes lietu nodaļa",
    ):
        assert said in text


def test_in_english_the_reasons_are_english(desk: Desk) -> None:
    text = desk.client(desk.ilze).get(f"/en{desk.path}").content.decode()
    assert "Both for seniors." in text and "Abas paredzētas senioriem." not in text


def test_a_draft_is_its_own_department_s(desk: Desk) -> None:
    Activity.objects.filter(pk=desk.gone.pk).update(status="draft", published_at=None)
    asked = {who: page(desk, getattr(desk, who)).status_code for who in ("ilze", "elina", "far", "stranger", "arta")}
    assert asked == {"ilze": 404, "elina": 200, "far": 200, "stranger": 404, "arta": 200}


def test_without_a_post_nobody_reads_it(desk: Desk) -> None:
    assert page(desk, UserFactory(email="bez@example.lv")).status_code == 403


def test_what_is_not_there_is_not_there(desk: Desk) -> None:
    for tail in ("", "kopigi/", "parcelt/", "merkgrupa/"):
        assert desk.client(desk.ilze).get(f"/darbs/parklasanas/{desk.overlap.pk + 99}/{tail}").status_code == 404


@pytest.mark.parametrize("tail", ["parcelt/", "merkgrupa/"])
@pytest.mark.parametrize(
    ("who", "code"), [("ilze", 200), ("elina", 200), ("arta", 200), ("far", 403), ("stranger", 403)]
)
def test_who_may_change_one_of_the_two_decides(desk: Desk, who: str, code: int, tail: str) -> None:
    client = desk.client(getattr(desk, who))
    assert client.get(desk.path + tail).status_code == code
    if code == 403:
        assert client.post(desk.path + tail, {"days": "7"}).status_code == 403
        assert client.post(desk.path, {"step": "ahead", "words": WHY}).status_code == 403


def test_the_page_asks_the_same_for_one_and_for_three(desk: Desk, same_queries: Any) -> None:
    client = desk.client(desk.ilze)

    def add(number: int) -> None:
        decisions.go_ahead(overlap=desk.overlap, activity=desk.kept, words=f"{WHY} {number}", by=desk.ilze, now=NOW)
        decisions.note(overlap=desk.overlap, department=desk.muz, text=f"Sveiki {number}", by=desk.ilze, now=NOW)
        JointOffer.objects.create(
            overlap=desk.overlap, offering=desk.kept, keeps=desk.kept, offered_by=desk.muz, offered_to=desk.jau,
            by=desk.ilze, at=NOW, answer="declined", answered_by=desk.elina, answered_at=NOW,
        )  # fmt: skip

    same_queries(15, add=add, visit=lambda: client.get(desk.path))


# Going ahead, and the thread.


def test_go_ahead_because(desk: Desk) -> None:
    client = desk.client(desk.ilze)
    for _twice in range(2):
        assert client.post(desk.path, {"step": "ahead", "words": WHY}).status_code == 302
    decision = OverlapDecision.objects.get()
    desk.overlap.refresh_from_db()
    assert (desk.overlap.decision, decision.what, decision.words, decision.department, decision.by) == (
        decision,
        "ahead",
        WHY,
        desk.muz,
        desk.ilze,
    )
    assert (decision.basis, decision.reasons, decision.version) == (desk.overlap.basis, desk.overlap.reasons, 1)
    assert letters("overlap_decided") == ["elīna@example.lv", "mārtiņš@example.lv"]
    assert WHY in Message.objects.filter(kind="overlap_decided")[0].text
    text = page(desk, desk.elina).content.decode()
    assert WHY in text and "Ilze" in text


@pytest.mark.parametrize("words", ["", "   ", "a" * 1001])
def test_going_ahead_needs_words(desk: Desk, words: str) -> None:
    answer = desk.client(desk.ilze).post(desk.path, {"step": "ahead", "words": words})
    text = answer.content.decode()
    assert (answer.status_code, OverlapDecision.objects.count()) == (422, 0)
    assert "<title>Kļūda:" in text and words in text


def test_a_later_decision_stands_and_the_earlier_is_kept(desk: Desk) -> None:
    first = decisions.go_ahead(overlap=desk.overlap, activity=desk.kept, words=WHY, by=desk.ilze, now=NOW)
    second = decisions.go_ahead(overlap=desk.overlap, activity=desk.gone, words="Citi.", by=desk.elina, now=LATER)
    first.refresh_from_db(), desk.overlap.refresh_from_db()
    assert (first.ended_at, second.ended_at, desk.overlap.decision) == (LATER, None, second)
    text = page(desk, desk.ilze).content.decode()
    assert WHY in text and "Citi." in text
    assert "to aizstāja cits lēmums" in text and "uz ko tas balstījās" not in text


def test_a_decision_of_an_old_page_is_asked_once_more(desk: Desk) -> None:
    client = desk.client(desk.ilze)

    def press(seen: str) -> Any:
        return client.post(desk.path, {"step": "ahead", "words": WHY, "seen": seen})

    def shown(answer: Any) -> str:
        found = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())
        assert found is not None
        return found[1]

    old = shown(client.get(desk.path))
    # Meanwhile the other side decides; then it is another question.
    other = decisions.go_ahead(overlap=desk.overlap, activity=desk.gone, words="Citi.", by=desk.elina, now=NOW)
    answer = press(old)
    assert (answer.status_code, OverlapDecision.objects.get()) == (422, other)
    assert WHY in answer.content.decode() and "Pa to laiku" in answer.content.decode()
    older = shown(answer)
    Overlap.objects.filter(pk=desk.overlap.pk).update(basis="b" * 32, decision=None)
    assert press(older).status_code == 422
    now = shown(client.get(desk.path))
    assert [press(now).status_code, press(now).status_code] == [302, 302]
    assert OverlapDecision.objects.exclude(pk=other.pk).get().words == WHY


@pytest.mark.parametrize("kept", ["decision", "note", "offer"])
def test_what_was_decided_or_written_outlives_a_plan_taken_back(desk: Desk, kept: str) -> None:
    Activity.objects.filter(pk=desk.kept.pk).update(status="planned", published_at=None)
    if kept == "decision":
        decisions.go_ahead(overlap=desk.overlap, activity=desk.gone, words=WHY, by=desk.elina, now=NOW)
    elif kept == "note":
        decisions.note(overlap=desk.overlap, department=desk.jau, text="Sveiki", by=desk.elina, now=NOW)
    else:
        desk.offer(by=desk.elina, keeps=desk.gone)
    draft = programme.take_back(activity=desk.kept, now=LATER)
    with pytest.raises(programme.Refused, match="glabājas vienmēr"):
        programme.discard(activity=draft)
    assert Activity.objects.filter(pk=draft.pk).exists()


def test_about_a_draft_nothing_is_agreed(desk: Desk) -> None:
    Activity.objects.filter(pk=desk.kept.pk).update(status="draft", published_at=None)
    client = desk.client(desk.ilze)
    text = client.get(desk.path).content.decode()
    assert "Vispirms to ieplānojiet" in text and 'value="ahead"' not in text and 'value="note"' not in text
    assert client.post(desk.path, {"step": "ahead", "words": WHY}).status_code == 422
    assert client.post(desk.path, {"step": "note", "text": "Sveiki"}).status_code == 422
    assert (OverlapDecision.objects.count(), OverlapNote.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_what_overlaps_no_more_is_not_decided(desk: Desk) -> None:
    Overlap.objects.filter(pk=desk.overlap.pk).update(ended_at=NOW)
    answer = desk.client(desk.ilze).post(desk.path, {"step": "ahead", "words": WHY})
    assert (answer.status_code, OverlapDecision.objects.count()) == (422, 0)
    assert WHY in answer.content.decode()


def test_both_sides_write_and_a_double_click_writes_one(desk: Desk) -> None:
    for _twice in range(2):
        answer = desk.client(desk.far).post(desk.path, {"step": "note", "text": "Mums der.", "key": str(KEY)})
        assert answer.status_code == 302
    note = OverlapNote.objects.get()
    assert (note.department, note.by, note.text) == (desk.jau, desk.far, "Mums der.")
    assert letters("overlap_note") == ["ilze@example.lv"]
    assert "Mums der." in page(desk, desk.ilze).content.decode()


def test_departments_beside_read_and_do_not_write(desk: Desk) -> None:
    client = desk.client(desk.stranger)
    assert 'value="note"' not in client.get(desk.path).content.decode()
    assert client.post(desk.path, {"step": "note", "text": "Sveiki"}).status_code == 403


@pytest.mark.parametrize("text", ["", "a" * 1001])
def test_a_note_says_something(desk: Desk, text: str) -> None:
    answer = desk.client(desk.ilze).post(desk.path, {"step": "note", "text": text})
    assert (answer.status_code, OverlapNote.objects.count()) == (422, 0)
    assert text in answer.content.decode()


def test_an_unknown_step_is_no_step(desk: Desk) -> None:
    for tail in ("", "kopigi/"):
        assert desk.client(desk.ilze).post(desk.path + tail, {"step": "maybe"}).status_code == 404


# Joint, on its page.


def test_offered_accepted_and_led_on(desk: Desk) -> None:
    registered(desk.gone, "Anna")
    ilze = desk.client(desk.ilze)
    text = ilze.get(f"{desk.path}kopigi/").content.decode()
    # The fuller stays unless one says otherwise.
    assert f'value="{desk.gone.pk}" required id="id_keeps_1" checked' in text
    shown = ilze.post(f"{desk.path}kopigi/", {"step": "preview", "keeps": desk.kept.pk, "note": "Kopā?"})
    assert shown.status_code == 200
    assert "1 cilvēks pāriet uz šo aktivitāti" in shown.content.decode() and "Kopā?" in shown.content.decode()
    seen = shown.context["seen"]
    sent = ilze.post(f"{desk.path}kopigi/", {"step": "offer", "keeps": desk.kept.pk, "note": "Kopā?", "seen": seen})
    assert sent.status_code == 302
    offer = JointOffer.objects.get()
    elina = desk.client(desk.elina)
    asked = elina.get(f"{desk.path}kopigi/")
    assert "Kopā?" in asked.content.decode() and 'value="accept"' in asked.content.decode()
    done = elina.post(f"{desk.path}kopigi/", {"step": "accept", "offer": offer.pk, "seen": asked.context["seen"]})
    assert done.status_code == 302
    desk.reload()
    assert desk.gone.joined_into == desk.kept
    stranger = Client()
    for path in (desk.gone.get_absolute_url(), f"/aktivitates/{desk.gone.pk}-veca-adrese/"):
        led = stranger.get(path)
        assert (led.status_code, led["Location"]) == (
            301,
            f"{desk.kept.get_absolute_url()}?apvienota={desk.gone.pk}",
        )
    there = stranger.get(led["Location"]).content.decode()
    assert "«Telefons no pašiem pamatiem» tagad notiek kopā ar šo aktivitāti." in there
    assert "Kopīga aktivitāte: Mūžizglītības nodaļa un Jaunatnes lietu nodaļa." in there
    decided = elina.get(desk.path).content.decode()
    assert "Izlemts" in decided and "Pārklāšanās beidzās" not in decided


def test_between_the_look_and_the_press_somebody_registers(desk: Desk) -> None:
    elina, offer = desk.client(desk.elina), desk.offer()
    seen = elina.get(f"{desk.path}kopigi/").context["seen"]
    registered(desk.gone, "Anna")
    sent = {"step": "accept", "offer": offer.pk, "seen": seen, "note": "Labprāt."}
    answer = elina.post(f"{desk.path}kopigi/", sent)
    assert (answer.status_code, JointOffer.objects.get().answer) == (422, "")
    assert "Pa to laiku" in answer.content.decode() and "Labprāt." in answer.content.decode()
    again = elina.post(f"{desk.path}kopigi/", {**sent, "seen": answer.context["seen"]})
    assert (again.status_code, JointOffer.objects.get().answer) == (302, "accepted")


def test_who_answers_and_who_withdraws(desk: Desk) -> None:
    offer = desk.offer()
    for who, step, code in (
        ("ilze", "accept", 403),
        ("far", "decline", 403),
        ("stranger", "accept", 403),
        ("elina", "withdraw", 403),
        ("martins", "decline", 302),
    ):
        answer = desk.client(getattr(desk, who)).post(f"{desk.path}kopigi/", {"step": step, "offer": offer.pk})
        assert answer.status_code == code, (who, step)
    again = desk.offer()
    assert (
        desk.client(desk.ilze).post(f"{desk.path}kopigi/", {"step": "withdraw", "offer": again.pk}).status_code == 302
    )
    assert JointOffer.objects.order_by("pk").values_list("answer", flat=True)[1] == "withdrawn"
    # A page of before the answer.
    late = desk.client(desk.elina).post(f"{desk.path}kopigi/", {"step": "accept", "offer": again.pk, "seen": ""})
    assert late.status_code == 422


def test_a_neighbour_s_offer_is_not_answered_here(desk: Desk) -> None:
    other = OverlapFactory(one=desk.gone, other=ActivityFactory(title="Trešais", lead=desk.lab))
    offer = JointOffer.objects.create(
        overlap=other, offering=desk.gone, keeps=desk.gone, offered_by=desk.jau, offered_to=desk.lab, at=NOW
    )
    answer = desk.client(desk.elina).post(f"{desk.path}kopigi/", {"step": "accept", "offer": offer.pk})
    assert answer.status_code == 404


# Leading on.


@pytest.fixture
def joined(desk: Desk) -> Desk:
    registered(desk.gone, "Anna")
    desk.accept(desk.offer())
    desk.reload()
    return desk


def test_the_registration_form_leads_on_with_all_that_was_typed(joined: Desk) -> None:
    stranger = Client()
    path = f"/aktivitates/{joined.gone.pk}-{joined.gone.slug}/pieteikties/"
    there = f"/aktivitates/{joined.kept.pk}-{joined.kept.slug}/pieteikties/"
    answer = stranger.get(path)
    assert (answer.status_code, answer["Location"]) == (301, f"{there}?apvienota={joined.gone.pk}")
    assert "tagad notiek kopā" in stranger.get(answer["Location"]).content.decode()
    for tail in ("", "parbaudit/"):
        sent = stranger.post(path + tail, {"people-0-given_name": "Zigfrīds", "contact_email": "zigis@example.lv"})
        text = sent.content.decode()
        assert sent.status_code == 409
        assert f'action="{there}"' in text and "Zigfrīds" in text and "zigis@example.lv" in text


def test_who_follows_its_calendar_sees_it_called_off_and_goes_on(joined: Desk) -> None:
    file = Client().get(f"/aktivitates/{joined.gone.pk}-{joined.gone.slug}/kalendars.ics").content.decode()
    assert (file.count("STATUS:CANCELLED"), file.count("BEGIN:VEVENT")) == (3, 7)


def test_its_poster_and_its_short_address_lead_on(joined: Desk) -> None:
    poster = Client().get(f"/aktivitates/{joined.gone.pk}-{joined.gone.slug}/afisa.pdf")
    assert (poster.status_code, poster["Location"]) == (
        301,
        f"/aktivitates/{joined.kept.pk}-{joined.kept.slug}/afisa.pdf",
    )
    short = Client().get(f"/a/{joined.gone.pk}/", follow=True)
    assert short.redirect_chain[-1][0].startswith(joined.kept.get_absolute_url())


def test_the_link_of_who_was_carried_shows_what_stays(joined: Desk) -> None:
    (url,) = {
        link["url"] for m in Message.objects.filter(kind="carried_over") for link in m.links if link["rel"] == "party"
    }
    text = Client().get(url.partition("//")[2].partition("/")[1] + url.partition("//")[2].partition("/")[2]).content
    assert "Viedtālrunis senioriem" in text.decode() and "Jums ir vieta" in text.decode()


@pytest.mark.parametrize("asked", ["x", "99999999999999999999", "1"])
def test_a_made_up_way_says_nothing(joined: Desk, asked: str) -> None:
    text = Client().get(f"{joined.kept.get_absolute_url()}?apvienota={asked}")
    assert text.status_code == 200 and "tagad notiek kopā" not in text.content.decode()


# Moved.


def test_proposed_are_weeks_in_which_these_people_have_nothing(db: None) -> None:
    """Both on four Thursdays of February; in March the other department has one more for seniors."""
    one, other = smartphones("MUZ"), smartphones("JAU", title="Kā lietot viedtālruni")
    smartphones("LAB", title="Sarunas senioriem", first=at("2027-03-25 10:00"), weeks=2)
    settle(*Activity.objects.order_by("pk"))
    overlap = Overlap.objects.select_related("first", "second").get()
    found = proposals.dates(activity=one, overlap=overlap, reach=reach(PostFactory().holder, on=TODAY), now=NOW)
    assert [(each.days, each.shift.first_on, each.shift.last_on, each.beside) for each in found] == [
        (63, date(2027, 4, 8), date(2027, 4, 29), 0),
        (70, date(2027, 4, 15), date(2027, 5, 6), 0),
        (77, date(2027, 4, 22), date(2027, 5, 13), 0),
    ]
    assert other.pk != one.pk


def test_moved_the_overlap_ends_and_people_are_told(db: None) -> None:
    one, other = smartphones("MUZ", capacity=12), smartphones("JAU", title="Kā lietot viedtālruni")
    settle(one, other)
    overlap = Overlap.objects.select_related("first", "second").get()
    registered(one, "Anna")
    by = PostFactory().holder
    assert ways.move(overlap=overlap, activity=one, days=49, by=by, now=NOW) == 1
    one.refresh_from_db(), overlap.refresh_from_db()
    decision = OverlapDecision.objects.get()
    assert one.starts_at == at("2027-03-25 10:00")
    assert (overlap.ended_at, overlap.decision, decision.what) == (NOW, decision, "move")
    assert decision.words.replace(NBSP, " ") == "4. februāris – 25. februāris → 25. marts – 15. aprīlis"
    assert letters("session_moved") == ["anna@example.lv"]
    with pytest.raises(programme.Refused):
        ways.move(overlap=overlap, activity=one, days=7, by=by, now=NOW)


def test_moved_but_not_far_enough_the_question_is_asked_anew(db: None) -> None:
    one, other = smartphones("MUZ"), smartphones("JAU", title="Kā lietot viedtālruni")
    settle(one, other)
    overlap = Overlap.objects.select_related("first", "second").get()
    ways.move(overlap=overlap, activity=one, days=14, by=None, now=NOW)
    overlap.refresh_from_db()
    assert (overlap.is_open, OverlapDecision.objects.get().ended_at) == (True, NOW)


def test_moved_by_a_press(desk: Desk) -> None:
    client = desk.client(desk.ilze)
    start = desk.kept.starts_at
    assert client.post(f"{desk.path}parcelt/", {"days": "140"}).status_code == 302
    desk.reload()
    assert start is not None and desk.kept.starts_at is not None
    assert timezone.localtime(desk.kept.starts_at).replace(tzinfo=None) == timezone.localtime(start).replace(
        tzinfo=None
    ) + timedelta(days=140)
    for days in ("", "x", "9999"):
        assert client.post(f"{desk.path}parcelt/", {"days": days}).status_code == 422


# All sessions at once.


def test_pressed_twice_it_moves_once(desk: Desk) -> None:
    """So near that the two overlap still: the second press is of a page that tells of other days."""
    settle(desk.kept, desk.gone)
    client = desk.client(desk.elina)
    seen = client.get(f"{desk.path}parcelt/").context["seen"]
    before = Activity.objects.get(pk=desk.gone.pk).starts_at
    answers = [client.post(f"{desk.path}parcelt/", {"days": "7", "seen": seen}) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "Pa to laiku" in answers[1].content.decode()
    moved = Activity.objects.get(pk=desk.gone.pk).starts_at
    assert before is not None and moved is not None and (moved - before).days == 7
    desk.overlap.refresh_from_db()
    assert desk.overlap.ended_at is None


def test_the_same_rows_move_and_holidays_are_passed_over(db: None) -> None:
    activity = ActivityFactory(registration_closes_at=at("2027-02-01 12:00"))
    keys = list(activity.sessions.order_by("starts_at").values_list("pk", flat=True))
    moved = programme.shift(activity=activity, days=77, now=NOW)
    rows = list(Session.objects.filter(activity=activity).order_by("starts_at"))
    # Independence is restored on the fourth of May, a Tuesday: nothing to pass over; Thursdays all.
    assert [row.starts_at for row in rows] == [at(f"2027-{day} 10:00") for day in ("04-22", "04-29", "05-06", "05-13")]
    assert sorted(row.pk for row in rows) == sorted(keys)
    assert (moved.registration_closes_at, {row.moved for row in rows}) == (at("2027-04-19 12:00"), {1})
    onto = programme.shift(activity=activity, days=42, now=NOW)
    # 24 June is midsummer.
    assert [f"{row.starts_at:%m-%d}" for row in Session.objects.filter(activity=activity).order_by("starts_at")] == [
        *("06-03", "06-10", "06-17", "07-01"),
    ]
    assert onto.ends_at == at("2027-07-01 12:00")


def test_by_one_week_sessions_pass_each_other(db: None) -> None:
    activity = ActivityFactory()
    for days in (7, -7):
        programme.shift(activity=activity, days=days, now=NOW)
    assert [f"{row.starts_at:%m-%d}" for row in activity.sessions.order_by("starts_at")] == [
        *("02-04", "02-11", "02-18", "02-25"),
    ]


def test_a_taken_room_is_left_open_and_said(db: None) -> None:
    hall = RoomFactory()
    activity, there = ActivityFactory(), ActivityFactory(title="Koris", first=at("2027-03-04 10:00"), weeks=1)
    Session.objects.update(room=hall)
    planned = programme.plan_shift(activity=activity, days=28, now=NOW)
    assert list(shifting.without_room(activity=activity, shift=planned).values()) == [there.sessions.get()]
    programme.shift(activity=activity, days=28, now=NOW)
    assert [row.room for row in activity.sessions.order_by("starts_at")] == [None, hall, hall, hall]


def test_who_leads_elsewhere_then_stands_in_the_way(db: None) -> None:
    anna = EducatorFactory()
    activity = ActivityFactory(educators=[anna])
    ActivityFactory(title="Koris", first=at("2027-03-04 10:00"), weeks=1, educators=[anna])
    planned = programme.plan_shift(activity=activity, days=28, now=NOW)
    assert [clash.educator for clash in shifting.clashes(activity=activity, shift=planned, now=NOW)] == [anna]
    with pytest.raises(programme.Refused, match="Anna Kalniņa"):
        programme.shift(activity=activity, days=28, now=NOW)
    # To where it stands itself is no clash.
    assert (
        shifting.clashes(activity=activity, shift=programme.plan_shift(activity=activity, days=-7, now=NOW), now=NOW)
        == []
    )


@pytest.mark.parametrize(
    ("said", "days"), [({"status": "cancelled", "cancelled_at": NOW}, 7), ({}, -28), ({"sessions": []}, 7)]
)
def test_what_cannot_be_moved_as_a_whole(db: None, said: dict[str, Any], days: int) -> None:
    activity = ActivityFactory(status="draft") if "sessions" in said else ActivityFactory(**said)
    activity.sessions.all().delete() if "sessions" in said else None
    with pytest.raises(programme.Refused):
        programme.shift(activity=activity, days=days, now=NOW)


def test_what_has_begun_is_moved_one_by_one(db: None) -> None:
    activity = ActivityFactory(first=NOW - timedelta(days=1))
    with pytest.raises(programme.Refused, match="pa vienai"):
        programme.shift(activity=activity, days=7, now=NOW)


# Another parish, another audience.


def test_parishes_where_such_people_have_nothing(db: None) -> None:
    one, other = smartphones("MUZ"), smartphones("JAU", title="Kā lietot viedtālruni")
    far = ParishFactory(code="0540211", name="Vecais pagasts", centre_name="Vecais", lat=56.75, lon=23.2)
    served = ParishFactory(code="0540222", name="Jaunais pagasts", centre_name="Jaunais", lat=56.1, lon=22.9)
    smartphones("LAB", title="Sarunas senioriem", parish=served, centre=None)
    settle(*Activity.objects.order_by("pk"))
    head = PostFactory(kind="head", parishes=[]).holder
    assert proposals.parishes(activity=one, reach=reach(head, on=TODAY), now=NOW) == [far]
    coordinator = PostFactory(holder=UserFactory(email="k@example.lv")).holder
    assert proposals.parishes(activity=one, reach=reach(coordinator, on=TODAY), now=NOW) == []
    assert other.pk


def test_audiences_that_have_nothing_there_in_these_months(db: None) -> None:
    one, other = smartphones("MUZ"), smartphones("JAU", title="Kā lietot viedtālruni")
    children = AudienceFactory(code="children", name="Bērni", dative="Bērniem", age_min=7, age_max=12)
    young = AudienceFactory(code="young", name="Jaunieši", dative="Jauniešiem", age_min=13, age_max=30)
    smartphones("LAB", title="Futbols", audiences=[children])
    settle(*Activity.objects.order_by("pk"))
    post = PostFactory()
    assert proposals.audiences(activity=one, reach=reach(post.holder, on=TODAY), now=NOW) == [young]
    overlap = Overlap.objects.select_related("first", "second").get()
    changed = ways.change_audience(overlap=overlap, activity=one, audience=young, by=post.holder, now=NOW)
    overlap.refresh_from_db()
    decision = OverlapDecision.objects.get()
    assert (list(changed.audiences.all()), decision.what, decision.words) == ([young], "audience", "Seniori → Jaunieši")
    assert (overlap.ended_at, overlap.decision) == (NOW, decision)
    assert other.pk


def test_an_audience_that_has_the_same_in_the_next_parish_is_not_proposed(db: None) -> None:
    one, _other = smartphones("MUZ"), smartphones("JAU", title="Kā lietot viedtālruni")
    young = AudienceFactory(code="young", name="Jaunieši", dative="Jauniešiem", age_min=13, age_max=30)
    grown = AudienceFactory(code="grown", name="Pieaugušie", dative="Pieaugušajiem", age_min=31, age_max=59)
    near = ParishFactory(code="0540208", name="Sesavas pagasts", lat=one.parish.lat + 0.02, lon=one.parish.lon)
    smartphones("LAB", parish=near, centre=None, audiences=[young])
    settle(*Activity.objects.order_by("pk"))
    assert proposals.audiences(activity=one, reach=reach(PostFactory().holder, on=TODAY), now=NOW) == [grown]


def test_for_another_audience_by_a_press(desk: Desk) -> None:
    young = AudienceFactory(code="young", name="Jaunieši", dative="Jauniešiem", age_min=13, age_max=30)
    Activity.objects.filter(pk=desk.kept.pk).update(age_min=60)
    client = desk.client(desk.ilze)
    assert client.post(f"{desk.path}merkgrupa/", {"audience": "nobody"}).status_code == 404
    assert client.post(f"{desk.path}merkgrupa/", {"audience": ""}).status_code == 422
    assert client.post(f"{desk.path}merkgrupa/", {"audience": "young"}).status_code == 302
    desk.reload()
    assert (list(desk.kept.audiences.all()), desk.kept.age_min) == ([young], None)


def test_what_people_registered_for_keeps_its_audience(desk: Desk) -> None:
    AudienceFactory(code="young", name="Jaunieši")
    registered(desk.kept, "Anna")
    answer = desk.client(desk.ilze).post(f"{desk.path}merkgrupa/", {"audience": "young"})
    assert (answer.status_code, OverlapDecision.objects.count()) == (422, 0)


def test_who_may_change_both_decides_for_either(desk: Desk) -> None:
    text = page(desk, desk.arta).content.decode()
    assert f"?aktivitate={max(desk.kept.pk, desk.gone.pk)}#ways" in text
    AudienceFactory(code="young", name="Jaunieši")
    sent = {"audience": "young", "activity": desk.gone.pk}
    assert desk.client(desk.arta).post(f"{desk.path}merkgrupa/", sent).status_code == 302
    assert [one.pk for one in desk.gone.audiences.all()] == ["young"]


# Which ways make sense.


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"joint", "move", "audience", "ahead"}),
        ({"taken": 1}, {"joint", "move", "ahead"}),
        ({"starts_at": NOW - timedelta(days=1)}, {"joint", "ahead"}),
        ({"status": "draft", "published_at": None}, {"move", "audience"}),
        ({"status": "cancelled", "cancelled_at": NOW}, set()),
        ({"status": "completed"}, set()),
    ],
)
def test_only_what_makes_sense_is_offered(db: None, changes: dict[str, Any], expected: set[str]) -> None:
    world = World()
    Activity.objects.filter(pk=world.kept.pk).update(**changes)
    overlap = Overlap.objects.select_related("first", "second").get(pk=world.overlap.pk)
    mine = overlap.first if overlap.first_id == world.kept.pk else overlap.second
    assert ways.open_for(overlap=overlap, activity=mine, now=NOW) == expected


def test_a_decision_lets_it_be_published(db: None) -> None:
    one = smartphones("MUZ", status="planned")
    smartphones("JAU", title="Kā lietot viedtālruni")
    with pytest.raises(publishing.Undecided) as undecided:
        publishing.publish(activity=one, now=NOW)
    (overlap,) = undecided.value.overlaps
    decisions.go_ahead(overlap=overlap, activity=one, words=WHY, by=None, now=NOW)
    assert publishing.publish(activity=one, now=LATER).status == "published"


def test_a_partner_is_told_of_changed_sessions(db: None) -> None:
    from courses.domain import calling_off, moving

    world = World()
    world.kept.partners.add(world.jau)
    moving.all_sessions(activity=world.kept, days=7, by=world.ilze, now=NOW)
    assert letters("partner_changed") == ["elīna@example.lv", "mārtiņš@example.lv"]
    session = world.kept.sessions.order_by("starts_at").first()
    assert session is not None
    calling_off.session(session=session, reason="Slimība", by=world.ilze, now=NOW)
    assert len(letters("partner_changed")) == 4
    text = Message.objects.filter(kind="partner_changed").latest("pk").text
    assert somebody("Anna") and world.kept.title in text
