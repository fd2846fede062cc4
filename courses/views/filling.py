"""The list of an activity at the desk, and the decisions about it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coordinators.domain.access import Reach
from courses.domain import catalogue, decisions, lists
from courses.domain.lists import Entry, Roll
from courses.domain.refusals import Refusal
from courses.enums import RegistrationState
from courses.forms.filling import DecisionForm
from courses.models import Activity, Decision, Registration
from courses.views import cards
from courses.views.parties import deadline_words
from courses.views.staff import managed_activity, staff_page
from ecosystem import dates
from ecosystem.geo import distance_km

COULD_JOIN = 5


@staff_page
@require_safe
def activity(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Who comes, who waits, and what can be decided."""
    return page(request, managed_activity(reach, pk), now=timezone.now())


@staff_page
@require_POST
def decide(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """One decision; when it is refused, the list again with why and what was typed."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    form = DecisionForm(request.POST)
    if not form.is_valid():
        refusal = Refusal("form", next(str(text) for texts in form.errors.values() for text in texts))
        return page(request, found, now=now, refusal=refusal, form=form)
    try:
        said = _act(found, form, reach=reach, now=now)
    except Refusal as refusal:
        return page(request, found, now=now, refusal=refusal, form=form)
    messages.success(request, said)
    return redirect("courses:desk_activity", pk=pk)


def _act(found: Activity, form: DecisionForm, *, reach: Reach, now: datetime) -> str:
    """Do it, and say what has happened; raises ``Refusal``."""
    typed = form.cleaned_data
    action, reason = typed["action"], typed["reason"]
    if action == "raise":
        offered = decisions.raise_places(
            activity=found, capacity=typed["capacity"], reason=reason, by=reach.user, now=now
        )
        more = ngettext("%(n)s person was offered a place.", "%(n)s people were offered places.", offered)
        return _("Places now: %(count)s.") % {"count": typed["capacity"]} + " " + more % {"n": offered}
    one = Registration.objects.filter(activity=found, pk=typed["registration"] or 0)
    registration = one.select_related("party", "activity", "resident").first()
    if registration is None:
        raise Http404(_("There is no such registration in this list."))
    name = name_of(registration)
    if action == "approve":
        let_in = decisions.approve(registration=registration, by=reach.user, now=now)
        return _approved(let_in) if let_in else _("Nothing has changed: it is decided already.")
    if action == "accept":
        decisions.accept(registration=registration, by=reach.user, now=now)
        return _("%(name)s: the place is confirmed.") % {"name": name}
    if action == "place":
        decisions.give_place(
            registration=registration, reason=reason, add_places=typed["add_places"], by=reach.user, now=now
        )
        return _("%(name)s has a place and has been told.") % {"name": name}
    if action == "move":
        decisions.move_to_end(registration=registration, reason=reason, by=reach.user, now=now)
        return _("%(name)s is now at the end of the queue and has been told.") % {"name": name}
    ended = decisions.cancel(
        registration=registration, reason=reason, whole_party=action == "cancel_party", by=reach.user, now=now
    )
    if not ended:
        return _("Nothing has changed: it is decided already.")
    names = ", ".join(name_of(each) for each in ended)
    return _("Cancelled: %(names)s. They have been told, and a place that became free goes to the next.") % {
        "names": names
    }


def _approved(rows: list[Registration]) -> str:
    said = []
    for state, words in (
        (RegistrationState.CONFIRMED, _("Approved, with a place: %(names)s.")),
        (RegistrationState.QUEUED, _("Approved, in the queue: %(names)s.")),
    ):
        if names := ", ".join(name_of(row) for row in rows if row.state == state):
            said.append(words % {"names": names})
    return " ".join(said)


def name_of(registration: Registration) -> str:
    """The name, or that it is a place without one."""
    return str(registration.resident) if registration.resident else _("Unnamed place")


def state_words(registration: Registration) -> str:
    """Where a registration stands; of one that was folded, that it is the same person's."""
    if registration.folded_into_id is not None:
        return _("Joined with another registration of the same person")
    return registration.get_state_display()


def page(
    request: HttpRequest,
    found: Activity,
    *,
    now: datetime,
    refusal: Refusal | None = None,
    form: DecisionForm | None = None,
) -> HttpResponse:
    """The page of the list."""
    roll = lists.of(activity=found, now=now)
    could_join = _could_join(found, now) if roll.lacking else []
    opened = form["registration"].value() if form else None
    context = {
        **head(found, now),
        "page_title": _("Error: %(title)s") % {"title": found.title} if refusal else found.title,
        "groups": _groups(roll),
        "ended": [_line(entry) for entry in roll.ended],
        "decisions": [_decision(each) for each in roll.decisions],
        "refusal": refusal,
        "refused": {
            "pk": int(opened) if opened and str(opened).isdecimal() else 0,
            "action": form["action"].value() or "" if form else "",
            "reason": form["reason"].value() or "" if form else "",
            "capacity": form["capacity"].value() or "" if form else "",
        },
        "lacking": roll.lacking,
        "registered": len(roll.confirmed) + len(roll.offered),
        "could_join": could_join,
        "next_capacity": (found.capacity or 0) + 1,
        "open": found.status == "published",
        "over": bool(found.ends_at and found.ends_at <= now),
    }
    return render(request, "courses/filling/activity.html", context, status=422 if refusal else 200)


def head(found: Activity, now: datetime) -> dict[str, Any]:
    """What stands above every page about one activity: its title, when, where, how many places, its standing."""
    times = cards.times_to_come([found.pk], now=now).get(found.pk, [])
    words, tone = cards.places_words(found)
    first = f", {dates.uncapital(dates.on_day(dates.local_day(times[0][0])))}" if times else ""
    return {
        "activity": found,
        # What the page is for, where that is not the list itself.
        "heading": "",
        "when": f"{cards.when_words(times)}{first}",
        "place": cards.place_words(found),
        "places_text": words,
        "places_tone": tone,
        "queue_text": dates.capital(cards.queue_words(found.waiting)) if found.waiting else "",
        "status_words": found.get_status_display(),
        "is_public": found.published_at is not None and found.status in ("published", "completed", "cancelled"),
    }


def _groups(roll: Roll) -> list[dict[str, Any]]:
    made = [
        ("confirmed", _("Have a place"), roll.confirmed),
        ("offered", _("A place is offered"), roll.offered),
        ("queued", _("In the queue"), roll.queued),
        ("awaiting", _("Awaiting approval"), roll.awaiting),
    ]
    shown = [
        {"code": code, "title": title, "count": len(entries), "lines": [_line(entry) for entry in entries]}
        for code, title, entries in made
    ]
    return [group for group in shown if group["count"] or group["code"] == "confirmed"]


def _line(entry: Entry) -> dict[str, Any]:
    row = entry.registration
    resident, party = row.resident, row.party
    who = []
    if entry.age is not None:
        who.append(ngettext("%(n)s year", "%(n)s years", entry.age) % {"n": entry.age})
    if resident is not None:
        home = str(resident.village) if resident.village else _("lives elsewhere") if resident.lives_elsewhere else ""
        who += [home] if home else []
    if entry.group:
        who.append(entry.group)
    local = timezone.localtime(row.registered_at)
    return {
        "pk": row.pk,
        "person": row.resident_id,
        "name": name_of(row),
        "place": entry.place,
        "who": ", ".join(who),
        "guardian": resident.guardian_name if resident else "",
        "phone": str(party.phone or (resident.household.phone if resident else "") or ""),
        "email": party.email,
        "number": party.number,
        "channel": party.get_channel_display(),
        "registered": f"{dates.day_month(local.date(), short=True)} {dates.clock(local)}",
        "until": deadline_words(row.offered_until) if row.offered_until else "",
        "state": state_words(row),
        "together": party.all_or_none,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    local = timezone.localtime(decision.at)
    about = decision.registration
    return {
        "when": f"{dates.day_month(local.date(), short=True)} {dates.clock(local)}",
        "what": decision.get_what_display(),
        "who": name_of(about) if about and decision.what != Decision.What.GROUP else "",
        "people": decision.people,
        "reason": decision.reason,
        "by": str(decision.by.name or decision.by.email) if decision.by else "",
    }


def _could_join(found: Activity, now: datetime) -> list[dict[str, Any]]:
    """With which other groups those who registered could come together, nearest first."""
    made = []
    for other in catalogue.similar(found, now=now, limit=COULD_JOIN):
        km = round(distance_km(found.point, other.point))
        starts = dates.uncapital(dates.on_day(dates.local_day(other.starts_at), short=True)) if other.starts_at else ""
        made.append(
            {
                "title": other.title,
                "url": other.get_absolute_url(),
                "place": cards.place_words(other),
                "km": km,
                "starts": starts,
                "places": cards.places_words(other)[0],
            }
        )
    return made
