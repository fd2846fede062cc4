"""What hangs on walls and lies on tables: a month of one place as a poster or a leaflet, one activity as a poster."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from courses.documents.press import code, print_paper, short
from courses.domain.lettering import hyphenated

SIZES = ("a4", "a3")


@dataclass(frozen=True)
class Way:
    """Whom to ring, and the address that the code opens."""

    words: str
    phone: str
    note: str
    url: str
    code_words: str


@dataclass(frozen=True)
class Row:
    """An activity of a month's poster."""

    tile: tuple[str, str]
    family: str
    day: str
    hours: str
    dates: str
    title: str
    place: str
    about: str


@dataclass(frozen=True)
class Entry:
    """A session of a leaflet."""

    hours: str
    title: str
    place: str
    about: str


@dataclass(frozen=True)
class Day:
    """A day of a leaflet."""

    day: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Bill:
    """What stands above and below a month's poster or leaflet, and what it says when nothing is on."""

    heading: str
    month: str
    running: str
    empty: str
    empty_note: str
    way: Way


@dataclass(frozen=True)
class Announcement:
    """One activity's poster."""

    family: str
    topic: str
    title: str
    summary: str
    when: str
    span: str
    place: str
    street: str
    price: str
    whom: str
    way: Way = field(kw_only=True)


def print_poster(bill: Bill, rows: Sequence[Row], *, size: str) -> bytes:
    """A month, an activity a row, for a wall; raises ``press.Busy``."""
    shown = [{**asdict(row), "title": hyphenated(row.title)} for row in rows]
    return print_paper("poster", {**_bill(bill, size), "rows": shown}, title=_title(bill))


def print_leaflet(bill: Bill, days: Sequence[Day], *, size: str) -> bytes:
    """A month by day, both sides of a sheet; raises ``press.Busy``."""
    shown = [
        {"day": day.day, "entries": [{**asdict(entry), "title": hyphenated(entry.title)} for entry in day.entries]}
        for day in days
    ]
    return print_paper("leaflet", {**_bill(bill, size), "days": shown}, title=_title(bill))


def print_announcement(one: Announcement, *, size: str) -> bytes:
    """One activity, for a door; raises ``press.Busy``."""
    facts = asdict(one)
    del facts["way"]
    facts["heading"] = hyphenated(facts.pop("title"))
    return print_paper("activity", {**facts, **_way(one.way), "size": size}, title=one.title)


def _title(bill: Bill) -> str:
    return f"{bill.heading}, {bill.month}"


def _bill(bill: Bill, size: str) -> dict[str, Any]:
    return {
        "heading": hyphenated(bill.heading),
        "month": bill.month,
        "running": bill.running,
        "empty": bill.empty,
        "empty-note": bill.empty_note,
        "size": size,
        **_way(bill.way),
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "call-words": way.words,
        "phone": way.phone,
        "call-note": way.note,
        "address": short(way.url),
        "code-words": way.code_words,
        "qr": code(way.url),
    }
