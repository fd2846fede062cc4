"""Asking another department to hold an activity together: who asked, in which words, and what was answered."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.programme import Activity
from ecosystem.models import Department, User
from ecosystem.privacy import Personal, Term


class PartnerRequestQuerySet(models.QuerySet["PartnerRequest"]):
    """Requests as sets."""

    def open(self) -> Self:
        """Those nobody has answered."""
        return self.filter(answer="")

    def standing(self) -> Self:
        """Those that mean something now: not answered yet, or accepted and not ended."""
        return self.filter(Q(answer="") | Q(answer=PartnerRequest.Answer.ACCEPTED, ended_at=None))


class _WithDepartments(models.Manager.from_queryset(PartnerRequestQuerySet)):  # type: ignore[misc]
    """A request is always named by its department."""

    def get_queryset(self) -> PartnerRequestQuerySet:
        """With the department, in the same query."""
        found: PartnerRequestQuerySet = super().get_queryset().select_related("department")
        return found


class PartnerRequest(models.Model):
    """One department was asked to hold an activity together with the one that leads.

    An activity is joint with those who accepted (``Activity.partners``), and with nobody who was only asked.
    """

    class Answer(models.TextChoices):
        """What became of it; none while nobody has answered."""

        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    LONGEST_NOTE = 500

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="partner_requests")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="partner_requests")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    # Nobody where a programme file or a command asked.
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    answer_note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    # What was accepted may end: the one side takes the other out, or the other leaves.
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_note = models.CharField(max_length=LONGEST_NOTE, blank=True)

    personal = {
        "asked_by": Personal(_("Who asked another department"), _("To agree on a joint activity"), Term.DUTY),
        "answered_by": Personal(_("Who answered for the department"), _("To agree on a joint activity"), Term.DUTY),
        "ended_by": Personal(_("Who ended the joint work"), _("To agree on a joint activity"), Term.DUTY),
        "note": Personal(_("What departments wrote"), _("To agree on a joint activity"), Term.PARTICIPATION),
        "answer_note": Personal(_("What departments wrote"), _("To agree on a joint activity"), Term.PARTICIPATION),
        "end_note": Personal(_("What departments wrote"), _("To agree on a joint activity"), Term.PARTICIPATION),
    }
    objects = _WithDepartments()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "department"],
                condition=Q(answer="") | Q(answer="accepted", ended_at=None),
                name="one_standing_request_an_activity_and_department",
                violation_error_message=_("This department has been asked already."),
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "accepted", "declined", "withdrawn"]), name="a_partner_s_answer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="a_partner_s_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(answer="accepted"), name="only_what_was_accepted_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.department_id}"

    @property
    def is_open(self) -> bool:
        """Nobody has answered."""
        return self.answer == ""
