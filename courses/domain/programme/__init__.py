"""The programme: an activity is written with its sessions, published, called off, completed.

An activity says for whom, where, what about and when, and the row carries the facts of its sessions (first start, last
end, how many), so that the catalogue reads one table. Whoever changes an activity changes ``changed_at`` with it, which
the catalogue's index follows. What the database would refuse is refused here in words: the constraints are the last to
speak, and :mod:`words` translates them, so no door meets a bare ``IntegrityError``.
"""

from courses.domain.programme.spec import (
    LANGUAGES,
    WRITABLE,
    ActivitySpec,
    Refused,
    SessionSpec,
    check,
    spec_of,
)
from courses.domain.programme.standing import call_off, call_off_session, complete_past, publish
from courses.domain.programme.writing import create_activity, refresh_facts, set_educators, update_activity

__all__ = [
    "LANGUAGES",
    "WRITABLE",
    "ActivitySpec",
    "Refused",
    "SessionSpec",
    "call_off",
    "call_off_session",
    "check",
    "complete_past",
    "create_activity",
    "publish",
    "refresh_facts",
    "set_educators",
    "spec_of",
    "update_activity",
]
