"""The board of overlaps: who sees what, states and their order, filters and the figures beside them, Today."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from coordinators.domain.access import Reach, reach
from courses.domain import today as desk
from courses.domain.overlaps import board, judging, publishing, tallies, world
from courses.domain.overlaps.board import Wanted
from courses.models import Activity, JointOffer, Overlap
from courses.views import desk as desk_views
from tests.factories import (
    NOW,
    TODAY,
    ActivityFactory,
    AudienceFactory,
    DepartmentFactory,
    FoundOverlapFactory,
    OverlapDecisionFactory,
    ParishFactory,
    PostFactory,
    UserFactory,
    at,
)

pytestmark = pytest.mark.django_db

BOARD = "/darbs/parklasanas/"


@pytest.fixture
def vilce() -> Any:
    return ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")


@pytest.fixture
def youth() -> Any:
    return DepartmentFactory(code="JAU", name="Jaunatnes lietu nodaļa")


@pytest.fixture
def reached() -> Reach:
    """What the coordinator of the first department in Eleja reaches."""
    return reach(PostFactory().holder, on=TODAY)


def pair(title: str, first: Any = None, second: Any = None, **said: Any) -> Overlap:
    """An overlap of two departments, called by the title of its first."""
    return FoundOverlapFactory(
        first=ActivityFactory(title=title, **(first or {})),
        second=ActivityFactory(title=f"{title} II", lead=DepartmentFactory(code="JAU"), **(second or {})),
        **said,
    )


def titles(found: Any) -> list[str]:
    return [overlap.first.title for overlap in found]


def listed(reached: Reach, order: str = board.SOONEST, **wanted: Any) -> list[str]:
    return titles(board.rows(board.listed(reach=reached, wanted=Wanted(**wanted), order=order)[:20]))


# Who sees what


def test_a_draft_s_pair_is_for_its_own_department(reached: Reach, youth: Any) -> None:
    pair("Redzams")
    pair("Manējais melnraksts", {"status": "draft"})
    pair("Svešais melnraksts", None, {"status": "draft"})
    assert listed(reached) == ["Redzams", "Manējais melnraksts"]
    theirs = reach(PostFactory(department=youth, holder=UserFactory(email="elina@example.lv")).holder, on=TODAY)
    assert listed(theirs) == ["Redzams", "Svešais melnraksts"]
    assert listed(Reach()) == []
    # The figures count what the list shows.
    assert tallies.summary(reach=reached, wanted=Wanted()).all.open == 2


def test_an_administrator_sees_all(reached: Reach) -> None:
    pair("Svešais melnraksts", None, {"status": "draft"})
    administrator = PostFactory(kind="administrator", parishes=[], holder=UserFactory(email="admin@example.lv")).holder
    assert listed(reach(administrator, on=TODAY)) == ["Svešais melnraksts"]


# States and order


def test_open_ones_first_the_soonest_first_then_decided_then_gone(reached: Reach) -> None:
    pair("Vēlāk", {"first": at("2027-03-04 10:00")}, {"first": at("2027-03-05 10:00")})
    pair("Drīz", {"first": at("2027-02-01 10:00")}, {"first": at("2027-03-05 10:00")})
    pair("Sadursme", {"first": at("2027-01-12 10:00")}, kind="clash")
    pair("Sava", {"first": at("2027-01-12 11:00")}, is_own=True)
    OverlapDecisionFactory(overlap=pair("Izlemta sen"), at=NOW - timedelta(days=5))
    OverlapDecisionFactory(overlap=pair("Izlemta un galā", ended_at=NOW), at=NOW - timedelta(days=1))
    pair("Beigusies", ended_at=NOW - timedelta(days=2))
    assert listed(reached) == [
        *("Drīz", "Vēlāk", "Sadursme", "Sava"),
        *("Izlemta un galā", "Izlemta sen"),
        "Beigusies",
    ]
    assert [board.state(overlap) for overlap in board.rows(board.listed(reach=reached, wanted=Wanted()))] == [
        *["open"] * 4,
        *["decided"] * 2,
        "gone",
    ]
    assert listed(reached, states=frozenset(["decided"])) == ["Izlemta un galā", "Izlemta sen"]
    assert listed(reached, states=frozenset(["open", "gone"]))[-1] == "Beigusies"


def test_the_longest_open_first_where_that_is_asked(reached: Reach) -> None:
    pair("Jauna", {"first": at("2027-02-01 10:00")}, found_at=NOW - timedelta(days=1))
    pair("Veca", {"first": at("2027-05-01 10:00")}, found_at=NOW - timedelta(days=30))
    assert listed(reached) == ["Jauna", "Veca"]
    assert listed(reached, order=board.LONGEST) == ["Veca", "Jauna"]


# Filters


def test_filters_narrow_by_kind_departments_parish_audience_days_and_mine(
    reached: Reach, vilce: Any, youth: Any
) -> None:
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem", age_min=55)
    pair("Parastā")
    pair("Sadursme", kind="clash")
    FoundOverlapFactory(
        first=ActivityFactory(title="Viena nodaļa"), second=ActivityFactory(title="Tā pati nodaļa"), is_own=True
    )
    pair("Vilcē", {"parish": vilce, "centre": None}, {"parish": vilce, "centre": None})
    pair("Senioriem", None, {"audiences": [seniors]})
    pair("Rudenī", {"first": at("2027-09-01 10:00")}, {"first": at("2027-09-02 10:00")})
    every = {"Parastā", "Sadursme", "Viena nodaļa", "Vilcē", "Senioriem", "Rudenī"}
    assert set(listed(reached)) == every
    assert listed(reached, kinds=frozenset(["clash"])) == ["Sadursme"]
    assert listed(reached, pairs=frozenset([("MUZ", "MUZ")])) == ["Viena nodaļa"]
    assert set(listed(reached, pairs=frozenset([("JAU", "MUZ")]))) == every - {"Viena nodaļa"}
    assert listed(reached, parishes=frozenset(["0540290"])) == ["Vilcē"]
    assert listed(reached, audiences=frozenset(["seniors"])) == ["Senioriem"]
    assert listed(reached, first_day=date(2027, 4, 1)) == ["Rudenī"]
    # From 4 to 25 February: any of the two on any of the days.
    assert set(listed(reached, last_day=date(2027, 2, 4))) == every - {"Rudenī"}
    assert listed(reached, first_day=date(2027, 2, 26), last_day=date(2027, 8, 31)) == []
    # The coordinator's are MUZ in Eleja.
    assert set(listed(reached, is_mine=True)) == every - {"Vilcē"}


# Figures


def test_counts_leave_out_the_filter_s_own_choice(reached: Reach, vilce: Any) -> None:
    seniors = AudienceFactory(code="seniors", name="Seniori", dative="Senioriem", age_min=55)
    pair("Elejā")
    pair("Elejā un Vilcē", None, {"parish": vilce, "centre": None, "audiences": [seniors]}, kind="clash")
    OverlapDecisionFactory(overlap=pair("Vilcē", {"parish": vilce}, {"parish": vilce}))
    whole = tallies.summary(reach=reached, wanted=Wanted())
    assert (whole.all.open, whole.all.decided, whole.all.gone, whole.waiting) == (2, 1, 0, 1)
    assert whole.kinds == {("open", "duplicate"): 1, ("open", "clash"): 1, ("decided", "duplicate"): 1}
    assert {key: (one.open, one.decided) for key, one in whole.pairs.items()} == {("JAU", "MUZ"): (2, 1)}
    assert {key: (one.open, one.decided) for key, one in whole.parishes.items()} == {
        "0540248": (2, 0),
        "0540290": (1, 1),
    }
    assert {key: (one.open, one.decided) for key, one in whole.audiences.items()} == {
        "everyone": (2, 1),
        "seniors": (1, 0),
    }
    narrowed = tallies.summary(
        reach=reached,
        wanted=Wanted(parishes=frozenset(["0540290"]), kinds=frozenset(["clash"]), states=frozenset(["gone"])),
    )
    # Of the parish and the kind; the state does not narrow.
    assert (narrowed.all.open, narrowed.all.decided) == (1, 0)
    # What else there would be of another kind in the parish, of the kind in another parish.
    assert narrowed.kinds == {("open", "clash"): 1, ("decided", "duplicate"): 1}
    assert {key: one.open for key, one in narrowed.parishes.items()} == {"0540248": 1, "0540290": 1}


def test_the_median_time_is_of_those_decided_after_they_were_found(reached: Reach) -> None:
    for number, took in enumerate((2, 4, 30)):
        overlap = pair(f"Pēc {took}")
        OverlapDecisionFactory(overlap=overlap, at=overlap.found_at + timedelta(days=took), by=UserFactory())
        assert number < 3
    again = pair("Atrasta vēlreiz")
    OverlapDecisionFactory(overlap=again, at=again.found_at - timedelta(days=1))
    found = tallies.summary(reach=reached, wanted=Wanted()).all
    assert (found.decided, found.median, found.timed) == (4, timedelta(days=4), 3)


def test_measured_stands_beside_predicted(reached: Reach) -> None:
    for came in (None, 0, 3, 4):
        pair(f"Atnāca {came}", came_to_both=came)
    measured = tallies.summary(reach=reached, wanted=Wanted()).measured
    assert (measured.known, measured.met, measured.people) == (3, 2, 7)


# Today


def test_today_tells_of_open_duplicates_with_another_department(reached: Reach, youth: Any, vilce: Any) -> None:
    mine = pair("Mana", found_at=at("2027-01-02 10:00"))
    pair("Sadursme", kind="clash")
    pair("Sava", is_own=True)
    pair("Citur", {"parish": vilce, "centre": None})
    pair("Beigusies", ended_at=NOW)
    pair("Aizgājusi", {"first": at("2026-12-01 10:00"), "weeks": 1})
    pair("Svešais melnraksts", None, {"status": "draft"})
    OverlapDecisionFactory(overlap=pair("Izlemta"))
    rows = desk.day(reach=reached, now=NOW).decisions["overlap"].rows
    assert [(row, row.is_first) for row in rows] == [(mine, True)]
    assert desk_views.SENTENCES["overlap"](rows[0], NOW) == {
        "title": "Mana",
        "sentence": "Jaunatnes lietu nodaļa plāno to pašu tiem pašiem cilvēkiem: «Mana II». Nav izlemts kopš 02.01.",
        "verb": "Izlemt",
        "url": f"{BOARD}{mine.pk}/",
    }
    theirs = reach(PostFactory(department=youth, holder=UserFactory(email="elina@example.lv")).holder, on=TODAY)
    (row,) = [row for row in desk.day(reach=theirs, now=NOW).decisions["overlap"].rows if row.first.title == "Mana"]
    assert (row.is_first, desk_views.SENTENCES["overlap"](row, NOW)["title"]) == (False, "Mana II")


def test_today_asks_for_the_answer_to_an_offer_to_make_two_one(reached: Reach, youth: Any) -> None:
    mine = pair("Mana", kind="clash")
    offer = JointOffer.objects.create(
        overlap=mine,
        offering=mine.second,
        keeps=mine.first,
        offered_by=youth,
        offered_to=mine.first.lead,
        at=NOW,
    )
    (row,) = desk.day(reach=reached, now=NOW).decisions["overlap"].rows
    assert desk_views.SENTENCES["overlap"](row, NOW) == {
        "title": "Mana",
        "sentence": "Jaunatnes lietu nodaļa piedāvā rīkot to kopā ar «Mana II» un gaida Jūsu atbildi.",
        "verb": "Atbildēt",
        "url": f"{BOARD}{mine.pk}/kopigi/",
    }
    # Who offered waits for the other, and a clash asks nobody else.
    theirs = reach(PostFactory(department=youth, holder=UserFactory(email="elina@example.lv")).holder, on=TODAY)
    assert desk.day(reach=theirs, now=NOW).decisions["overlap"].rows == []
    # Decided before, it is asked all the same.
    OverlapDecisionFactory(overlap=mine)
    assert [row.pk for row in desk.day(reach=reached, now=NOW).decisions["overlap"].rows] == [mine.pk]
    JointOffer.objects.filter(pk=offer.pk).update(answer="declined", answered_at=NOW)
    assert desk.day(reach=reached, now=NOW).decisions["overlap"].rows == []


# The page


@pytest.fixture
def signed_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(PostFactory().holder)
    return client


def get(client: Client, address: str = BOARD) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_the_page_asks_the_same_for_one_and_for_three(signed_in: Client, same_queries: Callable[..., None]) -> None:
    def add(number: int) -> None:
        pair(f"Atvērta {number}")
        OverlapDecisionFactory(overlap=pair(f"Izlemta {number}"), by=UserFactory(email=f"{number}@example.lv"))
        pair(f"Beigusies {number}", ended_at=NOW)

    same_queries(13, add=add, visit=lambda: get(signed_in))


def test_what_could_not_be_compared_is_told_not_silent(signed_in: Client) -> None:
    """Of children from sixty there are none, so nothing can overlap with it: the board says so, and where it is published."""
    children = AudienceFactory(code="children", name="Bērni", dative="Bērniem", age_min=7, age_max=12)
    odd = ActivityFactory(title="Džudo", audiences=[children], age_min=60, status="planned")
    draft = ActivityFactory(title="Cits džudo", audiences=[], status="draft")
    assert publishing.publish(activity=odd, now=NOW).status == "published"
    judging.settle(activities=[draft.pk], ground=world.ground(on=TODAY), now=NOW)
    said = "nav zināms, kam tā domāta: šāda vecuma cilvēku nav nevienā tās mērķgrupā."
    page = get(signed_in)
    assert ("Džudo" in page, said in page, "Cits džudo" in page) == (True, True, False)
    assert said in get(signed_in, f"/darbs/aktivitates/{odd.pk}/statuss/")
    Activity.objects.filter(pk=odd.pk).update(age_min=None)
    judging.settle(activities=[odd.pk], ground=world.ground(on=TODAY), now=NOW)
    assert said not in get(signed_in) and said not in get(signed_in, f"/darbs/aktivitates/{odd.pk}/statuss/")


def test_a_row_says_what_differs_why_how_long_and_what_was_decided(signed_in: Client) -> None:
    overlap = pair("Adīšana", {"first": at("2027-02-04 10:00")}, {"first": at("2027-02-05 10:00")}, came_to_both=2)
    page = get(signed_in)
    assert f'data-overlap="{overlap.pk}" data-state="open"' in page
    assert "Abas paredzētas senioriem. Vienā pagastā: Elejas pagasts." in page
    assert "Neizlemta 10 dienu" in page
    # The day differs, the place does not.
    assert "<strong>2027. gada 4.–25. februāris</strong>" in page
    assert "<dd>Elejas jauniešu centrs, Elejas pagasts</dd>" in page
    assert "Izmērīts: uz abām atnāca 2 cilvēki." in page
    assert f'href="{BOARD}{overlap.pk}/">Izlemt' in page
    OverlapDecisionFactory(overlap=overlap)
    page = get(signed_in)
    assert "Rīkot tik un tā</strong>: «Abās grupās ir pieteikušies.»" in page
    assert "Ilze Ozola, Mūžizglītības nodaļa, 2027. gada 7. janvārī" in page
    assert "Izlemta pēc 6 dienām" in page
    assert "6 dienas" in page and "n = 1" in page


def test_the_page_is_there_in_english(signed_in: Client) -> None:
    pair("Adīšana")
    page = get(signed_in, f"/en{BOARD}")
    assert "Both are for seniors." in page
    assert "1 overlap is undecided, 1 of them is a duplicate of two departments." in page


def test_numbers_lead_to_the_list_they_count(signed_in: Client, vilce: Any) -> None:
    pair("Elejā")
    pair("Vilcē", {"parish": vilce}, {"parish": vilce})
    page = get(signed_in)
    assert 'href="?pagasts=vilces-pagasts&amp;stavoklis=open">1</a>' in page
    assert get(signed_in, f"{BOARD}?pagasts=vilces-pagasts&stavoklis=open").count("data-overlap=") == 1
    assert get(signed_in, f"{BOARD}?nodalas=JAU-MUZ&stavoklis=open").count("data-overlap=") == 2


def test_a_long_list_has_pages(signed_in: Client) -> None:
    for number in range(13):
        pair(f"Pāris {number:02}")
    assert (get(signed_in).count("data-overlap="), get(signed_in, f"{BOARD}?lapa=2").count("data-overlap=")) == (12, 1)
    assert get(signed_in, f"{BOARD}?lapa=99").count("data-overlap=") == 1


def test_what_makes_no_sense_in_the_address_is_left_out_and_said(signed_in: Client) -> None:
    pair("Adīšana")
    for wrong in (
        *("stavoklis=nav", "veids=x", "nodalas=MUZ-XXX", "pagasts=nekur", "merkgrupa=-", "no=2027-02-31", "seciba=x"),
        *("no=2027-02-10&lidz=2027-02-01", "no=9999-12-31", "mani=ja"),
    ):
        page = get(signed_in, f"{BOARD}?{wrong}")
        assert "tika izlaists" in page, wrong
        assert page.count("data-overlap=") == 1, wrong
    assert "tika izlaists" not in get(signed_in, f"{BOARD}?stavoklis=open&no=&lapa=x")


def test_an_empty_board_says_so(signed_in: Client) -> None:
    assert "Nodaļu plāni nepārklājas" in get(signed_in)
    pair("Adīšana")
    assert "Tādas pārklāšanās nav" in get(signed_in, f"{BOARD}?veids=clash")


def test_only_activities_that_have_a_page_are_linked(signed_in: Client) -> None:
    overlap = pair("Plāns", {"lead": DepartmentFactory(code="LAB", name="Labklājības pārvalde"), "status": "planned"})
    page = get(signed_in)
    assert "<h3>Plāns</h3>" in page
    other = Activity.objects.get(pk=overlap.second_id)
    assert f'<a href="{other.get_absolute_url()}">Plāns II</a>' in page


def test_the_list_is_a_file_too_without_names(signed_in: Client) -> None:
    OverlapDecisionFactory(overlap=pair("Adīšana", came_to_both=2))
    pair("Cita", kind="clash")
    answer = signed_in.get(f"{BOARD}?format=csv&veids=duplicate")
    lines = answer.content.decode("utf-8-sig").replace("\u00a0", " ").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="parklasanas-2027-01-11.csv"'
    assert lines[0].startswith("Stāvoklis;Veids;Aktivitāte (1);Nodaļa (1);Kad (1);Pirmā nodarbība (1)")
    assert len(lines) == 2
    assert lines[1].startswith("Izlemtas;Dublēšanās;Adīšana;Mūžizglītības nodaļa;2027. gada 4.–25. februāris;")
    assert lines[1].endswith(";Rīkot tik un tā;Abās grupās ir pieteikušies.;Mūžizglītības nodaļa")
    assert "Ilze" not in lines[1]
    assert signed_in.get(f"{BOARD}?format=xlsx").content.startswith(b"PK")
