"""An educator's own page: its signed link, their sessions and lists; and the end of their work here.

Their coordinator issues the link, sends it, takes it back. Who leads a session sees the names of those who come from a
week before it until a month after it, and writes down who came; no contact of anybody is shown. Nobody retires while
sessions to come wait for them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from coordinators.models import Educator
from courses.domain import letters, links
from courses.domain.refusals import Refusal, words
from courses.enums import ActivityStatus
from courses.models import Attendance, Session
from ecosystem.domain import messages
from ecosystem.models import Message
from ecosystem.phones import spaced

# The same link is not sent twice by a double click.
SENT_AGAIN_AFTER = timedelta(minutes=1)
NAMES_FROM, NAMES_UNTIL = timedelta(days=7), timedelta(days=30)
# How many sessions to come and how many past ones their page tells.
TO_COME, PAST = 40, 8
CALENDAR_SINCE = timedelta(days=90)
# A draft is an idea of the coordinator's; who would lead it is told when it is planned.
_TOLD = (ActivityStatus.PLANNED, ActivityStatus.PUBLISHED, ActivityStatus.COMPLETED, ActivityStatus.CANCELLED)


@dataclass(frozen=True)
class Work:
    """What somebody leads: the sessions to come with how many there are in all, and those lately past."""

    to_come: list[Session] = field(default_factory=list)
    total: int = 0
    past: list[Session] = field(default_factory=list)


def link(educator: Educator, *, now: datetime) -> str:
    """The address of their own page, whole and in their language; nothing where no link is open."""
    if not links.is_open(educator, now=now):
        return ""
    with translation.override(educator.reads):
        return letters.absolute("courses:educator", links.educator_token(educator))


def issue(*, educator: Educator, now: datetime) -> Educator:
    """Make their link, or let the one they have open for a year from now."""
    with transaction.atomic():
        educator = _locked(educator)
        _refuse_retired(educator)
        if educator.link_issued_at is not None and not links.is_open(educator, now=now):
            # One that ran out is not woken again: somebody may have found it meanwhile.
            educator.link_version += 1
        educator.link_issued_at = now
        educator.save(update_fields=["link_version", "link_issued_at"])
    return educator


def revoke(*, educator: Educator) -> Educator:
    """Their link opens nothing any more; a new one is another."""
    with transaction.atomic():
        educator = _locked(educator)
        educator.link_version += 1
        educator.link_issued_at = None
        educator.save(update_fields=["link_version", "link_issued_at"])
    return educator


def send_link(*, educator: Educator, channel: str, phone: str, now: datetime) -> Message | None:
    """Send them the link by e-mail or SMS; ``phone`` answers their questions. None when it has just been sent."""
    with transaction.atomic():
        educator = issue(educator=educator, now=now)
        to = educator.email if channel == Message.Channel.EMAIL else str(educator.phone or "")
        if not to:
            raise Refusal("contact", words(lambda: _("There is no address to send it to. Write it down first.")))
        reference = f"educator:{educator.pk}"
        just = Message.objects.filter(kind="educator_link", reference=reference, channel=channel, to=to)
        if just.filter(created_at__gt=now - SENT_AGAIN_AFTER, created_at__lte=now).exists():
            return None
        with translation.override(educator.reads):
            return messages.post([_letter(educator, channel, to, phone=phone, reference=reference, now=now)])[0]


def retire(*, educator: Educator, now: datetime) -> Educator:
    """They no longer teach here: offered to nobody, their link shut. Refused while sessions to come wait for them."""
    with transaction.atomic():
        educator = _locked(educator)
        if educator.retired_at is not None:
            return educator
        if Session.objects.to_come(now=now).led(by=educator).exists():
            raise Refusal(
                "leads", words(lambda: _("Sessions to come wait for them. Say first who leads those instead."))
            )
        educator.retired_at = now
        educator.link_version += 1
        educator.link_issued_at = None
        educator.save(update_fields=["retired_at", "link_version", "link_issued_at"])
    return educator


def bring_back(*, educator: Educator) -> Educator:
    """They teach here again."""
    with transaction.atomic():
        educator = _locked(educator)
        educator.retired_at = None
        educator.save(update_fields=["retired_at"])
    return educator


def work(*, educator: Educator, now: datetime, drafts: bool = False) -> Work:
    """What they lead; five queries at most. Sessions carry ``marked``, how many are marked. ``drafts`` for the desk alone."""
    told = Session.objects.led(by=educator).live()
    if not drafts:
        told = told.filter(activity__status__in=_TOLD)
    coming = told.filter(ends_at__gt=now)
    to_come = _first(coming, TO_COME, "starts_at", "pk")
    past = told.filter(ends_at__lte=now, ends_at__gt=now - NAMES_UNTIL)
    return Work(
        to_come=to_come,
        total=coming.count() if len(to_come) == TO_COME else len(to_come),
        past=_first(past, PAST, "-starts_at", "-pk"),
    )


def _first(sessions: QuerySet[Session], most: int, *order: str) -> list[Session]:
    """The first few, chosen by their keys alone: only of these all is read that a line says."""
    keys = list(sessions.order_by(*order).values_list("pk", flat=True)[:most])
    return list(_whole(Session.objects.filter(pk__in=keys)).order_by(*order)) if keys else []


def calendar(*, educator: Educator, now: datetime) -> list[Session]:
    """Their sessions for a calendar, those called off too; a quarter back and all to come."""
    told = Session.objects.led(by=educator).filter(activity__status__in=_TOLD, ends_at__gt=now - CALENDAR_SINCE)
    return list(_whole(told).order_by("starts_at", "pk"))


def own_session(*, educator: Educator, pk: int, now: datetime) -> Session | None:
    """One of their sessions, with its activity; None of somebody else's, and of what is not there."""
    told = Session.objects.led(by=educator).filter(pk=pk, activity__status__in=_TOLD)
    return _whole(told).order_by("pk").first()


def names_closed_because(session: Session, *, now: datetime) -> Refusal | None:
    """Why the names of those who come are not shown by a link now, or None."""
    if now > session.ends_at + NAMES_UNTIL:
        return Refusal("over", words(lambda: _("The list of names is shown until a month after the session.")))
    if now < session.starts_at - NAMES_FROM:
        return Refusal("early", words(lambda: _("The list of names opens a week before the session.")))
    return None


def _whole(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With all that a line about a session says."""
    marked = (
        Attendance.objects.filter(session=OuterRef("pk"))
        .order_by()
        .values("session")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return sessions.select_related(
        *("activity__topic", "activity__centre", "activity__parish", "activity__lead", "room", "led_by"),
        *("activity__contact__holder", "activity__contact__stands_in"),
    ).annotate(marked=Coalesce(Subquery(marked), 0))


def _locked(educator: Educator) -> Educator:
    return (
        Educator.objects.select_for_update(no_key=True, of=("self",)).select_related("department").get(pk=educator.pk)
    )


def _refuse_retired(educator: Educator) -> None:
    if educator.retired_at is not None:
        raise Refusal("retired", words(lambda: _("They no longer teach here, so there is no link for them.")))


def _letter(educator: Educator, channel: str, to: str, *, phone: str, reference: str, now: datetime) -> Message:
    """The link in a letter or an SMS, in the language in force."""
    url = link(educator, now=now)
    by_mail = channel == Message.Channel.EMAIL
    fact = _("Here is your page: your sessions and the lists to mark who came.")
    keep = _("Whoever has the link sees the names on your lists, so keep it to yourself.")
    phone = spaced(phone or settings.CONTACT_PHONE)
    button = (_("Open my sessions"), url)
    context = {
        "subject": _("Your sessions"),
        "fact": fact,
        "lines": [keep],
        "button": button,
        **dict.fromkeys(("entries", "when"), ()),
        **dict.fromkeys(("title", "where", "cannot", "number"), ""),
        "phone": phone,
        "portal": settings.PORTAL_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "site": settings.SITE_URL,
        "language": educator.reads,
    }
    ending = _("Questions? Ring %(phone)s.") % {"phone": phone}
    whole = "\n\n".join([fact, keep, f"{button[0]}:\n{url}", ending]) + "\n"
    return messages.draft(
        kind="educator_link",
        to=to,
        channel=channel,
        language=educator.reads,
        subject=str(context["subject"]) if by_mail else "",
        text=whole if by_mail else f"{fact} {url}",
        html=render_to_string("messages/frame.html", context) if by_mail else "",
        links=[{"rel": "educator", "url": url}],
        reference=reference,
        now=now,
    )
