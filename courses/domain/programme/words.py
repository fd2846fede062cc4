"""What the database refuses, in words: a constraint's name becomes the message that stands beside it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from courses.domain.programme import rooms
from courses.domain.programme.spec import ActivitySpec, Refused
from courses.models import Activity, Session

# Which field a constraint's message belongs to.
_FIELD_OF = {
    "a_ref_is_its_own_in_the_department": "ref",
    "an_activity_s_ages_are_in_order": "age_min",
    "an_activity_has_at_least_one_place": "capacity",
    "taken_places_never_exceed_places": "capacity",
    "the_minimum_fits_the_places": "min_participants",
    "a_fee_is_not_negative": "fee_eur",
    "registration_closes_after_it_opens": "registration_closes_at",
    "a_published_activity_has_sessions": "sessions",
    "a_session_ends_after_it_starts": "sessions",
    "an_activity_s_session_starts_once": "sessions",
    "one_session_at_a_time_in_a_room": "room",
    "nobody_stands_in_at_two_sessions_at_once": "led_by",
    "nobody_registers_where_one_just_comes": "is_drop_in",
}


@contextmanager
def in_words(*, activity: Activity, spec: ActivitySpec | None = None) -> Iterator[None]:
    """Around writing alone: :func:`refused_in_words` with :func:`in_latvian`."""
    with refused_in_words(activity=activity, spec=spec), in_latvian():
        yield


def in_latvian() -> AbstractContextManager[None]:
    """Latvian is active while an activity is written: modeltranslation puts the active language's text into the untranslated column."""
    return translation.override(settings.LANGUAGE_CODE)


@contextmanager
def refused_in_words(*, activity: Activity, spec: ActivitySpec | None = None) -> Iterator[None]:
    """A savepoint; what a constraint refuses becomes :class:`Refused` with the constraint's message."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        known = {
            constraint.name: constraint for constraint in (*Activity._meta.constraints, *Session._meta.constraints)
        }
        if name not in known:
            raise
        if name == "one_session_at_a_time_in_a_room" and spec is not None:
            raise Refused({"room": _who_has_the_room(activity, spec)}) from error
        if name == "a_ref_is_its_own_in_the_department":
            raise Refused({"ref": _("The department already has an activity with this reference.")}) from error
        message = getattr(known[name], "violation_error_message", str(error))
        raise Refused({_FIELD_OF.get(name, NON_FIELD_ERRORS): message}) from error


def _who_has_the_room(activity: Activity, spec: ActivitySpec) -> ValidationError:
    """Why not and what instead: the session that has the room, or that two of one's own meet in it."""
    for meeting in spec.sessions:
        if meeting.room is None:
            continue
        there = rooms.who_has(
            room=meeting.room, starts_at=meeting.starts_at, ends_at=meeting.ends_at, activity=activity.pk
        )
        if there is not None:
            return rooms.taken(there, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
    return ValidationError(_("Two of the activity's own sessions would be in the room at once."))
