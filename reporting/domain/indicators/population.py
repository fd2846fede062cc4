"""Rates: how many of so many residents. Where the population is not known, there is no rate, and the figure says so.

Residents are those of ``ecosystem.domain.population``: of the newest count not after the period, never of several days added.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem.domain.population import Known, Residents, by_parish, residents
from ecosystem.models import Parish
from reporting.domain.data import reading
from reporting.domain.figures import NOT_KNOWN, Row
from reporting.domain.indicators.asking import Ask


class Population:
    """The residents that rates of one question are measured by; each answer is looked up once."""

    def __init__(self, ask: Ask, *, ages: tuple[int, int] | None = None) -> None:
        self.ask = ask
        self.ages = ages or (None, None)
        self._parishes: list[str] = []
        self._known: dict[tuple[tuple[str, ...], bool], dict[str, Residents]] = {}

    def of(self, keys: dict[str, str]) -> int:
        """How many residents have these keys, within the filters; 0 where nobody has counted them."""
        sexes = (keys["sex"],) if "sex" in keys else tuple(self.ask.asked.filters.get("sex", ()))
        if NOT_KNOWN in sexes:
            return 0
        found = self._looked_up(sexes, apart="residence" in keys).get(keys.get("residence", ""))
        return (found.count if found else None) or 0

    def notes(self) -> list[str]:
        """Of which days the counts are, and why some are wanting; in the reader's language."""
        found = [one for answers in self._known.values() for one in answers.values()]
        said = []
        if days := sorted({one.counted_on for one in found if one.count is not None and one.counted_on}):
            words = ngettext(
                "Residents as counted on %(days)s.", "Residents as counted on different days: %(days)s.", len(days)
            )
            said.append(words % {"days": ", ".join(_day(day) for day in days)})
        why = {one.known for one in found if one.count is None}
        if Known.AGES in why:
            said.append(_("The ages of the residents' count do not fit those of the rate, so there is no rate."))
        if Known.TOTAL_ALONE in why:
            said.append(
                _(
                    "Only the parishes' totals of different years are known, which are not added up, so there is no rate."
                )
                if self.ages == (None, None)
                else _("Only the parishes' totals are known, not the ages of residents, so there is no rate.")
            )
        if Known.NOTHING in why:
            said.append(_("How many residents there were is not known, so there is no rate."))
        return said

    def _looked_up(self, sexes: tuple[str, ...], *, apart: bool) -> dict[str, Residents]:
        key = sexes, apart
        if key not in self._known:
            on: date = self.ask.asked.period.last
            wanted = self._wanted()
            self._known[key] = reading.once(
                ("residents", tuple(wanted), on, self.ages, sexes, apart),
                lambda: (
                    by_parish(wanted, on=on, ages=self.ages, sexes=sexes)
                    if apart
                    else {"": residents(wanted, on=on, ages=self.ages, sexes=sexes)}
                ),
            )
        return self._known[key]

    def _wanted(self) -> list[str]:
        """The parishes asked for; all, where none is named."""
        if not self._parishes:
            named = [code for code in self.ask.asked.filters.get("residence", ()) if code]
            self._parishes = named or _parishes()
        return self._parishes


def _parishes() -> list[str]:
    rows = Parish.objects.current().order_by("pk").values_list("pk", flat=True)
    return reading.once("parishes", lambda: list(rows))


def rates(
    ask: Ask,
    counted: Iterable[Row],
    *,
    per: int,
    ages: tuple[int, int] | None = None,
    population: Population | None = None,
) -> list[Row]:
    """Counts made rates by the population of the same keys; n is the population, not known the counts without one."""
    population = population or Population(ask, ages=ages)
    found = {tuple(sorted(row.keys.items())): row for row in counted}
    made = []
    for keys in _all_keys(ask, found):
        row = found.get(tuple(sorted(keys.items())))
        value = (row.value or 0.0) if row else 0.0
        people = population.of(keys)
        if people:
            made.append(Row(keys, value * per / people, people))
        else:
            made.append(Row(keys, None, 0, not_known=int(value)))
    ask.notes.extend(note for note in population.notes() if note not in ask.notes)
    return made


def _all_keys(ask: Ask, found: Iterable[tuple[tuple[str, str], ...]]) -> list[dict[str, str]]:
    """Every parish has its row, also one from which nobody came; who lives elsewhere has no population here."""
    by = ask.asked.by
    if "residence" in by:
        wanted = ask.asked.filters.get("residence")
        parishes = [code for code in _parishes() if not wanted or code in wanted]
        others = [name for name in by if name != "residence"]
        rests = sorted(
            {tuple(pair for pair in keys if pair[0] != "residence") for keys in found}
            or ({()} if not others else set())
        )
        return [{**dict(rest), "residence": code} for code in parishes for rest in rests]
    return [dict(keys) for keys in sorted(found)] or ([{}] if not by else [])


def _day(text: str) -> str:
    """A day as people write it; a year alone is one."""
    return f"{date.fromisoformat(text):%d.%m.%Y}" if len(text) == 10 else text
