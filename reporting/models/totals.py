"""Totals of an activity that are typed in or ticked: how many, never who.

What is sensitive sits on no person (rule 6): these rows name an activity and a number, nothing else. They keep days and no
moments, and one row a day and hand: the order in which somebody ticked would tell which answers belong together.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Activity
from ecosystem.privacy import Personal, Term


class TotalCode(models.TextChoices):
    """What is counted. Barriers, labour status and education by the EU's code lists (``ecosystem/data/codelists.json``)."""

    FEWER = "FEWER", _("People with fewer opportunities")
    B1 = "B1", _("Disabilities")
    B2 = "B2", _("Health problems")
    B3 = "B3", _("Barriers linked to education and training systems")
    B4 = "B4", _("Cultural differences")
    B5 = "B5", _("Social barriers")
    B6 = "B6", _("Economic barriers")
    B7 = "B7", _("Barriers linked to discrimination")
    B8 = "B8", _("Geographical barriers")
    NEET = "NEET", _("Aged 15–29, not in employment, education or training")
    UKRAINE = "UKR", _("Ukrainian civilians")
    UNEMPLOYED = "UNE", _("Unemployed")
    LONG_TERM = "LTU", _("Of the unemployed, long-term")
    INACTIVE = "INA", _("Inactive")
    EMPLOYED = "EMP", _("Employed, including self-employed")
    ISCED_LOW = "ISCED0-2", _("Lower secondary or less")
    ISCED_MIDDLE = "ISCED3-4", _("Upper secondary or post-secondary non-tertiary")
    ISCED_HIGH = "ISCED5-8", _("Tertiary")
    ASSISTANT = "ASSISTANT", _("Assistant")
    TRANSPORT = "TRANSPORT", _("Transport")
    SIGN = "SIGN", _("Sign language interpreter")
    EASY = "EASY", _("Easy language")
    CHILDCARE = "CHILDCARE", _("Childcare")


BARRIERS = (
    *(TotalCode.B1, TotalCode.B2, TotalCode.B3, TotalCode.B4),
    *(TotalCode.B5, TotalCode.B6, TotalCode.B7, TotalCode.B8),
)
LABOUR = (TotalCode.UNEMPLOYED, TotalCode.INACTIVE, TotalCode.EMPLOYED)
EDUCATION = (TotalCode.ISCED_LOW, TotalCode.ISCED_MIDDLE, TotalCode.ISCED_HIGH)
SUPPORT = (TotalCode.ASSISTANT, TotalCode.TRANSPORT, TotalCode.SIGN, TotalCode.EASY, TotalCode.CHILDCARE)


class ActivityTotal(models.Model):
    """How many people of one kind an activity had, as somebody counted. No row is "not counted", which is not nought."""

    MOST = 5000

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="totals")
    code = models.CharField(max_length=10, choices=TotalCode.choices)
    count = models.PositiveIntegerField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_on = models.DateField()

    personal = {
        "entered_by": Personal(_("Who entered the number"), _("To answer for the figures"), Term.DUTY),
    }

    class Meta:
        ordering = ["activity", "code"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "code"], name="a_total_stands_once_an_activity"),
            models.CheckConstraint(condition=Q(code__in=TotalCode.values), name="a_total_s_code_is_known"),
            models.CheckConstraint(condition=Q(count__gte=0), name="a_total_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.code}: {self.count}"


class ActivityTotalEntry(models.Model):
    """What somebody left a total at on a day; None: taken away, not counted any more. How often and when is not kept."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="total_entries")
    code = models.CharField(max_length=10, choices=TotalCode.choices)
    count = models.PositiveIntegerField(null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_on = models.DateField()

    personal = {
        "entered_by": Personal(_("Who entered the number"), _("To answer for the figures"), Term.DUTY),
    }

    class Meta:
        verbose_name_plural = "activity total entries"
        ordering = ["-entered_on", "code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "code", "entered_on", "entered_by"], name="a_total_is_left_once_a_day_and_hand"
            ),
            models.CheckConstraint(condition=Q(code__in=TotalCode.values), name="an_entered_total_s_code_is_known"),
            models.CheckConstraint(condition=Q(count=None) | Q(count__gte=0), name="an_entered_total_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.code} {self.entered_on}: {self.count}"
