"""Who changed what: one change is one row of history, whatever made it, with who and why; and it has its term."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from simple_history.models import HistoricalRecords

from coordinators.models import Educator, Objective, Post, Practice, Project
from courses.domain import decisions, forgetting, importing, programme, queue, registrations
from courses.domain.registrations import Contact, Person
from courses.models import Activity, Session
from ecosystem import history
from ecosystem.domain import statements
from ecosystem.file_rows import Row
from ecosystem.models import Statement
from tests import factories as f
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db


def told(model, **wanted) -> list[tuple]:
    """The history of some rows, oldest first: what became of it, by whom, why."""
    rows = history.rows_of(model).filter(**wanted).order_by("history_id")
    return [(row.history_type, str(row.history_user or ""), row.history_change_reason or "") for row in rows]


def latest(model, **wanted):
    return history.rows_of(model).filter(**wanted).order_by("-history_id")[0]


def meetings(*starts: str) -> list[programme.SessionSpec]:
    return [programme.SessionSpec(starts_at=at(s), ends_at=at(s) + timedelta(hours=2)) for s in starts]


def spec(**more) -> programme.ActivitySpec:
    base = programme.ActivitySpec(
        lead=f.DepartmentFactory(),
        parish=f.ParishFactory(),
        titles={"lv": "Adīšana", "en": "Knitting"},
        topic=f.TopicFactory(),
        audiences=[f.AudienceFactory()],
        sessions=meetings("2027-02-04 10:00", "2027-02-11 10:00"),
        capacity=10,
    )
    return replace(base, **more)


@pytest.fixture
def signed_in():
    """A request of Ilze's, as the middleware leaves it for the domain."""
    user = f.UserFactory()
    request = RequestFactory().get("/darbs/")
    request.user = user
    HistoricalRecords.context.request = request
    yield user
    del HistoricalRecords.context.request


def test_an_activity_with_its_sets_and_sessions_is_one_change(signed_in):
    activity = programme.create_activity(spec=spec(partners=[f.DepartmentFactory(code="JAU")]), now=NOW)
    assert told(Activity, id=activity.pk) == [("+", "Ilze Ozola", "")]
    row = latest(Activity, id=activity.pk)
    assert (row.title_lv, row.title_en, row.capacity, row.history_date) == ("Adīšana", "Knitting", 10, NOW)
    # Another department is asked; it is a partner, and told as one, when it has said yes.
    assert list(row.partners.values_list("department_id", flat=True)) == []
    assert list(row.audiences.values_list("audience_id", flat=True)) == ["everyone"]
    assert [each.history_type for each in history.rows_of(Session)] == ["+", "+"]
    assert {each.history_date for each in history.rows_of(Session)} == {NOW}
    programme.partnering.answer(request=activity.partner_requests.get(), accept=True, by=signed_in, now=NOW)
    row = latest(Activity, id=activity.pk)
    assert list(row.partners.values_list("department_id", flat=True)) == ["JAU"]


def test_a_change_of_several_things_is_one_row_and_tells_what_was_before(signed_in):
    activity = programme.create_activity(spec=spec(), now=NOW)
    changed = spec(
        titles={"lv": "Tamborēšana"},
        audiences=[f.AudienceFactory(code="seniors", name="Seniori", dative="Senioriem")],
        sessions=meetings("2027-02-04 10:00", "2027-02-18 10:00"),
    )
    programme.update_activity(activity=activity, spec=changed, now=NOW + timedelta(hours=1))
    rows = list(history.rows_of(Activity).filter(id=activity.pk))
    assert [(row.history_type, row.title_lv) for row in rows] == [("~", "Tamborēšana"), ("+", "Adīšana")]
    sets = [list(row.audiences.values_list("audience_id", flat=True)) for row in rows]
    assert sets == [["seniors"], ["everyone"]]
    sessions = history.rows_of(Session).filter(history_date__gt=NOW).order_by("starts_at")
    assert [(each.history_type, each.starts_at) for each in sessions] == [
        ("-", at("2027-02-11 10:00")),
        ("+", at("2027-02-18 10:00")),
    ]


def test_the_same_again_leaves_no_row(signed_in):
    activity = programme.create_activity(spec=spec(), now=NOW)
    programme.update_activity(activity=activity, spec=spec(), now=NOW)
    activity.refresh_from_db()
    activity.save()
    assert len(told(Activity)) == 1
    assert len(told(Session)) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda a: Activity.objects.filter(pk=a.pk).update(capacity=20),
        lambda a: Activity.objects.bulk_update([_with(a, capacity=20)], ["capacity"]),
        lambda a: _with(a, capacity=20).save(update_fields=["capacity"]),
        lambda a: queue.raise_places(activity=a, capacity=20, reason="Vēl krēsli.", now=NOW),
        lambda a: decisions.raise_places(activity=a, capacity=20, reason="Vēl krēsli.", by=None, now=NOW),
    ],
    ids=["update", "bulk_update", "save", "queue", "decision"],
)
def test_whichever_way_it_is_written(change):
    activity = f.ActivityFactory(capacity=12)
    change(activity)
    assert [row.capacity for row in history.rows_of(Activity).filter(id=activity.pk)] == [20, 12]


def _with(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


def test_a_set_changed_from_its_other_end_is_kept():
    post = f.PostFactory()
    other = f.ParishFactory(code="0540290", name="Vilces pagasts", centre_name="Vilce")
    other.posts.add(post)
    row = latest(Post, id=post.pk)
    assert sorted(row.parishes.values_list("parish_id", flat=True)) == ["0540248", "0540290"]


def test_registering_leaves_no_history_and_asks_nothing_more():
    activity = f.ActivityFactory(capacity=1)
    before = len(told(Activity))
    village = f.VillageFactory()
    with CaptureQueriesContext(connection) as captured:
        for number in range(2):
            registrations.register(
                activity=activity,
                people=[Person(f"Anna{number}", "Ozola", 1990, village=village)],
                contact=Contact(email=f"anna{number}@example.lv"),
                now=NOW,
            )
    activity.refresh_from_db()
    assert (activity.taken, activity.waiting) == (1, 1)
    assert len(told(Activity)) == before
    assert [query["sql"] for query in captured if "historical" in query["sql"]] == []


def test_the_clock_and_a_file_say_so():
    f.ActivityFactory(pk=7, first=at("2026-11-01 10:00"))
    programme.complete_past(now=NOW)
    assert told(Activity, id=7)[-1] == ("~", "", "clock")
    f.VillageFactory()
    cells = {
        "ref": "A-1",
        "department": "MUZ",
        "parish": "Elejas pagasts",
        "title": "Kursi",
        "topic": "crafts",
        "audiences": "everyone",
        "sessions": "2027-02-04T10:00/12:15;2027-02-11T10:00/12:15",
    }
    rows = [Row(line=2, cells=cells), Row(line=3, cells={**cells, "ref": "A-2"})]
    with CaptureQueriesContext(connection) as captured:
        outcome = importing.import_rows(rows=rows, columns=cells, now=NOW)
    assert outcome.accepted == 2
    assert [told(Activity, id=pk) for pk in outcome.activities] == [[("+", "", "file")]] * 2
    # However many rows: a statement for the activities and one for the sessions.
    assert len([query for query in captured if "INSERT INTO courses_historical" in query["sql"]]) == 2
    importing.import_rows(rows=rows, columns=cells, now=NOW, dry_run=True)
    assert history.rows_of(Activity).filter(history_change_reason="file").count() == 2


def test_what_was_refused_leaves_nothing():
    activity = f.ActivityFactory(capacity=12)
    with pytest.raises(programme.Refused):
        programme.update_activity(activity=activity, spec=spec(capacity=5, min_participants=9), now=NOW)
    assert len(told(Activity, id=activity.pk)) == 1


def test_a_public_text_a_post_and_an_educator_have_a_history_in_each_language():
    statement = f.StatementFactory()
    texts = {"title_lv": "Privātums", "body_lv": "<p>Jauns.</p>", "title_en": "Privacy", "body_en": "<p>New.</p>"}
    statements.edit(statement=statement, texts=texts, on=NOW.date())
    assert [row.body_en for row in history.rows_of(Statement)] == ["<p>New.</p>", None]
    post = f.PostFactory()
    Post.objects.filter(pk=post.pk).update(holder=None)
    assert latest(Post, id=post.pk).holder_id is None
    educator = f.EducatorFactory()
    educator.delete()
    assert [(row.history_type, row.name) for row in history.rows_of(Educator)] == [
        ("-", "Anna Kalniņa"),
        ("+", "Anna Kalniņa"),
    ]


def test_every_kept_field_is_kept_and_what_is_not_was_named():
    """A field added to one of these models is in its history, or stands here with a reason."""
    left_out = {
        Activity: {
            *("title", "summary"),  # repeat the Latvian text
            *("taken", "waiting", "changed_at"),  # counted while people register
            *("starts_at", "ends_at", "session_count", "published_at", "cancelled_at", "created_at"),  # follow from it
            "form_key",  # which press made it
        },
        Session: {"moved"},  # counts the moves that are told themselves
        Statement: {"title", "body", "updated_on"},
        # Repeat the Latvian text.
        Project: {"name"},
        Objective: {"text", "status"},
        Practice: {"name", "description"},
    }
    for model, kept in history.KEPT.items():
        fields = {each.name for each in model._meta.concrete_fields}
        there = {each.name for each in kept.rows.tracked_fields}
        assert fields - there == left_out.get(model, set()), model
        assert {each.name for each in kept.sets} == {each.name for each in model._meta.many_to_many}


def test_history_is_forgotten_after_three_years_and_its_ground_stays_nameless(signed_in):
    activity = programme.create_activity(spec=spec(), now=NOW)
    for years, title in ((1, "Pēc gada"), (2, "Pēc diviem"), (4, "Pēc četriem")):
        with history.change(at=NOW.replace(year=NOW.year + years)):
            Activity.objects.filter(pk=activity.pk).update(title_lv=title)
    assert history.forget_before(NOW.replace(year=NOW.year + 3)) > 0
    rows = history.rows_of(Activity).filter(id=activity.pk)
    assert [(row.title_lv, str(row.history_user or "")) for row in rows] == [
        ("Pēc četriem", "Ilze Ozola"),
        ("Pēc diviem", ""),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM courses_historicalactivity_audiences s WHERE NOT EXISTS"
            " (SELECT 1 FROM courses_historicalactivity h WHERE h.history_id = s.history_id)"
        )
        assert cursor.fetchone()[0] == 0
    assert history.forget_before(NOW.replace(year=NOW.year + 3)) == 0


def test_an_educator_who_is_forgotten_is_forgotten_here_too():
    one, other = f.EducatorFactory(), f.EducatorFactory(name="Otra")
    history.forget(Educator, [one.pk])
    assert [row.name for row in history.rows_of(Educator)] == ["Otra"]
    assert other.pk != one.pk


def test_the_clock_forgets_changes(monkeypatch):
    f.ActivityFactory()
    Activity.objects.update(title_lv="Cits")
    history.rows_of(Activity).update(history_date=NOW - timedelta(days=4 * 365))
    found = forgetting.forget(now=NOW)
    assert found["changes"] == 1
    assert history.rows_of(Activity).count() == 1
