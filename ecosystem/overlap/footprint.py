"""What is kept of an activity so that others find it: its columns, all following from its profile."""

from datetime import date
from typing import Any

from ecosystem.overlap import keys, marks
from ecosystem.overlap.packed import pack
from ecosystem.overlap.prepared import of
from ecosystem.overlap.profile import Profile


def columns(profile: Profile) -> dict[str, Any]:
    """The columns of a footprint; of a profile that can be judged (``profile.missing``)."""
    known = of(profile)
    marked = marks.of_profile(profile)
    numbers, telling = keys.kept([*marked.strong], [*marked.weak])
    return {
        "cell": marks.cell(profile),
        "is_online": profile.is_online,
        "parish_id": profile.parish,
        "first_on": date.fromordinal(known.first_day),
        "last_on": date.fromordinal(known.last_day),
        "hours": marks.bits(marked.hours),
        "keys": numbers,
        "strong": telling,
        "marks": marks.line(marked),
        "stamp": keys.stamp(),
        "profile": pack(profile),
    }
