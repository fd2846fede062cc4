"""The rule sets that the departments own together: thresholds in plain words, versioned, in force from a day."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models.vocabulary import Department
from ecosystem.privacy import Personal, Term


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    """Rule sets by how far they have come."""

    def agreed(self) -> Self:
        """Those that all departments have agreed to."""
        return self.filter(agreed_at__isnull=False)

    def in_force(self, *, on: date) -> Self:
        """The agreed ones that have begun, the one that holds first."""
        return self.agreed().filter(in_force_from__lte=on).order_by("-in_force_from", "-version")

    def open(self) -> Self:
        """Proposals that wait for an answer."""
        return self.filter(agreed_at=None, ended_at=None)


class RuleSet(models.Model):
    """One version of the shared rules: one department proposes it, all agree, it holds from a day on.

    What was agreed is never changed: whoever wants other numbers proposes the next version.
    """

    LONGEST_NOTE = 500

    version = models.PositiveIntegerField(unique=True)
    # By the names of ``ecosystem.overlap.rules.THRESHOLDS``.
    thresholds = models.JSONField()
    in_force_from = models.DateField()
    why = models.CharField(max_length=LONGEST_NOTE, blank=True)
    # None of the version that the portal came with.
    proposed_by = models.ForeignKey(
        Department, null=True, blank=True, on_delete=models.PROTECT, related_name="proposed_rule_sets"
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    # Withdrawn by who proposed it, or declined by another: it will not hold.
    ended_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "proposer": Personal(_("Who proposed the rules"), _("To answer for the rules"), Term.DUTY),
        "why": Personal(_("Why other rules were proposed"), _("To answer for the rules"), Term.RECORD),
    }
    objects = RuleSetQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(ended_at=None), name="what_was_agreed_is_not_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(agreed_at__gte=F("proposed_at")),
                name="rules_are_agreed_after_they_are_proposed",
            ),
            # Two proposals at once could both be agreed to, each without the other's numbers.
            models.UniqueConstraint(
                models.Value(1), condition=Q(agreed_at=None, ended_at=None), name="one_proposal_of_rules_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)


class RuleSetAnswer(models.Model):
    """What one department answered to proposed rules."""

    rule_set = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="answers")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="rule_set_answers")
    agrees = models.BooleanField()
    note = models.CharField(max_length=RuleSet.LONGEST_NOTE, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    personal = {
        "by": Personal(_("Who answered for the department"), _("To answer for the rules"), Term.DUTY),
        "note": Personal(_("What was answered"), _("To answer for the rules"), Term.RECORD),
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "department"], name="a_department_answers_a_rule_set_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set_id} {self.department_id}"
