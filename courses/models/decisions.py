"""Decisions: what somebody at a desk did for others, so that each departure from the order can be answered for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.participation import Registration
from courses.models.programme import Activity
from ecosystem.models import User
from ecosystem.privacy import Personal, Term


class Decision(models.Model):
    """One thing that a coordinator decided about an activity's list: what, about whom, why, who and when."""

    class What(models.TextChoices):
        """What was decided."""

        REGISTERED = "registered", _("Registered by telephone")
        GROUP = "group", _("Places kept for a group")
        APPROVED = "approved", _("Approved")
        PLACE = "place", _("Place given out of order")
        ACCEPTED = "accepted", _("Offered place confirmed for them")
        MOVED = "moved", _("Moved to the end of the queue")
        CANCELLED = "cancelled", _("Cancelled for them")
        RAISED = "raised", _("More places")
        MESSAGE = "message", _("Message sent")
        RESENT = "resent", _("Messages sent again")
        ATTENDS = "attends", _("Said by telephone that they come")
        CALLED_OFF = "called_off", _("Activity cancelled")
        SESSION_OFF = "session_off", _("Session cancelled")
        RESCHEDULED = "rescheduled", _("Sessions changed")
        RELOCATED = "relocated", _("Place changed")
        JOINED = "joined", _("Made one with another activity")

    # These say why: they leave the order that everybody counts on.
    REASONED = ("place", "moved", "raised", "called_off", "session_off")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="decisions")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    what = models.CharField(max_length=12, choices=What.choices)
    # Why, in the words of who decided; of a message its subject, of a group its name.
    reason = models.CharField(max_length=200, blank=True)
    # How many people it concerned or were told.
    people = models.PositiveIntegerField(default=0)
    # One form, one decision: a message sent by a double click leaves once.
    key = models.UUIDField(null=True, blank=True, unique=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    personal = {
        "registration": Personal(_("Whose place was decided"), _("To answer for the order"), Term.PARTICIPATION),
        "reason": Personal(_("Why it was decided"), _("To answer for the order"), Term.PARTICIPATION),
        "by": Personal(_("Who decided"), _("To answer for the order"), Term.DUTY),
    }

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["activity", "-at"], name="decisions_of_an_activity")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    what__in=[
                        *("registered", "group", "approved", "place", "accepted", "moved"),
                        *("cancelled", "raised", "message", "called_off", "session_off"),
                        *("rescheduled", "relocated"),
                        *("resent", "attends", "joined"),
                    ]
                ),
                name="a_decision_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.what}"
