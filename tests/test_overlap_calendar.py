"""Overlaps in the calendar: pairs by parish, weeks across, where both are held and where at the same hours."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from coordinators.domain.access import reach
from courses.domain.overlaps import calendar
from courses.domain.overlaps.board import Wanted
from courses.models import Overlap, Session
from tests.factories import (
    NOW,
    TODAY,
    ActivityFactory,
    DepartmentFactory,
    FoundOverlapFactory,
    OverlapDecisionFactory,
    ParishFactory,
    PostFactory,
    at,
)

pytestmark = pytest.mark.django_db

CALENDAR = "/darbs/parklasanas/kalendars/"
FEBRUARY = "?menesis=2027-02-01"


def pair(title: str = "Adīšana", first: Any = None, second: Any = None, **said: Any) -> Overlap:
    """Four Thursdays of February from ten to twelve, of two departments, unless said otherwise."""
    return FoundOverlapFactory(
        first=ActivityFactory(title=title, **(first or {})),
        second=ActivityFactory(
            title=f"{title} II", lead=DepartmentFactory(code="JAU", name="Jaunieši"), **(second or {})
        ),
        **said,
    )


def february(**wanted: Any) -> calendar.Page:
    reached = reach(PostFactory().holder, on=TODAY)
    days = {"first_day": date(2027, 2, 1), "last_day": date(2027, 2, 28)}
    return calendar.between(reach=reached, wanted=Wanted(**wanted), **days)


def test_weeks_in_which_both_are_held_and_sessions_at_the_same_hours() -> None:
    pair(
        first={"sessions": [("2027-02-02 10:00", "2027-02-02 12:00"), ("2027-02-09 10:00", "2027-02-09 12:00")]},
        second={
            "sessions": [
                ("2027-02-03 10:00", "2027-02-03 12:00"),
                # It begins when the other ends, and a minute before.
                *(("2027-02-09 12:00", "2027-02-09 13:00"), ("2027-02-16 10:00", "2027-02-16 12:00")),
            ]
        },
    )
    (one,) = february().pairs
    mondays = [date(2027, 2, 1), date(2027, 2, 8), date(2027, 2, 15), date(2027, 2, 22)]
    assert [one.both(monday) for monday in mondays] == [True, True, False, False]
    assert [one.colliding(monday) for monday in mondays] == [frozenset()] * 4
    last = Session.objects.get(starts_at=at("2027-02-09 12:00"))
    Session.objects.filter(pk=last.pk).update(starts_at=at("2027-02-09 11:59"))
    (one,) = february().pairs
    assert one.colliding(date(2027, 2, 8)) == {last.pk, Session.objects.get(starts_at=at("2027-02-09 10:00")).pk}


def test_what_was_called_off_is_not_held() -> None:
    overlap = pair()
    overlap.second.sessions.filter(starts_at__lt=at("2027-02-12 00:00")).update(cancelled_at=NOW)
    (one,) = february().pairs
    assert [one.both(date(2027, 2, day)) for day in (1, 8, 15, 22)] == [False, False, True, True]


def test_pairs_that_stand_by_parish_and_then_the_soonest() -> None:
    vilce = ParishFactory(code="0540290", name="Vilces pagasts", position=2)
    there = {"parish": vilce, "centre": None}
    pair("Vilcē", there, there)
    pair("Vēlāk", {"first": at("2027-02-18 10:00")}, {"first": at("2027-02-18 10:00")})
    pair("Drīz")
    pair("Beigusies", ended_at=NOW)
    OverlapDecisionFactory(overlap=pair("Izlemta"))
    pair("Martā", {"first": at("2027-03-02 10:00")}, {"first": at("2027-03-02 10:00")})
    pair("Melnraksts", None, {"status": "draft"})
    assert [one.overlap.first.title for one in february().pairs] == ["Drīz", "Izlemta", "Vēlāk", "Vilcē"]
    assert [one.overlap.first.title for one in february(parishes=frozenset([vilce.pk])).pairs] == ["Vilcē"]


def test_more_than_a_page_holds_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "MOST", 2)
    for number in range(3):
        pair(f"Pāris {number}")
    page = february()
    assert (len(page.pairs), page.total, page.more) == (2, 3, 1)


@pytest.fixture
def signed_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(PostFactory().holder)
    return client


def get(client: Client, query: str = FEBRUARY, prefix: str = "") -> str:
    answer = client.get(f"{prefix}{CALENDAR}{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_the_page_frames_common_weeks_and_says_it_in_words(signed_in: Client) -> None:
    overlap = pair()
    page = get(signed_in)
    assert "Februāris 2027" in page
    assert page.count('<td class="is-both">') == 8
    assert page.count(", šajā nedēļā notiek abas</span>") == 8
    # In the table a cell for each activity and week, on a telephone once a week.
    assert page.count("<strong>vienā laikā</strong>") == 8 + 4
    assert page.count(f'href="/darbs/parklasanas/{overlap.pk}/"') == 1 + 4
    assert '<span class="nowrap">C 4. 10:00</span>' in page
    assert "JAU</abbr> Adīšana II: C 4. 10:00" in page
    assert "Pārklājas 1 pāris 2027. gada februārī." in page


def test_a_busy_week_is_counted(signed_in: Client) -> None:
    pair(first={"sessions": [(f"2027-02-0{day} 10:00", f"2027-02-0{day} 11:00") for day in range(1, 6)]})
    assert '<span class="nowrap">5 nodarbības</span>' in get(signed_in)


def test_months_follow_each_other_with_the_filters_kept(signed_in: Client) -> None:
    pair()
    page = get(signed_in, f"{FEBRUARY}&veids=duplicate")
    assert 'href="?veids=duplicate&amp;menesis=2027-01-01"' in page
    assert 'href="?veids=duplicate&amp;menesis=2027-03-01"' in page
    # This month, where none is named: nothing in it.
    assert "Šajā mēnesī nekas nepārklājas" in get(signed_in, "")
    assert "tika izlaists" in get(signed_in, "?menesis=rit")


def test_the_calendar_is_there_in_english(signed_in: Client) -> None:
    pair()
    page = get(signed_in, FEBRUARY, "/en")
    assert "1 pair overlaps in February 2027." in page
    assert "<strong>same hours</strong>" in page


def test_the_calendar_asks_the_same_for_one_and_for_three(signed_in: Client, same_queries: Callable[..., None]) -> None:
    same_queries(13, add=lambda number: pair(f"Pāris {number}"), visit=lambda: get(signed_in))
