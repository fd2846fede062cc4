"""The list behind a figure: whose attendances it counts, as far as their entries stand and the reader may see them.

The figures know pseudonyms alone. Whoever may see a resident may work out that one's code, and so find out whether it is
among those counted; the others are told as numbers: people whom others answer for, and people who are forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from coordinators.domain.access import Reach
from courses.domain import people
from reporting.domain import limits
from reporting.domain.data.sources import Source, current
from reporting.domain.facts import pseudonyms
from reporting.domain.figures import Asked
from reporting.domain.indicators.asking import Measure, select
from reporting.models import Pseudonym
from residents.models import Resident

# Which attendances an indicator counts, of those that can name people.
_COUNTED: Mapping[str, str] = {
    "DAL-01": "",
    "DAL-03": "",
    "DAL-04": "",
    "IEK-03": "",
    "IEK-04": "",
    "TUV-02": "t.nearness = 'own'",
    "TUV-03": "t.nearness IN ('own', 'neighbour')",
    "TUV-05": "t.home <> ''",
}
SENIORS = "IEK-08"


@dataclass(frozen=True)
class Behind:
    """Who is counted: those the reader may see, in the order of their names, and how many others."""

    seen: list[Resident]
    # Their entries stand, and others answer for them.
    others: int
    # Their entries are gone; only the facts are left.
    erased: int

    @property
    def total(self) -> int:
        """All of them: the figure."""
        return len(self.seen) + self.others + self.erased


def has_list(code: str) -> bool:
    """Whether people stand behind this indicator."""
    return code in _COUNTED or code == SENIORS


def of(code: str, asked: Asked, *, reach: Reach, source: Source | None = None) -> Behind:
    """Who stands behind it."""
    source = source or current()
    where = f"t.age >= {limits.seniors(on=asked.period.last)[0]:d}" if code == SENIORS else _COUNTED[code]
    named = f"t.who IS NOT NULL AND ({where})" if where else "t.who IS NOT NULL"
    sql, values, tables = select(Measure(table="came", on="held_on", value="t.who", where=named), asked.split())
    counted = {line[0] for line in source.rows(sql, values, tables=tables)}
    digests = set(Pseudonym.objects.filter(pk__in=counted).values_list("digest", flat=True))
    standing = _standing(digests)
    seen = list(
        people.seen_by(reach)
        .filter(pk__in=standing)
        .select_related("village")
        .order_by("family_name", "given_name", "pk")
    )
    return Behind(seen=seen, others=len(standing) - len(seen), erased=len(counted) - len(standing))


def _standing(digests: set[UUID]) -> set[UUID]:
    """The entries that stand, by their codes: everybody's is worked out, for there is no way back from a code."""
    if not digests:
        return set()
    every = Resident.objects.order_by("pk").values_list("pk", flat=True)
    return {pk for pk in every.iterator(chunk_size=5000) if pseudonyms.digest(pk) in digests}
