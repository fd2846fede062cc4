"""What the harness does to save time leaves each test what it would have met without it."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase

from reporting.models import Report, ReportVersion
from tests.factories import OverlapDecisionFactory, ReportVersionFactory
from tests.harness import cleaning

# Emptying.


def filled() -> set[str]:
    """The tables that have rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        names = sorted(row[0] for row in cursor.fetchall())
        found = set()
        for name in names:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}")')
            if cursor.fetchone() == (True,):
                found.add(name)
    return found


def test_no_row_is_left_and_what_the_migrations_made_stays(db: None) -> None:
    before = filled()
    assert before == {"django_content_type", "auth_permission", "django_migrations"}
    standing = (ContentType.objects.count(), Permission.objects.count())
    # Rows that name each other, and some that the database keeps from being deleted.
    OverlapDecisionFactory()
    report = ReportVersionFactory().report
    Report.objects.filter(pk=report.pk).update(sealed_at=report.created_at)
    connection.check_constraints()
    assert filled() > {"courses_overlapdecision", "reporting_reportversion", "courses_historicalactivity"}
    cleaning.empty("default")
    connection.check_constraints()
    assert (filled(), ReportVersion.objects.count()) == (before, 0)
    assert (ContentType.objects.count(), Permission.objects.count()) == standing


def test_django_empties_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    emptied: list[str] = []
    monkeypatch.setattr(cleaning, "empty", emptied.append)
    TransactionTestCase()._fixture_teardown()
    assert emptied == ["default"]
