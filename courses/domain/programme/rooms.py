"""Rooms: one session at a time in each. Who has a room, and which other of the centre is free."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from centres.models import Room
from courses.domain.programme.spec import when
from courses.models import Session


def free_rooms(*, centre: int, starts_at: datetime, ends_at: datetime, but: Session | None = None) -> list[Room]:
    """The rooms of a centre that nobody has then, by name; ``but`` is a session whose own room counts as free."""
    there = Session.objects.live().filter(room=OuterRef("pk"), starts_at__lt=ends_at, ends_at__gt=starts_at)
    if but is not None:
        there = there.exclude(pk=but.pk)
    return list(Room.objects.filter(~Exists(there), centre=centre).order_by("name", "pk"))


def who_has(
    *, room: Room, starts_at: datetime, ends_at: datetime, but: Session | None = None, activity: int | None = None
) -> Session | None:
    """The session that is in the room then, apart from one's own."""
    rows = Session.objects.live().filter(room=room, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if activity is not None:
        rows = rows.exclude(activity=activity)
    return rows.select_related("activity", "room").order_by("starts_at", "pk").first()


def taken(there: Session, *, starts_at: datetime, ends_at: datetime, but: Session | None = None) -> ValidationError:
    """Why not, and what instead: who has the room, and which others of the centre are free at that time."""
    room = there.room
    assert room is not None  # noqa: S101  (found by its room)
    params = {
        "when": when(starts_at),
        "room": room.name,
        "title": there.activity.title,
        "until": when(there.ends_at),
    }
    free = free_rooms(centre=room.centre_id, starts_at=starts_at, ends_at=ends_at, but=but)
    if free:
        params["free"] = ", ".join(f"«{each.name}»" for each in free)
        return ValidationError(
            _("On %(when)s the room «%(room)s» is taken by «%(title)s», until %(until)s. Free at that time: %(free)s."),
            params=params,
        )
    return ValidationError(
        _(
            "On %(when)s the room «%(room)s» is taken by «%(title)s», until %(until)s. No other room of the centre is "
            "free at that time."
        ),
        params=params,
    )
