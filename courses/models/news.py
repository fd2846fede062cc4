"""News for residents: what coordinators put up to be told of, and which contact was told of what, and when."""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from courses.models.programme import Activity
from ecosystem.models import User
from ecosystem.privacy import Personal, Term
from residents.models import Consent


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by where they stand."""

    def standing(self) -> Self:
        """Those not taken down."""
        return self.filter(taken_down_at=None)


class Invitation(models.Model):
    """An activity that its coordinator would like people to be told of, with a sentence of theirs.

    The only way for a department to advertise to people who do not take part: it goes into everybody's one digest,
    before what is merely new. There is one an activity, however many departments hold it together.
    """

    LONGEST = 200

    activity = models.OneToOneField(Activity, on_delete=models.CASCADE, related_name="invitation")
    sentence = models.CharField(max_length=LONGEST, blank=True)
    put_up_at = models.DateTimeField()
    put_up_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_down_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "put_up_by": Personal(_("Who put an activity into the news"), _("To answer for it"), Term.DUTY),
    }
    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-put_up_at", "-id"]
        indexes = [
            models.Index(fields=["put_up_at"], condition=Q(taken_down_at=None), name="invitations_standing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_down_at=None) | Q(taken_down_at__gte=F("put_up_at")),
                name="an_invitation_is_taken_down_after_it_is_put_up",
            ),
        ]

    def __str__(self) -> str:
        return str(self.activity_id)


class Digest(models.Model):
    """One contact was sent the news: what was in it, and until when no more is sent.

    The database lets no two stand for one contact at once, whichever worker or department would like to write again.
    """

    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="digests")
    # Of the moment: a contact that agrees anew, or by another way, is still one contact.
    contact = models.CharField(max_length=254)
    # When it was put together: what is published later is news the next time.
    at = models.DateTimeField()
    send_at = models.DateTimeField()
    until = models.DateTimeField()
    # The activities it named: those put up by coordinators, and those that were new.
    invited = ArrayField(models.BigIntegerField(), default=list)
    told = ArrayField(models.BigIntegerField(), default=list)

    personal = {
        "contact": Personal(_("E-mail address or telephone"), _("To send news no oftener than agreed"), Term.MESSAGE),
        "at": Personal(_("When you were sent news"), _("To send news no oftener than agreed"), Term.MESSAGE),
        "send_at": Personal(_("When you were sent news"), _("To send news no oftener than agreed"), Term.MESSAGE),
        "until": Personal(_("Until when no more news comes"), _("To send news no oftener than agreed"), Term.MESSAGE),
        "invited": Personal(_("What the news told you of"), _("To tell you of nothing twice"), Term.MESSAGE),
        "told": Personal(_("What the news told you of"), _("To tell you of nothing twice"), Term.MESSAGE),
    }

    class Meta:
        ordering = ["-send_at", "-id"]
        indexes = [
            models.Index(fields=["contact", "until"], name="digests_of_a_contact"),
            models.Index(fields=["send_at"], name="digests_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("send_at")), name="a_digest_holds_off_the_next"),
            ExclusionConstraint(
                name="a_contact_is_sent_news_once_at_a_time",
                expressions=[
                    (
                        Func(
                            Func("contact", Value(0), function="hashtextextended"),
                            Func("contact", Value(0), function="hashtextextended"),
                            Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (Func("send_at", "until", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This contact has been sent news not long ago."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} {self.send_at:%Y-%m-%d}"
