"""Mobilities: what kind lasts how long, when one is done, and how many are planned and done.

The days are those of activity: travel before and after is not among them. The limits of each kind are the Programme
Guide's and stand in ``coordinators.enums``; the database holds them too. A day outside the project is told, not refused
(``projects.remarks``): the agreement may have been amended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from coordinators.domain import countries
from coordinators.domain.access import Reach
from coordinators.domain.keeping import Refused, put, refuse_stale, refuse_stranger
from coordinators.enums import COME_HERE, MobilityKind, MobilityState, ParticipantReport
from coordinators.models import Mobility, Post, Project


@dataclass(frozen=True, kw_only=True)
class MobilitySpec:
    """A mobility as it should be written down."""

    kind: str
    state: str = MobilityState.PLANNED
    in_grant: bool = True
    post: Post | None = None
    participants: int = 1
    host: str = ""
    country: str = ""
    starts_on: date
    ends_on: date
    green_travel: bool | None = None
    is_blended: bool | None = None
    has_agreement: bool | None = None
    has_certificate: bool | None = None
    report: str = ParticipantReport.NOT_REQUESTED
    brought_home: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Tally:
    """Participants and their days of activity: in the grant, and done. What was cancelled was planned all the same."""

    planned: int = 0
    done: int = 0
    planned_days: int = 0
    done_days: int = 0
    # Mobilities done, whatever the number of participants.
    stays: int = 0

    @property
    def average_days(self) -> float | None:
        """Days of activity a participant."""
        return self.done_days / self.done if self.done else None


def tally(rows: Iterable[Mobility]) -> Tally:
    """What is planned and what is done among these; guests and visits made to prepare are not counted."""
    planned = done = planned_days = done_days = stays = 0
    for row in rows:
        if not row.is_counted:
            continue
        days = row.participants * row.days
        if row.in_grant:
            planned, planned_days = planned + row.participants, planned_days + days
        if row.is_done:
            done, done_days, stays = done + row.participants, done_days + days, stays + 1
    return Tally(planned=planned, done=done, planned_days=planned_days, done_days=done_days, stays=stays)


def add(*, project: Project, spec: MobilitySpec, reach: Reach, today: date) -> Mobility:
    """Write a mobility down. Raises :class:`Refused`."""
    refuse_stranger(reach)
    mobility = Mobility(project=project)
    put(mobility, spec, errors=wrong_with(spec, project=project, today=today))
    return mobility


def change(*, mobility: Mobility, spec: MobilitySpec, seen: str, reach: Reach, today: date) -> Mobility:
    """Write down what is true of a mobility now. Raises :class:`Refused`."""
    refuse_stranger(reach)
    with transaction.atomic():
        mobility = Mobility.objects.select_for_update(no_key=True, of=("self",)).get(pk=mobility.pk)
        refuse_stale(mobility, seen)
        put(mobility, spec, errors=wrong_with(spec, project=mobility.project, today=today, but=mobility.pk))
    return mobility


def remove(*, mobility: Mobility, reach: Reach) -> None:
    """Take a mobility away that was written down by mistake; one that will not be is cancelled instead."""
    refuse_stranger(reach)
    try:
        mobility.delete()
    except ProtectedError:
        raise Refused(
            _("A practice was brought home from it. Delete the practice first, if both are mistakes.")
        ) from None


def wrong_with(spec: MobilitySpec, *, project: Project, today: date, but: int | None = None) -> dict[str, Any]:
    """Why this cannot stand, by field; empty when it can."""
    errors: dict[str, Any] = {}
    if spec.ends_on < spec.starts_on:
        errors["ends_on"] = _("The last day is before the first.")
    elif spec.kind in MobilityKind.values:
        errors["ends_on"] = _wrong_days(spec)
    if spec.state == MobilityState.DONE:
        if not errors.get("ends_on") and spec.ends_on > today:
            errors["state"] = _("It is not over yet: it is done when its last day has passed.")
        if not spec.host:
            errors["host"] = (
                _("Write from which organisation they come.")
                if spec.kind in COME_HERE
                else _("Write which organisation received them or gave the course.")
            )
        if not spec.country:
            errors["country"] = _("Choose the country.")
    elif spec.report == ParticipantReport.SUBMITTED:
        errors["report"] = _("Of what is not done there is no report yet.")
    if spec.country == countries.HOME:
        errors["country"] = _("A mobility leads abroad: choose another country.")
    errors["participants"] = _wrong_participants(spec)
    if spec.post is not None and spec.kind in MobilityKind.values and not MobilityKind(spec.kind).takes_a_post:
        errors["post"] = (
            _("Somebody comes here on it, no post goes: leave the post out and write how many come.")
            if spec.kind in COME_HERE
            else _("Adult learners go on it, not staff: leave the post out and write how many went.")
        )
    if spec.ref and Mobility.objects.filter(project=project, ref=spec.ref).exclude(pk=but or 0).exists():
        errors["ref"] = _("Another mobility of the project has this number.")
    return {name: said for name, said in errors.items() if said}


def _wrong_days(spec: MobilitySpec) -> ValidationError | None:
    kind, days = MobilityKind(spec.kind), (spec.ends_on - spec.starts_on).days + 1
    least, most = kind.days
    if least <= days <= most:
        return None
    words = ngettext_lazy(
        "«%(kind)s» lasts from %(least)s to %(most)s days without the days of travel; this is %(days)s day.",
        "«%(kind)s» lasts from %(least)s to %(most)s days without the days of travel; this is %(days)s days.",
        "days",
    )
    # Said in the language it is read in, be it a page's or both of a file's.
    return ValidationError(words, params={"kind": kind.label, "least": least, "most": most, "days": days})


def _wrong_participants(spec: MobilitySpec) -> Any:
    if spec.participants < 1:
        return _("At least one participant.")
    if spec.post is not None and spec.participants != 1:
        return _("A post goes alone: write each participant down by themselves, or leave the post out.")
    return None
