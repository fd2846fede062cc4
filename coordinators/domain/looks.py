"""Who looked at personal data is written down, in the moment of the look.

A look says who, when, which kind of page, whose list, and about whom where people are shown one by one; never what was
typed, never the address that asked. The same page again within a quarter of an hour is the same look: one insert, no
question before it, and the database keeps two at once apart. A page whose look cannot be written is not shown.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, QuerySet

from coordinators.domain.access import Reach
from coordinators.models import Post
from ecosystem.models import Look, User

QUARTER = 15 * 60
_FORGET = """
UPDATE ecosystem_look
SET people = ARRAY(SELECT unnest(people) EXCEPT SELECT unnest(%(gone)s::uuid[]))
WHERE people && %(gone)s::uuid[]
"""


def note(
    *,
    kind: str,
    by: User | None,
    now: datetime,
    about: models.Model | None = None,
    people: Iterable[UUID] = (),
    count: int | None = None,
    detail: str = "",
    reason: str = "",
    holder: models.Model | None = None,
) -> None:
    """Write down a look: one insert, nothing when it is the same look again.

    ``about`` is whose list it is (an activity: its department is noted), ``people`` those shown one by one, ``holder``
    who looks by a signed link. ``detail`` says what of it, never a value.
    """
    shown = sorted(set(people))
    look = Look(
        by=by,
        holder=reference(holder),
        kind=kind,
        about=reference(about),
        department_id=getattr(about, "lead_id", None) or getattr(about, "department_id", None),
        people=shown,
        count=len(shown) if count is None and shown else count,
        detail=detail[:120],
        reason=reason[:200],
        at=now,
        quarter=_quarter(now),
        mark=_mark(shown),
    )
    Look.objects.bulk_create([look], ignore_conflicts=True)


def corrected(*, person: models.Model, fields: Sequence[str], by: User | None, reason: str = "", now: datetime) -> None:
    """Somebody's data were corrected: who, when and which fields; the old value is kept nowhere (docs/adr/0008)."""
    names = ", ".join(sorted(fields))
    note(kind=Look.Kind.CORRECTION, by=by, people=[person.pk], detail=names, reason=reason, now=now)


def reference(row: models.Model | None) -> str:
    """What a row is called where its room is not known: "activity:12"."""
    return f"{row._meta.model_name}:{row.pk}" if row is not None else ""


def read_by(reach: Reach) -> QuerySet[Look]:
    """The looks that somebody may read: all for an administrator; of the headed departments, whoever looked; and of
    those who hold a post there, wherever they looked."""
    if reach.is_administrator:
        return Look.objects.all()
    if not reach.headed:
        return Look.objects.none()
    ours = Post.objects.filter(department__in=reach.headed, holder__isnull=False).values("holder")
    return Look.objects.filter(Q(department__in=reach.headed) | Q(by__in=ours))


def at_people(people: Iterable[UUID], *, lists: Sequence[tuple[str, datetime]] = ()) -> QuerySet[Look]:
    """The looks that showed one of these: one by one, or on a list (reference) on which they stood since a moment.

    A look stands for its quarter of an hour: who came on the list meanwhile was seen as well.
    """
    among = Q(people__overlap=list(people))
    for about, since in lists:
        among |= Q(about=about, people=[], quarter__gte=_quarter(since))
    return Look.objects.filter(among).exclude(kind=Look.Kind.CORRECTION).select_related("by")


def forget(people: Iterable[UUID]) -> int:
    """Take forgotten people out of the looks: that somebody looked stays, at whom does not."""
    gone = [str(pk) for pk in people]
    if not gone:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"gone": gone})
        return cursor.rowcount


def forget_before(moment: datetime) -> int:
    """Take away looks older than this."""
    return Look.objects.before(moment).delete()[0]


def _quarter(moment: datetime) -> datetime:
    return datetime.fromtimestamp(int(moment.timestamp()) // QUARTER * QUARTER, tz=UTC)


def _mark(people: Sequence[UUID]) -> str:
    """A short mark of who was shown: another person in the same quarter of an hour is another look."""
    if not people:
        return ""
    return hashlib.blake2b(b"".join(pk.bytes for pk in people), digest_size=8).hexdigest()
