"""Limits that figures are counted by: an old period keeps its rule, and nobody changes the past unseen."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ecosystem.domain import dated_limits, vocabulary
from ecosystem.domain.dated_limits import KINDS, Refused, State, limit
from ecosystem.models import Limit, User
from tests.factories import NOW, TODAY, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def enter(code: str, lower: Any, since: date | None, *, upper: Any = None, why: str = "Domes lēmums.") -> Limit:
    return dated_limits.enter(
        code=code, lower=lower, upper=upper, in_force_from=since, why=why, by=UserFactory(), now=NOW
    )


def refused(*args: Any, **said: Any) -> dict[str, list[str]]:
    with pytest.raises(Refused) as caught:
        enter(*args, **said)
    return caught.value.message_dict if hasattr(caught.value, "error_dict") else {"": caught.value.messages}


def test_youth_was_13_to_25_until_the_law_and_13_to_30_since() -> None:
    for _loaded in range(2):
        assert [
            (limit("youth", on=day).lower, limit("youth", on=day).upper)
            for day in (
                date(1999, 12, 31),
                date(2026, 2, 28),
                date(2026, 3, 1),
                date(2040, 1, 1),
            )
        ] == [(13, 25), (13, 25), (13, 30), (13, 30)]
        # The second time round from rows, the first from what the portal comes with.
        vocabulary.load(now=NOW)
    youth = limit("youth", on=date(2026, 2, 28))
    assert [youth.includes(age) for age in (12, 13, 25, 26)] == [False, True, True, False]
    assert [limit("seniors_esf", on=TODAY).includes(age) for age in (54, 55, 99)] == [False, True, True]


def test_all_limits_of_a_day_are_read_at_once(django_assert_num_queries: Any) -> None:
    vocabulary.load(now=NOW)
    with django_assert_num_queries(1):
        found = dated_limits.in_force(on=TODAY)
    assert {code: value.number for code, value in found.items()} == {
        "youth": 13,
        "seniors_esf": 55,
        "seniors_local": 65,
        "completion_percent": 80,
        "late_entry_days": 7,
        "first_timer_months": 24,
        "coordinator_active_days": 60,
        "small_cell": 4,
        "blank_spot_days": 60,
    }
    assert set(found) == set(KINDS)


def test_a_new_value_ends_the_one_in_force_and_the_past_keeps_its_own() -> None:
    enter("late_entry_days", 14, TOMORROW)
    assert [limit("late_entry_days", on=day).number for day in (TODAY, TOMORROW)] == [7, 14]
    book = dated_limits.book(on=TODAY)["late_entry_days"]
    assert [(one.row.lower, one.state, one.until) for one in book] == [
        (14, State.COMING, None),
        (7, State.NOW, TOMORROW),
    ]
    assert vocabulary.load(now=NOW)
    assert [limit("late_entry_days", on=day).number for day in (TODAY, TOMORROW)] == [7, 14], "loading changes nothing"


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=400)])
def test_the_past_cannot_be_changed(day: date) -> None:
    assert refused("late_entry_days", 14, day) == {
        "in_force_from": ["Jauna vērtība sākas rīt vai vēlāk: pagājušajam paliek savs noteikums."]
    }


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"lower": "daudz"}, {"lower": ["Šis nav vesels skaitlis: «daudz»."]}),
        ({"lower": None}, {"lower": ["Ierakstiet veselu skaitli."]}),
        ({"lower": 0}, {"lower": ["Ierakstiet skaitli no 1 līdz 365."]}),
        ({"lower": 366}, {"lower": ["Ierakstiet skaitli no 1 līdz 365."]}),
        ({"lower": 14, "upper": 20}, {"lower": ["Šī robežvērtība ir viens skaitlis."]}),
        ({"lower": 7}, {"lower": ["Tāda tajā dienā būs arī bez tam."]}),
        ({"lower": 14, "why": " "}, {"why": ["Uzrakstiet, kāpēc: to jautās ikviens, kas vēlāk lasīs rādītājus."]}),
        ({"lower": 14, "since": None}, {"in_force_from": ["Izvēlieties dienu."]}),
        (
            {"lower": "-1", "why": "a" * 301},
            {
                "lower": ["Šis nav vesels skaitlis: «-1»."],
                "why": ["Ne vairāk kā 300 rakstzīmes."],
            },
        ),
        ({"code": "x", "lower": 1}, {"": ["Tādas robežvērtības nav."]}),
        ({"code": "youth", "lower": 30, "upper": 13}, {"upper": ["Mazākais vecums ir lielāks par lielāko."]}),
    ],
)
def test_what_cannot_be_is_refused_in_words(said: dict[str, Any], why: dict[str, list[str]]) -> None:
    rest = {"code": "late_entry_days", "since": TOMORROW, **said}
    found = refused(rest.pop("code"), rest.pop("lower"), rest.pop("since"), **rest)
    assert found == why


def test_one_value_from_a_day_and_a_coming_one_may_be_withdrawn() -> None:
    first = enter("small_cell", 9, TOMORROW)
    assert refused("small_cell", 5, TOMORROW) == {
        "in_force_from": ["No šīs dienas jau noteikta cita vērtība. Vispirms atsauciet to."]
    }
    dated_limits.withdraw(pk=first.pk, by=UserFactory(), now=NOW)
    assert limit("small_cell", on=TOMORROW).number == 4
    with pytest.raises(Refused, match="Tikmēr tā ir atsaukta"):
        dated_limits.withdraw(pk=first.pk, by=None, now=NOW)
    enter("small_cell", 5, TOMORROW)
    assert [(one.row.lower, one.state) for one in dated_limits.book(on=TODAY)["small_cell"]] == [
        (5, State.COMING),
        (9, State.WITHDRAWN),
        (4, State.NOW),
    ]
    standing = Limit.objects.get(code="small_cell", lower=4)
    with pytest.raises(Refused, match="jau ir vai bija spēkā"):
        dated_limits.withdraw(pk=standing.pk, by=None, now=NOW)


def test_a_day_that_came_as_a_guess_is_confirmed_once_with_its_source() -> None:
    vocabulary.load(now=NOW)
    guess = Limit.objects.get(code="youth", is_to_be_confirmed=True)
    for day, why, field in (
        (None, "Likums", "in_force_from"),
        (date(1999, 1, 1), "Likums", "in_force_from"),
        (TODAY, "", "why"),
    ):
        with pytest.raises(Refused) as caught:
            dated_limits.confirm(pk=guess.pk, in_force_from=day, why=why, by=None, now=NOW)
        assert set(caught.value.message_dict) == {field}
    dated_limits.confirm(
        pk=guess.pk, in_force_from=date(2026, 4, 1), why="Latvijas Vēstnesis", by=UserFactory(), now=NOW
    )
    assert [limit("youth", on=day).upper for day in (date(2026, 3, 31), date(2026, 4, 1))] == [25, 30]
    with pytest.raises(Refused):
        dated_limits.confirm(pk=guess.pk, in_force_from=TODAY, why="Vēlreiz", by=None, now=NOW)
    new = Limit.objects.get(code="youth", upper=30, withdrawn_at=None)
    with pytest.raises(Refused, match="Diena jau ir apstiprināta"):
        dated_limits.confirm(pk=new.pk, in_force_from=TODAY, why="Vēlreiz", by=None, now=NOW)
    assert Limit.objects.get(pk=guess.pk).withdrawn_at == NOW, "the guess stays on the list"


def test_the_database_is_the_last_to_refuse() -> None:
    vocabulary.load(now=NOW)
    row = {"code": "small_cell", "lower": 5, "entered_at": NOW, "in_force_from": date(2000, 1, 1)}
    for wrong in ({}, {"in_force_from": TODAY, "upper": 4}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Limit.objects.create(**row | wrong)


# The page.


def signed_in(**post: Any) -> Client:
    client = Client()
    client.force_login(PostFactory(**post).holder)
    return client


def text(response: Any) -> str:
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace("\u00a0", " ")


def typed(**said: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=10)
    return {"step": "enter", "lower": "14", "in_force_from": f"{day:%Y-%m-%d}", "why": "Domes lēmums."} | said


def test_everybody_with_a_post_reads_them_and_a_head_sets_them() -> None:
    vocabulary.load(now=timezone.now())
    coordinator, path = signed_in(), "/darbs/iestatijumi/late_entry_days/"
    said = text(coordinator.get("/darbs/iestatijumi/"))
    assert "13–30 gadi" in said and "no 01.03.2026 jāapstiprina" in said and "80 %" in said
    assert "jūs varat tās lasīt" in said
    assert b'name="step"' not in coordinator.get(path).content
    assert coordinator.post(path, typed()).status_code == 403
    head = signed_in(kind="head", parishes=[], holder=UserFactory(email="vad@example.lv", name="Vita Kalna"))
    answer = head.post(path, typed(), follow=True)
    assert "Noteikts: no" in text(answer) and "14 dienu" in text(answer) and "Vita Kalna" in text(answer)
    assert "14 dienu" in text(coordinator.get("/darbs/iestatijumi/"))
    coming = Limit.objects.get(code="late_entry_days", lower=14)
    assert "Atsaukts" in text(head.post(path, {"step": "withdraw", "entry": coming.pk}, follow=True))
    again = head.post(path, {"step": "withdraw", "entry": coming.pk})
    assert (again.status_code, "Tikmēr tā ir atsaukta" in text(again)) == (422, True)


def test_what_is_wrong_is_told_beside_its_box_and_stays_typed() -> None:
    client = signed_in(kind="administrator", parishes=[])
    path = "/darbs/iestatijumi/youth/"
    answer = client.post(path, typed(lower="trīs", upper="30", in_force_from="2026-01-01", why="Tā vajag"))
    body = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert 'value="trīs"' in body and 'value="2026-01-01"' in body and 'value="Tā vajag"' in body
    assert "Šis nav vesels skaitlis: «trīs»." in body and "Jauna vērtība sākas rīt vai vēlāk" in body
    for wrong in ({"in_force_from": "31.02."}, {"in_force_from": ""}, {"in_force_from": "9999-01-01"}):
        assert client.post(path, typed(upper="30", **wrong)).status_code == 422
    for step in ({"step": ""}, {"step": "delete"}):
        assert client.post(path, step).status_code == 404
    for entry in ("", "x", "9" * 30, "²"):
        assert client.post(path, {"step": "withdraw", "entry": entry}).status_code == 422
    assert client.get("/darbs/iestatijumi/nav/").status_code == 404


def test_the_guessed_day_is_confirmed_on_the_page() -> None:
    vocabulary.load(now=timezone.now())
    client, path = signed_in(kind="administrator", parishes=[]), "/darbs/iestatijumi/youth/"
    assert "Diena vēl jāapstiprina" in text(client.get(path))
    confirming = {"step": "confirm", "in_force_from": "2026-04-02", "why": ""}
    assert client.post(path, confirming).status_code == 422
    said = text(client.post(path, confirming | {"why": "Latvijas Vēstnesis"}, follow=True))
    assert "Apstiprināts: spēkā no 02.04.2026." in said and "Diena vēl jāapstiprina" not in said
    again = client.post(path, confirming)
    assert (again.status_code, "Diena jau ir apstiprināta" in text(again)) == (422, True)
    assert User.objects.count() == 1


@pytest.mark.parametrize("more", [1, 3])
def test_the_pages_ask_the_same_however_many_values(more: int, django_assert_num_queries: Any) -> None:
    vocabulary.load(now=timezone.now())
    client = signed_in(kind="administrator", parishes=[])
    for number in range(more):
        client.post(
            "/darbs/iestatijumi/small_cell/", typed(lower=str(5 + number), in_force_from=f"2031-01-0{number + 1}")
        )
    assert Limit.objects.filter(code="small_cell").count() == 1 + more
    with django_assert_num_queries(5):
        client.get("/darbs/iestatijumi/")
    with django_assert_num_queries(5):
        client.get("/darbs/iestatijumi/small_cell/")
