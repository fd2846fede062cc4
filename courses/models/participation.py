"""Taking part: who asked together, who has a place or waits for one, who came."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from coordinators.models import Educator
from courses.enums import LIVE_STATES, PLACE_STATES, Channel, Presence, RegistrationState
from courses.models.programme import Activity, Session
from ecosystem.models import User
from ecosystem.privacy import Personal, Term
from residents.models import Resident


class Party(models.Model):
    """Those who registered together by one form: one contact, one answer, one link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # "TM-7K3M9Q": what a person reads out on the telephone.
    number = models.CharField(max_length=12, unique=True)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="parties")
    # One form, one party: a double click or a resent form meets its own row.
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    all_or_none = models.BooleanField(default=False)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=5, default="lv")
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    # What the page said after the form was sent; a repeat says the same (rule 11: known or not, the same page).
    outcome = models.CharField(max_length=20, blank=True)
    outcome_place = models.PositiveIntegerField(null=True, blank=True)
    # How many of a party that was split were told that they have places at once.
    outcome_confirmed = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    # Since when it is only a number: its term is over, the contact is gone.
    forgotten_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "number": Personal(_("Number of the registration"), _("To find it by telephone"), Term.PARTICIPATION),
        "email": Personal(_("E-mail address"), _("To send the confirmation and changes"), Term.PARTICIPATION),
        "phone": Personal(_("Telephone"), _("To send the confirmation and changes"), Term.PARTICIPATION),
        "language": Personal(_("Language"), _("To write to you in it"), Term.PARTICIPATION),
    }

    class Meta:
        verbose_name_plural = "parties"
        indexes = [
            models.Index(fields=["email", "-created_at"], name="parties_by_email"),
            models.Index(fields=["phone", "-created_at"], name="parties_by_phone"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="a_party_s_channel_is_known"),
            models.CheckConstraint(
                condition=~Q(channel="web") | ~Q(email="") | ~Q(phone="") | Q(forgotten_at__isnull=False),
                name="a_web_party_has_a_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Registrations as sets."""

    def live(self) -> Self:
        """Those that still mean something: a place, a turn, an offer, a wait for approval."""
        return self.filter(state__in=LIVE_STATES)

    def holding_places(self) -> Self:
        """Those that take a place: confirmed and offered."""
        return self.filter(state__in=PLACE_STATES)

    def queue(self) -> Self:
        """The queue in its order."""
        return self.filter(state=RegistrationState.QUEUED).order_by("queued_at", "id")

    def unanswered(self) -> Self:
        """Those with a place who were asked whether they will come and have not said."""
        return self.filter(
            state=RegistrationState.CONFIRMED, attendance_asked_at__isnull=False, attendance_confirmed_at=None
        )

    def offers_lapsed(self, *, now: datetime) -> Self:
        """Offers whose deadline has passed."""
        return self.filter(state=RegistrationState.OFFERED, offered_until__lte=now)


class Registration(models.Model):
    """A resident's place, or place in the queue, in one activity."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="registrations")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="registrations")
    # None is an unnamed place of a group.
    resident = models.ForeignKey(
        Resident, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations"
    )
    state = models.CharField(max_length=20, choices=RegistrationState.choices)
    registered_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When they were asked whether they will come, and when they said yes; silence takes no place away.
    attendance_asked_at = models.DateTimeField(null=True, blank=True)
    attendance_confirmed_at = models.DateTimeField(null=True, blank=True)
    # Where two entries of one person had both registered: the one that stands, into which this one was folded.
    folded_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="folded")

    personal = {
        "party": Personal(_("Who registered together"), _("To keep a family together"), Term.PARTICIPATION),
        "resident": Personal(_("Who takes part"), _("To keep the place"), Term.PARTICIPATION),
        "state": Personal(_("Place or place in the queue"), _("To keep the place"), Term.PARTICIPATION),
        "offered_until": Personal(_("Until when a place is offered"), _("To keep the place"), Term.OFFER),
        "attendance_asked_at": Personal(
            _("When you were asked whether you will come"), _("To know how many will come"), Term.ANSWER
        ),
        "attendance_confirmed_at": Personal(
            _("When you said that you will come"), _("To know how many will come"), Term.ANSWER
        ),
        "folded_into": Personal(_("Which registration it was joined with"), _("To keep the place"), Term.PARTICIPATION),
    }
    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["registered_at", "id"]
        indexes = [
            models.Index(
                fields=["activity", "queued_at", "id"], condition=Q(state="queued"), name="registrations_queue"
            ),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="registrations_offers"),
            models.Index(fields=["activity"], condition=Q(state="awaiting_approval"), name="registrations_to_approve"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values), name="a_registration_s_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["activity", "resident"],
                condition=Q(state__in=LIVE_STATES),
                name="one_live_registration_a_person_and_activity",
                violation_error_message=_("This registration has already been received."),
            ),
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(queued_at__isnull=False), name="a_queue_has_an_order"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False, offered_at__isnull=False)
                | (~Q(state="offered") & Q(offered_until=None)),
                name="an_offer_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVE_STATES, ended_at=None)
                | Q(state__in=["declined", "expired", "cancelled"], ended_at__isnull=False),
                name="an_ended_registration_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(attendance_confirmed_at=None) | Q(attendance_asked_at__isnull=False),
                name="who_says_that_they_come_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(folded_into=None) | Q(state="cancelled"), name="a_folded_registration_holds_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}: {self.state}"

    @property
    def is_unanswered(self) -> bool:
        """Has a place, was asked whether they will come, and has not said; the same as ``unanswered()``."""
        return (
            self.state == RegistrationState.CONFIRMED
            and self.attendance_asked_at is not None
            and self.attendance_confirmed_at is None
        )


class Attendance(models.Model):
    """Somebody's presence at one session; no row is "not marked"."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")
    presence = models.CharField(max_length=8, choices=Presence.choices)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Whoever leads marks by their own link, without an account.
    marked_by_educator = models.ForeignKey(Educator, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    personal = {
        "registration": Personal(_("Whose presence"), _("To count who came"), Term.PARTICIPATION),
        "presence": Personal(_("Presence"), _("To count who came"), Term.PARTICIPATION),
        "marked_by": Personal(_("Who marked it"), _("To answer for the list"), Term.DUTY),
        "marked_by_educator": Personal(_("Who marked it"), _("To answer for the list"), Term.LED),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "registration"], name="presence_is_marked_once_a_session"),
            models.CheckConstraint(condition=Q(presence__in=Presence.values), name="a_presence_is_known"),
            models.CheckConstraint(
                condition=Q(marked_by=None) | Q(marked_by_educator=None), name="a_mark_is_by_one_hand"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.presence}"
