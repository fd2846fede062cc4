"""Educators: who leads sessions."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ecosystem.history import KeptQuerySet
from ecosystem.models import Department, Topic
from ecosystem.privacy import Personal, Term


class EducatorQuerySet(KeptQuerySet["Educator"]):
    """Educators as sets."""

    def current(self) -> Self:
        """Those who still teach; the retired stay for what they led."""
        return self.filter(retired_at=None)

    def teaching(self, *, topic: Topic | str, language: str) -> Self:
        """Those who teach this, in this language."""
        return self.filter(topics=topic, languages__contains=[language])


class Educator(models.Model):
    """Who leads sessions: staff, hired or volunteer. Named in public by the name they teach under, and by no more.

    Retired when they no longer teach here, never deleted while what they led is remembered.
    """

    class Kind(models.TextChoices):
        """On what terms they teach."""

        STAFF = "staff", _("Staff")
        HIRED = "hired", _("Hired")
        VOLUNTEER = "volunteer", _("Volunteer")

    name = models.CharField(max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="educators")
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.HIRED)
    topics = models.ManyToManyField(Topic, blank=True, related_name="educators")
    # In which they teach: the codes that an activity's language has.
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    # The permit to work with people, or the contract: a number of the work, where there is one.
    contract_number = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    # Their own page: a link is good for the version it was made for, for so long after it was issued.
    link_version = models.PositiveIntegerField(default=1)
    link_issued_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "name": Personal(_("Name of who leads"), _("So that people know who leads"), Term.LED),
        "kind": Personal(_("Staff, hired or volunteer"), _("To account for who led"), Term.LED),
        "topics": Personal(_("What they teach"), _("To find who can lead"), Term.LED),
        "languages": Personal(_("Languages they teach in"), _("To find who can lead"), Term.LED),
        "contract_number": Personal(_("Number of the permit or contract"), _("To account for who led"), Term.LED),
        "email": Personal(_("E-mail address"), _("To agree on sessions, to send the link"), Term.RETIRED),
        "phone": Personal(_("Telephone"), _("To agree on sessions, to send the link"), Term.RETIRED),
        "note": Personal(_("Note about the work"), _("To agree on sessions"), Term.RETIRED),
    }
    objects = EducatorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["staff", "hired", "volunteer"]), name="an_educator_s_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=["lv", "en", "ru", "uk"]), name="an_educator_s_languages_are_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reads(self) -> str:
        """The language of our messages to them."""
        return "en" if "en" in self.languages and "lv" not in self.languages else "lv"
