"""Posts: who does the municipality's lifelong learning where."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.models import Centre
from ecosystem.history import KeptQuerySet
from ecosystem.models import Department, Parish
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
