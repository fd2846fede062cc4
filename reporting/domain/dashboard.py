"""Which figures stand on the dashboard, in which order, asked for in one go.

A panel names an indicator, its breakdown and how it is drawn; the pages know nothing else of it. What an indicator
cannot be filtered by is not asked of it: the page says so instead of showing an unfiltered number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from reporting.domain import hiding, indicators
from reporting.domain.data import reading
from reporting.domain.data.sources import Source, current
from reporting.domain.figures import Asked, Figure, Period, Unit
from reporting.domain.indicators import Indicator, Unfit, Unknown, answering, together
from reporting.domain.indicators.asking import Measure
from reporting.domain.indicators.participation import OF_ACTIVITIES


class Shape(Enum):
    """How a panel is drawn."""

    NUMBER = "number"
    BARS = "bars"  # Ranked, the longest first.
    MEDIAN = "median"  # The same with a line at the median.
    LINES = "lines"  # Over months, a line a department.
    PYRAMID = "pyramid"  # Age by sex.
    GROWTH = "growth"  # Bars, each with its change.
    NEARNESS = "nearness"  # Own parish, neighbouring, farther.
    MAP = "map"
    BLANK = "blank"  # Parishes by audiences.


# Heads that were only counted: told beside the attendances, never added to them.
HEADS = replace(
    indicators.get("DAL-03"),
    by=OF_ACTIVITIES,
    formula=lambda ask: ask.rows(Measure(table="held", on="held_on", value="coalesce(sum(t.heads), 0)")),
)
POSTS = replace(indicators.get("SAD-05"), formula=lambda ask: [together.posts_filled(ask)], by=("department",))
DAYS = replace(indicators.get("SAD-02"), unit=Unit.DAYS, formula=lambda ask: ask.rows(together.DECIDED_IN))


@dataclass(frozen=True)
class Panel:
    """One figure of the dashboard."""

    # In addresses of its files, and as the anchor on the page.
    key: str
    code: str
    shape: Shape
    by: tuple[str, ...] = ()
    # Which way is good: "up", "down", or neither.
    good: str = ""
    # A second number of the same definition, which is told beside it.
    second: Indicator | None = None

    @property
    def indicator(self) -> Indicator:
        """What is asked."""
        return self.second or indicators.get(self.code)


@dataclass(frozen=True)
class Section:
    """Panels that answer one question."""

    key: str
    panels: tuple[Panel, ...]


BIG = (
    Panel("dalibnieki", "DAL-01", Shape.NUMBER, good="up"),
    Panel("tuvu", "TUV-03", Shape.NUMBER, good="up"),
    Panel("kopigas", "SAD-03", Shape.NUMBER, good="up"),
    Panel("neatnaca", "DAL-06", Shape.NUMBER, good="down"),
)
SECTIONS = (
    Section(
        "who",
        (
            Panel("galvas", "DAL-03", Shape.NUMBER, second=HEADS),
            Panel("jaunie", "IEK-07", Shape.NUMBER),
            Panel("seniori", "IEK-08", Shape.NUMBER),
            Panel("menesi", "DAL-01", Shape.LINES, ("month", "department")),
            Panel("merkgrupas", "DAL-01", Shape.GROWTH, ("audience",)),
            Panel("pagasti", "TUV-05", Shape.MEDIAN, ("residence",)),
            Panel("vecums", "DAL-01", Shape.PYRAMID, ("age", "sex")),
        ),
    ),
    Section(
        "near",
        (
            Panel("karte", "TUV-05", Shape.MAP, ("residence",)),
            Panel("tuvums", "TUV-03", Shape.NEARNESS),
            Panel("attalums", "TUV-04", Shape.MEDIAN, ("residence",)),
        ),
    ),
    Section(
        "filled",
        (
            Panel("aizpildijums", "DAL-07", Shape.NUMBER, good="up"),
            Panel("rinda", "DAL-08", Shape.NUMBER, good="down"),
            Panel("jauni", "DAL-09", Shape.NUMBER),
            Panel("pabeidza", "DAL-05", Shape.NUMBER, good="up"),
        ),
    ),
    Section(
        "range",
        (
            Panel("temas", "PIE-01", Shape.BARS, ("topic",)),
            Panel("kompetences", "PIE-05", Shape.BARS, ("competence",)),
        ),
    ),
    Section(
        "said",
        (
            Panel("apmierinatiba", "REZ-01", Shape.NUMBER, good="up"),
            Panel("prasmes", "REZ-02", Shape.NUMBER, good="up"),
            Panel("prasmes-jomas", "REZ-02", Shape.BARS, ("competence",)),
        ),
    ),
    Section(
        "together",
        (
            Panel("dublejas", "SAD-01", Shape.NUMBER, good="down"),
            Panel("izlemti", "SAD-02", Shape.NUMBER, good="up"),
            Panel("divas", "SAD-04", Shape.NUMBER),
            Panel("dienas", "SAD-02", Shape.NUMBER, good="down", second=DAYS),
            Panel("amati", "SAD-05", Shape.NUMBER, good="up"),
            Panel("aiznemti-amati", "SAD-05", Shape.NUMBER, good="up", second=POSTS),
            Panel("veidi", "SAD-02", Shape.BARS, ("way",)),
        ),
    ),
    Section("blank", (Panel("plankumi", "TUV-07", Shape.BLANK, ("parish", "audience")),)),
)
PANELS = {panel.key: panel for panel in (*BIG, *(panel for section in SECTIONS for panel in section.panels))}
# What is told beside the period before and the year before.
_COMPARED = (Shape.NUMBER, Shape.GROWTH)


@dataclass(frozen=True)
class Answer:
    """A panel's figures: of this period, the one before, the same of the year before. None: it cannot be asked like this."""

    panel: Panel
    now: Figure | None = None
    before: Figure | None = None
    a_year_before: Figure | None = None
    # Own parish alone, where nearness is told.
    own: Figure | None = None
    # The filters that the indicator is not counted by.
    unfit: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """All of the dashboard, by the keys of its panels, as of one moment."""

    by_key: Mapping[str, Answer]
    at: datetime
    order: Sequence[str] = field(default=())

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.by_key[key] for key in self.order)


def fit(
    indicator: Indicator, filters: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The filters as the indicator takes them, and those that it is not counted by.

    Where one counts by where people live and not by where things are held, a parish is the one lived in.
    """
    able = indicator.filters
    fitting, unfit = {}, []
    for dimension, codes in filters.items():
        if dimension == "parish" and "parish" not in able and "residence" in able:
            fitting["residence"] = codes
        elif dimension in able:
            fitting[dimension] = codes
        else:
            unfit.append(dimension)
    return fitting, tuple(unfit)


def answer(
    panels: Iterable[Panel],
    *,
    asked: Asked,
    before: Period,
    a_year_before: Period,
    source: Source | None = None,
) -> Answers:
    """Ask for all of them of one source; what is hidden outside the desk is marked.

    Raises ``Unfit`` where a panel is broken down by what its indicator is not told apart by.
    """
    source = source or current()
    wanted = list(panels)
    found: dict[str, Answer] = {}
    # Whether anything was counted then at all: what began since cannot be told against nothing.
    held = indicators.get("DAL-03")
    questions: list[tuple[str, str, Indicator, Asked]] = [
        ("", "a_year_before", held, Asked(a_year_before)),
        ("", "before", held, Asked(before)),
    ]
    for panel in wanted:
        try:
            filters, unfit = fit(panel.indicator, asked.filters)
        except Unknown:
            continue
        if unfit:
            found[panel.key] = Answer(panel, unfit=unfit)
            continue
        one = Asked(asked.period, filters, panel.by)
        if panel.shape is Shape.BLANK:
            # What is to come is told from today, whatever period is looked at.
            today = source.at.date()
            one = one.during(Period(today, today))
        found[panel.key] = Answer(panel)
        questions.append((panel.key, "now", panel.indicator, one))
        if panel.shape is Shape.NEARNESS:
            questions.append((panel.key, "own", indicators.get("TUV-02"), one))
        if panel.shape in _COMPARED:
            questions.append((panel.key, "a_year_before", panel.indicator, one.during(a_year_before)))
            if before != a_year_before:
                questions.append((panel.key, "before", panel.indicator, one.during(before)))
    with reading.together():
        figures = [answering.answer(indicator, one, source) for _key, _which, indicator, one in questions]
    told: dict[str, dict[str, Figure]] = {}
    for (key, which, _indicator, _asked), figure in zip(questions, figures, strict=True):
        told.setdefault(key, {})[which] = hiding.mark(figure)
    silent = [which for which, figure in told.pop("").items() if not figure.value]
    for figures_of in told.values():
        for which in silent:
            if which in figures_of:
                figures_of[which] = replace(figures_of[which], rows=())
    answers = {key: Answer(one.panel, unfit=one.unfit, **told.get(key, {})) for key, one in found.items()}
    return Answers(answers, source.at, tuple(panel.key for panel in wanted if panel.key in answers))


__all__ = ["BIG", "PANELS", "SECTIONS", "Answer", "Answers", "Panel", "Section", "Shape", "Unfit", "answer", "fit"]
