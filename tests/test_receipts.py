"""Receipts of SMS: genuine or forged, once or twice, early, late, of nobody; what the desk sends again."""

import hashlib
import hmac
import io
import json
import threading
import urllib.request
from datetime import timedelta

import pytest
from django.db import connections, transaction

from ecosystem import sms, tasks
from ecosystem.domain import messages, receipts
from ecosystem.models import Message
from ecosystem.sms import Fate, Receipt
from tests import factories as f
from tests.factories import NOW
from tests.test_concurrency import at_once

pytestmark = pytest.mark.django_db
SECRET = "garš-un-nejaušs-noslēpums"
ADDRESS = "/zinas/sms/http/"
LATER = NOW + timedelta(minutes=3)


@pytest.fixture(autouse=True)
def gateway(settings, monkeypatch):
    """The HTTP provider, with a secret; it is a little later than the sending."""
    settings.SMS_PROVIDER, settings.SMS_RECEIPT_SECRET = "ecosystem.sms.HttpProvider", SECRET
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


def sent(**more) -> Message:
    fields = {"state": "sent", "sent_at": NOW, "attempts": 1, "provider_id": "g-1"}
    return f.MessageFactory(channel="sms", to="+37126123456", subject="", **{**fields, **more})


def report(client, body: object, *, address: str = ADDRESS, **headers: str):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = headers or {"Authorization": f"Bearer {SECRET}"}
    return client.post(address, content, content_type="application/json", headers=headers)


def fate(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.error


def test_a_receipt_says_that_it_was_delivered(client):
    message, other = sent(), sent(provider_id="g-2")
    answer = report(client, {"id": "g-1", "status": "DELIVRD"})
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok\n", "text/plain; charset=utf-8")
    assert (fate(message), fate(other)) == (("delivered", ""), ("sent", ""))
    assert (message.sent_at, message.delivered_at) == (NOW, LATER)
    assert not answer.cookies


def test_a_receipt_says_why_it_failed(client):
    message = sent()
    assert report(client, {"id": "g-1", "status": "failed", "reason": "unknown\nnumber"}).status_code == 200
    assert fate(message) == ("failed", "unknown number")
    # A second receipt of a failure keeps the first reason.
    assert report(client, {"id": "g-1", "status": "expired"}).status_code == 200
    assert fate(message) == ("failed", "unknown number")


def test_a_receipt_may_be_a_form_and_name_our_own_key(client):
    message = sent(provider_id="")
    body = f"key={message.pk}&status=delivered&id=g-77".encode()
    assert report(client, body).status_code == 200
    assert fate(message) == ("delivered", "")
    assert message.provider_id == "g-77"


def test_a_repeated_receipt_changes_nothing_and_delivered_is_the_last_word(client):
    message = sent()
    report(client, {"id": "g-1", "status": "delivered"})
    for status in ("delivered", "failed", "sent"):
        assert report(client, {"id": "g-1", "status": status}).status_code == 200
    assert fate(message) == ("delivered", "")
    assert message.delivered_at == LATER


def test_what_was_given_up_has_arrived_when_its_late_receipt_says_so(client):
    message = sent(state="failed", sent_at=None, error=tasks.INTERRUPTED)
    report(client, {"key": str(message.pk), "status": "delivered"})
    assert fate(message) == ("delivered", "")


def test_a_receipt_that_is_quicker_than_the_worker_has_the_last_word(monkeypatch, settings):
    settings.SMS_PROVIDER = "tests.test_receipts.Quick"
    message = f.MessageFactory(channel="sms", to="+37126123456", subject="")
    tasks.deliver(message.pk, now=NOW)
    assert fate(message) == ("delivered", "")


class Quick:
    """A gateway whose receipt comes before its answer."""

    code = "http"

    def send(self, *, to: str, text: str, key: str) -> sms.Taken:
        receipts.receive(receipt=Receipt(Fate.DELIVERED, key=key), now=LATER)
        return sms.Taken(id="g-9")


def test_what_waits_to_be_tried_again_is_not_sent_when_it_has_arrived():
    message = sent(state="waiting", sent_at=None, provider_id="")
    receipts.receive(receipt=Receipt(Fate.FAILED, key=str(message.pk)), now=LATER)
    assert fate(message) == ("waiting", "")
    receipts.receive(receipt=Receipt(Fate.DELIVERED, key=str(message.pk)), now=LATER)
    tasks.deliver(message.pk, now=LATER)
    assert fate(message) == ("delivered", "")
    assert message.attempts == 1


@pytest.mark.parametrize(
    "named",
    [
        {"id": "g-2"},
        {"key": "00000000-0000-4000-8000-000000000000"},
        {"key": "nav atslēga"},
        {"id": "' OR 1=1"},
        {"id": 17},
    ],
)
def test_a_receipt_of_a_message_we_do_not_know_may_be_tried_later(client, named):
    message = sent()
    answer = report(client, {**named, "status": "delivered"})
    assert (answer.status_code, answer.content) == (404, b"There is no such message.\n")
    assert fate(message) == ("sent", "")


def test_a_message_that_was_never_sent_and_an_e_mail_have_no_receipts(client):
    waiting = sent(state="waiting", sent_at=None, attempts=0, provider_id="")
    mail = f.MessageFactory(state="sent", sent_at=NOW, attempts=1)
    for message in (waiting, mail):
        assert report(client, {"key": str(message.pk), "status": "delivered"}).status_code == 404
    assert (fate(waiting), fate(mail)) == (("waiting", ""), ("sent", ""))


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_a_signed_receipt_is_genuine(client):
    message, body = sent(), b'{"id": "g-1", "status": "delivered"}'
    assert report(client, body, **{"X-Signature": signature(body)}).status_code == 200
    assert fate(message) == ("delivered", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Nothing": "1"},
        {"Authorization": "Bearer cits"},
        {"Authorization": SECRET.encode().decode("latin-1")},
        {"Authorization": "Basic abc"},
        {"X-Signature": signature(b"cits saturs")},
        {"X-Signature": signature(b'{"id": "g-1", "status": "delivered"}', "cits")},
        {"X-Signature": "sha256="},
    ],
)
def test_a_forged_receipt_is_refused(client, headers):
    message = sent()
    answer = report(client, b'{"id": "g-1", "status": "delivered"}', **headers)
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (403, "text/plain")
    assert fate(message) == ("sent", "")


@pytest.mark.parametrize("header", ["Bearer ", "Bearer"])
def test_without_a_secret_in_the_settings_nobody_reports(client, settings, header):
    settings.SMS_RECEIPT_SECRET = ""
    sent()
    assert report(client, {"id": "g-1", "status": "delivered"}, Authorization=header).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"[" * 5000,
        b'{"id": "g-1"}',
        b'{"status": "delivered"}',
        b'{"id": "g-1", "status": "eaten"}',
        b'{"id": ["g-1"], "status": "delivered"}',
        b'{"id": "\\u0000", "status": "delivered"}',
        json.dumps({"id": "g" * 101, "status": "delivered"}).encode(),
        b'{"id": "g-1", "status": {"a": 1}}',
        b"x" * 10_001,
    ],
)
def test_what_is_no_receipt_is_answered_in_a_plain_sentence(client, body):
    message = sent()
    answer = report(client, body)
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (400, "text/plain")
    assert len(answer.content) > 10
    assert fate(message) == ("sent", "")


def test_only_the_provider_of_the_settings_reports_and_only_by_post(client):
    sent()
    body = {"id": "g-1", "status": "delivered"}
    assert report(client, body, address="/zinas/sms/console/").status_code == 404
    assert client.get(ADDRESS).status_code == 405
    assert client.put(ADDRESS, b"{}").status_code == 405


def test_the_console_delivers_at_once(settings):
    settings.SMS_PROVIDER = "ecosystem.sms.ConsoleProvider"
    message = f.MessageFactory(channel="sms", to="+37126123456", subject="")
    tasks.deliver(message.pk, now=NOW)
    assert fate(message) == ("delivered", "")
    assert (message.delivered_at, message.provider_id) == (NOW, str(message.pk))


@pytest.mark.parametrize(
    ("answer", "known"),
    [(b'{"id": "g-5"}', "g-5"), (b'{"message_id": 7}', "7"), (b"OK", ""), (b"[]", ""), (b"", "")],
)
def test_the_provider_s_own_name_is_kept(settings, monkeypatch, answer, known):
    settings.SMS_HTTP_URL = "https://sms.example.lv/send"
    monkeypatch.setattr(urllib.request, "urlopen", lambda request, timeout: io.BytesIO(answer))
    message = f.MessageFactory(channel="sms", to="+37126123456", subject="")
    tasks.deliver(message.pk, now=NOW)
    assert fate(message) == ("sent", "")
    assert message.provider_id == known


def test_the_demonstration_s_sms_arrives_where_it_is_read(settings):
    settings.TESTING = False
    message = f.MessageFactory(channel="sms", to="+37126123456", subject="")
    tasks.deliver(message.pk, now=NOW)
    assert fate(message) == ("delivered", "")


def test_a_failed_message_waits_anew_and_one_that_has_arrived_stays():
    failed = sent(state="failed", error="expired", attempts=5)
    arrived = sent(provider_id="g-2")
    Message.objects.filter(pk=arrived.pk).update(state="delivered", delivered_at=NOW)
    failed.to = "+37129999999"
    assert messages.post_again([failed, arrived], now=LATER) == 1
    assert (fate(failed), fate(arrived)) == (("waiting", ""), ("delivered", ""))
    assert (failed.to, failed.attempts, failed.sent_at, failed.provider_id) == ("+37129999999", 0, None, "")


@pytest.mark.django_db(transaction=True)
def test_a_failure_that_waits_for_the_row_does_not_overrule_what_was_delivered_meanwhile():
    message = sent()

    def fail() -> None:
        receipts.receive(receipt=Receipt(Fate.FAILED, id="g-1", reason="expired"), now=LATER)
        connections.close_all()

    with transaction.atomic():
        receipts.receive(receipt=Receipt(Fate.DELIVERED, id="g-1"), now=LATER)
        other = threading.Thread(target=fail)
        other.start()
        other.join(timeout=0.5)
    other.join(timeout=20)
    assert fate(message) == ("delivered", "")


@pytest.mark.django_db(transaction=True)
def test_ten_receipts_at_once_are_one():
    message = sent()
    told = at_once(
        *(
            lambda kind=kind: receipts.receive(receipt=Receipt(kind, id="g-1", reason="expired"), now=LATER)
            for kind in [Fate.DELIVERED, Fate.FAILED] * 5
        )
    )
    assert {type(each) for each in told} == {Message}
    # A failure may have come first; what was delivered stays delivered.
    assert fate(message) == ("delivered", "")
