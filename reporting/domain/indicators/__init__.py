"""The indicators: :func:`figure` is the one door to every number that the portal shows."""

from collections.abc import Iterable

from reporting.domain.data import reading
from reporting.domain.data.sources import Source, current
from reporting.domain.figures import Asked, Figure
from reporting.domain.indicators import (  # noqa: F401  Registered by being read.
    data_quality,
    inclusion,
    mobilities,
    near,
    objectives,
    offer,
    participation,
    priorities,
    results,
    sharing,
    together,
    totals,
)
from reporting.domain.indicators.answering import Unknown, answer, get
from reporting.domain.indicators.asking import Unfit
from reporting.domain.indicators.registry import INDICATORS, WITHHELD, Description, Indicator, catalogue

__all__ = [
    "INDICATORS",
    "WITHHELD",
    "Description",
    "Indicator",
    "Unfit",
    "Unknown",
    "catalogue",
    "figure",
    "figures",
    "get",
]


def figure(code: str, asked: Asked, *, source: Source | None = None) -> Figure:
    """The answer of one indicator; of the copy unless another source is given.

    Raises ``Unknown`` for a code that is not given, ``Unfit`` for a dimension that it cannot be broken down or filtered by.
    """
    return answer(get(code), asked, source or current())


def figures(asked: Iterable[tuple[str, Asked]], *, source: Source | None = None) -> list[Figure]:
    """Several answers, all of one source and one moment."""
    source = source or current()
    with reading.together():
        return [answer(get(code), one, source) for code, one in asked]
