"""What one card of the catalogue says, in the reader's language."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courses.domain import catalogue
from courses.domain.catalogue import Home
from courses.domain.catalogue.index import Snapshot
from courses.domain.phrases import (
    Times,
    age_words,
    count_words,
    money,
    place_words,
    price_words,
    when_words,
    whom_words,
)
from courses.models import Activity, Session
from ecosystem import dates, places
from ecosystem.dates import NBSP
from ecosystem.geo import distance_km

__all__ = [
    "Card",
    "Times",
    "add_alternatives",
    "address",
    "age_words",
    "alternative_words",
    "card",
    "cards",
    "count_words",
    "distance_words",
    "money",
    "place_words",
    "places_words",
    "price_words",
    "queue_words",
    "series_words",
    "times_to_come",
    "when_words",
    "where_words",
    "whom_words",
]

FEW_LEFT = 2


@dataclass
class Card:
    """An activity in one glance, ready to show."""

    id: int
    url: str
    title: str
    family: str
    tile_day: str
    tile_month: str
    tile_start: str
    tile_end: str
    when_text: str
    place_text: str
    distance_text: str
    whom_text: str
    price_text: str
    places_left: int | None
    capacity: int | None
    waiting: int
    places_text: str
    places_tone: str
    queue_text: str = ""
    alternative_text: str = ""
    alternative_url: str = ""
    badges: list[str] = field(default_factory=list)


def cards(
    activities: Sequence[Activity],
    *,
    snapshot: Snapshot,
    home: Home | None,
    now: datetime,
    with_alternatives: bool = True,
) -> list[Card]:
    """Cards for these activities, which carry topic, centre, parish and audiences; at most two queries more."""
    times = times_to_come([activity.pk for activity in activities], now=now)
    made = [card(activity, times.get(activity.pk, []), home=home, snapshot=snapshot) for activity in activities]
    if with_alternatives:
        add_alternatives(made, activities, snapshot)
    return made


def times_to_come(ids: Sequence[int], *, now: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    """The coming sessions of each activity, soonest first."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Session.objects.to_come(now=now).filter(activity_id__in=ids).order_by("starts_at")
    for pk, starts_at, ends_at in rows.values_list("activity_id", "starts_at", "ends_at"):
        found[pk].append((starts_at, ends_at))
    return found


def card(activity: Activity, times: Times, *, home: Home | None, snapshot: Snapshot, on: date | None = None) -> Card:
    """The card of one activity; ``on`` picks the session of that day for the tile."""
    tile = next((pair for pair in times if on and dates.local_day(pair[0]) == on), times[0] if times else None)
    day = dates.local_day(tile[0]) if tile else None
    words, tone = places_words(activity)
    badges = []
    if activity.format == "hybrid":  # what is online alone says so as its place
        badges.append(activity.get_format_display())
    return Card(
        id=activity.pk,
        url=address(activity),
        title=activity.title,
        family=activity.topic.family,
        tile_day=f"{day.day}." if day else "–",
        tile_month=dates.word("short_month", day.month - 1) if day else "",
        tile_start=dates.clock(tile[0]) if tile and on else "",
        tile_end=dates.clock(tile[1]) if tile and on else "",
        when_text=series_words(times) if on else when_words(times),
        place_text=place_words(activity),
        distance_text=distance_words(activity, home),
        whom_text=_whom_words_once(activity, snapshot),
        price_text=price_words(activity.fee_eur),
        # Where one just comes there are no places to count.
        places_left=None if activity.is_drop_in else activity.places_left,
        capacity=None if activity.is_drop_in else activity.capacity,
        waiting=activity.waiting,
        places_text=words,
        places_tone=tone,
        badges=badges,
    )


def address(activity: Activity) -> str:
    """The activity's own address, for pages that show many: the pattern is looked up once."""
    before, after = _pattern(get_language(), get_script_prefix())
    return f"{before}{activity.pk}-{activity.slug}{after}"


@lru_cache(maxsize=16)
def _pattern(language: str | None, prefix: str) -> tuple[str, str]:
    """What stands before and after the number and the slug in an activity's address."""
    before, _between, after = reverse("courses:activity", args=[0, "slug"]).partition("0-slug")
    return before, after


def series_words(times: Times) -> str:
    """ "8 reizes, līdz 2. martam": under a tile that already shows the time."""
    if len(times) < 2:
        return _("Once")
    last = dates.day_month(dates.local_day(times[-1][0]), until=True)
    return _("%(times)s, until %(day)s") % {"times": count_words(len(times)), "day": last}


def distance_words(activity: Activity, home: Home | None) -> str:
    """ "aptuveni 4 km" from home; under a kilometre "Elejā"; nothing where there is no home or no place."""
    if home is None or activity.format == "online":
        return ""
    km = distance_km(home.point, activity.point)
    if km < 1:
        return places.located(home)
    return _("about %(km)s km").replace(" ", NBSP) % {"km": round(km)}


def _whom_words_once(activity: Activity, snapshot: Snapshot) -> str:
    """The same, said once for all activities of the same people: there are few kinds of them."""
    codes = tuple(audience.pk for audience in activity.audiences.all())
    key = ("whom", get_language(), codes, activity.age_min, activity.age_max)
    said = snapshot.said.get(key)
    if said is None:
        said = snapshot.said[key] = whom_words(activity)
    return said


def places_words(activity: Activity) -> tuple[str, str]:
    """The sentence about places, and its tone: leaf for room, gold for few left, brick for none, plain for no limit."""
    if activity.is_drop_in:
        return _("No need to register, just come"), "plain"
    left = activity.places_left
    if left is None or activity.capacity is None:
        return _("Places for everyone"), "leaf"
    if left == 0:
        return _("No places left"), "brick"
    words = ngettext("%(n)s place left of %(all)s", "%(n)s places left of %(all)s", left)
    tone = "gold" if left <= max(FEW_LEFT, activity.capacity // 10) else "leaf"
    return words % {"n": left, "all": activity.capacity}, tone


def queue_words(waiting: int) -> str:
    """ "rindā 3 cilvēki"."""
    return ngettext("%(n)s person in the queue", "%(n)s people in the queue", waiting) % {"n": waiting}


def add_alternatives(made: Sequence[Card], activities: Sequence[Activity], snapshot: Snapshot) -> None:
    """For what is full: the queue, and the nearest that could stand in, read together with the activities."""
    by_id = {activity.pk: activity for activity in activities}
    for one in made:
        activity = by_id[one.id]
        if one.places_left != 0:
            continue
        sentences = [dates.capital(queue_words(one.waiting)) + "."] if one.waiting else []
        other = None if activity.is_drop_in else catalogue.stand_in(activity, snapshot)
        if other is not None:
            sentences.append(alternative_words(other, snapshot))
            one.alternative_url = address(other)
        one.alternative_text = " ".join(sentences)


def alternative_words(other: Activity, snapshot: Snapshot) -> str:
    """ "Elejā līdzīga nodarbība, brīvas 4 vietas"."""
    place = where_words(other, snapshot)
    left = other.places_left
    room = places_words(other)[0]
    if left is not None:
        room = ngettext("%(n)s place left", "%(n)s places left", left) % {"n": left}
    return dates.capital(_("a similar one %(where)s, %(room)s") % {"where": place, "room": room[:1].lower() + room[1:]})


def where_words(activity: Activity, snapshot: Snapshot) -> str:
    """ "Elejā", "tiešsaistē"; English "in Eleja", "online"."""
    if activity.format == "online":
        return _("online")
    parish = snapshot.vocabulary.parish[activity.parish_id]
    village = next(
        (v for v in snapshot.vocabulary.villages if v.parish_id == parish.pk and v.name == parish.centre_name), None
    )
    return places.located(village or parish)
