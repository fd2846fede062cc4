"""People and the households that one contact answers for. No account is needed, no personal code is kept."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ecosystem.models import Village
from ecosystem.models.functions import Fold
from ecosystem.privacy import Personal, Term


class Household(models.Model):
    """The people one contact answers for. E-mail and telephone are evidence, never identity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    language = models.CharField(max_length=5, default="lv")
    # Set when somebody has proved by a code that the e-mail is theirs.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="households"
    )
    created_at = models.DateTimeField()

    personal = {
        "email": Personal(_("E-mail address"), _("To send the confirmation and changes"), Term.PARTICIPATION),
        "phone": Personal(_("Telephone"), _("To send the confirmation and changes"), Term.PARTICIPATION),
        "language": Personal(_("Language"), _("To write to you in it"), Term.PARTICIPATION),
        "account": Personal(_("Account"), _("To show you your registrations"), Term.ACCOUNT),
    }

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="households_by_email"),
            models.Index(fields=["phone"], name="households_by_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(email="") | Q(email=Lower("email")), name="a_household_s_email_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Resident(models.Model):
    """A person who takes part. What is asked is the least that is needed; nothing sensitive sits here."""

    class Sex(models.TextChoices):
        """Asked of those who like to say, for the equality figures."""

        FEMALE = "female", _("Woman")
        MALE = "male", _("Man")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="residents")
    given_name = models.CharField(max_length=60)
    family_name = models.CharField(max_length=60)
    # Folded in the database, by its own function: for recognising, never for show. Stale after an update on the
    # instance, so it is used in queries alone.
    name_key = models.GeneratedField(
        expression=Fold(Concat("given_name", Value(" "), "family_name")),
        output_field=models.CharField(max_length=130),
        db_persist=True,
    )
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="residents")
    # From Jelgava or elsewhere: welcome, and counted apart.
    lives_elsewhere = models.BooleanField(default=False)
    guardian_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    # When it was last looked whether this is somebody already known; None asks the sweep to look.
    doubles_checked_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "given_name": Personal(_("Given name"), _("To know who comes"), Term.PARTICIPATION),
        "family_name": Personal(_("Family name"), _("To know who comes"), Term.PARTICIPATION),
        "name_key": Personal(_("Name, for searching"), _("To recognise you"), Term.PARTICIPATION),
        "birth_year": Personal(_("Year of birth"), _("For age limits and figures"), Term.PARTICIPATION),
        "birth_month": Personal(_("Month of birth"), _("For age limits and figures"), Term.PARTICIPATION),
        "birth_day": Personal(_("Day of birth"), _("For age limits and figures"), Term.PARTICIPATION),
        "sex": Personal(_("Sex, if you said"), _("For equality figures"), Term.PARTICIPATION),
        "village": Personal(_("Village"), _("To plan nearer to home"), Term.PARTICIPATION),
        "lives_elsewhere": Personal(_("Lives elsewhere"), _("For figures by place"), Term.PARTICIPATION),
        "household": Personal(_("Household"), _("So that one contact serves a family"), Term.PARTICIPATION),
        "guardian_name": Personal(_("Guardian's name"), _("To know who answers for a child"), Term.PARTICIPATION),
    }

    class Meta:
        indexes = [
            models.Index(fields=["name_key"], name="residents_by_name"),
            models.Index(
                fields=["birth_year", "birth_month", "birth_day"],
                condition=Q(birth_day__isnull=False),
                name="residents_by_birth",
            ),
            models.Index(fields=["created_at"], condition=Q(doubles_checked_at=None), name="residents_to_look_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sex__in=["", "female", "male"]), name="a_resident_s_sex_is_known_or_not_said"
            ),
            models.CheckConstraint(
                condition=(Q(birth_month=None) & Q(birth_day=None))
                | (
                    Q(birth_year__isnull=False)
                    & Q(birth_month__gte=1, birth_month__lte=12)
                    & Q(birth_day__gte=1, birth_day__lte=31)
                ),
                name="a_birth_date_is_whole_or_a_year_alone",
            ),
            models.CheckConstraint(
                condition=Q(lives_elsewhere=False) | Q(village=None),
                name="who_lives_elsewhere_has_no_village_here",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def age(self, *, on: date, youngest: bool = False) -> int | None:
        """Full years on a day, or None when no birth is known.

        With a year alone there are two readings: ``youngest`` gives the younger one (as if born on 31 December),
        otherwise the older one (as if born on 1 January).
        """
        if self.birth_year is None:
            return None
        if self.birth_month is None or self.birth_day is None:
            return on.year - self.birth_year - (1 if youngest else 0)
        return on.year - self.birth_year - ((on.month, on.day) < (self.birth_month, self.birth_day))


class Alias(models.Model):
    """What somebody was known by before two entries of them were joined: a name, a birth, a contact.

    Whoever comes again by either's evidence is recognised as the one they are. Never shown as the person's own.
    """

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="aliases")
    given_name = models.CharField(max_length=60)
    family_name = models.CharField(max_length=60, blank=True)
    name_key = models.GeneratedField(
        expression=Fold(Concat("given_name", Value(" "), "family_name")),
        output_field=models.CharField(max_length=130),
        db_persist=True,
    )
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)

    personal = {
        "resident": Personal(_("Who was written differently before"), _("To recognise you"), Term.PARTICIPATION),
        "given_name": Personal(_("Given name"), _("To recognise you"), Term.PARTICIPATION),
        "family_name": Personal(_("Family name"), _("To recognise you"), Term.PARTICIPATION),
        "name_key": Personal(_("Name, for searching"), _("To recognise you"), Term.PARTICIPATION),
        "birth_year": Personal(_("Year of birth"), _("To recognise you"), Term.PARTICIPATION),
        "birth_month": Personal(_("Month of birth"), _("To recognise you"), Term.PARTICIPATION),
        "birth_day": Personal(_("Day of birth"), _("To recognise you"), Term.PARTICIPATION),
        "email": Personal(_("E-mail address"), _("To recognise you"), Term.PARTICIPATION),
        "phone": Personal(_("Telephone"), _("To recognise you"), Term.PARTICIPATION),
    }

    class Meta:
        verbose_name_plural = "aliases"
        indexes = [
            models.Index(fields=["email"], condition=~Q(email=""), name="aliases_by_email"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="aliases_by_phone"),
            models.Index(fields=["name_key"], name="aliases_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class PossibleDouble(models.Model):
    """Two entries that may be one person, with the reasons. People decide; "not the same" is kept, and never asked again."""

    class State(models.TextChoices):
        """What people decided. Those joined are gone: the merge keeps what it takes to undo it."""

        OPEN = "open", _("To be compared")
        NOT_SAME = "not_same", _("Not the same person")

    class Strength(models.IntegerChoices):
        """How much speaks for it."""

        POSSIBLE = 1, _("Possible")
        LIKELY = 2, _("Likely")
        STRONG = 3, _("Very likely")

    # In the order of their keys, so that a pair is one row.
    first = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="doubles_as_first")
    second = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="doubles_as_second")
    # Codes of ``residents.domain.likeness.Reason``, the weightiest first.
    reasons = models.JSONField(default=list)
    strength = models.PositiveSmallIntegerField(choices=Strength.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    personal = {
        "first": Personal(_("Who may be the same person"), _("To keep one entry a person"), Term.PARTICIPATION),
        "second": Personal(_("Who may be the same person"), _("To keep one entry a person"), Term.PARTICIPATION),
        "reasons": Personal(_("Why it seems so"), _("To keep one entry a person"), Term.PARTICIPATION),
        "strength": Personal(_("Why it seems so"), _("To keep one entry a person"), Term.PARTICIPATION),
        "decided_by": Personal(_("Who decided"), _("To answer for it"), Term.DUTY),
    }

    class Meta:
        ordering = ["-strength", "found_at", "id"]
        indexes = [
            models.Index(
                fields=["-strength", "found_at", "id"], condition=Q(state="open"), name="possible_doubles_to_decide"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_of_possible_doubles_is_one_row"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="a_pair_of_possible_doubles_is_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "not_same"]), name="a_possible_double_s_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(strength__gte=1, strength__lte=3), name="a_possible_double_s_strength_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | Q(state="not_same", decided_at__isnull=False),
                name="a_decided_pair_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}: {self.state}"
