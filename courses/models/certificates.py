"""Certificates: what somebody learned or took part in, on a numbered paper that anybody who holds it can check."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.enums import CertificateKind
from courses.models.participation import Registration
from courses.models.programme import Activity
from ecosystem.models import User
from ecosystem.privacy import Personal, Term


class CertificateBook(models.Model):
    """The book of one year: the last number written in it. Locked while numbers are given: no gap, none twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates as sets."""

    def valid(self) -> Self:
        """Those not taken back."""
        return self.filter(revoked_at=None)


class Certificate(models.Model):
    """A certificate of completing, or a confirmation of taking part, as it stood on the day it was issued.

    What is printed is kept here, so that the paper stays true whatever is renamed or forgotten. When the person is
    forgotten, the name becomes a one-way proof: who holds the paper and types the name is still told that it is right.
    """

    NAMES = ("title", "place", "department", "competences")

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12, choices=CertificateKind.choices)
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.SET_NULL, related_name="certificates"
    )
    name = models.CharField(max_length=130, blank=True)
    # Salt and hash of the folded name, once the name itself is forgotten.
    name_proof = models.CharField(max_length=160, blank=True)
    title = models.CharField(max_length=160)
    family = models.CharField(max_length=10)
    place = models.CharField(max_length=120)
    department = models.CharField(max_length=120)
    # Names of the European key competences.
    competences = models.JSONField(default=list, blank=True)
    # The same four as the English edition names them; empty on papers from before there was one.
    in_english = models.JSONField(default=dict, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # The sessions they were at: ["2027-02-04", "10:00–12:00"], one each.
    days = models.JSONField(default=list, blank=True)
    attended = models.PositiveSmallIntegerField()
    held = models.PositiveSmallIntegerField()
    minutes = models.PositiveIntegerField()
    # Whose signature it asks for.
    issuer = models.CharField(max_length=200)
    issued_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    issued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    revoked_because = models.CharField(max_length=200, blank=True)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaces"
    )

    personal = {
        "registration": Personal(_("Whose certificate"), _("To issue it once"), Term.PARTICIPATION),
        "name": Personal(_("Name on the certificate"), _("To print it and print it again"), Term.PARTICIPATION),
        "name_proof": Personal(
            _("A one-way code of the name"), _("So that whoever you show the certificate to can check it"), Term.CHECKED
        ),
        "days": Personal(_("Days you were there"), _("To print them on the confirmation"), Term.PARTICIPATION),
        "attended": Personal(_("How many sessions you were at"), _("To print it on the certificate"), Term.CHECKED),
        "minutes": Personal(_("How many hours you were there"), _("To print it on the certificate"), Term.CHECKED),
        "issuer": Personal(_("Who signs the certificate"), _("To answer for it"), Term.CHECKED),
        "issued_by": Personal(_("Who issued the certificate"), _("To answer for it"), Term.DUTY),
        "revoked_by": Personal(_("Who took the certificate back"), _("To answer for it"), Term.DUTY),
        "revoked_because": Personal(_("Why it was taken back"), _("To answer for it"), Term.PARTICIPATION),
    }
    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["issued_at", "id"]
        indexes = [models.Index(fields=["issued_at"], name="certificates_by_issue")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CertificateKind.values), name="a_certificate_s_kind_is_known"),
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(revoked_at=None),
                name="one_valid_certificate_of_a_kind_a_registration",
            ),
            models.CheckConstraint(
                condition=Q(name="") | Q(name_proof=""), name="a_certificate_s_name_is_plain_or_a_proof"
            ),
            models.CheckConstraint(
                condition=Q(attended__gte=1, attended__lte=F("held"), minutes__gte=1),
                name="a_certificate_is_of_sessions_attended",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_certificate_s_days_are_in_order"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=False) | Q(revoked_because="", replaced_by=None),
                name="only_what_was_taken_back_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        """Not taken back."""
        return self.revoked_at is None

    def named(self, language: str) -> dict[str, Any]:
        """Title, place, department and competences as the edition in this language names them; Latvian where unsaid."""
        names = {name: getattr(self, name) for name in self.NAMES}
        return {**names, **self.in_english} if language == "en" else names

    @property
    def initials(self) -> str:
        """ "L. B.": as much of the name as a stranger with the number reads; nothing once it is forgotten."""
        return " ".join(f"{part[0]}." for part in self.name.split())
