"""The indicators, in a world that one can count on paper.

January 2027. Three parishes: Eleja and Sesava border on each other, Vilce on neither. A is a joint course of MUZ and JAU in
Eleja, four Mondays at 17 (4, 11, 18, 25 January), ten places. B is JAU's, in Sesava, Saturday 9 January, 11:00–12:30, 5 €,
about nature. C of MUZ was called off. Before, in December, Anna had been to D.

            A1  A2  A3  A4  B
Anna        x   x   x   x       woman of 76, Eleja
Berta       x   x               woman of 66, Sesava
Juris       x               x   man of 26, Vilce
Dana                        x   said neither sex nor year; lives elsewhere
Egils       (has a place in A and never came)
Fricis      (still waited when A began)
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from courses.models import Activity, Feedback
from ecosystem import history
from ecosystem.domain import dated_limits
from ecosystem.models import Limit
from reporting.domain import hiding, indicators
from reporting.domain.data.sources import Postgres
from reporting.domain.facts import reading
from reporting.domain.figures import Asked, Figure, Period
from tests import factories as f
from tests.factories import at
from tests.harness.worlds import once
from tests.test_facts import LATER, WINTER, course, mark

pytestmark = pytest.mark.django_db
ELEJA, SESAVA, VILCE = "0540248", "0540290", "0540298"


@once
def world() -> None:
    parishes = [
        f.ParishFactory(),
        f.ParishFactory(code=SESAVA, name="Sesavas pagasts", lat=56.38, lon=23.75, population=1000),
        f.ParishFactory(code=VILCE, name="Vilces pagasts", lat=56.42, lon=23.54, population=500),
    ]
    for one, other in ((0, 1), (1, 0)):
        parishes[one].borders.create(neighbour=parishes[other], shared_border_m=8000)
    villages = [
        f.VillageFactory(),
        f.VillageFactory(code="sesava", name="Sesava", parish=parishes[1]),
        f.VillageFactory(code="vilce", name="Vilce", parish=parishes[2]),
    ]
    anna = f.ResidentFactory(given_name="Anna", sex="female", birth_year=1950, village=villages[0])
    berta = f.ResidentFactory(given_name="Berta", sex="female", birth_year=1960, village=villages[1])
    juris = f.ResidentFactory(given_name="Juris", sex="male", birth_year=2000, village=villages[2])
    nothing = {"birth_year": None, "birth_month": None, "birth_day": None, "village": None}
    dana = f.ResidentFactory(given_name="Dana", sex="", lives_elsewhere=True, **nothing)
    seniors = f.AudienceFactory(code="seniors", name="Seniori", age_min=55, part_of=f.AudienceFactory())
    youth = f.DepartmentFactory(code="JAU", name="JAU")
    a = course(partners=[youth], audiences=[seniors])
    a.centre.accessible_toilet = True
    a.centre.save()
    type(a).objects.filter(pk=a.pk).update(capacity=10)
    nature = f.TopicFactory(
        code="nature", name="Daba", isced_f="05", competence=f.CompetenceFactory(code="KC3", name="KC3")
    )
    saturday = [("2027-01-09 11:00", "2027-01-09 12:30")]
    b = course("JAU", sessions=saturday, parish=parishes[1], centre=None, kind="leisure", fee_eur=5, topic=nature)
    course(first="2027-01-20 17:00", status="cancelled", cancellation_reason="Nepietiekams dalībnieku skaits")
    d = course(first="2026-12-07 17:00", weeks=1)
    mark(d, anna)
    d.registrations.update(registered_at=at("2026-11-20 10:00"))
    for place, came in enumerate(((anna, berta, juris), (anna, berta), (anna,), (anna,))):
        mark(a, *came, place=place)
    mark(b, juris, dana)
    for name, state in (("Egils", "confirmed"), ("Fricis", "queued")):
        f.RegistrationFactory(
            party=f.PartyFactory(activity=a),
            resident=f.ResidentFactory(given_name=name),
            state=state,
            queued_at=at("2027-01-03 10:00") if state == "queued" else None,
        )
    reading.read(now=LATER)


def ask(code: str, *by: str, period: Period = WINTER, **filters: tuple[str, ...]) -> Figure:
    return indicators.figure(code, Asked(period, filters, by), source=Postgres(now=LATER))


WHOLE = {
    # code: value, n, not known
    "DAL-01": (4, 4, 0),
    "DAL-02": (7, 7, 0),
    "DAL-03": (9, 9, 0),
    # Two hours are 2⅔ academic ones: 7 × 2⅔ + 2 × 2.
    "DAL-04": (22.666666667, 9, 0),
    # Of the three of A, Anna came to four of four.
    "DAL-05": (33.333333333, 3, 0),
    # Egils, of the four with a place in A and two in B.
    "DAL-06": (16.666666667, 6, 0),
    "DAL-07": (40, 10, 0),
    "DAL-08": (1, 1, 0),
    # All but Anna.
    "DAL-09": (75, 4, 0),
    "PIE-01": (2, 2, 0),
    "PIE-02": (12.666666667, 5, 0),
    # C, of A, B and C.
    "PIE-03": (33.333333333, 3, 0),
    "PIE-04": (12.666666667, 2, 0),
    "PIE-05": (2, 2, 0),
    "PIE-06": (0, 0, 0),
    "PIE-07": (50, 2, 0),
    "PIE-08": (2, 2, 0),
    # Two of three parishes.
    "TUV-01": (66.666666667, 3, 0),
    # Of eight attendances whose home is here: Anna's four, and with the neighbour's Berta's two.
    "TUV-02": (50, 8, 0),
    "TUV-03": (75, 8, 0),
    # Juris: Vilce to Eleja 8.82 km, to Sesava 13.66; Berta twice 5.73; Anna four times 0. The middle of the eight.
    "TUV-04": (2.865, 8, 1),
    "SAD-01": (0, 2, 0),
    "SAD-02": (None, 0, 0),
    "SAD-03": (50, 2, 0),
    # All of A, since it is of both; Dana was at JAU's alone.
    "SAD-04": (75, 4, 0),
    "SAD-06": (0, 0, 0),
    "IEK-03": (4, 4, 0),
    "IEK-04": (4, 4, 0),
    "IEK-07": (1, 1, 0),
    "IEK-08": (2, 2, 0),
    "IEK-10": (100, 4, 1),
    "REZ-01": (None, 0, 0),
    "REZ-02": (None, 0, 0),
    "REZ-03": (0, 0, 0),
    "HOR-01": (50, 2, 0),
    "HOR-02": (0, 2, 0),
    "HOR-03": (100, 7, 0),
    # Dana said neither age nor sex.
    "DAT-01": (75, 4, 0),
    # All but the last of A were written down on 26 January.
    "DAT-02": (80, 5, 0),
    # Hidden: the four people, the two of eight who went farther, and all parts in people: 4 homes, 2 audiences, 3 bands of
    # age, 3 of sex. Shown: 9 attendances, 2 activities, in 2 parishes, of 2 topics.
    "DAT-03": (14, 20, 0),
}


def test_whole_is_what_one_counts_on_paper(world: None) -> None:
    rows = {code: ask(code).rows[0] for code in WHOLE}
    assert {code: (row.value, row.n, row.not_known) for code, row in rows.items()} == WHOLE


def test_what_is_late_is_counted_by_the_limit_of_the_session_s_day(world: None) -> None:
    """From 11 January on thirty days are allowed: A1 and B, from before, stay late; A2 and A3 are no longer."""
    for days, since in ((7, date(2000, 1, 1)), (30, date(2027, 1, 11))):
        Limit.objects.create(code="late_entry_days", lower=days, in_force_from=since, entered_at=LATER)
    dated_limits.reset()
    [row] = ask("DAT-02").rows
    assert (row.value, row.n) == (40, 5)


PARTS: Mapping[tuple[str, str], dict[str, Any]] = {
    ("DAL-01", "department"): {"JAU": 4, "MUZ": 3},
    ("DAL-01", "residence"): {"": 1, ELEJA: 1, SESAVA: 1, VILCE: 1},
    ("DAL-01", "parish"): {ELEJA: 3, SESAVA: 2},
    ("DAL-01", "audience"): {"everyone": 2, "seniors": 3},
    ("DAL-01", "kind"): {"educational": 3, "leisure": 2},
    ("DAL-02", "state"): {"confirmed": 6, "queued": 1},
    ("DAL-03", "parish"): {ELEJA: 7, SESAVA: 2},
    ("DAL-04", "competence"): {"KC3": 4, "KC8": 18.666666667},
    # Egils never came to A, which is free.
    ("DAL-06", "price"): {"free": 25, "paid": 0},
    ("IEK-03", "sex"): {"": 1, "female": 2, "male": 1},
    ("IEK-04", "age"): {"": 1, "25-29": 1, "65+": 2},
    ("PIE-02", "part"): {"evening": 10.666666667, "weekend": 2},
    ("PIE-03", "reason"): {"group": 33.333333333},
    ("PIE-04", "field"): {"02": 10.666666667, "05": 2},
    ("PIE-05", "competence"): {"KC3": 1, "KC8": 1},
    # Each is the competence of the activity's topic.
    ("PIE-05", "aspect"): {"served": 2, "first": 2, "besides": 0},
    ("PIE-08", "language"): {"lv": 2},
    ("DAT-01", "what"): {"age": 75, "residence": 100, "sex": 75},
    ("SAD-03", "department"): {"JAU": 50, "MUZ": 100},
    # Dana came to JAU's alone.
    ("SAD-04", "department"): {"JAU": 75, "MUZ": 100},
    ("SAD-04", "age"): {"": 0, "25-29": 100, "65+": 100},
    # Anna and Berta are both over 65.
    ("IEK-08", "aspect"): {"seniors": 2, "older": 2},
    # One person of each parish: of 2039, of 1000 and of 500 residents.
    ("TUV-06", "aspect"): {"times": pytest.approx(4.078), "variation": pytest.approx(0.5389, abs=0.0001)},
    ("TUV-02", "residence"): {"": None, ELEJA: 100, SESAVA: 0, VILCE: 0},
    ("TUV-03", "residence"): {"": None, ELEJA: 100, SESAVA: 100, VILCE: 0},
}


def test_parts_are_what_one_counts_on_paper(world: None) -> None:
    found = {(code, by): {row.keys[by]: row.value for row in ask(code, by).rows} for code, by in PARTS}
    assert found == PARTS


def test_every_indicator_has_parts_by_all_that_it_says(world: None) -> None:
    wrong = [
        (code, name)
        for code, indicator in indicators.INDICATORS.items()
        for name in indicator.by
        if any(list(row.keys) != [name] for row in ask(code, name).rows)
    ]
    assert wrong == []


@pytest.mark.parametrize(("code", "name"), [("TUV-06", "audience"), ("TUV-07", "department")])
def test_what_can_only_be_filtered_by_is_no_breakdown(world: None, code: str, name: str) -> None:
    with pytest.raises(indicators.Unfit, match=name):
        ask(code, name)
    assert len(ask(code, **{name: ("MUZ",)}).rows) == 1


def test_numbers_of_a_definition_in_another_unit_stand_beside_it(world: None) -> None:
    b = Activity.objects.get(lead="JAU", fee_eur=5)
    Feedback.objects.bulk_create(
        Feedback(activity=b, worth=worth, before=3, after=4, stage="shown") for worth in (5, 5, 5, 4, 4, 3, 3, 2, 2, 1)
    )
    with translation.override("lv"):
        assert ask("PIE-07").note == "Mediānā maksa (1 maksas aktivitāte): 5,00\xa0€."
        assert ask("REZ-01").note == "Ar 4 vai 5 novērtēja 50\xa0% atbildējušo."
        assert ask("PIE-07", "department").note == ""
        # One more who was not content leaves fewer than five content: no longer told.
        Feedback.objects.filter(worth=5).order_by("pk").first().delete()
        assert ask("REZ-01").note == ""


def test_the_oldest_are_hidden_where_they_leave_a_few_seniors() -> None:
    activity = course()
    people = [f.ResidentFactory(given_name=f"Anna {n}", birth_year=1950) for n in "ABCDEF"]
    mark(activity, *people, f.ResidentFactory(given_name="Juris", birth_year=1968))
    reading.read(now=LATER)
    told = hiding.hide(ask("IEK-08", "aspect"))
    assert {row.keys["aspect"]: (row.value, row.suppressed) for row in told.rows} == {
        "older": (None, True),
        "seniors": (7, False),
    }


def test_filters_leave_the_rest_out(world: None) -> None:
    assert ask("SAD-04", department=("JAU",)).value == 75
    assert ask("SAD-04", department=("MUZ", "JAU")).value == 75
    a = Activity.objects.get(lead="MUZ", starts_at__year=2027, cancelled_at=None)
    a.competences.set(["KC3", "KC8"])
    told = {row.keys["aspect"]: row.value for row in ask("PIE-05", "competence", "aspect", competence=("KC3",)).rows}
    assert told == {"served": 2, "first": 1, "besides": 1}
    assert ask("SAD-04", "age", department=("MUZ",)).by_key("age").keys() == {"25-29", "65+"}
    assert ask("DAL-01", sex=("male",)).value == 1
    assert ask("DAL-01", department=("MUZ",)).value == 3
    assert ask("DAL-01", department=("MUZ", "JAU")).value == 4
    assert ask("DAL-03", residence=(SESAVA, VILCE)).value == 4
    assert ask("DAL-01", audience=("everyone",)).value == 2
    assert ask("DAL-01", "department", department=("JAU",)).by_key("department").keys() == {"JAU"}
    assert ask("DAL-01", period=Period(date(2026, 12, 1), date(2026, 12, 31))).value == 1


def test_parts_that_do_not_overlap_add_up_to_the_whole(world: None) -> None:
    for code, indicator in indicators.INDICATORS.items():
        if not indicator.adds_up:
            continue
        whole = ask(code).value
        for name in set(indicator.by) - {"department", "audience", "competence"}:
            told = [row for row in ask(code, name).rows if name != "education" or row.keys[name]]
            assert sum(row.value or 0 for row in told) == pytest.approx(whole or 0), (code, name)


def test_an_indicator_asks_the_database_once_whatever_it_is_broken_down_by(world: None) -> None:
    ask("DAL-01")  # The limits are read once in a while.
    for by in ((), ("parish",), ("department", "sex")):
        with CaptureQueriesContext(connection) as asked:
            ask("DAL-01", *by)
        # When the first year begins that has pseudonyms, then the figure.
        assert len(asked) == 2


def test_a_period_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        Period(date(2027, 1, 2), date(2027, 1, 1))


def test_unknown_indicator_and_unfit_dimension_are_said() -> None:
    with pytest.raises(indicators.Unknown, match="XYZ-01"):
        indicators.figure("XYZ-01", Asked(WINTER))
    with pytest.raises(indicators.Unfit, match="sex"):
        indicators.figure("PIE-01", Asked(WINTER, by=("sex",)))
    with pytest.raises(indicators.Unfit, match="sex"):
        indicators.figure("PIE-01", Asked(WINTER, {"sex": ("male",)}))


def test_every_line_of_the_catalogue_is_given_or_says_why_not() -> None:
    missing = [
        code for code in indicators.catalogue() if code not in indicators.INDICATORS and code not in indicators.WITHHELD
    ]
    assert missing == []


def test_youth_keeps_its_old_limit_in_an_old_period() -> None:
    long_ago = course(first="2025-03-03 17:00", weeks=1)
    now = course(first="2027-01-04 17:00", weeks=1)
    juris = f.ResidentFactory(birth_year=1998, birth_month=1, birth_day=1)
    for activity in (long_ago, now):
        mark(activity, juris)
    reading.read(now=LATER)
    # 27 in 2025, when youth ended at 25; 29 in 2027, when it ends at 30.
    assert ask("IEK-07", period=Period(date(2025, 1, 1), date(2025, 12, 31))).value == 0
    assert ask("IEK-07").value == 1
    assert ask("IEK-07", period=Period(date(2025, 1, 1), date(2027, 12, 31))).value == 1


def test_who_comes_again_after_two_years_comes_for_the_first_time() -> None:
    one = f.ResidentFactory()
    long_ago, now = course(first="2024-12-02 17:00", weeks=1), course(first="2027-01-04 17:00", weeks=2)
    mark(long_ago, one)
    for place in (0, 1):
        mark(now, one, place=place)
    reading.read(now=LATER)
    assert ask("DAL-09").value == 100
    # Of a period of both the first day in it decides; of the second Monday alone, they came a week before.
    assert ask("DAL-09", period=Period(date(2024, 1, 1), date(2027, 12, 31))).value == 100
    assert ask("DAL-09", period=Period(date(2027, 1, 8), date(2027, 1, 31))).value == 0


def test_months_to_come_are_none_in_which_nothing_was_held(world: None) -> None:
    # January alone is counted on 26 January, whichever the last day of the period.
    assert ask("TUV-01", period=Period(date(2027, 1, 1), date(2027, 12, 31))).rows == ask("TUV-01").rows
    assert ask("TUV-01", period=Period(date(2026, 12, 1), date(2027, 12, 31))).rows[0].n == 6


def test_what_stands_on_the_last_day_stands_today_while_the_period_goes_on(world: None) -> None:
    f.PostFactory()
    with history.change(at=LATER):
        f.ActivityFactory(title="Adīšana")
    year = Period(date(2027, 1, 1), date(2027, 12, 31))
    # Somebody planned in Eleja this month; by the end of the year sixty days without would have gone by.
    assert ask("SAD-05", period=year).value == pytest.approx(100 / 3)
    assert ask("SAD-05", period=year).rows == ask("SAD-05").rows
