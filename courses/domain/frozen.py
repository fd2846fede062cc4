"""Rows as they were, kept as JSON to the last microsecond, so that what was deleted can come back the same."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from phonenumber_field.phonenumber import PhoneNumber

M = TypeVar("M", bound=models.Model)


def freeze(row: models.Model) -> dict[str, Any]:
    """Every column of a row but those that the database works out itself."""
    return {field.attname: _plain(getattr(row, field.attname)) for field in _columns(type(row))}


def thaw(model: type[M], columns: Mapping[str, Any]) -> M:
    """The row again, not yet written."""
    return model(**values(model, columns))


def values(model: type[models.Model], columns: Mapping[str, Any]) -> dict[str, Any]:
    """These frozen columns as values of the model."""
    fields = {field.attname: field for field in _columns(model)}
    return {name: _value(fields[name], columns[name]) for name in columns}


def _columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | PhoneNumber):
        return str(value)
    return value


def _value(field: models.Field, value: Any) -> Any:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.to_python(value)
