"""Dates and times in the words of residents: Latvian with its cases, English likewise.

Numbers never part from what they count: a no-break space stands between.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language

NBSP = "\u00a0"
# Between two characters that a line must not part; it is not seen.
WORD_JOINER = "\u2060"

_WORDS: dict[str, dict[str, Sequence[str]]] = {
    "lv": {
        "short_day": ("P", "O", "T", "C", "Pk", "S", "Sv"),
        "day": ("pirmdiena", "otrdiena", "trešdiena", "ceturtdiena", "piektdiena", "sestdiena", "svētdiena"),
        "on_day": ("pirmdien", "otrdien", "trešdien", "ceturtdien", "piektdien", "sestdien", "svētdien"),
        "every_day": (
            *("pirmdienās", "otrdienās", "trešdienās", "ceturtdienās"),
            *("piektdienās", "sestdienās", "svētdienās"),
        ),
        "until_day": (
            *("pirmdienai", "otrdienai", "trešdienai", "ceturtdienai"),
            *("piektdienai", "sestdienai", "svētdienai"),
        ),
        "short_month": (
            *("janv.", "febr.", "marts", "apr.", "maijs", "jūn."),
            *("jūl.", "aug.", "sept.", "okt.", "nov.", "dec."),
        ),
        "month": (
            *("janvāris", "februāris", "marts", "aprīlis", "maijs", "jūnijs"),
            *("jūlijs", "augusts", "septembris", "oktobris", "novembris", "decembris"),
        ),
        "in_month": (
            *("janvārī", "februārī", "martā", "aprīlī", "maijā", "jūnijā"),
            *("jūlijā", "augustā", "septembrī", "oktobrī", "novembrī", "decembrī"),
        ),
        "until_month": (
            *("janvārim", "februārim", "martam", "aprīlim", "maijam", "jūnijam"),
            *("jūlijam", "augustam", "septembrim", "oktobrim", "novembrim", "decembrim"),
        ),
    },
    "en": {
        "short_day": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "short_month": (
            *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
            *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ),
        "month": (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
    },
}


def is_latvian() -> bool:
    """Whether the reader reads Latvian, with its cases."""
    return (get_language() or "lv").startswith("lv")


def word(kind: str, place: int) -> str:
    """One word of a list (``"on_day"``, ``"month"`` …) in the reader's language; places count from 0."""
    if is_latvian():
        return _WORDS["lv"][kind][place]
    plain = {"on_day": "day", "every_day": "day", "until_day": "day"}.get(kind, kind)
    plain = {"in_month": "month", "until_month": "month"}.get(plain, plain)
    english = _WORDS["en"][plain][place]
    return f"{english}s" if kind == "every_day" else english


def capital(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """A weekday in the middle of a sentence: small in Latvian, large in English."""
    return text[:1].lower() + text[1:] if is_latvian() else text


def day_month(day: date, *, until: bool = False, at: bool = False, short: bool = False) -> str:
    """A day without its year: "13. janvāris", with ``until`` "13. janvārim", with ``at`` "13. janvārī"."""
    if short:
        kind = "short_month"
    else:
        kind = "until_month" if until else "in_month" if at else "month"
    month = word(kind, day.month - 1)
    return f"{day.day}.{NBSP}{month}" if is_latvian() else f"{day.day}{NBSP}{month}"


def on_day(day: date, *, short: bool = False) -> str:
    """ "Otrdien, 12. janvārī", short "Otrdien, 12. janv."; English "Tuesday, 12 January"."""
    return f"{capital(word('on_day', day.weekday()))}, {day_month(day, at=True, short=short)}"


def until_day(day: date) -> str:
    """ "piektdienai, 15. janvārim"; English "Friday, 15 January"."""
    return f"{word('until_day', day.weekday())}, {day_month(day, until=True)}"


def in_month(day: date) -> str:
    """ "2027. gada februārī"; English "February 2027"."""
    month = word("in_month", day.month - 1)
    return f"{day.year}.{NBSP}gada {month}" if is_latvian() else f"{month}{NBSP}{day.year}"


def on_date(day: date) -> str:
    """ "2027. gada 3. martā"; English "3 March 2027"."""
    return _with_year(day, day_month(day, at=True))


def period(first: date, last: date) -> str:
    """From one day to another, with the year: "2027. gada 4.–25. februāris"; English "4–25 February 2027"."""
    if first == last:
        return _with_year(first, day_month(first))
    if first.year != last.year:
        return f"{_with_year(first, day_month(first))} – {_with_year(last, day_month(last))}"
    if first.month != last.month:
        return _with_year(first, f"{day_month(first)} – {day_month(last)}")
    return _with_year(first, f"{first.day}{'.' if is_latvian() else ''}–{day_month(last)}")


def _with_year(day: date, text: str) -> str:
    return f"{day.year}.{NBSP}gada {text}" if is_latvian() else f"{text}{NBSP}{day.year}"


def clock(moment: datetime) -> str:
    """The local time of day: "17:30"."""
    local = timezone.localtime(moment)
    return f"{local.hour}:{local.minute:02d}"


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """From and to: "17:30–19:45"."""
    return f"{clock(starts_at)}–{clock(ends_at)}"


def hours_on_page(starts_at: datetime, ends_at: datetime) -> str:
    """The same for a page, where a line would break after the dash."""
    return f"{clock(starts_at)}–{WORD_JOINER}{clock(ends_at)}"


def local_day(moment: datetime) -> date:
    """The day it is in Latvia at this moment."""
    return timezone.localtime(moment).date()


def joined(parts: Sequence[str], conjunction: str) -> str:
    """ "a, b un c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"
