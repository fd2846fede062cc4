"""What people are told when the plan changes: sessions moved, added, left out; an activity called off.

The kinds: session_cancelled, session_moved, session_added, room_changed, place_changed, plan_changed, activity_cancelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from courses.domain.letters import Facts, Notice, absolute, party_links, titled
from courses.domain.notices import cannot_come, open_registration
from courses.models import Activity, Party, Session
from ecosystem import dates
from ecosystem.places import located


def session_cancelled(
    party: Party,
    facts: Facts,
    session: Session,
    *,
    reason: str,
    has_place: bool = True,
    instead: Sequence[Activity] = (),
) -> Notice:
    """One session will not take place; the others stay; what is near and alike."""
    stays = _("The other sessions stay, and so does your place.") if has_place else _("Your turn stays as it was.")
    return Notice(
        kind="session_cancelled",
        subject=titled(_("A session will not take place"), facts),
        fact=_("The session on %(day)s, %(hours)s, will not take place.")
        % {
            "day": dates.day_month(dates.local_day(session.starts_at), at=True),
            "hours": dates.hours(session.starts_at, session.ends_at),
        },
        lines=[*([reason] if reason else []), stays, *map(_nearby, instead)],
        button=open_registration(party),
        cannot=cannot_come(party),
        has_calendar=has_place,
        links=party_links(party, calendar=has_place),
    )


@dataclass(frozen=True)
class Change:
    """What became of one session: from ``old`` to ``new``; new alone is added, old alone is left out."""

    old: tuple[datetime, datetime] | None = None
    new: tuple[datetime, datetime] | None = None
    room: str = ""
    only_room: bool = False

    @property
    def kind(self) -> str:
        """In one word."""
        if self.only_room:
            return "room_changed"
        return "plan_changed" if self.new is None else "session_moved" if self.old else "session_added"


def plan_changed(party: Party, facts: Facts, changes: Sequence[Change], *, place: str = "", has_place: bool) -> Notice:
    """Sessions meet at other times or in another place than they were told; the registration stays."""
    kinds = {"place_changed"} if place else {change.kind for change in changes}
    kind = kinds.pop() if len(kinds) == 1 else "plan_changed"
    subject = {
        "place_changed": _("Another place"),
        "session_moved": _("Another time"),
        "session_added": _("One more session") if len(changes) == 1 else _("More sessions"),
        "room_changed": _("Another room"),
    }.get(kind, _("The sessions have changed"))
    sentences = [_sentence(change) for change in changes]
    if place:
        sentences.insert(0, _("The place is another now: %(place)s.") % {"place": place})
    stays = _("Your place stays. If you cannot come, tell us.") if has_place else _("Your turn stays as it was.")
    return Notice(
        kind=kind,
        subject=titled(subject, facts),
        fact=sentences[0],
        lines=[*sentences[1:], stays],
        button=open_registration(party),
        cannot=cannot_come(party),
        has_calendar=has_place,
        links=party_links(party, calendar=has_place),
    )


def _sentence(change: Change) -> str:
    room = _(", room «%(room)s»") % {"room": change.room} if change.room else ""
    old, new = (_day_hours(times) for times in (change.old, change.new))
    if change.only_room:
        return _("The session on %(new)s is in the room «%(room)s».") % {"new": new, "room": change.room}
    if change.new is None:
        return _("The session on %(old)s will not take place.") % {"old": old}
    if change.old is None:
        return _("A session is added: %(new)s%(room)s.") % {"new": new, "room": room}
    return _("The session on %(old)s is moved. The new time: %(new)s%(room)s.") % {
        "old": old,
        "new": new,
        "room": room,
    }


def _day_hours(times: tuple[datetime, datetime] | None) -> str:
    if times is None:
        return ""
    return f"{dates.uncapital(dates.on_day(dates.local_day(times[0])))}, {dates.hours(*times)}"


def activity_cancelled(party: Party, facts: Facts, *, reason: str, instead: Sequence[Activity] = ()) -> Notice:
    """The activity will not take place; what is near and alike."""
    return Notice(
        kind="activity_cancelled",
        subject=titled(_("Will not take place"), facts),
        fact=_("The activity will not take place."),
        lines=[
            *([reason] if reason else []),
            _("You need not do anything. Your registration is cancelled."),
            *map(_nearby, instead),
        ],
        button=(_("Look what else is on nearby"), absolute("courses:catalogue")),
        links=[{"rel": "catalogue", "url": absolute("courses:catalogue")}],
    )


def _nearby(other: Activity) -> str:
    """ "Tuvumā: «Adīšana», Elejā, otrdien, 12. janvārī. https://…"."""
    starts = f", {dates.uncapital(dates.on_day(dates.local_day(other.starts_at)))}" if other.starts_at else ""
    return _("Nearby: «%(title)s», %(place)s%(starts)s. %(url)s") % {
        "title": other.title,
        "place": located(other.parish),
        "starts": starts,
        "url": absolute("courses:activity", str(other.pk), other.slug),
    }
