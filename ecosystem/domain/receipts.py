"""Receipts: what an SMS provider says has become of a message.

Receipts come late, twice, in any order, or from nobody we know. What has been delivered stays delivered; a message that
was given up as interrupted has arrived all the same when its receipt says so; a failure is kept with its first reason.
A receipt may be quicker than the worker that still writes down what was sent: then it has the last word.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ecosystem.models import Message
from ecosystem.sms import Fate, Receipt

State = Message.State


def receive(*, receipt: Receipt, now: datetime) -> Message | None:
    """Write down what became of a message; None when there is no such message. The same receipt again changes nothing."""
    with transaction.atomic():
        message = _message(receipt)
        if message is None:
            return None
        if receipt.fate is Fate.DELIVERED and message.state != State.DELIVERED:
            message.state, message.delivered_at, message.error = State.DELIVERED, now, ""
        elif receipt.fate is Fate.FAILED and message.state in (State.SENDING, State.SENT):
            message.state, message.error = State.FAILED, receipt.reason
        else:
            return message
        message.sent_at = message.sent_at or now
        if receipt.id:
            message.provider_id = receipt.id
        message.save(update_fields=["state", "delivered_at", "error", "sent_at", "provider_id"])
    return message


def _message(receipt: Receipt) -> Message | None:
    """The SMS it speaks of, locked. One that nobody has tried to send yet cannot have a receipt."""
    named = Q(pk=None)
    if receipt.id:
        named |= Q(provider_id=receipt.id)
    if key := _key(receipt.key):
        named |= Q(pk=key)
    tried = Message.objects.filter(named, channel=Message.Channel.SMS, attempts__gt=0)
    return tried.select_for_update().order_by("-created_at", "-id").first()


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
