"""Small numbers of people are hidden, and others that would give them away."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain import hiding, indicators
from reporting.domain.figures import Asked, Figure, Period, Row, Unit

# How small is small, is a setting with a date.
pytestmark = pytest.mark.django_db
YEAR = Period(date(2027, 1, 1), date(2027, 12, 31))


def table(counts: dict[str, int], code: str = "DAL-01", by: str = "parish") -> Figure:
    rows = tuple(Row({by: key}, float(count), count) for key, count in counts.items())
    return Figure(code, indicators.get(code).unit, Asked(YEAR, by=(by,)), rows)


def shown(figure: Figure) -> dict[str, float | None]:
    return {"/".join(row.keys.values()): row.value for row in hiding.hide(figure, most=4).rows}


def test_one_to_four_are_hidden_with_the_smallest_of_the_rest() -> None:
    assert shown(table({"a": 0, "b": 5, "c": 4, "d": 30})) == {"a": 0, "b": None, "c": None, "d": 30}


def test_two_small_ones_hide_each_other_and_nought_is_told() -> None:
    assert shown(table({"a": 1, "b": 4, "c": 7, "d": 0})) == {"a": None, "b": None, "c": 7, "d": 0}


def test_several_numbers_of_one_definition_hide_nothing_of_each_other() -> None:
    assert shown(table({"older": 3, "seniors": 8}, "IEK-08", "aspect")) == {"older": None, "seniors": 8}


def test_nothing_small_hides_nothing() -> None:
    assert shown(table({"a": 5, "b": 60})) == {"a": 5, "b": 60}


def test_activities_are_no_people() -> None:
    assert shown(table({"a": 1, "b": 3}, "PIE-01")) == {"a": 1, "b": 3}


def test_share_of_few_or_that_few_make_is_hidden() -> None:
    asked = Asked(YEAR, by=("parish",))
    rows = (
        Row({"parish": "few"}, 50.0, 4),
        Row({"parish": "few of many"}, 2.0, 100),
        Row({"parish": "all but few"}, 97.0, 100),
        Row({"parish": "half"}, 50.0, 100),
        Row({"parish": "none"}, 0.0, 100),
    )
    figure = Figure("DAL-05", Unit.PERCENT, asked, rows)
    assert shown(figure) == {"few": None, "few of many": None, "all but few": None, "half": 50.0, "none": 0.0}


def test_each_line_of_a_table_of_two_dimensions_hides_a_second() -> None:
    counts = {("a", "f"): 2, ("a", "m"): 9, ("a", "x"): 8, ("b", "f"): 20, ("b", "m"): 21, ("b", "x"): 22}
    rows = tuple(Row({"parish": parish, "sex": sex}, float(n), n) for (parish, sex), n in counts.items())
    figure = Figure("DAL-01", Unit.PEOPLE, Asked(YEAR, by=("parish", "sex")), rows)
    # The line of a hides its smallest other (x); so the columns f and x each hide a second, which is b's.
    assert shown(figure) == {"a/f": None, "a/m": 9, "a/x": None, "b/f": None, "b/m": 21, "b/x": None}


def test_whole_is_hidden_with_its_only_part() -> None:
    assert hiding.hides_whole(table({"a": 3}), most=4)
    assert not hiding.hides_whole(table({"a": 3, "b": 3}), most=4)
    assert not hiding.hides_whole(table({"a": 8}), most=4)


def test_staff_see_the_number_and_the_mark() -> None:
    marked = hiding.mark(table({"a": 3, "b": 9, "c": 12}), most=4)
    assert [(row.value, row.suppressed) for row in marked.rows] == [(3, True), (9, True), (12, False)]


@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(0, 9), max_size=9))
def test_no_small_number_is_shown_and_none_is_alone_in_its_line(counts: dict[tuple[str, str], int]) -> None:
    rows = tuple(Row({"parish": one, "sex": other}, float(n), n) for (one, other), n in counts.items())
    marked = hiding.mark(Figure("DAL-01", Unit.PEOPLE, Asked(YEAR, by=("parish", "sex")), rows), most=4).rows
    assert [row for row in marked if 1 <= row.n <= 4 and not row.suppressed] == []
    for name in ("parish", "sex"):
        for key in {row.keys[name] for row in marked}:
            line = [row for row in marked if row.keys[name] == key and row.n > 0]
            hidden = sum(row.suppressed for row in line)
            assert hidden != 1 or len(line) == 1


@pytest.mark.django_db
def test_page_about_indicators_says_what_the_functions_say() -> None:
    from django.core.management import call_command

    call_command("document_indicators", "--check")
