"""The dashboard of figures: what stands on it, its filters, who sees small numbers, its files, the list behind a figure."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.db.models import F
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from coordinators.domain.access import Reach, reach
from courses.domain import attendance, erasing
from courses.models import Activity
from ecosystem.models import Look, User
from reporting.domain import behind, dashboard, past_term, periods
from reporting.domain.data.sources import Postgres
from reporting.domain.facts import reading
from reporting.domain.figures import Asked, Figure, Period, Row, Unit
from reporting.filters import Vocabulary, understand
from reporting.views import findings
from residents.models import Resident
from tests import factories as f

pytestmark = pytest.mark.django_db
PAGE = "/darbs/raditaji/"
TODAY = date(2027, 5, 20)


def course(department: str = "MUZ", *, days_ago: int = 40, **said: Any) -> Activity:
    """Four meetings, all of them over by today."""
    lead = f.DepartmentFactory(code=department, name=f"{department} nodaļa")
    return f.ActivityFactory(lead=lead, first=timezone.now() - timedelta(days=days_ago), capacity=None, **said)


def came(activity: Activity, *people: Resident) -> None:
    """They were at its first meeting, and the figures know."""
    marks: dict[int, str | None] = {}
    for person in people:
        registration = f.RegistrationFactory(party=f.PartyFactory(activity=activity), resident=person)
        Activity.objects.filter(pk=activity.pk).update(taken=F("taken") + 1)
        marks[registration.pk] = "present"
    first = activity.sessions.select_related("activity").order_by("starts_at")[0]
    attendance.mark(session=first, marks=marks, by=f.UserFactory(), now=timezone.now())
    reading.read(now=timezone.now())


def people(number: int, **said: Any) -> list[Resident]:
    return [f.ResidentFactory(given_name=f"Anna{place}", **said) for place in range(number)]


def sign_in(client: Client, **said: Any) -> User:
    user = f.PostFactory(**said).holder
    client.force_login(user)
    return user


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def head(client: Client) -> User:
    """Heads the lifelong learning department."""
    return sign_in(client, kind="head", parishes=[])


# Periods


def test_a_period_that_is_not_over_stands_beside_as_many_days() -> None:
    year = periods.year(2027)
    assert year.counted(today=TODAY) == Period(date(2027, 1, 1), TODAY)
    assert year.before(today=TODAY) == year.a_year_before(today=TODAY) == Period(date(2026, 1, 1), date(2026, 5, 20))
    quarter = periods.quarter(2027, 2)
    assert quarter.counted(today=TODAY) == Period(date(2027, 4, 1), TODAY)
    assert quarter.before(today=TODAY) == Period(date(2027, 1, 1), date(2027, 2, 19))
    assert quarter.a_year_before(today=TODAY) == Period(date(2026, 4, 1), date(2026, 5, 20))


def test_a_period_that_is_over_stands_beside_the_whole_one_before() -> None:
    quarter = periods.quarter(2027, 1)
    assert quarter.counted(today=TODAY) == Period(date(2027, 1, 1), date(2027, 3, 31))
    assert quarter.before(today=TODAY) == Period(date(2026, 10, 1), date(2026, 12, 31))
    season = periods.season(2025)
    assert season.counted(today=TODAY) == Period(date(2025, 9, 1), date(2026, 8, 31))
    assert season.before(today=TODAY) == Period(date(2024, 9, 1), date(2025, 8, 31))


@pytest.mark.parametrize(
    ("code", "first"),
    [("2026", date(2026, 1, 1)), ("2026-c3", date(2026, 7, 1)), ("2026-2027", date(2026, 9, 1))],
)
def test_codes_of_periods_are_understood(code: str, first: date) -> None:
    found = periods.named(code, today=TODAY)
    assert found is not None
    assert (found.code, found.whole.first) == (code, first)


@pytest.mark.parametrize("code", ["", "x", "2026-c5", "2026-2029", "1999", "9999", "٢٠٢٦", "2026-", "-c1", "2026-c1-"])
def test_codes_that_are_none_are_none(code: str) -> None:
    assert periods.named(code, today=TODAY) is None


# The address


def read(query: str, reached: Reach | None = None, by: tuple[str, ...] = ()) -> Any:
    with translation.override("en"):
        return understand(QueryDict(query), Vocabulary.read(), today=TODAY, reach=reached, by=by)


def test_address_is_understood_and_what_makes_no_sense_is_said() -> None:
    f.ParishFactory()
    f.DepartmentFactory()
    chosen = read("periods=2026-c4&nodala=MUZ&nodala=XXX&pagasts=elejas-pagasts&pagasts=riga&vecums=65%2B&krasa=zila")
    assert chosen.period == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert chosen.filters == {"department": ("MUZ",), "parish": ("0540248",), "age": ("65+",)}
    assert chosen.left_out == (
        "Left out: department «XXX» (it is not among the choices). The rest applies.",
        "Left out: parish «riga» (there is no such parish here). The rest applies.",
        "Left out: krasa (there is no such filter). The rest applies.",
    )
    assert chosen.address() == ("?periods=2026-c4&nodala=MUZ&pagasts=elejas-pagasts&vecums=65%2B&izvele=1"), (
        "what was left out is gone from the links"
    )


@pytest.mark.parametrize(
    ("query", "period", "said"),
    [
        ("no=2027-02-10&lidz=2027-01-05", (date(2027, 2, 10), TODAY), "the last day is before the first"),
        ("no=2027-02-30&lidz=2027-03-01", (date(2027, 1, 1), date(2027, 3, 1)), "there is no such day"),
        ("periods=2031-c9", (date(2027, 1, 1), TODAY), "there is no such period"),
        ("periods=2028", (date(2027, 1, 1), TODAY), "it has not begun"),
        ("no=2029-01-01", (date(2027, 1, 1), TODAY), "it has not begun"),
        ("periods=projekts-99", (date(2027, 1, 1), TODAY), "there is no such period"),
    ],
)
def test_impossible_period_is_left_out_with_a_reason(query: str, period: tuple[date, date], said: str) -> None:
    chosen = read(query)
    assert (chosen.period.first, chosen.period.last) == period
    assert len(chosen.left_out) == 1
    assert said in chosen.left_out[0]


def test_own_days_and_a_project_are_periods() -> None:
    assert read("periods=cits&no=2027-01-04&lidz=2027-01-31").period == Period(date(2027, 1, 4), date(2027, 1, 31))
    assert read("no=04.01.2027&lidz=31.01.2027.").period == Period(date(2027, 1, 4), date(2027, 1, 31))
    project = f.ProjectFactory(starts_on=date(2026, 3, 1), ends_on=date(2027, 8, 31))
    assert read(f"periods=projekts-{project.pk}").period == Period(date(2026, 3, 1), TODAY)


def test_breakdowns_are_two_at_most_and_only_those_it_has() -> None:
    chosen = read("pec=age&pec=sex&pec=parish&pec=colour", by=("age", "sex", "parish"))
    assert chosen.by == ("age", "sex")
    assert len(chosen.left_out) == 2


def test_what_somebody_answers_for_is_chosen_until_they_choose() -> None:
    eleja = f.ParishFactory()
    coordinator = reach(f.PostFactory().holder, on=timezone.localdate())
    boss = reach(f.PostFactory(kind="head", parishes=[]).holder, on=timezone.localdate())
    administrator = reach(f.PostFactory(kind="administrator", parishes=[]).holder, on=timezone.localdate())
    assert read("", coordinator).filters == {"parish": (eleja.pk,)}
    assert read("", boss).filters == {"department": ("MUZ",)}
    assert read("", administrator).filters == {}
    assert read("izvele=1", coordinator).filters == read("izvele=1", boss).filters == {}
    assert read("", boss).is_for_reader
    assert not read("izvele=1", boss).is_for_reader


# The page


def test_empty_portal_says_that_nobody_was_counted(client: Client, head: User) -> None:
    for query in ("", "?izvele=1", "?izvele=1&periods=2020"):
        html = text(client, f"/en{PAGE}{query}")
        assert "Nobody has been counted yet" in html
        assert "NaN" not in html


def test_figures_stand_on_the_page(client: Client, head: User) -> None:
    eleja = f.VillageFactory()
    came(course(), *people(6, sex="female", village=eleja))
    came(course("JAU"), *people(5, sex="male", village=eleja))
    html = text(client, f"/en{PAGE}?izvele=1")
    assert '<dd class="stat-number">11</dd>' in html
    assert "11 people took part" in html
    mine = text(client, f"/en{PAGE}")
    assert '<dd class="stat-number">6</dd>' in mine
    assert "Chosen for you, by your post." in mine
    # Every panel that can be asked stands there, each with its table and files.
    for key in ("menesi", "merkgrupas", "pagasti", "vecums", "karte", "tuvums", "attalums", "temas", "plankumi"):
        assert f'<div id="{key}"' in html, key
        assert f"tabula={key}&amp;format=csv" in html, key


def test_heads_that_were_only_counted_stand_apart(client: Client, head: User) -> None:
    activity = course()
    came(activity, *people(6, village=f.VillageFactory()))
    activity.sessions.filter(pk=activity.sessions.order_by("starts_at")[1].pk).update(head_count=31)
    html = text(client, f"/en{PAGE}?izvele=1")
    assert '<dd class="stat-number">6</dd>' in html
    assert '<dd class="stat-number">31</dd>' in html
    assert "heads without names, not among the participants" in html
    assert '<dd class="stat-number">37</dd>' not in html


def test_an_indicator_that_is_not_counted_by_a_filter_says_so(client: Client, head: User) -> None:
    came(course(), *people(6))
    html = text(client, f"/en{PAGE}?izvele=1&dzimums=female")
    assert "Not counted by: sex" in html
    assert "Where there is nothing" in html
    assert "not counted by sex" in html


def test_all_figures_of_the_dashboard_are_asked_as_their_indicators_allow() -> None:
    asked = Asked(Period(date(2027, 1, 1), date(2027, 3, 31)))
    answers = dashboard.answer(
        dashboard.PANELS.values(),
        asked=asked,
        before=asked.period.before(),
        a_year_before=asked.period.a_year_before(),
        source=Postgres(),
    )
    assert set(answers.by_key) == set(dashboard.PANELS), "each panel's indicator is given"
    assert [one.panel.key for one in answers] == list(dashboard.PANELS)


def test_questions_do_not_grow_with_what_is_counted(client: Client, head: User, same_queries: Any) -> None:
    same_queries(
        73,
        add=lambda place: came(course(("MUZ", "JAU", "LAB")[place]), *people(place + 1)),
        visit=lambda: text(client, f"{PAGE}?izvele=1"),
    )


def test_the_list_behind_asks_as_much_of_three_as_of_one(client: Client, head: User, same_queries: Any) -> None:
    activity = course()
    same_queries(
        15,
        add=lambda place: came(activity, f.ResidentFactory(given_name=f"Zane{place}", village=f.VillageFactory())),
        visit=lambda: text(client, f"{PAGE}DAL-01/cilveki/?izvele=1"),
    )


# Who sees small numbers


def test_small_numbers_are_marked_for_who_answers_for_them_and_hidden_from_others(client: Client) -> None:
    eleja = f.VillageFactory()
    vilce = f.ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")
    village = f.VillageFactory(code="vilce", name="Vilce", parish=vilce)
    came(course(), *people(3, village=eleja), *people(9, village=village))
    address = f"/en{PAGE}DAL-01/?izvele=1&pec=residence"
    sign_in(client, kind="head", parishes=[], holder__email="head@example.lv")
    assert '3<abbr title="hidden outside the desk' in text(client, address)
    sign_in(client, holder__email="coordinator@example.lv")
    other = text(client, address)
    assert "<abbr title" not in other
    assert '<td class="number soft">hidden</td>' in other
    mine = text(client, f"/en{PAGE}DAL-01/?izvele=1&pec=residence&pagasts=elejas-pagasts")
    # The parish filter of a figure by home and by venue is that of the venue, all of it the coordinator's own.
    assert '3<abbr title="hidden outside the desk' in mine


# Files


@pytest.mark.parametrize("key", [key for key, panel in dashboard.PANELS.items() if panel.shape.value != "number"])
def test_every_table_is_a_file(client: Client, head: User, key: str) -> None:
    eleja = f.VillageFactory()
    came(course(), *people(6, sex="female", village=eleja))
    for kind in ("csv", "xlsx"):
        answer = client.get(f"{PAGE}?izvele=1&tabula={key}&format={kind}")
        assert answer.status_code == 200, (key, kind)
        assert answer["Content-Disposition"].endswith(f'.{kind}"')


def test_file_hides_few_people_and_says_how_to_handle_it(client: Client, head: User) -> None:
    eleja = f.VillageFactory()
    came(course(), *people(3, village=eleja))
    address = f"/en{PAGE}DAL-01/?izvele=1&pec=residence&format="
    rows = client.get(f"{address}csv").content.decode("utf-8-sig").splitlines()
    assert "Elejas pagasts;hidden" in rows[1]
    assert "are hidden: leave them so." in "\n".join(rows)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}xlsx").content))
    assert book.sheetnames == ["Tabula", "Piezīmes"]
    assert [cell.value for cell in book["Tabula"][2]][:2] == ["Elejas pagasts", "hidden"]
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


def test_numbers_in_a_workbook_are_numbers(client: Client, head: User) -> None:
    came(course(), *people(7, village=f.VillageFactory()))
    answer = client.get(f"{PAGE}DAL-01/?izvele=1&pec=residence&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Tabula"]
    assert sheet.cell(2, 2).value == 7


@pytest.mark.parametrize("query", ["tabula=nav&format=csv", "tabula=&format=xlsx"])
def test_a_table_that_is_none_is_not_found(client: Client, head: User, query: str) -> None:
    assert client.get(f"{PAGE}?{query}").status_code == 404


# One indicator


def test_every_indicator_has_its_page(client: Client, head: User) -> None:
    from reporting.domain import indicators

    came(course(), *people(6, village=f.VillageFactory()))
    for code, indicator in indicators.INDICATORS.items():
        html = text(client, f"/en{PAGE}{code}/?izvele=1")
        assert "None" not in html.split("<main")[1].split("</main>")[0], code
        for dimension in {*indicator.by[:1], *indicator.by[-1:]}:
            assert client.get(f"{PAGE}{code}/?izvele=1&pec={dimension}").status_code == 200, (code, dimension)


def test_odd_days_of_a_year_that_is_only_counts_say_so(client: Client, head: User) -> None:
    activity = course(days_ago=2400)
    came(activity, *people(6))
    past_term.fold(now=timezone.now())
    first = timezone.localdate(activity.sessions.earliest("starts_at").starts_at)
    days = f"izvele=1&periods=cits&no={first}&lidz={first + timedelta(days=3)}"
    for address in (f"/en{PAGE}?{days}", f"/en{PAGE}DAL-01/?{days}", f"/en{PAGE}DAL-01/?{days}&pec=audience"):
        page = text(client, address)
        assert "Of so long ago only counts are left" in page, address
        assert "has been counted" not in page.replace("Nothing has been counted here yet", ""), address
        assert "Nobody" not in page, address


def test_several_numbers_of_one_definition_stand_in_their_order_without_a_chart(client: Client, head: User) -> None:
    came(course(), *people(6, birth_year=1950), *people(6, birth_year=1968))
    page = text(client, f"/en{PAGE}IEK-08/?izvele=1&pec=aspect")
    rows = [part.split("<")[0] for part in page.split('<th scope="row">')[1:]]
    assert rows == ["55 and older, as ESF+ counts", "65 and older among them"]
    assert '<svg class="chart' not in page and "Most:" not in page


def test_an_indicator_that_is_not_given_says_why(client: Client, head: User) -> None:
    assert "a survey that names people" in text(client, f"/en{PAGE}REZ-04/")
    assert client.get(f"{PAGE}XXX-01/").status_code == 404
    assert "Participants" in text(client, f"/en{PAGE}dal-01/"), "small letters will do"


# The list behind a figure


def test_the_list_names_whom_one_may_see_and_counts_the_others(client: Client) -> None:
    eleja = f.VillageFactory()
    vilce = f.ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")
    elsewhere = f.VillageFactory(code="vilce", name="Vilce", parish=vilce)
    one, two, three = people(3, village=eleja)
    far = f.ResidentFactory(given_name="Zane", village=elsewhere)
    came(course("JAU"), one, two, three, far)
    erasing.erase(resident=three, by=f.UserFactory(), now=timezone.now())
    reading.read(now=timezone.now())
    user = sign_in(client)
    html = text(client, f"/en{PAGE}DAL-01/cilveki/?izvele=1")
    assert "4 people are counted." in html
    assert "1 of them is on others" in html
    assert "And 1 erased." in html
    assert "Anna0" in html
    assert "Zane" not in html
    look = Look.objects.get()
    assert (look.by, look.kind, look.count, look.detail) == (user, "list", 2, "DAL-01")
    assert sorted(look.people) == sorted([one.pk, two.pk])
    found = behind.of(
        "DAL-01", Asked(Period(date(2020, 1, 1), date(2099, 1, 1))), reach=reach(user, on=timezone.localdate())
    )
    assert (len(found.seen), found.others, found.erased, found.total) == (2, 1, 1, 4)


def test_the_list_counts_as_the_figure_does(client: Client, head: User) -> None:
    from reporting.domain import indicators

    eleja = f.VillageFactory()
    came(course(), *people(6, village=eleja, birth_year=1950))
    came(course("JAU"), *people(4, village=None, birth_year=2010))
    reached = reach(head, on=timezone.localdate())
    whole = Asked(Period(date(2020, 1, 1), timezone.localdate()))
    for asked in (whole, whole.within(department=("JAU",)), whole.within(age=("65+",))):
        for code in ("DAL-01", "IEK-04", "IEK-08"):
            figure = indicators.figure(code, asked, source=Postgres())
            assert behind.of(code, asked, reach=reached).total == figure.value, (code, asked.filters)


def test_no_list_stands_behind_what_counts_no_people(client: Client, head: User) -> None:
    assert client.get(f"{PAGE}PIE-01/cilveki/").status_code == 404
    assert "/PIE-01/cilveki/" not in text(client, f"{PAGE}PIE-01/")


def test_a_project_manager_sees_figures_and_no_list(client: Client) -> None:
    sign_in(client, kind="project_manager")
    text(client, PAGE)
    assert client.get(f"{PAGE}DAL-01/cilveki/").status_code == 403


def figure_of(**people: int) -> Figure:
    """Different people by audience."""
    rows = tuple(Row({"audience": code}, float(count), count) for code, count in people.items())
    return Figure("DAL-01", Unit.COUNT, Asked(Period(date(2026, 1, 1), date(2026, 3, 31)), by=("audience",)), rows)


@pytest.mark.parametrize(
    ("a_year_before", "before", "told"),
    [
        (figure_of(seniors=5, youth=9), None, "Lielākais pieaugums: Seniori (+7); lielākais kritums: Jaunieši (−3)"),
        (figure_of(seniors=5), figure_of(seniors=40, youth=6), "Lielākais pieaugums: Seniori (+7)"),
        (figure_of(), figure_of(seniors=5, youth=6), "Lielākais pieaugums: Seniori (+7), pret iepriekšējo periodu"),
        (None, figure_of(seniors=14, youth=6), "Lielākais kritums: Seniori (−2), pret iepriekšējo periodu"),
        (figure_of(seniors=12, youth=6), figure_of(seniors=1), ""),
        (None, figure_of(), ""),
    ],
)
def test_growth_is_told_beside_the_year_before_and_of_what_is_younger_beside_the_period_before(
    a_year_before, before, told
):
    answer = dashboard.Answer(dashboard.PANELS["merkgrupas"], figure_of(seniors=12, youth=6), before, a_year_before)
    names = {"seniors": "Seniori", "youth": "Jaunieši"}
    assert findings.of_growth(answer, names, lambda _figure, _row: False) == told
