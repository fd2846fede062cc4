"""The panel beside the editor: what overlaps with what is typed, whose it is, whom to ring and why, in one sentence each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordinators.domain.access import Reach
from courses.domain import programme
from courses.domain.overlaps import noticing
from courses.models import Activity, Overlap
from courses.views import board, cards
from courses.views.activities import contact
from ecosystem import dates
from ecosystem.overlap import say

# What cannot be compared yet for want of it.
WANTED = {
    "audiences": gettext_lazy("for whom it is"),
    "sessions": gettext_lazy("when it meets"),
    "place": gettext_lazy("where it is"),
    "words": gettext_lazy("what it is called"),
}
NOBODY = gettext_lazy("for whom it is: no audience of it has these ages")


def panel(
    *,
    reach: Reach,
    spec: programme.ActivitySpec | None,
    meetings: Sequence[programme.SessionSpec],
    activity: Activity | None,
    now: datetime,
) -> dict[str, Any]:
    """What the panel shows; with no ``spec`` there is too little to compare."""
    nothing: dict[str, Any] = {"overlaps": [], "overlaps_wait": "", "overlaps_more": 0, "overlaps_words": ""}
    if spec is None:
        return {**nothing, "overlaps_wait": _("As soon as there is a title, a topic, a department and a place.")}
    found = noticing.notice(spec=spec, meetings=meetings, activity=activity, departments=reach.departments, now=now)
    if found.missing:
        wanted = wanting(found.missing, has_audiences=bool(spec.audiences))
        return {**nothing, "overlaps_wait": _("As soon as it is known %(what)s.") % {"what": wanted}}
    times = cards.times_to_come([row.other.pk for row in found.rows], now=now)
    return {
        **nothing,
        "overlaps": [_row(reach, row, times.get(row.other.pk, [])) for row in found.rows],
        "overlaps_more": found.more,
        "overlaps_words": words(found.total),
    }


def wanting(missing: Sequence[str], *, has_audiences: bool) -> str:
    """What is not known of an activity, so that it cannot be compared."""
    said = {**WANTED, "audiences": NOBODY} if has_audiences else WANTED
    return dates.joined([str(said[each]) for each in missing], _("and"))


def uncompared(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """What could not be compared (``board.unjudged``), and why in a sentence: nobody takes it for no overlap."""
    return [
        {
            "activity": row.activity,
            "words": _("It cannot be compared with other plans as long as it is not known %(what)s.")
            % {"what": wanting(row.missing, has_audiences=row.has_audiences)},
        }
        for row in rows
    ]


def words(total: int) -> str:
    """How many there are, in a few words; nothing where there is none."""
    said = ngettext("%(count)s overlap with other plans.", "%(count)s overlaps with other plans.", total)
    return said % {"count": total} if total else ""


def overlap_lines(activity: Activity, overlaps: Sequence[Overlap]) -> list[dict[str, str]]:
    """Overlaps that wait for a decision: the other activity, whose, why, and where it is decided."""
    language = "lv" if dates.is_latvian() else "en"
    lines = []
    for overlap in overlaps:
        other = overlap.second if overlap.first_id == activity.pk else overlap.first
        lines.append(
            {
                "title": other.title,
                "department": other.lead.name,
                "why": " ".join(reason[language] for reason in overlap.reasons),
                "url": reverse("courses:desk_overlap", args=[overlap.pk]),
            }
        )
    return lines


def _row(reach: Reach, near: noticing.Near, times: cards.Times) -> dict[str, Any]:
    other, finding = near.other, near.finding
    overlap = near.overlap
    return {
        "title": other.title,
        "is_duplicate": finding.kind == "duplicate",
        "is_own": finding.own,
        "department": other.lead.name,
        "status": other.get_status_display(),
        "when": cards.when_words(times) if times else "",
        "where": cards.place_words(other),
        "why": say.summary(finding, "lv" if dates.is_latvian() else "en"),
        "phone": contact(other)["phone"],
        "url": board.address(reach, other),
        "decided": overlap.decision.get_what_display() if overlap is not None and overlap.decision else "",
        "decide_url": reverse("courses:desk_overlap", args=[overlap.pk]) if overlap is not None else "",
    }
