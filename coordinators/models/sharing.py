"""What a project carries home and further: practices, events, publications."""

from django.db import models
from django.db.models import Q

from coordinators.enums import PublicationChannel, PublicationLanguage, SharingLevel
from coordinators.models.projects import Mobility, Project
from ecosystem.history import KeptQuerySet
from ecosystem.models import Parish
from ecosystem.privacy import Personal


class Practice(models.Model):
    """A method brought home from a mobility, described so that colleagues can adopt it."""

    mobility = models.ForeignKey(Mobility, on_delete=models.PROTECT, related_name="practices")
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)

    personal: dict[str, Personal] = {}
    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class DisseminationEvent(models.Model):
    """A meeting at which results of the project were shared: where, with whom in words, with how many."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="events")
    held_on = models.DateField()
    title = models.CharField(max_length=200)
    level = models.CharField(max_length=12, choices=SharingLevel.choices)
    # Who listened, in words: "librarians", "heads of schools".
    audience = models.CharField(max_length=120, blank=True)
    parish = models.ForeignKey(Parish, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    # None: nobody counted.
    attendees = models.PositiveIntegerField(null=True, blank=True)

    personal: dict[str, Personal] = {}
    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["held_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["institution", "municipality", "region", "country"]),
                name="how_far_an_event_carries_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Publication(models.Model):
    """An article, a post, a material about the project: where, in what language, how many it reached; is the EU seen."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="publications")
    published_on = models.DateField()
    title = models.CharField(max_length=200)
    channel = models.CharField(max_length=10, choices=PublicationChannel.choices)
    language = models.CharField(max_length=2, choices=PublicationLanguage.choices, default=PublicationLanguage.LATVIAN)
    link = models.URLField(max_length=500, blank=True)
    # Views or readers; None: not known.
    reach = models.PositiveIntegerField(null=True, blank=True)
    # Whether it shows the EU emblem, and says that the views are the authors' alone; None: nobody has looked.
    has_emblem = models.BooleanField(null=True, blank=True)
    has_disclaimer = models.BooleanField(null=True, blank=True)

    personal: dict[str, Personal] = {}
    objects = KeptQuerySet.as_manager()

    class Meta:
        ordering = ["published_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["website", "social", "press", "broadcast", "newsletter", "material", "other"]),
                name="a_publication_s_channel_is_known",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["lv", "en", "ru", "uk", "xx"]), name="a_publication_s_language_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title
