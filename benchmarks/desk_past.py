"""What two years leave behind at a desk: changes, looks, messages, certificates, answers, possible doubles, templates.

Written by the database from the rows that stand, in seconds. How much there is follows the size of the world.
"""

from django.db import connection

from coordinators.models import Educator, Post
from courses.models import Activity, Session
from ecosystem.history import KEPT

# Nine of ten activities are those of the measured department; of the people, every so many-th looks like another.
EVERY_DOUBLE = 500
LOOKS, MESSAGES, CERTIFICATES, TEMPLATES = 2, 0.5, 0.1, 60

_HISTORY = """
INSERT INTO {history} ({columns}, history_date, history_type, history_user_id)
SELECT {columns}, now() - (700 - id %% 690) * interval '1 day' - id * interval '1 second', '+', 1 + id %% 16
FROM {table}
"""
_EDITED = """
INSERT INTO courses_historicalactivity ({columns}, history_date, history_type, history_user_id)
SELECT {edited}, now() - (id %% 300) * interval '1 day' - id * interval '1 second', '~', 1 + id %% 16
FROM courses_activity WHERE id %% 2 = 0 OR id = 1
"""
# In pieces of a table of numbers; %(size)s is the number of activities.
_ROWS = (
    """
    INSERT INTO ecosystem_look (by_id, holder, kind, about, department_id, people, count, detail, reason, at, quarter, mark)
    SELECT 1 + n %% 16, '', CASE WHEN n %% 3 = 0 THEN 'attendance' ELSE 'list' END, 'activity:' || a.id, a.lead_id,
        '{}', a.taken, '', '', now() - n * interval '5 minutes', now() - n * interval '5 minutes', ''
    FROM generate_series(1, %(looks)s) n JOIN courses_activity a ON a.id = 1 + n * 7919::bigint %% %(size)s
    """,
    """
    INSERT INTO ecosystem_message (id, kind, reference, channel, "to", language, subject, text, html, links, calendar,
        state, created_at, send_at, sent_at, provider_id, attempts, error)
    SELECT gen_random_uuid(), CASE WHEN p.id IS NULL THEN '' WHEN r.number %% 3 = 0 THEN 'reminder' ELSE 'confirmed' END,
        'party:' || p.id, 'email', p.email, 'lv', 'Nodarbība', repeat('Gaidām Jūs nodarbībā. ', 20), '', '[]', '',
        CASE WHEN r.number %% 50 = 0 THEN 'failed' ELSE 'sent' END, p.created_at, p.created_at,
        CASE WHEN r.number %% 50 = 0 THEN NULL ELSE p.created_at END, '', 1,
        CASE WHEN r.number %% 50 = 0 THEN '550' ELSE '' END
    FROM (SELECT *, row_number() OVER (ORDER BY number) AS place FROM courses_party LIMIT %(messages)s) p
    CROSS JOIN LATERAL (SELECT p.place AS number) r
    """,
    """
    INSERT INTO courses_certificate (number, kind, registration_id, activity_id, name, name_proof, title, family, place,
        department, competences, starts_on, ends_on, days, attended, held, minutes, issuer, issued_at, revoked_because,
        in_english)
    SELECT 'TM-' || to_char(now(), 'YYYY') || '-' || r.id, 'confirmation', r.id, a.id, 'Anna Kalniņa', '', a.title,
        'group', 'Saieta nams', 'Nodaļa', '[]', a.starts_at::date, a.ends_at::date, '[]', 1, 1, 90, 'Pašvaldība',
        a.ends_at, '', '{}'
    FROM courses_registration r JOIN courses_activity a ON a.id = r.activity_id
    WHERE r.state = 'confirmed' AND a.starts_at < now() AND r.id <= 20 * %(certificates)s
    ORDER BY r.id LIMIT %(certificates)s
    """,
    """
    INSERT INTO courses_feedbackround (activity_id, people, asked_on, closes_on)
    SELECT id, taken, ends_at::date + 1, ends_at::date + 61 FROM courses_activity WHERE status = 'completed' AND id %% 4 = 0
    """,
    """
    INSERT INTO courses_feedback (id, activity_id, worth, before, after, word, language, stage, hidden_because)
    SELECT gen_random_uuid(), activity_id, 3 + n %% 3, 2, 4, '', '', 'shown', ''
    FROM courses_feedbackround, generate_series(1, 5) n
    """,
    """
    INSERT INTO residents_possibledouble (first_id, second_id, reasons, strength, state, found_at)
    SELECT least(one.id, two.id), greatest(one.id, two.id), '["name"]', 1 + one.n %% 3, 'open',
        now() - one.n * interval '1 minute'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM residents_resident) one
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM residents_resident) two
        ON two.n = one.n + 1 AND one.n %% %(every)s = 1
    """,
    """
    INSERT INTO courses_template (department_id, name, content, created_at, changed_at)
    SELECT post.department_id, 'Sagatave ' || n, '{}', now(), now()
    FROM coordinators_post post, generate_series(1, %(templates)s) n WHERE post.id = 1000
    """,
)


def leave_behind(size: int) -> tuple[str, ...]:
    """Put it all in; the tables written."""
    with connection.cursor() as cursor:
        for model in (Activity, Session, Post, Educator):
            columns = ", ".join(field.column for field in KEPT[model].rows.tracked_fields)  # type: ignore[attr-defined]
            table, history = model._meta.db_table, KEPT[model].rows._meta.db_table
            cursor.execute(_HISTORY.format(history=history, columns=columns, table=table), [])
            if model is Activity:
                edited = columns.replace("title_lv", "title_lv || ' (labots)'", 1)
                cursor.execute(_EDITED.format(columns=columns, edited=edited), [])
        said = {
            "size": size,
            "looks": LOOKS * size,
            "messages": int(MESSAGES * size),
            "certificates": int(CERTIFICATES * size),
            "every": EVERY_DOUBLE,
            "templates": TEMPLATES,
        }
        for statement in _ROWS:
            cursor.execute(statement, said)
    kept = (KEPT[model].rows._meta.db_table for model in (Activity, Session, Post, Educator))
    return (
        *kept,
        *("ecosystem_look", "ecosystem_message", "courses_certificate", "courses_feedbackround", "courses_feedback"),
        *("residents_possibledouble", "courses_template"),
    )
