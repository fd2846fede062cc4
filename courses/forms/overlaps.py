"""The address of the board of overlaps, understood: filters, days, order, page. What makes no sense is left out."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import combinations_with_replacement
from urllib.parse import urlencode

from django.http import QueryDict

from courses.domain.overlaps.board import ORDERS, SOONEST, STATES, Wanted
from courses.models import Overlap
from ecosystem.models import Audience, Department, Parish
from ecosystem.text import clean

FARTHEST = timedelta(days=3660)


@dataclass
class Words:
    """The vocabulary that the filters choose from; three queries."""

    departments: list[Department]
    parishes: list[Parish]
    audiences: list[Audience]

    @classmethod
    def read(cls) -> "Words":
        """All of it, the retired too: old overlaps still name them."""
        return cls(
            departments=list(Department.objects.order_by("position", "pk")),
            parishes=list(Parish.objects.order_by("position", "pk")),
            audiences=list(Audience.objects.order_by("position", "pk")),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Every two departments in the order of their codes, each with itself as well."""
        return list(combinations_with_replacement(sorted(one.pk for one in self.departments), 2))


@dataclass
class Asked:
    """What is wanted, and the parameters that count."""

    wanted: Wanted
    order: str = SOONEST
    page: int = 1
    # The month that a calendar is turned to.
    month: date | None = None
    kept: list[tuple[str, str]] = field(default_factory=list)
    # Something in the address made no sense.
    has_left_out: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is filtered."""
        return any(name not in ("seciba", "menesis") for name, _value in self.kept)

    def address(self, **changed: str) -> str:
        """The same with some parameters set (empty: away); pages start over."""
        pairs = [(name, value) for name, value in self.kept if name not in changed]
        pairs += [(name, value) for name, value in changed.items() if value]
        return f"?{urlencode(pairs)}"


def understand(params: QueryDict, words: Words, *, today: date) -> Asked:
    """Read the address."""
    return _Reader(params, words, today).read()


class _Reader:
    def __init__(self, params: QueryDict, words: Words, today: date) -> None:
        self.params, self.words, self.today = params, words, today
        self.kept: list[tuple[str, str]] = []
        self.has_left_out = False

    def read(self) -> Asked:
        words = self.words
        pairs = {pair_code(pair): pair for pair in words.pairs()}
        wanted = Wanted(
            states=frozenset(self._values("stavoklis", STATES)),
            kinds=frozenset(self._values("veids", Overlap.Kind.values)),
            pairs=frozenset(pairs[value] for value in self._values("nodalas", pairs)),
            parishes=self._codes("pagasts", {one.slug: one.pk for one in words.parishes}),
            audiences=self._codes("merkgrupa", {one.pk: one.pk for one in words.audiences}),
            is_mine=bool(self._values("mani", ["1"])),
            first_day=self._day("no"),
            last_day=self._day("lidz"),
        )
        if wanted.first_day and wanted.last_day and wanted.last_day < wanted.first_day:
            self.kept = [pair for pair in self.kept if pair[0] != "lidz"]
            wanted, self.has_left_out = replace(wanted, last_day=None), True
        order = next(iter(self._values("seciba", ORDERS)), SOONEST)
        month = self._day("menesis")
        page = clean(self.params.get("lapa", ""))
        return Asked(
            wanted=wanted,
            order=order,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
            month=month.replace(day=1) if month else None,
            kept=self.kept,
            has_left_out=self.has_left_out,
        )

    def _values(self, name: str, known: Container[str]) -> list[str]:
        given = [value for value in map(clean, self.params.getlist(name)) if value]
        values = [value for value in dict.fromkeys(given) if value in known]
        self.has_left_out |= any(value not in known for value in given)
        self.kept += [(name, value) for value in values]
        return values

    def _codes(self, name: str, known: Mapping[str, str]) -> frozenset[str]:
        return frozenset(known[value] for value in self._values(name, known))

    def _day(self, name: str) -> date | None:
        text = clean(self.params.get(name, ""))
        found = day(text, today=self.today) if text else None
        self.has_left_out |= bool(text) and found is None
        if found is not None:
            self.kept.append((name, found.isoformat()))
        return found


def pair_code(pair: tuple[str, str]) -> str:
    """Two departments in an address: "JAU-MUZ"."""
    return "-".join(pair)


def day(text: str, *, today: date) -> date | None:
    """A day as an address or a person writes it; None for what is none, or lies ten years off."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y."):
        try:
            found = datetime.strptime(clean(text), form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
        return found if abs(found - today) <= FARTHEST else None
    return None
