"""What the harness does to save time leaves each test what it would have met without it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TransactionTestCase

from ecosystem.models import Competence, Topic, User
from reporting.models import Report, ReportVersion
from tests.factories import CompetenceFactory, OverlapDecisionFactory, ReportVersionFactory, TopicFactory, UserFactory
from tests.harness import cleaning, worlds
from tests.harness.worlds import once

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


# Worlds.

made: list[str] = []


@once
def hands() -> dict[str, Any]:
    """A competence with two topics, of which the second is not named."""
    made.append("hands")
    competence = CompetenceFactory()
    TopicFactory(code="garden", name="Dārzs", competence=competence)
    return {"topic": TopicFactory(competence=competence), "others": ["garden"]}


@once
def somebody() -> User:
    """One user."""
    made.append("somebody")
    return UserFactory()


@pytest.fixture
def crafts(hands: dict[str, Any]) -> Topic:
    return hands["topic"]


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_each_test_meets_the_world_as_it_was_made(hands: dict[str, Any], crafts: Topic, turn: int) -> None:
    assert (crafts.name, hands["others"]) == ("Rokdarbi un amatniecība", ["garden"])
    assert sorted(Topic.objects.order_by("pk").values_list("code", "name")) == [
        ("crafts", "Rokdarbi un amatniecība"),
        ("garden", "Dārzs"),
    ]
    hands["others"].append("music")
    crafts.name = "Cits"
    crafts.save()
    Topic.objects.filter(pk="garden").delete()
    assert made.count("hands") == 1 or turn == 1


def test_another_world_meets_nothing_of_it(somebody: User) -> None:
    assert (User.objects.get(), Competence.objects.count()) == (somebody, 0)


def test_two_worlds_stand_together(somebody: User, crafts: Topic) -> None:
    assert (User.objects.count(), Topic.objects.count()) == (1, 2)


def test_a_world_that_a_test_lost_is_made_anew(hands: dict[str, Any]) -> None:
    connection.close()


def test_it_is_there_again(hands: dict[str, Any]) -> None:
    assert Topic.objects.count() == 2


@pytest.fixture
def stands() -> bool:
    return worlds._standing.around is not None


def test_a_world_has_ended_before_the_first_fixture_of_a_test_without_it(stands: bool, db: None) -> None:
    assert stands is False


def test_a_test_without_a_world_meets_nothing(db: None) -> None:
    assert (User.objects.count(), Topic.objects.count()) == (0, 0)
