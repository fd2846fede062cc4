"""Projects and their objectives: what a grant is, what it promised as numbers, and what the programme allows it.

A KA122 project lasts 6 to 18 months and has up to 30 participants. Whoever writes it down is told when it is otherwise,
and not stopped: agreements are amended, and the number in the agreement is what holds.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, Sum
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from coordinators.domain.keeping import Refused, put, refuse_stale, refuse_stranger
from coordinators.enums import MONTHS, MOST_OBJECTIVES, MOST_PARTICIPANTS, ProjectAction
from coordinators.models import Mobility, Objective, Project
from ecosystem import dates

# 2023-1-LV01-KA122-ADU-000125873: year, round, national agency, action, field, number.
CODE = re.compile(r"20[0-9]{2}-[1-9]-[A-Z]{2}[0-9]{2}-(KA[0-9]{3})-[A-Z]{3}-[0-9]{9}")


@dataclass(frozen=True, kw_only=True)
class ProjectSpec:
    """A project as it should be written down."""

    code: str
    name_lv: str
    name_en: str = ""
    action: str = ProjectAction.KA122
    starts_on: date
    ends_on: date
    grant_eur: Decimal
    spent_eur: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ObjectiveSpec:
    """An objective as it should be written down."""

    text_lv: str
    text_en: str = ""
    indicator: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    target: Decimal
    baseline: Decimal | None = None
    actual: Decimal | None = None
    status_lv: str = ""
    status_en: str = ""


def add(*, spec: ProjectSpec, reach: Reach) -> Project:
    """Write a project down. Raises :class:`Refused`."""
    refuse_stranger(reach)
    project = Project()
    put(project, spec, errors=_wrong_with(spec, but=None))
    return project


def change(*, project: Project, spec: ProjectSpec, seen: str, reach: Reach) -> Project:
    """Write down what is true now; ``seen`` is the stamp of what the page showed. Raises :class:`Refused`."""
    refuse_stranger(reach)
    with transaction.atomic():
        project = locked(project)
        refuse_stale(project, seen)
        put(project, spec, errors=_wrong_with(spec, but=project.pk))
    return project


def remove(*, project: Project, reach: Reach) -> None:
    """Take a project away that was written down by mistake: one that nothing belongs to yet."""
    refuse_stranger(reach)
    try:
        project.delete()
    except ProtectedError:
        raise Refused(
            _("Mobilities, events or publications belong to the project. Delete them first, if they are mistakes.")
        ) from None


def add_objective(*, project: Project, spec: ObjectiveSpec, reach: Reach) -> Objective:
    """Another objective, under the lowest free number. Raises :class:`Refused`."""
    refuse_stranger(reach)
    with transaction.atomic():
        # Two who add at once come one after the other.
        project = locked(project)
        taken = set(project.objectives.values_list("position", flat=True))
        free = [number for number in range(1, MOST_OBJECTIVES + 1) if number not in taken]
        if not free:
            raise Refused(
                _("A project has at most %(most)s objectives. Change or delete one of those there are."),
                params={"most": MOST_OBJECTIVES},
            )
        objective = Objective(project=project, position=free[0])
        put(objective, spec, errors=_wrong_with_objective(spec))
    return objective


def change_objective(*, objective: Objective, spec: ObjectiveSpec, seen: str, reach: Reach) -> Objective:
    """Write down what is true of an objective now. Raises :class:`Refused`."""
    refuse_stranger(reach)
    with transaction.atomic():
        objective = Objective.objects.select_for_update(no_key=True).get(pk=objective.pk)
        refuse_stale(objective, seen)
        put(objective, spec, errors=_wrong_with_objective(spec))
    return objective


def remove_objective(*, objective: Objective, reach: Reach) -> None:
    """Take an objective away; the others keep their numbers."""
    refuse_stranger(reach)
    objective.delete()


def locked(project: Project) -> Project:
    """The project under its lock: whatever is counted over what belongs to it is changed one after the other."""
    return Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def remarks(project: Project) -> list[str]:
    """What the programme would not expect of this project, told and not forbidden."""
    told = []
    if project.action == ProjectAction.KA122:
        after = project.ends_on + relativedelta(days=1)
        if not _months_later(project.starts_on, MONTHS[0]) <= after <= _months_later(project.starts_on, MONTHS[1]):
            told.append(
                gettext("A KA122 project lasts from %(least)s to %(most)s months; this one does not.")
                % {"least": MONTHS[0], "most": MONTHS[1]}
            )
        planned = (
            Mobility.objects.counted().filter(project=project, in_grant=True).aggregate(all=Sum("participants"))["all"]
            or 0
        )
        if planned > MOST_PARTICIPANTS:
            told.append(
                ngettext(
                    "A KA122 project has at most %(most)s participants; %(count)s is planned.",
                    "A KA122 project has at most %(most)s participants; %(count)s are planned.",
                    planned,
                )
                % {"most": MOST_PARTICIPANTS, "count": planned}
            )
    if project.spent_eur is not None and project.spent_eur > project.grant_eur:
        told.append(gettext("More is spent than granted."))
    outside = Mobility.objects.filter(project=project).exclude(state="cancelled")
    for mobility in outside.exclude(starts_on__gte=project.starts_on, ends_on__lte=project.ends_on):
        told.append(
            gettext("%(kind)s, %(days)s: outside the days of the project, %(period)s.")
            % {
                "kind": mobility.get_kind_display(),
                "days": dates.period(mobility.starts_on, mobility.ends_on),
                "period": dates.period(project.starts_on, project.ends_on),
            }
        )
    return told


def _months_later(day: date, months: int) -> date:
    return day + relativedelta(months=months)


def _wrong_with(spec: ProjectSpec, *, but: int | None) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    found = CODE.fullmatch(spec.code)
    if spec.action != ProjectAction.OTHER:
        if not found:
            errors["code"] = _("Write the number as in the agreement: 2023-1-LV01-KA122-ADU-000125873, for instance.")
        elif found[1] != spec.action:
            errors["action"] = ValidationError(_("The number says %(said)s."), params={"said": found[1]})
    if "code" not in errors and Project.objects.filter(code=spec.code).exclude(pk=but or 0).exists():
        errors["code"] = _("A project of this number is already here.")
    if spec.ends_on < spec.starts_on:
        errors["ends_on"] = _("The last day is before the first.")
    if spec.grant_eur <= 0:
        errors["grant_eur"] = _("Write the grant in euros, above zero.")
    if spec.spent_eur is not None and spec.spent_eur < 0:
        errors["spent_eur"] = _("What is spent cannot be below zero.")
    return errors


def _wrong_with_objective(spec: ObjectiveSpec) -> dict[str, Any]:
    return {"target": _("The target is a number above zero.")} if spec.target <= 0 else {}
