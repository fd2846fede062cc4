"""The tables that figures are computed from, each one SELECT over the rows of the portal.

``%(zone)s`` is the time zone of days and months, ``%(now)s`` the moment. No personal data but the facts' numbers of
pseudonyms, the exact age and the home parish.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

# An activity's audiences without the sensitive: instead the wider one that they are part of.
_WIDER = """
    WITH RECURSIVE up(audience, wider) AS (
        SELECT code, code FROM ecosystem_audience
        UNION ALL
        SELECT up.audience, a.part_of_id FROM up JOIN ecosystem_audience a ON a.code = up.wider
        WHERE a.is_sensitive AND a.part_of_id IS NOT NULL
    )
    SELECT up.audience, up.wider FROM up JOIN ecosystem_audience a ON a.code = up.wider WHERE NOT a.is_sensitive
"""

# What every table tells of an activity.
_ACTIVITY = "a.lead_id AS lead, a.parish_id AS parish, a.topic_id AS topic, left(t.isced_f, 2) AS field, a.kind AS kind"

# After how many days presence is entered late: as it was set on the day of the session. Before all of them, the first.
_LATE = """
    (%(late)s::int[])[greatest(1, width_bucket((s.ends_at AT TIME ZONE %(zone)s)::date, %(late_from)s::date[]))]
"""

_HELD_IF = """
    s.ends_at <= %(now)s AND s.cancelled_at IS NULL AND (a.cancelled_at IS NULL OR s.ends_at <= a.cancelled_at)
    AND (s.head_count IS NOT NULL OR EXISTS (SELECT FROM courses_attendance m WHERE m.session_id = s.id)
         OR EXISTS (SELECT FROM reporting_participation f WHERE f.session_id = s.id))
"""

TABLES: dict[str, str] = {
    # Sessions that were held: ended, not called off, and somebody wrote down who came or how many.
    "held": f"""
        SELECT s.id AS session, a.id AS activity, (s.starts_at AT TIME ZONE %(zone)s)::date AS held_on,
            to_char(s.starts_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,
            (extract(epoch FROM s.ends_at - s.starts_at) / 2700)::float8 AS hours,
            CASE WHEN extract(isodow FROM s.starts_at AT TIME ZONE %(zone)s) >= 6 THEN 'weekend'
                 WHEN extract(hour FROM s.starts_at AT TIME ZONE %(zone)s) >= 17 THEN 'evening'
                 ELSE 'weekday' END AS part,
            coalesce(s.head_count, 0)::int AS heads, {_ACTIVITY}, a.format, a.language, a.fee_eur = 0 AS is_free,
            a.fee_eur::float8 AS fee, c.step_free AND c.accessible_toilet AS is_accessible,
            EXISTS (SELECT FROM courses_activity_partners p WHERE p.activity_id = a.id) AS is_joint,
            coalesce((SELECT min(m.marked_at) FROM courses_attendance m WHERE m.session_id = s.id)
                > s.ends_at + {_LATE} * interval '1 day', false) AS is_late, a.ends_at <= %(now)s AS is_over
        FROM courses_session s JOIN courses_activity a ON a.id = s.activity_id
        JOIN ecosystem_topic t ON t.code = a.topic_id LEFT JOIN centres_centre c ON c.id = a.centre_id
        WHERE {_HELD_IF}
    """,
    # Who came: a row a person and session; ``who`` is empty where people are only counted (``times`` of them).
    "came": f"""
        SELECT f.session_id AS session, a.id AS activity, (s.starts_at AT TIME ZONE %(zone)s)::date AS held_on,
            to_char(s.starts_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,
            (extract(epoch FROM s.ends_at - s.starts_at) / 2700)::float8 AS hours, {_ACTIVITY},
            f.who_id::int AS who, f.times::int AS times, f.age::int AS age, f.band, f.sex, coalesce(f.home_id, '') AS home,
            f.lives_elsewhere AS elsewhere, f.km, f.channel, f.previous_on,
            CASE WHEN f.home_id IS NULL THEN '' WHEN f.home_id = a.parish_id THEN 'own'
                 WHEN near.parish_id IS NOT NULL THEN 'neighbour' ELSE 'far' END AS nearness
        FROM reporting_participation f JOIN courses_session s ON s.id = f.session_id
        JOIN courses_activity a ON a.id = s.activity_id JOIN ecosystem_topic t ON t.code = a.topic_id
        LEFT JOIN ecosystem_neighbourhood near ON near.parish_id = f.home_id AND near.neighbour_id = a.parish_id
            AND near.shared_border_m >= 1500
        WHERE s.ends_at <= %(now)s AND s.cancelled_at IS NULL AND (a.cancelled_at IS NULL OR s.ends_at <= a.cancelled_at)
        UNION ALL
        SELECT s.id, a.id, (s.starts_at AT TIME ZONE %(zone)s)::date, to_char(s.starts_at AT TIME ZONE %(zone)s, 'YYYY-MM'),
            (extract(epoch FROM s.ends_at - s.starts_at) / 2700)::float8, {_ACTIVITY},
            NULL, count(*)::int, NULL, '', '', '', false, NULL, '', NULL, ''
        FROM courses_attendance m JOIN courses_session s ON s.id = m.session_id
        JOIN courses_activity a ON a.id = s.activity_id JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE m.presence = 'present' AND EXISTS (
                SELECT FROM courses_activity_audiences x JOIN ecosystem_audience au ON au.code = x.audience_id
                WHERE x.activity_id = a.id AND au.is_sensitive)
            AND s.ends_at <= %(now)s AND s.cancelled_at IS NULL AND (a.cancelled_at IS NULL OR s.ends_at <= a.cancelled_at)
        GROUP BY s.id, a.id, t.code
    """,
    # What was or is to be offered: published activities, and what became of their registrations.
    "offered": f"""
        SELECT a.id AS activity, (a.starts_at AT TIME ZONE %(zone)s)::date AS starts_on,
            (a.ends_at AT TIME ZONE %(zone)s)::date AS ends_on, to_char(a.starts_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,
            {_ACTIVITY}, a.fee_eur = 0 AS is_free, a.fee_eur::float8 AS fee, a.language, a.capacity, a.session_count AS sessions,
            CASE WHEN a.fee_eur = 0 THEN 'free' ELSE 'paid' END AS price, a.cancelled_at IS NOT NULL AS is_cancelled,
            CASE WHEN a.cancelled_at IS NULL THEN '' WHEN a.cancellation_reason ~* 'dalībniek|pieteik|participant|people' THEN 'group'
                 WHEN a.cancellation_reason ~* 'pasniedz|lektor|educator|teacher' THEN 'educator'
                 WHEN a.cancellation_reason ~* 'telp|zāl|room|hall' THEN 'room' ELSE 'other' END AS reason,
            a.published_at IS NOT NULL AS was_published,
            EXISTS (SELECT FROM courses_activity_partners p WHERE p.activity_id = a.id) AS is_joint,
            (SELECT count(*) FROM courses_registration r WHERE r.activity_id = a.id AND r.state = 'confirmed')::int AS confirmed,
            (SELECT count(*) FROM courses_registration r WHERE r.activity_id = a.id AND r.state = 'confirmed'
                AND NOT EXISTS (SELECT FROM courses_attendance m WHERE m.registration_id = r.id AND m.presence = 'present'))::int
                AS never_came,
            EXISTS (SELECT FROM courses_attendance m JOIN courses_session s ON s.id = m.session_id
                WHERE s.activity_id = a.id) AS is_marked,
            EXISTS (SELECT FROM courses_overlap o WHERE o.kind = 'duplicate' AND (o.first_id = a.id OR o.second_id = a.id))
                AS is_doubled
        FROM courses_activity a JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE a.status <> 'draft' AND a.starts_at IS NOT NULL AND a.joined_into_id IS NULL
    """,
    "registered": f"""
        SELECT r.id AS registration, a.id AS activity, (r.registered_at AT TIME ZONE %(zone)s)::date AS registered_on,
            to_char(r.registered_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, {_ACTIVITY}, party.channel, r.state
        FROM courses_registration r JOIN courses_activity a ON a.id = r.activity_id
        JOIN courses_party party ON party.id = r.party_id JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE r.folded_into_id IS NULL
    """,
    # Who still waited when the activity began: numbered, so that one person is counted once.
    "waited": f"""
        SELECT dense_rank() OVER (ORDER BY coalesce(r.resident_id::text, r.id::text))::int AS person, a.id AS activity,
            (a.starts_at AT TIME ZONE %(zone)s)::date AS starts_on, to_char(a.starts_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,
            {_ACTIVITY}
        FROM courses_registration r JOIN courses_activity a ON a.id = r.activity_id
        JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE r.queued_at < a.starts_at AND r.folded_into_id IS NULL AND a.starts_at <= %(now)s AND a.cancelled_at IS NULL
            AND (r.state = 'queued' OR (r.offered_at IS NULL AND r.state = 'cancelled' AND r.ended_at >= a.starts_at))
    """,
    # What participants said afterwards, anonymously.
    "said": f"""
        SELECT a.id AS activity, (a.ends_at AT TIME ZONE %(zone)s)::date AS ends_on,
            to_char(a.ends_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, {_ACTIVITY},
            f.worth::int AS worth, f.before::int AS before, f.after::int AS after
        FROM courses_feedback f JOIN courses_activity a ON a.id = f.activity_id JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE f.stage <> 'aside'
    """,
    "asked": f"""
        SELECT a.id AS activity, (a.ends_at AT TIME ZONE %(zone)s)::date AS ends_on,
            to_char(a.ends_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, {_ACTIVITY}, f.people::int AS people
        FROM courses_feedbackround f JOIN courses_activity a ON a.id = f.activity_id
        JOIN ecosystem_topic t ON t.code = a.topic_id
    """,
    "issued": f"""
        SELECT c.id AS certificate, a.id AS activity, (c.issued_at AT TIME ZONE %(zone)s)::date AS issued_on,
            to_char(c.issued_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, {_ACTIVITY}, c.kind AS paper
        FROM courses_certificate c JOIN courses_activity a ON a.id = c.activity_id
        JOIN ecosystem_topic t ON t.code = a.topic_id WHERE c.revoked_at IS NULL
    """,
    # Sessions to come that residents or the departments can see.
    "coming": f"""
        SELECT s.id AS session, a.id AS activity, (s.starts_at AT TIME ZONE %(zone)s)::date AS starts_on, {_ACTIVITY}
        FROM courses_session s JOIN courses_activity a ON a.id = s.activity_id JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE s.starts_at > %(now)s AND s.cancelled_at IS NULL AND a.status IN ('planned', 'published')
    """,
    # Pairs that the shared rules found, and how they were decided; a row for each of the two activities.
    "doubled": f"""
        SELECT o.id AS overlap, a.id AS activity, (o.found_at AT TIME ZONE %(zone)s)::date AS found_on,
            to_char(o.found_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, {_ACTIVITY}, o.kind AS finding, o.is_own,
            coalesce(d.what, CASE WHEN o.ended_at IS NOT NULL THEN 'gone' ELSE '' END) AS way,
            (extract(epoch FROM d.at - o.found_at) / 86400)::float8 AS days
        FROM courses_overlap o JOIN courses_activity a ON a.id IN (o.first_id, o.second_id)
        JOIN ecosystem_topic t ON t.code = a.topic_id
        LEFT JOIN LATERAL (SELECT d.what, d.at FROM courses_overlapdecision d WHERE d.overlap_id = o.id ORDER BY d.at LIMIT 1) d
            ON true
    """,
    # On which days somebody planned for a department in a parish.
    "worked": """
        SELECT DISTINCT h.lead_id AS department, h.parish_id AS parish, (h.history_date AT TIME ZONE %(zone)s)::date AS day
        FROM courses_historicalactivity h WHERE h.status <> 'draft'
    """,
    "posts": """
        SELECT p.id AS post, p.department_id AS department, p.kind, coalesce(pp.parish_id, c.parish_id, '') AS parish,
            p.starts_on, p.ends_on, p.holder_id IS NOT NULL AS is_held
        FROM coordinators_post p LEFT JOIN coordinators_post_parishes pp ON pp.post_id = p.id
        LEFT JOIN centres_centre c ON c.id = p.centre_id
    """,
    "merged": """
        SELECT m.id AS merge, (m.at AT TIME ZONE %(zone)s)::date AS merged_on FROM courses_merge m WHERE m.undone_at IS NULL
    """,
    # Anonymous totals, at each session that has begun: a number of the whole activity, so it is taken once an activity.
    "totals": f"""
        SELECT a.id AS activity, (s.starts_at AT TIME ZONE %(zone)s)::date AS held_on,
            to_char(s.starts_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, {_ACTIVITY}, x.code, x.count::int AS people
        FROM reporting_activitytotal x JOIN courses_activity a ON a.id = x.activity_id
        JOIN courses_session s ON s.activity_id = a.id JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE s.starts_at <= %(now)s AND s.cancelled_at IS NULL AND (a.cancelled_at IS NULL OR s.ends_at <= a.cancelled_at)
    """,
    # Whose an activity is: the department that leads it, and each partner.
    "departments": """
        SELECT a.id AS activity, a.lead_id AS department FROM courses_activity a
        UNION SELECT p.activity_id, p.department_id FROM courses_activity_partners p
    """,
    "audiences": f"""
        SELECT DISTINCT x.activity_id AS activity, coalesce(w.wider, 'everyone') AS audience
        FROM courses_activity_audiences x LEFT JOIN ({_WIDER}) AS w ON w.audience = x.audience_id
    """,
    # Its own competences, else its topic's; the first is the topic's.
    "competences": """
        SELECT a.id AS activity, c.competence_id AS competence, c.competence_id = t.competence_id AS is_first
        FROM courses_activity_competences c JOIN courses_activity a ON a.id = c.activity_id
        JOIN ecosystem_topic t ON t.code = a.topic_id
        UNION ALL
        SELECT a.id, t.competence_id, true FROM courses_activity a JOIN ecosystem_topic t ON t.code = a.topic_id
        WHERE NOT EXISTS (SELECT FROM courses_activity_competences c WHERE c.activity_id = a.id)
    """,
}

# Made of those above, by SQL that both understand: the tables it asks, the SELECT.
DERIVED: dict[str, tuple[tuple[str, ...], str]] = {
    # Who came to an activity of three held sessions or more that is over, and to how many of them.
    "finished": (
        ("came", "held"),
        """
        SELECT c.activity, d.ends_on, d.month, c.lead, c.parish, c.topic, c.field, c.kind, c.who, max(c.band) AS band,
            max(c.sex) AS sex, max(c.home) AS home, count(*) AS attended, max(d.sessions) AS sessions
        FROM came AS c JOIN (
            SELECT activity, count(*) AS sessions, max(held_on) AS ends_on, max(month) AS month
            FROM held WHERE is_over GROUP BY activity HAVING count(*) >= 3
        ) AS d ON d.activity = c.activity
        WHERE c.who IS NOT NULL
        GROUP BY c.activity, d.ends_on, d.month, c.lead, c.parish, c.topic, c.field, c.kind, c.who
        """,
    ),
    # Of whom nobody has told: who came to an activity (different people, and as many unnamed as at its fullest session),
    # less those told of; at each held session, to be taken once an activity.
    "untold": (
        ("held", "came", "totals"),
        """
        SELECT h.activity, h.held_on, h.month, h.lead, h.parish, h.topic, h.field, h.kind,
            CASE WHEN x.fewer IS NULL THEN p.people ELSE 0 END AS fewer,
            CASE WHEN x.neet IS NULL THEN p.people ELSE 0 END AS neet,
            CASE WHEN x.ukraine IS NULL THEN p.people ELSE 0 END AS ukraine,
            greatest(p.people - coalesce(x.labour, 0), 0) AS labour,
            greatest(p.people - coalesce(x.education, 0), 0) AS education
        FROM held AS h
        JOIN (
            SELECT s.activity, max(coalesce(n.named, 0)) + max(s.others) AS people
            FROM (
                SELECT o.activity, o.session, max(o.heads) + coalesce(sum(c.times), 0) AS others
                FROM held AS o LEFT JOIN came AS c ON c.session = o.session AND c.who IS NULL
                GROUP BY o.activity, o.session
            ) AS s
            LEFT JOIN (
                SELECT activity, count(DISTINCT who) AS named FROM came WHERE who IS NOT NULL GROUP BY activity
            ) AS n ON n.activity = s.activity
            GROUP BY s.activity
        ) AS p ON p.activity = h.activity
        LEFT JOIN (
            SELECT activity, max(people) FILTER (WHERE code = 'FEWER') AS fewer,
                max(people) FILTER (WHERE code = 'NEET') AS neet, max(people) FILTER (WHERE code = 'UKR') AS ukraine,
                coalesce(max(people) FILTER (WHERE code = 'UNE'), 0) + coalesce(max(people) FILTER (WHERE code = 'INA'), 0)
                    + coalesce(max(people) FILTER (WHERE code = 'EMP'), 0) AS labour,
                coalesce(max(people) FILTER (WHERE code = 'ISCED0-2'), 0)
                    + coalesce(max(people) FILTER (WHERE code = 'ISCED3-4'), 0)
                    + coalesce(max(people) FILTER (WHERE code = 'ISCED5-8'), 0) AS education
            FROM totals GROUP BY activity
        ) AS x ON x.activity = h.activity
        """,
    ),
}


def values(*, zone: str, now: datetime, late_days: Sequence[tuple[date, int]]) -> dict[str, Any]:
    """What the SELECTs are given; ``late_days`` is after how many days entering is late, by the day it holds from."""
    late = {"late": [days for _since, days in late_days], "late_from": [since for since, _days in late_days]}
    return {"zone": zone, "now": now, **late}
