"""Residents as the municipality counts them: how many live in a parish, by age and sex, on one day."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models.territory import Parish
from ecosystem.privacy import Personal


class PopulationQuerySet(models.QuerySet["Population"]):
    """Counts as sets."""

    def known_on(self, day: date) -> Self:
        """Those counted on that day or before it: an old period is never measured by a later count."""
        return self.filter(counted_on__lte=day)


class Population(models.Model):
    """How many of one sex and of these ages live in a parish on the day of a count.

    Imported a parish and a day whole (``ecosystem.domain.population_file``); counts of other days stay beside it. Ages of
    one parish, day and sex never overlap; the importer sees to that.
    """

    # Nobody is older; and no count is larger than the country.
    OLDEST = 130
    MOST = 2_000_000

    class Sex(models.TextChoices):
        """As in the residents' own entries."""

        FEMALE = "female", _("Woman")
        MALE = "male", _("Man")

    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, related_name="counts")
    counted_on = models.DateField()
    age_from = models.PositiveSmallIntegerField()
    # None is "and older".
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=6, choices=Sex.choices)
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=120, blank=True)

    personal: ClassVar[Mapping[str, Personal]] = {}
    objects = PopulationQuerySet.as_manager()

    class Meta:
        ordering = ["parish", "counted_on", "sex", "age_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["parish", "counted_on", "sex", "age_from"], name="an_age_of_a_parish_is_counted_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(age_to=None) | Q(age_from__lte=F("age_to")), name="counted_ages_are_in_order"
            ),
            models.CheckConstraint(condition=Q(sex__in=["female", "male"]), name="a_counted_sex_is_known"),
            models.CheckConstraint(condition=Q(count__gte=0), name="residents_are_not_fewer_than_none"),
        ]

    def __str__(self) -> str:
        ages = f"{self.age_from}+" if self.age_to is None else f"{self.age_from}–{self.age_to}"
        return f"{self.parish_id} {self.counted_on} {self.sex} {ages}: {self.count}"
