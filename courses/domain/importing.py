"""A programme file is taken row by row: each row becomes an activity, or is refused in words.

One door for all: the command, the desk and the demonstration hand rows of text to :func:`import_rows`. Everything wrong
with a row is told at once, with its line, column and value, in Latvian and English. Unless good rows alone are wanted,
a file is taken whole or not at all. The same reference and department again change the activity and keep who
registered; a column that the file does not have leaves what was there.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centres.models import Centre
from courses.domain import cells, moving, programme
from courses.domain.known import Known, key
from courses.domain.overlaps import judging, publishing
from courses.enums import ActivityFormat, ActivityKind, ActivityLanguage, ActivityStatus
from courses.models import Activity
from ecosystem import history
from ecosystem.file_rows import Refusal, Row, refusal, said
from ecosystem.models import Department, Parish, User
from ecosystem.text import clean

NEEDED = ("department", "parish", "title", "topic", "audiences", "sessions")
# In the order of docs/interfaces.md; the last ones are this project's additions.
COLUMNS = (
    *("ref", "department", "partner_departments", "parish", "centre", "room", "title", "title_en", "summary"),
    *("summary_en", "kind", "format", "topic", "competences", "audiences", "age_min", "age_max", "level"),
    *("language", "capacity", "min_participants", "fee_eur", "registration_opens", "registration_closes"),
    *("coordinator_email", "sessions", "status"),
    *("title_ru", "summary_ru", "title_uk", "summary_uk", "drop_in", "needs_approval"),
    "asks_confirmation",
)
KNOWN_COLUMNS = frozenset(COLUMNS)
MOST_ROWS = 10_000
# A draft may still be looking for these.
_NOT_FOR_DRAFTS = ("audiences", "sessions")
# What an activity without a reference of its own is called in an exported file: "id:123".
NUMBERED = "id:"
# Whether an activity of this department in this parish (and centre) is the reader's to write.
May = Callable[[Department, Parish, Centre | None], bool]
# What the programme's fields are called in the file, where the names differ.
_COLUMN_OF = {
    "lead": "department",
    "partners": "partner_departments",
    "title_lv": "title",
    "summary_lv": "summary",
    "registration_opens_at": "registration_opens",
    "registration_closes_at": "registration_closes",
    "contact": "coordinator_email",
    "is_drop_in": "drop_in",
    "educators": "sessions",
    NON_FIELD_ERRORS: "",
}


@dataclass
class Outcome:
    """What came of a file: how many rows were taken (or would be, in a trial), and what was refused."""

    accepted: int = 0
    created: int = 0
    updated: int = 0
    refused: list[Refusal] = field(default_factory=list)
    activities: list[int] = field(default_factory=list)
    # What was to be published and waits as planned, since another department plans the same.
    held: list[Refusal] = field(default_factory=list)
    # What is new here and has begun already: taken, and told, since it may be a mistyped year.
    begun: list[Refusal] = field(default_factory=list)


class _Undo(Exception):
    """Ends the transaction without keeping anything."""


@history.one_change(history.FILE)
def import_rows(
    *,
    rows: Sequence[Row],
    columns: Collection[str],
    now: datetime,
    refused: Iterable[Refusal] = (),
    partial: bool = False,
    dry_run: bool = False,
    may: May | None = None,
    by: User | None = None,
) -> Outcome:
    """Take the rows of a file into the programme; with ``may`` only rows that it allows. ``by`` is whoever brought it.

    ``refused`` is what reading the file already refused. With ``partial`` the good rows are taken although others
    are not; with ``dry_run`` nothing is, and the outcome is what it would have been.
    """
    outcome = Outcome(refused=list(refused))
    try:
        with transaction.atomic():
            known = Known.load()
            # Before the activities are held: whoever makes two of them one takes its turn first, too.
            judging.take_turns()
            if not known.parishes:
                outcome.refused.append(
                    refusal(0, "", "", _("The vocabulary is not loaded yet: run «manage.py load_vocabulary» first."))
                )
                return outcome
            _take(outcome, rows, frozenset(columns), known, now=now, may=may, by=by)
            if dry_run or (outcome.refused and not partial):
                raise _Undo
    except _Undo:
        outcome.activities = []
    if outcome.refused and not partial:
        outcome.accepted = outcome.created = outcome.updated = 0
    outcome.refused.sort(key=lambda told: told.line)
    return outcome


def _take(
    outcome: Outcome,
    rows: Sequence[Row],
    columns: frozenset[str],
    known: Known,
    *,
    now: datetime,
    may: May | None,
    by: User | None,
) -> None:
    there = _activities_with_refs(row.cells.get("ref", "") for row in rows)
    lines: dict[tuple[str, str], int] = {}
    to_publish: list[tuple[_Reading, Activity]] = []
    for row in rows:
        reading = _Reading(row, columns, known, now=now)
        spec, activity = reading.spec(there)
        if spec is not None:
            reading.refuse_strangers(spec, activity, may)
        if spec is not None and (spec.ref or activity is not None):
            named = spec.ref or f"{NUMBERED}{activity.pk if activity else ''}"
            first = lines.setdefault((spec.lead.pk, named), row.line)
            if first != row.line:
                reading.wrong("ref", _("The same reference stands in line %(line)s already."), line=first)
        if reading.refused or spec is None:
            outcome.refused.extend(reading.refused)
            continue
        publishes = (
            spec.status == ActivityStatus.PUBLISHED
            and (activity is None or activity.status in (ActivityStatus.DRAFT, ActivityStatus.PLANNED))
            # What is over overlaps with nothing any more.
            and max(meeting.ends_at for meeting in spec.sessions) > now
        )
        if publishes:
            # Whether another department plans the same is asked when all rows are there.
            spec = dataclasses.replace(spec, status=ActivityStatus.PLANNED)
        try:
            if activity is None:
                activity = programme.create_activity(spec=spec, now=now, by=by)
                outcome.created += 1
                outcome.begun.extend(reading.begun(spec))
            else:
                with _telling(activity, spec, by=by, now=now):
                    activity = programme.update_held(activity=activity, spec=spec, now=now, by=by)
                outcome.updated += 1
        except programme.Refused as error:
            reading.all_wrong(error)
            outcome.refused.extend(reading.refused)
            continue
        outcome.accepted += 1
        outcome.activities.append(activity.pk)
        if publishes:
            to_publish.append((reading, activity))
    _publish(outcome, to_publish, now=now)


def _publish(outcome: Outcome, wanted: Sequence[tuple["_Reading", Activity]], *, now: datetime) -> None:
    """Show to the public what no other department plans too; the others stay planned, and it is said which and why."""
    held = publishing.publish_many(activities=[activity for _reading, activity in wanted], now=now)
    for reading, activity in wanted:
        for other in held.get(activity.pk, ()):
            outcome.held.append(
                refusal(
                    reading.row.line,
                    "status",
                    reading.row.cells.get("status", ""),
                    _("Planned, not published yet: %(department)s plans the same for the same people, «%(title)s»."),
                    department=other.lead.name,
                    title=other.title,
                )
            )


def _telling(
    activity: Activity, spec: programme.ActivitySpec, *, by: User | None, now: datetime
) -> AbstractContextManager[object]:
    """Where nothing changes there is nothing to tell, and where nobody has registered there is nobody to tell."""
    somebody = activity.taken or activity.waiting or activity.needs_approval
    if activity.status == ActivityStatus.PUBLISHED and somebody and not programme.says_already(activity, spec):
        return moving.telling(activity=activity, by=by, now=now)
    return nullcontext()


def _activities_with_refs(refs: Iterable[str]) -> dict[tuple[str, str], Activity]:
    """What the file changes, by department and reference, held until the transaction ends."""
    wanted = {clean(ref) for ref in refs} - {""}
    numbers = {int(digits) for ref in wanted if (digits := _number(ref))}
    found = Activity.objects.filter(Q(ref__in=wanted) | Q(pk__in=numbers)).values_list("pk", flat=True)
    there: dict[tuple[str, str], Activity] = {}
    for activity in programme.hold(list(found)):
        there[activity.lead_id, f"{NUMBERED}{activity.pk}"] = activity
        if activity.ref:
            there[activity.lead_id, activity.ref] = activity
    return there


def _number(ref: str) -> str:
    """The digits of "id:123", or nothing."""
    digits = ref.removeprefix(NUMBERED)
    return digits if ref.startswith(NUMBERED) and digits.isascii() and digits.isdecimal() and len(digits) < 10 else ""


class _Reading:
    """One row being read: what it means so far, and what is wrong with it."""

    def __init__(self, row: Row, columns: frozenset[str], known: Known, *, now: datetime) -> None:
        self.row = row
        self.columns = columns
        self.known = known
        self.now, self.year = now, now.year
        self.refused: list[Refusal] = []
        draft = known.choices_of(ActivityStatus).get(key(row.cells.get("status", "")))
        self.needed = [name for name in NEEDED if draft != ActivityStatus.DRAFT or name not in _NOT_FOR_DRAFTS]

    def refuse_strangers(self, spec: programme.ActivitySpec, activity: Activity | None, may: May | None) -> None:
        """Refuse a row that is for somebody else to plan, where it goes to and where it is taken from."""
        if may is None:
            return
        ours = may(spec.lead, spec.parish, spec.centre)
        if not ours or (activity is not None and not may(activity.lead, activity.parish, activity.centre)):
            self.wrong(
                "department" if not ours else "parish",
                _("Your post does not plan for this department in this parish: %(department)s, %(parish)s."),
                department=spec.lead.name,
                parish=(spec.parish if not ours or activity is None else activity.parish).name,
            )

    def begun(self, spec: programme.ActivitySpec) -> list[Refusal]:
        """What is said of a new activity that has begun and goes on."""
        first = programme.past.has_begun(spec, now=self.now)
        said = _("It has begun already: the first session was on %(when)s.")
        cell = self.row.cells.get("sessions", "")
        return [refusal(self.row.line, "sessions", cell, said, when=programme.when(first))] if first else []

    def wrong(self, column: str, message: str | Promise, /, **params: object) -> None:
        """Refuse a cell."""
        self.refused.append(refusal(self.row.line, column, self.row.cells.get(column, ""), message, **params))

    def all_wrong(self, error: ValidationError) -> None:
        """Refuse what the programme refused, under the names of the columns."""
        for name, errors in error.error_dict.items() if hasattr(error, "error_dict") else [("", [error])]:
            column = _COLUMN_OF.get(name, name)
            for each in errors:
                value = self.row.cells.get(column, "")
                self.refused.append(said(self.row.line, column, value, each))

    def spec(self, there: Mapping[tuple[str, str], Activity]) -> tuple[programme.ActivitySpec | None, Activity | None]:
        """What the row asks for, and the activity it changes, if it names one."""
        given = self._given()
        lead = given["lead"]
        activity = there.get((lead.pk, given.get("ref", ""))) if isinstance(lead, Department) else None
        if activity is None and _number(given.get("ref", "")):
            self.wrong("ref", _("The department has no activity with this number. Leave it empty for a new one."))
        given["status"] = given.get("status") or (activity.status if activity else ActivityStatus.PLANNED)
        if activity is None:
            spec = programme.ActivitySpec(**given)
        else:
            before = programme.spec_of(activity)
            for name in ("titles", "summaries"):
                given[name] = {**getattr(before, name), **given[name]}
            if "centre" not in self.columns and before.parish != given["parish"]:
                given["centre"] = None
            self._keep_what_no_cell_can_say(given, before, activity)
            # A file says nothing of who leads; what is there when the row is written stays.
            spec = dataclasses.replace(before, educators=None, **given)
        # What could not even be read is empty here, and its column is already refused.
        already = {told.column for told in self.refused}
        problems = programme.check(spec)
        for name, errors in programme.past.problems(spec, activity=activity, now=self.now).items():
            problems.setdefault(name, []).extend(errors)
        self.all_wrong(
            ValidationError(
                {name: said for name, said in problems.items() if _COLUMN_OF.get(name, name) not in already}
            )
        )
        return (None if self.refused else spec), activity

    def _keep_what_no_cell_can_say(
        self, given: dict[str, Any], before: programme.ActivitySpec, activity: Activity
    ) -> None:
        """Sessions in several rooms, a contact whose e-mail address others share, an activity without a reference."""
        if _number(given.get("ref", "")):
            given["ref"] = before.ref
        contact, typed = before.contact, self.row.cells.get("coordinator_email", "").strip().lower()
        if contact is not None and "contact" in given:
            theirs = {contact.email.lower(), contact.holder.email.lower() if contact.holder else ""}
            if typed in theirs and (typed or theirs == {""}):
                given["contact"] = contact
        if not self.row.cells.get("room", "").strip() and given.get("centre", before.centre) == before.centre:
            rooms = {meeting.starts_at: meeting.room for meeting in before.sessions}
            if "room" not in self.columns or len(set(rooms.values())) > 1:
                given["sessions"] = [
                    dataclasses.replace(meeting, room=rooms.get(meeting.starts_at)) for meeting in given["sessions"]
                ]

    def _given(self) -> dict[str, Any]:
        """The fields that the file's columns give; everything wrong is noted."""
        known, given = self.known, {}
        given["lead"] = self._read("department", known.department)
        given["parish"] = parish = self._read("parish", known.parish)
        given["topic"] = self._read("topic", known.topic)
        given["audiences"] = self._read("audiences", cells.many(known.audience)) or []
        self._read_texts(given)
        self._read_if_there(given, "ref", "ref", cells.line, "")
        self._read_if_there(given, "partner_departments", "partners", cells.many(known.department), [])
        self._read_if_there(given, "competences", "competences", cells.many(known.competence), [])
        self._read_if_there(given, "level", "level", cells.line, "")
        for column, choices, default in (
            ("kind", ActivityKind, ActivityKind.EDUCATIONAL),
            ("format", ActivityFormat, ActivityFormat.IN_PERSON),
            ("language", ActivityLanguage, ActivityLanguage.LATVIAN),
        ):
            self._read_if_there(given, column, column, known.choice(choices), default)
        self._read_if_there(given, "status", "status", known.status, None)
        for column in ("age_min", "age_max", "capacity", "min_participants"):
            self._read_if_there(given, column, column, cells.whole_number, None)
        self._read_if_there(given, "fee_eur", "fee_eur", cells.euros, cells.FREE)
        self._read_if_there(given, "drop_in", "is_drop_in", cells.yes_or_no, False)
        self._read_if_there(given, "needs_approval", "needs_approval", cells.yes_or_no, False)
        self._read_if_there(given, "asks_confirmation", "asks_confirmation", cells.yes_or_no, False)
        self._read_if_there(given, "registration_opens", "registration_opens_at", cells.opening(self.year), None)
        self._read_if_there(given, "registration_closes", "registration_closes_at", cells.closing(self.year), None)
        self._read_if_there(given, "coordinator_email", "contact", known.contact, None)
        centre = None
        if parish is not None:
            self._read_if_there(given, "centre", "centre", lambda text: known.centre(text, parish), None)
            centre = given.get("centre")
        room = self._read("room", lambda text: known.room(text, centre)) if "room" in self.columns else None
        meetings = self._read("sessions", cells.meetings(self.year)) or []
        given["sessions"] = [
            programme.SessionSpec(starts_at=starts_at, ends_at=ends_at, room=room) for starts_at, ends_at in meetings
        ]
        return given

    def _read_texts(self, given: dict[str, Any]) -> None:
        titles, summaries = {}, {}
        for language in programme.LANGUAGES:
            suffix = "" if language == "lv" else f"_{language}"
            if f"title{suffix}" in self.columns:
                titles[language] = self._read(f"title{suffix}", cells.line) or ""
            if f"summary{suffix}" in self.columns:
                summaries[language] = self._read(f"summary{suffix}", cells.paragraphs) or ""
        given["titles"], given["summaries"] = titles, summaries

    def _read_if_there(
        self, given: dict[str, Any], column: str, name: str, read: Callable[[str], Any], default: Any
    ) -> None:
        """A column that the file does not have gives nothing, so that what was there stays."""
        if column in self.columns:
            value = self._read(column, read)
            given[name] = default if value is None else value

    def _read(self, column: str, read: Callable[[str], Any]) -> Any:
        """What a cell means, or None when it is empty or wrong."""
        text = cells.unguarded(self.row.cells.get(column, ""))
        try:
            cells.refuse_what_is_no_text(text, breaks=column.startswith("summary"))
            if not text.strip():
                if column in self.needed:
                    self.wrong(column, _("This is needed."))
                return None
            return read(text)
        except ValidationError as error:
            for each in error.error_list:
                self.refused.append(said(self.row.line, column, text, each))
            return None
