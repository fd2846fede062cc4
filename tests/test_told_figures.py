"""Figures of anonymous totals and of rates: a world small enough to count on paper, the same from both sources."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from courses.domain import attendance
from courses.models import Activity
from ecosystem.domain import dated_limits, population_file
from ecosystem.models import Limit
from reporting.domain import indicators, limits, totals
from reporting.domain.data import copy
from reporting.domain.data.sources import Postgres, Source
from reporting.domain.facts import reading
from reporting.domain.figures import Asked, Period, Row
from tests import factories as f
from tests.factories import NOW
from tests.test_facts import LATER, WINTER, course, mark, session

pytestmark = pytest.mark.django_db
EARLIER = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def world(db: None) -> dict[str, Activity]:
    """Knitting (MUZ with JAU, Eleja): two came, and three without a name; told of. Chess (JAU, Vilce): one came; not told."""
    vilce = f.ParishFactory(code="0540290", name="Vilces pagasts", population=1480, population_date="2023-01-04")
    knitting = course(partners=[f.DepartmentFactory(code="JAU", name="JAU")], title="Adīšana")
    chess = course("JAU", first="2027-01-05 17:00", parish=vilce, centre=None, title="Šahs")
    anna, juris = f.ResidentFactory(), f.ResidentFactory(given_name="Juris")
    mark(knitting, anna, juris)
    mark(knitting, anna, place=1)
    mark(chess, anna)
    for place, heads in ((0, 1), (1, 3)):
        attendance.set_head_count(session=session(knitting, place), heads=heads, by=f.UserFactory(), now=LATER)
    reading.read(now=LATER)
    tell(knitting, FEWER=2, B1=2, B6=1, UNE=2, LTU=1, EMP=1, **{"ISCED3-4": 4}, NEET=0, TRANSPORT=3, ASSISTANT=1)
    tell(chess, B1=0, CHILDCARE=1)
    return {"knitting": knitting, "chess": chess}


def tell(activity: Activity, **counts: int) -> None:
    totals.enter(
        activity=activity,
        counts=counts,
        seen=totals.standing(activity=activity),
        by=f.UserFactory(),
        now=LATER,
    )


@pytest.fixture(params=["postgres", "copy"])
def source(request: Any, world: Any, settings: Any, tmp_path: Path) -> Source:
    """Both places where figures are read."""
    if request.param == "postgres":
        return Postgres(now=LATER)
    settings.FIGURES_DIR = tmp_path
    copy.make(now=LATER)
    found = copy.current()
    assert found is not None
    return found


def rows(source: Source, code: str, *by: str, period: Period = WINTER, **filters: tuple[str, ...]) -> list[Any]:
    """Keys, value, n and what is not known."""
    found = indicators.figure(code, Asked(period, filters, by), source=source).rows
    return [(*row.keys.values(), row.value, row.n, row.not_known) for row in found]


def test_fewer_opportunities_by_department_and_parish(source: Source) -> None:
    # Knitting had 5 (two by name, three at the fuller session), all asked; of chess nobody told: its one is not known.
    assert rows(source, "IEK-01") == [(2.0, 2, 1)]
    # The whole once; the joint activity is credited to both.
    assert rows(source, "IEK-01", "department") == [("JAU", 2.0, 2, 1), ("MUZ", 2.0, 2, 0)]
    assert rows(source, "IEK-01", "parish") == [("0540248", 2.0, 2, 0), ("0540290", None, 0, 1)]
    assert rows(source, "IEK-01", parish=("0540290",)) == [(None, 0, 1)], "nobody told is not nobody"
    assert rows(source, "IEK-01", period=EARLIER) == [(None, 0, 0)]


def test_barriers_count_barriers_and_one_person_may_fall_under_several(source: Source) -> None:
    assert rows(source, "IEK-02") == [(3.0, 3, 1)]
    assert rows(source, "IEK-02", "barrier") == [("B1", 2.0, 2, 0), ("B6", 1.0, 1, 0)]
    assert rows(source, "IEK-02", "parish", "barrier", department=("MUZ",)) == [
        ("0540248", "B1", 2.0, 2, 0),
        ("0540248", "B6", 1.0, 1, 0),
    ]


def test_labour_status_has_the_long_term_within_and_what_is_not_known_apart(source: Source) -> None:
    assert rows(source, "IEK-05") == [(3.0, 3, 3)]
    # Of knitting's 5 two were not told of, and the one of chess.
    assert rows(source, "IEK-05", "labour") == [
        ("", 3.0, 3, 3),
        ("EMP", 1.0, 1, 0),
        ("LTU", 1.0, 1, 0),
        ("UNE", 2.0, 2, 0),
    ]
    assert rows(source, "IEK-05", "parish", "labour") == [
        ("0540248", "", 2.0, 2, 2),
        ("0540248", "EMP", 1.0, 1, 0),
        ("0540248", "LTU", 1.0, 1, 0),
        ("0540248", "UNE", 2.0, 2, 0),
        ("0540290", "", 1.0, 1, 1),
    ]
    assert rows(source, "IEK-05", "labour", labour=("UNE",)) == [("UNE", 2.0, 2, 0)]


def test_education_adds_up_with_what_is_not_known(source: Source) -> None:
    assert rows(source, "IEK-06") == [(4.0, 4, 2)]
    assert rows(source, "IEK-06", "education") == [("", 2.0, 2, 2), ("ISCED3-4", 4.0, 4, 0)]


def test_neet_ukrainians_and_support(source: Source) -> None:
    assert rows(source, "IEK-09") == [(0.0, 0, 1)], "asked, and there was nobody; of chess not known"
    assert rows(source, "IEK-12") == [(None, 0, 6)]
    assert rows(source, "IEK-11") == [(5.0, 5, 0)]
    assert rows(source, "IEK-11", "support") == [
        ("ASSISTANT", 1.0, 1, 0),
        ("CHILDCARE", 1.0, 1, 0),
        ("TRANSPORT", 3.0, 3, 0),
    ]


def test_an_activity_counts_once_in_each_period_that_it_ran_in(source: Source) -> None:
    for first, last in ((4, 10), (11, 17), (1, 31)):
        week = Period(date(2027, 1, first), date(2027, 1, last))
        assert rows(source, "IEK-01", department=("MUZ",), period=week)[0][0] == 2.0
    assert rows(source, "IEK-01", "month") == [("2027-01", 2.0, 2, 1)]


@pytest.mark.parametrize("code", ["IEK-01", "IEK-05"])
def test_of_sex_and_age_nothing_is_known(world: Any, code: str) -> None:
    for dimension in ("sex", "age", "residence"):
        with pytest.raises(indicators.Unfit):
            indicators.figure(code, Asked(WINTER, by=(dimension,)), source=Postgres(now=LATER))


# Rates.


def count_residents(tmp_path: Path, *parishes: str, day: str = "2026-01-01") -> None:
    path = tmp_path / "iedzivotaji.csv"
    lines = [
        f"{day},{parish},{age},{sex},{count}"
        for parish in parishes
        for age, count in (("0-24", 100), ("25-64", 200), ("65+", 50))
        for sex in ("female", "male")
    ]
    path.write_text("\n".join(["date,parish,age,sex,count", *lines]))
    assert population_file.import_file(path=path, today=date(2027, 1, 1), totals=False).refused == []


def figure(code: str, *by: str, **filters: tuple[str, ...]) -> Any:
    return indicators.figure(code, Asked(WINTER, filters, by), source=Postgres(now=LATER))


def test_a_rate_rests_on_the_count_and_says_its_day(world: Any, tmp_path: Path) -> None:
    count_residents(tmp_path, "Elejas pagasts", "Vilces pagasts")
    # Anna and Juris live in Eleja: 2 of 700; in two parishes 2 of 1400.
    found = figure("TUV-05", "residence")
    assert found.rows == (
        Row({"residence": "0540248"}, 2 * 100 / 700, 700),
        Row({"residence": "0540290"}, 0.0, 700),
    )
    assert found.note == "Iedzīvotāji pēc 01.01.2026. uzskaites."
    whole = figure("TUV-05")
    assert (whole.value, whole.n) == (2 * 100 / 1400, 1400)
    # Born in 1960, they are past 64.
    assert [(row.value, row.n) for row in figure("DAL-10", "residence").rows] == [(0.0, 400), (0.0, 400)]
    assert [row.n for row in figure("DAL-10", "residence", sex=("female",)).rows] == [200, 200]
    assert figure("DAL-11").n == 800


def test_without_a_count_the_rate_says_why_there_is_none(world: Any) -> None:
    found = figure("TUV-05", "residence")
    assert [(row.value, row.n) for row in found.rows] == [(2 * 100 / 2039, 2039), (0.0, 1480)]
    assert found.note == "Iedzīvotāji pēc dažādu dienu uzskaitēm: 07.01.2020, 04.01.2023."
    whole = figure("TUV-05")
    assert (whole.value, whole.rows[0].not_known) == (None, 2), "totals of different years are not added up"
    assert "dažādu gadu" in whole.note
    adults = figure("DAL-10")
    assert (adults.value, "nevis iedzīvotāju vecums" in adults.note) == (None, True)


def test_ages_that_do_not_fit_give_no_rate(world: Any, tmp_path: Path) -> None:
    path = tmp_path / "iedzivotaji.csv"
    path.write_text(
        "date,parish,age,sex,count\n2026-01-01,Elejas pagasts,0+,female,9\n2026-01-01,Elejas pagasts,0+,male,9\n"
    )
    population_file.import_file(path=path, today=date(2027, 1, 1), totals=False)
    found = figure("DAL-10", "residence", residence=("0540248",))
    assert (found.rows[0].value, "neatbilst" in found.note) == (None, True)


# Limits.


def test_figures_are_counted_by_the_limits_that_the_departments_set(world: Any) -> None:
    assert limits.youth(on=date(2026, 2, 28)) == (13, 25)
    assert limits.youth_changes() == [date(2026, 3, 1)]
    assert (limits.seniors(on=WINTER.last), limits.small_cell(on=WINTER.last)) == ((55, 65), 4)
    dated_limits.enter(code="small_cell", lower=9, in_force_from=date(2027, 2, 1), why="Lēmums", by=None, now=NOW)
    dated_limits.reset()
    assert [limits.small_cell(on=day) for day in (date(2027, 1, 31), date(2027, 2, 1))] == [4, 9]
    assert Limit.objects.count() == 11
