"""A profile as a small piece of JSON, kept beside the activity, and back.

Sessions are kept as runs (first minute, length, step, how many): a course on ten Tuesdays is four numbers. Seconds are not
kept: the rules do not ask for them. What its words were read to be is kept with them (``keys``, levels), for as long as the
rules read words as they did then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ecosystem.geo import Point
from ecosystem.overlap import keys, prepared
from ecosystem.overlap.profile import Group, Profile

_DAY = 1440

# First minute from the first day of the calendar, length, minutes from one to the next, how many.
Run = Sequence[int]


def pack(profile: Profile) -> dict[str, Any]:
    """All of a profile, what is empty left out."""
    known = prepared.of(profile)
    whole = {
        "ref": profile.ref,
        "by": profile.department,
        "with": sorted(profile.partners),
        "titles": dict(profile.titles),
        "about": dict(profile.summaries),
        "topic": profile.topic,
        "for": [group.code for group in profile.groups],
        "when": runs(known.minutes),
        "parish": profile.parish,
        "named": profile.parish_name,
        "at": list(profile.point) if profile.point is not None else None,
        "from": profile.age_min,
        "to": profile.age_max,
        "level": profile.level,
        "language": profile.language,
        "format": profile.format,
        "strong": sorted(known.keys.strong),
        "weak": sorted(known.keys.all - known.keys.strong),
        "levels": sorted(known.levels),
        "stamp": keys.stamp(),
    }
    return {key: value for key, value in whole.items() if value is not None and value not in ("", [], {})}


def unpack(packed: Mapping[str, Any], groups: Mapping[str, Group]) -> Profile:
    """The profile that was packed; an audience that is not known any more is known by its code alone."""
    told = packed.get
    at = told("at")
    sessions = tuple(unrolled(told("when", ())))
    profile = Profile(
        ref=packed["ref"],
        department=packed["by"],
        titles=told("titles", {}),
        topic=told("topic", ""),
        groups=tuple(groups.get(code) or Group(code) for code in told("for", ())),
        sessions=tuple([(_moment(start), _moment(end)) for start, end in sessions]),
        parish=told("parish", ""),
        parish_name=told("named", ""),
        point=Point(*at) if at else None,
        summaries=told("about", {}),
        partners=frozenset(told("with", ())),
        age_min=told("from"),
        age_max=told("to"),
        level=told("level", ""),
        language=told("language", ""),
        format=told("format", ""),
    )
    kept = None
    if told("stamp") == keys.stamp():
        strong = frozenset(told("strong", ()))
        words = keys.Keys(strong.union(told("weak", ())), strong)
        kept = words, frozenset((ladder, step) for ladder, step in told("levels", ()))
    prepared.ready(profile, sessions, kept)
    return profile


def _moment(minutes: int) -> datetime:
    day, rest = divmod(minutes, _DAY)
    return datetime.fromordinal(day) + timedelta(minutes=rest)


def runs(sessions: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Sessions in order as runs of equal length at equal distances."""
    found: list[list[int]] = []
    for start, end in sessions:
        if found:
            run = found[-1]
            first, length, step, count = run
            if end - start == length:
                if count == 1:
                    run[2:] = start - first, 2
                    continue
                if start == first + step * count:
                    run[3] += 1
                    continue
        found.append([start, end - start, 0, 1])
    return found


def unrolled(some: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """The sessions of runs."""
    for first, length, step, count in some:
        for number in range(count):
            start = first + step * number
            yield start, start + length
