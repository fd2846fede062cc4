"""A row of a programme file as it was read, and why something in it is not taken, in both languages."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from rapidfuzz import fuzz, process


@dataclass(frozen=True)
class Row:
    """One row of a file: its line, and its cells as text by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Refusal:
    """Why something in a file was not taken, in both languages."""

    line: int
    column: str
    value: str
    lv: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        """As the command's JSON has it."""
        return dataclasses.asdict(self)


def refusal(line: int, column: str, value: str, message: str | Promise, /, **params: object) -> Refusal:
    """A refusal said in Latvian and in English."""
    return said(line, column, value, ValidationError(message, params=params or None))  # type: ignore[arg-type]


def nearest(name: str, names: Iterable[str], *, limit: int = 3) -> list[str]:
    """The names most like one that is not known, best first."""
    found = process.extract(name, sorted(names), scorer=fuzz.WRatio, limit=limit, score_cutoff=70)
    return [known for known, _score, _place in found]


def said(line: int, column: str, value: str, error: ValidationError) -> Refusal:
    """What was refused about a cell, said in both languages."""
    told = {}
    for language in ("lv", "en"):
        with translation.override(language):
            told[language] = " ".join(error.messages)
    return Refusal(line=line, column=column, value=value[:200], lv=told["lv"], en=told["en"])
