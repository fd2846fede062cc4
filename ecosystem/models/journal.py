"""The journal: what happened, for readers upstairs. News travels up by being read, never by a call from below."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.privacy import Personal, Term


class JournalQuerySet(models.QuerySet["Journal"]):
    """Entries by who has read them."""

    def unread(self, *kinds: str) -> Self:
        """What the reader of these kinds has not done yet, oldest first; take them with ``FOR UPDATE SKIP LOCKED``."""
        return self.filter(done_at=None, kind__in=kinds).order_by("created_at", "id")

    def past_term(self, *, now: datetime) -> Self:
        """What was read and need not be kept."""
        return self.filter(done_at__isnull=False, created_at__lt=now - Journal.KEPT)


class Journal(models.Model):
    """One thing that happened, with all that its reader needs, written in the transaction that made it happen."""

    KEPT = timedelta(days=30)
    # Written with the trail of changes (``ecosystem.history``), so no edit goes by without it.
    ACTIVITY_CHANGED = "activity.changed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # "attendance.marked", "activity.changed": which reader, and how to read the payload.
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "payload": Personal(
            _("Who came, with age and parish"), _("To count it in the figures, which name nobody"), Term.COUNTED
        ),
    }
    objects = JournalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name_plural = "journal"
        # Each reader takes its own kinds, however much lies there for the others.
        indexes = [models.Index(fields=["kind", "created_at", "id"], condition=Q(done_at=None), name="journal_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=models.F("created_at")),
                name="an_entry_is_read_after_it_is_written",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
