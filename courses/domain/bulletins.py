"""A message that a coordinator writes to a chosen group of one activity.

It is a row for each contact, written in the transaction that notes who sent it; a double click sends it once, and a
message to nobody is refused. Who left no contact is named, to be rung. A sensitive activity keeps its plain subject.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.domain import attendance, decisions, letters, notices
from courses.domain.letters import Facts, Notice
from courses.domain.refusals import Refusal, Refusals
from courses.enums import LIVE_STATES, PLACE_STATES, Presence, RegistrationState
from courses.models import Activity, Attendance, Decision, Party, Registration, Session
from ecosystem.models import Message, User
from ecosystem.text import clean

GROUPS = {
    "confirmed": PLACE_STATES,
    "queue": (RegistrationState.QUEUED.value,),
    "awaiting": (RegistrationState.AWAITING_APPROVAL.value,),
    "everyone": LIVE_STATES,
}
UNANSWERED = "unanswered"
# Of one session: who came, who did not (excused too), all of its list.
CAME, ABSENT, LISTED = "came-", "absent-", "session-"
_MARKS = {CAME: (Presence.PRESENT,), ABSENT: (Presence.ABSENT, Presence.EXCUSED)}
LONGEST_SUBJECT = 120
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Group:
    """Whom a message would reach: one contact a party; and who can only be rung."""

    parties: list[Party] = field(default_factory=list)
    people: int = 0
    without_contact: list[str] = field(default_factory=list)

    @property
    def emails(self) -> int:
        """How many get e-mail."""
        return sum(bool(party.email) for party in self.parties)

    @property
    def texts(self) -> int:
        """How many get an SMS, having given a telephone alone."""
        return len(self.parties) - self.emails


def group(*, activity: Activity, code: str) -> Group:
    """The people of a group by its code.

    The codes: confirmed, queue, awaiting, everyone, unanswered, ``came-<session>``, ``absent-<session>``,
    ``session-<session>``.
    """
    rows = list(
        Registration.objects.filter(_wanted(activity, code), activity=activity)
        .select_related("party", "resident")
        .order_by("registered_at", "id")
    )
    parties = {row.party_id: row.party for row in rows}
    reached = [party for party in parties.values() if party.email or party.phone]
    return Group(
        parties=reached,
        people=sum(bool(row.party.email or row.party.phone) for row in rows),
        without_contact=_unreached(rows),
    )


def _wanted(activity: Activity, code: str) -> Q:
    if code in GROUPS:
        return Q(state__in=GROUPS[code])
    if code == UNANSWERED:
        return Q(pk__in=Registration.objects.unanswered().filter(activity=activity).order_by().values("pk"))
    sort, dash, number = code.partition("-")
    if number.isdecimal() and len(number) < 19:
        session = Session.objects.filter(pk=int(number), activity=activity).first()
        if session is not None and f"{sort}{dash}" == LISTED:
            return Q(pk__in=[row.pk for row in attendance.people(session=session)])
        if session is not None and f"{sort}{dash}" in _MARKS:
            marked = Attendance.objects.filter(session=session, presence__in=_MARKS[f"{sort}{dash}"])
            # Whoever gave the place up and came all the same was there.
            return Q(pk__in=marked.values("registration"))
    raise Refusal("group", _("Choose whom to write to."))


def _unreached(rows: Iterable[Registration]) -> list[str]:
    names = [
        str(row.resident) if row.resident else gettext("Unnamed place")
        for row in rows
        if not row.party.email and not row.party.phone
    ]
    return list(dict.fromkeys(names))


def sessions(*, activity: Activity) -> list[Session]:
    """The sessions not called off, in their order, each with how many ``came`` and were ``absent``."""
    counted = {
        name: Count("attendances", filter=Q(attendances__presence__in=_MARKS[code]))
        for name, code in (("came", CAME), ("absent", ABSENT))
    }
    return list(activity.sessions.live().annotate(**counted).order_by("starts_at", "id"))


def check(*, subject: str, text: str) -> tuple[str, str]:
    """The subject in one line and the text, tidied; raises ``Refusals``."""
    subject = clean(subject)
    text = "\n".join(clean(line) for line in text.replace("\r\n", "\n").split("\n")).strip()
    refusals = []
    if not subject:
        refusals.append(Refusal("subject", _("Write a subject: it is the first thing people see.")))
    if len(subject) > LONGEST_SUBJECT:
        refusals.append(Refusal("subject", _("The subject is too long. Write at most 120 letters.")))
    if not text:
        refusals.append(Refusal("text", _("Write what you want to tell.")))
    if len(text) > LONGEST_TEXT:
        refusals.append(Refusal("text", _("The text is too long. Write at most 2000 letters.")))
    if refusals:
        raise Refusals(refusals)
    return subject, text


def preview(*, activity: Activity, code: str, subject: str, text: str, now: datetime) -> tuple[Group, list[Message]]:
    """Whom it would reach, and one letter and one SMS as they would be read; writes nothing. Raises ``Refusals``."""
    subject, text = check(subject=subject, text=text)
    reached = _reached(activity, code)
    facts = Facts.of(activity, now=now)
    first = (
        next((p for p in reached.parties if p.email), None),
        next((p for p in reached.parties if not p.email), None),
    )
    return reached, [row for party in first if party for row in _compose(party, facts, subject, text, now)]


def send(
    *, activity: Activity, code: str, subject: str, text: str, by: User | None, now: datetime, key: UUID
) -> Decision:
    """Write the message to each contact of the group; raises ``Refusals``. The same ``key`` again sends nothing."""
    subject, text = check(subject=subject, text=text)
    try:
        with transaction.atomic():
            if sent := Decision.objects.filter(key=key).first():
                return sent
            reached = _reached(activity, code)
            decision = decisions.note(
                activity=activity,
                what=Decision.What.MESSAGE,
                reason=subject,
                people=len(reached.parties),
                by=by,
                now=now,
                key=key,
            )
            facts = Facts.of(activity, now=now)
            letters.messages.post(
                [row for party in reached.parties for row in _compose(party, facts, subject, text, now)]
            )
    except IntegrityError:
        # The other of two clicks has written it meanwhile.
        if sent := Decision.objects.filter(key=key).first():
            return sent
        raise
    return decision


def _reached(activity: Activity, code: str) -> Group:
    try:
        reached = group(activity=activity, code=code)
    except Refusal as refusal:
        raise Refusals([refusal])
    if not reached.parties:
        raise Refusals([_nobody(reached)])
    return reached


def _nobody(reached: Group) -> Refusal:
    if reached.without_contact:
        return Refusal("group", _("Nobody in this group left an e-mail address or a telephone. Nothing was sent."))
    return Refusal("group", _("There is nobody in this group. Choose another; nothing was sent."))


def _compose(party: Party, facts: Facts, subject: str, text: str, now: datetime) -> list[Message]:
    """The letter, or where only a telephone is known the SMS, with the text whole."""
    with translation.override(party.language):
        paragraphs = [line for line in text.split("\n") if line]
        notice = Notice(
            kind="bulletin",
            subject=gettext("News about your registration") if facts.is_sensitive else subject,
            # An SMS carries its first sentence whole, a letter has room for paragraphs.
            fact=paragraphs[0] if party.email else " ".join(paragraphs),
            lines=paragraphs[1:] if party.email else [],
            button=notices.open_registration(party),
            links=letters.party_links(party, calendar=False),
        )
        return letters.compose(notice, party=party, facts=facts, now=now)
