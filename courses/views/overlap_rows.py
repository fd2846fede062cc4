"""An overlap as a line of the board: two activities side by side, why, how long it waits, what was decided."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.domain.access import Reach
from courses.domain.overlaps import board
from courses.models import Activity, Overlap
from courses.views import cards
from courses.views.board import address
from ecosystem import dates

TONES = {Overlap.Kind.DUPLICATE: "is-gold", Overlap.Kind.CLASH: "is-mist"}


def row(overlap: Overlap, *, reach: Reach, now: datetime) -> dict[str, Any]:
    """One line."""
    state = board.state(overlap)
    first, second = _facts(overlap.first), _facts(overlap.second)
    return {
        "pk": overlap.pk,
        "url": reverse("courses:desk_overlap", args=[overlap.pk]),
        "state": state,
        "kind": overlap.kind,
        "kind_words": overlap.get_kind_display(),
        "tone": TONES[Overlap.Kind(overlap.kind)] if state == board.OPEN else "",
        "is_own": overlap.is_own,
        "needs_decision": state == board.OPEN and overlap.kind == Overlap.Kind.DUPLICATE and not overlap.is_own,
        "sides": [
            {
                "title": activity.title,
                "url": address(reach, activity),
                "status": _status(activity),
                "facts": [
                    {"label": label, "text": text, "differs": text != other}
                    for (label, text), (_label, other) in zip(mine, theirs, strict=True)
                    if text
                ],
            }
            for activity, mine, theirs in ((overlap.first, first, second), (overlap.second, second, first))
        ],
        "why": why(overlap),
        "how_long": how_long(overlap, now=now),
        "decision": decision(overlap),
        "came": came(overlap),
    }


def why(overlap: Overlap) -> str:
    """The reasons in the reader's language, one after the other."""
    language = "lv" if dates.is_latvian() else "en"
    return " ".join(reason.get(language) or reason.get("lv") or "" for reason in overlap.reasons)


def how_long(overlap: Overlap, *, now: datetime) -> str:
    """ "Gaida lēmumu 12 dienas", "Izlemta pēc 3 dienām"."""
    if overlap.decision is not None:
        if overlap.decision.at < overlap.found_at:
            return _("Decided before, and found again")
        return _decided_after(overlap.decision.at - overlap.found_at)
    if overlap.ended_at is not None:
        return _open_for(overlap.ended_at - overlap.found_at)
    return _waits(now - overlap.found_at)


def _waits(time: timedelta) -> str:
    if time.days < 1:
        return _("Undecided for less than a day")
    return ngettext("Undecided for %(n)s day", "Undecided for %(n)s days", time.days) % {"n": time.days}


def _decided_after(time: timedelta) -> str:
    if time.days < 1:
        return _("Decided within a day")
    return ngettext("Decided after %(n)s day", "Decided after %(n)s days", time.days) % {"n": time.days}


def _open_for(time: timedelta) -> str:
    if time.days < 1:
        return _("Undecided for less than a day, then overlapped no more")
    return ngettext(
        "Undecided for %(n)s day, then overlapped no more",
        "Undecided for %(n)s days, then overlapped no more",
        time.days,
    ) % {"n": time.days}


def decision(overlap: Overlap) -> dict[str, str] | None:
    """What was decided, by whom, when, in whose words."""
    made = overlap.decision
    if made is None:
        return None
    who = ", ".join(filter(None, (made.by.name if made.by else "", str(made.department.name))))
    return {
        "what": str(made.get_what_display()),
        "words": made.words,
        "by": f"{who}, {dates.on_date(dates.local_day(made.at))}",
    }


def came(overlap: Overlap) -> str:
    """What was measured beside what was predicted; empty until it is known."""
    number = overlap.came_to_both
    if number is None:
        return ""
    if not number:
        return _("Measured: nobody came to both.")
    return ngettext("Measured: %(n)s person came to both.", "Measured: %(n)s people came to both.", number) % {
        "n": number
    }


def state_words() -> dict[str, str]:
    """The states in words."""
    return {board.OPEN: _("Undecided"), board.DECIDED: _("Decided"), board.GONE: _("Gone")}


def table(overlaps: Iterable[Overlap], *, now: datetime) -> Iterator[list[str]]:
    """The list as a file: no one's name, and no numbers of people so small that they would tell on somebody."""
    facts = (_("Department"), _("When"), _("First session"), _("Where"), _("For whom"))
    each = [_("Activity"), *facts]
    sides = [f"{name} ({number})" for number in (1, 2) for name in each]
    yield [_("State"), _("Kind"), *sides, _("Why"), _("Time"), _("Decision"), _("Words"), _("Decided by")]
    words = state_words()
    for overlap in overlaps:
        made = overlap.decision
        yield [
            words[board.state(overlap)],
            str(overlap.get_kind_display()),
            *(
                text
                for activity in (overlap.first, overlap.second)
                for text in (activity.title, *(said for _label, said in _facts(activity)))
            ),
            why(overlap),
            how_long(overlap, now=now),
            str(made.get_what_display()) if made else "",
            made.words if made else "",
            str(made.department.name) if made else "",
        ]


def period(activity: Activity) -> str:
    """From the first day to the last; empty without a day."""
    if activity.starts_at is None or activity.ends_at is None:
        return ""
    return dates.period(dates.local_day(activity.starts_at), dates.local_day(activity.ends_at))


def _facts(activity: Activity) -> list[tuple[str, str]]:
    """What may differ: whose, when, at what hour, where, for whom."""
    place = cards.place_words(activity)
    where = place if place == activity.parish.name else f"{place}, {activity.parish.name}"
    begins = ""
    if activity.starts_at is not None:
        local = timezone.localtime(activity.starts_at)
        begins = f"{dates.capital(dates.word('day', local.weekday()))}, {dates.clock(local)}"
    return [
        (_("Department"), str(activity.lead.name)),
        (_("When"), period(activity)),
        (_("First session"), begins),
        (_("Where"), where),
        (_("For whom"), _whom(activity)),
    ]


def _whom(activity: Activity) -> str:
    """The audiences by name, with the ages where the activity has limits of its own: the rules look at both."""
    audiences = list(activity.audiences.all())
    said = [str(audience.name) for audience in audiences]
    limits = (activity.age_min, activity.age_max)
    if limits not in [(None, None), *((audience.age_min, audience.age_max) for audience in audiences)]:
        ages = cards.age_words(activity.age_min, activity.age_max)
        said.append(ages[:1].lower() + ages[1:])
    return ", ".join(said)


def _status(activity: Activity) -> str:
    """Said where it is not published: a plan, a draft, what was called off or is over."""
    return "" if activity.status == "published" else str(activity.get_status_display())
