"""A baseline from a table: each row a number, judged in its own words; the good rows are taken, the rest are told.

``code`` and ``value`` are needed; a column named as a dimension says which part the number is of, by the code or by the
name (*Elejas pagasts*). ``not known`` is no part one types: what nobody asked was not counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordinators.domain.access import Reach
from ecosystem.file_rows import Refusal, Row, nearest, refusal, said
from ecosystem.text import clean, fold
from reporting.domain import baselines
from reporting.domain.report_figures import Source
from reporting.domain.reports import Refused

NEEDED = ("code", "value")
# As the figures name them.
DIMENSIONS = (
    *("department", "parish", "residence", "audience", "topic", "age", "sex", "kind", "channel", "competence", "field"),
)
COLUMNS = (*NEEDED, *DIMENSIONS, "note")
MOST_ROWS = baselines.MOST_VALUES
LONGEST_NOTE = 200


@dataclass(frozen=True)
class Number:
    """One row that can be taken."""

    line: int
    code: str
    keys: dict[str, str]
    value: Decimal
    note: str


@dataclass
class Outcome:
    """What a file would bring, or has brought."""

    numbers: list[Number] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """How many rows."""
        return len(self.numbers)


def judge(*, rows: Iterable[Row], refused: Sequence[Refusal], source: Source) -> Outcome:
    """Which rows can be taken, and why the rest cannot."""
    outcome = Outcome(refused=list(refused))
    names = {dimension: source.names(dimension) for dimension in DIMENSIONS}
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}
    for row in rows:
        number, problems = _read(row, names=names, source=source)
        if number is not None:
            part = (number.code, tuple(sorted(number.keys.items())))
            if part in seen:
                words = _("The same number stands in line %(line)s.")
                problems = [refusal(row.line, "code", number.code, words, line=seen[part])]
                number = None
            else:
                seen[part] = row.line
        outcome.refused += problems
        if number is not None:
            outcome.numbers.append(number)
    return outcome


def take(outcome: Outcome, *, baseline: int, source: Source, reach: Reach) -> int:
    """Write the numbers of a file; how many."""
    for one in outcome.numbers:
        baselines.put(
            baseline=baseline,
            code=one.code,
            keys=one.keys,
            value=one.value,
            note=one.note,
            source=source,
            reach=reach,
        )
    return outcome.accepted


def _read(
    row: Row, *, names: Mapping[str, Mapping[str, Mapping[str, str]]], source: Source
) -> tuple[Number | None, list[Refusal]]:
    problems: list[Refusal] = []
    cells = {name: clean(text) for name, text in row.cells.items()}
    code = cells.get("code", "").upper()
    if not code:
        problems.append(refusal(row.line, "code", "", _("Write the code of an indicator: DAL-01.")))
    value = None
    try:
        if not cells.get("value"):
            raise ValidationError(_("Write the number."))
        value = baselines.number(cells["value"])
    except ValidationError as error:
        problems.append(said(row.line, "value", row.cells.get("value", ""), error))
    keys: dict[str, str] = {}
    for dimension in DIMENSIONS:
        typed = cells.get(dimension, "")
        if not typed:
            continue
        found = _key(typed, names[dimension])
        if found is None:
            problems.append(_unknown(row.line, dimension, typed, names[dimension]))
        else:
            keys[dimension] = found
    if len(cells.get("note", "")) > LONGEST_NOTE:
        words = _("The text has %(length)s characters; at most %(most)s fit.")
        problems.append(refusal(row.line, "note", cells["note"], words, length=len(cells["note"]), most=LONGEST_NOTE))
    if problems or value is None:
        return None, problems
    try:
        baselines.judge(code=code, keys=keys, value=value, source=source)
    except Refused as error:
        for name, errors in error.error_dict.items():
            problems += [said(row.line, name, row.cells.get(name, ""), one) for one in errors]
        return None, problems
    return Number(row.line, code, keys, value, cells.get("note", "")), []


def _key(typed: str, names: Mapping[str, Mapping[str, str]]) -> str | None:
    """The code of what was typed: a code (a leading zero lost or not), or a name in either language."""
    if typed in names:
        return typed
    wanted = fold(typed)
    for code, called in names.items():
        if wanted in (fold(code), fold(code).lstrip("0"), *(fold(name) for name in called.values())):
            return code
    return None


def _unknown(line: int, dimension: str, typed: str, names: Mapping[str, Mapping[str, str]]) -> Refusal:
    offer = nearest(typed, [called["lv"] for called in names.values()])
    if offer:
        words = _("«%(value)s» is not known. Is %(names)s meant?")
        return refusal(line, dimension, typed, words, value=typed[:60], names=", ".join(offer))
    return refusal(line, dimension, typed, _("«%(value)s» is not known."), value=typed[:60])
