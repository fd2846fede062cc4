"""The public pages as residents meet them: what stands in them, and how often they ask the database."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.factories import (
    ActivityFactory,
    AudienceFactory,
    CentreFactory,
    DepartmentFactory,
    ParishFactory,
    PostFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db


def soon(**kwargs):
    """An activity of four weeks that begins in three days; pages tell by the clock on the wall."""
    first = (timezone.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    return ActivityFactory(first=first, changed_at=timezone.now(), **kwargs)


def ids(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-activity="(\d+)"', html)]


def test_the_list_says_how_many_and_each_card_its_places(client):
    activity = soon(capacity=12, taken=10)
    no_limit = soon(capacity=None)
    html = client.get("/aktivitates/").content.decode()
    assert 'data-count="2"' in html
    assert set(ids(html)) == {activity.pk, no_limit.pk}
    assert f'data-activity="{activity.pk}" data-places-left="2"' in html
    assert f'data-activity="{no_limit.pk}" data-places-left=""' in html
    assert "Brīvas 2 vietas no 12" in html


def test_the_english_list_speaks_english(client):
    soon(capacity=12, taken=11, title_en="Knitting")
    html = client.get("/en/aktivitates/").content.decode()
    assert "1 place left of 12" in html
    assert "Knitting" in html
    assert '<html lang="en"' in html


def test_the_list_asks_the_same_of_the_database_for_one_and_for_three(client, same_queries):
    VillageFactory()
    same_queries(3, add=lambda n: soon(title=f"Kurss {n}"), visit=lambda: client.get("/aktivitates/?vieta=eleja"))


def test_the_home_page_asks_the_same_for_one_and_for_three(client, same_queries):
    same_queries(3, add=lambda n: soon(title=f"Kurss {n}"), visit=lambda: client.get("/"))


def test_an_activity_s_page_asks_the_same_for_one_and_for_three_that_are_similar(client, same_queries):
    shown = soon(title="Rokdarbi")
    same_queries(7, add=lambda n: soon(title=f"Kurss {n}"), visit=lambda: client.get(shown.get_absolute_url()))


def test_pages_of_the_list_show_each_activity_once(client):
    for number in range(23):
        soon(title=f"Kurss {number}")
    first = client.get("/aktivitates/").content.decode()
    second = client.get("/aktivitates/?lapa=2").content.decode()
    assert (len(ids(first)), len(ids(second))) == (20, 3)
    assert len(set(ids(first)) | set(ids(second))) == 23
    assert client.get("/aktivitates/?lapa=99").status_code == 200


def test_nothing_found_leads_on(client):
    VillageFactory()
    soon(title="Nūjošana")
    html = client.get("/aktivitates/?vieta=eleja&q=nujosna").content.decode()
    assert 'data-count="0"' in html
    assert 'href="?vieta=eleja&amp;q=n%C5%ABjo%C5%A1ana"' in html


def test_nothing_near_names_the_nearest(client):
    VillageFactory(code="vilce", name="Vilce", slug="vilce", accusative="Vilci", lat=56.9, lon=23.5)
    VillageFactory()
    soon()
    html = client.get("/aktivitates/?vieta=vilce&km=10").content.decode()
    assert "10 km ap Vilci nekā nav. Tuvākais ir Elejā" in html


def test_a_full_activity_offers_the_queue_and_a_stand_in(client):
    full = soon(title="Pilns", capacity=3, taken=3, waiting=2)
    soon(title="Brīvs", capacity=9, taken=5)
    html = client.get("/aktivitates/").content.decode()
    assert "Rindā 2 cilvēki." in html
    assert "brīvas 4 vietas" in html
    page = client.get(full.get_absolute_url()).content.decode()
    assert "Pieteikties rindā" in page


def test_an_old_spelling_of_the_address_leads_on(client):
    activity = soon()
    answer = client.get(f"/aktivitates/{activity.pk}-vecais-nosaukums/")
    assert (answer.status_code, answer["Location"]) == (301, activity.get_absolute_url())


@pytest.mark.parametrize("status", ["draft", "planned"])
def test_what_is_not_published_has_no_page(client, status):
    activity = soon(status=status)
    assert client.get(activity.get_absolute_url()).status_code == 404


def test_a_cancelled_activity_says_so(client):
    activity = soon(status="cancelled", cancellation_reason="Telpā notiek remonts.")
    html = client.get(activity.get_absolute_url()).content.decode()
    assert "Aktivitāte ir atcelta." in html
    assert "Telpā notiek remonts." in html


def test_the_structured_data_is_an_event_with_its_sessions(client):
    activity = soon(capacity=12, taken=10, fee_eur=8, title="Rotas </script> & citas")
    html = client.get(activity.get_absolute_url()).content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S).group(1))
    assert data["name"] == "Rotas </script> & citas"
    assert (data["@type"], len(data["subEvent"]), data["remainingAttendeeCapacity"]) == ("EducationEvent", 4, 2)
    assert data["offers"]["price"] == "8.00"
    assert data["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 56.4159, "longitude": 23.6833}


def test_the_calendar_file_has_every_session(client):
    activity = soon(title="Adīšana")
    answer = client.get(activity.get_absolute_url() + "kalendars.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert [str(event["SUMMARY"]) for event in events] == ["Adīšana"] * 4
    assert sorted(event["DTSTART"].dt for event in events) == [
        s.starts_at for s in activity.sessions.order_by("starts_at")
    ]


def test_a_feed_follows_the_filters(client):
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem")
    soon(title="Senioru rīts", audiences=[seniors])
    soon(title="Cits")
    answer = client.get("/aktivitates/kalendars.ics?merkgrupa=seniors")
    names = {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert names == {"Senioru rīts"}


def test_the_village_is_remembered_from_the_home_page(client):
    VillageFactory()
    soon()
    answer = client.get("/vieta/?vieta=eleja&q=ad%C4%AB%C5%A1ana")
    assert answer["Location"] == "/aktivitates/?vieta=eleja&q=ad%C4%AB%C5%A1ana&km=10"
    assert client.cookies["vieta"].value == "eleja"
    assert "ap Eleju" in client.get("/").content.decode()


def test_a_shared_address_does_not_change_my_village(client):
    VillageFactory()
    VillageFactory(code="vilce", name="Vilce", slug="vilce", accusative="Vilci")
    client.get("/vieta/?vieta=eleja")
    client.get("/aktivitates/?vieta=vilce&km=10")
    assert client.cookies["vieta"].value == "eleja"


def test_a_parish_page_names_who_answers(client):
    parish = ParishFactory()
    standing_in = PostFactory(parishes=[])
    PostFactory(holder=None, stands_in=standing_in, parishes=[parish])
    soon(parish=parish)
    html = client.get("/pagasti/elejas-pagasts/").content.decode()
    assert "Ilze Ozola" in html
    assert "aizvieto" in html
    assert "6301\u00a02345" in html


def test_pages_of_a_centre_and_a_department_show_their_programme(client):
    welfare = DepartmentFactory(code="LAB", name="Labklājības pārvalde")
    centre = CentreFactory()
    activity = soon(centre=centre, lead=welfare)
    assert ids(client.get("/centri/elejas-jauniesu-centrs/").content.decode()) == [activity.pk]
    assert ids(client.get("/nodalas/LAB/").content.decode()) == [activity.pk]
    assert ids(client.get("/nodalas/lab/").content.decode()) == [activity.pk]
    assert "Elejas jauniešu centrs" in client.get("/centri/").content.decode()


@pytest.mark.parametrize("path", ["/pagasti/nav/", "/centri/nav/", "/nodalas/NAV/", "/aktivitates/99999-nav/", "/nav/"])
def test_what_is_not_there_is_said_kindly(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "a" * 5000, "vieta=%F0%9F%A6%86", "lapa=%D9%A1", "merkgrupa=%3Cscript%3E"]
)
def test_odd_addresses_are_answered(client, query):
    soon()
    answer = client.get(f"/aktivitates/?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.parametrize("view", ["kalendars", "karte"])
def test_the_calendar_and_the_map_show_the_activity(client, view):
    VillageFactory()
    activity = soon(title="Adīšana")
    month = timezone.localtime(activity.starts_at).strftime("%Y-%m")
    html = client.get(f"/aktivitates/?skats={view}&menesis={month}").content.decode()
    assert ("Adīšana" in html) == (view == "kalendars")
    assert "1\u00a0aktivitāte" in html
