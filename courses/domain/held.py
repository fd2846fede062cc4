"""What is held about a person, for the page at the desk and for the file that they may ask for.

An activity with a closed list is told only to who manages it; for everybody else it is counted, and the file says that
it is not whole.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from coordinators.domain.access import Reach
from courses.domain import merging, news_letters, people
from courses.models import Attendance, Decision, Merge, Registration
from ecosystem.models import Message
from residents.domain import consents
from residents.models import Alias, Consent, PossibleDouble, Resident


@dataclass(frozen=True)
class Held:
    """All of it, as far as the reader may see."""

    resident: Resident
    household: list[Resident]
    # The latest first, those that may not be named left out.
    registrations: list[Registration]
    closed: int
    marks: dict[int, list[Attendance]]
    messages: list[Message]
    decisions: list[Decision]
    aliases: list[Alias]
    doubles: list[PossibleDouble]
    # What they agreed to, the latest first: by their contact, or aloud.
    consents: list[Consent] = field(default_factory=list)
    # What was joined into them and can be parted again.
    merges: list[Merge] = field(default_factory=list)

    def presences(self, registration: Registration) -> Counter[str]:
        """How often they were present, absent, excused."""
        return Counter(mark.presence for mark in self.marks.get(registration.pk, ()))


def of(*, resident: Resident, reach: Reach, now: datetime) -> Held:
    """What is held of this person, for this reader; a fixed number of queries."""
    rows = list(
        Registration.objects.filter(resident=resident)
        .select_related("activity__parish", "activity__centre", "activity__lead", "party")
        .order_by("-activity__starts_at", "-pk")
    )
    unnamed = people.unnamed(activities=[row.activity for row in rows], reach=reach)
    told = [row for row in rows if row.activity_id not in unnamed]
    marks: dict[int, list[Attendance]] = {}
    sheets = Attendance.objects.filter(registration__in=[row.pk for row in told]).select_related("session")
    for mark in sheets.order_by("session__starts_at", "pk"):
        marks.setdefault(mark.registration_id, []).append(mark)
    aliases = list(Alias.objects.filter(resident=resident).order_by("pk"))
    agreed = consents.about(
        person=resident,
        contacts=[
            *(resident.household.email, str(resident.household.phone or "")),
            *(str(value or "") for alias in aliases for value in (alias.email, alias.phone)),
        ],
    )
    references = sorted({f"party:{row.party_id}" for row in told} | {news_letters.reference(one) for one in agreed})
    merges = Merge.objects.filter(kept=resident.pk, undone_at=None).exclude(snapshot={}).order_by("-at", "-pk")
    return Held(
        resident=resident,
        household=list(
            Resident.objects.filter(household=resident.household_id)
            .exclude(pk=resident.pk)
            .select_related("village")
            .order_by("birth_year", "given_name", "pk")
        ),
        registrations=told,
        closed=len(rows) - len(told),
        marks=marks,
        messages=list(Message.objects.filter(reference__in=references).order_by("-created_at", "-pk")),
        decisions=list(Decision.objects.filter(registration__in=[row.pk for row in told]).order_by("-at", "-pk")),
        aliases=aliases,
        consents=agreed,
        doubles=list(people.pairs(reach).filter(Q(first=resident) | Q(second=resident))),
        merges=[merge for merge in merges if now <= merging.undoable_until(merge)],
    )
