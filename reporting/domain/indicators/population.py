"""Rates: how many of so many residents. Where the population is not known, there is no rate, and the row says so."""

from collections.abc import Iterable

from ecosystem.models import Parish
from reporting.domain.figures import NOT_KNOWN, Row
from reporting.domain.indicators.asking import Ask


def rates(ask: Ask, counted: Iterable[Row], *, per: int, ages: tuple[int, int] | None = None) -> list[Row]:
    """Counts made rates by the population of the same keys; n is the population, not known the counts without one."""
    found = {tuple(sorted(row.keys.items())): row for row in counted}
    made = []
    for keys in _all_keys(ask, found):
        row = found.get(tuple(sorted(keys.items())))
        value = (row.value or 0.0) if row else 0.0
        people = _population(ask, keys, ages)
        if people:
            made.append(Row(keys, value * per / people, people))
        else:
            made.append(Row(keys, None, 0, not_known=int(value)))
    return made


def _all_keys(ask: Ask, found: Iterable[tuple[tuple[str, str], ...]]) -> list[dict[str, str]]:
    """Every parish has its row, also one from which nobody came; who lives elsewhere has no population here."""
    by = ask.asked.by
    if "residence" in by:
        wanted = ask.asked.filters.get("residence")
        parishes = [
            code
            for code in Parish.objects.current().order_by("pk").values_list("pk", flat=True)
            if not wanted or code in wanted
        ]
        others = [name for name in by if name != "residence"]
        rests = sorted(
            {tuple(pair for pair in keys if pair[0] != "residence") for keys in found}
            or ({()} if not others else set())
        )
        return [{**dict(rest), "residence": code} for code in parishes for rest in rests]
    return [dict(keys) for keys in sorted(found)] or ([{}] if not by else [])


def _population(ask: Ask, keys: dict[str, str], ages: tuple[int, int] | None) -> int:
    """How many residents have these keys, within the filters; 0 where nobody has counted them."""
    sexes = (keys["sex"],) if "sex" in keys else ask.asked.filters.get("sex", ())
    if NOT_KNOWN in sexes:
        return 0
    parishes = (keys["residence"],) if "residence" in keys else ask.asked.filters.get("residence", ())
    rows = Parish.objects.current()
    if parishes:
        rows = rows.filter(pk__in=parishes)
    if ages or sexes:
        return 0
    known = list(rows.values_list("population", flat=True))
    return 0 if None in known else sum(count or 0 for count in known)
