"""Limits that figures are counted by, each from a day on: an old period keeps the rule of its time."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.privacy import Personal, Term


class LimitQuerySet(models.QuerySet["Limit"]):
    """Values as sets."""

    def standing(self) -> Self:
        """Those that hold, held or will hold; what was withdrawn never did."""
        return self.filter(withdrawn_at=None)


class Limit(models.Model):
    """One value of one limit, from a day until the next value's day. Never changed: another is entered, or it is withdrawn.

    What limits there are, and between which numbers, is said by ``ecosystem.domain.dated_limits``.
    """

    LONGEST_WHY = 300

    code = models.CharField(max_length=40)
    lower = models.PositiveIntegerField()
    # The second number of a limit that is an interval (ages); None of one that is a number.
    upper = models.PositiveIntegerField(null=True, blank=True)
    in_force_from = models.DateField()
    # The day is a guess until somebody has read it in the law itself.
    is_to_be_confirmed = models.BooleanField(default=False)
    why = models.CharField(max_length=LONGEST_WHY, blank=True)
    # None of the values that the portal came with.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "entered_by": Personal(_("Who set the limit"), _("To answer for the rules of counting"), Term.DUTY),
        "withdrawn_by": Personal(_("Who withdrew the limit"), _("To answer for the rules of counting"), Term.DUTY),
        "why": Personal(_("Why the limit was set"), _("To answer for the rules of counting"), Term.RECORD),
    }
    objects = LimitQuerySet.as_manager()

    class Meta:
        ordering = ["code", "in_force_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "in_force_from"],
                condition=Q(withdrawn_at=None),
                name="one_value_of_a_limit_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(upper=None) | Q(lower__lte=F("upper")), name="a_limit_s_numbers_are_in_order"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("entered_at")),
                name="a_limit_is_withdrawn_after_it_was_set",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by=None) | Q(withdrawn_at__isnull=False),
                name="who_withdrew_a_limit_did_so_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.in_force_from}"
