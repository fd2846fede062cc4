"""Which other activities one may overlap with: few enough to be judged one by one, none left out that overlaps.

By ordinary indexes, which answer without a look at the rows. Near it (the squares of the territory around it, its parish, the
next parishes for what has no point): what may be the same thing, by the numbers of its words, within the days that count as the
same weeks; and what another department holds at the same hours of the week in the same days. From anywhere: what can be joined
from elsewhere, or everything for what can itself be joined so, where it may be the same thing. Of these the short lines are read and
all is asked that a sweep asks (``ecosystem.overlap.sweep``); the verdict is the rules' own (``ecosystem.overlap.judge``).
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from courses.domain.overlaps.world import Ground
from courses.models import Footprint
from ecosystem.overlap import cells, keys, marks, sweep
from ecosystem.overlap.packed import unpack
from ecosystem.overlap.prepared import Prepared, of
from ecosystem.overlap.profile import Profile, missing

# Where something is. Each is asked by itself: an index that holds all that is asked answers alone only then.
_IN_SQUARES = "cell = ANY(%(squares)s::int[])"
_IN_PARISHES = "parish_id = ANY(%(parishes)s) AND cell <> ALL(%(squares)s::int[])"
_BESIDE = f"parish_id = ANY(%(beside)s) AND cell = {cells.NOWHERE}"
_NEAR = (_IN_SQUARES, _IN_PARISHES, _BESIDE)
_ONLINE = "is_online"
_ONLY_ONLINE = f"is_online AND cell = {cells.ONLINE}"
_ANYWHERE = "TRUE"

# Within the days that count as the same weeks; drafts of certain departments alone.
_THEN = "first_on <= %(until)s AND last_on >= %(since)s"
_SEEN = "(%(all_drafts)s OR NOT is_draft OR lead_id = ANY(%(departments)s))"

_WHATEVER = "TRUE"
# What may be the same thing; under rules by which numbers do not tell, whatever has one in common.
_ALIKE = "(keys && %(strong)s::int[] OR strong && %(words)s::int[])"
_ALIKE_IN_ANY = "keys && %(words)s::int[]"
# What another department holds at the same hours of the week, in the same days.
_MEETING = (
    "(lead_id <> ALL(%(own)s) AND first_on <= %(day_after)s AND last_on >= %(day_before)s AND hours & %(hours)s <> 0)"
)


def near(profile: Profile, *, ground: Ground, departments: Collection[str] | None) -> list[Profile]:
    """The profiles that may overlap with one, itself left out; drafts only of these departments, None is of all.

    Whatever overlaps is among them. Of one that cannot be judged there are none.
    """
    if missing(profile):
        return []
    alike = _ALIKE if keys.tell(ground.world.rules) else _ALIKE_IN_ANY
    if profile.format == "online":
        # At a screen people are wherever they are; only what is at a screen too is in the way.
        asked = [(_ANYWHERE, alike), (_ONLY_ONLINE, _MEETING)]
    elif profile.is_online:
        asked = [(_ANYWHERE, alike), *((where, _MEETING) for where in _NEAR)]
    else:
        asked = [*((where, f"({alike} OR {_MEETING})") for where in _NEAR), (_ONLINE, alike)]
    told = {**_told([profile], ground, departments), **_words(of(profile)), **_hours(of(profile))}
    numbers = _sifted(profile, _rows("activity_id, cell, parish_id, lead_id, is_draft, marks", asked, told), ground)
    packed = Footprint.objects.filter(pk__in=numbers).order_by().values_list("profile", flat=True)
    return [unpack(one, ground.groups) for one in packed]


def _sifted(profile: Profile, kept: Iterable[tuple[Any, ...]], ground: Ground) -> list[int]:
    """Of those that may overlap, itself left out, by all that a sweep asks."""
    looking = sweep.Looking(ground.world, ground.groups)
    mine = sweep.Row(None, marks.cell(profile), profile.parish, profile.department, False, marks.of_profile(profile))
    own = _number(profile)
    rows = sweep.rows(row for row in kept if row[0] != own)
    return list(sweep.of_one(sweep.Block(looking, [mine]), sweep.Block(looking, rows))) if rows else []


def around(profile: Profile, *, ground: Ground, departments: Collection[str] | None) -> list[Profile]:
    """Everything within reach of one in its days, whatever its hours and words: all that people there could come to."""
    if missing(profile):
        return []
    asked = [(where, _WHATEVER) for where in ((_ANYWHERE,) if profile.is_online else (*_NEAR, _ONLINE))]
    found = _rows("activity_id, profile", asked, _told([profile], ground, departments))
    return [unpack(json.loads(packed), ground.groups) for number, packed in found if number != _number(profile)]


def around_many(some: Sequence[Profile], *, ground: Ground) -> tuple[list[Profile], set[str]]:
    """What is within reach of any of many in the days of them all, and which of it are drafts (by reference)."""
    asked = [(where, _WHATEVER) for where in (*_NEAR, _ONLINE)]
    told = _told(some, ground, None)
    if online := [of(one) for one in some if one.is_online]:
        asked.append((_ANYWHERE, _ALIKE if keys.tell(ground.world.rules) else _ALIKE_IN_ANY))
        told |= _words(*online)
    found, drafts = [], set()
    for packed, is_draft in _rows("profile, is_draft", asked, told):
        profile = unpack(json.loads(packed), ground.groups)
        found.append(profile)
        if is_draft:
            drafts.add(profile.ref)
    return found, drafts


def _rows(columns: str, asked: Iterable[tuple[str, str]], told: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Columns of the footprints that are in one of these places and meet what is asked there.

    All but what is ``told`` are texts of this module.
    """
    each = " UNION ALL ".join(
        f"SELECT activity_id FROM courses_footprint WHERE {where} AND {_THEN} AND {_SEEN} AND {what}"  # noqa: S608
        for where, what in asked
    )
    wanted = f"SELECT {columns} FROM courses_footprint WHERE activity_id = ANY(ARRAY({each}))"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(wanted, told)
        return cursor.fetchall()


def _told(some: Sequence[Profile], ground: Ground, departments: Collection[str] | None) -> dict[str, Any]:
    """Where these are and in which days, and whose drafts are seen."""
    known, days = [of(one) for one in some], sweep.days(ground.world.rules)
    squares: set[int] = set()
    parishes: set[str] = set()
    beside: set[str] = set()
    for parish, point in {(one.parish, one.point) for one in known}:
        parishes.add(parish)
        around = ground.world.neighbours.get(parish, frozenset())
        if point is None:
            # It may be anywhere in its parish, and so near anything in the next.
            parishes |= around
        else:
            squares.update(cells.around(point, sweep.reach(ground.world.rules)))
            beside |= around
    return {
        "squares": sorted(squares),
        "parishes": sorted(parishes),
        "beside": sorted(beside),
        "until": date.fromordinal(max(one.last_day for one in known) + days),
        "since": date.fromordinal(min(one.first_day for one in known) - days),
        "all_drafts": departments is None,
        "departments": sorted(departments or ()),
    }


def _words(*some: Prepared) -> dict[str, Any]:
    """The numbers of their words, those that tell and all."""
    words = [one.content.keys for one in some]
    return {
        "strong": sorted({number for one in words for number in one.strong}),
        "words": sorted({keys.ANYTHING, *(number for one in words for number in one.all)}),
    }


def _hours(known: Prepared) -> dict[str, Any]:
    """When it meets, and whose it is."""
    return {
        "hours": marks.bits(marks.hours(known.minutes)),
        "day_after": date.fromordinal(known.last_day + 1),
        "day_before": date.fromordinal(known.first_day - 1),
        "own": sorted(known.departments),
    }


def _number(profile: Profile) -> int | None:
    """The number of an activity that has one."""
    return int(profile.ref) if profile.ref.isdecimal() else None
