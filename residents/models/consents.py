"""Consent to news: that somebody wants to be told what is on, in which words they agreed, when, and until when."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Message, Village
from ecosystem.privacy import Personal, Term
from residents.models.people import Resident


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents by where they stand."""

    def live(self) -> Self:
        """Those that hold: confirmed by the contact's holder, and not withdrawn."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None)

    def unconfirmed(self) -> Self:
        """Those that were asked for and wait for a press on the link."""
        return self.filter(confirmed_at=None, withdrawn_at=None)


class Consent(models.Model):
    """One contact's consent to news of what is on near home: dated, worded as it was shown, withdrawn by one link.

    Nothing is sent before the contact's holder has confirmed it, by the link or by word of mouth; whoever types
    somebody else's contact causes one question, and no news. A contact has one consent that holds: a new one takes
    the place of the old. What somebody likes is chosen from audiences that are not sensitive.
    """

    # So long a link to confirm can be pressed; then the row goes.
    CONFIRM_WITHIN = timedelta(days=7)
    # So long after it was withdrawn a consent is kept, to show that there was one.
    PROOF = timedelta(days=365)

    class Way(models.TextChoices):
        """By which way it was given."""

        FORM = "form", _("When registering")
        PAGE = "page", _("On the page of news")
        PHONE = "phone", _("By telephone")
        DESK = "desk", _("At the desk")

    class Ended(models.TextChoices):
        """How it ended."""

        LINK = "link", _("By the link in a message")
        ONE_CLICK = "one_click", _("By the mail program's button")
        ACCOUNT = "account", _("By the holder, signed in")
        DESK = "desk", _("By telephone or at the desk")
        REPLACED = "replaced", _("A newer one took its place")
        CONTACT = "contact", _("The contact is not theirs any more")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=5, choices=Message.Channel.choices)
    # An e-mail address in lower case, or a telephone as +37126123456.
    contact = models.CharField(max_length=254)
    language = models.CharField(max_length=5, default="lv")
    # The sentence as it was shown, and which version of it.
    wording = models.TextField()
    wording_version = models.CharField(max_length=20)
    way = models.CharField(max_length=5, choices=Way.choices)
    # Who said so by telephone or at the desk, and who wrote it down.
    said_by = models.ForeignKey(Resident, null=True, blank=True, on_delete=models.SET_NULL, related_name="consents")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_how = models.CharField(max_length=9, choices=Ended.choices, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What they like to be told of: around which village and how far (none: everywhere), for whom, about what (none: all).
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    km = models.PositiveSmallIntegerField(null=True, blank=True)
    audiences = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    topics = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    personal = {
        "contact": Personal(_("E-mail address or telephone"), _("To send you news you agreed to"), Term.CONSENT),
        "language": Personal(_("Language"), _("To write to you in it"), Term.CONSENT),
        "wording": Personal(_("The words you agreed to"), _("To show that you agreed"), Term.CONSENT),
        "way": Personal(_("How you agreed to news"), _("To show that you agreed"), Term.CONSENT),
        "asked_at": Personal(_("When you agreed to news"), _("To show that you agreed"), Term.CONSENT),
        "confirmed_at": Personal(_("When you agreed to news"), _("To show that you agreed"), Term.CONSENT),
        "withdrawn_at": Personal(_("When you stopped the news"), _("To send you none"), Term.CONSENT),
        "withdrawn_how": Personal(_("How you stopped the news"), _("To send you none"), Term.CONSENT),
        "said_by": Personal(_("Who agreed by telephone"), _("To show that you agreed"), Term.CONSENT),
        "taken_by": Personal(_("Who wrote down that you agreed"), _("To answer for it"), Term.DUTY),
        "withdrawn_by": Personal(_("Who wrote down that you stopped"), _("To answer for it"), Term.DUTY),
        "village": Personal(_("Village"), _("To choose the news near you"), Term.CONSENT),
        "km": Personal(_("How far you would go"), _("To choose the news near you"), Term.CONSENT),
        "audiences": Personal(_("For whom you like to know"), _("To choose the news for you"), Term.CONSENT),
        "topics": Personal(_("About what you like to know"), _("To choose the news for you"), Term.CONSENT),
    }
    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["contact", "-asked_at"], name="consents_by_contact"),
            models.Index(fields=["asked_at"], condition=Q(confirmed_at=None), name="consents_unconfirmed"),
            models.Index(fields=["withdrawn_at"], condition=Q(withdrawn_at__isnull=False), name="consents_withdrawn"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(confirmed_at__isnull=False, withdrawn_at=None),
                name="one_consent_of_a_contact_holds",
            ),
            models.CheckConstraint(
                condition=Q(channel="email", contact=Lower("contact"), contact__contains="@")
                | Q(channel="sms", contact__startswith="+"),
                name="a_consent_s_contact_is_of_its_channel",
            ),
            models.CheckConstraint(condition=~Q(wording=""), name="a_consent_keeps_its_words"),
            models.CheckConstraint(
                condition=Q(way__in=["form", "page", "phone", "desk"]), name="a_consent_s_way_is_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_at__gte=F("asked_at")),
                name="a_consent_is_confirmed_after_it_is_asked",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["phone", "desk"]) | Q(confirmed_at__isnull=False),
                name="what_was_said_aloud_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_how="")
                | Q(
                    withdrawn_at__isnull=False,
                    withdrawn_how__in=["link", "one_click", "account", "desk", "replaced", "contact"],
                ),
                name="a_withdrawn_consent_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(km=None) | Q(km__gte=1, km__lte=100, village__isnull=False),
                name="how_far_is_counted_from_a_village",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.way}"

    @property
    def holds(self) -> bool:
        """Whether news may be sent."""
        return self.confirmed_at is not None and self.withdrawn_at is None

    def can_be_confirmed(self, *, now: datetime) -> bool:
        """Whether the link to confirm still means something."""
        return self.confirmed_at is None and self.withdrawn_at is None and now <= self.asked_at + self.CONFIRM_WITHIN
