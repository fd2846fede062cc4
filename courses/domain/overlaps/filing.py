"""A programme file read for its overlaps: what a row says of people, place, weeks and thing, as far as it says it.

Nothing is taken into the programme, so nothing is refused: a cell that cannot be read is told and counts as empty, and what
cannot be judged for it is told as well.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.domain import cells, programme
from courses.domain.known import Known
from courses.enums import ActivityFormat, ActivityLanguage, ActivityStatus
from ecosystem.file_rows import Refusal, Row, refusal
from ecosystem.overlap.profile import Group, Profile
from ecosystem.text import clean

T = TypeVar("T")


@dataclass(frozen=True)
class Told:
    """One activity as the rules see it, and what it is called outside."""

    profile: Profile
    ref: str
    is_draft: bool

    def as_dict(self) -> dict[str, str]:
        """As the command's JSON names it."""
        return {"ref": self.ref, "title": self.profile.title, "department": self.profile.department}


@dataclass
class File:
    """What a file's rows say, and what in them could not be read."""

    rows: list[Told] = field(default_factory=list)
    unread: list[Refusal] = field(default_factory=list)


def read(*, rows: Sequence[Row], columns: Collection[str], groups: Mapping[str, Group], now: datetime) -> File:
    """Every row as a profile, what was held already left out. A row without a reference is called by its line: ``row:7``.

    The same reference and department again is the same activity: the last row says how it is, as where a file is taken.
    """
    known, file = Known.load(), File()
    last: dict[tuple[str, str], Told | None] = {}
    for row in rows:
        told, status = _Reading(row, known, file.unread, now.year).told(groups)
        last[told.profile.department, told.ref] = told if status != ActivityStatus.COMPLETED else None
    file.rows = [told for told in last.values() if told is not None]
    return file


class _Reading:
    """One row being read."""

    def __init__(self, row: Row, known: Known, unread: list[Refusal], year: int) -> None:
        self.row, self.known, self.unread, self.year = row, known, unread, year

    def told(self, groups: Mapping[str, Group]) -> tuple[Told, str]:
        """What the row says, and in which state it is."""
        department = self._one("department", self.known.department)
        parish = self._one("parish", self.known.parish)
        centre = self._one("centre", lambda text: self.known.centre(text, parish)) if parish is not None else None
        topic = self._one("topic", self.known.topic)
        audiences = self._many("audiences", self.known.audience)
        sessions = [one for some in self._many("sessions", cells.meetings(self.year)) for one in some]
        ref = clean(self.row.cells.get("ref", "")) or f"row:{self.row.line}"
        profile = Profile(
            # Its line, so that pairs come in the order of the file.
            ref=f"row {self.row.line:09d}",
            # One that is not known is told, and still somebody else than the others.
            department=department.pk if department is not None else clean(self.row.cells.get("department", "")),
            partners=frozenset(one.pk for one in self._many("partner_departments", self.known.department)),
            titles=self._texts("title"),
            summaries=self._texts("summary"),
            topic=topic.pk if topic is not None else "",
            groups=tuple(groups[one.pk] for one in audiences if one.pk in groups),
            sessions=tuple(
                (timezone.localtime(start).replace(tzinfo=None), timezone.localtime(end).replace(tzinfo=None))
                for start, end in dict.fromkeys(sessions)
            ),
            parish=parish.pk if parish is not None else "",
            parish_name=parish.name if parish is not None else "",
            point=centre.point if centre is not None else parish.point if parish is not None else None,
            age_min=self._one("age_min", cells.whole_number),
            age_max=self._one("age_max", cells.whole_number),
            level=clean(self.row.cells.get("level", "")),
            language=self._one("language", self.known.choice(ActivityLanguage)) or ActivityLanguage.LATVIAN,
            format=self._one("format", self.known.choice(ActivityFormat)) or ActivityFormat.IN_PERSON,
            drop_in=bool(self._one("drop_in", cells.yes_or_no)),
        )
        status = self._one("status", self.known.status) or ActivityStatus.PLANNED
        return Told(profile, ref, is_draft=status == ActivityStatus.DRAFT), status

    def _texts(self, name: str) -> dict[str, str]:
        said = {
            language: clean(self.row.cells.get(name if language == "lv" else f"{name}_{language}", ""))
            for language in programme.LANGUAGES
        }
        return {language: text for language, text in said.items() if text}

    def _one(self, column: str, read: Callable[[str], T]) -> T | None:
        return self._read(column, self.row.cells.get(column, ""), read)

    def _many(self, column: str, read: Callable[[str], Any]) -> list[Any]:
        parts = self.row.cells.get(column, "").split(";")
        found = [self._read(column, part, read) for part in parts]
        return [each for each in found if each is not None]

    def _read(self, column: str, text: str, read: Callable[[str], T]) -> T | None:
        said = cells.unguarded(text)
        if not said.strip():
            return None
        try:
            cells.refuse_what_is_no_text(said, breaks=False)
            return read(said)
        except ValidationError as error:
            for each in error.error_list:
                self.unread.append(refusal(self.row.line, column, said, " ".join(each.messages).replace("%", "%%")))
            return None
