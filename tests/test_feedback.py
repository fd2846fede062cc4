"""How it was: asked once, answered once without a name, shown from five answers on, five at a time."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse
from django.utils import translation

from courses import schedule
from courses.domain import feedback, forgetting, programme
from courses.domain.refusals import Refusal, Refusals
from courses.models import Activity, Feedback, FeedbackRound, FeedbackTicket, Party, Registration
from ecosystem import tasks
from ecosystem.models import Message
from tests import factories as f
from tests.factories import at
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db
ENDED = at("2027-02-25 12:00")
DAY_AFTER = at("2027-02-26 10:00")
MARKS = {"worth": 4, "before": 2, "after": 3}


def over(**more) -> Activity:
    return f.ActivityFactory(status="completed", **more)


def person(activity: Activity, name: str = "Anna", *, came: str = "present", **more) -> Registration:
    row = f.RegistrationFactory(
        party=f.PartyFactory(activity=activity, email=f"{name.lower()}@example.lv", **more), resident__given_name=name
    )
    if came:
        f.AttendanceFactory(registration=row, presence=came)
    return row


def token_in(message: Message) -> str:
    return message.links[0]["url"].rstrip("/").rsplit("/", 1)[1]


def asked(count: int = 1, **more) -> tuple[Activity, list[str]]:
    """An activity whose people were asked the day after, and their links."""
    activity = over(**more)
    for number in range(count):
        person(activity, f"P{number}")
    feedback.ask(now=DAY_AFTER)
    return activity, [token_in(m) for m in Message.objects.filter(kind="feedback").order_by("to")]


def say(token: str, *, form: UUID | None = None, word: str = "", now=DAY_AFTER, language="lv", **marks: int) -> int:
    return feedback.answer(
        token=token, form=form or uuid4(), marks={**MARKS, **marks}, word=word, language=language, now=now
    )


@pytest.fixture
def clock(monkeypatch):
    """It is the day after, for the views too."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: DAY_AFTER)


@pytest.fixture
def desk(client, clock):
    client.force_login(f.PostFactory().holder)
    return client


# Asking.


def test_those_who_came_are_asked_once_the_day_after():
    activity = over()
    person(activity, "Anna")
    for name, came in (("Zane", "absent"), ("Ilze", "excused"), ("Maija", "")):
        person(activity, name, came=came)
    assert feedback.ask(now=ENDED + timedelta(hours=3)) == 0
    assert feedback.ask(now=at("2027-02-26 08:59")) == 0
    assert feedback.ask(now=DAY_AFTER) == 1
    assert feedback.ask(now=DAY_AFTER + timedelta(days=1)) == 0
    letter = Message.objects.get()
    assert (letter.to, letter.kind, letter.language) == ("anna@example.lv", "feedback", "lv")
    assert letter.links == [{"rel": "feedback", "url": f"http://localhost:8000/atsauksme/{token_in(letter)}/"}]
    opened = activity.feedback_round
    assert (opened.people, opened.asked_on.isoformat(), opened.closes_on.isoformat()) == (1, "2027-02-26", "2027-04-27")


def test_where_nobody_was_marked_all_with_a_place_are_asked_two_days_later():
    activity = over()
    person(activity, "Anna", came="")
    gone = person(activity, "Zane", came="")
    Registration.objects.filter(pk=gone.pk).update(state="cancelled", ended_at=ENDED)
    assert feedback.ask(now=at("2027-02-27 18:00")) == 0
    assert feedback.ask(now=at("2027-02-28 10:00")) == 1
    assert list(Message.objects.values_list("to", flat=True)) == ["anna@example.lv"]


@pytest.mark.parametrize("status", ["published", "cancelled", "planned"])
def test_only_what_is_over_is_asked_about(status):
    activity = over()
    person(activity)
    Activity.objects.update(status=status, cancelled_at=ENDED if status == "cancelled" else None)
    assert feedback.ask(now=DAY_AFTER) == 0
    assert activity.pk


def test_what_is_long_over_is_left_in_peace():
    person(over())
    assert feedback.ask(now=ENDED + timedelta(days=14, hours=1)) == 0


def test_a_family_gets_one_link_that_answers_for_each_and_in_its_language():
    activity = over(title="Keramika")
    party = f.PartyFactory(activity=activity, email="ozoli@example.lv", language="en")
    for name, guardian in (("Anna", ""), ("Jānis", "Anna Ozola")):
        row = f.RegistrationFactory(party=party, resident__given_name=name, resident__guardian_name=guardian)
        f.AttendanceFactory(registration=row)
    assert feedback.ask(now=DAY_AFTER) == 2
    letter = Message.objects.get()
    assert letter.subject == "How was it? Keramika"
    assert "http://localhost:8000/en/atsauksme/" in letter.text
    for said in ("The link answers 2 times", "For a child, answer together."):
        assert said in letter.text
    # A question without names names no registration.
    assert party.number not in letter.text + letter.html
    assert FeedbackTicket.objects.get().left == 2


def test_a_sensitive_activity_is_named_in_no_subject():
    sensitive = f.AudienceFactory(code="neet", is_sensitive=True)
    activity = over(title="Slepens", audiences=[sensitive])
    person(activity)
    person(activity, "Zane", phone="+37126123456").party.registrations.all()
    Party.objects.filter(email="zane@example.lv").update(email="")
    feedback.ask(now=DAY_AFTER)
    subjects = [(m.subject, "Slepens" in m.text) for m in Message.objects.order_by("channel")]
    assert subjects == [("Kā bija?", True), ("", False)]


def test_who_left_no_contact_or_was_forgotten_is_not_asked():
    activity = over()
    row = person(activity, "Anna")
    Party.objects.filter(pk=row.party_id).update(email="", channel="phone")
    assert feedback.ask(now=DAY_AFTER) == 0
    assert (FeedbackRound.objects.get().people, Message.objects.count()) == (0, 0)


def test_the_clock_completes_and_asks(monkeypatch):
    activity = f.ActivityFactory()
    person(activity)
    programme.complete_past(now=ENDED)
    monkeypatch.setattr("django.utils.timezone.now", lambda: DAY_AFTER)
    schedule.ask_how_it_was()
    assert Message.objects.filter(kind="feedback").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_once(monkeypatch):
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    for _number in range(8):
        person(over())
    people = at_once(*[lambda: feedback.ask(now=DAY_AFTER)] * 4)
    assert [each for each in people if not isinstance(each, int)] == []
    feedback.ask(now=DAY_AFTER)
    assert (Message.objects.count(), FeedbackTicket.objects.count()) == (8, 8)


# Answering.


def address(token: str) -> str:
    return reverse("courses:feedback", args=[token])


def send(client, token: str, **typed):
    fields = {"worth": "5", "before": "1", "after": "4", "word": "", "form_key": str(uuid4()), **typed}
    return client.post(address(token), {name: value for name, value in fields.items() if value is not None})


def test_a_link_answers_once_and_says_so_kindly(client, clock):
    activity, (token,) = asked()
    assert client.get(address(token)).status_code == 200
    assert Feedback.objects.count() == 0
    done = send(client, token, word="  Paldies,\nbija   labi. ")
    assert (done.status_code, done["Location"]) == (303, f"{address(token)}?paldies=1")
    assert 'data-outcome="answered"' in client.get(done["Location"]).content.decode()
    said = Feedback.objects.get()
    assert (said.activity, said.worth, said.before, said.after, said.word, said.language, said.stage) == (
        *(activity, 5, 1, 4),
        *("Paldies, bija labi.", "lv", "aside"),
    )
    again = send(client, token)
    assert (again.status_code, Feedback.objects.count()) == (410, 1)
    assert translation.gettext("This link has been used") in again.content.decode()
    assert client.get(address(token)).status_code == 410


def test_a_double_click_is_one_answer_and_a_family_answers_for_each(client, clock):
    activity = over()
    party = f.PartyFactory(activity=activity)
    for _number in range(2):
        f.AttendanceFactory(registration=f.RegistrationFactory(party=party))
    feedback.ask(now=DAY_AFTER)
    token = token_in(Message.objects.get())
    key = str(uuid4())
    for _twice in range(2):
        assert send(client, token, form_key=key).status_code == 303
    assert (Feedback.objects.count(), FeedbackTicket.objects.get().left) == (1, 1)
    assert f'href="{address(token)}"' in client.get(f"{address(token)}?paldies=1").content.decode()
    assert (send(client, token).status_code, send(client, token).status_code) == (303, 410)
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"worth": None}, ["worth"]),
        ({"worth": "6", "before": "0", "after": "x"}, ["worth", "before", "after"]),
        ({"after": "\x00"}, ["after"]),
        ({"word": "a" * 281}, ["word"]),
        ({"word": "a\x00b", "worth": None}, ["word", "worth"]),
    ],
)
def test_what_is_missing_is_said_at_once_and_nothing_typed_is_lost(client, clock, typed, wrong):
    _activity, (token,) = asked()
    page = send(client, token, **{"word": "Paldies", **typed})
    text = page.content.decode()
    assert (page.status_code, Feedback.objects.count(), FeedbackTicket.objects.get().left) == (422, 0, 1)
    for name in ("worth", "before", "after", "word"):
        assert (f'id="id_{name}_error"' in text) is (name in wrong), name
    if "word" not in typed:
        assert "Paldies</textarea>" in text
    if "before" not in wrong:
        assert text.split('name="before"')[1].split(">")[0].find("checked") > 0


@pytest.mark.parametrize("key", ["", "nav", "\x00", "9" * 400])
def test_a_form_without_a_key_of_ours_still_answers(client, clock, key):
    _activity, (token,) = asked()
    assert send(client, token, form_key=key).status_code == 303
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "A" * 22, "a" * 500, "ā", "..", "%00"])
def test_a_link_that_is_none_of_ours_says_so(client, clock, token):
    asked()
    for answer in (client.get(f"/atsauksme/{token}/"), client.post(f"/atsauksme/{token}/", {"worth": "1"})):
        assert answer.status_code == 404
    assert Feedback.objects.count() == 0


def test_a_link_dies_after_sixty_days(client, monkeypatch):
    _activity, (token,) = asked()
    last = at("2027-04-27 23:59")
    assert feedback.ticket(token=token, now=last).left == 1
    with pytest.raises(feedback.LinkUnknown):
        say(token, now=last + timedelta(minutes=1))
    assert forgetting.forget(now=last)["links"] == 0
    assert forgetting.forget(now=last + timedelta(days=1))["links"] == 1
    assert FeedbackTicket.objects.count() == 0


def test_an_english_reader_answers_in_english(client, clock):
    _activity, (token,) = asked()
    with translation.override("en"):
        english = address(token)
    page = client.get(english).content.decode()
    assert ("How was it?" in page, "Kā bija?" in page) == (True, False)
    client.post(english, {**{name: str(mark) for name, mark in MARKS.items()}, "word": "Fine"})
    assert list(Feedback.objects.values_list("word", "language")) == [("Fine", "en")]


def test_without_a_word_no_language_is_kept():
    _activity, (token,) = asked()
    say(token, language="en")
    assert Feedback.objects.get().language == ""


@pytest.mark.django_db(transaction=True)
def test_pressed_five_times_at_once_a_link_answers_once(monkeypatch):
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    _activity, (token,) = asked()
    results = at_once(*[lambda: say(token)] * 5)
    assert sorted(type(result).__name__ for result in results) == ["Refusal"] * 4 + ["int"]
    assert (Feedback.objects.count(), FeedbackTicket.objects.get().left) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_ten_people_at_once_lose_no_answer(monkeypatch):
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    activity, tokens = asked(10)
    results = at_once(*(lambda token=token: say(token) for token in tokens))
    assert results == [0] * 10
    assert feedback.results(activity=activity).totals.n == 10


# Nobody can tell whose it is.


def paths_between(model: type[models.Model]) -> set[str]:
    """What the model's rows point to."""
    return {field.related_model._meta.label for field in model._meta.concrete_fields if field.is_relation}


def test_no_column_leads_from_an_answer_to_a_person_or_a_ticket():
    assert paths_between(Feedback) == {"courses.Activity", "ecosystem.User"}
    assert paths_between(FeedbackTicket) == {"courses.FeedbackRound"}
    assert paths_between(FeedbackRound) == {"courses.Activity"}
    for model in (Feedback, FeedbackTicket):
        kinds = {type(field) for field in model._meta.concrete_fields}
        assert not kinds & {models.DateTimeField, models.DateField, models.TimeField}, "a moment is a trace"
        assert not isinstance(model._meta.pk, models.AutoField), "a running number is an order"
        assert not any(
            "Historical" in other.__name__ and model.__name__ in other.__name__ for other in apps.get_models()
        )
    # The one person on an answer is who hid it, and a link is kept by its digest alone.
    assert Feedback._meta.get_field("hidden_by").null
    _activity, (token,) = asked()
    assert token not in repr(list(FeedbackTicket.objects.values()))


def test_the_order_of_rows_betrays_nobody():
    """The box is shaken each time: who answered last lies anywhere, and tickets lie by their digests."""
    activity, tokens = asked(8)
    last = set()
    for _time in range(6):
        for place, token in enumerate(tokens):
            say(token, word=f"Vārds {place}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT word FROM courses_feedback ORDER BY ctid")
            last.add([row[0] for row in cursor.fetchall()].index("Vārds 7"))
            cursor.execute("SELECT digest FROM courses_feedbackticket ORDER BY ctid")
            assert [row[0] for row in cursor.fetchall()] == sorted(map(feedback.digest, tokens))
        Feedback.objects.filter(activity=activity).delete()
        tickets = list(FeedbackTicket.objects.order_by("digest"))
        FeedbackTicket.objects.all().delete()
        FeedbackTicket.objects.bulk_create(FeedbackTicket(digest=t.digest, round=t.round, left=1) for t in tickets)
    assert len(last) > 1


@pytest.mark.django_db(transaction=True)
def test_committed_answers_share_one_transaction_number(monkeypatch):
    """The same with real commits: without the shaking each answer would carry its ticket's number."""
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)
    _activity, tokens = asked(3)
    for token in tokens:
        say(token)
    with connection.cursor() as cursor:
        for table in ("courses_feedback", "courses_feedbackticket"):
            cursor.execute(f"SELECT count(DISTINCT xmin::text), count(*) FROM {table}")
            assert cursor.fetchone() == (1, 3)


# Reading.


def fill(activity: Activity, tokens: list[str], **marks: int) -> None:
    for token in tokens:
        say(token, **marks)


def test_answers_come_to_light_five_at_a_time():
    activity, tokens = asked(12)
    seen = []
    for token in tokens:
        say(token)
        found = feedback.results(activity=activity)
        seen.append((found.answered, found.totals.n, found.aside))
    assert [n for _answered, n, _aside in seen] == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10]
    assert seen[-1] == (12, 10, 2)


def test_the_figures_are_counts_means_and_how_many_gained():
    activity, tokens = asked(5)
    fill(activity, tokens[:2], worth=5, before=1, after=4)
    fill(activity, tokens[2:], worth=3, before=2, after=2)
    totals = feedback.results(activity=activity).totals
    assert (totals.n, totals.worth.counts, totals.worth.mean) == (5, (0, 0, 3, 0, 2), 3.8)
    assert (totals.before.mean, totals.after.mean, totals.gained) == (1.6, 2.8, 2)
    assert feedback.totals(activities=Activity.objects.none()).worth.mean is None


def test_what_is_left_counts_in_the_figures_of_whole_departments_and_nowhere_else():
    first, tokens = asked(3)
    fill(first, tokens)
    second = over(title="Cita")
    for number in range(2):
        person(second, f"Q{number}")
    feedback.ask(now=DAY_AFTER)
    mine = Activity.objects.filter(pk__in=[first.pk, second.pk])
    others = [token_in(m) for m in Message.objects.filter(to__startswith="q")]
    closed = at("2027-04-28 03:00")
    say(others[0])
    feedback.close(now=closed)
    assert feedback.totals(activities=mine, whole_departments=True).n == 0, "four are too few"
    Feedback.objects.create(activity=second, **MARKS)
    feedback.close(now=closed - timedelta(days=1))
    assert feedback.totals(activities=mine, whole_departments=True).n == 0, "the links still live"
    feedback.close(now=closed)
    assert feedback.totals(activities=mine, whole_departments=True).n == 5
    assert feedback.totals(activities=mine).n == 0
    assert feedback.results(activity=first).totals.n == 0


def results_page(desk, activity: Activity):
    return desk.get(reverse("courses:desk_feedback", args=[activity.pk]))


def test_below_five_the_page_says_only_how_many(desk):
    activity, tokens = asked(6)
    for token in tokens[:4]:
        say(token, word="Ļoti vērtīgi")
    text = results_page(desk, activity).content.decode()
    assert ("Atbildējuši 4 no 6." in text, "Ļoti vērtīgi" in text, 'role="img"' in text) == (True, False, False)
    say(tokens[4], word="Piektais")
    text = results_page(desk, activity).content.decode()
    assert ("Atbildējuši 5 no 6." in text, text.count("Ļoti vērtīgi"), "Piektais" in text) == (True, 4, True)
    say(tokens[5], word="Sestais")
    text = results_page(desk, activity).content.decode()
    assert ("Atbildējuši 6 no 6." in text, "Sestais" in text) == (True, False)


def test_the_page_has_means_with_their_number_and_a_real_table(desk):
    activity, tokens = asked(5)
    fill(activity, tokens, worth=4, before=2, after=3)
    text = results_page(desk, activity).content.decode()
    for said in ("vidēji 4,0 no 5", "5 atbildes", "5 no 5 tagad prot labāk", 'role="img"', "<th scope="):
        assert said in text


def test_a_word_is_escaped_and_read_in_its_language(desk):
    activity, tokens = asked(5)
    fill(activity, tokens[:4])
    say(tokens[4], word="<script>alert(1)</script>", language="en")
    text = results_page(desk, activity).content.decode()
    assert '<p lang="en">«&lt;script&gt;alert(1)&lt;/script&gt;»</p>' in text


def test_an_insult_is_hidden_with_a_reason_and_may_be_shown_again(desk):
    activity, tokens = asked(5)
    for place, token in enumerate(tokens):
        say(token, word="Muļķe" if place == 2 else "")
    where = reverse("courses:desk_feedback", args=[activity.pk])
    paper = Feedback.objects.exclude(word="").get()
    refused = desk.post(where, {"paper": paper.pk, "reason": " "})
    assert refused.status_code == 422
    assert desk.post(where, {"paper": paper.pk, "reason": "Aizskar pasniedzēju"}).status_code == 302
    text = results_page(desk, activity).content.decode()
    assert ("Muļķe" in text, "Aizskar pasniedzēju" in text, "Ilze Ozola" in text) == (False, True, True)
    assert feedback.results(activity=activity).totals.n == 5, "the marks stay"
    assert desk.post(where, {"paper": paper.pk, "show": "1"}).status_code == 302
    assert "Muļķe" in results_page(desk, activity).content.decode()


@pytest.mark.parametrize("paper", ["", "x", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_hiding_what_is_not_there_is_a_clear_answer(desk, paper):
    activity, tokens = asked(5)
    fill(activity, tokens)
    where = reverse("courses:desk_feedback", args=[activity.pk])
    assert desk.post(where, {"paper": paper, "reason": "Aizskar"}).status_code == 422


def test_what_is_not_shown_or_of_another_activity_cannot_be_hidden():
    activity, tokens = asked(1)
    say(tokens[0], word="Viens")
    paper, by = Feedback.objects.get().pk, f.UserFactory()
    for where in (activity, over(title="Cita")):
        with pytest.raises(Refusal):
            feedback.hide(activity=where, paper=paper, reason="Aizskar", by=by, now=DAY_AFTER)


def test_hidden_stays_hidden_when_others_answer():
    activity, tokens = asked(6)
    for token in tokens[:5]:
        say(token, word="Vārds")
    paper = feedback.results(activity=activity).words[0].pk
    feedback.hide(activity=activity, paper=paper, reason="Aizskar", by=f.UserFactory(), now=DAY_AFTER)
    say(tokens[5])
    assert Feedback.objects.get(pk=paper).hidden_because == "Aizskar"


def test_before_anybody_was_asked_the_page_says_when(desk):
    assert translation.gettext("Nobody has been asked yet") in results_page(desk, f.ActivityFactory()).content.decode()


def test_the_results_ask_a_fixed_number_of_times(desk, same_queries: Callable[..., None]):
    activity, tokens = asked(20)
    for token in tokens[:2]:
        say(token)

    def add(number: int) -> None:
        by = f.UserFactory(email=f"b{number}@example.lv")
        for token in tokens[2 + number * 5 : 7 + number * 5]:
            say(token, word="Vārds")
        words = feedback.results(activity=activity).words
        feedback.hide(activity=activity, paper=words[0].pk, reason="Aizskar", by=by, now=DAY_AFTER)

    same_queries(9, add=add, visit=lambda: results_page(desk, activity))


# Terms.


@pytest.mark.parametrize(
    ("sensitive", "days", "kept"), [(False, 365, True), (False, 366, False), (True, 60, True), (True, 61, False)]
)
def test_words_are_forgotten_and_marks_stay(sensitive, days, kept):
    audiences = [f.AudienceFactory(code="neet", is_sensitive=True)] if sensitive else [f.AudienceFactory()]
    activity = over(audiences=audiences)
    Feedback.objects.create(
        activity=activity, word="Vārds", language="lv", hidden_because="Aizskar", hidden_by=f.UserFactory(), **MARKS
    )
    feedback.forget_words(now=ENDED + timedelta(days=days))
    said = Feedback.objects.get()
    assert (said.word, said.language, said.hidden_because, said.hidden_by is None) == (
        ("Vārds", "lv", "Aizskar", False) if kept else ("", "", "", True)
    )
    assert said.worth == 4


def test_refusals_name_each_question():
    _activity, (token,) = asked()
    with pytest.raises(Refusals) as refused:
        feedback.answer(token=token, form=uuid4(), marks={}, word="", language="lv", now=DAY_AFTER)
    assert [refusal.code for refusal in refused.value.refusals] == ["worth", "before", "after"]
