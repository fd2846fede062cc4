"""Letters from one department to another about an activity: to whom, and how they are written.

Who answers for a department in a parish is its head and its coordinators there; where nobody holds such a post, the
administrators. Nobody is told what they did themselves.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from coordinators.models import Post
from courses.models import Activity
from ecosystem import dates
from ecosystem.domain import messages
from ecosystem.models import Message, User
from ecosystem.phones import spaced

# Subject, first line, more lines, what the button says (none where there is nothing to do): in the language in force.
Words = Callable[[Activity], tuple[str, str, list[str], str]]


def answering(*, department: str, parish: str, now: datetime) -> list[User]:
    """Who answers for a department in a parish."""
    posts = Post.objects.in_force(on=timezone.localdate(now)).filter(holder__is_active=True)
    theirs = Q(kind=Post.Kind.HEAD) | Q(kind=Post.Kind.COORDINATOR, parishes=parish)
    found = posts.filter(theirs, department=department)
    return _holders(found.select_related("holder").order_by("pk")) or _holders(
        posts.filter(kind=Post.Kind.ADMINISTRATOR).select_related("holder").order_by("pk")
    )


def contact_of(activity: Activity) -> list[User]:
    """Who answers for the activity itself: its contact, or who stands in."""
    contact = activity.contact
    found = contact.answering if contact else None
    return [found.holder] if found and found.holder and found.holder.is_active else []


def said(by_words: str, by: User | None, note: str) -> list[str]:
    """Who did it, by ``by_words`` with their %(name)s, and in which words."""
    lines = [by_words % {"name": by}] if by is not None else []
    return [*lines, *([f"«{note}»"] if note else [])]


def tell(
    *,
    kind: str,
    activity: Activity,
    people: Iterable[User],
    but: User | None,
    words: Words,
    path: Callable[[], str],
    rel: str,
    reference: str,
    now: datetime,
) -> None:
    """One letter to each, in their language, about this activity; ``path`` is where its button leads."""
    rows = []
    for user in {user.pk: user for user in people}.values():
        if but is None or user.pk != but.pk:
            with translation.override(user.language):
                url = settings.SITE_URL + path()
                rows.append(_letter(kind, activity, user, words(activity), url, rel, reference, now=now))
    messages.post(rows)


def _letter(
    kind: str,
    activity: Activity,
    user: User,
    words: tuple[str, str, list[str], str],
    url: str,
    rel: str,
    reference: str,
    *,
    now: datetime,
) -> Message:
    subject, fact, lines, verb = words
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
        links=[{"rel": rel, "url": url}] if verb else [],
        reference=reference,
        now=now,
    )


def _when(activity: Activity) -> list[str]:
    if activity.starts_at is None:
        return []
    begins = f"{dates.on_day(dates.local_day(activity.starts_at))}, {dates.clock(activity.starts_at)}"
    times = ngettext("%(count)s session", "%(count)s sessions", activity.session_count)
    return [begins, times % {"count": activity.session_count}]


def _holders(posts: Iterable[Post]) -> list[User]:
    return list({post.holder_id: post.holder for post in posts if post.holder is not None}.values())
