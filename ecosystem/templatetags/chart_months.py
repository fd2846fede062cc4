"""Charts over months: up to three lines, told apart by stroke and name as well as by colour, or columns of one series.

Three drawings stand side by side – numbers of the axis, the room, names at the lines' ends – so that the middle one
may be as wide as there is room while letters keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from ecosystem.numbers import finite, said
from ecosystem.templatetags.chart_scale import Scale, decimals, percent, ticks

TOP, HEIGHT, FOOT = 22, 200, 30
# Between two names at the right edge.
LINE = 20.0
LETTER = 8.2
# How many names of months stand under a chart at most: where there is room, in half a page, on a telephone.
NAMES = (12, 6, 4)
STROKES = ("lifelong", "welfare", "youth")


@dataclass(frozen=True)
class Series:
    """One line: its name, a value a month (None: nothing counted), which of them are hidden, and how it is drawn."""

    label: str
    values: Sequence[float | None]
    # One of ``STROKES``: solid, dashed, dotted. Empty: by its place.
    stroke: str = ""
    hidden: frozenset[int] = frozenset()

    @property
    def numbers(self) -> list[float | None]:
        """What is drawn."""
        return [None if place in self.hidden else finite(value) for place, value in enumerate(self.values)]


def _axis(values: Sequence[float | None]) -> tuple[list[float], Scale]:
    marks = ticks(values)
    return marks, Scale(marks[0], marks[-1])


def _down(scale: Scale, value: float) -> float:
    return round(TOP + HEIGHT - HEIGHT * scale.at(value) / 100, 2)


def draw_lines(series: Sequence[Series], *, months: Sequence[str], label: str) -> SafeString:
    """Lines from month to month; a month without a number breaks its line."""
    if len(series) > len(STROKES):
        raise ValueError("More than three lines cannot be told apart: rank them as bars.")
    marks, scale = _axis([value for one in series for value in one.numbers])
    count = max([len(months), *(len(one.values) for one in series)])
    across = [50.0] if count == 1 else [round(100 * place / (count - 1), 3) for place in range(count)]
    drawn, ends = [], []
    for place, one in enumerate(series):
        look = one.stroke if one.stroke in STROKES else STROKES[place]
        spots = [(across[at], _down(scale, value)) for at, value in enumerate(one.numbers) if value is not None]
        if not spots:
            continue
        # The room is stretched to the page; the stroke is not.
        drawn.append(
            f'<svg viewBox="0 0 100 {TOP + HEIGHT}" preserveAspectRatio="none" width="100%" height="{TOP + HEIGHT}">'
            f'<path class="plot-line is-{look}" d="{_path(one, across, scale)}"/></svg>'
        )
        drawn.append(_mark(look, *spots[-1]))
        last = next(value for value in reversed(one.numbers) if value is not None)
        ends.append((spots[-1][1], look, f"{one.label} {said(last)}"))
    return _frame(drawn, _ends(ends), marks, scale, across, months, label)


def _path(one: Series, across: Sequence[float], scale: Scale) -> str:
    pieces = []
    for is_known, run in groupby(enumerate(one.numbers), key=lambda pair: pair[1] is not None):
        if is_known:
            spots = [f"{across[at]:g} {_down(scale, value):g}" for at, value in run if value is not None]
            # A month alone between two that are not known is a dot.
            pieces.append(f"M{'L'.join(spots if len(spots) > 1 else spots * 2)}")
    return "".join(pieces)


def _mark(look: str, across: float, down: float) -> str:
    x = percent(across)
    if look == "welfare":
        return f'<rect class="plot-mark is-{look}" x="{x}" y="{down - 4.5:g}" width="9" height="9" transform="translate(-4.5)"/>'
    if look == "youth":
        return f'<svg x="{x}" y="{down:g}" overflow="visible"><path class="plot-mark is-{look}" d="M0 -6L6 0L0 6L-6 0z"/></svg>'
    return f'<circle class="plot-mark is-{look}" cx="{x}" cy="{down:g}" r="4.5"/>'


def _ends(ends: Sequence[tuple[float, str, str]]) -> str:
    """The names at the right, each as near to its line's end as the others let it."""
    if not ends:
        return ""
    ordered = sorted(ends)
    places = [down for down, _look, _words in ordered]
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + LINE)
    over = places[-1] - (TOP + HEIGHT)
    if over > 0:
        places = [min(place, TOP + HEIGHT - LINE * (len(places) - 1 - number)) for number, place in enumerate(places)]
    width = max(len(words) for _down, _look, words in ordered) * LETTER + 16
    texts = "".join(
        f'<text class="plot-name is-{look}" x="12" y="{place + 5:g}">{escape(words)}</text>'
        for place, (_down, look, words) in zip(places, ordered, strict=True)
    )
    return f'<svg class="plot-ends" width="{width:.0f}" height="{TOP + HEIGHT + FOOT}" aria-hidden="true">{texts}</svg>'


def draw_columns(one: Series, *, months: Sequence[str], label: str) -> SafeString:
    """A column a month; the highest and the last say their number."""
    numbers = one.numbers
    marks, scale = _axis(numbers)
    count = max(len(months), len(numbers))
    width = 100 / count if count else 100.0
    known = [(value, place) for place, value in enumerate(numbers) if value is not None]
    told = {max(known)[1], known[-1][1]} if known else set()
    drawn = []
    for value, place in known:
        zero, down = _down(scale, 0), _down(scale, value)
        top, height = min(zero, down), round(abs(zero - down), 2)
        drawn.append(
            f'<rect class="bar-fill" x="{percent(round(width * (place + 0.15), 3))}" y="{top:g}" '
            f'width="{percent(round(width * 0.7, 3))}" height="{height:g}" rx="2"/>'
        )
        if place in told:
            drawn.append(
                f'<text class="plot-told" x="{percent(round(width * (place + 0.5), 3))}" y="{top - 6:g}" '
                f'text-anchor="middle">{escape(said(value))}</text>'
            )
    across = [round(width * (place + 0.5), 3) for place in range(count)]
    return _frame(drawn, "", marks, scale, across, months, label)


def _frame(
    drawn: Sequence[str],
    ends: str,
    marks: Sequence[float],
    scale: Scale,
    across: Sequence[float],
    months: Sequence[str],
    label: str,
) -> SafeString:
    whole = TOP + HEIGHT + FOOT
    names = [said(mark, decimals=decimals(marks)) for mark in marks]
    wide = max(map(len, names)) * LETTER + 8
    axis = "".join(
        f'<text x="100%" dx="-8" y="{_down(scale, mark) + 5:g}" text-anchor="end">{escape(name)}</text>'
        for mark, name in zip(marks, names, strict=True)
    )
    lines = "".join(
        f'<line class="plot-rule{" is-zero" if mark == 0 else ""}" x1="0" x2="100%" y1="{_down(scale, mark):g}" '
        f'y2="{_down(scale, mark):g}"/>'
        for mark in marks
    )
    feet = "".join(_foot(place, across[place], str(name), len(months)) for place, name in enumerate(months))
    return mark_safe(
        f'<div class="plot-box"><div class="plot" role="img" aria-label="{escape(label)}">'
        f'<svg class="plot-axis" width="{wide:.0f}" height="{whole}" aria-hidden="true">{axis}</svg>'
        f'<svg class="plot-room" height="{whole}" aria-hidden="true">{lines}{"".join(drawn)}{feet}</svg>{ends}</div></div>'
    )


def _foot(place: int, across: float, name: str, count: int) -> str:
    """The name of a month beneath: of many months some, on a telephone fewer; counted from the last, which is now."""
    back = count - 1 - place
    shown = [f"of-{most}" for most in NAMES if back % -(-count // most) == 0]
    if not shown:
        return ""
    return f'<text class="plot-foot {" ".join(shown)}" x="{percent(across)}" y="{TOP + HEIGHT + 22}" text-anchor="middle">{escape(name)}</text>'
