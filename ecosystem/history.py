"""The trail of changes: who changed what, when, from what to what (django-simple-history).

A model given to :func:`keep` has a history of its rows: every field but those named, and all its sets. One change is
one row, however many statements made it: inside :func:`one_change` the rows are only noted, and written at its end in
the transaction that made them, with one statement a model. That statement copies from the table itself, so it is as
quick for a thousand rows of a file as for one, sees what ``update()`` and ``bulk_create()`` did, and writes nothing
where nothing differs. A row of history is what was true *after* the change; what was before is the row before it.

Who did it is ``by`` of the call, or whoever is signed in; an errand of the clock, a file and a command say so by their
reason. People who take part have no history: a copy would outlive the day they are forgotten (docs/adr/0008).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history import register
from simple_history.models import HistoricalRecords

from ecosystem.privacy import Personal, Term

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)
# Reasons that are known by name; anything else is words of whoever changed it.
FILE, CLOCK, COMMAND, DEMO, BEGINNING, LINK = "file", "clock", "command", "demo", "beginning", "link"
REASON_LENGTH = 100
_WHO = Personal(_("Who changed it"), _("To answer for the change"), Term.TRAIL)


@dataclass
class _Change:
    """What is being changed: rows noted so far by model, who, why, when."""

    by: Any = None
    reason: str = ""
    at: datetime | None = None
    rows: dict[type[models.Model], dict[Any, None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """A model with a history: its rows of history, the fields and sets kept, the statement that writes a row."""

    rows: type[models.Model]
    fields: frozenset[str]
    sets: tuple["KeptSet", ...]
    statement: str


@dataclass(frozen=True)
class KeptSet:
    """A set of a kept model: the table between, its history's table, the columns of both ends."""

    name: str
    table: str
    history: str
    ours: str
    theirs: str


KEPT: dict[type[models.Model], Kept] = {}
_now: ContextVar[_Change | None] = ContextVar("change", default=None)


class Records(HistoricalRecords):
    """simple-history's records, written by :func:`touch`, and found by moment and by row."""

    def __init__(self, *args: Any, found_by: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_by = found_by

    def post_save(self, instance: models.Model, created: bool, using: str | None = None, **kwargs: Any) -> None:
        """Note the row; a fixture being loaded has its history already."""
        if not kwargs.get("raw") and not hasattr(instance, "skip_history_when_saving"):
            touch(type(instance), [instance.pk])

    def pre_delete(self, instance: models.Model, **kwargs: Any) -> None:
        """Nothing: the last row of history has all that is needed."""

    def post_delete(self, instance: models.Model, using: str | None = None, **kwargs: Any) -> None:
        """Note that the row is gone."""
        touch(type(instance), [instance.pk])

    def m2m_changed(
        self, instance: models.Model, action: str, attr: str, pk_set: set[Any] | None, reverse: bool, **kwargs: Any
    ) -> None:
        """Note the row whose set it is, from whichever end it was changed."""
        if not action.startswith("post_"):
            return
        if not reverse:
            touch(type(instance), [instance.pk])
        elif pk_set:
            touch(kwargs["model"], pk_set)

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Found newest first, of all rows and of those that belong together."""
        options = super().get_meta_options(model)
        together = self.found_by or model._meta.pk.attname
        options["indexes"] = [models.Index(fields=["history_date", together])]
        if self.found_by:
            options["indexes"].append(models.Index(fields=[self.found_by, "history_date"]))
        return options


class KeptQuerySet(models.QuerySet[M]):
    """Rows of a kept model: what is changed without ``save()`` has its history too."""

    def update(self, **values: Any) -> int:
        """As Django's; the rows are noted where a field that is kept changes."""
        kept = KEPT.get(self.model)
        if kept is None or not kept.fields.intersection(values):
            return super().update(**values)
        keys = list(self.order_by().values_list("pk", flat=True))
        done = super().update(**values)
        touch(self.model, keys)
        return done

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """As Django's; the rows are noted."""
        made = super().bulk_create(objs, *args, **kwargs)
        touch(self.model, [row.pk for row in made])
        return made

    def take_away(self, keys: Sequence[Any]) -> None:
        """Delete rows of these keys that nothing names, in one statement, without looking for what might; noted."""
        self.filter(pk__in=keys)._raw_delete(self.db)
        touch(self.model, keys)


def keep(
    model: type[models.Model],
    *,
    but: Collection[str] = (),
    found_by: str = "",
    news: tuple[str, str, str] | None = None,
) -> None:
    """Keep this model's history from now on, all its fields and sets ``but`` these. To be called once apps are ready.

    After modeltranslation has added the languages: the untranslated field only repeats one of them and is left out.
    ``found_by`` is a way to what the rows belong to, where they are looked for by it. ``news`` are the kind of a journal
    entry, the name in its payload and the column that it tells: whatever differs is told to readers upstairs as well,
    once a change and value.
    """
    if model in KEPT:
        return
    sets = [each.name for each in model._meta.many_to_many]
    ways = [each.name for each in model._meta.concrete_fields if isinstance(each, models.ForeignKey)]
    languages = {
        each.translated_field.name for each in model._meta.concrete_fields if hasattr(each, "translated_field")
    }
    register(
        model,
        records_class=Records,
        excluded_fields=sorted({*but, *languages}),
        m2m_fields=[name for name in sets if name not in but],
        found_by=found_by,
        history_id_field=models.BigAutoField(),
        no_db_index=[
            *ways,
            *(f.name for f in model._meta.concrete_fields if getattr(f, "db_index", False) and not f.primary_key),
        ],
    )
    rows = model.history.model  # type: ignore[attr-defined]
    personal = getattr(model, "personal", {})
    names = {each.name for each in rows.tracked_fields}
    rows.personal = {
        **{name: Personal(said.what, said.why, Term.TRAIL) for name, said in personal.items() if name in names},
        "history_user": _WHO,
    }
    made = []
    for each in model._meta.many_to_many:
        if each.name in but:
            continue
        history = Records.m2m_models[each]
        between: Any = each.remote_field.through
        history.personal = {}
        made.append(
            KeptSet(
                name=each.name,
                table=between._meta.db_table,
                history=history._meta.db_table,
                ours=f"{each.m2m_field_name()}_id",
                theirs=f"{each.m2m_reverse_field_name()}_id",
            )
        )
    KEPT[model] = Kept(
        rows=rows,
        fields=frozenset({*names, *(each.attname for each in rows.tracked_fields)}),
        sets=tuple(made),
        statement=_statement(model, rows, [each.column for each in rows.tracked_fields], made, news),
    )


@contextmanager
def change(*, by: Any = None, reason: str = "", at: datetime | None = None) -> Iterator[None]:
    """Everything changed inside is one change, written at the end with it. Inside another it is a part of that."""
    outer = _now.get()
    if outer is not None:
        outer.by, outer.reason, outer.at = outer.by or by, outer.reason or reason, outer.at or at
        yield
        return
    with transaction.atomic():
        noted = _Change(by=by, reason=reason, at=at)
        token = _now.set(noted)
        try:
            yield
        finally:
            _now.reset(token)
        for model, keys in noted.rows.items():
            _write(model, list(keys), noted)


def one_change(reason: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a domain function one :func:`change`; its ``by`` (or ``reach``) and ``now`` say by whom and when."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def changing(*args: P.args, **kwargs: P.kwargs) -> R:
            by, at = kwargs.get("by") or getattr(kwargs.get("reach"), "user", None), kwargs.get("now")
            # Whoever works by a signed link has no account: that it was by a link is told.
            has_account = by is None or isinstance(by, AbstractBaseUser)
            why = reason if has_account else reason or LINK
            with change(by=by if has_account else None, reason=why, at=at if isinstance(at, datetime) else None):
                return function(*args, **kwargs)

        return changing

    return decorate


def touch(model: type[models.Model], keys: Iterable[Any]) -> None:
    """These rows may have changed: write their history, at the end of the change or now."""
    wanted = [key for key in keys if key is not None]
    if model not in KEPT or not wanted:
        return
    noted = _now.get()
    if noted is not None:
        noted.rows.setdefault(model, {}).update(dict.fromkeys(wanted))
    else:
        _write(model, wanted, _Change())


def rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows of a kept model's history."""
    return KEPT[model].rows._default_manager.order_by("-history_date", "-history_id")


def forget(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Take away all history of these rows: who is forgotten is forgotten here too."""
    _delete(model, rows_of(model).filter(**{f"{model._meta.pk.attname}__in": list(keys)}))


def forget_before(moment: datetime) -> int:
    """Take away changes older than this, in every history; how many.

    Of what still stands, the last row before stays, without who made it: it is the ground that the next change is
    told from.
    """
    total = 0
    for model, kept in KEPT.items():
        key = model._meta.pk.attname
        old = kept.rows._default_manager.filter(history_date__lt=moment)
        later = old.filter(**{key: models.OuterRef(key)}, history_id__gt=models.OuterRef("history_id"))
        total += _delete(model, old.filter(models.Exists(later) | models.Q(history_type="-")))
        old.exclude(history_user=None).update(history_user=None)
    return total


def _delete(model: type[models.Model], rows: models.QuerySet[Any]) -> int:
    kept = KEPT[model]
    with transaction.atomic():
        gone = list(rows.order_by().values_list("history_id", flat=True))
        with connection.cursor() as cursor:
            for each in kept.sets:
                # Names of tables, none of them from outside.
                cursor.execute(f"DELETE FROM {each.history} WHERE history_id = ANY(%s)", [gone])  # noqa: S608
        kept.rows._default_manager.filter(history_id__in=gone).delete()
    return len(gone)


def _signed_in() -> Any:
    """Whoever is signed in where this happens, or nobody."""
    user = getattr(getattr(Records.context, "request", None), "user", None)
    return user if user is not None and user.is_authenticated else None


def _write(model: type[models.Model], keys: list[Any], noted: _Change) -> None:
    """Write a row of history for each of these that differs from the last one written, or is new, or is gone."""
    by = noted.by if noted.by is not None else _signed_in()
    said = {
        "keys": keys,
        "at": noted.at or timezone.now(),
        "reason": noted.reason[:REASON_LENGTH] or None,
        "by": by.pk if by is not None else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEPT[model].statement, said)


def _statement(
    model: type[models.Model],
    rows: type[models.Model],
    columns: Sequence[str],
    sets: Sequence[KeptSet],
    news: tuple[str, str, str] | None,
) -> str:
    """One statement: rows that stand and differ are copied with their sets, rows that are gone are told as gone."""
    kind, name, told = news or ("", "", model._meta.pk.column)
    names = {
        "table": model._meta.db_table,
        "history": rows._meta.db_table,
        "key": model._meta.pk.column,
        "type": "text" if isinstance(model._meta.pk, models.CharField) else "bigint",
        "columns": ", ".join(columns),
        "new": ", ".join(f"t.{column}" for column in columns),
        "old": ", ".join(f"before.{column}" for column in columns),
        "differs": "".join(_DIFFERS.format(**vars(each), key=model._meta.pk.column) for each in sets),
        "told": told,
        "news": _NEWS.format(kind=kind, name=name, told=told) if news else "",
        "copies": "".join(_COPIES.format(**vars(each), key=model._meta.pk.column) for each in sets),
    }
    return _WRITE.format(**names)


# The last row of a row's history is found by its own key; keys are locked by whoever changes the row, so it is the last.
_WRITE = """
WITH made AS (
    INSERT INTO {history} ({columns}, history_date, history_type, history_change_reason, history_user_id)
    SELECT {new}, %(at)s, CASE WHEN before.history_type IN ('+', '~') THEN '~' ELSE '+' END, %(reason)s, %(by)s
    FROM {table} t
    LEFT JOIN LATERAL (
        SELECT * FROM {history} h WHERE h.{key} = t.{key} ORDER BY h.history_id DESC LIMIT 1
    ) before ON true
    WHERE t.{key} = ANY(%(keys)s::{type}[]) AND (
        before.history_id IS NULL OR before.history_type = '-'
        OR ROW({new}) IS DISTINCT FROM ROW({old}){differs}
    )
    ORDER BY t.{key}
    RETURNING history_id, {key}, {told} AS told
), gone AS (
    INSERT INTO {history} ({columns}, history_date, history_type, history_change_reason, history_user_id)
    SELECT {old}, %(at)s, '-', %(reason)s, %(by)s
    FROM unnest(%(keys)s::{type}[]) wanted (key)
    CROSS JOIN LATERAL (
        SELECT * FROM {history} h WHERE h.{key} = wanted.key ORDER BY h.history_id DESC LIMIT 1
    ) before
    WHERE before.history_type <> '-' AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.{key} = wanted.key)
    RETURNING {told} AS told
){copies}{news}
SELECT 1
"""
_NEWS = """, news AS (
    INSERT INTO ecosystem_journal (id, kind, payload, created_at)
    SELECT gen_random_uuid(), '{kind}', jsonb_build_object('{name}', told), %(at)s
    FROM (SELECT told FROM made UNION SELECT told FROM gone) differing
)"""
_DIFFERS = """
        OR ARRAY(SELECT m.{theirs} FROM {table} m WHERE m.{ours} = t.{key} ORDER BY 1)
        IS DISTINCT FROM
        ARRAY(SELECT m.{theirs} FROM {history} m WHERE m.history_id = before.history_id ORDER BY 1)"""
_COPIES = """, of_{name} AS (
    INSERT INTO {history} (id, {ours}, {theirs}, history_id)
    SELECT m.id, m.{ours}, m.{theirs}, made.history_id FROM made JOIN {table} m ON m.{ours} = made.{key}
)"""
