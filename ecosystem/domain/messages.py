"""What a person is told is a row first.

The row is written in the transaction that causes it: nobody is told of a place that was then not given, and nothing is
forgotten that happened. The worker sends it afterwards, once. A nudge after the commit makes that quick; a sweep every
minute finds whatever the nudge missed.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from ecosystem import tasks
from ecosystem.models import Message
from ecosystem.models.writing import insert
from ecosystem.text import clean

log = logging.getLogger(__name__)


def draft(
    *,
    kind: str,
    to: str,
    channel: str,
    language: str,
    subject: str,
    text: str,
    html: str = "",
    links: list[dict[str, str]] | None = None,
    calendar: str = "",
    reference: str = "",
    now: datetime,
    send_at: datetime | None = None,
) -> Message:
    """A message not yet written; ``post`` writes several at once."""
    return Message(
        kind=kind,
        to=to,
        channel=channel,
        language=language,
        # One line, whatever a title or a name may hold: a line break would begin a header of its own.
        subject=clean(subject)[:200],
        text=text,
        html=html,
        links=links or [],
        calendar=calendar,
        reference=reference,
        created_at=now,
        send_at=send_at or now,
    )


def write(**fields: Any) -> Message:
    """Write one message (the fields are those of ``draft``); it leaves after the commit."""
    return post([draft(**fields)])[0]


def post(messages: Iterable[Message]) -> list[Message]:
    """Write these messages; they leave after the commit."""
    written = insert(list(messages))
    for message in written:
        if message.send_at <= message.created_at:
            transaction.on_commit(partial(_nudge, message.pk), robust=True)
    return written


def post_again(messages: Iterable[Message], *, now: datetime) -> int:
    """Let messages that failed wait anew, with all their attempts, to where ``to`` says now; how many.

    One whose receipt has come meanwhile has arrived, and stays.
    """
    anew = {"state": Message.State.WAITING, "send_at": now, "attempts": 0, "claimed_at": None, "sent_at": None}
    again = 0
    for message in messages:
        failed = Message.objects.filter(pk=message.pk, state=Message.State.FAILED)
        if failed.update(to=message.to, error="", provider_id="", **anew):
            again += 1
            transaction.on_commit(partial(_nudge, message.pk), robust=True)
    return again


def _nudge(pk: UUID) -> None:
    """Tell the worker. When nobody hears it, the sweep sends the message a minute later, and nobody's page breaks."""
    try:
        tasks.send.apply_async((str(pk),), retry=False)
    except Exception as error:  # any broker, any fault of its
        log.warning("The worker was not told of a message; the sweep will find it.", extra={"error": str(error)})
