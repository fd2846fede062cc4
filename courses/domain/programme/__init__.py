"""The programme: an activity is written with its sessions, published, called off, completed, held together.

An activity says for whom, where, what about and when, and the row carries the facts of its sessions (first start, last
end, how many), so that the catalogue reads one table. Whoever changes an activity changes ``changed_at`` with it, which
the catalogue's index follows. What the database would refuse is refused here in words: the constraints are the last to
speak, and :mod:`words` translates them, so no door meets a bare ``IntegrityError``.
"""

from courses.domain.programme import partnering
from courses.domain.programme.cloning import Copy, clone, plan_copy
from courses.domain.programme.editing import ChangedMeanwhile, create_draft, fingerprint, save_details
from courses.domain.programme.leading import words as clash_words
from courses.domain.programme.offering import Offer, educators, may_plan, offer
from courses.domain.programme.rescheduling import add_sessions, move_session, set_leader
from courses.domain.programme.rooms import free_rooms
from courses.domain.programme.spec import (
    LANGUAGES,
    WRITABLE,
    ActivitySpec,
    Refused,
    SessionSpec,
    check,
    spec_of,
)
from courses.domain.programme.standing import (
    advisable,
    call_off,
    call_off_session,
    complete_past,
    missing,
    plan,
    publish,
    take_back,
)
from courses.domain.programme.writing import create_activity, refresh_facts, set_educators, update_activity

__all__ = [
    "LANGUAGES",
    "WRITABLE",
    "ActivitySpec",
    "ChangedMeanwhile",
    "Copy",
    "Offer",
    "Refused",
    "SessionSpec",
    "add_sessions",
    "advisable",
    "call_off",
    "call_off_session",
    "check",
    "clash_words",
    "clone",
    "complete_past",
    "create_activity",
    "create_draft",
    "educators",
    "fingerprint",
    "free_rooms",
    "may_plan",
    "missing",
    "move_session",
    "offer",
    "partnering",
    "plan",
    "plan_copy",
    "publish",
    "refresh_facts",
    "save_details",
    "set_educators",
    "set_leader",
    "spec_of",
    "take_back",
    "update_activity",
]
