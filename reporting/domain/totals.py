"""Anonymous totals: how many with fewer opportunities, of which labour status … took part in an activity.

- They are counted by whoever was there, from what people said of themselves, and are numbers: never tied to a person,
  never worked out from people (the Erasmus+ Beneficiary Module asks for them so).
- One person may fall under several barriers, so the eight may add up to more than the total of people with fewer
  opportunities; none of them alone may. Nor may the long-term unemployed exceed the unemployed.
- More than came is not refused, since attendance may be entered late, but told.
- An empty box is "not counted"; nought is "counted, and there was nobody".
- A total that somebody else has changed since one looked is not written over unseen.
- Ticking adds one to one total. What is kept is the number and the day: no moment and no order, from which one could tell
  what a single person answered.

Whoever may change the activity enters them (``courses.domain.rights``), from the day of its first session on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.domain.places import lock_or_fail
from courses.enums import ActivityStatus, Presence
from courses.models import Activity, Attendance, Session
from ecosystem import dates
from ecosystem.models import User
from ecosystem.text import clean
from reporting.models import ActivityTotal, ActivityTotalEntry, TotalCode
from reporting.models.totals import BARRIERS, EDUCATION, LABOUR, SUPPORT

MOST = ActivityTotal.MOST
# A total as it stands, or as somebody saw it; None is "not counted".
Counts = dict[str, int | None]


class Refused(ValidationError):
    """The totals cannot be so; the messages say why, by code, and are fit to show."""


class Overtaken(Refused):
    """Somebody else has changed some of them since; ``now`` is how they stand."""

    def __init__(self, problems: Mapping[str, list[ValidationError]], now: Counts) -> None:
        super().__init__(dict(problems))
        self.now = now


@dataclass(frozen=True)
class Entered:
    """What became of it: which totals changed, and what looks odd though it was taken."""

    changed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def closed_because(*, activity: Activity, now: datetime) -> str:
    """Why nothing can be entered, or an empty text."""
    if activity.status == ActivityStatus.CANCELLED:
        return gettext("The activity was called off, so nobody is counted.")
    if activity.status == ActivityStatus.DRAFT or activity.starts_at is None:
        return gettext("This is a draft: people are counted once it takes place.")
    first = dates.local_day(activity.starts_at)
    if first > timezone.localdate(now):
        return gettext("Counting opens on the day of the first session: %(day)s.") % {"day": f"{first:%d.%m.%Y}"}
    return ""


def standing(*, activity: Activity) -> Counts:
    """All totals of the activity by their codes; None where nobody has counted."""
    known = dict(ActivityTotal.objects.filter(activity=activity).order_by("code").values_list("code", "count"))
    return {code: known.get(code) for code in TotalCode.values}


def entries(*, activity: Activity) -> list[ActivityTotalEntry]:
    """What was left when and by whom, the latest day first, in the order of the boxes."""
    places = {code: place for place, code in enumerate(TotalCode.values)}
    rows = ActivityTotalEntry.objects.filter(activity=activity).select_related("entered_by").order_by("pk")
    return sorted(rows, key=lambda row: (-row.entered_on.toordinal(), places[row.code], row.pk))


def enter(
    *, activity: Activity, counts: Mapping[str, Any], seen: Mapping[str, int | None], by: User | None, now: datetime
) -> Entered:
    """Write what was typed into the boxes; ``seen`` is what they showed. All of it, or nothing and why.

    Boxes that were left as they were shown keep what stands now, whoever has changed it meanwhile.
    """
    problems: dict[str, list[ValidationError]] = {}
    typed: Counts = {}
    for code, value in counts.items():
        try:
            typed[_code(code)] = _number(value)
        except ValidationError as error:
            problems[code] = [error]
    with transaction.atomic():
        _open(activity, now=now)
        before = standing(activity=activity)
        changes = {code: value for code, value in typed.items() if value != seen.get(code)}
        overtaken = {
            code: [_overtaken(before[code])]
            for code, value in changes.items()
            if before[code] != seen.get(code) and before[code] != value
        }
        after = {**before, **changes}
        for code, why in _contradictions(after, known=set(TotalCode.values) - set(problems)):
            problems.setdefault(code, []).append(why)
        if overtaken:
            raise Overtaken({**problems, **overtaken}, before)
        if problems:
            raise Refused(problems)
        changed = _write(activity, before, after, by=by, day=timezone.localdate(now))
        return Entered(changed=changed, warnings=tuple(warnings(activity=activity, counts=after)))


def tick(*, activity: Activity, code: str, by: User | None, now: datetime, step: int = 1) -> int:
    """One more of a total, or with ``step=-1`` one fewer; the number that stands now. Raises ``Refused``."""
    code = _code(code)
    if step not in (1, -1):
        raise ValueError("One at a time.")
    with transaction.atomic():
        _open(activity, now=now)
        before = standing(activity=activity)
        number = (before[code] or 0) + step
        if number < 0:
            raise Refused({code: [_error(_("There is nobody to take away: it is nought."))]})
        if number > MOST:
            raise Refused({code: [_error(_("At most %(most)s."), most=MOST)]})
        after = {**before, code: number}
        problems: dict[str, list[ValidationError]] = {}
        for _where, error in _contradictions(after, known=set(TotalCode.values)):
            problems.setdefault(code, []).append(error)
        if problems:
            raise Refused(problems)
        _write(activity, before, after, by=by, day=timezone.localdate(now))
    return number


def came(*, activity: Activity) -> int | None:
    """How many came at most: people with a mark, and head counts; None while nobody has written down who came."""
    marked = Attendance.objects.filter(session__activity=activity)
    heads = Session.objects.filter(activity=activity, cancelled_at=None).aggregate(heads=Sum("head_count"))["heads"]
    if heads is None and not marked.exists():
        return None
    present = marked.filter(presence=Presence.PRESENT).order_by().values("registration").distinct().count()
    return present + (heads or 0)


def warnings(*, activity: Activity, counts: Mapping[str, int | None]) -> Iterable[str]:
    """What looks odd: more people told of than came. Support is counted in measures, so it may be more."""
    there = came(activity=activity)
    if there is None:
        return
    for code in (TotalCode.FEWER, TotalCode.NEET, TotalCode.UKRAINE):
        if (counts.get(code) or 0) > there:
            yield _more_than_came(str(code.label), counts[code] or 0, there)
    for name, codes in ((_("Labour status"), LABOUR), (_("Education"), EDUCATION)):
        total = sum(counts.get(code) or 0 for code in codes)
        if total > there:
            yield _more_than_came(str(name), total, there)


# Inside.


def _open(activity: Activity, *, now: datetime) -> None:
    """Take the activity's row, so that two who enter at once do so one after the other; raises why it is closed."""
    if why := closed_because(activity=lock_or_fail(activity), now=now):
        raise Refused(why)


def _code(code: str) -> str:
    if code not in TotalCode.values:
        raise Refused(_("There is no such total."))
    return code


def _number(value: Any) -> int | None:
    """What was typed as a number; None for an empty box."""
    if value is None or isinstance(value, int):
        number = value
    else:
        typed = clean(str(value))
        if not typed:
            return None
        bare = typed.replace(" ", "").replace("−", "-").replace("–", "-")
        if not (bare.removeprefix("-").isascii() and bare.removeprefix("-").isdecimal()) or len(bare) > 12:
            raise _error(_("This is not a whole number: write 12, for instance."))
        number = int(bare)
    if number is not None and number < 0:
        raise _error(_("A number of people cannot be below zero."))
    if number is not None and number > MOST:
        raise _error(_("At most %(most)s."), most=MOST)
    return number


def _contradictions(counts: Counts, *, known: set[str]) -> Iterable[tuple[str, ValidationError]]:
    """Parts above their whole. What could not be read is not judged again."""
    for whole, parts in ((TotalCode.FEWER, BARRIERS), (TotalCode.UNEMPLOYED, (TotalCode.LONG_TERM,))):
        if whole.value not in known:
            continue
        for part in parts:
            number = counts.get(part)
            if part.value not in known or not number:
                continue
            if counts[whole] is None:
                yield part.value, _error(_("First say how many in all: «%(whole)s»."), whole=whole.label)
            elif number > (counts[whole] or 0):
                yield (
                    part.value,
                    _error(
                        _("«%(part)s» is %(number)s, but «%(whole)s» only %(all)s."),
                        part=part.label,
                        number=number,
                        whole=whole.label,
                        all=counts[whole],
                    ),
                )


def _overtaken(now: int | None) -> ValidationError:
    if now is None:
        return _error(_("Somebody has taken this number away meanwhile. Save again if yours should hold."))
    return _error(_("Somebody has meanwhile entered %(number)s. Save again if yours should hold."), number=now)


def _more_than_came(name: str, number: int, there: int) -> str:
    said = ngettext(
        "«%(name)s» is %(number)s, but by the attendance at most %(n)s person came. Please check.",
        "«%(name)s» is %(number)s, but by the attendance at most %(n)s people came. Please check.",
        there,
    )
    return said % {"name": name, "number": number, "n": there}


def _write(activity: Activity, before: Counts, after: Counts, *, by: User | None, day: date) -> tuple[str, ...]:
    """The rows as they should be, and in the history what this hand left them at today."""
    changed = tuple(code for code in TotalCode.values if before[code] != after[code])
    for code in changed:
        count = after[code]
        if count is None:
            ActivityTotal.objects.filter(activity=activity, code=code).delete()
        else:
            ActivityTotal.objects.update_or_create(
                activity=activity, code=code, defaults={"count": count, "entered_by": by, "entered_on": day}
            )
        ActivityTotalEntry.objects.update_or_create(
            activity=activity, code=code, entered_by=by, entered_on=day, defaults={"count": count}
        )
    return changed


def _error(message: Any, **params: object) -> ValidationError:
    return ValidationError(message, params=params or None)


# The boxes in their order, under their headings.
GROUPS: Sequence[tuple[str, Promise, Sequence[TotalCode]]] = (
    ("fewer", _("Fewer opportunities"), (TotalCode.FEWER, *BARRIERS)),
    ("youth", _("Young people and people from Ukraine"), (TotalCode.NEET, TotalCode.UKRAINE)),
    ("labour", _("Labour status"), (TotalCode.UNEMPLOYED, TotalCode.LONG_TERM, TotalCode.INACTIVE, TotalCode.EMPLOYED)),
    ("education", _("Education"), EDUCATION),
    ("support", _("Support provided"), SUPPORT),
)
