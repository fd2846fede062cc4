"""Pseudonyms past their term: a year's facts become counts of people of whom the same is known.

What counts attendances and hours stays exact with every filter but the exact age. How many different people there were
does not add up from counts, so those figures are kept as they stood (``reporting.domain.past_term``).
"""

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

from reporting.models import FoldedYear

_COUNTS = """
INSERT INTO reporting_participation
    (session_id, who_id, unnamed, age, band, sex, home_id, lives_elsewhere, km, channel, previous_on, times)
SELECT session_id, NULL, NULL, NULL, band, sex, home_id, lives_elsewhere, min(km), channel, NULL, sum(times)
FROM reporting_participation f JOIN courses_session s ON s.id = f.session_id
WHERE s.starts_at >= %(first)s AND s.starts_at < %(after)s
GROUP BY session_id, band, sex, home_id, lives_elsewhere, channel
"""
_LAST = "SELECT coalesce(max(id), 0) FROM reporting_participation"
_FACTS = """
DELETE FROM reporting_participation f USING courses_session s
WHERE s.id = f.session_id AND s.starts_at >= %(first)s AND s.starts_at < %(after)s AND f.id <= %(last)s
"""
_PSEUDONYMS = """
DELETE FROM reporting_pseudonym p WHERE NOT EXISTS (SELECT FROM reporting_participation f WHERE f.who_id = p.id)
"""


def since() -> datetime:
    """From when on facts have pseudonyms; what is before is counted."""
    year = FoldedYear.objects.order_by("-year").values_list("year", flat=True).first()
    return _new_year(year + 1 if year else 1900)


def due(*, now: datetime) -> list[int]:
    """The years past their term whose facts are not folded yet, the oldest first."""
    last = timezone.localdate(now).year - settings.PSEUDONYM_YEARS - 1
    folded = set(FoldedYear.objects.values_list("year", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT extract(year FROM s.starts_at AT TIME ZONE %s)::int FROM courses_session s"
            " WHERE EXISTS (SELECT FROM reporting_participation f WHERE f.session_id = s.id)",
            [settings.TIME_ZONE],
        )
        years = {row[0] for row in cursor.fetchall()}
    return sorted(year for year in years if year <= last and year not in folded)


def fold(*, year: int, now: datetime) -> None:
    """Leave counts of that year; in a transaction that holds the makers (``making.hold``)."""
    said = {"first": _new_year(year), "after": _new_year(year + 1)}
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        last = cursor.fetchone()[0]
        cursor.execute(_COUNTS, said)
        cursor.execute(_FACTS, {**said, "last": last})
        cursor.execute(_PSEUDONYMS)
    FoldedYear.objects.create(year=year, folded_at=now)


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=timezone.get_default_timezone())
