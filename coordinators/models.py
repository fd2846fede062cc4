"""Posts: who does the municipality's lifelong learning where; and who leads sessions."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from centres.models import Centre
from ecosystem.history import KeptQuerySet
from ecosystem.models import Department, Parish, Topic
from ecosystem.privacy import Personal, Term


class PostQuerySet(KeptQuerySet["Post"]):
    """Posts by day and place."""

    def in_force(self, *, on: date) -> Self:
        """Those that exist on this day."""
        return self.filter(Q(starts_on__lte=on), Q(ends_on=None) | Q(ends_on__gte=on))

    def coordinating(self, parish: Parish) -> Self:
        """The coordinators' posts of this parish."""
        return self.filter(kind=Post.Kind.COORDINATOR, parishes=parish)


class Post(models.Model):
    """A job: a department, parishes, from–until, held by somebody **or vacant**. Rights come from posts alone."""

    class Kind(models.TextChoices):
        """What the job is."""

        COORDINATOR = "coordinator", _("Coordinator")
        MANAGER = "manager", _("Centre manager")
        HEAD = "head", _("Head of department")
        PROJECT_MANAGER = "project_manager", _("Project manager")
        ADMINISTRATOR = "administrator", _("Administrator")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    parishes = models.ManyToManyField(Parish, blank=True, related_name="posts")
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts"
    )
    # Who answers for a vacant post.
    stands_in = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="stands_in_for"
    )
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    personal = {
        "holder": Personal(_("Who holds the post"), _("To know who may do what"), Term.DUTY),
        "phone": Personal(_("Work telephone"), _("So that residents can ring"), Term.DUTY),
        "email": Personal(_("Work e-mail"), _("So that residents can write"), Term.DUTY),
    }
    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "department_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["coordinator", "manager", "head", "project_manager", "administrator"]),
                name="a_post_s_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="a_post_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(stands_in=F("id")), name="a_post_does_not_stand_in_for_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.department_id}"

    def is_in_force(self, *, on: date) -> bool:
        """Whether it exists on this day."""
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)

    @property
    def answering(self) -> "Post | None":
        """The post that answers the telephone: this one, or when vacant the one that stands in for it."""
        today = timezone.localdate()
        # Of an ended post the holder is gone, also where the night has not yet taken the name.
        if self.holder_id is not None and not (self.ends_on and self.ends_on < today):
            return self
        other = self.stands_in
        # What has ended, or not begun, answers for nothing.
        return other if other and other.holder_id and other.is_in_force(on=today) else None


class EducatorQuerySet(KeptQuerySet["Educator"]):
    """Educators as sets."""

    def current(self) -> Self:
        """Those who still teach; the retired stay for what they led."""
        return self.filter(retired_at=None)

    def teaching(self, *, topic: Topic | str, language: str) -> Self:
        """Those who teach this, in this language."""
        return self.filter(topics=topic, languages__contains=[language])


class Educator(models.Model):
    """Who leads sessions: staff, hired or volunteer. Named in public by the name they teach under, and by no more.

    Retired when they no longer teach here, never deleted while what they led is remembered.
    """

    class Kind(models.TextChoices):
        """On what terms they teach."""

        STAFF = "staff", _("Staff")
        HIRED = "hired", _("Hired")
        VOLUNTEER = "volunteer", _("Volunteer")

    name = models.CharField(max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="educators")
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.HIRED)
    topics = models.ManyToManyField(Topic, blank=True, related_name="educators")
    # In which they teach: the codes that an activity's language has.
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    # The permit to work with people, or the contract: a number of the work, where there is one.
    contract_number = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    # Their own page: a link is good for the version it was made for, for so long after it was issued.
    link_version = models.PositiveIntegerField(default=1)
    link_issued_at = models.DateTimeField(null=True, blank=True)

    personal = {
        "name": Personal(_("Name of who leads"), _("So that people know who leads"), Term.LED),
        "kind": Personal(_("Staff, hired or volunteer"), _("To account for who led"), Term.LED),
        "topics": Personal(_("What they teach"), _("To find who can lead"), Term.LED),
        "languages": Personal(_("Languages they teach in"), _("To find who can lead"), Term.LED),
        "contract_number": Personal(_("Number of the permit or contract"), _("To account for who led"), Term.LED),
        "email": Personal(_("E-mail address"), _("To agree on sessions, to send the link"), Term.RETIRED),
        "phone": Personal(_("Telephone"), _("To agree on sessions, to send the link"), Term.RETIRED),
        "note": Personal(_("Note about the work"), _("To agree on sessions"), Term.RETIRED),
    }
    objects = EducatorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["staff", "hired", "volunteer"]), name="an_educator_s_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=["lv", "en", "ru", "uk"]), name="an_educator_s_languages_are_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reads(self) -> str:
        """The language of our messages to them."""
        return "en" if "en" in self.languages and "lv" not in self.languages else "lv"
