"""Figures in words: units, what they rest on, the names of what they are broken down by, periods."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from courses.enums import ActivityKind, ActivityLanguage, Channel, RegistrationState
from courses.models import OverlapDecision
from ecosystem import dates
from ecosystem.dates import NBSP
from ecosystem.numbers import finite, said
from reporting.domain import network_names
from reporting.domain.figures import NOT_KNOWN, Figure, Period, Row, Unit
from reporting.domain.periods import OWN, Named
from reporting.enums import Band
from reporting.filters import Chosen, Vocabulary
from reporting.models.totals import TotalCode
from residents.models import Resident

# ISCED-F 2013, the broad fields.
FIELDS = (
    ("00", gettext_lazy("Generic programmes")),
    ("01", gettext_lazy("Education")),
    ("02", gettext_lazy("Arts and humanities")),
    ("03", gettext_lazy("Social sciences, journalism and information")),
    ("04", gettext_lazy("Business, administration and law")),
    ("05", gettext_lazy("Natural sciences, mathematics and statistics")),
    ("06", gettext_lazy("Information and communication technologies")),
    ("07", gettext_lazy("Engineering, manufacturing and construction")),
    ("08", gettext_lazy("Agriculture, forestry, fisheries and veterinary")),
    ("09", gettext_lazy("Health and welfare")),
    ("10", gettext_lazy("Services")),
)
# How many digits after the point each unit is told with.
DECIMALS: Mapping[Unit, int] = {
    Unit.PEOPLE: 0,
    Unit.COUNT: 0,
    Unit.HOURS: 0,
    Unit.PERCENT: 1,
    Unit.KM: 1,
    Unit.DAYS: 1,
    Unit.EUR: 2,
    Unit.SCORE: 1,
    Unit.RATIO: 1,
    Unit.PER_1000: 0,
}


def unit_mark(unit: Unit) -> str:
    """What follows the number: "%", "km"."""
    return {
        Unit.PERCENT: "%",
        Unit.KM: "km",
        Unit.EUR: "€",
        Unit.HOURS: _("h"),
        Unit.DAYS: _("days"),
        Unit.PER_1000: _("per 1000"),
    }.get(unit, "")


def number(unit: Unit, value: float | None) -> str:
    """The number alone: "78,1"."""
    # All of it is 100, not 100,0.
    whole_of_it = unit is Unit.PERCENT and finite(value) is not None and value in (0, 100)
    return said(finite(value), decimals=0 if whole_of_it else DECIMALS[unit])


def value(unit: Unit, amount: float | None) -> str:
    """The number with its unit: "78,1 %"; a dash alone where nothing could be counted."""
    mark = unit_mark(unit) if finite(amount) is not None else ""
    return f"{number(unit, amount)}{NBSP}{mark}" if mark else number(unit, amount)


def measured_in(unit: Unit) -> str:
    """What a column of numbers is in, for its head."""
    return {
        Unit.PEOPLE: _("people"),
        Unit.COUNT: _("count"),
        Unit.HOURS: _("academic hours"),
        Unit.PERCENT: "%",
        Unit.KM: "km",
        Unit.DAYS: _("days"),
        Unit.EUR: "€",
        Unit.SCORE: _("points of 5"),
        Unit.RATIO: _("times"),
        Unit.PER_1000: _("per 1000 residents"),
    }[unit]


def difference_unit(unit: Unit) -> str:
    """What follows a difference of two: percentage points, never percents of percents."""
    mark = _("percentage points") if unit is Unit.PERCENT else unit_mark(unit)
    return f"{NBSP}{mark}" if mark else ""


def difference(now: Row | None, then: Row | None, *, sees_few: bool = False) -> float | None:
    """How much more it is; None without one of the two, or where one of them is hidden from the reader."""
    if now is None or then is None or (not sees_few and (now.suppressed or then.suppressed)):
        return None
    a, b = finite(now.value), finite(then.value)
    return None if a is None or b is None else a - b


def whole(figure: Figure | None) -> Row | None:
    """The one row of a figure that is not broken down."""
    return figure.rows[0] if figure is not None and figure.rows and not figure.asked.by else None


def rests_on(figure: Figure) -> str:
    """ "n = 1 530"; nothing for a count, which is its own n."""
    row = whole(figure)
    if row is None or figure.unit in (Unit.PEOPLE, Unit.COUNT):
        return ""
    return f"n{NBSP}={NBSP}{said(float(row.n))}"


def not_known(figure: Figure) -> str:
    """How many are not known: never left unsaid."""
    row = whole(figure)
    if row is None or not row.not_known:
        return ""
    return ngettext("not known: %(n)s", "not known: %(n)s", row.not_known) % {"n": said(float(row.not_known))}


# Breakdowns


def dimension(name: str) -> str:
    """What a breakdown is called."""
    return {
        "department": _("Department"),
        "parish": _("Parish of the venue"),
        "residence": _("Home parish"),
        "audience": _("For whom"),
        "topic": _("Topic"),
        "field": _("Field of education"),
        "competence": _("Key competence"),
        "kind": _("Kind"),
        "age": _("Age"),
        "sex": _("Sex"),
        "channel": _("How they registered"),
        "month": _("Month"),
        "part": _("Time of the week"),
        "language": _("Language"),
        "state": _("State"),
        "reason": _("Reason"),
        "price": _("Fee"),
        "way": _("How it ended"),
        "what": _("What is known"),
        "barrier": _("Barrier"),
        "labour": _("Labour status"),
        "education": _("Education"),
        "support": _("Support"),
    }.get(name) or network_names.dimension(name)


def keys(name: str, words: Vocabulary) -> dict[str, str]:
    """The names of a breakdown's codes, in the order they are told in; a code without one is told as it is."""
    terms: Mapping[str, list[Any]] = {
        "department": words.departments,
        "parish": words.parishes,
        "residence": words.parishes,
        "audience": words.audiences,
        "topic": words.topics,
        "competence": words.competences,
    }
    if name in terms:
        return {one.pk: str(one.name) for one in terms[name]}
    return {str(code): str(label) for code, label in _choices(name)}


def _choices(name: str) -> Iterable[tuple[Any, Any]]:
    """The codes that are no rows, with their words."""
    plain: Mapping[str, Callable[[], Iterable[tuple[Any, Any]]]] = {
        "age": lambda: Band.choices,
        "kind": lambda: ActivityKind.choices,
        "channel": lambda: Channel.choices,
        "language": lambda: ActivityLanguage.choices,
        "state": lambda: RegistrationState.choices,
        "sex": lambda: [(Resident.Sex.FEMALE, _("Women")), (Resident.Sex.MALE, _("Men"))],
        "part": lambda: [("weekday", _("weekday")), ("evening", _("evening")), ("weekend", _("weekend"))],
        "reason": lambda: [
            ("group", _("too few people")),
            ("educator", _("the educator could not")),
            ("room", _("the room")),
            ("other", _("another reason")),
        ],
        "price": lambda: [("free", _("Free of charge")), ("paid", _("For a fee"))],
        "way": lambda: [*OverlapDecision.What.choices, ("gone", _("Gone by itself")), ("", _("Undecided"))],
        "what": lambda: [("residence", _("Home parish")), ("age", _("Age")), ("sex", _("Sex"))],
        "field": lambda: FIELDS,
        **dict.fromkeys(("barrier", "labour", "education", "support"), lambda: TotalCode.choices),
    }
    return plain[name]() if name in plain else network_names.CODES.get(name, {}).items()


def key_name(name: str, code: str, known: Mapping[str, str]) -> str:
    """One code in words: "Elejas pagasts"; what is not known says so."""
    if code in known:
        return known[code]
    if code == NOT_KNOWN:
        return _("Not known")
    if name == "month":
        return month(code)
    return network_names.key(name, code)


def month(code: str, *, short: bool = False) -> str:
    """ "2026-07": "2026. gada jūlijs", short "jūl."."""
    year, _dash, number_ = code.partition("-")
    place = int(number_) - 1
    if short:
        return dates.word("short_month", place)
    name = dates.word("month", place)
    return f"{year}.{NBSP}gada {name}" if dates.is_latvian() else f"{name} {year}"


# Periods


def period_name(one: Named) -> str:
    """ "2026. gads", "2026. gada 4. ceturksnis", "2026./2027. mācību gads"; one's own by its days."""
    if one.name:
        return one.name
    if one.code == OWN:
        return dates.period(one.whole.first, one.whole.last)
    head, _dash, tail = one.code.partition("-")
    if not tail:
        return _("the year %(year)s") % {"year": head}
    if tail.startswith("c"):
        return _("quarter %(number)s of %(year)s") % {"number": tail[1], "year": head}
    return _("the school year %(first)s/%(last)s") % {"first": head, "last": tail}


def group_name(code: str) -> str:
    """What a group of periods is called."""
    return {
        "year": _("Years"),
        "quarter": _("Quarters"),
        "season": _("School years"),
        "project": _("Projects"),
    }[code]


def days(period: Period) -> str:
    """From a day to a day."""
    return dates.period(period.first, period.last)


def counted(chosen: Chosen) -> str:
    """The period as a reader names it, and to which day it is counted where it is not over."""
    name = period_name(chosen.named)
    if chosen.period == chosen.named.whole:
        return name
    return _("%(period)s to %(day)s") % {"period": name, "day": dates.day_month(chosen.period.last, until=True)}


def beside(period: Period, *, of_year: bool) -> str:
    """What a number stands beside, short: "2025" for the same of the year before, or its days."""
    if of_year:
        return pgettext("against", "the year before")
    return pgettext("against", "the period before (%(days)s)") % {"days": short_days(period.first, period.last)}


def short_days(first: date, last: date) -> str:
    """ "1.07.–30.09.", where the year is told beside."""
    return f"{first.day}.{first.month:02d}.–{last.day}.{last.month:02d}.{last.year}"
