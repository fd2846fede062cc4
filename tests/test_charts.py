"""Charts: bars from 0, equal values equally long, nothing drawn of what is hidden, no drawing that breaks on what comes in."""

import itertools
import re
from math import inf, nan

import pytest
from django.utils import translation

from ecosystem.numbers import said
from ecosystem.templatetags.chart_bars import Bar, Pair, draw_bars, draw_pyramid, draw_shares, middle, ranked
from ecosystem.templatetags.chart_months import Series, draw_columns, draw_lines
from ecosystem.templatetags.chart_scale import Scale, decimals, ticks
from ecosystem.templatetags.charts import (
    BigNumber,
    Cell,
    Change,
    Heat,
    Table,
    big_number,
    change_html,
    heat_table,
    step,
)

# What a figure may turn out to be: nothing, one, the same twice, huge, tiny, below zero, no number at all.
SETS = {
    "nothing": [],
    "one": [7.0],
    "zero": [0.0],
    "none": [None],
    "equal": [3.0, 3.0, 3.0],
    "huge": [1e300, 1.0, 2.5e12],
    "tiny": [1e-300, 2e-300],
    "below zero": [-4.0, 0.0, 2.0],
    "all below zero": [-4.0, -1.0],
    "opposite and huge": [-1.7e308, 1.7e308],
    "no numbers": [nan, inf, -inf, 2.0],
}


def lengths(html: str, name: str = "width") -> list[float]:
    """The percents of the bars, in their order."""
    return [float(one) for one in re.findall(rf'<rect class="(?:bar-fill|share)[^>]* {name}="([0-9.e-]+)%"', html)]


@pytest.mark.parametrize("values", SETS.values(), ids=SETS)
def test_nothing_that_comes_in_breaks_a_drawing(values: list[float | None]) -> None:
    bars = [Bar(f"{place}", value) for place, value in enumerate(values)]
    months = [f"{place}" for place in range(len(values))]
    drawings = [
        draw_bars(bars, label="", with_median=True),
        draw_pyramid([Pair(bar.label, bar, bar) for bar in bars], left="a", right="b", label=""),
        draw_shares(bars, label=""),
        draw_lines([Series("a", values), Series("b", values)], months=months, label=""),
        draw_columns(Series("a", values), months=months, label=""),
    ]
    for html in drawings:
        assert not re.search(r"\b(nan|inf|None)\b", html.replace('"none"', ""), re.IGNORECASE)
        assert all(0 <= length <= 100 for length in lengths(html))
        assert all(0 <= start <= 100 for start in lengths(html, "x"))
        assert "style=" not in html


def test_bars_begin_at_zero_and_are_as_long_as_their_values() -> None:
    html = draw_bars([Bar("a", 40), Bar("b", 20), Bar("c", 20), Bar("d", 0)], label="")
    assert lengths(html, "x") == [0, 0, 0, 0]
    assert lengths(html) == [100, 50, 50, 0]


def test_a_bar_below_zero_ends_where_the_others_begin() -> None:
    html = draw_bars([Bar("a", 3), Bar("b", -1)], label="")
    assert lengths(html, "x") == [25, 0]
    assert lengths(html) == [75, 25]
    assert 'class="bar-zero" x1="25%"' in html


def test_what_is_hidden_has_no_bar_and_no_number() -> None:
    bars = [Bar("a", 40), Bar("b", 3, text="3 cilvēki", is_hidden=True)]
    with translation.override("lv"):
        html = draw_bars(bars, label="")
        assert lengths(html) == [100]
        assert "slēpts" in html
        assert "3 cilvēki" not in html
        for other in (
            draw_shares(bars, label=""),
            draw_pyramid([Pair("x", *bars)], left="", right="", label=""),
        ):
            assert "slēpts" in other
            assert "3 cilvēki" not in other
    # Of a line the month is missing; the one beside it is a dot of its own.
    line = draw_lines([Series("a", [5, 3, 9, 8], hidden=frozenset([1]))], months=["1", "2", "3", "4"], label="")
    assert re.findall(r' d="([^"]+)"', line)[0].count("M") == 2


def test_the_median_is_of_what_is_known_and_shown() -> None:
    bars = [Bar("a", 1), Bar("b", 2), Bar("c", 9), Bar("d", 50, is_hidden=True), Bar("e", 70, is_unknown=True)]
    assert middle(bars) == 2
    assert middle(bars[:2]) is None, "two have no middle worth a line"
    html = draw_bars(bars, label="", with_median=True)
    # Its name, and a line through the four rows above what is not known.
    assert html.count('class="bar-median"') == 4


def test_the_longest_come_first_and_what_is_not_known_last() -> None:
    bars = [
        Bar("not known", 99, is_unknown=True),
        Bar("hidden", 5, is_hidden=True),
        Bar("dash", None),
        Bar("b", 4),
        Bar("a", 4),
        Bar("c", 9),
    ]
    assert [bar.label for bar in ranked(bars)] == ["c", "a", "b", "dash", "hidden", "not known"]


def test_both_sides_of_a_pyramid_have_one_scale() -> None:
    html = draw_pyramid(
        [Pair("18–29", Bar("", 20), Bar("", 10)), Pair("30–54", Bar("", 5), Bar("", 40))], left="", right="", label=""
    )
    assert lengths(html) == [50, 25, 12.5, 100]
    assert lengths(html, "x") == [50, 0, 87.5, 0], "the left ones grow from the middle"


def test_parts_fill_the_whole_and_say_their_percents() -> None:
    html = draw_shares([Bar("a", 3), Bar("b", 1), Bar("c", None, is_hidden=True)], label="")
    assert lengths(html) == [75, 25]
    assert lengths(html, "x") == [0, 75]
    assert ">75%</text>" in html
    assert html.count("<li>") == 3


def test_axes_have_round_numbers_that_hold_all() -> None:
    assert ticks([286]) == [0, 100, 200, 300]
    assert ticks([]) == ticks([1]) == [0, 1], "there is no half person"
    assert ticks([7, 3]) == [0, 2, 4, 6, 8]
    assert ticks([0.8, -0.2]) == [-0.25, 0, 0.25, 0.5, 0.75, 1]
    assert [decimals(ticks(values)) for values in ([286], [0.8, -0.2], [3.9], [])] == [0, 2, 0, 0]
    for values in SETS.values():
        marks = ticks(values)
        scale = Scale.of(values)
        assert 2 <= len(marks) <= 7
        assert marks[0] <= scale.low
        assert marks[-1] >= scale.high or scale.high == pytest.approx(marks[-1])


def test_names_at_the_ends_of_lines_stand_apart() -> None:
    html = draw_lines([Series("a", [1, 100]), Series("b", [1, 100]), Series("c", [1, 99])], months=["1", "2"], label="")
    places = sorted(float(down) for down in re.findall(r'class="plot-name[^>]* y="([0-9.]+)"', html))
    assert len(places) == 3
    assert all(after - before >= 20 for before, after in itertools.pairwise(places))


def test_four_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="More than three lines"):
        draw_lines([Series("a", [1])] * 4, months=["1"], label="")


def test_columns_stand_on_zero() -> None:
    html = draw_columns(Series("a", [10, 5, 0, -5]), months=["1", "2", "3", "4"], label="")
    heights = [float(one) for one in re.findall(r'<rect class="bar-fill"[^>]* height="([0-9.]+)"', html)]
    tops = [float(one) for one in re.findall(r'<rect class="bar-fill"[^>]* y="([0-9.]+)"', html)]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.02)
    assert heights[1] == pytest.approx(heights[3], abs=0.02)
    assert heights[2] == 0
    assert tops[0] + heights[0] == pytest.approx(tops[3], abs=0.02), "above and beneath one line"


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    with translation.override("lv"):
        assert [said(one) for one in (1284, 6.34, -2, 0, None, nan, 0.04, -0.04)] == [
            *("1\u00a0284", "6,3", "−2", "0", "–", "–", "0,0", "0,0"),
        ]
        assert said(0.25, signed=True, decimals=2) == "+0,25"
    with translation.override("en"):
        assert [said(one) for one in (1284, 6.34, 12_345.6, 1e300)] == ["1,284", "6.3", "12,346", "1.0e+300"]


def test_a_change_says_its_way_and_whether_it_is_good() -> None:
    with translation.override("en"):
        grown = change_html(Change(182, "2025", good="up"))
        assert "leaf" in grown
        assert 'aria-label="more by"' in grown
        assert "<b>182</b>" in grown
        assert "against 2025" in grown
        worse = change_html(Change(2, "2025", unit=" points", good="down"))
        assert "brick" in worse
        assert "</b></span> points" in worse
        assert "no change" in change_html(Change(0.0, "2025", decimals=1))
        assert "no change" in change_html(Change(0.01, "2025", decimals=1))
        assert "cannot be compared with 2025" in change_html(Change(None, "2025"))
        assert "cannot be compared with 2025" in change_html(Change(nan, "2025"))


def test_few_people_are_marked_and_hidden_ones_are_not_told() -> None:
    with translation.override("en"):
        table = Table(
            "Whose", ("Parish", "People"), [("Eleja", [Cell("3", is_few=True)]), ("Vilce", [Cell("2", is_hidden=True)])]
        )
        assert (
            '3<abbr title="hidden outside the desk: 1 to 4 people, or what would give them away">*</abbr>' in table.html
        )
        assert '<td class="number soft">hidden</td>' in table.html
        assert table.html.count("1 to 4 people") == 2, "beside the number and beneath the table"
        assert "hidden" in big_number(BigNumber("Children", "4", unit="%", is_hidden=True))
        assert ">4" not in big_number(BigNumber("Children", "4", unit="%", is_hidden=True))


def test_what_people_wrote_is_no_markup() -> None:
    bad = "<i>&"
    for html in (
        draw_bars([Bar(bad, 1, text=bad)], label=bad),
        draw_shares([Bar(bad, 1, text=bad)], label=bad),
        draw_pyramid([Pair(bad, Bar(bad, 1, text=bad), Bar("", 1))], left=bad, right=bad, label=bad),
        draw_lines([Series(bad, [1])], months=[bad], label=bad),
        Table(bad, (bad, bad), [(bad, [Cell(bad)])]).html,
        heat_table([(bad, [Heat(1, text=bad, href=bad)])], head=(bad, bad), caption=bad),
        big_number(BigNumber(bad, bad, unit=bad, about=bad, href=bad, changes=[Change(1, bad, unit=bad)])),
    ):
        assert bad not in html


def test_steps_are_five_and_none_is_none() -> None:
    assert [step(number, 10) for number in (None, nan, -1, 0, 0.1, 2.1, 4.1, 6.1, 8.1, 10)] == [
        0,
        0,
        0,
        0,
        1,
        2,
        3,
        4,
        5,
        5,
    ]
    assert step(3, 0) == 0
    html = heat_table(
        [("Eleja", [Heat(0), Heat(5, href="/x/"), Heat(5, is_hidden=True)])],
        head=("Parish", "a", "b", "c"),
        caption="c",
    )
    assert '<td class="step-0"><span><span aria-hidden="true">–</span>' in html
    assert '<td class="step-5"><a href="/x/">5</a></td>' in html
    assert ">5</span>" not in html
