"""What there was before: a year that growth is measured against, typed in or imported, since the portal was not there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.privacy import Personal, Term


class Baseline(models.Model):
    """A period before, usually the year before a project, with the words of where its numbers come from."""

    name = models.CharField(max_length=120)
    first_on = models.DateField()
    last_on = models.DateField()
    # "Annual report of 2022, sign-in sheets": whoever reads the report may ask.
    source = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Made of the form that asked for it, so that a second press makes no second one.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    personal = {"created_by": Personal(_("Who wrote the baseline"), _("To answer for the numbers"), Term.DUTY)}

    class Meta:
        ordering = ["-first_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_baseline_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name


class BaselineValue(models.Model):
    """One number of it: of an indicator, whole or of one part (``keys``: by dimension the code, as in a figure's row)."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="values")
    code = models.CharField(max_length=10)
    keys = models.JSONField(default=dict, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=3)
    note = models.CharField(max_length=200, blank=True)

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["code", "keys", "id"]
        constraints = [
            models.UniqueConstraint(fields=["baseline", "code", "keys"], name="a_number_stands_in_a_baseline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.keys}"
