"""News of who came, read from the journal seconds later: the facts of whoever it names are made up to date.

Of people who were erased or joined with others before the news was read, the entry itself says what is needed. A mark that
is corrected after its person was erased is told of a registration without a name; as long as the journal keeps the erasure
(30 days), it says whose fact it was.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Greatest

from centres.models import Centre
from courses.enums import ActivityFormat, Presence
from courses.models import Activity, Attendance, Merge, Session
from ecosystem.geo import distance_km
from ecosystem.models import Audience, Journal, Parish
from reporting.domain.facts import folding, making, pseudonyms
from reporting.enums import Band
from reporting.models import Participation, Pseudonym
from residents.models import Resident

MARKED, HEADS = "attendance.marked", "attendance.heads"
MERGED, UNMERGED, ERASED = "resident.merged", "resident.unmerged", "resident.erased"
KINDS = (MARKED, HEADS, MERGED, UNMERGED, ERASED)
AT_ONCE = 500


def read(*, now: datetime) -> int:
    """Take all that is unread; how many entries. What fails is read again the next time."""
    total = 0
    while taken := _read_some(now=now):
        total += taken
    return total


def _read_some(*, now: datetime) -> int:
    unread = Journal.objects.unread(*KINDS)
    if not unread.exists():
        return 0
    with transaction.atomic():
        making.hold()
        entries = list(unread.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
        _take(entries)
        Journal.objects.filter(pk__in=[entry.pk for entry in entries]).update(done_at=Greatest("created_at", now))
    return len(entries)


def _take(entries: Sequence[Journal]) -> None:
    """Those who stand by what stands, those who are gone by what the entries say; merges in their order."""
    marked = _with_erased([entry.payload for entry in entries if entry.kind == MARKED])
    named: set[UUID] = {UUID(one["resident"]) for one in marked if one["resident"]}
    moved = [entry for entry in entries if entry.kind in (MERGED, UNMERGED)]
    named |= {UUID(entry.payload[side]) for entry in moved for side in ("kept", "gone")}
    standing = set(Resident.objects.filter(pk__in=named).values_list("pk", flat=True))
    _of_the_gone([one for one in marked if one["resident"] and UUID(one["resident"]) not in standing])
    _of_the_unnamed([one for one in marked if not one["resident"]])
    for entry in moved:
        if entry.kind == MERGED:
            _join(kept=UUID(entry.payload["kept"]), gone=UUID(entry.payload["gone"]))
    making.make(sorted(standing))


def _with_erased(marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The marks; those of registrations that an erasure left without a name with the person's old key."""
    nameless = {mark["registration"] for mark in marks if not mark["resident"]}
    if not nameless:
        return marks
    whose = {
        registration: erased["resident"]
        for erased in Journal.objects.filter(kind=ERASED).order_by("created_at", "pk").values_list("payload", flat=True)
        for registration in nameless.intersection(erased["registrations"])
    }
    return [{**mark, "resident": mark["resident"] or whose.get(mark["registration"])} for mark in marks]


def _of_the_gone(marks: list[dict[str, Any]]) -> None:
    """Who was erased since: by the last mark of each session. Who was joined with another is looked for there."""
    last = {(mark["session"], UUID(mark["resident"])): mark for mark in marks}
    if not last:
        return
    sessions = _countable({session for session, _resident in last})
    heirs = dict(Merge.objects.filter(gone__in={who for _s, who in last}, undone_at=None).values_list("gone", "kept"))
    digests = set()
    for (session, resident), mark in last.items():
        if session not in sessions or mark["presence"] != Presence.PRESENT:
            if resident not in heirs:
                Participation.objects.filter(session=session, who__digest=pseudonyms.digest(resident)).delete()
            continue
        digest = pseudonyms.digest(heirs.get(resident, resident))
        who, _made = Pseudonym.objects.get_or_create(digest=digest)
        Participation.objects.get_or_create(session_id=session, who=who, defaults=_told(mark, sessions[session]))
        digests.add(digest)
    making.previous(digests)


def _of_the_unnamed(marks: list[dict[str, Any]]) -> None:
    """Places of a group that name nobody: counted by their registration, which names nobody either."""
    places = {(mark["session"], mark["registration"]): mark for mark in marks}
    if not places:
        return
    sessions = _countable({session for session, _place in places})
    for (session, place), mark in places.items():
        is_present = Attendance.objects.filter(
            session=session, registration=place, registration__resident=None, presence=Presence.PRESENT
        ).exists()
        if session in sessions and is_present and mark["before"] != Presence.PRESENT:
            Participation.objects.get_or_create(
                session_id=session, unnamed=place, defaults={"channel": mark.get("channel", "")}
            )
        elif not is_present:
            Participation.objects.filter(session=session, unnamed=place).delete()


def _join(*, kept: UUID, gone: UUID) -> None:
    """Two codes become one: at a session where both were, one fact stays."""
    old = Pseudonym.objects.filter(digest=pseudonyms.digest(gone)).first()
    if old is None:
        return
    new, _made = Pseudonym.objects.get_or_create(digest=pseudonyms.digest(kept))
    theirs = Participation.objects.filter(who=old)
    both = Participation.objects.filter(who=new, session=OuterRef("session"))
    theirs.filter(Exists(both)).delete()
    theirs.update(who=new)
    old.delete()
    making.previous([new.digest])


def _countable(sessions: set[int]) -> dict[int, Activity]:
    """The activities of these sessions, but for those of a sensitive audience and those past the term of pseudonyms."""
    sensitive = Audience.objects.filter(activities=OuterRef("activity"), is_sensitive=True)
    found = Session.objects.filter(pk__in=sessions, starts_at__gte=folding.since()).exclude(Exists(sensitive))
    rows = found.select_related("activity__parish", "activity__centre")
    return {session.pk: session.activity for session in rows}


def _told(mark: dict[str, Any], activity: Activity) -> dict[str, Any]:
    """A fact's columns, as the journal tells them."""
    if "age" not in mark:
        # Marked anew after the erasure: nothing but the person's code is known.
        return {"channel": mark.get("channel", "")}
    home, centre = mark["home_parish"], mark["centre"]
    km = None
    if home and activity.format != ActivityFormat.ONLINE:
        venue = Centre.objects.get(pk=centre) if centre else Parish.objects.get(pk=mark["parish"])
        km = round(distance_km(Parish.objects.get(pk=home).point, venue.point), 2)
    return {
        "age": mark["age"],
        "band": Band.of(mark["age"]),
        "sex": mark["sex"],
        "home_id": home,
        "lives_elsewhere": mark["lives_elsewhere"],
        "km": km,
        "channel": mark.get("channel", ""),
    }
