"""A profile as a small piece of JSON, kept beside the activity, and back.

Sessions are kept as runs (first minute, length, step, how many): a course on ten Tuesdays is four numbers. Seconds are not
kept: the rules do not ask for them. What its words were read to be is kept too, since reading words costs ten times the rest: it
counts for as long as the rules read words as they did then (``keys.stamp``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ecosystem.geo import Point
from ecosystem.overlap import keys
from ecosystem.overlap.prepared import Content, of, ready, written
from ecosystem.overlap.profile import Group, Profile
from ecosystem.overlap.words import Notion, Reading

_DAY = 1440

# First minute from the first day of the calendar, length, minutes from one to the next, how many.
Run = Sequence[int]


def pack(profile: Profile) -> dict[str, Any]:
    """All of a profile, what is empty left out."""
    known = of(profile)
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
        "open": profile.drop_in or None,
        "stamp": keys.stamp(),
        "read": _pack_content(known.content),
    }
    return {key: value for key, value in whole.items() if value is not None and value not in ("", [], {})}


def unpack(packed: Mapping[str, Any], groups: Mapping[str, Group], *, sessions: bool = True) -> Profile:
    """The profile that was packed; an audience that is not known any more is known by its code alone.

    Its sessions may be left out: the rules have them in minutes.
    """
    told = packed.get
    at = told("at")
    when = tuple(unrolled(told("when", ())))
    profile = Profile(
        ref=packed["ref"],
        department=packed["by"],
        titles=told("titles", {}),
        topic=told("topic", ""),
        groups=tuple([groups.get(code) or Group(code) for code in told("for", ())]),
        sessions=tuple([(_moment(start), _moment(end)) for start, end in when]) if sessions else (),
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
        drop_in=told("open", False),
    )
    content = _unpack_content(packed["read"], profile) if told("stamp") == keys.stamp() else None
    ready(profile, when, content)
    return profile


def _pack_content(content: Content) -> list[Any]:
    """What was read: notions once, each reading and segment by their places."""
    notions = list(dict.fromkeys(notion for reading in content.readings for notion in _all(reading)))
    place = {notion: at for at, notion in enumerate(notions)}
    return [
        sorted(content.titles),
        sorted(content.told),
        [[one.key, one.weight, one.is_known, one.within] for one in notions],
        [
            [
                [place[notion] for notion in reading.notions],
                [[place[notion] for notion in segment] for segment in reading.segments],
                reading.is_frame,
            ]
            for reading in content.readings
        ],
        sorted(content.levels),
        sorted(content.keys.strong),
        sorted(content.keys.all - content.keys.strong),
        sorted(content.said),
        content.is_silent,
        # As they were read: without the name of their place.
        content.key[0],
    ]


def _all(reading: Reading) -> Iterator[Notion]:
    yield from reading.notions
    for segment in reading.segments:
        yield from segment


def _unpack_content(packed: Sequence[Any], profile: Profile) -> Content:
    titles, told, known, readings, levels, strong, weak, said_words, is_silent, as_read = packed
    notions = [Notion(*one) for one in known]
    return Content(
        written(profile, tuple(as_read)),
        frozenset(titles),
        frozenset(told),
        tuple(
            [
                Reading(
                    tuple([notions[at] for at in some]),
                    tuple([tuple([notions[at] for at in segment]) for segment in segments]),
                    is_frame,
                )
                for some, segments, is_frame in readings
            ]
        ),
        frozenset([(ladder, step) for ladder, step in levels]),
        keys.Keys(frozenset([*strong, *weak]), frozenset(strong)),
        frozenset(said_words),
        is_silent=is_silent,
    )


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
