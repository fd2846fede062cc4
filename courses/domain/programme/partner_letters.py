"""What departments tell each other about holding an activity together: plain letters to the people it concerns.

Asked, and let out, are those who answer for the department: its head and its coordinators of the parish; where nobody
holds such a post, the administrators. The answer goes to who asked, and where nobody is known to have asked, to the
activity's contact. Nobody is told what they did themselves.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordinators.models import Post
from courses.models import Activity, PartnerRequest
from ecosystem import dates
from ecosystem.domain import messages
from ecosystem.models import Message, User
from ecosystem.phones import spaced

# Subject, first line, more lines, what the button says (none where there is nothing to do): in the language in force.
Words = Callable[[Activity], tuple[str, str, list[str], str]]


def asked(request: PartnerRequest, *, now: datetime) -> None:
    """Another department would like to hold it together."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("Hold it together? %(title)s") % {"title": activity.title},
            _("%(department)s asks whether you would hold this activity together.")
            % {"department": activity.lead.name},
            _said(_("Asked by: %(name)s."), request.asked_by, request.note),
            _("Answer"),
        )

    _tell("partner_asked", request, _answering(request, now=now), request.asked_by, words, now=now)


def answered(request: PartnerRequest, *, now: datetime) -> None:
    """The department asked said yes or no."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        name = {"department": request.department.name}
        said = _said(_("Answered by: %(name)s."), request.answered_by, request.answer_note)
        if request.answer == PartnerRequest.Answer.ACCEPTED:
            return (
                _("Joint now: %(title)s") % {"title": activity.title},
                _("%(department)s accepts: the activity is joint now.") % name,
                said,
                _("Look at it"),
            )
        return (
            _("Not joint: %(title)s") % {"title": activity.title},
            _("%(department)s declines, so the activity is not joint with it.") % name,
            said,
            _("Look at it"),
        )

    _tell("partner_answered", request, _asking(request), request.answered_by, words, now=now)


def left(request: PartnerRequest, *, now: datetime) -> None:
    """A partner left."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        return (
            _("No longer joint: %(title)s") % {"title": activity.title},
            _("%(department)s has left: it is not a partner of the activity any more.")
            % {"department": request.department.name},
            _said(_("Decided by: %(name)s."), request.ended_by, request.end_note),
            _("Look at it"),
        )

    _tell("partner_left", request, _asking(request), request.ended_by, words, now=now)


def taken_out(request: PartnerRequest, *, now: datetime) -> None:
    """The department that leads withdrew its question or ended what was agreed."""
    ended = request.ended_at is not None
    by = request.ended_by if ended else request.answered_by

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        lead = {"department": activity.lead.name}
        fact = (
            _("%(department)s holds this activity without your department from now on.") % lead
            if ended
            else _("%(department)s has withdrawn its question. You need not answer.") % lead
        )
        return (
            _("No longer joint: %(title)s") % {"title": activity.title}
            if ended
            else _("Withdrawn: %(title)s") % {"title": activity.title},
            fact,
            _said(_("Decided by: %(name)s."), by, ""),
            "",
        )

    _tell("partner_taken_out", request, _answering(request, now=now), by, words, now=now)


def called_off(request: PartnerRequest, *, reason: str, by: User | None, now: datetime) -> None:
    """The department that leads called the activity off: the partner knows, and who was asked need not answer."""

    def words(activity: Activity) -> tuple[str, str, list[str], str]:
        lead = {"department": activity.lead.name}
        fact = (
            _("%(department)s has called this activity off. You need not answer whether to hold it together.") % lead
            if request.pk and request.is_open
            else _("%(department)s has called this joint activity off. Those who registered have been told.") % lead
        )
        return (
            _("Called off: %(title)s") % {"title": activity.title},
            fact,
            _said(_("Decided by: %(name)s."), by, reason),
            _("Look at it"),
        )

    _tell("partner_called_off", request, _answering(request, now=now), by, words, now=now)


def _answering(request: PartnerRequest, *, now: datetime) -> list[User]:
    """Who answers for the department asked."""
    posts = Post.objects.in_force(on=timezone.localdate(now)).filter(holder__is_active=True)
    theirs = Q(kind=Post.Kind.HEAD) | Q(kind=Post.Kind.COORDINATOR, parishes=request.activity.parish_id)
    found = posts.filter(theirs, department=request.department_id)
    return _holders(found.select_related("holder").order_by("pk")) or _holders(
        posts.filter(kind=Post.Kind.ADMINISTRATOR).select_related("holder").order_by("pk")
    )


def _asking(request: PartnerRequest) -> list[User]:
    """Who asked; otherwise the activity's contact, or who stands in."""
    if request.asked_by is not None:
        return [request.asked_by] if request.asked_by.is_active else []
    contact = request.activity.contact
    answering = contact.answering if contact else None
    return [answering.holder] if answering and answering.holder and answering.holder.is_active else []


def _holders(posts: Iterable[Post]) -> list[User]:
    return list({post.holder_id: post.holder for post in posts if post.holder is not None}.values())


def _said(by_words: str, by: User | None, note: str) -> list[str]:
    lines = [by_words % {"name": by}] if by is not None else []
    return [*lines, *([f"«{note}»"] if note else [])]


def _tell(
    kind: str,
    request: PartnerRequest,
    people: Iterable[User],
    but: User | None,
    words: Words,
    *,
    now: datetime,
) -> None:
    """One letter to each, in their language."""
    rows = []
    for user in people:
        if but is None or user.pk != but.pk:
            with translation.override(user.language):
                rows.append(_letter(kind, request, user, words, now=now))
    messages.post(rows)


def _letter(kind: str, request: PartnerRequest, user: User, words: Words, *, now: datetime) -> Message:
    activity = request.activity
    subject, fact, lines, verb = words(activity)
    url = settings.SITE_URL + reverse("courses:desk_partners", args=[activity.pk])
    context = {
        "subject": subject,
        "fact": fact,
        "lines": lines,
        "entries": [],
        "title": activity.title,
        "when": _when(activity),
        "where": activity.centre.name if activity.centre else activity.parish.name,
        "button": (verb, url) if verb else None,
        "cannot": None,
        "number": "",
        "phone": spaced(activity.lead.phone or settings.CONTACT_PHONE),
        "portal": settings.PORTAL_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "site": settings.SITE_URL,
        "language": user.language,
    }
    about = [context["title"], *context["when"], context["where"]]
    parts = [fact, *lines, "\n".join(map(str, about)), *([f"{verb}:\n{url}"] if verb else [])]
    parts.append(f"{settings.PORTAL_NAME}, {settings.MUNICIPALITY_NAME}")
    return messages.draft(
        kind=kind,
        to=user.email,
        channel=Message.Channel.EMAIL,
        language=user.language,
        subject=subject,
        text="\n\n".join(parts) + "\n",
        html=render_to_string("messages/frame.html", context),
        links=[{"rel": "partners", "url": url}] if verb else [],
        # None was written of partners since before departments were asked.
        reference=f"partner:{request.pk}" if request.pk else "",
        now=now,
    )


def _when(activity: Activity) -> list[str]:
    if activity.starts_at is None:
        return []
    begins = f"{dates.on_day(dates.local_day(activity.starts_at))}, {dates.clock(activity.starts_at)}"
    times = ngettext("%(count)s session", "%(count)s sessions", activity.session_count)
    return [begins, times % {"count": activity.session_count}]
