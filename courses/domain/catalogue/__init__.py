"""Finding: the published programme searched in memory, its rows read from the database."""

from datetime import datetime

from courses.domain.catalogue import bits, index
from courses.domain.catalogue.query import Answer, Home, Query
from courses.domain.catalogue.search import Search
from courses.models import Activity
from ecosystem.geo import Point, distance_km

__all__ = ["Answer", "Home", "Query", "Search", "fetch", "similar", "similar_ids"]


def fetch(ids: list[int]) -> list[Activity]:
    """The rows of these ids, with what a card shows, in this order; what is gone meanwhile is left out.

    The activities themselves, with their places, are read now; the words around them (topic, centre, parish, audiences)
    stand in memory with the index.
    """
    held = index.held()
    found = Activity.objects.published().filter(pk__in=ids)
    rows = {activity.pk: activity for activity in (found if held else found.for_page())}
    if held:
        held.complete(rows.values())
    return [rows[pk] for pk in ids if pk in rows]


def similar_ids(
    snapshot: index.Snapshot,
    activity: Activity,
    *,
    audiences: list[str],
    limit: int,
    with_places: bool = True,
) -> list[int]:
    """What could stand in for an activity: the same topic and an audience in common, nearest first."""
    members = snapshot.get(("topic", activity.topic_id))
    members &= bits.union(snapshot.get(("audience", code)) for code in audiences)
    if with_places:
        members &= snapshot.get(("places", True))
    own = snapshot.positions.get(activity.pk)
    if own is not None:
        members &= ~(1 << own)
    if not members:
        return []
    here: Point = activity.point
    ids: list[int] = []
    by_place = sorted(snapshot.points, key=lambda place: distance_km(here, place[0]))
    for at_place in [members & s for _p, s in by_place] + [members & snapshot.online]:
        if at_place:
            ids += [snapshot.ids[at] for at in bits.positions(at_place, 0, limit - len(ids))]
            if len(ids) >= limit:
                break
    return ids


def similar(activity: Activity, *, now: datetime, limit: int = 3) -> list[Activity]:
    """Activities with places that could stand in for this one, nearest first."""
    snapshot = index.current(now=now)
    codes = [audience.pk for audience in activity.audiences.all()]
    return fetch(similar_ids(snapshot, activity, audiences=codes, limit=limit))
