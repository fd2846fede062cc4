"""Messages: a row first, sent once afterwards, in words that say what has changed for you."""

import io
import smtplib
import threading
import urllib.error
import urllib.request
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections, transaction
from django.utils import timezone, translation

from courses.domain import letters, registrations
from courses.domain.registrations import Contact, Person
from ecosystem import sms, tasks
from ecosystem.domain import messages
from ecosystem.models import Message
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def fate(message: Message) -> tuple[str, int, str]:
    message.refresh_from_db()
    return message.state, message.attempts, message.error


def written(**more) -> Message:
    fields = {
        "kind": "confirmed",
        "to": "liga@example.lv",
        "channel": "email",
        "language": "lv",
        "subject": "Jums ir\nvieta",
        "text": "Jums ir vieta.",
        "now": NOW,
    }
    return messages.write(**{**fields, **more})


class Failing(EmailBackend):
    """A mail server in trouble."""

    error: Exception
    on_open = False

    def open(self):
        if type(self).on_open:
            raise type(self).error

    def send_messages(self, sent):
        raise type(self).error


def failing(settings, error: Exception, *, on_open: bool = False) -> None:
    Failing.error, Failing.on_open = error, on_open
    settings.EMAIL_BACKEND = "tests.test_messages.Failing"


# Writing.


def test_a_message_leaves_after_the_commit_and_no_earlier(django_capture_on_commit_callbacks, monkeypatch):
    nudged: list[object] = []
    monkeypatch.setattr(tasks.send, "apply_async", lambda args, **options: nudged.append((args, options)))
    with django_capture_on_commit_callbacks(execute=True):
        message = written()
        assert (message.state, message.subject, nudged) == ("waiting", "Jums ir vieta", [])
    assert nudged == [((str(message.pk),), {"retry": False})]


def test_a_message_for_later_waits_for_the_sweep(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        written(send_at=NOW + timedelta(hours=1))
    assert callbacks == []


def test_a_broker_that_is_down_breaks_nothing(django_capture_on_commit_callbacks, monkeypatch, caplog):
    def down(*args, **options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.send, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        message = written()
    assert fate(message) == ("waiting", 0, "")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    tasks.send_waiting()
    assert fate(message) == ("sent", 1, "")


# Sending.


def test_a_mail_has_text_html_and_the_calendar():
    message = written(html="<p>Jums ir vieta.</p>", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    tasks.deliver(message.pk, now=NOW)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["liga@example.lv"], "Jums ir vieta", "Jums ir vieta.")
    assert [(content, kind) for content, kind in sent.alternatives] == [("<p>Jums ir vieta.</p>", "text/html")]
    (calendar,) = sent.attachments
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "kalendars.ics")
    assert calendar.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.claimed_at) == ("sent", NOW, NOW)


def test_a_message_is_sent_once():
    message = written()
    for _again in range(3):
        tasks.deliver(message.pk, now=NOW)
    assert len(mail.outbox) == 1


def test_a_message_is_not_sent_before_its_time():
    message = written(send_at=NOW + timedelta(minutes=1))
    tasks.deliver(message.pk, now=NOW)
    assert (len(mail.outbox), fate(message)) == (0, ("waiting", 0, ""))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_a_message_once():
    message = f.MessageFactory()
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        claims: list[object] = []

        def other() -> None:
            claims.append(tasks.claim(message.pk, now=NOW))
            connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=10)
        assert claims == [None]
    assert tasks.claim(message.pk, now=NOW) == message


def test_the_demonstration_sends_nothing(settings):
    settings.DEMO, settings.TESTING = True, False
    message = written()
    tasks.deliver(message.pk, now=NOW)
    assert (len(mail.outbox), fate(message)) == (0, ("sent", 1, ""))


@pytest.mark.parametrize(
    ("error", "on_open", "state", "said"),
    [
        (ConnectionRefusedError(), True, "waiting", "ConnectionRefusedError"),
        (smtplib.SMTPAuthenticationError(535, b"no"), True, "waiting", "SMTPAuthenticationError"),
        (smtplib.SMTPDataError(451, b"later"), False, "waiting", "SMTP 451"),
        (smtplib.SMTPDataError(554, b"no"), False, "failed", "SMTP 554"),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"")}), False, "waiting", "SMTP [450]"),
        (smtplib.SMTPRecipientsRefused({"x": (550, b"")}), False, "failed", "SMTP [550]"),
        # Whether these have arrived, nobody knows: not again.
        (smtplib.SMTPServerDisconnected(), False, "failed", "interrupted: SMTPServerDisconnected"),
        (TimeoutError(), False, "failed", "interrupted: TimeoutError"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_only_what_surely_was_not_taken_is_tried_again(settings, caplog, error, on_open, state, said):
    failing(settings, error, on_open=on_open)
    message = written()
    tasks.deliver(message.pk, now=NOW)
    assert fate(message) == (state, 1, said)


def test_trying_again_takes_longer_each_time_and_ends(settings):
    failing(settings, ConnectionRefusedError(), on_open=True)
    message, now, pauses = written(), NOW, []
    while fate(message)[0] == "waiting":
        tasks.deliver(message.pk, now=now)
        message.refresh_from_db()
        pauses.append(message.send_at - now)
        now = message.send_at
    assert pauses[:-1] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
    assert fate(message) == ("failed", 5, "ConnectionRefusedError")


def test_a_claim_that_nobody_answers_for_is_given_up():
    old = f.MessageFactory(state="sending", claimed_at=NOW - timedelta(minutes=10))
    young = f.MessageFactory(state="sending", claimed_at=NOW - timedelta(minutes=9))
    assert tasks.give_up_claims(now=NOW) == 1
    assert [fate(old), fate(young)] == [("failed", 0, "interrupted"), ("sending", 0, "")]


def test_a_worker_that_wakes_up_late_does_not_overrule(monkeypatch):
    message = written()

    def slow(_message: Message) -> None:
        tasks.give_up_claims(now=NOW + timedelta(minutes=10))

    monkeypatch.setattr(tasks, "_hand_over", slow)
    tasks.deliver(message.pk, now=NOW)
    assert fate(message) == ("failed", 1, "interrupted")


# SMS.


class Provider:
    """A provider that says what it is told to say."""

    error: Exception | None = None
    sent: list[dict[str, str]] = []

    def send(self, **message: str) -> None:
        if Provider.error:
            raise Provider.error
        Provider.sent.append(message)


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (None, "sent", ""),
        (sms.NotTaken("HTTP 503"), "waiting", "HTTP 503"),
        (sms.Refused("HTTP 400"), "failed", "HTTP 400"),
        (TimeoutError(), "failed", "interrupted: TimeoutError"),
    ],
)
def test_an_sms_goes_to_the_provider(settings, caplog, error, state, said):
    settings.SMS_PROVIDER = "tests.test_messages.Provider"
    Provider.error, Provider.sent = error, []
    message = written(channel="sms", to="+37126123456", subject="")
    tasks.deliver(message.pk, now=NOW)
    assert fate(message) == (state, 1, said)
    assert Provider.sent == (
        [] if error else [{"to": "+37126123456", "text": "Jums ir vieta.", "key": str(message.pk)}]
    )


def test_the_console_names_nobody(settings, caplog):
    sms.ConsoleProvider().send(to="+37126123456", text="Jums ir vieta.", key="k")
    assert [record.getMessage() for record in caplog.records] == ["SMS of 14 letters, message k"]


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (None, None),
        (urllib.error.HTTPError("", 429, "", None, io.BytesIO()), sms.NotTaken),
        (urllib.error.HTTPError("", 400, "", None, io.BytesIO()), sms.Refused),
        (urllib.error.HTTPError("", 500, "", None, io.BytesIO()), sms.Refused),
        (urllib.error.URLError(ConnectionRefusedError()), sms.NotTaken),
        (urllib.error.URLError(TimeoutError()), urllib.error.URLError),
        (TimeoutError(), TimeoutError),
    ],
)
def test_the_http_provider_posts_and_tells_what_may_be_tried_again(settings, monkeypatch, answer, raised):
    settings.SMS_HTTP_URL, settings.SMS_HTTP_TOKEN = "https://sms.example.lv/send", "secret"
    asked = []

    def urlopen(request, timeout):
        asked.append((request.full_url, request.data, request.get_header("Authorization"), timeout))
        if answer:
            raise answer
        return io.BytesIO()

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    if raised:
        with pytest.raises(raised):
            sms.HttpProvider().send(to="+371", text="Ā", key="k")
    else:
        sms.HttpProvider().send(to="+371", text="Ā", key="k")
    body = b'{"to": "+371", "text": "\\u0100"}'
    assert asked == [("https://sms.example.lv/send", body, "Bearer secret", 10)]


def test_without_an_address_nothing_is_sent():
    with pytest.raises(sms.NotTaken):
        sms.HttpProvider().send(to="+371", text="Ā", key="k")


# Words.


def registered(contact: Contact, **activity) -> Message:
    party = registrations.register(
        activity=f.ActivityFactory(contact=f.PostFactory(), **activity),
        people=[Person("Līga", "<Bērziņa>", 1960, village=f.VillageFactory())],
        contact=contact,
        now=NOW,
    )
    return Message.objects.get(reference=f"party:{party.pk}")


ENGLISH = Contact(email="liga@example.lv", language="en")


def test_a_confirmation_says_the_fact_then_when_and_where_then_what_one_can_do():
    message = registered(ENGLISH, fee_eur="5.50", title="Vakari <ar> dziju")
    url = message.links[0]["url"]
    assert message.language == "en"
    assert message.subject == "You have a place: Vakari <ar> dziju"
    assert message.text.replace("\u00a0", " ") == (
        "You have a place.\n\n"
        "Who comes: Līga <Bērziņa>.\n\n"
        "The fee of 5.50 € is paid on the spot.\n\n"
        "Vakari <ar> dziju\n"
        "Thursday, 4 February, 10:00–12:00\n"
        "Thursday, 11 February, 10:00–12:00\n"
        "Thursday, 18 February, 10:00–12:00\n"
        "Thursday, 25 February, 10:00–12:00\n"
        "Elejas jauniešu centrs, Lietuvas iela 19, Eleja, Elejas pagasts, Jelgavas novads, LV-3023\n\n"
        f"See or change the registration:\n{url}\n\n"
        f"I cannot come:\n{url}?atteikties=visi\n\n"
        f"Registration number: {message_number()}\n"
        "Questions? Ring 6301 2345.\n"
        "Tuvāk mājām, Jelgavas novads\n"
    )
    assert "Vakari &lt;ar&gt; dziju" in message.html
    assert "Līga &lt;Bērziņa&gt;" in message.html
    assert "<Bērziņa>" not in message.html
    assert [link["rel"] for link in message.links] == ["party", "calendar"]
    assert url.startswith("http://localhost:8000/en/pieteikumi/")
    assert (message.calendar.count("BEGIN:VEVENT"), "SUMMARY:Vakari <ar> dziju" in message.calendar) == (4, True)
    assert "DTSTART:20270204T080000Z" in message.calendar


def message_number() -> str:
    return registrations.Party.objects.get().number


def test_a_long_series_names_the_first_five():
    text = registered(ENGLISH, weeks=12).text.replace("\u00a0", " ")
    assert ("Thursday, 4 March" in text, "Thursday, 11 March" in text, "and 7 more times" in text) == (
        True,
        False,
        True,
    )


def test_a_sensitive_activity_is_named_in_no_subject_sms_or_calendar():
    sensitive = f.AudienceFactory(code="disability", name="Invaliditāte", is_sensitive=True)
    by_mail = registered(ENGLISH, audiences=[sensitive], title="Slepens")
    by_sms = registered(Contact(phone="+37126123456"), audiences=[sensitive], title="Slepens")
    assert by_mail.subject == "You have a place"
    assert ["Slepens" in part for part in (by_mail.text, by_mail.calendar, by_sms.text)] == [True, False, False]


def test_who_gave_only_a_telephone_gets_an_sms_with_the_link():
    message = registered(Contact(phone="+37126123456", language="en"), title="Adīšana")
    assert (message.channel, message.to, message.subject, message.html) == ("sms", "+37126123456", "", "")
    assert message.text == (
        f"You have a place. Adīšana. 4.2. 10:00, Elejas jauniešu centrs. Who comes: Līga <Bērziņa>. {message.links[0]['url']}"
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Adīšana", "Jums ir vieta. Adīšana. 4.2. 10:00, Eleja. https://x"),
        ("Ļoti " * 20, f"Jums ir vieta. {'Ļoti ' * 7}Ļoti…. 4.2. 10:00, Eleja. https://x"),
        ("Dziesmas 🎵", "Jums ir vieta. Dziesmas . 4.2. 10:00, Eleja. https://x"),
        ("", "Jums ir vieta. 4.2. 10:00, Eleja. https://x"),
    ],
)
def test_an_sms_keeps_the_fact_and_the_link(title, expected):
    made = letters.short(["Jums ir vieta."], title=title, about=["4.2. 10:00, Eleja."], url="https://x")
    assert made == expected


def test_an_sms_fits_three_parts():
    made = letters.short(["Ā" * 60, "Ē" * 90, "Ī" * 20], title="Ū" * 200, about=["Š" * 60], url="https://x")
    assert len(made) <= letters.SMS_LENGTH
    assert made.endswith(" https://x")


@pytest.mark.parametrize(("amount", "words"), [("0", ""), ("5", "5 €"), ("5.5", "5,50 €"), ("1234.5", "1 234,50 €")])
def test_a_fee_is_written_as_latvians_write_it(amount, words):
    with translation.override("lv"):
        said = letters.fee(Decimal(amount)).replace("\u00a0", " ")
    assert (words in said, bool(said)) == (True, bool(words))
