"""The words that facts choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Band(models.TextChoices):
    """Age bands: they nest into those of ESF+ (under 18, 18–29, 55+) and of the Labour Force Survey (25–64).

    Young people by law (13–25, then 13–30) do not nest: they are counted from the exact age.
    """

    UNDER_13 = "0-12", _("under 13")
    FROM_13 = "13-17", _("13–17")
    FROM_18 = "18-24", _("18–24")
    FROM_25 = "25-29", _("25–29")
    FROM_30 = "30-54", _("30–54")
    FROM_55 = "55-64", _("55–64")
    FROM_65 = "65+", _("65 and older")

    @property
    def ages(self) -> tuple[int, int]:
        """The youngest and the oldest of it."""
        youngest, _dash, oldest = self.value.rstrip("+").partition("-")
        return int(youngest), int(oldest or 130)

    @classmethod
    def of(cls, age: int | None) -> str:
        """The band of an age; "" where it is not known."""
        if age is None:
            return ""
        return next((band.value for band in cls if band.ages[0] <= age <= band.ages[1]), "")
