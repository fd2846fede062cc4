"""The programme: an activity is written with its sessions, published, called off, completed, held together.

An activity says for whom, where, what about and when, and the row carries the facts of its sessions (first start, last
end, how many), so that the catalogue reads one table. Whoever changes an activity changes ``changed_at`` with it, which
the catalogue's index follows. What the database would refuse is refused here in words: the constraints are the last to
speak, and :mod:`words` translates them, so no door meets a bare ``IntegrityError``.
"""

from courses.domain.programme import partnering, past
from courses.domain.programme.cloning import Copy, clone, plan_copy
from courses.domain.programme.editing import (
    AlreadyMade,
    ChangedMeanwhile,
    NoDraft,
    create_draft,
    fingerprint,
    keep_draft,
    save_details,
    unasked,
)
from courses.domain.programme.leading import words as clash_words
from courses.domain.programme.offering import Offer, educators, may_plan, offer, planned_departments
from courses.domain.programme.rescheduling import add_sessions, move_session, set_leader
from courses.domain.programme.rooms import free_rooms
from courses.domain.programme.seasons import Made, Rehearsed, Season, copy_season, rehearse
from courses.domain.programme.shifting import Shift, plan_shift, shift
from courses.domain.programme.spec import (
    FILED,
    LANGUAGES,
    SAY_WHOM,
    WRITABLE,
    ActivitySpec,
    Refused,
    SessionSpec,
    check,
    spec_of,
    when,
)
from courses.domain.programme.standing import (
    SAY_WHEN,
    advisable,
    advised,
    call_off,
    call_off_session,
    complete_past,
    discard,
    lacking,
    missing,
    plan,
    publish,
    take_back,
)
from courses.domain.programme.templates import (
    keeps_templates,
    rename_template,
    restore_template,
    retire_template,
    save_template,
    templates_of,
)
from courses.domain.programme.writing import (
    create_activity,
    hold,
    refresh_facts,
    says_already,
    set_educators,
    update_activity,
    update_held,
)

__all__ = [
    "FILED",
    "LANGUAGES",
    "SAY_WHEN",
    "SAY_WHOM",
    "WRITABLE",
    "ActivitySpec",
    "AlreadyMade",
    "ChangedMeanwhile",
    "Copy",
    "Made",
    "NoDraft",
    "Offer",
    "Refused",
    "Rehearsed",
    "Season",
    "SessionSpec",
    "Shift",
    "add_sessions",
    "advisable",
    "advised",
    "call_off",
    "call_off_session",
    "check",
    "clash_words",
    "clone",
    "complete_past",
    "copy_season",
    "create_activity",
    "create_draft",
    "discard",
    "educators",
    "fingerprint",
    "free_rooms",
    "hold",
    "keep_draft",
    "keeps_templates",
    "lacking",
    "may_plan",
    "missing",
    "move_session",
    "offer",
    "partnering",
    "past",
    "plan",
    "plan_copy",
    "plan_shift",
    "planned_departments",
    "publish",
    "refresh_facts",
    "rehearse",
    "rename_template",
    "restore_template",
    "retire_template",
    "save_details",
    "save_template",
    "says_already",
    "set_educators",
    "set_leader",
    "shift",
    "spec_of",
    "take_back",
    "templates_of",
    "unasked",
    "update_activity",
    "update_held",
    "when",
]
