"""The desk's first page: the day's sessions, what wants a decision, registering by telephone."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordinators.domain.access import Reach
from coordinators.models import Post
from courses.domain import today as desk
from courses.models import Activity, PartnerRequest, Session
from courses.views import cards
from courses.views.staff import staff_page
from ecosystem import dates
from ecosystem.models import RuleSet
from ecosystem.text import clean

# Of each kind of decision, so many stand open; and so many ways to register by telephone, before one is looked for.
OPEN, OFFERED = 3, 5


@require_safe
@staff_page
def today(request: HttpRequest, reach: Reach) -> HttpResponse:
    """Šodien."""
    now = timezone.now()
    text = clean(request.GET.get("meklet", ""))[:120]
    day = desk.day(reach=reach, now=now)
    sessions = [session_row(session, now=now) for session in day.sessions.rows]
    still_open = any(row["state"] != "over" for row in sessions)
    found = desk.for_telephone(reach=reach, text=text, now=now)
    context = {
        "page_title": _("Today"),
        "date": dates.on_day(dates.local_day(now)),
        "posts": [post_words(post) for post in reach.posts],
        "standing_in": [post_words(post) for post in reach.standing_in],
        "sessions": sessions,
        "sessions_more": day.sessions.more,
        "coming": [] if still_open else [session_row(session, now=now) for session in day.coming],
        "decisions": list(decisions(day, now=now)),
        "decision_count": day.undecided,
        "text": text,
        "found": [found_row(activity) for activity in (found if text else found[:OFFERED])],
    }
    return render(request, "courses/desk/today.html", context)


def post_words(post: Post) -> str:
    """ "Koordinatore, Mūžizglītības nodaļa: Elejas pagasts, Vilces pagasts"."""
    places = [post.centre.name] if post.centre else [parish.name for parish in post.parishes.all()]
    words = f"{post.get_kind_display()}, {post.department.name}"
    return f"{words}: {', '.join(places)}" if places else words


def session_row(session: Session, *, now: datetime) -> dict[str, Any]:
    """One session: when, what, where, how many are expected, how many are marked."""
    activity = session.activity
    day = dates.local_day(session.starts_at)
    state = ""
    if session.ends_at <= now:
        state = "over"
    elif session.starts_at <= now:
        state = "now"
    marks = ""
    if session.marked:  # type: ignore[attr-defined]
        marks = _("%(n)s of %(all)s marked") % {
            "n": session.marked,  # type: ignore[attr-defined]
            "all": max(activity.taken, session.marked),  # type: ignore[attr-defined]
        }
    elif session.head_count is not None:
        marks = came(session.head_count)
    return {
        "pk": session.pk,
        "activity": activity,
        "family": activity.topic.family,
        "state": state,
        "day": dates.on_day(day),
        "starts": dates.clock(session.starts_at),
        "ends": dates.clock(session.ends_at),
        "where": where(activity, room=session.room.name if session.room else ""),
        "people": people_words(activity),
        "marks": marks,
    }


def came(heads: int) -> str:
    """ "Atnāca 7 cilvēki"."""
    return ngettext("%(n)s person came", "%(n)s people came", heads) % {"n": heads}


def where(activity: Activity, *, room: str = "") -> str:
    """ "Elejas jauniešu centrs, Zāle"; without a centre the village."""
    place = cards.place_words(activity)
    return f"{place}, {room}" if room else place


def people_words(activity: Activity) -> str:
    """ "Pieteikušies 12 no 14, rindā 3 cilvēki"; where one just comes, that."""
    if activity.is_drop_in:
        return _("No need to register, just come")
    words = _("%(n)s registered") % {"n": activity.taken}
    if activity.capacity is not None:
        words = _("%(n)s registered of %(all)s") % {"n": activity.taken, "all": activity.capacity}
    return f"{words}, {cards.queue_words(activity.waiting)}" if activity.waiting else words


def found_row(activity: Activity) -> dict[str, Any]:
    """One activity to register somebody for."""
    begins = dates.on_day(dates.local_day(activity.starts_at), short=True) if activity.starts_at else ""
    if activity.starts_at and activity.has_begun:  # type: ignore[attr-defined]
        begins = _("On since %(day)s") % {"day": dates.day_month(dates.local_day(activity.starts_at), short=True)}
    return {
        "pk": activity.pk,
        "title": activity.title,
        "line": ", ".join(filter(None, (begins, where(activity)))),
        "places": cards.places_words(activity)[0],
    }


def decisions(day: desk.Day, *, now: datetime) -> Iterator[dict[str, Any]]:
    """What wants a decision, kind by kind, as sentences with one verb each: first what cannot wait.

    Of a kind the first few stand open, the others are folded under how many there are.
    """
    for kind, some in day.decisions.items():
        told = [{"kind": kind, **SENTENCES[kind](row, now)} for row in some.rows]
        # One alone is not worth folding.
        shown = OPEN if len(told) > OPEN + 1 else len(told)
        if told:
            yield {
                "rows": told[:shown],
                "folded": told[shown:],
                "more": _("%(n)s more like this") % {"n": some.total - shown},
                "beyond": _("%(n)s more like this.") % {"n": some.more} if some.more else "",
            }


def _about(activity: Activity, sentence: str, verb: str, address: str) -> dict[str, str]:
    return {"title": activity.title, "sentence": sentence, "verb": verb, "url": reverse(address, args=[activity.pk])}


def _offer(activity: Any, now: datetime) -> dict[str, str]:
    until = activity.first_until
    day = dates.local_day(until)
    when = _("today") if day == dates.local_day(now) else _("tomorrow")
    sentence = ngettext(
        "%(n)s offered place has no answer yet. It goes on %(day)s at %(hour)s.",
        "%(n)s offered places have no answer yet. The first goes on %(day)s at %(hour)s.",
        activity.ending,
    ) % {"n": activity.ending, "day": when, "hour": dates.clock(until)}
    return _about(activity, sentence, _("Open the list"), "courses:desk_activity")


def _below(activity: Activity, now: datetime) -> dict[str, str]:
    by = desk.decide_by(activity, now=now)
    words = {"n": activity.taken, "need": activity.min_participants, "day": dates.word("until_day", by.weekday())}
    sentence = _("%(n)s registered, %(need)s are needed. To be decided by %(day)s.") % words
    if by == dates.local_day(now):
        sentence = _("%(n)s registered, %(need)s are needed. To be decided today.") % words
    return _about(activity, sentence, _("Decide"), "courses:desk_activity")


def _unanswered(activity: Any, now: datetime) -> dict[str, str]:
    begins = dates.local_day(activity.starts_at)
    words = {"n": activity.silent, "day": dates.uncapital(dates.on_day(begins))}
    sentence = ngettext(
        "%(n)s person has not said whether they will come. It begins %(day)s.",
        "%(n)s people have not said whether they will come. It begins %(day)s.",
        activity.silent,
    )
    told = _about(activity, sentence % words, _("Ring them"), "courses:desk_activity")
    return {**told, "url": f"{told['url']}#unanswered"}


def _approval(activity: Any, now: datetime) -> dict[str, str]:
    sentence = ngettext(
        "%(n)s person awaits approval, since %(day)s.",
        "%(n)s people await approval, the first since %(day)s.",
        activity.awaiting,
    ) % {"n": activity.awaiting, "day": _since(dates.local_day(activity.since))}
    return _about(activity, sentence, _("Answer"), "courses:desk_activity")


def _partner(request: PartnerRequest, now: datetime) -> dict[str, str]:
    sentence = _("%(department)s asks whether to hold it together, since %(day)s.") % {
        "department": request.activity.lead.name,
        "day": _since(dates.local_day(request.asked_at)),
    }
    return _about(request.activity, sentence, _("Answer"), "courses:desk_partners")


def _rules(proposal: RuleSet, now: datetime) -> dict[str, str]:
    sentence = _("%(department)s proposes other overlap rules, since %(day)s. Your department has not answered.") % {
        "department": proposal.proposed_by,
        "day": _since(dates.local_day(proposal.proposed_at)),
    }
    return {
        "title": _("Overlap rules"),
        "sentence": sentence,
        "verb": _("Answer"),
        "url": reverse("courses:desk_rule_set", args=[proposal.version]),
    }


def _since(day: date) -> str:
    return f"{day.day:02d}.{day.month:02d}."


def _queue(activity: Any, now: datetime) -> dict[str, str]:
    sentence = f"{_('No places left')}, {cards.queue_words(activity.waiting)}."
    if activity.seats is not None:
        room = ngettext("The room has %(n)s seat.", "The room has %(n)s seats.", activity.seats)
        sentence = f"{sentence} {room % {'n': activity.seats}}"
    return _about(activity, sentence, _("Raise the places"), "courses:desk_activity")


def _unpublished(activity: Activity, now: datetime) -> dict[str, str]:
    begins = dates.local_day(activity.starts_at) if activity.starts_at else dates.local_day(now)
    words = {"day": dates.uncapital(dates.on_day(begins))}
    sentence = _("Begins %(day)s and is not published yet.") % words
    if activity.starts_at is not None and activity.starts_at <= now:
        sentence = _("Began %(day)s and is not published yet.") % words
    return _about(activity, sentence, _("See what is missing"), "courses:desk_status")


def _unmarked(session: Session, now: datetime) -> dict[str, str]:
    ended = dates.local_day(session.ends_at)
    day = dates.uncapital(dates.on_day(ended))
    if ended == dates.local_day(now) - timedelta(days=1):
        day = _("yesterday")
    return {
        "title": session.activity.title,
        "sentence": _("Attendance is not entered: %(day)s, %(hours)s.")
        % {"day": day, "hours": dates.hours_on_page(session.starts_at, session.ends_at)},
        "verb": _("Mark attendance"),
        "url": reverse("courses:desk_attendance", args=[session.pk]),
    }


def _vacant(post: Post, now: datetime) -> dict[str, str]:
    stands_in = post.answering
    sentence = _("The post is vacant and nobody stands in.")
    if stands_in is not None and stands_in.holder is not None:
        sentence = _("The post is vacant. %(name)s stands in.") % {"name": stands_in.holder.name}
    return {
        "title": post_words(post),
        "sentence": sentence,
        "verb": _("Fill the post") if stands_in else _("Name who stands in"),
        "url": reverse("courses:desk_post", args=[post.pk]),
    }


def _overlap(overlap: Any, now: datetime) -> dict[str, str]:
    mine, other = overlap.first, overlap.second
    if not overlap.is_first:
        mine, other = other, mine
    if overlap.is_offered:
        return {
            "title": mine.title,
            "sentence": _("%(department)s offers to hold it together with “%(title)s” and waits for your answer.")
            % {"department": other.lead.name, "title": other.title},
            "verb": _("Answer"),
            "url": reverse("courses:desk_overlap_joint", args=[overlap.pk]),
        }
    return {
        "title": mine.title,
        "sentence": _(
            "%(department)s plans the same for the same people: “%(title)s”. Nobody has decided since %(day)s"
        )
        % {
            "department": other.lead.name,
            "title": other.title,
            "day": _since(dates.local_day(overlap.found_at)),
        },
        "verb": _("Decide"),
        "url": reverse("courses:desk_overlap", args=[overlap.pk]),
    }


def _doubles(pair: Any, now: datetime) -> dict[str, str]:
    sentence = ngettext(
        "%(n)s pair of entries may be one person written down twice.",
        "%(n)s pairs of entries may be one person written down twice.",
        pair.of_all,
    ) % {"n": pair.of_all}
    return {
        "title": _("Possible doubles"),
        "sentence": sentence,
        "verb": _("Compare"),
        "url": reverse("courses:desk_doubles"),
    }


# The sentence of each kind of ``courses.domain.today``.
SENTENCES: dict[str, Callable[[Any, datetime], dict[str, str]]] = {
    "offer": _offer,
    "below": _below,
    "unanswered": _unanswered,
    "approval": _approval,
    "partner": _partner,
    "overlap": _overlap,
    "rules": _rules,
    "queue": _queue,
    "unpublished": _unpublished,
    "unmarked": _unmarked,
    "vacant": _vacant,
    "doubles": _doubles,
}
