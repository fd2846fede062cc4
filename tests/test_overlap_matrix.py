"""Who serves whom, who does what, where one audience has too much and another nothing."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from coordinators.domain.access import Reach, reach
from courses.domain.overlaps import crowded, matrix
from courses.domain.overlaps.matrix import Cell
from ecosystem.models import Audience
from tests.factories import (
    NOW,
    TODAY,
    ActivityFactory,
    AudienceFactory,
    DepartmentFactory,
    ParishFactory,
    PostFactory,
    TopicFactory,
    at,
)
from tests.harness.worlds import once

pytestmark = pytest.mark.django_db

SERVES, DOES = "/darbs/parklasanas/merkgrupas/", "/darbs/parklasanas/funkcijas/"
ELEJA, VILCE = "0540248", "0540290"
DAYS = {"first_day": date(2027, 2, 1), "last_day": date(2027, 2, 28)}


@once
def words() -> Any:
    """Four audiences, two parishes, three departments."""
    everyone = AudienceFactory(position=0)
    adults = AudienceFactory(code="adults", name="Pieaugušie", part_of=everyone, age_min=18, position=1)
    AudienceFactory(code="seniors", name="Seniori", part_of=adults, age_min=55, position=2)
    AudienceFactory(code="children", name="Bērni", part_of=everyone, age_min=7, age_max=12, position=3)
    for place, (code, name) in enumerate((("MUZ", "Mūžizglītība"), ("JAU", "Jaunieši"), ("LAB", "Labklājība"))):
        DepartmentFactory(code=code, name=name, position=place)
    ParishFactory(position=0)
    ParishFactory(code=VILCE, name="Vilces pagasts", centre_name="Vilce", position=1)
    return None


def hold(*audiences: str, lead: str = "MUZ", partners: Any = (), parish: str = ELEJA, **said: Any) -> Any:
    """One activity on four Thursdays of February."""
    return ActivityFactory(
        audiences=[AudienceFactory(code=code) for code in audiences],
        lead=DepartmentFactory(code=lead),
        partners=[DepartmentFactory(code=code) for code in partners],
        parish=ParishFactory(code=parish),
        centre=None,
        **said,
    )


@pytest.fixture
def reached(words: Any) -> Reach:
    return reach(PostFactory().holder, on=TODAY)


def serves(reached: Reach, **said: Any) -> Any:
    audiences = Audience.objects.order_by("position")
    return matrix.who_serves(reach=reached, audiences=audiences, **{**DAYS, **said})


# Who serves whom


def test_an_audience_is_served_by_a_narrower_one_never_by_a_wider(reached: Reach) -> None:
    hold("adults")
    hold("seniors", lead="LAB", parish=VILCE)
    assert serves(reached) == {
        (ELEJA, "adults"): Cell(1, {"MUZ": 1}),
        (ELEJA, "everyone"): Cell(1, {"MUZ": 1}),
        (VILCE, "seniors"): Cell(1, {"LAB": 1}),
        (VILCE, "adults"): Cell(1, {"LAB": 1}),
        (VILCE, "everyone"): Cell(1, {"LAB": 1}),
    }


def test_an_activity_for_two_audiences_counts_once_for_the_wider(reached: Reach) -> None:
    hold("adults", "seniors")
    hold("seniors", "children", lead="JAU")
    cells = serves(reached)
    assert cells[ELEJA, "adults"] == Cell(2, {"MUZ": 1, "JAU": 1})
    assert cells[ELEJA, "everyone"] == Cell(2, {"MUZ": 1, "JAU": 1})
    assert cells[ELEJA, "children"] == Cell(1, {"JAU": 1})


def test_partners_serve_too_and_the_whole_counts_once(reached: Reach) -> None:
    hold("seniors", partners=["LAB", "JAU"])
    hold("seniors")
    cell = serves(reached)[ELEJA, "seniors"]
    assert cell == Cell(2, {"MUZ": 2}, {"LAB": 1, "JAU": 1})
    assert (cell.departments, cell.of("LAB"), cell.of("MUZ")) == (["JAU", "LAB", "MUZ"], 1, 2)


def test_drafts_and_what_was_called_off_serve_nobody(reached: Reach) -> None:
    for status in ("draft", "cancelled"):
        hold("seniors", status=status)
    assert serves(reached) == {}
    for status in ("planned", "published", "completed"):
        hold("seniors", status=status)
    assert serves(reached)[ELEJA, "seniors"].total == 3
    assert serves(Reach()) == {}


def test_only_what_is_held_on_the_days_counts(reached: Reach) -> None:
    hold("seniors")
    # From 4 to 25 February, each day counted in Latvia.
    for first, last, there in (
        ("2027-01-01", "2027-02-03", False),
        ("2027-01-01", "2027-02-04", True),
        ("2027-02-25", "2027-03-31", True),
        ("2027-02-26", "2027-03-31", False),
    ):
        days = {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}
        assert ((ELEJA, "seniors") in serves(reached, **days)) is there, first
    assert serves(reached, parishes=[VILCE]) == {}


# Who does what


def test_topics_by_department(reached: Reach) -> None:
    TopicFactory(code="languages", name="Valodas")
    hold("seniors", topic=TopicFactory(code="languages"), partners=["LAB"])
    hold("children", lead="JAU", topic=TopicFactory(code="crafts"))
    hold("children", lead="JAU", topic=TopicFactory(code="crafts"), parish=VILCE)
    assert matrix.who_does(reach=reached, **DAYS) == {
        "languages": Cell(1, {"MUZ": 1}, {"LAB": 1}),
        "crafts": Cell(2, {"JAU": 2}),
    }
    assert matrix.who_does(reach=reached, parishes=[VILCE], **DAYS) == {"crafts": Cell(1, {"JAU": 1})}


# Too much and nothing


def test_one_audience_has_too_much_while_another_has_nothing(reached: Reach) -> None:
    for number in range(6):
        hold("children", lead="JAU", title=f"Bērniem {number}")
    # A draft and what is only online do not crowd.
    hold("children", status="draft")
    hold("children", format="online")
    found = crowded.find(today=TODAY, **DAYS)
    assert [(one.finding.parish, one.finding.audience, one.finding.month) for one in found.found] == [
        (ELEJA, "children", "2027-02")
    ]
    assert {activity.title for activity in found.found[0].activities} == {f"Bērniem {number}" for number in range(6)}
    assert set(found.found[0].finding.neglected) == {"adults", "seniors"}
    assert crowded.find(today=TODAY, parishes=[VILCE], **DAYS).total == 0
    assert crowded.find(today=TODAY, audiences=["seniors"], **DAYS).total == 1
    assert crowded.find(today=TODAY, audiences=["everyone"], **DAYS).total == 0


def test_who_is_asked_of_nobody_any_more_is_not_neglected(reached: Reach) -> None:
    Audience.objects.filter(pk__in=["seniors", "everyone", "adults"]).update(retired_at=NOW)
    for _number in range(6):
        hold("children")
    assert crowded.find(today=TODAY, **DAYS).total == 0


def test_whole_months_are_looked_at() -> None:
    assert crowded.months(date(2026, 12, 31), date(2027, 1, 1)) == (date(2026, 12, 1), date(2027, 2, 1))


# The pages


@pytest.fixture
def signed_in(words: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(PostFactory().holder)
    return client


def get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_each_cell_leads_to_the_activities_it_counts(signed_in: Client) -> None:
    hold("adults", title="Pieaugušajiem")
    hold("seniors", "children", lead="LAB", title="Senioriem")
    hold("seniors", lead="LAB", status="draft", title="Melnraksts")
    hold("seniors", lead="LAB", parish=VILCE, title="Vilcē")
    page = get(signed_in, f"{SERVES}?no=2027-02-01&lidz=2027-02-28")
    cells = re.findall(r'<td class="is-(\w+)"><a href="([^"]+)">.*?</span>(?:<b>(\d+)</b>|(\w+))', page)
    assert [(state, number or word) for state, _url, number, word in cells] == [
        *(("several", "2"), ("one", "1")),
        *(("several", "2"), ("one", "1")),
        *(("one", "1"), ("one", "1")),
        *(("one", "1"), ("none", "neviens")),
    ]
    for _state, url, number, _word in cells:
        shown = get(signed_in, unescape(url)).count('<li class="plan">')
        assert shown == int(number or 0), url
    assert "No 8: neviens – 1, viena nodaļa – 5, vairākas – 2." in page


def test_gaps_are_named_in_words_on_a_telephone(signed_in: Client) -> None:
    hold("seniors", lead="LAB")
    page = get(signed_in, SERVES)
    assert '<summary>Elejas pagasts <span class="soft">1 tukšums</span></summary>' in page
    assert '<summary>Vilces pagasts <span class="soft">4 tukšumi</span></summary>' in page
    # Without days asked for, from this month on.
    assert "2027. gada 1. janvāris – 31. marts" in page


def test_each_topic_leads_to_the_activities_it_counts(signed_in: Client) -> None:
    TopicFactory(code="languages", name="Valodas", position=1)
    TopicFactory(code="garden", name="Dārzs", position=2)
    hold("seniors", topic=TopicFactory(code="languages"), partners=["LAB"])
    hold("children", lead="JAU", topic=TopicFactory(code="languages"), parish=VILCE)
    page = get(signed_in, f"{DOES}?no=2027-02-01&lidz=2027-02-28")
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)
    cell = re.compile(r'<a href="([^"]+)">(?:<span.*?-hidden">)?(\d+)')
    told = {name.split(" <")[0]: cell.findall(cells) for name, cells in rows}
    assert {name: [number for _url, number in cells] for name, cells in told.items()} == {
        "Valodas": ["1", "1", "1", "2"],
        "Dārzs": ["0", "0", "0", "0"],
    }
    for url, number in [cell for cells in told.values() for cell in cells]:
        assert get(signed_in, unescape(url)).count('<li class="plan">') == int(number), url
    assert 'Dārzs <span class="brick">neviens</span>' in page
    assert 'Valodas <span class="soft">vairākas</span>' in page


def test_the_board_tells_of_crowding(signed_in: Client) -> None:
    for number in range(6):
        hold("children", lead="JAU", title=f"Bērniem {number}")
    page = get(signed_in, "/darbs/parklasanas/?no=2027-02-01&lidz=2027-02-28")
    assert "Elejas pagasts, 2027. gada februārī:" in page
    assert "nekā nav.</p>" in page
    assert page.count("Bērniem 3") == 1
    assert "Elejas pagasts, February 2027:" in get(signed_in, "/en/darbs/parklasanas/?no=2027-02-01&lidz=2027-02-28")
    assert "Nevienā pagastā nav tā" in get(signed_in, "/darbs/parklasanas/?pagasts=vilces-pagasts&no=2027-02-01")


def test_of_many_parishes_some_stand_side_by_side(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.views.overlap_matrix.ACROSS", 1)
    page = get(signed_in, SERVES)
    assert "Vēl 1 pagasts: izvēlieties to atlasē." in page
    assert "Vilces pagasts" in get(signed_in, f"{SERVES}?pagasts=vilces-pagasts").split("<tbody>")[0]


@pytest.mark.parametrize(("address", "number"), [(SERVES, 9), (DOES, 10)])
def test_a_matrix_asks_the_same_for_one_and_for_three(
    signed_in: Client, same_queries: Callable[..., None], address: str, number: int
) -> None:
    def add(place: int) -> None:
        hold("seniors", "children", partners=["LAB"], first=at(f"2027-02-0{place + 1} 10:00"))

    same_queries(number, add=add, visit=lambda: get(signed_in, address))
