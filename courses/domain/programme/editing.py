"""Two people edit the same: the later is told what the earlier changed, and nothing of either is lost.

The page carries a fingerprint of what it showed. When the row says something else by the time it is saved, the change
is refused as :class:`ChangedMeanwhile`; whoever has seen both may save over it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from courses.domain.programme.spec import PLAIN, SETS, ActivitySpec, Refused, SessionSpec, spec_of, when
from courses.domain.programme.writing import create_activity, locked, update_activity
from courses.enums import ActivityStatus
from courses.models import Activity
from ecosystem import history
from ecosystem.models import User


class ChangedMeanwhile(Exception):
    """Somebody else saved the activity after the page was opened; ``current`` is what it says now."""

    def __init__(self, current: ActivitySpec) -> None:
        super().__init__("changed meanwhile")
        self.current = current


def fingerprint(spec: ActivitySpec) -> str:
    """A short mark of all that the editor shows: without sessions and standing, which have pages of their own."""
    said: list[Any] = [(name, _plain(getattr(spec, name))) for name in PLAIN if name != "status"]
    said += [(name, sorted(_plain(each) for each in getattr(spec, name) or ())) for name in SETS]
    said += [(name, _filled(getattr(spec, name).items())) for name in ("titles", "summaries")]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def create_draft(
    *,
    details: ActivitySpec,
    meetings: Sequence[SessionSpec],
    now: datetime,
    by: User | None = None,
    partner_note: str = "",
) -> Activity:
    """A new draft with the sessions said so far, none of them in the past. Raises :class:`Refused`."""
    for meeting in meetings:
        if meeting.starts_at <= now:
            message = _("%(when)s has passed already. Choose a time to come.")
            raise Refused({"sessions": ValidationError(message, params={"when": when(meeting.starts_at)})})
    spec = replace(details, sessions=list(meetings), status=ActivityStatus.DRAFT)
    return create_activity(spec=spec, now=now, by=by, partner_note=partner_note)


@history.one_change()
def save_details(
    *,
    activity: Activity,
    details: ActivitySpec,
    seen: str,
    now: datetime,
    by: User | None = None,
    partner_note: str = "",
) -> Activity:
    """Write what the editor shows; sessions and standing stay as they are.

    ``seen`` is the fingerprint of what the page showed. In another centre the old rooms are let go. Raises
    :class:`Refused` and :class:`ChangedMeanwhile`.
    """
    with transaction.atomic():
        activity = locked(activity.pk)
        current = spec_of(activity)
        if seen != fingerprint(current):
            raise ChangedMeanwhile(current)
        sessions = current.sessions
        if details.centre != current.centre:
            sessions = [replace(meeting, room=None) for meeting in sessions]
        spec = replace(details, sessions=sessions, status=current.status)
        return update_activity(activity=activity, spec=spec, now=now, by=by, partner_note=partner_note)


def _plain(value: Any) -> str:
    match value:
        case models.Model():
            return str(value.pk)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case None:
            return ""
    return str(value)


def _filled(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted((language, text) for language, text in texts if text)
