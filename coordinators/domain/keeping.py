"""How projects and what belongs to them are written down: by whom, all refusals at once, never over a colleague's work.

Project managers, heads and administrators write; whoever else holds a post reads. A page carries the stamp of what it
showed, and who saves second is told that somebody was quicker.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from coordinators.models import Post

_KEEPERS = (Post.Kind.PROJECT_MANAGER, Post.Kind.HEAD, Post.Kind.ADMINISTRATOR)


class Refused(ValidationError):
    """What was said cannot stand; the messages say why, by field, and are fit to show."""


class ChangedMeanwhile(Exception):
    """Somebody else saved this after the page was opened."""


def may_keep(reach: Reach) -> bool:
    """Whether one writes projects down; a post one stands in for does not count."""
    return any(post.kind in _KEEPERS for post in reach.posts)


def refuse_stranger(reach: Reach) -> None:
    """Only those who keep projects go on."""
    if not may_keep(reach):
        raise PermissionDenied(_("Projects are kept by project managers, heads of departments and administrators."))


def stamp(row: models.Model) -> str:
    """A short mark of what is written down now."""
    said = [(field.attname, str(getattr(row, field.attname))) for field in row._meta.concrete_fields]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def refuse_stale(row: models.Model, seen: str) -> None:
    """Refuse to write over what the page did not show. The row is read under its lock."""
    if seen != stamp(row):
        raise ChangedMeanwhile


def put(row: models.Model, spec: Any, *, errors: Mapping[str, Any]) -> None:
    """Write the row as the spec says, unless there are errors; raises :class:`Refused` with all of them."""
    for each in fields(spec):
        setattr(row, each.name, getattr(spec, each.name))
    found = {name: said for name, said in errors.items() if said}
    try:
        # What the rules have refused already need not be refused by the row's own constraints in other words.
        row.full_clean(exclude=found, validate_constraints=not found)
    except ValidationError as error:
        found |= {name: said for name, said in error.error_dict.items() if name not in found}
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Between the check and the writing a colleague wrote the same.
        raise Refused(
            _("Somebody else wrote the same down at this moment. Look at the list before you save.")
        ) from None
