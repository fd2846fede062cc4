"""How a message is made: an e-mail and an SMS from the same parts, in the reader's language.

A message says what has changed for **you** in its subject and its first line, then when and where, then one thing to
press, how to say "I cannot come", and whom to ring. An activity for a sensitive audience is named in no subject and no
SMS: others read over one's shoulder. Whoever gave an e-mail address gets e-mail; who gave only a telephone gets SMS;
offers, which run out, go both ways.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event

from courses.domain import admission, links
from courses.models import Activity, Party, Session
from ecosystem import dates
from ecosystem.dates import NBSP
from ecosystem.domain import messages
from ecosystem.models import Audience, Message

MOST_SESSIONS_LISTED = 5
# Three parts of an SMS with Latvian letters: 67 in each.
SMS_LENGTH = 201


@dataclass
class Facts:
    """An activity with what its messages say of it; two queries, made before anything is locked."""

    activity: Activity
    sessions: list[Session]
    is_sensitive: bool

    @classmethod
    def of(cls, activity: Activity | int, *, now: datetime) -> "Facts":
        """The facts as they stand; of an activity read with all its relations, only the sessions are fetched."""
        if isinstance(activity, Activity) and _is_whole(activity):
            sensitive = any(audience.is_sensitive for audience in activity.audiences.all())
            return cls(activity=activity, sessions=_sessions(activity, now), is_sensitive=sensitive)
        found = (
            Activity.objects.select_related("centre", "parish", "contact__stands_in")
            .annotate(is_sensitive=Exists(Audience.objects.filter(activities=OuterRef("pk"), is_sensitive=True)))
            .get(pk=activity if isinstance(activity, int) else activity.pk)
        )
        return cls(activity=found, sessions=_sessions(found, now), is_sensitive=found.is_sensitive)

    def when(self) -> list[str]:
        """The coming sessions, the first few by name."""
        lines = [
            f"{dates.on_day(dates.local_day(s.starts_at))}, {dates.hours(s.starts_at, s.ends_at)}"
            for s in self.sessions[:MOST_SESSIONS_LISTED]
        ]
        if more := len(self.sessions) - len(lines):
            lines.append(
                ngettext("and %(count)s more time", "and %(count)s more times", more).replace(" ", NBSP)
                % {"count": more}
            )
        return lines

    def where(self) -> str:
        """The place and its address."""
        if self.activity.format == "online":
            return _("Online")
        centre = self.activity.centre
        if centre is None:
            return f"{self.activity.parish.centre_name}, {self.activity.parish.name}"
        return f"{centre.name}, {centre.address}" if centre.address else centre.name

    @property
    def place(self) -> str:
        """The place in a word or two, for an SMS."""
        if self.activity.format == "online":
            return _("Online")
        return self.activity.centre.name if self.activity.centre else self.activity.parish.centre_name

    def fee(self) -> str:
        """What is paid, and how; empty when nothing is."""
        return fee(self.activity.fee_eur)

    @cached_property
    def calendar(self) -> str:
        """The coming sessions as a calendar file; a sensitive activity is not named on a shared calendar either."""
        file = Calendar()
        file.add("prodid", "-//Tuvak majam//LV")
        file.add("version", "2.0")
        host = settings.SITE_URL.partition("//")[2]
        for session in self.sessions:
            event = Event()
            event.add("uid", f"session-{session.pk}@{host}")
            event.add("dtstamp", self.activity.changed_at.astimezone(UTC))
            event.add("dtstart", session.starts_at.astimezone(UTC))
            event.add("sequence", session.moved)
            event.add("dtend", session.ends_at.astimezone(UTC))
            event.add("summary", settings.PORTAL_NAME if self.is_sensitive else self.activity.title)
            event.add("location", self.where())
            file.add_component(event)
        return file.to_ical().decode()


@dataclass
class Notice:
    """One message before it is written: e-mail and SMS are made from the same parts."""

    kind: str
    subject: str
    fact: str
    lines: list[str] = field(default_factory=list)
    button: tuple[str, str] | None = None
    cannot: tuple[str, str] | None = None
    shows_when: bool = True
    has_calendar: bool = False
    links: list[dict[str, str]] = field(default_factory=list)
    also_by_sms: bool = False
    # The registration number it names, where that is not the party's own.
    number: str = ""
    # A question that is answered without a name names no registration either.
    shows_number: bool = True


def _is_whole(activity: Activity) -> bool:
    """Whether everything that ``Facts`` needs has been read with the activity."""
    read = activity._state.fields_cache
    one = "centre" in read and "parish" in read and (activity.contact_id is None or "contact" in read)
    return one and "audiences" in getattr(activity, "_prefetched_objects_cache", {})


def _sessions(activity: Activity, now: datetime) -> list[Session]:
    return list(Session.objects.to_come(now=now).filter(activity=activity.pk).order_by("starts_at"))


def fee(amount: Decimal) -> str:
    """ "Dalības maksa 5 € jāmaksā uz vietas."; empty when nothing is paid."""
    if not amount:
        return ""
    digits = 0 if amount == amount.to_integral_value() else 2
    euros = f"{formats.number_format(amount, decimal_pos=digits, force_grouping=True)}{NBSP}€"
    return _("The fee of %(fee)s is paid on the spot.") % {"fee": euros}


def compose(notice: Notice, *, party: Party, facts: Facts, now: datetime) -> list[Message]:
    """The notice as rows for the party's contact; call within the party's language."""
    made = []
    if party.email:
        made.append(_by_email(notice, party=party, facts=facts, now=now))
    if party.phone and (not party.email or notice.also_by_sms):
        made.append(_by_sms(notice, party=party, facts=facts, now=now))
    return made


def tell(notices: Iterable[tuple[Party, "Facts", Notice]], *, now: datetime) -> list[Message]:
    """Write these notices; each was made in its party's language, and is composed in it."""
    rows: list[Message] = []
    for party, facts, notice in notices:
        with translation.override(party.language):
            rows += compose(notice, party=party, facts=facts, now=now)
    return messages.post(rows)


def absolute(name: str, *args: str) -> str:
    """An address of the portal, whole, in the language in force."""
    return settings.SITE_URL + reverse(name, args=args)


def party_links(party: Party, *, calendar: bool) -> list[dict[str, str]]:
    """The links of a registration, as programs read them."""
    token = links.party_token(party)
    found = [{"rel": "party", "url": absolute("courses:party", token)}]
    if calendar:
        found.append({"rel": "calendar", "url": absolute("courses:party_calendar", token)})
    return found


def titled(text: str, facts: Facts) -> str:
    """A subject with the activity's title, unless its audience is sensitive."""
    if facts.is_sensitive:
        return text
    return f"{text} {facts.activity.title}" if text.endswith("?") else f"{text}: {facts.activity.title}"


def _by_email(notice: Notice, *, party: Party, facts: Facts, now: datetime) -> Message:
    when = facts.when() if notice.shows_when else []
    context = {
        "subject": notice.subject,
        "entries": [],
        "fact": notice.fact,
        "lines": notice.lines,
        "title": facts.activity.title,
        "when": when,
        "where": facts.where() if notice.shows_when else "",
        "button": notice.button,
        "cannot": notice.cannot,
        "number": (notice.number or party.number) if notice.shows_number else "",
        "phone": admission.telephone(facts.activity),
        "portal": settings.PORTAL_NAME,
        "municipality": settings.MUNICIPALITY_NAME,
        "site": settings.SITE_URL,
        "language": translation.get_language(),
    }
    return messages.draft(
        kind=notice.kind,
        to=party.email,
        channel=Message.Channel.EMAIL,
        language=party.language,
        subject=notice.subject,
        text=_plain(context),
        html=render_to_string("messages/frame.html", context),
        links=notice.links,
        calendar=facts.calendar if notice.has_calendar else "",
        reference=f"party:{party.pk}",
        now=now,
    )


def _plain(context: dict) -> str:
    """The same as text: the fact first, one thing to press, no more."""
    parts: list[str] = [context["fact"], *context["lines"]]
    about = [context["title"], *context["when"], context["where"]]
    parts.append("\n".join(line for line in about if line))
    parts += [f"{label}:\n{url}" for label, url in filter(None, (context["button"], context["cannot"]))]
    parts.append(
        "\n".join(
            [
                *([_("Registration number: %(number)s") % {"number": context["number"]}] if context["number"] else []),
                _("Questions? Ring %(phone)s.") % {"phone": context["phone"]},
                f"{context['portal']}, {context['municipality']}",
            ]
        )
    )
    return "\n\n".join(parts) + "\n"


def _by_sms(notice: Notice, *, party: Party, facts: Facts, now: datetime) -> Message:
    url = notice.button[1] if notice.button else ""
    about = []
    if notice.shows_when and facts.sessions:
        first = timezone.localtime(facts.sessions[0].starts_at)
        about.append(f"{first.day}.{first.month}. {dates.clock(first)}, {facts.place}.")
    title = "" if facts.is_sensitive else facts.activity.title
    return messages.draft(
        kind=notice.kind,
        to=str(party.phone),
        channel=Message.Channel.SMS,
        language=party.language,
        subject="",
        text=short([notice.fact, *notice.lines], title=title, about=about, url=url),
        links=notice.links,
        reference=f"party:{party.pk}",
        now=now,
    )


def short(sentences: Sequence[str], *, title: str, about: Sequence[str], url: str) -> str:
    """An SMS: the fact whole, the link whole, as much of the title and of the rest between as there is room for.

    Latvian letters stay: a message without them saves a few cents and is read twice. Letters outside the first plane
    (emoji in a title) would make a part shorter still and are left out.
    """
    fact, *more = [sentence.replace(NBSP, " ") for sentence in sentences]
    room = SMS_LENGTH - len(fact) - (len(url) + 1 if url else 0)
    middle: list[str] = []
    if title:
        title = "".join(letter for letter in title if ord(letter) < 0x10000)
        title = title if len(title) <= 40 else title[:39].rstrip() + "…"
        more = [f"{title}.", *about, *more]
    else:
        more = [*about, *more]
    for sentence in more:
        if len(sentence) + 1 <= room:
            middle.append(sentence.replace(NBSP, " "))
            room -= len(sentence) + 1
    return " ".join(part for part in (fact, *middle, url) if part)
