"""Templates: how an activity is described when it is held again and again, without its days."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Department
from ecosystem.privacy import Personal


class TemplateQuerySet(models.QuerySet["Template"]):
    """Templates as sets."""

    def current(self) -> Self:
        """Those one may begin from."""
        return self.filter(retired_at=None)


class Template(models.Model):
    """A department's way of beginning an activity: all that the editor asks, but no day.

    ``content`` holds what the editor's fields say (``fields``: codes, not rows, since words are retired meanwhile), how
    each choice read when it was saved (``shown``), and the usual hours and number of sessions (``when``). Whatever is
    begun from it is judged anew, so it may hold what today's rules would refuse.
    """

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="templates")
    name = models.CharField(max_length=80)
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    personal: dict[str, Personal] = {}
    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="a_template_has_a_name",
                violation_error_message=_("Type a name."),
            ),
            models.UniqueConstraint(
                fields=["department", "name"],
                condition=Q(retired_at=None),
                name="a_template_s_name_is_its_own_in_the_department",
                violation_error_message=_("The department already has a template with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fields(self) -> dict[str, Any]:
        """What the editor's fields say."""
        return dict(self.content.get("fields", {}))

    @property
    def when(self) -> dict[str, Any]:
        """The usual hours, weekdays and number of sessions; empty when it had none."""
        return dict(self.content.get("when", {}))
