"""An activity's page: what, for whom, when, where and how far, what it costs, whom to ring, what stands in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.models import Centre
from coordinators.models import Post
from courses.domain import catalogue as finding
from courses.domain.catalogue import Home, index
from courses.domain.catalogue.index import Snapshot
from courses.enums import ActivityStatus
from courses.models import Activity, Session
from courses.structured import event_data
from courses.views import cards, home
from ecosystem import dates, places
from ecosystem.context import working_days
from ecosystem.geo import distance_km

FIRST_SESSIONS = 4
# In an address: by which of those joined into this one came.
JOINED = "apvienota"


@login_not_required
@require_safe
def activity(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The page of one activity; an old spelling of its address leads to the present one, as what was joined into another
    leads on to that."""
    found = (
        Activity.objects.public()
        .select_related("contact__stands_in")
        .prefetch_related("partners", "educators")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404(_("There is no such activity."))
    if other := found.goes_on_in:
        return HttpResponsePermanentRedirect(f"{other.get_absolute_url()}?{JOINED}={found.pk}")
    if slug != found.slug:
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    now = timezone.now()
    snapshot = index.current(now=now)
    # Joining eight tables takes the database longer to plan than to do; the words around a row stand in memory.
    snapshot.complete([found])
    here = home.remembered(request, snapshot.vocabulary)
    sessions = list(found.sessions.order_by("starts_at"))
    front = [session for session in sessions if session.ends_at > now][:FIRST_SESSIONS] or sessions[-FIRST_SESSIONS:]
    shown = [session_line(session, now) for session in front]
    state = registration_state(found, now=now)
    similar = _similar(found, snapshot)
    words, tone = cards.places_words(found)
    context = {
        "activity": found,
        "page_title": found.title,
        "page_description": found.summary,
        "family": found.topic.family,
        "state": state,
        "places_text": words,
        "places_tone": tone,
        "queue_text": dates.capital(cards.queue_words(found.waiting)) if found.waiting else "",
        "facts": facts(found, sessions, here, now),
        "sessions": shown,
        "other_sessions": [session_line(session, now) for session in sessions if session not in front],
        "session_count": len(sessions),
        "access": access_lines(found),
        "similar": cards.cards(similar, snapshot=snapshot, home=here, now=now, with_alternatives=False),
        "person": contact(found),
        "joint": _joint(found),
        "joined_words": joined_words(request, found),
        "feed": reverse("courses:activity_feed", args=[found.pk, found.slug]),
        "register_url": reverse("courses:register", args=[found.pk, found.slug]),
        "poster_url": reverse("courses:activity_poster", args=[found.pk, found.slug]) if papers_for(found, now) else "",
        "home": here,
        "back_label": _("Activities %(around)s") % {"around": places.around(here)} if here else _("All activities"),
        "back_url": reverse("courses:catalogue") + (f"?vieta={here.slug}&km=10" if here else ""),
        "structured": event_data(found, sessions, site=settings.SITE_URL),
    }
    return render(request, "courses/activity/activity.html", context)


def joined_words(request: HttpRequest, found: Activity) -> str:
    """Why one is here, for whoever came by the address of what was joined into this."""
    asked = request.GET.get(JOINED, "")
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 15:
        return ""
    gone = Activity.objects.public().filter(pk=int(asked), joined_into=found).first()
    return _("«%(title)s» is held together with this activity now.") % {"title": gone.title} if gone else ""


def _joint(found: Activity) -> str:
    """Who holds it together; empty for one department alone. Only those who accepted are partners."""
    names = [str(one.name) for one in (found.lead, *found.partners.all())]
    if len(names) < 2:
        return ""
    return _("A joint activity of %(lead)s and %(partner)s.") % {"lead": ", ".join(names[:-1]), "partner": names[-1]}


def papers_for(found: Activity, now: datetime) -> bool:
    """Whether there is a poster to hang up: what is called off or over needs none."""
    return found.status == ActivityStatus.PUBLISHED and found.ends_at is not None and found.ends_at > now


def registration_state(found: Activity, *, now: datetime) -> dict[str, Any]:
    """What the box says: whether one can register, and the sentence beneath. The domain decides again on the form."""
    closes = found.closes_at()
    state: dict[str, Any] = {"open": False, "label": "", "sentence": "", "heading": ""}
    if found.is_cancelled:
        reason = f" {found.cancellation_reason}" if found.cancellation_reason else ""
        state["heading"] = _("This activity is cancelled.")
        state["sentence"] = reason.strip()
    elif found.ends_at and found.ends_at <= now:
        state["heading"] = _("This activity is over.")
    elif found.is_drop_in:
        state["heading"] = _("No need to register, just come")
        state["sentence"] = _("Come to any session, there is nothing to fill in.")
    elif found.registration_opens_at and found.registration_opens_at > now:
        opens = dates.local_day(found.registration_opens_at)
        state["sentence"] = _("Registration opens on %(day)s.") % {"day": dates.day_month(opens, at=True)}
    elif closes and closes <= now:
        closed = dates.local_day(closes)
        state["sentence"] = _("Registration closed on %(day)s.") % {"day": dates.day_month(closed, at=True)}
    else:
        full = found.places_left == 0
        state.update(open=True, label=_("Join the queue") if full else _("Register"))
        if found.registration_closes_at:
            last = dates.day_month(dates.local_day(found.registration_closes_at), until=True)
            state["sentence"] = _("You can register until %(day)s.") % {"day": last}
    return state


def facts(found: Activity, sessions: list[Session], here: Home | None, now: datetime) -> list[dict[str, str]]:
    """When, where, for whom, what it costs, and what else is worth knowing before one decides."""
    live = [(s.starts_at, s.ends_at) for s in sessions if s.cancelled_at is None]
    to_come = [pair for pair in live if pair[1] > now] or live
    rows = [
        {"icon": "calendar", "label": _("When"), "value": weekly(to_come), "note": span(live)},
        {"icon": "pin", "label": _("Where"), "value": cards.place_words(found), "note": _distance(found, here)},
        {"icon": "people", "label": _("For whom"), "value": whom(found), "note": found.level},
        {"icon": "euro", "label": _("Price"), "value": _price(found), "note": _fee_note(found)},
    ]
    if found.language != "lv":
        rows.append({"icon": "language", "label": _("Language"), "value": found.get_language_display(), "note": ""})
    educators = ", ".join(educator.name for educator in found.educators.all())
    if educators:
        rows.append({"icon": "user", "label": _("Led by"), "value": educators, "note": ""})
    return rows


def weekly(times: cards.Times) -> str:
    """ "Trešdienās 10:00–12:15" for a series, "Trešdien, 13. janvārī, 10:00–12:15" for a single meeting."""
    if not times:
        return _("No sessions")
    if len(times) == 1:
        return f"{dates.on_day(dates.local_day(times[0][0]))}, {dates.hours_on_page(*times[0])}"
    weekdays = sorted({dates.local_day(start).weekday() for start, _end in times})
    if len(weekdays) > 3:
        return dates.hours_on_page(*times[0])
    named = dates.joined([dates.word("every_day", day) for day in weekdays], _("and"))
    return f"{dates.capital(named)} {dates.hours_on_page(*times[0])}"


def span(times: cards.Times) -> str:
    """ "13. janvāris – 31. marts, 12 reizes"; nothing for a single meeting."""
    if len(times) < 2:
        return ""
    first, last = dates.local_day(times[0][0]), dates.local_day(times[-1][0])
    return f"{dates.day_month(first)} – {dates.day_month(last)}, {cards.count_words(len(times))}"


def _distance(found: Activity, here: Home | None) -> str:
    if found.format == "online":
        return _("We send the link after you register.")
    address = found.centre.address if found.centre else found.parish.name
    if here is None:
        return address
    km = distance_km(here.point, found.point)
    if km < 1:
        return f"{address} · {dates.capital(places.located(here))}" if address else dates.capital(places.located(here))
    return _("about %(km)s km %(from)s in a straight line") % {"km": round(km), "from": places.away_from(here)}


def whom(found: Activity) -> str:
    """ "Senioriem, no 60 gadiem"."""
    audiences = ", ".join(
        str(audience.dative) if number == 0 else str(audience.dative).lower()
        for number, audience in enumerate(found.audiences.all())
    )
    if found.age_min is None and found.age_max is None:
        return dates.capital(audiences)
    return f"{dates.capital(audiences)}, {cards.age_words(found.age_min, found.age_max).lower()}"


def _price(found: Activity) -> str:
    return cards.price_words(found.fee_eur)


def _fee_note(found: Activity) -> str:
    return _("To be paid on the spot.") if found.fee_eur else ""


def session_line(session: Session, now: datetime) -> dict[str, Any]:
    """One meeting: the day, the hours, and whether it is over or called off."""
    return {
        "day": dates.on_day(dates.local_day(session.starts_at), short=True),
        "hours": dates.hours_on_page(session.starts_at, session.ends_at),
        "over": session.ends_at <= now,
        "cancelled": session.cancelled_at is not None,
    }


def access_lines(found: Activity) -> list[tuple[str, str]]:
    """Getting there and in, for an activity that has a place."""
    return access_lines_of(found.centre) if found.centre and found.format != "online" else []


def access_lines_of(centre: Centre) -> list[tuple[str, str]]:
    """What is known about getting there and in: icon and sentence. What nobody has looked at is not claimed."""
    lines: list[tuple[str, str]] = []
    if centre.step_free is True:
        lines.append(("wheelchair", _("Step-free entrance: a wheelchair or pram gets in.")))
    elif centre.step_free is False:
        lines.append(("wheelchair", _("There are steps at the entrance. Ring us and we will help.")))
    for fact, icon, yes in (
        (centre.accessible_toilet, "toilet", _("Accessible toilet.")),
        (centre.lift, "lift", _("Lift.")),
        (centre.hearing_loop, "ear", _("Hearing loop.")),
        (centre.parking, "parking", _("Parking beside the building.")),
    ):
        if fact:
            lines.append((icon, yes))
    if centre.stop_name:
        text = _("Bus stop «%(stop)s»") % {"stop": centre.stop_name}
        if centre.stop_distance_m:
            text = _("Bus stop «%(stop)s», %(m)s m from the building.") % {
                "stop": centre.stop_name,
                "m": centre.stop_distance_m,
            }
        lines.append(("bus", text))
    if centre.access_note:
        lines.append(("info", str(centre.access_note)))
    return lines


def contact(found: Activity) -> dict[str, str]:
    """Who answers the telephone: the activity's contact or who stands in, otherwise the department or the portal."""
    post: Post | None = found.contact.answering if found.contact else None
    if post and post.phone:
        return {"title": post.get_kind_display(), "phone": post.phone, "hours": working_days()}
    if found.lead.phone:
        return {"title": str(found.lead.name), "phone": found.lead.phone, "hours": working_days()}
    return {"title": settings.PORTAL_NAME, "phone": settings.CONTACT_PHONE, "hours": working_days()}


def _similar(found: Activity, snapshot: Snapshot) -> list[Activity]:
    codes = [audience.pk for audience in found.audiences.all()]
    ids = finding.similar_ids(snapshot, found, audiences=codes, limit=3)
    return finding.fetch(ids) if ids else []
