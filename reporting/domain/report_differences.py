"""What differs between two versions of a report: words, numbers, definitions, rules. Of plain documents, asks nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reporting.domain.report_content import Content

WORDS, NUMBER, DEFINITION, STATE, HEAD = "words", "number", "definition", "state", "head"


@dataclass(frozen=True)
class Difference:
    """One: in which section, of which figure and part, what it was and what it is; None where it was not or is no more."""

    section: str
    kind: str
    # Of words the language, of figures the code, of the rest the name of the field.
    name: str
    before: Any
    after: Any
    part: str = ""
    unit: str = ""


def between(before: Content, after: Content, *, language: str) -> list[Difference]:
    """All differences, in the order of the sections of the later one."""
    found = [
        Difference("", HEAD, name, before.get(name), after.get(name))
        for name in ("titles", "period", "department", "project")
        if before.get(name) != after.get(name)
    ]
    found += _state(before["state"], after["state"])
    earlier = {section["code"]: section for section in before["sections"]}
    for section in after["sections"]:
        was = earlier.pop(section["code"], None)
        found += _section(was or _nothing(section), section, language=language)
    for section in earlier.values():
        found += _section(section, _nothing(section), language=language)
    return found


def _nothing(section: Mapping[str, Any]) -> dict[str, Any]:
    """The same section, saying nothing."""
    return {**section, "words": {"lv": "", "en": ""}, "figures": [], "compared": None}


def _state(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield Difference("", STATE, name, before.get(name), after.get(name))


def _section(before: Mapping[str, Any], after: Mapping[str, Any], *, language: str) -> Iterator[Difference]:
    code = after["code"]
    for one in ("lv", "en"):
        if before["words"][one] != after["words"][one]:
            yield Difference(code, WORDS, one, before["words"][one], after["words"][one])
    rows_before, rows_after = _rows(before, language), _rows(after, language)
    for key in dict.fromkeys((*rows_after, *rows_before)):
        was, now = rows_before.get(key), rows_after.get(key)
        if _shown(was) != _shown(now):
            some = now or was or {}
            name, part = some["name"], some["part"]
            yield Difference(code, NUMBER, name, _shown(was), _shown(now), part=part, unit=some["unit"])
    defined_before, defined_after = _definitions(before, language), _definitions(after, language)
    for name in defined_after:
        if name in defined_before and defined_before[name] != defined_after[name]:
            yield Difference(code, DEFINITION, name, defined_before[name], defined_after[name])


def _rows(section: Mapping[str, Any], language: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Every number of a section by what it is of."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for figure in section["figures"]:
        name = f"{figure['code']} {figure['names'][language]}"
        for row in figure["rows"]:
            key = (figure["code"], tuple(figure["by"]), tuple(sorted(row["keys"].items())))
            part = row["names"][language]
            found[key] = {"name": name, "part": part, "unit": figure["unit"], **_value(row, "value")}
    for row in (section["compared"] or {}).get("rows", []):
        name = f"{row['code']} {row['names'][language]}"
        part = row["part"][language]
        for side in ("before", "after"):
            found[row["code"], side, tuple(sorted(row["keys"].items()))] = {
                "name": name,
                "part": part,
                "unit": row["unit"],
                **_value(row, side),
            }
    return found


def _value(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"value": row[name], "hidden": row["hidden"]}


def _shown(row: Mapping[str, Any] | None) -> Any:
    """A number, "hidden", or None where there is none."""
    if row is None:
        return None
    return "hidden" if row["hidden"] else row["value"]


def _definitions(section: Mapping[str, Any], language: str) -> dict[str, str]:
    return {
        f"{figure['code']} {figure['names'][language]}": figure["definition"][language] for figure in section["figures"]
    }
