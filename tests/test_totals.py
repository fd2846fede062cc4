"""Anonymous totals of an activity: what may stand together, two at once, ticking without a trace."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from courses.models import Activity, Session
from ecosystem.domain.vocabulary import DATA
from ecosystem.models import User
from reporting.domain import totals
from reporting.models import ActivityTotal, ActivityTotalEntry, TotalCode
from tests.factories import (
    ActivityFactory,
    AttendanceFactory,
    PartyFactory,
    PostFactory,
    RegistrationFactory,
    UserFactory,
    at,
)

pytestmark = pytest.mark.django_db
HELD = at("2027-02-05 09:00")
NOBODY = dict.fromkeys(TotalCode.values)


@pytest.fixture
def activity(db: None) -> Activity:
    return ActivityFactory()


def enter(activity: Activity, seen: dict[str, int | None] | None = None, **counts: Any) -> totals.Entered:
    """Type these; codes with a dash are written with an underscore."""
    typed = {code.replace("_", "-"): value for code, value in counts.items()}
    shown = totals.standing(activity=activity) if seen is None else {**NOBODY, **seen}
    return totals.enter(activity=activity, counts=typed, seen=shown, by=UserFactory(), now=HELD)


def refused(activity: Activity, seen: dict[str, int | None] | None = None, **counts: Any) -> dict[str, list[str]]:
    """What was refused, by code."""
    with pytest.raises(totals.Refused) as caught:
        enter(activity, seen, **counts)
    return caught.value.message_dict if hasattr(caught.value, "error_dict") else {"": caught.value.messages}


def stands(activity: Activity) -> dict[str, int]:
    return {code: count for code, count in totals.standing(activity=activity).items() if count is not None}


# What may stand together.


def test_totals_are_numbers_of_an_activity_and_nothing_else(activity: Activity) -> None:
    done = enter(activity, FEWER="5", B1="3", B6="4", UNE="2", LTU="1", ISCED0_2="0", CHILDCARE="7")
    assert done.changed == ("FEWER", "B1", "B6", "UNE", "LTU", "ISCED0-2", "CHILDCARE")
    assert stands(activity) == {"FEWER": 5, "B1": 3, "B6": 4, "UNE": 2, "LTU": 1, "ISCED0-2": 0, "CHILDCARE": 7}
    fields = {field.name for field in (*ActivityTotal._meta.get_fields(), *ActivityTotalEntry._meta.get_fields())}
    assert fields == {"id", "activity", "code", "count", "entered_by", "entered_on"}, "no way to a person, no moment"


def test_an_empty_box_is_not_counted_and_nought_is_nobody(activity: Activity) -> None:
    enter(activity, NEET="0", UKR="2")
    assert stands(activity) == {"NEET": 0, "UKR": 2}
    enter(activity, NEET="", UKR="2")
    assert stands(activity) == {"UKR": 2}
    assert [(one.code, one.count) for one in totals.entries(activity=activity)] == [("NEET", None), ("UKR", 2)]


def test_a_barrier_above_the_total_is_refused_and_the_eight_may_add_up_to_more(activity: Activity) -> None:
    enter(activity, FEWER="3", **{f"B{number}": "3" for number in range(1, 9)})
    assert refused(activity, B2="4") == {
        "B2": ["«Veselības problēmas» ir 4, bet «Cilvēki ar ierobežotām iespējām» tikai 3."]
    }
    assert set(refused(activity, FEWER="2")) == {f"B{number}" for number in range(1, 9)}
    assert stands(activity)["B2"] == 3


def test_parts_without_their_whole_are_refused(activity: Activity) -> None:
    assert refused(activity, B1="1", LTU="1") == {
        "B1": ["Vispirms norādiet, cik kopā: «Cilvēki ar ierobežotām iespējām»."],
        "LTU": ["Vispirms norādiet, cik kopā: «Bezdarbnieki»."],
    }
    assert refused(activity, UNE="1", LTU="2") == {
        "LTU": ["«No tiem ilgstošie bezdarbnieki» ir 2, bet «Bezdarbnieki» tikai 1."]
    }
    enter(activity, B1="0", LTU="0")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("pieci", "Šis nav vesels skaitlis: rakstiet, piemēram, 12."),
        ("2,5", "Šis nav vesels skaitlis: rakstiet, piemēram, 12."),
        ("٣", "Šis nav vesels skaitlis: rakstiet, piemēram, 12."),
        ("9" * 40, "Šis nav vesels skaitlis: rakstiet, piemēram, 12."),
        ("-1", "Cilvēku skaits nevar būt mazāks par nulli."),
        ("−1", "Cilvēku skaits nevar būt mazāks par nulli."),
        ("5001", "Ne vairāk kā 5000."),
    ],
)
def test_what_is_no_number_of_people_is_refused_with_all_else_that_is_wrong(
    activity: Activity, typed: str, why: str
) -> None:
    assert refused(activity, NEET=typed, UNE="1", LTU="2") == {
        "NEET": [why],
        "LTU": ["«No tiem ilgstošie bezdarbnieki» ir 2, bet «Bezdarbnieki» tikai 1."],
    }
    assert refused(activity, FEWER=typed, B1="2") == {"FEWER": [why]}, "a part of what is no number is not judged"
    assert stands(activity) == {}


def test_more_than_came_is_taken_and_told(activity: Activity) -> None:
    assert enter(activity, UKR="9").warnings == (), "nobody has written down who came"
    session = activity.sessions.order_by("pk").first()
    for _number in range(2):
        one = RegistrationFactory(party=PartyFactory(activity=activity))
        AttendanceFactory(session=session, registration=one)
    Session.objects.filter(pk=session.pk).update(head_count=1)
    assert totals.came(activity=activity) == 3
    assert enter(activity, FEWER="3", UNE="1", EMP="3", CHILDCARE="8").warnings == (
        "«Ukrainas civiliedzīvotāji» ir 9, bet pēc apmeklējuma atnākuši ne vairāk kā 3 cilvēki. Lūdzu, pārbaudiet.",
        "«Nodarbinātības statuss» ir 4, bet pēc apmeklējuma atnākuši ne vairāk kā 3 cilvēki. Lūdzu, pārbaudiet.",
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"status": "cancelled"}, "Aktivitāte ir atcelta, tāpēc neviens netiek skaitīts."),
        ({"status": "draft"}, "Šis ir melnraksts: cilvēkus skaita, kad aktivitāte notiek."),
        (
            {"first": HELD + timedelta(days=2)},
            "Skaitīšana sākas pirmās nodarbības dienā: 07.02.2027.",
        ),
    ],
)
def test_where_nothing_is_held_nobody_is_counted(said: dict[str, Any], why: str) -> None:
    activity = ActivityFactory(**said)
    assert refused(activity, UKR="1") == {"": [why]}
    with pytest.raises(totals.Refused):
        totals.tick(activity=activity, code="UKR", by=None, now=HELD)


def test_the_database_is_the_last_to_refuse(activity: Activity) -> None:
    enter(activity, UKR="1")
    for wrong in ({"code": "UKR", "count": 2}, {"code": "XX", "count": 2}, {"code": "NEET", "count": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ActivityTotal.objects.create(activity=activity, entered_on=HELD.date(), **wrong)


# Two at once.


def test_what_somebody_else_has_changed_is_not_written_over_unseen(activity: Activity) -> None:
    enter(activity, NEET="3", UKR="1", EMP="6")
    with pytest.raises(totals.Overtaken) as caught:
        enter(activity, {"NEET": 2, "UKR": 1, "EMP": None}, NEET="4", UKR="2", EMP="6")
    assert caught.value.message_dict == {
        "NEET": ["Kāds tikmēr ir ierakstījis 3. Saglabājiet vēlreiz, ja jāpaliek jūsu skaitlim."]
    }
    assert caught.value.now["NEET"] == 3
    assert stands(activity) == {"NEET": 3, "UKR": 1, "EMP": 6}
    enter(activity, {"NEET": 3, "UKR": 0, "EMP": 6}, NEET="4", UKR="0", EMP="6")
    assert stands(activity) == {"NEET": 4, "UKR": 1, "EMP": 6}, "a box left as it was shown keeps what stands"


# Ticking.


def test_a_tick_adds_one_and_keeps_to_the_same_rules(activity: Activity) -> None:
    def tick(code: str, step: int = 1) -> int:
        return totals.tick(activity=activity, code=code, step=step, by=None, now=HELD)

    assert [tick("UKR"), tick("UKR"), tick("UKR", -1)] == [1, 2, 1]
    for code, step in (("B1", 1), ("LTU", 1), ("NEET", -1), ("XX", 1)):
        with pytest.raises(totals.Refused):
            tick(code, step)
    assert [tick("FEWER"), tick("B1")] == [1, 1]
    with pytest.raises(totals.Refused, match="tikai 0"):
        tick("FEWER", -1)
    assert stands(activity) == {"FEWER": 1, "B1": 1, "UKR": 1}


def test_ticking_leaves_no_trace_of_what_one_person_answered(activity: Activity) -> None:
    """Two people, of whom the first falls under two barriers: what is kept is the same in whatever order they pressed."""
    one, other = ActivityFactory(title="Viena"), ActivityFactory(title="Otra")
    by = UserFactory()
    for found, codes in ((one, ["FEWER", "B1", "B6", "FEWER", "B3"]), (other, ["FEWER", "FEWER", "B3", "B6", "B1"])):
        for minute, code in enumerate(codes):
            totals.tick(activity=found, code=code, by=by, now=HELD + timedelta(minutes=minute))
    kept = [
        [
            list(
                model.objects.filter(activity=found)
                .order_by("code")
                .values_list("code", "count", "entered_on", "entered_by")
            )
            for model in (ActivityTotal, ActivityTotalEntry)
        ]
        for found in (one, other)
    ]
    assert kept[0] == kept[1]
    assert ActivityTotalEntry.objects.filter(activity=one).count() == 4


# The page.


def coordinator() -> Client:
    client = Client()
    client.force_login(PostFactory(starts_on=timezone.localdate() - timedelta(days=100)).holder)
    return client


def running(**said: Any) -> Activity:
    return ActivityFactory(first=timezone.now() - timedelta(days=3), **said)


def text(response: Any) -> str:
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace("\u00a0", " ")


def form_of(response: Any) -> dict[str, str]:
    """What a browser would send of the page's form."""
    return {
        name: unescape(value)
        for name, value in re.findall(
            r'<input type="(?:text|hidden)" name="([^"]+)" value="([^"]*)"', response.content.decode()
        )
        if name != "csrfmiddlewaretoken"
    }


def test_the_page_says_why_these_are_numbers_and_saves_them() -> None:
    found, client = running(), coordinator()
    path = f"/darbs/aktivitates/{found.pk}/kopskaiti/"
    said = text(client.get(path))
    assert "Skaitļi, nevis vārdi" in said and "Neviens skaitlis šeit neved pie cilvēka" in said
    answer = client.post(path, {"FEWER": "2", "B1": "1"}, follow=True)
    assert "Saglabāti 2 skaitļi." in text(answer)
    assert stands(found) == {"FEWER": 2, "B1": 1}
    assert f'href="{path}"' in client.get(f"/darbs/aktivitates/{found.pk}/").content.decode()
    assert "Nekas nav mainīts." in text(client.post(path, form_of(client.get(path)), follow=True))
    assert str(User.objects.get().name) in text(client.get(path)), "who has entered them"


def test_what_is_wrong_is_told_beside_its_box_and_stays_typed() -> None:
    found, client = running(), coordinator()
    path = f"/darbs/aktivitates/{found.pk}/kopskaiti/"
    answer = client.post(path, {"FEWER": "pieci", "NEET": "7", "UNE": "1", "LTU": "3"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "<title>Kļūda:" in body
    assert re.search(r'name="FEWER" value="pieci"[^>]*aria-describedby="id_FEWER_error"', body)
    assert 'name="NEET" value="7"' in body and 'href="#id_LTU"' in body
    assert stands(found) == {}
    with translation.override("en"):
        english = client.post(f"/en{path}", {"FEWER": "pieci"}).content.decode()
    assert "This is not a whole number" in english


def test_who_comes_second_is_told_and_may_save_again() -> None:
    found, client = running(), coordinator()
    path = f"/darbs/aktivitates/{found.pk}/kopskaiti/"
    mine = {**form_of(client.get(path)), "NEET": "4"}
    totals.tick(activity=found, code="NEET", by=None, now=timezone.now())
    answer = client.post(path, mine)
    assert answer.status_code == 409
    assert "Kāds tikmēr ir ierakstījis 1." in text(answer)
    again = client.post(path, form_of(answer))
    assert (again.status_code, stands(found)) == (302, {"NEET": 4})


def test_ticking_is_a_press_that_leads_back_and_its_address_tells_nothing() -> None:
    found, client = running(), coordinator()
    path = f"/darbs/aktivitates/{found.pk}/kopskaiti/"
    answer = client.post(path, {"more": "FEWER"})
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?veids=atzimet#fewer")
    assert client.post(path, {"more": "B1"})["Location"] == answer["Location"]
    assert client.post(path, {"less": "B1"}).status_code == 302
    assert stands(found) == {"FEWER": 1, "B1": 0}
    wrong = client.post(path, {"more": "LTU"})
    assert wrong.status_code == 422
    assert "Vispirms norādiet, cik kopā: «Bezdarbnieki»." in text(wrong)
    assert client.post(path, {"more": "B9"}).status_code == 404
    assert "Viens spiediens pieskaita vienu." in text(client.get(f"{path}?veids=atzimet"))


def test_before_its_day_the_page_says_when() -> None:
    found = ActivityFactory(first=timezone.now() + timedelta(days=40))
    client = coordinator()
    path = f"/darbs/aktivitates/{found.pk}/kopskaiti/"
    assert "Skaitīšana sākas pirmās nodarbības dienā" in text(client.get(path))
    assert client.post(path, {"UKR": "1"}).status_code == 422
    assert client.post(path, {"more": "UKR"}).status_code == 422
    assert stands(found) == {}


@pytest.mark.parametrize("entries", [1, 3])
def test_the_page_asks_the_same_however_much_was_entered(entries: int, django_assert_num_queries: Any) -> None:
    found, client = running(), coordinator()
    for number in range(entries):
        totals.enter(
            activity=found,
            counts={"UKR": number, "NEET": number},
            seen=totals.standing(activity=found),
            by=UserFactory(email=f"k{number}@example.lv"),
            now=timezone.now(),
        )
    path = f"/darbs/aktivitates/{found.pk}/kopskaiti/"
    client.get(path)
    with django_assert_num_queries(10):
        client.get(path)


def test_barriers_are_called_as_in_the_code_list() -> None:
    import json

    lists = json.loads((DATA / "codelists.json").read_text(encoding="utf-8"))
    for language in ("lv", "en"):
        with translation.override(language):
            said = [(code.value, str(code.label)) for code in TotalCode if re.fullmatch("B[1-8]", code.value)]
        assert said == [(one["code"], one[language]) for one in lists["fewer_opportunities_barriers"]]
    assert {one["code"] for one in lists["labour_status"]} - {"NS"} <= set(TotalCode.values)
    assert {one["code"] for one in lists["education_level"]} - {"NS"} <= set(TotalCode.values)
