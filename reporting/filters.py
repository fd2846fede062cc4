"""The address of the figures, understood: a period and filters. What makes no sense is left out, with a sentence.

Nothing chosen yet is a choice made for the reader: a head's department, a coordinator's parishes. Any address that the form
or a link makes carries ``izvele=1``, so that "everything" can be chosen too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from coordinators.domain.access import Reach
from ecosystem.models import Audience, Competence, Department, Parish, Topic
from ecosystem.text import clean
from reporting.domain import periods
from reporting.domain.figures import Asked, Period
from reporting.domain.periods import Named
from reporting.enums import Band
from residents.models import Resident

FARTHEST = timedelta(days=3660)
# By the name in the address the dimension of the figures.
FILTERS = {
    "nodala": "department",
    "pagasts": "parish",
    "merkgrupa": "audience",
    "tema": "topic",
    "vecums": "age",
    "dzimums": "sex",
}
KNOWN = frozenset(("periods", "no", "lidz", "pec", "izvele", "format", "tabula", "lapa", *FILTERS))


@dataclass(frozen=True)
class Vocabulary:
    """The words that figures are told in; five queries."""

    departments: list[Department]
    parishes: list[Parish]
    audiences: list[Audience]
    topics: list[Topic]
    competences: list[Competence]

    @classmethod
    def read(cls) -> "Vocabulary":
        """All of it, the retired too: old figures name them. The sensitive audiences are never told apart."""
        return cls(
            departments=list(Department.objects.order_by("position", "pk")),
            parishes=list(Parish.objects.order_by("position", "pk")),
            audiences=list(Audience.objects.filter(is_sensitive=False).order_by("position", "pk")),
            topics=list(Topic.objects.order_by("position", "pk")),
            competences=list(Competence.objects.order_by("position", "pk")),
        )

    def codes(self, name: str) -> dict[str, str]:
        """By what stands in the address the code in the figures."""
        terms: dict[str, Iterable[Any]] = {
            "nodala": self.departments,
            "merkgrupa": self.audiences,
            "tema": self.topics,
        }
        if name == "pagasts":
            return {one.slug: one.pk for one in self.parishes}
        if name in terms:
            return {one.pk: one.pk for one in terms[name]}
        return {value: value for value in (Band.values if name == "vecums" else Resident.Sex.values)}


@dataclass(frozen=True)
class Chosen:
    """What is asked: the period and what it stands beside, the filters, the breakdown."""

    named: Named
    period: Period
    before: Period
    a_year_before: Period
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    # (name, value) of all that counts, in the order of the form.
    kept: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    # The filters were chosen for the reader.
    is_for_reader: bool = False
    # What the period may be chosen from.
    projects: tuple[Named, ...] = ()

    @property
    def has_two(self) -> bool:
        """Whether the period before is another than the same of the year before."""
        return self.before != self.a_year_before

    @property
    def asked(self) -> Asked:
        """Of the figures."""
        return Asked(self.period, self.filters)

    def address(self, **changed: str) -> str:
        """The same with some parameters set; empty, they are away."""
        pairs = [pair for pair in self.kept if pair[0] not in changed]
        pairs += [(name, value) for name, value in changed.items() if value]
        return f"?{urlencode([*pairs, ('izvele', '1')])}"

    def without(self, name: str, value: str) -> str:
        """The same without one value of a filter."""
        pairs = [pair for pair in self.kept if pair != (name, value)]
        return f"?{urlencode([*pairs, ('izvele', '1')])}"


def understand(
    params: QueryDict,
    words: Vocabulary,
    *,
    today: date,
    reach: Reach | None = None,
    by: Iterable[str] = (),
) -> Chosen:
    """Read the address. ``by``: the dimensions that the figure can be broken down by."""
    return _Reader(params, words, today, periods.projects()).read(reach, list(by))


class _Reader:
    def __init__(self, params: QueryDict, words: Vocabulary, today: date, projects: list[Named]) -> None:
        self.params, self.words, self.today, self.projects = params, words, today, projects
        self.kept: list[tuple[str, str]] = []
        self.left_out: list[str] = []

    def read(self, reach: Reach | None, by: list[str]) -> Chosen:
        named = self._period()
        filters = {dimension: self._codes(name) for name, dimension in FILTERS.items()}
        filters = {dimension: codes for dimension, codes in filters.items() if codes}
        pec = self._breakdown(by)
        for name in self.params:
            if name not in KNOWN and self.params.get(name):
                self._leave_out(name, "", _("there is no such filter"))
        chosen = Chosen(
            named=named,
            period=named.counted(today=self.today),
            before=named.before(today=self.today),
            a_year_before=named.a_year_before(today=self.today),
            filters=filters,
            by=pec,
            kept=tuple(self.kept),
            left_out=tuple(self.left_out[:5]),
            projects=tuple(self.projects),
        )
        asked_for = any(self.params.get(name) for name in ("izvele", *FILTERS))
        return chosen if asked_for or reach is None else self._for_reader(chosen, reach)

    def _for_reader(self, chosen: Chosen, reach: Reach) -> Chosen:
        """What somebody answers for: a head the department, a coordinator the parishes."""
        kept, filters = list(chosen.kept), dict(chosen.filters)
        if reach.is_administrator or reach.sees_drafts:
            return chosen
        if reach.headed:
            filters["department"] = tuple(sorted(reach.headed))
            kept += [("nodala", code) for code in sorted(reach.headed)]
        elif reach.parish_codes:
            mine = [one for one in self.words.parishes if one.pk in reach.parish_codes]
            filters["parish"] = tuple(one.pk for one in mine)
            kept += [("pagasts", one.slug) for one in mine]
        return replace(chosen, filters=filters, kept=tuple(kept), is_for_reader=filters != chosen.filters)

    def _period(self) -> Named:
        whole = periods.year(self.today.year)
        code = clean(self.params.get("periods") or "")
        first, last = self._day("no"), self._day("lidz")
        if first and last and last < first:
            self._leave_out("lidz", last.isoformat(), _("the last day is before the first"))
            last = None
        if code == periods.OWN or (not code and (first or last)):
            if first or last:
                return self._own(first, last)
            code = ""
        # A named period has its own days.
        if not code:
            return whole
        found = periods.named(code, today=self.today, projects=self.projects)
        if found is not None and found.whole.first > self.today:
            self._leave_out("periods", code, _("it has not begun"))
            return whole
        if found is None:
            self._leave_out("periods", code, _("there is no such period"))
            return whole
        self.kept.append(("periods", code))
        return found

    def _own(self, first: date | None, last: date | None) -> Named:
        """From a day to a day; without the one, a year to or from the other, to today at most."""
        if first and first > self.today:
            self._leave_out("no", first.isoformat(), _("it has not begun"))
            first = None
        end = last or min(self.today, (first or self.today) + timedelta(days=365))
        start = first or end.replace(day=1, month=1)
        start = min(start, end)
        self.kept += [("periods", periods.OWN), ("no", start.isoformat()), ("lidz", end.isoformat())]
        return Named(periods.OWN, Period(start, end))

    def _day(self, name: str) -> date | None:
        text = clean(self.params.get(name) or "")
        if not text:
            return None
        for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."):
            try:
                day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
            except ValueError:
                continue
            if abs(day - self.today) <= FARTHEST:
                return day
        self._leave_out(name, text, _("there is no such day"))
        return None

    def _codes(self, name: str) -> tuple[str, ...]:
        known = self.words.codes(name)
        found: list[str] = []
        for value in map(clean, self.params.getlist(name)):
            if not value:
                continue
            if value not in known:
                why = _("there is no such parish here") if name == "pagasts" else _("it is not among the choices")
                self._leave_out(name, value, why)
            elif known[value] not in found:
                found.append(known[value])
                self.kept.append((name, value))
        return tuple(found)

    def _breakdown(self, by: list[str]) -> tuple[str, ...]:
        """Two at most: a table has rows and columns."""
        found: list[str] = []
        for value in map(clean, self.params.getlist("pec")):
            if not value or value in found:
                continue
            if value not in by or len(found) == 2:
                why = _("it is not counted by this") if value not in by else _("by two at most")
                self._leave_out("pec", value, why)
            else:
                found.append(value)
                self.kept.append(("pec", value))
        return tuple(found)

    def _leave_out(self, name: str, value: str, why: str) -> None:
        label = {
            "periods": _("period"),
            "no": _("from"),
            "lidz": _("until"),
            "pec": _("breakdown"),
            "nodala": _("department"),
            "pagasts": _("parish"),
            "merkgrupa": _("for whom"),
            "tema": _("topic"),
            "vecums": _("age"),
            "dzimums": _("sex"),
        }.get(name, clean(name)[:40])
        what = f"{label} «{clean(value)[:40]}»" if value else label
        sentence = _("Left out: %(what)s (%(why)s). The rest applies.") % {"what": what, "why": why}
        if sentence not in self.left_out:
            self.left_out.append(sentence)
