"""What many models share."""

from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models

from ecosystem.privacy import Personal


class TermQuerySet(models.QuerySet):
    """Terms of a vocabulary."""

    def current(self) -> Self:
        """Those still in use; retired ones stay for what already names them."""
        return self.filter(retired_at=None)


class Term(models.Model):
    """A word of the shared vocabulary: retired when it is no longer used, never deleted."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    personal: ClassVar[Mapping[str, Personal]] = {}
    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name
