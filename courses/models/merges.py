"""Merges: two entries of one person made one, with what it takes to undo it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import User
from ecosystem.privacy import Personal, Term


class Merge(models.Model):
    """Somebody decided that two residents are one person. ``gone`` is deleted; the snapshot can bring it back.

    Plain keys, not relations: ``gone`` is no row any more, and ``kept`` may be joined with a third in its turn.
    """

    kept = models.UUIDField(db_index=True)
    gone = models.UUIDField(db_index=True)
    # All that an undo writes back; empty once the time to undo is over, or it was undone.
    snapshot = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "kept": Personal(_("Whose entries were joined"), _("To answer for it"), Term.PARTICIPATION),
        "gone": Personal(_("Whose entries were joined"), _("To answer for it"), Term.PARTICIPATION),
        "snapshot": Personal(_("The two entries as they were"), _("To be able to undo it"), Term.UNDO),
        "by": Personal(_("Who joined them"), _("To answer for it"), Term.DUTY),
        "undone_by": Personal(_("Who undid it"), _("To answer for it"), Term.DUTY),
    }

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="nobody_is_joined_with_themselves"),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="an_entry_is_joined_to_one_other"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(undone_at__gte=F("at")), name="a_merge_is_undone_after_it_is_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
