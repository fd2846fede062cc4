"""The limits that figures are counted by – youth, seniors, completed, late – each from a day on.

- An old period keeps the rule of its time: whoever counts asks ``limit("youth", on=day)``, the day being that of what is
  counted or the last of the period.
- A value is never changed. One in force ends by a new one, entered with its reason, from tomorrow or later: what was
  counted yesterday is not counted otherwise tomorrow without anybody having said so.
- One that has not begun may be withdrawn; it stays on the list as withdrawn.
- A day that the portal came with as a guess (when the youth law of 19.02.2026 came into force) is confirmed or mended
  once, even in the past, with a reason; the guess stays on the list as withdrawn.

Values are entered under the lock of the limit's rows. Who may is ``Reach.sets_limits``.
"""

import csv
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Limit, User
from ecosystem.text import clean

DATA = Path(__file__).resolve().parent.parent / "data"


class Unit(Enum):
    """What a limit counts in."""

    AGES = "ages"
    AGE = "age"
    PERCENT = "percent"
    DAYS = "days"
    MONTHS = "months"
    PEOPLE = "people"


@dataclass(frozen=True)
class Kind:
    """One limit: what it is, what for, between which numbers it may lie."""

    code: str
    name: Promise
    what: Promise
    unit: Unit
    least: int
    most: int

    @property
    def is_interval(self) -> bool:
        """Whether it has two numbers."""
        return self.unit is Unit.AGES


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "youth",
            _("Young people"),
            _("Who counts as young, by their age on the day: 13–25 until the law of 19.02.2026, 13–30 since."),
            Unit.AGES,
            0,
            120,
        ),
        Kind("seniors_esf", _("Seniors (ESF+)"), _("From which age on, as ESF+ counts."), Unit.AGE, 40, 100),
        Kind(
            "seniors_local",
            _("Seniors (the municipality)"),
            _("From which age on, as the municipality counts."),
            Unit.AGE,
            40,
            100,
        ),
        Kind(
            "completion_percent",
            _("Course completed"),
            _("Present at this share of the sessions held, a course is completed."),
            Unit.PERCENT,
            1,
            100,
        ),
        Kind(
            "late_entry_days",
            _("Attendance entered late"),
            _("Entered later than this after the session."),
            Unit.DAYS,
            1,
            365,
        ),
        Kind(
            "first_timer_months",
            _("For the first time"),
            _("Whoever came to nothing in so many months before."),
            Unit.MONTHS,
            1,
            120,
        ),
        Kind(
            "coordinator_active_days",
            _("Active coordinator"),
            _("Who published or changed an activity within so many days."),
            Unit.DAYS,
            1,
            365,
        ),
        Kind(
            "small_cell",
            _("Small cells"),
            _("In public figures a number of people from 1 to this is hidden."),
            Unit.PEOPLE,
            1,
            50,
        ),
        Kind(
            "blank_spot_days",
            _("White spots"),
            _("A parish with nothing planned for somebody in so many days to come."),
            Unit.DAYS,
            1,
            365,
        ),
    )
}


class Refused(ValidationError):
    """The value cannot be taken; the messages say why, by field, and are fit to show."""


@dataclass(frozen=True)
class Value:
    """A limit as it holds from a day on."""

    code: str
    lower: int
    upper: int | None
    in_force_from: date
    is_to_be_confirmed: bool = False

    @property
    def number(self) -> int:
        """The one number of a limit that is no interval."""
        return self.lower

    def includes(self, age: int) -> bool:
        """Whether this age lies in an interval of ages, or above the lowest."""
        return self.lower <= age and (self.upper is None or age <= self.upper)


class State(Enum):
    """What a value is today."""

    NOW = "now"
    COMING = "coming"
    PAST = "past"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Entry:
    """A value with its row: what it is today, and until when it holds (None: while no other follows)."""

    row: Limit
    state: State
    until: date | None = None


# Reading.


def limit(code: str, *, on: date) -> Value:
    """The limit as it holds on that day."""
    return _holding(values(code), on)


def values(code: str) -> list[Value]:
    """All values that a limit ever has, the earliest first: to count many days at once."""
    return _known().get(code) or _given(code)


def in_force(*, on: date) -> dict[str, Value]:
    """All limits as they hold on that day, by their codes."""
    return {code: _holding(values(code), on) for code in KINDS}


def book(*, on: date) -> dict[str, list[Entry]]:
    """All that was ever entered, the latest first, by the codes of the limits. One query."""
    rows = list(Limit.objects.select_related("entered_by", "withdrawn_by").order_by("code", "in_force_from", "pk"))
    return {code: _entries([row for row in rows if row.code == code], on) for code in KINDS}


# Changing.


def write_missing(*, now: datetime, folder: Path = DATA) -> list[str]:
    """Write the values that the portal comes with, of limits that have none yet; what was written, by code and day."""
    there = set(Limit.objects.order_by().values_list("code", flat=True))
    rows = [row for row in _read(folder) if row.code not in there]
    if rows:
        transaction.on_commit(reset)
    Limit.objects.bulk_create(
        Limit(
            code=row.code,
            lower=row.lower,
            upper=row.upper,
            in_force_from=row.in_force_from,
            is_to_be_confirmed=row.is_to_be_confirmed,
            entered_at=now,
        )
        for row in rows
    )
    return [f"{row.code} {row.in_force_from:%Y-%m-%d}" for row in rows]


def enter(
    *, code: str, lower: Any, upper: Any = None, in_force_from: date | None, why: str, by: User | None, now: datetime
) -> Limit:
    """A new value from a day to come, which ends the one in force; raises ``Refused`` with all that is wrong."""
    kind = _kind(code)
    why = clean(why)
    with transaction.atomic():
        standing = _locked(code, now=now)
        problems = check(kind=kind, lower=lower, upper=upper, why=why)
        if in_force_from is None:
            problems.setdefault("in_force_from", []).append(_error(_("Choose the day.")))
        elif in_force_from <= timezone.localdate(now):
            problems.setdefault("in_force_from", []).append(
                _error(_("A new value begins tomorrow or later: what is past keeps its rule."))
            )
        elif any(row.in_force_from == in_force_from for row in standing):
            problems.setdefault("in_force_from", []).append(
                _error(_("From this day another value has been set already. Withdraw that one first."))
            )
        if problems or in_force_from is None:
            raise Refused(problems)
        before = [row for row in standing if row.in_force_from < in_force_from]
        if before and (before[-1].lower, before[-1].upper) == (lower, upper):
            raise Refused({"lower": [_error(_("This is what will hold on that day anyway."))]})
        return Limit.objects.create(
            code=code, lower=lower, upper=upper, in_force_from=in_force_from, why=why, entered_by=by, entered_at=now
        )


def withdraw(*, pk: int, by: User | None, now: datetime) -> Limit:
    """Take back a value that has not begun."""
    with transaction.atomic():
        row = _row(pk, now=now)
        if row.in_force_from <= timezone.localdate(now):
            raise Refused(_("It is in force already, or was: it is ended by a new value from a day to come."))
        row.withdrawn_by, row.withdrawn_at = by, now
        row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return row


def confirm(*, pk: int, in_force_from: date | None, why: str, by: User | None, now: datetime) -> Limit:
    """Say from which day a value that came as a guess really holds, once; the guess stays on the list as withdrawn."""
    why = clean(why)
    with transaction.atomic():
        row = _row(pk, now=now)
        if not row.is_to_be_confirmed:
            raise Refused(_("Its day has been confirmed already."))
        problems: dict[str, list[ValidationError]] = {}
        _check_why(why, problems)
        if in_force_from is None:
            problems["in_force_from"] = [_error(_("Choose the day."))]
        else:
            others = [each.in_force_from for each in _locked(row.code, now=now) if each.pk != row.pk]
            earlier = [day for day in others if day < row.in_force_from]
            later = [day for day in others if day > row.in_force_from]
            if (earlier and in_force_from <= max(earlier)) or (later and in_force_from >= min(later)):
                problems["in_force_from"] = [
                    _error(_("The day lies before the value before it, or after the next one."))
                ]
        if problems or in_force_from is None:
            raise Refused(problems)
        row.withdrawn_by, row.withdrawn_at = by, now
        row.save(update_fields=["withdrawn_by", "withdrawn_at"])
        return Limit.objects.create(
            code=row.code,
            lower=row.lower,
            upper=row.upper,
            in_force_from=in_force_from,
            why=why,
            entered_by=by,
            entered_at=now,
        )


def check(*, kind: Kind, lower: Any, upper: Any, why: str) -> dict[str, list[ValidationError]]:
    """What is wrong with numbers and words, by field; empty when nothing is."""
    problems: dict[str, list[ValidationError]] = {}
    numbers = {"lower": lower, "upper": upper} if kind.is_interval else {"lower": lower}
    for name, number in numbers.items():
        if number is None or number == "":
            problems[name] = [_error(_("Type a whole number."))]
        elif not isinstance(number, int):
            problems[name] = [_error(_("This is not a whole number: «%(typed)s»."), typed=clean(str(number))[:20])]
        elif not kind.least <= number <= kind.most:
            problems[name] = [_error(_("Type a number from %(least)s to %(most)s."), least=kind.least, most=kind.most)]
    if kind.is_interval and not problems and lower > upper:
        problems["upper"] = [_error(_("The lowest age is above the highest."))]
    if not kind.is_interval and upper is not None:
        problems["lower"] = [_error(_("This limit is one number."))]
    _check_why(why, problems)
    return problems


# Inside.

# All standing values, read once a minute by each process: what is entered begins tomorrow.
_READ_EVERY = 60
_held: tuple[float, dict[str, list[Value]]] | None = None


def reset() -> None:
    """Read them anew the next time."""
    global _held
    _held = None


def _known() -> dict[str, list[Value]]:
    global _held
    moment = time.monotonic()
    if _held is None or moment - _held[0] > _READ_EVERY:
        _held = moment, _by_code(Limit.objects.standing())
    return _held[1]


def _check_why(why: str, problems: dict[str, list[ValidationError]]) -> None:
    if not why:
        problems["why"] = [_error(_("Say why: whoever reads the figures later will ask."))]
    elif len(why) > Limit.LONGEST_WHY:
        problems["why"] = [_error(_("At most %(most)s characters."), most=Limit.LONGEST_WHY)]


def _error(message: Any, **params: object) -> ValidationError:
    return ValidationError(message, params=params or None)


def _kind(code: str) -> Kind:
    kind = KINDS.get(code)
    if kind is None:
        raise Refused(_("There is no such limit."))
    return kind


def _row(pk: int, *, now: datetime) -> Limit:
    """A standing row, locked with the others of its limit."""
    found = Limit.objects.filter(pk=pk).first()
    standing = _locked(found.code, now=now) if found else []
    for row in standing:
        if row.pk == pk:
            return row
    raise Refused(_("It has been withdrawn meanwhile."))


def _locked(code: str, *, now: datetime) -> list[Limit]:
    """The standing values of a limit, the earliest first; nobody else enters one until we are done."""
    transaction.on_commit(reset)
    write_missing(now=now)
    rows = Limit.objects.filter(code=code).order_by("in_force_from", "pk")
    # Once they are ours they are read anew: what was entered while we waited is not among those waited for.
    list(rows.select_for_update())
    return [row for row in rows.all() if row.withdrawn_at is None]


def _by_code(rows: Iterable[Limit]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for row in sorted(rows, key=lambda row: row.in_force_from):
        found.setdefault(row.code, []).append(
            Value(row.code, row.lower, row.upper, row.in_force_from, row.is_to_be_confirmed)
        )
    return found


def _holding(known: list[Value], on: date) -> Value:
    """The latest that has begun; of a day before all of them the earliest."""
    return next((value for value in reversed(known) if value.in_force_from <= on), known[0])


def _entries(rows: list[Limit], on: date) -> list[Entry]:
    standing = [row for row in rows if row.withdrawn_at is None]
    begun = [row for row in standing if row.in_force_from <= on]
    now = begun[-1] if begun else None
    following = {row.pk: later.in_force_from for row, later in pairwise(standing)}
    found = []
    for row in reversed(rows):
        if row.withdrawn_at is not None:
            state = State.WITHDRAWN
        elif row is now:
            state = State.NOW
        else:
            state = State.PAST if row.in_force_from <= on else State.COMING
        found.append(Entry(row=row, state=state, until=following.get(row.pk)))
    return found


def _given(code: str) -> list[Value]:
    """What the portal comes with, while nothing has been written."""
    _kind(code)
    return [value for value in _read(DATA) if value.code == code]


@cache
def _read(folder: Path) -> tuple[Value, ...]:
    with (folder / "limits.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Value(
                code=row["code"],
                lower=int(row["lower"]),
                upper=int(row["upper"]) if row["upper"] else None,
                in_force_from=date.fromisoformat(row["in_force_from"]),
                is_to_be_confirmed=row["to_be_confirmed"] == "yes",
            )
            for row in csv.DictReader(file)
        )
