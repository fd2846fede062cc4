"""Finding: the published programme searched in memory, its rows read from the database."""

from collections.abc import Sequence
from datetime import datetime

from courses.domain.catalogue import bits, index
from courses.domain.catalogue.query import Answer, Home, Query
from courses.domain.catalogue.search import Search
from courses.models import Activity
from ecosystem.geo import Point

__all__ = ["Answer", "Home", "Query", "Search", "fetch", "similar", "similar_ids", "stand_in"]

# Where a fetched row keeps what could stand in for it.
STAND_IN = "_stand_in"


def fetch(ids: list[int]) -> list[Activity]:
    """The rows of these ids, with what a card shows, in this order; what is gone meanwhile is left out.

    The activities themselves, with their places, are read now; the words around them (topic, centre, parish, audiences)
    stand in memory with the index. What could stand in for a full one comes by the same query, see ``stand_in``.
    """
    held = index.held()
    if held is None:
        found = {activity.pk: activity for activity in Activity.objects.published().for_page().filter(pk__in=ids)}
        return [found[pk] for pk in ids if pk in found]
    others = {pk: _stand_in_id(held, pk) for pk in ids if pk in held.positions and not held.has_places(pk)}
    wanted = {*ids, *(other for other in others.values() if other)}
    rows = {activity.pk: activity for activity in Activity.objects.published().filter(pk__in=wanted)}
    held.complete(rows.values())
    for pk, other in others.items():
        if pk in rows:
            rows[pk].__dict__[STAND_IN] = rows.get(other or 0)
    return [rows[pk] for pk in ids if pk in rows]


def stand_in(activity: Activity, snapshot: index.Snapshot) -> Activity | None:
    """The nearest with places that could stand in for a full one; asked for only if ``fetch`` has not brought it."""
    if STAND_IN not in activity.__dict__:
        codes = [audience.pk for audience in activity.audiences.all()]
        found = fetch(similar_ids(snapshot, activity, audiences=codes, limit=1))
        activity.__dict__[STAND_IN] = found[0] if found else None
    other: Activity | None = activity.__dict__[STAND_IN]
    return other


def _stand_in_id(snapshot: index.Snapshot, pk: int) -> int | None:
    at = snapshot.positions[pk]
    point, topic, codes = snapshot.points_at[at], snapshot.topics_at[at], snapshot.audiences[at]
    return next(iter(_alike(snapshot, pk=pk, point=point, topic=topic, audiences=codes, limit=1)), None)


def similar_ids(
    snapshot: index.Snapshot, activity: Activity, *, audiences: Sequence[str], limit: int, with_places: bool = True
) -> list[int]:
    """What could stand in for an activity: the same topic and an audience in common, nearest first."""
    return _alike(
        snapshot,
        pk=activity.pk,
        point=activity.point,
        topic=activity.topic_id,
        audiences=audiences,
        limit=limit,
        with_places=with_places,
    )


def _alike(
    snapshot: index.Snapshot,
    *,
    pk: int,
    point: Point,
    topic: str,
    audiences: Sequence[str],
    limit: int,
    with_places: bool = True,
) -> list[int]:
    members = snapshot.get(("topic", topic))
    members &= bits.union(snapshot.get(("audience", code)) for code in audiences)
    if with_places:
        members &= snapshot.get(("places", True))
    own = snapshot.positions.get(pk)
    if own is not None:
        members &= ~(1 << own)
    ids: list[int] = []
    if not members:
        return ids
    for at_place in snapshot.by_distance(point):
        near = members & at_place
        if near:
            ids += [snapshot.ids[at] for at in bits.positions(near, 0, limit - len(ids))]
            if len(ids) >= limit:
                break
    return ids


def similar(activity: Activity, *, now: datetime, limit: int = 3) -> list[Activity]:
    """Activities with places that could stand in for this one, nearest first."""
    snapshot = index.current(now=now)
    codes = [audience.pk for audience in activity.audiences.all()]
    return fetch(similar_ids(snapshot, activity, audiences=codes, limit=limit))
