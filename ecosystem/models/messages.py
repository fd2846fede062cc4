"""Messages: what one person is told. A row first, written with what causes it; sent by the worker, once."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.privacy import Personal, Term


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by their fate."""

    def waiting(self, *, now: datetime) -> Self:
        """Those that should be on their way by now."""
        return self.filter(state=Message.State.WAITING, send_at__lte=now)

    def past_term(self, *, now: datetime) -> Self:
        """Those kept long enough."""
        return self.filter(created_at__lt=now - Message.KEPT)


class Message(models.Model):
    """One e-mail or SMS to one person, with its fate. ``reference`` is opaque: this floor knows no residents."""

    KEPT = timedelta(days=90)

    class Channel(models.TextChoices):
        """How it travels."""

        EMAIL = "email", _("E-mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        """Its fate."""

        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80, blank=True, db_index=True)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    to = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    links = models.JSONField(default=list, blank=True)
    calendar = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # What the SMS provider calls it: its receipts name it so.
    provider_id = models.CharField(max_length=100, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    personal = {
        "to": Personal(_("E-mail address or telephone"), _("To send the message"), Term.MESSAGE),
        "language": Personal(_("Language"), _("To write to you in it"), Term.MESSAGE),
        "subject": Personal(_("Subject of the message"), _("To see what you were told"), Term.MESSAGE),
        "text": Personal(_("Text of the message"), _("To see what you were told"), Term.MESSAGE),
        "html": Personal(_("Text of the message"), _("To see what you were told"), Term.MESSAGE),
        "links": Personal(_("Links in the message"), _("To see what you were told"), Term.MESSAGE),
        "calendar": Personal(_("Calendar file"), _("To put the activity in your calendar"), Term.MESSAGE),
        "provider_id": Personal(_("The SMS provider's number"), _("To know whether it was delivered"), Term.MESSAGE),
        "delivered_at": Personal(_("When it was delivered"), _("To know whether it was delivered"), Term.MESSAGE),
    }
    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(state="waiting"), name="messages_waiting"),
            models.Index(fields=["-created_at"], name="messages_latest"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="messages_by_provider_s_id"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=["email", "sms"]), name="a_message_s_channel_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "delivered", "failed"]),
                name="a_message_s_state_is_known",
            ),
            # What was sent may turn out to have failed: the receipt says so.
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(state__in=["sent", "delivered", "failed"]),
                name="only_a_sent_message_has_a_time_of_sending",
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", delivered_at__isnull=False, sent_at__isnull=False)
                | (~Q(state="delivered") & Q(delivered_at=None)),
                name="a_delivered_message_was_sent_and_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
