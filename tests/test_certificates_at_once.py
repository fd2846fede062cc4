"""Certificates with real connections: no number twice, none left out, nobody two of a kind."""

from datetime import timedelta
from functools import partial

import pytest

from courses.domain import certificates
from courses.models import Certificate, CertificateBook
from ecosystem.domain import messages
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def attended(activity, number: int):
    party = f.PartyFactory(activity=activity, email=f"p{number}@example.lv")
    row = f.RegistrationFactory(party=party, resident=f.ResidentFactory(family_name=f"Ozola {'ABCDE'[number % 5]}"))
    f.AttendanceFactory(registration=row, session=activity.sessions.get())
    return row


def test_fifty_issued_at_once_are_fifty_numbers_in_a_row():
    """Twenty-five desks, five activities, ten people in each: each desk issues to two, one after the other."""
    by = f.UserFactory()
    jobs = []
    for _ in range(5):
        activity = f.ActivityFactory(weeks=1, first=NOW - timedelta(days=7), status="completed")
        rows = [attended(activity, number) for number in range(10)]
        jobs += [(activity, rows[place : place + 2]) for place in range(0, 10, 2)]

    def desk(activity, rows):
        for row in rows:
            certificates.issue(activity=activity, kind="certificate", by=by, now=NOW, registration=row)

    results = at_once(*(partial(desk, *job) for job in jobs))
    assert [result for result in results if result is not None] == []
    places = sorted(int(number.split("-")[2]) for number in Certificate.objects.values_list("number", flat=True))
    assert places == list(range(1, 51))
    assert CertificateBook.objects.get().last == 50


def test_everybody_s_issued_by_ten_at_once_is_one_each(monkeypatch):
    monkeypatch.setattr(messages, "_nudge", lambda pk: None)
    by = f.UserFactory()
    activity = f.ActivityFactory(weeks=1, first=NOW - timedelta(days=7), status="completed")
    for number in range(5):
        attended(activity, number)
    results = at_once(
        *[lambda: certificates.issue(activity=activity, kind="certificate", by=by, now=NOW)] * 8,
        *[lambda: certificates.send(activity=activity, now=NOW)] * 2,
    )
    assert [result for result in results if isinstance(result, Exception)] == []
    assert (Certificate.objects.count(), CertificateBook.objects.get().last) == (5, 5)
    certificates.send(activity=activity, now=NOW)
    assert Message.objects.filter(kind="certificate").count() == 5


def test_the_same_paper_replaced_by_five_at_once_is_replaced_once():
    by = f.UserFactory()
    activity = f.ActivityFactory(weeks=1, first=NOW - timedelta(days=7), status="completed")
    row = attended(activity, 0)
    [old] = certificates.issue(activity=activity, kind="certificate", by=by, now=NOW)
    row.resident.family_name = "Liepa"
    row.resident.save()
    results = at_once(*[lambda: certificates.reissue(certificate=old, by=by, now=NOW)] * 5)
    assert sorted(type(result).__name__ for result in results) == ["Certificate"] + ["Refusal"] * 4
    assert (Certificate.objects.count(), Certificate.objects.valid().get().name) == (2, "Līga Liepa")
