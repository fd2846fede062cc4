"""Ten years of taking part: so many participations in the sessions of three departments, written by the database.

Ten people a session, eight sessions an activity, a person comes some fifty times in ten years. Marks of presence stand
behind the facts of people who are still known (four of five), so that everything can be made anew.
"""

from django.db import connection

PEOPLE_EACH, SESSIONS_EACH, TIMES_EACH = 10, 8, 50

_STATEMENTS = (
    """
    INSERT INTO courses_activity (ref, lead_id, parish_id, centre_id, title, title_lv, summary, summary_lv, kind, format,
        topic_id, level, language, capacity, capacity_reason, fee_eur, is_drop_in, needs_approval, asks_confirmation, status,
        published_at, cancellation_reason, starts_at, ends_at, session_count, taken, waiting, changed_at, created_at)
    SELECT '', d.code, p.code, NULL, 'Nodarbība ' || n, 'Nodarbība ' || n, '', '',
        (ARRAY['educational', 'educational', 'leisure', 'counselling'])[1 + n %% 4], CASE WHEN n %% 20 = 0 THEN 'online' ELSE 'in_person' END,
        t.code, '', 'lv', 20, '', CASE WHEN n %% 5 = 0 THEN 5 ELSE 0 END, false, false, false, 'completed',
        first.at - interval '30 days', '', first.at, first.at + interval '49 days 2 hours', %(each)s, 0, 0, now(), now()
    FROM generate_series(1, %(activities)s) n
    CROSS JOIN LATERAL (SELECT date_trunc('hour', now()) - interval '60 days'
        - (n * 3600.0 * 24 * 3600 / %(activities)s) * interval '1 second' AS at) first
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM ecosystem_department) d ON d.place = n %% 3
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM ecosystem_parish) p ON p.place = n * 7 %% 16
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many FROM ecosystem_topic) t
        ON t.place = n * 5 %% t.many
    """,
    """
    INSERT INTO courses_activity_audiences (activity_id, audience_id)
    SELECT a.id, x.code FROM courses_activity a
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many
          FROM ecosystem_audience WHERE NOT is_sensitive) x ON x.place = a.id * 11 %% x.many
    """,
    """
    INSERT INTO courses_activity_partners (activity_id, department_id)
    SELECT a.id, d.code FROM courses_activity a
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM ecosystem_department) d ON d.place = (a.id + 1) %% 3
    WHERE a.id %% 12 = 0 AND d.code <> a.lead_id
    """,
    """
    INSERT INTO courses_session (activity_id, starts_at, ends_at, cancellation_reason, moved, head_count)
    SELECT a.id, a.starts_at + w * interval '7 days', a.starts_at + w * interval '7 days' + interval '2 hours', '', 0,
        CASE WHEN a.id %% 10 = 0 THEN 5 END
    FROM courses_activity a, generate_series(0, %(each)s - 1) w
    """,
    """
    INSERT INTO residents_household (id, email, phone, language, created_at)
    SELECT md5('h' || n)::uuid, 'p' || n || '@example.lv', '', 'lv', now() FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO residents_resident (id, household_id, given_name, family_name, birth_year, sex, village_id, lives_elsewhere,
        guardian_name, created_at, doubles_checked_at)
    SELECT md5('r' || n)::uuid, md5('h' || n)::uuid, 'Vārds' || n, 'Uzvārds', 1935 + n %% 82,
        (ARRAY['female', 'female', 'male', ''])[1 + n %% 4], v.code, false, '', now(), now()
    FROM generate_series(1, %(people)s) n
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM ecosystem_village) v ON v.place = n * 13 %% 46
    """,
    """
    INSERT INTO courses_party (id, number, activity_id, all_or_none, channel, language, email, phone, outcome, outcome_confirmed, created_at)
    SELECT md5('p' || a.id || '-' || k)::uuid, 'B' || a.id || '-' || k, a.id, false,
        (ARRAY['web', 'web', 'phone', 'desk'])[1 + k %% 4], 'lv', 'p@example.lv', '', '', 0, a.published_at
    FROM courses_activity a, generate_series(0, %(width)s - 1) k
    """,
    """
    INSERT INTO courses_registration (party_id, activity_id, resident_id, state, registered_at)
    SELECT md5('p' || a.id || '-' || k)::uuid, a.id,
        md5('r' || 1 + (a.id * 31 + k * 7919::bigint) %% %(people)s)::uuid, 'confirmed', a.published_at
    FROM courses_activity a, generate_series(0, %(width)s - 1) k
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO courses_attendance (session_id, registration_id, presence, marked_at)
    SELECT s.id, r.id, 'present', s.ends_at + interval '1 hour'
    FROM courses_registration r JOIN courses_session s ON s.activity_id = r.activity_id
    """,
)


# Facts as they would be made, without a mark behind each: ten million marks measure nothing of a figure.
_FACTS = (
    """
    INSERT INTO reporting_pseudonym (digest) SELECT md5('who' || n)::uuid FROM generate_series(1, %(people)s) n
    """,
    """
    INSERT INTO reporting_participation (session_id, who_id, age, band, sex, home_id, lives_elsewhere, km, channel,
        previous_on, times)
    SELECT s.id, p.id, p.age, CASE WHEN p.age < 13 THEN '0-12' WHEN p.age < 18 THEN '13-17' WHEN p.age < 25 THEN '18-24'
            WHEN p.age < 30 THEN '25-29' WHEN p.age < 55 THEN '30-54' WHEN p.age < 65 THEN '55-64' ELSE '65+' END,
        (ARRAY['female', 'female', 'male', ''])[1 + p.id %% 4], home.code, false, (p.id * 7 + s.id) %% 40,
        'web', s.starts_at::date - (s.id %% 900)::int, 1
    FROM courses_session s CROSS JOIN generate_series(0, %(width)s - 1) k
    CROSS JOIN LATERAL (SELECT %(first)s + (s.activity_id * 31 + k * 7919::bigint) %% %(people)s AS id) drawn
    CROSS JOIN LATERAL (SELECT drawn.id, 8 + (drawn.id * 13 %% 80)::int AS age) p
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM ecosystem_parish) home ON home.place = p.id %% 16
    ON CONFLICT DO NOTHING
    """,
)


def fill(participations: int, *, known: bool = True) -> int:
    """Put it in; how many there are. About so many participations as were asked for: marks of people who are known, or
    facts alone.
    """
    activities = max(12, participations // (PEOPLE_EACH * SESSIONS_EACH))
    said = {
        "activities": activities,
        "each": SESSIONS_EACH,
        "width": PEOPLE_EACH,
        "people": max(100, participations // TIMES_EACH),
    }
    with connection.cursor() as cursor:
        for statement in _STATEMENTS if known else _STATEMENTS[:4]:
            cursor.execute(statement, said)
        if not known:
            cursor.execute(_FACTS[0], said)
            cursor.execute("SELECT min(id) FROM reporting_pseudonym")
            cursor.execute(_FACTS[1], {**said, "first": cursor.fetchone()[0]})
        cursor.execute("ANALYZE")
        cursor.execute(f"SELECT count(*) FROM {'courses_attendance' if known else 'reporting_participation'}")
        return int(cursor.fetchone()[0])
