"""The catalogue's filters: from an address to a query and back.

An unknown or impossible value never fails: it is left out, said so in a sentence, and the rest applies. Retired words
of the vocabulary are still understood, since addresses outlive them.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.domain.catalogue.query import Home, Query
from courses.domain.catalogue.vocabulary import Vocabulary
from courses.enums import ActivityFormat, ActivityLanguage
from ecosystem.text import clean

PAGE_SIZE = 20
LAST_PAGE = 10_000
DISTANCES = (5, 10, 20)
NEAR_KM = 10
WHOLE = "visi"
VIEWS = ("saraksts", "kalendars", "karte")
SLOTS = ("rits", "diena", "vakars")
KNOWN = frozenset(
    (
        *("q", "vieta", "km", "merkgrupa", "vecums", "tema", "no", "lidz", "diena", "laiks", "bezmaksas", "valoda"),
        *("forma", "vietas", "pieejams", "nodala", "seciba", "skats", "lapa", "menesis"),
    )
)
YES = frozenset(["1", "on", "true", "ja", "jā"])


@dataclass
class Reading:
    """An address understood: the query, the view and page, what was left out, and the parameters that count."""

    query: Query = field(default_factory=Query)
    view: str = "saraksts"
    page: int = 1
    month: date | None = None
    left_out: list[str] = field(default_factory=list)
    # (name, value) of everything that was understood, in the address' order.
    kept: list[tuple[str, str]] = field(default_factory=list)

    def address(self, *, without: tuple[str, str] | str | None = None, **changed: str) -> str:
        """The query string with some parameters set, one of them away; pages start over."""
        pairs = [
            (name, value)
            for name, value in self.kept
            if name not in changed and name != "lapa" and name != without and (name, value) != without
        ]
        pairs += [(name, value) for name, value in changed.items() if value]
        return f"?{urlencode(pairs)}" if pairs else "?"


def read(params: QueryDict, vocabulary: Vocabulary, *, today: date, remembered: Home | None = None) -> Reading:
    """Understand the address of a catalogue. ``remembered`` only measures distances; it filters nothing."""
    return _Reader(params, vocabulary, today, remembered).read()


class _Reader:
    def __init__(self, params: QueryDict, vocabulary: Vocabulary, today: date, remembered: Home | None) -> None:
        self.params = params
        self.vocabulary = vocabulary
        self.today = today
        self.remembered = remembered
        self.reading = Reading()

    def read(self) -> Reading:
        reading, words = self.reading, self.vocabulary
        text = clean(self._one("q"))[:120]
        if text:
            self._keep("q", text)
        home, km, in_parish = self._place()
        query = Query(
            text=text,
            home=home or self.remembered,
            km=km,
            in_parish_only=in_parish,
            audiences=self._codes("merkgrupa", words.audience),
            age=self._number("vecums", 0, 120),
            topics=self._codes("tema", words.topic),
            first_day=self._day("no"),
            last_day=self._day("lidz"),
            weekdays=frozenset(int(day) for day in self._codes("diena", [str(n) for n in range(1, 8)])),
            slots=self._codes("laiks", SLOTS),
            is_free=self._yes("bezmaksas"),
            languages=self._codes("valoda", ActivityLanguage.values),
            formats=self._codes("forma", ActivityFormat.values),
            has_places=self._yes("vietas"),
            step_free=self._yes("pieejams"),
            departments=self._codes("nodala", words.department),
        )
        if query.first_day and query.last_day and query.last_day < query.first_day:
            self._leave_out("lidz", self._one("lidz"), _("the last day is before the first"))
            reading.kept = [pair for pair in reading.kept if pair[0] != "lidz"]
            query = replace(query, last_day=None)
        order = self._choice("seciba", ("drizak", "tuvak"))
        if order == "tuvak" and query.home is None:
            self._leave_out("seciba", order, _("choose a village first"))
        reading.view = self._choice("skats", VIEWS) or VIEWS[0]
        reading.page = self._number("lapa", 1, LAST_PAGE) or 1
        reading.month = self._month()
        for name in self.params:
            if name not in KNOWN and self.params.get(name):
                self._leave_out(name, "", _("there is no such filter"))
        reading.query = replace(
            query,
            nearest_first=order == "tuvak" and query.home is not None,
            start=(reading.page - 1) * PAGE_SIZE,
            count=PAGE_SIZE,
        )
        return reading

    # One kind of value each.

    def _place(self) -> tuple[Home | None, int | None, bool]:
        slug = clean(self._one("vieta")).lower()
        distance = clean(self._one("km"))
        home = self.vocabulary.homes.get(slug)
        if slug and home is None:
            self._leave_out("vieta", slug, _("there is no such village or parish here"))
        if home:
            self._keep("vieta", home.slug)
        anchor = home or self.remembered
        if distance == WHOLE:
            self._keep("km", WHOLE)
            return home, None, False
        if distance:
            try:
                km = int(distance)
            except ValueError:
                km = 0
            if not 1 <= km <= 100:
                self._leave_out("km", distance, _("a distance is a whole number from 1 to 100"))
            elif anchor is None:
                self._leave_out("km", distance, _("choose a village first"))
            else:
                self._keep("km", str(km))
                return home, km, False
        if home is None:
            return None, None, False
        return (home, None, True) if home.is_parish else (home, NEAR_KM, False)

    def _codes(self, name: str, known: object) -> frozenset[str]:
        chosen: list[str] = []
        for value in self.params.getlist(name):
            code = clean(value)
            if not code or code in chosen:
                continue
            if code in known:  # type: ignore[operator]
                chosen.append(code)
                self._keep(name, code)
            else:
                self._leave_out(name, code, _("it is not among the choices"))
        return frozenset(chosen)

    def _choice(self, name: str, known: tuple[str, ...]) -> str:
        value = clean(self._one(name))
        if not value:
            return ""
        if value not in known:
            self._leave_out(name, value, _("it is not among the choices"))
            return ""
        self._keep(name, value)
        return value

    def _yes(self, name: str) -> bool:
        value = clean(self._one(name)).lower()
        if value in YES:
            self._keep(name, "1")
            return True
        if value and value not in ("0", "off", "false"):
            self._leave_out(name, value, _("it is not among the choices"))
        return False

    def _number(self, name: str, low: int, high: int) -> int | None:
        value = clean(self._one(name))
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 6 and low <= int(value) <= high:
            self._keep(name, value)
            return int(value)
        self._leave_out(
            name, value, _("a whole number from %(low)s to %(high)s was meant") % {"low": low, "high": high}
        )
        return None

    def _day(self, name: str) -> date | None:
        value = clean(self._one(name))
        if not value:
            return None
        for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."):
            try:
                day = datetime.strptime(value, form).date()  # noqa: DTZ007 - a day, not a moment
            except ValueError:
                continue
            if abs((day - self.today).days) <= 3660:
                self._keep(name, day.isoformat())
                return day
        self._leave_out(name, value, _("there is no such day"))
        return None

    def _month(self) -> date | None:
        value = clean(self._one("menesis"))
        if not value:
            return None
        try:
            month = datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007
        except ValueError:
            month = None
        if month is None or abs((month - self.today).days) > 3660:
            self._leave_out("menesis", value, _("there is no such month"))
            return None
        self._keep("menesis", value)
        return month

    def _one(self, name: str) -> str:
        return self.params.get(name) or ""

    def _keep(self, name: str, value: str) -> None:
        self.reading.kept.append((name, value))

    def _leave_out(self, name: str, value: str, why: str) -> None:
        label = {
            "vieta": _("place"),
            "km": _("distance"),
            "merkgrupa": _("for whom"),
            "vecums": _("age"),
            "tema": _("topic"),
            "no": _("from"),
            "lidz": _("until"),
            "diena": _("weekday"),
            "laiks": _("time of day"),
            "valoda": _("language"),
            "forma": _("format"),
            "nodala": _("department"),
            "seciba": _("order"),
            "skats": _("view"),
            "lapa": _("page"),
            "menesis": _("month"),
        }.get(name, clean(name)[:40])
        shown = f"{label} «{clean(value)[:40]}»" if value else label
        sentence = _("Left out: %(what)s (%(why)s). The rest applies.") % {"what": shown, "why": why}
        if sentence not in self.reading.left_out and len(self.reading.left_out) < 5:
            self.reading.left_out.append(sentence)


def this_week(today: date) -> tuple[date, date]:
    """Today and the Sunday of this week; on a Sunday the coming week too, so that there is something to see."""
    end = today + timedelta(days=6 - today.weekday())
    return (today, end if end > today else end + timedelta(days=7))
