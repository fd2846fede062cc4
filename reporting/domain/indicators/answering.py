"""Answering: whether an indicator can be asked like this, and its rows."""

from dataclasses import replace

from django.utils.translation import gettext as _

from ecosystem.models import Audience
from reporting.domain.data import reading
from reporting.domain.data.sources import Source
from reporting.domain.facts import folding
from reporting.domain.figures import Asked, Figure, Row
from reporting.domain.indicators.asking import Ask, Unfit
from reporting.domain.indicators.registry import INDICATORS, Indicator
from reporting.models import KeptFigure


class Unknown(LookupError):
    """There is no such indicator, or the portal does not give it; ``code`` names it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def get(code: str) -> Indicator:
    """The indicator; raises ``Unknown``."""
    found = INDICATORS.get(code)
    if found is None:
        raise Unknown(code)
    return found


def answer(indicator: Indicator, asked: Asked, source: Source) -> Figure:
    """Its rows. Of years whose pseudonyms are gone, what counts people is as it was kept."""
    for dimensions, able in ((asked.by, indicator.by), (asked.filters, indicator.filters)):
        for dimension in dimensions:
            if dimension not in able:
                raise Unfit(dimension)
    if indicator.counts_people and asked.period.first < reading.once("since", folding.since).date():
        return _kept(indicator, asked)
    ask = Ask(_with_narrower(asked), source)
    rows = tuple(indicator.formula(ask))
    return Figure(indicator.code, indicator.unit, asked, rows, " ".join(ask.notes))


def _kept(indicator: Indicator, asked: Asked) -> Figure:
    """As it stood when its year was folded; only whole years and quarters were kept, by one breakdown and unfiltered."""
    found = KeptFigure.objects.filter(
        code=indicator.code, first_on=asked.period.first, last_on=asked.period.last, by=",".join(sorted(asked.by))
    ).first()
    if found is None or any(asked.filters.values()):
        note = _("Of so long ago only counts are left: people are told by whole years and quarters, by one breakdown.")
        return Figure(indicator.code, indicator.unit, asked, (), note)
    return Figure(indicator.code, indicator.unit, asked, tuple(Row(**row) for row in found.rows))


def _with_narrower(asked: Asked) -> Asked:
    """An audience asked for includes those that are part of it; the sensitive are not told apart."""
    wanted = asked.filters.get("audience")
    if not wanted:
        return asked
    parts: dict[str, list[str]] = {}
    for code, above in Audience.objects.filter(is_sensitive=False).values_list("code", "part_of"):
        parts.setdefault(above or "", []).append(code)
    found, left = set(), list(wanted)
    while left:
        code = left.pop()
        if code not in found:
            found.add(code)
            # Everything is part of "everyone": asked for as such, it means what is for everyone.
            left += parts.get(code, []) if code != "everyone" else []
    return replace(asked, filters={**asked.filters, "audience": tuple(sorted(found))})
