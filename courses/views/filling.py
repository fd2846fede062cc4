"""The list of an activity at the desk, and the decisions about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coordinators.domain.access import Reach
from courses.domain import admission, confirmations, decisions, joining, lists, outbox, rights
from courses.domain.lists import Entry, Roll
from courses.domain.refusals import Refusal
from courses.enums import RegistrationState
from courses.forms.filling import DecisionForm
from courses.models import Activity, Decision, Registration
from courses.views import activities, cards
from courses.views.fates import state_words
from courses.views.parties import deadline_words
from courses.views.partners import partner_lines
from courses.views.staff import managed_activity, shown, staff_page
from ecosystem import dates
from ecosystem.models import Look, Message

COULD_JOIN = 5


@staff_page(shows=Look.Kind.LIST)
@require_safe
def activity(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Who comes, who waits, and what can be decided."""
    return page(request, managed_activity(reach, pk), reach=reach, now=timezone.now())


@staff_page(shows=Look.Kind.LIST)
@require_POST
def decide(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """One decision; when it is refused, the list again with why and what was typed."""
    found = managed_activity(reach, pk)
    now = timezone.now()
    form = DecisionForm(request.POST)
    if not form.is_valid():
        refusal = Refusal("form", next(str(text) for texts in form.errors.values() for text in texts))
        return page(request, found, reach=reach, now=now, refusal=refusal, form=form)
    try:
        said = _act(found, form, reach=reach, now=now)
    except Refusal as refusal:
        return page(request, found, reach=reach, now=now, refusal=refusal, form=form)
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
    if action == "attends":
        known = not confirmations.confirm_by_telephone(registration=registration, by=reach.user, now=now)
        return _("Nothing has changed: it is decided already.") if known else _("%(name)s will come.") % {"name": name}
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


def standing_words(registration: Registration) -> str:
    """Where a registration stands; of one that was folded, that it is the same person's."""
    if registration.folded_into_id is not None:
        return _("Joined with another registration of the same person")
    return registration.get_state_display()


def page(
    request: HttpRequest,
    found: Activity,
    *,
    reach: Reach,
    now: datetime,
    refusal: Refusal | None = None,
    form: DecisionForm | None = None,
) -> HttpResponse:
    """The page of the list."""
    roll = lists.of(activity=found, now=now)
    shown(request, found, count=roll.people)
    could_join = _could_join(found, reach, now) if roll.lacking else []
    opened = form["registration"].value() if form else None
    told = outbox.latest(parties=roll.parties)
    context = {
        **head(found, now),
        "page_title": _("Error: %(title)s") % {"title": found.title} if refusal else found.title,
        "groups": _groups(roll, told),
        "silent": [_line(entry, told) for entry in roll.silent] if not _has_begun(found, now) else [],
        "asks": bool(roll.silent or roll.coming),
        "coming": roll.coming,
        "ended": [_line(entry, told) for entry in roll.ended],
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
        "over": (over := bool(found.ends_at and found.ends_at <= now)),
        "may_call_off": found.status in ("planned", "published") and not over,
        "partners": partner_lines(found),
        "poster_url": reverse("courses:activity_poster", args=[found.pk, found.slug])
        if activities.papers_for(found, now)
        else "",
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


def _has_begun(found: Activity, now: datetime) -> bool:
    return found.is_cancelled or found.starts_at is None or found.starts_at <= now


def _groups(roll: Roll, told: dict[UUID, Message]) -> list[dict[str, Any]]:
    made = [
        ("confirmed", _("Have a place"), roll.confirmed),
        ("offered", _("A place is offered"), roll.offered),
        ("queued", _("In the queue"), roll.queued),
        ("awaiting", _("Awaiting approval"), roll.awaiting),
    ]
    shown = [
        {"code": code, "title": title, "count": len(entries), "lines": [_line(entry, told) for entry in entries]}
        for code, title, entries in made
    ]
    return [group for group in shown if group["count"] or group["code"] == "confirmed"]


def _line(entry: Entry, told: dict[UUID, Message]) -> dict[str, Any]:
    row = entry.registration
    message = told.get(row.party_id)
    message_words, message_tone = state_words(message) if message else ("", "")
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
        "state": standing_words(row),
        "together": party.all_or_none,
        "comes": row.state == RegistrationState.CONFIRMED and row.attendance_confirmed_at is not None,
        "silent": row.is_unanswered,
        "message": message_words,
        "message_tone": message_tone,
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


def _could_join(found: Activity, reach: Reach, now: datetime) -> list[dict[str, Any]]:
    """With which other groups it could be held, nearest first; which way, and the letter or the call that asks."""
    made = []
    for option in joining.options(activity=found, now=now, limit=COULD_JOIN):
        other = option.activity
        starts = dates.uncapital(dates.on_day(dates.local_day(other.starts_at))) if other.starts_at else ""
        ways = []
        if option.there:
            there = ngettext("They have a place for %(n)s.", "They have places for all %(n)s.", found.taken)
            ways.append({"words": there % {"n": found.taken}, "url": _letter(found, other), "verb": _("Write to mine")})
        if option.here:
            here = ngettext(
                "%(n)s of theirs could come here: together %(all)s, needed %(need)s.",
                "All %(n)s of theirs could come here: together %(all)s, needed %(need)s.",
                option.others,
            ) % {"n": option.others, "all": option.others + found.taken, "need": found.min_participants}
            mine = rights.may_manage(reach, other)
            ring = "" if mine else admission.telephone(other)
            ways.append(
                {
                    "words": here,
                    "url": _letter(other, found) if mine else "",
                    "verb": _("Write to theirs"),
                    "ring": ring,
                }
            )
        made.append(
            {
                "title": other.title,
                "url": other.get_absolute_url(),
                "place": cards.place_words(other),
                "km": None if option.km is None else round(option.km),
                "starts": starts,
                "places": cards.places_words(other)[0],
                "ways": ways,
            }
        )
    return made


def _letter(to: Activity, about: Activity) -> str:
    """The page of a message to those who have a place, begun with another group."""
    return f"{reverse('courses:desk_message', args=[to.pk])}?kam=confirmed&cita={about.pk}"
