"""Certificates of completing and confirmations of taking part: who has earned which, and the papers themselves.

- A **certificate** is for learning alone: when the activity is over, for whoever was at enough of the sessions held
  (80 in a hundred, or what the dated limit of completing says for the day of the last of them: who has a certificate is
  counted as having completed).
- A **confirmation** is for whoever was at one session or more, and lists the days. Both count academic hours of 45
  minutes.
- What is printed is kept as it stood. A name put right, or attendance entered later, is a new paper with a new number;
  the old one is taken back and says that it was replaced. A paper is taken back with a reason.

One paper of a kind is valid for one person and activity, whoever issues it and however often.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain import certificate_book, decisions, letters, notices, places
from courses.domain.lettering import is_whole
from courses.domain.letters import Facts
from courses.domain.refusals import Refusal, words
from courses.enums import ActivityFormat, ActivityKind, CertificateKind, Presence, RegistrationState
from courses.models import Activity, Attendance, Certificate, Party, Registration, Session
from ecosystem import dates
from ecosystem.domain import dated_limits
from ecosystem.models import User
from ecosystem.models.functions import SortKey

LESSON = 45
_MINUTE = 60


@dataclass
class Standing:
    """One person of an activity: the sessions they were at, what is earned, the papers they have."""

    registration: Registration
    held: int
    # Of them, how many a certificate takes.
    needed: int
    attended: list[Session] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    # Why not, by kind; a kind that is earned has no entry.
    refusals: dict[str, Refusal] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As it is printed."""
        return str(self.registration.resident or "")

    @property
    def minutes(self) -> int:
        """Time they were there."""
        return sum(int((one.ends_at - one.starts_at).total_seconds()) // _MINUTE for one in self.attended)

    def valid(self, kind: str) -> Certificate | None:
        """The valid paper of a kind."""
        return next((one for one in self.certificates if one.kind == kind and one.is_valid), None)

    def lacks(self, kind: str) -> bool:
        """Whether a paper of this kind is earned and not there yet."""
        return kind not in self.refusals and self.valid(kind) is None

    def is_due(self, kind: str) -> bool:
        """The same when everybody gets theirs: who has earned a certificate needs no confirmation besides.

        What was taken back for a reason comes back only when somebody issues it to that person.
        """
        taken_back = any(one.kind == kind and not one.is_valid for one in self.certificates)
        needless = kind == CertificateKind.CONFIRMATION and CertificateKind.CERTIFICATE not in self.refusals
        return self.lacks(kind) and not taken_back and not needless


def lessons(minutes: int) -> Decimal:
    """Academic hours of 45 minutes, to a tenth."""
    return (Decimal(minutes) / LESSON).quantize(Decimal("0.1")).normalize()


def standings(*, activity: Activity, now: datetime) -> list[Standing]:
    """Everybody with a name who has a place or was there, in Latvian order; four queries, however many they are."""
    held = held_sessions(activity=activity, now=now)
    marked = Attendance.objects.filter(registration=OuterRef("pk"))
    rows = (
        Registration.objects.filter(activity=activity, resident__isnull=False)
        .filter(Q(state=RegistrationState.CONFIRMED) | Exists(marked))
        .select_related("resident", "party")
        .order_by(SortKey("resident__family_name"), SortKey("resident__given_name"), "pk")
    )
    enough = needed(held)
    people = {row.pk: Standing(registration=row, held=len(held), needed=enough) for row in rows}
    by_id = {session.pk: session for session in held}
    present = Attendance.objects.filter(session__in=by_id, presence=Presence.PRESENT).order_by("session__starts_at")
    for registration, session in present.values_list("registration_id", "session_id"):
        if registration in people:
            people[registration].attended.append(by_id[session])
    by_person = {standing.registration.resident_id: standing for standing in people.values()}
    papers = Certificate.objects.filter(registration__activity=activity, registration__resident__isnull=False)
    for certificate in papers.select_related("registration").order_by("-issued_at", "-pk"):
        assert certificate.registration is not None  # noqa: S101 (the filter says so)
        # Where two entries of one person were joined, the paper may be of the registration that was folded.
        own = people.get(certificate.registration.pk) or by_person.get(certificate.registration.resident_id)
        if own is not None:
            own.certificates.append(certificate)
    for standing in people.values():
        standing.refusals = _refusals(activity, standing, now=now)
    return list(people.values())


def held_sessions(*, activity: Activity, now: datetime) -> list[Session]:
    """The sessions that took place: ended, not called off, with attendance or a head count."""
    marked = Exists(Attendance.objects.filter(session=OuterRef("pk")))
    ended = activity.sessions.live().filter(ends_at__lte=now)
    return list(ended.filter(Q(head_count__isnull=False) | marked).order_by("starts_at"))


def unmarked_sessions(*, activity: Activity, now: datetime) -> int:
    """How many sessions are over and nobody wrote down who came: they count for nobody."""
    return activity.sessions.live().filter(ends_at__lte=now, head_count=None, attendances=None).count()


def needed(held: Sequence[Session]) -> int:
    """How many of these sessions, first to last, one has to be at for a certificate, by the limit of the last one's day."""
    if not held:
        return 1
    percent = dated_limits.limit("completion_percent", on=dates.local_day(held[-1].starts_at)).number
    return max(1, ceil(len(held) * percent / 100))


def issue(
    *, activity: Activity, kind: str, by: User, now: datetime, registration: Registration | None = None
) -> list[Certificate]:
    """Issue to one, or to everybody who has earned it and has none; the new papers. Twice is once.

    To one who has not earned it, raises why; to everybody, they are passed over.
    """
    if kind not in CertificateKind.values:
        raise Refusal("kind", words(lambda: _("Choose a certificate or a confirmation.")))
    with transaction.atomic():
        locked = places.lock_or_fail(activity)
        people = standings(activity=locked, now=now)
        if registration is not None:
            people = [one for one in people if one.registration.pk == registration.pk]
            if not people:
                raise Refusal("nobody", words(lambda: _("This person is not on the list of the activity.")))
            if (refusal := people[0].refusals.get(kind)) and people[0].valid(kind) is None:
                raise refusal
            chosen = [one for one in people if one.lacks(kind)]
        else:
            chosen = [one for one in people if one.is_due(kind)]
        return _write(locked, chosen, kind, by=by, now=now)


def reissue(*, certificate: Certificate, by: User, now: datetime) -> Certificate:
    """A new paper in the place of this one, with the name and the attendance as they are now; raises ``Refusal``."""
    with transaction.atomic():
        activity, current = _locked(certificate)
        if not current.is_valid:
            raise Refusal("revoked", words(lambda: _("This paper was taken back already. Nothing has changed.")))
        standing = next((one for one in standings(activity=activity, now=now) if current in one.certificates), None)
        if standing is None:
            raise Refusal(
                "forgotten", words(lambda: _("Who it was for is no longer known, so nothing can be changed."))
            )
        if refusal := standing.refusals.get(current.kind):
            raise Refusal(
                "not_earned", words(lambda: _("%(why)s Take the paper back instead.") % {"why": str(refusal)})
            )
        if standing.valid(current.kind) != current:
            raise Refusal(
                "another",
                words(lambda: _("This person has another valid paper of this kind. Take this one back instead.")),
            )
        [fresh] = _snapshots(activity, [standing], current.kind, by=by, now=now)
        if _printed(fresh) == _printed(current):
            raise Refusal("same", words(lambda: _("Nothing on the paper would change. Print it again instead.")))
        _take_back(current, because=_("Replaced by a new one"), by=by, now=now)
        [fresh.number] = certificate_book.take(1, now=now)
        fresh.save()
        current.replaced_by = fresh
        current.save(update_fields=["replaced_by"])
    return fresh


def revoke(*, certificate: Certificate, reason: str, by: User, now: datetime) -> Certificate:
    """Take a paper back, with the reason; whoever checks it is told so. Twice is once."""
    reason = decisions.reasoned(reason)
    with transaction.atomic():
        _activity, current = _locked(certificate)
        if current.is_valid:
            _take_back(current, because=reason, by=by, now=now)
    return current


def send(*, activity: Activity, now: datetime) -> tuple[int, list[str]]:
    """Send a link to each contact with valid papers that were not sent yet: how many contacts, and whom to hand them."""
    with transaction.atomic():
        locked = places.lock_or_fail(activity)
        unsent = list(
            Certificate.objects.valid()
            .filter(activity=locked, sent_at=None, registration__party__forgotten_at=None)
            .select_related("registration__party")
            .order_by("pk")
        )
        facts = Facts.of(locked, now=now)
        by_party: dict[Party, list[Certificate]] = {}
        by_hand: list[str] = []
        for one in unsent:
            assert one.registration is not None  # noqa: S101 (the filter says so)
            if one.registration.party.email or one.registration.party.phone:
                by_party.setdefault(one.registration.party, []).append(one)
            else:
                by_hand.append(one.name)
        told = []
        for party, papers in by_party.items():
            with translation.override(party.language):
                names = list(dict.fromkeys(paper.name for paper in papers))
                told.append((party, facts, notices.certificates(party, facts, names)))
        letters.tell(told, now=now)
        sent = [one.pk for papers in by_party.values() for one in papers]
        Certificate.objects.filter(pk__in=sent).update(sent_at=now)
    return len(by_party), list(dict.fromkeys(by_hand))


def _refusals(activity: Activity, standing: Standing, *, now: datetime) -> dict[str, Refusal]:
    found: dict[str, Refusal] = {}
    if not is_whole(standing.name):
        refusal = Refusal(
            "name", words(lambda: _("The name has letters that cannot be printed. Write it in Latin letters."))
        )
        return dict.fromkeys(CertificateKind.values, refusal)
    attended = len(standing.attended)
    if not attended:
        found[CertificateKind.CONFIRMATION] = Refusal("never", words(lambda: _("Was at no session.")))
    if activity.kind != ActivityKind.EDUCATIONAL:
        found[CertificateKind.CERTIFICATE] = Refusal(
            "kind", words(lambda: _("Certificates are for learning; this is not. A confirmation can be issued."))
        )
    elif activity.ends_at is None or activity.ends_at > now:
        found[CertificateKind.CERTIFICATE] = Refusal("not_over", words(lambda: _("The activity is not over yet.")))
    elif attended < standing.needed:
        found[CertificateKind.CERTIFICATE] = Refusal("too_few", _too_few(attended, standing))
    return found


def _too_few(attended: int, standing: Standing) -> Promise:
    if not standing.held:
        return words(lambda: _("No attendance has been entered yet."))
    return words(
        lambda: (
            ngettext(
                "Was at %(attended)s of %(held)s sessions, needed %(needed)s.",
                "Was at %(attended)s of %(held)s sessions, needed %(needed)s.",
                standing.held,
            )
            % {"attended": attended, "held": standing.held, "needed": standing.needed}
        )
    )


def _locked(certificate: Certificate) -> tuple[Activity, Certificate]:
    """The activity's row, locked, and the paper as it is then."""
    if certificate.activity_id is None:
        raise Refusal("forgotten", words(lambda: _("What it was for is no longer known, so nothing can be changed.")))
    activity = places.lock_or_fail(certificate.activity_id)
    return activity, Certificate.objects.get(pk=certificate.pk)


def _write(activity: Activity, people: Sequence[Standing], kind: str, *, by: User, now: datetime) -> list[Certificate]:
    if not people:
        return []
    fresh = _snapshots(activity, people, kind, by=by, now=now)
    for one, number in zip(fresh, certificate_book.take(len(fresh), now=now), strict=True):
        one.number = number
    return Certificate.objects.bulk_create(fresh)


def _snapshots(
    activity: Activity, people: Sequence[Standing], kind: str, *, by: User, now: datetime
) -> list[Certificate]:
    """The papers as they are printed, in Latvian, the language of the municipality's documents; not written yet.

    With them, what their English edition calls the same things.
    """
    same = {
        "kind": kind,
        "activity": activity,
        "family": activity.topic.family,
        **_names(activity, settings.LANGUAGE_CODE),
        "in_english": _names(activity, "en"),
        # Latvian posts have a gender; the name and the department say enough.
        "issuer": by.name or by.email,
        "issued_by": by,
        "issued_at": now,
    }
    return [
        Certificate(
            **same,
            registration=one.registration,
            name=one.name,
            starts_on=dates.local_day(one.attended[0].starts_at),
            ends_on=dates.local_day(one.attended[-1].starts_at),
            days=[
                [dates.local_day(session.starts_at).isoformat(), dates.hours(session.starts_at, session.ends_at)]
                for session in one.attended
            ],
            attended=len(one.attended),
            held=one.held,
            minutes=one.minutes,
        )
        for one in people
    ]


def _names(activity: Activity, language: str) -> dict[str, Any]:
    """``Certificate.NAMES`` in a language."""
    with translation.override(language):
        return {
            "title": activity.title,
            "place": _place(activity),
            "department": activity.lead.name,
            "competences": _competences(activity),
        }


def _place(activity: Activity) -> str:
    if activity.format == ActivityFormat.ONLINE:
        return _("Online")
    return str(activity.centre.name if activity.centre else activity.parish.centre_name)


def _competences(activity: Activity) -> list[str]:
    own: Iterable = activity.competences.order_by("position", "code")
    return [str(one.name) for one in own] or [str(activity.topic.competence.name)]


def _printed(one: Certificate) -> tuple:
    return (
        one.name,
        one.title,
        one.place,
        one.department,
        one.competences,
        one.in_english,
        one.days,
        one.attended,
        one.held,
        one.minutes,
    )


def _take_back(one: Certificate, *, because: str, by: User, now: datetime) -> None:
    one.revoked_at, one.revoked_by, one.revoked_because = now, by, because
    one.save(update_fields=["revoked_at", "revoked_by", "revoked_because"])
