"""Where activities happen: centres and their rooms, with the facts about getting in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.geo import Point
from ecosystem.models import Department, Parish
from ecosystem.privacy import Personal


class Centre(models.Model):
    """An activity centre, youth centre, library, school, place outdoors: where residents go."""

    class Kind(models.TextChoices):
        """What sort of place it is."""

        ACTIVITY_CENTRE = "activity_centre", _("Activity centre")
        YOUTH_CENTRE = "youth_centre", _("Youth centre")
        COMMUNITY_CENTRE = "community_centre", _("Community centre")
        LIBRARY = "library", _("Library")
        SCHOOL = "school", _("School")
        OUTDOORS = "outdoors", _("Outdoors")

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, related_name="centres")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="centres")
    address = models.CharField(max_length=200, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    opening_hours = models.CharField(max_length=200, blank=True)
    # Facts about access: None is "nobody has looked yet", which is told as such.
    step_free = models.BooleanField(null=True, blank=True)
    accessible_toilet = models.BooleanField(null=True, blank=True)
    lift = models.BooleanField(null=True, blank=True)
    hearing_loop = models.BooleanField(null=True, blank=True)
    parking = models.BooleanField(null=True, blank=True)
    stop_name = models.CharField(max_length=80, blank=True)
    stop_distance_m = models.PositiveIntegerField(null=True, blank=True)
    access_note = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["parish", "name"], name="a_centre_s_name_is_its_own_in_the_parish"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "activity_centre",
                        "youth_centre",
                        "community_centre",
                        "library",
                        "school",
                        "outdoors",
                    ]
                ),
                name="a_centre_s_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point:
        """Where it stands on the map."""
        return Point(self.lat, self.lon)


class Room(models.Model):
    """A room of a centre; the database lets no two sessions be in it at once."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=80)
    seats = models.PositiveIntegerField(null=True, blank=True)

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["centre_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "name"], name="a_room_s_name_is_its_own_in_the_centre")
        ]

    def __str__(self) -> str:
        return f"{self.centre}, {self.name}"
