"""The municipality's own count of residents, taken from a file: by parish, age and sex, for one day.

- A file holds one day. What it says of a parish replaces what was known of that parish and day, so the same file again
  changes nothing, and a mended one mends. Counts of other days, and of parishes the file does not name, stay.
- It is taken whole or not at all: half of a count would give wrong rates without showing it.
- Ages of one parish and sex never overlap; gaps are taken as they are, and figures that would need them say so.
- A newer whole count also becomes the parish's own total, with its day.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import Levenshtein

from ecosystem import sheets
from ecosystem.file_rows import Refusal, Row, nearest, refusal, said
from ecosystem.models import Parish, Population
from ecosystem.sheets import Sheet
from ecosystem.text import clean, fold

NEEDED = ("date", "parish", "age", "sex", "count")
# Twenty parishes with a hundred and thirty ages of two sexes, and as much again.
COLUMNS = sheets.Columns(known=(*NEEDED, "source"), needed=NEEDED, most_rows=20_000)
# Two files at once would each take the other's rows away.
_LOCK = 5_202_006
_AGES = re.compile(r"([0-9]{1,3})(?:\s*(?:[-–]\s*([0-9]{1,3})|(\+)))?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\.?")
_SEXES = {
    **dict.fromkeys(("female", "f", "woman", "women", "sieviete", "sievietes", "s"), Population.Sex.FEMALE),
    **dict.fromkeys(("male", "man", "men", "virietis", "viriesi", "v"), Population.Sex.MALE),
}
_PARISH = " pagasts"
_FOREIGN = re.compile(r"[0-9]{6,7}|.* (pagasts|pilseta|novads|county|parish|municipality)")


@dataclass(frozen=True)
class Outcome:
    """What became of a file: rows taken, what was refused; which rows were new or other than before."""

    accepted: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    counted_on: date | None = None
    parishes: int = 0


@dataclass(frozen=True)
class _Line:
    """A row that was understood."""

    line: int
    parish: Parish
    counted_on: date
    age_from: int
    age_to: int | None
    sex: str
    count: int
    source: str

    @property
    def values(self) -> tuple[int, int | None, str, int, str]:
        """What is kept of it beside the parish and the day."""
        return self.age_from, self.age_to, self.sex, self.count, self.source

    @property
    def ages(self) -> str:
        """As it is said."""
        if self.age_to is None:
            return f"{self.age_from}+"
        return f"{self.age_from}" if self.age_from == self.age_to else f"{self.age_from}–{self.age_to}"


def import_file(*, path: Path, today: date, dry_run: bool = False, totals: bool = True) -> Outcome:
    """Take a CSV or XLSX file; ``totals=False`` leaves the parishes' own totals as they are."""
    return import_sheet(sheet=sheets.read(path, COLUMNS), today=today, dry_run=dry_run, totals=totals)


def import_sheet(*, sheet: Sheet, today: date, dry_run: bool = False, totals: bool = True) -> Outcome:
    """Take what was read; all of it, or nothing and why."""
    refused = list(sheet.refused)
    lines: list[_Line] = []
    reader = _Reader(today=today)
    for row in sheet.rows:
        try:
            lines.append(reader.read(row))
        except _Wrong as wrong:
            refused += wrong.refusals
    refused += _other_days(lines)
    refused += _overlaps(lines)
    if not refused and not lines:
        refused.append(refusal(0, "", "", _("There is no row in the file.")))
    if refused:
        return Outcome(refused=sorted(refused, key=lambda each: each.line))
    day = lines[0].counted_on
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        changed = _write(lines, day)
        if totals:
            _write_totals(lines, day)
        if dry_run:
            transaction.set_rollback(True)
    return Outcome(
        accepted=len(lines), changed=changed, counted_on=day, parishes=len({line.parish.pk for line in lines})
    )


class _Wrong(Exception):
    """What is wrong in one row."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__()
        self.refusals = refusals


class _Reader:
    """Rows into lines; parishes are looked up once."""

    def __init__(self, *, today: date) -> None:
        self.today = today
        # Without the word that all of them share: by it each would be like each.
        self.names: dict[str, str] = {}
        self.parishes: dict[str, Parish] = {}
        for parish in Parish.objects.current().order_by("position", "pk"):
            short = parish.name.removesuffix(_PARISH)
            self.names[short] = parish.name
            for spelling in (parish.name, short, parish.slug, parish.pk, parish.pk.lstrip("0")):
                self.parishes.setdefault(fold(spelling), parish)

    def read(self, row: Row) -> _Line:
        """The line, or all that is wrong in it."""
        refusals: list[Refusal] = []
        found: dict[str, Any] = {}
        readings: dict[str, Callable[[str], Any]] = {
            "date": self._day,
            "parish": self._parish,
            "age": _ages,
            "sex": _sex,
            "count": _count,
            "source": _source,
        }
        for column, reading in readings.items():
            text = clean(row.cells.get(column, ""))
            try:
                found[column] = reading(text)
            except ValidationError as error:
                refusals.append(said(row.line, column, text, error))
        if refusals:
            raise _Wrong(refusals)
        age_from, age_to = found["age"]
        return _Line(
            line=row.line,
            parish=found["parish"],
            counted_on=found["date"],
            age_from=age_from,
            age_to=age_to,
            sex=found["sex"],
            count=found["count"],
            source=found["source"],
        )

    def _day(self, text: str) -> date:
        if not text:
            raise ValidationError(_("The day of the count is missing."))
        parts = _DAY.fullmatch(text.removesuffix("T00:00"))
        if parts is None:
            raise ValidationError(_("This is not a date: write 2026-01-01, for instance."))
        year, month, day = parts.group(1, 2, 3) if parts[1] else parts.group(6, 5, 4)
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            raise ValidationError(_("There is no such date. Check the day and the month.")) from None
        if found > self.today:
            raise ValidationError(_("The day of the count is still to come."))
        if found.year < 1990:
            raise ValidationError(_("The year %(year)s cannot be meant."), params={"year": found.year})
        return found

    def _parish(self, text: str) -> Parish:
        if not text:
            raise ValidationError(_("The parish is missing: write its name or its code."))
        parish = self.parishes.get(fold(text))
        if parish is not None:
            return parish
        if _FOREIGN.fullmatch(fold(text)) and not _one_letter_off(text, self.names):
            raise ValidationError(_("This is not a parish of this municipality. A file holds its own parishes alone."))
        if near := nearest(text.removesuffix(_PARISH), self.names):
            names = ", ".join(self.names[short] for short in near)
            raise ValidationError(_("There is no such parish here. Is %(names)s meant?"), params={"names": names})
        raise ValidationError(_("There is no such parish here."))


def _one_letter_off(text: str, names: Iterable[str]) -> bool:
    """Whether it is rather a slip of the hand than another place."""
    short = fold(text.removesuffix(_PARISH))
    return any(Levenshtein.distance(short, fold(name), score_cutoff=2) <= 2 for name in names)


def _ages(text: str) -> tuple[int, int | None]:
    if not text:
        raise ValidationError(_("The age is missing: write 25, 25-29 or 85+."))
    parts = _AGES.fullmatch(text)
    if parts is None:
        raise ValidationError(_("This is not an age: write 25, 25-29 or 85+."))
    first = int(parts[1])
    last = None if parts[3] else int(parts[2] or parts[1])
    if first > Population.OLDEST or (last or 0) > Population.OLDEST:
        raise ValidationError(_("Nobody is older than %(most)s."), params={"most": Population.OLDEST})
    if last is not None and first > last:
        raise ValidationError(_("The lowest age is above the highest."))
    return first, last


def _sex(text: str) -> str:
    if not text:
        raise ValidationError(_("The sex is missing: write female or male."))
    found = _SEXES.get(fold(text))
    if found is None:
        raise ValidationError(_("Write female or male."))
    return found.value


def _count(text: str) -> int:
    if not text:
        raise ValidationError(_("The number is missing. Where nobody lives, write 0."))
    bare = text.replace(" ", "")
    if re.fullmatch(r"[-−–][0-9]+", bare):
        raise ValidationError(_("A number of residents cannot be below zero."))
    if not re.fullmatch(r"[0-9]{1,12}", bare):
        raise ValidationError(_("This is not a whole number: write 12, for instance."))
    if int(bare) > Population.MOST:
        raise ValidationError(_("This is more than live in the country."))
    return int(bare)


def _source(text: str) -> str:
    if len(text) > 120:
        raise ValidationError(_("At most %(most)s characters."), params={"most": 120})
    return text


def _other_days(lines: Sequence[_Line]) -> list[Refusal]:
    """A file is a count of one day: the first row says which."""
    return [
        refusal(
            line.line,
            "date",
            line.counted_on.isoformat(),
            _("A file holds one day's count: line %(line)s says %(day)s. Put this one into a file of its own."),
            line=lines[0].line,
            day=lines[0].counted_on.isoformat(),
        )
        for line in lines
        if line.counted_on != lines[0].counted_on
    ]


def _overlaps(lines: Sequence[_Line]) -> list[Refusal]:
    """Ages of one parish and sex that are counted twice: the later line is told of the earlier."""
    groups: dict[tuple[str, date, str], list[_Line]] = {}
    for line in lines:
        groups.setdefault((line.parish.pk, line.counted_on, line.sex), []).append(line)
    found = []
    for group in groups.values():
        reached: _Line | None = None
        for line in sorted(group, key=lambda line: (line.age_from, line.line)):
            if reached is not None and (reached.age_to is None or line.age_from <= reached.age_to):
                later, earlier = (line, reached) if line.line > reached.line else (reached, line)
                found.append(
                    refusal(
                        later.line,
                        "age",
                        later.ages,
                        _("These ages are counted twice: line %(line)s has %(ages)s of the same parish and sex."),
                        line=earlier.line,
                        ages=earlier.ages,
                    )
                )
            if reached is None or (
                reached.age_to is not None and (line.age_to is None or line.age_to > reached.age_to)
            ):
                reached = line
    return found


def _write(lines: Sequence[_Line], day: date) -> int:
    """Put each parish's rows of the day in place of those there; how many are new or other than before."""
    changed = 0
    by_parish: dict[str, list[_Line]] = {}
    for line in lines:
        by_parish.setdefault(line.parish.pk, []).append(line)
    new: list[Population] = []
    for parish, group in by_parish.items():
        there = Population.objects.filter(parish=parish, counted_on=day)
        known = set(there.order_by("pk").values_list("age_from", "age_to", "sex", "count", "source"))
        differing = {line.values for line in group} ^ known
        if not differing:
            continue
        changed += len({line.values for line in group} - known) or len(differing)
        there.delete()
        new += [
            Population(
                parish_id=parish,
                counted_on=day,
                age_from=line.age_from,
                age_to=line.age_to,
                sex=line.sex,
                count=line.count,
                source=line.source,
            )
            for line in group
        ]
    Population.objects.bulk_create(new, batch_size=2000)
    return changed


def _write_totals(lines: Sequence[_Line], day: date) -> None:
    """A newer count of everybody in a parish becomes the parish's own total."""
    for parish in {line.parish.pk: line.parish for line in lines}.values():
        group = [line for line in lines if line.parish.pk == parish.pk]
        if day.isoformat() > parish.population_date and _is_whole(group):
            parish.population = sum(line.count for line in group)
            parish.population_date = day.isoformat()
            parish.population_source = group[0].source[:60]
            parish.save(update_fields=["population", "population_date", "population_source"])


def _is_whole(lines: Sequence[_Line]) -> bool:
    """Whether both sexes are counted from the day of birth on without a gap."""
    for sex in Population.Sex.values:
        following = 0
        for line in sorted((line for line in lines if line.sex == sex), key=lambda line: line.age_from):
            if line.age_from != following:
                return False
            following = (Population.OLDEST if line.age_to is None else line.age_to) + 1
        if following == 0:
            return False
    return True
