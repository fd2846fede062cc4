"""What has passed, in a file: nothing is planned for it, and what was held is written down as such.

- A new activity all of whose sessions have passed is *completed*, and the file says so: mostly it is the year that is
  mistyped. One that has begun and goes on is taken as it stands.
- An activity that is there keeps the sessions it had; none is added for what has passed, and none at all when it is over.
- Completed is only what was published and has had its last session.

Asked of whatever comes from outside as a whole; pages have each their own question about one session.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses.domain.programme.spec import ActivitySpec, Problems, when
from courses.enums import ActivityStatus
from courses.models import Activity

S = ActivityStatus


def is_over(spec: ActivitySpec, *, now: datetime) -> bool:
    """Whether it had sessions, and all of them have passed."""
    return bool(spec.sessions) and max(meeting.ends_at for meeting in spec.sessions) <= now


def has_begun(spec: ActivitySpec, *, now: datetime) -> datetime | None:
    """When its first session was, of one that has begun and goes on."""
    first = min((meeting.starts_at for meeting in spec.sessions), default=now)
    return first if first < now and not is_over(spec, now=now) else None


def problems(spec: ActivitySpec, *, activity: Activity | None, now: datetime) -> Problems:
    """What is wrong with a spec for the sake of the day it is, by field; ``activity`` is the one it changes, if any."""
    found: Problems = {}
    for name, message, params in _problems(spec, activity, now):
        found.setdefault(name, []).append(ValidationError(message, params=params or None))
    return found


def _problems(
    spec: ActivitySpec, activity: Activity | None, now: datetime
) -> Iterator[tuple[str, Any, dict[str, object]]]:
    if spec.status == S.COMPLETED and not is_over(spec, now=now):
        yield "status", _("Completed is what has had its last session. This one goes on."), {}
    elif activity is None and spec.status != S.COMPLETED and is_over(spec, now=now):
        yield (
            "sessions",
            _("All its sessions have passed. Is the year right? What was held has the status completed."),
            {},
        )
    if activity is None:
        return
    if spec.status == S.COMPLETED and activity.status not in (S.PUBLISHED, S.COMPLETED):
        yield "status", _("Only what was published becomes completed."), {}
    there = {session.starts_at for session in activity.sessions.all()}
    added = sorted({meeting.starts_at for meeting in spec.sessions} - there)
    if added and activity.status == S.COMPLETED:
        yield "sessions", _("The activity is over or called off, so no session can be added."), {}
    elif added and added[0] <= now:
        yield "sessions", _("%(when)s has passed already. Choose a time to come."), {"when": when(added[0])}
