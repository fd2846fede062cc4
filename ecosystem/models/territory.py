"""The territory: parishes and villages, the points that distances are counted from."""

from django.db import models

from ecosystem.geo import Point
from ecosystem.models.base import Term


class Place(Term):
    """What a resident may name as home: a parish or a village. Latvian cases are data, not a guess."""

    slug = models.SlugField(max_length=60, unique=True)
    lat = models.FloatField()
    lon = models.FloatField()
    # "ap Eleju", "Elejā", "no Elejas".
    accusative = models.CharField(max_length=120)
    locative = models.CharField(max_length=120)
    genitive = models.CharField(max_length=120)

    class Meta(Term.Meta):
        abstract = True

    @property
    def point(self) -> Point:
        """Where it stands on the map."""
        return Point(self.lat, self.lon)


class Parish(Place):
    """A parish (pagasts): a coordinator's ground, with a centre point, people, neighbours."""

    centre_name = models.CharField(max_length=80)
    area_km2 = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    # The year or the day of the count, as its source gives it: populations are never summed over different years.
    population_date = models.CharField(max_length=10, blank=True)
    population_source = models.CharField(max_length=60, blank=True)
    postcodes = models.JSONField(default=list, blank=True)
    neighbours: "models.ManyToManyField[Parish, Neighbourhood]" = models.ManyToManyField(
        "self", through="Neighbourhood", symmetrical=False
    )
    # The municipality's own polygon (a GeoJSON geometry), when it has imported one.
    boundary = models.JSONField(null=True, blank=True)

    class Meta(Place.Meta):
        db_table_comment = "Pagasti"


class Neighbourhood(models.Model):
    """Two parishes with a common border; neighbours when it is 1.5 km or more, shorter ones are doubtful."""

    DOUBTFUL_BELOW_M = 1500

    parish = models.ForeignKey(Parish, on_delete=models.CASCADE, related_name="borders")
    neighbour = models.ForeignKey(Parish, on_delete=models.CASCADE, related_name="+")
    shared_border_m = models.PositiveIntegerField()

    personal = Term.personal

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parish", "neighbour"], name="a_border_is_listed_once"),
            models.CheckConstraint(
                condition=~models.Q(parish=models.F("neighbour")), name="a_parish_does_not_border_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parish_id}–{self.neighbour_id}"


class Village(Place):
    """A village (ciems): what "near my home" is measured from. A farm names the nearest one."""

    parish = models.ForeignKey(Parish, on_delete=models.PROTECT, related_name="villages")
    is_centre = models.BooleanField(default=False)

    class Meta(Place.Meta):
        pass
