"""A whole season to new dates: whose, a rehearsal row by row, drafts, and the same press again."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from coordinators.domain.access import reach
from courses.domain import programme
from courses.models import Activity
from ecosystem.dates import NBSP
from tests.factories import (
    NOW,
    RIGA,
    TODAY,
    ActivityFactory,
    CentreFactory,
    DepartmentFactory,
    EducatorFactory,
    ParishFactory,
    PostFactory,
    RoomFactory,
    TopicFactory,
    at,
)

pytestmark = pytest.mark.django_db
SEASON = "/en/darbs/programma/kopet/"
SPRING = programme.Season(first_day=date(2026, 2, 1), last_day=date(2026, 5, 31))


@pytest.fixture
def mine() -> Any:
    """What the coordinator of Elejas pagasts may plan."""
    return reach(PostFactory().holder, on=TODAY)


def spring(title: str, first: str, *, weeks: int = 2, **kwargs: Any) -> Activity:
    """An activity of last spring."""
    return ActivityFactory(title=title, first=at(first), weeks=weeks, status="completed", **kwargs)


def no_holidays(day: date) -> str:
    """As if nobody ever had one."""
    return ""


def rehearse(reach: Any, season: programme.Season = SPRING, **kwargs: Any) -> tuple[int, list[programme.Rehearsed]]:
    given = {"first_on": date(2027, 2, 1), "now": NOW, "is_holiday": no_holidays, **kwargs}
    return programme.rehearse(reach=reach, season=season, **given)


def first_sessions(rows: list[programme.Rehearsed]) -> dict[str, str]:
    return {
        row.activity.title: f"{timezone.localtime(min(m.starts_at for m in row.copy.spec.sessions)):%Y-%m-%d %H:%M}"
        for row in rows
        if row.copy
    }


def test_all_move_by_the_same_whole_weeks_and_keep_the_hour_on_the_wall(mine: Any) -> None:
    # Wednesday and, after the clocks went forward, a Saturday.
    spring("Koris", "2026-02-04 18:00")
    spring("Dārzs", "2026-04-11 10:00")
    spring("Vasara", "2026-06-06 10:00")
    weeks, rows = rehearse(mine)
    assert weeks == 52
    assert first_sessions(rows) == {"Koris": "2027-02-03 18:00", "Dārzs": "2027-04-10 10:00"}
    # Out of winter time and into it, six stays six: the first Wednesday from the 8th is the 14th.
    weeks, rows = rehearse(mine, first_on=date(2027, 4, 8))
    assert weeks == 62
    assert first_sessions(rows) == {"Koris": "2027-04-14 18:00", "Dārzs": "2027-06-19 10:00"}


def test_only_what_one_may_change_and_what_was_asked_for(mine: Any) -> None:
    vilce = ParishFactory(code="0540290", name="Vilces pagasts")
    garden = TopicFactory(code="garden", name="Dārzs", family="land")
    centre = CentreFactory()
    spring("Mūsu", "2026-02-04 18:00", centre=None)
    spring("Centrā", "2026-02-05 18:00")
    spring("Dārzā", "2026-02-06 18:00", topic=garden, centre=None)
    spring("Vilcē", "2026-02-04 18:00", parish=vilce, centre=None)
    spring("Jauniešu", "2026-02-04 18:00", lead=DepartmentFactory(code="JAU"))

    def titles(**chosen: Any) -> list[str]:
        season = programme.Season(first_day=SPRING.first_day, last_day=SPRING.last_day, **chosen)
        return [row.activity.title for row in rehearse(mine, season)[1]]

    assert titles() == ["Mūsu", "Centrā", "Dārzā"]
    assert titles(centres=[centre.pk]) == ["Centrā"]
    assert titles(topics=["garden"]) == ["Dārzā"]
    assert titles(parishes=["0540290"]) == []
    assert titles(departments=["JAU"]) == []


def test_holidays_rooms_twins_and_what_was_called_off_are_told(mine: Any) -> None:
    hall = RoomFactory()
    choir = spring("Koris", "2026-02-04 18:00")
    choir.sessions.update(room=hall)
    off = spring("Deja", "2026-02-04 18:30")
    Activity.objects.filter(pk=off.pk).update(status="cancelled", cancelled_at=NOW)
    off.sessions.update(room=hall, cancelled_at=NOW)
    busy = ActivityFactory(title="Sapulce", sessions=[("2027-02-03 17:00", "2027-02-03 19:00")])
    busy.sessions.update(room=hall)
    ActivityFactory(title="Aust", sessions=[("2027-02-04 10:00", "2027-02-04 11:00")], status="draft")
    spring("Aust", "2026-02-05 10:00", weeks=1)
    spring("Svētki", "2026-02-10 10:00", weeks=1)

    def is_holiday(day: date) -> str:
        return {date(2027, 2, 10): "Pelnu diena", date(2027, 2, 9): "Meteņi"}.get(day, "")

    _weeks, rows = rehearse(mine, is_holiday=is_holiday)
    told = {row.activity.title: row for row in rows}
    assert [each.name for each in told["Koris"].copy.left_out] == ["Pelnu diena"]
    assert [there.activity.title for there in told["Koris"].copy.without_room] == ["Sapulce"]
    assert [there.activity.title for there in told["Deja"].copy.without_room] == ["Sapulce"]
    assert told["Aust"].twin is not None
    assert told["Svētki"].refusals == ["Visas nodarbības iekristu svētku dienās."]
    assert {title for title, row in told.items() if row.is_ticked} == {"Koris"}


def test_copies_do_not_take_a_room_from_one_another(mine: Any) -> None:
    """The hall was given to another after the first was called off; both are wanted again."""
    hall = RoomFactory()
    off, later = spring("Pirmā", "2026-02-04 18:00", weeks=1), spring("Otrā", "2026-02-04 18:30", weeks=1)
    Activity.objects.filter(pk=off.pk).update(status="cancelled", cancelled_at=NOW)
    off.sessions.update(room=hall, cancelled_at=NOW)
    later.sessions.update(room=hall)
    made = programme.copy_season(
        reach=mine, season=SPRING, weeks=52, chosen=[off.pk, later.pk], key=uuid4(), now=NOW, is_holiday=no_holidays
    )
    rooms = {each.activity.title: each.copy.sessions.get().room for each in made if each.copy}
    assert rooms == {"Pirmā": hall, "Otrā": None}


def test_what_was_ticked_becomes_drafts_once(mine: Any) -> None:
    teacher = EducatorFactory()
    choir = spring("Koris", "2026-02-04 18:00", educators=[teacher], ref="K-1")
    spring("Deja", "2026-02-05 18:00")
    key = uuid4()

    def press(now: datetime = NOW) -> list[programme.Made]:
        return programme.copy_season(
            reach=mine, season=SPRING, weeks=52, chosen=[choir.pk], key=key, now=now, is_holiday=no_holidays
        )

    (made,) = press()
    copy = made.copy
    assert copy is not None
    assert (copy.title, copy.status, copy.ref, copy.session_count) == ("Koris", "draft", "", 2)
    assert list(copy.educators.all()) == [teacher]
    # However late the second press arrives.
    for now in (NOW, NOW + timedelta(days=300)):
        (again,) = press(now)
        assert again.copy == copy
    assert Activity.objects.filter(status="draft").count() == 1


def test_what_cannot_be_made_holds_up_nobody_else(mine: Any) -> None:
    late, early = spring("Vēlā", "2026-05-06 18:00"), spring("Agrā", "2026-02-04 18:00")
    # So few weeks later that the first would be in the past.
    made = programme.copy_season(
        reach=mine, season=SPRING, weeks=44, chosen=[late.pk, early.pk], key=uuid4(), now=NOW, is_holiday=no_holidays
    )
    assert [(each.activity.title, each.copy is not None) for each in made] == [("Agrā", False), ("Vēlā", True)]
    assert made[0].refusals == ("Izvēlieties dienu, kas vēl būs.",)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_day": date(2026, 1, 1)}, "last_day"),
        ({"last_day": date(2027, 3, 1)}, "last_day"),
        ({"first_day": date(1, 1, 1)}, "first_day"),
        ({"first_on": TODAY}, "first_on"),
        ({"first_on": date(2025, 9, 1)}, "first_on"),
        ({"first_on": date(2036, 9, 1)}, "first_on"),
    ],
)
def test_days_that_make_no_season_are_refused_beside_their_field(
    mine: Any, changes: dict[str, date], field: str
) -> None:
    given = {"first_day": SPRING.first_day, "last_day": SPRING.last_day, "first_on": date(2027, 2, 1), **changes}
    season = programme.Season(first_day=given["first_day"], last_day=given["last_day"])
    with pytest.raises(programme.Refused) as refused:
        rehearse(mine, season, first_on=given["first_on"])
    assert list(refused.value.message_dict) == [field]


def test_four_hundred_are_too_many_at_once(mine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programme.seasons, "MOST_COPIES", 1)
    spring("Koris", "2026-02-04 18:00")
    rehearse(mine)
    spring("Deja", "2026-02-05 18:00")
    with pytest.raises(programme.Refused):
        rehearse(mine)


# The page.


@pytest.fixture
def coordinator(client: Client) -> Client:
    """The coordinator of Elejas pagasts, signed in."""
    client.force_login(PostFactory().holder)
    CentreFactory()
    return client


def last_autumn(title: str, *, days: int = 0) -> Activity:
    """Two Tuesdays, a hundred days ago."""
    day = timezone.localdate() - timedelta(days=100)
    first = datetime.combine(day - timedelta(days=(day.weekday() - 1) % 7), time(18), tzinfo=RIGA)
    return ActivityFactory(title=title, first=first + timedelta(days=days), weeks=2, status="completed")


def asked(**changes: str) -> dict[str, str]:
    """The last year, from half a year on."""
    today = timezone.localdate()
    return {
        "no": f"{today - timedelta(days=300)}",
        "lidz": f"{today}",
        "sakums": f"{today + timedelta(days=180)}",
        **changes,
    }


def query(**changes: str) -> str:
    return "&".join(f"{name}={value}" for name, value in asked(**changes).items())


def test_the_page_rehearses_and_makes_what_is_ticked(coordinator: Client) -> None:
    choir, dance = last_autumn("Koris"), last_autumn("Deja", days=1)
    assert coordinator.get(SEASON).status_code == 200
    text = coordinator.get(SEASON, asked()).content.decode()
    assert re.findall(r'name="pick" value="(\d+)" checked', text) == [str(choir.pk), str(dance.pk)]
    assert Activity.objects.count() == 2
    weeks, key = (text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("weeks", "key"))
    form = {"weeks": weeks, "key": key, "pick": [dance.pk]}
    for _press in range(2):
        answer = coordinator.post(f"{SEASON}?{query()}", form)
        assert answer.status_code == 200 and f"1{NBSP}draft" in answer.content.decode()
    made = Activity.objects.latest("pk")
    assert (Activity.objects.count(), made.title, made.status) == (3, "Deja", "draft")
    # Next time it is seen that it was done.
    text = coordinator.get(SEASON, asked()).content.decode()
    assert re.findall(r'name="pick" value="(\d+)" checked', text) == [str(choir.pk)]
    assert "Was it copied before?" in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sakums": "2020-01-01"}, "id_sakums"),
        ({"lidz": "2020-01-01"}, "id_lidz"),
        ({"no": "nav"}, "id_no"),
        ({"sakums": "9999-12-31"}, "id_sakums"),
        ({"centrs": "999999"}, "id_centrs"),
        ({"tema": "\x00"}, "id_tema"),
    ],
)
def test_nonsense_in_the_address_is_told_beside_its_field(
    coordinator: Client, changes: dict[str, str], field: str
) -> None:
    page = coordinator.get(SEASON, asked(**changes))
    assert page.status_code == 422 and f'id="{field}_error"' in page.content.decode()


@pytest.mark.parametrize("form", [{}, {"pick": ["1"]}, {"pick": ["x"], "weeks": "3", "key": str(uuid4())}])
def test_a_press_without_anything_ticked_makes_nothing(coordinator: Client, form: dict[str, Any]) -> None:
    last_autumn("Koris")
    page = coordinator.post(f"{SEASON}?{query()}", form)
    assert page.status_code == 422 and "Nothing is ticked" in page.content.decode()
    assert Activity.objects.count() == 1


def test_somebody_else_s_activity_is_not_copied_by_its_number(coordinator: Client) -> None:
    other = last_autumn("Svešā")
    Activity.objects.filter(pk=other.pk).update(lead=DepartmentFactory(code="JAU", name="Jaunatnes lietas"))
    form = {"weeks": "52", "key": str(uuid4()), "pick": [other.pk]}
    assert "Nothing was copied" in coordinator.post(f"{SEASON}?{query()}", form).content.decode()
    assert Activity.objects.count() == 1


def test_the_rehearsal_asks_the_same_for_one_and_for_many(
    coordinator: Client, same_queries: Callable[..., None]
) -> None:
    hall = RoomFactory()

    def add(number: int) -> None:
        last_autumn(f"Koris {number}", days=number).sessions.update(room=hall)

    same_queries(23, add=add, visit=lambda: coordinator.get(SEASON, asked()))
