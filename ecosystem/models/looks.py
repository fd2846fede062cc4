"""Looks: who looked at personal data, at which page, about whom. Residents may ask; heads and administrators read."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models.accounts import User
from ecosystem.models.vocabulary import Department
from ecosystem.privacy import Personal, Term


class LookQuerySet(models.QuerySet["Look"]):
    """Looks by when they were."""

    def before(self, moment: datetime) -> Self:
        """Older than this."""
        return self.filter(at__lt=moment)


class Look(models.Model):
    """Somebody looked at a page with people's data. The same page again within a quarter of an hour is the same look.

    ``about`` and ``people`` are opaque: this floor knows neither activities nor residents. What was typed into a
    search is never kept, only what kind of word it was; nor is the network address that asked.
    """

    class Kind(models.TextChoices):
        """What was looked at."""

        LIST = "list", _("List of an activity")
        ATTENDANCE = "attendance", _("Attendance sheet")
        SEARCH = "search", _("Search for a person")
        PERSON = "person", _("A person's data in a form")
        MESSAGE = "message", _("Whom a message goes to")
        EXPORT = "export", _("File with people")
        PRINT = "print", _("Printed list")
        CERTIFICATES = "certificates", _("Certificates")
        FEEDBACK = "feedback", _("Feedback")
        DOUBLES = "doubles", _("Possible doubles")
        MERGE = "merge", _("Two people side by side")
        CORRECTION = "correction", _("A person's data corrected")
        TRAIL = "trail", _("The list of looks")

    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="looks")
    # Who looks without an account, by a signed link: "educator:12".
    holder = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # "activity:12": whose list it was.
    about = models.CharField(max_length=60, blank=True)
    # Whose work it is: heads read their own department's.
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Those shown one by one (a search, a form); who stands on a list is known from the list.
    people = ArrayField(models.UUIDField(), default=list, blank=True)
    # How many people were shown, where that was counted.
    count = models.PositiveIntegerField(null=True, blank=True)
    # What of it, never a value: "name, phone" a search was by; the fields that were corrected.
    detail = models.CharField(max_length=120, blank=True)
    # Why, where the page asked.
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    # The quarter of an hour it was in, and a mark of who was shown: what makes two looks the same one.
    quarter = models.DateTimeField()
    mark = models.CharField(max_length=16, blank=True)

    personal = {
        "by": Personal(_("Who of the staff looked"), _("To tell you who looked at your data"), Term.TRAIL),
        "holder": Personal(_("Who of the staff looked"), _("To tell you who looked at your data"), Term.TRAIL),
        "people": Personal(_("Whose data was looked at"), _("To tell you who looked at your data"), Term.TRAIL),
        "reason": Personal(_("Why it was looked at"), _("To answer for the look"), Term.TRAIL),
    }
    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="looks_latest"),
            models.Index(fields=["department", "-at"], name="looks_of_a_department"),
            models.Index(fields=["by", "-at"], name="looks_by_somebody"),
            models.Index(fields=["about", "-at"], name="looks_about"),
            GinIndex(fields=["people"], name="looks_at_people"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "holder", "kind", "about", "detail", "mark", "quarter"],
                name="a_page_seen_again_within_a_quarter_of_an_hour_is_one_look",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("list", "attendance", "search", "person", "message", "export", "print"),
                        *("certificates", "feedback", "doubles", "merge", "correction", "trail"),
                    ]
                ),
                name="a_look_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
