"""The digest on real connections at one moment: two workers send one message, who stops is not written to."""

from datetime import timedelta

import pytest

from courses.domain import digests, subscriptions
from courses.models import Digest
from ecosystem import tasks
from ecosystem.models import Message
from residents.domain import consents
from residents.models import Consent
from tests import factories as f
from tests.factories import NOW
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages stay rows."""
    monkeypatch.setattr(tasks.send, "apply_async", lambda *args, **options: None)


def test_two_workers_at_once_write_each_contact_one_message():
    f.ActivityFactory()
    for number in range(20):
        f.ConsentFactory(contact=f"anna{number}@example.lv")
    results = at_once(*[lambda: digests.send(now=NOW)] * 4)
    assert [result for result in results if not isinstance(result, int)] == []
    assert sum(result for result in results if isinstance(result, int)) == 20
    assert Digest.objects.count() == 20
    told = list(Message.objects.filter(kind="digest").values_list("to", flat=True))
    assert sorted(told) == sorted({f"anna{number}@example.lv" for number in range(20)})


def test_who_stops_while_it_is_written_gets_none():
    """Whoever is first: nothing waits to be sent to somebody who has stopped."""
    f.ActivityFactory()
    contacts = [f"anna{number}@example.lv" for number in range(8)]
    for contact in contacts:
        f.ConsentFactory(contact=contact)
    stopping = [
        lambda contact=contact: subscriptions.stop(contact=contact, how="link", now=NOW) for contact in contacts
    ]
    results = at_once(lambda: digests.send(now=NOW), lambda: digests.send(now=NOW), *stopping)
    assert [result for result in results if not isinstance(result, int)] == []
    assert not Consent.objects.live().exists()
    assert not Message.objects.exists()


def test_two_links_confirmed_at_once_leave_one_consent():
    asked = [f.ConsentFactory(confirmed_at=None, asked_at=NOW - timedelta(hours=1)) for _ in range(5)]
    results = at_once(*[lambda one=one: consents.confirm(consent=one, now=NOW) for one in asked])
    assert [result for result in results if not isinstance(result, Consent)] == []
    assert Consent.objects.live().count() == 1
    assert Consent.objects.filter(withdrawn_how="replaced").count() == 4


def test_a_link_pressed_twice_at_once_confirms_once():
    one = f.ConsentFactory(confirmed_at=None, asked_at=NOW - timedelta(hours=1))
    results = at_once(*[lambda: consents.confirm(consent=one, now=NOW)] * 4)
    assert [result for result in results if not isinstance(result, Consent)] == []
    assert Consent.objects.live().count() == 1
