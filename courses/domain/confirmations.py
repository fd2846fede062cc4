"""A week before the first session those who have a place are asked whether they will come, where the activity says so.

They are asked once, between nine and seven, each by the contact they gave; who registered within that week is not asked.
Yes is one press on the page of the link; "I cannot come" frees the place as ever. Silence takes nothing away: a place is
held until the start. Who has not answered is listed at the desk, to be rung, and a yes by telephone is written down.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from courses.domain import decisions, letters, notices, places, reminders
from courses.domain.letters import Facts
from courses.domain.refusals import Refusal
from courses.enums import ActivityStatus, RegistrationState
from courses.models import Activity, Decision, Party, Registration
from ecosystem.models import User

BEFORE = timedelta(days=7)


def ask(*, now: datetime) -> int:
    """Ask the people of activities that begin within a week, once; how many people. For the clock.

    Within two days of the start the reminder comes instead.
    """
    if not reminders.FROM <= timezone.localtime(now).time() < reminders.UNTIL:
        return 0
    asked = Registration.objects.filter(activity=OuterRef("pk"), attendance_asked_at__isnull=False)
    due = Activity.objects.published().filter(
        ~Exists(asked),
        Exists(_due().filter(activity=OuterRef("pk"))),
        asks_confirmation=True,
        starts_at__gt=now + reminders.BEFORE,
        starts_at__lte=now + BEFORE,
    )
    people = 0
    for pk in list(due.order_by("starts_at", "pk").values_list("pk", flat=True)[: reminders.SWEEP]):
        with transaction.atomic():
            activity = places.lock(pk, skip=True)
            # Whoever held the lock before may have asked, or called it off.
            still_due = activity is not None and due.filter(pk=pk).exists()
            if activity is not None and still_due:
                people += _ask(activity, now=now)
    return people


def _due() -> QuerySet[Registration]:
    """Those with a place who registered before the last week."""
    return Registration.objects.filter(
        state=RegistrationState.CONFIRMED, registered_at__lte=F("activity__starts_at") - BEFORE
    )


def _ask(activity: Activity, *, now: datetime) -> int:
    rows = list(_due().filter(activity=activity).select_related("party", "resident").order_by("pk"))
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(attendance_asked_at=now)
    facts = Facts.of(activity.pk, now=now)
    told = []
    for party, theirs in by_party(rows):
        with translation.override(party.language):
            told.append((party, facts, notices.confirmation(party, facts, theirs)))
    letters.tell(told, now=now)
    return len(rows)


def by_party(rows: Iterable[Registration]) -> list[tuple[Party, list[Registration]]]:
    """The registrations by who registered together, in their order."""
    parties: dict[object, tuple[Party, list[Registration]]] = {}
    for row in rows:
        parties.setdefault(row.party_id, (row.party, []))[1].append(row)
    return list(parties.values())


def unanswered(*, activity: Activity) -> list[Registration]:
    """Those with a place who were asked and have said nothing, as they registered."""
    rows = activity.registrations.unanswered().select_related("party", "resident__household")
    return list(rows.order_by("registered_at", "pk"))


def confirm(
    *, party: Party, registrations: Iterable[int], now: datetime, asked: str | None = None
) -> list[Registration]:
    """These of the party say that they will come. Twice is once; raises ``Refusal`` where there is nothing to come to.

    ``asked`` is the mark of what the page asked about (:func:`mark`): an answer to another time or place is none.
    """
    wanted = set(registrations)
    with transaction.atomic():
        activity = places.lock_or_fail(party.activity_id)
        _refuse_late(activity, now=now)
        if asked is not None and asked != mark(activity):
            raise Refusal("moved", _("The time or the place has changed meanwhile. Look at it, and answer again."))
        mine = party.registrations.filter(pk__in=wanted, state=RegistrationState.CONFIRMED)
        if not mine.exists():
            raise Refusal("no_place", _("You have no place here any more, so there is nothing to answer."))
        rows = list(mine.filter(attendance_asked_at__isnull=False, attendance_confirmed_at=None).order_by("pk"))
        Registration.objects.filter(pk__in=[row.pk for row in rows]).update(attendance_confirmed_at=now)
    return rows


def mark(activity: Activity) -> str:
    """When and where it begins, as a page carries it from the question to the answer."""
    begins = int(activity.starts_at.timestamp()) if activity.starts_at else 0
    return f"{begins}-{activity.parish_id}-{activity.centre_id or ''}"


def confirm_by_telephone(*, registration: Registration, by: User | None, now: datetime) -> bool:
    """They said on the telephone that they will come; False when that was known. Raises ``Refusal``."""
    with transaction.atomic():
        activity = places.lock_or_fail(registration.activity_id)
        _refuse_late(activity, now=now)
        current = Registration.objects.get(pk=registration.pk)
        if current.state != RegistrationState.CONFIRMED:
            raise Refusal("no_place", _("Meanwhile this has changed: they have no place any more."))
        if current.attendance_confirmed_at is not None:
            return False
        current.attendance_asked_at = current.attendance_asked_at or now
        current.attendance_confirmed_at = now
        current.save(update_fields=["attendance_asked_at", "attendance_confirmed_at"])
        decisions.note(
            activity=activity, what=Decision.What.ATTENDS, registration=registration, people=1, by=by, now=now
        )
    return True


def _refuse_late(activity: Activity, *, now: datetime) -> None:
    if activity.status == ActivityStatus.CANCELLED:
        raise Refusal("cancelled", _("This activity has been called off. Look what else is on nearby."))
    if activity.starts_at is None or activity.starts_at <= now:
        raise Refusal("begun", _("It has begun already: whoever comes is welcome."))
