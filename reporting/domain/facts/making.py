"""Facts of people whose entries stand, made of the marks at sessions by set-based statements.

A fact that is there stays as it was written: whoever moves house took part from the old home. What is no longer marked
present is taken away, what is newly marked is added. So making everything anew changes nothing.

An activity for a sensitive audience leaves no facts of people at all: its attendances are counted from the marks.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from centres.models import Centre
from ecosystem.geo import distance_km
from ecosystem.models import Parish
from reporting.domain.facts import folding, pseudonyms
from reporting.enums import Band
from residents.models import Resident

AT_ONCE = 5_000
# One maker at a time: the facts of a person are compared as a whole.
LOCK = 7_305_001

_BANDS = " ".join(f"WHEN age <= {band.ages[1]} THEN '{band.value}'" for band in Band)

_COUNTABLE = """
    s.starts_at >= %(since)s AND NOT EXISTS (
        SELECT FROM courses_activity_audiences x JOIN ecosystem_audience au ON au.code = x.audience_id
        WHERE x.activity_id = s.activity_id AND au.is_sensitive
    )
"""
_PSEUDONYMS = f"""
INSERT INTO reporting_pseudonym (digest)
SELECT code.digest FROM unnest(%(residents)s::uuid[], %(digests)s::uuid[]) AS code(resident, digest)
WHERE EXISTS (
    SELECT FROM courses_registration r JOIN courses_attendance m ON m.registration_id = r.id
    JOIN courses_session s ON s.id = m.session_id
    WHERE r.resident_id = code.resident AND m.presence = 'present' AND {_COUNTABLE}
)
ON CONFLICT DO NOTHING
"""
_PRESENT = f"""
    SELECT DISTINCT ON (p.id, s.id)
        s.id AS session, p.id AS who, a.id AS activity, a.format, a.parish_id AS parish, a.centre_id AS centre,
        (s.starts_at AT TIME ZONE %(zone)s)::date AS held_on, person.birth_year, person.birth_month,
        person.birth_day, person.sex, v.parish_id AS home, person.lives_elsewhere, party.channel
    FROM unnest(%(residents)s::uuid[], %(digests)s::uuid[]) AS code(resident, digest)
    JOIN reporting_pseudonym p ON p.digest = code.digest
    JOIN residents_resident person ON person.id = code.resident
    JOIN courses_registration r ON r.resident_id = code.resident
    JOIN courses_attendance m ON m.registration_id = r.id AND m.presence = 'present'
    JOIN courses_session s ON s.id = m.session_id
    JOIN courses_activity a ON a.id = s.activity_id
    JOIN courses_party party ON party.id = r.party_id
    LEFT JOIN ecosystem_village v ON v.code = person.village_id
    WHERE {_COUNTABLE}
    ORDER BY p.id, s.id, r.id
"""
_ADD = f"""
INSERT INTO reporting_participation
    (session_id, who_id, unnamed, age, band, sex, home_id, lives_elsewhere, km, channel, previous_on, times)
SELECT session, who, NULL, age, CASE WHEN age IS NULL THEN '' {_BANDS} ELSE '' END, sex, aged.home, lives_elsewhere,
    CASE WHEN format <> 'online' THEN way.km END, channel, NULL, 1
FROM (
    SELECT *, CASE
        WHEN birth_year IS NULL THEN NULL
        WHEN birth_month IS NULL OR birth_day IS NULL THEN greatest(extract(year FROM held_on)::int - birth_year, 0)
        ELSE greatest(extract(year FROM held_on)::int - birth_year - (
            (extract(month FROM held_on)::int, extract(day FROM held_on)::int) < (birth_month, birth_day))::int, 0)
        END AS age
    FROM ({_PRESENT}) AS present
) AS aged
LEFT JOIN unnest(%(homes)s::text[], %(venues)s::text[], %(kms)s::float8[]) AS way(home, venue, km)
    ON way.home = aged.home AND way.venue = coalesce('c' || aged.centre, 'p' || aged.parish)
ON CONFLICT DO NOTHING
"""
# "NOT EXISTS", not "NOT IN": of a million the database compares the one by hashes, the other by looking through all each time.
_TAKE_AWAY = f"""
WITH present AS MATERIALIZED (SELECT session, who FROM ({_PRESENT}) AS present)
DELETE FROM reporting_participation f
USING reporting_pseudonym p, unnest(%(digests)s::uuid[]) AS code(digest)
WHERE p.digest = code.digest AND f.who_id = p.id
    AND NOT EXISTS (SELECT FROM present WHERE present.session = f.session_id AND present.who = f.who_id)
"""
# The sessions of one person in their order, whoever held them.
_PREVIOUS = """
UPDATE reporting_participation f SET previous_on = told.previous_on
FROM (
    SELECT f.id, lag((s.starts_at AT TIME ZONE %(zone)s)::date) OVER (
        PARTITION BY f.who_id ORDER BY s.starts_at, s.id) AS previous_on
    FROM reporting_participation f JOIN courses_session s ON s.id = f.session_id
    JOIN reporting_pseudonym p ON p.id = f.who_id
    WHERE p.digest = ANY(%(digests)s::uuid[])
) AS told
WHERE told.id = f.id AND told.previous_on IS DISTINCT FROM f.previous_on
"""


def hold() -> None:
    """Wait for other makers, until the end of the transaction; and make sure of the key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    pseudonyms.check_key()


def make(residents: Sequence[UUID]) -> int:
    """Bring the facts of these people up to what is marked; how many were added or taken away. In a transaction.

    Only for people whose entries stand: of others nothing is known to compare with.
    """
    if not residents:
        return 0
    digests = [pseudonyms.digest(one) for one in residents]
    said = {
        "residents": list(residents),
        "digests": digests,
        "zone": settings.TIME_ZONE,
        "since": folding.since(),
        **_ways(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PSEUDONYMS, said)
        cursor.execute(_TAKE_AWAY, said)
        changed = cursor.rowcount
        cursor.execute(_ADD, said)
        changed += cursor.rowcount
    previous(digests)
    return changed


def previous(digests: Iterable[UUID]) -> None:
    """Write on each fact of these people when they had come before."""
    with connection.cursor() as cursor:
        cursor.execute(_PREVIOUS, {"digests": list(digests), "zone": settings.TIME_ZONE})


def make_all() -> int:
    """Everybody's facts anew from all that is still there; how many were added or taken away. Nothing, if all was well."""
    changed, last = 0, UUID(int=0)
    while True:
        with transaction.atomic():
            hold()
            batch = list(Resident.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
            if not batch:
                return changed
            changed += make(batch)
            last = batch[-1]


def _ways() -> dict[str, list[str] | list[float]]:
    """How far it is from each parish's centre to each centre and parish, in km; as the statements take it."""
    parishes = list(Parish.objects.order_by("pk"))
    places = [(f"p{one.pk}", one.point) for one in parishes]
    places += [(f"c{one.pk}", one.point) for one in Centre.objects.order_by("pk")]
    rows = [(home.pk, venue, distance_km(home.point, point)) for home in parishes for venue, point in places]
    return {
        "homes": [row[0] for row in rows],
        "venues": [row[1] for row in rows],
        "kms": [round(row[2], 2) for row in rows],
    }
