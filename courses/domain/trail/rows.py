"""Changes with all that is told of them: the rows of a moment, the rows before, the names of what they point to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery

from coordinators.models import (
    DisseminationEvent,
    Educator,
    Mobility,
    Objective,
    Post,
    Practice,
    Project,
    Publication,
)
from courses.models import Activity, Session
from ecosystem import history
from ecosystem.models import Statement, User

# What a history belongs to: the thing's name, its model's histories, the way from a row to the thing.
ACTIVITY, POST, EDUCATOR, STATEMENT, PROJECT, PRACTICE = THINGS = (
    *("activity", "post", "educator", "statement"),
    *("project", "practice"),
)
SOURCES: tuple[tuple[str, type[models.Model], str], ...] = (
    (ACTIVITY, Activity, "id"),
    (ACTIVITY, Session, "activity_id"),
    (EDUCATOR, Educator, "id"),
    (POST, Post, "id"),
    (STATEMENT, Statement, "key"),
    (PROJECT, Project, "id"),
    (PROJECT, Objective, "project_id"),
    (PROJECT, Mobility, "project_id"),
    (PROJECT, DisseminationEvent, "project_id"),
    (PROJECT, Publication, "project_id"),
    (PRACTICE, Practice, "id"),
)
_TITLED: tuple[tuple[str, type[models.Model]], ...] = (
    *((ACTIVITY, Activity), (EDUCATOR, Educator), (POST, Post)),
    *((STATEMENT, Statement), (PROJECT, Project), (PRACTICE, Practice)),
)
_WAYS = {way for _thing, _model, way in SOURCES}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Moment = tuple[datetime, str, str]


@dataclass(frozen=True)
class Edit:
    """One row that was changed: what became of it (+ ~ -), its fields with old and new value, the row as it is then."""

    model: type[models.Model]
    what: str
    row: Any
    fields: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True)
class Change:
    """All that was changed of one thing at one moment. ``name`` is what the thing is called now, or was."""

    at: datetime
    thing: str
    key: str
    by: User | None
    reason: str
    name: str
    edits: tuple[Edit, ...]
    # Whether the thing still stands.
    is_there: bool = True

    @property
    def mark(self) -> str:
        """Where the next page begins."""
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.thing}-{self.key}"


def changes(moments: Sequence[Moment]) -> list[Change]:
    """The moments as changes, with their rows, the rows before, and names."""
    edits: dict[Moment, list[tuple[type[models.Model], Any, Any]]] = {m: [] for m in moments}
    for thing, model, way in SOURCES:
        wanted = [moment for moment in moments if moment[1] == thing]
        if wanted:
            for row, before in _rows(model, way, wanted):
                moment = (row.history_date, thing, str(getattr(row, way)))
                if moment in edits:
                    edits[moment].append((model, row, before))
    pairs = [pair for found in edits.values() for pair in found]
    sets = {model: _sets(model, [pair for pair in pairs if pair[0] is model]) for _thing, model, _way in SOURCES}
    names = _Names(pairs, sets)
    titles = _titles(moments)
    made = []
    for (at, thing, key), found in edits.items():
        rows = [row for _model, row, _before in found]
        told = [edit for model, row, before in found if (edit := _edit(model, row, before, sets[model], names))]
        first = rows[0] if rows else None
        made.append(
            Change(
                at=at,
                thing=thing,
                key=key,
                by=first.history_user if first else None,
                reason=(first.history_change_reason or "") if first else "",
                name=titles.get((thing, key)) or _old_name(rows),
                edits=tuple(told),
                is_there=(thing, key) in titles,
            )
        )
    return made


def _rows(model: type[models.Model], way: str, wanted: Sequence[Moment]) -> Iterator[tuple[Any, Any]]:
    """The rows of these moments with the rows before them; two queries."""
    key = model._meta.pk.attname
    rows = history.rows_of(model)
    earlier = rows.filter(**{key: OuterRef(key)}, history_id__lt=OuterRef("history_id")).order_by("-history_id")
    found = list(
        rows.filter(history_date__in={at for at, _t, _k in wanted}, **{f"{way}__in": {k for _a, _t, k in wanted}})
        .annotate(before=Subquery(earlier.values("history_id")[:1]))
        .select_related("history_user")
        .order_by("history_id")
    )
    before = {row.history_id: row for row in rows.filter(history_id__in=[row.before for row in found if row.before])}
    for row in found:
        yield row, before.get(row.before)


Sets = dict[str, dict[int, frozenset[Any]]]


def _sets(model: type[models.Model], pairs: Iterable[tuple[Any, Any, Any]]) -> Sets:
    """The members of each set by row of history; a query a set."""
    keys = [row.history_id for _model, *both in pairs for row in both if row is not None]
    found: Sets = {}
    for each in history.KEPT[model].sets if keys else ():
        rows = history.KEPT[model].rows
        between = getattr(rows, each.name).model
        members: dict[int, set[Any]] = {}
        for place, member in (
            between._default_manager.filter(history_id__in=keys).order_by("pk").values_list("history_id", each.theirs)
        ):
            members.setdefault(place, set()).add(member)
        found[each.name] = {key: frozenset(members.get(key, ())) for key in keys}
    return found


class _Names:
    """What rows that are pointed to are called; a query a model."""

    def __init__(self, pairs: Sequence[tuple[Any, Any, Any]], sets: dict[type[models.Model], Sets]) -> None:
        wanted: dict[type[models.Model], set[Any]] = {}
        for model, *both in pairs:
            kept: Any = history.KEPT[model].rows
            for way in kept.tracked_fields:
                # Whose row it is does not change.
                if isinstance(way, models.ForeignKey) and way.attname not in _WAYS:
                    keys = {getattr(row, way.attname) for row in both if row is not None} - {None}
                    wanted.setdefault(way.related_model, set()).update(keys)
        for model, theirs in sets.items():
            for name, members in theirs.items():
                to: Any = model._meta.get_field(name).related_model
                wanted.setdefault(to, set()).update(*members.values())
        self.found = {
            to: {key: str(row) for key, row in _named(to).in_bulk(keys).items()} for to, keys in wanted.items() if keys
        }

    def of(self, model: Any, key: Any) -> str:
        """The name, or nothing for what is there no more."""
        return self.found.get(model, {}).get(key, "")


def _named(model: Any) -> QuerySet[Any]:
    rows = model._default_manager.all()
    return rows.select_related("centre") if model.__name__ == "Room" else rows


def _edit(model: type[models.Model], row: Any, before: Any, sets: Sets, names: _Names) -> Edit | None:
    """What became of one row; None when nothing that is told did."""
    if row.history_type == "-":
        return Edit(model=model, what="-", row=row)
    if row.history_type == "+" or before is None:
        return Edit(model=model, what="+" if row.history_type == "+" else "~", row=row)
    told: list[tuple[str, Any, Any]] = []
    for each in row.tracked_fields:
        old, new = getattr(before, each.attname), getattr(row, each.attname)
        if old == new or (old or "") == (new or "") == "":
            continue
        if isinstance(each, models.ForeignKey):
            told.append((each.name, names.of(each.related_model, old), names.of(each.related_model, new)))
        else:
            told.append((each.name, old, new))
    for name, members in sets.items():
        there, then = members[row.history_id], members[before.history_id]
        if there != then:
            to = model._meta.get_field(name).related_model
            lists = [sorted(filter(None, (names.of(to, key) for key in keys))) for keys in (then, there)]
            told.append((name, *lists))  # type: ignore[arg-type]
    return Edit(model=model, what="~", row=row, fields=tuple(told)) if told else None


def _titles(moments: Sequence[Moment]) -> dict[tuple[str, str], str]:
    """What the things are called today; a query a kind of thing."""
    by_thing: dict[str, set[str]] = {}
    for _at, thing, key in moments:
        by_thing.setdefault(thing, set()).add(key)
    found: dict[tuple[str, str], str] = {}
    for thing, model in _TITLED:
        if keys := by_thing.get(thing):
            rows: Any = model._default_manager.filter(pk__in=keys)
            if model is Post:
                rows = rows.select_related("department", "centre").prefetch_related("parishes")
            for row in rows:
                said = post_name(row) if isinstance(row, Post) else row.name if isinstance(row, Project) else row
                found[thing, str(row.pk)] = str(said)
    return found


def post_name(post: Post) -> str:
    """ "Koordinators, Elejas pagasts"; without a ground the department."""
    ground = str(post.centre.name) if post.centre else ", ".join(parish.name for parish in post.parishes.all())
    return f"{post.get_kind_display()}, {ground or post.department.name}"


def _old_name(rows: Sequence[Any]) -> str:
    for row in rows:
        for name in ("title_lv", "name_lv", "name"):
            if value := getattr(row, name, ""):
                return str(value)
    return ""
