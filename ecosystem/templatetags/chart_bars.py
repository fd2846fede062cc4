"""Charts of bars: ranked, mirrored (age by sex), and one bar in parts. See ``charts`` for the tags.

Each gives markup alone: a row of HTML for what is read, an SVG in it for what is long. Hidden numbers have no bar and
read *slēpts*; what is not known is a row of its own, drawn as an outline, and stands last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import median

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ecosystem.numbers import finite, said
from ecosystem.templatetags.chart_scale import Scale, percent

# Fewer have no middle worth a line.
RANKED = 3
# A part narrower than this has no room for its number.
ROOM = 11.0


@dataclass(frozen=True)
class Bar:
    """One row of a chart."""

    label: str
    value: float | None
    # The value in words, with its unit; made of the value where it is left out.
    text: str = ""
    # Hidden: it would tell of a few people.
    is_hidden: bool = False
    # What is not known: its own row.
    is_unknown: bool = False
    # Drawn in brick: mind this one. The page says why in words.
    is_low: bool = False

    @property
    def number(self) -> float | None:
        """What is drawn; None for what is hidden or could not be counted."""
        return None if self.is_hidden else finite(self.value)

    @property
    def words(self) -> str:
        """What is read."""
        if self.is_hidden:
            return hidden_word()
        return self.text or said(self.number)


def hidden_word() -> str:
    """How a hidden cell reads everywhere."""
    return _("hidden")


def middle(bars: Sequence[Bar]) -> float | None:
    """The median of what is known and shown; None of fewer than three."""
    known = [bar.number for bar in bars if bar.number is not None and not bar.is_unknown]
    return median(known) if len(known) >= RANKED else None


def ranked(bars: Sequence[Bar]) -> list[Bar]:
    """The longest first, then what could not be counted and what is hidden, and what is not known last."""
    return sorted(
        bars, key=lambda bar: (bar.is_unknown, bar.number is None, bar.is_hidden, -(bar.number or 0), bar.label)
    )


def draw_bars(bars: Sequence[Bar], *, label: str, with_median: bool = False, unit: str = "") -> SafeString:
    """Bars under each other, in the order given; a line at the median where it is asked for and there is one."""
    scale = Scale.of(bar.number for bar in bars)
    line = middle(bars) if with_median else None
    rows = []
    if line is not None:
        at = scale.at(line)
        words = escape(_("median %(number)s") % {"number": f"{said(line)}{unit}"})
        anchor = "start" if at < 20 else "end" if at > 80 else "middle"
        rows.append(
            '<span class="bar-label"></span><svg class="bar bar-head" aria-hidden="true">'
            f'<text x="{percent(at)}" y="15" text-anchor="{anchor}">{words}</text></svg>'
        )
    rows += [_row(bar, scale, None if bar.is_unknown else line) for bar in bars]
    return mark_safe(f'<div class="bars" role="img" aria-label="{escape(label)}">{"".join(rows)}</div>')


def _row(bar: Bar, scale: Scale, line: float | None) -> str:
    parts = [f'<span class="bar-label">{escape(bar.label)}</span><svg class="bar" aria-hidden="true">']
    end, anchor, gap = scale.zero, "start", 8
    if bar.number is not None:
        start, length = scale.bar(bar.number)
        look = "bar-fill" + (" is-unknown" if bar.is_unknown else " is-low" if bar.is_low else "")
        parts.append(f'<rect class="{look}" x="{percent(start)}" y="5" width="{percent(length)}" height="18" rx="3"/>')
        # The number of a bar to the left stands right of zero, where nothing is drawn.
        end = max(start + length, scale.zero)
    if scale.low < 0:
        parts.append(f'<line class="bar-zero" x1="{percent(scale.zero)}" x2="{percent(scale.zero)}" y1="0" y2="100%"/>')
    if line is not None:
        at = percent(scale.at(line))
        parts.append(f'<line class="bar-median" x1="{at}" x2="{at}" y1="0" y2="100%"/>')
    look = "bar-number" + (" is-soft" if bar.number is None else "")
    parts.append(
        f'<text class="{look}" x="{percent(end)}" dx="{gap}" y="19" text-anchor="{anchor}">{escape(bar.words)}</text></svg>'
    )
    return "".join(parts)


# Mirrored


@dataclass(frozen=True)
class Pair:
    """One band of a pyramid: a bar to the left and one to the right."""

    label: str
    left: Bar
    right: Bar
    is_unknown: bool = False


def draw_pyramid(pairs: Sequence[Pair], *, left: str, right: str, label: str) -> SafeString:
    """Bands under each other, both sides on one scale so that they can be compared."""
    scale = Scale.of(max(0.0, side.number or 0.0) for pair in pairs for side in (pair.left, pair.right))
    head = (
        f'<span class="pyramid-head is-left">{escape(left)}</span><span></span>'
        f'<span class="pyramid-head">{escape(right)}</span>'
    )
    rows = "".join(
        f'<span class="pyramid-number is-left">{escape(pair.left.words)}</span>{_side(pair.left, scale, pair, is_left=True)}'
        f'<span class="pyramid-label">{escape(pair.label)}</span>'
        f'{_side(pair.right, scale, pair, is_left=False)}<span class="pyramid-number">{escape(pair.right.words)}</span>'
        for pair in pairs
    )
    return mark_safe(f'<div class="pyramid" role="img" aria-label="{escape(label)}">{head}{rows}</div>')


def _side(bar: Bar, scale: Scale, pair: Pair, *, is_left: bool) -> str:
    number = bar.number
    if number is None or number <= 0:
        return '<svg class="bar" aria-hidden="true"></svg>'
    length = scale.bar(number)[1]
    start = round(100 - length, 3) if is_left else 0
    look = "bar-fill" + (" is-second" if not is_left else "") + (" is-unknown" if pair.is_unknown else "")
    return (
        f'<svg class="bar" aria-hidden="true"><rect class="{look}" x="{percent(start)}" y="5" '
        f'width="{percent(length)}" height="18" rx="3"/></svg>'
    )


# In parts


def draw_shares(parts: Sequence[Bar], *, label: str) -> SafeString:
    """One bar in parts by their share of what is shown, and the same as a list in its order. Nothing below 0 has a part."""
    shown = [max(0.0, bar.number or 0.0) for bar in parts]
    largest = max(shown, default=0.0)
    # By the largest first, so that a sum of huge numbers stays a number.
    whole = sum(number / largest for number in shown) if largest > 0 else 0.0
    drawn, listed, at, step = [], [], 0.0, 0
    for bar, number in zip(parts, shown, strict=True):
        share = number / largest / whole * 100 if whole > 0 else 0.0
        step += not bar.is_unknown
        look = "share is-unknown" if bar.is_unknown else f"share share-{(step - 1) % 5 + 1}"
        if share > 0:
            drawn.append(
                f'<rect class="{look}" x="{percent(round(at, 3))}" y="1" width="{percent(round(share, 3))}" height="34"/>'
            )
            if share >= ROOM:
                middle_of = percent(round(at + share / 2, 3))
                drawn.append(
                    f'<text class="{look}" x="{middle_of}" y="23" text-anchor="middle">{said(share, decimals=0)}%</text>'
                )
            at += share
        mark = (
            '<svg class="share-mark" aria-hidden="true"></svg>'
            if bar.number is None
            else f'<svg class="share-mark" aria-hidden="true"><rect class="{look}" x="1" y="1" width="14" height="14"/></svg>'
        )
        percents = (
            f' <span class="soft">{said(share, decimals=0)}\u00a0%</span>' if whole and bar.number is not None else ""
        )
        listed.append(f"<li>{mark}<span>{escape(bar.label)} <b>{escape(bar.words)}</b>{percents}</span></li>")
    return mark_safe(
        f'<div class="shares"><svg class="shares-bar" role="img" aria-label="{escape(label)}">{"".join(drawn)}</svg>'
        f'<ol class="shares-list">{"".join(listed)}</ol></div>'
    )
