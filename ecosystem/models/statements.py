"""Statements: the long public texts that the municipality edits itself."""

from django.db import models

from ecosystem.history import KeptQuerySet
from ecosystem.models.base import Term


class Statement(models.Model):
    """A public text (accessibility, privacy, how to register by telephone), in Markdown-free simple HTML."""

    key = models.SlugField(max_length=40, primary_key=True)
    title = models.CharField(max_length=160)
    body = models.TextField()
    updated_on = models.DateField()

    personal = Term.personal
    objects = KeptQuerySet["Statement"].as_manager()

    def __str__(self) -> str:
        return self.title
