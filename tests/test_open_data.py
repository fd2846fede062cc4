"""The public figures: fixed tables of periods that are over, small numbers hidden, nothing to filter by."""

import csv
import io
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.utils import timezone

from courses.domain import attendance
from courses.models import Activity
from reporting.domain import open_data, periods
from reporting.domain.facts import reading
from residents.models import Resident
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_cache() -> None:
    cache.clear()


def came(department: str, *people: Resident, **said: Any) -> None:
    """They came to something in the last quarter that is over."""
    first = open_data.offered(today=timezone.localdate())[0].whole.first
    activity = f.ActivityFactory(
        lead=f.DepartmentFactory(code=department, name=department),
        first=timezone.make_aware(datetime.combine(first, time(17))),
        capacity=None,
        **said,
    )
    marks: dict[int, str | None] = {}
    for person in people:
        registration = f.RegistrationFactory(party=f.PartyFactory(activity=activity), resident=person)
        Activity.objects.filter(pk=activity.pk).update(taken=F("taken") + 1)
        marks[registration.pk] = "present"
    session = activity.sessions.select_related("activity").order_by("starts_at")[0]
    attendance.mark(session=session, marks=marks, by=f.UserFactory(), now=timezone.now())
    reading.read(now=timezone.now())


def people(number: int, **said: Any) -> list[Resident]:
    return [f.ResidentFactory(given_name=f"Anna{place}", **said) for place in range(number)]


def villages() -> list[Any]:
    """Of three parishes."""
    made = [f.VillageFactory()]
    for code, name in (("0540290", "Vilce"), ("0540274", "Sesava")):
        parish = f.ParishFactory(code=code, name=f"{name}s pagasts", centre_name=name)
        made.append(f.VillageFactory(code=name.lower(), name=name, parish=parish))
    return made


def test_only_what_is_over_is_offered() -> None:
    offered = open_data.offered(today=date(2027, 5, 20))
    assert [one.code for one in offered] == [
        *("2027-c1", "2026-c4", "2026-c3", "2026-c2", "2026-c1", "2025-c4", "2025-c3", "2025-c2"),
        *("2026", "2025", "2024", "2023", "2022"),
    ]
    assert all(one.whole.last < date(2027, 5, 20) for one in offered)
    assert open_data.named("2027-c2", today=date(2027, 5, 20)) is None
    assert open_data.named("2027", today=date(2027, 5, 20)) is None


def test_few_people_and_what_would_give_them_away_are_hidden(client: Client) -> None:
    eleja, vilce, sesava = villages()
    came("MUZ", *people(3, village=eleja), *people(7, village=vilce), *people(20, village=sesava))
    answer = client.get("/raditaji/dati/dalibnieki-pagasti.json").json()
    told = {row["residence_lv"]: (row["value"], row["suppressed"]) for row in answer["rows"]}
    assert told == {
        "Elejas pagasts": (None, True),
        "Vilces pagasts": (None, True),
        "Sesavas pagasts": (20, False),
    }
    html = client.get("/raditaji/").content.decode()
    assert "slēpts" in html
    assert '<dd class="stat-number">30</dd>' in html
    for language in ("", "/en"):
        text = client.get(f"{language}/raditaji/").content.decode()
        assert "<b>3</b>" not in text
        assert ">7</text>" not in text


def test_the_whole_is_hidden_beside_one_hidden_part(client: Client) -> None:
    came("MUZ", *people(3, village=f.VillageFactory()))
    html = client.get("/en/raditaji/").content.decode()
    assert '<dd class="stat-number is-hidden">hidden</dd>' in html
    rows = client.get("/raditaji/dati/dalibnieki.json").json()["rows"]
    assert rows == [{"value": None, "suppressed": True}]


def test_files_say_what_they_are(client: Client) -> None:
    came("MUZ", *people(6, sex="female", village=f.VillageFactory()))
    period = open_data.offered(today=timezone.localdate())[0]
    answer = client.get(f"/raditaji/dati/dalibnieki-dzimums.json?periods={period.code}")
    assert answer["Access-Control-Allow-Origin"] == "*"
    told = answer.json()
    assert (told["code"], told["unit"], told["period"], told["by"]) == ("IEK-03", "people", period.code, ["sex"])
    assert told["from"] == period.whole.first.isoformat()
    assert told["rows"] == [
        {"sex": "female", "sex_lv": "Sievietes", "sex_en": "Women", "value": 6, "suppressed": False}
    ]
    answer = client.get("/raditaji/dati/dalibnieki-dzimums.csv")
    assert list(csv.reader(io.StringIO(answer.content.decode()))) == [
        ["sex", "sex_lv", "sex_en", "value", "suppressed"],
        ["female", "Sievietes", "Women", "6", "false"],
    ]


@pytest.mark.parametrize("name", open_data.TABLES)
def test_every_table_is_there_though_nothing_was_counted(client: Client, name: str) -> None:
    for kind in ("csv", "json"):
        assert client.get(f"/raditaji/dati/{name}.{kind}").status_code == 200


@pytest.mark.parametrize("path", ["dalibnieki.xml", "nav.json", "dalibnieki.json?periods=2099", "-.csv"])
def test_what_is_no_table_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/raditaji/dati/{path}").status_code == 404


@pytest.mark.parametrize("code", ["x", "2099", "cits", f"{timezone.localdate().year}", "%00"])
def test_impossible_period_is_left_out_with_a_sentence(client: Client, code: str) -> None:
    answer = client.get(f"/en/raditaji/?periods={code}")
    assert answer.status_code == 200
    said = "there is no such period, or it is not over" in answer.content.decode()
    assert said == (code != "%00"), "nothing but a zero byte is nothing"


def test_filters_of_the_desk_change_nothing(client: Client) -> None:
    came("MUZ", *people(6, village=f.VillageFactory()))
    assert client.get("/raditaji/?pagasts=elejas-pagasts&nodala=MUZ&vecums=65%2B").content.count(b">6<") == client.get(
        "/raditaji/"
    ).content.count(b">6<")


def test_tables_are_counted_once_in_five_minutes(client: Client, django_assert_max_num_queries: Any) -> None:
    period = periods.quarter(2026, 1)
    open_data.told(period)
    with django_assert_max_num_queries(0):
        open_data.told(period)
