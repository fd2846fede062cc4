"""Templates: a department's ways of beginning an activity. Whoever plans for the department keeps them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from courses.domain.programme.offering import planned_departments
from courses.domain.programme.spec import Refused
from courses.models import Template
from ecosystem.models import Department

NAME_LENGTH = 80
MOST_TEMPLATES = 200
_TAKEN = _("The department already has a template with this name. Choose another, or replace that one.")
_TAKEN_NAME = _("The department already has a template with this name. Choose another.")


def templates_of(reach: Reach) -> QuerySet[Template]:
    """The templates of the departments of one's posts, by name; those put away too."""
    found = Template.objects.select_related("department").order_by("name", "pk")
    if reach.is_administrator:
        return found
    return found.filter(department__in=reach.departments)


def keeps_templates(reach: Reach, department: str) -> bool:
    """Whether one plans for this department, and so names its templates and puts them away."""
    return reach.is_administrator or department in planned_departments(reach)


def save_template(
    *, department: Department, name: str, content: Mapping[str, Any], now: datetime, replacing: bool = False
) -> Template:
    """Keep this as a template of the department. The same again is the same template. Raises :class:`Refused`."""
    _check_name(name)
    with transaction.atomic():
        # Whoever saves two at once meets here; the department's row is what they have in common.
        Department.objects.select_for_update(no_key=True).get(pk=department.pk)
        there = Template.objects.current().filter(department=department, name=name).first()
        if there is not None:
            if there.content != content and not replacing:
                raise Refused({"name": _TAKEN})
            if there.content != content:
                there.content, there.changed_at = dict(content), now
                there.save(update_fields=["content", "changed_at"])
            return there
        if Template.objects.current().filter(department=department).count() >= MOST_TEMPLATES:
            raise Refused(_("The department has enough templates: put away some that nobody needs."))
        return Template.objects.create(
            department=department, name=name, content=dict(content), created_at=now, changed_at=now
        )


def rename_template(*, template: Template, name: str, now: datetime) -> Template:
    """Another name. Raises :class:`Refused`."""
    _check_name(name)
    return _write(template, now=now, name=name)


def retire_template(*, template: Template, now: datetime) -> Template:
    """Put away: nobody begins from it any more. Twice is once."""
    return template if template.retired_at else _write(template, now=now, retired_at=now)


def restore_template(*, template: Template, now: datetime) -> Template:
    """Bring it back. Raises :class:`Refused` where another has its name by now."""
    return _write(template, now=now, retired_at=None)


def _write(template: Template, *, now: datetime, **changes: Any) -> Template:
    try:
        with transaction.atomic():
            template = Template.objects.select_for_update(of=("self",), no_key=True).get(pk=template.pk)
            for name, value in changes.items():
                setattr(template, name, value)
            template.changed_at = now
            template.save(update_fields=[*changes, "changed_at"])
    except IntegrityError as error:
        raise Refused({"name": _TAKEN_NAME}) from error
    return template


def _check_name(name: str) -> None:
    if not name.strip():
        raise Refused({"name": _("Type a name.")})
    if len(name) > NAME_LENGTH:
        raise Refused({"name": _("Write it shorter, at most %(most)s letters.") % {"most": NAME_LENGTH}})
