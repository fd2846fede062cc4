"""The filters beside the list: options with their counts, chips of what is chosen, what stands in for nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from courses.domain.catalogue.vocabulary import Vocabulary
from courses.enums import ActivityFormat, ActivityLanguage
from courses.filters import DISTANCES, WHOLE, Reading, this_week
from ecosystem import dates, places
from ecosystem.templatetags.fields import check_option

MOST = 1000


@dataclass
class Option:
    """One choice of a filter."""

    name: str
    value: str
    label: str
    count: str = ""
    chosen: bool = False

    @property
    def html(self) -> str:
        """Its box. Sixty stand on every page of the catalogue, and a tag for each took a tenth of the page."""
        return check_option(name=self.name, value=self.value, label=self.label, checked=self.chosen, count=self.count)


@dataclass
class Group:
    """Choices of one kind; those past the first few are folded away, never a chosen one."""

    name: str
    title: str
    options: list[Option] = field(default_factory=list)
    more: list[Option] = field(default_factory=list)
    more_label: str = ""
    folded: bool = False


@dataclass
class Chip:
    """What is chosen, with the address that takes it away."""

    label: str
    address: str


def count_words(number: int) -> str:
    """The count beside an option; big ones are capped."""
    return _("over 1000") if number > MOST else str(number)


def groups(reading: Reading, vocabulary: Vocabulary, counts: dict) -> list[Group]:
    """The filters with many choices, each with its count."""
    query = reading.query

    def options(name: str, group: str, pairs: Iterable[tuple[object, object]], chosen: frozenset) -> list[Option]:
        made = []
        for value, label in pairs:
            number = counts[group].get(value, 0)
            made.append(Option(name, str(value), str(label), count_words(number), value in chosen))
        return made

    audiences = [(a.pk, dates.capital(str(a.dative))) for a in vocabulary.audiences if not a.retired_at]
    topics = [(t.pk, str(t.name)) for t in vocabulary.topics if not t.retired_at]
    departments = [(d.pk, str(d.name)) for d in vocabulary.departments if not d.retired_at]
    weekdays = [(n, dates.capital(dates.word("every_day", n - 1))) for n in range(1, 8)]
    return [
        _group("merkgrupa", _("For whom"), _ranked(options("merkgrupa", "audience", audiences, query.audiences)), 5),
        _group("tema", _("Topic"), _ranked(options("tema", "topic", topics, query.topics)), 4),
        _group("vel", _("More"), _yes_or_no(reading, counts), 3),
        _group("diena", _("Weekday"), options("diena", "weekday", weekdays, query.weekdays), 0),
        _group("forma", _("Format"), options("forma", "format", ActivityFormat.choices, query.formats), 0),
        _group("valoda", _("Language"), options("valoda", "language", ActivityLanguage.choices, query.languages), 0),
        _group("nodala", _("Department"), options("nodala", "department", departments, query.departments), 0),
    ]


def times_of_day(reading: Reading, counts: dict) -> list[Option]:
    """Morning, daytime, evening."""
    parts = (("rits", _("In the morning")), ("diena", _("In the daytime")), ("vakars", _("In the evening")))
    chosen = reading.query.slots
    return [
        Option("laiks", value, label, count_words(counts["slot"].get(value, 0)), value in chosen)
        for value, label in parts
    ]


def _yes_or_no(reading: Reading, counts: dict) -> list[Option]:
    query = reading.query
    return [
        Option("vietas", "1", _("Has free places"), count_words(counts["places"][True]), query.has_places),
        Option("bezmaksas", "1", _("Free of charge"), count_words(counts["free"][True]), query.is_free),
        Option("pieejams", "1", _("Step-free access"), count_words(counts["step_free"][True]), query.step_free),
    ]


def _ranked(options: list[Option]) -> list[Option]:
    """Those with something to find first; the order of the vocabulary otherwise stays."""
    return sorted(options, key=lambda option: option.count == "0")


def _group(name: str, title: str, options: list[Option], shown: int) -> Group:
    front = [option for place, option in enumerate(options) if place < shown or option.chosen]
    if not shown and not front:
        return Group(name, title, more=options, folded=True)
    rest = [option for option in options if option not in front]
    return Group(name, title, front, rest, _("%(n)s more") % {"n": len(rest)})


def distances(reading: Reading) -> list[Option]:
    """How far: 5, 10, 20 km, the whole municipality."""
    km = "" if reading.query.km is None else str(reading.query.km)
    chosen = WHOLE if reading.query.home and not km and not reading.query.in_parish_only else km
    return [Option("km", str(n), f"{n} km", chosen=chosen == str(n)) for n in DISTANCES] + [
        Option("km", WHOLE, _("Everywhere"), chosen=chosen == WHOLE)
    ]


def periods(reading: Reading, today: date) -> list[tuple[str, str, bool]]:
    """This week and this month as links: label, address, whether it is the chosen one."""
    query = reading.query
    week = this_week(today)
    end = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    made = []
    for label, (first, last) in (
        (_("This week"), week),
        (
            dates.capital(dates.word("in_month", today.month - 1)) if dates.is_latvian() else _("This month"),
            (today, end),
        ),
    ):
        chosen = (query.first_day, query.last_day) == (first, last)
        made.append((label, reading.address(no=first.isoformat(), lidz=last.isoformat()), chosen))
    return made


def chips(reading: Reading, vocabulary: Vocabulary, today: date) -> list[Chip]:
    """Everything chosen, each with the address without it."""
    query = reading.query
    made: list[Chip] = []
    named = {name for name, _value in reading.kept}

    def chip(label: str, without: tuple[str, str] | str) -> None:
        made.append(Chip(label, reading.address(without=without)))

    if query.text:
        chip(f"«{query.text}»", "q")
    if query.home and query.in_parish_only:
        chip(dates.capital(places.located(query.home)), "vieta")
    elif query.home and query.km is not None:
        around = _("%(km)s km %(around)s") % {"km": query.km, "around": places.around(query.home)}
        made.append(Chip(around, reading.address(km=WHOLE)))
    if query.first_day or query.last_day:
        period = next((label for label, _a, chosen in periods(reading, today) if chosen), "")
        pairs = [pair for pair in reading.kept if pair[0] not in ("no", "lidz")]
        bare = Reading(query=query, kept=pairs)
        made.append(Chip(period or _period_words(query.first_day, query.last_day), bare.address()))
    for name, value in reading.kept:
        label = _value_label(name, value, vocabulary)
        if label:
            chip(label, (name, value))
    if "vecums" in named and query.age is not None:
        chip(_("Age %(n)s") % {"n": query.age}, "vecums")
    return made


def _period_words(first: date | None, last: date | None) -> str:
    if first and last and first == last:
        return dates.day_month(first)
    if first and last:
        return f"{dates.day_month(first)} – {dates.day_month(last)}"
    if first:
        return _("From %(day)s") % {"day": dates.day_month(first)}
    return _("Until %(day)s") % {"day": dates.day_month(last, until=True)} if last else ""


def _value_label(name: str, value: str, vocabulary: Vocabulary) -> str:
    if name == "merkgrupa":
        return dates.capital(str(vocabulary.audience[value].dative))
    if name == "tema":
        return str(vocabulary.topic[value].name)
    if name == "nodala":
        return str(vocabulary.department[value].name)
    if name == "valoda":
        return str(ActivityLanguage(value).label)
    if name == "forma":
        return str(ActivityFormat(value).label)
    if name == "diena":
        return dates.capital(dates.word("every_day", int(value) - 1))
    return {
        ("laiks", "rits"): _("In the morning"),
        ("laiks", "diena"): _("In the daytime"),
        ("laiks", "vakars"): _("In the evening"),
        ("vietas", "1"): _("Has free places"),
        ("bezmaksas", "1"): _("Free of charge"),
        ("pieejams", "1"): _("Step-free access"),
    }.get((name, value), "")
