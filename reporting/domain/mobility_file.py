"""A sheet of mobilities is taken row by row into a project: each row becomes a mobility, or is refused in words.

Everything wrong with a row is told at once, with its line, column and value, in Latvian and English. The same number
(``ref``) again changes the mobility that it brought before; a column that the sheet does not have leaves what was
there. The good rows are taken though others are not.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from coordinators.domain import countries, keeping, mobilities, projects
from coordinators.domain.access import Reach
from coordinators.domain.mobilities import MobilitySpec
from coordinators.enums import MobilityKind, MobilityState, ParticipantReport
from coordinators.models import Mobility, Post, Project
from courses.domain import cells
from ecosystem import history
from ecosystem.file_rows import Refusal, Row, refusal, said
from ecosystem.text import fold

# Each column and the field it fills, in the order of docs/interfaces.md.
COLUMNS = {
    "ref": "ref",
    "kind": "kind",
    "state": "state",
    "in_grant": "in_grant",
    "post": "post",
    "participants": "participants",
    "host": "host",
    "country": "country",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "green_travel": "green_travel",
    "virtual_part": "is_blended",
    "learning_agreement": "has_agreement",
    "certificate": "has_certificate",
    "report": "report",
    "brought_home": "brought_home",
}
NEEDED = ("kind", "starts_on", "ends_on")
# What a mobility without a number of its own is called in an exported sheet: "id:12".
NUMBERED = "id:"
MOST_ROWS = 1_000
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_LATVIAN = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})\.?")
_LENGTHS = {"ref": 40, "host": 200, "brought_home": 2000}
_COLUMN_OF = {name: column for column, name in COLUMNS.items()} | {NON_FIELD_ERRORS: ""}
_SPEC = [each.name for each in fields(MobilitySpec)]


@dataclass
class Outcome:
    """What came of a sheet: how many rows were taken (or would be), and what was refused."""

    accepted: int = 0
    created: int = 0
    updated: int = 0
    refused: list[Refusal] = field(default_factory=list)


class _Undo(Exception):
    """Ends the transaction without keeping anything."""


def take(
    *,
    project: Project,
    rows: Sequence[Row],
    refused: Iterable[Refusal] = (),
    reach: Reach,
    today: date,
    dry_run: bool = False,
) -> Outcome:
    """Take the good rows of a sheet into the project; with ``dry_run`` nothing is, and the outcome is what it would be."""
    keeping.refuse_stranger(reach)
    outcome = Outcome(refused=list(refused))
    try:
        with history.change(by=reach.user, reason=history.FILE), transaction.atomic():
            project = projects.locked(project)
            _take(outcome, project, rows, reach=reach, today=today)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    outcome.refused.sort(key=lambda told: told.line)
    return outcome


def sheet(found: Iterable[Mobility]) -> Iterator[list[str]]:
    """Mobilities as rows of the same columns; taken back unchanged they change nothing."""
    yield list(COLUMNS)
    of = {post.pk: name for name, posts in _by_name().items() for post in posts if len(posts) == 1}
    for mobility in found:
        yield [_written(mobility, name, of) for name in COLUMNS.values()]


def _take(outcome: Outcome, project: Project, rows: Sequence[Row], *, reach: Reach, today: date) -> None:
    there = {each.ref: each for each in project.mobilities.all() if each.ref}
    numbered = {f"{NUMBERED}{each.pk}": each for each in project.mobilities.all()}
    posts = _by_name()
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if place >= MOST_ROWS:
            outcome.refused.append(refusal(row.line, "", "", _("At most %(most)s rows in one file."), most=MOST_ROWS))
            return
        errors: list[Refusal] = []
        values = _read(row, posts, errors)
        ref = str(values.get("ref", ""))
        if ref and ref in seen:
            errors.append(refusal(row.line, "ref", ref, _("This number stands in the file twice.")))
        elif ref.startswith(NUMBERED) and ref not in numbered:
            errors.append(refusal(row.line, "ref", ref, _("No mobility of this project has this number.")))
        seen.add(ref)
        mobility = numbered.get(ref) or there.get(ref)
        if ref.startswith(NUMBERED):
            values["ref"] = mobility.ref if mobility else ""
        if not errors:
            errors = _put(project, mobility, values, row, reach=reach, today=today)
        if errors:
            outcome.refused.extend(errors)
        else:
            outcome.accepted += 1
            outcome.created += mobility is None
            outcome.updated += mobility is not None


def _by_name() -> dict[str, list[Post]]:
    """Posts by their work e-mail, and each by its own number (``post:12``), for those that share one or have none."""
    found: dict[str, list[Post]] = {}
    for post in Post.objects.order_by("pk"):
        found.setdefault(f"post:{post.pk}", []).append(post)
        if post.email:
            found.setdefault(post.email.lower(), []).append(post)
    return found


def _put(
    project: Project, mobility: Mobility | None, values: dict[str, Any], row: Row, *, reach: Reach, today: date
) -> list[Refusal]:
    """Write one row; what the rules refuse is told by its column."""
    if mobility is not None:
        values = {name: getattr(mobility, name) for name in _SPEC} | values
    try:
        spec = MobilitySpec(**values)
        if mobility is None:
            mobilities.add(project=project, spec=spec, reach=reach, today=today)
        else:
            mobilities.change(mobility=mobility, spec=spec, seen=keeping.stamp(mobility), reach=reach, today=today)
    except keeping.Refused as refused:
        by_field = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: [refused]}
        return [
            said(row.line, _COLUMN_OF.get(name, ""), row.cells.get(_COLUMN_OF.get(name, ""), ""), error)
            for name, errors in by_field.items()
            for error in errors
        ]
    return []


def _read(row: Row, posts: dict[str, list[Post]], errors: list[Refusal]) -> dict[str, Any]:
    """The cells as values; what cannot be read is told. An empty cell is as if the column were not there, for new rows."""
    readers: dict[str, Callable[[str], Any]] = {
        "kind": _word(MobilityKind),
        "state": _word(MobilityState),
        "report": _word(ParticipantReport),
        "in_grant": cells.yes_or_no,
        "post": lambda text: _post(text, posts),
        "participants": _participants,
        "country": _country,
        "starts_on": _day,
        "ends_on": _day,
        **dict.fromkeys(("green_travel", "virtual_part", "learning_agreement", "certificate"), _known),
    }
    empty: dict[str, Any] = {"post": None, "host": "", "country": "", "brought_home": ""}
    empty |= dict.fromkeys(("green_travel", "virtual_part", "learning_agreement", "certificate"))
    values: dict[str, Any] = {}
    for column, name in COLUMNS.items():
        text = cells.unguarded(row.cells.get(column, ""))
        if column not in row.cells:
            continue
        if not text.strip():
            if column in NEEDED:
                errors.append(refusal(row.line, column, "", _("This cell cannot be empty.")))
            elif column in empty:
                values[name] = empty[column]
            continue
        try:
            breaks = column == "brought_home"
            cells.refuse_what_is_no_text(text, breaks=breaks)
            tidy = cells.paragraphs(text) if breaks else cells.line(text)
            if len(tidy) > _LENGTHS.get(column, 200):
                raise ValidationError(
                    _("The text is too long. Write at most %(count)s letters."),
                    params={"count": _LENGTHS.get(column, 200)},
                )
            values[name] = readers[column](tidy) if column in readers else tidy
        except ValidationError as error:
            errors.append(said(row.line, column, text, error))
    return values


def _word(choices: Any) -> Callable[[str], str]:
    """A reader of one of these: its code, or its name in either language."""

    def read(text: str) -> str:
        word = fold(text)
        known: dict[str, str] = {}
        for language in ("lv", "en"):
            with translation.override(language):
                known |= {fold(str(label)): value for value, label in choices.choices}
        known |= {fold(value): value for value in choices.values}
        if word not in known:
            raise ValidationError(
                _("This is not known. Write one of these: %(names)s."), params={"names": ", ".join(choices.values)}
            )
        return str(known[word])

    return read


def _known(text: str) -> bool | None:
    """Yes, no, or a question mark."""
    return None if text in ("?", "–") else cells.yes_or_no(text)


def _participants(text: str) -> int:
    number = cells.whole_number(text)
    if number > 1000:
        raise ValidationError(_("So many participants cannot be meant."))
    return number


def _country(text: str) -> str:
    code = countries.read(text)
    if not code:
        raise ValidationError(_("There is no such country. Write its two letters (FI) or its name."))
    return code


def _post(text: str, posts: dict[str, list[Post]]) -> Post:
    found = posts.get(text.lower(), [])
    if not found:
        raise ValidationError(_("No post has this work e-mail. Write it as the list of posts has it."))
    if len(found) > 1:
        raise ValidationError(_("Several posts have this work e-mail. Choose the post on the mobility's page."))
    return found[0]


def _day(text: str) -> date:
    found = _ISO.fullmatch(text)
    parts = found.groups() if found else None
    if parts is None:
        latvian = _LATVIAN.fullmatch(text)
        if latvian is None:
            raise ValidationError(_("This is not a day: write 2027-02-04 or 04.02.2027."))
        parts = (latvian[3], latvian[2], latvian[1])
    try:
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise ValidationError(_("There is no such date. Check the day and the month.")) from None
    if not 2000 <= day.year <= 2100:
        raise ValidationError(_("The year %(year)s cannot be meant."), params={"year": day.year})
    return day


def _written(mobility: Mobility, name: str, posts: dict[int, str]) -> str:
    value = getattr(mobility, name)
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case Post():
            return posts[value.pk]
    return str(value) or (f"{NUMBERED}{mobility.pk}" if name == "ref" else "")
