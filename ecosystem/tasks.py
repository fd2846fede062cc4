"""Sending messages, once.

A message is claimed under its row's lock and the claim is committed before anything is sent, so two workers never send
the same one, and a worker that dies leaves a mark. What was claimed ten minutes ago and never reported back may or may
not have arrived: it is marked as failed, "interrupted", and not sent again; people would rather ask than be told twice.
Only what surely was not taken (no connection, "try later") is tried again, up to five times.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from email.mime.text import MIMEText
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from ecosystem import sms
from ecosystem.models import Message

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=10)
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
MOST_ATTEMPTS = len(PAUSES) + 1
BATCH = 200
INTERRUPTED = "interrupted"


class NotTaken(Exception):
    """Nothing has left yet; it may be tried again."""


class Refused(Exception):
    """It will never be taken."""


@shared_task
def send(pk: str) -> None:
    """Send one message, if nobody has yet."""
    deliver(UUID(pk), now=timezone.now())


@shared_task
def send_waiting() -> None:
    """Send what a nudge has missed or what was to wait, and close the claims that nobody answers for."""
    now = timezone.now()
    give_up_claims(now=now)
    for pk in Message.objects.waiting(now=now).order_by("send_at", "id").values_list("pk", flat=True)[:BATCH]:
        deliver(pk, now=timezone.now())


def give_up_claims(*, now: datetime) -> int:
    """Mark as failed what was claimed long ago: whether it was sent, nobody knows."""
    return Message.objects.filter(state=Message.State.SENDING, claimed_at__lte=now - CLAIM).update(
        state=Message.State.FAILED, error=INTERRUPTED
    )


def deliver(pk: UUID, *, now: datetime) -> None:
    """Claim, send, write down what became of it."""
    message = claim(pk, now=now)
    if message is None:
        return
    fate: dict[str, object]
    try:
        taken = _hand_over(message) or sms.Taken()
        fate = {"state": Message.State.SENT, "sent_at": now, "provider_id": taken.id, "error": ""}
        if taken.delivered:
            fate |= {"state": Message.State.DELIVERED, "delivered_at": now}
    except (NotTaken, sms.NotTaken) as error:
        if message.attempts < MOST_ATTEMPTS:
            later = now + PAUSES[message.attempts - 1]
            fate = {"state": Message.State.WAITING, "send_at": later, "error": str(error)[:300]}
        else:
            fate = {"state": Message.State.FAILED, "error": str(error)[:300]}
    except (Refused, sms.Refused) as error:
        fate = {"state": Message.State.FAILED, "error": str(error)[:300]}
    except Exception as error:
        log.exception("The fate of a message is unknown.")
        fate = {"state": Message.State.FAILED, "error": f"{INTERRUPTED}: {type(error).__name__}"}
    # Only if the claim is still ours: whoever has given it up has the last word.
    Message.objects.filter(pk=pk, state=Message.State.SENDING, claimed_at=message.claimed_at).update(**fate)


def claim(pk: UUID, *, now: datetime) -> Message | None:
    """The message, if it waits, is due and nobody else has it; marked as being sent, committed."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, state=Message.State.WAITING, send_at__lte=now)
            .first()
        )
        if message is not None:
            message.state = Message.State.SENDING
            message.claimed_at = now
            message.attempts += 1
            message.save(update_fields=["state", "claimed_at", "attempts"])
    return message


def _hand_over(message: Message) -> sms.Taken | None:
    """Give it to whoever carries it; what an SMS provider says of it."""
    if settings.DEMO and not settings.TESTING:
        # Nothing leaves the demonstration. Its SMS are read where they are kept, so they have arrived.
        return sms.Taken(delivered=message.channel == Message.Channel.SMS)
    if message.channel == Message.Channel.SMS:
        return sms.provider().send(to=message.to, text=message.text, key=str(message.pk))
    _hand_over_mail(message)
    return None


def unsubscribing(message: Message) -> dict[str, str]:
    """The headers by which a mail program shows its own button to stop (RFC 2369, RFC 8058), where there is a link."""
    for link in message.links:
        if link.get("rel") == "unsubscribe":
            return {"List-Unsubscribe": f"<{link['url']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return {}


def _hand_over_mail(message: Message) -> None:
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors
        raise NotTaken(type(error).__name__)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to],
        # The same name at every attempt: a mailbox that got it twice after all may know that.
        headers={
            "Message-ID": f"<{message.pk}@tuvak>",
            "Auto-Submitted": "auto-generated",
            **unsubscribing(message),
        },
        connection=connection,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.calendar:
        part = MIMEText(message.calendar, "calendar", "utf-8")
        part.add_header("Content-Disposition", "attachment", filename="kalendars.ics")
        mail.attach(part)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        raise (NotTaken if any(400 <= code < 500 for code in codes) else Refused)(f"SMTP {codes}")
    except smtplib.SMTPResponseException as error:
        raise (NotTaken if 400 <= error.smtp_code < 500 else Refused)(f"SMTP {error.smtp_code}")
    finally:
        connection.close()
