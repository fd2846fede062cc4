"""The shared vocabulary: departments, audiences, topics, competences."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import Term


class Department(Term):
    """One of those that plan: lifelong learning, youth affairs, welfare. A row, since elsewhere they are others."""

    board = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)


class Audience(Term):
    """Whom an activity is for: an age interval and a place in a small hierarchy.

    A sensitive one (disability, NEET, low income, origin) makes its activities' lists closed and their mails plain.
    """

    # "Senioriem": how Latvian says whom it is for.
    dative = models.CharField(max_length=120)
    age_min = models.PositiveSmallIntegerField(null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(null=True, blank=True)
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="narrower")
    is_sensitive = models.BooleanField(default=False)

    class Meta(Term.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(age_min=None) | models.Q(age_max=None) | models.Q(age_min__lte=models.F("age_max")),
                name="an_audience_s_ages_are_in_order",
                violation_error_message=_("The lowest age is above the highest."),
            )
        ]

    def clean(self) -> None:
        """An audience is not part of itself, however long the way round."""
        above = self.part_of
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"part_of": _("An audience cannot be part of itself.")})
            above = above.part_of


class Competence(Term):
    """One of the EU's eight key competences for lifelong learning (2018)."""


class Topic(Term):
    """What an activity is about; gives its ISCED-F field and key competence unless the activity says otherwise."""

    class Family(models.TextChoices):
        """The woven pattern of the date tile."""

        SKILLS = "skills"
        HANDS = "hands"
        LAND = "land"
        BODY = "body"
        TOGETHER = "together"
        WORK = "work"

    isced_f = models.CharField(max_length=4)
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="topics")
    family = models.CharField(max_length=10, choices=Family.choices)
