"""From one session to the next: how far it is, and how long the way takes somebody who leads both.

Distances are straight lines, so the minutes for a kilometre allow for roads and for winter, and each way has a fixed
allowance for packing up and settling in; both are settings. In the same centre nobody travels, and neither does who
leads online.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from django.conf import settings

from courses.models import Activity, Session
from ecosystem.geo import Point, distance_km

# Nobody plans to the minute: a way is rounded up to so many.
STEP = 5
# No way within a municipality takes longer; whoever is further off is told the same.
LONGEST_WAY = timedelta(hours=6)


class Place(NamedTuple):
    """Where a session is: the centre, or with none the parish's centre point."""

    key: str
    name: str
    point: Point


@dataclass(frozen=True)
class Way:
    """From one place to another."""

    km: float
    minutes: int

    @property
    def time(self) -> timedelta:
        """How long it takes."""
        return min(timedelta(minutes=self.minutes), LONGEST_WAY)


NO_WAY = Way(km=0, minutes=0)


@dataclass(frozen=True)
class Slot:
    """A time at a place (None is online), and the session it belongs to, where there is one yet."""

    starts_at: datetime
    ends_at: datetime
    place: Place | None
    # Whose it is: another department's draft is not named.
    department: str
    session: Session | None = None

    def way_to(self, other: "Slot") -> Way:
        """From here to there."""
        return way(self.place, other.place)

    def meets(self, other: "Slot") -> bool:
        """Whether one person cannot lead both: they overlap, or less time lies between than the way takes."""
        # Most are days apart: no way takes so long.
        if self.starts_at >= other.ends_at + LONGEST_WAY or other.starts_at >= self.ends_at + LONGEST_WAY:
            return False
        time = self.way_to(other).time
        return self.starts_at < other.ends_at + time and other.starts_at < self.ends_at + time

    def overlaps(self, other: "Slot") -> bool:
        """Whether both are at one moment."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def place_of(activity: Activity) -> Place | None:
    """Where an activity's sessions are; None online. Two in one parish without a centre count as in one place."""
    if activity.format == "online":
        return None
    if activity.centre is not None:
        return Place(f"centre:{activity.centre.pk}", str(activity.centre.name), activity.centre.point)
    return Place(f"parish:{activity.parish.pk}", activity.parish.centre_name, activity.parish.point)


def slot_of(session: Session) -> Slot:
    """A session as a slot."""
    activity = session.activity
    return Slot(session.starts_at, session.ends_at, place_of(activity), activity.lead_id, session)


def way(one: Place | None, other: Place | None) -> Way:
    """From one place to the other; none where one is online or both are the same."""
    if one is None or other is None or one.key == other.key:
        return NO_WAY
    km = distance_km(one.point, other.point)
    minutes = settings.TRAVEL_ALLOWANCE_MINUTES + km * settings.TRAVEL_MINUTES_PER_KM
    # The tenth of a second keeps 30.0000001 from becoming 35.
    return Way(km=km, minutes=ceil((minutes - 0.001) / STEP) * STEP)
