"""What a cell of a programme file may say: numbers, euros, local times, lists. Each reader takes text or refuses it."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.text import clean, fold

T = TypeVar("T")
FREE = Decimal(0)
_WHOLE = re.compile(r"[0-9]{1,9}")
_EUROS = re.compile(r"(-?)([0-9]{1,9})(?:[.,]([0-9]{1,6}))?")
_MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")
# What Excel leaves where a formula went wrong.
_BROKEN = frozenset(("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"))
_YES = frozenset(("yes", "y", "ja", "true", "1", "x"))
_NO = frozenset(("no", "n", "ne", "false", "0", "-"))


_GUARDED = re.compile(r"'(?=[=+\-@])")


def guarded(text: str) -> str:
    """A text as a spreadsheet may open it: nothing that it would take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def unguarded(text: str) -> str:
    """The same text without its guard."""
    return _GUARDED.sub("", text, count=1) if _GUARDED.match(text) else text


def refuse_what_is_no_text(text: str, *, breaks: bool) -> None:
    """Control characters, formulas and their errors are never what somebody meant to say."""
    if any(unicodedata.category(c) == "Cc" and not (breaks and c in "\n\r\t") for c in text.strip()):
        raise ValidationError(_("There are control characters in the text. Type it anew."))
    if text.lstrip().startswith("="):
        raise ValidationError(_("This is a formula. Put its result here instead."))
    if text.strip() in _BROKEN:
        raise ValidationError(_("This is an error of the spreadsheet, not a value."))


def line(text: str) -> str:
    """A text in one line."""
    return clean(unicodedata.normalize("NFC", text))


def paragraphs(text: str) -> str:
    """A text that may have several lines."""
    lines = [line(part) for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()


def many(read: Callable[[str], T]) -> Callable[[str], list[T]]:
    """A reader of a list joined by semicolons; the same thing twice is one."""

    def read_all(text: str) -> list[T]:
        found: list[T] = []
        errors: list[ValidationError] = []
        for part in text.split(";"):
            if not part.strip():
                continue
            try:
                each = read(part)
            except ValidationError as error:
                errors.append(error)
            else:
                if each not in found:
                    found.append(each)
        if errors:
            raise ValidationError(errors)
        return found

    return read_all


def whole_number(text: str) -> int:
    """A whole number, not below zero."""
    if not _WHOLE.fullmatch(text.strip()):
        raise ValidationError(_("This is not a whole number: write 12, for instance."))
    return int(text)


def euros(text: str) -> Decimal:
    """An amount: ``5``, ``12,50``, ``1 234,50 €``."""
    bare = re.sub(r"\s|€|EUR", "", text.strip(), flags=re.IGNORECASE)
    if fold(bare) in ("bezmaksas", "free"):
        return FREE
    found = _EUROS.fullmatch(bare)
    if not found:
        raise ValidationError(_("This is not an amount in euros: write 12.50, for instance."))
    sign, whole, cents = found.groups()
    return Decimal(f"{sign}{whole}.{cents or 0}")


def yes_or_no(text: str) -> bool:
    """Yes or no, in either language."""
    word = fold(text.strip())
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError(_("Write yes or no."))


def opening(year: int) -> Callable[[str], datetime]:
    """A reader of when registration opens; a day alone means its beginning."""
    return lambda text: _moment(text, year, otherwise=time(0, 0))


def closing(year: int) -> Callable[[str], datetime]:
    """A reader of when registration closes; a day alone means its end."""
    return lambda text: _moment(text, year, otherwise=time(23, 59))


def meetings(year: int) -> Callable[[str], list[tuple[datetime, datetime]]]:
    """A reader of sessions: ``2027-02-04T10:00/12:15`` joined by semicolons; a later day stands after the stroke."""
    return many(lambda text: _meeting(text.strip(), year))


def _meeting(text: str, year: int) -> tuple[datetime, datetime]:
    start_text, stroke, end_text = text.partition("/")
    if not stroke:
        raise ValidationError(
            _("«%(text)s» has no end: write 2027-02-04T10:00/12:15, for instance."), params={"text": text[:60]}
        )
    starts_at = _moment(start_text, year)
    end_text = end_text.strip()
    clock = _CLOCK.fullmatch(end_text)
    if clock:
        day = timezone.localtime(starts_at).date()
        ends_at = _local(day, _time(clock[1], clock[2], end_text), end_text)
        if ends_at <= starts_at:
            raise ValidationError(
                _("«%(text)s» would end before it starts. Past midnight, write the day of the end as well."),
                params={"text": text[:60]},
            )
    else:
        ends_at = _moment(end_text, year)
    return starts_at, ends_at


def _moment(text: str, year: int, *, otherwise: time | None = None) -> datetime:
    """A local date and time; with ``otherwise`` a date alone will do."""
    text = text.strip()
    found = _MOMENT.fullmatch(text)
    if not found or (found[4] is None and otherwise is None):
        if otherwise is None:
            message = _("«%(text)s» is not a date with a time: write 2027-02-04T10:00, local time.")
        else:
            message = _("«%(text)s» is not a date: write 2027-02-04 or 2027-02-04T10:00, local time.")
        raise ValidationError(message, params={"text": text[:60]})
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValidationError(_("There is no such date: %(text)s."), params={"text": text[:60]}) from None
    if not 2000 <= day.year <= year + 10:
        raise ValidationError(_("The year %(year)s cannot be meant."), params={"year": day.year})
    clock = _time(found[4], found[5], text) if found[4] is not None else otherwise
    assert clock is not None  # noqa: S101  (for the type checker: both missing was refused above)
    return _local(day, clock, text)


def _time(hour: str, minute: str, text: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValidationError(_("There is no such time: %(text)s."), params={"text": text[:60]}) from None


def _local(day: date, clock: time, text: str) -> datetime:
    """A moment on the clocks of here. In spring an hour is left out; in autumn the first of the two is meant."""
    moment = datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
    back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    if back.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise ValidationError(
            _("%(text)s: that hour does not exist, the clocks go forward then."), params={"text": text[:60]}
        )
    return moment
